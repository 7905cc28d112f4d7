#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""import.py [ROWS] [ROUNDS] -- import and export of generated leads, against sqlite3 on the same file.

Runs are interleaved, the median of each is compared; CPU is user and system time of the process.
The peers: (b) `.import` into a table with indexes on phone, email and name made beforehand, (b') the
same with a page cache of 256 MB, (c) load first, index after.  PATTER names the program.
"""
import os
import resource
import statistics
import subprocess
import sys
import tempfile

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 1000000
ROUNDS = int(sys.argv[2]) if len(sys.argv) > 2 else 3
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATTER = os.path.abspath(os.environ.get("PATTER", os.path.join(ROOT, "build/patter")))
GENERATOR = os.path.join(ROOT, "../shared/tools/genleads.py")
INDEXES = "".join(f"CREATE INDEX l_{c} ON leads({c});\n" for c in ("phone", "email", "name"))


def run(command, text=None, out=subprocess.DEVNULL):
    """CPU seconds and peak memory in MB of one process."""
    pid = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=out, stderr=subprocess.PIPE)
    if text:
        pid.stdin.write(text.encode())
    pid.stdin.close()
    said = pid.stderr.read().decode()
    _, status, used = os.wait4(pid.pid, 0)
    pid.returncode = status
    if status:
        sys.exit(f"{' '.join(command)}: {said}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, said


def fresh(name):
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(name + suffix):
            os.unlink(name + suffix)
    return name


def leads(path):
    with open(path, "w", encoding="utf-8") as to:
        if os.path.exists(GENERATOR):
            subprocess.run([sys.executable, GENERATOR, str(ROWS), "1"], stdout=to, check=True)
        else:
            awk = os.path.join(ROOT, "tests/samples/leads.awk")
            subprocess.run(["awk", "-v", f"N={ROWS}", "-f", awk], stdout=to, check=True)
    with open(path, encoding="utf-8") as file:
        return file.readline().strip()


def peer(columns, before, after):
    return (f"{before}CREATE TABLE leads({columns});\n" + (INDEXES if not after else "")
            + ".mode csv\n.import --skip 1 leads.csv leads\n" + (INDEXES if after else ""))


def main():
    os.chdir(tempfile.mkdtemp(prefix="patter-bench."))
    header = leads("leads.csv")
    columns = header if header.isascii() else "name,phone,company,source,city,level,email,value,created"
    jobs = {
        "(b) sqlite3 .import, indexes first": lambda: run(["sqlite3", fresh("b.db")], peer(columns, "", False)),
        "patter list import": lambda: run([PATTER, fresh("p.db"), "list", "import", "big", "leads.csv",
                                           "--create-fields"]),
        "(b') the same as b, 256 MB cache": lambda: run(["sqlite3", fresh("b2.db")],
                                                        peer(columns, "PRAGMA cache_size=-262144;\n", False)),
        "(c) load first, index after": lambda: run(["sqlite3", fresh("c.db")], peer(columns, "", True)),
        "patter list import again, all known": lambda: run([PATTER, "p.db", "list", "import", "big", "leads.csv"]),
        "sqlite3 -csv of the peer's table": lambda: run(["sqlite3", "-csv", "b.db", "SELECT * FROM leads"],
                                                        out=open("b.out", "w", encoding="utf-8")),
        "patter export": lambda: run([PATTER, "p.db", "export", "p.out.csv", "--force"]),
    }
    figures = {name: [] for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            figures[name].append(job())
    cpu = {name: statistics.median(f[0] for f in runs) for name, runs in figures.items()}
    names = list(jobs)
    print(f"{ROWS:,} leads, median of {ROUNDS}; CPU s, MB, ratio")
    for name, runs in figures.items():
        base = cpu[names[5]] if "export" in name or "-csv" in name else cpu[names[0]]
        print(f"{name:40} {cpu[name]:6.2f} {max(f[1] for f in runs):6.0f} {cpu[name] / base:5.2f}")
    print(f"import against (b') {cpu[names[1]] / cpu[names[2]]:.2f}, against (c) {cpu[names[1]] / cpu[names[3]]:.2f}")


resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
main()

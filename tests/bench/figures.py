# SPDX-License-Identifier: GPL-3.0-or-later
"""Measure and print the table of figures; run.sh makes the data and calls this in its folder.

Times are those of the child process alone, as wait4 reports them. Runs of the programs of one
figure take turns, so that what else the machine does falls on all of them.
"""
import csv
import os
import re
import shutil
import statistics
import subprocess
import sys

ROWS, RUNS, STARTS, COUNTED = (int(os.environ[n]) for n in ("ROWS", "RUNS", "STARTS", "COUNTED"))
PATTER, BENCH = os.environ["PATTER"], os.environ["BENCH"] + "/bench_import"
WORKBOOK = os.path.join(os.path.dirname(os.path.abspath(__file__)), "workbook.py")
BASE, PEER = "base.db", "peer.db"          # left by the import, asked by the others


class Run:
    """A program to measure: what is done before each run, its words, its standard input."""

    def __init__(self, argv, before=None, stdin="/dev/null"):
        self.argv, self.before, self.stdin = argv, before, stdin
        self.cpu, self.wall, self.rss = [], [], []

    def once(self):
        if self.before:
            self.before()
        actions = [(os.POSIX_SPAWN_OPEN, 0, self.stdin, os.O_RDONLY, 0),
                   (os.POSIX_SPAWN_OPEN, 1, "out", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600),
                   (os.POSIX_SPAWN_OPEN, 2, "err", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)]
        pid = os.posix_spawnp(self.argv[0], self.argv, os.environ, file_actions=actions)
        _, status, usage = os.wait4(pid, 0)
        if status:
            sys.exit("%s\nfailed: %s" % (" ".join(self.argv), open("err", errors="replace").read()[-500:]))
        self.cpu.append(usage.ru_utime + usage.ru_stime)
        self.rss.append(usage.ru_maxrss / 1024)


def measure(times, *runs, warm=True):
    for run in runs if warm else ():
        run.once()
        run.cpu, run.rss = [], []
    for _ in range(times):
        for run in runs:
            run.once()
    return [statistics.median(r.cpu) for r in runs]


def row(what, patter, peer, ratio, target, met):
    print("%-68s %12s %12s %8s %9s  %s" % (what, patter, peer, ratio, target, met), flush=True)


def against(what, unit, scale, mine, theirs, target=None):
    ratio = mine / theirs if theirs else 0
    row(what, "%.4g %s" % (mine * scale, unit), "%.4g %s" % (theirs * scale, unit), "%.2f" % ratio,
        "<= %g" % target if target else "", "" if not target else "yes" if ratio <= target else "NO")


def limit(what, value, unit, target, fmt="%.3g"):
    row(what, (fmt + " %s") % (value, unit), "", "", "<= %g %s" % (target, unit), "yes" if value <= target else "NO")


def remove(*files):
    for f in files:
        for suffix in ("", "-wal", "-shm", "-journal"):
            if os.path.exists(f + suffix):
                os.remove(f + suffix)


def new_base(path):
    def make():
        remove(path)
        subprocess.run([PATTER, path, "-c", "customer count"], check=True, stdout=subprocess.DEVNULL)
    return make


# ---- starting -------------------------------------------------------------------------------------

def start():
    need_base()
    mine, theirs = measure(STARTS, Run([PATTER, BASE, "-c", "customer show 1"]),
                           Run(["sqlite3", BASE, "select * from customer where id = 1"]))
    against("customer show 1, of %d / sqlite3 select" % ROWS, "ms", 1000, mine, theirs, 1.5)
    mine, theirs = measure(STARTS, Run([PATTER, BASE, "-c", ""]), Run(["lua5.4", "-e", ""]))
    against("empty start, database open / lua5.4 -e ''", "ms", 1000, mine, theirs, 2)


# ---- import ---------------------------------------------------------------------------------------

def peer_script(name, cache="", indexes_first=True):
    """SQL for the sqlite3 program: the list into a table with indexes on telephone, e-mail and name."""
    header = next(csv.reader(open("leads.csv", encoding="utf-8")))
    columns = ", ".join('"%s" TEXT' % c for c in header)
    wanted = [c for c in header if c in ("phone", "email", "name", "手机", "姓名")]
    indexes = "".join('CREATE INDEX "i_%s" ON leads("%s");\n' % (c, c) for c in wanted)
    load = ".import --csv --skip 1 leads.csv leads\n"
    with open(name, "w", encoding="utf-8") as f:
        f.write(cache + "CREATE TABLE leads(%s);\n" % columns)
        f.write(indexes + load if indexes_first else load + indexes)
    return name


def importing(path, file="leads.csv"):
    return [PATTER, "-q", path, "list", "import", "leads", file]


def need_base():
    if not os.path.exists(BASE):
        new_base(BASE)()
        Run(importing(BASE)).once()
    if not os.path.exists(PEER):
        Run(["sqlite3", PEER], stdin=peer_script("b.sql")).once()


def load():
    mine = Run(importing(BASE), new_base(BASE))
    b = Run(["sqlite3", PEER], lambda: remove(PEER), peer_script("b.sql"))
    cached = Run(["sqlite3", "p.db"], lambda: remove("p.db"), peer_script("b1.sql", "PRAGMA cache_size = -262144;\n"))
    after = Run(["sqlite3", "p.db"], lambda: remove("p.db"), peer_script("c.sql", "", False))
    cost = measure(RUNS, mine, b, cached, after, warm=False)
    against("import of %d / sqlite3 .import, three indexes (b)" % ROWS, "s", 1, cost[0], cost[1], 1)
    against("  / the same with a page cache of 256 MB (b')", "s", 1, cost[0], cost[2])
    against("  / load first, indexes after (c)", "s", 1, cost[0], cost[3], 3.2)
    limit("  resident memory", max(mine.rss), "MB", 256, "%.0f")
    again, = measure(RUNS, Run(importing(BASE)), warm=False)
    against("  the same file again: all known / (b)", "s", 1, again, cost[1], 0.4)


def loads():
    """Into a base of as many, into one of twice as many, and a small file into an empty one."""
    if not os.path.exists("more.csv"):
        return
    need_base()
    peer_load = "CREATE TABLE IF NOT EXISTS leads(x);\n.import --csv --skip 1 %s leads\n"
    for what, file, target in (("as many again into them", "more.csv", 1.15),
                               ("a fifth of that into both", "fifth.csv", 1.5)):
        with open("l.sql", "w", encoding="utf-8") as f:
            f.write(peer_load % file)
        mine, theirs = Run(importing(BASE, file)), Run(["sqlite3", PEER], stdin="l.sql")
        mine.once()
        theirs.once()
        against("import of %s / the peer, once" % what, "s", 1, mine.cpu[0], theirs.cpu[0], target)
    remove(BASE, PEER)
    with open(peer_script("b.sql"), encoding="utf-8") as f, open("l.sql", "w", encoding="utf-8") as g:
        g.write(f.read().replace("leads.csv", "small.csv"))
    mine, theirs = measure(RUNS, Run(importing(BASE, "small.csv"), new_base(BASE)),
                           Run(["sqlite3", PEER], lambda: remove(PEER), "l.sql"), warm=False)
    against("import of 55000 / the peer", "s", 1, mine, theirs, 2.5)
    remove(BASE, PEER)


def ten():
    """Ten times as many, once (only when asked for: it needs 6 GB of disk and minutes)."""
    mine = Run(importing("t.db"), new_base("t.db"))
    many = Run(importing("t.db", "ten.csv"), new_base("t.db"))
    one, more = measure(1, mine, many, warm=False)
    against("import of %d, a row / of %d" % (10 * ROWS, ROWS), "us", 1e6 / ROWS, more / 10, one, 1.5)
    limit("  resident memory", max(many.rss), "MB", 256, "%.0f")
    remove("t.db")


# ---- journal --------------------------------------------------------------------------------------

def instructions(argv, before):
    before()
    out = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"] + argv,
                         capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", out).group(1))


def pages(path):
    db = subprocess.run(["sqlite3", path, "PRAGMA wal_checkpoint(TRUNCATE); PRAGMA page_count; PRAGMA freelist_count"],
                        capture_output=True, text=True, check=True).stdout.split()
    return int(db[-2]) - int(db[-1])


def share(what, full, with_it, without, target):
    """What the journal adds to the import, which is `full` less what it adds."""
    added = with_it - without
    percent = 100 * added / (full - added)
    row(what, "", "", "%+.2f %%" % percent, "<= %g %%" % target, "yes" if percent <= target else "NO")


def journal():
    variants = ("full", "nosearch", "nojournal")
    words = ["list", "import", "leads"]
    runs = [Run([BENCH, v, v + ".db"] + words + ["leads.csv"], new_base(v + ".db")) for v in variants]
    share("journal, CPU of the import / an empty hook", *measure(RUNS, *runs, warm=False), 8)
    share("  size of the file", *(pages(v + ".db") for v in variants), 0.5)
    remove(*(v + ".db" for v in variants))
    share("  instructions, %d rows" % COUNTED, *(instructions(
        [BENCH, v, "few.db"] + words + ["few.csv"], new_base("few.db")) for v in variants), 4)


# ---- reading --------------------------------------------------------------------------------------

def export_peer(path):
    """A table of just the cells that patter exports, in its columns, as numbers, texts and nulls."""
    with open("all.csv", "w", encoding="utf-8") as f:
        subprocess.run([PATTER, "-q", BASE, "customer", "export", "--csv"], check=True, stdout=f)
    header = next(csv.reader(open("all.csv", encoding="utf-8")))
    kind = {"id": "INTEGER", "value": "REAL", "budget": "REAL"}
    columns = ", ".join('"%s" %s' % (c, kind.get(c, "TEXT")) for c in header)
    nulls = ", ".join("\"%s\" = nullif(\"%s\", '')" % (c, c) for c in header)
    subprocess.run(["sqlite3", path], text=True, check=True, input="CREATE TABLE leads(%s);\n"
                   ".import --csv --skip 1 all.csv leads\nUPDATE leads SET %s;\nVACUUM;\n" % (columns, nulls))
    remove("all.csv")


def export():
    need_base()
    export_peer("flat.db")
    for name in ("csv", "json"):
        theirs = ["sqlite3", "-" + name] + (["-header"] if name == "csv" else [])
        mine, same, list_ = measure(RUNS, *(Run(argv) for argv in (
            [PATTER, BASE, "customer", "export", "--" + name],
            theirs + ["flat.db", "select * from leads"], theirs + [PEER, "select * from leads"])))
        against("export of %d as %s / sqlite3 of one table of the same cells" % (ROWS, name.upper()), "s", 1,
                mine, same, 1)
        against("  / of the list as it came, fewer columns (b)", "s", 1, mine, list_)
    remove("flat.db")


def ask():
    need_base()
    commands = ("customer find 王芳 --limit 50", "customer find 芳", "customer find a",
                "customer find gmbh", "customer find 5830", "customer find name:芳", "customer find 'gmbh 芳'", "customer find 'a b'",
                "customer list stage=identify --limit 50")
    runs = [Run([PATTER, "-q", BASE, "-c", c]) for c in commands]
    for command, run, cost in zip(commands, runs, measure(STARTS, *runs)):
        run.once()
        found = sum(1 for _ in open("out", encoding="utf-8"))
        limit("%s, of %d: %d lines" % (command, ROWS, found), 1000 * cost, "ms", 10)


# ---- workbooks ------------------------------------------------------------------------------------

def xlsx():
    """The workbook is made by a process of its own: a child begins with the peak memory of its parent."""
    cells = int(subprocess.run([sys.executable, WORKBOOK, "leads.csv", "500000", "leads.xlsx"],
                               capture_output=True, check=True).stdout)
    run = Run([PATTER, "-q", "x.db", "list", "import", "leads", "leads.xlsx"], new_base("x.db"))
    cost, = measure(RUNS, run, warm=False)
    limit("import of a sheet of %d cells (XLSX)" % cells, cost, "s", 2)
    limit("  resident memory", max(run.rss), "MB", 128, "%.0f")
    run = Run([PATTER, "-q", "x.db", "customer", "export", "--xlsx"])
    cost, = measure(RUNS, run)
    limit("export of its customers as XLSX", cost, "s", 2)
    limit("  resident memory", max(run.rss), "MB", 128, "%.0f")
    remove("x.db")


# ---- vCards ---------------------------------------------------------------------------------------

def vcard(cards=100000):
    with open("cards.vcf", "w", encoding="utf-8", newline="\r\n") as f:
        for i in range(cards):
            f.write("BEGIN:VCARD\nVERSION:3.0\nFN:张%d伟\nN:张;%d伟;;;\nORG:公司%d;销售部\nTITLE:经理\n"
                    "TEL;TYPE=CELL:+86138%08d\nTEL;TYPE=WORK:021-58%06d\nEMAIL;TYPE=INTERNET:u%d@example.com\n"
                    "ADR;TYPE=WORK:;;中山路 %d 号;上海;;200000;中国\nNOTE:met at the fair\\, row %d\n"
                    "CATEGORIES:vip,fair\nEND:VCARD\n" % (i, i, i % 5000, i, i, i, i, i))
    run = Run([PATTER, "-q", "v.db", "customer", "import", "cards.vcf"], new_base("v.db"))
    cost, = measure(RUNS, run, warm=False)
    limit("import of %d cards (vCard)" % cards, cost, "s", 3)
    limit("  resident memory", max(run.rss), "MB", 256, "%.0f")
    cost, = measure(RUNS, Run([PATTER, "-q", "v.db", "customer", "export", "--vcard"]))
    limit("export of them as vCards", cost, "s", 3)
    remove("v.db", "cards.vcf")


# ---- duplicates -----------------------------------------------------------------------------------

def dup():
    need_base()
    run = Run([PATTER, "-q", BASE, "dup", "find", "--limit", "1"])
    cost, = measure(1, run, warm=False)
    limit("dup find of %d, by number, address, name and firm" % ROWS, cost, "s", 60)
    limit("  resident memory", max(run.rss), "MB", 256, "%.0f")


# ---- a simulated day ------------------------------------------------------------------------------

def day():
    remove("day.db")
    entries = min(ROWS, 40000)
    with open("leads.csv", encoding="utf-8", newline="") as f, \
            open("day.csv", "w", encoding="utf-8", newline="") as g:
        rows = csv.reader(f)
        csv.writer(g).writerows(r for _, r in zip(range(entries + 1), rows))
    Run([PATTER, "-q", "day.db", "-c", "list import day day.csv", "-c",
         "campaign add name=day list=day mode=progressive script=bench", "-c", "campaign start day"]).once()
    run = Run([PATTER, "day.db", "--clock", "2026-03-02 08:00", "dial", "simulate", "day", "--agents", "50",
               "--hours", "8", "--answer", "0.2", "--seed", "1", "--csv"])
    cost, = measure(RUNS, run)
    with open("out", encoding="utf-8") as f:
        dials = next(csv.DictReader(f))["dials"]
    limit("simulated day, 50 agents, %s dials, rolled back" % dials, cost, "s", 2)
    remove("day.db")


# ---- dialling --------------------------------------------------------------------------------------

def pace():
    with open("scenarios.txt", "w", encoding="utf-8") as f:
        f.write("N300 N=300 p=0.3 talk=180\n")
    run = Run([PATTER, "-q", ":memory:", "dial", "bench", "scenarios.txt", "--seeds", "1"])
    cost, = measure(RUNS, run, warm=False)
    limit("predictive day of 8.5 h, 300 agents: engine and pacing", cost, "s", 3)


def pacing():
    """An hour of both cores with the thirty days a cell that it takes to tell."""
    here = os.path.dirname(os.path.abspath(__file__))
    subprocess.run([sys.executable, os.path.join(here, "pacing.py")], check=True)


def dial_base(path, customers, agents):
    """A campaign of made-up customers that may be called all day long."""
    remove(path)
    numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) "
    lines = ["list add name=l"]
    lines += ['sql --write "%s"' % s for s in (
        numbers % customers + "INSERT INTO customer(id, name, stage, stage_at, created)"
        " SELECT i, 'customer ' || i, 1, 0, 0 FROM n",
        "INSERT INTO contact(customer, kind, value, position, country, valid)"
        " SELECT id, 'phone', '+86' || (13800000000 + id), 1, 'CN', 1 FROM customer",
        "INSERT INTO entry(list, customer) SELECT 1, id FROM customer ORDER BY id",
        numbers % agents + "INSERT INTO agent(name) SELECT 'a' || i FROM n")]
    lines += ["hours set default spec='daily 00:00-24:00'",
              "campaign add name=c list=l mode=predictive script=x max_per_day=20 max_attempts=90",
              "campaign start c"]
    Run([PATTER, "-q", path, "--yes"] + [w for l in lines for w in ("-c", l)]).once()


def dialled(path, *words):
    Run([os.environ["BENCH"] + "/bench_dial", path] + list(words)).once()
    with open("out", encoding="utf-8") as f:
        return {k: float(v) for k, v in (w.split("=") for w in f.read().split())}


def one_number(path, sql):
    Run([PATTER, path, "sql", sql, "--csv"]).once()
    with open("out", encoding="utf-8") as f:
        return int(f.read().split()[-1])


def dial():
    """The day of pace(), as `dial simulate` keeps it, and as a real line would have it written."""
    dial_base("kept.db", 250000, 300)
    before = one_number("kept.db", "SELECT count(*) FROM change")
    day = Run([PATTER, "dial.db", "dial", "simulate", "c", "--agents", "300", "--hours", "8.5", "--seed", "1",
               "--keep"], lambda: shutil.copy("kept.db", "dial.db"))
    cost, = measure(RUNS, day, warm=False)
    dials = one_number("dial.db", "SELECT count(*) FROM call")
    changes = one_number("dial.db", "SELECT count(*) FROM change") - before
    limit("that day with its %d calls written, --keep: CPU a dial" % dials, cost * 1e6 / dials, "us", 60, "%.0f")
    limit("  commits a dial", changes / dials, "", 2, "%.6f")
    remove("kept.db")
    dial_base("dial.db", 60000, 900)
    d = dialled("dial.db", "day", "300", "2")
    row("two hours of it, each call in a transaction before it is placed: CPU", "%.0f us" % d["cpu_us"],
        "", "", "", "")
    limit("  commits a dial", d["commits"], "", 2)
    dial_base("dial.db", 60000, 900)
    d = dialled("dial.db", "live", "900", "60")
    row("real time, all written: call starts a second", "%.0f" % d["starts"], "", "", ">= 300",
        "yes" if d["starts"] >= 300 else "NO")
    limit("  how late the loop is, 99th percentile", d["late_ms"], "ms", 20, "%.0f")
    remove("dial.db")


def soak(hours="24"):
    dial_base("soak.db", 200000, 300)
    d = dialled("soak.db", "day", "300", hours)
    limit("soak of %s h, 300 agents, %d calls: memory grows by" % (hours, d["dials"]),
          d["rss_end_mb"] - d["rss_mb"], "MB", 8, "%.1f")
    limit("  the file grows a call by", d["bytes"], "bytes", 1024, "%.0f")
    remove("soak.db")


# ---- a hook ---------------------------------------------------------------------------------------

def hook():
    plain = ["-c", "list import leads leads.csv"]
    lua = 'lua n = 0; crm.on("customer.add", function(c) if c.name and c.city then n = n + 1 end end)'
    with_it = Run([PATTER, "-q", "h.db", "-c", lua] + plain, new_base("h.db"))
    without = Run([PATTER, "-q", "h.db"] + plain, new_base("h.db"))
    a, b = measure(RUNS, with_it, without, warm=False)
    limit("Lua hook on customer.add, two fields, on import, per row", (a - b) * 1e6 / ROWS, "us", 1)
    remove("h.db")


FIGURES = {"import": load, "start": start, "journal": journal, "export": export, "ask": ask,
           "xlsx": xlsx, "vcard": vcard, "dup": dup, "day": day, "hook": hook, "pace": pace,
           "dial": dial, "soak": soak, "loads": loads, "ten": ten, "pacing": pacing}
LONG = {"ten", "pacing"}                   # only when they are named

only = os.environ["ONLY"].split(",") if os.environ["ONLY"] else [f for f in FIGURES if f not in LONG]
row("what", "patter", "peer", "ratio", "target", "met")
for name in only:
    FIGURES[name]()

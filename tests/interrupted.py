# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports that are stopped, of every format: all of it is there afterwards, or nothing.

interrupted.py PATTER FOLDER FILE ...: FOLDER holds base.db and the files; prints "ok NAME" or
"not ok NAME" lines."""
import os, resource, shutil, signal, subprocess, sys, time

PATTER, FOLDER, FILES = sys.argv[1], sys.argv[2], sys.argv[3:]
SIGNALS = [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL]
os.chdir(FOLDER)
os.makedirs("tmp")
ENV = dict(os.environ, TMPDIR=os.path.abspath("tmp"))
KNOWN = set(os.listdir(".")) | {"try.db", "try.db-wal", "try.db-shm"}


def tell(name, wrong=""):
    print("%s %s" % ("not ok" if wrong else "ok", name))
    if wrong:
        print("# " + wrong.replace("\n", "\n# "))
    sys.stdout.flush()


def ask(*words):
    done = subprocess.run([PATTER, "try.db", *words], capture_output=True, text=True, env=ENV)
    return done.returncode, done.stdout.strip(), done.stderr.strip()


def fresh():
    for name in os.listdir("."):
        if name not in KNOWN or name.startswith("try.db"):
            os.unlink(name)
    shutil.copy("base.db", "try.db")


def importing(file, **more):
    return subprocess.Popen([PATTER, "try.db", "customer", "import", file, "--key", "phone"], env=ENV,
                            **dict({"stdout": subprocess.DEVNULL, "stderr": subprocess.PIPE}, **more))


def traces(all_rows, reject_file=False):
    """What a stopped import left behind, in words; nothing if nothing."""
    left = []
    if os.listdir("tmp"):
        left.append("temporary files %s" % os.listdir("tmp"))
    more = [f for f in os.listdir(".") if f not in KNOWN and not (reject_file and ".rejects" in f)]
    if more:
        left.append("files %s" % more)
    rows = ask("customer", "count")[1]
    if rows != str(all_rows):
        left.append("%s customers, not %d" % (rows, all_rows))
    for words in ["check"], ["log", "verify"]:
        code, _, said = ask(*words)
        if code:
            left.append("%s: %s" % (" ".join(words), said))
    batches = ask("import", "list", "--no-header")[1]
    if bool(batches) != (all_rows > 1):
        left.append("batches: '%s'" % batches)
    return "; ".join(left)


def whole(file):
    """How long an import takes that nobody stops, and how many customers there are then."""
    fresh()
    begun = time.monotonic()
    child = importing(file)
    said = child.communicate()[1].decode()
    took = time.monotonic() - begun
    rows = int(ask("customer", "count")[1])
    wrong = traces(rows, True)
    tell("%s: nobody stops it" % file, said if child.returncode or rows < 2 else wrong)
    return took, rows


def kill_after(child, seconds, sig):
    """How long it ran, if it was over sooner."""
    begun = time.monotonic()
    try:
        child.wait(seconds)
        return time.monotonic() - begun
    except subprocess.TimeoutExpired:
        child.send_signal(sig)
        return None


def stopped(file, took, rows):
    hits = 0
    for i, sig in enumerate(SIGNALS * 2):
        fresh()
        child = importing(file)
        took = kill_after(child, took * (i + 1) / (len(SIGNALS) * 2 + 1), sig) or took
        said = child.communicate()[1].decode()
        hit = ask("customer", "count")[1] != str(rows)     # else it was over, but for its last words
        hits += hit
        wrong = traces(1 if hit else rows, not hit)
        if child.returncode not in ([-sig] if hit else [-sig, 0]):
            wrong += "; status %d: %s" % (child.returncode, said)
        told = "interrupted: nothing of %s was stored" % file in said
        before = said == "error: interrupted\n"                # the file was not open yet
        if hit and sig == signal.SIGINT and not told and not before:
            wrong += "; " + said
        tell("%s: %s, %s" % (file, sig.name, "nothing is left" if hit else "it was over"), wrong)
    tell("%s: most were hit while they ran" % file, "" if hits >= 4 else "%d of 8" % hits)


def after_a_kill(file, took, rows):
    fresh()
    child = importing(file)
    kill_after(child, took / 2, signal.SIGKILL)
    child.communicate()
    child = importing(file)
    said = child.communicate()[1].decode()
    tell("%s: after a kill the next one works" % file, traces(rows, True) + (said if child.returncode else ""))


def full_disk(file, rows):
    """Files of so many bytes at most: the spool, the log, the reject file, whatever comes first."""
    for size in 20000, 200000, 800000, 2000000, 5000000:
        def limit():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
        fresh()
        child = importing(file, preexec_fn=limit)
        said = child.communicate()[1].decode()
        hit = child.returncode != 0
        wrong = traces(1 if hit else rows, not hit)
        if hit and "error: " not in said:
            wrong += "; said " + said
        tell("%s: no file above %d bytes: %s" % (file, size, "nothing is left" if hit else "enough"), wrong)


def full_spool(file):
    """What comes from a pipe is copied first."""
    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (200000, 200000))
    fresh()
    with open(file, "rb") as f:
        source = subprocess.Popen(["cat"], stdin=f, stdout=subprocess.PIPE)
    child = importing("-", stdin=source.stdout, preexec_fn=limit)
    source.stdout.close()
    said = child.communicate()[1].decode()
    source.wait()
    told = "cannot be copied to a temporary file: File too large" in said and "set TMPDIR to a folder" in said
    tell("a pipe that the disk has no room for", traces(1) + ("" if told else said))


def closed(file, rows):
    ends = os.pipe()
    os.close(ends[0])
    for name in "stderr", "stdout":
        fresh()
        child = importing(file, **{name: ends[1]})
        child.communicate()
        now = ask("customer", "count")[1]
        tell("%s: %s is a closed pipe" % (file, name), traces(int(now), True) if now in ("1", str(rows)) else now)
    os.close(ends[1])


def waiting():
    """^C where nothing comes, and where it never ends."""
    os.mkfifo("fifo")
    KNOWN.add("fifo")
    for name, source in ("a silent pipe", "-"), ("an endless pipe", "-"), ("a pipe nobody opens", "fifo"):
        fresh()
        endless = name == "an endless pipe"
        feeder = subprocess.Popen(["yes", "name,phone"] if endless else ["sleep", "60"], stdout=subprocess.PIPE)
        child = importing(source, stdin=feeder.stdout)
        time.sleep(0.3)
        child.send_signal(signal.SIGINT)
        try:
            said = child.communicate(timeout=20)[1].decode()
        except subprocess.TimeoutExpired:
            child.kill()
            said = "it goes on"
        feeder.kill()
        feeder.communicate()
        wrong = "" if child.returncode == -signal.SIGINT else "%s: %s" % (child.returncode, said)
        wrong += traces(1)
        tell("^C ends an import from %s" % name, wrong)


def exports(file):
    """One that is killed leaves no file, neither under its name nor beside it."""
    fresh()
    importing(file).communicate()
    for f in os.listdir("."):
        if ".rejects" in f:
            os.unlink(f)
    for name in "out.csv", "out.json", "out.xlsx", "out.vcf":
        command = [PATTER, "try.db", "customer", "export", name, "--force"]
        begun = time.monotonic()
        subprocess.run(command, stderr=subprocess.DEVNULL, env=ENV)
        took = time.monotonic() - begun
        size = os.path.getsize(name)
        hits, wrong = 0, ""
        for i in range(6):
            os.unlink(name) if os.path.exists(name) else None
            child = subprocess.Popen(command, stderr=subprocess.DEVNULL, env=ENV)
            took = kill_after(child, took * (i + 1) / 7, signal.SIGKILL) or took
            child.communicate()
            hits += not os.path.exists(name)
            if os.path.exists(name) and os.path.getsize(name) != size:
                wrong += "a part of %s; " % name
            beside = [f for f in os.listdir(".") if f.startswith(name + ".")]
            wrong += " ".join(beside)
        tell("%s: an export that is killed leaves nothing, else it is whole" % name,
             wrong or ("" if hits else "it was never hit"))
        os.unlink(name) if os.path.exists(name) else None


for one in FILES:
    duration, customers = whole(one)
    stopped(one, duration, customers)
    after_a_kill(one, duration, customers)
duration, customers = whole(FILES[0])
full_disk(FILES[0], customers)
full_spool(FILES[0])
closed(FILES[0], customers)
waiting()
exports(FILES[0])

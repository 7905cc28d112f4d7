#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A campaign over two machines: agents and calls are on both, one is killed and its idle agents are called from
the other, it comes back and takes part again.  What each customer heard is what his call's result says."""
import collections, os, random, sqlite3, subprocess, sys, tempfile, threading, time

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import PATTER, free_port, public, switch
from tap import check, finish, same, until

AGENTS, NUMBERS = 8, 160
ports, far = [free_port(), free_port()], free_port()
phones = [f"agent{i}" for i in range(1, AGENTS + 1)]
pbx = [switch(sip, far, phones, free_port(), name=f"switch{i}").start() for i, sip in enumerate(ports, 1)]
out = public(far, ports[0]).start()
work = tempfile.TemporaryDirectory(prefix="patter-line.")
db = f"{work.name}/line.db"
env = {**os.environ, "SECRET1": pbx[0].secret, "SECRET2": pbx[1].secret, "HOME": work.name}


def patter(*words):
    return subprocess.run([PATTER, db, *words], env=env, text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, timeout=300)


def sql(text, *values):
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True, timeout=60) as c:
        return c.execute(text, values).fetchall()


draw = random.Random(5)
numbers = [f"1555{draw.randrange(2)}{draw.randrange(1, 4):02}{i:03}{draw.choice('88881')}" for i in range(NUMBERS)]
with open(f"{work.name}/list.csv", "w") as f:
    f.write("name,phone\n" + "".join(f"n{i},+{n}\n" for i, n in enumerate(numbers)))
done = threading.Event()
dialer, log = None, open(f"{work.name}/dialer", "w+")


def agents_say():
    while not done.is_set():
        try:
            for (name,) in sql("SELECT name FROM agent WHERE state = 'paused'"):
                patter("agent", "ready", name, "line")
            for (name,) in sql("SELECT name FROM agent WHERE state = 'wrap-up'"):
                patter("dial", "result", "appointment", "--agent", name)
        except (sqlite3.OperationalError, subprocess.TimeoutExpired) as e:
            print(f"# {e}, tried again")
        time.sleep(0.1)


def placed(i):
    """Calls to customers on this machine since it was started."""
    return len({e["Uniqueid"] for e in pbx[i].manager.events("Newchannel") if "-c" in e.get("Uniqueid", "")})


def line():
    return sql("SELECT line FROM dialing")[0][0]


try:
    setup = patter(
        *[w for i in (1, 2) for w in ("-c", f"switch add name=pbx{i} adapter=ami host=127.0.0.1 user={pbx[i - 1].user}"
          f" port={pbx[i - 1].manager_port} secret=env:SECRET{i} prefix=m{i} max_rate=4")],
        "-c", "hours set default spec=always", "-c", "list add name=line",
        "-c", "campaign add name=line list=line script=hello mode=progressive max_attempts=2 ring_seconds=15",
        "-c", f"import {work.name}/list.csv --region US", "-c", "list fill line id>0",
        *[w for i, p in enumerate(phones, 1) for w in ("-c", f"agent add name=a{i} phone={p}")],
        "-c", "campaign start line")
    check("a campaign over two machines is made", setup.returncode == 0, setup.stdout)
    dialer = subprocess.Popen([PATTER, db, "dial", "start", "line"], env=env, stdin=subprocess.DEVNULL, stdout=log,
                              stderr=subprocess.STDOUT)
    check("both are connected", until(lambda: sql("SELECT line FROM dialing") and "2 0 calls" in line()
                                      and "out of reach" not in line()), open(log.name).read())
    for i in range(1, AGENTS + 1):
        patter("agent", "ready", f"a{i}", "line")
    threading.Thread(target=agents_say, daemon=True).start()

    check("both carry calls", until(lambda: placed(0) >= 8 and placed(1) >= 8, 300), open(log.name).read())
    check("half of the agents are on each", until(lambda: line().count(" 4 phones") == 2, 300), line())
    talks = [e for b in pbx for e in b.manager.events("BridgeEnter", BridgeNumChannels="2")]
    check("customers are joined to them", talks)
    pbx[1].kill()
    check("a machine that is killed is told as away", until(lambda: "pbx2 out of reach" in line(), 300), line())
    check("its agents are called from the other", until(lambda: f" {AGENTS} phones" in line(), 300), line(),
          open(log.name).read())
    before = placed(0)
    check("which goes on", until(lambda: placed(0) > before + 8, 300), open(log.name).read())
    pbx[1].start()
    check("back again it takes part", until(lambda: "out of reach" not in line(), 300), line())
    why = patter("why", "campaign", "line")
    check("why campaign tells of both", "pbx1" in why.stdout and "pbx2" in why.stdout, why.stdout)
    over = until(lambda: sql("SELECT count(*) FROM call WHERE state <> 'ended'") == [(0,)]
                 and sql("SELECT count(*) FROM entry WHERE state = 'new'") == [(0,)], 600)
    check("the list is called through", over, sql("SELECT state, count(*) FROM entry GROUP BY 1"), open(log.name).read())
    done.set()
    patter("dial", "stop", "line")
    dialer.wait(120)

    heard = collections.defaultdict(set)
    for e in out.manager.events("UserEvent", UserEvent="Public"):
        heard["+" + e["Number"]].add(e["Heard"])
    wrong = [(n, r, heard[n]) for n, r in sql("SELECT number, result FROM call")
             if (r == "appointment" and "agent" not in heard[n]) or (r == "busy" and heard[n] != {"nothing"})]
    # Whom the killed machine cut off may not have heard the tone any more.
    check("who has an appointment heard an agent", len(wrong) <= AGENTS / 2, wrong)
    books = patter("check")
    check("the books balance", books.returncode == 0, books.stdout)
    same("no agent is stranded", sql("SELECT name, state FROM agent WHERE state <> 'off'"), [])
finally:
    done.set()
    if dialer and dialer.poll() is None:
        dialer.kill()
    for one in *pbx, out:
        one.stop()
    work.cleanup()
finish()

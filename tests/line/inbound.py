#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""People who call in over a real Asterisk: recognised and joined to an agent, kept waiting, missed and
called back; and what becomes of them when the dialer is killed, or was not there when they rang.
"""
import json, os, signal, sqlite3, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import PATTER, free_port, public, switch
from tap import check, finish, same, until

KNOWN, OTHER, STRANGER = "15550900018", "15550900028", "15550900038"
sip, far = free_port(), free_port()
work = tempfile.TemporaryDirectory(prefix="patter-line.")
db = f"{work.name}/line.db"
pbx = switch(sip, far, ["agent1"], free_port()).start()
out = public(far, sip).start()
env = {**os.environ, "LINE_SECRET": pbx.secret, "HOME": work.name}
dialer, log = None, open(f"{work.name}/dialer", "w+")


def patter(*words):
    return subprocess.run([PATTER, db, *words], env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          timeout=300)


def sql(text, *values):
    with sqlite3.connect(db, timeout=60) as c:
        return c.execute(text, values).fetchall()


def dial():
    global dialer
    dialer = subprocess.Popen([PATTER, db, "dial", "start", "line"], env=env, stdin=subprocess.DEVNULL, stdout=log,
                              stderr=subprocess.STDOUT)


def call_in(number, called="15559999999"):
    """Somebody of the public rings the switch; he says afterwards whom he heard."""
    out.manager.act("Originate", Channel=f"PJSIP/{called}@switch", CallerID=f"<{number}>", Context="public",
                    Exten="caller", Priority="1", Async="true", Variable=f"NUMBER={number}")


def calls(number):
    return sql("SELECT result, state FROM call WHERE number = ? AND direction = 'in' ORDER BY id", "+" + number)


def heard(number):
    return [e["Heard"] for e in out.manager.events("UserEvent", UserEvent="PublicCaller", Number=number)]


def channels():
    return pbx.manager.act("Command", Command="core show channels concise").get("Output", "")


def said():
    return open(log.name).read(), sql("SELECT * FROM call"), sql("SELECT name, state, call FROM agent")


try:
    setup = patter(
        "-c", f"switch add name=pbx adapter=ami host=127.0.0.1 port={pbx.manager_port} user={pbx.user}"
        " secret=env:LINE_SECRET prefix=in max_calls=9"
        f" recordings={os.path.dirname(pbx.recording('x'))}",
        "-c", "setting set region US", "-c", "hours set default spec=always", "-c", "list add name=line",
        "-c", "campaign add name=line list=line script=hello mode=progressive max_per_day=9 hold_seconds=6"
        " ring_seconds=15 hold=hello-world record=yes",
        "-c", f"customer add name=known phone=+{KNOWN}", "-c", f"customer add name=other phone=+{OTHER}",
        "-c", "customer add name=last phone=+15550900048",
        "-c", "list fill line id>0", "-c", "agent add name=a1 phone=agent1", "-c", "campaign start line",
        "-c", "agent ready a1 line")
    check("a campaign is made", setup.returncode == 0, setup.stdout)
    # Nobody is dialled for the time being, and somebody is left to be dialled until the end.
    sql("UPDATE entry SET state = 'retry', next_at = 4102444800000")
    dial()
    check("the agent's phone is up", until(lambda: sql("SELECT state FROM agent") == [("ready",)]), *said())

    call_in(KNOWN)
    check("a customer calls in and talks with the agent", until(lambda: sql(
        "SELECT a.state, c.direction, k.name, g.name FROM agent a JOIN call c ON c.id = a.call"
        " JOIN customer k ON k.id = c.customer JOIN campaign g ON g.id = c.campaign")
        == [("talking", "in", "known", "line")]), *said())
    check("he hears the agent", until(lambda: heard(KNOWN) == ["agent"]), heard(KNOWN), *said())
    patter("dial", "result", "appointment", "--agent", "a1")
    check("the result is stored", until(lambda: calls(KNOWN) == [("appointment", "ended")]), *said())
    same("and ends his entry", sql("SELECT state, reason FROM entry WHERE customer = 1"), [("done", "appointment")])

    shown = until(lambda: [r for r in json.loads(patter("call", "show", "1", "--json").stdout)[0]["sections"]["recording"]
                           if r["state"] == "there" and r["length"]])
    check("its recording is found", shown, patter("call", "show", "1", "--json").stdout)

    patter("agent", "pause", "a1")
    check("the agent is away", until(lambda: sql("SELECT state FROM agent") == [("paused",)]), *said())
    call_in(OTHER)
    check("who waits hears the sound of the campaign", until(lambda: pbx.log("Playing 'hello-world")), *said())
    check("he is missed in the end", until(lambda: calls(OTHER) == [("missed", "ended")]), *said())
    check("and hears why", until(lambda: pbx.log("Playing 'vm-goodbye")), *said())
    same("his entry is a callback", sql("SELECT state, reason FROM entry WHERE customer = 2"), [("callback", "missed")])
    patter("agent", "ready", "a1", "line")
    check("he is called back", until(lambda: [e for e in out.manager.events("UserEvent", UserEvent="PublicRung")
                                              if e["Number"] == OTHER]), *said())
    check("and talks", until(lambda: sql("SELECT state FROM agent") == [("talking",)]), *said())
    patter("-c", "agent pause a1", "-c", "dial result appointment --agent a1")
    check("that is over", until(lambda: sql("SELECT state FROM agent") == [("paused",)]), *said())

    call_in(STRANGER)
    check("a stranger waits", until(lambda: calls(STRANGER) == [(None, "intent")]), *said())
    dialer.send_signal(signal.SIGKILL)
    dialer.wait()
    call_in(KNOWN)
    check("one more rings while nobody is there", until(lambda: len(pbx.log("patter-inbound")) >= 4), *said())
    dial()
    check("whom the killed dialer left is missed", until(lambda: calls(STRANGER) == [("missed", "ended")]), *said())
    same("and called back by hand", sql("SELECT title FROM task"), [(f"call back +{STRANGER}",)])
    check("who rang in vain is taken", until(lambda: len(calls(KNOWN)) == 2), *said())
    check("and missed in his turn", until(lambda: calls(KNOWN)[-1] == ("missed", "ended")), *said())
    patter("dial", "stop", "line", "--now")
    dialer.wait(120)
    check("no call is left on the switch", until(lambda: "carrier" not in channels()), channels())
    same("none of them is an abandoned call", sql("SELECT count(*) FROM call WHERE result = 'abandoned'"), [(0,)])
    books = patter("check")
    check("the books balance", books.returncode == 0, books.stdout)
finally:
    if dialer and dialer.poll() is None:
        dialer.kill()
    pbx.stop()
    out.stop()
    work.cleanup()
finish()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dial preview over a real Asterisk: the agent's phone is rung once, each customer is dialled on his word; and
a floor at a prompt, which goes on when it is over."""
import os, pty, select, sqlite3, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import PATTER, free_port, public, switch
from tap import check, finish, same, until

sip, far = free_port(), free_port()
pbx = switch(sip, far, ["agent1"], free_port()).start()
out = public(far, sip).start()
work = tempfile.TemporaryDirectory(prefix="patter-preview.")


def patter(*lines):
    r = subprocess.run([PATTER, f"{work.name}/a.db"], input="\n".join(lines), text=True, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, env={**os.environ, "LINE_SECRET": pbx.secret})
    return r.stdout


try:
    patter("hours set default spec=always", "agent add name=li phone=agent1", "setting set region US",
           "customer add name=A phone=+15550990058", "customer add name=B phone=+15550000061",
           "customer add name=C phone=+15551990079",
           "list add name=l", "list fill l id>0", "campaign add name=c list=l script=hello", "campaign start c",
           f"dialer adapter ami 127.0.0.1:{pbx.manager_port} --user {pbx.user} --secret env:LINE_SECRET")
    said = patter("dial preview c --agent li", "dial go", "dial result refused --note 'not now'", "dial go",
                  "dial go", "dial hangup", "dial result appointment", "dial stop")
    db = sqlite3.connect(f"{work.name}/a.db")
    same("two talks and a busy", db.execute(
        "SELECT number, result, note, talk IS NOT NULL, driver, real, mode FROM call ORDER BY id").fetchall(),
        [("+15550990058", "refused", "not now", 1, "ami", 1, "preview"),
         ("+15550000061", "busy", None, 0, "ami", 1, "preview"),
         ("+15551990079", "appointment", None, 1, "ami", 1, "preview")]) or check("as it was told", False, said)
    same("the agent's phone was rung once", len(pbx.log("Called agent1")), 1)
    for number in "15550990058", "15551990079":
        gone = out.manager.event("UserEvent", UserEvent="Public", Number=number)
        check("the customer's call is over", gone, number)

    # Killed in the middle of a talk: the next session ends the call that was left, and writes it down.
    patter("customer add name=D phone=+15550990088", "list fill l id>3")
    one = subprocess.Popen([PATTER, f"{work.name}/a.db"], stdin=subprocess.PIPE, text=True, stdout=subprocess.DEVNULL,
                           stderr=subprocess.DEVNULL, env={**os.environ, "LINE_SECRET": pbx.secret})
    one.stdin.write("dial preview c --agent li\ndial go\n")
    one.stdin.flush()
    check("the customer talks", out.manager.event("UserEvent", UserEvent="PublicRung", Number="15550990088")
          and until(lambda: pbx.manager.act("Command", Command="bridge show all").get("Output", "").count(" 2 ")))
    one.kill()
    one.wait()
    said = patter("dial preview c --agent li", "dial stop")
    check("a session that is dead had left it open", "dead session had left open" in said, said)
    gone = out.manager.event("UserEvent", UserEvent="Public", Number="15550990088")
    check("the customer's call is over", gone, said)
    same("and written down", db.execute("SELECT result, count(*) FROM call WHERE number = '+15550990088'").fetchall(),
         [("failed", 1)])

    # The end of a floor at a prompt is heard of from the switch, and the prompt lives on.
    patter("customer add name=E phone=+15550990098", "list add m", "list fill m id>4", "agent add zhao phone=agent1",
           "campaign add name=d list=m mode=progressive script=hello wrap_seconds=0", "campaign start d")
    master, slave = pty.openpty()
    one = subprocess.Popen([PATTER, f"{work.name}/a.db"], stdin=slave, stdout=slave, stderr=slave,
                           env={**os.environ, "LINE_SECRET": pbx.secret, "TERM": "dumb", "MALLOC_PERTURB_": "165"})
    os.close(slave)
    told = ""

    def tells(line, *words, seconds=30):
        """Type a line; whether the program has said these words since."""
        global told
        told = ""
        os.write(master, f"{line}\r".encode())

        def heard():
            global told
            if select.select([master], [], [], 0)[0]:
                try:
                    told += os.read(master, 65536).decode(errors="replace")
                except OSError:
                    return None
            return all(word in told for word in words)
        return until(heard, seconds)
    check("a floor is dialled at the prompt", tells("dial start d", "is being dialled over switch"), told)
    tells("agent ready zhao d", "zhao")
    check("the customer talks", until(lambda: db.execute(
        "SELECT 1 FROM agent WHERE name = 'zhao' AND state = 'talking'").fetchall(), 30))
    tells("dial stop d", "nothing more is dialled")
    check("the last call ends, and the floor with it", tells("dial result refused --agent zhao", "d: 1 dials"), told)
    check("the prompt lives on", tells("customer count", "\n5"), told)
    tells("quit")
    same("and ends as it should", one.wait(20), 0)
    same("the books balance", subprocess.run([PATTER, f"{work.name}/a.db", "check"], stdout=subprocess.DEVNULL,
                                             stderr=subprocess.DEVNULL).returncode, 0)
finally:
    pbx.stop()
    out.stop()
    work.cleanup()
finish()

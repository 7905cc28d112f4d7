#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""dialer test on a real Asterisk: all is well with the printed configuration; what lacks is named."""
import csv, io, os, subprocess, sys, tempfile

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import free_port, switch
from tap import check, finish, same

folder = tempfile.TemporaryDirectory()
pbx = switch(free_port(), free_port(), ["agent1"], free_port()).start()


def patter(line):
    return subprocess.run([os.environ["PATTER"], folder.name + "/a.db", "-c", line], text=True, capture_output=True,
                          env={**os.environ, "RIGHT": pbx.secret, "WRONG": "x"})


def steps(line="dialer test"):
    """Status, and the states of the steps by name."""
    done = patter(line + " --csv")
    return done.returncode, {row["step"]: row["state"] for row in csv.DictReader(io.StringIO(done.stdout))}, done


try:
    patter(f"dialer adapter ami 127.0.0.1:{pbx.manager_port} --user {pbx.user} --secret env:RIGHT")
    status, states, done = steps()
    check("all is well", status == 0 and set(states.values()) == {"ok"}, done)
    same("each step was taken", list(states), ["connect", "greeting", "login", "version", "list calls", "dialplan",
                                               "place a call", "trunk"])
    check("and nobody was called", not [line for line in pbx.log(r"INVITE") if "carrier" in line])
    patter("switch set ami dial=PJSIP/{number}@nonesuch")
    status, states, done = steps()
    check("a trunk that it does not know", status == 1 and states["trunk"] == "wrong"
          and "[nonesuch]" in done.stdout, done)
    patter("switch set ami secret=env:WRONG")
    status, states, done = steps()
    check("a wrong secret", status == 69 and states["login"] == "wrong" and "Authentication failed" in done.stdout, done)
finally:
    pbx.stop()
finish()

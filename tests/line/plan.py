#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The printed configuration alone, before any driver: what each of its ways does on a real Asterisk."""
import os, sys, tempfile, time

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import free_port, public, switch
from manager import Manager
from tap import PATIENCE, check, finish, same, until

sip, far = free_port(), free_port()
pbx = switch(sip, far, ["agent1", "tone1004"], free_port()).start()
out = public(far, sip).start()
try:
    me = Manager(pbx.manager_port, pbx.user, pbx.secret)
    same("the account logs in", me.login["Response"], "Success")
    serial = 0

    def place(number, exten="person", context="patter-customer", channel=None, ring=30000, **variables):
        global serial
        serial += 1
        name = f"t-{serial}"
        at = me.mark()
        r = me.act("Originate", Channel=channel or f"PJSIP/{number}@carrier", Context=context, Exten=exten,
                   Priority=1, Timeout=ring, Async="true", ChannelId=name,
                   Variable=["PATTER_CALL=" + name] + [f"{k}={v}" for k, v in variables.items()])
        check(f"{number or channel} is placed", r["Response"] == "Success", r)
        return name, at

    def says(what, at, seconds=PATIENCE, **headers):
        return me.event("UserEvent", seconds, at, UserEvent=what, **headers)

    # A person whom nobody takes hears the message after two seconds and the call ends by itself.
    name, at = place("15550300018")
    waits = says("PatterPerson", at, Call=name)
    left = says("PatterAbandoned", at, Call=name)
    end = me.event("Hangup", since=at, Uniqueid=name)
    check("he waits two seconds", waits and left and 1.5 < left["at"] - waits["at"] < 30, waits, left)
    check("then the message, then the end", end and end["at"] > left["at"] and pbx.log("Playing 'vm-goodbye"), end)
    gone = out.manager.event("UserEvent", UserEvent="Public", Number="15550300018")
    same("he heard no agent", gone and gone["Heard"], "nobody")

    # An agent's phone is called once; customers are brought to it.
    agent, at = place("", "wait", "patter-agent", "PJSIP/agent1", PATTER_AGENT=7)
    check("the agent's phone waits", says("PatterAgentWaits", at, Agent="7"))
    for round in 1, 2:
        name, at = place(f"1555001{round:03}8", PATTER_RECORD=f"rec-{round}")
        says("PatterPerson", at, Call=name)
        r = me.act("Bridge", Channel1=agent, Channel2=name, Tone="no")
        same("bridged", r["Response"], "Success")
        check("and back when the customer has gone", says("PatterAgentWaits", at, Agent="7"))
        gone = out.manager.event("UserEvent", UserEvent="Public", Number=f"1555001{round:03}8")
        same("who heard an agent", gone and gone["Heard"], "agent")
        check("nobody was abandoned", not says("PatterAbandoned", at, 0.1))
        check("a recording is there", until(lambda: os.path.getsize(pbx.recording(f"rec-{round}.wav")) > 8000))
    # The agent's phone goes in the middle: the customer is not told that nobody was free.
    name, at = place("15550200098", PATTER_RECORD="../../../etc/x;y")
    says("PatterPerson", at, Call=name)
    me.act("Bridge", Channel1=agent, Channel2=name, Tone="no")
    me.event("BridgeEnter", since=at, Uniqueid=name)
    time.sleep(4.2)
    me.act("Hangup", Channel=agent)
    check("the customer's call ends too", me.event("Hangup", since=at, Uniqueid=name))
    check("without the message", not says("PatterAbandoned", at, 0.1))
    same("a file's name keeps to its folder", sorted(os.listdir(pbx.recording(""))),
         ["......etcxy.wav", "rec-1.wav", "rec-2.wav"])

    # Machine or person: told by the pauses, so a machine that stutters may need another try.
    for number, want in ("15551050003", "MACHINE"), ("15550300018", "HUMAN"):
        for _ in range(3):
            name, at = place(number, "detect")
            said = says("PatterDetected", at, Call=name)
            gone = me.event("Hangup", since=at, Uniqueid=name)
            check("it ends by itself", gone)
            if said and said["Status"] == want:
                break
        same(f"{want} is detected", said and said["Status"], want)
        same("a person waits, a machine does not", bool(says("PatterPerson", at, 0, Call=name)), want == "HUMAN")
    name, at = place("15550300018", PATTER_PATIENCE=3600)
    says("PatterPerson", at, Call=name)
    r = me.act("Redirect", Channel=name, Context="patter-customer", Exten="abandon", Priority=1)
    check("the message at once where the dialer asks for it", says("PatterAbandoned", at, Call=name), r)

    # Somebody rings in.
    at = me.mark()
    out.manager.act("Originate", Channel="PJSIP/15550001234@switch", Context="public", Exten="tone440", Priority=1,
                    Async="true", Timeout=30000, CallerID='"A,Call: x" <+4930123>')
    rings = says("PatterInbound", at)
    check("a call in is told with both numbers", rings and rings["Number"] == "+4930123"
          and rings["Called"] == "15550001234" and rings["Call"] == rings["Uniqueid"], rings)
    for variable in "PATTER_CALL=t-in", "PATTER_PATIENCE=1", "PATTER_MESSAGE=beep":
        name, _, value = variable.partition("=")
        me.act("Setvar", Channel=rings["Call"], Variable=name, Value=value)
    me.act("Redirect", Channel=rings["Call"], Context="patter-customer", Exten="person", Priority=1)
    check("who is taken is a person that waits", says("PatterPerson", at, Call="t-in"))
    check("and is abandoned as one", says("PatterAbandoned", at, Call="t-in"))
    check("with the message that was asked for", until(lambda: pbx.log("Playing 'beep")))
    name, at = place("15550300018")
    says("PatterPerson", at, Call=name)
    me.act("Setvar", Channel=name, Variable="PATTER_SOUND", Value="hello-world")
    me.act("Redirect", Channel=name, Context="patter-customer", Exten="play", Priority=1)
    check("a sound is played", until(lambda: pbx.log("Playing 'hello-world")))
    check("then the call ends", me.event("Hangup", since=at, Uniqueid=name))

    # Rights.
    for action, headers in (("Command", {"Command": "core show uptime"}), ("GetConfig", {"Filename": "manager.conf"}),
                            ("MixMonitor", {"Channel": "x", "File": "x"}),
                            ("Originate", {"Channel": "Local/wait@patter-agent", "Application": "System", "Data": "id"})):
        r = me.act(action, **headers)
        same(f"the account may not: {action}", r["Response"], "Error")
    listed = me.act("CoreShowChannels")
    same("it may list calls", listed["Response"], "Success")
    bad = pbx.log(r"(WARNING|ERROR)\[.* (pbx|app_|func_|config|manager|loader)\w*\.c")
    same("Asterisk has nothing to complain of", bad, [])
finally:
    pbx.stop()
    out.stop()
finish()

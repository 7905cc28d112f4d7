#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""How each way in which a call can end reaches the dialer: the driver's word against what the public did."""
import os, socket, sys

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import free_port, public, switch
from driver import Driver
from tap import check, finish, same

sip, far = free_port(), free_port()
silent = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)         # takes each request and answers none
silent.bind(("127.0.0.1", 0))
pbx = switch(sip, far, [], silent.getsockname()[1]).start()
out = public(far, sip).start()
RING = 15000

# what the public does: number, the driver's end, its causes (0: not told), events on the way, none of these
ROWS = [
    ("answers, hangs up", "15551010008", "hang-up", (0, 16), ("answered", "person"), ("busy",)),
    ("is busy (486)", "15550000001", "busy", (17,), (), ("answered", "person")),
    ("rings on until the time is up", "15550000002", "no answer", (0, 19), ("ringing",), ("answered",)),
    ("rejects while it rings (403)", "15551000005", "no answer", (21,), ("ringing",), ("answered",)),
    ("rejects at once (403)", "15560021", "no answer", (21,), (), ("ringing", "answered")),
    ("is not there (480 after ringing)", "15561019", "no answer", (19,), ("ringing",), ("answered",)),
    ("is not there (480 at once)", "15560019", "no answer", (19,), (), ("ringing", "answered")),
    ("is out of order (502)", "15561027", "failed", (27,), ("ringing",), ("answered",)),
    ("breaks down (500)", "15560038", "failed", (38,), (), ("answered",)),
    ("is no number (404)", "15550000000", "invalid number", (1,), (), ("answered",)),
    ("has a new number (410)", "15550000006", "invalid number", (22,), (), ("answered",)),
    ("is not a whole number (484)", "99", "invalid number", (28,), (), ("answered",)),
    ("has no circuit (503)", "15550000004", "failed", (34,), (), ("answered",)),
    ("announces (183) and never answers", "15550000007", "no answer", (0, 19), (), ("answered", "person")),
]
try:
    d = Driver(pbx, "causes")
    check("the driver comes up", d.ready(), d.seen)
    calls = {}
    for call, row in enumerate(ROWS, 1):
        calls[call] = row
        same(f"{row[0]}: placed", d.order("place", call, row[1], RING, 2000), "ok")
    for call, (what, number, kind, causes, ways, never) in calls.items():
        end = d.end(call)
        same(what, end and end.kind, kind)
        check(f"{what}: cause {end and end.cause}", end and end.cause in causes, end)
        check(f"{what}: on the way {ways}", set(ways) <= set(d.of(call)) and not set(never) & set(d.of(call)), d.of(call))
        check(f"{what}: ends once", sum(k in d.ENDS for k in d.of(call)) == 1, d.of(call))

    same("cancelled: placed", d.order("place", 50, "15550000002", RING, 2000), "ok")
    d.event("ringing", call=50)
    same("cancelled while it rings", d.order("hangup", 50, "cancel"), "ok")
    end = d.end(50)
    check("is a hang-up by us", end and end.kind == "hang-up" and end.by == "us", end)
    same("to end what is over does nothing", d.order("hangup", 50, "normal"), "ok")
    same("an id that is up is not dialled twice", (d.order("place", 51, "15550000002", RING, 2000),
         d.order("place", 51, "15550000002", RING, 2000).split()[0]), ("ok", "refused"))
    d.order("hangup", 51, "cancel")
    d.end(51)

    for number in "1555@x", "15&16", "1,2", "tel:1", "1%0a", "(1)":
        check(f"a number that says more than a number is refused: {number!r}",
              d.order("place", 60, number, RING, 2000).startswith("refused"))
    check("and nothing of it was dialled", not d.of(60))

    # Trunks that do not work.
    for trunk, end_kind, trouble in ("dead", "failed", False), ("nosuch", "failed", True):
        bad = Driver(pbx, "b" + trunk, dial=f"PJSIP/{{number}}@{trunk}")
        check(f"{trunk}: the driver comes up", bad.ready())
        for call in range(70, 76):
            said = bad.order("place", call, "15551010008", RING, 2000)
        ends = {(bad.end(call, 120) or bad.seen[0]).kind for call in range(70, 76)}
        same(f"a carrier that is {trunk} has failed, not the customer", ends, {end_kind})
        same(f"{trunk}: told as trouble", bool(bad.event("trouble", seconds=60 if trouble else 1)), trouble)
        bad.close()

    # Machine detection listens for pauses and may err on a machine that stutters: the second or third call shows it.
    call = 80
    for number, kind in ("15551050003", "machine"), ("15550300018", "person"):
        for _ in range(3):
            call += 1
            d.order("place", call, number, RING, 2000, "detect")
            said = d.event("machine", "person", call=call)
            d.order("hangup", call, "machine" if said and said.kind == "machine" else "normal")
            end = d.end(call)
            check("it is told from the other, and hung up", said and end and end.kind == "hang-up", said, end)
            if said and said.kind == kind:
                break
        same(f"a {kind} is told", said and said.kind, kind)
    d.close()

    # What the public itself says it did.
    did = {e["Number"]: e["Did"] for e in out.manager.events("UserEvent", UserEvent="Public")}
    said = {"invalid": "invalid number", "busy": "busy", "noanswer": "no answer", "rejected": "no answer",
            "changed": "invalid number", "congestion": "failed", "announced": "no answer", "human": "hang-up"}
    for what, number, kind, *rest in ROWS:
        if number in did:
            same(f"the public's word: {what}", said[did[number]], kind)
finally:
    pbx.stop()
    out.stop()
finish()

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""300 calls at 20 a second through the driver: no event is missed, each end is what the public did, and an
answered customer is with an agent at once."""
import collections, os, random, sys, threading, time

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import free_port, public, switch
from driver import Driver
from tap import check, finish, same, until

AGENTS, CALLS, RATE = 24, 300, 20
sip, far = free_port(), free_port()
pbx = switch(sip, far, [f"agent{i}" for i in range(1, AGENTS + 1)], free_port()).start()
out = public(far, sip).start()
try:
    d = Driver(pbx, "load")
    check("the driver comes up", d.ready(), d.seen)
    for agent in range(1, AGENTS + 1):
        d.order("phone", agent, f"agent{agent}")
        d.order("agent", agent, "up")
    for agent in range(1, AGENTS + 1):
        d.event("agent's phone up", agent=agent)
    idle, busy, asked, bridged = collections.deque(range(1, AGENTS + 1)), {}, {}, {}
    lock, over = threading.Lock(), threading.Event()

    def work():
        """Brings who is there to who is idle, in the order of answering."""
        at, waiting = 0, collections.deque()
        while not over.is_set():
            with d._news:
                d._news.wait_for(lambda: len(d.seen) > at, 0.2)
                new = d.seen[at:]
                at += len(new)
            for ev in new:
                if ev.kind == "person":
                    waiting.append((ev.call, time.time()))
                elif ev.kind == "bridged":
                    bridged.setdefault(ev.call, time.time())
                elif ev.kind in d.ENDS:
                    if ev.call in busy:
                        idle.append(busy.pop(ev.call))
                    waiting = collections.deque(w for w in waiting if w[0] != ev.call)
            while waiting and time.time() - waiting[0][1] > 2.5:          # the engine gives up in time
                with lock:
                    d.order("hangup", waiting.popleft()[0], "abandon")
            while waiting and idle:
                call, since = waiting.popleft()
                agent = idle.popleft()
                with lock:
                    said = d.order("bridge", call, agent)
                if said == "ok":
                    busy[call], asked[call] = agent, time.time()
                else:
                    idle.append(agent)

    threading.Thread(target=work, daemon=True).start()
    draw = random.Random(3)
    numbers = {}
    began = time.time()
    for call in range(1, CALLS + 1):
        numbers[call] = f"1555{draw.randrange(3)}{draw.randrange(1, 4):02}{call:03}{draw.choice('88888555221104679')}"
        with lock:
            said = d.order("place", call, numbers[call], 15000, 3000)
        if said != "ok":
            check(f"call {call} is taken", False, said)
        time.sleep(max(0, began + call / RATE - time.time()))
    placed = time.time() - began
    until(lambda: sum(ev.kind in d.ENDS for ev in list(d.seen)) >= CALLS, 300)
    until(lambda: len(out.manager.events("UserEvent", UserEvent="Public")) >= CALLS)
    over.set()

    ends = collections.defaultdict(list)
    for ev in d.seen:
        if ev.kind in d.ENDS:
            ends[ev.call].append(ev.kind)
    same("each call ended once", [c for c in numbers if len(ends[c]) != 1], [])
    did = {e["Number"]: (e["Did"], e["Heard"]) for e in out.manager.events("UserEvent", UserEvent="Public")}
    times = collections.Counter(e["Number"] for e in out.manager.events("UserEvent", UserEvent="PublicRung"))
    same("each number was rung once", [n for n in numbers.values() if times[n] != 1], [])
    said = {"invalid": "invalid number", "busy": "busy", "noanswer": "no answer", "rejected": "no answer", "tone": "hang-up",
            "changed": "invalid number", "congestion": "failed", "announced": "no answer", "human": "hang-up"}
    same("each end is what the public did",
         [(n, did.get(n), ends[c]) for c, n in numbers.items() if ends[c] != [said.get(did.get(n, ("?",))[0])]], [])
    heard = {n for n, (_, who) in did.items() if who == "agent"}
    same("who was bridged heard an agent, nobody else did",
         {n for c, n in numbers.items() if c in bridged and did[n][0] == "human"} ^ heard, set())
    waits = sorted(bridged[c] - asked[c] for c in bridged if c in asked)
    p99 = waits[int(len(waits) * 0.99)] if waits else 9
    # 50 ms is what is promised where nothing else runs; what is measured here is told below.
    check("who answered is with an agent before he gives up", p99 <= 2, waits[-10:])
    print(f"# {CALLS} calls placed in {placed:.1f} s, {len(bridged)} bridged, asked to bridged median"
          f" {waits[len(waits) // 2] * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    d.close()
finally:
    pbx.stop()
    out.stop()
finish()

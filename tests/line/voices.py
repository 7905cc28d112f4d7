#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who hears whom: recordings, a supervisor who listens, whispers and joins in, a soft phone."""
import os, subprocess, sys, tempfile, time

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import free_port, public, switch
from driver import Driver
from sound import hears, tone, write_tone
from tap import check, finish, same, until

# Each phone sends the tone of its name; those of the agents are so near each other that they count as one.
AGENTS = {1: "tone1004", 2: "tone1005", 3: "tone1006"}
SUPERVISORS = {11: "tone2200", 12: "tone2201", 13: "tone2202"}
sip, far = free_port(), free_port()
pbx = switch(sip, far, [*AGENTS.values(), *SUPERVISORS.values()], free_port()).start()
out = public(far, sip).start()
work = tempfile.TemporaryDirectory(prefix="patter-line.")
softphone = None


def talk(d, call, agent, seconds):
    """A recorded call that is joined to an agent."""
    number = f"15550{seconds:02}{call:03}9"
    same("placed", d.order("place", call, number, 15000, 2000, "record"), "ok")
    check("answered", d.event("person", call=call), d.seen)
    same("bridge", d.order("bridge", call, agent), "ok")
    check("bridged", d.event("bridged", call=call), d.seen)
    return number


try:
    d = Driver(pbx, "v")
    check("the driver comes up", d.ready(), d.seen)
    for agent, phone in {**AGENTS, **SUPERVISORS}.items():
        d.order("phone", agent, phone)
    for agent in AGENTS:
        same(f"agent {agent} is rung", d.order("agent", agent, "up"), "ok")
        check("and there", d.event("agent's phone up", agent=agent), d.seen)

    modes = {1: "listen", 2: "whisper", 3: "barge"}
    numbers = {}
    for n, mode in modes.items():
        numbers[n] = talk(d, n, n, 5)
        same(mode, d.order("supervise", n + 10, n, mode), "ok")
        check("the supervisor is on", d.event("supervisor listens", agent=n), d.seen)
    for n in modes:
        check("the customer leaves", d.end(n, 15), d.of(n))
        if n == 1:
            d.order("supervise", 11, 1, "stop")
    time.sleep(1.5)
    for n in modes:
        d.order("supervise", n + 10, n, "stop")
        d.order("agent", n, "down")
    check("the agents' phones are let go", d.event("agent's phone down", agent=3), d.seen)
    time.sleep(0.5)
    for n, mode in modes.items():
        agent = out.recording(f"{AGENTS[n]}-heard.wav")
        customer, boss = out.recording(f"{numbers[n]}-heard.wav"), out.recording(f"{SUPERVISORS[n + 10]}-heard.wav")
        levels = {who: {hz: tone(f, hz) for hz in (440, 1004, 2200)}
                  for who, f in (("agent", agent), ("customer", customer), ("supervisor", boss))}
        check(f"{mode}: the supervisor hears both", hears(boss, 440, 1004), levels)
        check(f"{mode}: what the agent hears", hears(agent, 440, *([2200] if mode != "listen" else [])), levels)
        check(f"{mode}: what the customer hears", hears(customer, 1004, *([2200] if mode == "barge" else [])), levels)
        check("the recording has both voices", hears(pbx.recording(f"v-c{n}-.wav"), 440, 1004, of=(440, 1004, 700)),
              os.listdir(pbx.recording("")))

    # An agent with a soft phone that registers.
    write_tone(f"{work.name}/say.wav", 700, 30)
    with open(f"{work.name}/config", "w") as f:
        f.write(f"""poll_method epoll
sip_listen 127.0.0.1:{free_port()}
audio_player aufile,{work.name}/heard.wav
audio_source aufile,{work.name}/say.wav
audio_alert aufile,{work.name}/none.wav
ausrc_srate 8000
auplay_srate 8000
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module uuid.so
module account.so
module menu.so
""")
    with open(f"{work.name}/accounts", "w") as f:
        f.write(f"<sip:phone1@127.0.0.1:{sip};transport=udp>;auth_user=phone1;auth_pass={pbx.phone_secret}"
                ";regint=60;answermode=auto\n")
    softphone = subprocess.Popen(["baresip", "-f", work.name], stdin=subprocess.DEVNULL,
                                 stdout=open(f"{work.name}/out", "w"), stderr=subprocess.STDOUT)
    check("the soft phone registers", until(lambda: pbx.manager.act("Command", Command="pjsip show contacts")
          .get("Output", "").count("phone1/sip:"), 10), open(f"{work.name}/out").read())
    d.order("phone", 4, "phone1")
    same("its agent is rung", d.order("agent", 4, "up"), "ok")
    check("and there", d.event("agent's phone up", agent=4, seconds=15), d.seen, open(f"{work.name}/out").read())
    talk(d, 20, 4, 3)
    check("the customer leaves", d.end(20, 15), d.of(20))
    check("both are in the recording", until(lambda: hears(pbx.recording("v-c20-.wav"), 440, 700,
          of=(440, 1004, 700)), 3), {hz: tone(pbx.recording("v-c20-.wav"), hz) for hz in (440, 700)})
    at = d.mark()
    softphone.terminate()
    softphone.wait()
    check("the phone goes: the dialer is told", d.event("agent's phone down", agent=4, since=at), d.seen[at:])
    d.close()
finally:
    if softphone and softphone.poll() is None:
        softphone.kill()
    pbx.stop()
    out.stop()
    work.cleanup()
finish()

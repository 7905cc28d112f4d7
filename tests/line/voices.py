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


HEARD = 3               # seconds of a talk in which everybody has his say


def talk(d, call, agent, paused=False):
    """A recorded call that is joined to an agent; it lasts until it is ended here."""
    number = f"1555099{call:03}9"
    same("placed", d.order("place", call, number, 15000, 2000, "record"), "ok")
    check("answered", d.event("person", call=call), d.seen)
    if paused:
        same("the recording is paused", d.order("record", call, "off"), "ok")
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
        numbers[n] = talk(d, n, n)
        same(mode, d.order("supervise", n + 10, n, mode), "ok")
        check("the supervisor is on", d.event("supervisor listens", agent=n), d.seen)
    time.sleep(HEARD)
    for n in modes:
        d.order("hangup", n, "normal")
        check("the call ends", d.end(n), d.of(n))
        d.order("supervise", n + 10, n, "stop")
        check("the supervisor is off", d.event("supervisor has left", agent=n), d.seen)
        d.order("agent", n, "down")
        check("the agent's phone is let go", d.event("agent's phone down", agent=n), d.seen)
    for n, mode in modes.items():
        agent = out.recording(f"{AGENTS[n]}-heard.wav")
        customer, boss = out.recording(f"{numbers[n]}-heard.wav"), out.recording(f"{SUPERVISORS[n + 10]}-heard.wav")
        for who, file, *tones in (("supervisor", boss, 440, 1004),
                                  ("agent", agent, 440, *([2200] if mode != "listen" else [])),
                                  ("customer", customer, 1004, *([2200] if mode == "barge" else []))):
            check(f"{mode}: what the {who} hears", until(lambda: hears(file, *tones)),
                  {hz: tone(file, hz) for hz in (440, 1004, 2200)})
        check("the recording has both voices", until(lambda: hears(pbx.recording(f"v-c{n}-.wav"), 440, 1004,
              of=(440, 1004, 700))), os.listdir(pbx.recording("")))

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
          .get("Output", "").count("phone1/sip:")), open(f"{work.name}/out").read())
    d.order("phone", 4, "phone1")
    same("its agent is rung", d.order("agent", 4, "up"), "ok")
    check("and there", d.event("agent's phone up", agent=4), d.seen, open(f"{work.name}/out").read())
    talk(d, 20, 4)
    time.sleep(HEARD)
    d.order("hangup", 20, "normal")
    check("the call ends", d.end(20), d.of(20))
    check("both are in the recording", until(lambda: hears(pbx.recording("v-c20-.wav"), 440, 700,
          of=(440, 1004, 700))), {hz: tone(pbx.recording("v-c20-.wav"), hz) for hz in (440, 700)})
    # A recording that is paused has silence, and goes on with both.
    for call, goes_on in (21, False), (22, True):
        talk(d, call, 4, paused=True)
        time.sleep(HEARD)
        if goes_on:
            same("the recording goes on", d.order("record", call, "on"), "ok")
            time.sleep(HEARD)
        d.order("hangup", call, "normal")
        check("the call ends", d.end(call), d.of(call))
        file = pbx.recording(f"v-c{call}-.wav")
        check("there is a recording", until(lambda: tone(file, 440) != -99 and os.path.getsize(file) > 8000))
        check("with both voices" if goes_on else "of silence",
              until(lambda: hears(file, *([440, 700] if goes_on else []), of=(440, 1004, 700))),
              {hz: tone(file, hz) for hz in (440, 700)})
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

#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The adapter softphone on a real baresip, which calls the public directly: each way in which a call
goes, a hang-up, a lost connection, a killed phone, a call in; then one person's work at the prompt."""
import os, signal, sqlite3, subprocess, sys, tempfile, time, wave

sys.path.insert(0, os.path.dirname(__file__))
import socket
from asterisk import PATTER, free_port, public, rtp_ports
from driver import Driver
from tap import check, finish, same, until

sip, own, control = free_port(), free_port(), free_port()
out = public(sip, own).start()
work = tempfile.TemporaryDirectory(prefix="patter-phone.")
with wave.open(f"{work.name}/say.wav", "wb") as w:
    w.setnchannels(1), w.setsampwidth(2), w.setframerate(8000)
    w.writeframes(b"\0\0" * 8000 * 120)
settings = subprocess.check_output([PATTER, "dialer", "config", "baresip", "config", "--port",
                                    str(control)], text=True)
with open(f"{work.name}/config", "w") as f:
    f.write(f"""poll_method epoll
sip_listen 127.0.0.1:{own}
call_local_timeout 120
audio_player aufile,{work.name}/heard.wav
audio_source aufile,{work.name}/say.wav
audio_alert aufile,{work.name}/null.wav
ausrc_srate 8000
auplay_srate 8000
rtp_ports {"-".join(str(p) for p in rtp_ports(100))}
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module uuid.so
module account.so
module menu.so
{settings}
""")
with open(f"{work.name}/accounts", "w") as f:
    f.write(f"<sip:switch@127.0.0.1:{sip}>;regint=0\n")


def start_phone():
    phone = subprocess.Popen(["baresip", "-f", work.name], stdin=subprocess.DEVNULL,
                             stdout=open(f"{work.name}/log", "a"), stderr=subprocess.STDOUT)

    def listens():
        try:
            socket.create_connection(("127.0.0.1", control), 1).close()
            return True
        except OSError:
            return False
    check("the phone listens", until(listens, 10), open(f"{work.name}/log").read())
    return phone


class NoSwitch:
    manager_port, user, secret = 0, "", ""


phone = start_phone()
d = Driver(NoSwitch, adapter="softphone", port=control, secret="", dial="{number}")
try:
    check("it comes up", d.ready(), d.seen)
    same("the person is there", d.order("agent", 7, "up"), "ok")
    check("and said to be", d.event("agent's phone up", agent=7), d.seen)
    serial = 0

    def dial(number, ring=20000):
        global serial
        serial += 1
        same(f"{number} is dialled", d.order("place", serial, number, ring, 5000), "ok")
        return serial

    for number, end in (("15550000010", "invalid number"), ("15550000011", "busy"),
                        ("15550000014", "failed"), ("15551000015", "no answer")):
        call = dial(number)
        ev = d.end(call)
        same(f"{number} ends as {end}", ev and ev.kind, end)
        check("and was not answered", "answered" not in d.of(call), d.of(call))
    call = dial("15550000012", 15000)
    ev = d.end(call)
    same("one that rings on is given up in time", ev and ev.kind, "no answer")

    # A talk: the customer hears the person, and leaves; then one that we end.
    call = dial("+15550010018")
    check("a person answers", d.event("person", call=call), d.of(call))
    check("another call is refused", "one at a time" in d.order("place", 99, "15550000011", 20000, 5000))
    same("who dials is there already", d.order("bridge", call, 7), "ok")
    check("and is joined", d.event("bridged", call=call), d.of(call))
    ev = d.end(call)
    check("the customer leaves", ev and ev.kind == "hang-up" and ev.by == "customer", ev)
    call = dial("15550990028")
    d.event("person", call=call)
    same("we end one", d.order("hangup", call, "normal"), "ok")
    ev = d.end(call)
    check("and it was us", ev and ev.kind == "hang-up" and ev.by == "us", ev)
    gone = out.manager.event("UserEvent", UserEvent="Public", Number="15550990028")
    check("the public saw its end", gone, "no")
    call = dial("15550000032")
    d.event("ringing", call=call)
    d.order("hangup", call, "cancel")
    ev = d.end(call)
    check("one that rings is cancelled", ev and ev.kind == "hang-up" and ev.by == "us", ev)

    # Another program takes the connection away: the call goes on, and is known again.
    call = dial("15550990048")
    d.event("person", call=call)
    d.order("bridge", call, 7)
    d.event("bridged", call=call)
    at = d.mark()
    thief = socket.create_connection(("127.0.0.1", control))
    down = d.event("link down", since=at, seconds=10)
    thief.close()
    if not down:                     # this baresip serves several: then the phone itself is stopped
        print("# it serves several connections")
    else:
        check("the link comes back", d.event("link up", since=at), d.seen[at:])
        same("and the phone is asked", d.order("reconcile"), "ok")
        check("the call goes on", d.event("bridged", call=call, since=at + 1), d.seen[at:])
    at = d.mark()
    phone.kill()
    phone.wait()
    check("a killed phone is a lost link", d.event("link down", since=at), d.seen[at:])
    check("and takes no calls", "not connected" in d.order("place", 98, "15550000011", 20000, 5000))
    phone = start_phone()
    check("it comes back", d.event("link up", since=at), d.seen[at:])
    at = d.mark()
    same("and is asked", d.order("reconcile"), "ok")
    check("the call is gone with it", d.event("reconciled", since=at)
          and not [e for e in d.seen[at:] if e.call == call], d.seen[at:])

    # Somebody rings in.
    def rings_in(number, seconds):
        r = out.manager.act("Originate", Channel=f"PJSIP/switch/sip:switch@127.0.0.1:{own}", Context="public",
                            Exten="agent1", Priority=1, Async="true", CallerID=f"<{number}>",
                            Timeout=1000 * seconds)
        same("somebody rings", r["Response"], "Success")

    rings_in("15557777", 20)
    ev = d.event("call in", since=at)
    check("and is told of", ev and ev.number == "15557777" and ev.call < 0, ev)
    same("he is taken", d.order("take", ev.call, 50, 5000), "ok")
    check("and is a person", d.event("person", call=50), d.of(50))
    d.order("hangup", 50, "normal")
    check("who is hung up", d.end(50), d.of(50))
    d.close()

    # One person's work.
    def patter(*lines):
        r = subprocess.run([PATTER, f"{work.name}/a.db"], input="\n".join(lines), text=True,
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return r.stdout

    said = patter("hours set default spec=always", "agent add name=li", "setting set region US",
                  "customer add name=A phone=+15550990058", "customer add name=B phone=+15550000061",
                  "list add name=l", "list fill l id>0", "campaign add name=c list=l script=hello",
                  "campaign start c", f"dialer adapter softphone 127.0.0.1:{control}", "dialer test")
    check("the test is content", "connected and logged in" in said and f"sip:switch@127.0.0.1:{sip}" in said, said)
    said = patter("dial preview c --agent li", "dial go", "dial result refused --note 'not now'", "dial go",
                  "dial stop")
    db = sqlite3.connect(f"{work.name}/a.db")
    same("a talk with the result that was said, and a busy that nobody needs to say",
         db.execute("SELECT number, result, note, talk IS NOT NULL, driver, real FROM call ORDER BY id").fetchall(),
         [("+15550990058", "refused", "not now", 1, "softphone", 1),
          ("+15550000061", "busy", None, 0, "softphone", 1)]) or check("as it was told", False, said)

    # Who rings while that person works is told of, and answered, or called back.
    p = subprocess.Popen([PATTER, "--keep-going", f"{work.name}/a.db"], stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def at_work(line, until_sql):
        """A line for the program, again until the file says what it should do."""
        def done():
            p.stdin.write(f"{line}\n")
            p.stdin.flush()
            time.sleep(.5)
            return db.execute(until_sql).fetchone()
        check(f"{line}: done", until(done, 20), until_sql)

    at_work("customer add name=C phone=+15550990078; customer add name=D phone=+15550990088;"
            "list fill l id>2; dial preview c --agent li", "SELECT 1 FROM agent WHERE state = 'ready'")
    rings_in("+15550990088", 30)
    at_work("dial take", "SELECT 1 FROM agent WHERE state = 'talking'")
    at_work("dial hangup; dial result appointment --note 'he called'",
            "SELECT 1 FROM call WHERE result = 'appointment'")
    rings_in("+15550990078", 2)
    at_work("dial status", "SELECT 1 FROM call WHERE result = 'missed'")
    p.stdin.write("dial stop\n")
    said = p.communicate(timeout=20)[0]
    check("who calls in is told", "D calls in, customer 4, for c (on its list)" in said
          and "C calls in, customer 3" in said, said)
    same("one was answered, one missed", db.execute("SELECT number, direction, result, note, talk > 0 FROM call"
                                                    " WHERE id > 2 ORDER BY id").fetchall(),
         [("+15550990088", "in", "appointment", "he called", 1), ("+15550990078", "in", "missed", None, None)]) \
        or check("as it was told", False, said)
    same("and is called back", db.execute("SELECT state, reason FROM entry WHERE customer = 3").fetchall(),
         [("callback", "missed")])
    said = patter("campaign set c mode=predictive", "dial start c")
    check("no floor is dialled with it", "needs many calls at once" in said and "dial preview c" in said, said)
finally:
    d.close()
    phone.kill()
    phone.wait()
    out.stop()
    work.cleanup()
finish()

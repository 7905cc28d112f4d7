# SPDX-License-Identifier: GPL-3.0-or-later
"""A real Asterisk on loopback: the switch with the configuration that patter prints, and a second
one that plays the public and the agents' phones.

Environment: PATTER the program, LINE_ROOT a folder made by root.sh.
"""
import glob, os, re, secrets, shutil, signal, socket, subprocess, sys, time

from manager import Manager
from tap import until

PATTER = os.environ["PATTER"]
ROOT = os.environ["LINE_ROOT"]
HARNESS = secrets.token_hex(16)          # the tests' own account


def free_port():
    """One that nobody has, of UDP nor of TCP, nor the next (a soft phone takes both), below those that the
    system gives to whoever connects."""
    while True:
        port = 5000 + 2 * secrets.randbelow(2400)
        try:
            for kind in socket.SOCK_DGRAM, socket.SOCK_STREAM:
                for taken in port, port + 1:
                    with socket.socket(socket.AF_INET, kind) as s:
                        s.bind(("127.0.0.1", taken))
        except OSError:
            continue
        if port not in free_port.given:
            free_port.given.add(port)
            return port


free_port.given = set()


def rtp_ports(size=1000):
    """A run of ports that nobody listens on now."""
    low = 10000 + os.getpid() * 40 % 15000
    while True:
        low = low + size if low < 30000 else 10000
        taken = {int(line.split()[1].split(":")[1], 16) for line in open("/proc/net/udp").readlines()[1:]}
        if low not in rtp_ports.given and not taken & set(range(low, low + size)):
            rtp_ports.given.add(low)
            return low, low + size - 1


rtp_ports.given = set()


def patter_config(part, *options):
    return subprocess.run([PATTER, "dialer", "config", "asterisk", part, *options], check=True, text=True,
                          stdout=subprocess.PIPE).stdout


def certificate(folder):
    """An authority, a certificate by it for localhost with its key in one file, and a stranger's authority."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    for who in "authority", "stranger":
        openssl(*new, "-subj", f"/CN={who}", "-keyout", f"{folder}/{who}.key", "-out", f"{folder}/{who}.pem")
    openssl(*new, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
            "-addext", "basicConstraints=critical,CA:FALSE", "-CA", f"{folder}/authority.pem",
            "-CAkey", f"{folder}/authority.key", "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem")
    with open(f"{folder}/manager.pem", "w") as f:
        f.write(open(f"{folder}/key.pem").read() + open(f"{folder}/cert.pem").read())


class Asterisk:
    """One instance. What it owns is in ROOT/srv/NAME; `files` are its configuration by name."""

    def __init__(self, name, files, manager_port):
        self.name = name
        self.inside = f"/srv/{name}-{os.getpid()}"
        self.folder = ROOT + self.inside
        self.manager_port, self.process, self.manager = manager_port, None, None
        for sub in "etc", "log", "run", "spool/monitor", "spool/tmp", "lib", "keys":
            os.makedirs(f"{self.folder}/{sub}", exist_ok=True)
        # At its start it asks for its host's own name, and then the world for it: let it find it here.
        with open(f"{ROOT}/etc/hosts", "w") as f:
            f.write(f"127.0.0.1 localhost {socket.gethostname()}\n")
        open(f"{ROOT}/etc/resolv.conf", "w").close()
        modules = os.path.dirname(glob.glob(f"{ROOT}/usr/lib/**/asterisk/modules/app_dial.so", recursive=True)[0])
        everywhere = {
            "asterisk.conf": f"""[directories]
astetcdir => {self.inside}/etc
astmoddir => {modules[len(ROOT):]}
astvarlibdir => /var/lib/asterisk
astdbdir => {self.inside}/lib
astkeydir => {self.inside}/keys
astdatadir => /usr/share/asterisk
astagidir => {self.inside}/lib
astspooldir => {self.inside}/spool
astrundir => {self.inside}/run
astlogdir => {self.inside}/log
[options]
verbose = 3
nocolor = yes
live_dangerously = no
transmit_silence = {"yes" if name == "public" else "no"}
""",
            "logger.conf": "[general]\ndateformat = %F %T.%3q\n[logfiles]\nfull = notice,warning,error,verbose\n",
            "rtp.conf": "[general]\nrtpstart = %d\nrtpend = %d\nstrictrtp = no\n" % rtp_ports(),
            "musiconhold.conf": "[general]\n[default]\nmode = files\ndirectory = /usr/share/asterisk/sounds/en\n",
            "indications.conf": "[general]\ncountry = us\n[us]\ndescription = us\nring = 440+480/2000,0/4000\n",
        }
        everywhere["acl.conf"] = "[nobody]\n"
        everywhere["amd.conf"] = AMD
        for bare in "ccss", "cdr", "cel", "features", "pjproject", "udptl":
            everywhere[bare + ".conf"] = "[general]\nenable = no\n" if bare in ("cdr", "cel") else "[general]\n"
        for file, text in {**everywhere, **files}.items():
            with open(f"{self.folder}/etc/{file}", "w") as f:
                f.write(text)

    def start(self):
        """Runs it and waits until it has booted."""
        for stale in glob.glob(f"{self.folder}/run/*"):
            os.unlink(stale)
        self.process = subprocess.Popen(
            ["chroot", ROOT, "/usr/sbin/asterisk", "-f", "-C", f"{self.inside}/etc/asterisk.conf"],
            stdin=subprocess.DEVNULL, stdout=open(f"{self.folder}/log/console", "a"), stderr=subprocess.STDOUT)
        until(self._listens)
        self.manager = Manager(self.manager_port, "harness", HARNESS)
        if not self.manager.event("FullyBooted"):
            sys.exit(f"{self.inside} did not start:\n" + open(f"{self.folder}/log/console").read()[-2000:])
        return self

    def _listens(self):
        if self.process.poll() is not None:
            sys.exit(f"{self.inside} died:\n" + open(f"{self.folder}/log/console").read()[-2000:])
        try:
            socket.create_connection(("127.0.0.1", self.manager_port), 5).close()
            return True
        except OSError:
            return False

    def kill(self, how=signal.SIGKILL):
        if self.manager:
            self.manager.close()
        if self.process and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def stop(self):
        """Ends it; its log stays in the build folder."""
        self.kill(signal.SIGTERM)
        logs = os.environ.get("BUILD", "build") + "/log"
        os.makedirs(logs, exist_ok=True)
        shutil.copy(f"{self.folder}/log/full", f"{logs}/{self.name}.log")
        shutil.rmtree(self.folder)

    def log(self, pattern):
        """Lines of its log with this in them."""
        with open(f"{self.folder}/log/full", errors="replace") as f:
            return [line for line in f if re.search(pattern, line)]

    def recording(self, name):
        return f"{self.folder}/spool/monitor/{name}"


AMD = """[general]
initial_silence = 2500
greeting = 1500
after_greeting_silence = 800
total_analysis_time = 5000
silence_threshold = 256
min_word_length = 100
between_words_silence = 50
maximum_number_of_words = 4
maximum_word_length = 5000
"""

ACCOUNT = f"""
[harness]
secret = {HARNESS}
deny = 0.0.0.0/0.0.0.0
permit = 127.0.0.1/255.255.255.255
read = all
write = all
"""


def switch(sip_port, public_port, phones, dead_port, tls_folder=None, name="switch"):
    """The switch under test: what patter prints, with this machine's ports and a carrier that is dead."""
    port, tls = free_port(), free_port()
    manager = patter_config("manager", "--port", str(port), "--user", "dialer")
    secret = re.search(r"^secret = (\w+)", manager, re.M)[1]
    if tls_folder:
        manager = (manager.replace(";tlsenable", "tlsenable").replace(";tlscertfile", "tlscertfile")
                   .replace(";tlsbindaddr = 0.0.0.0:5039", f"tlsbindaddr = 127.0.0.1:{tls}"))
    pjsip = (patter_config("pjsip").replace("bind = 0.0.0.0:5060", f"bind = 127.0.0.1:{sip_port}")
             .replace("sip:sip.carrier.example", f"sip:127.0.0.1:{public_port}")
             .replace("match = sip.carrier.example", f"match = 127.0.0.1:{public_port}"))
    phone_secret = re.search(r"^password = (\w+)", pjsip, re.M)[1]
    pjsip += f"""
[dead]
type = endpoint
context = patter-inbound
disallow = all
allow = alaw
aors = dead
[dead]
type = aor
contact = sip:127.0.0.1:{dead_port}
"""
    for phone in phones:                   # phones of the public's machine have a fixed address
        pjsip += f"""
[{phone}](agent-phone)
aors = {phone}
[{phone}]
type = aor
contact = sip:{phone}@127.0.0.1:{public_port}
"""
    it = Asterisk(name, {
        "manager.conf": manager + ACCOUNT,
        "extensions.conf": patter_config("extensions"),
        "pjsip.conf": pjsip,
        "modules.conf": patter_config("modules"),
    }, port)
    if tls_folder:
        certificate(tls_folder)
        with open(f"{it.folder}/keys/manager.pem", "w") as f:
            f.write(open(f"{tls_folder}/manager.pem").read())
        text = open(f"{it.folder}/etc/manager.conf").read()
        with open(f"{it.folder}/etc/manager.conf", "w") as f:
            f.write(text.replace("/etc/asterisk/keys/manager.pem", f"{it.inside}/keys/manager.pem"))
    it.user, it.secret, it.tls_port, it.phone_secret, it.sip_port = "dialer", secret, tls, phone_secret, sip_port
    return it


# The number itself says how its owner behaves: 1555 (or +1555), then
#   one digit     seconds of ringing
#   two digits    seconds until he hangs up
#   three digits  any, so that there are many
#   a digit       0 no such number  1 busy  2 rings for ever  3 answering machine  4 congestion
#                 5 rejects after ringing  6 changed number  7 announces (183) and never answers
#                 8 says hello and listens for an agent  9 answers and sends a tone of 440 Hz
# Or 1556, then one digit, seconds of ringing, and three, the cause by which it ends.
# An agent's phone says the digit 1 all the time (as telephone events), so that whom he is joined to
# can tell an agent from a recorded message.  What each did is a user event in this machine's log:
# Public, with Number, Did (what it answered) and Heard (agent or nobody; nothing: never answered).
PUBLIC = """
[public]
exten => _+1555XXXXXXX,1,Goto(${EXTEN:1},1)
exten => _1555XXXXXXX,1,Set(NUMBER=${EXTEN})
 same => n,Set(RING=${EXTEN:4:1})
 same => n,Set(TALK=$[${EXTEN:5:2} + 0])
 same => n,Set(HEARD=nothing)
 same => n,Set(DID=${CUT(KINDS,-,$[${EXTEN:10:1} + 1])})
 same => n,UserEvent(PublicRung,Number: ${NUMBER})
 same => n,Set(CHANNEL(hangup_handler_push)=gone,s,1)
 same => n,Goto(${DID},1)
exten => _1556XXXX,1,GotoIf($[${EXTEN:4:1} = 0]?end)
 same => n,Ringing()
 same => n,Wait(${EXTEN:4:1})
 same => n(end),Hangup($[${EXTEN:5} + 0])
exten => invalid,1,Hangup(1)
exten => busy,1,Hangup(17)
exten => noanswer,1,Ringing()
 same => n,Wait(3600)
exten => machine,1,Ringing()
 same => n,Wait(${RING})
 same => n,Answer()
 same => n,Playback(vm-intro)
 same => n,Playback(beep)
 same => n,Wait(${TALK})
 same => n,Hangup(16)
exten => congestion,1,Hangup(34)
exten => rejected,1,Ringing()
 same => n,Wait(${RING})
 same => n,Hangup(21)
exten => changed,1,Hangup(22)
exten => announced,1,Progress()
 same => n,Playback(ss-noservice,noanswer)
 same => n,Wait(3600)
exten => human,1,Ringing()
 same => n,Wait(${RING})
 same => n,Answer()
 same => n,Set(HEARD=nobody)
 same => n,Playback(hello-world)
 same => n,Read(DIGIT,,1,,1,30)
 same => n,Set(HEARD=${IF($["${DIGIT}" = "1"]?agent:nobody)})
 same => n,Wait(${TALK})
 same => n,Hangup(16)
exten => tone,1,Ringing()
 same => n,Wait(${RING})
 same => n,Answer()
 same => n,MixMonitor(${NUMBER}.wav,r(${NUMBER}-heard.wav))
 same => n,Playtones(440)
 same => n,Wait(${TALK})
 same => n,Hangup(16)
exten => _[+0-9].,1,Hangup(28)
exten => caller,1,Read(DIGIT,,1,,1,12)
 same => n,UserEvent(PublicCaller,Number: ${NUMBER},Heard: ${IF($["${DIGIT}" = "1"]?agent:nobody)})
 same => n,Wait(60)
exten => _age[n]t.,1,Answer()
 same => n(more),SendDTMF(1)
 same => n,Wait(0.3)
 same => n,Goto(more)
exten => _to[n]e.,1,Answer()
 same => n,MixMonitor(${EXTEN}.wav,r(${EXTEN}-heard.wav))
 same => n,Playtones(${EXTEN:4})
 same => n,Wait(3600)
[gone]
exten => s,1,UserEvent(Public,Number: ${NUMBER},Did: ${DID},Heard: ${HEARD})
 same => n,Return()
[globals]
KINDS = invalid-busy-noanswer-machine-congestion-rejected-changed-announced-human-tone
"""

PUBLIC_MODULES = """
load = app_read.so
load = app_senddtmf.so
load = app_playtones.so
load = func_cut.so
load = func_math.so
load = bridge_builtin_features.so
load = res_indications.so
"""


def public(sip_port, switch_port):
    port = free_port()
    return Asterisk("public", {
        "manager.conf": f"[general]\nenabled = yes\nbindaddr = 127.0.0.1\nport = {port}\n" + ACCOUNT,
        "extensions.conf": PUBLIC,
        "modules.conf": patter_config("modules") + PUBLIC_MODULES,
        "pjsip.conf": f"""
[transport]
type = transport
protocol = udp
bind = 127.0.0.1:{sip_port}
[switch]
type = endpoint
context = public
disallow = all
allow = alaw,ulaw
direct_media = no
aors = switch
[switch]
type = aor
contact = sip:127.0.0.1:{switch_port}
[switch]
type = identify
endpoint = switch
match = 127.0.0.1
""",
    }, port)

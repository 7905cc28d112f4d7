# SPDX-License-Identifier: GPL-3.0-or-later
"""Files made to exhaust whoever reads them: imported within bounds, with a message that says what
to do.  A row of the table: name of the file, how it is made, status, what must be said, options.
hostile.py PATTER [NAME ...] prints a line "ok" or "not ok" for each; with names, only for those, and
all that was said."""
import os, resource, socket, struct, subprocess, sys, threading, time, zlib
import xls
import xlsx
from xlsx import number, row, sheet, text

MEMORY, SECONDS = 256 << 20, 10        # of all processes together; of processor time
SANITIZED = "asan" in os.environ.get("BUILD", "")      # takes more of both
MIB = 1 << 20


def write(*pieces):
    """A piece is bytes, or (bytes, how many times)."""
    def make(name):
        with open(name, "wb") as f:
            for piece in pieces:
                piece, times = piece if isinstance(piece, tuple) else (piece, 1)
                for _ in range(0, times - times % 1000, 1000):
                    f.write(piece * 1000)
                f.write(piece * (times % 1000))
    return make


def card(*lines):
    return b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + b"".join(line + b"\r\n" for line in lines) + b"END:VCARD\r\n"


# ---- workbooks -----------------------------------------------------------------------------------

PHONE_HEAD = row("name", "phone")


def book(*rows):
    """A row is its XML, or (XML, how many times)."""
    return lambda name: xlsx.book(name, "".join(r * 1 if isinstance(r, str) else r[0] * r[1] for r in rows))


def parts(**replaced):
    """An ordinary workbook, some parts of which are not: '__' is '/', '_' before a suffix '.'."""
    def make(name):
        of = xlsx.parts([("Sheet1", sheet(PHONE_HEAD + row("Ann", number("13800138000"))))],
                        shared=xlsx.strings(["<t>x</t>"]))
        of.update({k.replace("__", "/").replace("_xml", ".xml"): v for k, v in replaced.items()})
        xlsx.write(name, of)
    return make


LAUGHS = ('<!DOCTYPE l [<!ENTITY a "ha">%s]>' % "".join(
    '<!ENTITY %s "%s">' % (chr(b), "&%s;" % chr(b - 1) * 10) for b in range(ord("b"), ord("k"))))
OUTSIDE = '<!DOCTYPE l [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


def entities(doctype):
    body = sheet(PHONE_HEAD + row("&j;" if "&i;" in doctype else "&a;", number("13800138000")))
    return parts(xl__worksheets__sheet1_xml=body.replace("?>\n", "?>\n" + doctype, 1))


def crc(packed):
    """Of what is in it; a bomb is not unpacked."""
    return zlib.crc32(zlib.decompress(packed, -15)) if 0 < len(packed) < 10000 else 0


def zip_of(entries):
    """An archive from entries (name, packed bytes, size, offset or None): the central directory may
    tell another offset than that where the bytes stand."""
    out, directory = bytearray(), bytearray()
    for name, packed, size, at in entries:
        at = len(out) if at is None else at
        if packed is not None:
            out += struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, 0, 8, 0, 33, crc(packed), len(packed), size, len(name), 0)
            out += name.encode() + packed
        stored = len(packed) if packed is not None else 4096
        directory += struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, 20, 20, 0, 8, 0, 33, crc(packed or b""), stored, size, len(name),
                                 0, 0, 0, 0, 0, at) + name.encode()
    end = struct.pack("<IHHHHIIH", 0x06054B50, 0, 0, min(len(entries), 65535), min(len(entries), 65535),
                      len(directory), len(out), 0)
    return bytes(out + directory + end)


def deflate(*pieces):
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    return b"".join(z.compress(p.encode() if isinstance(p, str) else p) for p in pieces) + z.flush()


def bomb(piece, times, before="", after=""):
    """A deflated text whose middle comes many times, at the price of one."""
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    head = z.compress(before.encode()) + z.flush(zlib.Z_FULL_FLUSH)
    z = zlib.compressobj(9, zlib.DEFLATED, -15)
    middle = z.compress(piece.encode()) + z.flush(zlib.Z_FULL_FLUSH)
    return head + middle * times + deflate(after)


def bombed(part, piece, times, before, after):
    def make(name):
        of = xlsx.parts([("Sheet1", sheet(PHONE_HEAD))], shared=xlsx.strings([]))
        entries = [(k, deflate(v), len(v), None) for k, v in of.items() if k != part]
        packed = bomb(piece, times, before, after)
        entries.append((part, packed, min(len(piece) * times, 0xFFFFFFFE), None))
        with open(name, "wb") as f:
            f.write(zip_of(entries))
    return make


def overlapping(name):
    of = xlsx.parts([("Sheet1", sheet(PHONE_HEAD + row("Ann", number("13800138000"))))])
    entries = [(k, deflate(v), len(v), None) for k, v in of.items()]
    entries += [("xl/media/%d.png" % i, None, 0xFFFFFFF0, 0) for i in range(60000)]
    with open(name, "wb") as f:
        f.write(zip_of(entries))


def many_parts(name):
    with open(name, "wb") as f:
        f.write(zip_of([("first", deflate("x"), 1, None)]
                       + [("x" * 200 + str(i), None, 1, 0) for i in range(65000)] * 2))


def nested(name):
    inner = zip_of([("bomb", bomb("\0" * MIB, 1000), 0xFFFFFFF0, None)])
    for i in range(5):
        inner = zip_of([("%d.zip" % i, deflate(inner), len(inner), None)])
    with open(name, "wb") as f:
        f.write(inner)


def shared_text(rows, columns):
    texts = "<row>%s</row>" % ('<c t="s"><v>0</v></c>' * columns)
    return lambda name: xlsx.book(name, row("name", *["c%d" % i for i in range(columns)]) + texts * rows,
                                  shared=xlsx.strings(["<t>%s</t>" % ("x" * MIB)]))


HEAD = sheet("").split("<sheetData>")[0] + "<sheetData>"
TAIL = "</sheetData></worksheet>"


def long_string(name):
    parts(xl__sharedStrings_xml=xlsx.strings(["<t>%s</t>" % ("x" * 17 * MIB)]))(name)


def cells(name):
    """Such as no packer makes much smaller."""
    noise = "".join(chr(65 + i % 26) + chr(97 + i * i % 23) for i in os.urandom(MIB // 2))
    xlsx.book(name, row("name", "note") + row("Ann", noise) * 20)


def cut_xls(at):
    def make(name):
        xls.book(name, {"S": [["name", "phone"]] + [["Ann%d" % i, 13800138000 + i] for i in range(200)]})
        whole = os.path.getsize(name)
        os.truncate(name, whole * at // 100)
    return make


def wide_xls(name):
    """A sheet that says it has all the cells that one can have, and has one."""
    xls.book(name, {"S": [["name"], ["Ann"]]})
    with open(name, "r+b") as f:
        whole = f.read()
        f.seek(whole.index(struct.pack("<HHIIHH", 0x0200, 14, 0, 2, 0, 1)) + 4)
        f.write(struct.pack("<IIHH", 0, 65536, 0, 256))


# ---- what is no ordinary file --------------------------------------------------------------------

def socket_at(name):
    socket.socket(socket.AF_UNIX).bind(name)


def link_to(target):
    return lambda name: os.symlink(target, name)


# ---- the table -----------------------------------------------------------------------------------

DEEP = 100000
WIDE = 50000
TABLE = [
    # CSV
    ("quote.csv", write(b'name,note\na,"b\n', (b"0123456,8\n", 20 * MIB)), 1,
     ["quote.csv: the record on line 2 is longer than 16 MiB", "a quote that is never closed"]),
    ("field.csv", write(b"name,note\nAnn,", (b"x", MIB), b"\n"), 0, ["new 1,"]),
    ("fields.csv", write(b"name,note\n", (b"Ann," + b"x" * MIB + b"\n", 100)), 0, ["new 100,"]),
    ("record.csv", write(b"name,note\n", (b"x" * MIB + b",", 100)), 1, ["longer than 16 MiB"]),
    ("line.csv", write((b"a", 40 * MIB)), 1, ["the record on line 1 is longer than 16 MiB"]),
    ("wide.csv", write(",".join("c%d" % i for i in range(WIDE)).encode() + b"\n1\n"), 1,
     ["wide.csv: the record on line 1 has more than 16384 fields", "--delimiter"]),
    ("columns.csv", write(",".join("c%d" % i for i in range(16384)).encode() + b"\n1\n"), 1,
     ["matches no field"]),
    ("create.csv", write(",".join("c%d" % i for i in range(16384)).encode() + b"\n1" + b",1" * 16383 + b"\n"), 1,
     ["16384 columns match no field, and an import creates no more than 500", "--ignore-unknown"], "--create-fields"),
    ("blank.csv", write(b"name,phone\n", (b"\n", MIB)), 0, ["read 0:", "1048576 empty lines left out"]),
    ("commas.csv", write(b"name,phone,note,city\n", (b",,,\n", MIB)), 0, ["read 0:", "empty lines left out"]),
    ("ragged.csv", write(b"name,phone\n", (b"," * 16000 + b"\n", 1000)), 0, ["read 0:"]),
    ("nul.csv", write(b"name,note\n\0\0,\0\n"), 1, ["nul.csv: its encoding cannot be guessed", "--encoding"]),
    ("nul1.csv", write(b"name,note\n" + b"Ann,x\n" * 20 + b"B\0b,y\n"), 0,
     ["new 21,"]),
    ("nuls.csv", write((b"\0", 20 * MIB)), 1, ["--encoding"]),
    ("empty.csv", write(b""), 1, ["empty.csv is empty"]),
    ("header.csv", write(b"name,phone\n"), 0, ["read 0:"]),
    ("quotes.csv", write(b"name,note\n", (b'"' * MIB + b"\n", 16)), 0, ["read"]),
    ("empty.tsv", write(b""), 1, ["empty.tsv is empty"]),
    ("backslash.tsv", write(b"name\tnote\n", (b"Ann\t" + b"\\t" * (MIB // 2) + b"\n", 50)), 0, ["new 50,"]),
    ("tags.csv", write(b'name,tag\nAnn,"', b",".join(b"t%d" % i for i in range(MIB)), b'"\n'), 0,
     ["new 1,", "1 row with more than 64 tags, the others left out; line 2: t64,"]),
    # JSON
    ("deep.json", write(b'{"name":' + b"[" * DEEP + b"]" * DEEP + b"}"), 1,
     ["deep.json: line 1: not JSON: maximum parsing depth reached"]),
    ("deep.jsonl", write(b'{"name":"Ann"}\n{"name":' + b"[" * DEEP + b"]" * DEEP + b"}"), 0,
     ["new 1,", "rejected 1", "line 2: not JSON: maximum parsing depth reached"]),
    ("deeper.json", write(b'{"a":' * DEEP + b"1" + b"}" * DEEP), 1, ["deeper.json: line 1: not JSON: maximum parsing depth reached"]),
    ("open.json", write((b"[", 30 * MIB)), 1, ["open.json", "'['"]),
    ("open2.json", write((b'{"a":', 6 * MIB)), 1, ["longer than 16 MiB", "never closed"]),
    ("list.json", write(b'{"name":"Ann","note":[', (b"1,", 8000000), b"1]}"), 1,
     ["list.json: line 1: it has more than 262144 values"]),
    ("keys.json", write(b"{" + ",".join('"k%d":1' % i for i in range(WIDE)).encode() + b"}"), 1,
     ["keys.json", "more than 16384 different keys"]),
    ("rows.jsonl", write((b"{}\n", MIB)), 1, ["its objects hold nothing"]),
    ("field.jsonl", write((b'{"name":"Ann","note":"' + b"x" * MIB + b'"}\n', 30)), 0, ["new 30,"]),
    ("escape.jsonl", write(b'{"name":"Ann","note":"' , (b"\\u4e00", 2 * MIB), b'"}\n'), 0, ["new 1,"]),
    ("digits.jsonl", write(b'{"name":"Ann"}\n{"name":' + b"9" * MIB + b"}\n"), 0,
     ["rejected 1", "line 2: not JSON: too big integer"]),
    ("string.json", write(b'{"name":"', (b"x", 40 * MIB)), 1, ["longer than 16 MiB", "never closed"]),
    ("nul.json", write(b'{"name":"Ann"}\n' * 9 + b'{"name":"A\0nn"}'), 0, ["new 9,", "rejected 1", "line 10: "]),
    ("empty.json", write(b""), 0, ["read 0:", "nothing was changed"]),
    ("none.json", write(b"[]"), 0, ["read 0:"]),
    # vCards
    ("properties.vcf", write(b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Ann\r\n", (b"TEL:13800138000\r\n", MIB),
                             b"END:VCARD\r\n"), 1, ["the card on line 1 has more than 16384 properties"]),
    ("different.vcf", write(b"BEGIN:VCARD\r\nVERSION:3.0\r\n" + b"".join(b"X-%d:1\r\n" % i for i in range(WIDE))
                            + b"END:VCARD\r\n"), 1, ["more than 16384 properties"]),
    ("phones.vcf", write(card(b"FN:Ann", *[b"TEL:1380013%04d" % (i % 9999) for i in range(16000)])), 0,
     ["new 1,", "with more numbers than can be kept; the first on line 1:"]),
    ("field.vcf", write((card(b"FN:Ann", b"NOTE:" + b"x" * MIB), 100)), 0, ["new 100,"]),
    ("tags.vcf", write(card(b"FN:Ann", b"CATEGORIES:" + b",".join(b"%x" % i for i in range(2200000)))), 1,
     ["more than 4 MiB of text", "take the card out"]),
    ("line.vcf", write(b"BEGIN:VCARD\r\nNOTE:", (b"x", 40 * MIB)), 1, ["longer than 16 MiB"]),
    ("folded.vcf", write(b"BEGIN:VCARD\r\nNOTE:", (b"x\r\n ", 20 * MIB)), 1, ["longer than 16 MiB"]),
    ("agents.vcf", write(b"BEGIN:VCARD\r\nAGENT:\r\n" * DEEP + b"END:VCARD\r\n" * DEEP), 0, ["read"]),
    ("begins.vcf", write((b"BEGIN:VCARD\r\n", 200000)), 0, ["rejected 200,000", "END:VCARD is missing"]),
    ("nul.vcf", write(card(b"FN:Ann") + card(b"FN:A\0nn")), 0, ["new 2,"]),
    ("empty.vcf", write(b""), 0, ["read 0:", "nothing was changed"]),
    # workbooks
    ("laughs.xlsx", entities(LAUGHS), 1, ["DOCTYPE", "an attack"]),
    ("outside.xlsx", entities(OUTSIDE), 1, ["DOCTYPE", "an attack"]),
    ("strings.xlsx", parts(xl__sharedStrings_xml=LAUGHS + "<sst><si><t>&j;</t></si></sst>"), 1, ["DOCTYPE"]),
    ("list.xlsx", parts(xl__workbook_xml=OUTSIDE + "<workbook>&a;</workbook>"), 1, ["DOCTYPE"]),
    ("nested.xlsx", nested, 1, ["an archive without a workbook in it", "save it as .xlsx"]),
    ("spaces.xlsx", bombed("xl/worksheets/sheet1.xml", " " * MIB, 2000, HEAD, TAIL), 1, ["when it is unpacked"]),
    ("rows.xlsx", bombed("xl/worksheets/sheet1.xml", "<row/>" * 200000, 8000, HEAD, TAIL), 1,
     ["more rows than a sheet can have"]),
    ("texts.xlsx", bombed("xl/sharedStrings.xml", "<si><t>%s</t></si>" % ("x" * 40) * 25000, 2000, xlsx.strings([])[:-6], "</sst>"),
     1, ["texts.xlsx"]),
    ("styles.xlsx", long_string, 1, ["16 MiB"]),
    ("overlap.xlsx", overlapping, 0, ["new 1,"]),
    ("parts.xlsx", many_parts, 1, ["its list of parts is longer than that of any workbook"]),
    ("blank.xlsx", book(PHONE_HEAD, ("<row/>", MIB - 2), row("Ann", number("13800138000"))), 0, ["new 1,"]),
    ("corner.xlsx", book(PHONE_HEAD + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), 0,
     ["rejected 1", "1048576"]),
    ("beyond.xlsx", book(PHONE_HEAD + '<row><c r="XFE2"><v>1</v></c></row>'), 1, ["right of XFD, the last column"]),
    ("wide.xlsx", book(row(*[number(str(i)) for i in range(WIDE)])), 1, ["right of XFD, the last column"]),
    ("deep.xlsx", book(PHONE_HEAD, ("<a>", DEEP), ("</a>", DEEP)), 1, ["nested too deeply"]),
    ("tag.xlsx", book(PHONE_HEAD, '<row><c a="', ("x", 5 * MIB), '"/></row>'), 1, ["a tag is longer than 4 MiB"]),
    ("cell.xlsx", cells, 0, ["new 20,"]),
    ("row.xlsx", book(row("name", "note") + "<row>", (text("x" * MIB), 100), "</row>"), 1, ["a row is longer than 16 MiB"]),
    ("shared.xlsx", shared_text(1, 100), 1, ["a row is longer than 16 MiB"], "--ignore-unknown"),
    ("shared2.xlsx", shared_text(10000, 10), 1, ["when its texts are repeated"], "--ignore-unknown"),
    ("zip.xlsx", write(b"PK\3\4" + b"\0" * 100), 1, ["zip.xlsx: the workbook is damaged"]),
    ("empty.xlsx", write(b""), 1, ["empty.xlsx is empty"]),
    ("void.xlsx", book(""), 1, ["sheet Sheet1 is empty"]),
    ("header.xlsx", book(PHONE_HEAD), 0, ["read 0:"]),
    # old workbooks, cut off anywhere
    *[("cut%d.xls" % at, cut_xls(at), 1, ["cut%d.xls: the workbook is damaged" % at, "save it as .xlsx"])
      for at in (4, 10, 25, 50, 75, 90)],
    ("dimensions.xls", wide_xls, 1, ["it takes more than 192 MiB", "save it as .xlsx"]),
    ("noise.xls", write(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + b"\xFF" * 4096), 1, ["the workbook is damaged"]),
    ("empty.xls", write(b""), 1, ["empty.xls is empty"]),
    # what is no ordinary file
    ("folder.csv", os.mkdir, 1, ["folder.csv is a folder", "the path of a file"]),
    ("zero.csv", link_to("/dev/zero"), 1, ["zero.csv is a device", "the path of a file"]),
    ("null.csv", link_to("/dev/null"), 1, ["null.csv is a device"]),
    ("socket.csv", socket_at, 1, ["cannot open socket.csv"]),
    ("loop.csv", link_to("loop.csv"), 1, ["cannot open loop.csv"]),
    ("absent.csv", lambda name: None, 1, ["cannot open absent.csv"]),
]


class Watch(threading.Thread):
    """The most that a process and those under it held in memory together."""

    def __init__(self, pid):
        super().__init__()
        self.pid, self.most, self.ended = pid, 0, False

    def held(self, pid):
        try:
            with open("/proc/%d/status" % pid) as f:
                kib = [int(line.split()[1]) for line in f if line.startswith("VmHWM")]
            with open("/proc/%d/task/%d/children" % (pid, pid)) as f:
                return sum(kib) * 1024 + sum(self.held(int(child)) for child in f.read().split())
        except (FileNotFoundError, ProcessLookupError):
            return 0

    def run(self):
        while not self.ended:
            self.most = max(self.most, self.held(self.pid))
            time.sleep(0.002)


def limit():
    seconds = SECONDS * (10 if SANITIZED else 1)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def run(patter, name, args):
    for old in [f for f in os.listdir(".") if f.startswith("h.db") or ".rejects." in f]:
        os.unlink(old)
    command = [patter, "h.db", "customer", "import", name, *args]
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                             preexec_fn=limit)
    watch = Watch(child.pid)
    watch.start()
    said = child.stdout.read().decode(errors="replace")
    _, status, used = os.wait4(child.pid, 0)
    watch.ended = True
    watch.join()
    return os.waitstatus_to_exitcode(status), said, max(watch.most, used.ru_maxrss * 1024), \
        used.ru_utime + used.ru_stime


def main():
    patter, wanted = sys.argv[1], sys.argv[2:]
    tried = 0
    for name, make, status, parts_said, *args in TABLE:
        if (wanted and name not in wanted) or (SANITIZED and make is wide_xls):
            continue                   # a sanitizer lets no limit of memory be set
        if os.fork() == 0:             # what it takes to make them is not ours then
            make(name)
            os._exit(0)
        os.wait()
        got, said, memory, seconds = run(patter, name, args)
        os.path.islink(name) or os.path.isdir(name) or not os.path.exists(name) or os.unlink(name)
        wrong = ["without '%s'" % part for part in parts_said if part not in said]
        wrong += ["status %d, not %d" % (got, status)] if got != status else []
        wrong += ["%d MiB of memory" % (memory >> 20)] if memory > MEMORY and not SANITIZED else []
        tried += 1
        print("%s %d - %s" % ("not ok" if wrong else "ok", tried, name), flush=True)
        if wrong or wanted:
            print("# %s; %.1f s, %d MiB" % (", ".join(wrong), seconds, memory >> 20))
            print("".join("# %s\n" % line[:300] for line in said.splitlines()[:12]), end="")
    return 0


sys.exit(main())

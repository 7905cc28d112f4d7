# SPDX-License-Identifier: GPL-3.0-or-later
"""Old workbooks for tests: BIFF8 records (MS-XLS) in a compound file (MS-CFB), as little as is read.

book(FILE, {NAME: [[cell, ...], ...]}): a cell is a str, a number, (number, format) or None.
"""
import struct

SECTOR = 512


def record(kind, data=b""):
    return struct.pack("<HH", kind, len(data)) + data


def wide(s, length="<H"):
    return struct.pack(length, len(s)) + b"\1" + s.encode("utf-16-le")


def globals_and_sheets(sheets, password):
    formats, texts = [0], {}
    bodies = []
    for rows in sheets.values():
        body = bytearray(record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0)))
        width = max((len(r) for r in rows), default=0)
        body += record(0x0200, struct.pack("<IIHHH", 0, len(rows), 0, width, 0))
        for y, cells in enumerate(rows):
            for x, cell in enumerate(cells):
                if isinstance(cell, str):
                    body += record(0x00FD, struct.pack("<HHHI", y, x, 0, texts.setdefault(cell, len(texts))))
                elif cell is not None:
                    value, form = cell if isinstance(cell, tuple) else (cell, 0)
                    if form not in formats:
                        formats.append(form)
                    body += record(0x0203, struct.pack("<HHHd", y, x, formats.index(form), value))
        bodies.append(bytes(body) + record(0x000A))

    def head(at):
        out = record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
        out += record(0x002F, bytes(6)) if password else b""
        out += record(0x0042, struct.pack("<H", 1200)) + record(0x0022, struct.pack("<H", 0))
        for form in formats:
            out += record(0x00E0, struct.pack("<HHH14x", 0, form, 0))
        for name, offset in zip(sheets, at):
            out += record(0x0085, struct.pack("<IBB", offset, 0, 0) + wide(name, "<B"))
        table = b"".join(wide(t) for t in texts)
        return out + record(0x00FC, struct.pack("<II", len(texts), len(texts)) + table) + record(0x000A)
    size, at = len(head([0] * len(bodies))), []
    for body in bodies:
        at.append(size)
        size += len(body)
    return head(at) + b"".join(bodies)


def compound(stream):
    stream += bytes(max(4096 - len(stream), 0))
    stream += bytes(-len(stream) % SECTOR)
    n = len(stream) // SECTOR
    tables = (n + 2 + 127) // 128 + 1
    chain = [0xFFFFFFFD] * tables + [0xFFFFFFFE] + [tables + 2 + i for i in range(n - 1)] + [0xFFFFFFFE]
    chain += [0xFFFFFFFF] * (tables * 128 - len(chain))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 62, 3, 0xFFFE, 9, 6)
    head += struct.pack("<IIIIIIIII", 0, tables, tables, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", *(list(range(tables)) + [0xFFFFFFFF] * (109 - tables)))

    def entry(name, kind, child, start, size):
        s = (name + "\0").encode("utf-16-le") if name else b""
        return s.ljust(64, b"\0") + struct.pack("<HBBIII16xI16xIII", len(s), kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child, 0,
                                                start, size, 0)
    directory = entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, 0xFFFFFFFF, tables + 1, len(stream))
    directory += entry("", 0, 0xFFFFFFFF, 0, 0) * 2
    return head + struct.pack("<%dI" % len(chain), *chain) + directory + stream


def book(file, sheets, password=False):
    with open(file, "wb") as f:
        f.write(compound(globals_and_sheets(sheets, password)))

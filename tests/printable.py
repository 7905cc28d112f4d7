#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""printable.py FILE ... -- fails where a file holds what a terminal does not simply print.

Refused: bytes that are no UTF-8, control characters but the line feed, and characters that direct,
hide or break text (bidi marks, zero-width space, line separators).  The joiner inside an emoji is
text.  With --typed, what a dumb terminal needs to edit a line (CR, BS) is allowed too.
"""
import sys
import unicodedata


def bad(c, typed):
    if c == "\n" or (typed and c in "\r\b"):
        return False
    if c in "\u200d\ufe0f":
        return False
    return unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")


def main(names):
    typed = names[:1] == ["--typed"]
    found = 0
    for name in names[typed:]:
        with open(name, "rb") as file:
            text = file.read().decode("utf-8", "surrogateescape")
        if not text.strip():
            print(f"{name}: empty")
            found += 1
        for number, line in enumerate(text.split("\n"), 1):
            chars = sorted({f"U+{ord(c):04X}" for c in line if bad(c, typed)})
            if chars:
                print(f"{name}:{number}: {' '.join(chars)} in {line[:120]!r}")
                found += 1
    sys.exit(found > 0)


main(sys.argv[1:])

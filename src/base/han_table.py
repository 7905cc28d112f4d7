#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes han_table.inc: traditional Chinese characters and the simplified one of each, as CLDR's
transform Hant-Hans has it, characters one by one.

    han_table.py > han_table.inc            (needs Debian's icu-devtools)

A maintainer runs it; the build does not.
"""
import subprocess

RANGES = (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xF900, 0xFAFF)
chars = [chr(c) for first, last in RANGES for c in range(first, last + 1)]
out = subprocess.run(["uconv", "-f", "utf-8", "-t", "utf-8", "-x", "Hant-Hans"], check=True,
                     input="\n".join(chars).encode(), stdout=subprocess.PIPE).stdout.decode()
pairs = [(ord(a), ord(b)) for a, b in zip(chars, out.split("\n"), strict=True)
         if len(b) == 1 and a != b and ord(b) < 0x10000]

print("/* Written by han_table.py from the transform Hant-Hans of CLDR, as ICU has it (Unicode License\n"
      " * v3). */")
for i in range(0, len(pairs), 5):
    print("   ", " ".join("{ 0x%X, 0x%X }," % p for p in pairs[i:i + 5]))

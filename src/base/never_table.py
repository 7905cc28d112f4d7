#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes never_table.inc: numbers that no program should dial by itself, as libphonenumber's
metadata has them: emergency numbers of each country, and beginnings under which there are only
numbers at a premium rate.

    never_table.py > never_table.inc        (needs Debian's python3-phonenumbers)

A maintainer runs it when the packaged libphonenumber gets newer; the build does not.
"""
import contextlib
import io
import re

import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from re import _parser as parser

with contextlib.redirect_stdout(io.StringIO()):         # it writes its own table
    from phone_table import Nfa

LONGEST = 7                             # digits of a beginning that are looked at
ORDINARY = ["fixed_line", "mobile", "toll_free", "voip", "personal_number", "uan", "shared_cost"]


MORE = {"CN": {"122", "12110"}}         # traffic accidents, police by text (MIIT numbering plan)


def emergency(region):
    meta = PhoneMetadata.short_metadata_for_region(region)
    if meta is None or meta.emergency is None or not meta.emergency.national_number_pattern:
        return MORE.get(region, set())
    pattern = re.compile(meta.emergency.national_number_pattern)
    texts = (str(n).zfill(w) for w in range(2, 6) for n in range(10 ** w))
    return {t for t in texts if pattern.fullmatch(t)} | MORE.get(region, set())


def automaton(metas, kinds):
    nfa = Nfa()
    start = nfa.state()
    for meta in metas:
        for kind in kinds:
            desc = getattr(meta, kind)
            if desc is not None and desc.national_number_pattern:
                nfa.sequence(start, parser.parse(desc.national_number_pattern))
    return nfa, nfa.closure({start})


def premium(regions):
    """Shortest beginnings that some premium number has and no ordinary one."""
    metas = [PhoneMetadata.metadata_for_region(r) for r in regions]
    dear, at = automaton(metas, ["premium_rate"])
    plain, beside = automaton(metas, ORDINARY)
    found, todo = [], [("", at, beside)]
    while todo:
        text, at, beside = todo.pop()
        if text and at and not beside:
            found.append(text)
        elif at and len(text) < LONGEST:
            todo += [(text + d, dear.step(at, d), plain.step(beside, d)) for d in "9876543210"]
    return found


def main():
    print("/* Written by never_table.py from phonenumbers " + phonenumbers.__version__ + ": code,")
    print("   emergency numbers, beginnings of numbers at a premium rate. */\n")
    print("static const struct Never { int code; const char *emergency, *premium; } never[] = {")
    for code in sorted(COUNTRY_CODE_TO_REGION_CODE):
        regions = [r for r in COUNTRY_CODE_TO_REGION_CODE[code] if r != "001"]
        if not regions:
            continue
        first = " ".join(sorted(set().union(*(emergency(r) for r in regions))))
        second = " ".join(premium(regions))
        line = f'    {{ {code}, "{first}", "{second}" }},'
        while len(line) > 100:
            cut = line.rfind(" ", 0, 99)
            print(line[:cut] + ' "')
            line = '      "' + line[cut + 1:]
        print(line)
    print("};")


main()

#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes phone_table.inc: automata that tell which Chinese and North American numbers are valid,
and of which country and kind, as libphonenumber's metadata has it.

    phone_table.py > phone_table.inc        (needs Debian's python3-phonenumbers)

A maintainer runs it when the packaged libphonenumber gets newer; the build does not.
tests/unit/test_phone_range.c proves the result equal to the library of the machine.
"""
import phonenumbers
from phonenumbers import COUNTRY_CODE_TO_REGION_CODE, PhoneMetadata
from re import _constants as op, _parser as parser

# libphonenumber tests the kinds in this order; fixed and mobile come last and may both match.
KINDS = [("PREMIUM", "premium_rate"), ("TOLL_FREE", "toll_free"), ("SHARED_COST", "shared_cost"),
         ("VOIP", "voip"), ("PERSONAL", "personal_number"), ("PAGER", "pager"), ("UAN", "uan"),
         ("VOICEMAIL", "voicemail")]


class Nfa:
    """Thompson's construction over digits; enough of the regular expressions that the data uses."""

    def __init__(self):
        self.edges, self.empty = [], []         # state: [(digits, to)], state: [to]

    def state(self):
        self.edges.append([])
        self.empty.append([])
        return len(self.edges) - 1

    def digits(self, what, arg):
        if what is op.LITERAL:
            return {chr(arg)}
        if what is op.RANGE:
            return {chr(c) for c in range(arg[0], arg[1] + 1)}
        if (what, arg) == (op.CATEGORY, op.CATEGORY_DIGIT):
            return set("0123456789")
        if what is op.IN:
            return set().union(*(self.digits(*x) for x in arg))
        raise ValueError(f"pattern element {what}")

    def repeat(self, at, low, high, sub):
        for _ in range(low):
            at = self.sequence(at, sub)
        end = self.state()
        self.empty[at].append(end)
        for _ in range(high - low):
            at = self.sequence(at, sub)
            self.empty[at].append(end)
        return end

    def sequence(self, at, items):
        for what, arg in items:
            if what is op.SUBPATTERN:
                at = self.sequence(at, arg[3])
            elif what is op.BRANCH:
                end = self.state()
                for branch in arg[1]:
                    self.empty[self.sequence(at, branch)].append(end)
                at = end
            elif what is op.MAX_REPEAT:
                at = self.repeat(at, arg[0], arg[1], arg[2])
            else:
                to = self.state()
                self.edges[at].append((self.digits(what, arg), to))
                at = to
        return at

    def closure(self, states):
        todo, seen = list(states), set(states)
        while todo:
            for to in self.empty[todo.pop()]:
                if to not in seen:
                    seen.add(to)
                    todo.append(to)
        return frozenset(seen)

    def step(self, states, digit):
        return self.closure({to for s in states for digits, to in self.edges[s] if digit in digits})


def kind_of(found, region, meta):
    if (region, "general_desc") not in found:
        return None
    for kind, name in KINDS:
        if (region, name) in found:
            return kind
    mobile = (region, "mobile") in found
    if (region, "fixed_line") in found:
        same = meta.fixed_line.national_number_pattern == meta.mobile.national_number_pattern
        return "FIXED_OR_MOBILE" if same or mobile else "FIXED"
    return "MOBILE" if mobile else None


def automaton(code):
    """Minimal automaton of all countries of a calling code: (transitions, class of each state)."""
    regions = COUNTRY_CODE_TO_REGION_CODE[code]
    metas = {r: PhoneMetadata.metadata_for_region(r) for r in regions}
    nfa, ends, lengths = Nfa(), {}, {}
    start = nfa.state()
    for r, meta in metas.items():
        for name in ["general_desc", "fixed_line", "mobile"] + [k[1] for k in KINDS]:
            desc = getattr(meta, name)
            if desc is not None and desc.national_number_pattern:
                ends[nfa.sequence(start, parser.parse(desc.national_number_pattern))] = (r, name)
                lengths[r, name] = desc.possible_length
        if meta.leading_digits:
            end = nfa.sequence(start, parser.parse(meta.leading_digits))
            nfa.edges[end].append((set("0123456789"), end))
            ends[end] = (r, "leading")
    longest = max(max(m.general_desc.possible_length) for m in metas.values())

    def outcome(state):
        states, length = state
        found = {ends[s] for s in states if s in ends}
        found = {f for f in found if f[1] == "leading" or length in (lengths[f] or (length,))}
        for r, meta in metas.items():
            kind = kind_of(found, r, meta)
            if meta.leading_digits:
                if (r, "leading") in found:
                    return (r, kind)
            elif kind:
                return (r, kind)
        return None

    first = (nfa.closure({start}), 0)
    table, todo = {}, [first]
    while todo:
        state = todo.pop()
        if state in table:
            continue
        nexts = [(nfa.step(state[0], d), state[1] + 1) for d in "0123456789"]
        table[state] = [n if n[0] and n[1] <= longest else None for n in nexts]
        todo += [n for n in table[state] if n]
    return minimal(table, first, outcome, longest)


def minimal(table, first, outcome, longest):
    # The automaton has no cycles (the length is part of a state): equal states are found from the
    # end, longest first.  An outcome only counts at a length that some number may have.
    number, rows, classes = {}, [[0] * 10], [None]
    known = {((0,) * 10, None): 0}
    for state in sorted(table, key=lambda s: -s[1]):
        row = [number[n] if n else 0 for n in table[state]]
        key = (tuple(row), outcome(state))
        if key not in known:
            known[key] = len(rows)
            rows.append(row)
            classes.append(key[1])
        number[state] = known[key]
    return rows, classes, number[first]


def write(name, code):
    rows, classes, first = automaton(code)
    kinds = sorted({c for c in classes if c}, key=lambda c: (c[0], c[1] or ""))
    print(f"\nstatic const PhoneClass {name}_class[] = {{\n    {{ \"\", PHONE_KIND_UNKNOWN }},")
    for region, kind in kinds:
        print(f"    {{ \"{region}\", PHONE_{kind or 'KIND_UNKNOWN'} }},")
    print(f"}};\n\nenum {{ {name}_start = {first} }};\n")
    print(f"static const PhoneState {name}_state[] = {{")
    for row, c in zip(rows, classes):
        print("    { { %s }, %d }," % (", ".join(map(str, row)), kinds.index(c) + 1 if c else 0))
    print("};")


print("/* Written by phone_table.py from the metadata of libphonenumber %s (Apache-2.0). */"
      % phonenumbers.__version__)
print("typedef struct PhoneClass { char country[3]; uint8_t kind; } PhoneClass;")
print("typedef struct PhoneState { _Alignas(32) uint16_t next[10]; uint8_t class; } PhoneState;")
print("""
/* State 0 and class 0: no such number.  A state's class is that of a number which ends there.  The
 * size is a power of two, since finding the next state is most of the work. */""")
write("cn", 86)
write("nanp", 1)

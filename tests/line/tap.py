# SPDX-License-Identifier: GPL-3.0-or-later
"""TAP lines for the tests on a real line, and waiting for what is to come."""
import sys, time

_said = [0, 0]


def check(name, ok, *seen):
    """One line; what was seen explains a failure."""
    _said[0] += 1
    if ok:
        print(f"ok {_said[0]} - {name}", flush=True)
    else:
        _said[1] += 1
        print(f"not ok {_said[0]} - {name}", flush=True)
        for one in seen:
            for line in str(one).splitlines()[:60]:
                print("#", line, flush=True)
    return ok


def same(name, got, want):
    return check(name, got == want, f"got  {got!r}", f"want {want!r}")


def finish():
    print(f"1..{_said[0]}", flush=True)
    sys.exit(_said[1] > 0)


# A limit is for what does not come at all, not for how long it takes: a machine that does much else is slow.
PATIENCE = 60


def until(question, seconds=PATIENCE):
    """What the question answers as soon as that is true; else its last answer."""
    end = time.monotonic() + seconds
    while True:
        answer = question()
        if answer or time.monotonic() > end:
            return answer
        time.sleep(0.02)

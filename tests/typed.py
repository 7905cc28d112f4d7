#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""typed.py OUTPUT KEYS PROGRAM [ARG ...] -- run a program on a terminal, type KEYS, keep what it shows.

KEYS are typed one by one, each when the program has been silent for a moment; \\t and \\r mean
TAB and Return.  Ends when the program does, or after ten seconds.
"""
import os
import pty
import select
import signal
import sys
import time


def main(output, keys, program):
    pid, fd = pty.fork()
    if pid == 0:
        os.execvp(program[0], program)
    keys = keys.encode().decode("unicode_escape").encode("latin-1")
    shown, until = b"", time.monotonic() + 10
    while time.monotonic() < until:
        if select.select([fd], [], [], 0.15)[0]:
            try:
                more = os.read(fd, 65536)
            except OSError:
                break
            if not more:
                break
            shown += more
        elif keys:
            os.write(fd, keys[:1])
            keys = keys[1:]
    else:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    with open(output, "wb") as file:
        file.write(shown.replace(b"\r\n", b"\n"))


main(sys.argv[1], sys.argv[2], sys.argv[3:])

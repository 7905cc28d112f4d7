#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Logging in: encrypted with a certificate that is checked, with a stranger's, with a wrong secret."""
import os, sys, tempfile

sys.path.insert(0, os.path.dirname(__file__))
from asterisk import free_port, switch
from driver import Driver
from tap import check, finish, same

keys = tempfile.TemporaryDirectory(prefix="patter-line.")
pbx = switch(free_port(), free_port(), [], free_port(), keys.name).start()


def logs_in(name, good, **config):
    d = Driver(pbx, "tls", **config)
    first = d.event("link up", "trouble")         # one that is refused says why
    check(name, first and first.kind == ("link up" if good else "trouble"), d.seen, d.process.poll())
    if good:
        check("and the switch answers", d.ready(), d.seen)
    d.close()


try:
    tls = {"tls": 1, "port": pbx.tls_port}
    logs_in("by name, the authority known", True, host="localhost", ca=f"{keys.name}/authority.pem", **tls)
    logs_in("by address, which the certificate holds too", True, ca=f"{keys.name}/authority.pem", **tls)
    logs_in("a certificate of a stranger is refused", False, ca=f"{keys.name}/stranger.pem", **tls)
    logs_in("so is one that no authority of the system signed", False, **tls)
    logs_in("an end that does not speak TLS is no switch", False, tls=1, ca=f"{keys.name}/authority.pem")
    logs_in("plain on loopback", True)
    logs_in("a wrong secret is refused", False, env={"LINE_SECRET": "wrong"})
    logs_in("so is an unknown user", False, user="nobody")
finally:
    pbx.stop()
    keys.cleanup()
finish()

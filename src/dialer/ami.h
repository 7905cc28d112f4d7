/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami.h -- the driver "ami": calls by an Asterisk, over its manager interface, as a state machine
 * without I/O: bytes in, bytes out, and the time.
 *
 * Each call, agent's leg and supervisor is one channel there whose Uniqueid this program chose
 * before it asked for it (ChannelId), so each event names what it is about, also to a later
 * connection or another process.  What happens on an answer is in the dialplan (ami_plan.h).
 *
 * How a call ended is judged by what was seen of it (ringing, early media, an answer, who asked for
 * the end) and the hang-up cause together; the reason of an originate and the dial status say too
 * little and differ between versions.  Events may come in any order, twice or not at all: a call
 * that was not answered is closed when both its Hangup and the answer to its Originate are in, or a
 * moment after the first.
 *
 * Facts of the protocol: docs.asterisk.org, "Asterisk Manager Interface"; where that is silent,
 * what versions 16.28 and 22.10 were seen to do (tests/line).
 */
#ifndef DIALER_AMI_H
#define DIALER_AMI_H

#include "dialer/peer.h"

/* NULL with ERR_INVALID when a value is missing or cannot be what it is for. `secret` is copied. A
 * carrier (peer.h) brings its bytes. */
Driver *ami_open(const SwitchConfig *c, const char *secret, const DriverHost *host, int64_t now,
                 Error *err);

/* The driver on a socket: adapter "ami" of drivers.h. */
Driver *ami_dial(const SwitchConfig *c, const DriverHost *host, Error *err);
/* Connects, logs in, asks for rights, dialplan and trunk, and calls inside the switch. */
bool ami_probe(const SwitchConfig *c, const ProbeHost *host, Error *err);
int ami_port(const SwitchConfig *c);                     /* 5038, with TLS 5039, unless it says */

#endif

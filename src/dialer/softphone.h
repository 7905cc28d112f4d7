/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * softphone.h -- the driver "softphone": one person's soft phone, told what to dial.
 *
 * It is a baresip with its module ctrl_tcp: JSON in netstrings on a TCP port, without a password,
 * so on this machine alone.  It names calls itself (their SIP Call-ID), at the first event of each;
 * the answer to `dial` is always "ok", what became of the call is in the event that closes it.
 * The person hears the customer from the beginning, and bridge() has nothing to do.
 *
 * One call at a time: while the person is in a call of his own nothing is placed.  `hangup` there
 * is of the newest call: one that rings in at that moment is rejected, too, and ours is hung up
 * after it.
 *
 * What baresip 1.0.0 was seen to say is in tests/unit/softphone_fake.h; tests/line has a real one.
 */
#ifndef DIALER_SOFTPHONE_H
#define DIALER_SOFTPHONE_H

#include "dialer/peer.h"

enum { SOFTPHONE_PORT = 4444 };

/* NULL with ERR_INVALID: what dials a number is not a dial string. A carrier (peer.h) brings its
 * bytes. */
Driver *softphone_open(const SwitchConfig *c, const DriverHost *host, int64_t now, Error *err);

/* "sip:8001@pbx.example;q=1" -> "8001"; what has no user in it is empty. */
Str sip_user(Str uri);
/* Of Q.850, for "486 Busy Here"; 0: the text begins with no SIP status. After ringing a 408 says
 * that nobody answered, before it that nobody replied. */
int sip_cause(Str text, bool rang);

/* On a socket: adapter "softphone" of drivers.h. */
Driver *softphone_dial(const SwitchConfig *c, const DriverHost *host, Error *err);
bool softphone_probe(const SwitchConfig *c, const ProbeHost *host, Error *err);

#endif

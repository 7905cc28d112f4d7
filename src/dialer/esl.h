/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * esl.h -- the driver "esl": calls by a FreeSWITCH, over its event socket (mod_event_socket,
 * inbound), as a state machine without I/O (peer.h).
 *
 * BUILT FROM THE PUBLISHED DOCUMENTATION ALONE.  It passes the contract on a fake; no FreeSWITCH
 * has been seen to agree.
 *
 * Each call, agent's leg and supervisor is a channel whose UUID this program chose before it asked
 * for it (origination_uuid), so each event names what it is about.  What happens on an answer goes
 * with the order, as an inline dialplan: the person waits, hears the message and is hung up, unless
 * uuid_bridge takes him away; so this happens also when this program is gone.  Everything is asked
 * by bgapi under a Job-UUID of ours; answers and events come in any order.
 *
 * What it cannot do: tell machines from people, record, take calls in.
 */
#ifndef DIALER_ESL_H
#define DIALER_ESL_H

#include "dialer/peer.h"

enum { ESL_PORT = 8021 };

/* What a person hears whom nobody came for: a sound of FreeSWITCH's own. */
#define ESL_SORRY "voicemail/vm-goodbye.wav"

/* NULL with ERR_INVALID when a value is missing or cannot be what it is for. `secret` is copied. */
Driver *esl_open(const SwitchConfig *c, const char *secret, const DriverHost *host, int64_t now,
                 Error *err);

int esl_cause(const char *name);                      /* "USER_BUSY" -> 17, of Q.850; 0: unknown */

/* On a socket: adapter "esl" of drivers.h. */
Driver *esl_dial(const SwitchConfig *c, const DriverHost *host, Error *err);
bool esl_probe(const SwitchConfig *c, const ProbeHost *host, Error *err);

#endif

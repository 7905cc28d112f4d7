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

#include "dialer/drivers.h"

/* How the bytes travel. None of these may call back into the driver before it returns. */
typedef struct AmiCarrier {
    void *self;
    void (*connect)(void *self);      /* begin; ami_connected() or ami_lost() follows */
    void (*send)(void *self);         /* there is output: ami_output() */
    void (*disconnect)(void *self);
    void (*free)(void *self);         /* the driver is closed */
} AmiCarrier;

/* NULL with ERR_INVALID when a value is missing or cannot be what it is for. `secret` is copied. */
Driver *ami_open(const SwitchConfig *c, const char *secret, const DriverHost *host, int64_t now,
                 Error *err);
void ami_set_carrier(Driver *d, AmiCarrier carrier);     /* before the first tick */

/* For the carrier. */
void ami_connected(Driver *d, int64_t now);
void ami_receive(Driver *d, const char *s, size_t n, int64_t now);
void ami_lost(Driver *d, const char *why, int64_t now);  /* not connected (any more) */
Buf *ami_output(Driver *d);                              /* what is to be sent; take it off there */
void ami_tick(Driver *d, int64_t now);                   /* what is due by now */
int64_t ami_wake(const Driver *d);                       /* when a tick is due; NEVER */

/* The driver on a socket: adapter "ami" of drivers.h. */
Driver *ami_dial(const SwitchConfig *c, const DriverHost *host, Error *err);
/* Connects, logs in, asks for rights, dialplan and trunk, and calls inside the switch. */
bool ami_probe(const SwitchConfig *c, const ProbeHost *host, Error *err);
int ami_port(const SwitchConfig *c);                     /* 5038, with TLS 5039, unless it says */

#endif

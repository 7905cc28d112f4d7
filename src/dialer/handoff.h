/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * handoff.h -- the driver "command": each call is handed to a program, which dials it on whatever
 * phone the person at this terminal has. As a state machine without I/O: programs started and
 * ended are told of, and the time.
 *
 * Two kinds of programs serve.  One hands the number over and ends (xdg-open with a tel: URI): when
 * it has ended with 0, the call is the person's.  One runs for as long as the call lasts: after
 * HANDOFF_HANDED_MS it counts as dialled, and its end is the end of the call.  What ends with
 * anything but 0 before that has dialled nothing.
 *
 * How a call went this driver cannot know: it is a PERSON once it is handed over, and the agent's
 * word is its result.  One call at a time, for one agent.
 *
 * The program gets words, never a shell: the command of the switch is split as a command line is,
 * and in a word {number} stands for the number, {tel} for its URI (RFC 3966).
 */
#ifndef DIALER_HANDOFF_H
#define DIALER_HANDOFF_H

#include "dialer/drivers.h"
#include "dialer/probe.h"

#define HANDOFF_USUAL "xdg-open {tel}"       /* of a switch that has no command */

enum { HANDOFF_HANDED_MS = 3000, HANDOFF_WORDS = 32 };

/* What programs are for the driver. None of these may call back into it before it returns. */
typedef struct HandoffCarrier {
    void *self;
    /* Begin one. *run is what handoff_ended() names it by, > 0. ERR_FAILED: it cannot be begun. */
    bool (*start)(void *self, char *const *argv, int64_t *run, Error *err);
    void (*stop)(void *self, int64_t run);    /* ask it to end; handoff_ended() follows */
    void (*wake)(void *self);                 /* handoff_wake() may be earlier now */
    void (*free)(void *self);                 /* the driver is closed */
} HandoffCarrier;

/* NULL with ERR_INVALID when the command cannot be one. */
Driver *handoff_open(const SwitchConfig *c, const DriverHost *host, int64_t now, Error *err);
void handoff_set_carrier(Driver *d, HandoffCarrier carrier);

/* For the carrier. `status`: of waitpid(). */
void handoff_ended(Driver *d, int64_t run, int status, int64_t now);
void handoff_tick(Driver *d, int64_t now);
int64_t handoff_wake(const Driver *d);

/* The words of a switch's command for a number, NULL after the last. ERR_INVALID: it has no number
 * in it, or more than HANDOFF_WORDS words; or the number may not go out. */
bool handoff_words(const SwitchConfig *c, const char *number, Arena *a, char ***out, Error *err);

/* "tel:+8613800138000"; a number without its country is one only within a `context` (a domain, or
 * the beginning of a number): "tel:10086;phone-context=example.com". ERR_INVALID when there is
 * none. */
bool tel_uri(const char *number, const char *context, Buf *out, Error *err);

/* With real programs, in the event loop: adapter "command" of drivers.h (handoff_run.c). */
Driver *handoff_dial(const SwitchConfig *c, const DriverHost *host, Error *err);
bool handoff_probe(const SwitchConfig *c, const ProbeHost *host, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * esl_inside.h -- the driver's own struct, for its files only.
 *
 *   esl.c         life, connection, login, events, reconcile
 *   esl_order.c   orders, as commands
 */
#ifndef DIALER_ESL_INSIDE_H
#define DIALER_ESL_INSIDE_H

#include "dialer/esl.h"
#include "dialer/esl_wire.h"
#include "dialer/leg.h"

typedef struct Esl {
    Peer p;
    EslReader reader;
    char *secret;
    bool asked_auth, asked_events;    /* of this connection */
    bool unread;              /* it was said that messages are too long, on this connection */
    char jobs[80];            /* what Job-UUIDs of this program begin with: others hear them, too */
} Esl;

/* esl_order.c */
extern const DriverOps esl_ops;
void esl_kill(Esl *e, const Leg *l);
/* A command in the background; its answer is a BACKGROUND_JOB of this id. */
__attribute__((format(printf, 3, 4))) void esl_job(Esl *e, const char *id, const char *fmt, ...);

#endif

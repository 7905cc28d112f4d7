/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami_inside.h -- the driver's own struct, for its files only.
 *
 *   ami.c         life, connection, login
 *   ami_order.c   orders, as actions
 *   ami_event.c   responses and events
 *   ami_list.c    reconcile: what the switch has
 */
#ifndef DIALER_AMI_INSIDE_H
#define DIALER_AMI_INSIDE_H

#include "dialer/ami.h"
#include "dialer/ami_plan.h"
#include "dialer/ami_wire.h"
#include "dialer/leg.h"

typedef enum AmiStep {
    AMI_GREETING,             /* connected; the server speaks first */
    AMI_CHALLENGE,            /* asked for one */
    AMI_LOGIN,                /* sent the key */
    AMI_UP,
} AmiStep;

typedef struct Ami {
    Peer p;
    AmiStep step;             /* of this connection */
    AmiReader reader;
    char *secret;
    int asked;                /* notes of calls that are not there any more, not yet answered */
    bool unread;              /* it was said that messages are too long, on this connection */
} Ami;

/* ami.c */
void ami_message(Ami *a, const AmiMessage *m);        /* after login: ami_event.c */

/* ami_order.c */
extern const DriverOps ami_ops;
void ami_hangup(Ami *a, const Leg *l);
void ami_note(const Ami *a, CallId call, char out[static DRIVER_NAME]);       /* its PLAN_NOTE */
void ami_unset_talked(Ami *a, const Leg *l);

/* ami_list.c */
void list_item(Ami *a, const AmiMessage *m);
void list_complete(Ami *a, const AmiMessage *m);
void list_note(Ami *a, Leg *l, Str note);             /* what became of it; "" it is not known */

#endif

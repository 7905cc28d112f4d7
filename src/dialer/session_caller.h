/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_caller.h -- who calls in, and which campaign caused it.
 *
 * A call in is credited to the campaign of the last thing that was sent or said to the customer
 * within the window: a call to him, whether he was reached or not; or a letter, mail or message,
 * then the campaign is the one that has him on its list.  Without either, being on the list of a
 * campaign is enough.
 */
#ifndef DIALER_SESSION_CALLER_H
#define DIALER_SESSION_CALLER_H

#include "base/phone.h"
#include "model/crm.h"

typedef struct Caller {
    char number[PHONE_E164_SIZE];     /* "": withheld */
    int64_t customer;                 /* 0: nobody has it. Of several who was called last */
    int64_t others;                   /* more who have it */
    int64_t owner;                    /* user; 0 none */
    int64_t campaign;                 /* credited with it; 0 none */
    const char *name, *org, *owner_name, *campaign_name, *because;    /* in the arena, or NULL */
} Caller;

/* The number as the network told it (any bytes) to E.164; as it is where it cannot be read as one;
 * "" when it is withheld or may not be dialled. */
void caller_number(Crm *crm, const char *told, char out[static PHONE_E164_SIZE]);

/* So long after something was sent or said a call in may be credited to it, ms: setting
 * inbound.days, else 30 days. */
int64_t caller_within(Crm *crm);

/* k->number says who; the rest is filled in. `within` in ms. */
bool caller_find(Crm *crm, int64_t within, Arena *a, Caller *k, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * callback.h -- callbacks without a call: booked, booked anew, given up.
 *
 * A callback is an entry of a campaign's list in the state `callback` with a time, and an agent
 * when one promised it.  Whether it may be called at that time the dial gate decides then; here it
 * is asked ahead, so that nobody agrees what will not be done.
 */
#ifndef MODEL_CALLBACK_H
#define MODEL_CALLBACK_H

#include "model/gate.h"

typedef struct Callback {
    int64_t campaign, customer;
    int64_t at;                       /* ms */
    int64_t agent;                    /* who calls; 0: anybody */
    const char *note;                 /* or NULL */
} Callback;

/* What was booked; texts in the arena. */
typedef struct Booked {
    int64_t entry;
    const char *customer_name, *campaign_name;
    const char *was_done;             /* the entry was: why; NULL: it was not */
    const char *was_of;               /* the agent whose it was, if another; or NULL */
    Verdicts held;                    /* what does not pass of the gate at that time */
} Booked;

/* Both within a transaction. ERR_NOT_FOUND: the customer is not on the campaign's list.
 * ERR_REFUSED: he is in a call, or the list takes no change. */

/* Also ERR_INVALID: the time has passed; ERR_REFUSED: the campaign is closed, or whoever is to be
 * called never may be (no number, the stop list, consent), in the gate's words. A note becomes a
 * touch. */
bool callback_book(Crm *crm, const Callback *b, Arena *a, Booked *out, Error *err);

/* What of the gate will not pass at b->at, as far as is known now, of a customer with whom it is
 * being agreed in a call. Nothing is written. */
bool callback_ahead(Crm *crm, const Callback *b, Arena *a, Verdicts *held, Error *err);

/* Give it up: the entry is open for everybody again, or done if it was before or has no attempts
 * left; *state is which. ERR_REFUSED: there is no callback. `why` becomes a touch. */
bool callback_drop(Crm *crm, int64_t campaign, int64_t customer, const char *why, Arena *a,
                   const char **state, Error *err);

#endif

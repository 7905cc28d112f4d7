/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * list.h -- calling lists: filled, split, joined, dealt to agents, taken back.
 *
 * An entry is one customer on one list.  Its states: new (never called), dialling (a call is up),
 * retry (to be tried again not before next_at), callback (a time was agreed), done (for the reason
 * in `reason`).  Nothing here decides whether an entry may be called now: the dial gate does.
 */
#ifndef MODEL_LIST_H
#define MODEL_LIST_H

#include "model/filter.h"
#include "model/gate.h"

/* All of these are called within a transaction, and refuse (ERR_REFUSED) to change a list that is
 * not active. */

/* The list takes changes. */
bool list_may_change(Crm *crm, int64_t list, Error *err);

/* Put every customer for which the filter holds on the list, once, but the retired ones; *added
 * counts the new ones. */
bool list_fill(Crm *crm, int64_t list, const Filter *f, int64_t *added, Error *err);

/* Take entries that were never called off the list. */
bool list_remove(Crm *crm, int64_t list, const Filter *customers, int64_t *removed, Error *err);

/* Deal up to `each` entries (0: all that are left, evenly) that nobody has to each agent in turn;
 * dealt[i] counts for agent i. *left: entries without an agent afterwards. */
bool list_deal(Crm *crm, int64_t list, const int64_t *agents, int n, int64_t each, int64_t *dealt,
               int64_t *left, Error *err);
/* Take back what an agent was dealt and has not called; `all`: also what he has called and not
 * finished, and his callbacks. agent 0: from everybody. */
bool list_recall(Crm *crm, int64_t list, int64_t agent, bool all, int64_t *back, Error *err);

/* Move the entries of a list to NAME.VALUE lists by a field of the customer, at most 200; fn is
 * told of each. ERR_CONFLICT: there is a list of that name. */
bool list_split(Crm *crm, int64_t list, const Field *by, Arena *a,
                bool (*fn)(void *ctx, Str name, int64_t entries), void *ctx, Error *err);
/* Put the customers of `from` on `to`, once. */
bool list_join(Crm *crm, int64_t to, int64_t from, int64_t *added, Error *err);

/* active, frozen (no change, not dialled), retired. ERR_REFUSED from retired to another. */
bool list_set_state(Crm *crm, int64_t list, const char *state, Error *err);

/* ---- campaigns ------------------------------------------------------------------------------- */

extern const Gate campaign_gate;           /* may it start? subject: const int64_t *campaign */

/* ready, running, paused, closed, by the table of allowed steps in list.c's sibling campaign.c;
 * running asks the gate. ERR_REFUSED says from where one may go where. */
bool campaign_set_state(Crm *crm, int64_t campaign, const char *state, Arena *a, Error *err);

#endif

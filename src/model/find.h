/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * find.h -- full-text and digit search in one type.
 *
 * Every word must be there. `field:text` looks in one field: a searched column of the type or a
 * kind of contact point (phone, fax, email, web). Digits alone (3 or more, with punctuation) and
 * what has an '@' are sought in contact points first; words in the search table, which for
 * customers means the names of their people too. Types without one scan their text fields.
 *
 * Best first: the whole text, what begins with it, what holds it, the rest; in the name before the
 * other columns, short texts before long ones. Where very many match, some are ranked: the first
 * ones, and of a single word those that begin with it.
 */
#ifndef MODEL_FIND_H
#define MODEL_FIND_H

#include "model/select.h"

typedef struct Found {
    int64_t *ids;                      /* best first, n of them */
    int64_t n;
    Str *marks;                        /* folded texts to be marked where they are shown */
    int n_marks;
} Found;

/* At most `limit` (0: all). ERR_USAGE names a field that is not there or not searched. */
bool find_ids(Crm *crm, const Type *t, Str text, int64_t limit, Arena *a, Found *out, Error *err);

#endif

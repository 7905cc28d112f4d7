/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * books.h -- sums that must come out the same however they are reckoned; `check` proves them all.
 *
 * An equation is a query that returns the rows that break it, so that each can be named.  An area
 * with equations of its own ends its file with a table of them and names it in books[] (books.c).
 */
#ifndef MODEL_BOOKS_H
#define MODEL_BOOKS_H

#include "model/crm.h"

typedef struct Equation {
    const char *name;             /* "entries" */
    const char *says;             /* "entries of a list = the sum over their states" */
    Sql sql;                      /* (where, left, right) of what breaks it: "list 3", 5, 4 */
} Equation;

extern const Equation *const books[];     /* tables that end with {0}; NULL-ended */

typedef struct Imbalance { const Equation *equation; Str where; Value left, right; } Imbalance;

/* Prove all equations; each row that breaks one is handed to `say` (texts live during the call).
 * *proven counts equations, *broken rows. False only when it could not be done. */
bool books_check(Crm *crm, void (*say)(void *ctx, const Imbalance *i), void *ctx, int *proven,
                 int *broken, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * privacy.h -- all that is held on one customer, and taking it out of the file.
 *
 * Held is the customer's row, every row that would go with it (ON DELETE CASCADE, step by step),
 * its calls and moves, the stop list's lines for its numbers, what it was merged with, and the
 * journal of all these, of rows that are gone too.  A row
 * of somebody else that only refers to the customer is not.
 *
 * Erasing keeps the rows that reports count, without what tells of a person: texts, numbers,
 * addresses, and the dates and times that users added.  Fields that reports count by stay
 * (FIELD_COUNTED, choices, references, amounts).  Contact points, tags and lines of the stop list
 * are removed.
 */
#ifndef MODEL_PRIVACY_H
#define MODEL_PRIVACY_H

#include "model/crm.h"
#include "store/erase.h"

typedef struct Held { EraseRows *tables; int n; } Held;

/* Of one that was deleted, what the journal holds. ERR_NOT_FOUND: there never was such a customer;
 * ERR_REFUSED: it was merged with another, who is named. */
bool privacy_held(Crm *crm, int64_t customer, Arena *a, Held *out, Error *err);

/* One JSON object: a key for each table with its rows, and `journal` with each change. Appends. */
bool privacy_json(Crm *crm, const Held *held, Arena *a, Buf *out, Error *err);

typedef struct Erased { int64_t fields, rows; int tables; } Erased;

/* Within a transaction: erase; what the journal loses is in *e after the commit. */
bool privacy_erase(Crm *crm, const Held *held, Erasure *e, Arena *a, Erased *out, Error *err);

/* Personal values that are still in the rows. */
bool privacy_left(Crm *crm, const Held *held, Arena *a, int64_t *fields, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_called.h -- what headers call a field: its name, its label, its synonyms, however spelt.
 */
#ifndef MODEL_IMPORT_CALLED_H
#define MODEL_IMPORT_CALLED_H

#include "model/type.h"

/* A header reduced to what is compared: folded, letters and digits alone, simplified characters for
 * traditional ones. */
Str import_header_norm(Str header, Arena *a);

/* What the fields of a type are called, so reduced: all their names (the first `named`), then their
 * labels, then what else they are called, so that a synonym never hides a name. */
typedef struct Called { Str norm; const Field *field; } Called;
typedef struct CalledList { Called *of; int named, n, room; } CalledList;

CalledList called_of(const Type *t, Arena *a);                     /* lives in the arena */
const Field *called_by_name(const CalledList *names, Str norm);    /* NULL: none is called so */
const Field *called_anyhow(const CalledList *names, Str norm);

#endif

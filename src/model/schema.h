/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema.h -- parts of reading declarations that user_type.c shares with schema.c.
 */
#ifndef MODEL_SCHEMA_H
#define MODEL_SCHEMA_H

#include "model/type.h"

/* A type from its JSON definition; fields (n of them, not yet indexed) and texts in the arena.
 * ERR_USAGE says what is wrong. */
bool type_from_json(Str text, Arena *a, Type *out, int *n, Error *err);

/* "a, b,c" as a NULL-ended list; ， and 、 separate too. */
const char *const *choices_split(Str text, Arena *a);

/* The other name of a type ("lead"), or NULL. */
const char *schema_alias(const Type *t);

#endif

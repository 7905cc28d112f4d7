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

/* The choices of a field as they are declared, "gold=金牌|Gold card" or "gold", into
 * Field.choices and Field.choice_labels. */
void choices_declare(const char *const *declared, Field *f, Arena *a);
/* ERR_USAGE for a choice without a name. */
bool choices_check(const char *field, const char *const *declared, Error *err);

/* The other name of a type ("lead"), or NULL. */
const char *schema_alias(const Type *t);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * compare.h -- one comparison of the filter language as SQL.
 */
#ifndef MODEL_COMPARE_H
#define MODEL_COMPARE_H

#include "model/crm.h"

/* SQL text with anonymous parameters and their values, growing. */
typedef struct Compiled {
    Buf sql;
    Value *bind;           /* in the arena */
    int n, room;
} Compiled;

void compiled_put(Compiled *c, const char *sql);

/* Append the condition `path op value` on the row `alias` of type t. op.n == 0: the bare field;
 * value NULL: null test ("field=", "field!="). A negative operator is the exact complement of its
 * positive one, nulls included. ERR_USAGE for the path, ERR_INVALID or ERR_NOT_FOUND for the value. */
bool compare(Crm *crm, const Type *t, const char *alias, Str path, Str op, const Str *value, Arena *a,
             Compiled *out, Error *err);

#endif

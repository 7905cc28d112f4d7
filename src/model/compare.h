/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * compare.h -- one condition of the filter language as SQL.
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

typedef struct Condition {
    Str path;              /* field, or fields joined by dots */
    Str op;                /* n 0: the bare field */
    const Str *values;     /* n of them; "=" and "!=" may have several: any will do. Blank: null */
    int n;                 /* 0: null test ("field=", "field!=") */
    int wrong;             /* out, on an error: the value it is about; -1: path or operator */
} Condition;

/* Append a condition on the row `alias` of type t, as an expression that needs no parentheses. A
 * negative operator is the exact complement of its positive one, null included. ERR_USAGE for path
 * and operator, ERR_INVALID or ERR_NOT_FOUND for a value. */
bool compare(Crm *crm, const Type *t, const char *alias, Condition *c, Arena *a, Compiled *out,
             Error *err);

#endif

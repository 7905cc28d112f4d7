/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * filter.h -- the filter language of design.md section 3, compiled to SQL with bound values.
 *
 *     expr   = term { ["and"] term | "or" term };  "and" and juxtaposition bind tighter than "or"
 *     term   = "not" term | "(" expr ")" | field op value | field ["not"] "in" "(" v, v ")" | field
 *     op     = "=" "!=" "<" "<=" ">" ">=" "~" "!~"
 *     field  = name { "." name }      through a ref (owner.name) or to records that refer here
 *              (person.role=decider: some person of it has the role)
 *     value  = word or quoted text; "field=" and "field!=" alone: is null, is not null
 *
 * "!=", "!~" and "not in" are the exact complement of "=", "~" and "in", null included.  "~" is
 * contains, case- and width-folded, for texts; < and > are for what has an order.  A bare field is
 * true when it is a bool that is set, or any field that is not null; a blank value is null.  Dates
 * and times take the words of moment_parse, a word that names a range stands for the whole range
 * (created=today).  owner=me.  Values are never pasted into SQL.
 */
#ifndef MODEL_FILTER_H
#define MODEL_FILTER_H

#include "base/lex.h"
#include "model/crm.h"

typedef struct Filter {
    const char *sql;                   /* condition over the row `t`, in parentheses; or "1" */
    Value *bind;                       /* n values for its anonymous parameters, in order */
    int n;
    const char *text;                  /* the same filter as one text: for logs, `list` rules */
} Filter;

/* From text (--where, a criterion, Lua) or from words of a command line (positions for errors; raw
 * words from argv are one comparison each). ERR_USAGE with position: unknown field (names the
 * nearest), a word that is no comparison, open parenthesis. */
bool filter_text(Crm *crm, const Type *t, Str text, Arena *a, Filter *out, Error *err);
bool filter_words(Crm *crm, const Type *t, const Word *w, int n, Arena *a, Filter *out, Error *err);

/* x and y; x and not y. */
Filter filter_and(const Filter *x, const Filter *y, Arena *a);
Filter filter_and_not(const Filter *x, const Filter *y, Arena *a);
/* Bind its values; the text before it must hold exactly `first` - 1 parameters. */
void filter_bind(const Filter *f, Query *q, int first);

/* Whether record id satisfies the filter now. */
bool filter_holds(Crm *crm, const Type *t, const Filter *f, int64_t id, bool *holds, Error *err);

#endif

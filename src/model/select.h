/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * select.h -- reading many records: fields, filter, order, limit -> rows.  What `list`, `count`,
 * `export` and Lua's iterators stand on.
 */
#ifndef MODEL_SELECT_H
#define MODEL_SELECT_H

#include "model/filter.h"

typedef struct Select {
    const Type *type;
    const Field *const *fields;        /* columns, n of them; the id is column 0, before them */
    int n;
    Filter filter;                     /* .sql NULL: all */
    const char *order;                 /* "name,-created": fields, '-' descending; NULL: by id */
    int64_t limit;                     /* 0: all */
    int64_t after;                     /* only ids > after (paging in id order); 0: from start */
    bool stored;                       /* values as stored (refs as ids), else as shown */
} Select;

bool select_open(Crm *crm, const Select *s, Arena *a, Query **out, Error *err);  /* query_next */
bool select_count(Crm *crm, const Type *t, const Filter *f, int64_t *out, Error *err);
bool select_ids(Crm *crm, const Type *t, const Filter *f, Arena *a, int64_t **ids, int64_t *n,
                Error *err);

/* Ids from column 0 of a query until its end, at most `most` in all; *ids is the caller's to free,
 * which ids_keep does once it has them in the arena. */
bool ids_read(Query *q, int64_t most, int64_t **ids, int64_t *n, Error *err);
int64_t *ids_keep(int64_t *ids, int64_t n, Arena *a);

#endif

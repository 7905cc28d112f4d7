/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/select.h"

#include <stdlib.h>

/* "name,-created" as SQL; fields are checked. */
static bool order_sql(Crm *crm, const Type *t, const char *order, Buf *out, Arena *a, Error *err)
{
    Str rest = str(order);
    while (rest.n) {
        const char *comma = memchr(rest.s, ',', rest.n);
        Str one = str_trim(comma ? str_n(rest.s, (size_t)(comma - rest.s)) : rest);
        rest = comma ? str_n(comma + 1, rest.n - (size_t)(comma - rest.s) - 1) : (Str){ 0 };
        bool down = one.n && one.s[0] == '-';
        const Field *f;
        if (down)
            one = str_n(one.s + 1, one.n - 1);
        if (!type_field_get(t, one, &f, err))
            return false;
        buf_printf(out, "%s%s, ", field_sql(crm->schema, f, "t", true, a), down ? " DESC" : "");
    }
    return true;
}

bool select_open(Crm *crm, const Select *s, Arena *a, Query **out, Error *err)
{
    Buf b = { 0 };
    Query *q = NULL;
    bool ok = false;
    buf_cstr(&b, "SELECT t.id");
    for (int i = 0; i < s->n; i++)
        buf_printf(&b, ", %s", field_sql(crm->schema, s->fields[i], "t", !s->stored, a));
    buf_printf(&b, " FROM \"%s\" t WHERE %s", s->type->table, s->filter.sql ? s->filter.sql : "1");
    if (s->after)
        buf_cstr(&b, " AND t.id > ?");
    buf_cstr(&b, " ORDER BY ");
    if (s->order && !order_sql(crm, s->type, s->order, &b, a, err))
        goto out;
    buf_cstr(&b, "t.id LIMIT ?");
    if (!query_text(crm->store, buf_as_str(&b), &q, err))
        goto out;
    int at = 1 + s->filter.n;
    filter_bind(&s->filter, q, 1);
    if (s->after)
        query_int(q, at++, s->after);
    query_int(q, at, s->limit > 0 ? s->limit : -1);
    *out = q;
    ok = true;
out:
    buf_release(&b);
    return ok;
}

bool select_count(Crm *crm, const Type *t, const Filter *f, int64_t *out, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    const char *text = arena_printf(&a, "SELECT count(*) FROM \"%s\" t WHERE %s", t->table,
                                    f->sql ? f->sql : "1");
    bool ok = query_text(crm->store, str(text), &q, err);
    if (ok) {
        filter_bind(f, q, 1);
        ok = query_one(q, err);
    }
    *out = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    arena_release(&a);
    return ok;
}

bool ids_read(Query *q, int64_t most, int64_t **ids, int64_t *n, Error *err)
{
    int64_t room = 256;
    int more;
    int64_t *list = xalloc(sizeof *list * (size_t)room);
    *n = 0;
    while ((more = query_next(q, err)) > 0 && *n < most) {
        if (*n == room) {
            room *= 2;
            list = xresize(list, sizeof *list * (size_t)room);
        }
        list[(*n)++] = query_col_int(q, 0);
    }
    *ids = list;
    return more >= 0;
}

int64_t *ids_keep(int64_t *list, int64_t n, Arena *a)
{
    int64_t *kept = ARENA_ARRAY(a, int64_t, n + 1);
    if (n)
        memcpy(kept, list, sizeof *list * (size_t)n);
    free(list);
    return kept;
}

bool select_ids(Crm *crm, const Type *t, const Filter *f, Arena *a, int64_t **ids, int64_t *n,
                Error *err)
{
    Query *q = NULL;
    int64_t *list = NULL;
    Select s = { .type = t, .filter = *f };
    if (!select_open(crm, &s, a, &q, err))
        return false;
    bool ok = ids_read(q, INT64_MAX, &list, n, err);
    query_close(q);
    *ids = ids_keep(list, *n, a);
    return ok;
}

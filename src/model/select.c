/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/select.h"

#include <stdlib.h>

#include "base/unicode.h"

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
    const char *text = arena_printf(&a, "SELECT count(*) FROM \"%s\" t WHERE %s", t->table, f->sql ? f->sql : "1");
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

/* Ids from column 0 of a query until its end, at most `most` in all. */
static bool ids_read(Query *q, int64_t most, int64_t **ids, int64_t *n, Error *err)
{
    int64_t room = 256;
    int more;
    int64_t *list = xalloc(sizeof *list * (size_t)room);
    *n = 0;
    while ((more = query_next(q, err)) > 0 && *n < most) {
        if (*n == room) {
            room *= 2;
            list = xrealloc(list, sizeof *list * (size_t)room);
        }
        list[(*n)++] = query_col_int(q, 0);
    }
    *ids = list;
    return more >= 0;
}

static int64_t *ids_keep(int64_t *list, int64_t n, Arena *a)
{
    int64_t *kept = ARENA_ARRAY(a, int64_t, n + 1);
    if (n)
        memcpy(kept, list, sizeof *list * (size_t)n);
    free(list);
    return kept;
}

bool select_ids(Crm *crm, const Type *t, const Filter *f, Arena *a, int64_t **ids, int64_t *n, Error *err)
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

/* ---- find -------------------------------------------------------------------------------------- */

enum { RANKED_MOST = 5000 };       /* more hits than this are not worth ranking */

static bool find_query(Crm *crm, const char *sql, Value what, int64_t limit, int64_t **ids, int64_t *n,
                       Error *err)
{
    Query *q = NULL;
    *ids = NULL;
    *n = 0;
    if (!query_text(crm->store, str(sql), &q, err))
        return false;
    query_value(q, 1, what);
    query_int(q, 2, limit);
    bool ok = ids_read(q, limit, ids, n, err);
    query_close(q);
    return ok;
}

/* Part of a number or an address, among the contact points. The inner SELECT is answered by the index on
 * the value alone, without touching the rows. */
static bool find_contact(Crm *crm, const Type *t, Str text, bool digits, int64_t limit, int64_t **ids,
                         int64_t *n, Arena *a, Error *err)
{
    char number[64];
    Value what;
    if (digits) {
        phone_digits(text, number, sizeof number);
        what = value_text(str(number));
    } else {
        what = value_text(text_fold(text, a));
    }
    const char *column = strcmp(t->name, "person") == 0 ? "person" : "customer";
    const char *sql = arena_printf(a, "SELECT DISTINCT %s FROM contact WHERE %s IS NOT NULL AND id IN"
                                      " (SELECT id FROM contact INDEXED BY contact_value WHERE instr(%s, ?1))"
                                      " ORDER BY 1 LIMIT ?2",
                                   column, column, digits ? "value" : "fold(value)");
    return find_query(crm, sql, what, limit, ids, n, err);
}

static bool find_words(Crm *crm, const Type *t, const char *expression, int64_t limit, int64_t **ids,
                       int64_t *n, Arena *a, Error *err)
{
    Value what = value_text(str(expression));
    const char *sql = arena_printf(a, "SELECT rowid FROM %s_search WHERE %s_search MATCH ?1 LIMIT ?2", t->table,
                                   t->table);
    if (!find_query(crm, sql, what, RANKED_MOST, ids, n, err) || *n == RANKED_MOST || *n < 2) {
        *n = *n > limit ? limit : *n;
        return err->code == ERR_NONE;
    }
    free(*ids);
    sql = arena_printf(a, "SELECT rowid FROM %s_search WHERE %s_search MATCH ?1 ORDER BY rank, rowid LIMIT ?2",
                       t->table, t->table);
    return find_query(crm, sql, what, limit, ids, n, err);
}

/* Types without a search table: every word is in some text field. */
static bool find_scan(Crm *crm, const Type *t, Str text, int64_t limit, int64_t **ids, int64_t *n, Arena *a,
                      Error *err)
{
    Buf b = { 0 };
    buf_printf(&b, "SELECT t.id FROM \"%s\" t WHERE instr(fold(''", t->table);
    for (int i = 0; i < t->n; i++)
        if (t->fields[i].kind == KIND_TEXT || t->fields[i].kind == KIND_PHONE || t->fields[i].kind == KIND_EMAIL)
            buf_printf(&b, " || ' ' || coalesce(%s, '')", field_sql(crm->schema, &t->fields[i], "t", true, a));
    buf_cstr(&b, "), ?1) ORDER BY t.id LIMIT ?2");
    bool ok = find_query(crm, str_c(buf_as_str(&b), a), value_text(text_fold(text, a)), limit, ids, n, err);
    buf_release(&b);
    return ok;
}

/* Customers whose people match, after those that match themselves. */
static bool find_people(Crm *crm, const char *expression, int64_t limit, int64_t **ids, int64_t *n, Error *err)
{
    int64_t *more, n_more;
    if (*n >= limit)
        return true;
    if (!find_query(crm, "SELECT DISTINCT p.customer FROM person_search s JOIN person p ON p.id = s.rowid"
                         " WHERE person_search MATCH ?1 ORDER BY 1 LIMIT ?2",
                    value_text(str(expression)), limit, &more, &n_more, err))
        return false;
    *ids = xrealloc(*ids, sizeof **ids * (size_t)(*n + n_more + 1));
    for (int64_t i = 0; i < n_more && *n < limit; i++) {
        bool known = false;
        for (int64_t k = 0; k < *n && !known; k++)
            known = (*ids)[k] == more[i];
        if (!known)
            (*ids)[(*n)++] = more[i];
    }
    free(more);
    return true;
}

/* Nothing but digits and what is written between them, and at least three digits. */
static bool is_digits(Str text)
{
    char digits[64];
    for (size_t i = 0; i < text.n; i++)
        if (!strchr("0123456789 +-().", text.s[i]))
            return false;
    return phone_digits(text, digits, sizeof digits) >= 3;
}

bool select_find(Crm *crm, const Type *t, Str text, int64_t limit, Arena *a, int64_t **ids, int *n, Error *err)
{
    int64_t *list = NULL, count = 0, most = limit > 0 ? limit : INT64_MAX / 2;
    bool ok, customer = strcmp(t->name, "customer") == 0, has_contacts = customer || strcmp(t->name, "person") == 0;
    const char *expression = search_expression(text, a);
    text = str_trim(text);
    if (has_contacts && (is_digits(text) || memchr(text.s, '@', text.n)))
        ok = find_contact(crm, t, text, is_digits(text), most, &list, &count, a, err);
    else if (!t->search)
        ok = find_scan(crm, t, text, most, &list, &count, a, err);
    else if (!expression)
        ok = true;
    else
        ok = find_words(crm, t, expression, most, &list, &count, a, err)
             && (!customer || find_people(crm, expression, most, &list, &count, err));
    if (ok)
        *ids = ids_keep(list, count, a);
    else
        free(list);
    *n = (int)count;
    return ok;
}

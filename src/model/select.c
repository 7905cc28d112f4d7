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
            list = xresize(list, sizeof *list * (size_t)room);
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

/* ---- find ------------------------------------------------------------------------------------ */

enum { RANKED_MOST = 400 };        /* more hits than this are not ranked */

/* Ids that are found, in order; owned. */
typedef struct Found { int64_t *ids, n; } Found;

static bool find_query(Crm *crm, const char *sql, Value what, int64_t limit, Found *out, Error *err)
{
    Query *q = NULL;
    if (!query_text(crm->store, str(sql), &q, err))
        return false;
    query_value(q, 1, what);
    query_int(q, 2, limit);
    free(out->ids);
    bool ok = ids_read(q, limit, &out->ids, &out->n, err);
    query_close(q);
    return ok;
}

/* A test of ?1 on the values of contact points: a number, an address or a part of one. The inner
 * SELECT is answered by the index on the value alone, without touching the rows. */
static bool find_contact(Crm *crm, const Type *t, const char *test, const char *part, int64_t limit,
                         Found *out, Arena *a, Error *err)
{
    const char *column = strcmp(t->name, "person") == 0 ? "person" : "customer";
    const char *sql = arena_printf(a,
                                   "SELECT DISTINCT %s FROM contact WHERE %s IS NOT NULL AND id IN"
                                   " (SELECT id FROM contact INDEXED BY contact_value"
                                   " WHERE %s) ORDER BY 1 LIMIT ?2",
                                   column, column, test);
    return find_query(crm, sql, value_text(str(part)), limit, out, err);
}

/* A whole number by the index; else a part of one, as typed or, if that finds nothing, without the
   0
 * before an area code, which E.164 has not. */
static bool find_number(Crm *crm, const Type *t, Str text, int64_t limit, Found *out, Arena *a,
                        Error *err)
{
    char digits[64];
    Phone p;
    phone_digits(text, digits, sizeof digits);
    const char *bare = digits + strspn(digits, "0");
    bool whole = phone_read(crm->phones, text, NULL, &p, 1) == 1 && p.status == PHONE_OK;
    if (whole && !find_contact(crm, t, "value = ?1", p.e164, limit, out, a, err))
        return false;
    if (whole && out->n > 0)
        return true;
    return find_contact(crm, t, "instr(value, ?1)", digits, limit, out, a, err)
           && (out->n > 0 || bare == digits || !*bare
               || find_contact(crm, t, "instr(value, ?1)", bare, limit, out, a, err));
}

static int id_order(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

/* Append those of `more` that are not there yet, `limit` in all; more->ids is freed. */
static void found_append(Found *out, Found *more, int64_t limit)
{
    size_t known = (size_t)out->n, each = sizeof *out->ids;
    int64_t *sorted = xalloc(each * (known + 1));
    if (known)
        memcpy(sorted, out->ids, each * known);
    qsort(sorted, known, each, id_order);
    out->ids = xresize(out->ids, each * (known + (size_t)more->n + 1));
    for (int64_t i = 0; i < more->n && out->n < limit; i++)
        if (!bsearch(&more->ids[i], sorted, known, each, id_order))
            out->ids[out->n++] = more->ids[i];
    free(sorted);
    free(more->ids);
}

/* By the search table: best first. To rank a hit costs a page, so that among very many those whose
 * name begins with the text come first, then all in order of ids. */
static bool find_words(Crm *crm, const Type *t, const char *expression, int64_t limit, Found *out,
                       Arena *a, Error *err)
{
    Found all = { 0 };
    Value what = value_text(str(expression));
    const char *sql = arena_printf(a, "SELECT rowid FROM %s_search WHERE %s_search MATCH ?1"
                                      " LIMIT ?2", t->table, t->table);
    if (!find_query(crm, sql, what, limit > RANKED_MOST ? limit : RANKED_MOST, &all, err))
        return false;
    if (all.n >= RANKED_MOST) {
        what = value_text(str(arena_printf(a, "name : (^ %s)", expression)));
        bool ok = find_query(crm, sql, what, limit, out, err);
        found_append(out, &all, limit);
        return ok;
    }
    free(all.ids);
    sql = arena_printf(a, "SELECT rowid FROM %s_search WHERE %s_search MATCH ?1"
                          " ORDER BY rank, rowid LIMIT ?2", t->table, t->table);
    return find_query(crm, sql, what, limit, out, err);
}

/* Types without a search table: the text is in some text field. */
static bool find_scan(Crm *crm, const Type *t, Str text, int64_t limit, Found *out, Arena *a,
                      Error *err)
{
    Buf b = { 0 };
    buf_printf(&b, "SELECT t.id FROM \"%s\" t WHERE instr(fold(''", t->table);
    for (int i = 0; i < t->n; i++) {
        Kind kind = field_shown_kind(crm->schema, &t->fields[i]);
        if (kind == KIND_TEXT || kind == KIND_PHONE || kind == KIND_EMAIL || kind == KIND_CHOICE)
            buf_printf(&b, " || ' ' || coalesce(%s, '')",
                       field_sql(crm->schema, &t->fields[i], "t", true, a));
    }
    buf_cstr(&b, "), ?1) ORDER BY t.id LIMIT ?2");
    bool ok = find_query(crm, str_c(buf_as_str(&b), a), value_text(text_fold(text, a)), limit, out,
                         err);
    buf_release(&b);
    return ok;
}

/* Customers whose people match, after those that match themselves. */
static bool find_people(Crm *crm, const char *expression, int64_t limit, Found *out, Error *err)
{
    Found more = { 0 };
    if (out->n >= limit)
        return true;
    if (!find_query(crm, "SELECT DISTINCT p.customer FROM person_search s JOIN person p"
                         " ON p.id = s.rowid WHERE person_search MATCH ?1 ORDER BY 1 LIMIT ?2",
                    value_text(str(expression)), limit, &more, err))
        return false;
    found_append(out, &more, limit);
    return true;
}

/* Nothing but digits and what is written between them, and at least three digits. */
static bool is_digits(Str text)
{
    char digits[64];
    for (size_t i = 0; i < text.n; i++)
        if (!text.s[i] || !strchr("0123456789 +-().", text.s[i]))
            return false;
    return phone_digits(text, digits, sizeof digits) >= 3;
}

static bool find(Crm *crm, const Type *t, Str text, int64_t limit, Arena *a, Found *out, Error *err)
{
    bool customer = strcmp(t->name, "customer") == 0;
    bool has_contacts = customer || strcmp(t->name, "person") == 0;
    const char *expression = search_expression(text, a);
    Str folded = text_fold(text, a);
    if (folded.n == 0)
        return true;
    if (has_contacts && is_digits(folded) && !find_number(crm, t, folded, limit, out, a, err))
        return false;
    if (has_contacts && memchr(folded.s, '@', folded.n)
        && !find_contact(crm, t, "instr(fold(value), ?1)", str_c(folded, a), limit, out, a, err))
        return false;
    if (out->n > 0)
        return true;
    if (!t->search)
        return find_scan(crm, t, text, limit, out, a, err);
    return !expression || (find_words(crm, t, expression, limit, out, a, err)
                           && (!customer || find_people(crm, expression, limit, out, err)));
}

bool select_find(Crm *crm, const Type *t, Str text, int64_t limit, Arena *a, int64_t **ids, int *n,
                 Error *err)
{
    Found found = { 0 };
    bool ok = find(crm, t, text, limit > 0 ? limit : INT32_MAX, a, &found, err);
    *ids = ids_keep(found.ids, found.n, a);
    *n = (int)found.n;
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/find.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "model/find_contact.h"
#include "model/types.h"

enum {
    RANKED = 200,                      /* more hits than this are not ranked one by one */
    TOGETHER = 500,                    /* the same for several words, which few rows have */
    LISTED = 8000,                    /* more hits than this are not even looked through */
    PARTS = 16,
};

/* What is asked: `plain` anywhere, each part in its field. */
typedef struct Part { const Field *field; Str text; } Part;
typedef struct Ask {
    Crm *crm;
    const Type *type;
    int64_t limit;
    Arena *a;
    Str plain;                         /* folded */
    Part part[PARTS];                  /* the first n are words, n_contacts behind them not */
    int n;
    Part contact[PARTS];
    int n_contacts;
} Ask;

/* ---- the text -------------------------------------------------------------------------------- */

static int column_of(const Type *t, const Field *f)
{
    int i = 0;
    while (t->search && t->search[i] && strcmp(t->search[i], f->name) != 0)
        i++;
    return t->search && t->search[i] ? i : -1;
}

static bool is_contact(const Field *f)
{
    return f->write == view_write_contact || f->write == view_write_person_contact;
}

static bool fail_unsearched(const Ask *q, const Field *f, Error *err)
{
    Buf b = { 0 };
    for (int i = 1; i < q->type->n; i++)
        if (column_of(q->type, &q->type->fields[i]) >= 0 || is_contact(&q->type->fields[i]))
            buf_printf(&b, "%s%s", b.n ? ", " : "", q->type->fields[i].name);
    fail(err, ERR_USAGE, "%s are not searched by %s, but by %s", q->type->plural, f->name, b.s);
    buf_release(&b);
    return fail_hint(err, "%s list %s~TEXT looks through all of them", q->type->name, f->name);
}

/* Whether a word is FIELD:TEXT; a time (10:30) and a URL are not. */
static bool is_fielded(Str word, size_t colon)
{
    Str rest = str_n(word.s + colon + 1, word.n - colon - 1);
    if (colon < 2 || rest.n == 0 || str_starts(rest, "//"))
        return false;
    for (size_t i = 0, n; i < colon; i += n) {
        int len;
        uint32_t cp = utf8_next(word.s + i, colon - i, &len);
        n = (size_t)len;
        if (!is_name_char(cp) || (i == 0 && cp >= '0' && cp <= '9'))
            return false;
    }
    return true;
}

static bool take_word(Ask *q, Str word, Buf *plain, Error *err)
{
    const char *colon = memchr(word.s, ':', word.n);
    size_t at = colon ? (size_t)(colon - word.s) : 0;
    const Field *f;
    if (!colon || !is_fielded(word, at)) {
        buf_printf(plain, "%s%.*s", plain->n ? " " : "", STR_ARG(word));
        return true;
    }
    if (!type_field_get(q->type, str_n(word.s, at), &f, err))
        return false;
    Part p = { f, str_dup(str_n(colon + 1, word.n - at - 1), q->a) };
    if (q->n == PARTS || q->n_contacts == PARTS)
        return fail(err, ERR_USAGE, "more than %d fields are searched at once", PARTS);
    if (is_contact(f))
        q->contact[q->n_contacts++] = p;
    else if (!q->type->search || column_of(q->type, f) >= 0)
        q->part[q->n++] = p;
    else
        return fail_unsearched(q, f, err);
    return true;
}

static bool take_text(Ask *q, Str text, Error *err)
{
    Buf plain = { 0 };
    Str rest = text_fold(text, q->a);
    bool ok = true;
    while (ok && rest.n > 0) {
        const char *space = memchr(rest.s, ' ', rest.n);
        Str word = space ? str_n(rest.s, (size_t)(space - rest.s)) : rest;
        rest = space ? str_n(space + 1, rest.n - word.n - 1) : (Str){ "", 0 };
        ok = word.n == 0 || take_word(q, word, &plain, err);
    }
    q->plain = plain.n ? str_dup(buf_as_str(&plain), q->a) : STR("");
    buf_release(&plain);
    return ok;
}

static void put_mark(Found *out, Str text)
{
    if (text.n > 0)
        out->marks[out->n_marks++] = text;
}

/* What was found is marked whole where it stands whole, else word by word. */
static void put_marks(const Ask *q, Found *out)
{
    SearchTerm *t;
    int n = search_terms(q->plain, NULL, q->a, &t);
    out->marks = ARENA_ARRAY(q->a, Str, n + 2 * PARTS + 2);
    put_mark(out, q->plain);
    for (int i = 0; i < n; i++)
        put_mark(out, t[i].run);
    for (int i = 0; i < q->n; i++)
        put_mark(out, q->part[i].text);
    for (int i = 0; i < q->n_contacts; i++)
        put_mark(out, q->contact[i].text);
}

/* ---- lists of ids ---------------------------------------------------------------------------- */

static bool ask_ids(const Ask *q, const char *sql, const char *what, int64_t limit, IdList *out,
                    Error *err)
{
    Query *query = NULL;
    if (!query_text(q->crm->store, str(sql), &query, err))
        return false;
    query_cstr(query, 1, what);
    query_int(query, 2, limit);
    free(out->ids);
    *out = (IdList){ 0 };
    bool ok = ids_read(query, limit, &out->ids, &out->n, err);
    query_close(query);
    return ok;
}

static int id_order(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return a < b ? -1 : a > b;
}

/* Append those of `more` that are not there yet, `limit` in all; more->ids is freed. */
static void append(IdList *out, IdList *more, int64_t limit)
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
    *more = (IdList){ 0 };
}

/* ---- ranking --------------------------------------------------------------------------------- */

typedef struct Ranked { int64_t id; int score; size_t length; } Ranked;

static int rank_order(const void *x, const void *y)
{
    const Ranked *a = x, *b = y;
    if (a->score != b->score)
        return a->score < b->score ? -1 : 1;
    if (a->length != b->length)
        return a->length < b->length ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

enum { COLUMNS = 8, WORST = 4 * COLUMNS };

/* How well a column holds a text: whole 0, at its beginning 1, within 2, in pieces 3. */
static int held(Str value, Str text)
{
    if (str_eq(value, text))
        return 0;
    if (value.n > text.n && memcmp(value.s, text.s, text.n) == 0)
        return 1;
    return memmem(value.s, value.n, text.s, text.n) ? 2 : 3;
}

static int best_held(const Str *values, int n, Str text)
{
    int best = WORST;
    for (int i = 0; i < n; i++) {
        int score = held(values[i], text) * COLUMNS + i;
        best = score < best ? score : best;
    }
    return best;
}

static void rank_one(const Ask *q, const Query *row, Ranked *r, Arena *a)
{
    Str values[COLUMNS] = { 0 };
    int n = query_columns(row);
    for (int i = 0; i < n; i++)
        values[i] = text_fold(query_col_str(row, i), a);
    r->length = values[0].n;
    r->score = q->plain.n ? best_held(values, n, q->plain) : 0;
    for (int i = 0; i < q->n; i++)
        r->score += held(values[column_of(q->type, q->part[i].field)], q->part[i].text) * COLUMNS;
}

/* Order the first n of a list. */
static bool rank(const Ask *q, IdList *list, int64_t n, Error *err)
{
    Query *row = NULL;
    Buf columns = { 0 };
    Ranked *r = ARENA_ARRAY(q->a, Ranked, n + 1);
    for (int i = 0; q->type->search[i] && i < COLUMNS; i++)
        buf_printf(&columns, "%s\"%s\"", i ? ", " : "", q->type->search[i]);
    const char *sql = arena_printf(q->a, "SELECT %s FROM \"%s\" WHERE id = ?1", columns.s,
                                   q->type->table);
    bool ok = query_text(q->crm->store, str(sql), &row, err);
    for (int64_t i = 0; ok && i < n; i++) {
        ArenaMark mark = arena_mark(q->a);
        r[i] = (Ranked){ list->ids[i], WORST * COLUMNS, 0 };
        query_int(row, 1, list->ids[i]);
        int more = query_next(row, err);
        if (more > 0)
            rank_one(q, row, &r[i], q->a);
        ok = more >= 0;
        query_reset(row);
        arena_rewind(q->a, mark);
    }
    query_close(row);
    buf_release(&columns);
    if (ok)
        qsort(r, (size_t)n, sizeof *r, rank_order);
    for (int64_t i = 0; ok && i < n; i++)
        list->ids[i] = r[i].id;
    return ok;
}

/* ---- words ----------------------------------------------------------------------------------- */

static SearchTerm *terms_of(const Ask *q, int *n)
{
    SearchTerm *t;
    Buf all = { 0 };
    *n = search_terms(q->plain, NULL, q->a, &t);
    buf_put(&all, (const char *)t, sizeof *t * (size_t)*n);
    for (int i = 0; i < q->n; i++) {
        int more = search_terms(q->part[i].text, q->part[i].field->column, q->a, &t);
        buf_put(&all, (const char *)t, sizeof *t * (size_t)more);
        *n += more;
    }
    t = ARENA_ARRAY(q->a, SearchTerm, *n + 1);
    if (*n)
        memcpy(t, all.s, all.n);
    buf_release(&all);
    return t;
}

static bool matching(const Ask *q, const char *expression, int64_t limit, IdList *out, Error *err)
{
    const char *sql = arena_printf(q->a, "SELECT rowid FROM %s_search WHERE %s_search MATCH ?1"
                                         " LIMIT ?2", q->type->table, q->type->table);
    return ask_ids(q, sql, expression, limit, out, err);
}

/* Hits come by their ids: how far the first ones reach tells about how many there are. */
static bool about(const Ask *q, const IdList *first, int64_t *n, Error *err)
{
    Query *query = NULL;
    const char *sql = arena_printf(q->a, "SELECT max(id) FROM \"%s\"", q->type->table);
    if (!query_text(q->crm->store, str(sql), &query, err))
        return false;
    bool ok = query_one(query, err);
    int64_t last = first->ids[first->n - 1];
    *n = ok ? (int64_t)((double)first->n * (double)query_col_int(query, 0) / (double)last) : 0;
    query_close(query);
    return ok;
}

/* Very many have one word: put some that begin with the text before the first ones, and rank
 * those. */
static bool rank_many(const Ask *q, const SearchTerm *t, IdList *out, Error *err)
{
    IdList best = { 0 };
    int64_t hits;
    const char *name = t->column ? t->column : q->type->search[0];
    if (!about(q, out, &hits, err))
        return false;
    if (hits <= LISTED && !matching(q, search_expression_begins(t, name, q->a), RANKED, &best,
                                    err)) {
        free(best.ids);
        return false;
    }
    int64_t few = best.n + RANKED < out->n ? best.n + RANKED : out->n;
    append(&best, out, INT64_MAX);
    *out = best;
    return rank(q, out, few, err);
}

static void widen(SearchTerm *t, int n)
{
    for (int i = 0; i < n; i++)
        t[i].n_some = 0;
}

static bool find_words(const Ask *q, int64_t limit, IdList *out, Error *err)
{
    int n;
    SearchTerm *t = terms_of(q, &n);
    int64_t few = n > 1 ? TOGETHER : RANKED, most = limit > few ? limit : few;
    bool narrowed = false;
    if (n == 0)
        return true;
    if (limit <= RANKED && !search_narrow(q->crm->store, q->type->table, t, n, q->a, &narrowed,
                                          err))
        return false;
    bool ok = matching(q, search_expression(t, n, q->a), most, out, err);
    if (ok && narrowed && out->n < limit) {
        widen(t, n);
        ok = matching(q, search_expression(t, n, q->a), most, out, err);
    }
    if (ok && n == 1 && out->n >= few)
        ok = rank_many(q, t, out, err);
    else if (ok)
        ok = rank(q, out, out->n < few ? out->n : few, err);
    out->n = out->n < limit ? out->n : limit;
    return ok;
}

/* Customers whose people match, after those that match themselves. */
static bool find_people(const Ask *q, int64_t limit, IdList *out, Error *err)
{
    IdList more = { 0 };
    SearchTerm *t;
    int n = search_terms(q->plain, NULL, q->a, &t);
    if (out->n >= limit || n == 0)
        return true;
    bool ok = ask_ids(q, "SELECT DISTINCT p.customer FROM person_search s JOIN person p"
                         " ON p.id = s.rowid WHERE person_search MATCH ?1 ORDER BY 1 LIMIT ?2",
                      search_expression(t, n, q->a), limit, &more, err);
    append(out, &more, limit);
    return ok;
}

/* ---- types without a search table ------------------------------------------------------------ */

static void put_texts(const Ask *q, Buf *b)
{
    for (int i = 0; i < q->type->n; i++) {
        const Field *f = &q->type->fields[i];
        Kind kind = field_shown_kind(q->crm->schema, f);
        if (kind == KIND_TEXT || kind == KIND_PHONE || kind == KIND_EMAIL || kind == KIND_CHOICE)
            buf_printf(b, " || ' ' || coalesce(%s, '')",
                       field_sql(q->crm->schema, f, "t", true, q->a));
    }
}

/* The plain text is in some text field, each part in its own. */
static bool find_scan(const Ask *q, IdList *out, Error *err)
{
    Buf b = { 0 };
    Query *query = NULL;
    buf_printf(&b, "SELECT t.id FROM \"%s\" t WHERE instr(fold(''", q->type->table);
    put_texts(q, &b);
    buf_cstr(&b, "), ?1)");
    for (int i = 0; i < q->n; i++)
        buf_printf(&b, " AND instr(fold(%s), ?%d)",
                   field_sql(q->crm->schema, q->part[i].field, "t", true, q->a), i + 3);
    buf_cstr(&b, " ORDER BY t.id LIMIT ?2");
    bool ok = query_text(q->crm->store, buf_as_str(&b), &query, err);
    if (ok) {
        query_str(query, 1, q->plain);
        query_int(query, 2, q->limit);
        for (int i = 0; i < q->n; i++)
            query_str(query, i + 3, q->part[i].text);
        ok = ids_read(query, q->limit, &out->ids, &out->n, err);
    }
    query_close(query);
    buf_release(&b);
    return ok;
}

/* ---- all of it ------------------------------------------------------------------------------- */

/* Those of a sorted or small list that have all contact points, `limit` at most. */
static bool keep_owners(const Ask *q, IdList *list, int from, Error *err)
{
    int64_t kept = 0;
    bool ok = true, has = true;
    for (int64_t i = 0; ok && i < list->n && kept < q->limit; i++) {
        has = true;
        for (int k = from; ok && has && k < q->n_contacts; k++)
            ok = contact_held(q->crm, q->type, list->ids[i], q->contact[k].field->name,
                              q->contact[k].text, &has, err);
        if (ok && has)
            list->ids[kept++] = list->ids[i];
    }
    list->n = ok ? kept : 0;
    return ok;
}

/* Few owners of the first contact point: those among them whom the words find too. */
static void keep_common(IdList *words, IdList *owners)
{
    int64_t kept = 0;
    qsort(owners->ids, (size_t)owners->n, sizeof *owners->ids, id_order);
    for (int64_t i = 0; i < words->n; i++)
        if (bsearch(&words->ids[i], owners->ids, (size_t)owners->n, sizeof *owners->ids, id_order))
            words->ids[kept++] = words->ids[i];
    words->n = kept;
}

static bool find_by_contacts(const Ask *q, IdList *out, Error *err)
{
    IdList words = { 0 };
    bool ask_words = q->plain.n > 0 || q->n > 0;
    int64_t most = ask_words ? LISTED : q->n_contacts == 1 ? q->limit : INT32_MAX;
    bool ok = contact_owners(q->crm, q->type, q->contact[0].field->name, q->contact[0].text, most,
                             q->a, out, err);
    int known = 1;
    if (ok && ask_words) {
        ok = find_words(q, INT32_MAX, &words, err);
        if (out->n < most)
            keep_common(&words, out);
        else
            known = 0;
        free(out->ids);
        *out = words;
    }
    return ok && keep_owners(q, out, known, err);
}

static bool find_anywhere(const Ask *q, IdList *out, Error *err)
{
    bool customer = strcmp(q->type->name, "customer") == 0;
    bool has_contacts = customer || strcmp(q->type->name, "person") == 0;
    IdList more = { 0 };
    if (has_contacts && q->n == 0 && contact_is_part(q->plain)
        && !contact_owners(q->crm, q->type, NULL, q->plain, q->limit, q->a, out, err))
        return false;
    if (out->n >= q->limit)
        return true;
    if (!q->type->search)
        return find_scan(q, out, err);
    bool ok = find_words(q, q->limit, &more, err)
           && (!customer || q->n > 0 || find_people(q, q->limit, &more, err));
    append(out, &more, q->limit);
    return ok;
}

bool find_ids(Crm *crm, const Type *t, Str text, int64_t limit, Arena *a, Found *out, Error *err)
{
    Ask q = { .crm = crm, .type = t, .limit = limit > 0 ? limit : INT32_MAX, .a = a };
    IdList list = { 0 };
    *out = (Found){ 0 };
    if (!take_text(&q, text, err))
        return false;
    bool ok = q.n_contacts > 0 ? find_by_contacts(&q, &list, err)
            : q.plain.n == 0 && q.n == 0 ? true : find_anywhere(&q, &list, err);
    put_marks(&q, out);
    out->n = list.n;
    out->ids = ids_keep(list.ids, list.n, a);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/privacy.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/json.h"
#include "model/record.h"
#include "store/journal.h"

enum { THERE, WAS_THERE, BECAME, MERGED, MERGES, CHILDREN, CALLS, MOVES, DEAL_MOVES, STOPPED,
       REQUIRED, SQL_COUNT };
static const Sql sql[] = {
    [CHILDREN] = { "SELECT m.name, f.\"from\" FROM sqlite_schema m,"
                   " pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
                   " AND f.\"table\" = ?1 AND f.on_delete = 'CASCADE' ORDER BY m.name", 0 },
    [THERE] = { "SELECT id FROM customer WHERE id = ?1", SQL_HOT },
    [WAS_THERE] = { "SELECT i.row FROM journal_table t JOIN change_image i ON i.tbl = t.id"
                    " WHERE t.name = 'customer' AND i.row = ?1 LIMIT 1", SQL_HOT },
    [BECAME] = { "SELECT kept FROM merge WHERE type = 'customer' AND record = ?1 LIMIT 1", 0 },
    [MERGED] = { "SELECT record FROM merge WHERE type = ?2 AND kept = ?1", 0 },
    [MERGES] = { "SELECT id FROM merge WHERE type = ?2 AND kept = ?1", 0 },
    [CALLS] = { "SELECT id FROM call WHERE customer = ?1", SQL_HOT },
    [MOVES] = { "SELECT id FROM move WHERE type = 'customer' AND record = ?1", SQL_HOT },
    [DEAL_MOVES] = { "SELECT id FROM move WHERE type = 'deal' AND record = ?1", SQL_HOT },
    [STOPPED] = { "SELECT d.id FROM contact c JOIN dnc d ON d.number = c.value WHERE c.id = ?1",
                  SQL_HOT },
    [REQUIRED] = { "SELECT \"notnull\" FROM pragma_table_info(?1) WHERE name = ?2", 0 },
};
const SqlTable privacy_sql = { "privacy", sql, SQL_COUNT };

/* ---- what is held ---------------------------------------------------------------------------- */

enum { TABLES = 64 };
static const char erased[] = "erased";

typedef struct Set { const char *table; int64_t *ids; int64_t n, room, done; } Set;
typedef struct Walk { Crm *crm; Arena *a; Set set[TABLES]; int n; } Walk;

static Set *set_of(Walk *w, const char *table)
{
    for (int i = 0; i < w->n; i++)
        if (strcmp(w->set[i].table, table) == 0)
            return &w->set[i];
    if (w->n == TABLES)
        panic("a customer has rows in more than %d tables", TABLES);
    w->set[w->n] = (Set){ .table = arena_strdup(w->a, table) };
    return &w->set[w->n++];
}

static void set_add(Walk *w, Set *s, int64_t id)
{
    for (int64_t i = 0; i < s->n; i++)
        if (s->ids[i] == id)
            return;
    if (s->n == s->room) {
        int64_t *more = ARENA_ARRAY(w->a, int64_t, s->room = s->room ? s->room * 2 : 16);
        if (s->n)
            memcpy(more, s->ids, sizeof *more * (size_t)s->n);
        s->ids = more;
    }
    s->ids[s->n++] = id;
}

/* Add the ids that a statement gives for each row of `from` that is new; ?2 is `named`, if any. */
static bool add_by(Walk *w, Query *q, const Set *from, const char *table, const char *named,
                   Error *err)
{
    Set *to = set_of(w, table);
    bool ok = true;
    for (int64_t i = from->done; ok && i < from->n; i++) {
        int more;
        query_int(q, 1, from->ids[i]);
        if (named)
            query_cstr(q, 2, named);
        while ((more = query_next(q, err)) > 0)
            set_add(w, to, query_col_int(q, 0));
        query_reset(q);
        ok = more == 0;
    }
    query_close(q);
    return ok;
}

static bool add_sql(Walk *w, int which, const Set *from, const char *table, Error *err)
{
    Query *q = NULL;
    return query_open(w->crm->store, &sql[which], &q, err)
        && add_by(w, q, from, table, NULL, err);
}

static const Type *type_of_table(const Schema *s, const char *table)
{
    int n;
    const Type *const *types = schema_types(s, &n);
    for (int i = 0; i < n; i++)
        if (strcmp(types[i]->table, table) == 0)
            return types[i];
    return NULL;
}

/* What rows call a table that they refer to by type and id. */
static const char *type_name(const Walk *w, const char *table)
{
    const Type *t = type_of_table(w->crm->schema, table);
    return t ? t->name : table;
}

/* Records that became one with those of the set, and what was noted then. */
static bool add_merged(Walk *w, const Set *from, Error *err)
{
    Query *q = NULL;
    const char *type = type_name(w, from->table);
    return query_open(w->crm->store, &sql[MERGES], &q, err)
        && add_by(w, q, from, "merge", type, err)
        && query_open(w->crm->store, &sql[MERGED], &q, err)
        && add_by(w, q, from, from->table, type, err);
}

typedef struct Gone { Walk *w; Set set; } Gone;

static void add_gone(void *ctx, int64_t row)
{
    Gone *g = ctx;
    set_add(g->w, &g->set, row);
}

/* Rows that were a customer's and are gone, of which the journal knows. One that is there is its,
 * or was given to somebody else. */
static bool add_referred(Walk *w, const Set *from, const char *table, const char *column,
                         const char *type, Error *err)
{
    Referring r = { table, column, type, from->ids, from->n };
    Gone g = { .w = w };
    Query *q = NULL;
    Set *to = set_of(w, table);
    bool ok = journal_referred(w->crm->store, &r, add_gone, &g, err)
           && query_text(w->crm->store, str(arena_printf(w->a, "SELECT 1 FROM \"%s\""
                                                         " WHERE id = ?1", table)), &q, err);
    for (int64_t i = 0; ok && i < g.set.n; i++) {
        query_int(q, 1, g.set.ids[i]);
        int more = query_next(q, err);
        if (more == 0)
            set_add(w, to, g.set.ids[i]);
        query_reset(q);
        ok = more >= 0;
    }
    query_close(q);
    return ok;
}

/* Tables whose rows go with those of a table, as pairs: table, column. */
static bool children_of(Walk *w, const char *table, const char **out, int *n, Error *err)
{
    Query *q = NULL;
    int more = -1;
    *n = 0;
    if (!query_open(w->crm->store, &sql[CHILDREN], &q, err))
        return false;
    query_cstr(q, 1, table);
    while ((more = query_next(q, err)) > 0 && *n < 2 * TABLES) {
        out[(*n)++] = str_c(query_col_str(q, 0), w->a);
        out[(*n)++] = str_c(query_col_str(q, 1), w->a);
    }
    query_close(q);
    return more >= 0;
}

/* Merges and moves that were undone: redo would bring them back from the journal. */
static bool add_undone(Walk *w, const Set *s, Error *err)
{
    const char *type = type_name(w, s->table);
    return add_referred(w, s, "merge", "kept", type, err)
        && add_referred(w, s, "merge", "record", type, err)
        && add_referred(w, s, "move", "record", type, err);
}

static bool expand(Walk *w, Set *s, Error *err)
{
    const char *child[2 * TABLES];
    int n;
    bool ok = children_of(w, s->table, child, &n, err);
    for (int i = 0; ok && i < n; i += 2) {
        Query *q = NULL;
        const char *text = arena_printf(w->a, "SELECT id FROM \"%s\" WHERE \"%s\" = ?1", child[i],
                                        child[i + 1]);
        ok = query_text(w->crm->store, str(text), &q, err) && add_by(w, q, s, child[i], NULL, err)
            && add_referred(w, s, child[i], child[i + 1], NULL, err);
    }
    ok = ok && add_merged(w, s, err) && add_undone(w, s, err);
    if (ok && strcmp(s->table, "customer") == 0)
        ok = add_sql(w, CALLS, s, "call", err) && add_sql(w, MOVES, s, "move", err);
    if (ok && strcmp(s->table, "deal") == 0)
        ok = add_sql(w, DEAL_MOVES, s, "move", err);
    if (ok && strcmp(s->table, "contact") == 0)
        ok = add_sql(w, STOPPED, s, "dnc", err);
    return ok;
}

static bool walk(Walk *w, Error *err)
{
    for (bool grown = true; grown;) {
        grown = false;
        for (int i = 0; i < w->n; i++) {
            int64_t n = w->set[i].n;
            if (w->set[i].done == n)
                continue;
            grown = true;
            if (!expand(w, &w->set[i], err))
                return false;
            w->set[i].done = n;
        }
    }
    return true;
}

/* The number that a statement gives for a customer; 0: none. */
static bool ask_of(Crm *crm, int which, int64_t customer, int64_t *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[which], &q, err))
        return false;
    query_int(q, 1, customer);
    int n = query_next(q, err);
    *out = n > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    return n >= 0;
}

/* One that was deleted is in the journal still. */
static bool must_be_known(Crm *crm, int64_t customer, Error *err)
{
    int64_t there, was = 0, kept = 0;
    if (!ask_of(crm, THERE, customer, &there, err)
        || (!there && (!ask_of(crm, BECAME, customer, &kept, err)
                       || !ask_of(crm, WAS_THERE, customer, &was, err))))
        return false;
    if (kept) {
        fail(err, ERR_REFUSED, "customer %" PRId64 " is one with customer %" PRId64, customer,
             kept);
        return fail_hint(err, "ask for %" PRId64 ", which holds both", kept);
    }
    return there || was || fail(err, ERR_NOT_FOUND, "no customer %" PRId64, customer);
}

bool privacy_held(Crm *crm, int64_t customer, Arena *a, Held *out, Error *err)
{
    Walk w = { .crm = crm, .a = a };
    if (!must_be_known(crm, customer, err))
        return false;
    set_add(&w, set_of(&w, "customer"), customer);
    if (!walk(&w, err))
        return false;
    *out = (Held){ .tables = ARENA_ARRAY(a, EraseRows, w.n) };
    for (int i = 0; i < w.n; i++)
        if (w.set[i].n > 0)
            out->tables[out->n++] = (EraseRows){ w.set[i].table, w.set[i].ids, w.set[i].n };
    return true;
}

/* ---- which fields ---------------------------------------------------------------------------- */

static bool is_removed(const char *table)
{
    return strcmp(table, "contact") == 0 || strcmp(table, "customer_tag") == 0
        || strcmp(table, "dnc") == 0;
}

static bool is_personal(const Field *f)
{
    if (!f->column || f->flags & FIELD_COUNTED)
        return false;
    if (f->kind == KIND_DATE || f->kind == KIND_TIME)
        return f->flags & FIELD_USER;
    return f->kind == KIND_TEXT || f->kind == KIND_PHONE || f->kind == KIND_EMAIL;
}

/* Columns whose values are sought in what was typed: they name a person or reach one. */
static bool tells(void *ctx, const char *table, const char *column)
{
    static const char *const columns[] = { "name", "value", "raw", "number", "address", NULL };
    (void)ctx;
    if (strcmp(table, "deal") == 0)
        return false;
    for (int i = 0; columns[i]; i++)
        if (strcmp(column, columns[i]) == 0)
            return true;
    return false;
}

/* Personal columns of a table, NULL-ended; all but ids and references of one without a type. */
static const char **personal_columns(Crm *crm, const char *table, Arena *a)
{
    const Type *t = type_of_table(crm->schema, table);
    const char **list = ARENA_ARRAY(a, const char *, t ? t->n + 1 : 1);
    int n = 0;
    for (int i = 0; t && i < t->n; i++)
        if (is_personal(&t->fields[i]))
            list[n++] = t->fields[i].column;
    list[n] = NULL;
    return list;
}

/* ---- erasing --------------------------------------------------------------------------------- */

static bool is_required(Crm *crm, const char *table, const char *column, bool *required, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[REQUIRED], &q, err))
        return false;
    query_cstr(q, 1, table);
    query_cstr(q, 2, column);
    bool ok = query_one(q, err);
    *required = ok && query_col_int(q, 0);
    query_close(q);
    return ok;
}

/* Run a statement for each row, ?1 its id. */
static bool for_rows(Crm *crm, const EraseRows *r, const char *text, bool changes, int64_t *sum,
                     Error *err)
{
    Query *q = NULL;
    bool ok = query_text(crm->store, str(text), &q, err);
    for (int64_t i = 0; ok && i < r->n; i++) {
        int more;
        query_int(q, 1, r->ids[i]);
        if (changes)
            query_int(q, 2, journal_current(crm->store));
        while ((more = query_next(q, err)) > 0)
            *sum += query_col_int(q, 0);
        query_reset(q);
        ok = more == 0;
    }
    query_close(q);
    return ok;
}

/* How many personal values the rows hold. */
static bool count_values(Crm *crm, const EraseRows *r, const char *const *columns, Arena *a,
                         int64_t *n, Error *err)
{
    Buf b = { 0 };
    buf_cstr(&b, "SELECT 0");
    for (; *columns; columns++)
        buf_printf(&b, " + (\"%s\" IS NOT NULL AND \"%s\" <> '%s')", *columns, *columns, erased);
    buf_printf(&b, " FROM \"%s\" WHERE id = ?1", r->table);
    bool ok = for_rows(crm, r, str_c(buf_as_str(&b), a), false, n, err);
    buf_release(&b);
    return ok;
}

static bool clear_values(Crm *crm, const EraseRows *r, const char *const *columns, Arena *a,
                         Error *err)
{
    Buf b = { 0 };
    bool ok = true, required = false;
    int64_t none = 0;
    buf_printf(&b, "UPDATE \"%s\" SET change = ?2", r->table);
    for (; ok && *columns; columns++) {
        ok = is_required(crm, r->table, *columns, &required, err);
        buf_printf(&b, required ? ", \"%s\" = '%s'" : ", \"%s\" = NULL", *columns, erased);
    }
    buf_cstr(&b, " WHERE id = ?1");
    ok = ok && for_rows(crm, r, str_c(buf_as_str(&b), a), true, &none, err);
    buf_release(&b);
    return ok;
}

/* Values that tell who it is, as they stand in the rows. */
static bool note_values(Crm *crm, const EraseRows *r, const char *column, Erasure *e, Error *err)
{
    Query *q = NULL;
    bool ok = query_text(crm->store, str(arena_printf(e->arena, "SELECT \"%s\" FROM \"%s\""
                                                      " WHERE id = ?1", column, r->table)),
                         &q, err);
    for (int64_t i = 0; ok && i < r->n; i++) {
        query_int(q, 1, r->ids[i]);
        int more = query_next(q, err);
        if (more > 0 && query_col(q, 0).type == VALUE_TEXT)
            erasure_value(e, query_col_str(q, 0));
        query_reset(q);
        ok = more >= 0;
    }
    query_close(q);
    return ok;
}

static bool erase_table(Crm *crm, const EraseRows *r, Erasure *e, Arena *a, Erased *out, Error *err)
{
    const char **columns = personal_columns(crm, r->table, a);
    int64_t values = 0, none = 0;
    for (const char **c = columns; *c; c++)
        if (tells(NULL, r->table, *c) && !note_values(crm, r, *c, e, err))
            return false;
    if (is_removed(r->table)) {
        const char *there = arena_printf(a, "SELECT 1 FROM \"%s\" WHERE id = ?1", r->table);
        if (!for_rows(crm, r, there, false, &values, err))
            return false;
        out->rows += values;
        out->tables += values > 0;
        return for_rows(crm, r, arena_printf(a, "DELETE FROM \"%s\" WHERE id = ?1", r->table),
                        false, &none, err);
    }
    if (!*columns)
        return true;
    if (!count_values(crm, r, columns, a, &values, err))
        return false;
    out->fields += values;
    out->tables += values > 0;
    return values == 0 || clear_values(crm, r, columns, a, err);
}

bool privacy_erase(Crm *crm, const Held *held, Erasure *e, Arena *a, Erased *out, Error *err)
{
    *out = (Erased){ 0 };
    *e = (Erasure){ .rows = held->tables, .n_rows = held->n, .tells = tells, .by_value = "dnc",
                    .arena = a };
    for (int i = 0; i < held->n; i++)
        if (!erase_table(crm, &held->tables[i], e, a, out, err))
            return false;
    journal_erase(crm->store, e);
    return true;
}

bool privacy_left(Crm *crm, const Held *held, Arena *a, int64_t *fields, Error *err)
{
    *fields = 0;
    for (int i = 0; i < held->n; i++)
        if (!count_values(crm, &held->tables[i], personal_columns(crm, held->tables[i].table, a), a,
                          fields, err))
            return false;
    return true;
}

/* ---- access ---------------------------------------------------------------------------------- */

static Kind kind_of(const Type *t, const char *column)
{
    for (int i = 0; t && i < t->n; i++)
        if (t->fields[i].column && strcmp(t->fields[i].column, column) == 0)
            return t->fields[i].kind == KIND_REF ? KIND_INT : t->fields[i].kind;
    return KIND_TEXT;
}

static bool json_rows(Crm *crm, const EraseRows *r, Arena *a, Buf *out, Error *err)
{
    const Type *t = type_of_table(crm->schema, r->table);
    Query *q = NULL;
    bool first = true;
    bool ok = query_text(crm->store, str(arena_printf(a, "SELECT * FROM \"%s\" WHERE id = ?1",
                                                      r->table)), &q, err);
    json_write_text(out, str(r->table));
    buf_cstr(out, ":[");
    for (int64_t i = 0; ok && i < r->n; i++) {
        query_int(q, 1, r->ids[i]);
        int more = query_next(q, err);
        ok = more >= 0;
        if (more <= 0)
            continue;                    /* gone; the journal knows of it */
        buf_cstr(out, first ? "\n{" : ",\n{");
        first = false;
        for (int k = 0; k < query_columns(q); k++) {
            const char *name = query_column_name(q, k);
            buf_cstr(out, k ? "," : "");
            json_write_text(out, str(name));
            buf_char(out, ':');
            json_write_value(out, query_col(q, k), kind_of(t, name));
        }
        buf_char(out, '}');
        query_reset(q);
    }
    query_close(q);
    buf_char(out, ']');
    return ok;
}

typedef struct Changes { Buf *out; const char *table; int64_t row; Crm *crm; bool any; } Changes;

static bool json_change(void *ctx, const HistoryItem *h)
{
    Changes *c = ctx;
    Kind kind = kind_of(type_of_table(c->crm->schema, c->table), h->column.n ? h->column.s : "");
    const struct { const char *name; Value v; Kind kind; } cells[] = {
        { "table", value_cstr(c->table), KIND_TEXT }, { "row", value_int(c->row), KIND_INT },
        { "change", value_int(h->change), KIND_INT }, { "at", value_int(h->at), KIND_TIME },
        { "user", value_text(h->user), KIND_TEXT }, { "what", value_text(h->what), KIND_TEXT },
        { "column", h->column.n ? value_text(h->column) : value_null(), KIND_TEXT },
        { "before", h->before, kind }, { "after", h->after, kind },
        { "command", value_text(h->text), KIND_TEXT },
    };
    buf_cstr(c->out, c->any ? ",\n" : "\n");
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        buf_char(c->out, i ? ',' : '{');
        json_write_text(c->out, str(cells[i].name));
        buf_char(c->out, ':');
        json_write_value(c->out, cells[i].v, cells[i].kind);
    }
    buf_char(c->out, '}');
    c->any = true;
    return true;
}

bool privacy_json(Crm *crm, const Held *held, Arena *a, Buf *out, Error *err)
{
    Changes c = { .out = out, .crm = crm };
    buf_char(out, '{');
    for (int i = 0; i < held->n; i++) {
        if (!json_rows(crm, &held->tables[i], a, out, err))
            return false;
        buf_cstr(out, ",\n");
    }
    buf_cstr(out, "\"journal\":[");
    for (int i = 0; i < held->n; i++)
        for (int64_t k = 0; k < held->tables[i].n; k++) {
            c.table = held->tables[i].table;
            c.row = held->tables[i].ids[k];
            if (!journal_history(crm->store, c.table, c.row, json_change, &c, err))
                return false;
        }
    buf_cstr(out, "]}");
    return true;
}

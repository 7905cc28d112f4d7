/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdarg.h>
#include <stdlib.h>

#include "store/store_int.h"

enum { TEXTS = 64 };                     /* statements composed at run time that are kept */

struct Query {
    Store *st;
    sqlite3_stmt *stmt;
    const Sql *sql;                      /* NULL: composed at run time */
    Query *next;                         /* further statements of the same Sql */
    uint64_t hash;                       /* of the text, when sql is NULL */
    bool writes, busy, running;
    bool kept;                           /* in a cache; else finalized on close */
};

typedef struct Slot { const Sql *sql; Query *list; } Slot;

struct QueryCache {
    Slot *slots;                         /* by the address of the Sql; open addressing */
    size_t size, used;
    Query *texts[TEXTS];
    unsigned hand;                       /* where to look for the next text to give up */
};

/* ---- cache ----------------------------------------------------------------------------------- */

QueryCache *query_cache_new(void)
{
    QueryCache *c = xalloc(sizeof *c);
    c->size = 128;
    c->slots = xalloc(c->size * sizeof *c->slots);
    return c;
}

static void query_free(Query *q)
{
    sqlite3_finalize(q->stmt);
    free(q);
}

void query_cache_free(QueryCache *c)
{
    for (size_t i = 0; i < c->size; i++)
        for (Query *q = c->slots[i].list, *next; q; q = next) {
            next = q->next;
            query_free(q);
        }
    for (int i = 0; i < TEXTS; i++)
        if (c->texts[i])
            query_free(c->texts[i]);
    free(c->slots);
    free(c);
}

static Slot *slot_of(Slot *slots, size_t size, const Sql *sql)
{
    size_t i = ((uintptr_t)sql >> 4) * 0x9E3779B1u & (size - 1);
    while (slots[i].sql && slots[i].sql != sql)
        i = (i + 1) & (size - 1);
    return &slots[i];
}

static Slot *cache_slot(QueryCache *c, const Sql *sql)
{
    if (c->used * 2 >= c->size) {
        size_t size = c->size * 2;
        Slot *slots = xalloc(size * sizeof *slots);
        for (size_t i = 0; i < c->size; i++)
            if (c->slots[i].sql)
                *slot_of(slots, size, c->slots[i].sql) = c->slots[i];
        free(c->slots);
        c->slots = slots;
        c->size = size;
    }
    Slot *s = slot_of(c->slots, c->size, sql);
    if (!s->sql) {
        s->sql = sql;
        c->used++;
    }
    return s;
}

/* ---- opening --------------------------------------------------------------------------------- */

static Query *prepare(Store *st, Str sql, bool keep, const char **tail, Error *err)
{
    sqlite3_stmt *stmt = NULL;
    const char *rest = NULL;
    st->auth_why[0] = '\0';
    if (sql.n > INT32_MAX) {
        fail(err, ERR_INVALID, "the statement is too long (%zu bytes)", sql.n);
        return NULL;
    }
    if (!st->settled && !settle(st, err))
        return NULL;
    int rc = sqlite3_prepare_v3(st->db, sql.s, (int)sql.n, keep ? SQLITE_PREPARE_PERSISTENT : 0,
                                &stmt, &rest);
    if (rc != SQLITE_OK || !stmt) {
        char *copy = xstrndup(sql.s, sql.n);
        if (rc == SQLITE_OK)
            fail(err, ERR_USAGE, "no statement in '%s'", copy);
        else
            fail_sqlite(st, rc, copy, err);
        free(copy);
        return NULL;
    }
    Query *q = xalloc(sizeof *q);
    *q = (Query){ .st = st, .stmt = stmt, .writes = !sqlite3_stmt_readonly(stmt), .kept = keep };
    if (tail)
        *tail = rest;
    return q;
}

void store_set_due(Store *st, StoreDue fn, void *ctx)
{
    st->due = fn;
    st->due_ctx = ctx;
}

/* What is due is done first, and by itself. */
static bool do_due(Store *st, Error *err)
{
    StoreDue fn = st->due;
    st->due = NULL;
    return !fn || fn(st->due_ctx, err);
}

bool query_open(Store *st, const Sql *sql, Query **out, Error *err)
{
    if (!do_due(st, err))
        return false;
    Slot *slot = cache_slot(st->queries, sql);
    Query *q = slot->list;
    while (q && q->busy)
        q = q->next;
    if (!q) {
        q = prepare(st, str(sql->text), true, NULL, err);
        if (!q)
            return false;
        q->sql = sql;
        q->writes = q->writes && !(sql->flags & SQL_CONTROL);
        q->next = slot->list;
        slot->list = q;
    }
    q->busy = true;
    *out = q;
    return true;
}

/* A place for a further text: an empty one, or one given up; NULL when all are in use. */
static Query **text_place(QueryCache *c)
{
    for (int i = 0; i < TEXTS; i++)
        if (!c->texts[i])
            return &c->texts[i];
    for (int i = 0; i < TEXTS; i++) {
        Query **place = &c->texts[c->hand++ % TEXTS];
        if (!(*place)->busy) {
            query_free(*place);
            *place = NULL;
            return place;
        }
    }
    return NULL;
}

bool query_text(Store *st, Str sql, Query **out, Error *err)
{
    QueryCache *c = st->queries;
    if (!do_due(st, err))
        return false;
    uint64_t hash = str_hash(sql);
    for (int i = 0; i < TEXTS && c->texts[i]; i++)
        if (!c->texts[i]->busy && c->texts[i]->hash == hash
            && str_is(sql, sqlite3_sql(c->texts[i]->stmt))) {
            *out = c->texts[i];
            (*out)->busy = true;
            return true;
        }
    Query **place = text_place(c);
    Query *q = prepare(st, sql, place != NULL, NULL, err);
    if (!q)
        return false;
    if (place)
        *place = q;
    q->hash = hash;
    q->busy = true;
    *out = q;
    return true;
}

bool query_printf(Store *st, Query **out, Error *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *sql = sqlite3_vmprintf(fmt, ap);
    va_end(ap);
    if (!sql)
        panic("out of memory");
    bool ok = query_text(st, str(sql), out, err);
    sqlite3_free(sql);
    return ok;
}

/* Whether nothing but white space, semicolons and comments is left. */
static bool is_blank(const char *s, const char *end)
{
    while (s < end) {
        if (*s == ' ' || *s == ';' || (*s >= '\t' && *s <= '\r')) {
            s++;
        } else if (end - s >= 2 && s[0] == '-' && s[1] == '-') {
            const char *line = memchr(s, '\n', (size_t)(end - s));
            s = line ? line : end;
        } else if (end - s >= 2 && s[0] == '/' && s[1] == '*') {
            const char *close = memmem(s + 2, (size_t)(end - s - 2), "*/", 2);
            s = close ? close + 2 : end;
        } else {
            return false;
        }
    }
    return true;
}

bool query_user(Store *st, Str sql, Query **out, bool *writes, Error *err)
{
    const char *rest = NULL;
    if (!do_due(st, err))
        return false;
    Auth before = st->auth;
    st->auth = AUTH_USER;
    Query *q = prepare(st, sql, false, &rest, err);
    st->auth = before;
    if (!q)
        return false;
    if (!is_blank(rest, sql.s + sql.n)) {
        query_free(q);
        fail(err, ERR_USAGE, "one statement at a time");
        return fail_at(err, (int)(rest - sql.s), 1);
    }
    q->busy = true;
    *writes = q->writes;
    *out = q;
    return true;
}

void query_close(Query *q)
{
    if (!q)
        return;
    if (!q->kept) {
        query_free(q);
        return;
    }
    query_reset(q);
    sqlite3_clear_bindings(q->stmt);
    q->busy = false;
}

/* ---- binding --------------------------------------------------------------------------------- */

static void bound(Query *q, int i, int rc)
{
    if (rc != SQLITE_OK)
        panic("parameter %d of: %s", i, sqlite3_sql(q->stmt));
}

void query_int(Query *q, int i, int64_t v)
{
    bound(q, i, sqlite3_bind_int64(q->stmt, i, v));
}

void query_real(Query *q, int i, double v)
{
    bound(q, i, sqlite3_bind_double(q->stmt, i, v));
}

void query_str(Query *q, int i, Str v)
{
    bound(q, i, v.s ? sqlite3_bind_text64(q->stmt, i, v.s, v.n, SQLITE_STATIC, SQLITE_UTF8)
                    : sqlite3_bind_null(q->stmt, i));
}

void query_cstr(Query *q, int i, const char *v)
{
    query_str(q, i, str(v));
}

void query_null(Query *q, int i)
{
    bound(q, i, sqlite3_bind_null(q->stmt, i));
}

void query_value(Query *q, int i, Value v)
{
    switch (v.type) {
    case VALUE_NULL:
        query_null(q, i);
        break;
    case VALUE_INT:
        query_int(q, i, v.i);
        break;
    case VALUE_REAL:
        query_real(q, i, v.r);
        break;
    case VALUE_TEXT:
        query_str(q, i, v.s.s ? v.s : STR(""));
        break;
    }
}

void query_blob(Query *q, int i, const void *p, size_t n)
{
    bound(q, i, p ? sqlite3_bind_blob64(q->stmt, i, p, n, SQLITE_STATIC)
                  : sqlite3_bind_null(q->stmt, i));
}

/* ---- running --------------------------------------------------------------------------------- */

bool fail_injected(Store *st, Error *err)
{
    if (st->fail_at > 0 && --st->fail_at == 0)
        return fail(err, ERR_FAILED, "injected");
    return true;
}

void store_fail_at(Store *st, int64_t n)
{
    st->fail_at = n;
}

/* A writing statement failed: what it did up to there was undone behind the hook's back. */
static int failed(Query *q, int rc, Error *err)
{
    Store *st = q->st;
    if (st->feed && st->feed_err->code)
        *err = *st->feed_err;
    else
        fail_sqlite(st, rc, sqlite3_sql(q->stmt), err);
    sqlite3_reset(q->stmt);
    if (q->writes && st->journal.top)
        st->journal.top->failed = true;
    if (st->depth > 0 && sqlite3_get_autocommit(st->db))
        st->lost = true;                 /* disk full and the like end the whole transaction */
    q->running = false;
    return -1;
}

static int refused(Query *q)
{
    if (q->st->journal.top)
        q->st->journal.top->failed = true;
    return -1;
}

int query_next(Query *q, Error *err)
{
    Store *st = q->st;
    if (q->writes && !q->running && !journal_may_write(st, err))
        return refused(q);
    int rc = sqlite3_step(q->stmt);
    q->running = rc == SQLITE_ROW;
    if (rc == SQLITE_ROW)
        return 1;
    if (rc != SQLITE_DONE)
        return failed(q, rc, err);
    sqlite3_reset(q->stmt);
    if (q->writes && st->journal.trouble.code) {
        *err = st->journal.trouble;
        return refused(q);
    }
    return 0;
}

int64_t store_changes(const Store *st)
{
    return sqlite3_total_changes64(st->db);
}

bool query_one(Query *q, Error *err)
{
    int n = query_next(q, err);
    if (n == 0)
        fail(err, ERR_NOT_FOUND, "no such record");
    return n == 1;
}

bool query_run(Query *q, Error *err)
{
    int n;
    while ((n = query_next(q, err)) > 0)
        ;
    query_reset(q);
    return n == 0;
}

void query_reset(Query *q)
{
    sqlite3_reset(q->stmt);
    q->running = false;
}

/* ---- columns --------------------------------------------------------------------------------- */

int query_columns(const Query *q)
{
    return sqlite3_column_count(q->stmt);
}

const char *query_column_name(const Query *q, int i)
{
    return sqlite3_column_name(q->stmt, i);
}

/* A connection belongs to one thread (SQLITE_OPEN_NOMUTEX), where the value of a column may be read
 * like any other (sqlite.org/c3ref/value.html), at half the cost of sqlite3_column_... */
static Str text_of(sqlite3_value *v)
{
    const char *s = sqlite3_value_blob(v);               /* text as stored; a blob as it is */
    size_t n = (size_t)sqlite3_value_bytes(v);
    if (!s && sqlite3_value_type(v) != SQLITE_NULL)
        s = "";
    return (Str){ s, n };
}

int64_t query_col_int(const Query *q, int i)
{
    return sqlite3_value_int64(sqlite3_column_value(q->stmt, i));
}

double query_col_real(const Query *q, int i)
{
    return sqlite3_value_double(sqlite3_column_value(q->stmt, i));
}

Str query_col_str(const Query *q, int i)
{
    return text_of(sqlite3_column_value(q->stmt, i));
}

static inline Value value_of(sqlite3_value *v)
{
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER:
        return value_int(sqlite3_value_int64(v));
    case SQLITE_FLOAT:
        return value_real(sqlite3_value_double(v));
    case SQLITE_NULL:
        return value_null();
    default:
        return value_text(text_of(v));
    }
}

Value query_col(const Query *q, int i)
{
    return value_of(sqlite3_column_value(q->stmt, i));
}

void query_row(const Query *q, Value *row, int n)
{
    for (int i = 0; i < n; i++)
        row[i] = value_of(sqlite3_column_value(q->stmt, i));
}

bool query_col_is_null(const Query *q, int i)
{
    return sqlite3_column_type(q->stmt, i) == SQLITE_NULL;
}

/* ---- short forms ----------------------------------------------------------------------------- */

bool store_get_int(Store *st, const Sql *sql, int64_t *out, Error *err)
{
    Query *q = NULL;
    *out = 0;
    if (!query_open(st, sql, &q, err))
        return false;
    int n = query_next(q, err);
    if (n > 0)
        *out = query_col_int(q, 0);
    query_close(q);
    return n >= 0;
}

bool store_exec(Store *st, const Sql *sql, Error *err)
{
    Query *q = NULL;
    if (!query_open(st, sql, &q, err))
        return false;
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool store_run(Store *st, const char *sql, Error *err)
{
    Auth before = st->auth;
    st->auth = AUTH_OPEN;
    int rc = sqlite3_exec(st->db, sql, NULL, NULL, NULL);
    st->auth = before;
    return rc == SQLITE_OK || fail_sqlite(st, rc, sql, err);
}

bool store_cell(Store *st, const char *sql, int64_t *out, Error *err)
{
    sqlite3_stmt *stmt = NULL;
    Auth before = st->auth;
    st->auth = AUTH_OPEN;
    int rc = sqlite3_prepare_v2(st->db, sql, -1, &stmt, NULL);
    if (rc == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
        *out = sqlite3_column_int64(stmt, 0);
    rc = rc == SQLITE_OK ? sqlite3_finalize(stmt) : rc;
    st->auth = before;
    return rc == SQLITE_OK || fail_sqlite(st, rc, sql, err);
}

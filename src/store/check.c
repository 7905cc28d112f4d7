/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * check.c -- what can be proven of the file without knowing what its records mean.
 */
#include <stdarg.h>
#include <stdio.h>

#include "store/store_int.h"

enum { TABLES, COLUMNS, BALANCE, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [TABLES] = { "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", 0 },
    [COLUMNS] = { "SELECT count(*) FILTER (WHERE p.cid IS NULL OR c.id IS NULL"
                  " OR p.cid <> c.position), count(*) FILTER (WHERE p.name IN ('id', 'change'))"
                  " FROM pragma_table_info(?1) p FULL JOIN (SELECT j.* FROM journal_column j"
                  " JOIN journal_table t ON t.id = j.tbl WHERE t.name = ?1"
                  " AND j.position IS NOT NULL) c ON c.name = p.name", 0 },
    [BALANCE] = { "SELECT coalesce((SELECT sum(last - first + 1) FROM change_range"
                  " WHERE tbl = ?1), 0) - (SELECT count(*) FROM change_image"
                  " WHERE tbl = ?1 AND op = 2)", 0 },
};

typedef struct Check {
    Store *st;
    void (*say)(void *ctx, Str problem);
    void *ctx;
    int problems;
} Check;

__attribute__((format(printf, 2, 3)))
static void report(Check *c, const char *fmt, ...)
{
    char text[600];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    c->problems++;
    c->say(c->ctx, str(text));
}

static bool check_sqlite(Check *c, Error *err)
{
    Query *q = NULL;
    int n;
    if (!query_text(c->st, STR("PRAGMA integrity_check"), &q, err))
        return false;
    while ((n = query_next(q, err)) > 0)
        if (!str_is(query_col_str(q, 0), "ok"))
            report(c, "database: %.*s", STR_ARG(query_col_str(q, 0)));
    query_close(q);
    if (n < 0 || !query_text(c->st, STR("PRAGMA foreign_key_check"), &q, err))
        return false;
    while ((n = query_next(q, err)) > 0)
        report(c, "%.*s %lld refers to a %.*s that is not there", STR_ARG(query_col_str(q, 0)),
               (long long)query_col_int(q, 1), STR_ARG(query_col_str(q, 2)));
    query_close(q);
    return n == 0;
}

static bool check_table(Check *c, const char *table, Error *err)
{
    Query *q = NULL;
    if (is_exempt(table))
        return true;
    if (!query_open(c->st, &sql[COLUMNS], &q, err))
        return false;
    query_cstr(q, 1, table);
    bool ok = query_one(q, err);
    if (ok && query_col_int(q, 1) != 2)
        report(c, "table %s is neither journalled (id, change) nor exempt", table);
    else if (ok && query_col_int(q, 0) > 0)
        report(c, "table %s has other columns than the journal knows", table);
    query_close(q);
    return ok;
}

static bool check_tables(Check *c, Error *err)
{
    Query *q = NULL;
    Arena a = { 0 };
    int n = 0;
    bool ok = query_open(c->st, &sql[TABLES], &q, err);
    while (ok && (n = query_next(q, err)) > 0)
        ok = check_table(c, str_c(query_col_str(q, 0), &a), err);
    query_close(q);
    arena_release(&a);
    return ok && n == 0;
}

static bool check_search(Check *c, Error *err)
{
    for (int i = 0; i < c->st->n_search; i++) {
        bool agrees;
        if (!search_check(c->st, &c->st->search[i], &agrees, err))
            return false;
        if (!agrees)
            report(c, "the search index of %s does not hold the words of its rows",
                   c->st->search[i].table);
    }
    bool agrees;
    if (!digits_check(c->st, &agrees, err))
        return false;
    if (!agrees)
        report(c, "the digit index of %s does not hold the numbers of its rows",
               c->st->digits->table);
    return true;
}

bool store_check(Store *st, void (*say)(void *ctx, Str problem), void *ctx, int *problems,
                 Error *err)
{
    Check c = { .st = st, .say = say, .ctx = ctx };
    st->auth = AUTH_OPEN;
    bool ok = check_sqlite(&c, err) && check_tables(&c, err) && check_search(&c, err);
    st->auth = AUTH_CODE;
    *problems = c.problems;
    return ok;
}

/* ---- statements ------------------------------------------------------------------------------ */

/* A hot statement must not walk through a whole table (a scan of a subquery's result is fine). */
static bool uses_index(Store *st, const Sql *s, Buf *plan, Error *err)
{
    Query *q = NULL;
    int n;
    bool ok = true;
    Buf text = { 0 };
    buf_printf(&text, "EXPLAIN QUERY PLAN %s", s->text);
    if (query_text(st, buf_as_str(&text), &q, err)) {
        while ((n = query_next(q, err)) > 0) {
            Str step = query_col_str(q, 3);
            ok = ok && !(str_starts(step, "SCAN ") && !str_starts(step, "SCAN (")
                         && !memmem(step.s, step.n, "INDEX", 5)
                         && !memmem(step.s, step.n, "CONSTANT", 8)
                         && !memmem(step.s, step.n, "VIRTUAL", 7));
            buf_printf(plan, "%s%.*s", plan->n ? "; " : "", STR_ARG(step));
        }
    }
    query_close(q);
    buf_release(&text);
    return ok;
}

bool store_check_sql(Store *st, const SqlTable *table, Error *err)
{
    for (int i = 0; i < table->n; i++) {
        Query *q = NULL;
        const Sql *s = &table->sql[i];
        if (!s->text)
            return fail(err, ERR_FAILED, "%s: statement %d has no text", table->module, i);
        if (!query_open(st, s, &q, err))
            return fail_detail(err, "%s: statement %d: %s", table->module, i, s->text);
        query_close(q);
        Buf plan = { .max = 400 };
        bool ok = !(s->flags & SQL_HOT) || uses_index(st, s, &plan, err);
        if (!ok)
            fail(err, ERR_FAILED, "%s: statement %d reads a whole table: %s", table->module, i,
                 plan.s ? plan.s : "");
        buf_release(&plan);
        if (!ok)
            return fail_detail(err, "%s", s->text);
    }
    return true;
}

/* ---- other programs -------------------------------------------------------------------------- */

/* Every row carries the id of a change, and rows = rows inserted - rows deleted. A row that another
 * program inserted or replaced has no stamp, one that it deleted is missing from the sum; one that
 * it updated in place is not seen here. */
static bool table_is_ours(Store *st, const MapTable *t, bool *ours, Error *err)
{
    Query *q = NULL;
    int64_t strangers = 0, rows = 0, expected = 0;
    if (!query_printf(st, &q, err, "SELECT count(*) FILTER (WHERE NOT EXISTS (SELECT 1"
                      " FROM change c WHERE c.id = t.change)), count(*) FROM \"%w\" t", t->name))
        return false;
    bool ok = query_one(q, err);
    if (ok) {
        strangers = query_col_int(q, 0);
        rows = query_col_int(q, 1);
    }
    query_close(q);
    if (!ok || !query_open(st, &sql[BALANCE], &q, err))
        return false;
    query_int(q, 1, t->id);
    ok = query_one(q, err);
    if (ok)
        expected = query_col_int(q, 0);
    query_close(q);
    *ours = strangers == 0 && rows == expected;
    return ok;
}

bool journal_foreign_writes(Store *st, bool *seen, Error *err)
{
    *seen = false;
    if (!map_current(st, err))
        return false;
    for (int i = 0; i < st->journal.map.n; i++) {
        bool ours = true;
        if (st->journal.map.tables[i].n > 0
            && !table_is_ours(st, &st->journal.map.tables[i], &ours, err))
            return false;
        *seen = *seen || !ours;
    }
    return true;
}

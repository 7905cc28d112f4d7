/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * feed.c -- the table `feed`: rows that the program hands to an INSERT ... SELECT.
 *
 * An eponymous virtual table that only our own top-level statements may name; it can be scanned
 * once, while store_feed() runs.
 */
#include <stdlib.h>

#include "store/reverse.h"
#include "store/store_int.h"

enum { COLUMNS = 24 };

typedef struct FeedTable { sqlite3_vtab base; Store *st; } FeedTable;
typedef struct FeedCursor {
    sqlite3_vtab_cursor base;
    int64_t row;
    bool end;
    Value values[COLUMNS];
} FeedCursor;

static int feed_connect(sqlite3 *db, void *ctx, int argc, const char *const *argv,
                        sqlite3_vtab **out, char **msg)
{
    (void)argc, (void)argv, (void)msg;
    Buf b = { 0 };
    for (int i = 0; i < COLUMNS; i++)
        buf_printf(&b, "%sc%d", i ? ", " : "CREATE TABLE feed(", i);
    buf_cstr(&b, ")");
    int rc = sqlite3_declare_vtab(db, b.s);
    buf_release(&b);
    if (rc != SQLITE_OK)
        return rc;
    sqlite3_vtab_config(db, SQLITE_VTAB_DIRECTONLY);
    FeedTable *t = xalloc(sizeof *t);
    t->st = ctx;
    *out = &t->base;
    return SQLITE_OK;
}

static int feed_disconnect(sqlite3_vtab *t)
{
    free(t);
    return SQLITE_OK;
}

static int feed_best_index(sqlite3_vtab *t, sqlite3_index_info *info)
{
    (void)t;
    info->estimatedCost = 1e6;
    info->estimatedRows = 1000000;
    return SQLITE_OK;
}

static int feed_open(sqlite3_vtab *t, sqlite3_vtab_cursor **out)
{
    (void)t;
    FeedCursor *c = xalloc(sizeof *c);
    *out = &c->base;
    return SQLITE_OK;
}

static int feed_close(sqlite3_vtab_cursor *c)
{
    free(c);
    return SQLITE_OK;
}

static int feed_next(sqlite3_vtab_cursor *base)
{
    FeedCursor *c = (FeedCursor *)base;
    Store *st = ((FeedTable *)base->pVtab)->st;
    int n = st->feed ? st->feed->next(st->feed->ctx, c->values, st->feed_err) : 0;
    c->end = n == 0;
    c->row++;
    return n < 0 ? SQLITE_ERROR : SQLITE_OK;
}

static int feed_filter(sqlite3_vtab_cursor *base, int number, const char *name, int argc,
                       sqlite3_value **argv)
{
    (void)number, (void)name, (void)argc, (void)argv;
    return feed_next(base);
}

static int feed_eof(sqlite3_vtab_cursor *base)
{
    return ((FeedCursor *)base)->end;
}

static int feed_column(sqlite3_vtab_cursor *base, sqlite3_context *out, int i)
{
    const FeedCursor *c = (const FeedCursor *)base;
    Value v = i < ((FeedTable *)base->pVtab)->st->feed->cols ? c->values[i] : value_null();
    switch (v.type) {
    case VALUE_NULL:
        break;
    case VALUE_INT:
        sqlite3_result_int64(out, v.i);
        break;
    case VALUE_REAL:
        sqlite3_result_double(out, v.r);
        break;
    case VALUE_TEXT:
        sqlite3_result_text64(out, v.s.n ? v.s.s : "", v.s.n, SQLITE_STATIC, SQLITE_UTF8);
        break;
    }
    return SQLITE_OK;
}

static int feed_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = ((FeedCursor *)base)->row;
    return SQLITE_OK;
}

static const sqlite3_module feed_module = {
    .xConnect = feed_connect,            /* and no xCreate: eponymous only */
    .xBestIndex = feed_best_index,
    .xDisconnect = feed_disconnect,
    .xOpen = feed_open,
    .xClose = feed_close,
    .xFilter = feed_filter,
    .xNext = feed_next,
    .xEof = feed_eof,
    .xColumn = feed_column,
    .xRowid = feed_rowid,
};

bool feed_register(Store *st)
{
    return sqlite3_create_module(st->db, "feed", &feed_module, st) == SQLITE_OK;
}

bool store_feed(Store *st, Str sql, const Feed *feed, Error *err)
{
    Query *q = NULL;
    Error said = { 0 };
    if (feed->cols > COLUMNS)
        panic("a feed of %d columns", feed->cols);
    if (!query_text(st, sql, &q, err))
        return false;
    st->feed = feed;
    st->feed_err = &said;
    st->journal.feeding = true;
    st->journal.feed_table = NULL;
    if (feed->referred)
        store_foreign_keys(st, false);
    bool ok = query_run(q, err);
    if (feed->referred)
        store_foreign_keys(st, true);
    st->journal.feeding = false;
    st->feed = NULL;
    st->feed_err = NULL;
    query_close(q);
    return ok;
}

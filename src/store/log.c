/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * log.c -- the journal as lists: its entries, and its runs.
 */
#include "store/store_int.h"

enum { LOG, RUNS, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [LOG] = { "SELECT id, run, at, rows, user, kind, text FROM change ORDER BY id DESC"
              " LIMIT ?1", 0 },
    [RUNS] = { "SELECT r.id, r.at, r.user, r.title, sum(c.rows) FILTER (WHERE c.kind = 'work'),"
               " count(*) FILTER (WHERE c.kind = 'work'), (SELECT kind FROM change l"
               " WHERE l.run = r.id ORDER BY l.id DESC LIMIT 1) = 'undo'"
               " FROM run r JOIN change c ON c.run = r.id GROUP BY r.id ORDER BY r.id DESC"
               " LIMIT ?1", 0 },
};

static bool open_list(Store *st, int which, int64_t limit, Query **q, Error *err)
{
    if (!query_open(st, &sql[which], q, err))
        return false;
    query_int(*q, 1, limit > 0 ? limit : -1);
    return true;
}

bool journal_log(Store *st, int64_t limit, bool (*fn)(void *ctx, const LogEntry *), void *ctx,
                 Error *err)
{
    Query *q = NULL;
    int n;
    if (!open_list(st, LOG, limit, &q, err))
        return false;
    while ((n = query_next(q, err)) > 0) {
        LogEntry e = { .id = query_col_int(q, 0), .run = query_col_int(q, 1),
                       .at = query_col_int(q, 2), .rows = query_col_int(q, 3),
                       .user = query_col_str(q, 4), .kind = query_col_str(q, 5),
                       .text = query_col_str(q, 6) };
        if (!fn(ctx, &e))
            break;
    }
    query_close(q);
    return n >= 0;
}

bool journal_runs(Store *st, int64_t limit, bool (*fn)(void *ctx, const RunInfo *), void *ctx,
                  Error *err)
{
    Query *q = NULL;
    int n;
    if (!open_list(st, RUNS, limit, &q, err))
        return false;
    while ((n = query_next(q, err)) > 0) {
        RunInfo r = { .id = query_col_int(q, 0), .at = query_col_int(q, 1),
                      .user = query_col_str(q, 2), .title = query_col_str(q, 3),
                      .rows = query_col_int(q, 4), .changes = query_col_int(q, 5),
                      .undone = query_col_int(q, 6) != 0 };
        if (!fn(ctx, &r))
            break;
    }
    query_close(q);
    return n >= 0;
}

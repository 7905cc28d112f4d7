/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tx.c -- transactions that nest: the outermost is real, inner ones are savepoints of one name
 * (SQLite takes the innermost of that name).
 */
#include <stdio.h>
#include <sys/stat.h>

#include "store/store_int.h"

enum {
    WAL_KEPT = 64 << 20,                 /* a longer write-ahead log is cut after the commit */
    PAGE = 8192,                         /* bytes of a page in files of ours */
    CHECKPOINT = 1000,                   /* frames in the log from which on it is taken over */
};

enum { BEGIN, COMMIT, ROLLBACK, SAVEPOINT, RELEASE, BACK, LOOK, IDS_LAST, IDS_TAKE, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [BEGIN] = { "BEGIN IMMEDIATE", SQL_CONTROL },
    [COMMIT] = { "COMMIT", SQL_CONTROL },
    [ROLLBACK] = { "ROLLBACK", SQL_CONTROL },
    [SAVEPOINT] = { "SAVEPOINT nested", SQL_CONTROL },
    [RELEASE] = { "RELEASE nested", SQL_CONTROL },
    [BACK] = { "ROLLBACK TO nested", SQL_CONTROL },
    [LOOK] = { "BEGIN", SQL_CONTROL },
    [IDS_LAST] = { "SELECT last FROM counter WHERE name = ?1", 0 },
    [IDS_TAKE] = { "INSERT INTO counter(name, last) VALUES (?1, ?2)"
                   " ON CONFLICT (name) DO UPDATE SET last = excluded.last", 0 },
};

bool store_look(Store *st, Error *err)
{
    if (st->depth > 0 || st->looking)
        return true;
    return st->looking = store_exec(st, &sql[LOOK], err);
}

void store_looked(Store *st)
{
    Error ignored;
    if (st->looking)
        store_exec(st, &sql[COMMIT], &ignored);
    st->looking = false;
}

bool store_begin(Store *st, Error *err)
{
    if (st->readonly) {
        fail(err, ERR_DATABASE, "%s is open read-only and cannot be changed", st->path);
        return fail_hint(err, "work on a copy, or open it where it can be written");
    }
    if (st->lost)                        /* a savepoint would begin a transaction of its own */
        return fail(err, ERR_FAILED, "the transaction has failed and can only be rolled back");
    store_looked(st);
    if (!store_exec(st, &sql[st->depth ? SAVEPOINT : BEGIN], err))
        return false;
    st->depth++;
    frame_push(&st->journal.top, log_end(&st->journal.log), st->journal.n_ops);
    if (st->depth > 1 || st->migrating || journal_begin(st, err))
        return true;
    store_rollback(st);
    return false;
}

/* Give a long write-ahead log back to the disk, unless a reader still needs it. */
static void cut_wal(Store *st)
{
    struct stat s;
    char wal[4096];
    snprintf(wal, sizeof wal, "%s-wal", st->path);
    st->long_log = stat(wal, &s) == 0 && s.st_size > WAL_KEPT;
    if (!st->long_log)
        return;
    sqlite3_busy_timeout(st->db, 0);
    sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(st->db, store_busy_ms());
}

/* After each commit, instead of SQLite's own hook: that the log is long is seen without a look at
 * the file. */
static int logged(void *ctx, sqlite3 *db, const char *schema, int frames)
{
    Store *st = ctx;
    if (frames >= CHECKPOINT)
        sqlite3_wal_checkpoint_v2(db, schema, SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
    st->long_log |= frames > WAL_KEPT / PAGE;
    return SQLITE_OK;
}

void log_hook_install(Store *st)
{
    st->long_log = true;                 /* until it was looked at */
    sqlite3_wal_hook(st->db, logged, st);
}

static void ended(Store *st, bool committed)
{
    st->depth = 0;
    st->lost = false;
    while (st->journal.top)
        frame_drop(&st->journal.top);
    journal_end(st, committed);
}

static bool commit_outermost(Store *st, Error *err)
{
    if (!journal_commit(st, err) || !fail_injected(st, err) || !store_exec(st, &sql[COMMIT], err)) {
        store_rollback(st);
        return false;
    }
    ended(st, true);
    st->commits++;
    if (st->long_log)
        cut_wal(st);
    return true;
}

static bool commit_inner(Store *st, Error *err)
{
    if (!store_exec(st, &sql[RELEASE], err)) {
        store_rollback(st);
        return false;
    }
    st->depth--;
    journal_unwind(st, true);
    return true;
}

int64_t store_commits(const Store *st)
{
    return st->commits;
}

bool store_commit(Store *st, Error *err)
{
    if (st->depth == 0)
        panic("commit without a transaction");
    if (st->lost || st->journal.top->failed) {
        store_rollback(st);
        return fail(err, ERR_FAILED, "the transaction had failed before and was rolled back");
    }
    return st->depth == 1 ? commit_outermost(st, err) : commit_inner(st, err);
}

void store_rollback(Store *st)
{
    Error ignored;
    if (st->depth == 0)
        panic("rollback without a transaction");
    bool gone = sqlite3_get_autocommit(st->db);
    if (st->depth == 1) {
        if (!gone)
            store_exec(st, &sql[ROLLBACK], &ignored);
        ended(st, false);
        return;
    }
    if (!gone) {
        store_exec(st, &sql[BACK], &ignored);
        store_exec(st, &sql[RELEASE], &ignored);
    }
    st->lost = gone;
    st->depth--;
    journal_unwind(st, false);
}

int store_depth(const Store *st)
{
    return st->depth;
}

/* Ids come after those of the rows that are there, by whomever they were put there. */
static bool last_id(Store *st, const char *table, int64_t *out, Error *err)
{
    Query *q = NULL;
    if (!query_printf(st, &q, err, "SELECT max("
                      "coalesce((SELECT last FROM counter WHERE name = ?1), 0),"
                      " coalesce((SELECT max(id) FROM \"%w\"), 0))", table))
        return false;
    query_cstr(q, 1, table);
    bool ok = query_one(q, err);
    *out = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok;
}

/* Two statements: one with RETURNING builds a table each time, at three times the cost. */
bool store_ids(Store *st, const char *table, int64_t n, int64_t *first, Error *err)
{
    Query *q = NULL;
    int64_t last;
    if (!last_id(st, table, &last, err) || !query_open(st, &sql[IDS_TAKE], &q, err))
        return false;
    *first = last + 1;
    query_cstr(q, 1, table);
    query_int(q, 2, last + n);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

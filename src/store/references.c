/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * references.c -- after undo or redo: does every row still find the rows it refers to?
 *
 * Looks only where something may have broken: at what refers to removed rows, and at what restored
 * rows refer to.  A kept fact (a real call) loses a reference that its table gives up on deletion;
 * any other row that would be left without its parent is later work, and named.
 */
#include <stdlib.h>

#include "store/reverse.h"

enum {
    FEW = 8,                             /* runs looked at one by one; else the whole table */
    NAMED = 20,
};

enum { KEYS, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [KEYS] = { "SELECT m.name, f.\"from\", f.\"table\", f.on_delete FROM sqlite_schema m,"
               " pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY m.name, f.id",
               0 },
};

void store_foreign_keys(Store *st, bool on)
{
    sqlite3_db_config(st->db, SQLITE_DBCONFIG_ENABLE_FKEY, on, NULL);
}

static bool give_up(Reversal *r, const Key *k, const RowSet *rows, Error *err)
{
    Query *q = NULL;
    RowRun *run = NULL;
    int64_t n = rowset_runs(rows, &run);
    bool ok = n == 0 || query_printf(r->st, &q, err, "UPDATE \"%w\" SET \"%w\" = NULL"
                                     " WHERE id BETWEEN ?1 AND ?2", k->table, k->column);
    for (int64_t i = 0; ok && i < n; i++) {
        query_int(q, 1, run[i].first);
        query_int(q, 2, run[i].last);
        ok = query_run(q, err);
    }
    query_close(q);
    free(run);
    return ok;
}

/* Rows of the key's table whose `range` column lies in a run and whose parent is missing. */
static bool check_run(Reversal *r, const Key *k, const char *range, RowRun run, RowSet *orphans,
                      Error *err)
{
    Query *q = NULL;
    int n, table = map_find(&r->st->journal.map, k->table);
    if (!query_printf(r->st, &q, err, "SELECT c.id, c.\"%w\", c.change FROM \"%w\" c"
                      " WHERE c.\"%w\" BETWEEN ?1 AND ?2 AND c.\"%w\" IS NOT NULL AND NOT EXISTS"
                      " (SELECT 1 FROM \"%w\" p WHERE p.id = c.\"%w\")", k->column, k->table, range,
                      k->column, k->parent, k->column))
        return false;
    query_int(q, 1, run.first);
    query_int(q, 2, run.last);
    while ((n = query_next(q, err)) > 0 && r->conflicts < NAMED) {
        int64_t row = query_col_int(q, 0);
        if (k->set_null && rowset_has(&reversed_rows(r, table)->kept, row)) {
            rowset_add(orphans, row);
            continue;
        }
        Buf by = { .max = 300 };
        put_change(r->st, query_col_int(q, 2), &by);
        conflict(r, err, k->table, row, "refers to %s %lld, %s", k->parent,
                 (long long)query_col_int(q, 1), by.s);
        buf_release(&by);
    }
    query_close(q);
    return n >= 0;
}

static bool check_rows(Reversal *r, const Key *k, const char *range, const RowSet *rows,
                       int64_t few, Error *err)
{
    RowRun *run = NULL, all = { INT64_MIN, INT64_MAX };
    RowSet orphans = { 0 };
    int64_t n = rowset_runs(rows, &run);
    bool ok = true;
    if (n > few)
        ok = check_run(r, k, range, all, &orphans, err);
    for (int64_t i = 0; ok && n <= few && i < n; i++)
        ok = check_run(r, k, range, run[i], &orphans, err);
    ok = ok && give_up(r, k, &orphans, err);
    rowset_release(&orphans);
    free(run);
    return ok;
}

static bool check_key(Reversal *r, const Key *k, Error *err)
{
    reversed_rows(r, k->child_at > k->parent_at ? k->child_at : k->parent_at);
    return check_rows(r, k, k->column, &r->tables[k->parent_at].removed, FEW, err)
        && check_rows(r, k, "id", &r->tables[k->child_at].restored, INT64_MAX, err);
}

bool keys_read(Store *st, Arena *a, Keys *out, Error *err)
{
    Query *q = NULL;
    int n, room = 0;
    *out = (Keys){ 0 };
    if (!query_open(st, &sql[KEYS], &q, err))
        return false;
    while ((n = query_next(q, err)) > 0) {
        Str gone = query_col_str(q, 3);
        Key k = { .table = str_c(query_col_str(q, 0), a), .column = str_c(query_col_str(q, 1), a),
                  .parent = str_c(query_col_str(q, 2), a), .set_null = str_is(gone, "SET NULL"),
                  .cascades = str_is(gone, "CASCADE") };
        k.child_at = map_find(&st->journal.map, k.table);
        k.parent_at = map_find(&st->journal.map, k.parent);
        if (k.child_at < 0 || k.parent_at < 0)
            continue;
        if (out->n == room) {
            Key *more = ARENA_ARRAY(a, Key, room = room ? room * 2 : 32);
            if (out->n)
                memcpy(more, out->key, sizeof *more * (size_t)out->n);
            out->key = more;
        }
        out->key[out->n++] = k;
    }
    query_close(q);
    return n == 0;
}

bool reverse_check_references(Reversal *r, Error *err)
{
    Arena a = { 0 };
    Keys keys;
    bool ok = keys_read(r->st, &a, &keys, err);
    for (int i = 0; ok && i < keys.n; i++)
        ok = check_key(r, &keys.key[i], err);
    arena_release(&a);
    return ok && r->conflicts == 0;
}

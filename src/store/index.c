/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * index.c -- an index left out while a table is loaded, and built once all rows are there.
 *
 * Random keys into a growing index cost more than all the rest of a load: its pages leave the cache
 * and come back.
 */
#include "store/store_int.h"

bool store_index_drop(Store *st, const char *index, Arena *a, const char **sql, Error *err)
{
    static const Sql find = { "SELECT sql FROM sqlite_schema WHERE type = 'index' AND name = ?1",
                              0 };
    Query *q = NULL;
    if (st->depth == 0)
        panic("an index is dropped outside a transaction");
    if (!query_open(st, &find, &q, err))
        return false;
    query_cstr(q, 1, index);
    bool ok = query_one(q, err);
    *sql = ok ? str_c(query_col_str(q, 0), a) : NULL;
    query_close(q);
    /* What it held stays in its table: its pages need not be wiped. */
    return ok && store_run(st, arena_printf(a, "PRAGMA secure_delete = OFF; DROP INDEX \"%s\";"
                                               "PRAGMA secure_delete = ON", index), err);
}

bool store_index_make(Store *st, const char *sql, Error *err)
{
    return store_run(st, sql, err);
}

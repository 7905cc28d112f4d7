/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * search.c -- the search tables, brought up to date before each commit (search_ask.c asks them).
 *
 * They are contentless FTS5 tables, so taking a row out needs the very text that was put in; the
 * images of the open transaction have it.  FTS5 writes a segment whenever row ids descend, so ids
 * are fed in ascending order.
 */
#include <stdlib.h>

#include "store/store_int.h"

enum {
    BULK = 20000,                        /* rows from which merging segments waits */
    AUTOMERGE = 4,                       /* FTS5's default */
    TEXTS = 8,                           /* columns of a search table, at most */
};

typedef struct Old { int64_t row, at; } Old;     /* a row of the table and its image in the log */

typedef struct Update {
    Store *st;
    const SearchTable *search;
    const MapTable *table;
    int index, n_columns;
    Query *take_out, *put_in, *read;
    Old *old;
    size_t n_old, room;
} Update;

void store_search_declare(Store *st, const SearchTable *tables, int n)
{
    st->search = tables;
    st->n_search = n;
}

/* ---- rows that were there before ------------------------------------------------------------- */

static int by_row(const void *a, const void *b)
{
    int64_t x = ((const Old *)a)->row, y = ((const Old *)b)->row;
    return (x > y) - (x < y);
}

static void collect(Update *u)
{
    ImageLog *log = &u->st->journal.log;
    ImageHead head;
    Str image;
    for (int64_t at = 0, here = 0; log_read(log, &at, &head, &image); here = at) {
        if (head.table != u->index)
            continue;
        if (u->n_old == u->room) {
            u->room = u->room ? u->room * 2 : 64;
            u->old = xresize(u->old, u->room * sizeof *u->old);
        }
        u->old[u->n_old++] = (Old){ head.row, here };
    }
    if (u->n_old > 0)
        qsort(u->old, u->n_old, sizeof *u->old, by_row);
}

/* The searched columns as the image has them. */
static bool old_texts(const Update *u, Str image, Value texts[static TEXTS])
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int at = -1, n;
    for (int i = 0; i < u->n_columns; i++)
        texts[i] = value_null();
    if (!image_open(image, &c, &stamp))
        return false;
    while ((n = image_next(&c, &column, &v)) > 0) {
        at = map_column(u->table, column, at + 1);
        for (int i = 0; at >= 0 && i < u->n_columns; i++)
            if (strcmp(u->table->cols[at].name, u->search->columns[i]) == 0)
                texts[i] = v;
    }
    return n == 0;
}

static bool put(Query *q, int64_t row, const Value *texts, int n, Error *err)
{
    query_int(q, 1, row);
    for (int i = 0; i < n; i++)
        query_value(q, i + 2, texts[i]);
    return query_run(q, err);
}

/* Take out what the image says was indexed, put in what is there now; nothing when they agree. */
static bool refresh(Update *u, Old old, Error *err)
{
    ImageHead head;
    Str image;
    Value was[TEXTS], now[TEXTS];
    bool ok = true, differs = false;
    if (!log_read(&u->st->journal.log, &old.at, &head, &image) || !old_texts(u, image, was))
        return fail(err, ERR_FAILED, "the image of %s %lld cannot be read", u->table->name,
                    (long long)old.row);
    query_int(u->read, 1, old.row);
    int exists = query_next(u->read, err);
    for (int i = 0; exists > 0 && i < u->n_columns; i++) {
        now[i] = query_col(u->read, i);
        differs = differs || !value_eq(was[i], now[i]);
    }
    if (exists < 0)
        return false;
    if (!exists || differs)
        ok = put(u->take_out, old.row, was, u->n_columns, err);
    if (ok && exists && differs)
        ok = put(u->put_in, old.row, now, u->n_columns, err);
    query_reset(u->read);
    return ok;
}

static void put_columns(const Update *u, Buf *b, const char *before)
{
    for (int i = 0; i < u->n_columns; i++)
        buf_printf(b, "%s\"%s\"", before, u->search->columns[i]);
}

static bool prepare_refresh(Update *u, Error *err)
{
    const char *t = u->search->table;
    Buf columns = { 0 }, marks = { 0 };
    put_columns(u, &columns, ", ");
    for (int i = 0; i < u->n_columns; i++)
        buf_printf(&marks, ", ?%d", i + 2);
    bool ok = query_printf(u->st, &u->take_out, err, "INSERT INTO %s_search(%s_search, rowid%s)"
                           " VALUES ('delete', ?1%s)", t, t, columns.s, marks.s)
           && query_printf(u->st, &u->put_in, err, "INSERT INTO %s_search(rowid%s) VALUES (?1%s)",
                           t, columns.s, marks.s)
           && query_printf(u->st, &u->read, err, "SELECT %s FROM %s WHERE id = ?1",
                           columns.s + 2, t);
    buf_release(&columns);
    buf_release(&marks);
    return ok;
}

static bool refresh_old(Update *u, Error *err)
{
    collect(u);
    bool ok = u->n_old == 0 || prepare_refresh(u, err);
    for (size_t i = 0; ok && i < u->n_old; i++)
        ok = refresh(u, u->old[i], err);
    query_close(u->take_out);
    query_close(u->put_in);
    query_close(u->read);
    free(u->old);
    return ok;
}

/* ---- rows that are new ----------------------------------------------------------------------- */

static bool set_automerge(Update *u, int n, Error *err)
{
    Query *q = NULL;
    if (!query_printf(u->st, &q, err, "INSERT INTO %s_search(%s_search, rank)"
                      " VALUES ('automerge', %d)", u->search->table, u->search->table, n))
        return false;
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool feed_runs(Update *u, const RowRun *run, int64_t n, Error *err)
{
    Query *q = NULL;
    Buf columns = { 0 };
    const char *t = u->search->table;
    put_columns(u, &columns, ", ");
    bool ok = query_printf(u->st, &q, err, "INSERT INTO %s_search(rowid%s) SELECT id%s FROM %s"
                           " WHERE id BETWEEN ?1 AND ?2", t, columns.s, columns.s, t);
    for (int64_t i = 0; ok && i < n; i++) {
        query_int(q, 1, run[i].first);
        query_int(q, 2, run[i].last);
        ok = query_run(q, err);
    }
    query_close(q);
    buf_release(&columns);
    return ok;
}

static bool feed_new(Update *u, Error *err)
{
    const Frame *top = u->st->journal.top;
    if (u->index >= top->n || top->tables[u->index].fresh.n == 0)
        return true;
    const RowSet *fresh = &top->tables[u->index].fresh;
    RowRun *run = NULL;
    int64_t n = rowset_runs(fresh, &run);
    bool bulk = fresh->n >= BULK;
    bool ok = (!bulk || set_automerge(u, 0, err)) && feed_runs(u, run, n, err)
           && (!bulk || set_automerge(u, AUTOMERGE, err));
    free(run);
    return ok;
}

bool search_update(Store *st, Error *err)
{
    for (int i = 0; i < st->n_search; i++) {
        Update u = { .st = st, .search = &st->search[i] };
        u.index = map_find(&st->journal.map, u.search->table);
        if (u.index < 0)
            continue;
        u.table = &st->journal.map.tables[u.index];
        while (u.search->columns[u.n_columns])
            u.n_columns++;
        if (u.n_columns > TEXTS)
            panic("%d search columns of %s", u.n_columns, u.search->table);
        if (!refresh_old(&u, err) || !feed_new(&u, err))
            return false;
    }
    return digits_update(st, err);
}

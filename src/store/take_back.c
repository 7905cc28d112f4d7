/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * take_back.c -- take back what can be of one entry: the rows that nobody has touched since.
 *
 * First the rows that stay are found, from what later work did over what refers to what, until
 * nothing more follows; then the others are reversed as undo does.  Unlike undo this is work like
 * any other: it joins the open transaction, and its rows get new stamps.
 */
#include <stdlib.h>

#include "store/reverse.h"

enum { ORIGIN, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [ORIGIN] = { "SELECT r.change FROM change_range r JOIN journal_table t ON t.id = r.tbl"
                 " JOIN change c ON c.id = r.change WHERE t.name = ?1 AND c.kind = 'work'"
                 " AND ?2 BETWEEN r.first AND r.last", 0 },
};

bool journal_origin(Store *st, const char *table, int64_t row, int64_t *change, Error *err)
{
    Query *q = NULL;
    *change = 0;
    if (!query_open(st, &sql[ORIGIN], &q, err))
        return false;
    query_cstr(q, 1, table);
    query_int(q, 2, row);
    int n = query_next(q, err);
    if (n > 0)
        *change = query_col_int(q, 0);
    query_close(q);
    return n >= 0;
}

/* ---- what stays ------------------------------------------------------------------------------ */

typedef struct Stay { int table; int64_t row; } Stay;

typedef struct Taking {
    Reversal r;                          /* first: steps are handed it */
    const TakeBack *t;
    Arena arena;
    Keys keys;
    Stay *due;                           /* rows that stay, whose references were not followed */
    int64_t n_due, room;
} Taking;

static Taking *taking(Reversal *r)
{
    return (Taking *)r;
}

static const char *table_name(const Reversal *r, int table)
{
    return r->st->journal.map.tables[table].name;
}

static bool is_spare(const Taking *x, const char *table)
{
    return x->t->spare && strcmp(table, x->t->spare) == 0;
}

/* The row stays; told with a reason, or silently. */
static void stay(Taking *x, int table, int64_t row, const char *why)
{
    ReversedRows *rows = reversed_rows(&x->r, table);
    if (rowset_has(&rows->kept, row))
        return;
    rowset_add(&rows->kept, row);
    rowset_drop(&rows->removed, row);
    rowset_drop(&rows->restored, row);
    if (x->n_due == x->room) {
        x->room = x->room ? x->room * 2 : 64;
        x->due = xresize(x->due, sizeof *x->due * (size_t)x->room);
    }
    x->due[x->n_due++] = (Stay){ table, row };
    if (why)
        x->t->stays(x->t->ctx, table_name(&x->r, table), row, str(why));
}

static void stay_by(Taking *x, int table, int64_t row, const char *what, int64_t change)
{
    Buf why = { .max = 400 };
    buf_cstr(&why, what);
    put_change(x->r.st, change, &why);
    stay(x, table, row, why.s);
    buf_release(&why);
}

/* ---- what later work did to the rows themselves ---------------------------------------------- */

static bool plan_range(Reversal *r, Range g, const char *fact, Error *err)
{
    Query *q = NULL;
    Taking *x = taking(r);
    int n;
    (void)fact;
    if (is_spare(x, g.table)) {
        rowset_add_run(&reversed_rows(r, g.index)->kept, g.first, g.last);
        return true;
    }
    rowset_add_run(&reversed_rows(r, g.index)->removed, g.first, g.last);
    if (!query_printf(r->st, &q, err, "SELECT id, change FROM \"%w\" WHERE id BETWEEN ?1 AND ?2"
                      " AND change <> ?3", g.table))
        return false;
    query_int(q, 1, g.first);
    query_int(q, 2, g.last);
    query_int(q, 3, r->change);
    while ((n = query_next(q, err)) > 0)
        stay_by(x, g.index, query_col_int(q, 0), "changed later ", query_col_int(q, 1));
    query_close(q);
    return n == 0;
}

static bool plan_image(Reversal *r, const Image *i, Error *err)
{
    Taking *x = taking(r);
    if (!i->bytes.s || i->table->n == 0) {
        stay(x, i->index, i->row, "its old content was erased");
        return true;
    }
    if (!image_valid(i->bytes))
        return fail(err, ERR_FAILED, "the image of %s %lld is damaged", i->table->name,
                    (long long)i->row);
    RowSince since;
    int64_t stamp;
    if (!row_since(r, i, &since, &stamp, err))
        return false;
    if (since == SINCE_BACK)
        stay(x, i->index, i->row, "is there again");
    else if (since == SINCE_DELETED)
        stay(x, i->index, i->row, "was deleted later");
    else if (since == SINCE_CHANGED)
        stay_by(x, i->index, i->row, "changed later ", stamp);
    else
        rowset_add(&reversed_rows(r, i->index)->restored, i->row);
    return true;
}

/* ---- what refers to what --------------------------------------------------------------------- */

/* Rows that are none of the entry's refer to rows of it between two ids. */
static bool plan_referred(Taking *x, const Key *k, RowRun run, Error *err)
{
    Query *q = NULL;
    ReversedRows *of = reversed_rows(&x->r, k->child_at), *to = reversed_rows(&x->r, k->parent_at);
    int n;
    if (!query_printf(x->r.st, &q, err, "SELECT id, \"%w\", change FROM \"%w\" WHERE \"%w\""
                      " BETWEEN ?1 AND ?2", k->column, k->table, k->column))
        return false;
    query_int(q, 1, run.first);
    query_int(q, 2, run.last);
    while ((n = query_next(q, err)) > 0) {
        int64_t row = query_col_int(q, 0);
        if (!rowset_has(&to->removed, query_col_int(q, 1)) || rowset_has(&of->removed, row)
            || rowset_has(&of->restored, row))
            continue;
        Buf what = { .max = 100 };
        buf_printf(&what, "%s %lld refers to it, ", k->table, (long long)row);
        stay_by(x, k->parent_at, query_col_int(q, 1), what.s, query_col_int(q, 2));
        buf_release(&what);
    }
    query_close(q);
    return n == 0;
}

static bool plan_key(Taking *x, const Key *k, Error *err)
{
    RowRun *run = NULL;
    if (is_spare(x, k->table))
        return true;
    int64_t n = rowset_runs(&reversed_rows(&x->r, k->parent_at)->removed, &run);
    bool ok = n == 0 || plan_referred(x, k, (RowRun){ run[0].first, run[n - 1].last }, err);
    free(run);
    return ok;
}

/* A staying row refers to one that would go: that one stays. */
static bool follow_up(Taking *x, const Key *k, Stay s, Error *err)
{
    Query *q = NULL;
    if (reversed_rows(&x->r, k->parent_at)->removed.n == 0)
        return true;
    if (!query_printf(x->r.st, &q, err, "SELECT \"%w\" FROM \"%w\" WHERE id = ?1", k->column,
                      k->table))
        return false;
    query_int(q, 1, s.row);
    int n = query_next(q, err);
    int64_t to = n > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    if (n > 0 && rowset_has(&reversed_rows(&x->r, k->parent_at)->removed, to)) {
        Buf why = { .max = 100 };
        buf_printf(&why, "%s %lld stays", k->table, (long long)s.row);
        stay(x, k->parent_at, to, why.s);
        buf_release(&why);
    }
    return n >= 0;
}

/* What the entry attached to a staying record stays with it. */
static bool follow_down(Taking *x, const Key *k, Stay s, Error *err)
{
    Query *q = NULL;
    int n;
    if (!query_printf(x->r.st, &q, err, "SELECT id FROM \"%w\" WHERE \"%w\" = ?1", k->table,
                      k->column))
        return false;
    query_int(q, 1, s.row);
    while ((n = query_next(q, err)) > 0) {
        int64_t row = query_col_int(q, 0);
        const ReversedRows *rows = reversed_rows(&x->r, k->child_at);
        if (rowset_has(&rows->removed, row) || rowset_has(&rows->restored, row))
            stay(x, k->child_at, row, NULL);
    }
    query_close(q);
    return n == 0;
}

static bool follow(Taking *x, Error *err)
{
    bool ok = true;
    while (ok && x->n_due > 0) {
        Stay s = x->due[--x->n_due];
        for (int i = 0; ok && i < x->keys.n; i++) {
            const Key *k = &x->keys.key[i];
            bool owner = k->cascades && strcmp(k->parent, x->t->owner) == 0;
            ok = (k->child_at != s.table || follow_up(x, k, s, err))
              && (k->parent_at != s.table || !owner || follow_down(x, k, s, err));
        }
    }
    return ok;
}

/* ---- columns --------------------------------------------------------------------------------- */

static bool has_column(const Reversal *r, const SchemaChange *op)
{
    const MapTable *t = &r->st->journal.map.tables[map_find(&r->st->journal.map, op->table)];
    for (int i = 0; i < t->n; i++)
        if (strcmp(t->cols[i].name, op->column) == 0)
            return true;
    return false;
}

/* Whether a row that is not reversed has a value in the column. */
static bool is_used(Reversal *r, const SchemaChange *op, bool *used, Error *err)
{
    Query *q = NULL;
    const ReversedRows *rows = reversed_rows(r, map_find(&r->st->journal.map, op->table));
    int n = 0;
    if (!query_printf(r->st, &q, err, "SELECT id FROM \"%w\" WHERE \"%w\" IS NOT NULL", op->table,
                      op->column))
        return false;
    while (!*used && (n = query_next(q, err)) > 0)
        *used = !rowset_has(&rows->removed, query_col_int(q, 0))
             && !rowset_has(&rows->restored, query_col_int(q, 0));
    query_close(q);
    return n >= 0;
}

/* All columns that the entry added, or none: they stay while one of them is used. */
static bool plan_columns(Taking *x, SchemaChange *op, int *n, Error *err)
{
    bool used = false, ok = reversed_ops(&x->r, "add-column", op, n, &x->arena, err);
    int there = 0;
    for (int i = 0; i < *n; i++)
        if (has_column(&x->r, &op[i]))
            op[there++] = op[i];
    *n = there;
    for (int i = 0; ok && i < *n && !used; i++)
        ok = is_used(&x->r, &op[i], &used, err);
    if (!ok || !used || !x->t->columns)
        return ok;
    *n = 0;
    int table = map_find(&x->r.st->journal.map, x->t->columns);
    RowRun *run = NULL;
    int64_t runs = rowset_runs(&reversed_rows(&x->r, table)->removed, &run);
    for (int64_t i = 0; i < runs; i++)
        for (int64_t row = run[i].first; row <= run[i].last; row++)
            stay(x, table, row, "a record that stays has a value in it");
    free(run);
    return true;
}

static bool drop_columns(Reversal *r, const SchemaChange *op, int n, Error *err)
{
    bool ok = true;
    for (int i = 0; ok && i < n; i++) {
        ok = schema_drop(r->st, &op[i], err);
        r->out->columns++;
    }
    return ok;
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool plan(Taking *x, SchemaChange *op, int *n, Error *err)
{
    bool ok = keys_read(x->r.st, &x->arena, &x->keys, err)
           && each_range(&x->r, plan_range, err) && each_image(&x->r, plan_image, err);
    for (int i = 0; ok && i < x->keys.n; i++)
        ok = plan_key(x, &x->keys.key[i], err);
    return ok && follow(x, err) && plan_columns(x, op, n, err) && follow(x, err);
}

bool journal_take_back(Store *st, const TakeBack *t, Undone *out, Error *err)
{
    Taking x = { .r = { .st = st, .out = out, .change = t->change }, .t = t };
    SchemaChange op[REVERSED_OPS];
    int n = 0;
    *out = (Undone){ 0 };
    if (!journal_may_write(st, err))
        return false;
    reversed_rows(&x.r, st->journal.map.n - 1);          /* all, so that pointers to one stay */
    store_foreign_keys(st, false);
    bool ok = plan(&x, op, &n, err) && reverse_rows(&x.r, err)
           && drop_columns(&x.r, op, n, err) && reverse_check_references(&x.r, err);
    store_foreign_keys(st, true);
    reverse_release(&x.r);
    free(x.due);
    arena_release(&x.arena);
    return ok;
}

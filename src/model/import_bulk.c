/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_bulk.h"

#include <stdlib.h>

enum { ROWS = 1024, BYTES = 256 << 10, FEED_COLUMNS = 24, ID_BLOCK = 4096 };

enum { IDS_BACK, SQL_COUNT };
static const Sql sql[] = {
    /* Only when nobody took one in between. */
    [IDS_BACK] = { "UPDATE counter SET last = ?2 WHERE name = ?1 AND last = ?3", SQL_HOT },
};
const SqlTable import_bulk_sql = { "import_bulk", sql, SQL_COUNT };

struct Bulk {
    Store *st;
    const char *table;
    const char *const *column;
    int n;
    int *active;                       /* columns in use, actives of them */
    bool *is_active;
    int actives;
    Value *v;                          /* rows x actives */
    int rows, at, writing, room;       /* writing: rows that are written now; room: values */
    char *text;
    size_t used, size;
    Buf sql;
    bool referred;
};

Bulk *bulk_open(Store *st, const char *table, const char *const *columns, int n, bool referred)
{
    Bulk *b = xalloc(sizeof *b);
    b->st = st;
    b->table = table;
    b->column = columns;
    b->n = n;
    b->referred = referred;
    b->active = xalloc(sizeof *b->active * (size_t)n);
    b->is_active = xalloc(sizeof *b->is_active * (size_t)n);
    return b;
}

void bulk_doubt(Bulk *b)
{
    b->referred = false;
}

void bulk_close(Bulk *b)
{
    if (!b)
        return;
    free(b->active);
    free(b->is_active);
    free(b->v);
    free(b->text);
    buf_release(&b->sql);
    free(b);
}

/* ---- holding back ---------------------------------------------------------------------------- */

/* OR FAIL: SQLite keeps no way back for the statement alone; what fails here ends the import. */
static void compose(Bulk *b)
{
    bool feed = b->actives <= FEED_COLUMNS;
    buf_reset(&b->sql);
    buf_printf(&b->sql, "INSERT OR FAIL INTO \"%s\" (", b->table);
    for (int i = 0; i < b->actives; i++)
        buf_printf(&b->sql, "%s\"%s\"", i ? ", " : "", b->column[b->active[i]]);
    buf_cstr(&b->sql, feed ? ") SELECT " : ") VALUES (");
    for (int i = 0; i < b->actives; i++)
        buf_printf(&b->sql, feed ? "%sc%d" : "%s?%d", i ? ", " : "", feed ? i : i + 1);
    buf_cstr(&b->sql, feed ? " FROM feed" : ")");
}

/* Columns that this row is the first to fill. The chunk must be empty, for its rows have a shape.
 */
static void activate(Bulk *b, const Value *v)
{
    int before = b->actives;
    for (int i = 0; i < b->n; i++)
        if (v[i].type != VALUE_NULL && !b->is_active[i]) {
            b->is_active[i] = true;
            b->active[b->actives++] = i;
        }
    if (b->actives == before)
        return;
    b->room = ROWS * b->actives;
    b->v = xresize(b->v, sizeof *b->v * (size_t)b->room);
    compose(b);
}

static bool fits(const Bulk *b, const Value *v, size_t *bytes)
{
    bool shaped = true;
    *bytes = 0;
    for (int i = 0; i < b->n; i++) {
        if (v[i].type == VALUE_TEXT)
            *bytes += v[i].s.n;
        shaped &= v[i].type == VALUE_NULL || b->is_active[i];
    }
    return shaped && b->rows < ROWS && b->used + *bytes <= b->size;
}

bool bulk_put(Bulk *b, const Value *v)
{
    size_t bytes;
    if (!fits(b, v, &bytes)) {
        if (b->rows)
            return false;
        activate(b, v);
        if (bytes > b->size || !b->text) {
            b->size = bytes > BYTES ? bytes : BYTES;
            b->text = xresize(b->text, b->size);
        }
    }
    Value *to = b->v + (size_t)b->rows * (size_t)b->actives;
    for (int i = 0; i < b->actives; i++) {
        to[i] = v[b->active[i]];
        if (to[i].type != VALUE_TEXT)
            continue;
        if (to[i].s.n)
            memcpy(b->text + b->used, to[i].s.s, to[i].s.n);
        to[i].s.s = b->text + b->used;
        b->used += to[i].s.n;
    }
    b->rows++;
    return true;
}

/* ---- writing --------------------------------------------------------------------------------- */

static int next_row(void *ctx, Value *row, Error *err)
{
    Bulk *b = ctx;
    (void)err;
    if (b->at == b->writing)
        return 0;
    memcpy(row, b->v + (size_t)b->at++ * (size_t)b->actives, sizeof *row * (size_t)b->actives);
    return 1;
}

/* More columns than a feed has: a statement a row. */
static bool write_each(Bulk *b, Error *err)
{
    Query *q = NULL;
    bool ok = query_text(b->st, buf_as_str(&b->sql), &q, err);
    for (int r = 0; ok && r < b->writing; r++) {
        for (int i = 0; i < b->actives; i++)
            query_value(q, i + 1, b->v[r * b->actives + i]);
        ok = query_run(q, err);
    }
    query_close(q);
    return ok;
}

int bulk_rows(const Bulk *b)
{
    return b->rows;
}

bool bulk_write_first(Bulk *b, int rows, Error *err)
{
    Feed feed = { .next = next_row, .ctx = b, .cols = b->actives, .referred = b->referred };
    if (!rows)
        return true;
    b->at = 0;
    b->writing = rows;
    bool ok = b->actives <= FEED_COLUMNS ? store_feed(b->st, buf_as_str(&b->sql), &feed, err)
                                         : write_each(b, err);
    size_t width = (size_t)b->actives;
    b->rows -= rows;
    memmove(b->v, b->v + (size_t)rows * width, sizeof *b->v * (size_t)b->rows * width);
    if (!b->rows)
        b->used = 0;
    return ok;
}

bool bulk_write(Bulk *b, Error *err)
{
    return bulk_write_first(b, b->rows, err);
}

void bulk_cut(Bulk *b, int rows)
{
    b->rows = rows;
    if (!rows)
        b->used = 0;
}

bool bulk_now(Bulk *b, const Value *v, Error *err)
{
    Query *q = NULL;
    Buf text = { 0 };
    buf_printf(&text, "INSERT INTO \"%s\" (", b->table);
    for (int i = 0; i < b->n; i++)
        buf_printf(&text, "%s\"%s\"", i ? ", " : "", b->column[i]);
    for (int i = 0; i < b->n; i++)
        buf_printf(&text, "%s?%d", i ? ", " : ") VALUES (", i + 1);
    buf_char(&text, ')');
    bool ok = query_text(b->st, buf_as_str(&text), &q, err);
    buf_release(&text);
    for (int i = 0; ok && i < b->n; i++)
        query_value(q, i + 1, v[i]);
    ok = ok && query_run(q, err);
    query_close(q);
    return ok;
}

/* ---- ids ------------------------------------------------------------------------------------- */

bool id_take(Store *st, IdBlock *ids, int64_t most, int64_t *out, Error *err)
{
    if (ids->next == ids->end) {
        int64_t n = most < 1 ? 1 : most < ID_BLOCK ? most : ID_BLOCK;
        if (!store_ids(st, ids->table, n, &ids->next, err))
            return false;
        ids->end = ids->next + n;
    }
    *out = ids->next++;
    return true;
}

bool id_back(Store *st, IdBlock *ids, Error *err)
{
    Query *q = NULL;
    if (ids->next == ids->end)
        return true;
    if (!query_open(st, &sql[IDS_BACK], &q, err))
        return false;
    query_cstr(q, 1, ids->table);
    query_int(q, 2, ids->next - 1);
    query_int(q, 3, ids->end - 1);
    ids->end = ids->next;
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

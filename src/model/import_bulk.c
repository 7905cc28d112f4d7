/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_bulk.h"

#include <stdlib.h>

enum {
    ROWS = 1024,
    ROW_BYTES = 256,                   /* of text */
    SORTED_BYTES = 32,                 /* the same of many rows, which are to be narrow ones */
    FEED_COLUMNS = 24,
    ID_BLOCK = 4096
};

enum { IDS_BACK, SQL_COUNT };
static const Sql sql[] = {
    /* Only when nobody took one in between. */
    [IDS_BACK] = { "UPDATE counter SET last = ?2 WHERE name = ?1 AND last = ?3", SQL_HOT },
};
const SqlTable import_bulk_sql = { "import_bulk", sql, SQL_COUNT };

typedef struct Place { uint64_t head; int row; } Place;     /* head: first bytes of the text */

struct Bulk {
    Store *st;
    const char *table;
    const char *const *column;
    int n;
    int *active;                       /* columns in use, actives of them */
    bool *is_active;
    int actives;
    Value *v;                          /* rows x actives */
    int rows, at, writing;             /* writing: rows that are written now */
    char *text;
    size_t used, size;
    int sorted, most;                  /* column, or -1; rows that are held back */
    bool gaps;                         /* some of them are written, and have no id */
    Place *order;                      /* what is written now, where that is not the first rows */
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
    b->sorted = -1;
    b->most = ROWS;
    b->active = xalloc(sizeof *b->active * (size_t)n);
    b->is_active = xalloc(sizeof *b->is_active * (size_t)n);
    return b;
}

void bulk_sort(Bulk *b, int column, int rows)
{
    b->sorted = column;
    b->most = column < 0 ? ROWS : rows;
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
    free(b->v);
    b->v = xalloc(sizeof *b->v * (size_t)b->most * (size_t)b->actives);
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
    return shaped && b->rows < b->most && b->used + *bytes <= b->size;
}

bool bulk_put(Bulk *b, const Value *v)
{
    size_t bytes;
    if (!fits(b, v, &bytes)) {
        if (b->rows)
            return false;
        activate(b, v);
        size_t least = (size_t)b->most * (b->sorted < 0 ? ROW_BYTES : SORTED_BYTES);
        if (bytes > b->size || !b->text) {
            b->size = bytes > least ? bytes : least;
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

static Value *row_of(const Bulk *b, int row)
{
    return b->v + (size_t)row * (size_t)b->actives;
}

static Value *writing_row(const Bulk *b, int at)
{
    return row_of(b, b->order ? b->order[at].row : at);
}

static int next_row(void *ctx, Value *row, Error *err)
{
    Bulk *b = ctx;
    (void)err;
    if (b->at == b->writing)
        return 0;
    memcpy(row, writing_row(b, b->at++), sizeof *row * (size_t)b->actives);
    return 1;
}

/* More columns than a feed has: a statement a row. */
static bool write_each(Bulk *b, Error *err)
{
    Query *q = NULL;
    bool ok = query_text(b->st, buf_as_str(&b->sql), &q, err);
    for (int r = 0; ok && r < b->writing; r++) {
        for (int i = 0; i < b->actives; i++)
            query_value(q, i + 1, writing_row(b, r)[i]);
        ok = query_run(q, err);
    }
    query_close(q);
    return ok;
}

static bool write_rows(Bulk *b, int rows, Error *err)
{
    Feed feed = { .next = next_row, .ctx = b, .cols = b->actives, .referred = b->referred };
    b->at = 0;
    b->writing = rows;
    return b->actives <= FEED_COLUMNS ? store_feed(b->st, buf_as_str(&b->sql), &feed, err)
                                      : write_each(b, err);
}

static int active_of(const Bulk *b, int column)
{
    int i = 0;
    while (i < b->actives && b->active[i] != column)
        i++;
    return i;
}

static uint64_t head_of(Value v)
{
    unsigned char head[8] = { 0 };
    if (v.type == VALUE_TEXT && v.s.n)
        memcpy(head, v.s.s, v.s.n < sizeof head ? v.s.n : sizeof head);
    uint64_t n = 0;
    for (size_t i = 0; i < sizeof head; i++)
        n = n << 8 | head[i];
    return n;
}

typedef struct Sorting { const Bulk *b; int at; } Sorting;

static int by_text(const void *a, const void *b, void *ctx)
{
    const Sorting *s = ctx;
    const Place *x = a, *y = b;
    if (x->head != y->head)
        return x->head < y->head ? -1 : 1;
    Value v = row_of(s->b, x->row)[s->at], w = row_of(s->b, y->row)[s->at];
    int order = v.type == VALUE_TEXT && w.type == VALUE_TEXT ? str_order(v.s, w.s) : 0;
    return order ? order : x->row - y->row;
}

/* The first `rows` that are still to be written, by their text. Returns how many. */
static int sort_rows(Bulk *b, int rows)
{
    Sorting s = { b, b->sorted < 0 ? b->actives : active_of(b, b->sorted) };
    int n = 0;
    b->order = xalloc(sizeof *b->order * (size_t)(rows + 1));
    for (int i = 0; i < rows; i++)
        if (row_of(b, i)[0].type != VALUE_NULL)
            b->order[n++] = (Place){ s.at < b->actives ? head_of(row_of(b, i)[s.at]) : 0, i };
    if (s.at < b->actives)
        qsort_r(b->order, (size_t)n, sizeof *b->order, by_text, &s);
    return n;
}

static void unsort(Bulk *b)
{
    free(b->order);
    b->order = NULL;
}

int bulk_rows(const Bulk *b)
{
    return b->rows;
}

bool bulk_write_first(Bulk *b, int rows, Error *err)
{
    bool sorted = b->sorted >= 0 || b->gaps;
    if (!rows)
        return true;
    int left = sorted ? sort_rows(b, rows) : rows;
    bool ok = left == 0 || write_rows(b, left, err);
    unsort(b);
    b->rows -= rows;
    memmove(b->v, row_of(b, rows), sizeof *b->v * (size_t)b->rows * (size_t)b->actives);
    if (!b->rows) {
        b->used = 0;
        b->gaps = false;
    }
    return ok;
}

/* They stay where they are, without an id: that of one that is written. */
bool bulk_write_of(Bulk *b, int column, int64_t v, Error *err)
{
    int at = active_of(b, column), first = 0, end = b->rows, n = 0;
    if (!b->rows)
        return true;
    while (first < end) {
        int middle = first + (end - first) / 2;
        if (row_of(b, middle)[at].i < v)
            first = middle + 1;
        else
            end = middle;
    }
    while (end < b->rows && row_of(b, end)[at].i == v)
        end++;
    b->order = xalloc(sizeof *b->order * (size_t)(end - first + 1));
    for (int i = first; i < end; i++)
        if (row_of(b, i)[0].type != VALUE_NULL)
            b->order[n++].row = i;
    bool ok = n == 0 || write_rows(b, n, err);
    b->gaps |= n > 0;
    for (int i = 0; i < n; i++)
        row_of(b, b->order[i].row)[0] = value_null();
    unsort(b);
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

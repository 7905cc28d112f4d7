/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * history.c -- what happened to one row, or in one change, told from images.
 *
 * An image is the row before a change; the row after it is the next image, or the row as it is now.
 * So events are kept until the one that follows is known.
 */
#include "store/store_int.h"

enum { EVENTS, COLUMNS, CHANGE, ROWS, NEXT, SCHEMA, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [EVENTS] = { "SELECT e.change, c.at, c.user, c.text, c.kind, e.op, e.image FROM ("
                 " SELECT change, op, image FROM change_image WHERE tbl = ?1 AND row = ?2"
                 " UNION ALL"
                 " SELECT change, 0, NULL FROM change_range"
                 " WHERE tbl = ?1 AND ?2 BETWEEN first AND last"
                 ") e JOIN change c ON c.id = e.change ORDER BY e.change", 0 },
    [COLUMNS] = { "SELECT name FROM journal_column WHERE id = ?1", 0 },
    [CHANGE] = { "SELECT id, at, user, text, kind FROM change WHERE id = ?1", 0 },
    [ROWS] = { "SELECT seq, tbl, row, row, op, image FROM change_image WHERE change = ?1"
               " UNION ALL"
               " SELECT seq, tbl, first, last, 0, NULL FROM change_range WHERE change = ?1"
               " ORDER BY 1", 0 },
    [NEXT] = { "SELECT image FROM change_image WHERE tbl = ?1 AND row = ?2 AND change > ?3"
               " ORDER BY change LIMIT 1", 0 },
    [SCHEMA] = { "SELECT op, tbl, col FROM change_schema WHERE change = ?1 ORDER BY seq", 0 },
};

typedef struct Event {
    HistoryItem item;                    /* what and column are filled when it is told */
    int64_t op;                          /* 0 inserted, 1 updated, 2 deleted */
    bool restores;                       /* by undo or redo */
    Str image;                           /* {NULL} when there is none */
} Event;

typedef struct Teller {
    Store *st;
    Arena *a;
    const MapTable *table;
    bool (*fn)(void *ctx, const HistoryItem *);
    void *ctx;
    bool stop;
} Teller;

static void tell(Teller *t, HistoryItem item)
{
    t->stop = t->stop || !t->fn(t->ctx, &item);
}

/* Has the image this column? Its value, or NULL when it has not. */
static bool value_in(Str image, int64_t column, Value *out)
{
    ImageCursor c;
    int64_t stamp, id;
    if (image.s && image_open(image, &c, &stamp))
        while (image_next(&c, &id, out) > 0)
            if (id == column)
                return true;
    *out = value_null();
    return false;
}

static bool column_name(Teller *t, int64_t column, Str *out, Error *err)
{
    Query *q = NULL;
    int at = map_column(t->table, column, 0);
    if (at >= 0) {
        *out = str(t->table->cols[at].name);
        return true;
    }
    if (!query_open(t->st, &sql[COLUMNS], &q, err))      /* one that was dropped */
        return false;
    query_int(q, 1, column);
    int n = query_next(q, err);
    *out = n > 0 ? str_dup(query_col_str(q, 0), t->a) : STR("?");
    query_close(q);
    return n >= 0;
}

static bool tell_column(Teller *t, HistoryItem item, int64_t column, Value before, Value after,
                        Error *err)
{
    int at = map_column(t->table, column, 0);
    if ((before.type == after.type && value_eq(before, after))
        || (at >= 0 && t->table->cols[at].momentary))
        return true;
    item.before = before;
    item.after = after;
    if (!column_name(t, column, &item.column, err))
        return false;
    tell(t, item);
    return true;
}

/* Columns of `before` first, then those that only `after` has. */
static bool tell_changes(Teller *t, HistoryItem item, Str before, Str after, Error *err)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v, other;
    item.what = STR("changed");
    if (!before.s || !after.s) {         /* one of the two was erased */
        tell(t, item);
        return true;
    }
    bool ok = image_open(before, &c, &stamp);
    while (ok && image_next(&c, &column, &v) > 0) {
        value_in(after, column, &other);
        ok = tell_column(t, item, column, v, other, err);
    }
    ok = ok && image_open(after, &c, &stamp);
    while (ok && image_next(&c, &column, &v) > 0)
        if (!value_in(before, column, &other))
            ok = tell_column(t, item, column, value_null(), v, err);
    return ok;
}

static bool tell_event(Teller *t, const Event *e, Str after, Error *err)
{
    HistoryItem item = e->item;
    if (e->op == 1)
        return tell_changes(t, item, e->image, after, err);
    item.what = e->op == 2 ? STR("deleted") : e->restores ? STR("restored") : STR("added");
    tell(t, item);
    return true;
}

/* The row as it is now, as an image; {NULL} when it is gone. */
static bool image_now(Teller *t, int64_t id, Str *out, Error *err)
{
    Buf image = { 0 };
    *out = (Str){ NULL, 0 };
    if (t->table->n == 0)
        return true;
    Query *q = row_query(t->st, t->table, ROW_READ, err);
    if (!q)
        return false;
    query_int(q, 1, id);
    int n = query_next(q, err);
    if (n > 0) {
        image_begin(&image, 0);
        for (int i = 0; i < t->table->n; i++)
            if (i != t->table->id_pos && i != t->table->change_pos)
                image_put(&image, t->table->cols[i].id, query_col(q, i));
        *out = str_dup(buf_as_str(&image), t->a);
    }
    buf_release(&image);
    query_reset(q);
    return n >= 0;
}

/* The change that the first five columns tell of. */
static Event read_change(Teller *t, const Query *q)
{
    Str kind = query_col_str(q, 4);
    Event e = { .restores = str_is(kind, "undo") || str_is(kind, "redo") };
    e.item = (HistoryItem){ .change = query_col_int(q, 0), .at = query_col_int(q, 1),
                            .user = str_dup(query_col_str(q, 2), t->a),
                            .text = str_dup(query_col_str(q, 3), t->a),
                            .before = value_null(), .after = value_null() };
    if (e.restores && e.item.text.n == 0)
        e.item.text = str_dup(kind, t->a);
    return e;
}

static Event read_event(Teller *t, const Query *q)
{
    Event e = read_change(t, q);
    e.op = query_col_int(q, 5);
    if (!query_col_is_null(q, 6))
        e.image = str_dup(query_col_str(q, 6), t->a);
    return e;
}

bool journal_history(Store *st, const char *table, int64_t id,
                     bool (*fn)(void *ctx, const HistoryItem *), void *ctx, Error *err)
{
    Query *q = NULL;
    Arena a = { 0 };
    Event last, next;
    bool any = false, ok = map_current(st, err);
    int n = 0, index = ok ? map_find(&st->journal.map, table) : -1;
    if (index < 0)
        return ok && fail(err, ERR_NOT_FOUND, "table %s has no history", table);
    Teller t = { .st = st, .a = &a, .table = &st->journal.map.tables[index], .fn = fn, .ctx = ctx };
    ok = query_open(st, &sql[EVENTS], &q, err);
    if (ok) {
        query_int(q, 1, t.table->id);
        query_int(q, 2, id);
    }
    while (ok && !t.stop && (n = query_next(q, err)) > 0) {
        next = read_event(&t, q);
        next.item.table = str(t.table->name);
        next.item.row = next.item.last = id;
        if (any)
            ok = tell_event(&t, &last, next.image, err);
        last = next;
        any = true;
    }
    query_close(q);
    if (ok && any && n == 0 && !t.stop) {
        Str now;
        ok = image_now(&t, id, &now, err) && tell_event(&t, &last, now, err);
    }
    arena_release(&a);
    return ok && n >= 0;
}

/* ---- one change ------------------------------------------------------------------------------ */

static const MapTable *table_by_id(const Map *map, int64_t id)
{
    for (int i = 0; i < map->n; i++)
        if (map->tables[i].id == id)
            return &map->tables[i];
    return NULL;
}

/* What the row was when the change was over: its next image, or the row as it is now. */
static bool image_after(Teller *t, const Event *e, Str *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(t->st, &sql[NEXT], &q, err))
        return false;
    query_int(q, 1, t->table->id);
    query_int(q, 2, e->item.row);
    query_int(q, 3, e->item.change);
    int n = query_next(q, err);
    *out = n > 0 && !query_col_is_null(q, 0) ? str_dup(query_col_str(q, 0), t->a)
                                             : (Str){ NULL, 0 };
    query_close(q);
    return n > 0 || (n == 0 && image_now(t, e->item.row, out, err));
}

static bool tell_row(Teller *t, Event e, const Query *q, Error *err)
{
    Str after = { NULL, 0 };
    t->table = table_by_id(&t->st->journal.map, query_col_int(q, 1));
    if (!t->table)
        return fail(err, ERR_FAILED, "change %lld is of a table that the journal does not know",
                    (long long)e.item.change);
    e.item.table = str(t->table->name);
    e.item.row = query_col_int(q, 2);
    e.item.last = query_col_int(q, 3);
    e.op = query_col_int(q, 4);
    if (!query_col_is_null(q, 5))
        e.image = str_dup(query_col_str(q, 5), t->a);
    return (e.op != 1 || image_after(t, &e, &after, err)) && tell_event(t, &e, after, err);
}

static bool tell_schema(Teller *t, Event e, const Query *q, Error *err)
{
    (void)err;
    e.item.what = query_col_str(q, 0);
    e.item.table = query_col_str(q, 1);
    e.item.column = query_col_str(q, 2);
    tell(t, e.item);
    return true;
}

/* Each row of the query, until it ends or nobody listens. */
static bool tell_all(Teller *t, const Event *e, int which,
                     bool (*one)(Teller *, Event, const Query *, Error *), Error *err)
{
    Query *q = NULL;
    int n = 0;
    bool ok = query_open(t->st, &sql[which], &q, err);
    if (ok)
        query_int(q, 1, e->item.change);
    while (ok && !t->stop && (n = query_next(q, err)) > 0) {
        ArenaMark mark = arena_mark(t->a);
        ok = one(t, *e, q, err);
        arena_rewind(t->a, mark);
    }
    query_close(q);
    return ok && n >= 0;
}

bool journal_change(Store *st, int64_t change, bool (*fn)(void *ctx, const HistoryItem *),
                    void *ctx, Error *err)
{
    Query *q = NULL;
    Arena a = { 0 };
    Event e = { 0 };
    Teller t = { .st = st, .a = &a, .fn = fn, .ctx = ctx };
    if (!map_current(st, err) || !query_open(st, &sql[CHANGE], &q, err))
        return false;
    query_int(q, 1, change);
    int n = query_next(q, err);
    if (n > 0)
        e = read_change(&t, q);
    query_close(q);
    bool ok = n > 0 && tell_all(&t, &e, ROWS, tell_row, err)
           && tell_all(&t, &e, SCHEMA, tell_schema, err);
    arena_release(&a);
    if (n == 0)
        return fail(err, ERR_NOT_FOUND, "there is no change %lld; log shows the last ones",
                    (long long)change);
    return ok;
}

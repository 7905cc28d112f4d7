/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * compare.c -- an image against its row as it is now.
 */
#include "store/store_int.h"

static bool same(Value a, Value b)
{
    if (a.type != b.type)
        return false;
    switch (a.type) {
    case VALUE_NULL:
        return true;
    case VALUE_TEXT:
        return str_eq(a.s, b.s);
    default:                             /* reals by their bits */
        return a.i == b.i;
    }
}

int map_column(const MapTable *t, int64_t column, int guess)
{
    if (guess < t->n && t->cols[guess].id == column)
        return guess;
    for (int i = 0; i < t->n; i++)
        if (t->cols[i].id == column)
            return i;
    return -1;
}

/* A column that only one side has must be NULL there: so it is enough that each column of the image
 * equals the row's, and that the row has no more values than the image. */
static Compared compare(const MapTable *t, const Query *q, ImageCursor *c, bool *moment)
{
    int64_t column;
    Value v;
    bool differs = false;
    int n, at = -1, values = 0;
    *moment = false;
    while ((n = image_next(c, &column, &v)) > 0) {
        at = map_column(t, column, at + 1);
        values -= v.type != VALUE_NULL;
        if (at < 0 ? v.type == VALUE_NULL : same(v, query_col(q, at)))
            continue;
        if (!t->momentary)
            return ROW_DIFFERS;
        differs = true;
        *moment = *moment || (at >= 0 && t->cols[at].momentary);
    }
    for (int i = 0; i < t->n; i++)
        values += i != t->id_pos && i != t->change_pos && !query_col_is_null(q, i);
    return n < 0 ? ROW_UNREADABLE : differs || values ? ROW_DIFFERS : ROW_SAME;
}

Compared image_compare(Store *st, const MapTable *t, int64_t row, Str image, Stamps *stamps,
                       Error *err)
{
    ImageCursor c;
    Compared result = ROW_UNREADABLE;
    if (!image_open(image, &c, &stamps->before)) {
        fail(err, ERR_FAILED, "the image of %s %lld cannot be read", t->name, (long long)row);
        return ROW_UNREADABLE;
    }
    if (t->n == 0)
        return ROW_GONE;                 /* with its table */
    Query *q = row_query(st, t, ROW_READ, err);
    if (!q)
        return ROW_UNREADABLE;
    query_int(q, 1, row);
    int n = query_next(q, err);
    if (n > 0) {
        stamps->now = query_col_int(q, t->change_pos);
        result = compare(t, q, &c, &stamps->moment);
        if (result == ROW_UNREADABLE)
            fail(err, ERR_FAILED, "the image of %s %lld cannot be read", t->name, (long long)row);
    } else if (n == 0) {
        result = ROW_GONE;
    }
    query_reset(q);
    return result;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * search_check.c -- is the search index what a new one would be?
 *
 * FTS5 cannot compare a contentless index with its rows, so both are summed up: each (word, row,
 * column, position) is hashed and the hashes are added, which needs no order and no memory.
 */
#include "base/unicode.h"
#include "store/store_int.h"

typedef struct Words {
    uint64_t sum;
    int64_t n;                           /* words */
    int64_t row, position;
    int column;
} Words;

static int add_word(void *ctx, Str word)
{
    Words *w = ctx;
    uint64_t place[4] = { str_hash(word), (uint64_t)w->row, (uint64_t)w->column,
                          (uint64_t)w->position++ };
    w->sum += str_hash(str_n((const char *)place, sizeof place));
    w->n++;
    return 0;
}

static bool sum_rows(Store *st, const SearchTable *t, Words *w, Error *err)
{
    Query *q = NULL;
    Buf text = { 0 }, folded = { 0 };
    int n;
    for (int i = 0; t->columns[i]; i++)
        buf_printf(&text, ", \"%s\"", t->columns[i]);
    bool ok = query_printf(st, &q, err, "SELECT id%s FROM %s", text.s, t->table);
    while (ok && (n = query_next(q, err)) != 0) {
        ok = n > 0;
        w->row = ok ? query_col_int(q, 0) : 0;
        for (int i = 0; ok && t->columns[i]; i++) {
            buf_reset(&folded);
            text_fold_into(query_col_str(q, i + 1), &folded);
            w->column = i;
            w->position = 0;
            bigram_cut(buf_as_str(&folded), false, add_word, w);
        }
    }
    query_close(q);
    buf_release(&text);
    buf_release(&folded);
    return ok;
}

static int column_of(const SearchTable *t, Str name)
{
    int i = 0;
    while (t->columns[i] && !str_is(name, t->columns[i]))
        i++;
    return i;
}

static bool sum_index(Store *st, const SearchTable *t, Words *w, Error *err)
{
    Query *q = NULL;
    int n = 0;
    bool ok = query_printf(st, &q, err, "SELECT doc, col, \"offset\", term FROM %s_search_words",
                           t->table);
    while (ok && (n = query_next(q, err)) > 0) {
        w->row = query_col_int(q, 0);
        w->column = column_of(t, query_col_str(q, 1));
        w->position = query_col_int(q, 2);
        add_word(w, query_col_str(q, 3));
    }
    query_close(q);
    return ok && n == 0;
}

bool search_check(Store *st, const SearchTable *t, bool *agrees, Error *err)
{
    Words rows = { 0 }, index = { 0 };
    if (!sum_rows(st, t, &rows, err) || !sum_index(st, t, &index, err))
        return false;
    *agrees = rows.n == index.n && rows.sum == index.sum;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * erase.h -- taking somebody's values out of the journal and out of what a file keeps beside.
 *
 * The journal keeps a salted digest of each image and typed text, so that both can be removed and
 * `log verify` still holds (see journal-hash in docs/decisions).
 */
#ifndef STORE_ERASE_H
#define STORE_ERASE_H

#include "store/store.h"

typedef struct EraseRows { const char *table; const int64_t *ids; int64_t n; } EraseRows;

typedef struct Erasure {
    const EraseRows *rows;             /* whose images go, n_rows tables */
    int n_rows;
    /* Does a value of that column tell who it is? Such values are sought in what was typed. */
    bool (*tells)(void *ctx, const char *table, const char *column);
    void *ctx;
    /* A table that knows a person by value alone: images of its removed rows go where a text in
     * them is one of the values; or NULL. */
    const char *by_value;
    Arena *arena;
    Str *values;                       /* in: those of the rows; out: with those of the images */
    int n_values;
    int64_t images, texts;             /* out: how many were removed */
} Erasure;

/* One more value to seek; short ones are left out. Copied. */
void erasure_value(Erasure *e, Str value);

/* Within a transaction: at its commit the images of these rows go, those that the transaction
 * itself makes too, and every typed text that holds one of the values, or that belongs to a small
 * change of one of the rows. The transaction's own text stays. `e` must live until the commit. */
void journal_erase(Store *st, Erasure *e);

typedef struct Referring {
    const char *table, *column;
    const char *type;                  /* what its column `type` says of these ids; NULL: any */
    const int64_t *ids;
    int64_t n;
} Referring;

/* Rows of a table, there or gone, of which an image of the journal says that `column` was one of
 * the ids: each to fn, some more than once. */
bool journal_referred(Store *st, const Referring *r, void (*fn)(void *ctx, int64_t row), void *ctx,
                      Error *err);

/* After the commit: search tables are written anew, so that no word of theirs is left in an old
 * part, and the write-ahead log is brought into the file and cut. *cut: nobody else prevented
 * it. */
bool store_scrub(Store *st, bool *cut, Error *err);

/* How often each value stands anywhere in the bytes of the file and of its write-ahead log. */
bool store_bytes_hold(Store *st, const Str *values, int n, int64_t *times, Error *err);

/* Rows, of any table that is journalled or of the journal, that hold the value in a text. */
bool store_rows_hold(Store *st, Str value, int64_t *rows, Error *err);

/* What is left of some rows: images that have content, words in the search tables. */
bool store_rest(Store *st, const EraseRows *rows, int n, int64_t *images, int64_t *words,
                Error *err);

#endif

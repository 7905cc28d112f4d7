/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reverse.h -- taking one entry of the journal back, row by row (reverse.c), all of it or what can
 * be (take_back.c), and seeing that nothing points into the void afterwards (references.c).
 */
#ifndef STORE_REVERSE_H
#define STORE_REVERSE_H

#include "store/store_int.h"

typedef struct ReversedRows {
    RowSet removed, restored;
    RowSet kept;                         /* facts that undo left alone */
} ReversedRows;

typedef struct Reversal {
    Store *st;
    bool redo;                           /* then rows are not asked whose stamp they carry */
    Undone *out;
    int64_t change;                      /* the entry being reversed */
    ReversedRows *tables;                /* by index in the map */
    int n;
    int conflicts;
    Arena arena;                         /* of keys */
    struct Keys *keys;                   /* of the schema, read when a fact is met; NULL before */
} Reversal;

/* Rows that the entry inserted, and one that it updated (op 1) or deleted (2). */
typedef struct Range { const char *table; int index; int64_t first, last; } Range;
typedef struct Image {
    const MapTable *table;
    int index;
    int64_t row, op;
    Str bytes;                           /* s NULL: erased */
} Image;

/* Call a step for each of them; false stops. `fact` is the condition under which undo leaves rows
 * of the table alone. */
typedef bool RangeStep(Reversal *r, Range g, const char *fact, Error *err);
typedef bool ImageStep(Reversal *r, const Image *i, Error *err);
bool each_range(Reversal *r, RangeStep *step, Error *err);
bool each_image(Reversal *r, ImageStep *step, Error *err);

/* The columns and tables that the entry added or dropped, the last first; at most REVERSED_OPS. */
enum { REVERSED_OPS = 64 };
bool reversed_ops(Reversal *r, const char *which, SchemaChange out[static REVERSED_OPS], int *n,
                  Arena *a, Error *err);

ReversedRows *reversed_rows(Reversal *r, int table);
/* Note that `table` `row` cannot be taken back; err is begun by the first. Returns false. */
__attribute__((format(printf, 5, 6)))
bool conflict(Reversal *r, Error *err, const char *table, int64_t row, const char *fmt, ...);
/* What became of an image's row since the entry; *stamp: the change that wrote it last. */
typedef enum RowSince { SINCE_AS_LEFT, SINCE_BACK, SINCE_DELETED, SINCE_CHANGED } RowSince;
bool row_since(Reversal *r, const Image *i, RowSince *out, int64_t *stamp, Error *err);
/* "by change 14 (li: customer set 17 ...)" */
void put_change(Store *st, int64_t change, Buf *out);

bool reverse_entry(Reversal *r, int64_t change, Error *err);
/* Its second half, without a question: rows that are not `kept` go, or come back as they were. */
bool reverse_rows(Reversal *r, Error *err);
/* Rows are put back as they were, so nothing may cascade: foreign keys are off meanwhile and looked
 * at afterwards. (The PRAGMA does nothing inside a transaction, the option does.) */
void store_foreign_keys(Store *st, bool on);
bool reverse_check_references(Reversal *r, Error *err);

/* The references of the schema between journalled tables, in the arena. */
typedef struct Key {
    const char *table, *column;
    const char *parent;                  /* the table it refers to */
    int child_at, parent_at;             /* the tables' places in the map */
    bool set_null, cascades;             /* what becomes of the row when the other is deleted */
} Key;
typedef struct Keys { Key *key; int n; } Keys;
bool keys_read(Store *st, Arena *a, Keys *out, Error *err);

void reverse_release(Reversal *r);

#endif

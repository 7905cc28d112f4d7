/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reverse.h -- taking one entry of the journal back, row by row (reverse.c), and seeing that
 * nothing points into the void afterwards (references.c).
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
} Reversal;

ReversedRows *reversed_rows(Reversal *r, int table);
/* Note that `table` `row` cannot be taken back; err is begun by the first. Returns false. */
__attribute__((format(printf, 5, 6)))
bool conflict(Reversal *r, Error *err, const char *table, int64_t row, const char *fmt, ...);
/* "by change 14 (li: customer set 17 ...)" */
void put_change(Store *st, int64_t change, Buf *out);

bool reverse_entry(Reversal *r, int64_t change, Error *err);
bool reverse_check_references(Reversal *r, Error *err);
void reverse_release(Reversal *r);

#endif

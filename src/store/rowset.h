/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rowset.h -- a set of row ids, made for long runs of neighbours.
 *
 * Ids are kept as bits of chunks of 256, found by a hash of id >> 8: a million consecutive ids cost
 * about 200 KB, one lonely id 40 bytes.
 */
#ifndef STORE_ROWSET_H
#define STORE_ROWSET_H

#include <stdbool.h>
#include <stdint.h>

typedef struct RowChunk RowChunk;

typedef struct RowSet {
    RowChunk *slots;                     /* open addressing; NULL while empty */
    uint32_t size, used;                 /* size is a power of two */
    uint32_t last;                       /* slot of the last look-up that hit */
    int64_t n;                           /* ids in the set */
} RowSet;                                /* {0} is an empty set */

typedef struct RowRun { int64_t first, last; } RowRun;

bool rowset_has(const RowSet *s, int64_t row);
void rowset_add(RowSet *s, int64_t row);
void rowset_add_run(RowSet *s, int64_t first, int64_t last);
bool rowset_drop(RowSet *s, int64_t row);                /* whether it was there */
void rowset_join(RowSet *to, RowSet *from);              /* `from` is emptied */
void rowset_subtract(RowSet *a, RowSet *b);              /* what both hold leaves both */
void rowset_release(RowSet *s);

/* The ids in ascending order as runs; the array is freed by the caller with free(). */
int64_t rowset_runs(const RowSet *s, RowRun **out);

#endif

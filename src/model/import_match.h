/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_match.h -- which stored record a row is, rows of the same file that were stored before it
 * included.
 *
 * Hashes of keys propose candidates, the records themselves decide.  The keys of the base are
 * loaded into the index when the file has many, and looked up one by one when it has few beside the
 * base.
 */
#ifndef MODEL_IMPORT_MATCH_H
#define MODEL_IMPORT_MATCH_H

#include "model/import_keys.h"
#include "model/import_rows.h"

typedef struct StoredPerson {
    int64_t id;
    Value *v;
} StoredPerson; /* v by slot: those of a person are filled */

typedef struct Stored {                /* a record as far as the file could change it */
    int64_t id;
    ImportRow row;                     /* values by slot, points in their order */
    StoredPerson *person;
    int people;
} Stored;

typedef struct Matcher Matcher;

/* `settle` is called before record id is read: rows that are held back are written then. file: all
 * rows that will be asked for, at the first and left there; file_keys: how many keys they have, by
 * import_keys_count. */
Matcher *matcher_open(Crm *crm, const ImportMap *m, const ImportKeys *k, RowFile *file,
                      int64_t file_keys, bool (*settle)(void *ctx, int64_t id, Error *err),
                      void *ctx, Error *err);
void matcher_close(Matcher *x);

/* *out: the record that the row is, NULL for none; valid until the next call. *reason is set, in
 * words, when the row is several records or would take another one's unique value. False only for
 * errors of the machine. */
bool matcher_find(Matcher *x, const ImportRow *row, const Stored **out, const char **reason,
                  Error *err);

/* The row is stored as record id now: later rows of the file may be the same. */
void matcher_add(Matcher *x, const ImportRow *row, int64_t id);

/* The highest id before the import. */
int64_t matcher_base_last(const Matcher *x);

/* Whether so many contact points will be new, when that share of the file's keys is, that an index
 * of them had better be made anew. */
bool matcher_is_load(const Matcher *x, double share);
/* No query stays open until the next row is found. */
void matcher_rest(Matcher *x);
/* All rows are found: give the memory of the index back. */
void matcher_forget(Matcher *x);

#endif

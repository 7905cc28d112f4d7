/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_bulk.h -- rows of one table, held back until there are enough to write them in one
 * statement.
 *
 * A column costs nothing until a row has a value for it: then it joins the statement.
 */
#ifndef MODEL_IMPORT_BULK_H
#define MODEL_IMPORT_BULK_H

#include "store/store.h"

typedef struct Bulk Bulk;

/* columns: n names, ended by none; the first is id. The names must live as long as the bulk.
 * referred: nobody but the caller writes meanwhile, and it puts only rows whose references are
 * there; they are not looked up again. */
Bulk *bulk_open(Store *st, const char *table, const char *const *columns, int n, bool referred);
void bulk_doubt(Bulk *b);               /* not `referred` any more: look references up */
/* Before the first row: up to `rows` are held back and written in the order of the texts of
 * `column`, so that each page of an index on it that is larger than the cache of pages is visited
 * once. `column` < 0, at any time: as they came, few at a time. */
void bulk_sort(Bulk *b, int column, int rows);
void bulk_close(Bulk *b);                                  /* what is held back is lost */

/* Hold a row back: a value for each column, texts copied. Returns false when there is no room for
 * it: write first. */
bool bulk_put(Bulk *b, const Value *v);
bool bulk_write(Bulk *b, Error *err);                      /* what is held back, if anything */
int bulk_rows(const Bulk *b);                              /* how many are held back */
bool bulk_write_first(Bulk *b, int rows, Error *err);      /* the oldest `rows` of them */
/* Those whose integer in `column`, which none held back before them exceeds, is v. */
bool bulk_write_of(Bulk *b, int column, int64_t v, Error *err);
void bulk_cut(Bulk *b, int rows);                          /* forget all but the oldest `rows` */
bool bulk_now(Bulk *b, const Value *v, Error *err);        /* this row alone, at once */

/* Ids given one at a time from blocks; `back` returns those of the last block that were not used.
 */
typedef struct IdBlock { const char *table; int64_t next, end; } IdBlock;
bool id_take(Store *st, IdBlock *ids, int64_t most, int64_t *out,
             Error *err); /* most: how many may still be needed */
bool id_back(Store *st, IdBlock *ids, Error *err);

extern const SqlTable import_bulk_sql;

#endif

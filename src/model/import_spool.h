/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_spool.h -- rows that were read, kept in an unlinked temporary file until the database is locked for them.
 *
 * Written once from the start to the end, then read once.  The bytes mean something to the same process only.
 */
#ifndef MODEL_IMPORT_SPOOL_H
#define MODEL_IMPORT_SPOOL_H

#include "model/import_row.h"

typedef struct Spool Spool;

Spool *spool_open(int slots, Error *err);                  /* slots: values of a row; NULL with err */
void spool_close(Spool *s);
bool spool_put(Spool *s, const ImportRow *row, Error *err);
bool spool_rewind(Spool *s, Error *err);                   /* writing is over */
int spool_next(Spool *s, ImportRow *out, Error *err);      /* 1 a row, valid until the next; 0 the end; -1 */
int64_t spool_rows(const Spool *s);

#endif

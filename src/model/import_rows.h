/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_rows.h -- rows that were read, kept in an unlinked temporary file until the database is
 * locked for them.
 *
 * Written once from the start to the end, then read once.  The bytes mean something to the same
 * process only.
 */
#ifndef MODEL_IMPORT_ROWS_H
#define MODEL_IMPORT_ROWS_H

#include "model/import_row.h"

typedef struct RowFile RowFile;

RowFile *row_file_open(int slots, Error *err); /* slots: values of a row; NULL with err */
void row_file_close(RowFile *s);
bool row_file_put(RowFile *s, const ImportRow *row, Error *err);
bool row_file_rewind(RowFile *s, Error *err);                   /* writing is over */
int row_file_next(RowFile *s, ImportRow *out,
                  Error *err); /* 1 a row, valid until the next; 0 the end; -1 */
int64_t row_file_count(const RowFile *s);

#endif

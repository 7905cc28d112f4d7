/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_write.h -- each row finds its end: added, updated, same, skipped or rejected.
 *
 * Customers are written in bulk (import_customer.h), records of other types through the record
 * layer.
 */
#ifndef MODEL_IMPORT_WRITE_H
#define MODEL_IMPORT_WRITE_H

#include "model/import_match.h"

typedef struct ImportPlan {
    const ImportOptions *o;
    const ImportMap *map;
    const ImportKeys *keys;
    RowFile *file;                     /* all rows, at the first */
    int64_t rows, file_keys;           /* that may come */
    int64_t batch, list;               /* ids; list 0: none */
    const char *origin;                /* what a FIELD_ORIGIN says of a new record */
    ImportWarnings *warnings;
    Arena *arena;                      /* outlives the writer */
} ImportPlan;

typedef struct ImportWriter ImportWriter;

/* Within the transaction. */
ImportWriter *import_writer_open(Crm *crm, const ImportPlan *p, Error *err);
void import_writer_close(ImportWriter *w);

/* Write one row and count it in the report. *reason is set when it was rejected. */
bool import_writer_row(ImportWriter *w, const ImportRow *row, ImportReport *report,
                       const char **reason, Error *err);
bool import_writer_end(ImportWriter *w, ImportReport *report, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_reject.h -- the rows that were not taken, with the reason, in a file that can be mended
 * and imported again.
 *
 * Same columns in the same order, then `line` (of a card, `vCard line`) and `reason`; 0600; it gets
 * its name when the import is over. No file that exists is overwritten unless it was named.
 */
#ifndef MODEL_IMPORT_REJECT_H
#define MODEL_IMPORT_REJECT_H

#include "base/draft.h"
#include "model/import_rows.h"

typedef struct RejectFile {
    Draft draft;
    char *path;                        /* in the arena; NULL: there is none */
} RejectFile;

/* Where a file says line and reason, since it is a reject file itself: the column of the line, the
 * next is the reason; -1: it is none. The keys of JSON objects may come in any order. */
int reject_file_column(const ImportFile *f);
/* As import_file_book(), also of the table that holds rejected cards. */
const char *reject_file_book(const ImportFile *f);

/* Write the rejected rows: `list` has ordinal, line and reason of each, in order; the cells are
 * read from the file again. `named` is --rejects or NULL: then it stands beside the source, or here
 * when that folder takes no file. */
bool reject_file_write(ImportFile *f, const char *source, const char *named, RowFile *list,
                       Arena *a, RejectFile *out, Error *err);
bool reject_file_keep(RejectFile *r, Arena *a, Error *err);        /* gives it its name */
void reject_file_drop(RejectFile *r);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_undo.h -- one import is taken back by itself, also after other work.
 *
 * Rows that nobody touched since go, or get their old values again.  A record that somebody
 * changed, called or put on a list since stays with all that the import gave it, and is named.
 * The batch stays as the record of both, marked.  It is one more change, so undo brings everything
 * back.
 */
#ifndef MODEL_IMPORT_UNDO_H
#define MODEL_IMPORT_UNDO_H

#include "model/crm.h"

typedef struct ImportUndone {
    int64_t removed, restored, columns;   /* rows; fields that were dropped */
    int64_t kept;                         /* rows that stay, named by `stays` */
} ImportUndone;

/* Called for each row that stays on its own account. */
typedef void (*ImportStays)(void *ctx, const char *table, int64_t row, Str why);

/* Within a transaction. ERR_NOT_FOUND: no such import, or nothing is left to take back. Fields may
 * be gone afterwards: the types are read again when the command ends. */
bool import_undo(Crm *crm, int64_t batch, ImportStays stays, void *ctx, ImportUndone *out,
                 Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_stored.h -- reads a stored record in the shape of a row of the file.
 */
#ifndef MODEL_IMPORT_STORED_H
#define MODEL_IMPORT_STORED_H

#include "model/import_match.h"

typedef struct StoredReader StoredReader;

StoredReader *stored_open(Crm *crm, const ImportMap *m, bool points, Error *err);
void stored_close(StoredReader *s);
void stored_rest(StoredReader *s);     /* no query of it stays open until the next load */
/* *out NULL: there is no such record. Lives in the arena. */
bool stored_load(StoredReader *s, int64_t id, Arena *a, Stored **out, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_mapping.h -- what a user said once of the columns of a file, kept under a name.
 *
 * A mapping is a record of the type `mapping`: lines HEADER=field as --map has them, and a key.
 * Headers that are known without it are not in it.
 */
#ifndef MODEL_IMPORT_MAPPING_H
#define MODEL_IMPORT_MAPPING_H

#include "model/import_map.h"

/* What the import was told of its columns, a line each: --map, a mapping, fields that it created,
 * columns that --ignore-unknown left out. */
void import_mapping_put(const ImportMap *m, const ImportOptions *o, Buf *out);

/* Fill o->saved, and o->key where it is NULL, from the mapping. ERR_NOT_FOUND; ERR_USAGE when it is
 * one of another type than o->type. Lives in the arena. */
bool import_mapping_load(Crm *crm, const char *name, ImportOptions *o, Arena *a, Error *err);

/* How it read days like 1/2/2026: --date-order, or what was found for all columns; NULL: neither.
 */
const char *import_mapping_order(const ImportMap *m, const ImportOptions *o);

/* Like import_mapping_load, and --region and --date-order, from the import that wrote the reject
 * file of this name (without folders), so that it need not be told again; *batch is that import, 0
 * where none is known. */
bool import_mapping_of_rejects(Crm *crm, Str file, ImportOptions *o, int64_t *batch, Arena *a,
                               Error *err);

/* Add or replace the mapping `name`: these maps, or what the last import was told when there are
 * none. ERR_FAILED when that was nothing. */
bool import_mapping_save(Crm *crm, const char *name, const char *const *map, int maps, Arena *a,
                         bool *added, Error *err);

#endif

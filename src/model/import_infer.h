/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_infer.h -- what kind of field a column would be, from all of its cells; and how its dates
 * are written.
 *
 * Careful rather than clever: a number with leading zeros or more than 15 digits is text (it is an
 * id), and a column is a choice only when few distinct values fill many rows.
 */
#ifndef MODEL_IMPORT_INFER_H
#define MODEL_IMPORT_INFER_H

#include "model/import_map.h"
#include "model/import_row.h"

/* Whether the pass is needed before rows are read. Dates written 1/2/2026 need it too, but most
 * files have none: the reader of rows asks for it when it meets one. */
bool import_infer_needed(const ImportMap *m);

/* One pass over the file, once. Fills the order of dates, and for each column to be created its
 * Field (name, label, kind, choices; index and column are not filled) and a slot for it. The route
 * of such a column becomes a slot. */
bool import_infer(ImportMap *m, ImportFile *f, const ImportTalk *talk, Arena *a, Error *err);

/* One pass over the file that leaves out unknown columns in which no cell has anything. */
bool import_infer_empty(ImportMap *m, ImportFile *f, const ImportTalk *talk, Arena *a, Error *err);

/* A look at the first rows: a column that only its header led to a choice or a reference, and of
 * which no cell is one, matches no field (`kind` in a list of telephone numbers: mobile, fixed).
 */
bool import_infer_misfits(ImportMap *m, Crm *crm, ImportFile *f, Arena *a, Error *err);

/* A field name from a header: "Customer Id" and "CustomerID" are customer_id, 意向 stays. Not taken
 * in the type. */
const char *import_field_name(const ImportMap *m, Str header, int column, Arena *a);

#endif

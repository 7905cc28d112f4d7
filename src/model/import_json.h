/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_json.h -- JSON objects as rows: JSON lines, or one array of objects.
 *
 * The stream is cut into top-level objects, each parsed on its own.  Columns are the keys of all
 * objects in the order in which they are first met; a nested object gives dotted names one level
 * down, an array of plain values is joined by commas.  Numbers keep their digits.
 */
#ifndef MODEL_IMPORT_JSON_H
#define MODEL_IMPORT_JSON_H

#include "model/import_file.h"

typedef struct JsonRows JsonRows;

JsonRows *json_rows_open(ByteSource *src);
void json_rows_close(JsonRows *j);
/* Take the column names of another reader of the same file over: then cells come in that order. */
void json_rows_columns(JsonRows *j, const Str *names, int n);
/* 1 a row, 0 the end, -1. Without given columns the reader only collects names, and out->cell is
 * empty. */
int json_rows_next(JsonRows *j, ImportRecord *out, Error *err);
int json_rows_names(const JsonRows *j, const Str **names);

#endif

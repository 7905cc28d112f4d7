/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx_value.h -- what cells hold, as text: numbers by their format, escapes, names of columns.
 */
#ifndef PLUGIN_XLSX_VALUE_H
#define PLUGIN_XLSX_VALUE_H

#include "base/xlsx_plugin.h"

/* How a style shows numbers. */
typedef struct XlsxShow {
    enum { SHOW_NUMBER, SHOW_DAY, SHOW_TIME, SHOW_SPAN } as;   /* SHOW_DAY: also with a time */
    uint8_t zeros;                     /* SHOW_NUMBER: digits that there are at least */
} XlsxShow;

XlsxShow xlsx_show_builtin(int id);
XlsxShow xlsx_show_code(const char *code);
/* The cell's number as text; digits that are no number pass as they are. */
void xlsx_number(Str digits, XlsxShow show, bool from_1904, Buf *out);
void xlsx_unescape(const char *s, size_t n, Buf *out);     /* _x000D_ */

/* "AB" of column 27 (from 0). */
enum { COLUMN_NAME = 8 };
const char *xlsx_column_name(int column, char name[static COLUMN_NAME]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx_plugin.h -- the face of the plugin `xlsx`: sheets of Office Open XML workbooks (ECMA-376,
 * transitional and strict) read as rows of text, and one sheet written.
 *
 * One exported symbol gives a table of functions.  Errors do not name the file; the caller does.
 */
#ifndef BASE_XLSX_PLUGIN_H
#define BASE_XLSX_PLUGIN_H

#include "base/error.h"
#include "base/str.h"

enum { XLSX_PLUGIN_VERSION = 1 };      /* raised whenever a struct or a function here changes */

typedef struct XlsxBook XlsxBook;
typedef struct XlsxWriter XlsxWriter;

typedef struct XlsxSheet { Str name; bool hidden; } XlsxSheet;

/* A row with something in it. Texts as they are; numbers as decimal digits, never with an exponent;
 * days "2026-03-01", moments "2026-03-01 14:30" with seconds and thousandths where there are any,
 * times of day and spans "14:30:00"; yes and no; what a formula gave last. */
typedef struct XlsxRow {
    Str *cell;                         /* n of them, valid until the next; s NULL: empty */
    int n;                             /* up to the last that is not empty */
    int64_t line;                      /* the number of the row in the sheet, from 1 */
    Str fault;                         /* the first cell without a value, "C5: #N/A"; n 0: none */
} XlsxRow;

typedef struct XlsxCell {              /* to be written */
    enum { XLSX_EMPTY, XLSX_HEAD, XLSX_TEXT, XLSX_NUMBER, XLSX_DAY, XLSX_MOMENT, XLSX_BOOL } type;
    Str text;                          /* XLSX_HEAD, _TEXT: UTF-8; _NUMBER: decimal digits */
    double serial; /* days since 1899-12-30 by the wall clock; XLSX_BOOL: 0 or 1 */
} XlsxCell;

typedef struct XlsxPlugin {
    int version;                       /* XLSX_PLUGIN_VERSION of the header it was built with */

    /* ERR_INVALID: no workbook, protected, damaged or hostile. The descriptor stays the caller's
     * and must live as long as the book. */
    bool (*open)(int fd, XlsxBook **out, Error *err);
    int (*sheets)(const XlsxBook *b, const XlsxSheet **out);
    bool (*choose)(XlsxBook *b, int sheet, Error *err);    /* from 0: to before its first row */
    int (*next)(XlsxBook *b, XlsxRow *out, Error *err);    /* 1 a row, 0 the end, -1 */
    double (*done)(const XlsxBook *b);                     /* share of the sheet, 0 to 1 */
    void (*close)(XlsxBook *b);                            /* NULL is allowed */

    /* A workbook of one sheet, which goes to `out` bit by bit: the caller empties it. */
    XlsxWriter *(*write_open)(Buf *out);
    bool (*write_row)(XlsxWriter *w, const XlsxCell *cell, int n, Error *err);
    void (*write_end)(XlsxWriter *w);
    void (*write_close)(XlsxWriter *w);                    /* NULL is allowed */
} XlsxPlugin;

#endif

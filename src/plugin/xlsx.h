/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx.h -- what the parts of the plugin share: the archive, its XML, values, the open book.
 *
 * Everything in a workbook may be hostile: what it may cost is bounded here.
 */
#ifndef PLUGIN_XLSX_H
#define PLUGIN_XLSX_H

#include <expat.h>
#include <zip.h>

#include "base/arena.h"
#include "plugin/xlsx_value.h"

enum {
    XLSX_COLUMNS = 16384,              /* XFD */
    XLSX_ROWS = 1048576,
    XLSX_ROW_TEXT = 16 << 20,          /* bytes of one row */
    XLSX_SHARED_TEXT = 96 << 20,       /* bytes of all shared strings */
    XLSX_SHARED = 16 << 20,            /* shared strings */
    XLSX_STYLES = 65536,               /* number formats, styles of cells, sheets */
    XLSX_DEPTH = 64,                   /* elements in each other */
    XLSX_TOKEN = 4 << 20,              /* bytes of one tag */
    XLSX_PART = 256 << 20,             /* bytes of a part that is no sheet */
    XLSX_RATIO = 250,                  /* bytes for one packed byte ... */
    XLSX_RATIO_FROM = 32 << 20,        /* ... once so many came out */
    XLSX_DIRECTORY = 16 << 20,         /* bytes of the list of parts */
    XLSX_REPEATS = 1000,               /* bytes of text given out for one of the file ... */
    XLSX_REPEATS_FROM = 256 << 20,     /* ... once so many were: shared strings come often */
};

/* ---- XML of a part (xlsx_xml.c) -------------------------------------------------------------- */

/* Names come without their prefix, so that both dialects of the standard are the same. */
typedef struct XmlHandlers {
    void (*start)(void *ctx, const char *name, const char **attributes);
    void (*end)(void *ctx, const char *name);
    void (*text)(void *ctx, const char *s, int n);
} XmlHandlers;

typedef struct XlsxArchive { zip_t *zip; uint64_t size; } XlsxArchive;

typedef struct Xml {
    const XmlHandlers *on;
    void *ctx;
    XML_Parser parser;
    zip_file_t *file;
    uint64_t size, packed, got, silent, max; /* bytes: of the part, and read; since an event */
    int depth;
    bool paused, ended;
    Error *err;                        /* of the call that runs it; filled: it has failed */
} Xml;

bool xlsx_xml_open(Xml *x, const XlsxArchive *from, const char *part, uint64_t max,
                   const XmlHandlers *on, void *ctx, Error *err);
int xlsx_xml_run(Xml *x, Error *err);  /* 1 paused, 0 the end, -1 */
void xlsx_xml_pause(Xml *x);           /* by a handler: run returns */
void xlsx_xml_fail(Xml *x, const char *msg);       /* by a handler: ERR_INVALID */
void xlsx_xml_close(Xml *x);
const char *xlsx_attribute(const char **attributes, const char *name); /* NULL: there is none */

/* The list of parts, once its size is known to be sane. */
bool xlsx_archive_open(int fd, XlsxArchive *out, Error *err);
bool xlsx_archive_has(const XlsxArchive *from, const char *part);
bool xlsx_damaged(const char *why, Error *err);

/* ---- the book (xlsx_book.c, xlsx_sheet.c) ---------------------------------------------------- */

typedef struct SheetPart { XlsxSheet sheet; const char *id, *part; } SheetPart;

typedef struct RowCell { const char *shared; size_t at, n; bool set; } RowCell;

struct XlsxBook {
    XlsxArchive archive;
    Arena arena;
    const char *workbook, *shared_part, *styles_part;      /* names of parts; NULL: none */
    SheetPart *part;
    XlsxSheet *sheet;                  /* of part, for the caller */
    int sheets;
    bool from_1904;
    Buf shared;                        /* all shared strings, one behind the other */
    uint32_t *shared_end;              /* where each ends */
    int shared_count, shared_room;
    XlsxShow *format;                  /* by id - first custom id */
    int formats;
    XlsxShow *style;
    int styles, style_room;

    Xml xml;                           /* of the chosen sheet */
    int64_t line;                      /* of the row that is read */
    RowCell *cell;
    Str *out;
    uint64_t given;                    /* bytes of text of all rows so far */
    int column, room, used, filled;    /* of the row: the cell's; cells touched, and not empty */
    Buf row, value;
    Str fault;
    char fault_text[64];
    int type, style_of;                /* of the cell */
    enum { SHEET_OUTSIDE, SHEET_DATA, SHEET_ROW, SHEET_CELL } at;
    bool in_value, phonetic, formula;
};

bool xlsx_book_open(int fd, XlsxBook **out, Error *err);
void xlsx_book_close(XlsxBook *b);
bool xlsx_sheet_choose(XlsxBook *b, int sheet, Error *err);
int xlsx_sheet_next(XlsxBook *b, XlsxRow *out, Error *err);

/* ---- writing (xlsx_write.c) ------------------------------------------------------------------ */

XlsxWriter *xlsx_write_open(Buf *out);
bool xlsx_write_row(XlsxWriter *w, const XlsxCell *cell, int n, Error *err);
void xlsx_write_end(XlsxWriter *w);
void xlsx_write_close(XlsxWriter *w);

#endif

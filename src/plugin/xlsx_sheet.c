/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx_sheet.c -- the rows of a sheet, one at a time (ECMA-376 part 1, 18.3.1).
 *
 * Missing rows and cells are empty; of merged cells the first has the value, as in the file.  The
 * parser pauses at the end of each row that has something in it.
 */
#include "plugin/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

enum { CELL_NUMBER, CELL_SHARED, CELL_TEXT, CELL_BOOL, CELL_ERROR, CELL_DATE };

/* ---- cells ----------------------------------------------------------------------------------- */

/* Column of "AB12", from 0; -1: it has none, or one behind XFD. */
static int column_of(const char *reference)
{
    int column = 0;
    for (; (*reference | 32) >= 'a' && (*reference | 32) <= 'z'; reference++) {
        column = column * 26 + (*reference | 32) - 'a' + 1;
        if (column > XLSX_COLUMNS)
            return -1;
    }
    return column - 1;
}

static int type_of(const char *t)
{
    static const struct { const char *name; int type; } types[] = {
        { "s", CELL_SHARED },       { "n", CELL_NUMBER }, { "str", CELL_TEXT },
        { "inlineStr", CELL_TEXT }, { "b", CELL_BOOL },   { "e", CELL_ERROR },
        { "d", CELL_DATE },
    };
    for (size_t i = 0; t && i < sizeof types / sizeof *types; i++)
        if (strcmp(t, types[i].name) == 0)
            return types[i].type;
    return t ? CELL_TEXT : CELL_NUMBER;
}

static void cell_start(XlsxBook *b, const char **attributes)
{
    const char *reference = NULL, *style = NULL, *type = NULL;
    for (; *attributes; attributes += 2)
        if (!(*attributes)[1])
            switch (**attributes) {
            case 'r': reference = attributes[1]; break;
            case 's': style = attributes[1]; break;
            case 't': type = attributes[1]; break;
            default: break;
            }
    b->column = reference ? column_of(reference) : b->column + 1;
    if (b->column < 0 || b->column >= XLSX_COLUMNS) {
        xlsx_xml_fail(&b->xml, "a cell stands right of XFD, the last column");
        return;
    }
    long style_number = style ? strtol(style, NULL, 10) : 0;
    b->type = type_of(type);
    b->style_of = style_number < 0 || style_number >= b->styles ? -1 : (int)style_number;
    b->at = SHEET_CELL;
    b->formula = b->phonetic = false;
    buf_reset(&b->value);
}

static RowCell *cell_at(XlsxBook *b, int column)
{
    if (column >= b->room) {
        b->room = column < 32 ? 32 : column + column / 2 + 1;
        b->cell = xresize(b->cell, sizeof *b->cell * (size_t)b->room);
        b->out = xresize(b->out, sizeof *b->out * (size_t)b->room);
    }
    for (; b->used <= column; b->used++)
        b->cell[b->used] = (RowCell){ 0 };
    return &b->cell[column];
}

static void at_fault(XlsxBook *b, Str what)
{
    char name[COLUMN_NAME];
    if (b->fault.n)
        return;
    int n = snprintf(b->fault_text, sizeof b->fault_text, "%s%lld: %.*s",
                     xlsx_column_name(b->column, name), (long long)b->line,
                     (int)(what.n < 24 ? what.n : 24), what.s);
    b->fault = str_n(b->fault_text, (size_t)n);
}

/* 2026-03-01T00:00:00.000Z in a cell of its own type. */
static void date_write(Str s, Buf *out)
{
    const char *t = memchr(s.s, 'T', s.n);
    size_t day = t ? (size_t)(t - s.s) : s.n;
    buf_put(out, s.s, day);
    for (size_t i = day; i < s.n; i++)
        if (s.s[i] >= '1' && s.s[i] <= '9') {
            buf_char(out, ' ');
            buf_put(out, s.s + day + 1, s.n - day - 1);
            return;
        }
}

static bool is_no(Str s)
{
    return str_is(s, "0") || str_eq_nocase(s, STR("false"));
}

static void set_shared(XlsxBook *b, RowCell *cell)
{
    int64_t i;
    if (!str_int(str_trim(buf_as_str(&b->value)), &i) || i < 0 || i >= b->shared_count) {
        xlsx_xml_fail(&b->xml, "a cell refers to a text that is not there");
        return;
    }
    size_t from = i ? b->shared_end[i - 1] : 0;
    cell->shared = b->shared.s + from;
    cell->n = b->shared_end[i] - from;
    cell->set = cell->n > 0;
}

static void cell_end(XlsxBook *b)
{
    Str v = buf_as_str(&b->value);
    XlsxShow show = b->style_of < 0 ? (XlsxShow){ SHOW_NUMBER, 0 } : b->style[b->style_of];
    b->at = SHEET_ROW;
    if (v.n == 0 && b->formula && b->type != CELL_TEXT)
        at_fault(b, STR("a formula without its value"));
    if (v.n == 0 || b->xml.err->code != ERR_NONE)
        return;
    RowCell *cell = cell_at(b, b->column);
    *cell = (RowCell){ .at = b->row.n };
    switch (b->type) {
    case CELL_SHARED: set_shared(b, cell); break;
    case CELL_TEXT: xlsx_unescape(v.s, v.n, &b->row); break;
    case CELL_BOOL: buf_cstr(&b->row, is_no(str_trim(v)) ? "no" : "yes"); break;
    case CELL_ERROR: at_fault(b, v); break;
    case CELL_DATE: date_write(str_trim(v), &b->row); break;
    default: xlsx_number(str_trim(v), show, b->from_1904, &b->row);
    }
    if (!cell->shared) {
        cell->n = b->row.n - cell->at;
        cell->set = cell->n > 0;
    }
    if (b->row.full)
        xlsx_xml_fail(&b->xml, "a row is longer than 16 MiB");
    if (cell->set && b->column >= b->filled)
        b->filled = b->column + 1;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void row_start(XlsxBook *b, const char **attributes)
{
    const char *r = xlsx_attribute(attributes, "r");
    long line = r ? strtol(r, NULL, 10) : (long)b->line + 1;
    if (line <= b->line)
        xlsx_xml_fail(&b->xml, "its rows are out of order");
    if (line > XLSX_ROWS)
        xlsx_xml_fail(&b->xml, "it has more rows than a sheet can have");
    b->at = SHEET_ROW;
    b->line = line;
    b->column = -1;
    b->used = b->filled = 0;
    b->fault = (Str){ 0 };
    buf_reset(&b->row);
}

static void value_start(XlsxBook *b, const char *name)
{
    b->formula |= strcmp(name, "f") == 0;
    b->phonetic |= strcmp(name, "rPh") == 0;
    b->in_value = strcmp(name, "v") == 0
                  || (b->type == CELL_TEXT && strcmp(name, "t") == 0 && !b->phonetic);
    if (b->in_value && *name == 'v')
        buf_reset(&b->value);
}

static void sheet_start(void *ctx, const char *name, const char **attributes)
{
    XlsxBook *b = ctx;
    b->in_value = false;
    if (b->at == SHEET_CELL)
        value_start(b, name);
    else if (b->at == SHEET_ROW && strcmp(name, "c") == 0)
        cell_start(b, attributes);
    else if (b->at == SHEET_DATA && strcmp(name, "row") == 0)
        row_start(b, attributes);
    else if (b->at == SHEET_OUTSIDE && strcmp(name, "sheetData") == 0)
        b->at = SHEET_DATA;
}

static void row_end(XlsxBook *b)
{
    b->at = SHEET_DATA;
    if (b->filled || b->fault.n)
        xlsx_xml_pause(&b->xml);
}

static void sheet_end(void *ctx, const char *name)
{
    XlsxBook *b = ctx;
    b->in_value = false;
    if (strcmp(name, "rPh") == 0)
        b->phonetic = false;
    else if (b->at == SHEET_CELL && strcmp(name, "c") == 0)
        cell_end(b);
    else if (b->at == SHEET_ROW && strcmp(name, "row") == 0)
        row_end(b);
    else if (b->at == SHEET_DATA && strcmp(name, "sheetData") == 0)
        b->at = SHEET_OUTSIDE;
}

static void sheet_text(void *ctx, const char *s, int n)
{
    XlsxBook *b = ctx;
    if (!b->in_value)
        return;
    buf_put(&b->value, s, (size_t)n);
    if (b->value.full)
        xlsx_xml_fail(&b->xml, "a text is longer than 16 MiB");
}

bool xlsx_sheet_choose(XlsxBook *b, int sheet, Error *err)
{
    static const XmlHandlers on = { sheet_start, sheet_end, sheet_text };
    xlsx_xml_close(&b->xml);
    b->line = 0;
    b->given = 0;
    b->at = SHEET_OUTSIDE;
    b->row.max = b->value.max = XLSX_ROW_TEXT;
    return xlsx_xml_open(&b->xml, &b->archive, b->part[sheet].part, (uint64_t)64 * XLSX_PART, &on,
                         b, err);
}

/* Shared strings cost the file nothing where they are repeated. */
static bool within_bounds(const XlsxBook *b, uint64_t row, Error *err)
{
    if (row > XLSX_ROW_TEXT)
        return xlsx_damaged("a row is longer than 16 MiB", err);
    if (b->given > XLSX_REPEATS_FROM && b->given / XLSX_REPEATS > b->archive.size)
        return xlsx_damaged("it grows without end when its texts are repeated", err);
    return true;
}

int xlsx_sheet_next(XlsxBook *b, XlsxRow *out, Error *err)
{
    uint64_t bytes = 0;
    int more = xlsx_xml_run(&b->xml, err);
    if (more <= 0)
        return more;
    for (int i = 0; i < b->filled; i++) {
        const RowCell *c = &b->cell[i];
        b->out[i] = c->set ? str_n(c->shared ? c->shared : b->row.s + c->at, c->n) : (Str){ 0 };
        bytes += b->out[i].n;
    }
    b->given += bytes;
    if (!within_bounds(b, bytes, err))
        return -1;
    *out = (XlsxRow){ .cell = b->out, .n = b->filled, .line = b->line, .fault = b->fault };
    return 1;
}

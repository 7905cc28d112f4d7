/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx_write.c -- a workbook of one sheet, written row by row, also into a pipe.
 *
 * The archive is written as it goes: sizes stand behind each part (APPNOTE.TXT 4.4.4, bit 3), the
 * sheet comes last, nothing is kept but the state of the compressor.  Texts are texts for good:
 * none can run as a formula, and no number loses digits.
 */
#include "plugin/xlsx.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum {
    PARTS = 6,
    ROWS_MAX = 1048576,
    TEXT_MAX = 32767,                  /* UTF-16 units of a cell */
    BLOCK = 32 << 10,
    STYLE_TEXT = 1, STYLE_DAY, STYLE_MOMENT, STYLE_HEAD,
};

typedef struct Entry { const char *name; uint32_t crc; uint64_t size, packed, at; } Entry;

struct XlsxWriter {
    Buf *out;
    uint64_t written;                  /* bytes, and out's of which the caller has taken some */
    Entry entry[PARTS];
    int entries;
    z_stream deflate;
    Buf text;                          /* of the part, not packed yet */
    int64_t rows;
};

#define XML "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define SHEET "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define TYPE "application/vnd.openxmlformats-officedocument.spreadsheetml."

static const struct { const char *name, *text; } fixed[PARTS - 1] = {
    { "[Content_Types].xml",
      XML "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" ContentType=\""
          "application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" "
          "ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\""
          TYPE "sheet.main+xml\"/><Override PartName=\"/xl/styles.xml\" ContentType=\"" TYPE
          "styles+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"" TYPE
          "worksheet+xml\"/></Types>" },
    { "_rels/.rels",
      XML "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\""
          OFFICE "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>" },
    { "xl/workbook.xml",
      XML "<workbook xmlns=\"" SHEET "\" xmlns:r=\"" OFFICE "\"><sheets><sheet name=\"Sheet1\" "
          "sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>" },
    { "xl/_rels/workbook.xml.rels",
      XML "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"rId1\" Type=\""
          OFFICE "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\""
          OFFICE "/styles\" Target=\"styles.xml\"/></Relationships>" },
    { "xl/styles.xml",
      XML "<styleSheet xmlns=\"" SHEET "\"><numFmts count=\"2\"><numFmt numFmtId=\"164\" "
          "formatCode=\"yyyy\\-mm\\-dd\"/><numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ "
          "hh:mm:ss\"/></numFmts><fonts count=\"2\"><font><sz val=\"11\"/></font><font><b/><sz "
          "val=\"11\"/></font></fonts><fills count=\"2\"><fill><patternFill patternType=\"none\"/>"
          "</fill><fill><patternFill patternType=\"gray125\"/></fill></fills><borders count=\"1\">"
          "<border/></borders><cellStyleXfs count=\"1\"><xf/></cellStyleXfs><cellXfs count=\"5\">"
          "<xf/><xf numFmtId=\"49\" applyNumberFormat=\"1\"/><xf numFmtId=\"164\" "
          "applyNumberFormat=\"1\"/><xf numFmtId=\"165\" applyNumberFormat=\"1\"/><xf fontId=\"1\" "
          "applyFont=\"1\"/></cellXfs></styleSheet>" },
};

/* ---- the archive ----------------------------------------------------------------------------- */

static void raw(XlsxWriter *w, const void *bytes, size_t n)
{
    buf_put(w->out, bytes, n);
    w->written += n;
}

static void number(XlsxWriter *w, uint64_t v, int bytes)
{
    unsigned char s[8];
    for (int i = 0; i < bytes; i++)
        s[i] = (unsigned char)(v >> 8 * i);
    raw(w, s, (size_t)bytes);
}

/* What a local header and the list of parts have in common; version 2.0, sizes follow, UTF-8
 * names, deflate, 1980-01-01. */
static void common_head(XlsxWriter *w, const Entry *e)
{
    number(w, 20, 2);
    number(w, 0x0808, 2);
    number(w, 8, 2);
    number(w, 0, 2);
    number(w, 0x21, 2);
    number(w, e->crc, 4);
    number(w, e->packed, 4);
    number(w, e->size, 4);
    number(w, strlen(e->name), 2);
    number(w, 0, 2);
}

static void part_begin(XlsxWriter *w, const char *name)
{
    Entry *e = &w->entry[w->entries++];
    *e = (Entry){ .name = name, .at = w->written };
    number(w, 0x04034b50, 4);
    common_head(w, e);
    raw(w, name, strlen(name));
    deflateReset(&w->deflate);
    e->crc = (uint32_t)crc32(0, NULL, 0);
}

/* The text of the part goes through the compressor. */
static void pack(XlsxWriter *w, int flush)
{
    char block[BLOCK];
    Entry *e = &w->entry[w->entries - 1];
    z_stream *z = &w->deflate;
    e->crc = (uint32_t)crc32(e->crc, (const Bytef *)w->text.s, (uInt)w->text.n);
    e->size += w->text.n;
    z->next_in = (Bytef *)w->text.s;
    z->avail_in = (uInt)w->text.n;
    do {
        z->next_out = (Bytef *)block;
        z->avail_out = sizeof block;
        deflate(z, flush);
        e->packed += sizeof block - z->avail_out;
        raw(w, block, sizeof block - z->avail_out);
    } while (z->avail_out == 0);
    buf_reset(&w->text);
}

static void part_end(XlsxWriter *w)
{
    pack(w, Z_FINISH);
    const Entry *e = &w->entry[w->entries - 1];
    number(w, 0x08074b50, 4);
    number(w, e->crc, 4);
    number(w, e->packed, 4);
    number(w, e->size, 4);
}

static void directory(XlsxWriter *w)
{
    uint64_t at = w->written;
    for (int i = 0; i < w->entries; i++) {
        const Entry *e = &w->entry[i];
        number(w, 0x02014b50, 4);
        number(w, 20, 2);
        common_head(w, e);
        number(w, 0, 2);               /* no comment, disk 0, no attributes */
        number(w, 0, 2);
        number(w, 0, 2);
        number(w, 0, 4);
        number(w, e->at, 4);
        raw(w, e->name, strlen(e->name));
    }
    uint64_t size = w->written - at;
    number(w, 0x06054b50, 4);
    number(w, 0, 4);
    number(w, (uint64_t)w->entries, 2);
    number(w, (uint64_t)w->entries, 2);
    number(w, size, 4);
    number(w, at, 4);
    number(w, 0, 2);
}

/* ---- cells ----------------------------------------------------------------------------------- */

static bool looks_escaped(Str s)
{
    if (s.n < 7 || s.s[1] != 'x' || s.s[6] != '_')
        return false;
    for (int i = 2; i < 6; i++)
        if (!strchr("0123456789ABCDEFabcdef", s.s[i]) || !s.s[i])
            return false;
    return true;
}

/* Bytes of the character at s; 0: it is none. */
static size_t character(Str s)
{
    unsigned char c = (unsigned char)s.s[0];
    size_t n = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;
    return n <= s.n && (n == 1 || utf8_valid(str_n(s.s, n))) ? n : 0;
}

/* U+FFFE and U+FFFF are none to XML. */
static size_t no_character(Buf *b, Str s)
{
    buf_cstr(b, s.s[2] == '\xBE' ? "_xFFFE_" : "_xFFFF_");
    return 3;
}

static size_t bad_byte(Buf *b)
{
    buf_cstr(b, "\xEF\xBF\xBD");
    return 1;
}

/* Text of a cell; controls as ECMA-376 part 1, 22.9.2.19 has them, "_x000D_"; a byte that is no
 * text becomes U+FFFD. */
static void put_text(XlsxWriter *w, Str s)
{
    Buf *b = &w->text;
    size_t n;
    for (; s.n; s = str_n(s.s + n, s.n - n)) {
        unsigned char c = (unsigned char)*s.s;
        n = 1;
        if (c == '&')
            buf_cstr(b, "&amp;");
        else if (c == '<')
            buf_cstr(b, "&lt;");
        else if (c == '>')
            buf_cstr(b, "&gt;");
        else if ((c < 0x20 && c != '\n' && c != '\t') || c == 0x7F)
            buf_printf(b, "_x%04X_", c);
        else if (c == '_' && looks_escaped(s))
            buf_cstr(b, "_x005F_");
        else if (c < 0x80)
            buf_char(b, (char)c);
        else if (str_starts(s, "\xEF\xBF\xBE") || str_starts(s, "\xEF\xBF\xBF"))
            n = no_character(b, s);
        else if ((n = character(s)))
            buf_put(b, s.s, n);
        else
            n = bad_byte(b);
    }
}

static size_t utf16_units(Str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += ((unsigned char)s.s[i] & 0xC0) != 0x80 ? 1 + ((unsigned char)s.s[i] >= 0xF0) : 0;
    return n;
}

static void put_cell(XlsxWriter *w, const XlsxCell *c, int column)
{
    static const int styles[] = { [XLSX_TEXT] = STYLE_TEXT, [XLSX_HEAD] = STYLE_HEAD,
                                  [XLSX_DAY] = STYLE_DAY, [XLSX_MOMENT] = STYLE_MOMENT,
                                  [XLSX_BOOL] = 0 };
    char name[COLUMN_NAME];
    Buf *b = &w->text;
    if (c->type == XLSX_EMPTY)
        return;
    buf_cstr(b, "<c r=\"");
    buf_cstr(b, xlsx_column_name(column, name));
    buf_int(b, w->rows, 1);
    if (styles[c->type])
        buf_printf(b, "\" s=\"%d", styles[c->type]);
    switch (c->type) {
    case XLSX_TEXT:
    case XLSX_HEAD:
        buf_cstr(b, "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">");
        put_text(w, c->text);
        buf_cstr(b, "</t></is></c>");
        break;
    case XLSX_NUMBER:
        buf_cstr(b, "\"><v>");
        buf_str(b, c->text);
        buf_cstr(b, "</v></c>");
        break;
    case XLSX_BOOL: buf_printf(b, "\" t=\"b\"><v>%d</v></c>", c->serial != 0); break;
    default: buf_printf(b, "\"><v>%.17g</v></c>", c->serial);
    }
}

/* ---- the sheet ------------------------------------------------------------------------------- */

XlsxWriter *xlsx_write_open(Buf *out)
{
    XlsxWriter *w = xalloc(sizeof *w);
    w->out = out;
    if (deflateInit2(&w->deflate, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        panic("out of memory");
    for (int i = 0; i < PARTS - 1; i++) {
        part_begin(w, fixed[i].name);
        buf_cstr(&w->text, fixed[i].text);
        part_end(w);
    }
    part_begin(w, "xl/worksheets/sheet1.xml");
    buf_cstr(&w->text, XML "<worksheet xmlns=\"" SHEET "\"><sheetViews><sheetView "
             "workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" activePane=\"bottomLeft\" "
             "state=\"frozen\"/></sheetView></sheetViews><sheetData>");
    return w;
}

static bool too_much(const char *what, Error *err)
{
    fail(err, ERR_FAILED, "%s", what);
    return fail_hint(err, "write CSV or JSON instead, or fewer rows at a time");
}

bool xlsx_write_row(XlsxWriter *w, const XlsxCell *cell, int n, Error *err)
{
    if (++w->rows > ROWS_MAX)
        return too_much("a sheet has at most 1,048,576 rows", err);
    if (n > XLSX_COLUMNS)
        return too_much("a sheet has at most 16,384 columns", err);
    buf_printf(&w->text, "<row r=\"%lld\">", (long long)w->rows);
    for (int i = 0; i < n; i++) {
        if (cell[i].type != XLSX_EMPTY && cell[i].text.n > TEXT_MAX
            && utf16_units(cell[i].text) > TEXT_MAX) {
            char what[100];
            snprintf(what, sizeof what, "row %lld has a text of more than 32,767 characters, which "
                     "no sheet takes", (long long)w->rows);
            return too_much(what, err);
        }
        put_cell(w, &cell[i], i);
    }
    buf_cstr(&w->text, "</row>");
    if (w->text.n >= BLOCK)
        pack(w, Z_NO_FLUSH);
    return w->entry[w->entries - 1].size < UINT32_MAX - (1 << 30)
           || too_much("the sheet is larger than 3 GB", err);
}

void xlsx_write_end(XlsxWriter *w)
{
    buf_cstr(&w->text, "</sheetData></worksheet>");
    part_end(w);
    directory(w);
}

void xlsx_write_close(XlsxWriter *w)
{
    if (!w)
        return;
    deflateEnd(&w->deflate);
    buf_release(&w->text);
    free(w);
}

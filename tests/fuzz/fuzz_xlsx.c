/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a workbook, or (unless they begin with PK) as the XML of its parts with NUL between
 * them - sheet, shared strings, styles, and where there are more the workbook, its relations and
 * those of the package: rows come in order and are text, reading again gives the same, and what is
 * written of them reads the same.
 */
#include "plugin/xlsx.h"

#include <stdlib.h>
#include <zlib.h>

#include "fuzz.h"

enum { PARTS = 6, CELLS = 400 };

#define RELATION(id, type, target) \
    "<Relationship Id='" id "' Type='x/" type "' Target='" target "'/>"

static void number(Buf *b, uint64_t v, int bytes)
{
    while (bytes--) {
        buf_char(b, (char)v);
        v >>= 8;
    }
}

/* An archive in which nothing is packed. */
static void put_archive(Buf *b, const char *const *name, const Str *part)
{
    Buf list = { 0 };
    for (int i = 0; i < PARTS; i++) {
        uint64_t at = b->n, crc = crc32(0, (const Bytef *)part[i].s, (uInt)part[i].n);
        for (int k = 0; k < 2; k++) {
            Buf *to = k ? &list : b;
            number(to, k ? 0x02014b50 : 0x04034b50, 4);
            number(to, 20, k ? 4 : 2);
            number(to, 0, 8);
            number(to, crc, 4);
            number(to, part[i].n, 4);
            number(to, part[i].n, 4);
            number(to, strlen(name[i]), 2);
            number(to, 0, k ? 12 : 2);
            if (k)
                number(to, at, 4);
            buf_cstr(to, name[i]);
        }
        buf_str(b, part[i]);
    }
    uint64_t at = b->n;
    buf_str(b, buf_as_str(&list));
    number(b, 0x06054b50, 8);
    number(b, PARTS, 2);
    number(b, PARTS, 2);
    number(b, list.n, 4);
    number(b, at, 4);
    number(b, 0, 2);
    buf_release(&list);
}

static Str cut(Str *left)
{
    const char *end = left->n ? memchr(left->s, '\0', left->n) : NULL;
    Str one = str_n(left->s, end ? (size_t)(end - left->s) : left->n);
    *left = end ? str_n(end + 1, left->n - one.n - 1) : (Str){ 0 };
    return one;
}

static void put_parts(Buf *b, Str data)
{
    static const char *const names[PARTS] = { "_rels/.rels", "xl/workbook.xml",
                                              "xl/_rels/workbook.xml.rels", "xl/s.xml", "xl/t.xml",
                                              "xl/y.xml" };
    Str part[PARTS] = {
        STR("<x>" RELATION("a", "officeDocument", "xl/workbook.xml") "</x>"),
        STR("<workbook><sheets><sheet name='s' r:id='a'/></sheets></workbook>"),
        STR("<x>" RELATION("a", "worksheet", "s.xml") RELATION("b", "sharedStrings", "/xl/t.xml")
            RELATION("c", "styles", "../xl/y.xml") "</x>"),
    };
    static const int order[PARTS] = { 3, 4, 5, 1, 2, 0 };
    part[4] = part[5] = STR("<x/>");
    for (int i = 0; i < PARTS; i++) {
        Str given = cut(&data);
        if (given.n || i == 0)
            part[order[i]] = given;
    }
    put_archive(b, names, part);
}

/* The cells of the first sheet, each behind its row and column; false where it cannot be read. */
static bool read_sheet(Str file, Buf *out, Buf *copy)
{
    XlsxBook *book = NULL;
    XlsxRow r;
    Error err = { 0 };
    int64_t line = 0;
    int cells = 0, more = 0, fd = memfd_create("x", 0);
    XlsxWriter *w = copy ? xlsx_write_open(copy) : NULL;
    bool ok = fd >= 0 && write(fd, file.s, file.n) == (ssize_t)file.n
              && xlsx_book_open(fd, &book, &err) && xlsx_sheet_choose(book, 0, &err);
    while (ok && cells < CELLS && (more = xlsx_sheet_next(book, &r, &err)) > 0) {
        static XlsxCell cell[XLSX_COLUMNS];
        if (r.line <= line || r.n > XLSX_COLUMNS || (r.n && !r.cell[r.n - 1].n))
            panic("rows out of order or cells beyond the last");
        line = r.line;
        bool any = false;
        for (int i = 0; i < r.n; i++) {
            if (r.cell[i].n && !utf8_valid(r.cell[i]))
                panic("a cell is no text");
            if (r.cell[i].n)
                buf_printf(out, "%d %d %.*s\n", cells, i, STR_ARG(r.cell[i]));
            cell[i] = (XlsxCell){ .type = r.cell[i].n ? XLSX_TEXT : XLSX_EMPTY, .text = r.cell[i] };
            any |= r.cell[i].n > 0;
        }
        if (w && any)
            ok = xlsx_write_row(w, cell, r.n, &err);
        cells += any;
    }
    if (w)
        xlsx_write_end(w);
    xlsx_write_close(w);
    xlsx_book_close(book);
    close(fd);
    return ok && more >= 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Buf file = { 0 }, one = { 0 }, other = { 0 }, copy = { 0 };
    Str text = str_n((const char *)data, n);
    if (str_starts(text, "PK"))
        buf_str(&file, text);
    else
        put_parts(&file, text);
    bool good = read_sheet(buf_as_str(&file), &one, &copy);
    if (good != read_sheet(buf_as_str(&file), &other, NULL)
        && one.n < 32767)                      /* else it could not be written */
        panic("read once, not twice");
    if (good && !str_eq(buf_as_str(&one), buf_as_str(&other)))
        panic("read again it is different");
    buf_reset(&other);
    if (good && (!read_sheet(buf_as_str(&copy), &other, NULL)
                 || !str_eq(buf_as_str(&one), buf_as_str(&other))))
        panic("what was written reads otherwise");
    buf_release(&file);
    buf_release(&one);
    buf_release(&other);
    buf_release(&copy);
    return 0;
}

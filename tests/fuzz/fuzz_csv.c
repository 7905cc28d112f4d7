/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as delimited text: the buffer size makes no difference, and what was read well and is
 * written again reads the same.  The first byte picks delimiter and buffer size, and whether the
 * bytes are a file too, whose encoding, delimiter and header are found out.
 */
#include "fuzz.h"

/* Fields, each behind its length and whether it is null; `again` (may be NULL) gets the records as
 * the writer has them. True if nothing was odd. */
static bool read_all(Str text, char delimiter, size_t buffer, Buf *fields, Buf *again)
{
    Pieces src = pieces(text, SIZE_MAX);
    Csv *c = csv_open_sized(&src.base, delimiter, buffer);
    CsvRecord rec;
    Error err;
    bool good = true;
    int got;
    while ((got = csv_next(c, &rec, &err)) == 1) {
        good &= !rec.odd;
        for (int i = 0; i < rec.n; i++) {
            Str f = rec.field[i];
            bool null = f.n == 0 && !rec.quoted[i];
            buf_printf(fields, "%zu%c", f.n, null ? '-' : ' ');
            buf_str(fields, f);
            if (again && i > 0)
                buf_char(again, delimiter);
            if (again)
                csv_write_field(again, null ? (Str){ 0 } : f.s ? f : STR(""), delimiter, 0);
        }
        buf_char(fields, '\n');
        if (again)
            csv_write_end(again, 0);
    }
    csv_close(c);
    return good && got == 0;
}

/* As import takes it, in any encoding. */
static void check_file(Str text, bool tabs)
{
    Buf cells = { 0 }, again = { 0 };
    ImportFileOptions o = { .file = file_with(text), .format = tabs ? "tsv" : "csv" };
    if (read_file(&o, 0, &cells, &again) == READ_WHOLE)
        check_written(buf_as_str(&again), buf_as_str(&cells));
    buf_release(&cells);
    buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Buf one = { 0 }, other = { 0 }, again = { 0 };
    size_t skip;
    if (n == 0)
        return 0;
    char delimiter = ",;\t|"[data[0] & 3];
    Str text = { (const char *)data + 1, n - 1 };
    bool good = read_all(text, delimiter, 1 << 16, &one, &again);
    read_all(text, delimiter, data[0] >> 2 & 31, &other, NULL);
    if (!str_eq(buf_as_str(&one), buf_as_str(&other)))
        panic("the buffer size made a difference");
    buf_reset(&other);
    /* the text of a first field may look like a BOM once its quotes are gone */
    if (good && !str_starts(buf_as_str(&again), "\xEF\xBB\xBF")) {
        read_all(buf_as_str(&again), delimiter, 1 << 16, &other, NULL);
        if (!str_eq(buf_as_str(&one), buf_as_str(&other)))
            panic("what was written reads otherwise");
    }
    if (data[0] & 0x80)
        check_file(text, delimiter == '\t');
    csv_sniff(text, &skip);
    if (skip > text.n)
        panic("sniffing skipped past the end");
    buf_release(&one);
    buf_release(&other);
    buf_release(&again);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as vCards: the size of the reads makes no difference, a cell written as a line is read
 * again as it was, and as a file that is imported its rows are the same each time.  The first byte
 * picks the size.
 */
#include "base/vcard.h"

#include "fuzz.h"

/* Each cell behind its lengths; `again` (may be NULL) gets the cards as X-PATTER lines. */
static void read_all(Str text, size_t step, Buf *cells, Buf *again)
{
    Pieces src = pieces(text, step);
    VcardReader *r = vcard_open(&src.base);
    Vcard card;
    Error err;
    while (vcard_next(r, &card, &err) > 0) {
        Buf line = { 0 };
        if (again)
            buf_cstr(again, "BEGIN:VCARD\r\nVERSION:3.0\r\n");
        for (int i = 0; i < card.n; i++) {
            Str column = card.cell[i].column, value = card.cell[i].value;
            buf_printf(cells, "%zu %zu ", column.n, value.n);
            buf_str(cells, column);
            buf_str(cells, value);
            buf_reset(&line);
            buf_cstr(&line, "X-PATTER;FIELD=");
            vcard_write_parameter(&line, column);
            buf_char(&line, ':');
            vcard_escape(&line, value);
            if (again)
                vcard_write_line(again, buf_as_str(&line));
        }
        buf_char(cells, '\n');
        if (again)
            buf_cstr(again, "END:VCARD\r\n");
        buf_release(&line);
    }
    vcard_close(r);
}

static void check_file(Str text)
{
    Buf cells = { 0 }, again = { 0 };
    ImportFileOptions o = { .file = file_with(text), .format = "vcf" };
    if (read_file(&o, 0, &cells, &again) == READ_WHOLE)
        check_written(buf_as_str(&again), buf_as_str(&cells));
    buf_release(&cells);
    buf_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Buf one = { 0 }, other = { 0 }, again = { 0 };
    if (n == 0)
        return 0;
    Str text = { (const char *)data + 1, n - 1 };
    read_all(text, 1 << 16, &one, &again);
    read_all(text, (size_t)data[0] + 1, &other, NULL);
    if (!str_eq(buf_as_str(&one), buf_as_str(&other)))
        panic("the size of the reads made a difference");
    if (data[0] & 0x80)
        check_file(text);
    bool plain = !memchr(data, '\r', n) && !memchr(data, '=', n) && !memchr(data, '\0', n)
                 && !memchr(data, '"', n) && !memchr(data, '\t', n) && !memchr(data, ' ', n)
                 && !memchr(data, '^', n) && utf8_valid(text);
    buf_reset(&other);
    read_all(buf_as_str(&again), 1 << 16, &other, NULL);
    if (plain && !str_eq(buf_as_str(&one), buf_as_str(&other)))
        panic("what was written reads otherwise");
    buf_release(&one);
    buf_release(&other);
    buf_release(&again);
    return 0;
}

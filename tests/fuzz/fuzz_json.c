/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as JSON, lines or one array: its rows are the same each time, wherever they lie in the
 * blocks that are read, and the same again as CSV.  The first two bytes say where a block ends.
 */
#include "fuzz.h"

enum { BLOCK = 64 << 10 };             /* bytes that the reader takes at a time */

static Read read_json(Str text, Buf *cells, Buf *again)
{
    ImportFileOptions o = { .file = file_with(text), .format = "json", .encoding = "utf-8" };
    return read_file(&o, 0, cells, again);
}

static void check_moved(Str text, size_t blanks, Str cells, Read end)
{
    Buf moved = { 0 }, other = { 0 }, ignored = { 0 };
    for (size_t i = 0; i < blanks; i++)
        buf_char(&moved, ' ');
    buf_str(&moved, text);
    if (read_json(buf_as_str(&moved), &other, &ignored) != end
        || !str_eq(buf_as_str(&other), cells))
        panic("%zu blanks in front make other rows", blanks);
    buf_release(&moved);
    buf_release(&other);
    buf_release(&ignored);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Buf cells = { 0 }, again = { 0 };
    if (n < 2)
        return 0;
    size_t front = data[0] | (size_t)(data[1] & 3) << 8;
    Str text = { (const char *)data + 2, n - 2 };
    Read end = read_json(text, &cells, &again);
    if (data[1] & 0x80 && front < text.n && (text.s[0] == '{' || text.s[0] == '['))
        check_moved(text, BLOCK - front, buf_as_str(&cells), end);
    if (end == READ_WHOLE)
        check_written(buf_as_str(&again), buf_as_str(&cells));
    buf_release(&cells);
    buf_release(&again);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lines.c -- see lines.h.
 */
#include "cmd/lines.h"

bool out_lines(Out *out, Str text, Error *err)
{
    static const Column columns[] = { { "text", KIND_TEXT, COLUMN_SCALAR }, { 0 } };
    if (!out_begin(out, columns, -1, err))
        return false;
    while (text.n) {
        const char *end = memchr(text.s, '\n', text.n);
        size_t n = end ? (size_t)(end - text.s) : text.n, step = end ? n + 1 : n;
        Value line = value_text(str_n(text.s, n));
        if (!out_row(out, &line, err))
            return false;
        text = str_n(text.s + step, text.n - step);
    }
    return true;
}

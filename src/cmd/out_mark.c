/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * out_mark.c -- what was searched, made to stand out where it is shown on a terminal.
 */
#include "base/unicode.h"
#include "cmd/out_text.h"

static bool is_alnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digits(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
    return s.n > 0;
}

/* Folded form of the character at the head of s; *len its bytes there. */
static Str fold_first(Str s, Buf *folded, int *len)
{
    utf8_next(s.s, s.n, len);
    buf_reset(folded);
    text_fold_into(str_n(s.s, (size_t)*len), folded);
    if (folded->n == 0 && s.s[0] == ' ')
        buf_char(folded, ' ');
    return buf_as_str(folded);
}

/* Bytes of s that the mark stands for, at its head; 0: none. What people write between digits does
 * not count between those of a number. */
static size_t matched(Str s, Str mark, Buf *folded)
{
    size_t at = 0, done = 0;
    bool number = is_digits(mark);
    while (at < s.n && done < mark.n) {
        int len;
        if (number && at > 0 && strchr(" -()", s.s[at])) {
            at++;
            continue;
        }
        Str one = fold_first(str_n(s.s + at, s.n - at), folded, &len);
        if (one.n > mark.n - done || memcmp(one.s ? one.s : "", mark.s + done, one.n) != 0)
            return 0;
        done += one.n;
        at += (size_t)len;
    }
    return done == mark.n ? at : 0;
}

/* The longest mark at a place. A word is found by how it begins, digits and Chinese anywhere. */
static size_t longest(Str shown, size_t at, const Str *marks, int n, Buf *folded)
{
    size_t most = 0;
    bool inside = at > 0 && is_alnum(shown.s[at - 1]);
    for (int i = 0; i < n; i++) {
        if (marks[i].n == 0 || (inside && is_alnum(marks[i].s[0]) && !is_digits(marks[i])))
            continue;
        size_t k = matched(str_n(shown.s + at, shown.n - at), marks[i], folded);
        most = k > most ? k : most;
    }
    return most;
}

void out_mark(Buf *line, size_t from, const Str *marks, int n)
{
    Buf shown = { 0 }, folded = { 0 };
    buf_str(&shown, str_n(line->s + from, line->n - from));
    line->n = from;
    for (size_t at = 0; at < shown.n;) {
        int len;
        size_t k = longest(buf_as_str(&shown), at, marks, n, &folded);
        if (k > 0) {
            buf_printf(line, "\x1b[1m%.*s\x1b[0m", (int)k, shown.s + at);
            at += k;
            continue;
        }
        utf8_next(shown.s + at, shown.n - at, &len);
        buf_str(line, str_n(shown.s + at, (size_t)len));
        at += (size_t)len;
    }
    buf_release(&shown);
    buf_release(&folded);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unicode.h -- columns on a terminal, folding for comparison, and text made safe to print.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include "base/str.h"

/* Columns the text takes; controls count as they will be printed by text_safe. `ambiguous` is how
 * wide East Asian ambiguous characters are (1 or 2). Invalid bytes count 1 each. */
int text_width(Str s, int ambiguous);

/* The longest prefix of at most `columns` columns, never inside a grapheme cluster; *used gets its
 * width. With `ellipsis` the cut text ends in … and still fits. */
Str text_fit(Str s, int columns, int ambiguous, int *used);
void text_put_fit(Buf *out, Str s, int columns, int ambiguous, bool pad, bool right);

/* Append s so that a terminal only prints it: C0, DEL, C1, bidi controls, line separators and
 * invalid bytes become visible (ESC is ␛, newline ↵ ... , others \u{9B}). Never emits a control. */
void text_put_safe(Buf *out, Str s);

/* NFKC, case folded, full-width to half-width, runs of white space to one space, trimmed: the form
 * in which texts are compared (`~`, keys, unique). */
Str text_fold(Str s, Arena *a);
void text_fold_into(Str s, Buf *out);                     /* appends; ASCII has a fast path */

/* Decode one code point at s (n > 0 bytes); *len gets its bytes. Invalid: U+FFFD and *len 1. */
uint32_t utf8_next(const char *s, size_t n, int *len);
int utf8_put(uint32_t cp, char out[static 4]);            /* bytes written */
bool is_cjk(uint32_t cp);                                 /* Han, kana, hangul: no spaces between words */

#endif

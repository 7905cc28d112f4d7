/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unicode.h -- columns on a terminal, folding for comparison, and text made safe to print.
 *
 * Width and safety speak of one thing: a text takes the columns of what text_put_safe makes of it.
 */
#ifndef BASE_UNICODE_H
#define BASE_UNICODE_H

#include "base/str.h"

/* Columns the text takes once it was made safe.  `ambiguous` is how wide East Asian ambiguous
 * characters are (1 or 2).  A grapheme cluster takes the sum of its characters, at most 2. */
int text_width(Str s, int ambiguous);

/* The longest prefix of at most `columns` columns, never ending inside a grapheme cluster; *used
 * (may be NULL) gets its width. */
Str text_fit(Str s, int columns, int ambiguous, int *used);

/* Append s, made safe, in at most `columns` columns: what does not fit is cut and ends in `…`.
 * With `pad` it is filled with spaces to exactly `columns`, on the left when `right`. */
void text_put_fit(Buf *out, Str s, int columns, int ambiguous, bool pad, bool right);

/* Append s so that a terminal only prints it: C0 and DEL become their pictures (ESC is ␛, newline
 * is ↵), C1, bidi controls, line separators and other invisible format characters become \u{9B},
 * an invalid byte becomes U+FFFD.  Never emits a control. */
void text_put_safe(Buf *out, Str s);

/* NFKC, case folded, invisible characters dropped, runs of white space to one space, trimmed: the
 * form in which texts are compared (`~`, keys, unique, search). Invalid bytes are kept. Folding
 * twice changes nothing. */
Str text_fold(Str s, Arena *a);
void text_fold_into(Str s, Buf *out);                     /* appends; fast for ASCII and Han */

/* Decode one code point at s (n > 0 bytes); *len gets its bytes. Invalid: U+FFFD and *len 1. */
uint32_t utf8_next(const char *s, size_t n, int *len);
int utf8_put(uint32_t cp, char out[static 4]);            /* bytes written */
bool is_hidden(uint32_t cp);                              /* above 0x7F: a terminal obeys it, or
                                                             it shows nothing; printed as \u{...} */
bool is_name_char(uint32_t cp);              /* what a name is made of: letter, mark or digit of any
                                                script, no full-width form */
uint32_t utf8_base(uint32_t cp);             /* the letter without its accents: é is e */
bool is_cjk(uint32_t cp);                    /* Han, kana, hangul, bopomofo: not spaced by words */

#endif

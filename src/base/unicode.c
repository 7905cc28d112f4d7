/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * unicode.c -- on utf8proc, which has no ambiguous width (the table is ours) and allocates where it
 * need not (so it is given buffers).
 */
#include "base/unicode.h"

#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#include "base/ambiguous.h"

/* ---- code points -------------------------------------------------------------------------- */

static bool tail(unsigned char c)
{
    return (c & 0xC0) == 0x80;
}

uint32_t utf8_next(const char *text, size_t n, int *len)
{
    const unsigned char *s = (const unsigned char *)text;
    *len = 1;
    if (s[0] < 0x80)
        return s[0];
    if (s[0] >= 0xC2 && s[0] < 0xE0 && n >= 2 && tail(s[1])) {
        *len = 2;
        return (uint32_t)(s[0] & 0x1F) << 6 | (s[1] & 0x3F);
    }
    if ((s[0] & 0xF0) == 0xE0 && n >= 3 && tail(s[1]) && tail(s[2])) {
        uint32_t cp = (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3F);
        if (cp < 0x800 || (cp >= 0xD800 && cp < 0xE000))
            return 0xFFFD;
        *len = 3;
        return cp;
    }
    if ((s[0] & 0xF8) == 0xF0 && n >= 4 && tail(s[1]) && tail(s[2]) && tail(s[3])) {
        uint32_t cp = (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3F) << 12
                      | (uint32_t)(s[2] & 0x3F) << 6 | (s[3] & 0x3F);
        if (cp < 0x10000 || cp > 0x10FFFF)
            return 0xFFFD;
        *len = 4;
        return cp;
    }
    return 0xFFFD;
}

int utf8_put(uint32_t cp, char out[static 4])
{
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

typedef uint32_t Range[2];

static bool in_ranges(uint32_t cp, const Range *r, size_t n)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (cp > r[mid][1])
            low = mid + 1;
        else
            high = mid;
    }
    return low < n && cp >= r[low][0];
}

bool is_cjk(uint32_t cp)
{
    static const Range cjk[] = {
        { 0x1100, 0x11FF }, { 0x2E80, 0x2FDF }, { 0x3005, 0x3007 }, { 0x3021, 0x3029 },
        { 0x3038, 0x303B }, { 0x3041, 0x3096 }, { 0x3099, 0x30FA }, { 0x30FC, 0x312F },
        { 0x3131, 0x318E }, { 0x31A0, 0x31BF }, { 0x31F0, 0x31FF }, { 0x3400, 0x4DBF },
        { 0x4E00, 0x9FFF }, { 0xA960, 0xA97F }, { 0xAC00, 0xD7FF }, { 0xF900, 0xFAFF },
        { 0xFF66, 0xFFDC }, { 0x1AFF0, 0x1B16F }, { 0x20000, 0x3FFFD },
    };
    return cp >= 0x1100 && in_ranges(cp, cjk, sizeof cjk / sizeof *cjk);
}

/* ---- safe to print ------------------------------------------------------------------------ */

/* Characters that print nothing and either steer the terminal or hide text from its reader.
 * Joiners and variation selectors are left: emoji and Indic scripts need them. */
bool is_hidden(uint32_t cp)
{
    static const Range hidden[] = {
        { 0x80, 0x9F }, { 0xAD, 0xAD }, { 0x61C, 0x61C }, { 0x180E, 0x180E }, { 0x200B, 0x200B },
        { 0x200E, 0x200F }, { 0x2028, 0x202E }, { 0x2060, 0x206F }, { 0xFDD0, 0xFDEF },
        { 0xFEFF, 0xFEFF }, { 0xFFF9, 0xFFFB }, { 0xFFFE, 0xFFFF }, { 0xE0001, 0xE0001 },
    };
    return in_ranges(cp, hidden, sizeof hidden / sizeof *hidden) || (cp & 0xFFFE) == 0xFFFE;
}

/* What is printed instead of cp; "" when it is printed as it is.  *width gets the columns. */
static const char *picture(uint32_t cp, char out[static 16], int *width)
{
    *width = 1;
    if (cp < 0x20 || cp == 0x7F) {
        int n = utf8_put(cp == '\n' ? 0x21B5 : cp == 0x7F ? 0x2421 : 0x2400 + cp, out);
        out[n] = 0;
        return out;
    }
    if (cp < 0x80 || !is_hidden(cp))
        return "";
    *width = snprintf(out, 16, "\\u{%X}", (unsigned)cp);
    return out;
}

void text_put_safe(Buf *out, Str s)
{
    size_t done = 0, i = 0;
    while (i < s.n) {
        int len, width;
        char p[16];
        uint32_t cp = utf8_next(s.s + i, s.n - i, &len);
        bool invalid = cp == 0xFFFD && len == 1;
        const char *shown = invalid ? "\xEF\xBF\xBD" : picture(cp, p, &width);
        if (*shown) {
            buf_put(out, s.s + done, i - done);
            buf_cstr(out, shown);
            done = i + (size_t)len;
        }
        i += (size_t)len;
    }
    if (s.n > done)
        buf_put(out, s.s + done, s.n - done);
}

/* ---- width -------------------------------------------------------------------------------- */

/* Columns of one printable code point. */
static int cp_width(uint32_t cp, int ambiguous)
{
    if (cp < 0xA1)
        return 1;
    int w = utf8proc_charwidth((utf8proc_int32_t)cp);
    if (w == 1 && ambiguous == 2
        && in_ranges(cp, ambiguous_ranges, sizeof ambiguous_ranges / sizeof *ambiguous_ranges))
        return 2;
    return w;
}

/* Does `next` belong to the cluster that cp ends? A prepended mark stands alone, so that a text and
 * what is shown of it fall into the same clusters. */
static bool joins(uint32_t cp, uint32_t next, utf8proc_int32_t *state)
{
    return next >= 0x300
           && utf8proc_get_property((utf8proc_int32_t)cp)->boundclass
                  != UTF8PROC_BOUNDCLASS_PREPEND
           && !utf8proc_grapheme_break_stateful((utf8proc_int32_t)cp, (utf8proc_int32_t)next,
                                                state);
}

/* Bytes of the grapheme cluster at s (n > 0), and its columns. Marks behind a character that is
 * shown by a picture join the picture. */
static size_t cluster_next(const char *s, size_t n, int ambiguous, int *width)
{
    int len, before = 0;
    char p[16];
    *width = 1;
    if (s[0] >= 0x20 && s[0] < 0x7F && (n == 1 || (s[1] >= 0 && s[1] < 0x7F)))
        return 1;
    uint32_t cp = utf8_next(s, n, &len);
    if (*picture(cp, p, width)) {
        before = *width - 1;                   /* \u{9B} but for its last character */
        cp = before ? '}' : 0x2400;
    }
    size_t used = (size_t)len;
    int w = cp_width(cp, ambiguous);
    utf8proc_int32_t state = 0;
    while (used < n) {
        uint32_t next = utf8_next(s + used, n - used, &len);
        if (!joins(cp, next, &state))
            break;
        w += cp_width(next, ambiguous);
        used += (size_t)len;
        cp = next;
    }
    *width = before + (w > 2 ? 2 : w);
    return used;
}

int text_width(Str s, int ambiguous)
{
    int total = 0, w;
    for (size_t i = 0; i < s.n; total += w)
        i += cluster_next(s.s + i, s.n - i, ambiguous, &w);
    return total;
}

Str text_fit(Str s, int columns, int ambiguous, int *used)
{
    int total = 0, w;
    size_t i = 0;
    while (i < s.n) {
        size_t n = cluster_next(s.s + i, s.n - i, ambiguous, &w);
        if (total + w > columns)
            break;
        total += w;
        i += n;
    }
    if (used)
        *used = total;
    return str_n(s.s, i);
}

static void put_spaces(Buf *out, int n)
{
    for (; n > 0; n--)
        buf_char(out, ' ');
}

void text_put_fit(Buf *out, Str s, int columns, int ambiguous, bool pad, bool right)
{
    int used, dots = cp_width(0x2026, ambiguous);
    Str shown = text_fit(s, columns, ambiguous, &used);
    bool cut = shown.n < s.n && dots <= columns;
    if (cut) {
        shown = text_fit(s, columns - dots, ambiguous, &used);
        used += dots;
    }
    if (pad && right)
        put_spaces(out, columns - used);
    text_put_safe(out, shown);
    if (cut)
        buf_cstr(out, "…");
    if (pad && !right)
        put_spaces(out, columns - used);
}

/* ---- folding ------------------------------------------------------------------------------ */

enum { FOLD_STACK = 512 };

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 || cp == 0xA0 || cp == 0x1680
           || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 || cp == 0x2029 || cp == 0x202F
           || cp == 0x205F || cp == 0x3000;
}

/* Three bytes that folding leaves alone and that no following character combines with: the main
 * block of Han (E4 B8 80 - E9 BF BF) and the punctuation U+3001-3011. */
static bool is_plain3(const unsigned char *s, size_t n)
{
    if (n < 3 || !tail(s[1]) || !tail(s[2]))
        return false;
    if (s[0] == 0xE3)
        return s[1] == 0x80 && s[2] >= 0x81 && s[2] <= 0x91;
    return s[0] >= 0xE4 && s[0] <= 0xE9 && (s[0] != 0xE4 || s[1] >= 0xB8);
}

/* A full-width form of ASCII or the ideographic space, as ASCII; 0 if it is neither. */
static unsigned char half_width(const unsigned char *s, size_t n)
{
    if (n < 3)
        return 0;
    if (s[0] == 0xE3 && s[1] == 0x80 && s[2] == 0x80)
        return ' ';
    if (s[0] != 0xEF || (s[1] != 0xBC && s[1] != 0xBD) || !tail(s[2]))
        return 0;
    int low = (s[1] & 0x3F) << 6 | (s[2] & 0x3F);           /* code point - 0xF000 */
    return low >= 0xF01 && low <= 0xF5E ? (unsigned char)(low - 0xF00 + 0x20) : 0;
}

/* Fold what needs no tables into out (s.n bytes of room); -1 at the first character that does. */
static ptrdiff_t fold_plain(Str text, char *out)
{
    const unsigned char *s = (const unsigned char *)text.s;
    size_t n = 0, step;
    bool space = false;
    for (size_t i = 0; i < text.n; i += step) {
        unsigned char c = s[i];
        step = 1;
        if (c >= 0x80 && !is_plain3(s + i, text.n - i)) {
            c = half_width(s + i, text.n - i);
            if (!c)
                return -1;
            step = 3;
        }
        if (c == ' ' || (c >= '\t' && c <= '\r')) {
            space = n > 0;
            continue;
        }
        if (space)
            out[n++] = ' ';
        space = false;
        if (c < 0x80) {
            out[n++] = (char)(c >= 'A' && c <= 'Z' ? c + 32 : c);
        } else {
            memcpy(out + n, s + i, 3);
            n += 3;
            step = 3;
        }
    }
    return (ptrdiff_t)n;
}

/* Length of the longest valid prefix, in bytes. */
static size_t valid_prefix(Str s)
{
    size_t i = 0;
    while (i < s.n) {
        int len;
        if (utf8_next(s.s + i, s.n - i, &len) == 0xFFFD && len == 1)
            break;
        i += (size_t)len;
    }
    return i;
}

/* Append s with white space squeezed; `begun` is where this text starts in out. */
static void put_squeezed(Buf *out, size_t begun, Str s, bool *space)
{
    for (size_t i = 0; i < s.n;) {
        int len;
        uint32_t cp = utf8_next(s.s + i, s.n - i, &len);
        if (is_blank(cp)) {
            *space = true;
        } else {
            if (*space && out->n > begun)
                buf_char(out, ' ');
            *space = false;
            buf_put(out, s.s + i, (size_t)len);
        }
        i += (size_t)len;
    }
}

static int class_of(utf8proc_int32_t cp)
{
    return utf8proc_get_property(cp)->combining_class;
}

/* Bring the n marks of one letter into their order, those of one class staying as they came. */
static void order_marks(utf8proc_int32_t *cp, size_t n)
{
    size_t at[256] = { 0 }, sum = 0;
    utf8proc_int32_t *as_they_came = xalloc(n * sizeof *cp);
    memcpy(as_they_came, cp, n * sizeof *cp);
    for (size_t i = 0; i < n; i++)
        at[class_of(cp[i])]++;
    for (int k = 0; k < 256; k++) {
        size_t marks = at[k];
        at[k] = sum;
        sum += marks;
    }
    for (size_t i = 0; i < n; i++)
        cp[at[class_of(as_they_came[i])]++] = as_they_came[i];
    free(as_they_came);
}

/* utf8proc_decompose in time that grows with the text alone: that swaps marks one by one, which for
 * a cell of a megabyte of them takes hours. */
static utf8proc_ssize_t decompose(Str s, utf8proc_int32_t *cp, utf8proc_ssize_t room,
                                  utf8proc_option_t how)
{
    utf8proc_ssize_t n = 0;
    int ignored = 0, len;
    for (size_t i = 0; i < s.n && n >= 0; i += (size_t)len) {
        utf8proc_int32_t one = (utf8proc_int32_t)utf8_next(s.s + i, s.n - i, &len);
        utf8proc_ssize_t got = utf8proc_decompose_char(one, n < room ? cp + n : cp,
                                                       n < room ? room - n : 0, how, &ignored);
        n = got < 0 ? got : n + got;
    }
    bool ordered = true;
    for (utf8proc_ssize_t i = 0, from = 0; n <= room && i <= n; i++) {
        int class = i < n ? class_of(cp[i]) : 0;
        ordered = ordered && (i == from || class == 0 || class >= class_of(cp[i - 1]));
        if (class > 0)
            continue;
        if (!ordered)
            order_marks(cp + from, (size_t)(i - from));
        ordered = true;
        from = i + 1;
    }
    return n;
}

/* One valid run through utf8proc: case folded, compatibility forms replaced, composed. */
static void fold_run(Buf *out, size_t begun, Str s, bool *space)
{
    const utf8proc_option_t how
        = UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE | UTF8PROC_CASEFOLD
          | UTF8PROC_IGNORE;
    utf8proc_int32_t small[FOLD_STACK], *cp = small;
    utf8proc_ssize_t n = decompose(s, cp, FOLD_STACK - 1, how);
    if (n >= FOLD_STACK) {
        cp = xalloc(((size_t)n + 1) * sizeof *cp);
        n = decompose(s, cp, n, how);
    }
    if (n >= 0)
        n = utf8proc_reencode(cp, n, how);
    if (n < 0)
        panic("utf8proc failed on valid text: %s", utf8proc_errmsg(n));
    put_squeezed(out, begun, str_n((char *)cp, (size_t)n), space);
    if (cp != small)
        free(cp);
}

void text_fold_into(Str s, Buf *out)
{
    char small[FOLD_STACK], *plain = s.n <= sizeof small ? small : xalloc(s.n);
    ptrdiff_t n = fold_plain(s, plain);
    if (n > 0)
        buf_put(out, plain, (size_t)n);
    if (plain != small)
        free(plain);
    if (n >= 0)
        return;
    size_t begun = out->n;
    bool space = false;
    while (s.n) {
        size_t valid = valid_prefix(s);
        if (valid)
            fold_run(out, begun, str_n(s.s, valid), &space);
        s = str_n(s.s + valid, s.n - valid);
        if (s.n) {
            put_squeezed(out, begun, str_n(s.s, 1), &space);
            s = str_n(s.s + 1, s.n - 1);
        }
    }
}

Str text_fold(Str s, Arena *a)
{
    Buf b = { 0 };
    text_fold_into(s, &b);
    Str folded = str_dup(buf_as_str(&b), a);
    buf_release(&b);
    return folded;
}

bool is_name_char(uint32_t cp)
{
    utf8proc_category_t c = utf8proc_category((utf8proc_int32_t)cp);
    bool full_width = cp >= 0xFF00 && cp <= 0xFFEF;
    return c >= UTF8PROC_CATEGORY_LU && c <= UTF8PROC_CATEGORY_NO && !full_width;
}

uint32_t utf8_base(uint32_t cp)
{
    utf8proc_int32_t parts[8];
    int class = 0;
    bool lettered = (cp >= 0xC0 && cp < 0x530) || (cp >= 0x1E00 && cp < 0x2000);
    if (!lettered)
        return cp;
    utf8proc_ssize_t n = utf8proc_decompose_char((utf8proc_int32_t)cp, parts, 8,
                                                 UTF8PROC_DECOMPOSE, &class);
    return n > 0 && n <= 8 ? (uint32_t)parts[0] : cp;
}

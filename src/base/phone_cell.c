/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone_cell.c -- a typed cell taken apart into numbers.
 *
 * Works on a folded copy of the cell, one char for each character: ASCII as it is, full-width and
 * look-alike characters as the ASCII they mean, any other letter as PHONE_WORD; every place of the
 * copy knows its bytes in the cell, so that raw text and labels are parts of what was typed.
 * It knows how people write, not which numbers exist: that is phone_normalise()'s affair.
 */
#include "base/phone_cell.h"

#include "base/unicode.h"

enum {
    WHOLE = 7,                  /* digits of a number that can stand alone; less is a part of one */
    WHOLE_ABROAD = 9,           /* the same with a calling code */
    SHORT = 5,                  /* digits of a service number such as 95588 */
    LONGEST = 15                /* digits of the longest number: more are two numbers */
};

typedef PhoneRange Range;

/* ---- folding --------------------------------------------------------------------------------- */

static const struct { uint32_t from, to; char c; } folded[] = {
    { 0x09, 0x09, ' ' }, { 0x0B, 0x0C, ' ' }, { 0x0D, 0x0D, '\n' }, { 0x85, 0x85, '\n' },
    { 0xA0, 0xA0, ' ' }, { 0xAD, 0xAD, 0 }, { 0xB7, 0xB7, '.' }, { 0x1680, 0x1680, ' ' },
    { 0x2000, 0x200A, ' ' }, { 0x200B, 0x200F, 0 }, { 0x2010, 0x2015, '-' },
    { 0x2018, 0x201B, '\'' }, { 0x201C, 0x201F, '"' }, { 0x2022, 0x2022, ' ' },
    { 0x2028, 0x2029, '\n' }, { 0x202A, 0x202E, 0 }, { 0x202F, 0x202F, ' ' },
    { 0x205F, 0x205F, ' ' }, { 0x2060, 0x2069, 0 }, { 0x2212, 0x2212, '-' },
    { 0x2215, 0x2215, '/' }, { 0x223C, 0x223C, '~' }, { 0x3000, 0x3000, ' ' },
    { 0x3001, 0x3001, '/' }, { 0x3002, 0x3002, '.' }, { 0x3008, 0x3008, '(' },
    { 0x3009, 0x3009, ')' }, { 0x3010, 0x3010, '(' }, { 0x3011, 0x3011, ')' },
    { 0x30FC, 0x30FC, '-' }, { 0xFE58, 0xFE58, '-' }, { 0xFE63, 0xFE63, '-' },
    { 0xFEFF, 0xFEFF, 0 },
};

/* The first digit of other scripts' rows of ten: Arabic, Persian, Devanagari, Bengali, Thai. */
static const uint32_t digit_rows[] = { 0x660, 0x6F0, 0x966, 0x9E6, 0xE50 };

static char fold_rare(uint32_t cp)
{
    if (cp >= 0xFF01 && cp <= 0xFF5E)
        return (char)(cp - 0xFF01 + '!');
    for (size_t i = 0; i < sizeof digit_rows / sizeof *digit_rows; i++)
        if (cp >= digit_rows[i] && cp < digit_rows[i] + 10)
            return (char)('0' + cp - digit_rows[i]);
    for (size_t i = 0; i < sizeof folded / sizeof *folded; i++)
        if (cp >= folded[i].from && cp <= folded[i].to)
            return folded[i].c;
    return cp < 0x20 || cp == 0x7F ? ' ' : PHONE_WORD;
}

static bool fold(PhoneCell *k, Str text)
{
    k->text = text;
    k->n = 0;
    for (size_t i = 0; i < text.n;) {
        unsigned char b = (unsigned char)text.s[i];
        int len = 1;
        char c = (char)b;
        if (k->n == PHONE_CELL_PLACES)
            return false;
        if (b >= 0x7F || (b < 0x20 && b != '\n'))
            c = fold_rare(b < 0x80 ? b : utf8_next(text.s + i, text.n - i, &len));
        if (c == '[' || c == '<' || c == '{')
            c = '(';
        if (c == ']' || c == '>' || c == '}')
            c = ')';
        if (c == '_')
            c = '-';
        if (c) {
            k->at[k->n] = (uint16_t)i;
            k->c[k->n++] = c;
        }
        i += (size_t)len;
    }
    k->at[k->n] = (uint16_t)text.n;
    for (int i = 1; i + 1 < k->n; i++)                     /* 138o0138000 */
        if ((k->c[i] | 0x20) == 'o' && phone_is_digit(k->c[i - 1]) && phone_is_digit(k->c[i + 1]))
            k->c[i] = '0';
    return true;
}

/* ---- looking at a range ---------------------------------------------------------------------- */

int phone_cell_digits(const PhoneCell *k, PhoneRange r)
{
    int n = 0;
    for (int i = r.from; i < r.to; i++)
        n += phone_is_digit(k->c[i]);
    return n;
}

PhoneRange phone_cell_trim(const PhoneCell *k, PhoneRange r)
{
    while (r.from < r.to && phone_is_space(k->c[r.from]))
        r.from++;
    while (r.to > r.from && phone_is_space(k->c[r.to - 1]))
        r.to--;
    return r;
}

Str phone_cell_typed(const PhoneCell *k, PhoneRange r)
{
    return str_trim(str_n(k->text.s + k->at[r.from], (size_t)(k->at[r.to] - k->at[r.from])));
}

int phone_cell_letters_end(const PhoneCell *k, int i, int to)
{
    while (i < to && phone_is_letter(k->c[i]))
        i++;
    return i;
}

Str phone_cell_letters(const PhoneCell *k, PhoneRange r, char *out, size_t size)
{
    size_t n = 0;
    for (int i = r.from; i < r.to && n + 4 < size; i++) {
        if (phone_is_latin(k->c[i])) {
            out[n++] = (char)(k->c[i] | 0x20);
        } else if (k->c[i] == PHONE_WORD) {
            size_t len = (size_t)(k->at[i + 1] - k->at[i]);
            len = len < 4 ? len : 4;
            memcpy(out + n, k->text.s + k->at[i], len);
            n += len;
        }
    }
    out[n] = 0;
    return str_n(out, n);
}

static bool is_word(const PhoneCell *k, Range r, const char *const *words)
{
    char text[64];
    Str s = phone_cell_letters(k, r, text, sizeof text);
    for (; *words; words++)
        if (str_is(s, *words))
            return true;
    return false;
}

static const char *const or_words[] = {
    "或", "或者", "和", "or", "and", "und", "oder", "ou", NULL
};

/* ---- several numbers ------------------------------------------------------------------------- */

static bool is_whole(const PhoneCell *k, Range r, int least)
{
    r = phone_cell_trim(k, r);
    while (r.from < r.to && k->c[r.from] != '+' && !phone_is_digit(k->c[r.from]))
        r.from++;
    bool abroad = r.from < r.to &&
        (k->c[r.from] == '+' || (k->c[r.from] == '0' && k->c[r.from + 1] == '0'));
    return phone_cell_digits(k, r) >= (abroad && least == WHOLE ? WHOLE_ABROAD : least);
}

/* Is there a separator at i? Its length, or 0. `weak` ones also stand inside numbers. */
static int separator(const PhoneCell *k, int i, int to, bool *weak)
{
    char c = k->c[i];
    *weak = c == '/' || c == '\\' || c == ',';
    if (*weak || c == '\n' || c == ';' || c == '|' || c == '&')
        return 1;
    if (phone_is_letter(c) && (i == 0 || !phone_is_letter(k->c[i - 1]))) {
        int end = phone_cell_letters_end(k, i, to);
        if (is_word(k, (Range){ i, end }, or_words))
            return end - i;
    }
    return 0;
}

static int next_separator(const PhoneCell *k, int i, int to, bool weak_too)
{
    for (bool weak; i < to; i++)
        if (separator(k, i, to, &weak) && (weak_too || !weak))
            break;
    return i;
}

/* "/18" and "/7718" after a whole number: other last digits of it; three would be an extension.
 * Returns the end of the digits, or 0. */
static int tail_end(const PhoneCell *k, int sep, int to)
{
    int i = sep + 1, before = sep;
    bool weak;
    while (i < to && phone_is_digit(k->c[i]))
        i++;
    while (before > 0 && phone_is_digit(k->c[before - 1]))
        before--;
    int n = i - sep - 1, run = sep - before;
    bool ends = i == to || separator(k, i, to, &weak);
    return k->c[sep] == '/' && ends && (n == 1 || n == 2 || (n == 4 && run >= WHOLE)) ? i : 0;
}

/* Where the extension of a number begins, or `to`. */
static int extension_at(const PhoneCell *k, Range r)
{
    char text[64];
    for (int i = r.from; i < r.to; i++) {
        if (!phone_is_letter(k->c[i]))
            continue;
        int end = phone_cell_letters_end(k, i, r.to);
        if (phone_is_extension_word(phone_cell_letters(k, (Range){ i, end }, text, sizeof text)))
            return i;
        i = end - 1;
    }
    return r.to;
}

/* Where there is no room the last piece goes on to the end of it. */
static int add_piece(PhonePiece *out, int n, int max, PhonePiece piece)
{
    if (n < max) {
        out[n] = piece;
        return n + 1;
    }
    out[n - 1] = (PhonePiece){ { out[n - 1].r.from, piece.r.to }, .rest = true };
    return n;
}

/* Cut where both sides are whole numbers. */
static int cut_separators(const PhoneCell *k, Range all, PhonePiece *out, int max)
{
    int n = 0, from = all.from;
    for (int i = from; i < all.to; i++) {
        bool weak;
        int len = separator(k, i, all.to, &weak);
        if (!len)
            continue;
        int least = weak ? WHOLE : SHORT, tail;
        Range left = { from, i };
        Range right = { i + len, next_separator(k, i + len, all.to, weak) };
        if (!is_whole(k, left, least))
            continue;
        if (phone_cell_digits(k, right) >= (weak ? WHOLE - 1 : SHORT)) {
            n = add_piece(out, n, max, (PhonePiece){ left });
            from = i + len;
            i = from - 1;
        } else if ((tail = tail_end(k, i, all.to)) && phone_is_digit(k->c[i - 1])) {
            n = add_piece(out, n, max, (PhonePiece){ left });
            for (; tail; i = tail, tail = i < all.to ? tail_end(k, i, all.to) : 0)
                n = add_piece(out, n, max, (PhonePiece){ { i + 1, tail }, .tail = true });
            from = i < all.to ? i + 1 : i;
            i = from - 1;
        }
    }
    if (from < all.to || !n)
        n = add_piece(out, n, max, (PhonePiece){ { from, all.to } });
    return n;
}

/* Whole without what follows 转 or ext. */
static bool is_whole_itself(const PhoneCell *k, Range r)
{
    return is_whole(k, (Range){ r.from, extension_at(k, r) }, WHOLE);
}

/* Two numbers with only a word or blanks between them: cut before the word if words come first
 * ("手机13800138000 电话021-58307717"), else after it ("13800138000 王芳 13900139000 李雷"). */
static int cut_plain(const PhoneCell *k, PhonePiece all, PhonePiece *out, int n, int max)
{
    Range r = phone_cell_trim(k, all.r);
    bool words_first = r.from < r.to && phone_is_letter(k->c[r.from]);
    int from = r.from, marked = -1;               /* marked: end of 转 or ext, no place to cut */
    for (int i = from; i < r.to; i++) {
        bool word = phone_is_letter(k->c[i]);
        if (!word && !phone_is_space(k->c[i]))
            continue;
        int end = i;
        while (end < r.to && (word ? phone_is_letter(k->c[end]) : phone_is_space(k->c[end])))
            end++;
        int at = word && !words_first ? end : i;
        bool extension = word ? extension_at(k, (Range){ i, end }) == i : i == marked;
        if (extension)
            marked = end;
        bool word_next = !word && end < r.to && phone_is_letter(k->c[end]) && !words_first;
        if (!extension && !word_next && is_whole_itself(k, (Range){ from, i })
            && is_whole_itself(k, (Range){ end, r.to })) {
            n = add_piece(out, n, max, (PhonePiece){ { from, at } });
            from = at;
        }
        i = end - 1;
    }
    return add_piece(out, n, max, (PhonePiece){ { from, r.to } });
}

int phone_cell_pieces(PhoneCell *k, Str cell, PhonePiece *out, int max)
{
    PhonePiece cut[PHONE_CELL_MAX];
    if (!fold(k, cell))
        return -1;
    Range all = phone_cell_trim(k, (Range){ 0, k->n });
    if (all.from == all.to)
        return 0;
    int n = 0, m = cut_separators(k, all, cut, PHONE_CELL_MAX);
    for (int i = 0; i < m; i++) {
        if (phone_cell_digits(k, cut[i].r) > LONGEST && !cut[i].rest)
            n = cut_plain(k, cut[i], out, n, max);
        else
            n = add_piece(out, n, max, cut[i]);
    }
    return n;
}

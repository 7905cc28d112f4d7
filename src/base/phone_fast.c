/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone_fast.c -- Chinese and North American numbers, read without the plugin.
 *
 * A number is brought to its national digits by the dialling habits written out below; two automata
 * from phone_table.py then tell country, kind and validity in one step a digit.
 */
#include "base/phone_fast.h"

#include "base/phone_table.inc"

enum { DIGITS_MAX = 18 };                 /* 0086 and a national number with its 0, rounded up */

typedef struct Digits { const char *d; int n; } Digits;

static bool starts(Digits x, const char *prefix)
{
    int n = (int)strlen(prefix);
    return x.n > n && memcmp(x.d, prefix, (size_t)n) == 0;
}

static Digits after(Digits x, int n)
{
    return (Digits){ x.d + n, x.n - n };
}

static void answer(const char *code, Digits national, PhoneClass is, Phone *out)
{
    char *p = out->e164;
    *p++ = '+';
    while (*code)
        *p++ = *code++;
    memcpy(p, national.d, (size_t)national.n);
    p[national.n] = 0;
    memcpy(out->country, is.country, sizeof out->country);
    out->kind = (PhoneKind)is.kind;
    out->valid = is.kind != PHONE_KIND_UNKNOWN ? PHONE_VALID_YES : PHONE_VALID_NO;
    out->status = PHONE_OK;
}

static PhoneClass china_class(Digits x)
{
    int at = cn_start;
    for (int i = 0; i < x.n; i++)
        at = cn_state[at].next[x.d[i] - '0'];
    return cn_class[cn_state[at].class];
}

/* National digits, no 0 before them.  `sure`: they can be nothing else, so they are answered even
 * if not valid; of other invalid ones libphonenumber may make something else. */
static bool china(Digits national, bool sure, Phone *out)
{
    PhoneClass is = china_class(national);
    if (is.kind == PHONE_KIND_UNKNOWN) {
        if (!sure || national.d[0] == '0' || national.n < 7 || national.n > 12)
            return false;
        memcpy(is.country, "CN", sizeof is.country);
    }
    answer("86", national, is, out);
    return true;
}

/* Eleven digits from 13 to 19 can only be a mobile number, valid or not, except 179: that is how
 * the codes of long-distance carriers begin. */
static bool looks_mobile(Digits x)
{
    return x.n == 11 && x.d[0] == '1' && x.d[1] >= '3' && !(x.d[1] == '7' && x.d[2] == '9');
}

static bool north_america(Digits national, Phone *out)
{
    if (national.n != 10 || national.d[0] < '2')
        return false;
    int at = nanp_start;
    for (int i = 0; i < 10; i++)
        at = nanp_state[at].next[national.d[i] - '0'];
    PhoneClass is = nanp_class[nanp_state[at].class];
    if (!is.country[0])
        memcpy(is.country, "US", sizeof is.country);
    answer("1", national, is, out);
    return true;
}

/* Digits that begin with a calling code. */
static bool abroad(Digits x, Phone *out)
{
    if (starts(x, "860"))                                   /* +86 (0)21 ... */
        return china(after(x, 3), true, out);
    if (starts(x, "86"))
        return china(after(x, 2), x.d[2] != '1' || looks_mobile(after(x, 2)), out);
    return x.d[0] == '1' && north_america(after(x, 1), out);
}

/* Typed in China: 0 before an area code (and, by habit, before a mobile number), 00 before a
 * calling code, a carrier's five digits (17951, 12593) before a long-distance or mobile number. */
static bool from_china(Digits x, Phone *out)
{
    if (looks_mobile(x))
        return china(x, true, out);
    if (starts(x, "00"))
        return abroad(after(x, 2), out);
    if (starts(x, "0"))
        return china(after(x, 1), true, out);
    if (starts(x, "86") && x.n >= 12)                       /* only the + is missing */
        return china(after(x, 2 + (x.d[2] == '0')), looks_mobile(after(x, 2)), out);
    if (x.n >= 15 && (starts(x, "11") || starts(x, "12") || starts(x, "179")))
        return china(after(x, 5), false, out);
    return china(x, false, out);
}

static bool from_north_america(Digits x, Phone *out)
{
    if (x.n == 10)
        return north_america(x, out);
    if (x.n == 11 && x.d[0] == '1')
        return north_america(after(x, 1), out);
    return starts(x, "011") && abroad(after(x, 3), out);
}

/* "(212) 555-0142": nobody in China writes an area code without its 0 in brackets. */
static bool looks_american(Str s)
{
    static const char shape[] = "(###) ###-####";
    size_t i = 0;
    for (const char *p = shape; *p; p++) {
        char c = i < s.n ? s.s[i] : 0;
        if (*p == ' ' && c != ' ')
            continue;
        if (*p == '#' ? c < '0' || c > '9' : c != *p)
            return false;
        i++;
    }
    return i == s.n;
}

/* The digits of plain text into d; -1 when it holds anything that needs more thought. */
static int plain_digits(Str s, char d[static DIGITS_MAX], bool *plus)
{
    int n = 0;
    *plus = false;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        if (c >= '0' && c <= '9') {
            if (n == DIGITS_MAX)
                return -1;
            d[n++] = c;
        } else if (c == '+') {
            if (n || *plus)
                return -1;
            *plus = true;
        } else if (c != ' ' && c != '-' && c != '(' && c != ')' && c != '.') {
            return -1;
        }
    }
    return n;
}

static bool region_is(const char *region, const char *two)
{
    return region[0] == two[0] && region[1] == two[1];
}

bool phone_fast(Str number, const char *region, Phone *out)
{
    char d[DIGITS_MAX];
    bool plus;
    int n = plain_digits(number, d, &plus);
    if (n < 7)
        return false;
    Digits x = { d, n };
    if (plus)
        return abroad(x, out);
    if (region_is(region, "CN")) {
        if (number.s[0] == '(' && looks_american(number) && from_north_america(x, out) &&
            out->valid == PHONE_VALID_YES)
            return true;
        return from_china(x, out);
    }
    if (region_is(region, "US") || region_is(region, "CA"))
        return from_north_america(x, out);
    return false;
}

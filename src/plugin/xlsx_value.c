/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx_value.c -- numbers of cells as text, by the number format of the cell (ECMA-376 part 1,
 * 18.8.30 and 18.17.4).
 *
 * A number is a day when its format shows a day.  Digits are never lost: whole numbers up to 2^53
 * are written out, others with as few digits as give the same number again.
 */
#include "plugin/xlsx_value.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/date.h"

#define EXACT 9007199254740992.0       /* 2^53 */
#define DAYS_MAX 2958466               /* 10000-01-01 */

/* ---- formats --------------------------------------------------------------------------------- */

XlsxShow xlsx_show_builtin(int id)
{
    if (id == 46)
        return (XlsxShow){ SHOW_SPAN, 0 };
    if ((id >= 18 && id <= 21) || id == 45 || id == 47 || (id >= 32 && id <= 35) || id == 55
        || id == 56)
        return (XlsxShow){ SHOW_TIME, 0 };
    if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 50 && id <= 58)
        || (id >= 71 && id <= 81))
        return (XlsxShow){ SHOW_DAY, 0 };
    return (XlsxShow){ SHOW_NUMBER, 0 };
}

static bool only_zeros(const char *code, uint8_t *zeros)
{
    size_t n = strspn(code, "0");
    *zeros = (uint8_t)(n > 1 && n < 32 && (code[n] == '\0' || code[n] == ';') ? n : 0);
    return *zeros > 0;
}

/* Past what stands in [ ]: a colour, a locale, or a span as [h]. */
static const char *bracket(const char *s, bool *span)
{
    const char *end = strchr(s, ']');
    *span |= s[1] && strspn(s + 1, "hHmMsS") == (end ? (size_t)(end - s - 1) : 0) && end > s + 1;
    return end ? end : s + strlen(s) - 1;
}

XlsxShow xlsx_show_code(const char *code)
{
    bool span = false, day = false, clock = false, month = false;
    XlsxShow show = { SHOW_NUMBER, 0 };
    if (strncasecmp(code, "general", 7) == 0 || only_zeros(code, &show.zeros))
        return show;
    for (const char *s = code; *s && *s != ';'; s++) {
        if (*s == '"') {
            const char *end = strchr(s + 1, '"');
            s = end ? end : s + strlen(s) - 1;
        } else if (*s == '\\' || *s == '_' || *s == '*') {
            s += s[1] != '\0';
        } else if (*s == '[') {
            s = bracket(s, &span);
        } else {
            day |= strchr("yYdD", *s) != NULL;
            clock |= strchr("hHsS", *s) != NULL;
            month |= strchr("mM", *s) != NULL;
        }
    }
    show.as = span              ? SHOW_SPAN
              : day             ? SHOW_DAY
              : clock           ? SHOW_TIME
              : month           ? SHOW_DAY
                                : SHOW_NUMBER;
    return show;
}

/* ---- days ------------------------------------------------------------------------------------ */

/* Day 60 of 1900 is a day that never was (Lotus took 1900 for a leap year, and all followed). */
static bool day_of(int64_t serial, bool from_1904, int64_t *day)
{
    if (from_1904)
        *day = day_number(1904, 1, 1) + serial;
    else
        *day = day_number(1899, 12, serial < 60 ? 31 : 30) + serial;
    return serial >= (from_1904 ? 0 : 1) && (from_1904 || serial != 60) && serial < DAYS_MAX;
}

static void clock_write(int64_t ms, bool short_form, Buf *out)
{
    int64_t seconds = ms / 1000;
    buf_printf(out, "%02" PRId64 ":%02" PRId64, seconds / 3600, seconds / 60 % 60);
    if (!short_form || ms % 60000)
        buf_printf(out, ":%02" PRId64, seconds % 60);
    if (ms % 1000)
        buf_printf(out, ".%03" PRId64, ms % 1000);
}

/* False: no day can be made of it. */
static bool moment_write(double serial, XlsxShow show, bool from_1904, Buf *out)
{
    char text[16];
    int64_t day;
    if (!(serial >= 0 && serial < DAYS_MAX))
        return false;
    int64_t ms = llround(serial * DAY_MS), whole = ms / DAY_MS;
    ms %= DAY_MS;
    if (show.as == SHOW_SPAN) {
        clock_write(whole * DAY_MS + ms, false, out);
    } else if (show.as == SHOW_TIME && whole == 0) {
        clock_write(ms, false, out);
    } else {
        if (!day_of(whole, from_1904, &day))
            return false;
        day_write_iso(day, text);
        buf_cstr(out, text);
        if (ms) {
            buf_char(out, ' ');
            clock_write(ms, true, out);
        }
    }
    return true;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool plain_digits(Str s)
{
    size_t i = s.n && s.s[0] == '-';
    for (size_t k = i; k < s.n; k++)
        if (s.s[k] < '0' || s.s[k] > '9')
            return false;
    return s.n > i;
}

/* As few digits as give the number again, without an exponent. */
static void real_write(double v, Buf *out)
{
    char text[400];
    int digits = 15;
    do
        snprintf(text, sizeof text, "%.*e", digits - 1, v);
    while (strtod(text, NULL) != v && ++digits <= 17);
    int exponent = atoi(strchr(text, 'e') + 1);
    int places = digits - 1 - exponent;
    if (exponent < -20 || exponent > 300) {
        buf_printf(out, "%.*g", digits, v);
        return;
    }
    int n = snprintf(text, sizeof text, "%.*f", places > 0 ? places : 0, v);
    while (places > 0 && n > 1 && text[n - 1] == '0')
        n--;
    buf_put(out, text, (size_t)(n - (text[n - 1] == '.')));
}

void xlsx_number(Str digits, XlsxShow show, bool from_1904, Buf *out)
{
    char text[64], *end;
    if (digits.n >= sizeof text || digits.n == 0) {
        buf_str(out, digits);
        return;
    }
    memcpy(text, digits.s, digits.n);
    text[digits.n] = '\0';
    double v = strtod(text, &end);
    if (*end || !isfinite(v))
        buf_str(out, digits);
    else if (show.as != SHOW_NUMBER && moment_write(v, show, from_1904, out))
        return;
    else if (show.zeros && v >= 0 && v < EXACT && v == floor(v))
        buf_int(out, (int64_t)v, show.zeros);
    else if (plain_digits(digits))
        buf_str(out, digits);
    else if (v == floor(v) && fabs(v) <= EXACT)
        buf_int(out, (int64_t)v, 1);
    else
        real_write(v, out);
}

/* ---- names ----------------------------------------------------------------------------------- */

const char *xlsx_column_name(int column, char name[static COLUMN_NAME])
{
    char *p = name + COLUMN_NAME - 1;
    *p = '\0';
    for (int c = column + 1; c > 0; c = (c - 1) / 26)
        *--p = (char)('A' + (c - 1) % 26);
    return p;
}

/* ---- text ------------------------------------------------------------------------------------ */

/* What "_x000D_" stands for; -1: it is no escape. */
static int escaped(const char *s, size_t n)
{
    int v = 0;
    if (n < 7 || s[0] != '_' || s[1] != 'x' || s[6] != '_')
        return -1;
    for (int i = 2; i < 6; i++) {
        const char *digits = "0123456789ABCDEFabcdef", *at = s[i] ? strchr(digits, s[i]) : NULL;
        if (!at)
            return -1;
        v = v * 16 + (int)(at - digits) - (at - digits > 15 ? 6 : 0);
    }
    return v == 0 || (v >= 0xD800 && v < 0xE000) ? -1 : v;
}

static void utf8_put(int c, Buf *out)
{
    if (c < 0x80) {
        buf_char(out, (char)c);
    } else if (c < 0x800) {
        buf_char(out, (char)(0xC0 | c >> 6));
        buf_char(out, (char)(0x80 | (c & 0x3F)));
    } else {
        buf_char(out, (char)(0xE0 | c >> 12));
        buf_char(out, (char)(0x80 | (c >> 6 & 0x3F)));
        buf_char(out, (char)(0x80 | (c & 0x3F)));
    }
}

void xlsx_unescape(const char *s, size_t n, Buf *out)
{
    while (n) {
        const char *mark = memchr(s, '_', n);
        size_t before = mark ? (size_t)(mark - s) : n;
        buf_put(out, s, before);
        s += before;
        n -= before;
        int c = n ? escaped(s, n) : -1;
        size_t taken = c >= 0 ? 7 : n > 0;
        if (c >= 0)
            utf8_put(c, out);
        else
            buf_put(out, s, taken);
        s += taken;
        n -= taken;
    }
}

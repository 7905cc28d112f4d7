/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * date.c -- civil time and ISO 8601.
 */
#include "base/date.h"

#include <stdio.h>

static int64_t floor_div(int64_t a, int64_t b)
{
    return a / b - (a % b < 0);
}

/* ---- days --------------------------------------------------------------------------------- */

/* Howard Hinnant, "chrono-compatible low-level date algorithms": years begin in March, so that the
 * leap day is the last of its year; an era is 400 years. */
int64_t day_number(int year, int month, int day)
{
    int64_t y = (int64_t)year + floor_div(month - 1, 12);
    int m = (int)(month - 1 - 12 * floor_div(month - 1, 12)) + 1;
    y -= m <= 2;
    int64_t era = floor_div(y, 400), year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (m + (m > 2 ? -3 : 9)) + 2) / 5;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468 + day - 1;
}

void day_civil(int64_t day, int *year, int *month, int *day_of_month)
{
    day += 719468;
    int64_t era = floor_div(day, 146097), doe = day - era * 146097;
    int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), m = (5 * doy + 2) / 153;
    *day_of_month = (int)(doy - (153 * m + 2) / 5 + 1);
    *month = (int)(m < 10 ? m + 3 : m - 9);
    *year = (int)(yoe + era * 400 + (*month <= 2));
}

int day_weekday(int64_t day)
{
    return (int)(day + 3 - 7 * floor_div(day + 3, 7)) + 1;      /* 1970-01-01 was a Thursday */
}

/* n digits at *s; false if there are not n. */
static bool digits(Str *s, int n, int *out)
{
    if (s->n < (size_t)n)
        return false;
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (s->s[i] < '0' || s->s[i] > '9')
            return false;
        *out = *out * 10 + (s->s[i] - '0');
    }
    *s = str_n(s->s + n, s->n - (size_t)n);
    return true;
}

static bool skip(Str *s, char c)
{
    if (!s->n || *s->s != c)
        return false;
    *s = str_n(s->s + 1, s->n - 1);
    return true;
}

static bool read_day(Str *s, int64_t *day)
{
    int y, m, d, y2, m2, d2;
    if (!digits(s, 4, &y) || !skip(s, '-') || !digits(s, 2, &m) || !skip(s, '-')
        || !digits(s, 2, &d))
        return false;
    *day = day_number(y, m, d);
    day_civil(*day, &y2, &m2, &d2);
    return y >= 1 && y == y2 && m == m2 && d == d2;
}

bool day_parse_iso(Str s, int64_t *day)
{
    int64_t found;
    if (!read_day(&s, &found) || s.n)
        return false;
    *day = found;
    return true;
}

void day_write_iso(int64_t day, char out[static 16])
{
    int y, m, d;
    day_civil(day, &y, &m, &d);
    snprintf(out, 16, "%04d-%02d-%02d", y, m, d);
}

/* ---- times -------------------------------------------------------------------------------- */

Civil civil_at(const Zone *z, int64_t ms)
{
    int64_t local = ms + (int64_t)zone_offset(z, ms) * 1000;
    int64_t day = floor_div(local, DAY_MS);
    int rest = (int)(local - day * DAY_MS);
    Civil c = { .hour = rest / 3600000, .minute = rest / 60000 % 60, .second = rest / 1000 % 60,
                .ms = rest % 1000, .weekday = day_weekday(day) };
    day_civil(day, &c.year, &c.month, &c.day);
    c.yearday = (int)(day - day_number(c.year, 1, 1)) + 1;
    return c;
}

int64_t civil_time(const Zone *z, const Civil *c)
{
    int64_t local = day_number(c->year, c->month, c->day) * DAY_MS + c->hour * INT64_C(3600000)
                    + c->minute * INT64_C(60000) + c->second * INT64_C(1000) + c->ms;
    int64_t before = zone_offset(z, local - DAY_MS) * INT64_C(1000);
    int64_t after = zone_offset(z, local + DAY_MS) * INT64_C(1000);
    int64_t early = local - (before > after ? before : after);
    int64_t late = local - (before > after ? after : before);
    if (early + zone_offset(z, early) * INT64_C(1000) == local)
        return early;
    if (late + zone_offset(z, late) * INT64_C(1000) == local)
        return late;
    return local - before;                                     /* in a gap */
}

/* The decimal digits of v, n of them. */
static char *put_digits(char *to, int v, int n)
{
    for (int i = n - 1; i >= 0; i--, v /= 10)
        to[i] = (char)('0' + v % 10);
    return to + n;
}

void time_write_iso(int64_t ms, Buf *out)
{
    char text[40], *to = text;
    int64_t day = floor_div(ms, DAY_MS);
    int rest = (int)(ms - day * DAY_MS), y, m, d;
    day_civil(day, &y, &m, &d);
    const struct { char before; int value; } part[] = {
        { '-', m }, { '-', d }, { 'T', rest / 3600000 }, { ':', rest / 60000 % 60 },
        { ':', rest / 1000 % 60 },
    };
    buf_int(out, y, 4);
    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        *to++ = part[i].before;
        *to++ = (char)('0' + part[i].value / 10);
        *to++ = (char)('0' + part[i].value % 10);
    }
    if (rest % 1000) {
        *to++ = '.';
        to = put_digits(to, rest % 1000, 3);
    }
    *to++ = 'Z';
    buf_put(out, text, (size_t)(to - text));
}

/* HH:MM[:SS[.fff]] added to c. */
static bool read_clock(Str *s, Civil *c)
{
    if (!digits(s, 2, &c->hour) || !skip(s, ':') || !digits(s, 2, &c->minute))
        return false;
    if (skip(s, ':')) {
        if (!digits(s, 2, &c->second))
            return false;
        if (skip(s, '.')) {
            int digit, scale = 100;
            if (!digits(s, 1, &digit))
                return false;
            do {
                c->ms += digit * scale;
                scale /= 10;
            } while (digits(s, 1, &digit));
        }
    }
    return c->hour < 24 && c->minute < 60 && c->second <= 60;
}

/* Z, +08:00, +0800 or +08; *has says whether there was one. */
static bool read_offset(Str *s, bool *has, int *seconds)
{
    int h, m = 0;
    *has = true;
    *seconds = 0;
    if (skip(s, 'Z') || skip(s, 'z'))
        return true;
    bool east = skip(s, '+');
    if (!east && !skip(s, '-')) {
        *has = false;
        return true;
    }
    if (!digits(s, 2, &h))
        return false;
    skip(s, ':');
    if (s->n && !digits(s, 2, &m))
        return false;
    *seconds = (h * 3600 + m * 60) * (east ? 1 : -1);
    return h < 24 && m < 60;
}

bool time_parse_iso(Str s, const Zone *z, int64_t *ms)
{
    int64_t day;
    Civil c = { 0 };
    bool has = false;
    int offset = 0;
    if (!read_day(&s, &day))
        return false;
    day_civil(day, &c.year, &c.month, &c.day);
    if (s.n) {
        if (!skip(&s, 'T') && !skip(&s, 't') && !skip(&s, ' '))
            return false;
        if (!read_clock(&s, &c) || !read_offset(&s, &has, &offset) || s.n)
            return false;
    }
    *ms = has ? civil_time(NULL, &c) - offset * INT64_C(1000) : civil_time(z, &c);
    return true;
}

/* ---- for people --------------------------------------------------------------------------- */

void ago_write(int64_t then, int64_t now, Buf *out)
{
    static const struct { int64_t below, unit; const char *name; } scale[] = {
        { 60, 1, "s" },           { 3600, 60, "min" },           { 86400, 3600, "h" },
        { 60 * 86400, 86400, "d" }, { 730 * 86400, 30 * 86400, "mo" },
        { INT64_MAX, 365 * 86400, "y" },
    };
    int64_t span = (then < now ? now - then : then - now) / 1000;
    int i = 0;
    if (span < 10) {
        buf_cstr(out, "just now");
        return;
    }
    while (span >= scale[i].below)
        i++;
    long long n = (long long)(span / scale[i].unit);
    buf_printf(out, then < now ? "%lld %s ago" : "in %lld %s", n, scale[i].name);
}

void time_write_local(int64_t ms, const Zone *z, Buf *out)
{
    Civil c = civil_at(z, ms);
    buf_printf(out, "%04d-%02d-%02d %02d:%02d", c.year, c.month, c.day, c.hour, c.minute);
}

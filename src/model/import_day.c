/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_day.c -- days as files write them.  Whether 3/4 is in March or in April is for the whole
 * column to say.
 */
#include <stdio.h>

#include "base/date.h"
#include "model/import_row.h"

const char *const import_day_orders[] = { "dmy", "mdy", "ymd", NULL };

typedef struct Numbers { int v[3], digits[3]; char separator; } Numbers;

static bool is_separator(Str s, size_t *len)
{
    static const char *const words[] = { "-", "/", ".", "年", "月", "日", NULL };
    for (int i = 0; words[i]; i++)
        if (str_starts(s, words[i])) {
            *len = strlen(words[i]);
            return true;
        }
    return false;
}

static bool three_numbers(Str s, Numbers *out)
{
    size_t i = 0, len = 0;
    *out = (Numbers){ 0 };
    for (int k = 0; k < 3; k++) {
        while (i < s.n && s.s[i] >= '0' && s.s[i] <= '9' && out->digits[k] < 5) {
            out->v[k] = out->v[k] * 10 + (s.s[i++] - '0');
            out->digits[k]++;
        }
        if (!out->digits[k])
            return false;
        if (k == 2)
            break;
        if (!is_separator(str_n(s.s + i, s.n - i), &len))
            return false;
        out->separator = s.s[i];
        i += len;
    }
    return i == s.n || str_is(str_n(s.s + i, s.n - i), "日");
}

static bool day_of(int year, int month, int day, int64_t *out)
{
    int y, m, d;
    if (month < 1 || month > 12 || day < 1 || day > 31)
        return false;
    *out = day_number(year, month, day);
    day_civil(*out, &y, &m, &d);
    return m == month && d == day;
}

/* 1 to 12 for jan, January, SEPT ...; 0: no month. */
static int month_named(Str s)
{
    static const char *const months[] = { "january", "february", "march", "april", "may", "june",
                                          "july", "august", "september", "october", "november",
                                          "december" };
    for (int i = 0; i < 12 && s.n >= 3; i++)
        if (s.n <= strlen(months[i]) && str_eq_nocase(s, str_n(months[i], s.n)))
            return i + 1;
    return 0;
}

/* The next run of digits or of letters; what stands between runs is any of " -/.,". */
static Str next_run(Str *s)
{
    size_t from = 0, n;
    while (from < s->n && strchr(" -/.,", s->s[from]) && s->s[from])
        from++;
    bool digits = from < s->n && s->s[from] >= '0' && s->s[from] <= '9';
    for (n = from; n < s->n; n++) {
        unsigned char c = (unsigned char)s->s[n];
        if (digits ? c < '0' || c > '9' : (c | 32) < 'a' || (c | 32) > 'z')
            break;
    }
    Str run = str_n(s->s + from, n - from);
    *s = str_n(s->s + n, s->n - n);
    return run;
}

/* 1-Mar-2026, 1 March 2026, Mar 1, 2026. */
static bool named_day(Str cell, int64_t *day)
{
    Str run[3];
    int64_t d, y;
    for (int i = 0; i < 3; i++)
        run[i] = next_run(&cell);
    int first = month_named(run[0]), month = first ? first : month_named(run[1]);
    return month && cell.n == 0 && str_int(run[first ? 1 : 0], &d) && str_int(run[2], &y)
           && run[2].n == 4 && d <= 31 && day_of((int)y, month, (int)d, day);
}

enum { YEAR_PIVOT = 70 };              /* 1/3/69 is of 2069, 1/3/70 of 1970 */

static int year_of(const Numbers *n, int at)
{
    int y = n->v[at];
    return n->digits[at] > 2 ? y : y < YEAR_PIVOT ? 2000 + y : 1900 + y;
}

bool import_day(Str cell, DayOrder order, int64_t *day)
{
    Numbers n;
    DayOrder own;
    if (day_parse_iso(cell, day))
        return true;
    if (!three_numbers(cell, &n))
        return named_day(cell, day);
    if (n.digits[0] == 4)
        return day_of(n.v[0], n.v[1], n.v[2], day);
    if (!import_day_order(cell, &own))
        return false;
    if (own == DAY_ORDER_UNKNOWN)
        own = order;
    if (own == DAY_ORDER_MDY)
        return day_of(year_of(&n, 2), n.v[0], n.v[1], day);
    if (own == DAY_ORDER_YMD)
        return n.digits[2] <= 2 && day_of(year_of(&n, 0), n.v[1], n.v[2], day);
    return own == DAY_ORDER_DMY && day_of(year_of(&n, 2), n.v[1], n.v[0], day);
}

/* The part before a time of day; the whole where there is none. */
static Str before_time(Str cell)
{
    const char *colon = memchr(cell.s, ':', cell.n);
    size_t n = colon ? (size_t)(colon - cell.s) : 0;
    while (n && cell.s[n - 1] >= '0' && cell.s[n - 1] <= '9')
        n--;
    while (n && cell.s[n - 1] == ' ')
        n--;
    return n ? str_n(cell.s, n) : cell;
}

/* One of the days above, a space and a time of day. */
static bool day_and_time(Str cell, DayOrder order, const Zone *z, int64_t *ms)
{
    int64_t day;
    char text[48], iso[16];
    Error ignored = { 0 };
    Moment m;
    Str before = before_time(cell);
    if (before.n == cell.n || cell.n - before.n > 24 || !import_day(before, order, &day))
        return false;
    day_write_iso(day, iso);
    snprintf(text, sizeof text, "%s%.*s", iso, (int)(cell.n - before.n), cell.s + before.n);
    if (!moment_parse(str(text), z, 0, &m, &ignored) || m.is_day || m.from != m.to)
        return false;
    *ms = m.from;
    return true;
}

bool import_moment(Str cell, DayOrder order, const Zone *z, int64_t *ms, bool *timed)
{
    int64_t day;
    *timed = !import_day(cell, order, &day);
    if (*timed)
        return time_parse_iso(cell, z, ms) || day_and_time(cell, order, z, ms);
    Civil c = { 0 };
    day_civil(day, &c.year, &c.month, &c.day);
    *ms = civil_time(z, &c);
    return true;
}

/* Two digits for the year say nothing of themselves: 20/01/24 may be of 2020. */
bool import_day_order(Str cell, DayOrder *order)
{
    Numbers n;
    *order = DAY_ORDER_UNKNOWN;
    if (!three_numbers(before_time(cell), &n) || n.digits[0] > 2 || n.digits[1] > 2
        || (n.digits[2] != 4 && n.digits[2] > 2))
        return false;
    if (n.digits[2] <= 2)
        return true;
    if (n.separator == '.' || n.v[0] > 12) /* only Europe writes points, and the day first */
        *order = DAY_ORDER_DMY;
    else if (n.v[1] > 12)
        *order = DAY_ORDER_MDY;
    return true;
}

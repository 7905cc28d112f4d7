/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_day.c -- days as files write them.  Whether 3/4 is in March or in April is for the whole
 * column to say.
 */
#include "base/date.h"
#include "model/import_row.h"

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

bool import_day(Str cell, DayOrder order, int64_t *day)
{
    Numbers n;
    DayOrder own;
    if (day_parse_iso(cell, day))
        return true;
    if (!three_numbers(cell, &n))
        return false;
    if (n.digits[0] == 4)
        return day_of(n.v[0], n.v[1], n.v[2], day);
    if (!import_day_order(cell, &own))
        return false;
    if (own == DAY_ORDER_UNKNOWN)
        own = order;
    if (own == DAY_ORDER_MDY)
        return day_of(n.v[2], n.v[0], n.v[1], day);
    return own == DAY_ORDER_DMY && day_of(n.v[2], n.v[1], n.v[0], day);
}

bool import_day_order(Str cell, DayOrder *order)
{
    Numbers n;
    *order = DAY_ORDER_UNKNOWN;
    if (!three_numbers(cell, &n) || n.digits[2] != 4 || n.digits[0] > 2 || n.digits[1] > 2)
        return false;
    if (n.separator == '.' || n.v[0] > 12) /* only Europe writes points, and the day first */
        *order = DAY_ORDER_DMY;
    else if (n.v[1] > 12)
        *order = DAY_ORDER_MDY;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * moment.c -- the words people use for days, times and spans, in English and Chinese.
 *
 * The text is folded first (lower case, half width, single spaces), so that the tables below hold
 * one spelling each.  Each reader takes what it knows from the front of the text, or leaves it
 * alone and returns false; what is left over at the end is an error.
 */
#include "base/date.h"

#include "base/unicode.h"

typedef enum Unit { UNIT_SECOND, UNIT_MINUTE, UNIT_HOUR, UNIT_DAY, UNIT_WEEK, UNIT_MONTH,
                    UNIT_QUARTER, UNIT_YEAR } Unit;

typedef struct Reader {
    Str s;                             /* what is not yet understood */
    const Zone *zone;
    int64_t now;
    int64_t today;                     /* day number, in the zone */
} Reader;

typedef struct Name { const char *text; int value; } Name;   /* ends with {0} */

/* ---- taking things from the front --------------------------------------------------------- */

static bool take(Reader *r, const char *text)
{
    if (!str_starts(r->s, text))
        return false;
    size_t n = strlen(text);
    r->s = str_n(r->s.s + n, r->s.n - n);
    return true;
}

static bool take_space(Reader *r)
{
    return take(r, " ") || true;
}

/* The first name that fits; longer names stand before their prefixes. */
static bool take_name(Reader *r, const Name *names, int *value)
{
    for (; names->text; names++)
        if (take(r, names->text)) {
            *value = names->value;
            return true;
        }
    return false;
}

static bool is_letter(char c)
{
    return c >= 'a' && c <= 'z';
}

/* Like take_name, but the name must be the whole run of letters. */
static bool take_word(Reader *r, const Name *names, int *value)
{
    size_t n = 0;
    while (n < r->s.n && is_letter(r->s.s[n]))
        n++;
    for (; n && names->text; names++)
        if (str_is(str_n(r->s.s, n), names->text)) {
            r->s = str_n(r->s.s + n, r->s.n - n);
            *value = names->value;
            return true;
        }
    return false;
}

/* ASCII digits, at least `least` and at most `most`. */
static bool take_digits(Reader *r, int least, int most, int *out)
{
    int n = 0, v = 0;
    while ((size_t)n < r->s.n && r->s.s[n] >= '0' && r->s.s[n] <= '9')
        v = n < 9 ? v * 10 + (r->s.s[n] - '0') : v, n++;
    if (n < least || n > most)
        return false;
    r->s = str_n(r->s.s + n, r->s.n - (size_t)n);
    *out = v;
    return true;
}

static const Name chinese_digits[] = {
    { "一", 1 }, { "二", 2 }, { "两", 2 }, { "三", 3 }, { "四", 4 }, { "五", 5 },
    { "六", 6 }, { "七", 7 }, { "八", 8 }, { "九", 9 }, { NULL, 0 },
};

/* Up to six digits, or Chinese numerals up to 99. */
static bool take_number(Reader *r, int *out)
{
    int tens, ones;
    if (take_digits(r, 1, 6, out))
        return true;
    bool has = take_name(r, chinese_digits, &tens);
    if (!take(r, "十")) {
        *out = has ? tens : 0;
        return has;
    }
    *out = (has ? tens : 1) * 10;
    if (take_name(r, chinese_digits, &ones))
        *out += ones;
    return true;
}

/* ---- calendar ----------------------------------------------------------------------------- */

static int64_t midnight(const Reader *r, int64_t day)
{
    Civil c = { 0 };
    day_civil(day, &c.year, &c.month, &c.day);
    return civil_time(r->zone, &c);
}

static int64_t add_months(int64_t day, int64_t months)
{
    int y, m, d;
    day_civil(day, &y, &m, &d);
    int64_t first = day_number(y, m + (int)months, 1), next = day_number(y, m + (int)months + 1, 1);
    return first + d - 1 < next ? first + d - 1 : next - 1;
}

static int64_t add_unit(int64_t day, Unit unit, int64_t n)
{
    switch (unit) {
    case UNIT_WEEK:
        return day + 7 * n;
    case UNIT_MONTH:
        return add_months(day, n);
    case UNIT_QUARTER:
        return add_months(day, 3 * n);
    case UNIT_YEAR:
        return add_months(day, 12 * n);
    default:
        return day + n;
    }
}

/* First day of the week, month, quarter or year that holds the day. */
static int64_t unit_start(int64_t day, Unit unit)
{
    int y, m, d;
    day_civil(day, &y, &m, &d);
    switch (unit) {
    case UNIT_WEEK:
        return day - day_weekday(day) + 1;
    case UNIT_MONTH:
        return day - d + 1;
    case UNIT_QUARTER:
        return day_number(y, (m - 1) / 3 * 3 + 1, 1);
    case UNIT_YEAR:
        return day_number(y, 1, 1);
    default:
        return day;
    }
}

static bool valid_day(int y, int m, int d, int64_t *day)
{
    int y2, m2, d2;
    *day = day_number(y, m, d);
    day_civil(*day, &y2, &m2, &d2);
    return y >= 1 && y == y2 && m == m2 && d == d2;
}

/* ---- spans -------------------------------------------------------------------------------- */

static const Name which[] = {
    { "this", 0 }, { "last", -1 }, { "next", 1 }, { NULL, 0 },
};
static const Name span_units[] = {
    { "week", UNIT_WEEK }, { "month", UNIT_MONTH }, { "quarter", UNIT_QUARTER },
    { "year", UNIT_YEAR }, { NULL, 0 },
};
static const Name chinese_which[] = {
    { "本", 0 }, { "这个", 0 }, { "这", 0 }, { "上个", -1 }, { "上", -1 }, { "下个", 1 },
    { "下", 1 }, { NULL, 0 },
};
static const Name chinese_units[] = {
    { "周", UNIT_WEEK }, { "星期", UNIT_WEEK }, { "礼拜", UNIT_WEEK }, { "月", UNIT_MONTH },
    { "季度", UNIT_QUARTER }, { NULL, 0 },
};
static const Name chinese_years[] = {
    { "今年", 0 }, { "去年", -1 }, { "明年", 1 }, { "前年", -2 }, { "后年", 2 }, { NULL, 0 },
};

static bool span_words(Reader *r, Unit *unit, int64_t *start)
{
    int n, u;
    if (take_word(r, which, &n) && (take(r, "-") || take(r, " ") || take(r, "_"))
        && take_word(r, span_units, &u)) {
        *unit = (Unit)u;
    } else if (take_name(r, chinese_years, &n)) {
        *unit = UNIT_YEAR;
    } else if (take_name(r, chinese_which, &n) && take_name(r, chinese_units, &u)) {
        *unit = (Unit)u;
    } else {
        return false;
    }
    *start = add_unit(unit_start(r->today, *unit), *unit, n);
    return true;
}

/* 2026, 2026-Q3, 2026-03, 2026年, 2026年3月. */
static bool span_numbers(Reader *r, Unit *unit, int64_t *start)
{
    int year, n;
    if (!take_digits(r, 4, 4, &year) || year < 1900 || year > 2199)
        return false;
    *unit = UNIT_YEAR;
    *start = day_number(year, 1, 1);
    if (!r->s.n)
        return true;
    bool chinese = take(r, "年");
    if (chinese && !r->s.n)
        return true;
    if (!chinese && !take(r, "-") && !take(r, "/"))
        take_space(r);
    if (take(r, "q") || take(r, "第")) {
        *unit = UNIT_QUARTER;
        if (!take_number(r, &n) || n < 1 || n > 4)
            return false;
        take(r, "季度");
        *start = day_number(year, 3 * n - 2, 1);
        return true;
    }
    *unit = UNIT_MONTH;
    if (!take_digits(r, 1, 2, &n) || n < 1 || n > 12 || (chinese && !take(r, "月")))
        return false;
    *start = day_number(year, n, 1);
    return true;
}

static bool read_span(Reader *r, Moment *out)
{
    Reader begun = *r;
    Unit unit;
    int64_t start;
    if (!(span_words(r, &unit, &start) && !r->s.n)) {
        *r = begun;
        if (!(span_numbers(r, &unit, &start) && !r->s.n)) {
            *r = begun;
            return false;
        }
    }
    *out = (Moment){ .from = midnight(r, start), .to = midnight(r, add_unit(start, unit, 1)) };
    return true;
}

/* ---- so long from now --------------------------------------------------------------------- */

static const Name units[] = {
    { "s", UNIT_SECOND }, { "sec", UNIT_SECOND }, { "secs", UNIT_SECOND },
    { "second", UNIT_SECOND }, { "seconds", UNIT_SECOND },
    { "min", UNIT_MINUTE }, { "mins", UNIT_MINUTE }, { "minute", UNIT_MINUTE },
    { "minutes", UNIT_MINUTE }, { "h", UNIT_HOUR }, { "hr", UNIT_HOUR }, { "hour", UNIT_HOUR },
    { "hours", UNIT_HOUR }, { "d", UNIT_DAY }, { "day", UNIT_DAY }, { "days", UNIT_DAY },
    { "w", UNIT_WEEK }, { "week", UNIT_WEEK }, { "weeks", UNIT_WEEK }, { "mo", UNIT_MONTH },
    { "month", UNIT_MONTH }, { "months", UNIT_MONTH }, { "y", UNIT_YEAR }, { "year", UNIT_YEAR },
    { "years", UNIT_YEAR }, { NULL, 0 },
};
static const Name chinese_lengths[] = {
    { "秒钟", UNIT_SECOND }, { "秒", UNIT_SECOND }, { "分钟", UNIT_MINUTE }, { "分", UNIT_MINUTE },
    { "个小时", UNIT_HOUR }, { "小时", UNIT_HOUR }, { "天", UNIT_DAY }, { "日", UNIT_DAY },
    { "周", UNIT_WEEK }, { "个星期", UNIT_WEEK }, { "星期", UNIT_WEEK }, { "个礼拜", UNIT_WEEK },
    { "个月", UNIT_MONTH }, { "月", UNIT_MONTH }, { "年", UNIT_YEAR }, { NULL, 0 },
};
static const Name chinese_ways[] = {
    { "以后", 1 }, { "之后", 1 }, { "后", 1 }, { "以前", -1 }, { "之前", -1 }, { "前", -1 },
    { NULL, 0 },
};

static const int64_t unit_ms[] = { [UNIT_SECOND] = 1000, [UNIT_MINUTE] = 60000,
                                   [UNIT_HOUR] = 3600000 };

/* "+2d", "-1h30min", "3天后"; *exact when the unit is shorter than a day, then *ms is set, else
 * *day. */
static bool read_relative(Reader *r, bool *exact, int64_t *day, int64_t *ms)
{
    Reader begun = *r;
    int n, unit, way = take(r, "+") ? 1 : take(r, "-") ? -1 : 0;
    int64_t length = 0, days = r->today;
    bool any = false;
    *exact = false;
    for (;; any = true) {
        take_space(r);
        bool half = !way && take(r, "半");
        if (!half && !take_number(r, &n))
            break;
        take_space(r);
        if (way ? !take_word(r, units, &unit) : !take_name(r, chinese_lengths, &unit))
            goto no;
        if (any && !*exact)
            goto no;                       /* days do not mix with others */
        *exact = unit <= UNIT_HOUR;
        if (half && unit != UNIT_HOUR)
            goto no;
        if (*exact)
            length += half ? unit_ms[unit] / 2 : n * unit_ms[unit];
        else if (any)
            goto no;
        else
            days = n;
    }
    if (!any || (!way && !take_name(r, chinese_ways, &way)))
        goto no;
    *ms = r->now + way * length;
    if (!*exact)
        *day = add_unit(r->today, (Unit)unit, way * days);
    return true;
no:
    *r = begun;
    return false;
}

/* ---- days --------------------------------------------------------------------------------- */

static const Name day_words[] = {
    { "today", 0 }, { "tomorrow", 1 }, { "yesterday", -1 }, { NULL, 0 },
};
static const Name chinese_day_words[] = {
    { "今天", 0 },  { "今日", 0 },  { "明天", 1 },   { "明日", 1 },  { "大后天", 3 },
    { "后天", 2 },  { "昨天", -1 }, { "昨日", -1 },  { "大前天", -3 }, { "前天", -2 },
    { "今晚", 0 },  { "明早", 1 },  { NULL, 0 },
};
static const Name weekdays[] = {
    { "mon", 1 }, { "monday", 1 }, { "tue", 2 }, { "tues", 2 }, { "tuesday", 2 }, { "wed", 3 },
    { "wednesday", 3 }, { "thu", 4 }, { "thur", 4 }, { "thurs", 4 }, { "thursday", 4 },
    { "fri", 5 }, { "friday", 5 }, { "sat", 6 }, { "saturday", 6 }, { "sun", 7 }, { "sunday", 7 },
    { NULL, 0 },
};
static const Name chinese_weekdays[] = {
    { "一", 1 }, { "二", 2 }, { "三", 3 }, { "四", 4 }, { "五", 5 }, { "六", 6 }, { "日", 7 },
    { "天", 7 }, { NULL, 0 },
};

/* 2026-03-01, 2026/3/1, 2026.3.1, 20260301, 2026年3月1日, 3月1日. */
static bool read_calendar_day(Reader *r, int64_t *day)
{
    Reader begun = *r;
    int y, m, d, all;
    if (take_digits(r, 8, 8, &all) && all >= 19000101 && all < 22000000
        && valid_day(all / 10000, all / 100 % 100, all % 100, day))
        return true;
    *r = begun;
    if (take_digits(r, 4, 4, &y)) {
        if (take(r, "年")) {
            if (take_digits(r, 1, 2, &m) && take(r, "月") && take_digits(r, 1, 2, &d)
                && (take(r, "日") || take(r, "号")) && valid_day(y, m, d, day))
                return true;
        } else {
            const char *mark = take(r, "-") ? "-" : take(r, "/") ? "/" : take(r, ".") ? "." : NULL;
            if (mark && take_digits(r, 1, 2, &m) && take(r, mark) && take_digits(r, 1, 2, &d)
                && valid_day(y, m, d, day))
                return true;
        }
    }
    *r = begun;
    day_civil(r->today, &y, &m, &d);
    if (take_digits(r, 1, 2, &m) && take(r, "月") && take_digits(r, 1, 2, &d)
        && (take(r, "日") || take(r, "号")) && valid_day(y, m, d, day))
        return true;
    *r = begun;
    return false;
}

/* "fri", "next friday", 周五, 下周五. */
static bool read_weekday(Reader *r, int64_t *day)
{
    Reader begun = *r;
    int week = 0, unit, n;
    bool said = take_word(r, which, &week);
    if (said)
        said = take(r, " ") || take(r, "-");
    if (take_word(r, weekdays, &n))
        goto found;
    *r = begun;
    said = take_name(r, chinese_which, &week);
    if (!said)
        week = 0;
    if (take_name(r, chinese_units, &unit) && unit == UNIT_WEEK
        && take_name(r, chinese_weekdays, &n))
        goto found;
    *r = begun;
    return false;
found:
    if (said)
        *day = unit_start(r->today, UNIT_WEEK) + 7 * week + n - 1;
    else
        *day = r->today + (n - day_weekday(r->today) + 7) % 7;
    return true;
}

static bool read_day(Reader *r, int64_t *day)
{
    int n;
    int64_t ms;
    bool exact;
    Reader begun = *r;
    if (take_word(r, day_words, &n) || take_name(r, chinese_day_words, &n)) {
        *day = r->today + n;
        return true;
    }
    if (read_calendar_day(r, day) || read_weekday(r, day))
        return true;
    if (read_relative(r, &exact, day, &ms) && !exact)
        return true;
    *r = begun;
    return false;
}

/* ---- time of day -------------------------------------------------------------------------- */

typedef enum Half { HALF_NONE, HALF_MORNING, HALF_NOON, HALF_AFTERNOON, HALF_NIGHT } Half;

static const Name chinese_halves[] = {
    { "凌晨", HALF_MORNING }, { "早上", HALF_MORNING }, { "上午", HALF_MORNING },
    { "中午", HALF_NOON }, { "下午", HALF_AFTERNOON }, { "傍晚", HALF_AFTERNOON },
    { "晚上", HALF_NIGHT }, { "晚", HALF_NIGHT }, { NULL, 0 },
};
static const Name english_halves[] = {
    { "am", HALF_MORNING }, { "pm", HALF_AFTERNOON }, { NULL, 0 },
};

/* The hour on a 24-hour clock; 24 is the midnight that ends the day. */
static bool full_hour(int hour, int half, int *out)
{
    *out = hour;
    if (half == HALF_NONE)
        return hour <= 24;
    if (hour > 12)
        return hour < 24 && half >= HALF_AFTERNOON;            /* 下午15点 is said, too */
    if (half == HALF_MORNING)
        *out = hour == 12 ? 0 : hour;
    else if (half == HALF_NOON)
        *out = hour < 10 ? hour + 12 : hour;
    else if (half == HALF_AFTERNOON)
        *out = hour < 12 ? hour + 12 : hour;
    else
        *out = hour + 12;
    return true;
}

/* What follows the hour: ":30", ":30:15", 点, 点半, 点30分; false if nothing does. */
static bool read_minutes(Reader *r, int *minute, int *second)
{
    if (take(r, ":")) {
        return take_digits(r, 2, 2, minute) && (!take(r, ":") || take_digits(r, 2, 2, second));
    }
    if (!take(r, "点钟") && !take(r, "点") && !take(r, "时"))
        return false;
    if (take(r, "半"))
        *minute = 30;
    else if (take(r, "一刻"))
        *minute = 15;
    else if (take_number(r, minute))
        take(r, "分");
    return true;
}

static bool read_clock(Reader *r, Civil *c)
{
    static const Name fixed[] = { { "noon", 12 }, { "midnight", 0 }, { NULL, 0 } };
    Reader begun = *r;
    int half = HALF_NONE, hour;
    c->minute = c->second = 0;
    if (take_word(r, fixed, &c->hour))
        return true;
    take_name(r, chinese_halves, &half);
    take_space(r);
    if (!take_number(r, &hour))
        goto no;
    bool marked = read_minutes(r, &c->minute, &c->second);
    if (half == HALF_NONE) {
        Reader before = *r;
        take_space(r);
        if (take_word(r, english_halves, &half)) {
            if (hour < 1 || hour > 12)
                goto no;
            marked = true;
        } else {
            *r = before;
        }
    }
    if (!marked || c->minute > 59 || c->second > 59 || !full_hour(hour, half, &c->hour))
        goto no;
    if (c->hour < 24 || (c->minute == 0 && c->second == 0))
        return true;
no:
    *r = begun;
    return false;
}

/* ---- the whole ---------------------------------------------------------------------------- */

static bool in_range(int64_t day)
{
    return day >= day_number(1, 1, 1) && day <= day_number(9999, 12, 31);
}

static bool exact(Moment *out, int64_t ms)
{
    *out = (Moment){ .from = ms, .to = ms };
    return true;
}

/* A day, a time, or both in either order. */
static bool read_day_and_time(Reader *r, Moment *out)
{
    int64_t day = r->today;
    Civil c = { 0 };
    bool has_time = false, has_day = read_day(r, &day);
    take_space(r);
    if (has_day && !take(r, "at "))
        take(r, "的");
    has_time = r->s.n && read_clock(r, &c);
    if (has_time && !has_day) {
        take_space(r);
        has_day = r->s.n && read_day(r, &day);
    }
    if (r->s.n || (!has_day && !has_time) || !in_range(day))
        return false;
    if (!has_time) {
        *out = (Moment){ midnight(r, day), midnight(r, day + 1), true };
        return true;
    }
    day_civil(day, &c.year, &c.month, &c.day);
    return exact(out, civil_time(r->zone, &c));
}

static bool read_moment(Reader *r, Moment *out)
{
    int64_t ms, day;
    bool is_exact;
    if (str_is(r->s, "now") || str_is(r->s, "现在"))
        return exact(out, r->now);
    if (r->s.n > 10 && time_parse_iso(r->s, r->zone, &ms))
        return exact(out, ms);
    if (read_span(r, out))
        return true;
    Reader begun = *r;
    if (read_relative(r, &is_exact, &day, &ms) && is_exact && !r->s.n)
        return exact(out, ms);
    *r = begun;
    return read_day_and_time(r, out);
}

bool moment_parse(Str s, const Zone *z, int64_t now, Moment *out, Error *err)
{
    Buf folded = { .max = 256 };
    bool ok = false;
    if (s.n <= 128) {
        text_fold_into(s, &folded);
        Civil c = civil_at(z, now);
        Reader r = { buf_as_str(&folded), z, now, day_number(c.year, c.month, c.day) };
        ok = r.s.n > 0 && read_moment(&r, out);
    }
    buf_release(&folded);
    if (ok)
        return true;
    fail(err, ERR_INVALID, "'%.*s' is not a day or a time", (int)(s.n < 60 ? s.n : 60), s.s);
    bool minutes = s.n > 1 && s.s[s.n - 1] == 'm' && (s.s[0] == '-' || s.s[0] == '+');
    return fail_hint(err, minutes ? "write min for minutes, mo for months"
                                  : "write it like 2026-03-01, tomorrow 3pm, -30d or 下周三 15:00");
}

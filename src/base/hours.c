/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hours.c -- weekly hours ("Mon-Fri 09:00-20:00") and lengths of time ("1h30m").
 */
#include "base/date.h"

#include "base/unicode.h"

typedef struct Name { const char *text; int value; } Name;   /* ends with {0} */

enum { DAY_MINUTES = 24 * 60, ALL_DAYS = 0x7F };

static bool take(Str *s, const char *text)
{
    if (!str_starts(*s, text))
        return false;
    size_t n = strlen(text);
    *s = str_n(s->s + n, s->n - n);
    return true;
}

static bool take_name(Str *s, const Name *names, int *value)
{
    for (; names->text; names++)
        if (take(s, names->text)) {
            *value = names->value;
            return true;
        }
    return false;
}

static bool take_digits(Str *s, int most, int64_t *out)
{
    int n = 0;
    for (*out = 0; s->n && *s->s >= '0' && *s->s <= '9' && n <= most; n++) {
        *out = *out * 10 + (*s->s - '0');
        *s = str_n(s->s + 1, s->n - 1);
    }
    return n > 0 && n <= most;
}

/* ---- lengths of time ---------------------------------------------------------------------- */

static const Name lengths[] = {                                /* seconds; longer spellings first */
    { "seconds", 1 }, { "second", 1 }, { "secs", 1 }, { "sec", 1 }, { "s", 1 }, { "minutes", 60 },
    { "minute", 60 }, { "mins", 60 }, { "min", 60 }, { "m", 60 }, { "hours", 3600 },
    { "hour", 3600 }, { "hrs", 3600 }, { "hr", 3600 }, { "h", 3600 }, { "days", 86400 },
    { "day", 86400 }, { "d", 86400 }, { "weeks", 604800 }, { "week", 604800 }, { "w", 604800 },
    { "秒钟", 1 }, { "秒", 1 }, { "分钟", 60 }, { "分", 60 }, { "个小时", 3600 }, { "小时", 3600 },
    { "天", 86400 }, { "周", 604800 }, { NULL, 0 },
};

/* 0:12, 1:02:03 (the leading number is free). */
static bool read_colons(Str s, int64_t *ms)
{
    int64_t a, b, c;
    if (!take_digits(&s, 6, &a) || !take(&s, ":") || s.n < 2 || !take_digits(&s, 2, &b) || b > 59)
        return false;
    if (!s.n) {
        *ms = (a * 60 + b) * 1000;
        return true;
    }
    if (!take(&s, ":") || s.n != 2 || !take_digits(&s, 2, &c) || c > 59)
        return false;
    *ms = ((a * 60 + b) * 60 + c) * 1000;
    return true;
}

/* 1h30m, 1.5h, 90. */
static bool read_units(Str s, int64_t *ms)
{
    int64_t whole, thousandths, scale;
    int seconds, last = 0;
    for (*ms = 0; s.n; take(&s, " ")) {
        if (!take_digits(&s, 9, &whole))
            return false;
        thousandths = 0;
        if (take(&s, "."))
            for (scale = 100; s.n && *s.s >= '0' && *s.s <= '9'; scale /= 10) {
                thousandths += (*s.s - '0') * scale;
                s = str_n(s.s + 1, s.n - 1);
            }
        take(&s, " ");
        if (!take_name(&s, lengths, &seconds)) {
            if (s.n || last)
                return false;
            seconds = 1;                                       /* a bare number */
        }
        if (last && seconds >= last)
            return false;                                      /* 1m2h */
        last = seconds;
        *ms += (whole * 1000 + thousandths) * seconds;
    }
    return last > 0;
}

bool duration_parse(Str s, int64_t *ms, Error *err)
{
    Buf folded = { .max = 128 };
    bool ok = false;
    if (s.n <= 60) {
        text_fold_into(s, &folded);
        ok = read_colons(buf_as_str(&folded), ms) || read_units(buf_as_str(&folded), ms);
    }
    buf_release(&folded);
    if (ok)
        return true;
    fail(err, ERR_INVALID, "'%.*s' is not a length of time", (int)(s.n < 60 ? s.n : 60), s.s);
    return fail_hint(err, "write it like 90s, 15min, 1h30m, 2d or 1:02:03");
}

/* ---- reading weekly hours ----------------------------------------------------------------- */

static const Name day_names[] = {
    { "monday", 0 }, { "mon", 0 }, { "tuesday", 1 }, { "tues", 1 }, { "tue", 1 },
    { "wednesday", 2 }, { "wed", 2 }, { "thursday", 3 }, { "thurs", 3 }, { "thur", 3 },
    { "thu", 3 }, { "friday", 4 }, { "fri", 4 }, { "saturday", 5 }, { "sat", 5 },
    { "sunday", 6 }, { "sun", 6 }, { "周一", 0 }, { "周二", 1 }, { "周三", 2 }, { "周四", 3 },
    { "周五", 4 }, { "周六", 5 }, { "周日", 6 }, { "周天", 6 }, { "星期一", 0 }, { "星期二", 1 },
    { "星期三", 2 }, { "星期四", 3 }, { "星期五", 4 }, { "星期六", 5 }, { "星期日", 6 },
    { "星期天", 6 }, { NULL, 0 },
};
static const Name day_groups[] = {
    { "daily", ALL_DAYS }, { "every day", ALL_DAYS }, { "everyday", ALL_DAYS },
    { "每天", ALL_DAYS }, { "每日", ALL_DAYS }, { "weekdays", 0x1F }, { "工作日", 0x1F },
    { "weekends", 0x60 }, { "weekend", 0x60 }, { "周末", 0x60 }, { NULL, 0 },
};

static bool take_to(Str *s)
{
    return take(s, "-") || take(s, " - ") || take(s, "–") || take(s, "~") || take(s, "至")
           || take(s, "到");
}

/* "mon-fri,sun", "daily"; days stays 0 if no day is named. */
static bool read_days(Str *s, unsigned *days)
{
    int from, to, group;
    for (*days = 0;;) {
        if (take_name(s, day_groups, &group)) {
            *days |= (unsigned)group;
        } else if (take_name(s, day_names, &from)) {
            to = from;
            if (take_to(s) && !take_name(s, day_names, &to))
                return false;
            for (int d = from;; d = (d + 1) % 7) {
                *days |= 1u << d;
                if (d == to)
                    break;
            }
        } else {
            return *days == 0;                                 /* nothing, or a comma too many */
        }
        if (!take(s, ",") && !take(s, "、"))
            return true;
        take(s, " ");
    }
}

/* 9, 09:00, 9点, 9点半. */
static bool read_minute(Str *s, int *out)
{
    int64_t hour, minute = 0;
    if (!take_digits(s, 2, &hour))
        return false;
    if (take(s, ":")) {
        if (!take_digits(s, 2, &minute))
            return false;
    } else if (take(s, "点")) {
        if (take(s, "半"))
            minute = 30;
    }
    *out = (int)(hour * 60 + minute);
    return minute < 60 && *out <= DAY_MINUTES;
}

static bool add_span(Hours *h, unsigned days, int from, int to)
{
    if (h->n == (int)(sizeof h->span / sizeof *h->span))
        return false;
    h->span[h->n].days = (uint8_t)days;
    h->span[h->n].from = (int16_t)from;
    h->span[h->n++].to = (int16_t)to;
    return true;
}

/* One part, e.g. "mon-fri 09:00-12:00 13:30-20:00". */
static bool read_part(Str s, Hours *h)
{
    unsigned days;
    int from, to, spans = 0;
    if (!read_days(&s, &days))
        return false;
    bool named = days != 0;
    days = named ? days : ALL_DAYS;
    for (take(&s, " "); s.n; take(&s, " "), spans++) {
        if (!read_minute(&s, &from) || !take_to(&s) || !read_minute(&s, &to) || from == to)
            return false;
        take(&s, ",");
        if (to > from) {
            if (!add_span(h, days, from, to))
                return false;
        } else {                                               /* past midnight */
            unsigned next = (days << 1 | days >> 6) & ALL_DAYS;
            if (!add_span(h, days, from, DAY_MINUTES) || (to && !add_span(h, next, 0, to)))
                return false;
        }
    }
    return spans > 0 || (named && add_span(h, days, 0, DAY_MINUTES));
}

static bool read_hours(Str s, Hours *h)
{
    *h = (Hours){ 0 };
    if (str_is(s, "never"))
        return true;
    if (str_is(s, "always"))
        return add_span(h, ALL_DAYS, 0, DAY_MINUTES);
    do {
        const char *end = memchr(s.s, ';', s.n);
        Str part = str_n(s.s, end ? (size_t)(end - s.s) : s.n);
        if (!read_part(str_trim(part), h))
            return false;
        s = end ? str_trim(str_n(end + 1, s.n - part.n - 1)) : str_n(NULL, 0);
    } while (s.n);
    return true;
}

bool hours_parse(Str s, Hours *out, Error *err)
{
    Buf folded = { .max = 512 };
    bool ok = false;
    if (s.n <= 250) {
        text_fold_into(s, &folded);
        ok = folded.n > 0 && read_hours(buf_as_str(&folded), out);
    }
    buf_release(&folded);
    if (ok)
        return true;
    fail(err, ERR_INVALID, "'%.*s' are not weekly hours", (int)(s.n < 80 ? s.n : 80), s.s);
    return fail_hint(err, "write them like Mon-Fri 09:00-20:00; Sat 10-16, or 周一至周五 9:00-20:00");
}

bool hours_parse_day(Str s, Hours *out, Error *err)
{
    Error ignored;
    bool ok = hours_parse(s, out, &ignored);
    for (int i = 0; ok && i < out->n; i++)
        ok = out->span[i].days == ALL_DAYS;
    if (ok)
        return true;
    fail(err, ERR_INVALID, "'%.*s' are not the hours of one day", (int)(s.n < 80 ? s.n : 80), s.s);
    return fail_hint(err, "write them like 10:00-14:00, without days of the week");
}

/* ---- asking ------------------------------------------------------------------------------- */

static const Holiday *holiday_on(const Hours *h, int64_t day)
{
    for (int i = 0; i < h->n_holidays; i++) {
        const Holiday *x = &h->holidays[i];
        if (x->day == day && (!*x->region || strcmp(x->region, h->region) == 0))
            return x;
    }
    return NULL;
}

const Holiday *hours_holiday(const Hours *h, const Zone *z, int64_t ms)
{
    if (!h->n_holidays)
        return NULL;
    Civil c = civil_at(z, ms);
    return holiday_on(h, day_number(c.year, c.month, c.day));
}

bool hours_open(const Hours *h, const Zone *z, int64_t ms)
{
    Civil c = civil_at(z, ms);
    int minute = c.hour * 60 + c.minute;
    const Holiday *holiday = hours_holiday(h, z, ms);
    if (holiday)
        h = &holiday->open;
    for (int i = 0; i < h->n; i++)
        if (h->span[i].days >> (c.weekday - 1) & 1 && minute >= h->span[i].from
            && minute < h->span[i].to)
            return true;
    return false;
}

/* Whether at a minute of a day the answer turns: not what it is `now`, and after ms. */
static bool turns(const Hours *h, const Zone *z, int64_t at, int64_t ms, bool now)
{
    return at > ms && hours_open(h, z, at) != now;
}

/* The earliest instant after ms at which a border of a span on the day, its beginning where it or
 * the day before is a holiday, or a change of the zone, may turn the answer. Minutes that the clock
 * shows twice are tried both times. */
static int64_t turn_on_day(const Hours *h, const Zone *z, int64_t day, int64_t ms, bool now)
{
    int64_t best = INT64_MAX, noon = day * DAY_MS + DAY_MS / 2;
    int64_t zones[] = { zone_offset(z, noon - DAY_MS), zone_offset(z, noon + DAY_MS) };
    const Holiday *holiday = holiday_on(h, day);
    const Hours *open = holiday ? &holiday->open : h;
    for (int i = holiday || holiday_on(h, day - 1) ? -1 : 0; i < open->n; i++) {
        if (i >= 0 && !(open->span[i].days >> (day_weekday(day) - 1) & 1))
            continue;
        for (int k = 0; k < 4; k++) {
            int minute = i < 0 ? 0 : k & 1 ? open->span[i].to : open->span[i].from;
            int64_t at = day * DAY_MS + minute * INT64_C(60000) - zones[k / 2] * 1000;
            if (at < best && turns(h, z, at, ms, now))
                best = at;
        }
    }
    return best;
}

int64_t hours_change(const Hours *h, const Zone *z, int64_t ms)
{
    Civil c = civil_at(z, ms);
    bool now = hours_open(h, z, ms);
    int64_t today = day_number(c.year, c.month, c.day), best = INT64_MAX;
    /* Two weeks: an hour of Sunday may fall into the gap of this one; and what holidays close. */
    int64_t last = today + 15 + h->n_holidays;
    if (h->n_holidays && h->holidays[h->n_holidays - 1].day + 1 > last)
        last = h->holidays[h->n_holidays - 1].day + 1;        /* open but for one of next year */
    for (int64_t day = today - 1; day <= last && best == INT64_MAX; day++)
        best = turn_on_day(h, z, day, ms, now);
    int64_t jump = zone_change(z, ms);
    if (jump < best && jump < ms + 16 * INT64_C(86400000) && hours_open(h, z, jump) != now)
        best = jump;
    return best;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Words for days, times and spans; lengths of time; weekly hours over changes of the clock.
 */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static Zones zones;

static const Zone *zone(const char *name)
{
    const Zone *z;
    Error err = { 0 };
    if (!zone_get(&zones, name, &z, &err))
        fail_msg("%s", err.msg);
    return z;
}

static int64_t at(const Zone *z, const char *s)
{
    int64_t ms;
    if (!time_parse_iso(str(s), z, &ms))
        fail_msg("%s is no time", s);
    return ms;
}

/* Now is Wednesday 2026-03-04 10:20:30 in Shanghai. `to` NULL: an exact time. */
static void check(const char *words, const char *from, const char *to)
{
    const Zone *z = zone("Asia/Shanghai");
    Moment m;
    Error err = { 0 };
    if (!moment_parse(str(words), z, at(z, "2026-03-04 10:20:30"), &m, &err))
        fail_msg("%s: %s", words, err.msg);
    if (m.from != at(z, from) || m.to != at(z, to ? to : from)) {
        Buf b = { 0 };
        time_write_local(m.from, z, &b);
        buf_cstr(&b, " - ");
        time_write_local(m.to, z, &b);
        fail_msg("%s is %s", words, b.s);
    }
    assert_int_equal(m.is_day, to && m.to - m.from == DAY_MS);
}

static void check_day(const char *words, const char *day)
{
    int64_t n;
    char next[16];
    assert_true(day_parse_iso(str(day), &n));
    day_write_iso(n + 1, next);
    check(words, day, next);
}

static void days_are_understood(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "today", "2026-03-04" }, { "Tomorrow", "2026-03-05" }, { "yesterday", "2026-03-03" },
        { "今天", "2026-03-04" }, { "明天", "2026-03-05" }, { "后天", "2026-03-06" },
        { "昨天", "2026-03-03" }, { "前天", "2026-03-02" }, { "大后天", "2026-03-07" },
        { "2026-03-01", "2026-03-01" }, { "2026/3/1", "2026-03-01" }, { "2026.3.1", "2026-03-01" },
        { "20260301", "2026-03-01" }, { "2026年3月1日", "2026-03-01" }, { "3月1号", "2026-03-01" },
        { "２０２６－０３－０１", "2026-03-01" },
        { "+2d", "2026-03-06" }, { "-30d", "2026-02-02" }, { "+2w", "2026-03-18" },
        { "-3mo", "2025-12-04" }, { "+1y", "2027-03-04" }, { "+ 3 days", "2026-03-07" },
        { "3天后", "2026-03-07" }, { "三天后", "2026-03-07" }, { "30天前", "2026-02-02" },
        { "十二天以后", "2026-03-16" }, { "2周后", "2026-03-18" }, { "两个月后", "2026-05-04" },
        { "wed", "2026-03-04" }, { "Friday", "2026-03-06" }, { "mon", "2026-03-09" },
        { "next monday", "2026-03-09" }, { "next friday", "2026-03-13" },
        { "last friday", "2026-02-27" }, { "this-monday", "2026-03-02" },
        { "周三", "2026-03-04" }, { "周一", "2026-03-09" }, { "下周三", "2026-03-11" },
        { "上周三", "2026-02-25" }, { "星期天", "2026-03-08" }, { "本周一", "2026-03-02" },
        { "下个星期日", "2026-03-15" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check_day(cases[i][0], cases[i][1]);
}

static void months_end_where_they_end(void **state)
{
    (void)state;
    Moment m;
    Error err = { 0 };
    assert_true(moment_parse(str("+1mo"), NULL, at(NULL, "2026-01-31"), &m, &err));
    assert_int_equal(m.from, at(NULL, "2026-02-28"));
    assert_true(moment_parse(str("-1y"), NULL, at(NULL, "2024-02-29"), &m, &err));
    assert_int_equal(m.from, at(NULL, "2023-02-28"));
}

static void times_are_understood(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "now", "2026-03-04 10:20:30" }, { "14:00", "2026-03-04 14:00" },
        { "3pm", "2026-03-04 15:00" }, { "12am", "2026-03-04 00:00" },
        { "12:30 pm", "2026-03-04 12:30" }, { "noon", "2026-03-04 12:00" },
        { "tomorrow 3pm", "2026-03-05 15:00" }, { "3pm tomorrow", "2026-03-05 15:00" },
        { "tomorrow at 9:05", "2026-03-05 09:05" }, { "2026-03-01 14:00", "2026-03-01 14:00" },
        { "2026-03-01T14:00:05Z", "2026-03-01T22:00:05" }, { "mon 9:30", "2026-03-09 09:30" },
        { "+4h", "2026-03-04 14:20:30" }, { "-15min", "2026-03-04 10:05:30" },
        { "+1h30min", "2026-03-04 11:50:30" }, { "2小时后", "2026-03-04 12:20:30" },
        { "半小时后", "2026-03-04 10:50:30" }, { "30分钟前", "2026-03-04 09:50:30" },
        { "下午3点", "2026-03-04 15:00" }, { "15点30分", "2026-03-04 15:30" },
        { "下午三点半", "2026-03-04 15:30" }, { "晚上8点", "2026-03-04 20:00" },
        { "晚上12点", "2026-03-05 00:00" }, { "中午12点", "2026-03-04 12:00" },
        { "上午十点一刻", "2026-03-04 10:15" }, { "凌晨12点", "2026-03-04 00:00" },
        { "下周三 15:00", "2026-03-11 15:00" }, { "下周三下午３点", "2026-03-11 15:00" },
        { "明天下午3点20分", "2026-03-05 15:20" }, { "3天后 15:00", "2026-03-07 15:00" },
        { "2026年3月9日 上午9点", "2026-03-09 09:00" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i][0], cases[i][1], NULL);
}

static void spans_are_understood(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        { "2026", "2026-01-01", "2027-01-01" }, { "2026-Q3", "2026-07-01", "2026-10-01" },
        { "2026-03", "2026-03-01", "2026-04-01" }, { "2026年3月", "2026-03-01", "2026-04-01" },
        { "2026年", "2026-01-01", "2027-01-01" }, { "this-week", "2026-03-02", "2026-03-09" },
        { "last week", "2026-02-23", "2026-03-02" }, { "next-week", "2026-03-09", "2026-03-16" },
        { "this-month", "2026-03-01", "2026-04-01" }, { "last-month", "2026-02-01", "2026-03-01" },
        { "this-quarter", "2026-01-01", "2026-04-01" },
        { "last-quarter", "2025-10-01", "2026-01-01" }, { "next-year", "2027-01-01", "2028-01-01" },
        { "本周", "2026-03-02", "2026-03-09" }, { "上周", "2026-02-23", "2026-03-02" },
        { "下周", "2026-03-09", "2026-03-16" }, { "本月", "2026-03-01", "2026-04-01" },
        { "上个月", "2026-02-01", "2026-03-01" }, { "今年", "2026-01-01", "2027-01-01" },
        { "去年", "2025-01-01", "2026-01-01" }, { "本季度", "2026-01-01", "2026-04-01" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        check(cases[i][0], cases[i][1], cases[i][2]);
}

static void the_rest_is_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "", "2026-02-30", "2d", "30", "25:00", "14:60", "13pm", "tomorow", "next", "-15m", "+2d3h",
        "2026-13", "下周八", "3天", "2026-03-01 14:00 x", "monday tuesday", "12", "+999999y", "fri9",
        "2026-03-01T14:00Zjunk", "\xFF", "0am", "sunny",
    };
    const Zone *z = zone("Asia/Shanghai");
    Moment m;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Error err = { 0 };
        if (moment_parse(str(wrong[i]), z, at(z, "2026-03-04"), &m, &err))
            fail_msg("'%s' was understood", wrong[i]);
        assert_int_equal(err.code, ERR_INVALID);
        assert_true(*err.hint);
    }
}

static void days_follow_the_clock(void **state)
{
    (void)state;
    const Zone *z = zone("Europe/Berlin");
    Moment m;
    Error err = { 0 };
    assert_true(moment_parse(str("2026-03-29"), z, at(z, "2026-03-28"), &m, &err));
    assert_int_equal(m.to - m.from, 23 * 3600000);
    assert_true(moment_parse(str("today"), z, at(z, "2026-10-25 12:00"), &m, &err));
    assert_int_equal(m.to - m.from, 25 * 3600000);
}

static void durations_are_understood(void **state)
{
    (void)state;
    static const struct { const char *s; int64_t seconds; } cases[] = {
        { "90s", 90 }, { "15m", 900 }, { "15 min", 900 }, { "2h", 7200 }, { "1d", 86400 },
        { "1h30m", 5400 }, { "1.5h", 5400 }, { "0:12", 12 }, { "1:02:03", 3723 }, { "45", 45 },
        { "15分钟", 900 }, { "2小时", 7200 }, { "1小时30分", 5400 }, { "90:00", 5400 },
    };
    static const char *const wrong[] = { "", "h", "-5", "1m2h", "1:60", "5x", "1:2", "1h:30",
                                         ":30" };
    int64_t ms;
    Error err = { 0 };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        if (!duration_parse(str(cases[i].s), &ms, &err))
            fail_msg("%s", err.msg);
        assert_int_equal(ms, cases[i].seconds * 1000);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        if (duration_parse(str(wrong[i]), &ms, &err))
            fail_msg("'%s' was understood", wrong[i]);
}

static Hours hours(const char *s)
{
    Hours h;
    Error err = { 0 };
    if (!hours_parse(str(s), &h, &err))
        fail_msg("%s", err.msg);
    return h;
}

static void hours_are_understood(void **state)
{
    (void)state;
    static const struct { const char *hours, *when; bool open; } cases[] = {
        { "Mon-Fri 09:00-20:00", "2026-03-04 09:00", true },
        { "Mon-Fri 09:00-20:00", "2026-03-04 20:00", false },
        { "Mon-Fri 09:00-20:00", "2026-03-07 12:00", false },
        { "Mon-Fri 9-12 13:30-20:00; Sat 10:00-16:00", "2026-03-04 12:30", false },
        { "Mon-Fri 9-12 13:30-20:00; Sat 10:00-16:00", "2026-03-07 15:59", true },
        { "daily 9-20", "2026-03-08 19:59", true }, { "9-20", "2026-03-08 08:59", false },
        { "周一至周五 09:00-20:00", "2026-03-04 10:00", true },
        { "周六、周日 9点-12点", "2026-03-08 10:00", true },
        { "工作日 9:00至18:00；周末 10:00至12:00", "2026-03-07 11:00", true },
        { "Fri 22:00-02:00", "2026-03-07 01:59", true },
        { "Fri 22:00-02:00", "2026-03-06 01:59", false },
        { "Sat-Mon", "2026-03-09 23:59", true }, { "Sat-Mon", "2026-03-10 00:00", false },
        { "always", "2026-03-08 03:00", true }, { "never", "2026-03-08 03:00", false },
        { "Mon,Wed 0-24", "2026-03-04 23:59", true },
    };
    static const char *const wrong[] = { "", "Mon-", "Mon 9", "25-26", "9-9", "Mon 9-12 Tue",
                                         "x 9-12",
                                         "Mon, 9-12", "Mon 9:60-10" };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Hours h = hours(cases[i].hours);
        if (hours_open(&h, NULL, at(NULL, cases[i].when)) != cases[i].open)
            fail_msg("%s at %s", cases[i].hours, cases[i].when);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        Hours h;
        Error err = { 0 };
        if (hours_parse(str(wrong[i]), &h, &err))
            fail_msg("'%s' was understood", wrong[i]);
    }
}

/* From each quarter of an hour over two weeks around changes of the clock: the answer holds until
 * hours_change says, minute by minute, and turns there. */
static void turns_minute_by_minute(const Hours *h, const Zone *z, int64_t start, const char *what)
{
    enum { STEP = 60000, SPAN = 14 * 24 * 60 };
    int64_t next = INT64_MAX;
    bool open = hours_open(h, z, start + (int64_t)SPAN * STEP);
    for (int64_t ms = start + (int64_t)(SPAN - 1) * STEP; ms >= start; ms -= STEP) {
        bool now = hours_open(h, z, ms);
        if (now != open)
            next = ms + STEP;
        open = now;
        if (next == INT64_MAX || ms % (15 * STEP) != 0)
            continue;
        if (hours_change(h, z, ms) != next)
            fail_msg("%s in %s at %lld: %lld, not %lld", what, zone_name(z), (long long)ms,
                     (long long)hours_change(h, z, ms), (long long)next);
    }
}

/* Two days closed, one with hours of its own, and one of another country. */
static void put_holidays(Hours *h, Holiday list[static 4], int64_t day)
{
    list[0] = (Holiday){ .day = day + 2, .name = "a", .open = { 0 } };
    list[1] = (Holiday){ .day = day + 3, .name = "b", .open = { 0 } };
    list[2] = (Holiday){ .day = day + 6, .name = "c", .open = hours("1:30-14 23-24") };
    list[3] = (Holiday){ .day = day + 8, .name = "d", .region = "FR", .open = { 0 } };
    h->holidays = list;
    h->n_holidays = 4;
}

static void changes_are_those_of_the_minutes(void **state)
{
    (void)state;
    static const char *const specs[] = { "Mon-Fri 09:00-20:00", "daily 01:30-02:30", "Sun 2-3",
                                         "daily 0-24", "Sat 22:00-02:00; Mon 0:15-0:45", "never" };
    static const char *const where[][2] = {
        { "Europe/Berlin", "2026-03-26T00:00" }, { "America/New_York", "2026-10-29T00:00" },
        { "Australia/Lord_Howe", "2026-04-02T00:00" }, { "Asia/Shanghai", "2026-03-01T00:00" },
    };
    for (size_t s = 0; s < sizeof specs / sizeof *specs; s++)
        for (size_t w = 0; w < sizeof where / sizeof *where; w++) {
            Hours h = hours(specs[s]);
            Holiday list[4];
            int64_t start = at(NULL, where[w][1]);
            turns_minute_by_minute(&h, zone(where[w][0]), start, specs[s]);
            put_holidays(&h, list, start / DAY_MS);
            turns_minute_by_minute(&h, zone(where[w][0]), start, specs[s]);
        }
    Hours all = hours("always");
    assert_true(hours_change(&all, zone("Europe/Berlin"), 0) == INT64_MAX);
}

static void holidays_are_days_of_the_place(void **state)
{
    (void)state;
    enum { DAYS = 40 };
    const Zone *z = zone("Asia/Shanghai");
    Hours h = hours("always");
    Holiday one = { .day = at(NULL, "2026-10-01") / DAY_MS, .name = "x", .region = "CN" };
    h.holidays = &one;
    h.n_holidays = 1;
    assert_true(hours_open(&h, z, at(z, "2026-10-01 12:00")));        /* of no region */
    assert_null(hours_holiday(&h, z, at(z, "2026-10-01 12:00")));
    memcpy(h.region, "CN", 3);
    assert_false(hours_open(&h, z, at(z, "2026-10-01 00:00")));
    assert_string_equal(hours_holiday(&h, z, at(z, "2026-10-01 12:00"))->name, "x");
    assert_true(hours_open(&h, z, at(z, "2026-09-30 23:59")));
    assert_true(hours_change(&h, z, at(z, "2026-01-01 00:00")) == at(z, "2026-10-01 00:00"));
    assert_true(hours_change(&h, z, at(z, "2026-10-01 09:00")) == at(z, "2026-10-02 00:00"));
    assert_true(hours_change(&h, z, at(z, "2026-10-02 00:00")) == INT64_MAX);
    /* a working Saturday, and forty days closed in a row */
    Hours week = hours("Mon-Fri 9-18");
    Holiday many[DAYS + 1] = { { .day = at(NULL, "2026-10-10") / DAY_MS,
                                 .open = hours("10:00-16:00") } };
    for (int i = 1; i <= DAYS; i++)
        many[i] = (Holiday){ .day = at(NULL, "2026-10-12") / DAY_MS + i - 1 };
    week.holidays = many;
    week.n_holidays = DAYS + 1;
    assert_true(hours_open(&week, z, at(z, "2026-10-10 15:59")));
    assert_false(hours_open(&week, z, at(z, "2026-10-10 09:30")));
    assert_true(hours_change(&week, z, at(z, "2026-10-09 18:00")) == at(z, "2026-10-10 10:00"));
    assert_true(hours_change(&week, z, at(z, "2026-10-10 16:00")) == at(z, "2026-11-23 09:00"));
}

static void hours_of_a_day_name_no_weekday(void **state)
{
    (void)state;
    Hours h;
    Error err = { 0 };
    assert_true(hours_parse_day(STR("10:00-14:00 15-16"), &h, &err));
    assert_int_equal(h.n, 2);
    assert_false(hours_parse_day(STR("Sat 10-16"), &h, &err));
    assert_non_null(strstr(err.msg, "not the hours of one day"));
    err = (Error){ 0 };
    assert_false(hours_parse_day(STR("noon"), &h, &err));
}

static int release(void **state)
{
    (void)state;
    zones_release(&zones);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_are_understood),
        cmocka_unit_test(months_end_where_they_end),
        cmocka_unit_test(times_are_understood),
        cmocka_unit_test(spans_are_understood),
        cmocka_unit_test(the_rest_is_refused),
        cmocka_unit_test(days_follow_the_clock),
        cmocka_unit_test(durations_are_understood),
        cmocka_unit_test(hours_are_understood),
        cmocka_unit_test(changes_are_those_of_the_minutes),
        cmocka_unit_test(holidays_are_days_of_the_place),
        cmocka_unit_test(hours_of_a_day_name_no_weekday),
    };
    return cmocka_run_group_tests(tests, NULL, release);
}

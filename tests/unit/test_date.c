/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Days, ISO times and zones; zones are compared with the C library's reading of the same files.
 */
#include "base/date.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <time.h>

#include <cmocka.h>

static int64_t iso(const char *s)
{
    int64_t ms;
    assert_true(time_parse_iso(str(s), NULL, &ms));
    return ms;
}

static void days_round_trip(void **state)
{
    (void)state;
    assert_int_equal(day_number(1970, 1, 1), 0);
    assert_int_equal(day_number(2000, 3, 1), 11017);
    assert_int_equal(day_number(2025, 13, 1), day_number(2026, 1, 1));
    assert_int_equal(day_number(2026, 0, 31), day_number(2025, 12, 31));
    for (int64_t day = day_number(1, 1, 1); day < day_number(3000, 1, 1); day++) {
        int y, m, d;
        day_civil(day, &y, &m, &d);
        if (day_number(y, m, d) != day)
            fail_msg("day %lld is %d-%d-%d", (long long)day, y, m, d);
    }
    assert_int_equal(day_weekday(day_number(2026, 11, 22)), 7);
    assert_int_equal(day_weekday(day_number(1969, 12, 29)), 1);
}

static void iso_days_are_strict(void **state)
{
    (void)state;
    static const char *const wrong[] = { "2026-02-29", "2026-2-01", "2026-13-01", "2026-01-00",
                                         "26-01-01", "2026-01-011", "0000-01-01", "",
                                         "2026/01/01" };
    int64_t day;
    char out[16];
    assert_true(day_parse_iso(str("2024-02-29"), &day));
    day_write_iso(day, out);
    assert_string_equal(out, "2024-02-29");
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(day_parse_iso(str(wrong[i]), &day));
}

static void iso_times_read_and_written(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "2026-01-02T03:04:05Z", "2026-01-02T03:04:05Z" },
        { "2026-01-02 03:04", "2026-01-02T03:04:00Z" },
        { "2026-01-02T03:04:05.25+08:00", "2026-01-01T19:04:05.250Z" },
        { "2026-01-02T03:04:05.1239-0530", "2026-01-02T08:34:05.123Z" },
        { "1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z" },
        { "2026-01-02", "2026-01-02T00:00:00Z" },
    };
    static const char *const wrong[] = { "2026-01-02T25:00Z", "2026-01-02T03", "2026-01-02T03:60",
                                         "2026-01-02x", "2026-01-02T03:04Zz",
                                         "2026-01-02T03:04+8" };
    int64_t ms;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf b = { 0 };
        time_write_iso(iso(cases[i][0]), &b);
        assert_string_equal(b.s, cases[i][1]);
        buf_release(&b);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(time_parse_iso(str(wrong[i]), NULL, &ms));
}

/* Each zone, every 39 hours of ninety years: same offset and name as localtime_r's. */
static void zones_are_those_of_the_system(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Asia/Shanghai", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata",
        "America/St_Johns", "Africa/Casablanca", "Pacific/Apia", "Europe/Dublin", "Asia/Gaza",
        "America/Sao_Paulo", "UTC",
    };
    Zones zones = { 0 };
    Error err = { 0 };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const Zone *z;
        assert_true(zone_get(&zones, names[i], &z, &err));
        assert_string_equal(zone_name(z), names[i]);
        setenv("TZ", names[i], 1);
        tzset();
        for (int64_t t = -10LL * 31556952; t < 80LL * 31556952; t += 47220 * 3) {
            time_t when = (time_t)t;
            struct tm tm;
            localtime_r(&when, &tm);
            if (zone_offset(z, t * 1000) != tm.tm_gmtoff
                || strcmp(zone_abbreviation(z, t * 1000), tm.tm_zone) != 0)
                fail_msg("%s at %lld: %d %s, the system says %ld %s", names[i], (long long)t,
                         zone_offset(z, t * 1000), zone_abbreviation(z, t * 1000), tm.tm_gmtoff,
                         tm.tm_zone);
            Civil c = civil_at(z, t * 1000);
            assert_int_equal(c.hour, tm.tm_hour);
            assert_int_equal(c.yearday, tm.tm_yday + 1);
            assert_int_equal(c.weekday % 7, tm.tm_wday);
        }
    }
    unsetenv("TZ");
    tzset();
    zones_release(&zones);
}

static void changes_are_where_the_offset_changes(void **state)
{
    (void)state;
    Zones zones = { 0 };
    const Zone *z;
    Error err = { 0 };
    assert_true(zone_get(&zones, "Europe/Berlin", &z, &err));
    int64_t t = iso("2026-01-01T00:00:00Z");
    assert_int_equal(t = zone_change(z, t), iso("2026-03-29T01:00:00Z"));
    assert_int_equal(t = zone_change(z, t), iso("2026-10-25T01:00:00Z"));
    for (int i = 0; i < 100; i++) {
        int64_t next = zone_change(z, t);
        assert_true(next > t);
        assert_int_not_equal(zone_offset(z, next - 1), zone_offset(z, next));
        t = next;
    }
    assert_true(zone_get(&zones, "Asia/Shanghai", &z, &err));
    assert_true(zone_change(z, t) == INT64_MAX);
    zones_release(&zones);
}

static void civil_time_in_gap_and_overlap(void **state)
{
    (void)state;
    Zones zones = { 0 };
    const Zone *z;
    Error err = { 0 };
    assert_true(zone_get(&zones, "America/New_York", &z, &err));
    Civil gap = { .year = 2026, .month = 3, .day = 8, .hour = 2, .minute = 30 };
    assert_int_equal(civil_time(z, &gap), iso("2026-03-08T07:30:00Z"));
    assert_int_equal(civil_at(z, civil_time(z, &gap)).hour, 3);
    Civil twice = { .year = 2026, .month = 11, .day = 1, .hour = 1, .minute = 30 };
    assert_int_equal(civil_time(z, &twice), iso("2026-11-01T05:30:00Z"));
    Civil loose = { .year = 2026, .month = 12, .day = 32, .hour = 25 };
    assert_int_equal(civil_time(NULL, &loose), iso("2027-01-02T01:00:00Z"));
    zones_release(&zones);
}

static void zone_names_are_checked(void **state)
{
    (void)state;
    static const char *const wrong[] = { "Asia/Shangai", "../../etc/passwd", "/etc/localtime",
                                         "Asia", "zone.tab" };
    Zones zones = { 0 };
    const Zone *z, *again;
    Error err = { 0 };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(zone_get(&zones, wrong[i], &z, &err));
        assert_int_equal(err.code, ERR_INVALID);
    }
    setenv("TZ", "Asia/Tokyo", 1);
    assert_true(zone_get(&zones, NULL, &z, &err));
    assert_string_equal(zone_name(z), "Asia/Tokyo");
    assert_true(zone_get(&zones, "", &again, &err));
    assert_ptr_equal(z, again);
    zones_release(&zones);
    setenv("TZ", "XYZ-3:30", 1);
    assert_true(zone_get(&zones, "", &z, &err));
    assert_int_equal(zone_offset(z, 0), 12600);
    zones_release(&zones);
    unsetenv("TZ");
}

static void ago_reads_well(void **state)
{
    (void)state;
    static const struct { int64_t seconds; const char *says; } cases[] = {
        { 3, "just now" }, { 42, "42 s ago" }, { 150, "2 min ago" }, { 7300, "2 h ago" },
        { 3 * 86400, "3 d ago" }, { 100 * 86400, "3 mo ago" }, { 900 * 86400, "2 y ago" },
        { -7300, "in 2 h" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf b = { 0 };
        ago_write(1000000000000 - cases[i].seconds * 1000, 1000000000000, &b);
        assert_string_equal(b.s, cases[i].says);
        buf_release(&b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(days_round_trip),
        cmocka_unit_test(iso_days_are_strict),
        cmocka_unit_test(iso_times_read_and_written),
        cmocka_unit_test(zones_are_those_of_the_system),
        cmocka_unit_test(changes_are_where_the_offset_changes),
        cmocka_unit_test(civil_time_in_gap_and_overlap),
        cmocka_unit_test(zone_names_are_checked),
        cmocka_unit_test(ago_reads_well),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

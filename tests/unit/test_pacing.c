/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/pacing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static PacingRules rules(PaceMode mode)
{
    PacingRules r = pacing_defaults();
    r.mode = mode;
    return r;
}

static void test_preview_places_nothing_by_itself(void **state)
{
    (void)state;
    PacingRules r = rules(PACE_PREVIEW);
    Pace p = pacing_decide(&r, &(PacingView){ .idle = 10 });
    assert_int_equal(p.place, 0);
    assert_int_equal(p.why, PACE_ON_COMMAND);
}

static void test_progressive_is_one_call_an_idle_agent(void **state)
{
    (void)state;
    PacingRules r = rules(PACE_PROGRESSIVE);
    for (int idle = 0; idle < 20; idle++)
        for (int flying = 0; flying < 40; flying++) {
            PacingView v = { .idle = idle, .in_flight = flying, .lines = flying };
            Pace p = pacing_decide(&r, &v);
            assert_int_equal(p.place, idle > flying ? idle - flying : 0);
            assert_int_equal(p.why, p.place ? PACE_DIALLING : idle ? PACE_ENOUGH : PACE_NO_IDLE);
        }
}

static void test_ratio_rounds(void **state)
{
    (void)state;
    PacingRules r = rules(PACE_RATIO);
    static const struct { double ratio; int idle, flying, place; } cases[] = {
        { 1.0, 3, 0, 3 }, { 1.5, 1, 0, 2 }, { 1.4, 1, 0, 1 }, { 2.5, 3, 0, 8 }, { 2.5, 3, 5, 3 },
        { 2.5, 3, 8, 0 }, { 2.5, 0, 0, 0 }, { 10, 1, 4, 6 },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        r.ratio = cases[i].ratio;
        PacingView v = { .idle = cases[i].idle, .in_flight = cases[i].flying };
        assert_int_equal(pacing_decide(&r, &v).place, cases[i].place);
    }
}

static void test_over_the_cap_is_progressive(void **state)
{
    (void)state;
    PacingRules r = rules(PACE_RATIO);
    r.ratio = 3;
    PacingView v = { .idle = 10, .today = { 100, 3 }, .window = { 100, 3 } };
    Pace p = pacing_decide(&r, &v);
    assert_int_equal(p.place, 30);
    assert_false(p.held_back);
    v.today.abandoned = 4;
    p = pacing_decide(&r, &v);
    assert_int_equal(p.place, 10);
    assert_true(p.held_back);
    v.today.abandoned = 0;                /* the stricter ledger counts */
    v.window = (Ledger){ 1000, 31 };
    assert_int_equal(pacing_decide(&r, &v).place, 10);
    v.window.abandoned = 30;
    assert_int_equal(pacing_decide(&r, &v).place, 30);
}

static void test_a_cap_of_nothing_never_dials_ahead(void **state)
{
    (void)state;
    PacingRules r = rules(PACE_RATIO);
    r.ratio = 5;
    r.abandon_cap = 0;
    for (int idle = 0; idle < 10; idle++)
        assert_int_equal(pacing_decide(&r, &(PacingView){ .idle = idle }).place, idle);
}

static void test_lines_are_limited(void **state)
{
    (void)state;
    PacingRules r = rules(PACE_RATIO);
    r.ratio = 2;
    r.max_calls = 12;
    PacingView v = { .idle = 5, .in_flight = 1, .lines = 9 };
    assert_int_equal(pacing_decide(&r, &v).place, 3);
    v.lines = 12;
    Pace p = pacing_decide(&r, &v);
    assert_int_equal(p.place, 0);
    assert_int_equal(p.why, PACE_ALL_LINES);
    v.lines = 14;                         /* the limit was lowered */
    assert_int_equal(pacing_decide(&r, &v).place, 0);
}

static void test_rules_out_of_range_are_refused(void **state)
{
    (void)state;
    Error err = { 0 };
    PacingRules good = pacing_defaults();
    assert_true(pacing_check(&good, &err));
    PacingRules bad[] = { good, good, good, good, good, good, good, good };
    bad[0].ratio = 0.9;
    bad[1].ratio = 11;
    bad[2].ratio = 0.0 / 0.0;
    bad[3].abandon_cap = -0.01;
    bad[4].abandon_cap = 1.01;
    bad[5].max_calls = -1;
    bad[6].ring_ms = 14999;
    bad[7].ring_ms = 120001;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = (Error){ 0 };
        assert_false(pacing_check(&bad[i], &err));
        assert_int_equal(err.code, ERR_INVALID);
        assert_true(err.msg[0]);
    }
}

static void test_names(void **state)
{
    (void)state;
    for (PaceMode m = 0; m < PACE_MODES; m++) {
        PaceMode found;
        assert_true(pace_mode_find(str(pace_mode_name(m)), &found));
        assert_int_equal(found, m);
    }
    PaceMode none;
    assert_false(pace_mode_find(str("fast"), &none));
    for (PaceWhy w = 0; w < PACE_WHYS; w++)
        assert_non_null(pace_why_text(w));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_preview_places_nothing_by_itself),
        cmocka_unit_test(test_progressive_is_one_call_an_idle_agent),
        cmocka_unit_test(test_ratio_rounds),
        cmocka_unit_test(test_over_the_cap_is_progressive),
        cmocka_unit_test(test_a_cap_of_nothing_never_dials_ahead),
        cmocka_unit_test(test_lines_are_limited),
        cmocka_unit_test(test_rules_out_of_range_are_refused),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests_name("pacing", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_bench.c -- scenarios are read as written, and days come out as pacing is known to do there.
 */
#include "dialer/bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static Scenario scenario(const char *line)
{
    Scenario s;
    Error err = { 0 };
    if (!scenario_parse(str(line), &s, &err))
        fail_msg("%s: %s", line, err.msg);
    return s;
}

static void test_words_of_a_scenario(void **state)
{
    (void)state;
    Scenario s = scenario("a N=7 p=0.2 talk=90 wrap=11 tmo=20 mach=.4 pausegap=1e12 patience=1.5"
                          " T=5000 W=600 mt=0:1;100:2 nt=1000:9;2000:4\n");
    assert_string_equal(s.name, "a");
    assert_int_equal(s.agents, 9);
    assert_int_equal(s.world.course.agents, 7);
    assert_int_equal(s.patience_ms, 1500);
    assert_true(s.world.answer[5] == 0.2 && s.world.talk.mean == 90 && s.world.wrap.mean == 11);
    assert_true(s.world.ring_most_s == 20 && s.world.pause_every_s == 0);
    assert_true(s.day_s == 5000 && s.warm_up_s == 600);
    assert_true(curve_at(&s.world.course.talk, 50) == 1.5);
    assert_true(curve_at(&s.world.course.talk, 500) == 2);
    assert_string_equal(scenario("# a remark").name, "");
    assert_string_equal(scenario("\n").name, "");
}

static void test_wrong_scenarios_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "a N=0", "a N=9999", "a p=2", "a M=3", "a N", "a N=x",
                                       "a T=100 W=200", "a pt=5", "a pt=9:1;3:1", "a talk=-1",
                                       "a patience=-1", "a ring=30" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Scenario s;
        Error err = { 0 };
        assert_false(scenario_parse(str(bad[i]), &s, &err));
        assert_int_equal(err.code, ERR_INVALID);
    }
}

static double talk(const char *line, PaceMode mode, double cap, int seeds, BenchDay *sum)
{
    Scenario s = scenario(line);
    PacingRules r = pacing_defaults();
    Error err = { 0 };
    double t = 0;
    r.mode = mode;
    r.abandon_cap = cap;
    *sum = (BenchDay){ 0 };
    for (int i = 1; i <= seeds; i++) {
        BenchDay d;
        assert_true(bench_day(&s, &r, (uint64_t)i, &d, &err));
        t += d.talk_min;
        sum->persons += d.persons;
        sum->lost += d.lost;
    }
    return t / seeds;
}

/* Figures of another program in the same world, ten seeds: 42.49 +- 0.25 and 42.26 +- 0.33. */
static void test_the_world_is_the_one_described(void **state)
{
    (void)state;
    BenchDay sum;
    double prog = talk("S N=10 p=0.3 talk=180", PACE_PROGRESSIVE, .03, 6, &sum);
    assert_true(prog > 42.0 && prog < 43.0);
    double vici = talk("S N=10 p=0.3 talk=180", PACE_VICIDIAL, .03, 6, &sum);
    assert_true(vici > 41.6 && vici < 42.9);
    assert_true(sum.lost * 1000 > sum.persons * 28 && sum.lost * 1000 < sum.persons * 36);
}

static void test_predictive_uses_the_cap_and_no_more(void **state)
{
    (void)state;
    BenchDay sum, none;
    double prog = talk("S N=10 p=0.3 talk=60", PACE_PROGRESSIVE, .03, 2, &sum);
    double pred = talk("S N=10 p=0.3 talk=60", PACE_PREDICTIVE, .03, 2, &sum);
    assert_true(pred > 1.25 * prog);
    assert_true(sum.lost * 100 <= sum.persons * 3);
    assert_true(sum.lost * 1000 >= sum.persons * 24);
    double strict = talk("S N=10 p=0.3 talk=60", PACE_PREDICTIVE, .01, 2, &none);
    assert_true(strict > prog && strict < pred);
    assert_true(none.lost * 100 <= none.persons);
    /* a cap of nothing is progressive to the call */
    BenchDay a, b;
    double zero = talk("S N=5 p=0.3 talk=60 T=7200", PACE_PREDICTIVE, 0, 1, &a);
    double same = talk("S N=5 p=0.3 talk=60 T=7200", PACE_PROGRESSIVE, 0, 1, &b);
    assert_true(zero == same);
    assert_int_equal(a.persons, b.persons);
}

static void test_agents_come_and_go_as_the_scenario_says(void **state)
{
    (void)state;
    BenchDay few, many;
    talk("S N=2 p=0.5 talk=60 T=10000", PACE_PROGRESSIVE, .03, 1, &few);
    talk("S N=2 p=0.5 talk=60 T=10000 nt=3000:12", PACE_PROGRESSIVE, .03, 1, &many);
    assert_true(many.persons > 3 * few.persons);
    talk("S N=12 p=0.5 talk=60 T=10000 nt=3000:2", PACE_PROGRESSIVE, .03, 1, &many);
    assert_true(many.persons < 5 * few.persons);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_of_a_scenario),
        cmocka_unit_test(test_wrong_scenarios_are_refused),
        cmocka_unit_test(test_the_world_is_the_one_described),
        cmocka_unit_test(test_predictive_uses_the_cap_and_no_more),
        cmocka_unit_test(test_agents_come_and_go_as_the_scenario_says),
    };
    return cmocka_run_group_tests_name("bench", tests, NULL, NULL);
}

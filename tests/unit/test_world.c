/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_world.c -- the luck of simulated attempts: whose it is, and how it is spread.
 */
#include "dialer/world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

static void test_luck_is_of_the_attempt(void **state)
{
    (void)state;
    SimWorld w = world_defaults();
    Fate a, b;
    int same_attempt = 0, same_seed = 0;
    for (uint64_t key = 1; key <= 1000; key++) {
        world_fate(&w, 1, key, 1, 0, &a);
        world_fate(&w, 1, 5000 - key, 2, 0, &b);      /* others may be drawn in between */
        world_fate(&w, 1, key, 1, 0, &b);
        assert_memory_equal(&a, &b, sizeof a);
        world_fate(&w, 1, key, 2, 0, &b);
        same_attempt += memcmp(&a, &b, sizeof a) == 0;
        world_fate(&w, 2, key, 1, 0, &b);
        same_seed += memcmp(&a, &b, sizeof a) == 0;
    }
    assert_true(same_attempt < 500 && same_seed < 500);   /* unanswered calls look alike: about a
                                                             third */
}

static bool near(double got, double want, double by)
{
    return got > want - by && got < want + by;
}

static void test_distributions(void **state)
{
    (void)state;
    SimWorld w = world_defaults();
    for (int h = 0; h < 24; h++)
        w.answer[h] = .3;
    int kinds[FATE_NO_ANSWER + 1] = { 0 }, results[RESULTS] = { 0 }, n = 100000;
    double ring = 0, talk = 0, wrap = 0;
    for (int i = 0; i < n; i++) {
        Fate f;
        world_fate(&w, 3, (uint64_t)i + 1, 1, 0, &f);
        kinds[f.kind]++;
        if (f.kind != FATE_PERSON)
            continue;
        assert_true(f.ring_ms >= 1000 && f.ring_ms <= 25000 && f.detect_ms >= 600
                    && f.detect_ms <= 1400);
        assert_true(f.talk_ms >= 3000 && f.wrap_ms >= 1000);
        results[f.result]++;
        ring += f.ring_ms;
        talk += f.talk_ms;
        wrap += f.wrap_ms;
    }
    int persons = kinds[FATE_PERSON];
    assert_true(near((double)persons / n, .3, .006));
    assert_true(near((double)kinds[FATE_MACHINE] / n, .7 * .35, .006));
    assert_true(near((double)kinds[FATE_BUSY] / n, .7 * .09, .004));
    assert_true(near((double)kinds[FATE_INVALID] / n, .7 * .05, .003));
    assert_true(near((double)kinds[FATE_NO_ANSWER] / n, .7 * .5, .006));
    assert_true(near(ring / persons, 8900, 200));     /* 9 s, less the tail that was cut */
    assert_true(near(talk / persons, 120000, 3000));
    assert_true(near(wrap / persons, 20000, 300));
    for (Result r = 0; r < RESULTS; r++)
        assert_true(near((double)results[r] / persons, w.results[r], .01));
}

static void test_answer_rate_follows_the_hour(void **state)
{
    (void)state;
    SimWorld w = world_defaults();
    memset(w.answer, 0, sizeof w.answer);
    w.answer[9] = 1;
    w.utc_offset_ms = 8 * 3600000;
    int64_t nine = INT64_C(1893456000000) + 3600000;  /* 01:00 UTC */
    for (uint64_t key = 1; key < 200; key++) {
        Fate f;
        world_fate(&w, 1, key, 1, nine, &f);
        assert_int_equal(f.kind, FATE_PERSON);
        world_fate(&w, 1, key, 1, nine + 3599999, &f);
        assert_int_equal(f.kind, FATE_PERSON);
        world_fate(&w, 1, key, 1, nine - 1, &f);
        assert_int_not_equal(f.kind, FATE_PERSON);
        world_fate(&w, 1, key, 1, nine + 3600000, &f);
        assert_int_not_equal(f.kind, FATE_PERSON);
    }
}

static void test_worlds_out_of_range_are_refused(void **state)
{
    (void)state;
    SimWorld good = world_defaults();
    Error err = { 0 };
    assert_true(world_check(&good, &err));
    SimWorld bad[] = { good, good, good, good, good, good, good };
    bad[0].answer[3] = 1.1;
    bad[1].machine = .9;
    bad[2].results[RESULT_CALLBACK] = .5;
    bad[3].talk.mean = 0;
    bad[4].ring.mean = 40;
    bad[5].faults.lost_event = -1;
    bad[6].results[RESULT_BUSY] = .01;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        err = (Error){ 0 };
        assert_false(world_check(&bad[i], &err));
        assert_int_equal(err.code, ERR_INVALID);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_luck_is_of_the_attempt),
        cmocka_unit_test(test_distributions),
        cmocka_unit_test(test_answer_rate_follows_the_hour),
        cmocka_unit_test(test_worlds_out_of_range_are_refused),
    };
    return cmocka_run_group_tests_name("world", tests, NULL, NULL);
}

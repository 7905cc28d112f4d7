/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_pacing_predict.c -- what predictive pacing learns, foresees and refuses to risk.
 */
#include "dialer/pacing_pacer.h"

#include <limits.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define START INT64_C(1893490200000)

static PacingRules predictive(double cap)
{
    PacingRules r = pacing_defaults();
    r.mode = PACE_PREDICTIVE;
    r.abandon_cap = cap;
    return r;
}

/* Four calls in ten are answered by a person after 8 s, the rest rings 25 s. */
static void teach(Predictor *p, int calls)
{
    for (int i = 0; i < calls; i++)
        if (i % 5 < 2)
            predict_call_over(p, 8000, true, true, 1000);
        else
            predict_call_over(p, 25000, false, false, 0);
}

static void earn(Predictor *p, int answered, int abandoned)
{
    Ledger l = { 0 };
    for (int i = 0; i < answered; i++) {
        bool lost = i < abandoned;
        l.answered++;
        l.abandoned += lost;
        predict_person(p, &l, &l, lost);
    }
    p->happened = p->foreseen = 0;
}

static PacingView view(const PaceScene *s, int64_t now)
{
    PacingView v = { .idle = s->idle, .now = now, .scene = s, .waiting = s->waiting,
                     .most = INT_MAX };
    for (int b = 0; b < RING_BINS; b++)
        v.in_flight += s->ringing[b];
    for (int b = 0; b < TALK_BINS; b++)
        v.talking += s->talking[b];
    for (int b = 0; b < WRAP_BINS; b++)
        v.writing += s->wrapup[b];
    v.in_flight += s->waiting;
    v.lines = v.in_flight + v.talking;
    return v;
}

static void test_it_learns_when_persons_answer(void **state)
{
    (void)state;
    static Predictor p;
    predict_init(&p, .03, 2000, START);
    teach(&p, 4000);
    tables_calls(&p.tables, &p.learnt);
    assert_true(fabs(p.tables.ever[0] - .4) < .02);
    assert_true(p.tables.ever[ring_bin(12)] < .03);           /* whoever was to answer has */
    double sum = 0;
    for (int k = 0; k < PACE_STEPS; k++)
        sum += p.tables.within[0][k];
    assert_true(fabs(sum - p.tables.ever[0]) < 1e-9);
    assert_true(p.tables.until[0][0] < .02);                  /* nobody at once */
}

static void test_it_learns_how_long_talks_last(void **state)
{
    (void)state;
    static Predictor p;
    predict_init(&p, .03, 2000, START);
    for (int i = 0; i < CYCLES; i++)
        predict_cycle(&p, 60000, 10000, false);
    tables_calls(&p.tables, &p.learnt);
    tables_agents(&p.tables, &p.learnt, 2);
    assert_true(p.tables.talk_free[talk_bin(5)][PACE_STEPS - 1] < .1);
    assert_true(p.tables.talk_free[talk_bin(58)][PACE_STEPS - 1] > .9);
    assert_true(p.tables.wrap_free[wrap_bin(1)][0] < .1);
    assert_true(p.tables.wrap_free[wrap_bin(8)][2] > .9);
}

static void test_the_distribution_is_one(void **state)
{
    (void)state;
    static Predictor p;
    static PaceFuture f;
    PaceScene s = { .idle = 2, .waiting = 1 };
    predict_init(&p, .03, 2000, START);
    tables_calls(&p.tables, &p.learnt);
    tables_agents(&p.tables, &p.learnt, 2);
    s.ringing[3] = 4, s.ringing[20] = 2, s.answered[1] = 1, s.talking[5] = 3, s.wrapup[7] = 2;
    future_make(&f, &s, &p.tables, .1);
    future_place(&f);
    assert_true(f.exact);
    for (int k = 0; k < PACE_STEPS; k++) {
        double sum = 0, mean = 0, square = 0;
        for (int x = f.low; x <= f.high; x++) {
            assert_true(f.d[k][x] >= -1e-12);
            sum += f.d[k][x];
            mean += f.d[k][x] * (x - f.zero);
            square += f.d[k][x] * (x - f.zero) * (x - f.zero);
        }
        assert_true(fabs(sum - 1) < 1e-9);
        assert_true(fabs(mean - f.mean[k]) < 1e-9);
        assert_true(fabs(square - mean * mean - f.var[k]) < 1e-9);
    }
}

/* Whether exactly or as a normal, much the same comes out. */
static void test_few_and_many_agree(void **state)
{
    (void)state;
    static Predictor p;
    static PaceFuture f;
    PaceScene s = { .idle = 4 };
    predict_init(&p, .03, 2000, START);
    teach(&p, 1000);
    tables_calls(&p.tables, &p.learnt);
    tables_agents(&p.tables, &p.learnt, 2);
    for (int b = 0; b < 30; b++)
        s.talking[b] = 1;
    for (int b = 2; b < 12; b++)
        s.ringing[b] = 2;
    future_make(&f, &s, &p.tables, 0);
    assert_true(f.exact);
    PaceOdds exact = future_odds(&f, 2);
    f.exact = false;
    PaceOdds normal = future_odds(&f, 2);
    assert_true(exact.abandoned > 0 && fabs(exact.abandoned - normal.abandoned) < .03);
    assert_true(fabs(exact.served - normal.served) < .03);
}

static void test_more_agents_more_calls(void **state)
{
    (void)state;
    static Predictor p;
    PacingRules r = predictive(.03);
    predict_init(&p, .03, 2000, START);
    teach(&p, 1000);
    earn(&p, 200, 2);
    int last = -1;
    for (int idle = 0; idle <= 20; idle++) {
        PaceScene s = { .idle = idle };
        s.talking[4] = 1;
        PacingView v = view(&s, START + 1000);
        int n = predict_decide(&p, &r, &v).place;
        assert_true(n >= last);
        last = n;
    }
    assert_true(last > 20);                                   /* ahead of the agents */
    PaceScene waiting = { .idle = 0, .waiting = 3 };
    waiting.talking[0] = 5;
    PacingView v = view(&waiting, START + 1000);
    Pace none = predict_decide(&p, &r, &v);
    assert_int_equal(none.place, 0);
    assert_int_equal(none.why, PACE_RISKY);
}

static void test_no_credit_no_risk(void **state)
{
    (void)state;
    static Predictor p;
    PacingRules r = predictive(.03);
    PaceScene s = { .idle = 5 };
    PacingView v = view(&s, START + 1000);
    predict_init(&p, .03, 2000, START);
    teach(&p, 1000);
    int start = predict_decide(&p, &r, &v).place;
    assert_true(start >= 5 && start <= 7);                    /* nothing earned yet */
    earn(&p, 200, 2);
    int earned = predict_decide(&p, &r, &v).place;
    assert_true(earned > start);
    earn(&p, 200, 14);                                        /* 7 %: far above the cap */
    Pace over = predict_decide(&p, &r, &v);
    assert_int_equal(over.place, 5);
    assert_int_equal(over.held_back, PACE_CARE_CAP);
}

static void test_the_stricter_ledger_counts(void **state)
{
    (void)state;
    static Predictor p;
    predict_init(&p, .03, 2000, START);
    Ledger good = { 1000, 5 }, bad = { 1000, 29 };
    predict_person(&p, &good, &bad, false);
    assert_true(fabs(p.credit - 1) < 1e-9);
    predict_person(&p, &bad, &good, false);
    assert_true(fabs(p.credit - 1) < 1e-9);
}

static void test_a_cap_of_nothing_is_progressive(void **state)
{
    (void)state;
    static Predictor p;
    PacingRules r = predictive(0);
    predict_init(&p, 0, 2000, START);
    teach(&p, 1000);
    for (int idle = 0; idle < 10; idle++) {
        PaceScene s = { .idle = idle };
        s.talking[3] = 20;
        PacingView v = view(&s, START + 1000);
        Pace pace = predict_decide(&p, &r, &v);
        assert_int_equal(pace.place, idle);
        assert_int_equal(pace.held_back, PACE_CARE_CAP);
    }
}

static PaceCare care_after(Predictor *p, int64_t now)
{
    PacingRules r = predictive(.03);
    PaceScene s = { .idle = 5 };
    PacingView v = view(&s, now);
    Pace pace = predict_decide(p, &r, &v);
    if (pace.held_back)
        assert_int_equal(pace.place, 5);
    return pace.held_back;
}

static void test_bad_signs_make_it_progressive(void **state)
{
    (void)state;
    static Predictor p;
    predict_init(&p, .03, 2000, START);
    assert_int_equal(care_after(&p, START + 500), PACE_CARE_NONE);
    /* nobody asked for a minute, though agents were there */
    assert_int_equal(care_after(&p, START + 60500), PACE_CARE_CLOCK);
    for (int i = 0; i < 119; i++)
        assert_int_equal(care_after(&p, START + 61000 + 500 * i), PACE_CARE_CLOCK);
    assert_int_equal(care_after(&p, START + 121000), PACE_CARE_NONE);
    /* the clock ran backwards */
    predict_clock_jumped(&p, START + 121000);
    assert_int_equal(care_after(&p, START + 121500), PACE_CARE_CLOCK);
    predict_init(&p, .03, 2000, START);
    /* lines that do not say how calls end, until they do again */
    for (int i = 0; i < 30; i++)
        predict_call_lost(&p, i % 2);
    assert_int_equal(care_after(&p, START + 500), PACE_CARE_EVENTS);
    for (int i = 0; i < 200; i++)
        predict_call_lost(&p, false);
    assert_int_equal(care_after(&p, START + 1000), PACE_CARE_NONE);
    /* many abandoned of whom nothing was foreseen */
    Ledger l = { 2000, 0 };
    for (int i = 0; i < 12; i++) {
        l.answered++, l.abandoned++;
        predict_person(&p, &l, &l, true);
    }
    assert_int_equal(care_after(&p, START + 1500), PACE_CARE_SURPRISE);
}

static void test_an_agent_who_never_comes_back_is_not_counted_on(void **state)
{
    (void)state;
    static Predictor p;
    predict_init(&p, .03, 2000, START);
    for (int i = 0; i < 300; i++)
        predict_cycle(&p, 60000, 10000, i % 2);
    assert_true(fabs(p.learnt.leaves - .5) < .1);
}

static void test_experience_is_kept(void **state)
{
    (void)state;
    static Predictor p;
    static PaceLearnt back;
    Buf text = { 0 };
    predict_init(&p, .03, 2000, START);
    teach(&p, 700);
    for (int i = 0; i < 500; i++)
        predict_cycle(&p, 30000 + 100 * i, 5000 + i, i % 10 == 0);
    earn(&p, 100, 2);
    learnt_write(&p.learnt, &text);
    assert_true(text.n < 8000);
    assert_true(learnt_read(buf_as_str(&text), &back));
    assert_int_equal(back.ncycles, KEPT_CYCLES);
    assert_true(fabs((double)back.talk_s[KEPT_CYCLES - 1] - 79.9) < .01);
    assert_true(fabs(back.log_risk - p.learnt.log_risk) < 1e-4);
    static PaceTables before, after;
    tables_calls(&before, &p.learnt);
    tables_calls(&after, &back);
    for (int b = 0; b < 60; b++)
        assert_true(fabs(before.ever[b] - after.ever[b]) < 1e-3);
    /* spoilt: cut anywhere, or with a number that is none */
    for (size_t n = 0; n + 40 < text.n; n += 61)
        assert_false(learnt_read(str_n(text.s, n), &back));
    char *dot = strchr(text.s + 20, '.');
    *dot = 'x';
    assert_false(learnt_read(buf_as_str(&text), &back));
    buf_release(&text);
}

static void test_a_decision_is_explained(void **state)
{
    (void)state;
    static Predictor p;
    Buf b = { 0 };
    PacingRules r = predictive(.03);
    PaceScene s = { .idle = 1 };
    s.ringing[4] = 3;
    PacingView v = view(&s, START + 1000);
    predict_init(&p, .03, 2000, START);
    teach(&p, 1000);
    Pace pace = predict_decide(&p, &r, &v);
    pace_explain(&pace, &b);
    assert_non_null(strstr(b.s, "would risk too many abandoned ones: 1 idle, 3 under way"));
    assert_non_null(strstr(b.s, " abandoned for "));
    /* and is the same for the same */
    Predictor again = p;
    Pace same = predict_decide(&again, &r, &v);
    assert_memory_equal(&same.n, &pace.n, sizeof same.n);
    buf_release(&b);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_it_learns_when_persons_answer),
        cmocka_unit_test(test_it_learns_how_long_talks_last),
        cmocka_unit_test(test_the_distribution_is_one),
        cmocka_unit_test(test_few_and_many_agree),
        cmocka_unit_test(test_more_agents_more_calls),
        cmocka_unit_test(test_no_credit_no_risk),
        cmocka_unit_test(test_the_stricter_ledger_counts),
        cmocka_unit_test(test_a_cap_of_nothing_is_progressive),
        cmocka_unit_test(test_bad_signs_make_it_progressive),
        cmocka_unit_test(test_an_agent_who_never_comes_back_is_not_counted_on),
        cmocka_unit_test(test_experience_is_kept),
        cmocka_unit_test(test_a_decision_is_explained),
    };
    return cmocka_run_group_tests_name("predictive pacing", tests, NULL, NULL);
}

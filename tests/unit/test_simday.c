/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_simday.c -- nonsense, then whole simulated days with everything going wrong.
 */
#include "dialer/simday.h"
#include "../sim/rig.h"

/* ---- at random ------------------------------------------------------------------------------- */

static void random_event(Rig *r, Rng *rng)
{
    int64_t late = (int64_t)(rng_next(rng) % 3000);
    /* Evenly drawn, calls would end before they come to anything: half are of those that go on. */
    static const DriverEventKind onward[] = { DRIVER_ANSWERED, DRIVER_PERSON, DRIVER_PERSON,
                                              DRIVER_BRIDGED, DRIVER_AGENT_UP, DRIVER_RECONCILED };
    DriverEvent ev = { .at = r->now - late };
    if (rng_next(rng) % 2)
        ev.kind = onward[rng_next(rng) % 6];
    else
        ev.kind = (DriverEventKind)(rng_next(rng) % DRIVER_EVENTS);
    if (ev.kind < DRIVER_CALL_EVENTS)             /* of a call of late, mostly */
        ev.call = r->list.last_call + 2 - (CallId)(rng_next(rng) % 25);
    else
        ev.agent = 1 + (AgentId)(rng_next(rng) % 11);
    engine_event(r->e, &ev);
}

static void random_command(Rig *r, Rng *rng)
{
    Error err = { 0 };
    AgentId id = 1 + (AgentId)(rng_next(rng) % 10);
    switch (rng_next(rng) % 8) {
    case 0:
    case 1:
        engine_agent(r->e, r->now, id, AGENT_READY, &err);
        break;
    case 2:
        engine_agent(r->e, r->now, id, rng_next(rng) % 2 ? AGENT_PAUSED : AGENT_OFF, &err);
        break;
    case 3:
    case 4:
        engine_result(r->e, r->now, id, (Result)(rng_next(rng) % RESULTS), &err);
        break;
    case 5:
        engine_hangup(r->e, r->now, id, &err);
        break;
    case 6:
        if (engine_offer(r->e, r->now, id, NULL, &err))
            engine_dial(r->e, r->now, id, &err);
        break;
    case 7:
        engine_skip(r->e, r->now, id, STR("no"), &err);
        break;
    }
}

/* A driver that says anything, agents who do anything: the books still balance, nobody is in two
 * calls, and once all is stopped every call ends by itself, whatever the driver keeps back. */
static void test_nonsense_does_no_harm(void **state)
{
    (void)state;
    int64_t dials = 0, talks = 0;
    for (uint64_t seed = 1; seed <= 100; seed++) {
        Rig r;
        Rng rng;
        DriverOrder o;
        Error refusal = { .code = ERR_FAILED };
        rng_seed(&rng, seed, 99, 0, 0);
        rig_open(&r, mode(seed % 2 ? PACE_RATIO : PACE_PROGRESSIVE, 3), 3000);
        for (int step = 0; step < 2000; step++) {
            if (rng_next(&rng) % 3)
                random_event(&r, &rng);
            else
                random_command(&r, &rng);
            tick(&r, (int64_t)(rng_next(&rng) % 700));
            while (engine_order(r.e, &o))
                if (rng_next(&rng) % 20 == 0)
                    engine_refused(r.e, &o, &refusal);
            if (rng_next(&rng) % 50 == 0)
                engine_start(r.e, r.now);
        }
        engine_stop(r.e, r.now, true);
        for (int i = 0; i < 40; i++)
            tick(&r, 10000);
        EngineView v = engine_view(r.e);
        assert_int_equal(v.live, 0);
        assert_int_equal(r.list.ended, r.list.intents);
        assert_int_equal(v.dials, r.list.intents);
        dials += v.dials;
        talks += v.connected;
        rig_close(&r);
    }
    if (dials < 5000 || talks < 500)
        fail_msg("%lld dials, %lld talks: too little happened", (long long)dials, (long long)talks);
}

/* ---- whole days ------------------------------------------------------------------------------ */

typedef struct Day {
    EngineConfig cfg;
    SimWorld world;
    uint64_t seed;
    int agents, entries, minutes;
    int first_person;         /* another list: of those from him on */
    bool keep_log;
    MemList list;
    SimReport report;
} Day;

static void run_day(Day *d)
{
    AgentId ids[64];
    for (int i = 0; i < d->agents; i++)
        ids[i] = i + 1;
    mem_init(&d->list, d->entries, d->agents, &d->cfg);
    d->list.keep_log = d->keep_log;
    for (int i = 0; i < d->entries; i++)
        d->list.all[i].person = i + d->first_person;
    SimDay day = { .engine = &d->cfg, .world = &d->world, .seed = d->seed, .agents = ids,
                   .nagents = d->agents, .start = START, .end = START + d->minutes * INT64_C(60000),
                   .supply = mem_supply(&d->list), .observer = mem_observer(&d->list) };
    Error err = { 0 };
    if (!sim_run_day(&day, &d->report, &err))
        fail_msg("%s", err.msg);
}

/* Books that balance, whatever went wrong on the line. */
static void check_day(const Day *d)
{
    const EngineView *v = &d->report.view;
    int64_t sum = 0, agents_said = 0;
    if (d->list.wrong)
        fail_msg("seed %llu: %d wrong, first: %s", (unsigned long long)d->seed, d->list.wrong,
                 d->list.what);
    for (Result r = 0; r < RESULTS; r++) {
        assert_int_equal(v->results[r], d->list.results[r]);
        sum += v->results[r];
        agents_said += result_is_agents(r) ? v->results[r] : 0;
    }
    assert_int_equal(v->results[RESULT_NONE], 0);
    assert_int_equal(v->dials, sum);
    assert_int_equal(d->list.intents, sum);
    assert_int_equal(d->list.ended, sum);
    assert_int_equal(v->results[RESULT_ABANDONED], v->abandoned);
    assert_true(agents_said <= v->connected);
    assert_int_equal(v->live, 0);
    for (int i = 0; i < d->list.n; i++)
        assert_true(d->list.all[i].state != MEM_CALLING && d->list.number_calls[i] == 0);
    for (int i = 1; i <= d->agents; i++)
        assert_int_equal(d->list.agent_calls[i], 0);
}

static SimFaults all_faults(void)
{
    return (SimFaults){ .lost_event = .02, .late_answer = .1, .double_hangup = .1,
                        .bridge_fails = .03,
                        .mute_agent = .02, .link_every_s = 600, .link_down_s = 8 };
}

static void test_books_balance_over_200_seeds_with_faults(void **state)
{
    (void)state;
    int64_t dials = 0, abandoned = 0, strays = 0, results[RESULTS] = { 0 };
    for (uint64_t seed = 1; seed <= 200; seed++) {
        static const PaceMode modes[] = { PACE_PROGRESSIVE, PACE_RATIO, PACE_RATIO, PACE_PREVIEW };
        Day d = { .cfg = mode(modes[seed % 4], seed % 4 == 2 ? 4 : 2), .world = world_defaults(),
                  .seed = seed, .agents = 6, .entries = seed % 5 ? 2000 : 120, .minutes = 60 };
        d.world.faults = all_faults();
        d.world.pause_every_s = 900;
        d.cfg.pacing.max_calls = seed % 3 ? 0 : 9;
        run_day(&d);
        check_day(&d);
        dials += d.report.view.dials;
        abandoned += d.report.view.abandoned;
        strays += d.report.view.strays;
        for (Result r = 0; r < RESULTS; r++)
            results[r] += d.report.view.results[r];
        mem_release(&d.list);
    }
    assert_true(dials > 20000 && abandoned > 20 && strays > 100); /* the faults were really there */
    for (Result r = RESULT_NONE + 1; r < RESULTS; r++)
        assert_true(results[r] > 20 || r == RESULT_PLAYED || r == RESULT_MISSED);
}

static void test_same_seed_same_day(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 5; seed++) {
        Day days[4];
        for (int i = 0; i < 4; i++) {
            days[i] = (Day){ .cfg = mode(PACE_RATIO, 2), .world = world_defaults(), .agents = 8,
                             .minutes = 120, .seed = i == 2 ? seed + 100 : seed, .entries = 600,
                             .first_person = i == 3, .keep_log = true };
            days[i].world.faults = all_faults();
            run_day(&days[i]);
            check_day(&days[i]);
        }
        Str a = buf_as_str(&days[0].list.log);
        assert_true(a.n > 10000);
        assert_true(str_eq(a, buf_as_str(&days[1].list.log)));
        assert_false(str_eq(a, buf_as_str(&days[2].list.log)));       /* another seed */
        assert_false(str_eq(a, buf_as_str(&days[3].list.log)));       /* another list */
        for (int i = 0; i < 4; i++)
            mem_release(&days[i].list);
    }
}

static void test_progressive_never_dials_ahead(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 10; seed++) {
        Day d = { .cfg = mode(PACE_PROGRESSIVE, 1), .world = world_defaults(), .seed = seed,
                  .agents = 20, .entries = 5000, .minutes = 120 };
        run_day(&d);                      /* the watcher compares at each call placed */
        check_day(&d);
        assert_true(d.report.view.dials > 500);
        mem_release(&d.list);
    }
}

/* Agents who stay at their desks leave nobody waiting; nor does a cap of nothing at any ratio. */
static void test_no_abandoned_call_where_none_may_be(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++) {
        Day d = { .cfg = mode(i % 2 ? PACE_RATIO : PACE_PROGRESSIVE, 5), .world = world_defaults(),
                  .seed = (uint64_t)i + 1, .agents = 10, .entries = 5000, .minutes = 120 };
        d.cfg.pacing.abandon_cap = 0;
        d.world.pause_every_s = 0;
        run_day(&d);
        check_day(&d);
        assert_true(d.report.view.connected > 100);
        assert_int_equal(d.report.view.abandoned, 0);
        mem_release(&d.list);
    }
}

static void test_cap_holds_the_ratio_back(void **state)
{
    (void)state;
    double share[2];
    for (int capped = 0; capped < 2; capped++) {
        Day d = { .cfg = mode(PACE_RATIO, 6), .world = world_defaults(), .seed = 3, .agents = 8,
                  .entries = 9000, .minutes = 480 };
        d.cfg.pacing.abandon_cap = capped ? .03 : 1;
        run_day(&d);
        check_day(&d);
        share[capped] = (double)d.report.view.abandoned
                        / (double)(d.report.view.abandoned + d.report.view.connected);
        mem_release(&d.list);
    }
    assert_true(share[0] > .06);
    assert_true(share[1] < .035);
}

static void test_more_agents_talk_more(void **state)
{
    (void)state;
    int64_t talk[2];
    for (int i = 0; i < 2; i++) {
        Day d = { .cfg = mode(i ? PACE_RATIO : PACE_PROGRESSIVE, 2), .world = world_defaults(),
                  .seed = 4, .agents = 20, .entries = 20000, .minutes = 240 };
        run_day(&d);
        talk[i] = d.report.spent[AGENT_TALKING];
        mem_release(&d.list);
    }
    assert_true(talk[1] > talk[0] * 11 / 10);         /* dialling ahead is worth something */
}

static bool till_noon(void *self, int64_t now)
{
    return now < *(int64_t *)self;
}

static void test_a_day_can_be_broken_off(void **state)
{
    (void)state;
    EngineConfig cfg = mode(PACE_PROGRESSIVE, 1);
    SimWorld world = world_defaults();
    MemList list;
    AgentId ids[] = { 1, 2 };
    int64_t noon = START + 3600000;
    mem_init(&list, 500, 2, &cfg);
    SimDay day = { .engine = &cfg, .world = &world, .seed = 1, .agents = ids, .nagents = 2,
                   .start = START, .end = START + 8 * 3600000, .supply = mem_supply(&list),
                   .observer = mem_observer(&list), .go_on = till_noon, .self = &noon };
    SimReport report;
    Error err = { 0 };
    assert_false(sim_run_day(&day, &report, &err));
    assert_int_equal(err.code, ERR_INTERRUPTED);
    assert_true(report.ended_at >= noon && report.ended_at < noon + 600000);
    cfg.pacing.ring_ms = 1000;
    assert_false(sim_run_day(&day, &report, &err));
    assert_int_equal(err.code, ERR_INVALID);
    mem_release(&list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nonsense_does_no_harm),
        cmocka_unit_test(test_books_balance_over_200_seeds_with_faults),
        cmocka_unit_test(test_same_seed_same_day),
        cmocka_unit_test(test_progressive_never_dials_ahead),
        cmocka_unit_test(test_no_abandoned_call_where_none_may_be),
        cmocka_unit_test(test_cap_holds_the_ratio_back),
        cmocka_unit_test(test_more_agents_talk_more),
        cmocka_unit_test(test_a_day_can_be_broken_off),
    };
    return cmocka_run_group_tests_name("simulated days", tests, NULL, NULL);
}

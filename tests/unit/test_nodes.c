/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_nodes.c -- several machines under one engine: where calls and phones go, and what becomes of
 * both when a machine is away.
 */
#include "../sim/rig.h"

#include "dialer/drive.h"
#include "dialer/nodes.h"
#include "dialer/sim.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>               /* last: its macro `fail` is not ours */

enum { HEARD = 400 };

typedef struct Pair {
    Driver *d;
    int64_t now;
    CallId last;
    DriverEvent ev[HEARD];
    int n;
    char trouble[200];
    const char *home;         /* of agent 9 */
} Pair;

static void on_event(void *self, const DriverEvent *ev)
{
    Pair *p = self;
    assert_true(p->n < HEARD);
    if (ev->kind == DRIVER_TROUBLE)
        snprintf(p->trouble, sizeof p->trouble, "%s", ev->text);
    p->ev[p->n++] = *ev;
}

static int count(const Pair *p, DriverEventKind kind, int node)
{
    int n = 0;
    for (int i = 0; i < p->n; i++)
        n += p->ev[i].kind == kind && p->ev[i].node == node;
    return n;
}

static void run(Pair *p, int64_t ms)
{
    p->now += ms;
    p->d->ops->advance(p->d, p->now);
}

static bool order(Pair *p, DriverOrder o)
{
    Error err = { 0 };
    return driver_do(p->d, &o, &err);
}

static SwitchConfig machine(const char *name, int share, int max_calls)
{
    return (SwitchConfig){ .name = name, .adapter = "sim", .host = name, .dial = "{number}",
                           .caller = "", .share = share, .max_calls = max_calls };
}

static bool home_of(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    const Pair *p = self;
    if (agent != 9 || !p->home)
        return false;
    snprintf(out, DRIVER_PHONE, "%s", p->home);
    return true;
}

static void begin(Pair *p, int share_a, int share_b, int most_a)
{
    const SwitchConfig two[] = { machine("a", share_a, most_a), machine("b", share_b, 0) };
    SimWorld w = world_defaults();
    Error err = { 0 };
    w.by_number = true;
    *p = (Pair){ .now = START, .home = "b" };
    DriverHost host = { .sink = { p, on_event, NULL }, .self = p, .now = p->now, .seed = 1,
                        .world = &w, .home = home_of };
    p->d = drivers_open(two, 2, &host, &err);
    assert_non_null(p->d);
    run(p, 100);
    assert_int_equal(count(p, DRIVER_LINK_UP, 0), 1);
    assert_true(order(p, (DriverOrder){ .kind = ORDER_RECONCILE }));
    run(p, 100);
    assert_int_equal(p->ev[p->n - 1].kind, DRIVER_RECONCILED);
    p->n = 0;
}

static void finish(Pair *p)
{
    p->d->ops->close(p->d);
}

static void agents(Pair *p, AgentId from, AgentId to)
{
    for (AgentId id = from; id <= to; id++)
        assert_true(order(p, (DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = id }));
    run(p, 100);
}

static bool place(Pair *p, const char *number)
{
    DriverOrder o = { .kind = ORDER_PLACE, .call = ++p->last, .ring_ms = 20000 };
    snprintf(o.number, sizeof o.number, "%s", number);
    return order(p, o);
}

static void cut(Pair *p, int i, bool up)
{
    Driver *in = nodes_inner(p->d, i);
    sim_set_link(in, up);
    run(p, 100);
}

static void test_phones_by_share_and_calls_by_phones(void **state)
{
    (void)state;
    Pair p;
    begin(&p, 2, 1, 0);
    agents(&p, 1, 6);
    assert_int_equal(nodes_phones(p.d, 0), 4);
    assert_int_equal(nodes_phones(p.d, 1), 2);
    for (int i = 1; i <= 30; i++)
        assert_true(place(&p, "15552"));
    assert_int_equal(nodes_calls(p.d, 0), 20);
    assert_int_equal(nodes_calls(p.d, 1), 10);
    run(&p, 30000);
    assert_int_equal(nodes_calls(p.d, 0) + nodes_calls(p.d, 1), 0);
    finish(&p);
}

static void test_without_agents_calls_go_by_share(void **state)
{
    (void)state;
    Pair p;
    Buf text = { 0 };
    begin(&p, 2, 1, 7);
    for (int i = 0; i < 9; i++)
        assert_true(place(&p, "15552"));
    assert_int_equal(nodes_calls(p.d, 0), 6);
    for (int i = 0; i < 9; i++)
        assert_true(place(&p, "15552"));
    driver_tell(p.d, "", &text);
    assert_string_equal(text.s, "a 7 calls 0 phones, b 11 calls 0 phones");   /* its limit */
    buf_release(&text);
    finish(&p);
}

static void test_a_phone_is_at_home(void **state)
{
    (void)state;
    Pair p;
    begin(&p, 5, 1, 0);
    agents(&p, 9, 9);
    assert_int_equal(nodes_phones(p.d, 1), 1);
    cut(&p, 1, false);
    agents(&p, 9, 9);
    run(&p, 60000);
    assert_int_equal(nodes_phones(p.d, 0), 0);    /* he waits for his machine */
    p.n = 0;
    cut(&p, 1, true);
    run(&p, 1000);
    assert_int_equal(count(&p, DRIVER_AGENT_UP, 1), 1);
    finish(&p);
}

/* What was up on a machine that comes back is told, what is not there any more has ended. */
static void test_a_machine_goes_and_comes_back(void **state)
{
    (void)state;
    Pair p;
    begin(&p, 1, 1, 0);
    agents(&p, 1, 2);
    assert_true(place(&p, "15551") && place(&p, "15551"));
    assert_int_equal(nodes_calls(p.d, 1), 1);
    p.n = 0;
    cut(&p, 1, false);
    assert_int_equal(count(&p, DRIVER_NODE_DOWN, 1), 1);
    assert_int_equal(count(&p, DRIVER_LINK_DOWN, 1) + count(&p, DRIVER_LINK_DOWN, 0), 0);
    assert_non_null(strstr(p.trouble, "switch b is out of reach"));
    assert_true(place(&p, "15552") && place(&p, "15552"));
    assert_int_equal(nodes_calls(p.d, 0), 3);     /* all by the other */
    run(&p, 5000);
    assert_int_equal(count(&p, DRIVER_BUSY, 0), 1);
    assert_int_equal(nodes_calls(p.d, 1), 1);     /* not known */
    cut(&p, 1, true);
    assert_int_equal(count(&p, DRIVER_FAILED, 1), 1);
    assert_int_equal(count(&p, DRIVER_AGENT_UP, 1), 1);
    assert_int_equal(count(&p, DRIVER_NODE_UP, 1), 1);
    assert_int_equal(nodes_calls(p.d, 1), 0);
    assert_true(place(&p, "15552"));
    assert_int_equal(nodes_calls(p.d, 1), 1);
    finish(&p);
}

/* One that is not there yet has its part of the phones when it comes. */
static void test_phones_wait_for_who_comes_soon(void **state)
{
    (void)state;
    Pair p;
    begin(&p, 1, 1, 0);
    cut(&p, 1, false);
    agents(&p, 1, 4);
    assert_int_equal(nodes_phones(p.d, 0), 1);
    cut(&p, 1, true);
    run(&p, 200);
    assert_int_equal(nodes_phones(p.d, 0), 2);
    assert_int_equal(nodes_phones(p.d, 1), 2);
    finish(&p);
}

static void test_an_idle_agent_is_called_from_another(void **state)
{
    (void)state;
    Pair p;
    begin(&p, 1, 1, 0);
    agents(&p, 1, 2);
    cut(&p, 1, false);
    agents(&p, 2, 2);                             /* what the engine asks for */
    run(&p, 5000);
    assert_int_equal(nodes_phones(p.d, 0), 1);    /* it may be back soon */
    run(&p, 6000);
    assert_int_equal(nodes_phones(p.d, 0), 2);
    assert_int_equal(count(&p, DRIVER_AGENT_UP, 0), 2);
    cut(&p, 1, true);                             /* where his phone is still up */
    run(&p, 100);
    assert_int_equal(nodes_phones(p.d, 1), 0);
    assert_int_equal(count(&p, DRIVER_AGENT_DOWN, 0) + count(&p, DRIVER_AGENT_DOWN, 1), 0);
    finish(&p);
}

static void test_all_machines_away(void **state)
{
    (void)state;
    Pair p;
    begin(&p, 1, 1, 0);
    assert_true(place(&p, "15552") && place(&p, "15552"));
    cut(&p, 0, false);
    cut(&p, 1, false);
    assert_int_equal(p.ev[p.n - 1].kind, DRIVER_LINK_DOWN);
    assert_int_equal(driver_room(p.d), 0);
    p.n = 0;
    cut(&p, 1, true);
    assert_int_equal(count(&p, DRIVER_LINK_UP, 0), 1);
    assert_true(order(&p, (DriverOrder){ .kind = ORDER_RECONCILE }));
    run(&p, 100);
    assert_int_equal(count(&p, DRIVER_RINGING, 1), 1);
    assert_int_equal(count(&p, DRIVER_RINGING, 0), 1);    /* as far as is known */
    assert_int_equal(p.ev[p.n - 1].kind, DRIVER_RECONCILED);
    finish(&p);
}

static void test_a_machine_that_carries_nothing_rests(void **state)
{
    (void)state;
    Pair p;
    begin(&p, 1, 0, 1);
    assert_int_equal(driver_room(p.d), 1);        /* b stands by */
    for (int i = 0; i < 3; i++) {
        assert_true(place(&p, "15554"));
        run(&p, 30000);
    }
    assert_non_null(strstr(p.trouble, "switch a carries no calls"));
    assert_int_equal(count(&p, DRIVER_NODE_DOWN, 0), 1);
    assert_true(place(&p, "15552"));
    assert_int_equal(nodes_calls(p.d, 1), 1);
    run(&p, 60000);
    assert_int_equal(count(&p, DRIVER_NODE_UP, 0), 1);
    assert_true(place(&p, "15552"));
    assert_int_equal(nodes_calls(p.d, 0), 1);
    finish(&p);
}

/* ---- under the engine ------------------------------------------------------------------------ */

static void on_node(Rig *r, DriverEventKind kind, CallId call, AgentId agent, int node)
{
    engine_event(r->e, &(DriverEvent){ .at = r->now, .kind = kind, .call = call, .agent = agent,
                                       .node = node });
}

static void test_nobody_is_joined_across(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_RATIO, 2), 9);
    for (AgentId id = 1; id <= 2; id++) {
        wish(&r, id, AGENT_READY);
        expect(&r, ORDER_AGENT_CALL);
        on_node(&r, DRIVER_AGENT_UP, 0, id, (int)id - 1);
    }
    tick(&r, 0);
    for (int i = 0; i < 4; i++)
        expect(&r, ORDER_PLACE);
    on_node(&r, DRIVER_PERSON, 1, 0, 1);
    DriverOrder o = expect(&r, ORDER_BRIDGE);
    assert_true(o.call == 1 && o.agent == 2);     /* agent 1 has waited longer, elsewhere */
    on_node(&r, DRIVER_PERSON, 2, 0, 1);
    expect_none(&r);
    on_node(&r, DRIVER_NODE_DOWN, 0, 0, 0);       /* the idle one is called from another */
    assert_int_equal(expect(&r, ORDER_AGENT_CALL).agent, 1);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);
    on_node(&r, DRIVER_AGENT_UP, 0, 1, 1);
    o = expect(&r, ORDER_BRIDGE);
    assert_true(o.call == 2 && o.agent == 1);
    on_node(&r, DRIVER_NODE_DOWN, 0, 0, 1);       /* who talks goes on */
    expect_none(&r);
    assert_int_equal(state_of(&r, 2), AGENT_TALKING);
    rig_close(&r);
}

typedef struct Day { Rig r; Driver *d; int across; } Day;

static void day_event(void *self, const DriverEvent *ev)
{
    Day *day = self;
    day->across += ev->kind == DRIVER_BRIDGE_FAILED;
    engine_event(day->r.e, ev);
}

/* Who is in wrap-up says how it was; who was paused comes back. */
static void agents_go_on(Day *day)
{
    const Agent *a;
    Error err = { 0 };
    for (int i = 0; (a = engine_agent_at(day->r.e, i)); i++) {
        if (a->state == AGENT_WRAPUP && a->call >= 0)
            engine_result(day->r.e, day->r.now, a->id, RESULT_REFUSED, &err);
        else if (a->state == AGENT_PAUSED && !a->leg_wanted)
            engine_agent(day->r.e, day->r.now, a->id, AGENT_READY, &err);
    }
}

/* Two hours with three machines whose links drop every few minutes. The list checks what must hold
 * of each call and each agent; here: calls go on, all end, and nobody is joined across. */
static void test_hours_of_lost_links(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++) {
        static Day day;
        const SwitchConfig three[] = { machine("a", 1, 0), machine("b", 2, 0), machine("c", 0, 0) };
        SimWorld w = world_defaults();
        Error err = { 0 };
        w.faults = (SimFaults){ .link_every_s = 200, .link_down_s = 15, .lost_event = .001 };
        day = (Day){ .r = { .cfg = mode(PACE_PREDICTIVE, 1), .now = START } };
        Rig *r = &day.r;
        mem_init(&r->list, 5000, 12, &r->cfg);
        r->e = engine_new(&r->cfg, mem_supply(&r->list), mem_observer(&r->list), r->now);
        DriverHost host = { .sink = { &day, day_event, NULL }, .now = r->now, .seed = seed,
                            .world = &w };
        day.d = drivers_open(three, 3, &host, &err);
        engine_start(r->e, r->now);
        for (AgentId id = 1; id <= 12; id++)
            assert_true(engine_agent(r->e, r->now, id, AGENT_READY, &err));
        for (int64_t end = r->now + 2 * 3600000, stop = end - 1200000; r->now < end;) {
            r->now += 250;
            driver_advance(day.d, r->now);
            agents_go_on(&day);
            if (r->now == stop)
                engine_stop(r->e, r->now, false);
            drive(r->e, day.d, r->now);
        }
        EngineView v = engine_view(r->e);
        if (v.live || v.dials < 500 || v.connected < 100)
            fail_msg("seed %d: %d live, %d dials, %d connected", (int)seed, v.live, (int)v.dials,
                     (int)v.connected);
        assert_int_equal(day.across, 0);
        day.d->ops->close(day.d);
        rig_close(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_phones_by_share_and_calls_by_phones),
        cmocka_unit_test(test_without_agents_calls_go_by_share),
        cmocka_unit_test(test_a_phone_is_at_home),
        cmocka_unit_test(test_a_machine_goes_and_comes_back),
        cmocka_unit_test(test_phones_wait_for_who_comes_soon),
        cmocka_unit_test(test_an_idle_agent_is_called_from_another),
        cmocka_unit_test(test_all_machines_away),
        cmocka_unit_test(test_a_machine_that_carries_nothing_rests),
        cmocka_unit_test(test_nobody_is_joined_across),
        cmocka_unit_test(test_hours_of_lost_links),
    };
    return cmocka_run_group_tests_name("nodes", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_engine.c -- the engine fed by hand, then whole simulated days with everything going wrong.
 */
#include "dialer/simday.h"
#include "../sim/memlist.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#define START INT64_C(1893490200000)              /* 2030-01-01 09:30 UTC */

/* ---- an engine, a list, and a hand that plays the driver ------------------------------------- */

typedef struct Rig {
    EngineConfig cfg;
    MemList list;
    Engine *e;
    int64_t now;
} Rig;

static void event(Rig *r, DriverEventKind kind, CallId call, AgentId agent)
{
    engine_event(r->e, &(DriverEvent){ .at = r->now, .kind = kind, .call = call, .agent = agent });
}

static void call_is(Rig *r, DriverEventKind kind, CallId call)
{
    event(r, kind, call, 0);
}

/* The next order must be of this kind. */
static DriverOrder expect(Rig *r, DriverOrderKind kind)
{
    DriverOrder o;
    assert_true(engine_order(r->e, &o));
    assert_int_equal(o.kind, kind);
    return o;
}

static void expect_none(Rig *r)
{
    DriverOrder o;
    assert_false(engine_order(r->e, &o));
}

static void tick(Rig *r, int64_t ms)
{
    r->now += ms;
    engine_tick(r->e, r->now);
}

static void wish(Rig *r, AgentId id, AgentState state)
{
    Error err = { 0 };
    assert_true(engine_agent(r->e, r->now, id, state, &err));
}

static void ready(Rig *r, AgentId id)
{
    wish(r, id, AGENT_READY);
    assert_int_equal(expect(r, ORDER_AGENT_CALL).agent, id);
    event(r, DRIVER_AGENT_UP, 0, id);
    assert_int_equal(engine_find_agent(r->e, id)->state, AGENT_READY);
}

static AgentState state_of(Rig *r, AgentId id)
{
    return engine_find_agent(r->e, id)->state;
}

static void rig_open(Rig *r, EngineConfig cfg, int entries)
{
    *r = (Rig){ .cfg = cfg, .now = START };
    mem_init(&r->list, entries, 10, &r->cfg);
    r->e = engine_new(&r->cfg, mem_supply(&r->list), mem_observer(&r->list), r->now);
    call_is(r, DRIVER_LINK_UP, 0);
    expect(r, ORDER_RECONCILE);
    call_is(r, DRIVER_RECONCILED, 0);
    engine_start(r->e, r->now);
}

static void rig_close(Rig *r)
{
    if (r->list.wrong)
        fail_msg("%d wrong, first: %s", r->list.wrong, r->list.what);
    engine_free(r->e);
    mem_release(&r->list);
}

static EngineConfig mode(PaceMode m, double ratio)
{
    EngineConfig c = engine_defaults();
    c.pacing.mode = m;
    c.pacing.ratio = ratio;
    return c;
}

static void say(Rig *r, AgentId id, Result result)
{
    Error err = { 0 };
    assert_true(engine_result(r->e, r->now, id, result, &err));
}

/* ---- by hand --------------------------------------------------------------------------------- */

static void test_one_call_through(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    tick(&r, 0);
    expect_none(&r);                      /* nobody is there */
    assert_int_equal(engine_view(r.e).pace.why, PACE_NO_IDLE);
    ready(&r, 1);
    tick(&r, 0);
    DriverOrder o = expect(&r, ORDER_PLACE);
    assert_int_equal(o.call, 1);
    assert_string_equal(o.number, "+15550000000");
    assert_int_equal(o.ring_ms, 25000);
    assert_true(o.detect_machine);
    expect_none(&r);
    tick(&r, 9000);
    call_is(&r, DRIVER_RINGING, 1);
    call_is(&r, DRIVER_ANSWERED, 1);
    expect_none(&r);
    tick(&r, 800);
    call_is(&r, DRIVER_PERSON, 1);
    o = expect(&r, ORDER_BRIDGE);
    assert_true(o.call == 1 && o.agent == 1);
    call_is(&r, DRIVER_BRIDGED, 1);
    assert_int_equal(state_of(&r, 1), AGENT_TALKING);
    tick(&r, 60000);
    expect_none(&r);
    call_is(&r, DRIVER_HANGUP, 1);
    assert_int_equal(state_of(&r, 1), AGENT_WRAPUP);
    assert_int_equal(engine_view(r.e).live, 1);
    say(&r, 1, RESULT_APPOINTMENT);
    assert_int_equal(engine_view(r.e).live, 0);
    assert_int_equal(r.list.results[RESULT_APPOINTMENT], 1);
    tick(&r, 5000);
    expect_none(&r);                      /* still writing */
    wish(&r, 1, AGENT_READY);
    tick(&r, 0);
    assert_int_equal(expect(&r, ORDER_PLACE).call, 2);
    const Agent *a = engine_find_agent(r.e, 1);
    assert_int_equal(agent_time_in(a, AGENT_TALKING, r.now), 60000);
    assert_int_equal(agent_time_in(a, AGENT_WRAPUP, r.now), 5000);
    assert_int_equal(a->talks, 1);
    rig_close(&r);
}

static void test_nobody_free_is_abandoned_after_two_seconds(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_RATIO, 2), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    expect(&r, ORDER_PLACE);
    tick(&r, 5000);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    call_is(&r, DRIVER_BRIDGED, 1);
    call_is(&r, DRIVER_PERSON, 2);
    assert_int_equal(engine_wake(r.e), r.now + 2000);
    tick(&r, 1999);
    expect_none(&r);
    tick(&r, 1);
    DriverOrder o = expect(&r, ORDER_HANGUP);
    assert_true(o.call == 2 && o.why == HANGUP_ABANDON);
    assert_int_equal(engine_view(r.e).abandoned, 1);
    call_is(&r, DRIVER_HANGUP, 2);
    assert_int_equal(r.list.results[RESULT_ABANDONED], 1);
    rig_close(&r);
}

static void test_an_agent_in_time_saves_the_call(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_RATIO, 2), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    call_is(&r, DRIVER_PERSON, 2);
    tick(&r, 1500);
    wish(&r, 2, AGENT_READY);
    expect(&r, ORDER_AGENT_CALL);
    event(&r, DRIVER_AGENT_UP, 0, 2);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 2);
    tick(&r, 1500);
    assert_int_equal(engine_view(r.e).abandoned, 0);
    rig_close(&r);
}

static void test_days_before_count_for_the_cap(void **state)
{
    (void)state;
    for (int over = 0; over < 2; over++) {
        Rig r;
        EngineConfig c = mode(PACE_RATIO, 3);
        c.before = (Ledger){ 100, over ? 4 : 3 };
        rig_open(&r, c, 9);
        ready(&r, 1);
        tick(&r, 0);
        assert_int_equal(engine_view(r.e).pace.place, over ? 1 : 3);
        assert_int_equal(engine_view(r.e).pace.held_back, over);
        rig_close(&r);
    }
}

static void test_longest_idle_first(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 9);
    for (AgentId id = 3; id >= 1; id--) {
        ready(&r, id);
        r.now += 1000;
    }
    tick(&r, 0);
    for (int i = 0; i < 3; i++)
        expect(&r, ORDER_PLACE);
    static const AgentId order[] = { 3, 2, 1 };
    for (int i = 0; i < 3; i++) {
        call_is(&r, DRIVER_PERSON, i + 1);
        assert_int_equal(expect(&r, ORDER_BRIDGE).agent, order[i]);
    }
    rig_close(&r);
}

static void test_a_machine_is_hung_up(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_ANSWERED, 1);
    call_is(&r, DRIVER_MACHINE, 1);
    DriverOrder o = expect(&r, ORDER_HANGUP);
    assert_true(o.call == 1 && o.why == HANGUP_MACHINE);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);              /* the agent need not wait for the switch */
    call_is(&r, DRIVER_HANGUP, 1);
    assert_int_equal(r.list.results[RESULT_MACHINE], 1);
    rig_close(&r);
}

static void test_late_and_foreign_events(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_NO_ANSWER, 1);
    call_is(&r, DRIVER_NO_ANSWER, 1);     /* told twice */
    call_is(&r, DRIVER_HANGUP, 1);
    expect_none(&r);
    call_is(&r, DRIVER_ANSWERED, 1);      /* and then answered after all */
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 1);
    call_is(&r, DRIVER_PERSON, 999);      /* not ours */
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 999);
    event(&r, DRIVER_AGENT_UP, 0, 77);
    assert_int_equal(engine_view(r.e).strays, 5);
    assert_int_equal(r.list.ended, 1);
    rig_close(&r);
}

static void test_contradictions_are_counted(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    r.list.keep_log = true;
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_BRIDGED, 1);
    assert_int_equal(engine_view(r.e).unlisted, 1);
    assert_non_null(strstr(r.list.log.s, "bridged while placed"));
    assert_int_equal(engine_find_line(r.e, 1)->state, LINE_PLACED);
    rig_close(&r);
}

static void test_lost_events_are_timed_out(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    tick(&r, 34999);
    expect_none(&r);
    tick(&r, 1);
    DriverOrder o = expect(&r, ORDER_HANGUP);
    assert_true(o.call == 1 && o.why == HANGUP_CANCEL);
    expect(&r, ORDER_PLACE);
    tick(&r, 15000);
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 1);
    assert_int_equal(r.list.results[RESULT_FAILED], 1);
    call_is(&r, DRIVER_ANSWERED, 2);
    tick(&r, 6000);                       /* never told who answered: a person */
    assert_int_equal(expect(&r, ORDER_BRIDGE).call, 2);
    tick(&r, 3000);
    assert_int_equal(engine_find_line(r.e, 2)->state, LINE_TALKING);
    rig_close(&r);
}

static void test_silent_agent_is_paused(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    ready(&r, 2);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    expect(&r, ORDER_PLACE);
    for (CallId c = 1; c <= 2; c++) {
        call_is(&r, DRIVER_PERSON, c);
        expect(&r, ORDER_BRIDGE);
        call_is(&r, DRIVER_HANGUP, c);
    }
    say(&r, 2, RESULT_REFUSED);
    Error err = { 0 };
    assert_false(engine_agent(r.e, r.now, 1, AGENT_READY, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    assert_true(err.hint[0]);
    tick(&r, 179999);
    assert_int_equal(state_of(&r, 1), AGENT_WRAPUP);
    tick(&r, 1);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);      /* nothing was heard of him */
    assert_int_equal(state_of(&r, 2), AGENT_READY);       /* he only wrote too long */
    assert_int_equal(r.list.results[RESULT_FAILED], 1);
    rig_close(&r);
}

static void test_wishes_during_a_call(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    wish(&r, 1, AGENT_PAUSED);
    assert_int_equal(state_of(&r, 1), AGENT_TALKING);
    Error err = { 0 };
    assert_false(engine_result(r.e, r.now, 1, RESULT_BUSY, &err));
    assert_int_equal(err.code, ERR_INVALID);
    say(&r, 1, RESULT_REFUSED);           /* ends the talk */
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 1);
    assert_int_equal(state_of(&r, 1), AGENT_WRAPUP);
    assert_false(engine_result(r.e, r.now, 1, RESULT_REFUSED, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    tick(&r, 180000);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);
    wish(&r, 1, AGENT_OFF);
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 1);   /* of the clearing line's deadline */
    assert_int_equal(expect(&r, ORDER_AGENT_DROP).agent, 1);
    assert_false(engine_result(r.e, r.now, 9, RESULT_REFUSED, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    rig_close(&r);
}

static void test_agents_phone_drops(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    call_is(&r, DRIVER_BRIDGED, 1);
    event(&r, DRIVER_AGENT_DOWN, 0, 1);
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 1);
    assert_int_equal(state_of(&r, 1), AGENT_WRAPUP);
    say(&r, 1, RESULT_CALLBACK);
    wish(&r, 1, AGENT_READY);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);      /* until his phone is up again */
    expect(&r, ORDER_AGENT_CALL);
    event(&r, DRIVER_AGENT_UP, 0, 1);
    assert_int_equal(state_of(&r, 1), AGENT_READY);
    event(&r, DRIVER_AGENT_DOWN, 0, 1);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);
    rig_close(&r);
}

static void test_a_dropped_phone_is_not_rung_unasked(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    event(&r, DRIVER_AGENT_DOWN, 0, 1);
    expect(&r, ORDER_HANGUP);
    say(&r, 1, RESULT_CALLBACK);
    tick(&r, 180000);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);
    expect_none(&r);
    rig_close(&r);
}

static void test_a_failed_bridge_keeps_its_place(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_RATIO, 2), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    call_is(&r, DRIVER_PERSON, 2);        /* came later, and waits */
    call_is(&r, DRIVER_BRIDGE_FAILED, 1);
    expect_none(&r);
    wish(&r, 2, AGENT_READY);
    expect(&r, ORDER_AGENT_CALL);
    event(&r, DRIVER_AGENT_UP, 0, 2);
    assert_int_equal(expect(&r, ORDER_BRIDGE).call, 1);
    rig_close(&r);
}

static void test_an_empty_list_is_asked_when_it_said(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 1);
    ready(&r, 1);
    ready(&r, 2);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    int64_t claims = r.list.claims;
    for (int i = 0; i < 10; i++)
        tick(&r, 1000);
    assert_int_equal(r.list.claims, claims);
    assert_int_equal(engine_view(r.e).pace.why, PACE_NO_ENTRY);
    call_is(&r, DRIVER_BUSY, 1);          /* the entry rests for half an hour from now */
    tick(&r, 0);
    int64_t due = r.now + 30 * 60000;
    assert_true(engine_wake(r.e) <= due);
    claims = r.list.claims;
    tick(&r, 60000);                      /* past all deadlines of the call that was */
    assert_int_equal(engine_wake(r.e), due);
    tick(&r, 29 * 60000 - 1);
    assert_int_equal(r.list.claims, claims);
    tick(&r, 1);
    assert_int_equal(expect(&r, ORDER_PLACE).attempt, 2);
    claims = r.list.claims;
    engine_more(r.e, r.now);              /* somebody added entries */
    tick(&r, 0);
    assert_int_equal(r.list.claims, claims + 1);
    rig_close(&r);
}

static void test_bridge_failure_goes_to_another(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    ready(&r, 2);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 1);
    call_is(&r, DRIVER_BRIDGE_FAILED, 1);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 2);
    call_is(&r, DRIVER_BRIDGED, 1);
    assert_int_equal(engine_find_line(r.e, 1)->agent, 2);
    rig_close(&r);
}

static void test_preview(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PREVIEW, 1), 3);
    ready(&r, 1);
    tick(&r, 0);
    expect_none(&r);
    Error err = { 0 };
    Entry shown;
    assert_false(engine_dial(r.e, r.now, 1, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    assert_true(engine_offer(r.e, r.now, 1, &shown, &err));
    assert_int_equal(shown.id, 1);
    assert_int_equal(r.list.intents, 0);
    assert_false(engine_offer(r.e, r.now, 1, &shown, &err));
    assert_true(engine_skip(r.e, r.now, 1, STR("met him yesterday"), &err));
    assert_int_equal(r.list.put_backs, 1);
    assert_true(engine_offer(r.e, r.now, 1, &shown, &err));
    assert_int_equal(shown.id, 2);
    assert_true(engine_dial(r.e, r.now, 1, &err));
    assert_int_equal(state_of(&r, 1), AGENT_DIALLING);
    DriverOrder o = expect(&r, ORDER_PLACE);
    assert_true(o.agent == 1 && !o.detect_machine);
    call_is(&r, DRIVER_BUSY, 1);
    assert_int_equal(state_of(&r, 1), AGENT_READY);
    assert_true(engine_offer(r.e, r.now, 1, &shown, &err));
    assert_true(engine_dial(r.e, r.now, 1, &err));
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_ANSWERED, 2);
    call_is(&r, DRIVER_PERSON, 2);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 1);
    say(&r, 1, RESULT_MACHINE);           /* who listens may say so */
    wish(&r, 1, AGENT_READY);
    assert_false(engine_offer(r.e, r.now, 1, &shown, &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    rig_close(&r);
}

static void test_own_call_is_cancelled_by_its_agent(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PREVIEW, 1), 3);
    ready(&r, 1);
    Error err = { 0 };
    assert_true(engine_offer(r.e, r.now, 1, NULL, &err) && engine_dial(r.e, r.now, 1, &err));
    expect(&r, ORDER_PLACE);
    assert_true(engine_hangup(r.e, r.now, 1, &err));
    assert_int_equal(expect(&r, ORDER_HANGUP).why, HANGUP_CANCEL);
    assert_int_equal(state_of(&r, 1), AGENT_READY);
    assert_false(engine_hangup(r.e, r.now, 1, &err));
    rig_close(&r);
}

static void test_a_number_is_in_one_call_only(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 3);
    r.list.all[1].person = 0;             /* the first two entries are one person */
    ready(&r, 1);
    ready(&r, 2);
    tick(&r, 0);
    assert_string_equal(expect(&r, ORDER_PLACE).number, "+15550000000");
    tick(&r, 0);
    assert_string_equal(expect(&r, ORDER_PLACE).number, "+15550000002");
    tick(&r, 0);
    expect_none(&r);
    assert_int_equal(r.list.put_backs, 1);
    call_is(&r, DRIVER_BUSY, 1);
    tick(&r, 60000);
    assert_string_equal(expect(&r, ORDER_HANGUP).number, "");
    assert_string_equal(expect(&r, ORDER_PLACE).number, "+15550000000");
    rig_close(&r);
}

static void test_no_intent_no_call(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 3);
    r.list.refuse_intents = true;
    ready(&r, 1);
    tick(&r, 0);
    expect_none(&r);
    assert_int_equal(engine_view(r.e).pace.why, PACE_NO_STORE);
    assert_int_equal(r.list.put_backs, 1);
    assert_int_equal(engine_wake(r.e), r.now + 5000);
    r.list.refuse_intents = false;
    tick(&r, 4999);
    expect_none(&r);
    tick(&r, 1);
    expect(&r, ORDER_PLACE);
    assert_int_equal(engine_view(r.e).pace.why, PACE_DIALLING);
    rig_close(&r);
}

static void refuse_all(Rig *r)
{
    DriverOrder o;
    Error why = { 0 };
    (fail)(&why, ERR_FAILED, "no such trunk");   /* the function; cmocka has a macro of that name */
    while (engine_order(r->e, &o))
        engine_refused(r->e, &o, &why);
}

static void test_refusals_stop_before_the_list_is_burnt(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 100);
    ready(&r, 1);
    for (int i = 0; i < 20; i++) {
        tick(&r, 1000);
        refuse_all(&r);
    }
    assert_int_equal(r.list.results[RESULT_FAILED], 5);
    assert_false(engine_view(r.e).running);
    assert_int_equal(engine_view(r.e).pace.why, PACE_STOPPED);
    rig_close(&r);

    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 100);     /* now and then is no reason to stop */
    ready(&r, 1);
    for (int i = 0; i < 20; i++) {
        tick(&r, 1000);
        if (i % 4 != 3) {
            refuse_all(&r);
        } else {
            call_is(&r, DRIVER_BUSY, expect(&r, ORDER_PLACE).call);
        }
    }
    assert_int_equal(r.list.results[RESULT_FAILED], 15);
    assert_true(engine_view(r.e).running);
    rig_close(&r);
}

static void test_link_lost_and_found(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 9);
    for (AgentId id = 1; id <= 3; id++)
        ready(&r, id);
    tick(&r, 0);
    for (int i = 0; i < 3; i++)
        expect(&r, ORDER_PLACE);
    for (CallId c = 1; c <= 2; c++) {
        call_is(&r, DRIVER_PERSON, c);
        expect(&r, ORDER_BRIDGE);
        call_is(&r, DRIVER_BRIDGED, c);
    }
    call_is(&r, DRIVER_LINK_DOWN, 0);
    tick(&r, 5000);
    expect_none(&r);
    assert_int_equal(engine_view(r.e).pace.why, PACE_NO_LINK);
    call_is(&r, DRIVER_LINK_UP, 0);
    expect(&r, ORDER_RECONCILE);
    tick(&r, 10);
    expect_none(&r);                      /* no new call before all is known */
    call_is(&r, DRIVER_ANSWERED, 2);
    call_is(&r, DRIVER_PERSON, 2);
    call_is(&r, DRIVER_BRIDGED, 2);
    event(&r, DRIVER_AGENT_UP, 0, 1);
    event(&r, DRIVER_AGENT_UP, 0, 2);
    call_is(&r, DRIVER_RECONCILED, 0);
    assert_int_equal(state_of(&r, 1), AGENT_WRAPUP);      /* his customer has gone */
    assert_int_equal(state_of(&r, 2), AGENT_TALKING);
    assert_int_equal(state_of(&r, 3), AGENT_PAUSED);      /* his phone is not up any more */
    assert_int_equal(r.list.results[RESULT_FAILED], 1);   /* the call that rang */
    rig_close(&r);
}

static void test_stop(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 9);
    ready(&r, 1);
    ready(&r, 2);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    engine_stop(r.e, r.now, false);
    tick(&r, 1000);
    expect_none(&r);
    assert_int_equal(engine_view(r.e).live, 2);
    engine_stop(r.e, r.now, true);
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 1);
    assert_int_equal(expect(&r, ORDER_HANGUP).call, 2);
    call_is(&r, DRIVER_HANGUP, 1);
    call_is(&r, DRIVER_HANGUP, 2);
    say(&r, 1, RESULT_CALLBACK);
    assert_int_equal(engine_view(r.e).live, 0);
    rig_close(&r);
}

static void test_time_does_not_run_backwards(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 9);
    ready(&r, 1);
    tick(&r, 5000);
    expect(&r, ORDER_PLACE);
    engine_event(r.e, &(DriverEvent){ .at = r.now - 60000, .kind = DRIVER_ANSWERED, .call = 1 });
    const Line *l = engine_find_line(r.e, 1);
    assert_int_equal(l->answered_at, r.now);
    rig_close(&r);
}

/* ---- at random -------------------------------------------------------------------------------- */

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
        assert_true(results[r] > 20);
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
        cmocka_unit_test(test_one_call_through),
        cmocka_unit_test(test_nobody_free_is_abandoned_after_two_seconds),
        cmocka_unit_test(test_an_agent_in_time_saves_the_call),
        cmocka_unit_test(test_days_before_count_for_the_cap),
        cmocka_unit_test(test_longest_idle_first),
        cmocka_unit_test(test_a_machine_is_hung_up),
        cmocka_unit_test(test_late_and_foreign_events),
        cmocka_unit_test(test_contradictions_are_counted),
        cmocka_unit_test(test_lost_events_are_timed_out),
        cmocka_unit_test(test_silent_agent_is_paused),
        cmocka_unit_test(test_wishes_during_a_call),
        cmocka_unit_test(test_agents_phone_drops),
        cmocka_unit_test(test_a_dropped_phone_is_not_rung_unasked),
        cmocka_unit_test(test_bridge_failure_goes_to_another),
        cmocka_unit_test(test_a_failed_bridge_keeps_its_place),
        cmocka_unit_test(test_an_empty_list_is_asked_when_it_said),
        cmocka_unit_test(test_preview),
        cmocka_unit_test(test_own_call_is_cancelled_by_its_agent),
        cmocka_unit_test(test_a_number_is_in_one_call_only),
        cmocka_unit_test(test_no_intent_no_call),
        cmocka_unit_test(test_refusals_stop_before_the_list_is_burnt),
        cmocka_unit_test(test_link_lost_and_found),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_time_does_not_run_backwards),
        cmocka_unit_test(test_nonsense_does_no_harm),
        cmocka_unit_test(test_books_balance_over_200_seeds_with_faults),
        cmocka_unit_test(test_same_seed_same_day),
        cmocka_unit_test(test_progressive_never_dials_ahead),
        cmocka_unit_test(test_no_abandoned_call_where_none_may_be),
        cmocka_unit_test(test_cap_holds_the_ratio_back),
        cmocka_unit_test(test_more_agents_talk_more),
        cmocka_unit_test(test_a_day_can_be_broken_off),
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_engine.c -- the engine fed by hand: calls, the list, the link, stopping.
 */
#include "../sim/rig.h"

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
    tick(&r, 45000);
    expect_none(&r);                      /* the customer hears a message out */
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

/* To think of what ten idle agents could take is for nothing where three calls can be had. */
static void test_of_a_short_list_little_is_wanted(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PREDICTIVE, 1), 3);
    for (int i = 1; i <= 10; i++)
        ready(&r, i);
    tick(&r, 0);
    assert_true(r.list.wanted >= 10);
    for (int call = 1; call <= 3; call++) {
        expect(&r, ORDER_PLACE);
        call_is(&r, DRIVER_BUSY, call);
    }
    tick(&r, 0);                          /* the list says when one of them is due again */
    int64_t claims = r.list.claims;
    for (int s = 0; s < 30 * 60 - 1; s++)
        tick(&r, 1000);
    assert_int_equal(r.list.claims, claims);
    assert_int_equal(engine_view(r.e).pace.why, PACE_NO_ENTRY);
    tick(&r, 1000);
    for (int call = 4; call <= 6; call++)
        expect(&r, ORDER_PLACE);
    assert_true(r.list.wanted <= 8);
    engine_more(r.e, r.now);              /* the list has got longer: everything is thought of */
    tick(&r, 500);
    assert_true(r.list.wanted > 8);
    rig_close(&r);
}

static void test_why_nothing_is_dialled_on_a_full_disk(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PREDICTIVE, 1), 50);
    r.list.refuse_intents = true;
    for (int i = 1; i <= 10; i++)
        ready(&r, i);
    for (int i = 0; i < 10; i++) {
        tick(&r, 500);
        assert_int_equal(engine_view(r.e).pace.why, PACE_NO_STORE);
    }
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

static int orders_to_place(Rig *r)
{
    DriverOrder o;
    int n = 0;
    while (engine_order(r->e, &o))
        n += o.kind == ORDER_PLACE;
    return n;
}

/* So that what happens meanwhile does not wait for all of it. */
/* At midnight what this run had added is in the ledgers that are given anew. */
static void test_a_new_day_has_ledgers_of_its_own(void **state)
{
    (void)state;
    Rig r;
    EngineConfig c = mode(PACE_RATIO, 3);
    c.before = (Ledger){ 100, 3 };
    rig_open(&r, c, 40);
    ready(&r, 1);
    tick(&r, 0);
    assert_int_equal(orders_to_place(&r), 3);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    call_is(&r, DRIVER_PERSON, 2);
    call_is(&r, DRIVER_BUSY, 3);
    tick(&r, 2000);
    assert_int_equal(engine_view(r.e).abandoned, 1);
    expect(&r, ORDER_HANGUP);
    call_is(&r, DRIVER_HANGUP, 2);
    call_is(&r, DRIVER_HANGUP, 1);
    say(&r, 1, RESULT_REFUSED);
    wish(&r, 1, AGENT_READY);
    tick(&r, 1000);
    assert_int_equal(engine_view(r.e).pace.held_back, PACE_CARE_CAP);     /* 4 of 102 */
    assert_int_equal(orders_to_place(&r), 1);
    engine_new_day(r.e, (Ledger){ 50, 1 }, (Ledger){ 0 });
    tick(&r, 1000);
    assert_int_equal(engine_view(r.e).pace.held_back, PACE_CARE_NONE);    /* 1 of 50, not 2 of 52 */
    assert_int_equal(orders_to_place(&r), 2);
    rig_close(&r);
}

static void test_a_large_decision_is_placed_in_turns(void **state)
{
    (void)state;
    Rig r;
    int placed = 0, turns = 0;
    rig_open(&r, mode(PACE_RATIO, 10), 200);
    for (int i = 1; i <= 10; i++)
        ready(&r, i);
    for (; turns < 10 && (turns == 0 || engine_wake(r.e) == r.now + 1); turns++) {
        tick(&r, turns > 0);
        int n = orders_to_place(&r);
        assert_in_range(n, 1, 64);
        placed += n;
    }
    assert_int_equal(placed, 100);
    assert_int_equal(turns, 2);
    assert_int_equal(engine_view(r.e).dials, 100);
    tick(&r, 1);
    assert_int_equal(orders_to_place(&r), 0);
    rig_close(&r);
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
    DriverOrder o = expect(&r, ORDER_HANGUP);
    assert_true(o.call == 1 && o.why == HANGUP_ABANDON);  /* somebody listens: he is told why */
    call_is(&r, DRIVER_PERSON, 999);      /* not ours */
    o = expect(&r, ORDER_HANGUP);
    assert_true(o.call == 999 && o.why == HANGUP_ABANDON);
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

/* How many calls go out in ten minutes to a carrier that takes none. */
static int dead_calls(Rig *r)
{
    DriverOrder o;
    int calls = 0;
    for (int i = 0; i < 6000; i++) {
        tick(r, 100);
        while (engine_order(r->e, &o))
            if (o.kind == ORDER_PLACE) {
                calls++;
                call_is(r, DRIVER_FAILED, o.call);
            }
    }
    return calls;
}

static void test_a_dead_carrier_is_tried_now_and_then(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 400);
    for (AgentId id = 1; id <= 4; id++)
        ready(&r, id);
    int calls = dead_calls(&r);
    assert_true(calls >= 12 && calls <= 24);      /* ten or so, then after 5, 10, 20 ... seconds */
    assert_true(engine_view(r.e).running);
    assert_int_equal(engine_view(r.e).pace.why, PACE_DEAD_LINE);
    assert_true(engine_wake(r.e) <= r.now + 300000);
    assert_false(engine_can_dial(r.e));
    tick(&r, 300000);
    CallId call = expect(&r, ORDER_PLACE).call;
    expect_none(&r);
    tick(&r, 1000);
    expect_none(&r);                      /* one at a time, until it rings */
    call_is(&r, DRIVER_RINGING, call);
    tick(&r, 100);
    for (int i = 0; i < 3; i++)
        expect(&r, ORDER_PLACE);
    assert_int_equal(engine_view(r.e).pace.why, PACE_DIALLING);
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

static void test_room_limits_and_frees(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 9);
    for (AgentId id = 1; id <= 4; id++)
        ready(&r, id);
    engine_room(r.e, 0);
    tick(&r, 0);
    expect_none(&r);
    assert_int_equal(engine_view(r.e).pace.why, PACE_ALL_LINES);
    engine_room(r.e, 3);
    tick(&r, 0);
    for (int i = 0; i < 3; i++)
        expect(&r, ORDER_PLACE);
    expect_none(&r);
    assert_int_equal(engine_view(r.e).pace.why, PACE_DIALLING);
    rig_close(&r);
}

static void test_a_trunk_that_is_unknown_stops_dialling(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 9);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    engine_event(r.e, &(DriverEvent){ .at = r.now, .kind = DRIVER_TROUBLE, .text = "a login" });
    assert_true(engine_view(r.e).running);
    engine_event(r.e, &(DriverEvent){ .at = r.now, .kind = DRIVER_TROUBLE, .call = 1,
                                      .text = "no such trunk" });
    assert_false(engine_view(r.e).running);
    call_is(&r, DRIVER_FAILED, 1);
    tick(&r, 60000);
    expect_none(&r);
    rig_close(&r);
}

/* ---- calls in -------------------------------------------------------------------------------- */

static void take(Rig *r, CallId incoming, CallId call)
{
    engine_take(r->e, r->now, incoming, call, "+15559990000", 0, false);
    DriverOrder o = expect(r, ORDER_TAKE);
    assert_true(o.incoming == incoming && o.call == call && o.wait_ms == r->cfg.hold_ms);
    call_is(r, DRIVER_PERSON, call);
}

/* An agent comes for whom somebody waits. */
static void comes(Rig *r, AgentId id)
{
    wish(r, id, AGENT_READY);
    expect(r, ORDER_AGENT_CALL);
    event(r, DRIVER_AGENT_UP, 0, id);
}

static void test_a_call_in_goes_to_who_is_idle(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PREVIEW, 1), 5);
    ready(&r, 2);
    tick(&r, 1000);
    ready(&r, 1);
    take(&r, -1, 700);
    assert_true(engine_has_taken(r.e, -1) && !engine_has_taken(r.e, -2));
    DriverOrder o = expect(&r, ORDER_BRIDGE);
    assert_true(o.call == 700 && o.agent == 2);
    call_is(&r, DRIVER_BRIDGED, 700);
    assert_int_equal(state_of(&r, 2), AGENT_TALKING);
    call_is(&r, DRIVER_HANGUP, 700);
    say(&r, 2, RESULT_ACCEPTED);
    EngineView v = engine_view(r.e);
    assert_true(v.taken == 1 && v.dials == 0 && v.connected == 0 && v.abandoned == 0);
    assert_int_equal(v.results[RESULT_ACCEPTED], 1);
    assert_false(engine_has_taken(r.e, -1));
    rig_close(&r);
}

static void test_a_call_in_that_waits_too_long_is_missed(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    take(&r, -1, 700);
    assert_int_equal(engine_view(r.e).holding, 1);
    tick(&r, r.cfg.hold_ms - 1);
    expect_none(&r);
    tick(&r, 1);
    DriverOrder o = expect(&r, ORDER_HANGUP);
    assert_true(o.call == 700 && o.why == HANGUP_ABANDON);
    call_is(&r, DRIVER_HANGUP, 700);
    take(&r, -2, 701);
    call_is(&r, DRIVER_HANGUP, 701);      /* he gives up */
    engine_take(r.e, r.now, -3, 702, "", 0, false);
    o = expect(&r, ORDER_TAKE);
    engine_refused(r.e, &o, &(Error){ .code = ERR_NOT_FOUND });      /* he has left already */
    engine_take(r.e, r.now, -4, 703, "", 0, true);
    expect(&r, ORDER_TAKE);
    assert_int_equal(expect(&r, ORDER_HANGUP).why, HANGUP_ABANDON);
    call_is(&r, DRIVER_HANGUP, 703);
    engine_take(r.e, r.now, -5, 704, "", 0, true);
    o = expect(&r, ORDER_TAKE);
    expect(&r, ORDER_HANGUP);
    engine_refused(r.e, &o, &(Error){ .code = ERR_NOT_FOUND });
    EngineView v = engine_view(r.e);
    assert_true(v.taken == 5 && v.results[RESULT_MISSED] == 5 && v.unlisted == 0);
    assert_true(v.live == 0 && v.abandoned == 0);
    rig_close(&r);
}

static void test_an_agent_answers_a_call_in_himself(void **state)
{
    (void)state;
    Rig r;
    Error err = { 0 };
    Entry shown;
    rig_open(&r, mode(PACE_PREVIEW, 1), 5);
    ready(&r, 1);
    ready(&r, 2);
    assert_true(engine_offer(r.e, r.now, 2, &shown, &err));
    engine_take(r.e, r.now, -1, 700, "+15559990000", 2, false);
    expect(&r, ORDER_TAKE);
    assert_int_equal(state_of(&r, 2), AGENT_DIALLING);
    call_is(&r, DRIVER_PERSON, 700);
    DriverOrder o = expect(&r, ORDER_BRIDGE);
    assert_true(o.call == 700 && o.agent == 2);     /* though the other has been idle longer */
    call_is(&r, DRIVER_BRIDGED, 700);
    engine_take(r.e, r.now, -2, 701, "", 2, false); /* he is in a call: it is anybody's */
    expect(&r, ORDER_TAKE);
    call_is(&r, DRIVER_PERSON, 701);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 1);
    call_is(&r, DRIVER_HANGUP, 700);
    say(&r, 2, RESULT_ACCEPTED);
    wish(&r, 2, AGENT_READY);
    assert_true(engine_offer(r.e, r.now, 2, &shown, &err));         /* it was put back */
    engine_take(r.e, r.now, -3, 702, "", 2, false);
    o = expect(&r, ORDER_TAKE);
    engine_refused(r.e, &o, &(Error){ .code = ERR_NOT_FOUND });      /* he has left already */
    assert_int_equal(state_of(&r, 2), AGENT_READY);
    assert_int_equal(engine_view(r.e).results[RESULT_MISSED], 1);
    rig_close(&r);
}

static void test_whose_time_ends_first_goes_first(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_RATIO, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    take(&r, -1, 700);
    assert_int_equal(expect(&r, ORDER_BRIDGE).call, 700);
    take(&r, -2, 701);
    tick(&r, 1000);
    call_is(&r, DRIVER_PERSON, 1);        /* he has two seconds, who called in has a minute */
    comes(&r, 2);
    DriverOrder o = expect(&r, ORDER_BRIDGE);
    assert_true(o.call == 1 && o.agent == 2);
    tick(&r, r.cfg.hold_ms - 1500);
    comes(&r, 3);
    assert_int_equal(expect(&r, ORDER_BRIDGE).call, 701);
    expect_none(&r);
    rig_close(&r);
}

static int only_agent_two(void *self, const Line *l, AgentId agent)
{
    (void)self;
    return !l->in ? 0 : agent == 2 ? 5 : -1;
}

static void test_a_call_in_goes_to_whom_it_suits(void **state)
{
    (void)state;
    Rig r = { 0 };
    rig_open(&r, mode(PACE_PREVIEW, 1), 5);
    engine_free(r.e);
    Supply supply = mem_supply(&r.list);
    supply.fit = only_agent_two;
    r.e = engine_new(&r.cfg, supply, mem_observer(&r.list), r.now);
    call_is(&r, DRIVER_LINK_UP, 0);
    expect(&r, ORDER_RECONCILE);
    call_is(&r, DRIVER_RECONCILED, 0);
    ready(&r, 1);
    take(&r, -1, 700);
    expect_none(&r);                      /* agent 1 has not the skill */
    comes(&r, 2);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 2);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_call_through),
        cmocka_unit_test(test_nobody_free_is_abandoned_after_two_seconds),
        cmocka_unit_test(test_an_agent_in_time_saves_the_call),
        cmocka_unit_test(test_of_a_short_list_little_is_wanted),
        cmocka_unit_test(test_why_nothing_is_dialled_on_a_full_disk),
        cmocka_unit_test(test_days_before_count_for_the_cap),
        cmocka_unit_test(test_a_new_day_has_ledgers_of_its_own),
        cmocka_unit_test(test_a_large_decision_is_placed_in_turns),
        cmocka_unit_test(test_longest_idle_first),
        cmocka_unit_test(test_a_machine_is_hung_up),
        cmocka_unit_test(test_late_and_foreign_events),
        cmocka_unit_test(test_contradictions_are_counted),
        cmocka_unit_test(test_lost_events_are_timed_out),
        cmocka_unit_test(test_an_empty_list_is_asked_when_it_said),
        cmocka_unit_test(test_a_number_is_in_one_call_only),
        cmocka_unit_test(test_no_intent_no_call),
        cmocka_unit_test(test_refusals_stop_before_the_list_is_burnt),
        cmocka_unit_test(test_a_dead_carrier_is_tried_now_and_then),
        cmocka_unit_test(test_link_lost_and_found),
        cmocka_unit_test(test_stop),
        cmocka_unit_test(test_time_does_not_run_backwards),
        cmocka_unit_test(test_room_limits_and_frees),
        cmocka_unit_test(test_a_call_in_goes_to_who_is_idle),
        cmocka_unit_test(test_a_call_in_that_waits_too_long_is_missed),
        cmocka_unit_test(test_an_agent_answers_a_call_in_himself),
        cmocka_unit_test(test_whose_time_ends_first_goes_first),
        cmocka_unit_test(test_a_call_in_goes_to_whom_it_suits),
        cmocka_unit_test(test_a_trunk_that_is_unknown_stops_dialling),
    };
    return cmocka_run_group_tests_name("engine", tests, NULL, NULL);
}

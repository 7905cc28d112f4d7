/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_engine_agents.c -- the engine fed by hand: what agents do, and what befalls them.
 */
#include "../sim/rig.h"

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
    call_is(&r, DRIVER_BRIDGED, 1);
    event(&r, DRIVER_AGENT_DOWN, 0, 1);
    expect(&r, ORDER_HANGUP);
    say(&r, 1, RESULT_CALLBACK);
    tick(&r, 180000);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);
    expect_none(&r);
    rig_close(&r);
}

/* Who comes to work while there is no link is rung when there is one. */
static void test_a_phone_is_rung_once_there_is_a_link(void **state)
{
    (void)state;
    Rig r;
    Error err = { 0 };
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 2);
    call_is(&r, DRIVER_LINK_DOWN, 0);
    assert_true(engine_agent(r.e, r.now, 1, AGENT_READY, &err));
    tick(&r, 10);
    expect_none(&r);
    call_is(&r, DRIVER_LINK_UP, 0);
    expect(&r, ORDER_RECONCILE);
    call_is(&r, DRIVER_RECONCILED, 0);
    expect(&r, ORDER_AGENT_CALL);
    event(&r, DRIVER_AGENT_UP, 0, 1);
    assert_int_equal(state_of(&r, 1), AGENT_READY);
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

static void test_own_calls_take_the_room_there_is(void **state)
{
    (void)state;
    Rig r;
    Error err = { 0 };
    rig_open(&r, mode(PACE_PREVIEW, 1), 9);
    for (AgentId id = 1; id <= 3; id++) {
        ready(&r, id);
        assert_true(engine_offer(r.e, r.now, id, NULL, &err));
    }
    engine_room(r.e, 2);
    assert_true(engine_can_dial(r.e) && engine_dial(r.e, r.now, 1, &err));
    engine_room(r.e, 2);                  /* said again before the order was carried out */
    assert_true(engine_dial(r.e, r.now, 2, &err));
    assert_false(engine_can_dial(r.e) || engine_dial(r.e, r.now, 3, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    assert_int_equal(state_of(&r, 3), AGENT_PREVIEW);     /* and nothing was written */
    expect(&r, ORDER_PLACE);
    expect(&r, ORDER_PLACE);
    expect_none(&r);
    rig_close(&r);
}

static void test_a_phone_that_drops_before_the_talk_costs_no_customer(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 1);
    event(&r, DRIVER_AGENT_DOWN, 0, 1);
    assert_int_equal(state_of(&r, 1), AGENT_PAUSED);
    expect_none(&r);                      /* the customer is not hung up */
    wish(&r, 2, AGENT_READY);
    expect(&r, ORDER_AGENT_CALL);
    event(&r, DRIVER_AGENT_UP, 0, 2);
    assert_int_equal(expect(&r, ORDER_BRIDGE).agent, 2);
    call_is(&r, DRIVER_BRIDGED, 1);
    call_is(&r, DRIVER_HANGUP, 1);
    say(&r, 2, RESULT_ACCEPTED);
    assert_int_equal(engine_view(r.e).connected, 1);
    rig_close(&r);
}

static void test_who_goes_is_off_though_the_bridge_failed(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    wish(&r, 1, AGENT_OFF);
    call_is(&r, DRIVER_BRIDGE_FAILED, 1);
    assert_int_equal(state_of(&r, 1), AGENT_OFF);
    assert_int_equal(expect(&r, ORDER_AGENT_DROP).agent, 1);
    rig_close(&r);

    rig_open(&r, mode(PACE_PROGRESSIVE, 1), 5);   /* he puts the receiver down instead */
    ready(&r, 1);
    tick(&r, 0);
    expect(&r, ORDER_PLACE);
    call_is(&r, DRIVER_PERSON, 1);
    expect(&r, ORDER_BRIDGE);
    call_is(&r, DRIVER_BRIDGED, 1);
    wish(&r, 1, AGENT_OFF);
    event(&r, DRIVER_AGENT_DOWN, 0, 1);
    expect(&r, ORDER_HANGUP);
    say(&r, 1, RESULT_REFUSED);
    tick(&r, 180000);
    assert_int_equal(state_of(&r, 1), AGENT_OFF);
    rig_close(&r);
}

/* A list of the switch's calls after the link was lost. */
static void relinked(Rig *r, AgentId up)
{
    call_is(r, DRIVER_LINK_DOWN, 0);
    call_is(r, DRIVER_LINK_UP, 0);
    expect(r, ORDER_RECONCILE);
    event(r, DRIVER_AGENT_UP, 0, up);
    call_is(r, DRIVER_RECONCILED, 0);
}

static void test_a_phone_that_works_elsewhere_is_left_alone(void **state)
{
    (void)state;
    Rig r;
    rig_open(&r, mode(PACE_PREVIEW, 1), 5);
    ready(&r, 1);
    wish(&r, 1, AGENT_OFF);
    expect(&r, ORDER_AGENT_DROP);
    event(&r, DRIVER_AGENT_DOWN, 0, 1);
    relinked(&r, 1);                      /* he has taken up work with another dialler */
    expect_none(&r);
    assert_int_equal(state_of(&r, 1), AGENT_OFF);

    ready(&r, 2);
    call_is(&r, DRIVER_LINK_DOWN, 0);
    wish(&r, 2, AGENT_OFF);               /* could not be carried out */
    expect_none(&r);
    call_is(&r, DRIVER_LINK_UP, 0);
    expect(&r, ORDER_RECONCILE);
    event(&r, DRIVER_AGENT_UP, 0, 2);
    call_is(&r, DRIVER_RECONCILED, 0);
    assert_int_equal(expect(&r, ORDER_AGENT_DROP).agent, 2);
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_silent_agent_is_paused),
        cmocka_unit_test(test_wishes_during_a_call),
        cmocka_unit_test(test_agents_phone_drops),
        cmocka_unit_test(test_a_dropped_phone_is_not_rung_unasked),
        cmocka_unit_test(test_a_phone_is_rung_once_there_is_a_link),
        cmocka_unit_test(test_a_failed_bridge_keeps_its_place),
        cmocka_unit_test(test_bridge_failure_goes_to_another),
        cmocka_unit_test(test_preview),
        cmocka_unit_test(test_own_call_is_cancelled_by_its_agent),
        cmocka_unit_test(test_own_calls_take_the_room_there_is),
        cmocka_unit_test(test_a_phone_that_drops_before_the_talk_costs_no_customer),
        cmocka_unit_test(test_who_goes_is_off_though_the_bridge_failed),
        cmocka_unit_test(test_a_phone_that_works_elsewhere_is_left_alone),
    };
    return cmocka_run_group_tests_name("engine agents", tests, NULL, NULL);
}

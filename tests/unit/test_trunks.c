/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_trunks.c -- calls spread over trunks: shares, limits, and trunks that carry nothing.
 */
#include "dialer/trunks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/sim.h"

#include <cmocka.h>               /* last: its macro `fail` is not ours */

typedef struct Rig {
    Driver *d;
    int64_t now;
    CallId last;
    int ended, troubles;
    char trouble[200];
} Rig;

static void on_event(void *self, const DriverEvent *ev)
{
    Rig *r = self;
    r->ended += driver_ends_call(ev->kind);
    if (ev->kind == DRIVER_TROUBLE) {
        r->troubles++;
        assert_int_equal(ev->call, 0);
        snprintf(r->trouble, sizeof r->trouble, "%s", ev->text);
    }
}

static SwitchConfig trunk(const char *name, int share, int max_calls, double max_rate)
{
    return (SwitchConfig){ .name = name, .adapter = "sim", .host = "", .dial = "{number}",
                           .caller = "", .share = share, .max_calls = max_calls,
                           .max_rate = max_rate };
}

static void run(Rig *r, int64_t ms)
{
    r->now += ms;
    r->d->ops->advance(r->d, r->now);
}

static void begin(Rig *r, const SwitchConfig *c, int n)
{
    SimWorld w = world_defaults();
    Error err = { 0 };
    w.by_number = true;
    *r = (Rig){ .now = INT64_C(1893456000000) };
    DriverHost host = { .sink = { r, on_event, NULL }, .now = r->now, .seed = 1, .world = &w };
    r->d = drivers_open(c, n, &host, &err);
    assert_non_null(r->d);
    run(r, 100);
}

static bool place(Rig *r, const char *number)
{
    Error err = { 0 };
    DriverOrder o = { .kind = ORDER_PLACE, .call = ++r->last, .ring_ms = 20000 };
    snprintf(o.number, sizeof o.number, "%s", number);
    return driver_do(r->d, &o, &err);
}

static void finish(Rig *r)
{
    r->d->ops->close(r->d);
}

static void test_calls_at_once(void **state)
{
    (void)state;
    const SwitchConfig two[] = { trunk("a", 1, 3, 0), trunk("b", 1, 2, 0) };
    Rig r;
    begin(&r, two, 2);
    for (int left = 5; left > 0; left--) {
        assert_int_equal(driver_room(r.d), left);
        assert_true(place(&r, "15552"));
    }
    assert_int_equal(driver_room(r.d), 0);
    assert_false(place(&r, "15552"));
    run(&r, 30000);
    assert_int_equal(r.ended, 5);
    assert_int_equal(driver_room(r.d), 5);
    finish(&r);
}

/* Over a minute no trunk gets more than its rate, and it gets that. */
static void test_calls_a_second(void **state)
{
    (void)state;
    const SwitchConfig one = trunk("a", 1, 0, 2.5);
    Rig r;
    int placed = 0;
    begin(&r, &one, 1);
    for (int64_t end = r.now + 60000; r.now < end;) {
        while (driver_room(r.d) > 0) {
            assert_true(place(&r, "15551"));
            placed++;
        }
        int64_t at = driver_next(r.d);
        assert_true(at > r.now);
        run(&r, at - r.now);
    }
    assert_true(placed >= 149 && placed <= 152);
    finish(&r);
}

static void test_shares(void **state)
{
    (void)state;
    const SwitchConfig two[] = { trunk("a", 2, 0, 0), trunk("b", 1, 30, 0) };
    Rig r;
    begin(&r, two, 2);
    for (int i = 1; i <= 60; i++) {
        assert_true(place(&r, "15552"));
        assert_true(abs(trunks_calls(r.d, 0) - 2 * trunks_calls(r.d, 1)) <= 2);
    }
    assert_int_equal(trunks_calls(r.d, 1), 20);
    for (int i = 0; i < 60; i++)
        assert_true(place(&r, "15552"));
    assert_int_equal(trunks_calls(r.d, 1), 30);   /* its limit; the rest goes by the other */
    assert_int_equal(trunks_calls(r.d, 0), 90);
    run(&r, 30000);
    assert_int_equal(trunks_calls(r.d, 0) + trunks_calls(r.d, 1), 0);
    finish(&r);
}

static void test_a_trunk_that_carries_nothing_rests(void **state)
{
    (void)state;
    const SwitchConfig two[] = { trunk("a", 1, 1, 0), trunk("spare", 0, 7, 0) };
    Rig r;
    begin(&r, two, 2);
    assert_int_equal(driver_room(r.d), 1);        /* the spare one stands by */
    for (int i = 0; i < 3; i++) {
        assert_true(place(&r, "15554"));
        run(&r, 30000);
    }
    assert_int_equal(r.troubles, 1);
    assert_non_null(strstr(r.trouble, "trunk a carries no calls"));
    assert_int_equal(driver_room(r.d), 7);
    assert_true(place(&r, "15552"));
    run(&r, 60000);
    assert_int_equal(driver_room(r.d), 1);        /* it is tried again */
    finish(&r);
}

static void test_with_nothing_well_all_are_tried(void **state)
{
    (void)state;
    const SwitchConfig two[] = { trunk("a", 1, 0, 0), trunk("b", 1, 0, 0) };
    Rig r;
    begin(&r, two, 2);
    for (int i = 0; i < 20; i++) {
        assert_true(place(&r, "15554"));
        run(&r, 5000);
    }
    assert_true(r.troubles >= 2);
    assert_true(driver_room(r.d) > 0);
    finish(&r);
}

/* Calls that the switch lost are not counted for ever. */
static void test_reconcile_frees_what_is_gone(void **state)
{
    (void)state;
    const SwitchConfig one = trunk("a", 1, 2, 0);
    Rig r;
    Error err = { 0 };
    begin(&r, &one, 1);
    assert_true(place(&r, "15551"));
    assert_true(place(&r, "15552"));
    assert_int_equal(driver_room(r.d), 0);
    sim_set_link(trunks_inner(r.d), false);
    run(&r, 5000);                                /* the busy one ends unheard */
    sim_set_link(trunks_inner(r.d), true);
    DriverOrder o = { .kind = ORDER_RECONCILE };
    assert_true(driver_do(r.d, &o, &err));
    run(&r, 100);
    assert_int_equal(driver_room(r.d), 1);
    finish(&r);
}

static void test_simulated_and_real_is_refused(void **state)
{
    (void)state;
    SwitchConfig two[] = { trunk("a", 1, 0, 0), trunk("b", 1, 0, 0) };
    Error err = { 0 };
    DriverHost host = { .now = 1 };
    two[1].adapter = "ami";
    assert_null(drivers_open(two, 2, &host, &err));
    assert_int_equal(err.code, ERR_REFUSED);
    assert_non_null(strstr(err.hint, "switch set a enabled=no"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_calls_at_once),
        cmocka_unit_test(test_calls_a_second),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_a_trunk_that_carries_nothing_rests),
        cmocka_unit_test(test_with_nothing_well_all_are_tried),
        cmocka_unit_test(test_reconcile_frees_what_is_gone),
        cmocka_unit_test(test_simulated_and_real_is_refused),
    };
    return cmocka_run_group_tests_name("trunks", tests, NULL, NULL);
}

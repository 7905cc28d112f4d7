/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_callback.c -- callbacks booked while a session dials: known in time, also when the entry was
 * held back for something else, and anybody's when who promised them is away.
 */
#include "dial_testing.h"

#include "dialer/session_inside.h"
#include "model/dial_gate.h"

#define NOW INT64_C(1772416800000)     /* the clock of session_testing.h */

typedef struct Dial { Desk *d; DialSession *s; Supply supply; Arena a; DialCampaign c; } Dial;

static void dial_begin(Dial *x, Desk *d, int customers)
{
    Error err = { 0 };
    *x = (Dial){ .d = d };
    dial_make(d, customers, "progressive", "max_attempts=9");
    desk_do(d, "agent add name=li");
    desk_do(d, "agent add name=zhao");
    desk_do(d, "campaign start c");
    assert_true(dial_campaign(d->crm, 1, &x->a, &x->c, &err));
    DialPlan plan = { .campaign = &x->c, .driver = "sim", .title = "x", .now = NOW, .agents = 1 };
    assert_true(dial_session_open(d->crm, &plan, &x->s, &err));
    x->supply = dial_session_supply(x->s);
}

static void dial_end(Dial *x)
{
    dial_session_free(x->s);
    arena_release(&x->a);
}

/* The entry that is given at this time, 0: none; *again: when to ask again. */
static int64_t given(Dial *x, int64_t now, AgentId agent, int64_t *again)
{
    Entry out = { 0 };
    clock_set(&x->d->clock, now);
    return x->supply.claim(x->supply.self, now, agent, 1, &out, again) ? out.id : 0;
}

static void test_booked_while_others_dial(void **state)
{
    Dial x;
    int64_t again;
    dial_begin(&x, *state, 2);
    assert_int_equal(given(&x, NOW, 0, &again), 1);
    dial_sql(*state, "UPDATE entry SET state = 'done' WHERE id = 2");
    assert_int_equal(given(&x, NOW, 0, &again), 0);
    assert_int_equal(dial_session_look(x.s), NEVER);
    desk_do(*state, "callback 2 +2min");
    assert_int_equal(dial_session_look(x.s), NOW + 120000);
    assert_int_equal(given(&x, NOW, 0, &again), 0);
    assert_int_equal(again, NOW + 120000);
    assert_int_equal(given(&x, NOW + 119999, 0, &again), 0);
    assert_int_equal(given(&x, NOW + 120000, 0, &again), 2);
    assert_int_equal(given(&x, NOW + 120000, 0, &again), 0);     /* once */
    dial_end(&x);
}

/* Held back for the time that it likes, which is nothing to what was agreed. */
static void test_booked_while_held_back(void **state)
{
    Dial x;
    int64_t again;
    dial_begin(&x, *state, 1);
    desk_do(*state, "customer set 1 best_time='Sun 09:00-10:00'");
    assert_int_equal(given(&x, NOW, 0, &again), 0);
    desk_do(*state, "callback 1 +2min");
    dial_session_look(x.s);
    assert_int_equal(given(&x, NOW + 119999, 0, &again), 0);
    assert_int_equal(given(&x, NOW + 120000, 0, &again), 1);
    for (int minute = 3; minute < 30; minute++)      /* and not again for having been held back */
        assert_int_equal(given(&x, NOW + minute * MINUTE, 0, &again), 0);
    dial_end(&x);
}

static bool is_there(void *ctx, AgentId agent)
{
    return *(AgentId *)ctx == agent;
}

static void test_on_a_floor_whose_owner_is_away(void **state)
{
    Dial x;
    AgentId there = 1;
    int64_t again, at = NOW + 60000;
    dial_begin(&x, *state, 2);
    dial_sql(*state, "UPDATE entry SET state = 'done' WHERE id = 2");
    desk_do(*state, "callback 1 +1min --agent li");
    dial_session_presence(x.s, is_there, &there);
    assert_int_equal(given(&x, at, 0, &again), 0);
    assert_true(dial_session_has_own(x.s, at, 1));
    there = 2;                                      /* he leaves */
    dial_session_left(x.s, at + 1000, 1);
    assert_int_equal(given(&x, at + 2000, 0, &again), 0);
    assert_int_equal(given(&x, at + 3000, 2, &again), 0);
    assert_int_equal(given(&x, at + CALLBACK_GRACE - 1, 2, &again), 0);
    assert_true(again <= at + CALLBACK_GRACE);
    assert_int_equal(given(&x, at + CALLBACK_GRACE, 0, &again), 1);
    dial_end(&x);
}

/* At a prompt nobody says who is there: it is in the file. */
static void test_at_a_prompt_whose_owner_is_away(void **state)
{
    Dial x;
    int64_t again, at = NOW + 60000;
    dial_begin(&x, *state, 2);
    dial_sql(*state, "UPDATE entry SET state = 'done' WHERE id = 2");
    desk_do(*state, "callback 1 +1min --agent li");
    assert_int_equal(given(&x, at, 2, &again), 0);
    dial_sql(*state, "UPDATE agent SET state = 'ready', campaign = 1 WHERE name = 'li'");
    assert_int_equal(given(&x, at + CALLBACK_GRACE, 2, &again), 0);
    dial_sql(*state, "UPDATE agent SET state = 'paused' WHERE name = 'li'");
    assert_int_equal(given(&x, at + CALLBACK_GRACE + RECHECK, 2, &again), 1);
    dial_end(&x);
}

/* It was dealt to one agent and is promised by another. */
static void test_given_to_another(void **state)
{
    Dial x;
    AgentId there = 1;
    int64_t again, at = NOW + 60000;
    dial_begin(&x, *state, 1);
    desk_do(*state, "list deal l --to li");
    dial_session_presence(x.s, is_there, &there);
    assert_int_equal(given(&x, NOW, 0, &again), 0);
    assert_true(dial_session_has_own(x.s, NOW, 1));
    desk_do(*state, "callback 1 +1min");
    dial_session_look(x.s);
    assert_int_equal(given(&x, at, 0, &again), 1);
    assert_int_equal(given(&x, at, 1, &again), 0);
    dial_end(&x);
}

/* The agent at a prompt has nothing to dial until then. */
static void test_booked_for_a_prompt(void **state)
{
    Desk *d = *state;
    dial_make(d, 1, "preview", "");
    desk_do(d, "agent add name=li");
    desk_do(d, "campaign start c");
    dial_sql(d, "UPDATE entry SET state = 'done'");
    desk_do(d, "dial preview c --agent li");
    desk_do(d, "callback 1 +2min --agent li");
    clock_set(&d->clock, NOW + 119999);
    assert_string_equal(desk_cell(d, "dial status --fields state --tsv --no-header"), "ready");
    clock_set(&d->clock, NOW + 120000);
    assert_string_equal(desk_cell(d, "dial status --fields state --tsv --no-header"), "preview");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_booked_while_others_dial),
        DESK_TEST(test_booked_while_held_back),
        DESK_TEST(test_on_a_floor_whose_owner_is_away),
        DESK_TEST(test_at_a_prompt_whose_owner_is_away),
        DESK_TEST(test_given_to_another),
        DESK_TEST(test_booked_for_a_prompt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

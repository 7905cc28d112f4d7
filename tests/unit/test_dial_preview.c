/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_dial_preview.c -- an agent at the prompt, without an event loop: time goes on within
 * commands.
 */
#include "dial_testing.h"

#include "cmd/dial.h"
#include "model/books.h"

static int64_t number(Desk *d, const char *sql)
{
    return dial_count(d, sql);
}

static void is_state(Desk *d, const char *state)
{
    assert_string_equal(desk_cell(d, "dial status --fields state --tsv --no-header"), state);
}

static void begin(Desk *d, int customers, const char *more)
{
    dial_make(d, customers, "preview", more);
    desk_do(d, "campaign start c");
    desk_do(d, "agent add name=li");
}

/* Dial with one seed after the other until the first call goes to this state. */
static void dial_until(Desk *d, const char *state)
{
    for (int seed = 1; seed < 60; seed++) {
        char line[100];
        snprintf(line, sizeof line, "dial preview c --agent li --seed %d", seed);
        desk_do(d, line);
        if (strcmp(desk_cell(d, "dial go --fields state --tsv --no-header"), state) == 0)
            return;
        dialing_close(&d->s);
        while (number(d, "SELECT count(*) FROM call"))
            desk_do(d, "undo");
    }
    fail_msg("no seed leads to %s", state);
}

static void test_a_call_from_the_first_look_to_its_result(void **state)
{
    Desk *d = *state;
    begin(d, 3, "");
    dial_until(d, "talking");
    assert_non_null(strstr(desk_notes(d), "ringing"));
    assert_non_null(strstr(desk_notes(d), "talking with customer 1"));
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE state = 'intent' AND agent = 1"
                               " AND mode = 'preview' AND driver = 'sim' AND NOT real"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE state = 'dialling'"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM agent WHERE state = 'talking'"), 1);
    desk_refused(d, "dial go", ERR_REFUSED, "talking");
    desk_refused(d, "dial stop", ERR_REFUSED, "has no result yet");
    desk_do(d, "dial result appointment --note 'wants two'");
    is_state(d, "preview");
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE state = 'ended' AND talk > 0 AND"
                               " result = 'appointment' AND note = 'wants two'"), 1);
    assert_int_equal(number(d,
                            "SELECT count(*) FROM entry WHERE state = 'done' AND attempts = 1 AND"
                            " reason = 'appointment' AND result = 'appointment'"),
                     1);
    assert_int_equal(number(d, "SELECT count(*) FROM touch WHERE customer = 1 AND call = 1 AND"
                               " result = 'appointment' AND direction = 'out'"), 1);
    desk_do(d, "dial stop");
    assert_null(d->s.dialing);
    assert_int_equal(number(d, "SELECT count(*) FROM dial_run WHERE dials = 1 AND connected = 1"
                               " AND ended > began"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM agent WHERE state = 'off'"), 1);
    desk_do(d, "undo");                    /* the whole work is one step */
    assert_int_equal(number(d, "SELECT count(*) FROM call"), 0);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE state = 'new'"), 3);
}

static void test_the_card(void **state)
{
    Desk *d = *state;
    begin(d, 1, "");
    desk_do(d, "campaign set c script='{name} at {org}: {nothing} {'");
    desk_do(d, "customer set 1 name=王芳 org=宝钢");
    desk_do(d, "dial preview c --agent li --jsonl");
    assert_non_null(strstr(d->rows, "\"script\":\"王芳 at 宝钢: {nothing} {\""));
    assert_non_null(strstr(d->rows, "\"number\":\"+86 138 0000 0001\""));
    assert_non_null(strstr(d->rows, "\"attempts\":0"));
    assert_non_null(strstr(d->rows, "\"last_result\":null"));
    desk_refused(d, "dial preview c --agent li", ERR_REFUSED, "already");
}

static void test_a_skip_is_a_touch_and_puts_off(void **state)
{
    Desk *d = *state;
    begin(d, 2, "");
    desk_do(d, "dial preview c --agent li");
    desk_do(d, "dial skip --why 刚联系过");
    assert_string_equal(desk_cell(d, "dial status --fields customer --tsv --no-header"), "2");
    assert_int_equal(number(d, "SELECT count(*) FROM touch WHERE customer = 1 AND call IS NULL AND"
                               " result = 'skipped' AND note = '刚联系过'"), 1);
    assert_int_equal(number(d, "SELECT next_at - 1772416800000 FROM entry WHERE customer = 1"),
                     86400000);
    assert_int_equal(number(d, "SELECT sum(attempts) FROM entry"), 0);
    desk_do(d, "recycle add result=skipped after=2h max=9");
    desk_do(d, "dial skip");
    assert_int_equal(number(d, "SELECT next_at - 1772416800000 FROM entry WHERE customer = 2"),
                     7200000);
    is_state(d, "ready");
    desk_refused(d, "dial go", ERR_REFUSED, "may be dialled now");
    clock_set(&d->clock, d->clock.ms + 7200000);
    is_state(d, "preview");
    assert_string_equal(desk_cell(d, "dial status --fields customer --tsv --no-header"), "2");
}

static void test_a_callback_at_its_time(void **state)
{
    Desk *d = *state;
    begin(d, 1, "max_per_day=9");
    dial_until(d, "talking");
    desk_refused(d, "dial result refused --at tomorrow", ERR_USAGE, "callback");
    desk_refused(d, "dial result callback --at yesterday", ERR_INVALID, "passed");
    desk_refused(d, "dial result nonsense", ERR_NOT_FOUND, "nonsense");
    desk_refused(d, "dial result busy", ERR_INVALID, "not a result that an agent gives");
    desk_do(d, "dial result callback --at 'today 15:00'");
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE state = 'callback' AND"
                               " next_at = 1772434800000"), 1);
    is_state(d, "ready");
    clock_set(&d->clock, 1772434800000);
    is_state(d, "preview");
}

static void test_results_of_ones_own(void **state)
{
    Desk *d = *state;
    begin(d, 1, "");
    desk_do(d, "result add name=moved connected=yes final=yes dnc=yes");
    dial_until(d, "talking");
    desk_do(d, "dial result moved --note 'went abroad'");
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE result = 'moved'"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE reason = 'moved'"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM dnc WHERE number = '+8613800000001' AND"
                               " source = 'result' AND why = 'went abroad'"), 1);
}

static void test_hangup(void **state)
{
    Desk *d = *state;
    begin(d, 1, "");
    desk_do(d, "dial preview c --agent li");
    desk_refused(d, "dial hangup", ERR_REFUSED, "no call");
    dialing_close(&d->s);
    dial_until(d, "talking");
    desk_do(d, "dial hangup");
    is_state(d, "wrap-up");
    desk_refused(d, "dial hangup", ERR_REFUSED, "no call");
    desk_do(d, "dial result refused");
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE result = 'refused' AND talk < 100"),
                     1);
}

/* What changed between the look and the word is seen. */
static void test_the_gate_is_asked_again(void **state)
{
    Desk *d = *state;
    begin(d, 2, "");
    desk_do(d, "dial preview c --agent li");
    desk_do(d, "dnc add number=+8613800000001");
    desk_refused(d, "dial go", ERR_REFUSED, "may not be dialled any more");
    assert_non_null(strstr(d->err.detail, "do not call"));
    assert_int_equal(number(d, "SELECT count(*) FROM call"), 0);
    assert_string_equal(desk_cell(d, "dial status --fields customer --tsv --no-header"), "2");
    desk_do(d, "campaign pause c");
    desk_refused(d, "dial go", ERR_REFUSED, "may not be dialled any more");
    is_state(d, "ready");
}

static void test_a_session_closed_in_a_call(void **state)
{
    Desk *d = *state;
    begin(d, 1, "");
    dial_until(d, "talking");
    dialing_close(&d->s);
    assert_null(d->s.dialing);
    assert_int_equal(number(d,
                            "SELECT count(*) FROM call WHERE state = 'ended' AND result = 'failed'"
                            " AND note = 'the session was closed'"),
                     1);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE state = 'retry' AND next_at > 0"),
                     1);
    assert_int_equal(number(d, "SELECT count(*) FROM dial_run WHERE dials = 1"), 1);
}

/* ... and while it rings, which without a loop nothing but the engine itself can bring about. */
static void test_a_session_closed_while_it_rings(void **state)
{
    Desk *d = *state;
    Error err = { 0 };
    begin(d, 1, "");
    desk_do(d, "dial preview c --agent li");
    assert_true(engine_dial(d->s.dialing->live.engine, d->s.dialing->live.now, 1, &err));
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE state = 'intent'"), 1);
    dialing_close(&d->s);
    assert_int_equal(number(d,
                            "SELECT count(*) FROM call WHERE state = 'ended' AND result = 'failed'"
                            " AND ended_at > placed_at"),
                     1);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE state = 'retry'"), 1);
}

static void test_refusals(void **state)
{
    Desk *d = *state;
    dial_make(d, 1, "preview", "");
    desk_refused(d, "dial status", ERR_REFUSED, "nobody is dialling");
    desk_refused(d, "dial go", ERR_REFUSED, "nobody is dialling");
    desk_refused(d, "dial preview c", ERR_REFUSED, "is draft");
    assert_null(d->s.dialing);
    desk_do(d, "campaign start c");
    d->s.dry_run = true;
    desk_refused(d, "dial preview c", ERR_REFUSED, "cannot be rehearsed");
}

/* An entry that is dealt to one agent is not shown to another. */
static void test_dealt_entries(void **state)
{
    Desk *d = *state;
    begin(d, 3, "");
    desk_do(d, "agent add name=zhao");
    dial_sql(d, "UPDATE entry SET agent = 2 WHERE id = 1");
    desk_do(d, "dial preview c --agent li");
    assert_string_equal(desk_cell(d, "dial status --fields customer --tsv --no-header"), "2");
    desk_do(d, "dial stop");
    desk_do(d, "dial preview c --agent zhao");
    assert_string_equal(desk_cell(d, "dial status --fields customer --tsv --no-header"), "1");
}

static void test_a_customer_of_ones_own_choice(void **state)
{
    Desk *d = *state;
    begin(d, 4, "");
    desk_do(d, "customer add name=X phone=13911112222");
    desk_do(d, "dial preview c --agent li");
    desk_refused(d, "dial go 5", ERR_NOT_FOUND, "not on list");
    desk_do(d, "dnc add number=+8613800000004");
    desk_refused(d, "dial go 4", ERR_REFUSED, "may not be dialled");
    assert_string_equal(desk_cell(d, "dial status --fields customer --tsv --no-header"), "1");
    desk_do(d, "dial go 3");
    assert_int_equal(number(d, "SELECT customer FROM call"), 3);
    desk_do(d, "dial stop --now");
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE state = 'dialling'"), 0);
    desk_do(d, "dial preview c --agent li");
    assert_string_equal(desk_cell(d, "dial status --fields customer --tsv --no-header"), "1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_a_call_from_the_first_look_to_its_result),
        DESK_TEST(test_the_card),
        DESK_TEST(test_a_skip_is_a_touch_and_puts_off),
        DESK_TEST(test_a_callback_at_its_time),
        DESK_TEST(test_results_of_ones_own),
        DESK_TEST(test_hangup),
        DESK_TEST(test_the_gate_is_asked_again),
        DESK_TEST(test_a_session_closed_in_a_call),
        DESK_TEST(test_a_session_closed_while_it_rings),
        DESK_TEST(test_refusals),
        DESK_TEST(test_dealt_entries),
        DESK_TEST(test_a_customer_of_ones_own_choice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_handoff.c -- the driver "command": what a program is started with, and what its end means.
 * (test_driver.c holds it to the contract, tests/shell/handoff.sh has real programs.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "handoff_fake.h"

#include <cmocka.h>               /* last: its macro `fail` is not ours */

static const char *words(const char *command, const char *host, const char *number, Error *err)
{
    static char line[400];
    SwitchConfig c = { .name = "mine", .command = command, .host = host };
    Arena a = { 0 };
    char **argv;
    size_t n = 0;
    *err = (Error){ 0 };
    line[0] = '\0';
    if (handoff_words(&c, number, &a, &argv, err))
        for (int i = 0; argv[i]; i++)
            n += (size_t)snprintf(line + n, sizeof line - n, "%s%s", i ? "|" : "", argv[i]);
    arena_release(&a);
    return line;
}

static void test_words(void **state)
{
    (void)state;
    Error err;
    assert_string_equal(words("", "", "+8613800138000", &err), "xdg-open|tel:+8613800138000");
    assert_string_equal(words("call -n {number} 'for \"me\"; $(x) & {number}'", "", "555", &err),
                        "call|-n|555|for \"me\"; $(x) & 555");
    assert_string_equal(words("a --to={tel}", "example.com", "*100#", &err),
                        "a|--to=tel:*100%23;phone-context=example.com");
    assert_string_equal(words("a {tel}", "+86", "10086", &err), "a|tel:10086;phone-context=+86");
    assert_string_equal(words("a {name} {number}", "", "1", &err), "a|{name}|1");
}

static void test_what_is_no_command(void **state)
{
    (void)state;
    static const char *const bad[] = { "call", "call {NUMBER}", "{number}", "{tel} x", " ",
                                       "call {number}; rm x", "call '{number}", "'' {number}",
                                       "call {number}\nrm x",
        "a {number} 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6 7 8 9 1 2 3 4 5 6" };
    static const char *const numbers[] = { "", "-x", "+1 2", "1;2", "$(x)", "1\n", "a", "--help" };
    Error err;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_string_equal(words(bad[i], "", "+15550100", &err), "");
        assert_int_equal(err.code, ERR_INVALID);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        assert_string_equal(words("call {number}", "", numbers[i], &err), "");
        assert_int_equal(err.code, ERR_INVALID);
    }
    assert_string_equal(words("call {tel}", "", "10086", &err), "");
    assert_non_null(strstr(err.msg, "country code"));
}

/* ---- ends ------------------------------------------------------------------------------------ */

typedef struct Told { char line[400]; } Told;
static HandoffFake fake;

static void on_event(void *self, const DriverEvent *ev)
{
    Told *t = self;
    size_t n = strlen(t->line);
    snprintf(t->line + n, sizeof t->line - n, "%s%s", n ? ", " : "", driver_event_name(ev->kind));
}

static void begin(Told *t)
{
    *t = (Told){ 0 };
    handoff_fake_open(&fake, INT64_C(1893456000000), (DriverSink){ t, on_event, NULL });
    handoff_fake_run(&fake, fake.now + 100);
    t->line[0] = '\0';
}

static bool place(CallId call, const char *number, Error *err)
{
    DriverOrder o = { .kind = ORDER_PLACE, .call = call, .ring_ms = 20000 };
    snprintf(o.number, sizeof o.number, "%s", number);
    return driver_do(fake.d, &o, err);
}

static void hang_up(CallId call)
{
    Error err = { 0 };
    assert_true(driver_do(fake.d, &(DriverOrder){ .kind = ORDER_HANGUP, .call = call }, &err));
}

static void is_told(Told *t, int64_t ms, const char *want)
{
    handoff_fake_run(&fake, fake.now + ms);
    assert_string_equal(t->line, want);
    t->line[0] = '\0';
}

static void finish(void)
{
    fake.d->ops->close(fake.d);
    agenda_release(&fake.agenda);
}

static void test_one_that_hands_over(void **state)
{
    (void)state;
    Told t;
    Error err = { 0 };
    begin(&t);
    assert_true(place(1, "+15550108", &err));
    assert_string_equal(fake.line, "call|+15550108");
    is_told(&t, 20, "answered, person");
    is_told(&t, 600000, "");              /* the call is the person's */
    hang_up(1);
    is_told(&t, 10, "hang-up");
    finish();
}

static void test_one_that_runs_along(void **state)
{
    (void)state;
    Told t;
    Error err = { 0 };
    begin(&t);
    assert_true(place(1, "+15550109", &err));
    is_told(&t, HANDOFF_HANDED_MS - 1, "");
    is_told(&t, 2, "answered, person");
    hang_up(1);
    is_told(&t, 50, "hang-up");           /* it was asked to end, and did */
    assert_true(place(2, "+15550109", &err));
    is_told(&t, 4000, "answered, person");
    handoff_ended(fake.d, 1, 0, fake.now);        /* of the one before */
    is_told(&t, 10, "");
    handoff_ended(fake.d, 2, 1 << 8, fake.now);   /* whatever it ends with then */
    is_told(&t, 10, "hang-up");
    fake.deaf = true;
    assert_true(place(3, "+15550109", &err));
    is_told(&t, 4000, "answered, person");
    hang_up(3);
    is_told(&t, 1000, "");
    is_told(&t, 5000, "hang-up");         /* it is left to itself */
    finish();
}

static void test_one_that_dials_nothing(void **state)
{
    (void)state;
    Told t;
    Error err = { 0 };
    begin(&t);
    assert_true(place(1, "+15550101", &err));
    is_told(&t, 20, "trouble, failed");
    fake.missing = true;
    assert_false(place(2, "+15550108", &err));
    assert_int_equal(err.code, ERR_FAILED);
    is_told(&t, 60000, "");
    fake.missing = false;
    assert_true(place(3, "+15550108", &err));
    is_told(&t, 20, "answered, person");
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_what_is_no_command),
        cmocka_unit_test(test_one_that_hands_over),
        cmocka_unit_test(test_one_that_runs_along),
        cmocka_unit_test(test_one_that_dials_nothing),
    };
    return cmocka_run_group_tests_name("handoff", tests, NULL, NULL);
}

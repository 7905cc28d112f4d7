/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_switch.c -- switch records: what they refuse, and what a driver gets of them.
 */
#include "session_testing.h"

#include "dialer/session_switch.h"
#include "model/types.h"

static void test_values_that_could_do_harm_are_refused(void **state)
{
    Desk *d = *state;
    static const char *const bad[] = {
        "secret=topsecret", "secret=file:relative", "secret=env:", "secret='env:A B'",
        "dial=PJSIP/trunk", "dial='PJSIP/{number}&Local/1@x'", "dial='PJSIP/{number},x'",
        "dial='PJSIP/{number}|x'", "phones='Local/{phone}(x)'", "dial='{number}{number}'",
        "prefix=A", "prefix=a-b", "prefix=abcdefghijklmnopq", "caller='1;2'",
        "user='a\"b'", "port=65536", "share=-1", "max_rate=-0.5",
        "max_calls=-1", "adapter=nonesuch",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        char line[200];
        snprintf(line, sizeof line, "switch add name=x %s", bad[i]);
        if (desk_run(d, line))
            fail_msg("taken: %s", bad[i]);
        assert_int_equal(d->err.code, ERR_INVALID);
    }
    assert_string_equal(desk_cell(d, "switch count --no-header"), "0");
}

static void test_a_secret_is_not_echoed(void **state)
{
    Desk *d = *state;
    desk_refused(d, "switch add name=x secret=topsecret", ERR_INVALID, "not where a secret is");
    assert_null(strstr(d->err.msg, "topsecret"));
    assert_null(strstr(d->err.hint, "topsecret"));
}

static void test_prefixes_differ(void **state)
{
    Desk *d = *state;
    desk_do(d, "switch add name=a");
    desk_do(d, "switch add name=b");
    assert_string_equal(
        desk_cell(d, "sql 'SELECT count(DISTINCT prefix) FROM switch' --no-header"), "2");
}

static void test_a_driver_gets_the_enabled_ones(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    Error err = { 0 };
    SwitchConfig *c;
    int n;
    assert_true(dial_switches(d->crm, &a, &c, &n, &err));
    assert_int_equal(n, 1);
    assert_string_equal(c[0].adapter, "sim");
    desk_do(d, "switch add name=a host=pbx.example port=5039 tls=yes secret=env:PBX max_rate=2.5"
               " max_calls=30 share=3 prefix=p1");
    desk_do(d, "switch add name=b enabled=no");
    desk_do(d, "switch add name=c dial='SIP/{number}@t-1'");
    assert_true(dial_switches(d->crm, &a, &c, &n, &err));
    assert_int_equal(n, 2);
    assert_string_equal(c[0].host, "pbx.example");
    assert_true(c[0].port == 5039 && c[0].tls && c[0].max_calls == 30 && c[0].share == 3);
    assert_true(c[0].max_rate == 2.5);
    assert_string_equal(c[0].secret, "env:PBX");
    assert_string_equal(c[0].phones, "PJSIP/{phone}");
    assert_string_equal(c[1].dial, "SIP/{number}@t-1");
    arena_release(&a);
}

static void test_what_dials_goes_with_the_adapter(void **state)
{
    Desk *d = *state;
    desk_do(d, "switch add name=a adapter=softphone");
    assert_string_equal(desk_cell(d, "switch show a --fields dial --tsv --no-header"), "{number}");
    desk_do(d, "switch set a adapter=ami");
    assert_string_equal(desk_cell(d, "switch show a --fields dial --tsv --no-header"),
                        "PJSIP/{number}@carrier");
    desk_do(d, "switch set a dial=SIP/{number}@x");
    desk_do(d, "switch set a adapter=sim");
    assert_string_equal(desk_cell(d, "switch show a --fields dial --tsv --no-header"),
                        "SIP/{number}@x");
    desk_do(d, "switch set a adapter=softphone dial='sip:{number}@pbx.example:5061;x=1'");
    desk_refused(d, "switch set a adapter=ami", ERR_INVALID, "not a dial string");
    desk_refused(d, "switch set a dial='sip:{number}@x\"'", ERR_INVALID, "not a dial string");
    desk_refused(d, "switch set a dial=sip:{number}/x", ERR_INVALID, "not a dial string");
}

/* What may be typed is what can be opened. */
static void test_each_adapter_has_a_driver(void **state)
{
    (void)state;
    const Field *f = type_switch.fields;
    while (strcmp(f->name, "adapter") != 0)
        f++;
    int n = 0;
    for (; f->choices[n]; n++)
        assert_string_equal(f->choices[n], driver_types[n].name);
    assert_null(driver_types[n].name);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_values_that_could_do_harm_are_refused),
        DESK_TEST(test_a_secret_is_not_echoed),
        DESK_TEST(test_prefixes_differ),
        DESK_TEST(test_a_driver_gets_the_enabled_ones),
        DESK_TEST(test_what_dials_goes_with_the_adapter),
        DESK_TEST(test_each_adapter_has_a_driver),
    };
    return cmocka_run_group_tests_name("switch", tests, NULL, NULL);
}

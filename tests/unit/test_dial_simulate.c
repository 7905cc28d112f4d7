/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_dial_simulate.c -- dial simulate: the same twice, other with another seed or list, nothing
 * stored unless asked, and what is stored adds up and can be taken back.
 */
#include "dial_testing.h"
#include "model/books.h"
#include "store/journal.h"

static void imbalance(void *ctx, const Imbalance *i)
{
    print_error("%s: %.*s\n", i->equation->name, STR_ARG(i->where));
    ++*(int *)ctx;
}

static void books_hold(Desk *d)
{
    int said = 0, proven, broken;
    Error err = { 0 };
    assert_true(books_check(d->crm, imbalance, &said, &proven, &broken, &err));
    assert_int_equal(broken, 0);
}

static char *dump(Desk *d)
{
    Buf b = { 0 };
    Error err = { 0 };
    if (!store_dump(d->crm->store, &b, &err))
        fail_msg("%s", err.msg);
    return b.s;
}

static char *report(Desk *d, const char *line)
{
    desk_do(d, line);
    return xstrdup(d->rows);
}

static int64_t cell(Desk *d, const char *line, const char *field)
{
    char typed[400];
    snprintf(typed, sizeof typed, "%s --tsv --no-header --fields %s", line, field);
    return atoll(desk_cell(d, typed));
}

static void test_nothing_is_stored(void **state)
{
    Desk *d = *state;
    dial_make(d, 300, "progressive", "");
    char *before = dump(d);
    char *one = report(d, "dial simulate c --agents 3 --hours 4 --seed 1");
    assert_non_null(strstr(desk_notes(d), "nothing stored; --keep stores"));
    char *two = report(d, "dial simulate c --agents 3 --hours 4 --seed 1");
    char *dry = report(d, "dial simulate c --agents 3 --hours 4 --seed 1 --keep --dry-run");
    char *after = dump(d);
    assert_string_equal(one, two);
    assert_string_equal(one, dry);
    assert_string_equal(before, after);
    free(before), free(after), free(one), free(two), free(dry);
}

static void test_seed_and_list_make_the_day(void **state)
{
    Desk *d = *state;
    dial_make(d, 300, "progressive", "");
    char *one = report(d, "dial simulate c --agents 3 --hours 4 --seed 1");
    char *two = report(d, "dial simulate c --agents 3 --hours 4 --seed 2");
    dial_sql(d, "DELETE FROM entry WHERE id = 7");
    char *three = report(d, "dial simulate c --agents 3 --hours 4 --seed 1");
    assert_string_not_equal(one, two);
    assert_string_not_equal(one, three);
    char *day = report(d, "dial simulate c --agents 1 --hours 1 --seed 1");
    dial_sql(d, "DELETE FROM entry WHERE id = 300");        /* nobody came that far */
    char *fewer = report(d, "dial simulate c --agents 1 --hours 1 --seed 1");
    assert_string_not_equal(day, fewer);
    free(one), free(two), free(three), free(day), free(fewer);
}

static void test_a_kept_day_adds_up(void **state)
{
    Desk *d = *state;
    dial_make(d, 500, "progressive", "max_per_day=2");
    char *before = dump(d);
    const char *line = "dial simulate c --agents 4 --hours 8 --seed 3";
    int64_t dials = cell(d, line, "dials"), connected = cell(d, line, "connected");
    int64_t appointments = cell(d, line, "appointments"), accepted = cell(d, line, "accepted");
    int64_t left = cell(d, line, "left");
    desk_do(d, "dial simulate c --agents 4 --hours 8 --seed 3 --keep");
    assert_int_equal(dial_count(d, "SELECT count(*) FROM call"), dials);
    assert_true(dials > 500);                /* some were tried again */
    assert_int_equal(dial_count(d, "SELECT count(*) FROM call WHERE state <> 'ended'"), 0);
    assert_int_equal(dial_count(d, "SELECT count(*) FROM entry WHERE state = 'dialling'"), 0);
    assert_int_equal(dial_count(d, "SELECT sum(r.connected) FROM call c JOIN result r"
                                   " ON r.name = c.result"), connected);
    assert_int_equal(dial_count(d, "SELECT sum(r.appointment) FROM call c JOIN result r"
                                   " ON r.name = c.result"), appointments);
    assert_int_equal(dial_count(d, "SELECT sum(r.accepted) FROM call c JOIN result r"
                                   " ON r.name = c.result"), accepted);
    assert_int_equal(dial_count(d, "SELECT dials FROM dial_run"), dials);
    assert_int_equal(dial_count(d, "SELECT count(*) FROM entry WHERE state <> 'done'"), left);
    assert_int_equal(dial_count(d, "SELECT connected FROM dial_run"), connected);
    assert_int_equal(dial_count(d, "SELECT count(*) FROM touch WHERE channel = 'phone'"),
                     connected);
    assert_int_equal(
        dial_count(d, "SELECT count(*) FROM dnc WHERE source = 'result'"),
        dial_count(d, "SELECT count(DISTINCT number) FROM call WHERE result = 'do-not-call'"));
    assert_int_equal(dial_count(d, "SELECT count(*) FROM entry e WHERE attempts <>"
                                   " (SELECT count(*) FROM call c WHERE c.entry = e.id)"), 0);
    assert_int_equal(dial_count(d, "SELECT count(*) FROM agent WHERE state <> 'off'"), 0);
    books_hold(d);
    desk_do(d, "undo");
    char *after = dump(d);
    assert_string_equal(before, after);
    free(before), free(after);
}

static void test_refusals(void **state)
{
    Desk *d = *state;
    dial_make(d, 10, "progressive", "");
    desk_refused(d, "dial simulate nobody", ERR_NOT_FOUND, "nobody");
    desk_refused(d, "dial simulate c --hours 0", ERR_INVALID, "--hours");
    desk_refused(d, "dial simulate c --agents 100000", ERR_INVALID, "agents");
    desk_do(d, "campaign set c script=");
    desk_refused(d, "dial simulate c", ERR_REFUSED, "may not start");
    assert_non_null(strstr(d->err.detail, "script"));
    desk_do(d, "campaign set c script=Hello list=");
    desk_refused(d, "dial simulate c", ERR_REFUSED, "list");
}

/* The day begins when the hours open: today unless they are over. */
static void test_when_the_day_begins(void **state)
{
    static const struct { const char *spec; const char *begins; } cases[] = {
        { "daily 09:00-20:00", "2026-03-02T01:00:00Z" },
        { "daily 07:00-09:30", "2026-03-02T23:00:00Z" },
        { "Mon-Fri 08:30-09:00 12:00-18:00", "2026-03-02T00:30:00Z" },
        { "Wed 12:00-13:00", "2026-03-04T04:00:00Z" },
        { "always", "2026-03-02T01:00:00Z" },
    };
    Desk *d = *state;
    dial_make(d, 5, "progressive", "");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[200];
        snprintf(line, sizeof line, "hours set default spec='%s'", cases[i].spec);
        desk_do(d, line);
        assert_string_equal(
            desk_cell(d, "dial simulate c --hours 1 --agents 1 --fields began --tsv --no-header"),
            cases[i].begins);
    }
    desk_do(d, "hours set default spec=never");
    desk_refused(d, "dial simulate c", ERR_REFUSED, "never open");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_nothing_is_stored, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(test_seed_and_list_make_the_day, desk_set_up,
                                        desk_tear_down),
        cmocka_unit_test_setup_teardown(test_a_kept_day_adds_up, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(test_refusals, desk_set_up, desk_tear_down),
        cmocka_unit_test_setup_teardown(test_when_the_day_begins, desk_set_up, desk_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_testing.h"

#include "model/books.h"

/* A small day: one campaign, two entries, two calls that ended, their run, an import and a move. */
static const char *const day[] = {
    "INSERT INTO customer (id, name, stage, stage_at, created) VALUES (1, 'a', 2, 0, 0),"
    " (2, 'b', 1, 0, 0)",
    "INSERT INTO deal (id, customer, name, stage, stage_at, created) VALUES (1, 1, 'd', 7, 0, 0)",
    "INSERT INTO move (id, type, record, from_stage, to_stage, at, user) VALUES"
    " (1, 'customer', 1, 1, 3, 0, 'x'), (2, 'customer', 1, 3, 2, 0, 'x'),"
    " (3, 'deal', 1, 6, 7, 0, 'x')",
    "INSERT INTO list (id, name, created) VALUES (1, 'l', 0)",
    "INSERT INTO campaign (id, name, created) VALUES (1, 'c', 0)",
    "INSERT INTO entry (id, list, customer, state, attempts) VALUES (1, 1, 1, 'done', 1),"
    " (2, 1, 2, 'retry', 1)",
    "INSERT INTO call (id, campaign, entry, customer, number, mode, driver, state, result,"
    " placed_at, answered_at, bridged_at, ended_at) VALUES"
    " (1, 1, 1, 1, '+8613800138000', 'preview', 'sim', 'ended', 'accepted', 10, 20, 30, 40),"
    " (2, 1, 2, 2, '+8613800138001', 'preview', 'sim', 'ended', 'busy', 20, NULL, NULL, 30)",
    "INSERT INTO dial_run (id, campaign, driver, agents, began, ended, dials, connected, abandoned)"
    " VALUES (1, 1, 'sim', 1, 5, 50, 2, 1, 0)",
    "INSERT INTO batch (id, type, file, at, on_match, read, new, updated, same, skipped, rejected)"
    " VALUES (1, 'customer', 'f', 0, 'fill', 10, 5, 1, 2, 1, 1)",
};

/* What breaks each equation, and the row that must be named. */
static const struct { const char *equation, *sql, *where; } broken[] = {
    { "results", "UPDATE call SET result = 'nonsense' WHERE id = 2", "call 2" },
    { "results", "UPDATE call SET state = 'placed' WHERE id = 2", "call 2" },
    { "dials", "UPDATE call SET result = 'nonsense' WHERE id = 2", "campaign 1" },
    { "call times", "UPDATE call SET ended_at = 25 WHERE id = 1", "call 1" },
    { "call times", "UPDATE call SET ended_at = NULL WHERE id = 2", "call 2" },
    { "entries", "UPDATE entry SET state = 'lost' WHERE id = 2", "list 1" },
    { "attempts", "UPDATE entry SET attempts = 0 WHERE id = 2", "entry 2" },
    { "import", "UPDATE batch SET same = 3 WHERE id = 1", "batch 1" },
    { "dial runs", "UPDATE dial_run SET dials = 3 WHERE id = 1", "campaign 1, driver sim" },
    { "dial runs", "DELETE FROM call WHERE id = 1", "campaign 1, driver sim" },
    { "dial run sums", "UPDATE dial_run SET abandoned = 2 WHERE id = 1", "dial_run 1" },
    { "stage of customers", "UPDATE customer SET stage = 4 WHERE id = 1", "customer 1" },
    { "stage of deals", "UPDATE deal SET stage = 9 WHERE id = 1", "deal 1" },
    { "moves", "UPDATE move SET from_stage = 4 WHERE id = 2", "move 2" },
};

static void execute(Desk *d, const char *sql)
{
    Query *q = NULL;
    Error err = { 0 };
    if (!query_text(d->crm->store, str(sql), &q, &err) || !query_run(q, &err))
        fail_msg("%s: %s", sql, err.msg);
    query_close(q);
}

static void fill(Desk *d)
{
    Error err = { 0 };
    assert_true(store_begin(d->crm->store, &err));
    for (size_t i = 0; i < sizeof day / sizeof *day; i++)
        execute(d, day[i]);
    assert_true(store_commit(d->crm->store, &err));
}

typedef struct Seen { const char *equation, *where; int found; } Seen;

static void see(void *ctx, const Imbalance *i)
{
    Seen *s = ctx;
    s->found += strcmp(i->equation->name, s->equation) == 0 && str_is(i->where, s->where);
}

static void prove(Desk *d, Seen *seen, int *proven, int *rows)
{
    Error err = { 0 };
    if (!books_check(d->crm, see, seen, proven, rows, &err))
        fail_msg("%s", err.msg);
}

static void test_books_balance(void **state)
{
    Desk *d = *state;
    Seen seen = { "", "", 0 };
    int proven, rows;
    prove(d, &seen, &proven, &rows);              /* an empty file */
    assert_int_equal(rows, 0);
    fill(d);
    prove(d, &seen, &proven, &rows);
    assert_int_equal(rows, 0);
    assert_true(proven >= 11);
}

static void test_each_equation_names_the_row_that_breaks_it(void **state)
{
    Desk *d = *state;
    Error err = { 0 };
    fill(d);
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        Seen seen = { broken[i].equation, broken[i].where, 0 };
        int proven, rows;
        assert_true(store_begin(d->crm->store, &err));
        execute(d, broken[i].sql);
        prove(d, &seen, &proven, &rows);
        if (seen.found != 1)
            fail_msg("%s: %s: found %d times", broken[i].equation, broken[i].sql, seen.found);
        store_rollback(d->crm->store);
    }
}

static void test_every_equation_is_tried(void **state)
{
    (void)state;
    for (const Equation *const *table = books; *table; table++)
        for (const Equation *e = *table; e->name; e++) {
            bool tried = false;
            for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
                tried |= strcmp(broken[i].equation, e->name) == 0;
            if (!tried)
                fail_msg("no test breaks '%s'", e->name);
        }
}

static void test_check_fails_and_shows_it(void **state)
{
    Desk *d = *state;
    fill(d);
    desk_do(d, "check");
    assert_non_null(strstr(desk_notes(d), "equations hold"));
    desk_do(d, "sql --write 'UPDATE batch SET same = 3 WHERE id = 1'");
    desk_refused(d, "check --tsv --no-header", ERR_FAILED, "1 problem found");
    assert_non_null(strstr(d->rows, "import\tbatch 1\t10\t11\t"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_books_balance),
        DESK_TEST(test_each_equation_names_the_row_that_breaks_it),
        cmocka_unit_test(test_every_equation_is_tried),
        DESK_TEST(test_check_fails_and_shows_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

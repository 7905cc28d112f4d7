/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_store_look.c -- several queries that see one state of the file.
 */
#include "store_testing.h"

static const Sql tasks[] = { { "SELECT count(*) FROM task", 0 } };
static const Sql add[] = { { "INSERT INTO task(title, created) VALUES ('call back', 0)", 0 } };

static int64_t count(Fixture *f)
{
    int64_t n;
    MUST(f, store_get_int(f->st, tasks, &n, &f->err));
    return n;
}

static void add_task(Fixture *f, Store *st)
{
    MUST(f, store_begin(st, &f->err));
    MUST(f, store_exec(st, add, &f->err));
    MUST(f, store_commit(st, &f->err));
}

static void test_one_state(void **state)
{
    Fixture *f = *state;
    Store *other = open_again(f, 0);
    MUST(f, store_look(f->st, &f->err));
    assert_int_equal(count(f), 0);
    add_task(f, other);
    assert_int_equal(count(f), 0);
    store_looked(f->st);
    assert_int_equal(count(f), 1);
    store_close(other);
}

/* A write ends it, since it must begin with the file as it is. */
static void test_a_write_ends_it(void **state)
{
    Fixture *f = *state;
    Store *other = open_again(f, 0);
    MUST(f, store_look(f->st, &f->err));
    assert_int_equal(count(f), 0);
    add_task(f, other);
    add_task(f, f->st);
    assert_int_equal(count(f), 2);
    store_looked(f->st);
    add_task(f, other);
    assert_int_equal(count(f), 3);
    store_close(other);
}

static void test_within_a_transaction(void **state)
{
    Fixture *f = *state;
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_look(f->st, &f->err));
    MUST(f, store_exec(f->st, add, &f->err));
    store_looked(f->st);
    assert_int_equal(store_depth(f->st), 1);
    MUST(f, store_commit(f->st, &f->err));
    assert_int_equal(count(f), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_state, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_write_ends_it, setup, teardown),
        cmocka_unit_test_setup_teardown(test_within_a_transaction, setup, teardown),
    };
    return cmocka_run_group_tests_name("store_look", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_digits.c -- the digit index finds what a look at every number finds, whatever happened.
 */
#include "store_testing.h"

static const DigitTable table = { "contact", "value", "kind IN ('phone', 'fax')" };

#define NUMBERS(from, to) "INSERT INTO contact(id, customer, kind, value, position)" \
    " WITH RECURSIVE n(i) AS (SELECT " #from " UNION ALL SELECT i + 1 FROM n WHERE i < " #to ")" \
    " SELECT i, 1, CASE i % 5 WHEN 0 THEN 'email' WHEN 1 THEN 'fax' ELSE 'phone' END," \
    " iif(i % 7 = 0, '021-', '+86') || ((i * 7919 + 13) * 104729 % 100000000000), 1 FROM n"

static int prepare(void **state)
{
    int failed = setup(state);
    Fixture *f = *state;
    store_digits_declare(f->st, &table);
    change(f, "add", CUSTOMER(1, "a"), NUMBERS(1, 30000), NULL);
    return failed;
}

static int64_t blocks(Fixture *f, Store *st)
{
    Query *q = NULL;
    MUST(f, query_text(st, STR("SELECT count(*) FROM contact_digits"), &q, &f->err));
    MUST(f, query_one(q, &f->err));
    int64_t n = query_col_int(q, 0);
    query_close(q);
    return n;
}

/* Both lists in one order: ends first, then by id. */
static void agrees(Fixture *f, Store *st, const char *digits)
{
    Query *q = NULL;
    int64_t *ids = NULL, n = 0, i = 0;
    MUST(f, store_find_digits(st, str(digits), &ids, &n, &f->err));
    MUST(f, query_text(st, STR("SELECT id FROM contact WHERE kind <> 'email'"
                               " AND instr(replace(value, '-', ''), ?1) > 0"
                               " ORDER BY value NOT LIKE '%' || ?1, id"), &q, &f->err));
    query_cstr(q, 1, digits);
    for (; query_next(q, &f->err) > 0; i++) {
        assert_true(i < n);
        assert_int_equal(ids[i], query_col_int(q, 0));
    }
    assert_int_equal(i, n);
    query_close(q);
    free(ids);
}

static void all_agree(Fixture *f, Store *st)
{
    static const char *const parts[] = { "7", "58", "1234", "8612", "021", "99999", "0", "317415",
                                         "12345678901234567890" };
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        agrees(f, st, parts[i]);
}

static void the_first_search_makes_it(void **state)
{
    Fixture *f = *state;
    assert_int_equal(blocks(f, f->st), 0);
    all_agree(f, f->st);
    assert_int_equal(blocks(f, f->st), 30001 / 992);
    change(f, "add", NUMBERS(30001, 30100), NULL);
    all_agree(f, f->st);                                 /* few behind the edge are just read */
    assert_int_equal(blocks(f, f->st), 30001 / 992);
    change(f, "add", NUMBERS(30101, 60000), NULL);
    all_agree(f, f->st);
    assert_int_equal(blocks(f, f->st), 60001 / 992);
    sound(f);
}

static void it_follows_each_change(void **state)
{
    Fixture *f = *state;
    all_agree(f, f->st);
    change(f, "set", "UPDATE contact SET value = '+8612345' || id WHERE id % 3 = 0",
           "UPDATE contact SET kind = 'email' WHERE id % 11 = 0", NULL);
    all_agree(f, f->st);
    change(f, "delete", "DELETE FROM contact WHERE id BETWEEN 400 AND 1600", NULL);
    all_agree(f, f->st);
    sound(f);
    undo(f, 0);
    undo(f, 0);
    all_agree(f, f->st);
    redo(f);
    all_agree(f, f->st);
    sound(f);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE contact SET value = '+865551234'");
    store_rollback(f->st);
    all_agree(f, f->st);
    sound(f);
}

static void undo_of_all_and_redo(void **state)
{
    Fixture *f = *state;
    all_agree(f, f->st);
    undo(f, 0);
    all_agree(f, f->st);
    redo(f);
    all_agree(f, f->st);
    sound(f);
}

/* A file that cannot be written, or is being written by another, is searched as it is. */
static void others_search_without_it(void **state)
{
    Fixture *f = *state;
    Store *reader = NULL;
    MUST(f, store_open(f->path, STORE_READONLY, &f->clock, &reader, &f->err));
    store_digits_declare(reader, &table);
    all_agree(f, reader);
    assert_int_equal(blocks(f, reader), 0);
    store_close(reader);
    Store *other = open_again(f, 0);
    store_digits_declare(other, &table);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE contact SET value = '1' WHERE id = 5");
    all_agree(f, other);
    assert_int_equal(blocks(f, other), 0);
    store_rollback(f->st);
    all_agree(f, other);
    assert_true(blocks(f, other) > 0);
    store_close(other);
}

static void check_sees_a_foreign_number(void **state)
{
    Fixture *f = *state;
    all_agree(f, f->st);
    sound(f);
    assert_int_equal(outside(f, "UPDATE contact SET value = '+86999' WHERE id = 1001"), 0);
    assert_non_null(strstr(problems(f), "the digit index of contact does not hold"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, prepare, teardown)
        TEST(the_first_search_makes_it), TEST(it_follows_each_change), TEST(undo_of_all_and_redo),
        TEST(others_search_without_it), TEST(check_sees_a_foreign_number),
    };
    return cmocka_run_group_tests_name("digits", tests, NULL, NULL);
}

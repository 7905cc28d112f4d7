/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_testing.h"

/* Undo and redo of the newest run give back what was there, byte for byte, search included. */
static void there_and_back(Fixture *f, const char *before)
{
    const char *after = dump(f);
    assert_string_not_equal(before, after);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    sound(f);
    redo(f);
    assert_string_equal(dump(f), after);
    sound(f);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    redo(f);
    assert_string_equal(dump(f), after);
    sound(f);
}

static void test_insert(void **state)
{
    Fixture *f = *state;
    const char *before = dump(f);
    change(f, "add", CUSTOMER(1, "王芳"), CUSTOMER(2, "O''Neil"),
           "INSERT INTO contact(customer, kind, value, position) VALUES (1, 'phone', '1', 1)",
           NULL);
    there_and_back(f, before);
    finds(f, "王芳", "1");
}

static void test_update_and_delete(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "王芳"), CUSTOMER(2, "Li"), CUSTOMER(3, "Zhao"), NULL);
    const char *before = dump(f);
    change(f, "mix", "UPDATE customer SET name = '李四', value = 7 WHERE id = 1",
           "DELETE FROM customer WHERE id = 2", CUSTOMER(4, "Neu"), NULL);
    there_and_back(f, before);
    finds(f, "李四", "1");
    undo(f, 0);
    finds(f, "王芳", "1");
    finds(f, "li", "2");
}

static void test_cascades(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"),
           "INSERT INTO person(id, customer, name) VALUES (1, 1, 'P')",
           "INSERT INTO person(id, customer, name, reports) VALUES (2, 2, 'Q', 1)",
           "INSERT INTO contact(customer, person, kind, value, position)"
           " VALUES (1, 1, 'phone', '1', 1)", NULL);
    const char *before = dump(f);
    ChangeCount c = change(f, "delete", "DELETE FROM customer WHERE id = 1", NULL);
    assert_int_equal(c.deleted, 3);              /* customer, person, contact */
    assert_int_equal(c.updated, 1);              /* the person who reported */
    there_and_back(f, before);
}

static void test_unique_values_swap(void **state)
{
    Fixture *f = *state;
    change(f, "add", "INSERT INTO dnc(id, number, at) VALUES (1, 'a', 0), (2, 'b', 0)", NULL);
    const char *before = dump(f);
    change(f, "swap", "UPDATE dnc SET number = 'x' WHERE id = 1",
           "UPDATE dnc SET number = 'a' WHERE id = 2", "UPDATE dnc SET number = 'b' WHERE id = 1",
           NULL);
    there_and_back(f, before);
}

static void test_replace_and_moved_ids(void **state)
{
    Fixture *f = *state;
    change(f, "add", "INSERT INTO dnc(id, number, at) VALUES (1, 'a', 0), (2, 'b', 0)", NULL);
    const char *before = dump(f);
    change(f, "replace", "INSERT OR REPLACE INTO dnc(id, number, at) VALUES (3, 'a', 1)",
           "UPDATE dnc SET id = 9 WHERE id = 2", NULL);
    there_and_back(f, before);
}

/* A run of several changes is one step. */
static void test_run_of_changes(void **state)
{
    Fixture *f = *state;
    const char *before = dump(f);
    journal_run_begin(f->st, "li", STR("script"));
    for (int i = 0; i < 3; i++) {
        MUST(f, store_begin(f->st, &f->err));
        sql(f, i == 0 ? CUSTOMER(1, "A") : i == 1 ? "UPDATE customer SET name = 'B'"
                                                  : "UPDATE customer SET name = 'C'");
        MUST(f, store_commit(f->st, &f->err));
    }
    journal_run_end(f->st);
    assert_int_equal(number(f, "SELECT count(*) FROM run"), 1);
    there_and_back(f, before);
    Undone u = undo(f, 0);
    assert_true(str_is(u.title, "script"));
    assert_int_equal(u.removed, 1);
}

/* Three runs, taken back and brought back in turn. */
static void test_stack(void **state)
{
    Fixture *f = *state;
    const char *at[4];
    at[0] = dump(f);
    change(f, "one", CUSTOMER(1, "A"), NULL);
    at[1] = dump(f);
    change(f, "two", "UPDATE customer SET name = 'B'", NULL);
    at[2] = dump(f);
    change(f, "three", "DELETE FROM customer", NULL);
    at[3] = dump(f);
    for (int i = 2; i >= 0; i--) {
        undo(f, 0);
        assert_string_equal(dump(f), at[i]);
    }
    Undone u;
    assert_false(journal_undo(f->st, 0, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    for (int i = 1; i <= 3; i++) {
        redo(f);
        assert_string_equal(dump(f), at[i]);
    }
    assert_false(journal_redo(f->st, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    undo(f, 0);
    undo(f, 0);
    redo(f);
    undo(f, 0);
    undo(f, 0);
    assert_string_equal(dump(f), at[0]);
    sound(f);
}

static void test_new_work_clears_redo(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "one", CUSTOMER(1, "A"), NULL);
    undo(f, 0);
    change(f, "two", CUSTOMER(2, "B"), NULL);
    assert_false(journal_redo(f->st, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
    assert_int_equal(number(f, "SELECT count(*) FROM customer"), 1);
}

static void test_conflict_names_the_row(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "customer add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    change(f, "customer set 2 name=C", "UPDATE customer SET name = 'C' WHERE id = 2", NULL);
    const char *before = dump(f);
    int64_t changes = number(f, "SELECT count(*) FROM change");
    assert_false(journal_undo(f->st, 1, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_CONFLICT);
    assert_string_equal(f->err.detail, "customer 2 was changed later by change 3"
                                       " (li: customer set 2 name=C)");
    assert_string_equal(dump(f), before);
    assert_int_equal(number(f, "SELECT count(*) FROM change"), changes);
    undo(f, 2);
    undo(f, 1);
    assert_int_equal(number(f, "SELECT count(*) FROM customer"), 0);
}

/* What later work hung below a row would go with it: refused, and nothing cascades. */
static void test_conflict_of_children(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "customer add", CUSTOMER(1, "A"), NULL);
    change(f, "person add", "INSERT INTO person(id, customer, name) VALUES (1, 1, 'P')", NULL);
    const char *before = dump(f);
    assert_false(journal_undo(f->st, 1, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_CONFLICT);
    assert_string_equal(f->err.detail, "person 1 refers to customer 1, by change 3"
                                       " (li: person add)");
    assert_string_equal(dump(f), before);
    assert_false(try_sql(f, "SELECT 1; SELECT 2"));      /* and foreign keys are on again: */
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "INSERT INTO person(customer, name) VALUES (99, 'x')"));
    store_rollback(f->st);
}

/* A row that undo would put back needs a parent that is gone by now. */
static void test_conflict_of_parents(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "add", CUSTOMER(1, "A"), "INSERT INTO person(id, customer, name) VALUES (1, 1, 'P')",
           NULL);
    change(f, "person delete", "DELETE FROM person", NULL);
    change(f, "customer delete", "DELETE FROM customer", NULL);
    assert_false(journal_undo(f->st, 2, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_CONFLICT);
    assert_non_null(strstr(f->err.detail, "person 1 refers to customer 1"));
    sound(f);
}

static void test_missing_new_row_is_fine(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    change(f, "delete", "DELETE FROM customer WHERE id = 1", NULL);
    Undone u = undo(f, 1);
    assert_int_equal(u.removed, 1);
    assert_int_equal(number(f, "SELECT count(*) FROM customer"), 0);
    sound(f);
}

/* Where all that a run had added is gone already, undo alters no row and counts none the less. */
static void test_nothing_left_to_undo(void **state)
{
    Fixture *f = *state;
    change(f, "one", CUSTOMER(1, "A"), NULL);
    change(f, "two", CUSTOMER(2, "B"), NULL);
    change(f, "delete", "DELETE FROM customer WHERE id = 2", NULL);
    const char *at = dump(f);
    assert_int_equal(undo(f, 2).removed, 0);
    Undone u;
    assert_false(journal_undo(f->st, 2, &f->arena, &u, &f->err));
    assert_string_equal(f->err.msg, "run 2 is undone already");
    assert_int_equal(redo(f).run, 2);
    assert_string_equal(dump(f), at);
    assert_int_equal(undo(f, 2).run, 2);
    assert_int_equal(undo(f, 0).run, 3);
    assert_int_equal(undo(f, 0).run, 1);
    assert_int_equal(redo(f).run, 1);
    assert_int_equal(redo(f).run, 3);
    assert_int_equal(redo(f).run, 2);
    assert_string_equal(dump(f), at);
    sound(f);
}

/* Whose a fact is, is no fact: it refers again to what it did. */
static void test_facts_refer_again(void **state)
{
    Fixture *f = *state;
    journal_facts(f->st, "call", "real = 1");
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"),
           "INSERT INTO call(customer, number, mode, driver, real, state, placed_at)"
           " VALUES (2, '1', 'm', 'ami', 1, 'placed', 0)", NULL);
    const char *before = dump(f);
    change(f, "merge", "UPDATE call SET customer = 1", "DELETE FROM customer WHERE id = 2", NULL);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    change(f, "delete", "DELETE FROM customer WHERE id = 2", NULL);
    assert_int_equal(number(f, "SELECT count(*) FROM call WHERE customer IS NULL"), 1);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    change(f, "both", "UPDATE call SET customer = 1, state = 'ended'", NULL);
    undo(f, 0);
    assert_int_equal(number(f, "SELECT customer FROM call WHERE state = 'ended'"), 2);
    sound(f);
}

static void test_facts_stay(void **state)
{
    Fixture *f = *state;
    journal_facts(f->st, "call", "real = 1");
    change(f, "add", CUSTOMER(1, "A"), NULL);
    journal_run_begin(f->st, "li", STR("dial"));
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "INSERT INTO call(id, customer, number, mode, driver, real, state, placed_at) VALUES"
           " (1, 1, '1', 'preview', 'ami', 1, 'placed', 0),"
           " (2, 1, '2', 'preview', 'sim', 0, 'placed', 0)");
    sql(f, "UPDATE customer SET note = 'called'");
    MUST(f, store_commit(f->st, &f->err));
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE call SET state = 'ended', result = 'busy'");
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
    const char *after = dump(f);
    Undone u = undo(f, 0);
    assert_int_equal(u.facts, 1);
    assert_int_equal(u.removed, 1);
    assert_string_equal(text_of(f, "SELECT state || result FROM call WHERE id = 1"), "endedbusy");
    assert_int_equal(number(f, "SELECT count(*) FROM call"), 1);
    assert_null(text_of(f, "SELECT note FROM customer"));
    redo(f);
    assert_string_equal(dump(f), after);
    sound(f);
}

/* A fact whose customer goes with the same run loses the reference, and gets it back. */
static void test_fact_gives_up_its_parent(void **state)
{
    Fixture *f = *state;
    journal_facts(f->st, "call", "real = 1");
    const char *before = dump(f);
    change(f, "all", CUSTOMER(1, "A"), "INSERT INTO call(id, customer, number, mode, driver, real,"
           " state, placed_at) VALUES (1, 1, '1', 'preview', 'ami', 1, 'ended', 0)", NULL);
    const char *after = dump(f);
    Undone u = undo(f, 0);
    assert_int_equal(u.facts, 1);
    assert_int_equal(number(f, "SELECT count(*) FROM call WHERE customer IS NULL"), 1);
    assert_string_not_equal(dump(f), before);
    sound(f);
    redo(f);
    assert_string_equal(dump(f), after);
    sound(f);
}

static bool refuse(void *ctx, Store *st, bool is_undo, Error *err)
{
    (void)st;
    *(bool *)ctx = is_undo;
    return fail(err, ERR_REFUSED, "no");
}

static bool write_in_veto(void *ctx, Store *st, bool is_undo, Error *err)
{
    Fixture *f = ctx;
    (void)st, (void)is_undo;
    if (try_sql(f, "UPDATE customer SET note = 'x'"))
        return true;
    *err = f->err;
    return false;
}

static void test_veto(void **state)
{
    Fixture *f = *state;
    bool was_undo = false;
    Undone u;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    const char *before = dump(f);
    journal_on_commit(f->st, refuse, &was_undo);
    assert_false(journal_undo(f->st, 0, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_REFUSED);
    assert_true(was_undo);
    assert_string_equal(dump(f), before);
    journal_on_commit(f->st, write_in_veto, f);
    assert_false(journal_undo(f->st, 0, &f->arena, &u, &f->err));
    assert_string_equal(f->err.msg, "a hook may refuse an undo, but not write during it");
    journal_on_commit(f->st, NULL, NULL);
    undo(f, 0);
    sound(f);
}

/* Rehearsed in a transaction that is rolled back, undo leaves nothing behind. */
static void test_dry_run(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    const char *before = dump(f);
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, journal_undo(f->st, 0, &f->arena, &u, &f->err));
    assert_int_equal(u.removed, 1);
    assert_int_equal(journal_count(f->st).deleted, 1);
    assert_false(try_sql(f, CUSTOMER(2, "B")));          /* other work may not join it */
    assert_int_equal(f->err.code, ERR_REFUSED);
    store_rollback(f->st);
    assert_string_equal(dump(f), before);
    undo(f, 0);
    sound(f);
}

/* Undo that was rolled back within a larger transaction is no part of it. */
static void test_rehearsed_before_other_work(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, journal_undo(f->st, 0, &f->arena, &u, &f->err));
    store_rollback(f->st);
    sql(f, CUSTOMER(2, "B"));
    MUST(f, store_commit(f->st, &f->err));
    assert_string_equal(text_of(f, "SELECT kind FROM change WHERE id = 3"), "work");
    assert_int_equal(undo(f, 0).run, 2);
    sound(f);
}

/* An inner level that is rolled back after undo does not open it to other work. */
static void test_closed_until_its_level_ends(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    change(f, "delete", "DELETE FROM customer", NULL);
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, journal_undo(f->st, 1, &f->arena, &u, &f->err));
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, CUSTOMER(2, "B")));
    store_rollback(f->st);
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, CUSTOMER(2, "B")));
    assert_int_equal(f->err.code, ERR_REFUSED);
    store_rollback(f->st);
    MUST(f, store_commit(f->st, &f->err));
    assert_string_equal(text_of(f, "SELECT kind FROM change WHERE id = 4"), "undo");
    sound(f);
}

static void test_not_part_of_other_work(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(2, "B"));
    assert_false(journal_undo(f->st, 0, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_REFUSED);
    store_rollback(f->st);
}

/* ---- columns and tables ---------------------------------------------------------------------- */

static const char add_wish[] = "ALTER TABLE customer ADD COLUMN u_wish TEXT;"
                               "CREATE INDEX customer_u_wish ON customer(u_wish)";

static void add_column(Fixture *f, const char *column, const char *ddl, const char *then)
{
    journal_run_begin(f->st, "li", str(ddl));
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, journal_schema(f->st, SCHEMA_ADD_COLUMN, "customer", column, str(ddl), &f->err));
    if (then)
        sql(f, then);
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
}

static void test_column(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    const char *before = dump(f), *schema = text_of(f, "SELECT sql FROM sqlite_schema"
                                                      " WHERE name = 'customer'");
    add_column(f, "u_wish", add_wish, "UPDATE customer SET u_wish = '海' WHERE id = 2");
    there_and_back(f, before);
    Undone u = undo(f, 0);
    assert_int_equal(u.columns, 1);
    assert_string_equal(text_of(f, "SELECT sql FROM sqlite_schema WHERE name = 'customer'"),
                        schema);
    u = redo(f);
    assert_int_equal(u.columns, 1);
    assert_string_equal(text_of(f, "SELECT u_wish FROM customer WHERE id = 2"), "海");
}

/* The image of a row may be older than a column of the same change. */
static void test_column_after_image(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    const char *before = dump(f);
    journal_run_begin(f->st, "li", STR("import"));
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE customer SET name = 'B'");
    MUST(f, journal_schema(f->st, SCHEMA_ADD_COLUMN, "customer", "u_wish", str(add_wish), &f->err));
    sql(f, "UPDATE customer SET u_wish = 'x'");
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
    there_and_back(f, before);
}

static void test_column_filled_later(void **state)
{
    Fixture *f = *state;
    Undone u;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    add_column(f, "u_wish", add_wish, NULL);
    change(f, "fill", "UPDATE customer SET u_wish = 'x'", NULL);
    const char *before = dump(f);
    assert_false(journal_undo(f->st, 2, &f->arena, &u, &f->err));
    assert_int_equal(f->err.code, ERR_CONFLICT);
    assert_string_equal(f->err.detail, "customer 1 was changed later by change 4 (li: fill)");
    assert_string_equal(dump(f), before);
    change(f, "clear", "UPDATE customer SET u_wish = NULL", NULL);
    undo(f, 2);
    assert_false(journal_undo(f->st, 4, &f->arena, &u, &f->err));
    assert_string_equal(f->err.detail, "customer 1 had a value in a field that is gone");
    sound(f);
}

/* Columns dropped out of turn come back in another place; images and dumps do not care. */
static void test_two_columns_out_of_turn(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    add_column(f, "u_wish", add_wish, NULL);
    add_column(f, "u_b", "ALTER TABLE customer ADD COLUMN u_b INTEGER",
               "UPDATE customer SET u_b = 5");
    const char *before = dump(f);
    undo(f, 2);
    sound(f);
    redo(f);
    assert_string_equal(dump(f), before);
    change(f, "more", "UPDATE customer SET u_wish = 'w', u_b = 6, name = 'C'", NULL);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    sound(f);
}

static void test_table(void **state)
{
    Fixture *f = *state;
    const char *before = dump(f);
    journal_run_begin(f->st, "li", STR("type add supplier"));
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, journal_schema(f->st, SCHEMA_ADD_TABLE, "supplier", NULL,
                           STR("CREATE TABLE supplier (id INTEGER PRIMARY KEY, name TEXT,"
                               " change INTEGER NOT NULL DEFAULT 0) STRICT"), &f->err));
    sql(f, "INSERT INTO supplier(name) VALUES ('S')");
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
    there_and_back(f, before);
    Undone u;
    change(f, "more", "INSERT INTO supplier(name) VALUES ('T')", NULL);
    assert_false(journal_undo(f->st, 1, &f->arena, &u, &f->err));
    assert_non_null(strstr(f->err.detail, "supplier 2"));
    MUST(f, store_begin(f->st, &f->err));
    assert_false(journal_schema(f->st, SCHEMA_ADD_TABLE, "odd", NULL,
                                STR("CREATE TABLE odd (a INTEGER)"), &f->err));
    store_rollback(f->st);
    sound(f);
}

/* A column with a default reaches rows that were there before it. */
static void test_column_with_default(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    add_column(f, "u_n", "ALTER TABLE customer ADD COLUMN u_n INTEGER NOT NULL DEFAULT 7", NULL);
    const char *before = dump(f);
    change(f, "set", "UPDATE customer SET u_n = 8", NULL);
    there_and_back(f, before);
    undo(f, 0);
    assert_int_equal(number(f, "SELECT u_n FROM customer"), 7);
}

/* Whatever operation fails, all or nothing happens. */
static void test_fail_at_each_operation(void **state)
{
    Fixture *f = *state;
    Undone u;
    journal_run_begin(f->st, "li", STR("setup"));
    change(f, "add", CUSTOMER(1, "王芳"), CUSTOMER(2, "B"), NULL);
    journal_run_end(f->st);
    add_column(f, "u_wish", add_wish, "UPDATE customer SET u_wish = 'x', name = '李四' WHERE id = 1");
    const char *before = dump(f);
    int failures = 0;
    for (int64_t n = 1;; n++, failures++) {
        store_fail_at(f->st, n);
        bool ok = journal_undo(f->st, 0, &f->arena, &u, &f->err);
        store_fail_at(f->st, 0);
        if (ok)
            break;
        assert_string_equal(f->err.msg, "injected");
        assert_int_equal(store_depth(f->st), 0);
        assert_string_equal(dump(f), before);
        sound(f);
    }
    assert_true(failures > 5);
    for (int64_t n = 1;; n++) {
        store_fail_at(f->st, n);
        bool ok = journal_redo(f->st, &f->arena, &u, &f->err);
        store_fail_at(f->st, 0);
        if (ok)
            break;
        sound(f);
    }
    assert_string_equal(dump(f), before);
    sound(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
        TEST(test_insert), TEST(test_update_and_delete), TEST(test_cascades),
        TEST(test_unique_values_swap), TEST(test_replace_and_moved_ids), TEST(test_run_of_changes),
        TEST(test_stack), TEST(test_new_work_clears_redo), TEST(test_conflict_names_the_row),
        TEST(test_conflict_of_children), TEST(test_conflict_of_parents),
        TEST(test_missing_new_row_is_fine), TEST(test_nothing_left_to_undo), TEST(test_facts_stay),
        TEST(test_facts_refer_again),
        TEST(test_fact_gives_up_its_parent), TEST(test_veto), TEST(test_dry_run),
        TEST(test_rehearsed_before_other_work), TEST(test_closed_until_its_level_ends),
        TEST(test_not_part_of_other_work), TEST(test_column), TEST(test_column_after_image),
        TEST(test_column_filled_later), TEST(test_two_columns_out_of_turn), TEST(test_table),
        TEST(test_column_with_default), TEST(test_fail_at_each_operation),
    };
    return cmocka_run_group_tests_name("journal_undo", tests, NULL, NULL);
}

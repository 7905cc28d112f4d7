/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_testing.h"

#include "store/store_int.h"

/* Images and ranges of the newest change, as "table row op" and "table first-last". */
static const char *recorded(Fixture *f)
{
    const char *images = text_of(f, "SELECT group_concat(t.name || ' ' || i.row || ' ' || i.op,"
        " ', ') FROM (SELECT * FROM change_image ORDER BY tbl, row) i"
        " JOIN journal_table t ON t.id = i.tbl"
        " WHERE change = (SELECT max(id) FROM change)");
    const char *ranges = text_of(f, "SELECT group_concat(t.name || ' ' || r.first || '-' ||"
        " r.last, ', ') FROM change_range r JOIN journal_table t ON t.id = r.tbl"
        " WHERE change = (SELECT max(id) FROM change)");
    return arena_printf(&f->arena, "%s|%s", images ? images : "", ranges ? ranges : "");
}

static void counts(ChangeCount c, int inserted, int updated, int deleted)
{
    assert_int_equal(c.inserted, inserted);
    assert_int_equal(c.updated, updated);
    assert_int_equal(c.deleted, deleted);
}

/* ---- what the hook sees ---------------------------------------------------------------------- */

static void test_runs_of_ids(void **state)
{
    Fixture *f = *state;
    ChangeCount c = change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), CUSTOMER(3, "C"),
                           CUSTOMER(9, "D"), CUSTOMER(6, "E"), NULL);
    counts(c, 5, 0, 0);
    assert_string_equal(recorded(f), "|customer 1-3, customer 6-6, customer 9-9");
    assert_int_equal(number(f, "SELECT count(*) FROM customer WHERE change = 2"), 5);
    assert_int_equal(number(f, "SELECT rows FROM change WHERE id = 2"), 5);
    sound(f);
}

static void test_update_is_imaged_once(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    counts(change(f, "set", "UPDATE customer SET name = 'X'", "UPDATE customer SET name = 'Y'",
                  "DELETE FROM customer WHERE id = 2", NULL), 0, 1, 1);
    assert_string_equal(recorded(f), "customer 1 1, customer 2 2|");
    sound(f);
}

static void test_replace(void **state)
{
    Fixture *f = *state;
    change(f, "add", "INSERT INTO dnc(id, number, at) VALUES (1, 'a', 0), (2, 'b', 0)", NULL);
    change(f, "replace id", "REPLACE INTO dnc(id, number, at) VALUES (1, 'c', 0)", NULL);
    assert_string_equal(recorded(f), "dnc 1 1|");
    change(f, "replace key", "REPLACE INTO dnc(id, number, at) VALUES (3, 'b', 0)", NULL);
    assert_string_equal(recorded(f), "dnc 2 2|dnc 3-3");
    change(f, "both", "REPLACE INTO dnc(id, number, at) VALUES (1, 'b', 0)", NULL);
    assert_string_equal(recorded(f), "dnc 1 1, dnc 3 2|");
    sound(f);
}

static void test_upsert(void **state)
{
    Fixture *f = *state;
    change(f, "add", "INSERT INTO dnc(id, number, at) VALUES (1, 'a', 0)", NULL);
    change(f, "upsert", "INSERT INTO dnc(id, number, at) VALUES (2, 'a', 5), (3, 'b', 5)"
           " ON CONFLICT (number, coalesce(campaign, 0)) DO UPDATE SET at = excluded.at", NULL);
    assert_string_equal(recorded(f), "dnc 1 1|dnc 3-3");
    assert_int_equal(number(f, "SELECT count(*) FROM dnc WHERE change = 3"), 2);
    sound(f);
}

static void test_moved_id(void **state)
{
    Fixture *f = *state;
    change(f, "add", "INSERT INTO dnc(id, number, at) VALUES (1, 'a', 0), (2, 'b', 0)", NULL);
    change(f, "move", "UPDATE dnc SET id = 7 WHERE id = 1", NULL);
    assert_string_equal(recorded(f), "dnc 1 2|dnc 7-7");
    sound(f);
}

static void test_cascade_and_set_null(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"),
           "INSERT INTO person(id, customer, name) VALUES (1, 1, 'P')",
           "INSERT INTO person(id, customer, name, reports) VALUES (2, 2, 'Q', 1)", NULL);
    counts(change(f, "delete", "DELETE FROM customer WHERE id = 1", NULL), 0, 1, 2);
    assert_string_equal(recorded(f), "customer 1 2, person 1 2, person 2 1|");
    assert_int_equal(number(f, "SELECT change FROM person WHERE id = 2"), 3);
    sound(f);
}

static void test_whole_table(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    counts(change(f, "delete", "DELETE FROM customer", NULL), 0, 0, 2);
    sound(f);
}

/* ---- nothing, and almost nothing ------------------------------------------------------------- */

static void test_nothing_leaves_no_trace(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    const char *before = dump(f);
    counts(change(f, "same", "UPDATE customer SET name = 'A'", NULL), 0, 0, 0);
    counts(change(f, "there and back", "UPDATE customer SET name = 'B'",
                  "UPDATE customer SET name = 'A'", NULL), 0, 0, 0);
    counts(change(f, "gone again", CUSTOMER(2, "B"), "DELETE FROM customer WHERE id = 2", NULL),
           0, 0, 0);
    counts(change(f, "put back", "DELETE FROM customer", CUSTOMER(1, "A"), NULL), 0, 0, 0);
    assert_int_equal(journal_count(f->st).change, 0);
    assert_string_equal(dump(f), before);                /* stamps included */
    assert_int_equal(number(f, "SELECT max(id) FROM change"), 2);
    assert_int_equal(number(f, "SELECT max(id) FROM run"), 1);
    sound(f);
}

/* Of a change that alters one row and touches another, only the one is part. */
static void test_touched_but_same(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    counts(change(f, "set", "UPDATE customer SET name = 'B'", NULL), 0, 1, 0);
    assert_string_equal(recorded(f), "customer 1 1|");
    assert_int_equal(number(f, "SELECT change FROM customer WHERE id = 2"), 2);
    sound(f);
}

static void test_stamp_given_by_the_writer(void **state)
{
    Fixture *f = *state;
    journal_run_begin(f->st, "li", STR("add"));
    MUST(f, store_begin(f->st, &f->err));
    assert_int_equal(journal_current(f->st), 2);
    sql(f, "INSERT INTO dnc(id, number, at, change) VALUES (1, 'a', 0, 2), (2, 'b', 0, 77)");
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
    assert_int_equal(journal_current(f->st), 0);
    assert_int_equal(number(f, "SELECT count(*) FROM dnc WHERE change = 2"), 2);
    change(f, "forge", "UPDATE dnc SET change = 99, at = 1 WHERE id = 1", NULL);
    assert_int_equal(number(f, "SELECT change FROM dnc WHERE id = 1"), 3);
    counts(change(f, "forge only", "UPDATE dnc SET change = 99 WHERE id = 1", NULL), 0, 0, 0);
    assert_int_equal(number(f, "SELECT change FROM dnc WHERE id = 1"), 3);
    sound(f);
}

/* ---- savepoints ------------------------------------------------------------------------------ */

static void test_savepoints(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(3, "C"));
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE customer SET name = 'X'");            /* 1, 2 and the new 3 */
    sql(f, "DELETE FROM customer WHERE id = 3");
    sql(f, CUSTOMER(4, "D"));
    store_rollback(f->st);                               /* none of it happened */
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "DELETE FROM customer WHERE id = 3");         /* new below, deleted here ... */
    sql(f, CUSTOMER(3, "E"));                            /* ... and there again */
    sql(f, "UPDATE customer SET name = 'Y' WHERE id = 1");
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "DELETE FROM customer WHERE id IN (1, 3)");
    MUST(f, store_commit(f->st, &f->err));
    MUST(f, store_commit(f->st, &f->err));
    counts(journal_count(f->st), 0, 0, 1);
    MUST(f, store_commit(f->st, &f->err));
    assert_string_equal(recorded(f), "customer 1 2|");
    assert_string_equal(text_of(f, "SELECT group_concat(id || name || change) FROM customer"),
                        "2B2");
    sound(f);
}

/* Deleted in one level, inserted in the next, in every nesting: compared with a plain count. */
static void test_random_nesting(void **state)
{
    Fixture *f = *state;
    unsigned seed = 7;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), CUSTOMER(3, "C"), NULL);
    for (int round = 0; round < 200; round++) {
        const char *before = dump(f);
        MUST(f, store_begin(f->st, &f->err));
        for (int step = 0; step < 12; step++) {
            int what = rand_r(&seed) % 6, id = rand_r(&seed) % 5 + 1;
            if (what == 0 && store_depth(f->st) < 5)
                MUST(f, store_begin(f->st, &f->err));
            else if (what == 1 && store_depth(f->st) > 1)
                MUST(f, store_commit(f->st, &f->err));
            else if (what == 2 && store_depth(f->st) > 1)
                store_rollback(f->st);
            else if (what == 3)
                sql(f, arena_printf(&f->arena, "DELETE FROM customer WHERE id = %d", id));
            else
                sql(f, arena_printf(&f->arena, "INSERT INTO customer(id, name, stage, stage_at,"
                    " created) VALUES (%d, '%d', 1, 0, 0) ON CONFLICT DO UPDATE SET name = '%d'",
                    id, step, rand_r(&seed) % 3));
        }
        while (store_depth(f->st) > 0)
            MUST(f, store_commit(f->st, &f->err));
        const char *after = dump(f);
        if (journal_count(f->st).change == 0) {
            assert_string_equal(after, before);
            continue;
        }
        undo(f, 0);
        assert_string_equal(dump(f), before);
        redo(f);
        assert_string_equal(dump(f), after);
    }
    sound(f);
}

static void test_dry_run(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    const char *before = dump(f);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE customer SET name = 'B'");
    sql(f, CUSTOMER(3, "C"));
    counts(journal_count(f->st), 1, 1, 0);
    store_rollback(f->st);
    assert_string_equal(dump(f), before);
    assert_int_equal(number(f, "SELECT max(id) FROM change"), 2);
    finds(f, "C", "");
    sound(f);
}

/* ---- the log above its limit ----------------------------------------------------------------- */

static void test_spill(void **state)
{
    Fixture *f = *state;
    f->st->journal.log.limit = 4096;
    change(f, "add", "INSERT INTO customer(id, name, note, stage, stage_at, created)"
           " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500)"
           " SELECT i, 'n' || i, hex(randomblob(100)), 1, 0, 0 FROM n", NULL);
    const char *before = dump(f);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE customer SET name = 'x' || id WHERE id <= 100");
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE customer SET name = 'y' || id WHERE id > 50");
    assert_true(f->st->journal.log.in_file > 50000);
    store_rollback(f->st);                               /* cuts the file back */
    counts(journal_count(f->st), 0, 100, 0);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "DELETE FROM customer WHERE id > 100");
    MUST(f, store_commit(f->st, &f->err));
    counts(journal_count(f->st), 0, 100, 400);
    MUST(f, store_commit(f->st, &f->err));
    const char *after = dump(f);
    sound(f);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    redo(f);
    assert_string_equal(dump(f), after);
    sound(f);
}

static void test_spill_without_room(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    const char *before = dump(f);
    f->st->journal.log.limit = 1;
    setenv("TMPDIR", "/proc/self/no-such-folder", 1);
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "UPDATE customer SET name = 'X'"));
    unsetenv("TMPDIR");
    assert_non_null(strstr(f->err.msg, "temporary file"));
    assert_false(store_commit(f->st, &f->err));
    assert_string_equal(dump(f), before);
    sound(f);
}

/* ---- all or nothing -------------------------------------------------------------------------- */

static bool scenario(Fixture *f)
{
    Query *q = NULL;
    bool writes, ok;
    int64_t id;
    static const char *const steps[] = { CUSTOMER(8, "新"),
        "UPDATE customer SET name = '改' WHERE id = 1", "DELETE FROM customer WHERE id = 2",
        "INSERT INTO person(customer, name) VALUES (8, 'P')" };
    if (!store_begin(f->st, &f->err))
        return false;
    ok = store_ids(f->st, "customer", 1, &id, &f->err);
    for (size_t i = 0; ok && i < sizeof steps / sizeof *steps; i++) {
        ok = query_user(f->st, str(steps[i]), &q, &writes, &f->err);
        ok = ok && query_run(q, &f->err);
        query_close(ok ? q : NULL);
        if (!ok)
            query_close(q);
    }
    if (ok)
        return store_commit(f->st, &f->err);
    store_rollback(f->st);
    return false;
}

static void test_fail_at_each_operation(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    const char *before = dump(f);
    int failures = 0;
    for (int64_t n = 1;; n++, failures++) {
        store_fail_at(f->st, n);
        bool ok = scenario(f);
        store_fail_at(f->st, 0);
        if (ok)
            break;
        assert_string_equal(f->err.msg, "injected");
        assert_int_equal(store_depth(f->st), 0);
        assert_string_equal(dump(f), before);
        sound(f);
    }
    assert_true(failures > 12);
    finds(f, "改", "1");
    sound(f);
    undo(f, 0);
    assert_string_equal(dump(f), before);
}

static bool say_no(void *ctx, Store *st, bool is_undo, Error *err)
{
    assert_false(is_undo);
    *(ChangeCount *)ctx = journal_count(st);
    return fail(err, ERR_REFUSED, "not on Sundays");
}

static void test_veto(void **state)
{
    Fixture *f = *state;
    ChangeCount c = { 0 };
    journal_on_commit(f->st, say_no, &c);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(1, "A"));
    assert_false(store_commit(f->st, &f->err));
    assert_string_equal(f->err.msg, "not on Sundays");
    counts(c, 1, 0, 0);
    MUST(f, store_begin(f->st, &f->err));                /* nothing altered: nobody is asked */
    MUST(f, store_commit(f->st, &f->err));
    journal_on_commit(f->st, NULL, NULL);
    assert_int_equal(number(f, "SELECT count(*) FROM customer"), 0);
    sound(f);
}

/* ---- two connections ------------------------------------------------------------------------- */

static void test_column_added_elsewhere(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    Store *other = open_again(f, 0);
    MUST(f, store_begin(other, &f->err));
    MUST(f, journal_schema(other, SCHEMA_ADD_COLUMN, "customer", "u_x",
                           STR("ALTER TABLE customer ADD COLUMN u_x TEXT"), &f->err));
    MUST(f, store_commit(other, &f->err));
    store_close(other);
    change(f, "set", "UPDATE customer SET u_x = 'a'", NULL);
    const char *before = dump(f);
    change(f, "set", "UPDATE customer SET u_x = 'b'", NULL);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    sound(f);
}

/* Entries of two connections make one chain. */
static void test_two_writers(void **state)
{
    Fixture *f = *state;
    Store *own = f->st, *other = open_again(f, 0);
    for (int i = 0; i < 6; i++) {
        f->st = i % 2 ? other : own;
        change(f, "add", arena_printf(&f->arena, "INSERT INTO dnc(number, at) VALUES ('%d', 0)", i),
               NULL);
    }
    f->st = own;
    store_close(other);
    assert_int_equal(number(f, "SELECT max(id) FROM change"), 7);
    sound(f);
}

/* What ends the whole transaction (a full disk, an interrupt, OR ROLLBACK) ends its outer levels
 * too: nothing may be written until they are rolled back, least of all past the journal. */
static void test_transaction_ended_by_sqlite(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    const char *before = dump(f);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(2, "B"));
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "INSERT OR ROLLBACK INTO customer(id, name, stage, stage_at, created)"
                            " VALUES (1, 'C', 1, 0, 0)"));
    store_rollback(f->st);
    for (int i = 0; i < 3; i++) {
        assert_false(try_sql(f, CUSTOMER(3, "D")));
        assert_false(store_begin(f->st, &f->err));
        assert_int_equal(f->err.code, ERR_FAILED);
    }
    assert_false(store_commit(f->st, &f->err));
    assert_int_equal(store_depth(f->st), 0);
    assert_string_equal(dump(f), before);
    change(f, "add", CUSTOMER(2, "B"), NULL);
    sound(f);
}

/* Beyond the range the counter would have no next id, and undo no end of the run of rows. */
static void test_range_of_ids(void **state)
{
    Fixture *f = *state;
    static const char *const wrong[] = { CUSTOMER(0, "A"), CUSTOMER(-1, "A"),
        CUSTOMER(9007199254740992, "A"), CUSTOMER(9223372036854775807, "A") };
    for (int i = 0; i < 4; i++) {
        MUST(f, store_begin(f->st, &f->err));
        assert_false(try_sql(f, wrong[i]));
        assert_non_null(strstr(f->err.msg, "between 1 and 9007199254740991"));
        store_rollback(f->st);
    }
    change(f, "last", CUSTOMER(9007199254740991, "A"), NULL);
    undo(f, 0);
    sound(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
        TEST(test_runs_of_ids), TEST(test_update_is_imaged_once), TEST(test_replace),
        TEST(test_upsert), TEST(test_moved_id), TEST(test_cascade_and_set_null),
        TEST(test_whole_table), TEST(test_nothing_leaves_no_trace), TEST(test_touched_but_same),
        TEST(test_stamp_given_by_the_writer), TEST(test_savepoints), TEST(test_random_nesting),
        TEST(test_dry_run), TEST(test_spill), TEST(test_spill_without_room),
        TEST(test_fail_at_each_operation), TEST(test_veto), TEST(test_column_added_elsewhere),
        TEST(test_two_writers), TEST(test_transaction_ended_by_sqlite), TEST(test_range_of_ids),
    };
    return cmocka_run_group_tests_name("journal", tests, NULL, NULL);
}

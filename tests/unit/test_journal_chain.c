/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The chain of entries, runs and log, and the history of a row.
 */
#include "store_testing.h"

static void add_some(Fixture *f)
{
    change(f, "customer add", CUSTOMER(1, "A"), CUSTOMER(2, "B"), NULL);
    f->clock.ms += 1000;
    change(f, "customer set 1", "UPDATE customer SET name = 'C', value = 5 WHERE id = 1", NULL);
    f->clock.ms += 1000;
    change(f, "customer delete 2", "DELETE FROM customer WHERE id = 2", NULL);
}

/* ---- verify ---------------------------------------------------------------------------------- */

static void test_head(void **state)
{
    Fixture *f = *state;
    int64_t entries;
    char head[65], later[65];
    add_some(f);
    MUST(f, journal_verify(f->st, &entries, head, &f->err));
    assert_int_equal(entries, 4);
    assert_int_equal(strlen(head), 64);
    change(f, "more", CUSTOMER(3, "D"), NULL);
    MUST(f, journal_verify(f->st, &entries, later, &f->err));
    assert_int_equal(entries, 5);
    assert_string_not_equal(head, later);
}

/* Each way to tamper, and what verify says of it. */
static void test_tampering(void **state)
{
    Fixture *f = *state;
    static const struct { const char *sql, *said; } ways[] = {
        { "UPDATE change SET text = 'other' WHERE id = 3", "entry 3 of the journal does not" },
        { "UPDATE change SET at = at + 1 WHERE id = 3", "entry 3 of the journal does not" },
        { "UPDATE change SET user = 'eve' WHERE id = 3", "entry 3 of the journal does not" },
        { "UPDATE change SET kind = 'undo' WHERE id = 3", "entry 3 of the journal does not" },
        { "UPDATE change SET rows = 9 WHERE id = 3", "entry 3 of the journal does not" },
        { "UPDATE change SET hash = zeroblob(32) WHERE id = 3", "entry 3 of the journal does not" },
        { "UPDATE change_image SET image = x'00' WHERE change = 3", "an image was altered" },
        { "UPDATE change_image SET row = 2 WHERE change = 3", "entry 3 of the journal does not" },
        { "UPDATE change_image SET op = 2 WHERE change = 3", "entry 3 of the journal does not" },
        { "UPDATE change_image SET digest = zeroblob(32) WHERE change = 3",
          "an image was altered" },
        { "UPDATE change_image SET image = NULL WHERE change = 3", "an image was altered" },
        { "DELETE FROM change_image WHERE change = 3", "entry 3 of the journal does not" },
        { "UPDATE change_range SET last = 1 WHERE change = 2", "entry 2 of the journal does not" },
        { "UPDATE change_range SET first = 2, last = 3 WHERE change = 2", "entry 2 of" },
        { "DELETE FROM change_range WHERE change = 2", "entry 2 of the journal does not" },
        { "DELETE FROM change WHERE id = 3", "entry 3 of the journal is missing" },
        { "DELETE FROM change WHERE id = 4", "entry 4 of the journal does not hold: rows belong" },
        { "DELETE FROM run WHERE id = 2", "entry 3 of the journal does not hold: the run" },
        { "INSERT INTO change_schema VALUES (3, 1, 'add-column', 'a', 'b', 'c')", "entry 3 of" },
    };
    add_some(f);
    const char *ok = arena_printf(&f->arena, "%s/ok.db", f->dir);
    MUST(f, store_backup(f->st, ok, false, NULL, NULL, &f->err));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        int64_t entries;
        char head[65], command[300];
        assert_int_equal(outside(f, ways[i].sql), 0);
        assert_false(journal_verify(f->st, &entries, head, &f->err));
        assert_int_equal(f->err.code, ERR_FAILED);
        if (!strstr(f->err.msg, ways[i].said))
            die(&f->err, ways[i].sql);
        store_close(f->st);
        snprintf(command, sizeof command, "cp %s/ok.db %s", f->dir, f->path);
        assert_int_equal(system(command), 0);
        f->st = open_again(f, 0);
        sound(f);
    }
}

/* Salt, image and text may be erased; the chain still holds. */
static void test_erased_still_holds(void **state)
{
    Fixture *f = *state;
    Undone u;
    int64_t entries;
    char head[65], after[65];
    add_some(f);
    MUST(f, journal_verify(f->st, &entries, head, &f->err));
    assert_int_equal(outside(f, "UPDATE change_image SET salt = NULL, image = NULL;"
                             "UPDATE change SET text = NULL, text_salt = NULL"), 0);
    MUST(f, journal_verify(f->st, &entries, after, &f->err));
    assert_string_equal(head, after);
    assert_false(journal_undo(f->st, 0, &f->arena, &u, &f->err));
    assert_string_equal(f->err.detail, "customer 2 cannot be put back: its old content was erased");
}

/* ---- lists ----------------------------------------------------------------------------------- */

static bool put_entry(void *ctx, const LogEntry *e)
{
    buf_printf(ctx, "%d %d %d %.*s %.*s %.*s\n", (int)e->id, (int)e->run, (int)e->rows,
               STR_ARG(e->user), STR_ARG(e->kind), STR_ARG(e->text));
    return true;
}

static bool put_run(void *ctx, const RunInfo *r)
{
    buf_printf(ctx, "%d %.*s %d %d %s\n", (int)r->id, STR_ARG(r->title), (int)r->rows,
               (int)r->changes, r->undone ? "undone" : "");
    return true;
}

static void test_log_and_runs(void **state)
{
    Fixture *f = *state;
    Buf b = { 0 };
    add_some(f);
    undo(f, 0);
    MUST(f, journal_log(f->st, 3, put_entry, &b, &f->err));
    assert_string_equal(b.s, "5 3 1  undo \n4 3 1 li work customer delete 2\n"
                             "3 2 1 li work customer set 1\n");
    buf_reset(&b);
    MUST(f, journal_runs(f->st, 0, put_run, &b, &f->err));
    assert_string_equal(b.s, "3 customer delete 2 1 1 undone\n2 customer set 1 1 1 \n"
                             "1 customer add 2 1 \n");
    buf_reset(&b);
    redo(f);
    MUST(f, journal_runs(f->st, 1, put_run, &b, &f->err));
    assert_string_equal(b.s, "3 customer delete 2 1 1 \n");
    buf_release(&b);
}

/* A run begun inside a run is part of it; its row is made by its first change. */
static void test_runs_nest(void **state)
{
    Fixture *f = *state;
    journal_run_begin(f->st, "li", STR("outer"));
    assert_int_equal(journal_run(f->st), 0);
    change(f, "inner", CUSTOMER(1, "A"), NULL);
    assert_int_equal(journal_run(f->st), 1);
    change(f, "inner", CUSTOMER(2, "B"), NULL);
    journal_run_end(f->st);
    assert_int_equal(journal_run(f->st), 0);
    change(f, "next", CUSTOMER(3, "C"), NULL);
    assert_int_equal(number(f, "SELECT count(*) FROM run"), 2);
    assert_string_equal(text_of(f, "SELECT title FROM run WHERE id = 1"), "outer");
    assert_int_equal(undo(f, 1).removed, 2);
    sound(f);
}

/* A run whose first change failed has no row. */
static void test_failed_change_makes_no_run(void **state)
{
    Fixture *f = *state;
    journal_run_begin(f->st, "li", STR("script"));
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(1, "A"));
    store_rollback(f->st);
    assert_int_equal(journal_run(f->st), 0);
    change(f, "again", CUSTOMER(1, "A"), NULL);
    assert_int_equal(journal_run(f->st), 1);
    journal_run_end(f->st);
    assert_int_equal(number(f, "SELECT count(*) FROM run"), 1);
}

/* ---- history --------------------------------------------------------------------------------- */

static bool put_item(void *ctx, const HistoryItem *i)
{
    Buf *b = ctx;
    const char *by = str_is(i->text, "undo") || str_is(i->text, "redo") ? " again" : "";
    buf_printf(b, "%d %.*s%s %.*s", (int)i->change, STR_ARG(i->what), by, STR_ARG(i->column));
    if (i->column.n) {
        buf_char(b, ' ');
        value_write_plain(i->before, KIND_INT, b);
        buf_cstr(b, " -> ");
        value_write_plain(i->after, KIND_INT, b);
    }
    buf_char(b, '\n');
    return true;
}

static const char *history(Fixture *f, const char *table, int64_t id)
{
    Buf b = { 0 };
    MUST(f, journal_history(f->st, table, id, put_item, &b, &f->err));
    const char *s = b.s ? str_c(buf_as_str(&b), &f->arena) : "";
    buf_release(&b);
    return s;
}

static void test_history(void **state)
{
    Fixture *f = *state;
    add_some(f);
    assert_string_equal(history(f, "customer", 1),
                        "2 added \n3 changed name A -> C\n3 changed value  -> 5\n");
    assert_string_equal(history(f, "customer", 2), "2 added \n4 deleted \n");
    assert_string_equal(history(f, "customer", 3), "");
    assert_string_equal(history(f, "stage", 1), "1 added \n");
    undo(f, 0);
    undo(f, 0);
    assert_string_equal(history(f, "customer", 2), "2 added \n4 deleted \n5 restored again \n");
    assert_string_equal(history(f, "customer", 1),
                        "2 added \n3 changed name A -> C\n3 changed value  -> 5\n"
                        "6 changed again name C -> A\n"
                        "6 changed again value 5 -> \n");
    assert_false(journal_history(f->st, "counter", 1, put_item, NULL, &f->err));
}

static void test_history_of_a_dropped_column(void **state)
{
    Fixture *f = *state;
    add_some(f);
    journal_run_begin(f->st, "li", STR("field add"));
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, journal_schema(f->st, SCHEMA_ADD_COLUMN, "customer", "u_x",
                           STR("ALTER TABLE customer ADD COLUMN u_x INTEGER"), &f->err));
    sql(f, "UPDATE customer SET u_x = 7");
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
    undo(f, 0);
    assert_string_equal(history(f, "customer", 1),
                        "2 added \n3 changed name A -> C\n3 changed value  -> 5\n"
                        "5 changed u_x  -> 7\n6 changed again u_x 7 -> \n");
}

static bool put_change_item(void *ctx, const HistoryItem *h)
{
    buf_printf(ctx, "%.*s %lld..%lld ", STR_ARG(h->table), (long long)h->row, (long long)h->last);
    return put_item(ctx, h);
}

static const char *told(Fixture *f, int64_t id)
{
    Buf b = { 0 };
    MUST(f, journal_change(f->st, id, put_change_item, &b, &f->err));
    const char *s = b.s ? str_c(buf_as_str(&b), &f->arena) : "";
    buf_release(&b);
    return s;
}

static void test_what_a_change_did(void **state)
{
    Fixture *f = *state;
    add_some(f);
    undo(f, 0);
    undo(f, 0);
    assert_string_equal(told(f, 2), "customer 1..2 2 added \n");
    assert_string_equal(told(f, 3), "customer 1..1 3 changed name A -> C\n"
                                      "customer 1..1 3 changed value  -> 5\n");
    assert_string_equal(told(f, 4), "customer 2..2 4 deleted \n");
    assert_string_equal(told(f, 5), "customer 2..2 5 restored again \n");
    assert_string_equal(told(f, 6), "customer 1..1 6 changed again name C -> A\n"
                                      "customer 1..1 6 changed again value 5 -> \n");
    assert_false(journal_change(f->st, 99, put_change_item, NULL, &f->err));
    assert_int_equal(f->err.code, ERR_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
        TEST(test_head), TEST(test_tampering), TEST(test_erased_still_holds),
        TEST(test_log_and_runs), TEST(test_runs_nest), TEST(test_failed_change_makes_no_run),
        TEST(test_history), TEST(test_history_of_a_dropped_column),
        TEST(test_what_a_change_did),
    };
    return cmocka_run_group_tests_name("journal_chain", tests, NULL, NULL);
}

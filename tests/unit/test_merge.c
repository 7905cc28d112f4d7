/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Merging customers and taking an import back, with each write failing in turn: either all of it
 * is there or nothing.
 */
#include "crm_testing.h"

#include "model/import_undo.h"
#include "model/merge.h"

static const char *dump(Bench *b)
{
    Buf out = { 0 };
    bench_must(b, store_dump(b->crm->store, &out, &b->err));
    const char *text = str_c(buf_as_str(&out), &b->a);
    buf_release(&out);
    return text;
}

static void sample(Bench *b)
{
    bench_add(b, "customer", "name=宝钢|phone=021-58307717|tag=vip");
    bench_add(b, "customer", "name=Bao|phone=021-58307718|tag=vip|dnc=yes");
    bench_set(b, "customer", 2, "phone+=021-58307717");
    bench_add(b, "person", "customer=1|name=李局");
    bench_add(b, "person", "customer=2|name=李局|title=局长|phone=13900001111");
    bench_add(b, "task", "customer=2|title=demo");
    bench_add(b, "touch", "customer=2|person=2|note=询价");
}

static bool merge(Bench *b)
{
    MergeRules rules;
    MergeRefs refs;
    MergeReport report = { 0 };
    const int64_t other = 2;
    Merge m = { .type = bench_type(b, "customer"), .keep = 1, .others = &other, .n = 1,
                .rules = &rules, .refs = &refs };
    bench_must(b, merge_rules(b->crm, NULL, &b->a, &rules, &b->err)
                  && merge_refs(b->crm, &b->a, &refs, &b->err)
                  && store_begin(b->crm->store, &b->err));
    if (merge_records(b->crm, &m, &b->a, &report, &b->err))
        return store_commit(b->crm->store, &b->err);
    store_rollback(b->crm->store);
    return false;
}

/* All or nothing, whichever write fails; how many writes there are. */
static int until_it_works(Bench *b, bool (*work)(Bench *))
{
    const char *before = dump(b);
    for (int n = 1; n < 1000; n++) {
        b->err = (Error){ 0 };
        store_fail_at(b->crm->store, n);
        bool ok = work(b);
        store_fail_at(b->crm->store, 0);
        if (ok)
            return n;
        assert_string_equal(dump(b), before);
    }
    fail_msg("it never works");
    return 0;
}

static void test_a_merge_is_whole(void **state)
{
    Bench *b = *state;
    int problems;
    Undone u;
    sample(b);
    const char *before = dump(b);
    assert_true(until_it_works(b, merge) > 20);
    assert_field(b, "customer", 1, "dnc", "yes");
    assert_string_equal(bench_ids(b, "contact", "customer=1"), "1 2 4");
    assert_string_equal(bench_ids(b, "person", "customer=1"), "1");
    assert_field(b, "person", 1, "title", "局长");
    assert_field(b, "touch", 1, "person", "1");
    bench_must(b, store_check(b->crm->store, NULL, NULL, &problems, &b->err));
    assert_int_equal(problems, 0);
    bench_must(b, journal_undo(b->crm->store, 0, &b->a, &u, &b->err));
    assert_string_equal(dump(b), before);
}

/* ---- import undo ----------------------------------------------------------------------------- */

static void stays(void *ctx, const char *table, int64_t row, Str why)
{
    Buf *b = ctx;
    buf_printf(b, "%s %" PRId64 ": %.*s\n", table, row, STR_ARG(why));
}

static bool take_back(Bench *b)
{
    ImportUndone u;
    Buf said = { 0 };
    bench_must(b, store_begin(b->crm->store, &b->err));
    bool ok = import_undo(b->crm, 1, stays, &said, &u, &b->err);
    if (ok) {
        assert_string_equal(said.s, "customer 1: task 1 refers to it, by change 3\n");
        assert_int_equal(u.kept, 1);
        ok = store_commit(b->crm->store, &b->err);
    } else {
        store_rollback(b->crm->store);
    }
    buf_release(&said);
    return ok;
}

static void run_sql(Bench *b, const char *text)
{
    Query *q = NULL;
    bench_must(b, query_text(b->crm->store, str(text), &q, &b->err) && query_run(q, &b->err));
    query_close(q);
}

static void test_an_import_is_taken_back_whole(void **state)
{
    Bench *b = *state;
    Undone u;
    bench_must(b, store_begin(b->crm->store, &b->err));
    run_sql(b, "INSERT INTO customer(id, name, stage, stage_at, created, batch)"
               " VALUES (1, 'A', 1, 0, 0, 1), (2, 'B', 1, 0, 0, 1)");
    run_sql(b, "INSERT INTO contact(customer, kind, value, position)"
               " VALUES (1, 'phone', '+1', 1), (2, 'phone', '+2', 1)");
    run_sql(b, "INSERT INTO batch(id, type, file, at, on_match, read, new, updated, same, skipped,"
               " rejected) VALUES (1, 'customer', 'f', 0, 'fill', 2, 2, 0, 0, 0, 0)");
    bench_must(b, store_commit(b->crm->store, &b->err));
    bench_add(b, "task", "customer=1|title=demo");
    const char *before = dump(b);
    assert_true(until_it_works(b, take_back) > 2);
    assert_string_equal(bench_ids(b, "customer", ""), "1");
    assert_string_equal(bench_ids(b, "contact", ""), "1");
    bench_must(b, journal_undo(b->crm->store, 0, &b->a, &u, &b->err));
    assert_string_equal(dump(b), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_merge_is_whole, bench_open, bench_close),
        cmocka_unit_test_setup_teardown(test_an_import_is_taken_back_whole, bench_open,
                                        bench_close),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

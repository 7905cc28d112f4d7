/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Calling lists: filled, taken from, dealt, recalled, split, joined, frozen.
 */
#include "crm_testing.h"
#include "model/list.h"

static void fill_customers(Bench *b)
{
    static const char *const cities[] = { "上海", "Boston", "", "上海", "Boston", "上海" };
    bench_begin(b);
    for (int i = 0; i < 6; i++)
        bench_add(b, "customer",
                  arena_printf(&b->a, "name=c%d|city=%s|value=%d.50|retired=%s", i + 1, cities[i],
                               i, i == 5 ? "yes" : "no"));
    bench_add(b, "list", "name=spring");
    bench_add(b, "list", "name=autumn");
    bench_add(b, "agent", "name=li");
    bench_add(b, "agent", "name=wang");
    bench_commit(b);
}

static Filter filter(Bench *b, const char *text)
{
    Filter f;
    bench_must(b, filter_text(b->crm, bench_type(b, "customer"), str(text), &b->a, &f, &b->err));
    return f;
}

/* Each of the list's functions within a transaction; -1 when it refused. */
typedef bool (*WithFilter)(Crm *crm, int64_t list, const Filter *f, int64_t *n, Error *err);

static int64_t with_filter(Bench *b, WithFilter fn, int64_t list, const char *text)
{
    Filter f = filter(b, text);
    int64_t n = -1;
    b->err = (Error){ 0 };
    bench_begin(b);
    if (!fn(b->crm, list, &f, &n, &b->err)) {
        store_rollback(b->crm->store);
        return -1;
    }
    bench_commit(b);
    return n;
}

static bool set_state(Bench *b, int64_t list, const char *state)
{
    b->err = (Error){ 0 };
    bench_begin(b);
    if (list_set_state(b->crm, list, state, &b->err)) {
        bench_commit(b);
        return true;
    }
    store_rollback(b->crm->store);
    return false;
}

static void a_customer_is_on_a_list_once(void **state)
{
    Bench *b = *state;
    fill_customers(b);
    assert_int_equal(with_filter(b, list_fill, 1, "city=上海"), 2);      /* the third is retired */
    assert_int_equal(with_filter(b, list_fill, 1, "city=上海 or city=Boston"), 2);
    assert_int_equal(with_filter(b, list_fill, 1, "city=上海 or city=Boston"), 0);
    assert_ids(b, "entry", "list=spring", "1 2 3 4");
    assert_ids(b, "customer", "entry.list=spring", "1 2 4 5");
    assert_int_equal(with_filter(b, list_fill, 2, ""), 5);
    assert_field(b, "list", 2, "entries", "5");
    assert_field(b, "list", 2, "left", "5");
}

static void what_was_called_is_not_taken_off(void **state)
{
    Bench *b = *state;
    fill_customers(b);
    with_filter(b, list_fill, 1, "");
    with_filter(b, list_fill, 2, "");
    bench_sql(b, "UPDATE entry SET attempts = 1, state = 'retry' WHERE id = 1");
    assert_int_equal(with_filter(b, list_remove, 1, "city=上海"), 1);
    assert_int_equal(with_filter(b, list_remove, 1, "city=上海"), 0);
    assert_ids(b, "entry", "list=spring", "1 2 3 5");
    assert_field(b, "list", 2, "entries", "5");
    /* what was put on in the same transaction is counted too */
    Filter f = filter(b, "id=4");
    int64_t n;
    bench_begin(b);
    bench_must(b, list_fill(b->crm, 1, &f, &n, &b->err));
    assert_int_equal(n, 1);
    bench_must(b, list_remove(b->crm, 1, &f, &n, &b->err));
    assert_int_equal(n, 1);
    bench_commit(b);
}

static void entries_are_dealt_evenly(void **state)
{
    Bench *b = *state;
    int64_t agents[] = { 1, 2 }, dealt[2], left, back;
    fill_customers(b);
    with_filter(b, list_fill, 1, "");
    bench_begin(b);
    bench_must(b, list_deal(b->crm, 1, agents, 2, 1, dealt, &left, &b->err));
    assert_int_equal(dealt[0] + dealt[1], 2);
    assert_int_equal(left, 3);
    bench_must(b, list_deal(b->crm, 1, agents, 2, 0, dealt, &left, &b->err));
    assert_int_equal(dealt[0], 2);
    assert_int_equal(dealt[1], 1);
    assert_int_equal(left, 0);
    bench_must(b, list_deal(b->crm, 1, agents, 2, 10, dealt, &left, &b->err));
    assert_int_equal(dealt[0] + dealt[1] + left, 0);
    bench_commit(b);
    /* what was called stays with its agent */
    bench_sql(b, "UPDATE entry SET attempts = 1, state = 'retry' WHERE id = 1");
    bench_begin(b);
    bench_must(b, list_recall(b->crm, 1, 1, false, &back, &b->err));
    assert_int_equal(back, 2);
    bench_must(b, list_recall(b->crm, 1, 0, false, &back, &b->err));
    assert_int_equal(back, 2);
    bench_commit(b);
    assert_ids(b, "entry", "agent=li", "1");
    assert_ids(b, "entry", "agent=", "2 3 4 5");
    /* unless he has left; a callback that anybody may take is not dealt */
    bench_sql(b, "UPDATE entry SET state = 'callback' WHERE id = 2");
    bench_begin(b);
    bench_must(b, list_recall(b->crm, 1, 1, true, &back, &b->err));
    assert_int_equal(back, 1);
    bench_must(b, list_deal(b->crm, 1, agents, 2, 0, dealt, &left, &b->err));
    assert_int_equal(dealt[0] + dealt[1], 4);
    bench_commit(b);
    assert_ids(b, "entry", "agent=", "2");
}

typedef struct Seen { Buf text; } Seen;

static bool part(void *ctx, Str name, int64_t entries)
{
    buf_printf(&((Seen *)ctx)->text, "%.*s %d\n", STR_ARG(name), (int)entries);
    return true;
}

static bool split(Bench *b, int64_t list, const char *field, Seen *seen)
{
    const Field *f = type_field(bench_type(b, "customer"), str(field));
    b->err = (Error){ 0 };
    buf_reset(&seen->text);
    bench_begin(b);
    if (list_split(b->crm, list, f, &b->a, part, seen, &b->err)) {
        bench_commit(b);
        return true;
    }
    store_rollback(b->crm->store);
    return false;
}

static void a_list_is_split_by_a_field(void **state)
{
    Bench *b = *state;
    Seen seen = { { 0 } };
    fill_customers(b);
    with_filter(b, list_fill, 1, "");
    bench_sql(b, "UPDATE entry SET attempts = 2, state = 'retry' WHERE id = 2");
    bench_must(b, split(b, 1, "city", &seen));
    assert_string_equal(seen.text.s, "spring.none 1\nspring.Boston 2\nspring.上海 2\n");
    assert_field(b, "list", 1, "entries", "0");
    assert_ids(b, "entry", "list=spring.上海", "1 4");
    assert_ids(b, "entry", "list=spring.Boston attempts=2", "2");
    with_filter(b, list_fill, 2, "id<=2");
    bench_must(b, split(b, 2, "value", &seen));
    assert_string_equal(seen.text.s, "autumn.0.50 1\nautumn.1.50 1\n");
    /* a list of that name is in the way: nothing moves */
    with_filter(b, list_fill, 1, "city=Boston");
    assert_false(split(b, 1, "city", &seen));
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_field(b, "list", 1, "entries", "2");
    buf_release(&seen.text);
}

static void too_many_parts(void **state)
{
    Bench *b = *state;
    Seen seen = { { 0 } };
    bench_add(b, "list", "name=spring");
    bench_sql(b, "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 201)"
                 " INSERT INTO customer (id, name, stage, stage_at, created)"
                 " SELECT i, 'n' || i, 1, 0, 0 FROM c");
    with_filter(b, list_fill, 1, "");
    assert_false(split(b, 1, "name", &seen));
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "list spring would become more than 200 lists");
    buf_release(&seen.text);
}

static void lists_are_joined(void **state)
{
    Bench *b = *state;
    int64_t added;
    fill_customers(b);
    with_filter(b, list_fill, 1, "id in (1, 2, 3)");
    with_filter(b, list_fill, 2, "id in (3, 4)");
    bench_begin(b);
    bench_must(b, list_join(b->crm, 1, 2, &added, &b->err));
    assert_int_equal(added, 1);
    bench_must(b, list_join(b->crm, 1, 2, &added, &b->err));
    assert_int_equal(added, 0);
    bench_commit(b);
    assert_ids(b, "customer", "entry.list=spring", "1 2 3 4");
}

static void frozen_and_retired_lists_do_not_change(void **state)
{
    Bench *b = *state;
    int64_t agents[] = { 1 }, dealt[1], left, n;
    Seen seen = { { 0 } };
    fill_customers(b);
    with_filter(b, list_fill, 1, "");
    bench_must(b, set_state(b, 1, "frozen"));
    const char *before = bench_dump(b);
    assert_int_equal(with_filter(b, list_fill, 1, ""), -1);
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "list spring is frozen");
    assert_string_equal(b->err.hint, "list thaw spring");
    assert_int_equal(with_filter(b, list_remove, 1, ""), -1);
    assert_false(split(b, 1, "city", &seen));
    assert_false(list_deal(b->crm, 1, agents, 1, 0, dealt, &left, &b->err));
    assert_false(list_recall(b->crm, 1, 0, false, &n, &b->err));
    assert_false(list_join(b->crm, 1, 2, &n, &b->err));
    assert_string_equal(bench_dump(b), before);
    bench_must(b, set_state(b, 1, "active"));
    bench_must(b, set_state(b, 1, "retired"));
    assert_int_equal(with_filter(b, list_fill, 1, ""), -1);
    assert_string_equal(b->err.hint, "list join spring --as NAME makes a new list of it");
    assert_false(set_state(b, 1, "active"));
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "list spring is retired for good");
    bench_must(b, set_state(b, 1, "retired"));
    assert_false(set_state(b, 99, "active"));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    buf_release(&seen.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_customer_is_on_a_list_once), test(what_was_called_is_not_taken_off),
        test(entries_are_dealt_evenly), test(a_list_is_split_by_a_field), test(too_many_parts),
        test(lists_are_joined), test(frozen_and_retired_lists_do_not_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

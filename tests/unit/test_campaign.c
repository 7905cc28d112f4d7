/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The states of a campaign, and the gate on its start.
 */
#include "crm_testing.h"
#include "model/list.h"

static const char *const states[] = { "draft", "ready", "running", "paused", "closed" };

static bool to(Bench *b, const char *state)
{
    b->err = (Error){ 0 };
    bench_begin(b);
    if (campaign_set_state(b->crm, 1, state, &b->a, &b->err)) {
        bench_commit(b);
        return true;
    }
    store_rollback(b->crm->store);
    return false;
}

static void a_share_is_a_share(void **state)
{
    Bench *b = *state;
    assert_int_equal(bench_try_add(b, "campaign", "name=a|max_abandoned=50"), 0);
    assert_string_equal(b->err.msg,
                        "max_abandoned: 5000% is no share; it lies between 0% and 100%");
    bench_add(b, "campaign", "name=a|max_abandoned=50%");
}

static void one_rule_for_a_result(void **state)
{
    Bench *b = *state;
    assert_int_equal(bench_try_add(b, "recycle", "result=busy|after=1m"), 0);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_string_equal(b->err.msg, "rule 2 is for busy already");
    assert_int_equal(bench_try_add(b, "recycle", "result=buzy|after=1m"), 0);
    assert_string_equal(b->err.msg, "no result 'buzy'");
    bench_add(b, "recycle", "result=skipped|after=2h");
    assert_true(bench_set(b, "recycle", 2, "after=30m"));
}

static void make(Bench *b)
{
    bench_add(b, "customer", "name=宝钢");
    bench_add(b, "list", "name=spring");
    bench_sql(b, "INSERT INTO entry (id, list, customer) VALUES (1, 1, 1)");
    bench_add(b, "campaign", "name=demo|list=spring|script=您好");
}

static void which_state_follows_which(void **state)
{
    Bench *b = *state;
    static const bool may[5][5] = {          /* from (row) to (column), in the order of states[] */
        { 0, 1, 1, 0, 1 }, { 1, 0, 1, 0, 1 }, { 0, 0, 0, 1, 1 }, { 0, 0, 1, 0, 1 },
        { 0, 0, 0, 0, 0 },
    };
    make(b);
    for (int from = 0; from < 5; from++)
        for (int next = 0; next < 5; next++) {
            bench_sql(b, arena_printf(&b->a, "UPDATE campaign SET state = '%s'", states[from]));
            bool ok = to(b, states[next]);
            if (ok != may[from][next])
                fail_msg("from %s to %s: %s", states[from], states[next], b->err.msg);
            assert_field(b, "campaign", 1, "state", ok ? states[next] : states[from]);
            if (!ok)
                assert_int_equal(b->err.code, ERR_REFUSED);
        }
    assert_string_equal(b->err.msg, "campaign demo is closed and cannot become closed");
    assert_string_equal(b->err.hint, "from closed it may become: nothing");
    assert_int_equal(bench_try_set(b, "campaign", 1, "state=running"), -1);
    assert_int_equal(b->err.code, ERR_REFUSED);
}

static void the_start_names_what_is_missing(void **state)
{
    Bench *b = *state;
    bench_add(b, "campaign", "name=demo|starts=2026-03-05");
    assert_false(to(b, "running"));
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "campaign demo may not start");
    assert_string_equal(
        b->err.detail,
        "list  it has no list  -> campaign set demo list=NAME\n"
        "script  no script: nobody knows what to say  -> campaign set demo script='...'\n"
        "dates  it begins on 2026-03-05  -> campaign set demo starts=today");
    assert_string_equal(b->err.hint, "why campaign demo shows every check");
    bench_add(b, "list", "name=spring");
    bench_set(b, "campaign", 1, "list=spring|script=您好|starts=today");
    assert_false(to(b, "running"));
    assert_string_equal(b->err.detail,
                        "list  0 entries of list spring are left  -> list fill spring FILTER");
    bench_add(b, "customer", "name=宝钢");
    bench_sql(b, "INSERT INTO entry (id, list, customer) VALUES (1, 1, 1)");
    bench_sql(b, "UPDATE list SET state = 'frozen'");
    assert_false(to(b, "running"));
    assert_string_equal(b->err.detail, "list  list spring is frozen  -> list thaw spring");
    bench_sql(b, "UPDATE list SET state = 'retired'");
    assert_false(to(b, "running"));
    assert_string_equal(b->err.detail,
                        "list  list spring is retired  -> campaign set demo list=NAME");
    bench_sql(b, "UPDATE list SET state = 'active'");
    bench_sql(b, "DELETE FROM hours");
    assert_false(to(b, "running"));
    assert_non_null(strstr(b->err.detail, "hours  there are no hours named default"));
    bench_add(b, "hours", "name=late|spec=daily 18-20");
    bench_set(b, "campaign", 1, "hours=late|ends=2026-03-04");
    bench_must(b, to(b, "running"));
    bench_must(b, to(b, "paused"));
    clock_set(&b->clock, (NOW + 86400) * 1000LL);
    assert_false(to(b, "running"));
    assert_string_equal(b->err.detail, "dates  it ended on 2026-03-04  -> campaign set demo ends=");
}

static void a_gate_asks_all_or_stops(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "campaign", "name=demo");
    Verdicts v;
    bench_must(b, gate_ask(b->crm, &campaign_gate, &id, true, &b->a, &v, &b->err));
    assert_int_equal(v.n, 4);
    assert_false(v.pass);
    bench_must(b, gate_ask(b->crm, &campaign_gate, &id, false, &b->a, &v, &b->err));
    assert_int_equal(v.n, 1);
    id = 9;
    assert_false(gate_ask(b->crm, &campaign_gate, &id, true, &b->a, &v, &b->err));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    assert_string_equal(b->err.msg, "no campaign 9");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(which_state_follows_which), test(the_start_names_what_is_missing),
        test(a_gate_asks_all_or_stops), test(one_rule_for_a_result),
        test(a_share_is_a_share),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Many records at once: order, paging, finding; and the plans of the queries that must be fast.
 */
#include "crm_testing.h"
#include "model/find.h"

static void fill(Bench *b)
{
    bench_add(b, "customer", "name=宝钢股份|org=宝武集团|value=80|city=上海|phone=021-58307717");
    bench_add(b, "customer", "name=王芳|value=120|phone=13800138000|email=wang.fang@example.com");
    bench_add(b, "customer", "name=ACME Ltd|city=Boston|stage=potential");
    bench_add(b, "customer", "name=1688|value=80");
    bench_add(b, "person", "customer=1|name=王芳菲|phone=13911112222|title=CFO");
    bench_add(b, "list", "name=spring|note=王芳");
}

/* Ids in the order of a Select. */
static const char *selected(Bench *b, Select s)
{
    Query *q = NULL;
    Buf out = { 0 };
    bench_must(b, select_open(b->crm, &s, &b->a, &q, &b->err));
    while (query_next(q, &b->err) > 0)
        buf_printf(&out, "%s%" PRId64, out.n ? " " : "", query_col_int(q, 0));
    query_close(q);
    const char *text = out.n ? str_c(buf_as_str(&out), &b->a) : "";
    buf_release(&out);
    return text;
}

static void order_limit_and_paging(void **state)
{
    Bench *b = *state;
    fill(b);
    const Type *t = bench_type(b, "customer");
    assert_string_equal(selected(b, (Select){ .type = t }), "1 2 3 4");
    assert_string_equal(selected(b, (Select){ .type = t, .limit = 2 }), "1 2");
    assert_string_equal(selected(b, (Select){ .type = t, .limit = 2, .after = 2 }), "3 4");
    assert_string_equal(selected(b, (Select){ .type = t, .order = "-value,name" }), "2 4 1 3");
    assert_string_equal(selected(b, (Select){ .type = t, .order = "-id" }), "4 3 2 1");
    assert_string_equal(selected(b, (Select){ .type = t, .order = "stage, -name" }), "2 1 4 3");
    Query *q = NULL;
    Select s = { .type = t, .order = "valeu" };
    assert_false(select_open(b->crm, &s, &b->a, &q, &b->err));
    assert_int_equal(b->err.code, ERR_USAGE);
    assert_string_equal(b->err.hint, "nearest: value");
}

static void values_as_stored_and_as_shown(void **state)
{
    Bench *b = *state;
    fill(b);
    const Type *t = bench_type(b, "customer");
    const Field *stage = type_field(t, STR("stage"));
    Select s = { .type = t, .fields = &stage, .n = 1, .stored = true };
    Query *q = NULL;
    bench_must(b, select_open(b->crm, &s, &b->a, &q, &b->err) && query_one(q, &b->err));
    assert_int_equal(query_col_int(q, 1), 1);
    query_close(q);
    s.stored = false;
    bench_must(b, select_open(b->crm, &s, &b->a, &q, &b->err) && query_one(q, &b->err));
    assert_true(str_is(query_col_str(q, 1), "identify"));
    query_close(q);
}

/* ---- find ------------------------------------------------------------------------------------ */

static const char *found(Bench *b, const char *type, const char *text, int64_t limit)
{
    Found f;
    Buf out = { 0 };
    b->err = (Error){ 0 };
    bench_must(b, find_ids(b->crm, bench_type(b, type), str(text), limit, &b->a, &f, &b->err));
    for (int i = 0; i < f.n; i++)
        buf_printf(&out, "%s%" PRId64, i ? " " : "", f.ids[i]);
    const char *list = out.n ? str_c(buf_as_str(&out), &b->a) : "";
    buf_release(&out);
    return list;
}

static void finding(void **state)
{
    Bench *b = *state;
    fill(b);
    assert_string_equal(found(b, "customer", "王芳", 0), "2 1");      /* itself, then its people */
    assert_string_equal(found(b, "customer", "芳", 0), "2 1");
    assert_string_equal(found(b, "customer", "宝武", 0), "1");
    assert_string_equal(found(b, "customer", "acme", 0), "3");
    assert_string_equal(found(b, "customer", "acm", 0), "3");
    assert_string_equal(found(b, "customer", "ltd acme", 0), "3");
    assert_string_equal(found(b, "customer", "acme 王芳", 0), "");
    assert_string_equal(found(b, "customer", "王芳", 1), "2");
    assert_string_equal(found(b, "person", "芳菲", 0), "1");
    assert_string_equal(found(b, "customer", "", 0), "");
    assert_string_equal(found(b, "customer", "\" OR *", 0), "");
    assert_string_equal(found(b, "list", "王芳", 0), "1");
    assert_string_equal(found(b, "stage", "潜在", 0), "2");
    bench_set(b, "customer", 2, "name=李娜");
    assert_string_equal(found(b, "customer", "王芳", 0), "1");
    assert_string_equal(found(b, "customer", "李娜", 0), "2");
}

static void finding_numbers_and_addresses(void **state)
{
    Bench *b = *state;
    fill(b);
    assert_string_equal(found(b, "customer", "5830", 0), "1");
    assert_string_equal(found(b, "customer", "021-58307717", 0), "1");
    assert_string_equal(found(b, "customer", "（021）5830", 0), "1");
    assert_string_equal(found(b, "customer", "138 0013", 0), "2");
    assert_string_equal(found(b, "customer", "１３８００", 0), "2");
    assert_string_equal(found(b, "customer", "13911112222", 0), "1");     /* of its people */
    assert_string_equal(found(b, "person", "1391", 0), "1");
    assert_string_equal(found(b, "customer", "@EXAMPLE", 0), "2");
    assert_string_equal(found(b, "customer", "1688", 0), "4");            /* no number: a name */
    assert_string_equal(found(b, "customer", "99999", 0), "");
}

static void finding_in_fields(void **state)
{
    Bench *b = *state;
    Found f;
    fill(b);
    bench_add(b, "customer", "name=李娜|org=王芳公司|phone=13800138001|email=li@example.com");
    assert_string_equal(found(b, "customer", "name:王芳", 0), "2");
    assert_string_equal(found(b, "customer", "org:王芳", 0), "5");
    assert_string_equal(found(b, "customer", "name：李 org:王 公司", 0), "5");
    assert_string_equal(found(b, "customer", "name:李 org:宝武", 0), "");
    assert_string_equal(found(b, "customer", "phone:13800", 0), "2 5");
    assert_string_equal(found(b, "customer", "phone:8001", 0), "5 2");      /* at the end first */
    assert_string_equal(found(b, "customer", "phone:13800 email:wang", 0), "2");
    assert_string_equal(found(b, "customer", "王芳 phone:8001", 0), "2 5");
    assert_string_equal(found(b, "customer", "name:李 phone:13800", 0), "5");
    assert_string_equal(found(b, "customer", "email:example.com", 0), "2 5");
    assert_string_equal(found(b, "customer", "fax:13800", 0), "");
    assert_string_equal(found(b, "customer", "phone:x", 0), "");
    assert_string_equal(found(b, "person", "name:芳 phone:1391", 0), "1");
    assert_string_equal(found(b, "list", "note:王芳", 0), "1");
    assert_string_equal(found(b, "list", "note:spring", 0), "");
    assert_string_equal(found(b, "customer", "10:30", 0), "");
    assert_string_equal(found(b, "customer", "https://example.com", 0), "");
    assert_false(find_ids(b->crm, bench_type(b, "customer"), STR("nmae:芳"), 0, &b->a, &f, &b->err));
    assert_string_equal(b->err.msg, "customers have no field 'nmae'");
    assert_false(find_ids(b->crm, bench_type(b, "customer"), STR("city:上"), 0, &b->a, &f, &b->err));
    assert_string_equal(b->err.msg, "customers are not searched by city, but by name, org, phone, "
                                    "fax, email, web");
    assert_string_equal(b->err.hint, "customer list city~TEXT looks through all of them");
}

/* What is the text before what begins with it, and that before what holds it; names first. */
static void the_best_come_first(void **state)
{
    Bench *b = *state;
    static const char *const names[] = { "name=北京王芳商店", "name=王芳菲", "name=张|org=王芳",
                                         "name=王芳", "name=张|org=大王芳", "name=大王芳" };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        bench_add(b, "customer", names[i]);
    assert_string_equal(found(b, "customer", "王芳", 0), "4 3 2 6 1 5");
    assert_string_equal(found(b, "customer", "王芳", 2), "4 3");
}

/* --limit 0 is all, however many; of so many those that begin with the text come first. */
static void very_many_are_found(void **state)
{
    Bench *b = *state;
    Found f;
    const Type *t = bench_type(b, "customer");
    bench_sql(b, "WITH RECURSIVE c(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM c WHERE i < 6000)"
                 " INSERT INTO customer (id, name, stage, stage_at, created)"
                 " SELECT i, iif(i = 4000, '', '小') || '王芳' || i, 1, 0, 0 FROM c");
    bench_must(b, find_ids(b->crm, t, STR("王芳"), 0, &b->a, &f, &b->err));
    assert_int_equal(f.n, 6000);
    bench_must(b, find_ids(b->crm, t, STR("王芳"), 5500, &b->a, &f, &b->err));
    assert_int_equal(f.n, 5500);
    bench_must(b, find_ids(b->crm, t, STR("王芳"), 3, &b->a, &f, &b->err));
    assert_int_equal(f.n, 3);
    assert_int_equal(f.ids[0], 4000);
    assert_int_equal(f.ids[1], 1);
    assert_int_equal(f.ids[2], 2);
}

/* ---- plans ----------------------------------------------------------------------------------- */

/* What SQLite means to do, a step a line. */
static const char *plan(Bench *b, const char *sql, int parameters)
{
    Query *q = NULL;
    Buf out = { 0 };
    bool writes;
    bench_must(b, query_user(b->crm->store, str(arena_printf(&b->a, "EXPLAIN QUERY PLAN %s", sql)),
                             &q, &writes, &b->err));
    for (int i = 1; i <= parameters; i++)
        query_int(q, i, 1);
    while (query_next(q, &b->err) > 0)
        buf_printf(&out, "%.*s\n", STR_ARG(query_col_str(q, 3)));
    query_close(q);
    const char *text = out.n ? str_c(buf_as_str(&out), &b->a) : "";
    buf_release(&out);
    return text;
}

/* The plan of a filter's first 50 rows, with the columns that `list` prints when `listed`. */
static const char *plan_of(Bench *b, const char *filter, bool listed)
{
    Filter f;
    Buf sql = { 0 };
    const Type *t = bench_type(b, "customer");
    bench_must(b, filter_text(b->crm, t, str(filter), &b->a, &f, &b->err));
    buf_cstr(&sql, "SELECT t.id");
    for (int i = 1; i < t->n && listed; i++)
        if (t->fields[i].flags & FIELD_LISTED)
            buf_printf(&sql, ", %s", field_sql(b->crm->schema, &t->fields[i], "t", true, &b->a));
    buf_printf(&sql, " FROM customer t WHERE %s ORDER BY t.id LIMIT 50", f.sql);
    const char *text = plan(b, sql.s, f.n);
    buf_release(&sql);
    return text;
}

static const char *count_plan(Bench *b, const char *filter)
{
    Filter f;
    const Type *t = bench_type(b, "customer");
    bench_must(b, filter_text(b->crm, t, str(filter), &b->a, &f, &b->err));
    return plan(b, arena_printf(&b->a, "SELECT count(*) FROM customer t WHERE %s", f.sql), f.n);
}

static void must_use(Bench *b, const char *filter, const char *index)
{
    const char *rows = plan_of(b, filter, false), *listed = plan_of(b, filter, true);
    const char *count = count_plan(b, filter);
    if (!strstr(rows, index) || strstr(rows, "SCAN t") || strstr(rows, "TEMP B-TREE"))
        fail_msg("%s\n%s", filter, rows);
    if (!strstr(listed, index) || strstr(listed, "SCAN v"))
        fail_msg("%s\n%s", filter, listed);
    if (!strstr(count, index) || strstr(count, "SCAN t"))
        fail_msg("count %s\n%s", filter, count);
}

static void indexed_filters_use_their_index_and_no_sort(void **state)
{
    Bench *b = *state;
    bench_add_wang(b);
    must_use(b, "stage=potential", "customer_stage (stage=?)");
    must_use(b, "stage=potential value>=80 city~海", "customer_stage (stage=?)");
    must_use(b, "owner=wang", "customer_owner (owner=?)");
    must_use(b, "id=7", "INTEGER PRIMARY KEY (rowid=?)");
    assert_non_null(strstr(count_plan(b, "stage=potential"), "COVERING INDEX customer_stage"));
}

/* What is found through other tables goes from there; its order by id may need a sort. */
static void contacts_and_tags_go_by_their_index(void **state)
{
    Bench *b = *state;
    const char *p = plan_of(b, "phone=13800138000", false);
    assert_non_null(strstr(p, "contact_value (value=?"));
    assert_null(strstr(p, "SCAN t"));
    p = plan_of(b, "tag=vip", false);
    assert_non_null(strstr(p, "customer_tag_tag (tag=?)"));
    assert_null(strstr(p, "SCAN t"));
    p = count_plan(b, "phone=13800138000");
    assert_non_null(strstr(p, "contact_value (value=?"));
    /* parts of numbers are sought along the index alone */
    p = plan(b, "SELECT id FROM contact INDEXED BY contact_value WHERE instr(value, '5830')", 0);
    assert_non_null(strstr(p, "COVERING INDEX contact_value"));
}

/* Deleting a row looks up what refers to it by an index, never by reading a whole table that may be
 * large. */
static void deletion_finds_referrers_by_index(void **state)
{
    Bench *b = *state;
    static const char *const lookups[] = {
        "SELECT rowid FROM call WHERE entry = ?", "SELECT rowid FROM call WHERE customer = ?",
        "SELECT rowid FROM touch WHERE person = ?", "SELECT rowid FROM contact WHERE person = ?",
        "SELECT rowid FROM entry WHERE customer = ?", "SELECT rowid FROM task WHERE deal = ?",
        "SELECT rowid FROM person WHERE reports = ?", "SELECT rowid FROM call WHERE campaign = ?",
        NULL
    };
    for (int i = 0; lookups[i]; i++)
        if (!strstr(plan(b, lookups[i], 1), "SEARCH"))
            fail_msg("%s", lookups[i]);
}

extern const SqlTable crm_sql, schema_sql, checks_sql, view_sql, stage_sql, list_sql, campaign_sql,
    dial_facts_sql, dial_gate_sql, holiday_sql, stop_sql, user_type_sql;

static void statements_prepare_and_hot_ones_use_an_index(void **state)
{
    Bench *b = *state;
    const SqlTable *const all[]
        = { &crm_sql,  &schema_sql,   &checks_sql,    &view_sql,     &stage_sql,
            &list_sql, &campaign_sql, &dial_gate_sql, &dial_facts_sql,
            &holiday_sql, &stop_sql, &user_type_sql };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        bench_must(b, store_check_sql(b->crm->store, all[i], &b->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(order_limit_and_paging), test(values_as_stored_and_as_shown), test(finding),
        test(finding_numbers_and_addresses), test(finding_in_fields),
        test(the_best_come_first), test(very_many_are_found),
        test(indexed_filters_use_their_index_and_no_sort),
        test(contacts_and_tags_go_by_their_index), test(deletion_finds_referrers_by_index),
        test(statements_prepare_and_hot_ones_use_an_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

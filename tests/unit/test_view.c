/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields that are views: telephone numbers, addresses and tags of customers and people.
 */
#include "crm_testing.h"

/* "value|raw|label|ext" of each contact point in its order, one a line. */
static const char *points(Bench *b, const char *where)
{
    Query *q = NULL;
    Buf out = { 0 };
    const char *text = arena_printf(&b->a,
                                    "SELECT kind, value, raw, label, ext FROM contact WHERE %s"
                                    " ORDER BY kind, position, id",
                                    where);
    bench_must(b, query_text(b->crm->store, str(text), &q, &b->err));
    while (query_next(q, &b->err) > 0)
        for (int i = 0; i < 5; i++)
            buf_printf(&out, "%.*s%s", STR_ARG(query_col_str(q, i)), i < 4 ? "|" : "\n");
    query_close(q);
    const char *all = out.n ? str_c(buf_as_str(&out), &b->a) : "";
    buf_release(&out);
    return all;
}

static void a_cell_holds_several_numbers(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=宝钢|phone=办公 021-58307717转801/13800138000(王总)");
    assert_string_equal(points(b, "customer = 1"),
                        "phone|+862158307717|办公 021-58307717转801|办公|801\n"
                        "phone|+8613800138000|13800138000(王总)|王总|\n");
    assert_field(b, "customer", id, "phone", "+862158307717");
    assert_int_equal(bench_try_set(b, "customer", id, "phone=call me"), -1);
    assert_string_equal(b->err.msg, "phone: not a telephone number: 'call me'");
    assert_int_equal(bench_try_set(b, "customer", id, "phone=1.38E+10"), -1);
    assert_string_equal(b->err.msg, "phone: a spreadsheet rounded this number: '1.38E+10'");
}

static void the_first_number_is_replaced(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=a|phone=13800138000");
    bench_set(b, "customer", id, "phone+=13900139000");
    bench_set(b, "customer", id, "phone=13700137000");
    assert_field(b, "customer", id, "phone", "+8613700137000");
    assert_int_equal(bench_int(b, "SELECT count(*) FROM contact"), 2);
    /* a further one, given as the first, moves to the front and is there once */
    bench_set(b, "customer", id, "phone=13900139000");
    assert_field(b, "customer", id, "phone", "+8613900139000");
    assert_int_equal(bench_int(b, "SELECT count(*) FROM contact"), 1);
    bench_set(b, "customer", id, "phone+=13600136000");
    bench_set(b, "customer", id, "phone-=139 0013 9000");
    assert_field(b, "customer", id, "phone", "+8613600136000");
    bench_set(b, "customer", id, "phone=");
    assert_field(b, "customer", id, "phone", "");
    assert_int_equal(bench_int(b, "SELECT count(*) FROM contact"), 0);
}

static void a_country_is_the_home_of_its_numbers(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=a|country=US|phone=(212) 555-0142");
    assert_field(b, "customer", id, "phone", "+12125550142");
    id = bench_add(b, "customer", "name=b|phone=010-65881234");
    assert_field(b, "customer", id, "phone", "+861065881234");
}

static void addresses_are_split_and_folded(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=a|email=Wang@Example.COM; li@b.cn，x@y.z");
    assert_string_equal(points(b, "kind = 'email'"), "email|wang@example.com|||\nemail|li@b.cn|||\n"
                                                     "email|x@y.z|||\n");
    assert_int_equal(bench_try_set(b, "customer", id, "email=a@b, nobody"), -1);
    assert_string_equal(b->err.msg, "email: not an e-mail address: 'nobody'");
    assert_int_equal(bench_try_set(b, "customer", id, "email=1@a,2@a,3@a,4@a,5@a,6@a,7@a,8@a,9@a"),
                     -1);
    assert_string_equal(b->err.msg, "email: more than 8 addresses at once");
    assert_true(bench_set(b, "customer", id, "email-=li@B.CN"));
    assert_false(bench_set(b, "customer", id, "email-=li@b.cn"));
    bench_set(b, "customer", id, "web=https://example.com/a,b|fax=021-58307718");
    assert_field(b, "customer", id, "web", "https://example.com/a,b");
    assert_field(b, "customer", id, "fax", "+862158307718");
}

static void tags_are_a_set(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=a|tag=vip, new");
    assert_field(b, "customer", id, "tag", "new,vip");
    assert_true(bench_set(b, "customer", id, "tag+=vip,老客户"));
    assert_field(b, "customer", id, "tag", "new,vip,老客户");
    assert_true(bench_set(b, "customer", id, "tag-=vip、new"));
    assert_field(b, "customer", id, "tag", "老客户");
    assert_true(bench_set(b, "customer", id, "tag=a b"));
    assert_field(b, "customer", id, "tag", "a,b");
    assert_true(bench_set(b, "customer", id, "tag="));
    assert_field(b, "customer", id, "tag", "");
    assert_false(bench_set(b, "customer", id, "tag=,"));
}

/* What was there stays the same row, so that undo and history speak of what changed alone. */
static void unchanged_points_keep_their_rows(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=a|tag=x,y|phone=13800138000,13900139000");
    bench_set(b, "customer", id, "tag=y,z|phone=13800138000");
    assert_int_equal(bench_int(b, "SELECT id FROM customer_tag WHERE tag = 'y'"), 2);
    assert_int_equal(bench_int(b, "SELECT count(*) FROM contact"), 2);
    assert_int_equal(bench_int(b, "SELECT change FROM contact WHERE id = 1"),
                     bench_int(b, "SELECT min(id) FROM change WHERE kind = 'work'"));
}

static void people_have_points_of_their_own(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢|phone=021-58307717");
    bench_add(b, "customer", "name=鞍钢");
    int64_t id = bench_add(b, "person", "customer=1|name=王芳|phone=13800138000|email=w@b.cn");
    assert_field(b, "person", id, "phone", "+8613800138000");
    assert_field(b, "customer", 1, "phone", "+862158307717");
    bench_set(b, "customer", 1, "phone=");
    assert_field(b, "customer", 1, "phone", "");
    assert_field(b, "person", id, "phone", "+8613800138000");
    assert_ids(b, "customer", "phone=", "1 2");
    assert_ids(b, "customer", "person.phone=13800138000", "1");
    /* they go along to another customer */
    bench_set(b, "person", id, "customer=2");
    assert_field(b, "person", id, "phone", "+8613800138000");
    assert_int_equal(bench_int(b, "SELECT count(*) FROM contact WHERE customer = 2"), 2);
    assert_ids(b, "customer", "person.phone=13800138000", "2");
}

static void a_contact_added_alone_is_normalised(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢|phone=021-58307717");
    bench_add(b, "customer", "name=鞍钢");
    bench_add(b, "person", "customer=2|name=王芳");
    int64_t id = bench_add(b, "contact", "customer=1|kind=phone|value=138 0013 8000转12");
    assert_field(b, "contact", id, "value", "+8613800138000");
    assert_field(b, "contact", id, "raw", "138 0013 8000转12");
    assert_field(b, "contact", id, "ext", "12");
    assert_field(b, "contact", id, "country", "CN");
    assert_field(b, "contact", id, "valid", "yes");
    assert_field(b, "contact", id, "position", "2");
    assert_field(b, "customer", 1, "phone", "+862158307717");
    bench_set(b, "contact", id, "position=0");
    assert_field(b, "customer", 1, "phone", "+8613800138000");
    assert_int_equal(bench_try_add(b, "contact", "customer=1|kind=phone|value=13800138000"), 0);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_int_equal(
        bench_try_add(b, "contact", "customer=1|kind=phone|value=13800138000/13900139000"), 0);
    assert_int_equal(b->err.code, ERR_INVALID);
    assert_int_equal(bench_try_add(b, "contact", "customer=1|person=1|kind=email|value=a@b.cn"), 0);
    assert_string_equal(b->err.msg, "person 1 is at customer 2, not at 1");
    assert_int_equal(bench_try_add(b, "contact", "customer=1|kind=phone|value=call me"), 0);
    assert_string_equal(b->err.msg, "value: not a telephone number: 'call me'");
    assert_int_equal(bench_try_add(b, "contact", "customer=1|kind=email|value=nobody"), 0);
    assert_string_equal(b->err.msg, "value: not an e-mail address: 'nobody'");
    bench_add(b, "contact", "customer=1|kind=web|value=example.com");
    id = bench_add(b, "contact", "customer=1|kind=email|value=A@B.CN");
    assert_field(b, "contact", id, "value", "a@b.cn");
    assert_field(b, "contact", id, "raw", "");
    bench_set(b, "contact", id, "value=C@D.cn|label=work");
    assert_field(b, "contact", id, "value", "c@d.cn");
    assert_false(bench_set(b, "contact", id, "label=work"));
}

static void writing_is_undone_whole(void **state)
{
    Bench *b = *state;
    Undone u;
    bench_add(b, "customer", "name=a|tag=x,y|phone=13800138000,13900139000");
    const char *before = bench_dump(b);
    journal_run_begin(b->crm->store, "me", STR("set"));
    bench_set(b, "customer", 1, "tag=z|phone=13700137000|email=a@b.cn|name=b");
    journal_run_end(b->crm->store);
    const char *after = bench_dump(b);
    bench_must(b, journal_undo(b->crm->store, 0, &b->a, &u, &b->err));
    assert_string_equal(bench_dump(b), before);
    bench_must(b, journal_redo(b->crm->store, &b->a, &u, &b->err));
    assert_string_equal(bench_dump(b), after);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_cell_holds_several_numbers), test(the_first_number_is_replaced),
        test(a_country_is_the_home_of_its_numbers), test(addresses_are_split_and_folded),
        test(tags_are_a_set), test(unchanged_points_keep_their_rows),
        test(people_have_points_of_their_own), test(a_contact_added_alone_is_normalised),
        test(writing_is_undone_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

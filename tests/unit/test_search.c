/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_testing.h"

static void test_finds(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "王芳"), CUSTOMER(2, "李王芳华 Smith"), CUSTOMER(3, "张伟123科技"),
           CUSTOMER(4, "ＡＢＣ Ltd"), CUSTOMER(5, "Zoë O''Neil"), CUSTOMER(6, "王 芳"), NULL);
    finds(f, "王芳", "1 2");
    finds(f, "芳", "1 2 6");
    finds(f, "王", "1 2 6");
    finds(f, "芳华", "2");
    finds(f, "王芳华", "2");
    finds(f, "华王", "");
    finds(f, "smi", "2");                                /* the last word is a prefix */
    finds(f, "smi 王芳", "");                            /* another is not */
    finds(f, "smith 王芳", "2");
    finds(f, "王芳 smi", "2");
    finds(f, "abc", "4");                                /* folded: width and case */
    finds(f, "Ｌｔ", "4");
    finds(f, "zoë", "5");
    finds(f, "o'neil", "5");
    finds(f, "12", "3");
    finds(f, "张伟123", "3");
    finds(f, "科技", "3");
    sound(f);
}

static const char *asked(Fixture *f, const char *text)
{
    SearchTerm *t;
    int n = search_terms(text_fold(str(text), &f->arena), NULL, &f->arena, &t);
    return search_expression(t, n, &f->arena);
}

static void test_expressions(void **state)
{
    Fixture *f = *state;
    assert_string_equal(asked(f, "王芳"), "\"王芳\"");
    assert_string_equal(asked(f, "芳"), "\"芳\"*");
    assert_string_equal(asked(f, "O'Neil AND \"x\" NOT"),
                        "\"o\" AND \"neil\" AND \"and\" AND \"x\" AND \"not\"*");
    assert_string_equal(asked(f, ""), "");
    assert_string_equal(asked(f, " -- \"*\" 、。 "), "");
    SearchTerm *t;
    int n = search_terms(STR("李 ab"), "name", &f->arena, &t);
    assert_string_equal(search_expression(t, n, &f->arena),
                        "name : (\"李\"*) AND name : (\"ab\"*)");
    search_terms(STR("ab"), NULL, &f->arena, &t);
    assert_string_equal(search_expression_begins(t, "org", &f->arena), "org : (^ \"ab\"*)");
}

/* A prefix of words in very many rows is asked by some of these words, in their order. */
static void test_broad_prefixes(void **state)
{
    Fixture *f = *state;
    SearchTerm *t;
    bool narrowed;
    change(f, "add", "INSERT INTO customer(id, name, stage, stage_at, created)"
           " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000)"
           " SELECT i, char(97 + i % 3) || 'x' || (i % 2), 1, 0, 0 FROM n", NULL);
    int n = search_terms(STR("ax0 b"), NULL, &f->arena, &t);
    MUST(f, search_narrow(f->st, "customer", t, n, &f->arena, &narrowed, &f->err));
    assert_false(narrowed);                              /* 1,000 */
    change(f, "add", "INSERT INTO customer(id, name, stage, stage_at, created)"
           " SELECT id + 3000, name, 1, 0, 0 FROM customer", NULL);
    MUST(f, search_narrow(f->st, "customer", t, n, &f->arena, &narrowed, &f->err));
    assert_true(narrowed);
    assert_string_equal(search_expression(t, n, &f->arena), "\"ax0\" AND (\"bx0\" OR \"bx1\")");
}

/* The index follows updates, deletes, cascades, rollbacks, undo and redo. */
static void test_follows(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "王芳"), CUSTOMER(2, "李四"), CUSTOMER(3, "赵六"), NULL);
    change(f, "set", "UPDATE customer SET name = '周五' WHERE id = 2",
           "UPDATE customer SET org = '宝钢' WHERE id = 3", "UPDATE customer SET note = 'x'", NULL);
    finds(f, "李四", "");
    finds(f, "周五", "2");
    finds(f, "赵六", "3");
    finds(f, "宝钢", "3");
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "UPDATE customer SET name = '吴九'");
    store_rollback(f->st);
    finds(f, "吴九", "");
    undo(f, 0);
    finds(f, "李四", "2");
    finds(f, "宝钢", "");
    redo(f);
    finds(f, "周五", "2");
    change(f, "clear", "UPDATE customer SET name = NULL, org = NULL WHERE id = 3", NULL);
    finds(f, "宝钢", "");
    change(f, "delete", "DELETE FROM customer", NULL);
    finds(f, "王", "");
    undo(f, 0);
    finds(f, "王", "1");
    sound(f);
}

/* Rows updated in any order, and new ones among them. */
static void test_many(void **state)
{
    Fixture *f = *state;
    change(f, "add", "INSERT INTO customer(id, name, stage, stage_at, created)"
           " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 25000)"
           " SELECT i, '客户' || i, 1, 0, 0 FROM n", NULL);
    finds(f, "24999", "24999");
    sound(f);
    change(f, "set", "UPDATE customer SET name = '顾客' || (id % 7) WHERE id IN"
           " (SELECT id FROM customer ORDER BY id * 7919 % 25000 LIMIT 3000)", NULL);
    assert_int_equal(number(f, "SELECT count(*) FROM customer_search"
                            " WHERE customer_search MATCH '\"顾客\"'"), 3000);
    sound(f);
    undo(f, 0);
    undo(f, 0);
    finds(f, "客户", "");
    sound(f);
}

static void test_check_sees_a_lost_word(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "王芳"), NULL);
    assert_int_equal(outside(f, "UPDATE customer SET name = '李四'"), 0);
    assert_string_equal(problems(f),
                        "the search index of customer does not hold the words of its rows\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
        TEST(test_finds), TEST(test_expressions), TEST(test_broad_prefixes),
        TEST(test_follows), TEST(test_many),
        TEST(test_check_sees_a_lost_word),
    };
    return cmocka_run_group_tests_name("search", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/likeness.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/unicode.h"

#include <cmocka.h>

typedef struct Fixture { Arena a; LikeWords words; } Fixture;

static int setup(void **state)
{
    Fixture *f = xalloc(sizeof *f);
    Error err = { 0 };
    assert_true(like_words(like_words_shipped, &f->a, &f->words, &err));
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    Fixture *f = *state;
    arena_release(&f->a);
    free(f);
    return 0;
}

static const char *form(Fixture *f, const char *text)
{
    Buf work = { 0 }, out = { 0 };
    like_form(&f->words, str(text), &work, &out);
    const char *s = str_c(buf_as_str(&out), &f->a);
    buf_release(&work);
    buf_release(&out);
    return s;
}

/* In hundredths; the same from both sides. */
static int score(Fixture *f, const char *x, const char *y)
{
    Like a, b;
    like_read(str(form(f, x)), &a);
    like_read(str(form(f, y)), &b);
    double s = like_score(&a, &b, 0.5), t = like_score(&b, &a, 0.5);
    assert_int_equal((int)(s * 1000), (int)(t * 1000));
    return (int)(s * 100 + 0.5);
}

static void test_form(void **state)
{
    Fixture *f = *state;
    assert_string_equal(form(f, "Vandelay Co., Ltd."), "vandelay");
    assert_string_equal(form(f, "  VANDELAY  limited "), "vandelay");
    assert_string_equal(form(f, "Smith, Ann"), "ann smith");
    assert_string_equal(form(f, "ＡＮＮ　Smith"), "ann smith");
    assert_string_equal(form(f, "José O'Neil"), "jose oneil");
    assert_string_equal(form(f, "Müller GmbH & Co. KG"), "muller");
    assert_string_equal(form(f, "杭州新远科技有限公司"), "杭州新远科技");
    assert_string_equal(form(f, "杭州新远科技股份有限公司"), "杭州新远科技");
    assert_string_equal(form(f, "王　芳"), "王芳");
    assert_string_equal(form(f, "上海東風國際貿易集團"), "上海东风国际贸易");
    assert_string_equal(form(f, "株式會社日立"), "株式会社日立");      /* it ends nothing */
    assert_string_equal(form(f, "日立株式會社"), "日立");
    assert_string_equal(form(f, "宝钢（上海）"), "上海 宝钢");
    assert_string_equal(form(f, "5 Main Street"), "5 main st");
    assert_string_equal(form(f, "ABC科技"), "abc 科技");
    assert_string_equal(form(f, "Ltd."), "ltd");         /* nothing else: then it counts */
    assert_string_equal(form(f, "有限公司"), "有限公司");
    assert_string_equal(form(f, " -- "), "");
    assert_string_equal(form(f, ""), "");
}

static void test_score(void **state)
{
    Fixture *f = *state;
    assert_int_equal(score(f, "Ann Smith", "SMITH, Ann"), 100);
    assert_int_equal(score(f, "Vandelay", "Vandelay Co., Ltd."), 100);
    assert_int_equal(score(f, "Micro soft", "Microsoft"), 100);
    assert_int_equal(score(f, "上海宝钢", "宝钢(上海)"), 100);
    assert_int_equal(score(f, "Jonathan Livingston", "Jonatahn Livingston"), 94);
    assert_int_equal(score(f, "M. García", "Maria Garcia"), 92);
    assert_int_equal(score(f, "杭州新远科技", "杭州新元科技"), 83);
    assert_int_equal(score(f, "王芳", "王方"), 0);
    assert_int_equal(score(f, "Ann Smith", "Bob Jones"), 0);
    assert_int_equal(score(f, "中山路12号", "中山路13号"), 67);        /* another house */
    assert_int_equal(score(f, "a", ""), 0);
}

/* What is cut or hostile never leaves its bounds. */
static void test_long(void **state)
{
    Fixture *f = *state;
    Buf b = { 0 };
    for (int i = 0; i < 5000; i++)
        buf_cstr(&b, i % 3 ? "x" : "é,");
    const char *long_form = form(f, b.s);
    Like l;
    uint32_t gram[LIKE_GRAMS];
    like_read(str(long_form), &l);
    assert_true(l.words <= LIKE_WORDS && l.letters <= LIKE_LETTERS);
    assert_true(like_grams(&l, gram) <= LIKE_GRAMS);
    assert_int_equal((int)(100 * like_score(&l, &l, 0.5)), 100);
    buf_release(&b);
    form(f, "\xff\xfe\x80 broken \xe4\xb8");
}

/* Forms that are alike share one of the rarest pairs that like_prefix() asks for, whichever pairs
 * are rare: at most so many are spoilt. */
static void test_prefix(void **state)
{
    Fixture *f = *state;
    static const char *const alike[][2] = {
        { "Jonathan Livingston", "Jonatahn Livingston" }, { "Katharina Hoffmann", "K. Hoffmann" },
        { "Umbrella Trading", "Umbrella Tradin" }, { "Maria Kowalski", "Kowalsky Maria" },
        { "广州云正丰贸易进出口", "广州云正半贸易进出口" },
    };
    for (size_t i = 0; i < sizeof alike / sizeof *alike; i++)
        for (int turn = 0; turn < 2; turn++) {
            Like a, b;
            uint32_t x[LIKE_GRAMS], y[LIKE_GRAMS];
            like_read(str(form(f, alike[i][turn])), &a);
            like_read(str(form(f, alike[i][!turn])), &b);
            double s = like_score(&a, &b, 0.9);
            assert_true(s >= 0.9);
            int n = like_grams(&a, x), m = like_grams(&b, y), alone = 0;
            for (int k = 0; k < n; k++) {
                bool has = false;
                for (int j = 0; j < m; j++)
                    has = has || x[k] == y[j];
                alone += !has;
            }
            if (!a.initial && !b.initial)
                assert_true(like_prefix(&a, 0.9) > alone);
        }
}

static void test_words(void **state)
{
    Fixture *f = *state;
    Error err = { 0 };
    LikeWords w;
    assert_true(like_words("Foo, strasse=str", &f->a, &w, &err));
    f->words = w;
    assert_string_equal(form(f, "FOO Bar Ltd"), "bar ltd");
    assert_string_equal(form(f, "Lange Strasse"), "lange str");
    assert_false(like_words("a, =b", &f->a, &w, &err));
    assert_int_equal(err.code, ERR_INVALID);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_form, setup, teardown),
        cmocka_unit_test_setup_teardown(test_score, setup, teardown),
        cmocka_unit_test_setup_teardown(test_long, setup, teardown),
        cmocka_unit_test_setup_teardown(test_prefix, setup, teardown),
        cmocka_unit_test_setup_teardown(test_words, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

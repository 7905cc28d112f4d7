/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Columns, cutting, text made safe, folding.
 */
#include "base/unicode.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const char *fold(Arena *a, const char *s)
{
    return text_fold(str(s), a).s;
}

static void width_counts_columns(void **state)
{
    (void)state;
    assert_int_equal(text_width(str("abc"), 1), 3);
    assert_int_equal(text_width(str("宝钢Ltd"), 1), 7);
    assert_int_equal(text_width(str("e\xCC\x81"), 1), 1);                 /* e + combining acute */
    assert_int_equal(text_width(str("①“…"), 1), 3);
    assert_int_equal(text_width(str("①“…"), 2), 6);
    assert_int_equal(text_width(str("👩‍👩‍👧"), 1), 2);                      /* one joined emoji */
    assert_int_equal(text_width(str("🇨🇳🇩🇪"), 1), 4);                      /* two flags */
    assert_int_equal(text_width(str("한"), 1), 2);                     /* jamo, not composed */
    assert_int_equal(text_width(str("ｱﾞ"), 1), 2);                       /* half-width, two cells */
    assert_int_equal(text_width(str("a\tb\n"), 1), 4);                    /* pictures */
    assert_int_equal(text_width(str("\xE2\x80\xAE"), 1), 8);              /* \u{202E} */
    assert_int_equal(text_width(str("\xFF\xFE"), 1), 2);
    assert_int_equal(text_width((Str){ 0 }, 1), 0);
}

/* What text_width says is what text_put_safe prints, whatever the bytes. */
static void width_is_that_of_safe_text(void **state)
{
    (void)state;
    uint64_t seed = 42;
    for (int round = 0; round < 20000; round++) {
        char s[12];
        for (size_t i = 0; i < sizeof s; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            s[i] = (char)(seed >> 56);
        }
        Buf safe = { 0 };
        Str text = str_n(s, seed >> 33 & 7);
        text_put_safe(&safe, text);
        assert_true(utf8_valid(buf_as_str(&safe)));
        assert_int_equal(text_width(text, 1), text_width(buf_as_str(&safe), 1));
        buf_release(&safe);
    }
}

static void fit_cuts_at_clusters(void **state)
{
    (void)state;
    int used;
    assert_true(str_is(text_fit(str("宝钢股份"), 5, 1, &used), "宝钢"));
    assert_int_equal(used, 4);
    assert_true(str_is(text_fit(str("ae\xCC\x81z"), 2, 1, &used), "ae\xCC\x81"));
    assert_int_equal(text_fit(str("宝"), 1, 1, &used).n, 0);
    assert_int_equal(used, 0);
}

static void check_put_fit(const char *s, int columns, int ambiguous, bool pad, bool right,
                          const char *expect)
{
    Buf b = { 0 };
    text_put_fit(&b, str(s), columns, ambiguous, pad, right);
    assert_string_equal(b.s ? b.s : "", expect);
    buf_release(&b);
}

static void put_fit_pads_and_cuts(void **state)
{
    (void)state;
    check_put_fit("宝钢", 6, 1, true, false, "宝钢  ");
    check_put_fit("42", 5, 1, true, true, "   42");
    check_put_fit("宝钢股份", 6, 1, true, false, "宝钢… ");
    check_put_fit("宝钢股份", 6, 2, true, false, "宝钢…");
    check_put_fit("abcdef", 4, 1, false, false, "abc…");
    check_put_fit("abcd", 4, 1, false, false, "abcd");
    check_put_fit("a\nb", 3, 1, false, false, "a↵b");
    check_put_fit("abc", 0, 1, true, false, "");
}

static void safe_shows_what_steers(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        { "\x1b[31mred", "␛[31mred" }, { "a\r\nb", "a␍↵b" },
        { "\x7f\x01", "␡␁" },          { "\xC2\x9B" "1m", "\\u{9B}1m" },
        { "\xE2\x80\xAE" "abc", "\\u{202E}abc" }, { "\xEF\xBB\xBF", "\\u{FEFF}" },
        { "ok 宝钢", "ok 宝钢" },      { "\xC0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf b = { 0 };
        text_put_safe(&b, str(cases[i][0]));
        assert_string_equal(b.s, cases[i][1]);
        buf_release(&b);
    }
}

static void fold_compares(void **state)
{
    (void)state;
    Arena a = { 0 };
    assert_string_equal(fold(&a, "  Hello \t World "), "hello world");
    assert_string_equal(fold(&a, "ＡＢＣ　１２３，"), "abc 123,");
    assert_string_equal(fold(&a, "张伟123科技有限公司 Ltd"), "张伟123科技有限公司 ltd");
    assert_string_equal(fold(&a, "Straße CAFE\xCC\x81"), "strasse caf\xC3\xA9");
    assert_string_equal(fold(&a, "①ﾊﾞ㈱"), "1バ(株)");
    assert_string_equal(fold(&a, "a\xEF\xBB\xBF\xE2\x80\x8B" "b"), "ab");
    assert_string_equal(fold(&a, "宝\xFF钢É"), "宝\xFF钢é");
    assert_string_equal(fold(&a, ""), "");
    assert_string_equal(fold(&a, " \xC2\xA0 "), "");
    arena_release(&a);
}

/* Every code point, between two letters and after a Han character: folding again changes
 * nothing. */
static void fold_is_idempotent(void **state)
{
    (void)state;
    Arena a = { 0 };
    for (uint32_t cp = 1; cp <= 0x10FFFF; cp++) {
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        char s[16];
        memcpy(s, "Ab\xE5\xAE\x9D", 5);
        size_t n = 5 + (size_t)utf8_put(cp, s + 5);
        s[n++] = 'Z';
        ArenaMark m = arena_mark(&a);
        Str once = text_fold(str_n(s, n), &a), twice = text_fold(once, &a);
        if (!str_eq(once, twice))
            fail_msg("U+%04X folds to %s, then to %s", cp, once.s, twice.s);
        arena_rewind(&a, m);
    }
    arena_release(&a);
}

/* The fast path gives what the tables give: a trailing mark that folds to nothing forces the
 * tables. */
static void fold_paths_agree(void **state)
{
    (void)state;
    Arena a = { 0 };
    for (uint32_t cp = 1; cp < 0x10000; cp++) {
        if (cp >= 0xD800 && cp < 0xE000)
            continue;
        char s[16];
        size_t n = (size_t)utf8_put(cp, s);
        s[n++] = 'Q';
        ArenaMark m = arena_mark(&a);
        Str fast = text_fold(str_n(s, n), &a);
        memcpy(s + n, "\xE2\x80\x8B", 3);
        Str slow = text_fold(str_n(s, n + 3), &a);
        if (!str_eq(fast, slow))
            fail_msg("U+%04X folds to %s and %s", cp, fast.s, slow.s);
        arena_rewind(&a, m);
    }
    arena_release(&a);
}

/* What utf8proc takes hours for. */
static void fold_orders_many_marks(void **state)
{
    enum { MARKS = 200000 };
    Arena a = { 0 };
    Buf text = { 0 }, want = { 0 };
    (void)state;
    assert_string_equal(fold(&a, "a\xCC\x81\xCC\xA3" "b\xCC\x81\xCC\x80"),
                        "\xE1\xBA\xA1\xCC\x81" "b\xCC\x81\xCC\x80");
    assert_string_equal(fold(&a, "\xE0\xBD\xB3\xE0\xBD\xB3"),       /* two marks each */
                        "\xE0\xBD\xB1\xE0\xBD\xB1\xE0\xBD\xB2\xE0\xBD\xB2");
    buf_char(&text, 'a');
    for (int i = 0; i < MARKS; i++)
        buf_cstr(&text, "\xCC\x81\xCC\xA3");
    buf_cstr(&want, "\xE1\xBA\xA1");
    for (int i = 1; i < 2 * MARKS; i++)
        buf_cstr(&want, i < MARKS ? "\xCC\xA3" : "\xCC\x81");
    assert_string_equal(text_fold(buf_as_str(&text), &a).s, want.s);
    buf_release(&text);
    buf_release(&want);
    arena_release(&a);
}

static void utf8_round_trip(void **state)
{
    (void)state;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char s[4];
        int len, n = utf8_put(cp, s);
        uint32_t back = utf8_next(s, (size_t)n, &len);
        bool surrogate = cp >= 0xD800 && cp < 0xE000;
        assert_int_equal(back, surrogate ? 0xFFFD : cp);
        assert_int_equal(len, surrogate ? 1 : n);
    }
    int len;
    assert_int_equal(utf8_next("\xE5\xAE", 2, &len), 0xFFFD);
    assert_int_equal(len, 1);
}

static void cjk_is_what_has_no_spaces(void **state)
{
    (void)state;
    static const uint32_t yes[] = { 0x5B9D, 0x3042, 0x30AB, 0xAC00, 0x20BB7, 0x3105, 0xFF71 };
    static const uint32_t no[] = { 'a', 0xE9, 0x3001, 0x3000, 0xFF21, 0x1F600, 0x430 };
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(is_cjk(yes[i]));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(is_cjk(no[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_counts_columns),
        cmocka_unit_test(width_is_that_of_safe_text),
        cmocka_unit_test(fit_cuts_at_clusters),
        cmocka_unit_test(put_fit_pads_and_cuts),
        cmocka_unit_test(safe_shows_what_steers),
        cmocka_unit_test(fold_compares),
        cmocka_unit_test(fold_is_idempotent),
        cmocka_unit_test(fold_paths_agree),
        cmocka_unit_test(fold_orders_many_marks),
        cmocka_unit_test(utf8_round_trip),
        cmocka_unit_test(cjk_is_what_has_no_spaces),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

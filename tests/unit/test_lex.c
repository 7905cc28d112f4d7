/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The lexer: words, quotes, comments, what ends a command, folding, and quoting back.
 */
#include "base/lex.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

/* Words of a line as text: "|"-separated, 'q' before a quoted word, '!' before an operator. */
static void check(const char *line, const char *expected)
{
    Arena a = { 0 };
    Error err = { 0 };
    Words words;
    Buf got = { 0 };
    if (!lex_words(str(line), &a, &words, NULL, &err))
        buf_printf(&got, "error at %d: %s", err.at, err.msg);
    else
        for (int i = 0; i < words.n; i++) {
            const Word *w = &words.w[i];
            buf_printf(&got, "%s%s%s[", i ? " " : "", w->quoted ? "q" : "", w->oper ? "!" : "");
            for (size_t b = 0; b < w->text.n; b++)
                buf_printf(&got, "%s%c", word_quoted_at(w, b) ? "^" : "", w->text.s[b]);
            buf_char(&got, ']');
            assert_int_equal(w->text.s[w->text.n], '\0');
        }
    assert_string_equal(got.s ? got.s : "", expected);
    buf_release(&got);
    arena_release(&a);
}

static void splits_at_blanks(void **state)
{
    (void)state;
    check("", "");
    check("  \t\r\n", "");
    check("customer list", "[customer] [list]");
    check("a  b\tc\r\n", "[a] [b] [c]");
    check("a; b", "[a]");
    check("a\nb", "[a]");
    check(";a", "");
    check("name=宝钢 区=沪", "[name=宝钢] [区=沪]");
}

static void knows_quotes(void **state)
{
    (void)state;
    check("'a b' \"c d\"", "q[^a^ ^b] q[^c^ ^d]");
    check("name='and'", "[name=^a^n^d]");
    check("''", "q[]");
    check("a''b", "[ab]");
    check("x='a\\n'", "[x=^a^\\^n]");
    check("x=\"a\\n\\t\\\"\\\\\"", "[x=^a^\n^\t^\"^\\]");
    check("\"C:\\dir\"", "q[^C^:^\\^d^i^r]");
    check("a\\ b \\#c", "[a^ b] q[^#c]");
    check("'it'\\''s'", "q[^i^t^'^s]");
    check("(name='x)')", "[(name=^x^))]");
    check("a=\"1\n2;3\"", "[a=^1^\n^2^;^3]");
}

static void says_where_it_is_open(void **state)
{
    (void)state;
    check("ab 'cd", "error at 3: the quote ' is not closed");
    check("ab=\"cd\\\"", "error at 3: the quote \" is not closed");
    check("ab \\", "error at 3: nothing follows the backslash at the end");
    check("ab\\\n", "error at 2: nothing follows the backslash at the end");
}

static void joins_lines(void **state)
{
    (void)state;
    check("a \\\n b", "[a] [b]");
    check("a\\\nb", "[ab]");
    check("a \\\r\n b", "[a] [b]");
    check("\"a\\\nb\"", "q[^a^b]");
}

static void skips_comments(void **state)
{
    (void)state;
    check("# all of it ; 'x", "");
    check("a # b; c", "[a]");
    check("a#b c", "[a#b] [c]");
    check("a '#b'", "[a] q[^#^b]");
    check("(a # x )\n b)", "[(a] [b)]");
}

static void marks_operators(void **state)
{
    (void)state;
    check("a | b", "[a] ![|] [b]");
    check("a > f", "[a] ![>] [f]");
    check("a >! f", "[a] ![>!] [f]");
    check("a >> f", "[a] ![>>] [f]");
    check("a '|' b", "[a] q[^|] [b]");
    check("a \\> b", "[a] q[^>] [b]");
    check("a>8 >8 a|b", "[a>8] [>8] [a|b]");
    check("(a > b) > c", "[(a] [>] [b)] ![>] [c]");
    check(">!x", "[>!x]");
}

static void holds_in_parentheses(void **state)
{
    (void)state;
    check("x in (a,\nb; c) d", "[x] [in] [(a,] [b;] [c)] [d]");
    check(") a; b", "[)] [a]");
    check("note=a(b;c)d e", "[note=a(b;c)d] [e]");
}

static void folds_full_width(void **state)
{
    (void)state;
    check("stage＝new", "[stage=new]");
    check("ｓtage=new", "[ｓtage=new]");
    check("x　y", "[x] [y]");
    check("lead show ７１；x", "[lead] [show] [71]");
    check("x=７（总），；　y", "[x=７（总），；　y]");
    check("x = （总） ７", "[x] [=] [（总）] [7]");
    check("（x=a or x=（b））", "[(x=a] [or] [x=（b）)]");
    check("x in （a，b）", "[x] [in] [(a,b)]");
    check("x＞＝１ x！＝１", "[x>=１] [x!=１]");
    check("'（' \\（", "q[^\xEF^\xBC^\x88] q[^\xEF^\xBC^\x88]");
    check("x='a'；y", "[x=^a；y]");
}

static void counts_what_it_folded(void **state)
{
    (void)state;
    Arena a = { 0 };
    Error err = { 0 };
    Words words;
    int folded = -1;
    assert_true(lex_words(STR("a　x＝７ '７'"), &a, &words, &folded, &err));
    assert_int_equal(folded, 2);
    assert_true(lex_words(STR("a x=7"), &a, &words, &folded, &err));
    assert_int_equal(folded, 0);
    arena_release(&a);
}

static void gives_positions(void **state)
{
    (void)state;
    Arena a = { 0 };
    Error err = { 0 };
    Words words;
    assert_true(lex_words(STR(" ab 'c d'  王=1"), &a, &words, NULL, &err));
    assert_int_equal(words.n, 3);
    assert_int_equal(words.w[0].at, 1);
    assert_int_equal(words.w[0].width, 2);
    assert_int_equal(words.w[1].at, 4);
    assert_int_equal(words.w[1].width, 5);
    assert_int_equal(words.w[2].at, 11);
    assert_int_equal(words.w[2].width, 5);
    arena_release(&a);
}

static void check_command(const char *text, size_t length, LexEnd expected)
{
    LexEnd end = LEX_COMPLETE;
    assert_int_equal(lex_command(str(text), &end), length);
    assert_int_equal(end, expected);
}

static void finds_the_end_of_a_command(void **state)
{
    (void)state;
    check_command("", 0, LEX_COMPLETE);
    check_command("a b", 3, LEX_COMPLETE);
    check_command("a; b", 2, LEX_COMPLETE);
    check_command("a=x;y", 4, LEX_COMPLETE);
    check_command("a\nb", 2, LEX_COMPLETE);
    check_command("a # b; c\nd", 9, LEX_COMPLETE);
    check_command("a ';' \";\" \\; b;c", 15, LEX_COMPLETE);
    check_command("a 'b;", 5, LEX_QUOTE);
    check_command("a \"b\n", 5, LEX_QUOTE);
    check_command("a \\", 3, LEX_BACKSLASH);
    check_command("a \\\n", 4, LEX_BACKSLASH);
    check_command("a \\\nb\nc", 6, LEX_COMPLETE);
    check_command("a (b;\n", 6, LEX_PAREN);
    check_command("a (b;\nc);d", 9, LEX_COMPLETE);
    check_command("a '(';b", 6, LEX_COMPLETE);
    check_command("a；b", 4, LEX_COMPLETE);
    check_command("a=x；b", 7, LEX_COMPLETE);
    check_command("a = x；b;c", 10, LEX_COMPLETE);
    check_command("（a；", 7, LEX_PAREN);
}

static void takes_argv_as_it_is(void **state)
{
    (void)state;
    Arena a = { 0 };
    char *argv[] = { "a b", "|", "'x", "" };
    Words words = lex_argv(argv, 4, &a);
    assert_int_equal(words.n, 4);
    for (int i = 0; i < 4; i++) {
        assert_true(str_is(words.w[i].text, argv[i]));
        assert_true(words.w[i].raw);
        assert_false(words.w[i].oper);
    }
    arena_release(&a);
}

static void quotes_back(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "", "a", "a b", "it's", "say \"x\"", "it's \"x\" \\ y", "#x", "a;b", "|", ">", "(a)", "a,b",
        "name=x y", "name=and", "name=", "name>=1 2", "--limit", "--name=a b", "and", "x=（总）",
        "（总）", "x（=1", "line\nbreak", "tab\there", "\x1b[2J", "\xff\xfe", "x=\\", "王芳", "x=a）",
        "a=~b", "~", "!ls", "=", "\\n", "x='\n'", "tags+=a b", "　", "１３８",
    };
    Arena a = { 0 };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        Error err = { 0 };
        Words words;
        const char *quoted = lex_quote(str(texts[i]), &a);
        if (!lex_words(str(quoted), &a, &words, NULL, &err))
            fail_msg("%s does not lex: %s", quoted, err.msg);
        assert_int_equal(words.n, 1);
        assert_string_equal(words.w[0].text.s, texts[i]);
        assert_false(words.w[0].oper);
    }
    assert_string_equal(lex_quote(STR("name=x y"), &a), "name='x y'");
    assert_string_equal(lex_quote(STR("name=宝钢"), &a), "name=宝钢");
    assert_string_equal(lex_quote(STR("--limit"), &a), "--limit");
    arena_release(&a);
}

/* Any bytes: never past the end, and every command's words lie inside it. */
static void survives_any_bytes(void **state)
{
    (void)state;
    static const char *const bits[] = { "'", "\"", "\\", "(", ")", "（", "）", " ", "\n", ";", "；",
                                        "=", "＝", "#", "a", "\xE3", "\xEF\xBC", "|", ">", "　" };
    uint64_t seed = 7;
    for (int round = 0; round < 20000; round++) {
        Arena a = { 0 };
        Buf text = { 0 };
        for (int i = 0; i < 12; i++) {
            seed = seed * 6364136223846793005u + 1442695040888963407u;
            buf_cstr(&text, bits[(seed >> 33) % (sizeof bits / sizeof *bits)]);
        }
        LexEnd end;
        Error err = { 0 };
        Words words;
        size_t n = lex_command(buf_as_str(&text), &end);
        assert_true(n > 0 && n <= text.n);
        bool ok = lex_words(str_n(text.s, n), &a, &words, NULL, &err);
        assert_int_equal(ok, end == LEX_COMPLETE || end == LEX_PAREN);
        for (int i = 0; i < words.n; i++)
            assert_true((size_t)words.w[i].at + (size_t)words.w[i].width <= n);
        buf_release(&text);
        arena_release(&a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_at_blanks), cmocka_unit_test(knows_quotes),
        cmocka_unit_test(says_where_it_is_open), cmocka_unit_test(joins_lines),
        cmocka_unit_test(skips_comments), cmocka_unit_test(marks_operators),
        cmocka_unit_test(holds_in_parentheses), cmocka_unit_test(folds_full_width),
        cmocka_unit_test(counts_what_it_folded), cmocka_unit_test(gives_positions),
        cmocka_unit_test(finds_the_end_of_a_command), cmocka_unit_test(takes_argv_as_it_is),
        cmocka_unit_test(quotes_back), cmocka_unit_test(survives_any_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

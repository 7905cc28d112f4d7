/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Parts of the shell: errors as told, variables, options, what history keeps.
 */
#include "shell/report.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

#include "shell/history.h"
#include "shell/options.h"
#include "shell/variables.h"

/* ---- errors --------------------------------------------------------------------------------- */

static void check_report(const Report *r, const char *expect)
{
    Buf got = { 0 };
    report_write(r, &got);
    assert_string_equal(got.s, expect);
    buf_release(&got);
}

static void the_caret_stands_under_the_word(void **state)
{
    (void)state;
    Error err = { .code = ERR_USAGE, .msg = "no field 'valeu'", .hint = "nearest: value" };
    Report r = { .err = &err, .text = str("list 宝钢 valeu>8"), .ambiguous = 1 };
    fail_at(&err, 12, 5);
    check_report(&r, "list 宝钢 valeu>8\n"
                     "          ^^^^^\n"
                     "error: no field 'valeu'; nearest: value\n");
    r.file = "a.patter";
    r.line = 7;
    check_report(&r, "a.patter:7: error: no field 'valeu'; nearest: value\n"
                     "  list 宝钢 valeu>8\n"
                     "            ^^^^^\n");
    fail_at(&err, 5, 6);
    r.file = NULL;
    check_report(&r, "list 宝钢 valeu>8\n"
                     "     ^^^^\n"
                     "error: no field 'valeu'; nearest: value\n");
}

static void a_long_line_is_cut_around_the_place(void **state)
{
    (void)state;
    Error err = { .code = ERR_USAGE, .msg = "m" };
    Buf text = { 0 }, expect = { 0 };
    for (int i = 0; i < 1000; i++)
        buf_cstr(&text, "宝");
    Report r = { .err = &err, .text = buf_as_str(&text), .ambiguous = 1 };
    buf_cstr(&expect, "...");
    for (int i = 0; i < 66; i++)
        buf_cstr(&expect, "宝");
    buf_printf(&expect, "...\n%*s^^\nerror: m\n", 43, "");
    fail_at(&err, 600, 3);
    check_report(&r, expect.s);
    buf_reset(&expect);
    for (int i = 0; i < 66; i++)
        buf_cstr(&expect, "宝");
    buf_cstr(&expect, "...\n");
    for (int i = 0; i < 132; i++)
        buf_char(&expect, '^');
    buf_cstr(&expect, "\nerror: m\n");
    fail_at(&err, 0, 3000);
    check_report(&r, expect.s);
    buf_release(&text);
    buf_release(&expect);
}

static void the_line_of_several_is_found(void **state)
{
    (void)state;
    Error err = { .code = ERR_USAGE, .msg = "m" };
    Report r = { .err = &err, .text = str("a\n  bad\nc"), .file = "f", .line = 3, .ambiguous = 1 };
    fail_at(&err, 4, 3);
    check_report(&r, "f:4: error: m\n    bad\n    ^^^\n");
    fail_at(&err, 90, 3);                      /* out of the text: not shown */
    check_report(&r, "f:3: error: m\n");
}

static void details_and_hints_have_their_lines(void **state)
{
    (void)state;
    Error err = { .code = ERR_REFUSED, .msg = "customer 17 may not enter", .hint = "why lead 17" };
    Report r = { .err = &err, .ambiguous = 1 };
    fail_detail(&err, "missing  budget");
    fail_detail(&err, "missing  \x1b[31mred");
    check_report(&r, "refused: customer 17 may not enter\n  missing  budget\n"
                     "  missing  ␛[31mred\n  why lead 17\n");
}

static void lua_says_its_own_line(void **state)
{
    (void)state;
    Error err = { .code = ERR_FAILED, .msg = "a.patter:12: bad" };
    Report r = { .err = &err, .file = "a.patter", .line = 7, .ambiguous = 1 };
    check_report(&r, "a.patter:12: error: bad\n");
    r.file = "b.patter";
    check_report(&r, "b.patter:7: error: a.patter:12: bad\n");
}

static void json_has_the_place(void **state)
{
    (void)state;
    Error err = { .code = ERR_USAGE, .msg = "no \"x\"", .hint = "y" };
    Report r = { .err = &err, .text = str("a x"), .file = "f", .line = 2, .ambiguous = 1,
                 .json = true };
    fail_at(&err, 2, 1);
    check_report(&r, "{\"error\":\"usage\",\"message\":\"no \\\"x\\\"\",\"hint\":\"y\","
                     "\"column\":3,\"file\":\"f\",\"line\":2}\n");
}

/* ---- variables ------------------------------------------------------------------------------ */

static void check_expanded(const Variables *vars, const char *line, const char *expect)
{
    Arena a = { 0 };
    Words w;
    Error err = { 0 };
    Buf got = { 0 };
    assert_true(lex_words(str(line), &a, &w, NULL, &err));
    if (variables_expand(vars, &w, &a, &err))
        for (int i = 0; i < w.n; i++)
            buf_printf(&got, "[%.*s]%s", STR_ARG(w.w[i].text), w.w[i].quoted ? "q" : "");
    else
        buf_printf(&got, "%s at %d", err.msg, err.at);
    assert_string_equal(got.s, expect);
    buf_release(&got);
    arena_release(&a);
}

static void variables_stand_for_text(void **state)
{
    (void)state;
    Variables vars = { 0 };
    Error err = { 0 };
    assert_true(variable_set(&vars, STR("n"), STR("a b; c"), &err));
    assert_true(variable_set(&vars, STR("城市"), STR("上海"), &err));
    assert_true(variable_set(&vars, STR("opt"), STR("--json"), &err));
    assert_true(variable_set(&vars, STR("n"), STR("'x' and | y"), &err));
    assert_false(variable_set(&vars, STR("a-b"), STR("x"), &err));
    check_expanded(&vars, "go :n", "[go]['x' and | y]q");
    check_expanded(&vars, "f=:n g>=:城市", "[f='x' and | y][g>=上海]");
    check_expanded(&vars, ":opt", "[--json]q");
    check_expanded(&vars, "':n' f=':n' a:n 9:30 :) f=:30 x=a:n",
                   "[:n]q[f=:n][a:n][9:30][:)][f=:30][x=a:n]");
    check_expanded(&vars, "go f=:m", "there is no variable 'm' at 3");
    variable_unset(&vars, STR("n"));
    assert_null(variable_get(&vars, STR("n")));
    assert_string_equal(variable_get(&vars, STR("opt")), "--json");
    variables_release(&vars);
}

/* ---- options -------------------------------------------------------------------------------- */

static bool parse(Options *o, Error *err, int n, ...)
{
    static char *argv[16];
    va_list ap;
    argv[0] = "patter";
    va_start(ap, n);
    for (int i = 1; i <= n; i++)
        argv[i] = va_arg(ap, char *);
    va_end(ap);
    *err = (Error){ 0 };
    return options_parse(o, n + 1, argv, err);
}

static void options_stand_before_the_command(void **state)
{
    (void)state;
    Options o;
    Error err;
    assert_true(parse(&o, &err, 7, "-qX", "./shop.db", "--seed=7", "customer", "list", "--json",
                      "-q"));
    assert_true(o.quiet && o.no_rc && !o.interactive);
    assert_string_equal(o.db, "./shop.db");
    assert_int_equal(o.seed, 7);
    assert_int_equal(o.n_words, 4);
    assert_string_equal(o.words[0], "customer");
    options_release(&o);
    assert_true(parse(&o, &err, 7, "-ca", "-c", "b", "-f", "-", "-v", "x=1"));
    assert_int_equal(o.n_inputs, 3);
    assert_string_equal(o.inputs[0].text, "a");
    assert_string_equal(o.inputs[1].text, "b");
    assert_int_equal(o.inputs[2].kind, INPUT_FILE);
    assert_int_equal(o.n_vars, 1);
    assert_null(o.db);
    options_release(&o);
}

static void wrong_options_are_named(void **state)
{
    (void)state;
    static const char *const wrong[] = { "--sede=1", "-z", "--ambiguous=3", "--quiet=1", "-vx",
                                         "--seed=-1", "--seed", "--color=red" };
    Options o;
    Error err;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(parse(&o, &err, 1, wrong[i]));
        assert_int_equal(err.code, ERR_USAGE);
        options_release(&o);
    }
    assert_false(parse(&o, &err, 1, "--sede=1"));
    assert_string_equal(err.hint, "did you mean '--seed'?");
    options_release(&o);
}

/* ---- history -------------------------------------------------------------------------------- */

static void history_keeps_lines_whole(void **state)
{
    (void)state;
    static const char *const cases[] = { "a", "a\nb", "a\\nb", "\\", "宝\\\n", "" };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Buf b = { 0 };
        char back[32];
        history_escape(str(cases[i]), &b);
        assert_null(b.n ? memchr(b.s, '\n', b.n) : NULL);
        history_unescape(buf_as_str(&b), back);
        assert_string_equal(back, cases[i]);
        buf_release(&b);
    }
}

static void history_keeps_no_secrets(void **state)
{
    (void)state;
    static const char *const no[] = { " customer list", "", "user add li password=x",
                                      "driver set --secret x", "x API_KEY=1", "登录 密码=1" };
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(history_wanted(str(no[i])));
    assert_true(history_wanted(STR("customer list note~tokenizer")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_caret_stands_under_the_word),
        cmocka_unit_test(a_long_line_is_cut_around_the_place),
        cmocka_unit_test(the_line_of_several_is_found),
        cmocka_unit_test(details_and_hints_have_their_lines),
        cmocka_unit_test(lua_says_its_own_line),
        cmocka_unit_test(json_has_the_place),
        cmocka_unit_test(variables_stand_for_text),
        cmocka_unit_test(options_stand_before_the_command),
        cmocka_unit_test(wrong_options_are_named),
        cmocka_unit_test(history_keeps_lines_whole),
        cmocka_unit_test(history_keeps_no_secrets),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

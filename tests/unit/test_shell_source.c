/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Texts cut into statements, and why a statement needs more lines.
 */
#include "shell/source.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Stands for Lua: a chunk is incomplete while it holds more "do" than "end". */
static bool lacks_end(void *ctx, Str chunk)
{
    int open = 0;
    (void)ctx;
    for (size_t i = 0; i < chunk.n; i++) {
        open += str_starts(str_n(chunk.s + i, chunk.n - i), "do");
        open -= str_starts(str_n(chunk.s + i, chunk.n - i), "end");
    }
    return open > 0;
}

static const LuaJudge judge = { lacks_end, NULL };
static const char kinds[] = { [STMT_NONE] = '-', [STMT_COMMAND] = 'c', [STMT_LUA] = 'l',
                              [STMT_VALUE] = '=', [STMT_PROGRAM] = '!', [STMT_ALIAS] = '\\' };
static const char whys[] = { [MORE_NONE] = 0, [MORE_QUOTE] = '\'', [MORE_BACKSLASH] = '/',
                             [MORE_PAREN] = '(', [MORE_BLOCK] = '{', [MORE_LUA] = '?' };

/* All statements of a text: line, kind, body in brackets, and the mark of what is missing. */
static void check_source(Source *s, const char *expect)
{
    Buf got = { 0 };
    for (Stmt st; source_next(s, &st);) {
        buf_printf(&got, "%lld%c[%.*s]", (long long)s->stmt_line, kinds[st.kind],
                   STR_ARG(st.body));
        if (whys[st.more])
            buf_char(&got, whys[st.more]);
    }
    assert_string_equal(got.s ? got.s : "", expect);
    buf_release(&got);
    source_release(s);
}

/* The same from a text and, line by line, from a stream. */
static void check(const char *text, const char *expect)
{
    Source whole = { .judge = &judge };
    buf_cstr(&whole.text, text);
    check_source(&whole, expect);
    FILE *f = fmemopen((void *)text, strlen(text) + (*text == 0), "r");
    if (*text) {
        Source stream = { .judge = &judge, .from = f };
        check_source(&stream, expect);
    }
    fclose(f);
}

static void commands_are_cut(void **state)
{
    (void)state;
    check("", "");
    check(" \n# only a comment\n;;\n", "");
    check("a b", "1c[a b]");
    check("a; b\nc", "1c[a]1c[b]2c[c]");
    check("a '1;2'\nb", "1c[a '1;2']2c[b]");
    check("a \"1\n2\" x; b", "1c[a \"1\n2\" x]2c[b]");
    check("\n\na\\\nb\nc", "3c[a\\\nb]5c[c]");
    check("a；b", "1c[a]1c[b]");
    check("a\\;", "1c[a\\;]");
    check("\xEF\xBB\xBF" "a", "1c[a]");
    check("#!/usr/bin/env patter\na", "2c[a]");
}

static void what_is_missing_is_told(void **state)
{
    (void)state;
    check("a; b 'c", "1c[a]1c[b 'c]'");
    check("a \\\n", "1c[a \\]/");
    check("a (b\n", "1c[a (b](");
    check("lua {\nx\n", "1l[x\n]{");
    check("lua for x do\n", "1l[ for x do\n]?");
}

static void lua_is_raw(void **state)
{
    (void)state;
    check("= 1; 2 -- 'x\na", "1=[ 1; 2 -- 'x\n]2c[a]");
    check("lua x = 'a; b'\na", "1l[ x = 'a; b'\n]2c[a]");
    check("lua for x do\n y\nend\na", "1l[ for x do\n y\nend\n]4c[a]");
    check("lua {\n  x = { 1 }\n}\na", "1l[  x = { 1 }\n]4c[a]");
    check("lua {\nfor x do\n}\nend\n}\na", "1l[for x do\n}\nend\n]6c[a]");
    check("lua { print(1) }\na", "1l[ print(1) ]2c[a]");
    check("luas x", "1c[luas x]");
}

static void the_rest_is_a_line(void **state)
{
    (void)state;
    check("!ls; echo '\na", "1![ls; echo ']2c[a]");
    check("\\q; x\n.mode csv\n\\ x", "1\\[\\q; x]2\\[.mode csv]3c[\\ x]");
    check("./x", "1c[./x]");
}

static void bodies_know_their_line(void **state)
{
    (void)state;
    Stmt st;
    stmt_scan(STR("lua {\nx\n}\n"), &judge, &st);
    assert_int_equal(st.body_line, 1);
    stmt_scan(STR("lua x\n"), &judge, &st);
    assert_int_equal(st.body_line, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(commands_are_cut),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(lua_is_raw),
        cmocka_unit_test(the_rest_is_a_line),
        cmocka_unit_test(bodies_know_their_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_testing.h"

#include "base/unicode.h"
#include "cmd/doc.h"

/* Every face of the documentation is made from the one definition: what is in the definition
 * must be found in each. */

static bool has(const Buf *text, const char *what)
{
    return text->s && strstr(text->s, what);
}

static void need(const Buf *text, const char *what, const Command *cmd, const char *face)
{
    if (!has(text, what))
        fail_msg("%s: '%s' is not in %s", cmd->name, what, face);
}

/* "--dry-run, -n" as the manual page spells it. */
static const char *roff(const char *s, Arena *a)
{
    Buf b = { 0 };
    for (; *s; s++)
        buf_cstr(&b, *s == '\\' ? "\\e" : *s == '`' ? "'" : (char[]){ *s, '\0' });
    const char *text = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return text;
}

static void test_every_argument_is_in_every_face(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    Buf man = { 0 }, stub = { 0 };
    int n;
    const Command *const *all = registry_all(d->s.registry, &n);
    doc_man(d->s.registry, &man);
    doc_lua_stub(d->s.registry, d->crm, &stub);
    for (int i = 0; i < n; i++) {
        Buf help = { 0 }, page = { 0 }, term = { 0 };
        if (all[i]->flags & COMMAND_HIDDEN)
            continue;
        doc_help(all[i], 0, &help);
        if (command_verb(all[i]).n)
            doc_markdown(d->s.registry, d->crm, command_noun(all[i]), &page);
        else
            doc_markdown_general(d->s.registry, &page);
        need(&help, all[i]->summary, all[i], "help");
        need(&page, all[i]->summary, all[i], "the reference");
        need(&man, roff(all[i]->summary, &a), all[i], "the manual page");
        need(&stub, all[i]->summary, all[i], "the Lua stub");
        for (const Arg *arg = all[i]->args; arg && arg->name; arg++) {
            buf_reset(&term);
            doc_arg(arg, &term);
            need(&help, term.s, all[i], "help");
            need(&help, arg->help, all[i], "help");
            need(&man, arg->help, all[i], "the manual page");
            need(&stub, arg->help, all[i], "the Lua stub");
        }
        for (const Example *e = command_examples(all[i], &a); e->line; e++)
            need(&page, e->line, all[i], "the reference");
        buf_release(&help);
        buf_release(&page);
        buf_release(&term);
    }
    buf_release(&man);
    buf_release(&stub);
    arena_release(&a);
}

static void test_help_is_no_wider_than_the_terminal(void **state)
{
    Desk *d = *state;
    Buf text = { 0 };
    doc_help(registry_get(d->s.registry, STR("customer"), STR("list")), 60, &text);
    doc_overview(d->s.registry, 60, &text);
    for (char *line = strtok(text.s, "\n"); line; line = strtok(NULL, "\n"))
        if (text_width(str(line), 1) > 60)
            fail_msg("%s", line);
    buf_release(&text);
}

static void synopsis(Desk *d, const char *noun, const char *verb, const char *want)
{
    Buf text = { 0 };
    doc_synopsis(registry_get(d->s.registry, str(noun), str(verb)), &text);
    assert_string_equal(text.s, want);
    buf_release(&text);
}

static void test_synopses(void **state)
{
    Desk *d = *state;
    synopsis(d, "customer", "delete", "customer delete (TARGET | --where EXPR)");
    synopsis(d, "log", "", "log [CHANGE] [--limit N]");
    synopsis(d, "setting", "set", "setting set NAME VALUE");
    synopsis(d, "backup", "", "backup FILE [--force]");
    synopsis(d, "undo", "", "undo [RUN] [--list] [--limit N]");
    synopsis(d, "find", "", "find WORD... [--limit N]");
}

static void test_help_by_any_way(void **state)
{
    Desk *d = *state;
    desk_do(d, "help");
    assert_non_null(strstr(d->rows, "customer list city~海"));
    char *overview = strdup(d->rows);
    desk_do(d, "--help");
    assert_string_equal(d->rows, overview);
    free(overview);
    desk_do(d, "help customer");
    assert_non_null(strstr(d->rows, "customer show"));
    assert_non_null(strstr(d->rows, "fields of a customer"));
    desk_do(d, "customer --help");
    assert_non_null(strstr(d->rows, "fields of a customer"));
    desk_do(d, "help customer list");
    assert_non_null(strstr(d->rows, "usage    customer list"));
    desk_do(d, "customer list --help");
    assert_non_null(strstr(d->rows, "usage    customer list"));
    desk_do(d, "customer delete -h");             /* nothing is missing, nothing deleted */
    desk_do(d, "help filter");
    assert_non_null(strstr(d->rows, "city~海"));
    desk_refused(d, "help custmer", ERR_USAGE, "custmer");
}

/* What the tour promises must be there, once all parts are. */
static void test_the_tour_names_commands(void **state)
{
    Desk *d = *state;
    Buf text = { 0 };
    const char *const lines[] = { "customer import", "customer list", "customer set", "lead move",
                                  "list build", "undo" };
    doc_overview(d->s.registry, 80, &text);
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        Arena a = { 0 };
        Words w;
        Error err = { 0 };
        const Command *cmd;
        int used;
        assert_true(has(&text, lines[i]));
        assert_true(lex_words(str(lines[i]), &a, &w, NULL, &err));
        if (!registry_match(d->s.registry, w.w, w.n, &cmd, &used, &err))
            fail_msg("%s: %s", lines[i], err.msg);
        arena_release(&a);
    }
    buf_release(&text);
}

static void test_wrapping_counts_columns(void **state)
{
    Buf text = { 0 };
    (void)state;
    doc_wrap(STR("王芳 李建国 Bob"), 9, 2, 0, &text);
    assert_string_equal(text.s, "王芳\n  李建国\n  Bob\n");
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_every_argument_is_in_every_face),
        DESK_TEST(test_help_is_no_wider_than_the_terminal),
        DESK_TEST(test_synopses),
        DESK_TEST(test_help_by_any_way),
        DESK_TEST(test_the_tour_names_commands),
        cmocka_unit_test(test_wrapping_counts_columns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

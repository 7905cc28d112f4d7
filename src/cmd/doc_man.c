/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_man.c -- patter(1) in mdoc, from the registry.
 *
 * Text is escaped for roff, and each sentence begins on a line of its own, as mandoc asks.
 */
#include <stdlib.h>

#include "cmd/doc.h"
#include "cmd/program.h"

/* ---- roff ------------------------------------------------------------------------------------ */

static void put_escaped(Str s, Buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '\\')
            buf_cstr(out, "\\e");
        else if (s.s[i] == '`')
            buf_char(out, '\'');
        else
            buf_char(out, s.s[i]);
    }
}

/* One macro argument: quoted, so that no word of it is taken for a macro. */
static void put_argument(Str s, Buf *out)
{
    buf_cstr(out, "\"\\&");
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '"')
            buf_char(out, '"');
        put_escaped(str_n(s.s + i, 1), out);
    }
    buf_char(out, '"');
}

/* Sentences, one a line. */
static void put_text(Str s, Buf *out)
{
    while (s.n) {
        size_t n = 0;
        while (n < s.n && !(n + 1 < s.n && strchr(".!?", s.s[n]) && s.s[n + 1] == ' '))
            n++;
        n += n < s.n;
        if (strchr(".'`", s.s[0]))
            buf_cstr(out, "\\&");
        put_escaped(str_n(s.s, n), out);
        buf_char(out, '\n');
        while (n < s.n && s.s[n] == ' ')
            n++;
        s = str_n(s.s + n, s.n - n);
    }
}

static void put_sentence(const char *text, const char *more, Buf *out)
{
    Buf b = { 0 };
    buf_printf(&b, "%s%s.", text, more ? more : "");
    put_text(buf_as_str(&b), out);
    buf_release(&b);
}

/* ---- commands -------------------------------------------------------------------------------- */

static void put_item(const Arg *a, Buf *out)
{
    Buf term = { 0 }, more = { 0 };
    doc_arg(a, &term);
    doc_arg_more(a, &more);
    buf_cstr(out, ".It Ic ");
    put_argument(buf_as_str(&term), out);
    buf_char(out, '\n');
    put_sentence(a->help, more.s, out);
    buf_release(&term);
    buf_release(&more);
}

static void put_command(const Command *cmd, Buf *out)
{
    Buf synopsis = { 0 };
    doc_synopsis(cmd, &synopsis);
    buf_cstr(out, ".It Ic ");
    put_argument(buf_as_str(&synopsis), out);
    buf_char(out, '\n');
    buf_release(&synopsis);
    put_sentence(cmd->summary, NULL, out);
    if (cmd->detail)
        put_text(str(cmd->detail), out);
    if (cmd->args && cmd->args->name) {
        buf_cstr(out, ".Bl -tag -width Ds -compact\n");
        for (const Arg *a = cmd->args; a->name; a++)
            put_item(a, out);
        if (command_takes_where(cmd))
            put_item(&where_arg, out);
        buf_cstr(out, ".El\n");
    }
    Arena arena = { 0 };
    for (const Example *e = command_examples(cmd, &arena); e->line; e++) {
        buf_cstr(out, ".Dl ");
        put_argument(str(e->line), out);
        buf_char(out, '\n');
    }
    arena_release(&arena);
}

static void put_commands(const Registry *r, Buf *out)
{
    int n;
    Str noun = { 0 };
    const Command *const *all = registry_all(r, &n);
    buf_cstr(out, ".Sh COMMANDS\n");
    for (int i = 0; i < n; i++) {
        if (all[i]->flags & COMMAND_HIDDEN)
            continue;
        if (!str_eq(noun, command_noun(all[i]))) {
            if (noun.n)
                buf_cstr(out, ".El\n");
            noun = command_noun(all[i]);
            buf_cstr(out, ".Ss ");
            put_argument(noun, out);
            buf_cstr(out, "\n.Bl -tag -width Ds\n");
        }
        put_command(all[i], out);
    }
    if (noun.n)
        buf_cstr(out, ".El\n");
}

/* ---- topics ---------------------------------------------------------------------------------- */

static void put_topic(const Topic *t, Buf *out)
{
    bool literal = false, paragraph = false;
    buf_cstr(out, ".Ss ");
    put_argument(str(t->name), out);
    buf_char(out, '\n');
    for (Str rest = str(t->text); rest.n;) {
        const char *end = memchr(rest.s, '\n', rest.n);
        size_t n = end ? (size_t)(end - rest.s) : rest.n;
        Str line = str_n(rest.s, n);
        bool shown = str_starts(line, "  ");
        if (shown != literal)
            buf_cstr(out, shown ? ".Bd -literal -offset indent\n" : ".Ed\n");
        if (paragraph && n && !shown && !literal)
            buf_cstr(out, ".Pp\n");
        if (shown) {
            buf_cstr(out, "\\&");
            put_escaped(str_n(line.s + 2, line.n - 2), out);
            buf_char(out, '\n');
        } else
            put_text(line, out);
        paragraph = n == 0;
        literal = shown;
        rest = str_n(rest.s + n + (end != NULL), rest.n - n - (end != NULL));
    }
    if (literal)
        buf_cstr(out, ".Ed\n");
}

static const char head[] =
    ".\\\" made by `patter debug docs`\n"
    ".Dd November 22, 2026\n"
    ".Dt PATTER 1\n"
    ".Os\n"
    ".Sh NAME\n"
    ".Nm patter\n"
    ".Nd customers, leads, campaigns and calls in one file\n"
    ".Sh SYNOPSIS\n"
    ".Nm\n"
    ".Op Ar options\n"
    ".Op Ar database\n"
    ".Op Ar command ...\n"
    ".Sh DESCRIPTION\n"
    ".Nm\n"
    "keeps customer records, lead stages, campaigns, calling lists and a dialer\n"
    "in one SQLite file.\n"
    "Without a command it offers a prompt; with one it runs that and exits.\n"
    "The same words are understood at the prompt, as arguments, in a file and on standard input:\n"
    "a noun, a verb, what it is about, and options.\n"
    "The database is the first bare word that holds a slash or a dot,\n"
    "or else what the environment variable\n"
    ".Ev PATTER_DB\n"
    "names.\n"
    ".Pp\n"
    "Options of the program stand before the command:\n";

static const char tail[] =
    ".Sh EXIT STATUS\n"
    ".Bl -tag -width Ds -compact\n"
    ".It 0\n"
    "done\n"
    ".It 1\n"
    "failed, or refused by a gate or a script\n"
    ".It 2\n"
    "wrong usage, or nobody was there to confirm\n"
    ".It 4\n"
    "not allowed\n"
    ".It 5\n"
    "the database cannot be used\n"
    ".It 69\n"
    "the telephone switch cannot be reached\n"
    ".It 75\n"
    "the database is busy: try again\n"
    ".El\n";

static void put_program_options(Buf *out)
{
    buf_cstr(out, ".Bl -tag -width Ds\n");
    for (int i = 0; i < OPTION_COUNT; i++) {
        const ProgramOption *o = &program_options[i];
        buf_cstr(out, ".It");
        if (o->letter)
            buf_printf(out, " Fl %c ,", o->letter);
        buf_printf(out, " Fl -%s", o->name);
        if (o->value)
            buf_printf(out, " Ar %s", o->value);
        buf_char(out, '\n');
        put_sentence(o->help, NULL, out);
    }
    buf_cstr(out, ".El\n");
}

static void put_section(const char *title, const char *macro, const ProgramText *t, Buf *out)
{
    buf_printf(out, ".Sh %s\n.Bl -tag -width Ds\n", title);
    for (; t->name; t++) {
        buf_printf(out, ".It %s %s\n", macro, t->name);
        put_sentence(t->says, NULL, out);
    }
    buf_cstr(out, ".El\n");
}

void doc_man(const Registry *r, Buf *out)
{
    buf_cstr(out, head);
    put_program_options(out);
    buf_cstr(out, ".Pp\nEvery command takes these options:\n.Bl -tag -width Ds\n");
    for (const Arg *a = common_args; a->name; a++)
        put_item(a, out);
    buf_cstr(out, ".El\n");
    put_commands(r, out);
    buf_cstr(out, ".Sh LANGUAGE\n");
    for (const Topic *t = doc_topics; t->name; t++)
        put_topic(t, out);
    put_section("ENVIRONMENT", "Ev", program_environment, out);
    put_section("FILES", "Pa", program_files, out);
    buf_cstr(out, tail);
}

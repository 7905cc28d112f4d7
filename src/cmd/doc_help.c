/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_help.c -- help for a terminal: of a command (examples first), of a noun, and of everything.
 */
#include <stdlib.h>

#include "base/unicode.h"
#include "cmd/doc.h"

enum { TERM_MOST = 28 };      /* a wider term stands on a line of its own */

/* ---- a command ------------------------------------------------------------------------------- */

static void put_examples(const Example *examples, int width, Buf *out)
{
    int term = 0;
    for (const Example *e = examples; e->line; e++) {
        int w = text_width(str(e->line), 1);
        if (w > term)
            term = w;
    }
    if (term > 44)
        term = 44;
    for (const Example *e = examples; e->line; e++)
        doc_item(e->line, term, str(e->says), width, out);
}

static int term_width(const Command *cmd)
{
    int widest = 0;
    Buf term = { 0 };
    for (const Arg *a = cmd->args; a && a->name; a++) {
        buf_reset(&term);
        doc_arg(a, &term);
        int w = text_width(buf_as_str(&term), 1);
        if (w > widest && w <= TERM_MOST)
            widest = w;
    }
    buf_release(&term);
    return widest > 12 ? widest : 12;
}

static void put_arg(const Arg *a, int term_columns, int width, Buf *out)
{
    Buf term = { 0 }, text = { 0 };
    doc_arg(a, &term);
    buf_cstr(&text, a->help);
    doc_arg_more(a, &text);
    doc_item(term.s, term_columns, buf_as_str(&text), width, out);
    buf_release(&term);
    buf_release(&text);
}

static void put_args(const Command *cmd, int width, Buf *out)
{
    int term = term_width(cmd);
    for (int options = 0; options < 2; options++)
        for (const Arg *a = cmd->args; a && a->name; a++)
            if (arg_is_option(a) == (options == 1))
                put_arg(a, term, width, out);
    if (command_takes_where(cmd))
        put_arg(&where_arg, term, width, out);
}

static void put_columns(const Command *cmd, int width, Buf *out)
{
    if (!cmd->columns)
        return;
    Buf names = { 0 };
    for (const Column *c = cmd->columns; c->name; c++)
        buf_printf(&names, "%s%s", c == cmd->columns ? "" : ", ", c->name);
    buf_cstr(out, "\ncolumns  ");
    doc_wrap(buf_as_str(&names), width, 9, 9, out);
    buf_release(&names);
}

static void put_reverse(const Command *cmd, Buf *out)
{
    const char *reverse = doc_reverse(cmd);
    buf_cstr(out, "\nIt can be rehearsed with --dry-run, and ");
    if (reverse)
        buf_printf(out, "`%s` takes it back.\n", reverse);
    else
        buf_cstr(out, "cannot be taken back.\n");
}

void doc_help(const Command *cmd, int width, Buf *out)
{
    Buf line = { 0 };
    buf_printf(&line, "%s.%s%s", cmd->summary, cmd->detail ? " " : "",
               cmd->detail ? cmd->detail : "");
    doc_wrap(buf_as_str(&line), width, 0, 0, out);
    Arena a = { 0 };
    const Example *examples = command_examples(cmd, &a);
    if (examples->line) {
        buf_char(out, '\n');
        put_examples(examples, width, out);
    }
    arena_release(&a);
    buf_reset(&line);
    doc_synopsis(cmd, &line);
    buf_cstr(out, "\nusage    ");
    doc_wrap(buf_as_str(&line), width, 13, 9, out);
    put_args(cmd, width, out);
    put_columns(cmd, width, out);
    if (cmd->flags & COMMAND_WRITES)
        put_reverse(cmd, out);
    buf_release(&line);
}

/* ---- a noun ---------------------------------------------------------------------------------- */

static void put_fields(const Type *t, int width, Buf *out)
{
    Buf text = { 0 };
    buf_printf(out, "\nfields of a %s\n", t->name);
    for (int i = 0; i < t->n; i++) {
        const Field *f = &t->fields[i];
        if (f->flags & FIELD_HIDDEN)
            continue;
        buf_reset(&text);
        buf_printf(&text, "%s%s%s%s%s", kind_name(f->kind), f->ref ? " " : "", f->ref ? f->ref : "",
                   f->help ? ", " : "", f->help ? f->help : "");
        for (const char *const *c = f->choices; c && *c; c++)
            buf_printf(&text, "%s%s", c == f->choices ? ": " : ", ", *c);
        if (f->fallback)
            buf_printf(&text, "; default: %s", f->fallback);
        else if (f->flags & FIELD_REQUIRED)
            buf_cstr(&text, "; required");
        if (f->verb)
            buf_printf(&text, "; changed by `%s`", f->verb);
        doc_item(f->name, 14, buf_as_str(&text), width, out);
    }
    buf_release(&text);
}

void doc_noun(const Registry *r, Str noun, const Crm *crm, int width, Buf *out)
{
    int n, term = 12;
    const Command *const *all = registry_all(r, &n);
    const Type *t = crm && crm->schema ? schema_type(crm->schema, noun) : NULL;
    if (t && t->summary)
        buf_printf(out, "%.*s: %s\n\n", STR_ARG(noun), t->summary);
    for (int pass = 0; pass < 2; pass++)
        for (int i = 0; i < n; i++) {
            if (!str_eq(command_noun(all[i]), noun) || all[i]->flags & COMMAND_HIDDEN)
                continue;
            int w = (int)strlen(all[i]->name);
            if (pass)
                doc_item(all[i]->name, term, str(all[i]->summary), width, out);
            else if (w > term)
                term = w;
        }
    if (t)
        put_fields(t, width, out);
    buf_printf(out, "\n`help %.*s VERB` tells all about one of them.\n", STR_ARG(noun));
}

/* ---- everything ------------------------------------------------------------------------------ */

static const Example tour[] = {
    { "customer import people.csv", "bring a list in (--dry-run first, if you like)" },
    { "customer list city~海 value>=80", "look at some of it" },
    { "customer set 7 budget=5000", "change one" },
    { "lead move 7 opportunity", "move a lead on; `why lead 7` says what is missing" },
    { "list build spring --from stage=potential", "make a calling list" },
    { "dial simulate autumn --agents 5", "rehearse a day of dialling" },
    { "report rates", "read the figures" },
    { "undo", "take the last command back" },
    { 0 }
};

static void put_verbs(const Registry *r, const char *noun, int width, Buf *out)
{
    size_t n;
    const char **verbs = registry_verbs(r, str(noun), &n);
    Buf text = { 0 };
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "%s%s", i ? " " : "", verbs[i]);
    if (n)
        doc_item(noun, 12, buf_as_str(&text), width, out);
    buf_release(&text);
    free(verbs);
}

void doc_overview(const Registry *r, int width, Buf *out)
{
    size_t nouns;
    int n;
    buf_cstr(out, "patter: customers, leads, campaigns and calls in one file.\n\na tour\n");
    put_examples(tour, width, out);
    const char **words = registry_nouns(r, &nouns);
    buf_cstr(out, "\nnouns, each with its verbs\n");
    for (size_t i = 0; i < nouns; i++)
        put_verbs(r, words[i], width, out);
    free(words);
    const Command *const *all = registry_all(r, &n);
    buf_cstr(out, "\nwords that stand alone\n");
    for (int i = 0; i < n; i++)
        if (!strchr(all[i]->name, ' ') && !(all[i]->flags & COMMAND_HIDDEN))
            doc_item(all[i]->name, 12, str(all[i]->summary), width, out);
    buf_cstr(out, "\nto read\n");
    for (const Topic *t = doc_topics; t->name; t++) {
        char term[64];
        snprintf(term, sizeof term, "help %s", t->name);
        doc_item(term, 18, str(t->summary), width, out);
    }
    doc_item("help NOUN [VERB]", 18, STR("all about it; every command takes --help too"), width,
             out);
}

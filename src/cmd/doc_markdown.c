/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_markdown.c -- docs/reference: a page a noun, one for the words that stand alone, one a topic.
 */
#include <stdlib.h>

#include "cmd/doc.h"

/* A cell of a table: `|` would end it. */
static void put_cell(Str s, Buf *out)
{
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '|')
            buf_char(out, '\\');
        buf_char(out, s.s[i] == '\n' ? ' ' : s.s[i]);
    }
}

static void put_row(Str term, Str text, Buf *out)
{
    buf_cstr(out, "| `");
    put_cell(term, out);
    buf_cstr(out, "` | ");
    put_cell(text, out);
    buf_cstr(out, " |\n");
}

static void put_arg(const Arg *a, Buf *out)
{
    Buf term = { 0 }, text = { 0 };
    doc_arg(a, &term);
    buf_cstr(&text, a->help);
    doc_arg_more(a, &text);
    put_row(buf_as_str(&term), buf_as_str(&text), out);
    buf_release(&term);
    buf_release(&text);
}

static void put_args(const Command *cmd, Buf *out)
{
    bool any = cmd->args && cmd->args->name;
    if (any)
        buf_cstr(out, "\n| argument | |\n| --- | --- |\n");
    for (const Arg *a = cmd->args; a && a->name; a++)
        put_arg(a, out);
    if (command_takes_where(cmd))
        put_arg(&where_arg, out);
}

static void put_columns(const Command *cmd, Buf *out)
{
    if (!cmd->columns)
        return;
    buf_cstr(out, "\nRows: ");
    for (const Column *c = cmd->columns; c->name; c++)
        buf_printf(out, "%s`%s`", c == cmd->columns ? "" : ", ", c->name);
    buf_cstr(out, ".\n");
}

static void put_reverse(const Command *cmd, Buf *out)
{
    const char *reverse = doc_reverse(cmd);
    buf_cstr(out, "\nChanges the file: `--dry-run` rehearses it, ");
    if (reverse)
        buf_printf(out, "`%s` takes it back.\n", reverse);
    else
        buf_cstr(out, "it cannot be taken back.\n");
}

static void put_command(const Command *cmd, Buf *out)
{
    buf_printf(out, "\n## %s\n\n%s.%s%s\n\n    ", cmd->name, cmd->summary, cmd->detail ? " " : "",
               cmd->detail ? cmd->detail : "");
    doc_synopsis(cmd, out);
    buf_char(out, '\n');
    put_args(cmd, out);
    put_columns(cmd, out);
    if (cmd->need & ~(unsigned)(MAY_READ | MAY_WRITE))
        buf_printf(out, "\nNeeds the right to %s.\n", need_name(cmd->need & ~3u));
    if (cmd->flags & COMMAND_WRITES)
        put_reverse(cmd, out);
    Arena arena = { 0 };
    const Example *examples = command_examples(cmd, &arena);
    for (const Example *e = examples; e->line; e++)
        buf_printf(out, "%s- `%s` - %s\n", e == examples ? "\n" : "", e->line, e->says);
    arena_release(&arena);
}

static void put_fields(const Type *t, Buf *out)
{
    buf_cstr(out, "\n## Fields\n\n| field | kind | |\n| --- | --- | --- |\n");
    for (int i = 0; i < t->n; i++) {
        const Field *f = &t->fields[i];
        if (f->flags & FIELD_USER)
            continue;                             /* of this file, not of the program */
        buf_printf(out, "| `%s` | %s%s%s | ", f->name, kind_name(f->kind), f->ref ? " " : "",
                   f->ref ? f->ref : "");
        put_cell(str(f->help ? f->help : ""), out);
        for (const char *const *c = f->choices; c && *c; c++)
            buf_printf(out, "%s%s", c == f->choices ? ": " : ", ", *c);
        if (f->fallback)
            buf_printf(out, "; default: %s", f->fallback);
        else if (f->flags & FIELD_REQUIRED)
            buf_cstr(out, "; required");
        if (f->flags & FIELD_READONLY)
            buf_cstr(out, "; kept by the program");
        if (f->verb)
            buf_printf(out, "; changed by `%s`", f->verb);
        buf_cstr(out, " |\n");
    }
}

void doc_markdown(const Registry *r, const Crm *crm, Str noun, Buf *out)
{
    int n;
    const Command *const *all = registry_all(r, &n);
    const Type *t = crm && crm->schema ? schema_type(crm->schema, noun) : NULL;
    buf_printf(out, "<!-- made by `patter debug docs` -->\n# %.*s\n", STR_ARG(noun));
    if (t && t->summary)
        buf_printf(out, "\n%s.\n", t->summary);
    if (t && !str_is(noun, t->name))
        buf_printf(out, "\nAnother name for [%s](%s.md): same records, same ids.\n", t->name,
                   t->name);
    else if (t)
        put_fields(t, out);
    for (int i = 0; i < n; i++)
        if (str_eq(command_noun(all[i]), noun) && !(all[i]->flags & COMMAND_HIDDEN))
            put_command(all[i], out);
}

void doc_markdown_general(const Registry *r, Buf *out)
{
    int n;
    const Command *const *all = registry_all(r, &n);
    buf_cstr(out, "<!-- made by `patter debug docs` -->\n# Words that stand alone\n\n"
                  "Every command, these and all others, takes these options:\n\n"
                  "| option | |\n| --- | --- |\n");
    for (const Arg *a = common_args; a->name; a++)
        put_arg(a, out);
    for (int i = 0; i < n; i++)
        if (!command_verb(all[i]).n && !(all[i]->flags & COMMAND_HIDDEN))
            put_command(all[i], out);
    for (const Topic *t = doc_topics; t->name; t++) {
        buf_printf(out, "\n## help %s\n\n", t->name);
        for (Str rest = str(t->text); rest.n;) {
            const char *end = memchr(rest.s, '\n', rest.n);
            size_t len = end ? (size_t)(end - rest.s) + 1 : rest.n;
            buf_printf(out, "%s%.*s", str_starts(rest, "  ") ? "  " : "", (int)len, rest.s);
            rest = str_n(rest.s + len, rest.n - len);
        }
    }
}

void doc_markdown_index(const Registry *r, const Crm *crm, Buf *out)
{
    size_t n, verbs;
    const char **nouns = registry_nouns(r, &n);
    buf_cstr(out, "<!-- made by `patter debug docs` -->\n# Reference\n\n"
                  "[Words that stand alone](general.md): `undo`, `find`, `check` and the like; "
                  "the filter language, output and exit status.\n\n| noun | |\n| --- | --- |\n");
    for (size_t i = 0; i < n; i++) {
        const Type *t = crm && crm->schema ? schema_type(crm->schema, str(nouns[i])) : NULL;
        const char **list = registry_verbs(r, str(nouns[i]), &verbs);
        if (verbs)
            buf_printf(out, "| [%s](%s.md) | ", nouns[i], nouns[i]);
        for (size_t v = 0; v < verbs; v++)
            buf_printf(out, "%s%s", v ? ", " : "", list[v]);
        if (verbs)
            buf_printf(out, "%s%s |\n", t && t->summary ? ": " : "",
                       t && t->summary ? t->summary : "");
        free(list);
    }
    free(nouns);
}

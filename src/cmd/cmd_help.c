/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_help.c -- help: of everything, of a noun, of a command, of a topic.
 */
#include "cmd/doc.h"
#include "cmd/lines.h"

typedef struct Help { Texts words; } Help;

static bool is_noun(const Registry *r, Str word)
{
    int n;
    const Command *const *all = registry_all(r, &n);
    for (int i = 0; i < n; i++)
        if (command_verb(all[i]).n && str_eq(command_noun(all[i]), word))
            return true;
    return false;
}

static void put_topic(const Topic *t, int width, Buf *out)
{
    for (Str rest = str(t->text); rest.n;) {
        const char *end = memchr(rest.s, '\n', rest.n);
        size_t n = end ? (size_t)(end - rest.s) : rest.n;
        if (str_starts(rest, "  "))
            buf_printf(out, "%.*s\n", (int)n, rest.s);
        else
            doc_wrap(str_n(rest.s, n), width, 0, 0, out);
        n += end != NULL;
        rest = str_n(rest.s + n, rest.n - n);
    }
}

/* The text that answers `help WORDS`; ERR_USAGE where nothing is called so. */
static bool answer(const Call *c, const Texts *t, Buf *out, Error *err)
{
    const Registry *r = c->session->registry;
    int width = c->session->out.width ? c->session->out.width : 80, used;
    const Topic *topic = t->n == 1 ? doc_topic(str(t->s[0])) : NULL;
    const Command *cmd;
    if (t->n == 0) {
        doc_overview(r, width, out);
        return true;
    }
    if (topic) {
        put_topic(topic, width, out);
        return true;
    }
    if (t->n == 1 && is_noun(r, str(t->s[0])) && !registry_get(r, str(t->s[0]), (Str){ "", 0 })) {
        doc_noun(r, str(t->s[0]), c->crm, width, out);
        return true;
    }
    Word *w = ARENA_ARRAY(c->arena, Word, t->n);
    for (int i = 0; i < t->n; i++)
        w[i] = (Word){ .text = str(t->s[i]) };
    if (!registry_match(r, w, t->n, &cmd, &used, err))
        return false;
    doc_help(cmd, width, out);
    return true;
}

static bool help_run(const Call *c, Error *err)
{
    const Help *a = c->args;
    Buf text = { 0 };
    bool ok = answer(c, &a->words, &text, err) && out_lines(c->out, buf_as_str(&text), err);
    buf_release(&text);
    return ok;
}

static const Command help = {
    .name = "help",
    .summary = "Show what can be done, and how",
    .detail = "Without words it shows a tour and all commands; with a noun its verbs and fields; "
              "with a command all about it; with filter, assign, target or output that topic.",
    .args = (const Arg[]){
        { "word", ARG_WORDS, ARG_OPTIONAL, "a noun, a command or a topic", AT(Help, words) },
        { 0 } },
    .args_size = sizeof(Help),
    .columns = (const Column[]){ { "text", KIND_TEXT, COLUMN_SCALAR }, { 0 } },
    .examples = (const Example[]){
        { "help", "a tour, and all commands" },
        { "help customer", "the verbs and fields of customers" },
        { "help customer list", "all about one command" },
        { "help filter", "how records are chosen" },
        { 0 } },
    .flags = COMMAND_NO_DB,
    .run = help_run,
};

const Command *const help_commands[] = { &help, NULL };

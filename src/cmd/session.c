/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session.c -- words as typed: which command, its arguments, --help, and where its rows go.
 */
#include "cmd/lines.h"
#include "cmd/registry.h"

#include <stdlib.h>

static bool asks_help(const Word *w)
{
    return !w->quoted && (str_is(w->text, "--help") || str_is(w->text, "-h"));
}

/* `--help`, `customer --help`: not a command, but a clear question. */
static bool is_help_without_command(const Session *s, const Word *w, int n)
{
    if (n == 1)
        return asks_help(&w[0]);
    if (n != 2 || !asks_help(&w[1]))
        return false;
    size_t count;
    const char **nouns = registry_nouns(s->registry, &count);
    bool found = false;
    for (size_t i = 0; i < count; i++)
        found |= str_is(w[0].text, nouns[i]);
    free(nouns);
    return found && !registry_get(s->registry, w[0].text, (Str){ "", 0 });
}

static bool show_help(const Session *s, const Command *cmd, Str noun, Out *out, Error *err)
{
    Buf text = { 0 };
    int width = s->out.width ? s->out.width : 80;
    if (cmd)
        doc_help(cmd, width, &text);
    else if (noun.n)
        doc_noun(s->registry, noun, s->crm, width, &text);
    else
        doc_overview(s->registry, width, &text);
    bool ok = out_lines(out, buf_as_str(&text), err) && out_end(out, err);
    buf_release(&text);
    return ok;
}

bool session_run(Session *s, const Word *w, int n, Str line, FILE *to, Out *sink, Error *err)
{
    Arena a = { 0 };
    const Command *cmd = NULL;
    Common common = { .out = s->out };
    void *args = NULL;
    int used = 0;
    bool bare_help = is_help_without_command(s, w, n), ok = false;

    if (!bare_help && (!registry_match(s->registry, w, n, &cmd, &used, err)
                       || !args_parse(s, cmd, w + used, n - used, &a, &args, &common, err)))
        goto out;
    if (cmd)
        common.out.table = arena_strndup(&a, cmd->name, strcspn(cmd->name, " "));
    Out *out = sink ? sink : out_text(to, &common.out);
    if (bare_help || common.help)
        ok = show_help(s, cmd, n == 2 ? w[0].text : (Str){ 0 }, out, err);
    else
        ok = command_run(s, cmd, args, &common, str_c(line, &a), out, &a, err);
    if (!sink)
        out_free(out);
out:
    arena_release(&a);
    return ok;
}

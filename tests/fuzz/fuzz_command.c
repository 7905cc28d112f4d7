/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as lines typed at the prompt: each is refused in words that point into it, or its
 * arguments are understood, and a command of records is rehearsed and leaves them as they were.
 * What completes a line completes it to one that begins the same.
 */
#include "fuzz_session.h"

#include "store/store.h"

/* Does it touch nothing but the database? */
static bool is_safe(const Command *cmd)
{
    if (!cmd->type || !cmd->run || cmd->flags & (COMMAND_OWN_TX | COMMAND_HIDDEN))
        return false;
    for (const Arg *a = cmd->args; a && a->name; a++)
        if (a->kind == ARG_FILE)
            return false;
    return true;
}

static void check_refusal(Str line, const Error *err)
{
    if (err->code == ERR_NONE || !*err->msg)
        panic("refused without a reason");
    if (err->width < 0 || err->at < 0 || (size_t)(err->at + err->width) > line.n)
        panic("'%s' is said of bytes %d to %d of %zu", err->msg, err->at, err->at + err->width,
              line.n);
}

static void check_command(Desk *d, const Words *w, Str line)
{
    Arena a = { 0 };
    Error err = { 0 };
    const Command *cmd;
    Common common = { 0 };
    void *args;
    int used;
    if (!registry_match(d->s.registry, w->w, w->n, &cmd, &used, &err)
        || !args_parse(&d->s, cmd, w->w + used, w->n - used, &a, &args, &common, &err)) {
        check_refusal(line, &err);
    } else if (is_safe(cmd)) {
        int64_t before = desk_count(d, "customer");
        if (!desk_run(d, w->w, w->n, &err))
            check_refusal(line, &err);
        if (desk_count(d, "customer") != before)
            panic("a rehearsal changed something");
    }
    arena_release(&a);
}

static void check_completion(Desk *d, Str line)
{
    Arena a = { 0 };
    Candidates c = { 0 };
    if (complete_line(&d->s, line, (int)line.n, &a, &c)) {
        if (c.start < 0 || (size_t)c.start > line.n)
            panic("what is completed begins at %d of %zu", c.start, line.n);
        for (int i = 0; i < c.n; i++)
            if (!*c.s[i])
                panic("completed to nothing");
    }
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Desk *d = desk();
    Str text = { (const char *)data, n };
    d->s.dry_run = true;
    while (text.n > 0) {
        Arena a = { 0 };
        LexEnd end;
        Words w;
        Error err = { 0 };
        Str line = str_n(text.s, lex_command(text, &end));
        if (!lex_words(line, &a, &w, NULL, &err))
            check_refusal(line, &err);
        else if (w.n > 0)
            check_command(d, &w, line);
        if (!memchr(line.s, '\0', line.n))
            check_completion(d, line);
        text = str_n(text.s + line.n, text.n - line.n);
        arena_release(&a);
    }
    return 0;
}

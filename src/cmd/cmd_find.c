/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_find.c -- find: search in all types at once.
 */
#include "cmd/command.h"
#include "model/find.h"

typedef struct Find { Texts words; int64_t limit; } Find;

static const char *joined(const Texts *t, Arena *a)
{
    Buf b = { 0 };
    for (int i = 0; i < t->n; i++)
        buf_printf(&b, "%s%s", i ? " " : "", t->s[i]);
    const char *text = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return text;
}

static bool find_in(const Call *c, const Type *t, const char *text, int64_t limit, Error *err)
{
    Found f;
    if (!find_ids(c->crm, t, str(text), limit, c->arena, &f, err))
        return false;
    for (int64_t i = 0; i < f.n; i++) {
        const Value v[] = { value_cstr(t->name), value_int(f.ids[i]),
                            value_cstr(record_label(c->crm, t, f.ids[i], c->arena)) };
        if (!out_row(c->out, v, err))
            return false;
    }
    return true;
}

static bool find_run(const Call *c, Error *err)
{
    const Find *a = c->args;
    const char *text = joined(&a->words, c->arena);
    int n;
    const Type *const *types = schema_types(c->crm->schema, &n);
    if (!out_begin(c->out, c->cmd->columns, -1, err))
        return false;
    for (int i = 0; i < n; i++)
        if (!(types[i]->verbs & TYPE_NO_FIND) && !find_in(c, types[i], text, a->limit, err))
            return false;
    return true;
}

static const Command find = {
    .name = "find",
    .summary = "Search everything by words, one Chinese character or some digits",
    .detail = "`customer find` and its like search in one type and show more of each record.",
    .args = (const Arg[]){
        { "word", ARG_WORDS, 0, "what to look for; all words must be there", AT(Find, words) },
        { "--limit", ARG_INT, ARG_OPTIONAL, "at most this many of each type", AT(Find, limit),
          .fallback = "20", .least = 1 },
        { 0 } },
    .args_size = sizeof(Find),
    .columns = (const Column[]){ { "type", KIND_TEXT, 0 }, { "id", KIND_INT, 0 },
                                 { "name", KIND_TEXT, COLUMN_FOLD }, { 0 } },
    .examples = (const Example[]){
        { "find 王芳", "by name" },
        { "find 芳", "by one character of it" },
        { "find 5830", "by some digits of a number" },
        { "customer find name:芳 phone:138", "in fields" },
        { 0 } },
    .run = find_run,
};

const Command *const find_commands[] = { &find, NULL };

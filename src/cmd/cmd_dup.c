/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dup.c -- dup find: which records are probably the same.
 */
#include <inttypes.h>
#include <math.h>

#include "cmd/command.h"
#include "model/dup.h"

typedef struct FindArgs {
    FilterArg filter;
    const char *key;
    const Type *type;
    int64_t limit;
} FindArgs;

static const Column find_columns[] = {
    { "id", KIND_INT, 0 }, { "other", KIND_INT, 0 }, { "score", KIND_NUMBER, 0 },
    { "key", KIND_TEXT, 0 }, { "name", KIND_TEXT, COLUMN_FOLD },
    { "other_name", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

static void talk_progress(void *ctx, const char *what, int64_t done, int64_t total)
{
    Ui *ui = ((const Call *)ctx)->ui;
    if (ui->progress)
        ui->progress(ui, what, done, total);
}

static bool talk_interrupted(void *ctx)
{
    Ui *ui = ((const Call *)ctx)->ui;
    return ui->interrupted && ui->interrupted(ui);
}

static const Type *type_of(const Call *c, const Type *given)
{
    return given ? given : schema_type(c->crm->schema, STR("customer"));
}

/* "phone, name~0.9": the alternatives that agree. */
static const char *keys_text(const DupKey *key, uint32_t agree, Arena *a)
{
    const char *text = "";
    for (int i = 0; i < key->n; i++)
        if (agree >> i & 1)
            text = *text ? arena_printf(a, "%s, %s", text, key->alt[i].text) : key->alt[i].text;
    return text;
}

static bool put_pair(const Call *c, const Type *t, const DupKey *key, const DupPair *p, Error *err)
{
    ArenaMark mark = arena_mark(c->arena);
    const char *name = record_label(c->crm, t, p->id, c->arena);
    const char *other = record_label(c->crm, t, p->other, c->arena);
    const Value v[] = {
        value_int(p->id),
        value_int(p->other),
        value_real(round(p->score * 1000) / 1000),
        value_cstr(keys_text(key, p->keys, c->arena)),
        *name ? value_cstr(name) : value_null(),
        *other ? value_cstr(other) : value_null(),
    };
    bool ok = out_row(c->out, v, err);
    arena_rewind(c->arena, mark);
    return ok;
}

static bool put_pairs(const Call *c, const Type *t, const DupKey *key, const DupPairs *p,
                      int64_t limit, Error *err)
{
    bool ok = out_begin(c->out, find_columns, -1, err);
    for (int64_t i = 0; ok && i < p->n && (!limit || i < limit); i++)
        ok = put_pair(c, t, key, &p->pair[i], err);
    if (ok && limit && p->n > limit)
        ui_note(c->ui, "%" PRId64 " pairs, the first %" PRId64 " shown; --limit 0 for all", p->n,
                limit);
    else if (ok)
        ui_note(c->ui, "%" PRId64 " pair%s", p->n, p->n == 1 ? "" : "s");
    if (ok && p->wide)
        ui_note(c->ui, "  %" PRId64 " times very many share a spelling; there only neighbours were "
                "compared", p->wide);
    return ok;
}

static bool find_run(const Call *c, Error *err)
{
    const FindArgs *a = c->args;
    const Type *t = type_of(c, a->type);
    DupTalk talk = { (void *)c, talk_progress, talk_interrupted };
    DupKey key;
    DupPairs pairs;
    Filter filter;
    if (!dup_key(c->crm, t, a->key, c->arena, &key, err)
        || !filter_arg(c, t, &a->filter, &filter, err)
        || !dup_search(c->crm, t, &key, &filter, &talk, &pairs, err))
        return false;
    bool ok = put_pairs(c, t, &key, &pairs, a->limit, err);
    dup_pairs_release(&pairs);
    return ok;
}

static const Command dup_find = {
    .name = "dup find",
    .summary = "Find records that are probably the same",
    .detail = "--key a,b takes either, a+b takes both together; a~0.9 is a likeness of nine "
              "letters in ten, whatever the case, width, accents and order of words, and without "
              "words that do not tell such as Ltd or 有限公司 (setting dup.words). phone and email "
              "stand for all numbers and addresses of a record. Without --key the setting dup.key "
              "says what counts. Of n equal records n - 1 pairs are shown, each with the oldest.",
    .args = (const Arg[]){
        { "filter", ARG_FILTER, ARG_OPTIONAL, "only among records for which it holds",
          AT(FindArgs, filter), .of = "customer" },
        { "--key", ARG_TEXT, ARG_OPTIONAL, "what makes two the same", AT(FindArgs, key),
          .value = "a,b~0.9,c+d" },
        { "--type", ARG_TYPE, ARG_OPTIONAL, "among these records; else customers",
          AT(FindArgs, type) },
        { "--limit", ARG_INT, ARG_OPTIONAL, "at most this many pairs; 0 for all",
          AT(FindArgs, limit), .fallback = "100" },
        { 0 } },
    .args_size = sizeof(FindArgs),
    .columns = find_columns,
    .examples = (const Example[]){
        { "dup find", "customers, by what the setting dup.key says" },
        { "dup find --key phone,name~0.9", "by a common number, or names that are alike" },
        { "dup find city=上海 --key name~0.85+address~0.8 --csv", "only in one city, for a file" },
        { "dup find --type person --key customer+name~0.8", "people, within each customer" },
        { 0 } },
    .run = find_run,
};

const Command *const dup_commands[] = { &dup_find, NULL };

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_history.c -- what the journal tells: history (of a record, a verb of every type), log,
 * log verify.
 */
#include <inttypes.h>

#include "cmd/generic.h"
#include "model/merge.h"
#include "model/schema.h"
#include "store/journal.h"

static const Field *field_of_column(const Type *t, Str column)
{
    for (int i = 0; i < t->n; i++)
        if (t->fields[i].column && str_is(column, t->fields[i].column))
            return &t->fields[i];
    return NULL;
}

/* A value of the journal as it is typed: refs by their handle, while that record exists. */
static Value plain_text(const Call *c, Value v, const Field *f)
{
    Arena *a = c->arena;
    Buf b = { 0 };
    if (v.type == VALUE_NULL)
        return v;
    const Type *ref = f && f->kind == KIND_REF ? schema_type(c->crm->schema, str(f->ref)) : NULL;
    if (ref && ref->handle && v.type == VALUE_INT) {
        const char *handle = record_label(c->crm, ref, v.i, a);
        if (*handle)
            return value_cstr(handle);
    }
    value_write_plain(v, f ? f->kind : KIND_TEXT, &b);
    Value out = value_text(str_dup(buf_as_str(&b), a));
    buf_release(&b);
    return out;
}

static Value field_name(const Field *f, Str column)
{
    return f ? value_cstr(f->name) : column.n ? value_text(column) : value_null();
}

/* What the walkers of the journal are handed: a row that fails stops them and keeps its error. */
typedef struct Walk { const Call *c; Error *err; bool ok; } Walk;

/* ---- history --------------------------------------------------------------------------------- */

typedef struct HistoryArgs { int64_t id; } HistoryArgs;
static bool history_item(void *ctx, const HistoryItem *h)
{
    Walk *w = ctx;
    const Field *f = field_of_column(w->c->cmd->type, h->column);
    Value row[] = {
        value_int(h->change), value_int(h->at), value_text(h->user), value_text(h->what),
        field_name(f, h->column),
        plain_text(w->c, h->before, f), plain_text(w->c, h->after, f), value_text(h->text),
    };
    return w->ok = out_row(w->c->out, row, w->err);
}

static const Column history_columns[] = {
    { "change", KIND_INT, 0 }, { "at", KIND_TIME, 0 }, { "user", KIND_TEXT, 0 },
    { "what", KIND_TEXT, 0 },
    { "field", KIND_TEXT, 0 }, { "before", KIND_TEXT, COLUMN_FOLD },
    { "after", KIND_TEXT, COLUMN_FOLD },
    { "command", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

static bool history_run(const Call *c, Error *err)
{
    const HistoryArgs *a = c->args;
    Walk w = { c, err, true };
    const char *came;
    const Type *t = c->cmd->type;
    if (!out_begin(c->out, history_columns, -1, err)
        || !journal_history(c->crm->store, t->table, a->id, history_item, &w, err) || !w.ok
        || !merge_came(c->crm, t, a->id, c->arena, &came, err))
        return false;
    if (*came)
        ui_note(c->ui, "  merged into it: %s; %s history tells of each", came, t->name);
    return true;
}

const Command generic_history = {
    .name = "history", .summary = "Show every change of a record: when, who, which field, by "
                                  "which command",
    .detail = "Oldest first. Deleted records have a history too.",
    .args = (const Arg[]){
        { "id", ARG_INT, 0, "the record's id", AT(HistoryArgs, id), .least = 1 },
        { 0 } },
    .examples = (const Example[]){
        { "{noun} history 1", "what became of one" },
        { 0 } },
    .args_size = sizeof(HistoryArgs), .columns = history_columns, .run = history_run,
};

/* ---- log ------------------------------------------------------------------------------------- */

typedef struct Log { int64_t change, limit; } Log;

static const Column log_columns[] = {
    { "change", KIND_INT, 0 }, { "run", KIND_INT, 0 }, { "at", KIND_TIME, 0 },
    { "user", KIND_TEXT, 0 }, { "kind", KIND_TEXT, 0 }, { "rows", KIND_INT, 0 },
    { "text", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

static bool log_row(void *ctx, const LogEntry *e)
{
    Walk *w = ctx;
    const Value v[] = { value_int(e->id), value_int(e->run), value_int(e->at),
                        value_text(e->user), value_text(e->kind), value_int(e->rows),
                        e->text.s ? value_text(e->text) : value_null() };
    return w->ok = out_row(w->c->out, v, w->err);
}

static const Column change_columns[] = {
    { "noun", KIND_TEXT, 0 }, { "row", KIND_TEXT, 0 }, { "what", KIND_TEXT, 0 },
    { "field", KIND_TEXT, 0 }, { "before", KIND_TEXT, COLUMN_FOLD },
    { "after", KIND_TEXT, COLUMN_FOLD }, { 0 }
};

static const Type *type_of_table(const Schema *schema, Str table)
{
    int n;
    const Type *const *types = schema_types(schema, &n);
    for (int i = 0; i < n; i++)
        if (str_is(table, types[i]->table))
            return types[i];
    return NULL;
}

/* Lines of one change: no more than the limit, and how many there would be. */
typedef struct Lines { Walk w; int64_t limit, n; } Lines;

static bool change_begin(const Call *c, Error *err)
{
    return out_begin(c->out, change_columns, -1, err);
}

static bool change_row(void *ctx, const HistoryItem *h)
{
    Lines *l = ctx;
    const Call *c = l->w.c;
    const Type *t = type_of_table(c->crm->schema, h->table);
    const Field *f = t ? field_of_column(t, h->column) : NULL;
    Value rows = value_null();
    if (++l->n > l->limit && l->limit > 0)
        return false;
    if (l->n == 1 && !(l->w.ok = change_begin(c, l->w.err)))
        return false;
    if (h->last > h->row)
        rows = value_cstr(arena_printf(c->arena, "%" PRId64 "..%" PRId64, h->row, h->last));
    else if (h->row)
        rows = value_cstr(arena_printf(c->arena, "%" PRId64, h->row));
    const Value v[] = { t ? value_cstr(t->name) : value_text(h->table), rows,
                        value_text(h->what), field_name(f, h->column),
                        plain_text(c, h->before, f), plain_text(c, h->after, f) };
    return l->w.ok = out_row(c->out, v, l->w.err);
}

static bool log_change(const Call *c, const Log *a, Error *err)
{
    Lines l = { { c, err, true }, a->limit, 0 };
    if (!journal_change(c->crm->store, a->change, change_row, &l, err) || !l.w.ok
        || (l.n == 0 && !change_begin(c, err)))
        return false;
    if (l.limit > 0 && l.n > l.limit)
        ui_note(c->ui, "  there is more: --limit 0 shows all");
    return true;
}

static bool log_run(const Call *c, Error *err)
{
    const Log *a = c->args;
    Walk w = { c, err, true };
    if (a->change)
        return log_change(c, a, err);
    return out_begin(c->out, log_columns, -1, err)
        && journal_log(c->crm->store, a->limit, log_row, &w, err) && w.ok;
}

static const Command log_command = {
    .name = "log",
    .summary = "Show who changed what, newest first, or all that one change did",
    .detail = "Of one change: each field it altered, before and after, and the rows it added. "
              "`customer history 7` tells what became of one record.",
    .args = (const Arg[]){
        { "change", ARG_INT, ARG_OPTIONAL, "this one, field by field", AT(Log, change),
          .least = 1 },
        { "--limit", ARG_INT, ARG_OPTIONAL, "at most so many lines, 0 for all", AT(Log, limit),
          .fallback = "20" },
        { 0 } },
    .args_size = sizeof(Log),
    .examples = (const Example[]){
        { "log --limit 5", "the last five changes" },
        { "log 1", "what the first one did" },
        { "log --limit 0 --csv", "the whole journal" },
        { 0 } },
    .run = log_run,
};

static const Column verify_columns[] = {
    { "entries", KIND_INT, 0 }, { "head", KIND_TEXT, 0 }, { 0 }
};

static bool verify_run(const Call *c, Error *err)
{
    int64_t entries;
    char head[65];
    if (!journal_verify(c->crm->store, &entries, head, err))
        return false;
    c->out->one = true;
    const Value v[] = { value_int(entries), value_cstr(head) };
    return out_begin(c->out, verify_columns, -1, err) && out_row(c->out, v, err);
}

static const Command log_verify = {
    .name = "log verify",
    .summary = "Prove that no entry of the journal was altered or removed",
    .detail = "Each entry holds the hash of the one before it. Keep the head that is printed "
              "somewhere else: only by it can a rewrite of the whole tail be seen.",
    .columns = verify_columns,
    .examples = (const Example[]){ { "log verify", "walk the chain and print its head" }, { 0 } },
    .run = verify_run,
};

const Command *const history_commands[] = { &log_command, &log_verify, NULL };

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_stage.c -- lead move, lead stages; the same for deals; task done and drop.
 */
#include <inttypes.h>

#include "cmd/why.h"
#include "model/schema.h"
#include "model/stage.h"
#include "store/journal.h"

enum { NEXT_STAGE, TASK_CLOSE, TASK_STATE, SQL_COUNT };
static const Sql sql[] = {
    [NEXT_STAGE] = { "SELECT n.id FROM stage s JOIN stage n ON n.pipeline = s.pipeline"
                     " AND n.position > s.position WHERE s.id = ?1 ORDER BY n.position LIMIT 1",
                     0 },
    [TASK_CLOSE] = { "UPDATE task SET state = ?2, done_at = ?3, note = coalesce(?4, note), change "
                     "= ?5"
                     " WHERE id = ?1", SQL_HOT },
    [TASK_STATE] = { "SELECT state, title FROM task WHERE id = ?1", SQL_HOT },
};
const SqlTable cmd_stage_sql = { "cmd_stage", sql, SQL_COUNT };

/* ---- move ------------------------------------------------------------------------------------ */

typedef struct MoveArgs { Target target; int64_t stage; const char *why; bool force; } MoveArgs;

static bool move_run(const Call *c, const Type *t, Error *err)
{
    const MoveArgs *a = c->args;
    static const Column cols[] = { { "moved", KIND_INT, 0 } };
    int64_t *ids, n, from = 0;
    if (!target_ids(c, t, &a->target, &ids, &n, err))
        return false;
    for (int64_t i = 0; i < n; i++) {
        ArenaMark mark = arena_mark(c->arena);
        StageMove m = { .type = t, .id = ids[i], .to = a->stage, .reason = a->why,
                        .force = a->force };
        if (!stage_move(c->crm, &m, &from, c->arena, err))
            return false;
        if (i + 1 < n)
            arena_rewind(c->arena, mark);
    }
    const Type *stage = schema_type(c->crm->schema, STR("stage"));
    const char *to = record_label(c->crm, stage, a->stage, c->arena);
    const char *noun = schema_alias(t) ? schema_alias(t) : t->name;
    if (n == 1)
        ui_note(c->ui, "%s %" PRId64 ": %s -> %s", noun, ids[0],
                record_label(c->crm, stage, from, c->arena), to);
    else
        ui_note(c->ui, "%" PRId64 " %ss moved to %s", n, noun, to);
    return out_receipt(c->out, cols, 1, (Value[]){ value_int(n) }, err);
}

static bool lead_move_run(const Call *c, Error *err)
{
    return move_run(c, schema_type(c->crm->schema, STR("customer")), err);
}

static bool deal_move_run(const Call *c, Error *err)
{
    return move_run(c, schema_type(c->crm->schema, STR("deal")), err);
}

#define MOVE_ARGS(type_name) (const Arg[]){ \
    { "target", ARG_TARGET, 0, "ids (7 or 4,7-9) or --where EXPR", AT(MoveArgs, target), \
      .of = type_name }, \
    { "stage", ARG_RECORD, 0, "the stage to enter", AT(MoveArgs, stage), .of = "stage", \
      .among = "pipeline.type=" type_name }, \
    { "--why", ARG_TEXT, ARG_OPTIONAL, "the reason, kept in the history", AT(MoveArgs, why) }, \
    { "--force", ARG_FLAG, ARG_OPTIONAL, "against the gate; managers only, with --why", \
      AT(MoveArgs, force) }, \
    { 0 } }

static const Command lead_move = {
    .name = "lead move", .summary = "Move leads to another stage of the life cycle",
    .detail = "The stage's criteria must hold and its key actions be done; what is missing is "
              "named. "
              "Nothing moves when one of the leads may not.",
    .args = MOVE_ARGS("customer"), .args_size = sizeof(MoveArgs),
    .examples = (const Example[]){
        { "lead move 1 potential --why 'asked for a quote'", "one lead, with the reason" }, { 0 } },
    .flags = COMMAND_WRITES | COMMAND_BULK, .run = lead_move_run,
};

static const Command deal_move = {
    .name = "deal move", .summary = "Move deals along their pipeline",
    .detail = "The stage's criteria must hold and its key actions be done; what is missing is "
              "named.",
    .args = MOVE_ARGS("deal"), .args_size = sizeof(MoveArgs),
    .flags = COMMAND_WRITES | COMMAND_BULK, .run = deal_move_run,
    .examples = (const Example[]){
        { "deal move 1 agree --why 'they said yes'", "on its pipeline" },
        { 0 } },
};

/* ---- why ------------------------------------------------------------------------------------- */

/* The stage after the one that the record is in; the same when it is in the last one. */
static bool next_stage(const Call *c, const Type *t, int64_t id, int64_t *stage, Error *err)
{
    Query *q = NULL;
    Record *r;
    if (!record_load(c->crm, t, id, false, c->arena, &r, err)
        || !query_open(c->crm->store, &sql[NEXT_STAGE], &q, err))
        return false;
    *stage = record_value(r, "stage").i;
    query_int(q, 1, *stage);
    int found = query_next(q, err);
    if (found > 0)
        *stage = query_col_int(q, 0);
    query_close(q);
    return found >= 0;
}

bool why_stage(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err)
{
    const Type *t = schema_type(c->crm->schema, str(a->noun));
    StageMove m = { .type = t, .id = id, .to = a->stage };
    if (!id) {
        fail(err, ERR_USAGE, "which %s?", a->noun);
        return fail_hint(err, "why %s ID --stage STAGE", a->noun);
    }
    return (m.to || next_stage(c, t, id, &m.to, err)) && stage_why(c->crm, &m, c->arena, out, err);
}

/* ---- stages ---------------------------------------------------------------------------------- */

typedef struct StagesArgs { int64_t id; } StagesArgs;
typedef struct StagesCtx { const Call *c; Error *err; bool ok; } StagesCtx;

static const Column stages_columns[] = {
    { "stage", KIND_TEXT, 0 }, { "entered", KIND_TIME, 0 }, { "stayed", KIND_DURATION, 0 },
    { "now", KIND_BOOL, 0 }, { "user", KIND_TEXT, 0 }, { "reason", KIND_TEXT, COLUMN_FOLD },
    { "forced", KIND_BOOL, 0 }, { 0 }
};

static bool stages_row(void *ctx, const StageStay *s)
{
    StagesCtx *x = ctx;
    Value row[] = {
        value_text(s->stage), value_int(s->entered), value_int(s->stayed), value_int(s->now),
        s->user.n ? value_text(s->user) : value_null(), s->reason.n ? value_text(s->reason)
            : value_null(),
        value_int(s->forced),
    };
    return x->ok = out_row(x->c->out, row, x->err);
}

static bool stages_run(const Call *c, const char *type, Error *err)
{
    const StagesArgs *a = c->args;
    StagesCtx x = { c, err, true };
    return out_begin(c->out, stages_columns, -1, err)
           && stage_path(c->crm, schema_type(c->crm->schema, str(type)), a->id, c->arena,
                         stages_row, &x, err)
           && x.ok;
}

static bool lead_stages_run(const Call *c, Error *err)
{
    return stages_run(c, "customer", err);
}

static bool deal_stages_run(const Call *c, Error *err)
{
    return stages_run(c, "deal", err);
}

static const Command lead_stages = {
    .name = "lead stages", .summary = "Show a lead's way through the stages, with the time spent "
                                      "in each",
    .args = (const Arg[]){
        { "lead", ARG_RECORD, 0, "its id", AT(StagesArgs, id), .of = "customer" }, { 0 } },
    .args_size = sizeof(StagesArgs), .columns = stages_columns,
    .examples = (const Example[]){ { "lead stages 1", "where lead 1 has been" }, { 0 } },
    .run = lead_stages_run,
};

static const Command deal_stages = {
    .name = "deal stages", .summary = "Show a deal's way through the stages, with the time spent "
                                      "in each",
    .args = (const Arg[]){
        { "deal", ARG_RECORD, 0, "its id", AT(StagesArgs, id), .of = "deal" }, { 0 } },
    .args_size = sizeof(StagesArgs), .columns = stages_columns, .run = deal_stages_run,
    .examples = (const Example[]){
        { "deal stages 1", "where it was, how long and why" },
        { 0 } },
};

/* ---- tasks ----------------------------------------------------------------------------------- */

typedef struct TaskArgs { Target target; const char *note; } TaskArgs;

static bool task_close(const Call *c, int64_t id, const char *state, const char *note, Error *err)
{
    Query *q = NULL;
    bool ok = false;
    if (!query_open(c->crm->store, &sql[TASK_STATE], &q, err))
        return false;
    query_int(q, 1, id);
    if (!query_one(q, err))
        goto out;
    if (!str_is(query_col_str(q, 0), "open")) {
        fail(err, ERR_REFUSED, "task %" PRId64 " is %.*s already", id,
             STR_ARG(query_col_str(q, 0)));
        goto out;
    }
    query_close(q);
    if (!query_open(c->crm->store, &sql[TASK_CLOSE], &q, err))
        goto out;
    query_int(q, 1, id);
    query_cstr(q, 2, state);
    query_int(q, 3, crm_now(c->crm));
    query_cstr(q, 4, note);
    query_int(q, 5, journal_current(c->crm->store));
    ok = query_run(q, err);
out:
    query_close(q);
    return ok;
}

static bool tasks_close(const Call *c, const char *state, Error *err)
{
    const TaskArgs *a = c->args;
    static const Column cols[] = { { "closed", KIND_INT, 0 } };
    const Type *t = schema_type(c->crm->schema, STR("task"));
    int64_t *ids, n;
    if (!target_ids(c, t, &a->target, &ids, &n, err))
        return false;
    for (int64_t i = 0; i < n; i++)
        if (!task_close(c, ids[i], state, a->note, err))
            return false;
    if (n == 1)
        ui_note(c->ui, "task %" PRId64 " (%s) %s", ids[0],
                record_label(c->crm, t, ids[0], c->arena), state);
    else
        ui_note(c->ui, "%" PRId64 " tasks %s", n, state);
    return out_receipt(c->out, cols, 1, (Value[]){ value_int(n) }, err);
}

static bool task_done_run(const Call *c, Error *err)
{
    return tasks_close(c, "done", err);
}

static bool task_drop_run(const Call *c, Error *err)
{
    return tasks_close(c, "dropped", err);
}

#define TASK_ARGS (const Arg[]){ \
    { "target", ARG_TARGET, 0, "ids (7 or 4,7-9) or --where EXPR", AT(TaskArgs, target), \
      .of = "task" }, \
    { "--note", ARG_TEXT, ARG_OPTIONAL, "what came of it", AT(TaskArgs, note) }, \
    { 0 } }

static const Command task_done = {
    .name = "task done", .summary = "Close tasks as done",
    .detail = "A key action that is done counts at the gate of the stage that asks for it.",
    .args = TASK_ARGS, .args_size = sizeof(TaskArgs), .flags = COMMAND_WRITES | COMMAND_BULK,
    .run = task_done_run,
    .examples = (const Example[]){
        { "task done 1", "at once" },
        { "task done 1 --note 'went well'", "with what came of it" },
        { 0 } },
};

static const Command task_drop = {
    .name = "task drop", .summary = "Close tasks as not to be done any more",
    .args = TASK_ARGS, .args_size = sizeof(TaskArgs), .flags = COMMAND_WRITES | COMMAND_BULK,
    .run = task_drop_run,
    .examples = (const Example[]){
        { "task drop 1", "it need not be done" },
        { 0 } },
};

const Command *const stage_commands[] = {
    &lead_move, &lead_stages, &deal_move, &deal_stages, &task_done, &task_drop, NULL
};

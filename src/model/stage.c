/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/stage.h"

#include <inttypes.h>

#include "model/filter.h"
#include "model/schema.h"
#include "store/journal.h"

enum { STAGE, STAGE_NOW, CRITERIA, ACTION, MOVE_ADD, CUSTOMER_TO, DEAL_TO, PATH, FOLLOW,
       SQL_COUNT };
#define ACTION_OF(owner) \
    "SELECT id, state FROM task WHERE " owner " = ?2 AND ?1 = '" owner "' AND action = ?3"
static const Sql sql[] = {
    [STAGE] = { "SELECT s.name, s.pipeline, p.type, p.name, s.actions FROM stage s"
                " JOIN pipeline p ON p.id = s.pipeline WHERE s.id = ?1", SQL_HOT },
    [STAGE_NOW] = { "SELECT stage, stage_at FROM customer WHERE id = ?1 AND ?2 = 'customer' UNION"
                    " ALL"
                    " SELECT stage, stage_at FROM deal WHERE id = ?1 AND ?2 = 'deal'", SQL_HOT },
    [CRITERIA] = { "SELECT name, expr, hint, id FROM criterion WHERE stage = ?1 ORDER BY id",
                   SQL_HOT },
    [ACTION] = { ACTION_OF("customer") " UNION ALL " ACTION_OF("deal"), SQL_HOT },
    [MOVE_ADD] = { "INSERT INTO move (type, record, from_stage, to_stage, at, entered, user,"
                   " reason,"
                   " forced, id, change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                   0 },
    [CUSTOMER_TO] = { "UPDATE customer SET stage = ?2, stage_at = ?3, change = ?4 WHERE id = ?1",
                      SQL_HOT },
    [DEAL_TO] = { "UPDATE deal SET stage = ?2, stage_at = ?3, change = ?4 WHERE id = ?1", SQL_HOT },
    [PATH] = { "SELECT s.name, m.entered, m.at, m.user, m.reason, m.forced FROM move m"
               " LEFT JOIN stage s ON s.id = m.from_stage"
               " WHERE m.type = ?1 AND m.record = ?2 AND m.origin IS NULL ORDER BY m.id", SQL_HOT },
    [FOLLOW] = { "UPDATE move SET record = ?3, origin = coalesce(origin, record), change = ?4"
                 " WHERE type = ?1 AND record = ?2", SQL_HOT },
};
const SqlTable stage_sql = { "stage", sql, SQL_COUNT };

typedef struct StageRow {
    const char *name, *pipeline, *type, *actions;
    int64_t pipeline_id;
} StageRow;

static bool stage_get(Crm *crm, int64_t id, Arena *a, StageRow *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[STAGE], &q, err))
        return false;
    query_int(q, 1, id);
    bool ok = query_one(q, err);
    if (ok) {
        out->name = str_c(query_col_str(q, 0), a);
        out->pipeline_id = query_col_int(q, 1);
        out->type = str_c(query_col_str(q, 2), a);
        out->pipeline = str_c(query_col_str(q, 3), a);
        out->actions = query_col_is_null(q, 4) ? "" : str_c(query_col_str(q, 4), a);
    }
    query_close(q);
    return ok;
}

static bool stage_now(Crm *crm, const Type *t, int64_t id, int64_t *stage, int64_t *since,
                      Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[STAGE_NOW], &q, err))
        return false;
    query_int(q, 1, id);
    query_cstr(q, 2, t->name);
    int found = query_next(q, err);
    if (found > 0) {
        *stage = query_col_int(q, 0);
        *since = query_col_int(q, 1);
    }
    query_close(q);
    return found > 0 || (found == 0 && fail(err, ERR_NOT_FOUND, "no %s %" PRId64, t->name, id));
}

/* ---- the checks of the gate ------------------------------------------------------------------ */

/* Where the record is and where it would go. */
typedef struct Step { StageRow from, to; int64_t now, since; } Step;

static bool step_get(Crm *crm, const StageMove *m, Arena *a, Step *s, Error *err)
{
    return stage_now(crm, m->type, m->id, &s->now, &s->since, err)
           && stage_get(crm, s->now, a, &s->from, err) && stage_get(crm, m->to, a, &s->to, err);
}

static bool check_pipeline(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const StageMove *m = subject;
    Step s;
    if (!step_get(crm, m, a, &s, err))
        return false;
    Verdict v = { .pass = s.to.pipeline_id == s.from.pipeline_id };
    v.reason = v.pass ? arena_printf(a, "%s is a stage of %s", s.to.name, s.to.pipeline)
                      : arena_printf(a, "%s is a stage of %s, and it moves along %s", s.to.name,
                                     s.to.pipeline, s.from.pipeline);
    v.hint = v.pass ? NULL : "stage list shows the stages";
    verdict_add(out, a, v);
    v = (Verdict){ .check = "another stage", .pass = s.now != m->to };
    v.reason = arena_printf(a, "it is in %s", s.from.name);
    verdict_add(out, a, v);
    return true;
}

/* What is asked at the door of a stage is asked of records that move along its pipeline. */
static bool applies(Crm *crm, const StageMove *m, Arena *a, StageRow *to, bool *yes, Error *err)
{
    Step s;
    if (!step_get(crm, m, a, &s, err))
        return false;
    *to = s.to;
    *yes = s.to.pipeline_id == s.from.pipeline_id;
    return true;
}

static const char *with_id(Str hint, int64_t id, Arena *a)
{
    Buf b = { 0 };
    for (size_t i = 0; i < hint.n; i++)
        if (hint.n - i >= 4 && memcmp(hint.s + i, "{id}", 4) == 0) {
            buf_printf(&b, "%" PRId64, id);
            i += 3;
        } else {
            buf_char(&b, hint.s[i]);
        }
    const char *out = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return out;
}

/* A criterion that cannot be asked (its field is gone) fails, and says so. */
static bool criterion_verdict(Crm *crm, const StageMove *m, const Query *q, Arena *a, Verdict *v,
                              Error *err)
{
    Filter f;
    Error bad = { 0 };
    const char *expr = str_c(query_col_str(q, 1), a);
    *v = (Verdict){ .check = str_c(query_col_str(q, 0), a) };
    if (!filter_text(crm, m->type, str(expr), a, &f, &bad)) {
        v->reason = arena_printf(a, "cannot be asked: %s", bad.msg);
        v->hint = arena_printf(a, "criterion set %" PRId64 " expr='...'", query_col_int(q, 3));
        return true;
    }
    if (!filter_holds(crm, m->type, &f, m->id, &v->pass, err))
        return false;
    v->reason = arena_printf(a, "%s: %s", v->pass ? "holds" : "missing", expr);
    if (!v->pass && !query_col_is_null(q, 2))
        v->hint = with_id(query_col_str(q, 2), m->id, a);
    return true;
}

static bool check_criteria(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const StageMove *m = subject;
    Query *q = NULL;
    StageRow to;
    bool yes;
    int more;
    if (!applies(crm, m, a, &to, &yes, err))
        return false;
    if (!yes)
        return true;
    if (!query_open(crm->store, &sql[CRITERIA], &q, err))
        return false;
    query_int(q, 1, m->to);
    while ((more = query_next(q, err)) > 0) {
        Verdict v;
        if (!criterion_verdict(crm, m, q, a, &v, err)) {
            more = -1;
            break;
        }
        verdict_add(out, a, v);
    }
    query_close(q);
    return more == 0;
}

/* The record's task for a key action that counts most: a done one, else the newest. 0: none. */
static bool action_task(Crm *crm, const StageMove *m, const char *action, Arena *a, int64_t *task,
                        const char **state, Error *err)
{
    Query *q = NULL;
    int more;
    *task = 0;
    *state = "";
    if (!query_open(crm->store, &sql[ACTION], &q, err))
        return false;
    query_cstr(q, 1, m->type->name);
    query_int(q, 2, m->id);
    query_cstr(q, 3, action);
    while ((more = query_next(q, err)) > 0) {
        bool done = str_is(query_col_str(q, 1), "done"), was = strcmp(*state, "done") == 0;
        if (done > was || (done == was && query_col_int(q, 0) > *task)) {
            *task = query_col_int(q, 0);
            *state = str_c(query_col_str(q, 1), a);
        }
    }
    query_close(q);
    return more == 0;
}

static bool action_verdict(Crm *crm, const StageMove *m, const char *action, Arena *a,
                           Verdicts *out, Error *err)
{
    int64_t task;
    const char *state;
    if (!action_task(crm, m, action, a, &task, &state, err))
        return false;
    Verdict v = { .check = arena_printf(a, "key action %s", action) };
    v.pass = strcmp(state, "done") == 0;
    if (v.pass) {
        v.reason = arena_printf(a, "done (task %" PRId64 ")", task);
    } else if (strcmp(state, "open") == 0) {
        v.reason = arena_printf(a, "task %" PRId64 " is open", task);
        v.hint = arena_printf(a, "task done %" PRId64, task);
    } else {
        v.reason = task ? arena_printf(a, "task %" PRId64 " was dropped", task)
                        : "nobody has planned it";
        v.hint = arena_printf(a, "task add title='%s' %s=%" PRId64 " action='%s'", action,
                              m->type->name, m->id, action);
    }
    verdict_add(out, a, v);
    return true;
}

static bool check_actions(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const StageMove *m = subject;
    StageRow to;
    bool yes;
    if (!applies(crm, m, a, &to, &yes, err))
        return false;
    for (const char *const *one = choices_split(str(yes ? to.actions : ""), a); *one; one++)
        if (!action_verdict(crm, m, *one, a, out, err))
            return false;
    return true;
}

const Gate stage_gate = {
    .name = "stage",
    .checks = (const Check[]){
        { "pipeline", check_pipeline },
        { "criterion", check_criteria },
        { "key action", check_actions },
        { 0 } },
};

bool stage_why(Crm *crm, const StageMove *m, Arena *a, Verdicts *out, Error *err)
{
    return gate_ask(crm, &stage_gate, m, true, a, out, err);
}

/* ---- moving ---------------------------------------------------------------------------------- */

static const char *noun(const Type *t)
{
    const char *alias = schema_alias(t);
    return alias ? alias : t->name;
}

static bool refused(Crm *crm, const StageMove *m, const Step *s, const Verdicts *v, Arena *a,
                    Error *err)
{
    const char *label = record_label(crm, m->type, m->id, a);
    gate_refuse(v, err, arena_printf(a, "%s %" PRId64 "%s%s%s may not enter %s yet", noun(m->type),
                                     m->id, *label ? " (" : "", label, *label ? ")" : "",
                                     s->to.name));
    return fail_hint(err, "why %s %" PRId64 " --stage %s shows every check", noun(m->type), m->id,
                     s->to.name);
}

/* What no reason can force: another pipeline, and the stage it is in. */
static bool movable(const StageMove *m, const Step *s, Error *err)
{
    if (s->to.pipeline_id != s->from.pipeline_id) {
        fail(err, ERR_INVALID, "%s is a stage of %s, and %s %" PRId64 " moves along %s", s->to.name,
             s->to.pipeline, noun(m->type), m->id, s->from.pipeline);
        return fail_hint(err, "stage list pipeline=%s shows its stages", s->from.pipeline);
    }
    if (s->now == m->to)
        return fail(err, ERR_REFUSED, "%s %" PRId64 " is in %s already", noun(m->type), m->id,
                    s->to.name);
    return true;
}

static bool decide(Crm *crm, const StageMove *m, const Step *s, bool *forced, Arena *a, Error *err)
{
    Verdicts v;
    *forced = false;
    if (!movable(m, s, err))
        return false;
    if (m->merged)
        return true;
    if (!gate_ask(crm, &stage_gate, m, true, a, &v, err))
        return false;
    if (v.pass)
        return true;
    if (!m->force)
        return refused(crm, m, s, &v, a, err);
    if (!(crm->rights & MAY_MANAGE))
        return fail(err, ERR_DENIED, "only a manager may move against the gate");
    if (!m->reason || !*m->reason) {
        fail(err, ERR_USAGE, "a move against the gate needs a reason");
        return fail_hint(err, "add --why '...'");
    }
    *forced = true;
    return true;
}

/* The record's row. */
static bool stage_write(Crm *crm, const StageMove *m, Error *err)
{
    Query *q = NULL;
    int which = strcmp(m->type->name, "deal") == 0 ? DEAL_TO : CUSTOMER_TO;
    if (!query_open(crm->store, &sql[which], &q, err))
        return false;
    query_int(q, 1, m->id);
    query_int(q, 2, m->to);
    query_int(q, 3, crm_now(crm));
    query_int(q, 4, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool move_write(Crm *crm, const StageMove *m, const Step *s, bool forced, Error *err)
{
    Query *q = NULL;
    int64_t id;
    if (!store_ids(crm->store, "move", 1, &id, err)
        || !query_open(crm->store, &sql[MOVE_ADD], &q, err))
        return false;
    query_cstr(q, 1, m->type->name);
    query_int(q, 2, m->id);
    query_int(q, 3, s->now);
    query_int(q, 4, m->to);
    query_int(q, 5, crm_now(crm));
    query_int(q, 6, s->since);
    query_cstr(q, 7, crm_user(crm));
    query_cstr(q, 8, m->reason);
    query_int(q, 9, forced);
    query_int(q, 10, id);
    query_int(q, 11, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok && stage_write(crm, m, err);
}

static bool move_hook(Crm *crm, HookWhen when, const StageMove *m, const Record *old, Record *now,
                      Error *err)
{
    if (!now)
        return true;
    const char *event = strcmp(m->type->name, "deal") == 0 ? "deal.move" : "lead.move";
    Hook h = { .when = when, .event = event, .type = m->type, .old = old, .now = now,
               .reason = m->reason };
    return crm_hook(crm, &h, err);
}

/* The record as it is and as it will be, for the hooks; NULL when nobody watches. */
static bool move_records(Crm *crm, const StageMove *m, Arena *a, Record **old, Record **now,
                         Error *err)
{
    *old = *now = NULL;
    if (!crm->hook)
        return true;
    if (!record_load(crm, m->type, m->id, true, a, old, err)
        || !record_load(crm, m->type, m->id, true, a, now, err))
        return false;
    (*now)->v[type_field(m->type, STR("stage"))->index] = value_int(m->to);
    (*now)->v[type_field(m->type, STR("stage_at"))->index] = value_int(crm_now(crm));
    return true;
}

bool stage_move(Crm *crm, const StageMove *m, int64_t *from, Arena *a, Error *err)
{
    Record *old, *now;
    Step s;
    bool forced;
    if (!step_get(crm, m, a, &s, err))
        return false;
    *from = s.now;
    return decide(crm, m, &s, &forced, a, err) && move_records(crm, m, a, &old, &now, err)
           && move_hook(crm, HOOK_BEFORE, m, old, now, err) && move_write(crm, m, &s, forced, err)
           && move_hook(crm, HOOK_AFTER, m, old, now, err);
}

/* ---- the way so far -------------------------------------------------------------------------- */

/* The stages it has left; *last gets what is known of the move into the one it is in. */
static bool path_left(Crm *crm, const Type *t, int64_t id, Arena *a,
                      bool (*fn)(void *ctx, const StageStay *s), void *ctx, StageStay *last,
                      bool *go, Error *err)
{
    Query *q = NULL;
    int more = 0;
    if (!query_open(crm->store, &sql[PATH], &q, err))
        return false;
    query_cstr(q, 1, t->name);
    query_int(q, 2, id);
    while (*go && (more = query_next(q, err)) > 0) {
        last->stage = str_dup(query_col_str(q, 0), a);
        last->entered = query_col_int(q, 1);
        last->stayed = query_col_int(q, 2) - last->entered;
        *go = fn(ctx, last);
        last->user = str_dup(query_col_str(q, 3), a);
        last->reason = str_dup(query_col_str(q, 4), a);
        last->forced = query_col_int(q, 5);
    }
    query_close(q);
    return more >= 0;
}

bool stage_path(Crm *crm, const Type *t, int64_t id, Arena *a,
                bool (*fn)(void *ctx, const StageStay *s), void *ctx, Error *err)
{
    StageStay stay = { 0 };
    StageRow row;
    int64_t stage;
    bool go = true;
    if (!stage_now(crm, t, id, &stage, &stay.entered, err) || !stage_get(crm, stage, a, &row, err))
        return false;
    int64_t since = stay.entered;
    if (!path_left(crm, t, id, a, fn, ctx, &stay, &go, err) || !go)
        return !go;
    stay.stage = str(row.name);
    stay.entered = since;
    stay.stayed = crm_now(crm) - since;
    stay.now = true;
    fn(ctx, &stay);
    return true;
}

bool stage_moves_follow(Crm *crm, const Type *t, int64_t gone, int64_t kept, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[FOLLOW], &q, err))
        return false;
    query_cstr(q, 1, t->name);
    query_int(q, 2, gone);
    query_int(q, 3, kept);
    query_int(q, 4, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

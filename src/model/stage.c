/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/stage.h"

#include <inttypes.h>

#include "model/filter.h"
#include "model/schema.h"
#include "store/journal.h"

enum { STAGE, STAGE_NOW, CRITERIA, ACTION, MOVE_ADD, CUSTOMER_TO, DEAL_TO, PATH, CREATED, SQL_COUNT };
static const Sql sql[] = {
    [STAGE] = { "SELECT s.name, s.pipeline, p.type, p.name, s.actions FROM stage s"
                " JOIN pipeline p ON p.id = s.pipeline WHERE s.id = ?1", SQL_HOT },
    [STAGE_NOW] = { "SELECT stage, stage_at FROM customer"
                    " WHERE id = ?1 AND ?2 = 'customer'"
                    " UNION ALL SELECT stage, stage_at FROM deal"
                    " WHERE id = ?1 AND ?2 = 'deal'", SQL_HOT },
    [CRITERIA] = { "SELECT name, expr, hint FROM criterion WHERE stage = ?1 ORDER BY id", SQL_HOT },
    [ACTION] = { "SELECT id, state, due FROM task WHERE action = ?3 AND ((?1 = 'customer' AND customer = ?2)"
                 " OR (?1 = 'deal' AND deal = ?2)) ORDER BY state = 'done' DESC, id DESC LIMIT 1", 0 },
    [MOVE_ADD] = { "INSERT INTO move (type, record, from_stage, to_stage, at, entered, user, reason, forced,"
                   " id, change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", 0 },
    [CUSTOMER_TO] = { "UPDATE customer SET stage = ?2, stage_at = ?3, change = ?4 WHERE id = ?1", SQL_HOT },
    [DEAL_TO] = { "UPDATE deal SET stage = ?2, stage_at = ?3, change = ?4 WHERE id = ?1", SQL_HOT },
    [PATH] = { "SELECT (SELECT name FROM stage WHERE id = m.from_stage), m.entered, m.at, m.user, m.reason,"
               " m.forced, (SELECT name FROM stage WHERE id = m.to_stage) FROM move m"
               " WHERE m.type = ?1 AND m.record = ?2 ORDER BY m.id", SQL_HOT },
    [CREATED] = { "SELECT s.name, c.stage_at FROM customer c JOIN stage s ON s.id = c.stage"
                  " WHERE c.id = ?1 AND ?2 = 'customer' UNION ALL"
                  " SELECT s.name, c.stage_at FROM deal c JOIN stage s ON s.id = c.stage"
                  " WHERE c.id = ?1 AND ?2 = 'deal'", SQL_HOT },
};
const SqlTable stage_sql = { "stage", sql, SQL_COUNT };

typedef struct StageRow { const char *name, *pipeline, *type, *actions; int64_t pipeline_id; } StageRow;

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

static bool stage_now(Crm *crm, const StageMove *m, int64_t *stage, int64_t *since, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[STAGE_NOW], &q, err))
        return false;
    query_int(q, 1, m->id);
    query_cstr(q, 2, m->type->name);
    int found = query_next(q, err);
    if (found > 0) {
        *stage = query_col_int(q, 0);
        *since = query_col_int(q, 1);
    }
    query_close(q);
    return found > 0 || (found == 0 && fail(err, ERR_NOT_FOUND, "no %s %" PRId64, m->type->name, m->id));
}

/* ---- the checks of the gate -------------------------------------------------------------------- */

static bool check_pipeline(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const StageMove *m = subject;
    StageRow to, from;
    int64_t now, since;
    if (!stage_get(crm, m->to, a, &to, err) || !stage_now(crm, m, &now, &since, err)
        || !stage_get(crm, now, a, &from, err))
        return false;
    Verdict v = { .pass = strcmp(to.type, m->type->name) == 0 };
    v.reason = v.pass ? arena_printf(a, "%s is a stage of %s", to.name, to.pipeline)
                      : arena_printf(a, "%s is a stage for a %s", to.name, to.type);
    v.hint = v.pass ? NULL : "stage list shows the stages";
    verdict_add(out, a, v);
    v = (Verdict){ .check = "another stage", .pass = now != m->to };
    v.reason = arena_printf(a, "it is in %s", from.name);
    verdict_add(out, a, v);
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

static bool check_criteria(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const StageMove *m = subject;
    Query *q = NULL;
    int more;
    if (!query_open(crm->store, &sql[CRITERIA], &q, err))
        return false;
    query_int(q, 1, m->to);
    while ((more = query_next(q, err)) > 0) {
        Filter f;
        Verdict v = { .check = str_c(query_col_str(q, 0), a) };
        const char *expr = str_c(query_col_str(q, 1), a);
        if (!filter_text(crm, m->type, str(expr), a, &f, err)
            || !filter_holds(crm, m->type, &f, m->id, &v.pass, err)) {
            more = -1;
            break;
        }
        v.reason = arena_printf(a, "%s: %s", v.pass ? "holds" : "missing", expr);
        if (!v.pass && !query_col_is_null(q, 2))
            v.hint = with_id(query_col_str(q, 2), m->id, a);
        verdict_add(out, a, v);
    }
    query_close(q);
    return more == 0;
}

static bool action_verdict(Crm *crm, const StageMove *m, const char *action, Arena *a, Verdicts *out,
                           Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[ACTION], &q, err))
        return false;
    query_cstr(q, 1, m->type->name);
    query_int(q, 2, m->id);
    query_cstr(q, 3, action);
    int found = query_next(q, err);
    Verdict v = { .check = arena_printf(a, "key action %s", action) };
    if (found > 0) {
        int64_t id = query_col_int(q, 0);
        v.pass = str_is(query_col_str(q, 1), "done");
        v.reason = v.pass ? arena_printf(a, "done (task %" PRId64 ")", id)
                          : arena_printf(a, "%.*s, not done", STR_ARG(query_col_str(q, 1)));
        v.hint = v.pass ? NULL : arena_printf(a, "task done %" PRId64, id);
    } else {
        v.reason = "nobody has planned it";
        v.hint = arena_printf(a, "task add title='%s' %s=%" PRId64 " action='%s'", action, m->type->name, m->id,
                              action);
    }
    query_close(q);
    verdict_add(out, a, v);
    return found >= 0;
}

static bool check_actions(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const StageMove *m = subject;
    StageRow to;
    if (!stage_get(crm, m->to, a, &to, err))
        return false;
    for (const char *const *one = choices_split(str(to.actions), a); *one; one++)
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

/* ---- moving ------------------------------------------------------------------------------------ */

static const char *noun(const Type *t)
{
    const char *alias = schema_alias(t);
    return alias ? alias : t->name;
}

static bool refused(Crm *crm, const StageMove *m, const Verdicts *v, Arena *a, Error *err)
{
    StageRow to;
    if (!stage_get(crm, m->to, a, &to, err))
        return false;
    const char *label = record_label(crm, m->type, m->id, a);
    gate_refuse(v, err, arena_printf(a, *label ? "%s %" PRId64 " (%s) may not enter %s yet"
                                               : "%s %" PRId64 "%s may not enter %s yet",
                                     m->type->name, m->id, label, to.name));
    return fail_hint(err, "why %s %" PRId64 " --stage %s shows every check", noun(m->type), m->id, to.name);
}

static bool decide(Crm *crm, const StageMove *m, bool *forced, Arena *a, Error *err)
{
    Verdicts v;
    *forced = false;
    if (!gate_ask(crm, &stage_gate, m, true, a, &v, err))
        return false;
    if (v.pass)
        return true;
    bool movable = v.n >= 2 && v.v[0].pass && v.v[1].pass;      /* a stage of its own, and another */
    if (!m->force || !movable)
        return refused(crm, m, &v, a, err);
    if (!(crm->rights & MAY_MANAGE))
        return fail(err, ERR_DENIED, "only a manager may move against the gate");
    if (!m->reason || !*m->reason) {
        fail(err, ERR_USAGE, "a move against the gate needs a reason");
        return fail_hint(err, "add --why '...'");
    }
    *forced = true;
    return true;
}

static bool move_write(Crm *crm, const StageMove *m, int64_t from, int64_t entered, bool forced, Error *err)
{
    Query *q = NULL;
    int64_t id, now = crm_now(crm);
    if (!store_ids(crm->store, "move", 1, &id, err) || !query_open(crm->store, &sql[MOVE_ADD], &q, err))
        return false;
    query_cstr(q, 1, m->type->name);
    query_int(q, 2, m->id);
    query_int(q, 3, from);
    query_int(q, 4, m->to);
    query_int(q, 5, now);
    query_int(q, 6, entered);
    query_cstr(q, 7, crm->user);
    query_cstr(q, 8, m->reason);
    query_int(q, 9, forced);
    query_int(q, 10, id);
    query_int(q, 11, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    q = NULL;
    int which = strcmp(m->type->name, "deal") == 0 ? DEAL_TO : CUSTOMER_TO;
    ok = ok && query_open(crm->store, &sql[which], &q, err);
    if (ok) {
        query_int(q, 1, m->id);
        query_int(q, 2, m->to);
        query_int(q, 3, now);
        query_int(q, 4, journal_current(crm->store));
        ok = query_run(q, err);
    }
    query_close(q);
    return ok;
}

static bool move_hook(Crm *crm, HookWhen when, const StageMove *m, const Record *old, Record *now, Error *err)
{
    const char *event = strcmp(m->type->name, "deal") == 0 ? "deal.move" : "lead.move";
    Hook h = { .when = when, .event = event, .type = m->type, .old = old, .now = now, .reason = m->reason };
    return crm_hook(crm, &h, err);
}

bool stage_move(Crm *crm, const StageMove *m, int64_t *from, Arena *a, Error *err)
{
    Record *old = NULL, *now = NULL;
    int64_t since;
    bool forced, watched = crm->hook != NULL;
    if (!stage_now(crm, m, from, &since, err))
        return false;
    if (watched && (!record_load(crm, m->type, m->id, true, a, &old, err)
                    || !record_load(crm, m->type, m->id, true, a, &now, err)))
        return false;
    if (watched)
        now->v[type_field(m->type, STR("stage"))->index] = value_int(m->to);
    return decide(crm, m, &forced, a, err)
           && (!watched || move_hook(crm, HOOK_BEFORE, m, old, now, err))
           && move_write(crm, m, *from, since, forced, err)
           && (!watched || move_hook(crm, HOOK_AFTER, m, old, now, err));
}

/* ---- the way so far ------------------------------------------------------------------------------ */

bool stage_path(Crm *crm, const Type *t, int64_t id, Arena *a, bool (*fn)(void *ctx, const StageStay *s),
                void *ctx, Error *err)
{
    Query *q = NULL;
    StageStay stay = { 0 };
    int more;
    bool go = true;
    if (!query_open(crm->store, &sql[PATH], &q, err))
        return false;
    query_cstr(q, 1, t->name);
    query_int(q, 2, id);
    while (go && (more = query_next(q, err)) > 0) {
        stay.stage = str_dup(query_col_str(q, 0), a);
        stay.entered = query_col_int(q, 1);
        stay.stayed = query_col_int(q, 2) - stay.entered;
        go = fn(ctx, &stay);
        stay.user = str_dup(query_col_str(q, 3), a);        /* belongs to the stage now entered */
        stay.reason = str_dup(query_col_str(q, 4), a);
        stay.forced = query_col_int(q, 5);
    }
    query_close(q);
    q = NULL;
    if (!go || more < 0)
        return more >= 0;
    if (!query_open(crm->store, &sql[CREATED], &q, err))
        return false;
    query_int(q, 1, id);
    query_cstr(q, 2, t->name);
    more = query_next(q, err);
    if (more > 0) {
        stay.stage = str_dup(query_col_str(q, 0), a);
        stay.entered = query_col_int(q, 1);
        stay.stayed = crm_now(crm) - stay.entered;
        stay.now = true;
        fn(ctx, &stay);
    } else if (more == 0) {
        fail(err, ERR_NOT_FOUND, "no %s %" PRId64, t->name, id);
    }
    query_close(q);
    return more > 0;
}

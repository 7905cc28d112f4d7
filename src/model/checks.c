/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * checks.c -- rules across the fields of a type: what follows from what, and what must not be.
 */
#include <inttypes.h>

#include "base/date.h"
#include "model/filter.h"
#include "model/record.h"
#include "model/schema.h"
#include "model/types.h"

enum { STAGE_PIPELINE, STAGE_FIRST, STAGE_GUARDED, STAGE_LAST, STAGE_MAKE_ROOM,
       RULE_LIKE_IT, RESULT_CALLED, SQL_COUNT };
static const Sql sql[] = {
    [STAGE_PIPELINE] = { "SELECT p.type, s.name FROM stage s JOIN pipeline p ON p.id = s.pipeline"
                         " WHERE s.id = ?1", SQL_HOT },
    [STAGE_FIRST] = { "SELECT s.id FROM pipeline p JOIN stage s ON s.pipeline = p.id"
                      " WHERE p.type = ?1 ORDER BY p.id, s.position, s.id LIMIT 1", 0 },
    [STAGE_GUARDED] = { "SELECT s.actions IS NOT NULL OR EXISTS (SELECT 1 FROM criterion c"
                        " WHERE c.stage = s.id) FROM stage s WHERE s.id = ?1", SQL_HOT },
    [STAGE_LAST] = { "SELECT coalesce(max(position), 0) FROM stage WHERE pipeline = ?1", 0 },
    [STAGE_MAKE_ROOM] = { "UPDATE stage SET position = position + 1"
                          " WHERE pipeline = ?1 AND position >= ?2 AND id <> ?3"
                          " AND EXISTS (SELECT 1 FROM stage o WHERE o.pipeline = ?1"
                          " AND o.position = ?2 AND o.id <> ?3)", 0 },
    [RULE_LIKE_IT] = { "SELECT id FROM recycle WHERE result = ?1 AND campaign IS ?2 AND id <> ?3",
                       0 },
    [RESULT_CALLED] = { "SELECT id FROM result WHERE name = ?1", 0 },
};
const SqlTable checks_sql = { "checks", sql, SQL_COUNT };

static void put(Record *r, const char *field, Value v)
{
    r->v[type_field(r->type, str(field))->index] = v;
}

static void put_default(Record *r, const char *field, Value v)
{
    if (record_value(r, field).type == VALUE_NULL)
        put(r, field, v);
}

bool check_created(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    (void)a;
    (void)err;
    if (!old)
        put_default(now, "created", value_int(crm_now(crm)));
    return true;
}

/* First cell of the row that `key` finds; *found false when there is none. */
static bool cell(Crm *crm, int which, Value key, Arena *a, Value *out, bool *found, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[which], &q, err))
        return false;
    query_value(q, 1, key);
    int n = query_next(q, err);
    *found = n > 0;
    *out = n > 0 ? value_dup(query_col(q, 0), a) : value_null();
    query_close(q);
    return n >= 0;
}

/* A record that is given no stage begins in the first one of its first pipeline, whatever that is
 * called by now. */
static bool stage_default(Crm *crm, Record *now, Arena *a, Error *err)
{
    Value first;
    bool found;
    if (record_value(now, "stage").type != VALUE_NULL)
        return true;
    if (!cell(crm, STAGE_FIRST, value_cstr(now->type->name), a, &first, &found, err))
        return false;
    put(now, "stage", first);
    if (found)
        return true;
    fail(err, ERR_REFUSED, "there is no stage for a %s to begin in", now->type->name);
    return fail_hint(err, "stage add name=... pipeline=...");
}

/* The stage belongs to a pipeline for this type; a guarded one is entered by a move, unless the
 * user may manage (a base that comes from elsewhere has customers in every stage). */
static bool stage_given(Crm *crm, Record *now, Arena *a, Error *err)
{
    Value stage = record_value(now, "stage"), type, guarded;
    bool found;
    if (!cell(crm, STAGE_PIPELINE, stage, a, &type, &found, err))
        return false;
    if (!found)
        return true;                                  /* no such stage: the record layer says so */
    if (!str_is(type.s, now->type->name)) {
        fail(err, ERR_INVALID, "stage: a %s does not move along a pipeline for a %.*s",
             now->type->name, STR_ARG(type.s));
        return fail_hint(err, "stage list shows the stages");
    }
    if (!cell(crm, STAGE_GUARDED, stage, a, &guarded, &found, err))
        return false;
    if (!guarded.i || crm->rights & MAY_MANAGE)
        return true;
    fail(err, ERR_REFUSED, "a new %s may not be put into a guarded stage", now->type->name);
    return fail_hint(err, "add it, then use %s move", now->type->name);
}

/* What customers and deals share: a time of birth, a stage, and since when. */
static bool check_staged(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    check_created(crm, old, now, a, err);
    if (old)
        return true;
    put_default(now, "stage_at", record_value(now, "created"));
    bool given = record_value(now, "stage").type != VALUE_NULL;
    return stage_default(crm, now, a, err) && (!given || stage_given(crm, now, a, err));
}

bool check_customer(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value zone = record_value(now, "zone"), best = record_value(now, "best_time");
    const Zone *ignored;
    Hours hours;
    if (!check_staged(crm, old, now, a, err))
        return false;
    if (best.type == VALUE_TEXT && !hours_parse(best.s, &hours, err)) {
        const char *said = arena_strdup(a, err->msg), *hint = arena_strdup(a, err->hint);
        fail(err, ERR_INVALID, "best_time: %s", said);
        return fail_hint(err, "%s", hint);
    }
    if (zone.type != VALUE_TEXT || (old && value_eq(zone, record_value(old, "zone")))
        || zone_get(&crm->zones, str_c(zone.s, a), &ignored, err))
        return true;
    fail(err, ERR_INVALID, "zone: no such time zone: '%.*s'", STR_ARG(zone.s));
    return fail_hint(err, "an IANA name such as Asia/Shanghai");
}

bool check_deal(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    return check_staged(crm, old, now, a, err);
}

static bool share_within(const char *field, double share, Error *err)
{
    if (share >= 0 && share <= 1)
        return true;
    fail(err, ERR_INVALID, "%s: %g%% is no share; it lies between 0%% and 100%%", field,
         share * 100);
    return fail_hint(err, "write 3%% or 0.03");
}

/* The stage that has the place already moves on by one, and those behind it. */
static bool stage_make_room(Crm *crm, const Record *old, const Record *now, Error *err)
{
    Value place = record_value(now, "position"), pipeline = record_value(now, "pipeline");
    Query *q = NULL;
    if (old && value_eq(place, record_value(old, "position"))
        && value_eq(pipeline, record_value(old, "pipeline")))
        return true;
    if (!query_open(crm->store, &sql[STAGE_MAKE_ROOM], &q, err))
        return false;
    query_value(q, 1, pipeline);
    query_value(q, 2, place);
    query_int(q, 3, now->id);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* A new stage is the last of its pipeline, unless it is given a place. */
bool check_stage(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value last, share = record_value(now, "probability");
    double p = share.type == VALUE_REAL ? share.r : 0;
    bool found;
    if (!share_within("probability", p, err))
        return false;
    if (record_value(now, "position").type != VALUE_NULL)
        return stage_make_room(crm, old, now, err);
    if (!cell(crm, STAGE_LAST, record_value(now, "pipeline"), a, &last, &found, err))
        return false;
    put(now, "position", value_int(last.i + 1));
    return true;
}

/* One rule a result and campaign, for a result that there is: any other would be without effect. */
bool check_recycle(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value result = record_value(now, "result"), ignored;
    Query *q = NULL;
    bool found;
    (void)old;
    if (!cell(crm, RESULT_CALLED, result, a, &ignored, &found, err))
        return false;
    if (!found && !str_is(result.s, "skipped")) {
        fail(err, ERR_INVALID, "no result '%.*s'", STR_ARG(result.s));
        return fail_hint(err, "result list shows them; skipped is one that the agent put off");
    }
    if (!query_open(crm->store, &sql[RULE_LIKE_IT], &q, err))
        return false;
    query_value(q, 1, result);
    query_value(q, 2, record_value(now, "campaign"));
    query_int(q, 3, now->id);
    int n = query_next(q, err);
    int64_t other = n > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    if (n <= 0)
        return n == 0;
    fail(err, ERR_CONFLICT, "rule %" PRId64 " is for %.*s already", other, STR_ARG(result.s));
    return fail_hint(err, "recycle set %" PRId64 " changes it; campaign=NAME makes one for a"
                          " campaign", other);
}

bool check_task(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    check_created(crm, old, now, a, err);
    if (!old && !str_is(record_value(now, "state").s, "open"))
        put_default(now, "done_at", value_int(crm_now(crm)));
    if (record_value(now, "customer").type == VALUE_NULL
        && record_value(now, "deal").type == VALUE_NULL
        && record_value(now, "action").type != VALUE_NULL) {
        fail(err, ERR_INVALID, "a key action belongs to a customer or a deal");
        return fail_hint(err, "add customer=ID or deal=ID");
    }
    return true;
}

bool check_touch(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    (void)a;
    (void)err;
    if (!old)
        put_default(now, "user", value_cstr(crm_user(crm)));
    return true;
}

static double real(Value v)
{
    return v.type == VALUE_REAL ? v.r : v.type == VALUE_INT ? (double)v.i : 0;
}

static bool within(const Record *r, const char *field, int64_t least, int64_t most, Error *err)
{
    Value v = record_value(r, field);
    return v.type != VALUE_INT || (v.i >= least && v.i <= most)
           || fail(err, ERR_INVALID, "%s: between %" PRId64 " and %" PRId64 ", not %" PRId64, field,
                   least, most, v.i);
}

bool check_field(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value choices = record_value(now, "choices");
    (void)crm, (void)old;
    const char *const *declared = choices_split(choices.s, a);
    if (!choices_check("choices", declared, err))
        return false;
    if (!str_is(record_value(now, "kind").s, "choice") || *declared)
        return true;
    fail(err, ERR_INVALID, "choices: a choice needs some");
    return fail_hint(err, "choices=a,b,c");
}

bool check_campaign(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value starts = record_value(now, "starts"), ends = record_value(now, "ends");
    Value ratio = record_value(now, "ratio");
    double share = real(record_value(now, "max_abandoned")), r = real(ratio);
    check_created(crm, old, now, a, err);
    if (!share_within("max_abandoned", share, err))
        return false;
    if (ratio.type != VALUE_NULL && (r < 0.1 || r > 20))
        return fail(err, ERR_INVALID, "ratio: between 0.1 and 20, not %g", r);
    Value rate = record_value(now, "calls_per_second");
    if (rate.type != VALUE_NULL && !(real(rate) > 0 && real(rate) <= 1000))
        return fail(err, ERR_INVALID, "calls_per_second: above 0 and up to 1000, not %g",
                    real(rate));
    if (starts.type == VALUE_TEXT && ends.type == VALUE_TEXT
        && strcmp(str_c(starts.s, a), str_c(ends.s, a)) > 0)
        return fail(err, ERR_INVALID, "it ends on %.*s, before it starts on %.*s", STR_ARG(ends.s),
                    STR_ARG(starts.s));
    return within(now, "ring_seconds", 15, 120, err) && within(now, "max_attempts", 1, 100, err)
           && within(now, "abandon_days", 1, 366, err) && within(now, "max_per_day", 1, 100, err)
           && within(now, "max_calls", 1, 10000, err) && within(now, "wrap_seconds", 0, 3600, err)
           && within(now, "hold_seconds", 5, 3600, err);
}

bool check_criterion(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Filter f;
    Value expr = record_value(now, "expr"), stage = record_value(now, "stage");
    Query *q = NULL;
    bool ok = true;
    (void)old;
    if (expr.type != VALUE_TEXT || stage.type != VALUE_INT)
        return true;
    if (!query_open(crm->store, &sql[STAGE_PIPELINE], &q, err))
        return false;
    query_int(q, 1, stage.i);
    ok = query_one(q, err)
         && filter_text(crm, schema_type(crm->schema, query_col_str(q, 0)), expr.s, a, &f, err);
    query_close(q);
    return ok;
}

bool check_hours(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Hours h;
    Value spec = record_value(now, "spec");
    (void)crm;
    (void)old;
    (void)a;
    return spec.type != VALUE_TEXT || hours_parse(spec.s, &h, err);
}

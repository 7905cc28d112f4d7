/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * checks.c -- rules across the fields of a type: what follows from what, and what must not be.
 */
#include <inttypes.h>

#include "base/date.h"
#include "model/filter.h"
#include "model/record.h"
#include "model/types.h"

enum { STAGE_PIPELINE, STAGE_GUARDED, SQL_COUNT };
static const Sql sql[] = {
    [STAGE_PIPELINE] = { "SELECT p.type, s.name FROM stage s JOIN pipeline p ON p.id = s.pipeline"
                         " WHERE s.id = ?1", SQL_HOT },
    [STAGE_GUARDED] = { "SELECT s.actions IS NOT NULL OR EXISTS (SELECT 1 FROM criterion c"
                        " WHERE c.stage = s.id) FROM stage s WHERE s.id = ?1", SQL_HOT },
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

/* The stage belongs to a pipeline for this type; a guarded one is entered by a move, unless the
 * user may manage (a base that comes from elsewhere has customers in every stage). */
static bool stage_check(Crm *crm, const Record *old, Record *now, Error *err)
{
    Query *q = NULL;
    Value stage = record_value(now, "stage");
    bool ok = false;
    if (stage.type != VALUE_INT || (old && value_eq(record_value(old, "stage"), stage)))
        return true;
    if (!query_open(crm->store, &sql[STAGE_PIPELINE], &q, err))
        return false;
    query_int(q, 1, stage.i);
    if (!query_one(q, err))
        goto out;
    if (!str_is(query_col_str(q, 0), now->type->name)) {
        fail(err, ERR_INVALID, "stage: '%.*s' is not a stage of a %s", STR_ARG(query_col_str(q, 1)),
             now->type->name);
        fail_hint(err, "stage list shows them");
        goto out;
    }
    query_close(q);
    if (!query_open(crm->store, &sql[STAGE_GUARDED], &q, err))
        goto out;
    query_int(q, 1, stage.i);
    if (!query_one(q, err))
        goto out;
    if (!old && query_col_int(q, 0) && !(crm->rights & MAY_MANAGE)) {
        fail(err, ERR_REFUSED, "a new %s may not be put into a guarded stage", now->type->name);
        fail_hint(err, "add it, then use %s move", now->type->name);
        goto out;
    }
    ok = true;
out:
    query_close(q);
    return ok;
}

bool check_customer(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    check_created(crm, old, now, a, err);
    if (!old)
        put_default(now, "stage_at", value_int(crm_now(crm)));
    return stage_check(crm, old, now, err);
}

bool check_deal(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    return check_customer(crm, old, now, a, err);
}

bool check_task(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    check_created(crm, old, now, a, err);
    if (record_value(now, "customer").type == VALUE_NULL && record_value(now, "deal").type == VALUE_NULL
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
        put_default(now, "user", value_cstr(crm->user));
    return true;
}

/* A contact point added by itself is normalised like one that came with its customer. */
bool check_contact(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value kind = record_value(now, "kind"), value = record_value(now, "value");
    (void)err;
    if (!old)
        put_default(now, "position", value_int(99));
    if (value.type != VALUE_TEXT || (old && value_eq(record_value(old, "value"), value)))
        return true;
    if (kind.type == VALUE_TEXT && (str_is(kind.s, "phone") || str_is(kind.s, "fax"))) {
        Phone p[1];
        if (phone_read(crm->phones, value.s, NULL, p, 1) == 1 && p[0].status == PHONE_OK) {
            put(now, "raw", value);
            put(now, "valid", p[0].valid == PHONE_VALID_UNKNOWN
                                  ? value_null() : value_int(p[0].valid == PHONE_VALID_YES));
            put(now, "value", value_text(str_dup(str(p[0].e164), a)));
        }
    }
    return true;
}

bool check_campaign(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value cap = record_value(now, "max_abandoned"), ratio = record_value(now, "ratio");
    Value ring = record_value(now, "ring_seconds");
    double share = cap.type == VALUE_REAL ? cap.r : (double)cap.i;
    double r = ratio.type == VALUE_REAL ? ratio.r : (double)ratio.i;
    check_created(crm, old, now, a, err);
    if (share < 0 || share > 1)
        return fail(err, ERR_INVALID, "max_abandoned: a share lies between 0%% and 100%%");
    if (ratio.type != VALUE_NULL && (r < 0.1 || r > 20))
        return fail(err, ERR_INVALID, "ratio: between 0.1 and 20, not %g", r);
    if (ring.type == VALUE_INT && (ring.i < 15 || ring.i > 120))
        return fail(err, ERR_INVALID, "ring_seconds: between 15 and 120, not %" PRId64, ring.i);
    return true;
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
    ok = query_one(q, err) && filter_text(crm, schema_type(crm->schema, query_col_str(q, 0)), expr.s, a, &f, err);
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

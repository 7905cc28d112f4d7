/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/journal.h"

#include "dialer/session_inside.h"

enum { RULE, WITH_RESULT, ENTRY_AFTER, ENTRY_WHOLE, OWNER, SQL_COUNT };
static const Sql sql[] = {
    /* The campaign's own rule goes before the general one. */
    [RULE] = { "SELECT c.max_attempts, r.after, r.max FROM campaign c LEFT JOIN recycle r ON r.id ="
               " coalesce((SELECT id FROM recycle WHERE result = ?2 AND campaign = ?1 LIMIT 1),"
               " (SELECT id FROM recycle WHERE result = ?2 AND campaign IS NULL LIMIT 1))"
               " WHERE c.id = ?1",
               0 },
    [WITH_RESULT] = { "SELECT count(*) FROM call WHERE entry = ?1 AND result = ?2", SQL_HOT },
    /* Both leave the stamp alone, see journal_one_image. */
    [ENTRY_AFTER] = { "UPDATE entry SET state = ?2, reason = ?3, result = ?4, next_at = ?5"
                      " WHERE id = ?1 AND state = 'dialling'",
                      SQL_HOT },
    [ENTRY_WHOLE] = { "UPDATE entry SET state = ?2, reason = ?3, result = ?4, next_at = ?5,"
                      " attempts = ?6, last_at = ?7, change = ?8 WHERE id = ?1", SQL_HOT },
    [OWNER] = { "UPDATE entry SET agent = ?2 WHERE id = ?1 AND state = 'dialling'", SQL_HOT },
};
const SqlTable session_rules_sql = { "session_rules", sql, SQL_COUNT };

typedef struct Rule { bool exists; int64_t most, after, max; } Rule;

static bool rule_get(Crm *crm, const Attempt *t, Rule *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[RULE], &q, err))
        return false;
    query_int(q, 1, t->campaign);
    query_cstr(q, 2, t->result->name);
    bool ok = query_one(q, err);
    if (ok)
        *out = (Rule){ !query_col_is_null(q, 2), query_col_int(q, 0), query_col_int(q, 1),
                       query_col_int(q, 2) };
    query_close(q);
    return ok;
}

static bool count_with_result(Crm *crm, const Attempt *t, int64_t *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[WITH_RESULT], &q, err))
        return false;
    query_int(q, 1, t->entry);
    query_cstr(q, 2, t->result->name);
    bool ok = query_one(q, err);
    *out = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok;
}

bool rules_next(Crm *crm, const Attempt *t, NextStep *out, Error *err)
{
    Rule rule = { 0 };
    int64_t so_far = 0;
    bool callback = strcmp(t->result->name, "callback") == 0;
    *out = (NextStep){ .state = "done", .reason = t->result->name };
    if (t->result->final)
        return true;
    if (!rule_get(crm, t, &rule, err) || (rule.exists && !count_with_result(crm, t, &so_far, err)))
        return false;
    if (!rule.exists && !t->callback_at)
        return true;
    bool used_up = (rule.exists && so_far > rule.max) || t->attempts >= rule.most;
    if (used_up && !callback) {           /* what was agreed is kept */
        out->reason = "attempts used up";
        return true;
    }
    /* At least a moment later: who reads entries in the order of next_at must not have passed it.
     */
    out->at = t->callback_at > t->ended_at ? t->callback_at
                                           : t->ended_at + (rule.after > 0 ? rule.after : 1);
    out->state = callback ? "callback" : "retry";
    return true;
}

static bool give_to(Crm *crm, const Attempt *t, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[OWNER], &q, err))
        return false;
    query_int(q, 1, t->entry);
    query_int(q, 2, t->owner);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool rules_apply(Crm *crm, const Attempt *t, const NextStep *next, Error *err)
{
    Query *q = NULL;
    if (t->owner && !give_to(crm, t, err))
        return false;
    if (!query_open(crm->store, &sql[t->placed_at ? ENTRY_WHOLE : ENTRY_AFTER], &q, err))
        return false;
    query_int(q, 1, t->entry);
    query_cstr(q, 2, next->state);
    query_cstr(q, 3, next->reason);
    query_cstr(q, 4, t->result->name);
    if (next->at)
        query_int(q, 5, next->at);
    else
        query_null(q, 5);
    if (t->placed_at) {
        query_int(q, 6, t->attempts);
        query_int(q, 7, t->placed_at);
        query_int(q, 8, journal_current(crm->store));
    }
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

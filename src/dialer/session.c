/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/session.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/session_inside.h"
#include "model/holiday.h"
#include "store/journal.h"

enum { CAMPAIGN, RESULT_ROWS, RUN_BEGINS, RUN_ENDS, SQL_COUNT };
static const Sql sql[] = {
    [CAMPAIGN] = { "SELECT c.name, c.state, c.mode, c.script, c.list, l.name, c.ratio,"
                   " c.max_abandoned, c.ring_seconds, h.name, h.spec, c.abandon_days,"
                   " c.max_calls, c.calls_per_second, c.wrap_seconds, c.skill, c.message,"
                   " c.hold_seconds, c.hold, c.record,"
                   " c.route = 'skill', h.id"
                   " FROM campaign c LEFT JOIN list l ON l.id = c.list"
                   " LEFT JOIN hours h ON h.id = coalesce(c.hours,"
                   "  (SELECT id FROM hours WHERE name = 'default')) WHERE c.id = ?1", SQL_HOT },
    [RESULT_ROWS] = { "SELECT name, connected, appointment, accepted, final, dnc FROM result"
                      " ORDER BY id", 0 },
    [RUN_BEGINS] = { "INSERT INTO dial_run(id, campaign, driver, seed, agents, began, change)"
                     " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                     0 },
    [RUN_ENDS] = { "UPDATE dial_run SET ended = ?2, dials = ?3, connected = ?4, abandoned = ?5,"
                   " change = ?6 WHERE id = ?1",
                   SQL_HOT },
};
const SqlTable session_sql = { "session", sql, SQL_COUNT };

/* ---- the campaign ---------------------------------------------------------------------------- */

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? "" : str_c(query_col_str(q, i), a);
}

/* Calls in flight as far as there are lines to play the message on; nobody is kept waiting. */
static void set_broadcast(DialCampaign *c)
{
    enum { LONGEST = 10 * 60000 };
    c->rules.pacing.mode = PACE_PROGRESSIVE;
    c->rules.detect_machine = false;
    c->rules.talk_ms = LONGEST;
    snprintf(c->rules.play, sizeof c->rules.play, "%s", c->message);
}

static void read_campaign(const Query *q, Arena *a, DialCampaign *c)
{
    Error bad;
    c->name = text(q, 0, a);
    c->state = text(q, 1, a);
    c->mode = text(q, 2, a);
    c->script = text(q, 3, a);
    c->list = query_col_int(q, 4);
    c->list_name = text(q, 5, a);
    c->hours_name = text(q, 9, a);
    if (!hours_parse(query_col_str(q, 10), &c->hours, &bad))
        c->hours = (Hours){ 0 };
    c->rules = engine_defaults();
    PacingRules *p = &c->rules.pacing;
    if (!pace_mode_find(str(c->mode), &p->mode))
        p->mode = PACE_PREVIEW; /* manual: the agent says which, so nothing is paced either */
    p->ratio = query_col_real(q, 6);
    p->abandon_cap = query_col_real(q, 7);
    p->ring_ms = (int)query_col_int(q, 8) * 1000;
    c->abandon_days = query_col_int(q, 11);
    p->max_calls = (int)query_col_int(q, 12);
    c->calls_per_second = query_col_real(q, 13);
    c->rules.wrap_ms = query_col_int(q, 14) * 1000;
    c->skill = text(q, 15, a);
    c->message = text(q, 16, a);
    c->rules.hold_ms = query_col_int(q, 17) * 1000;
    snprintf(c->rules.hold, sizeof c->rules.hold, "%s", text(q, 18, a));
    c->rules.record = query_col_int(q, 19);
    c->by_skill = query_col_int(q, 20);
    if (strcmp(c->mode, "broadcast") == 0)
        set_broadcast(c);
}

bool dial_campaign(Crm *crm, int64_t id, Arena *a, DialCampaign *out, Error *err)
{
    Query *q = NULL;
    *out = (DialCampaign){ .id = id };
    if (!query_open(crm->store, &sql[CAMPAIGN], &q, err))
        return false;
    query_int(q, 1, id);
    int got = query_next(q, err);
    int64_t hours = got > 0 ? query_col_int(q, 21) : 0;
    if (got > 0)
        read_campaign(q, a, out);
    query_close(q);
    if (got == 0)
        return fail(err, ERR_NOT_FOUND, "no campaign %" PRId64, id);
    if (got < 0 || !holidays_load(crm, hours, crm_now(crm), a, &out->hours, err))
        return false;
    if (!out->list) {
        fail(err, ERR_REFUSED, "campaign %s has no list", out->name);
        return fail_hint(err, "campaign set %s list=NAME", out->name);
    }
    if (strcmp(out->mode, "broadcast") == 0 && !*out->message) {
        fail(err, ERR_REFUSED, "campaign %s has no message to play", out->name);
        return fail_hint(err, "campaign set %s message=NAME, a sound of the switch", out->name);
    }
    return engine_check(&out->rules, err)
           || fail_hint(err, "campaign set %s ... mends it", out->name);
}

/* ---- results --------------------------------------------------------------------------------- */

int session_result(const DialSession *s, Str name)
{
    for (int i = 0; i < s->n_results; i++)
        if (str_is(name, s->results[i].name))
            return i;
    return -1;
}

static bool read_results(DialSession *s, Error *err)
{
    Query *q = NULL;
    int more, room = 0;
    if (!query_open(s->crm->store, &sql[RESULT_ROWS], &q, err))
        return false;
    while ((more = query_next(q, err)) > 0) {
        if (s->n_results == room) {
            room = room ? 2 * room : 32;
            s->results = xresize(s->results, sizeof *s->results * (size_t)room);
        }
        s->results[s->n_results++] = (ResultRow){
            text(q, 0, &s->arena), query_col_int(q, 1), query_col_int(q, 2), query_col_int(q, 3),
            query_col_int(q, 4), query_col_int(q, 5) };
    }
    query_close(q);
    return more == 0;
}

/* The dialer itself gives some results, so these must be in the table. */
static bool match_results(DialSession *s, Error *err)
{
    for (Result r = RESULT_NONE + 1; r < RESULTS; r++) {
        s->of_engine[r] = session_result(s, str(result_name(r)));
        if (s->of_engine[r] < 0) {
            fail(err, ERR_REFUSED, "there is no result named '%s', which the dialer gives",
                 result_name(r));
            return fail_hint(err, "result add name=%s connected=no final=no", result_name(r));
        }
    }
    return true;
}

/* ---- transactions and troubles --------------------------------------------------------------- */

bool session_begin(DialSession *s, Error *err)
{
    if (s->plan.rehearsal)
        return true;
    Store *st = s->crm->store;
    journal_run_resume(st, s->crm->user, str(s->plan.title), s->run, &s->changes);
    if (!store_begin(st, err)) {
        journal_run_end(st);
        return false;
    }
    if (store_depth(st) == 1)
        journal_describe(st, str(s->plan.title));
    return true;
}

bool session_end(DialSession *s, bool ok, Error *err)
{
    if (s->plan.rehearsal)
        return ok;
    Store *st = s->crm->store;
    if (ok)
        ok = store_commit(st, err);
    else
        store_rollback(st);
    if (!ok)
        idmap_release(&s->seated);        /* what it says was not written */
    if (ok && journal_run(st))
        s->run = journal_run(st);
    journal_run_end(st);
    return ok;
}

void session_trouble(DialSession *s, const Error *err)
{
    if (!s->trouble.code)
        s->trouble = *err;
}

bool dial_session_ok(const DialSession *s, Error *err)
{
    if (s->trouble.code)
        *err = s->trouble;
    return !s->trouble.code;
}

/* ---- the run --------------------------------------------------------------------------------- */

bool session_record_run(DialSession *s, int64_t now, Error *err)
{
    Store *st = s->crm->store;
    Query *q = NULL;
    if (s->dial_run)
        return true;
    if (!store_ids(st, "dial_run", 1, &s->dial_run, err)
        || !query_open(st, &sql[RUN_BEGINS], &q, err))
        return false;
    query_int(q, 1, s->dial_run);
    query_int(q, 2, s->campaign.id);
    query_cstr(q, 3, s->plan.driver);
    query_int(q, 4, s->plan.seed);
    query_int(q, 5, s->plan.agents);
    query_int(q, 6, now);
    query_int(q, 7, journal_current(st));
    bool ok = query_run(q, err);
    query_close(q);
    if (!s->plan.rehearsal)
        channel_write(s->dial_run, s->channel, sizeof s->channel);
    return ok;
}

static bool write_sums(DialSession *s, int64_t now, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[RUN_ENDS], &q, err))
        return false;
    query_int(q, 1, s->dial_run);
    query_int(q, 2, now);
    query_int(q, 3, s->sums.dials);
    query_int(q, 4, s->sums.connected);
    query_int(q, 5, s->sums.abandoned);
    query_int(q, 6, journal_current(s->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool dial_session_finish(DialSession *s, int64_t now, Error *err)
{
    if (s->plan.rehearsal && !(dial_session_ok(s, err) && session_write_states(s, err)))
        return false;
    if (!s->plan.rehearsal && !session_write_all(s, err))
        return false;
    return !s->dial_run || (session_begin(s, err) && session_end(s, write_sums(s, now, err), err));
}

const char *dial_session_last_result(const DialSession *s)
{
    return s->last_result;
}

DialSums dial_session_sums(const DialSession *s)
{
    return s->sums;
}

/* ---- life ------------------------------------------------------------------------------------ */

bool dial_session_open(Crm *crm, const DialPlan *plan, DialSession **out, Error *err)
{
    DialSession *s = xalloc(sizeof *s);
    s->crm = crm;
    s->plan = *plan;
    s->campaign = *plan->campaign;
    s->write_at = NEVER;
    pool_init(s);
    bool ok =
        read_results(s, err) && match_results(s, err) && session_pace_open(s, err)
        && session_begin(s, err)
        && session_end(s, dial_reconcile(crm, s->campaign.id, plan->now, &s->reconciled, err), err)
        && (!plan->rehearsal || session_record_run(s, plan->now, err));
    if (!ok) {
        dial_session_free(s);
        return false;
    }
    *out = s;
    return true;
}

void dial_session_free(DialSession *s)
{
    if (!s)
        return;
    pool_release(s);
    free(s->learnt);
    free(s->results);
    free(s->said);
    free(s->kept);
    free(s->states);
    idmap_release(&s->seated);
    idmap_release(&s->up);
    rowset_release(&s->changes);
    arena_release(&s->arena);
    arena_release(&s->scratch);
    free(s);
}

Supply dial_session_supply(DialSession *s)
{
    return (Supply){ s, session_claim, session_intend, session_put_back, session_fit };
}

Observer dial_session_observer(DialSession *s)
{
    return (Observer){ .self = s, .placed = session_placed, .changed = session_changed,
                       .ended = session_ended, .agent = session_agent, .paced = session_paced };
}

const EngineConfig *dial_session_rules(const DialSession *s)
{
    return &s->campaign.rules;
}

int64_t dial_session_reconciled(const DialSession *s)
{
    return s->reconciled;
}

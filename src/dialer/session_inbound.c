/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_inbound.c -- calls in: written down before they are taken, and what follows from them.
 *
 * A call in belongs to no entry of a list, but what is said in it counts for the customer's entry
 * in the campaign that is credited with it.  Who was missed is called back: by that campaign where
 * it can, else by whoever does the task that is made.
 */
#include <stdio.h>

#include "dialer/session_inside.h"
#include "model/record.h"
#include "store/journal.h"

enum { INTENT, TAKEN, OF_CALL, CALL_BACK, SETTLE, PROMISED, SUITS, SQL_COUNT };
static const Sql sql[] = {
    [INTENT] = { "INSERT INTO call(id, direction, campaign, customer, number, mode, driver,"
                 " channel, real, recorded, state, placed_at, change)"
                 " VALUES (?1, 'in', ?2, ?3, ?4, 'inbound', ?5, ?6, ?5 <> 'sim',"
                 " ?9 AND ?5 <> 'sim', 'intent', ?7, ?8)",
                 SQL_HOT },
    [TAKEN] = { "SELECT 1 FROM call WHERE number = ?1 AND placed_at >= ?2 AND direction = 'in'"
                " AND channel IS NOT ?3 LIMIT 1", SQL_HOT },
    [OF_CALL] = { "SELECT c.campaign, c.customer, c.number, k.owner,"
                  " coalesce(k.dnc OR k.retired, 0)"
                  " OR EXISTS (SELECT 1 FROM dnc d WHERE d.number = c.number"
                  "  AND (d.campaign IS NULL OR d.campaign = c.campaign))"
                  " OR EXISTS (SELECT 1 FROM dnc d WHERE substr(d.number, -1) = '*'"
                  "  AND c.number GLOB d.number"
                  "  AND (d.campaign IS NULL OR d.campaign = c.campaign))"
                  " FROM call c LEFT JOIN customer k ON k.id = c.customer WHERE c.id = ?1",
                  SQL_HOT },
    /* Not where it would not be dialled any more. */
    [CALL_BACK] = { "UPDATE entry SET state = 'callback', reason = 'missed', next_at = ?3,"
                    " change = ?4 WHERE id = (SELECT e.id FROM entry e JOIN campaign g"
                    "  ON g.list = e.list WHERE e.customer = ?1 AND g.id = ?2"
                    "  AND g.state IN ('running', 'paused') AND e.state <> 'dialling'"
                    "  AND e.attempts < g.max_attempts) RETURNING id", SQL_HOT },
    [SETTLE] = { "UPDATE entry SET state = ?3, reason = ?4, result = ?4, next_at = ?5,"
                 " agent = coalesce(?6, agent), change = ?7 WHERE id = (SELECT e.id FROM entry e"
                 "  JOIN campaign g ON g.list = e.list WHERE e.customer = ?1 AND g.id = ?2"
                 "  AND e.state <> 'dialling')", SQL_HOT },
    [PROMISED] = { "SELECT 1 FROM task WHERE title = ?1 AND state = 'open'", 0 },
    [SUITS] = { "SELECT a.skills, g.skill, c.direction = 'in' AND k.owner IS NOT NULL"
               " AND k.owner = a.user"
                " FROM agent a JOIN call c ON c.id = ?2 LEFT JOIN campaign g ON g.id = c.campaign"
                " LEFT JOIN customer k ON k.id = c.customer WHERE a.id = ?1", SQL_HOT },
};
const SqlTable session_inbound_sql = { "session_inbound", sql, SQL_COUNT };

static void bind_id(Query *q, int i, int64_t id)
{
    if (id)
        query_int(q, i, id);
    else
        query_null(q, i);
}

static void put(Record *r, const char *field, Value v)
{
    record_put_value(r, type_field(r->type, str(field)), v);
}

/* ---- taken ----------------------------------------------------------------------------------- */

/* Who is not known becomes a customer where the setting says so. */
static bool add_stranger(DialSession *s, Caller *k, Error *err)
{
    const char *wanted = setting_get(s->crm, "inbound.new", &s->scratch);
    if (k->customer || !*k->number || !wanted || strcmp(wanted, "yes") != 0)
        return true;
    Record *r = record_new(schema_type(s->crm->schema, STR("customer")), &s->scratch);
    put(r, "name", value_cstr(k->number));
    put(r, "source", value_cstr("inbound"));
    if (!record_put(s->crm, r, STR("phone"), FIELD_SET, str(k->number), &s->scratch, err)
        || !record_add(s->crm, r, err))
        return false;
    k->customer = r->id;
    return true;
}

static bool write_taken(DialSession *s, int64_t now, Caller *k, CallId *call, Error *err)
{
    Query *q = NULL;
    if (!session_record_run(s, now, err) || !add_stranger(s, k, err)
        || !store_ids(s->crm->store, "call", 1, call, err)
        || !query_open(s->crm->store, &sql[INTENT], &q, err))
        return false;
    query_int(q, 1, *call);
    bind_id(q, 2, k->campaign);
    bind_id(q, 3, k->customer);
    query_cstr(q, 4, k->number);
    query_cstr(q, 5, s->plan.driver);
    query_cstr(q, 6, s->channel);
    query_int(q, 7, now);
    query_int(q, 8, journal_current(s->crm->store));
    query_int(q, 9, s->campaign.rules.record);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool dial_session_take(DialSession *s, int64_t now, Caller *k, CallId *call, Error *err)
{
    int64_t no_run = s->dial_run;
    ArenaMark mark = arena_mark(&s->scratch);
    bool ok = session_begin(s, err) && session_end(s, write_taken(s, now, k, call, err), err);
    if (!ok)
        s->dial_run = no_run;
    arena_rewind(&s->scratch, mark);
    return ok;
}

bool dial_session_was_taken(DialSession *s, const char *number, int64_t since, bool *was,
                            Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[TAKEN], &q, err))
        return false;
    query_cstr(q, 1, number);
    query_int(q, 2, since);
    query_cstr(q, 3, s->channel);
    int got = query_next(q, err);
    *was = got > 0;
    query_close(q);
    return got >= 0;
}

/* ---- given to ------------------------------------------------------------------------------- */

int session_fit(void *self, const Line *l, AgentId agent)
{
    DialSession *s = self;
    Query *q = NULL;
    Error ignored = { 0 };
    int fit = 0;
    if ((!l->in && !s->campaign.by_skill) || !query_open(s->crm->store, &sql[SUITS], &q, &ignored))
        return 0;
    query_int(q, 1, agent);
    query_int(q, 2, l->entry.call);
    if (query_next(q, &ignored) > 0) {
        Str skill = query_col_str(q, 1);
        int level = skill.n ? skill_level(query_col_str(q, 0), skill) : 1;
        fit = s->campaign.by_skill ? level - 1 : level > 0 ? 0 : -1;
        if (query_col_int(q, 2))
            fit = FIT_OWNER;
    }
    query_close(q);
    return fit;
}

/* ---- over ------------------------------------------------------------------------------------ */

typedef struct CameIn {
    int64_t campaign, customer, owner;
    char number[PHONE_E164_SIZE];
    bool dnc;                         /* is not to be called by a campaign */
} CameIn;

static bool call_get(Crm *crm, CallId call, CameIn *in, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[OF_CALL], &q, err))
        return false;
    query_int(q, 1, call);
    bool ok = query_one(q, err);
    if (ok) {
        *in = (CameIn){ .campaign = query_col_int(q, 0), .customer = query_col_int(q, 1),
                        .owner = query_col_int(q, 3), .dnc = query_col_int(q, 4) };
        snprintf(in->number, sizeof in->number, "%.*s", STR_ARG(query_col_str(q, 2)));
    }
    query_close(q);
    return ok;
}

/* *made: the customer's entry is due again. */
static bool make_callback(Crm *crm, const CameIn *in, int64_t at, bool *made, Error *err)
{
    Query *q = NULL;
    *made = false;
    if (!in->customer || !in->campaign || in->dnc)
        return true;
    if (!query_open(crm->store, &sql[CALL_BACK], &q, err))
        return false;
    query_int(q, 1, in->customer);
    query_int(q, 2, in->campaign);
    query_int(q, 3, at);
    query_int(q, 4, journal_current(crm->store));
    int got = query_next(q, err);
    *made = got > 0;
    if (got > 0 && query_next(q, err) < 0)
        got = -1;
    query_close(q);
    return got >= 0;
}

static bool is_promised(Crm *crm, const char *title, bool *is, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[PROMISED], &q, err))
        return false;
    query_cstr(q, 1, title);
    int got = query_next(q, err);
    *is = got > 0;
    query_close(q);
    return got >= 0;
}

static bool make_task(Crm *crm, const CameIn *in, CallId call, int64_t at, Error *err)
{
    Arena a = { 0 };
    bool is = false;
    const char *title = arena_printf(&a, "call back %s", in->number);
    bool ok = is_promised(crm, title, &is, err);
    if (ok && !is) {
        Record *r = record_new(schema_type(crm->schema, STR("task")), &a);
        put(r, "title", value_cstr(title));
        put(r, "due", value_int(at));
        put(r, "note", value_cstr(arena_printf(&a, "missed call %lld", (long long)call)));
        if (in->customer)
            put(r, "customer", value_int(in->customer));
        if (in->owner)
            put(r, "owner", value_int(in->owner));
        ok = record_add(crm, r, err);
    }
    arena_release(&a);
    return ok;
}

static bool settle(Crm *crm, const CameIn *in, const Attempt *t, const char *state, int64_t at,
                   Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[SETTLE], &q, err))
        return false;
    query_int(q, 1, in->customer);
    query_int(q, 2, in->campaign);
    query_cstr(q, 3, state);
    query_cstr(q, 4, t->result->name);
    bind_id(q, 5, at);
    bind_id(q, 6, t->owner);
    query_int(q, 7, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool inbound_over(Crm *crm, CallId call, const Attempt *t, int64_t *callback_at, Error *err)
{
    CameIn in;
    bool made = false;
    *callback_at = 0;
    if (!call_get(crm, call, &in, err))
        return false;
    if (strcmp(t->result->name, "missed") == 0) {
        int64_t at = t->ended_at + 1;
        if (!*in.number)
            return true;                  /* withheld: there is nothing to call */
        bool ok = make_callback(crm, &in, at, &made, err)
                  && (made || make_task(crm, &in, call, at, err));
        *callback_at = made ? at : 0;
        return ok;
    }
    if (!in.customer || !in.campaign)
        return true;
    if (t->result->final)
        return settle(crm, &in, t, "done", 0, err);
    if (strcmp(t->result->name, "callback") != 0)
        return true;
    *callback_at = t->callback_at > t->ended_at ? t->callback_at : t->ended_at + DAY_MS;
    return settle(crm, &in, t, "callback", *callback_at, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_record.c -- what is written down: the intent before a call and the outcome after it.
 * When an outcome is written is in session_keep.c.
 */
#include <stdlib.h>

#include "dialer/session_inside.h"
#include "model/dial_gate.h"
#include "model/record.h"
#include "store/journal.h"

/* What is updated after the intent leaves the stamp alone, see journal_one_image.
 *
 * Run twice a call: RETURNING, IN lists and sorting would make a table each time they are used, and
 * an update of a column that refers to another table keeps a copy of each page that it changes. */
enum {
    TAKE_ENTRY,
    CALL,
    SAID,
    OUTCOME,
    SPOKE,
    CUSTOMER,
    HAS_DNC,
    SQL_COUNT
};
static const Sql sql[] = {
    /* No row: another session has taken it since it was claimed. */
    [TAKE_ENTRY] = { "UPDATE entry SET state = 'dialling', attempts = ?2, last_at = ?3,"
                     " next_at = NULL, change = ?4 WHERE id = ?1 AND attempts = ?2 - 1"
                     " AND state <> 'dialling' AND state <> 'done'",
                     SQL_HOT },
    /* Of an intent nothing from result on is known. */
    [CALL] = { "INSERT INTO call(id, campaign, entry, customer, number, agent, mode, driver,"
               " channel, real, recorded, state, placed_at, change,"
               " result, answered_at, bridged_at, ended_at, talk, wrap, note)"
               " VALUES (?1, ?2, ?3, (SELECT customer FROM entry WHERE id = ?3), ?4, ?5, ?6, ?7,"
               " ?8, ?7 <> 'sim', ?11 AND ?7 NOT IN ('sim', 'command'), ?12, ?9, ?10,"
               " ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
               0 },
    [SAID] = { "UPDATE call SET result = ?2, note = coalesce(?3, note), change = ?4 WHERE id = ?1"
               " AND state <> 'ended'", SQL_HOT },
    /* No row: it was undone, or deleted, while it was up. */
    [OUTCOME] = { "UPDATE call SET state = 'ended', result = ?2,"
                  " answered_at = ?3, bridged_at = ?4, ended_at = ?5, talk = ?6, wrap = ?7,"
                  " note = coalesce(?8, note) WHERE id = ?1 AND state <> 'ended'",
                  SQL_HOT },
    [SPOKE] = { "UPDATE call SET agent = ?2 WHERE id = ?1 AND agent IS NOT ?2", SQL_HOT },
    [CUSTOMER] = { "SELECT customer FROM call WHERE id = ?1", SQL_HOT },
    [HAS_DNC] = { "SELECT 1 FROM dnc WHERE number = ?1 AND campaign IS NULL", SQL_HOT },
};
const SqlTable session_record_sql = { "session_record", sql, SQL_COUNT };

static void bind_time(Query *q, int i, int64_t at)
{
    if (at)
        query_int(q, i, at);
    else
        query_null(q, i);
}

/* ---- intents --------------------------------------------------------------------------------- */

/* Runs and closes the query; *any: it changed a row. */
static bool run_counted(Store *st, Query *q, bool *any, Error *err)
{
    int64_t before = store_changes(st);
    bool ok = query_run(q, err);
    *any = store_changes(st) != before;
    query_close(q);
    return ok;
}

static bool take_entry(DialSession *s, int64_t now, const Entry *e, Error *err)
{
    Store *st = s->crm->store;
    Query *q = NULL;
    bool free;
    if (!query_open(st, &sql[TAKE_ENTRY], &q, err))
        return false;
    query_int(q, 1, e->id);
    query_int(q, 2, e->attempt);
    query_int(q, 3, now);
    query_int(q, 4, journal_current(st));
    return run_counted(st, q, &free, err)
           && (free || fail(err, ERR_CONFLICT, "entry %lld was taken by somebody else",
                            (long long)e->id));
}

static void bind_call(const DialSession *s, Query *q, const char *state, int64_t placed_at,
                      AgentId agent, const Entry *e)
{
    query_int(q, 1, e->call);
    query_int(q, 2, s->campaign.id);
    query_int(q, 3, e->id);
    query_cstr(q, 4, e->number);
    bind_time(q, 5, agent);
    query_cstr(q, 6, s->campaign.mode);
    query_cstr(q, 7, s->plan.driver);
    query_cstr(q, 8, *s->channel ? s->channel : NULL);
    query_int(q, 9, placed_at);
    query_int(q, 10, journal_current(s->crm->store));
    query_int(q, 11, s->campaign.rules.record);
    query_cstr(q, 12, state);
}

static bool write_intent(DialSession *s, int64_t now, AgentId agent, const Entry *e, Error *err)
{
    Query *q = NULL;
    if (!take_entry(s, now, e, err) || !query_open(s->crm->store, &sql[CALL], &q, err))
        return false;
    bind_call(s, q, "intent", now, agent, e);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Never 0, which is no key. */
static uint64_t up_key(Str number)
{
    return str_hash(number) | 1;
}

bool session_is_up(const DialSession *s, Str number)
{
    return s->plan.whole && idmap_get(&s->up, up_key(number)) >= 0;
}

/* Between the look of an agent and his word much may have happened. */
static bool still_allowed(DialSession *s, int64_t now, AgentId agent, const Entry *e, Error *err)
{
    DialFacts f;
    Verdicts v;
    ArenaMark mark = arena_mark(&s->scratch);
    bool ok = dial_facts(s->crm, s->campaign.id, e->id, agent, now, &s->scratch, &f, err);
    f.in_call |= session_is_up(s, str(e->number));
    ok = ok && gate_ask(s->crm, &dial_gate, &f, false, &s->scratch, &v, err);
    if (ok && !v.pass)
        ok = gate_refuse(&v, err, "it may not be dialled any more");
    if (ok && !str_is(f.number, e->number))
        ok = fail(err, ERR_CONFLICT, "its number was changed from %s meanwhile", e->number);
    arena_rewind(&s->scratch, mark);
    return ok;
}

static bool intend_all(DialSession *s, int64_t now, AgentId agent, Entry *e, int n, Error *err)
{
    int64_t first;
    if (!session_write_kept(s, err) || !session_record_run(s, now, err)
        || !store_ids(s->crm->store, "call", n, &first, err))
        return false;
    for (int i = 0; i < n; i++) {
        e[i].call = first + i;
        if (!write_intent(s, now, agent, &e[i], err))
            return false;
    }
    return true;
}

static bool intend_now(DialSession *s, int64_t now, AgentId agent, Entry *e, int n, Error *err)
{
    bool ok = session_begin(s, err) && session_end(s, intend_all(s, now, agent, e, n, err), err);
    if (ok)
        session_kept_written(s);
    return ok;
}

/* They are written when they have ended. */
static bool intend_whole(DialSession *s, Entry *e, int n, Error *err)
{
    int64_t first;
    if (!store_ids(s->crm->store, "call", n, &first, err))
        return false;
    for (int i = 0; i < n; i++) {
        e[i].call = first + i;
        idmap_put(&s->up, up_key(str(e[i].number)), 1);
    }
    return true;
}

bool session_intend(void *self, int64_t now, AgentId agent, Entry *entries, int n, Error *err)
{
    DialSession *s = self;
    Error why = { 0 };
    int64_t no_run = s->dial_run;
    bool first = s->trouble.code || session_watched(s);  /* what was kept, by itself */
    bool ok = !first || s->plan.rehearsal || session_write_all(s, &why);
    if (!ok)
        why = s->trouble;
    if (ok)
        ok = (!agent || still_allowed(s, now, agent, entries, &why))
             && (s->plan.whole ? intend_whole(s, entries, n, &why)
                          : intend_now(s, now, agent, entries, n, &why));
    if (ok) {
        int64_t local = now + zone_offset(s->crm->zone, now) * INT64_C(1000);
        s->sums.dials += n;
        s->tokens -= n;
        s->sums.by_hour[(local / 3600000) % 24] += n;
        return true;
    }
    s->dial_run = no_run;
    session_write_soon(s, now);           /* what was kept is not written either */
    if (s->plan.rehearsal)
        session_trouble(s, &why);
    *err = why;
    return false;
}

/* ---- touches --------------------------------------------------------------------------------- */

static void put(Record *r, const char *field, Value v)
{
    record_put_value(r, type_field(r->type, str(field)), v);
}

bool session_touch(DialSession *s, const Contact *t, Error *err)
{
    ArenaMark mark = arena_mark(&s->scratch);
    Record *r = record_new(schema_type(s->crm->schema, STR("touch")), &s->scratch);
    put(r, "customer", value_int(t->customer));
    put(r, "at", value_int(t->at));
    put(r, "channel", value_cstr("phone"));
    put(r, "direction", value_cstr(t->in ? "in" : "out"));
    put(r, "result", value_cstr(t->result));
    put(r, "user", value_cstr(s->crm->user));
    if (t->note.n)
        put(r, "note", value_text(t->note));
    if (t->call)
        put(r, "call", value_int(t->call));
    bool ok = record_add(s->crm, r, err);
    arena_rewind(&s->scratch, mark);
    return ok;
}

/* ---- outcomes -------------------------------------------------------------------------------- */

/* What is about to be written of one call. */
typedef struct Outcome {
    const Line *line;
    const ResultRow *result;
    const char *note;
    int64_t callback_at, talk, wrap;
    int64_t answered_at, bridged_at;  /* 0: it was not, also when only the agent could tell */
    AgentId owner;                    /* of the callback; 0: anybody */
} Outcome;

/* An agent who alone hears a call has said that nobody answered. */
static bool unanswered(Result r)
{
    return r == RESULT_NO_ANSWER || r == RESULT_BUSY || r == RESULT_BAD_NUMBER
           || r == RESULT_FAILED;
}

static Outcome outcome_of(const DialSession *s, const Over *ended)
{
    const Line *l = &ended->line;
    const Said *said = &ended->said;
    Outcome o = { .line = l, .result = &s->results[s->of_engine[l->result]] };
    if (said->agent && said->result >= 0 && result_is_agents(l->result))
        o.result = &s->results[said->result];
    if (said->agent) {
        o.note = *said->note ? said->note : NULL;
        o.callback_at = said->callback_at;
        o.owner = said->mine ? l->agent : 0;
    }
    if (l->bridged_at && unanswered(l->result))
        return o;
    o.answered_at = l->answered_at;
    o.bridged_at = l->bridged_at;
    if (l->bridged_at) {
        int64_t over = l->hungup_at ? l->hungup_at : l->ended_at;
        o.talk = over - l->bridged_at;
        o.wrap = l->ended_at - over;
    }
    return o;
}

/* 0: nobody is known, or any more. */
static bool customer_of(DialSession *s, CallId call, int64_t *customer, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[CUSTOMER], &q, err))
        return false;
    query_int(q, 1, call);
    bool ok = query_one(q, err);
    *customer = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok;
}

static void bind_outcome(Query *q, int from, const Outcome *o)
{
    query_cstr(q, from, o->result->name);
    bind_time(q, from + 1, o->answered_at);
    bind_time(q, from + 2, o->bridged_at);
    query_int(q, from + 3, o->line->ended_at);
    if (o->bridged_at) {
        query_int(q, from + 4, o->talk);
        query_int(q, from + 5, o->wrap);
    } else {
        query_null(q, from + 4);
        query_null(q, from + 5);
    }
    query_cstr(q, from + 6, o->note);
}

static bool update_call(DialSession *s, const Outcome *o, bool *open, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[OUTCOME], &q, err))
        return false;
    query_int(q, 1, o->line->entry.call);
    bind_outcome(q, 2, o);
    return run_counted(s->crm->store, q, open, err);
}

/* The call that session_intend() did not write. */
static bool write_whole(DialSession *s, const Outcome *o, Error *err)
{
    const Line *l = o->line;
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[CALL], &q, err))
        return false;
    bind_call(s, q, "ended", l->placed_at, l->agent, &l->entry);
    bind_outcome(q, 13, o);
    idmap_remove(&s->up, up_key(str(l->entry.number)));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool note_agent(DialSession *s, const Line *l, Error *err)
{
    Query *q = NULL;
    if (!l->agent)
        return true;
    if (!query_open(s->crm->store, &sql[SPOKE], &q, err))
        return false;
    query_int(q, 1, l->entry.call);
    query_int(q, 2, l->agent);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool on_stop_list(Crm *crm, const char *number, bool *is, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[HAS_DNC], &q, err))
        return false;
    query_cstr(q, 1, number);
    int got = query_next(q, err);
    *is = got > 0;
    query_close(q);
    return got >= 0;
}

bool session_stop_number(Crm *crm, const char *number, const char *why, int64_t at, Error *err)
{
    bool there;
    if (!*number)
        return true;
    if (!on_stop_list(crm, number, &there, err))
        return false;
    if (there)
        return true;
    Arena a = { 0 };
    Record *r = record_new(schema_type(crm->schema, STR("dnc")), &a);
    put(r, "number", value_cstr(number));
    put(r, "why", value_cstr(why));
    put(r, "source", value_cstr("result"));
    put(r, "at", value_int(at));
    bool ok = record_add(crm, r, err);
    arena_release(&a);
    return ok;
}

static bool stop_number(DialSession *s, const Outcome *o, Error *err)
{
    return !o->result->dnc
           || session_stop_number(s->crm, o->line->entry.number,
                                  o->note ? o->note : o->result->name, o->line->ended_at, err);
}

static bool write_said(DialSession *s, int64_t now, CallId call, const Said *said, Error *err)
{
    Query *q = NULL;
    if (!session_record_run(s, now, err) || !query_open(s->crm->store, &sql[SAID], &q, err))
        return false;
    query_int(q, 1, call);
    query_cstr(q, 2, s->results[said->result].name);
    query_cstr(q, 3, *said->note ? said->note : NULL);
    query_int(q, 4, journal_current(s->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool dial_session_put_down(DialSession *s, int64_t now, AgentId agent, CallId call, Error *err)
{
    const Said *said = session_word(s, agent);
    return !said
           || (session_begin(s, err) && session_end(s, write_said(s, now, call, said, err), err));
}

/* What it means for the entry: its own, or that of who called in. */
static bool move_on(DialSession *s, const Attempt *t, const Line *l, Error *err)
{
    NextStep next = { .state = "callback" };
    bool ok = l->in ? inbound_over(s->crm, l->entry.call, t, &next.at, err)
                    : rules_next(s->crm, t, &next, err) && rules_apply(s->crm, t, &next, err);
    if (ok && next.at)
        pool_due(s, next.state, next.at);
    return ok;
}

static bool write_outcome(DialSession *s, const Outcome *o, Error *err)
{
    const Line *l = o->line;
    bool open = true;
    Contact c = { .at = l->bridged_at ? l->bridged_at : l->placed_at, .in = l->in,
                  .result = o->result->name, .note = str(o->note), .call = l->entry.call };
    Attempt t = { .campaign = s->campaign.id, .entry = l->entry.id, .attempts = l->entry.attempt,
                  .ended_at = l->ended_at, .callback_at = o->callback_at, .result = o->result,
                  .owner = o->owner, .placed_at = s->plan.whole ? l->placed_at : 0 };
    if (s->plan.whole ? !write_whole(s, o, err) : !update_call(s, o, &open, err))
        return false;
    if (!open)
        return true;
    if ((!s->plan.whole && !note_agent(s, l, err)) || !move_on(s, &t, l, err)
        || !stop_number(s, o, err))
        return false;
    if (!l->bridged_at && !l->in)
        return true;
    return customer_of(s, l->entry.call, &c.customer, err)
           && (!c.customer || session_touch(s, &c, err));
}

/* ---- hooks ----------------------------------------------------------------------------------- */

static bool hook(DialSession *s, HookWhen when, Record *old, Record *now, Error *err)
{
    Hook h = { .when = when, .event = "call.ended", .type = now->type, .old = old, .now = now };
    return !crm_watched(s->crm, h.event, when) || crm_hook(s->crm, &h, err);
}

static void describe(const Outcome *o, Record *r)
{
    const Line *l = o->line;
    put(r, "state", value_cstr("ended"));
    put(r, "result", value_cstr(o->result->name));
    put(r, "agent", l->agent ? value_int(l->agent) : value_null());
    put(r, "answered_at", o->answered_at ? value_int(o->answered_at) : value_null());
    put(r, "bridged_at", o->bridged_at ? value_int(o->bridged_at) : value_null());
    put(r, "ended_at", value_int(l->ended_at));
    put(r, "talk", o->bridged_at ? value_int(o->talk) : value_null());
    put(r, "wrap", o->bridged_at ? value_int(o->wrap) : value_null());
    if (o->note)
        put(r, "note", value_cstr(o->note));
}

/* The same with those who watch: one before may refuse it or write the note, one after sees it. */
static bool write_watched(DialSession *s, Outcome *o, Error *err)
{
    const Type *t = schema_type(s->crm->schema, STR("call"));
    ArenaMark mark = arena_mark(&s->scratch);
    Record *old, *now;
    bool ok = record_load(s->crm, t, o->line->entry.call, false, &s->scratch, &old, err)
              && record_load(s->crm, t, o->line->entry.call, false, &s->scratch, &now, err);
    if (ok) {
        describe(o, now);
        ok = hook(s, HOOK_BEFORE, old, now, err);
        Value note = ok ? record_value(now, "note") : value_null();
        if (note.type == VALUE_TEXT)
            o->note = str_c(note.s, &s->scratch);
        ok = ok && write_outcome(s, o, err) && hook(s, HOOK_AFTER, old, now, err);
    }
    arena_rewind(&s->scratch, mark);
    return ok;
}

bool session_watched(const DialSession *s)
{
    return crm_watched(s->crm, "call.ended", HOOK_BEFORE)
           || crm_watched(s->crm, "call.ended", HOOK_AFTER);
}

bool session_write_outcome(DialSession *s, const Over *over, Error *err)
{
    Outcome o = outcome_of(s, over);
    return write_outcome(s, &o, err);
}

/* A call that was made was made: on a live line a hook that objects is told about and passed by, in
 * a rehearsal it ends the day. */
bool session_record_outcome(DialSession *s, const Over *over, Error *err)
{
    Error refused = { 0 };
    Outcome o = outcome_of(s, over);
    if (session_watched(s)) {
        Error *to = s->plan.rehearsal ? err : &refused;
        bool ok = session_begin(s, to) && session_end(s, write_watched(s, &o, to), to);
        if (ok || s->plan.rehearsal)
            return ok;
    }
    return session_begin(s, err) && session_end(s, write_outcome(s, &o, err), err);
}

void session_outcome_written(DialSession *s, const Over *over)
{
    const ResultRow *r = outcome_of(s, over).result;
    s->last_result = r->name;
    if (over->line.in)
        return;
    s->sums.connected += r->connected;
    s->sums.appointments += r->appointment;
    s->sums.accepted += r->accepted;
    s->sums.abandoned += r == &s->results[s->of_engine[RESULT_ABANDONED]];
    pool_free(s, over->line.entry.id);
}

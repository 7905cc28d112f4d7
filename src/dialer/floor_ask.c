/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * floor_ask.c -- who dials a campaign, and what others ask of him; both sides of it.
 *
 * These tables are of the moment and not journalled: nothing of them can be undone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "dialer/floor_inside.h"

enum { WHO, TAKE, SHOW, GIVE, FORGET, STRANDED, ASK, OPEN, ANSWER, ANSWERED, WITHDRAW, SQL_COUNT };
static const Sql sql[] = {
    [WHO] = { "SELECT process, line, began, at, stopping, dials, connected, abandoned, ringing,"
              " waiting, talking, share, why FROM dialing WHERE campaign = ?1", SQL_HOT },
    [TAKE] = { "INSERT OR REPLACE INTO dialing(campaign, process, line, began, at)"
               " VALUES (?1, ?2, ?3, ?4, ?4)", 0 },
    [SHOW] = { "UPDATE dialing SET at = ?2, stopping = ?3, dials = ?4, connected = ?5,"
               " abandoned = ?6, ringing = ?7, waiting = ?8, talking = ?9, share = ?10, why = ?11,"
               " line = ?13"
               " WHERE campaign = ?1 AND process = ?12", SQL_HOT },
    [GIVE] = { "DELETE FROM dialing WHERE campaign = ?1 AND process = ?2", SQL_HOT },
    [FORGET] = { "DELETE FROM request WHERE campaign = ?1", 0 },
    /* Of a process that is gone: nobody would say this of them any more. */
    [STRANDED] = { "UPDATE agent SET state = CASE wish WHEN 'paused' THEN 'paused' ELSE 'off' END,"
                   " call = NULL, since = ?2 WHERE campaign = ?1 AND wish IS NOT NULL"
                   " AND state IN ('ready', 'talking', 'wrap-up')", 0 },
    [ASK] = { "INSERT INTO request(campaign, agent, what, result, note, callback_at, mine, by, at,"
              " supervisor) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) RETURNING id", 0 },
    [OPEN] = { "SELECT id, agent, what, result, note, callback_at, mine,"
              " supervisor FROM request"
               " WHERE campaign = ?1 AND done IS NULL ORDER BY id LIMIT 1", 0 },
    [ANSWER] = { "UPDATE request SET done = ?2, code = ?3, message = ?4, hint = ?5 WHERE id = ?1",
                 SQL_HOT },
    [ANSWERED] = { "SELECT code, message, hint FROM request WHERE id = ?1 AND done IS NOT NULL",
                   SQL_HOT },
    [WITHDRAW] = { "DELETE FROM request WHERE id = ?1", SQL_HOT },
};
const SqlTable floor_ask_sql = { "floor_ask", sql, SQL_COUNT };

enum { ANSWER_WITHIN = 5000, ASK_AGAIN = 20 };

/* ---- who dials ------------------------------------------------------------------------------- */

static void copy(char *to, size_t size, Str text)
{
    snprintf(to, size, "%.*s", STR_ARG(text));
}

/* A transaction of its own; closes the query. */
static bool run_alone(Store *st, Query *q, Error *err)
{
    bool ok = store_begin(st, err);
    if (ok && !query_run(q, err)) {
        store_rollback(st);
        ok = false;
    }
    query_close(q);
    return ok && store_commit(st, err);
}

static bool read_row(Crm *crm, int64_t campaign, bool *found, Dialer *d, Error *err)
{
    Query *q = NULL;
    *d = (Dialer){ 0 };
    if (!query_open(crm->store, &sql[WHO], &q, err))
        return false;
    query_int(q, 1, campaign);
    int got = query_next(q, err);
    *found = got > 0;
    if (*found) {
        *d = (Dialer){ .began = query_col_int(q, 2), .at = query_col_int(q, 3),
                       .stopping = query_col_int(q, 4), .dials = query_col_int(q, 5),
                       .connected = query_col_int(q, 6), .abandoned = query_col_int(q, 7),
                       .ringing = query_col_int(q, 8), .waiting = query_col_int(q, 9),
                       .talking = query_col_int(q, 10), .share = query_col_real(q, 11) };
        copy(d->process, sizeof d->process, query_col_str(q, 0));
        copy(d->line, sizeof d->line, query_col_str(q, 1));
        copy(d->why, sizeof d->why, query_col_str(q, 12));
    }
    query_close(q);
    return got >= 0;
}

bool dialer_find(Crm *crm, int64_t campaign, bool *found, Dialer *out, Error *err)
{
    if (!read_row(crm, campaign, found, out, err))
        return false;
    *found = *found && process_alive(str(out->process));
    return true;
}

static bool run_for_campaign(Floor *f, int statement, Error *err)
{
    Query *q = NULL;
    if (!query_open(f->crm->store, &sql[statement], &q, err))
        return false;
    query_int(q, 1, f->campaign.id);
    if (statement == STRANDED)
        query_int(q, 2, f->live.now);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool write_taken(Floor *f, Error *err)
{
    Query *q = NULL;
    if (!query_open(f->crm->store, &sql[TAKE], &q, err))
        return false;
    query_int(q, 1, f->campaign.id);
    query_cstr(q, 2, f->shown.process);
    query_cstr(q, 3, f->line.name);
    query_int(q, 4, f->live.now);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Within one transaction, so that of two who begin at once one is refused. */
bool dialing_take(Floor *f, Error *err)
{
    Store *st = f->crm->store;
    bool found;
    Dialer other;
    process_name(f->shown.process);
    if (!store_begin(st, err))
        return false;
    bool ok = dialer_find(f->crm, f->campaign.id, &found, &other, err);
    if (ok && found) {
        ok = fail(err, ERR_REFUSED, "campaign %s is being dialled by process %d already",
                  f->campaign.name, atoi(other.process));
        fail_hint(err, "dial stop %s ends that", f->campaign.name);
    }
    ok = ok && write_taken(f, err) && run_for_campaign(f, FORGET, err)
         && run_for_campaign(f, STRANDED, err);
    if (!ok) {
        store_rollback(st);
        return false;
    }
    return f->held = store_commit(st, err);
}

bool dialing_give(Floor *f, Error *err)
{
    Query *q = NULL;
    if (!f->held)
        return true;
    if (!leases_give(f, err) || !query_open(f->crm->store, &sql[GIVE], &q, err))
        return false;
    query_int(q, 1, f->campaign.id);
    query_cstr(q, 2, f->shown.process);
    f->held = !run_alone(f->crm->store, q, err);
    return !f->held;
}

/* ---- how it goes ----------------------------------------------------------------------------- */

static void tell_line(const Floor *f, Dialer *d)
{
    Buf text = { .max = sizeof d->line - 1 };
    driver_tell(f->live.driver, f->line.name, &text);
    copy(d->line, sizeof d->line, buf_as_str(&text));
    buf_release(&text);
}

static Dialer state_now(const Floor *f)
{
    EngineView v = engine_view(f->live.engine);
    const Ledger *before = &dial_session_rules(f->live.record)->before;
    Dialer d = f->shown;
    d.stopping = f->stopping;
    d.dials = v.dials;
    d.connected = v.connected;
    d.abandoned = v.abandoned;
    d.ringing = v.lines[LINE_PLACED] + v.lines[LINE_RINGING];
    d.waiting = v.lines[LINE_ANSWERED] + v.lines[LINE_WAITING] + v.lines[LINE_BRIDGING];
    d.talking = v.lines[LINE_TALKING];
    d.share = ledger_share((Ledger){ before->answered + v.connected + v.abandoned,
                                     before->abandoned + v.abandoned });
    tell_line(f, &d);
    snprintf(d.why, sizeof d.why, "%s%s", pace_why_text(v.pace.why),
             v.pace.held_back ? ", not ahead of agents because of the abandoned share" : "");
    return d;
}

static bool write_state(Floor *f, const Dialer *d, Error *err)
{
    Query *q = NULL;
    if (!query_open(f->crm->store, &sql[SHOW], &q, err))
        return false;
    query_int(q, 1, f->campaign.id);
    query_int(q, 2, f->live.now);
    query_int(q, 3, d->stopping);
    query_int(q, 4, d->dials);
    query_int(q, 5, d->connected);
    query_int(q, 6, d->abandoned);
    query_int(q, 7, d->ringing);
    query_int(q, 8, d->waiting);
    query_int(q, 9, d->talking);
    query_real(q, 10, d->share);
    query_cstr(q, 11, d->why);
    query_cstr(q, 12, d->process);
    query_cstr(q, 13, d->line);
    return run_alone(f->crm->store, q, err);
}

bool dialing_show(Floor *f, Error *err)
{
    Dialer d = state_now(f);
    if (memcmp(&d, &f->shown, sizeof d) == 0)
        return true;
    if (!write_state(f, &d, err))
        return false;
    f->shown = d;
    return true;
}

/* ---- the dialler's side of a request --------------------------------------------------------- */

static bool say_result(Floor *f, const Request *r, Error *err)
{
    const Agent *a = engine_find_agent(f->live.engine, r->agent);
    Seat *s = seat_find(f, r->agent);
    Result result;
    CallId call = s ? s->call : 0;
    DialSaying what = { r->result, r->note, r->callback_at, r->mine };
    if (!a || !s || a->call < 0 || (a->state != AGENT_TALKING && a->state != AGENT_WRAPUP)) {
        fail(err, ERR_REFUSED, "agent %s has no call that lacks a result", s ? s->name : "?");
        return fail_hint(err, "agent list shows who talks");
    }
    if (!dial_session_say(f->live.record, r->agent, &what, &result, err))
        return false;
    if (!engine_result(f->live.engine, f->live.now, r->agent, result, err)) {
        dial_session_unsay(f->live.record, r->agent);
        return false;
    }
    s->clearing = call;
    s->pending = true;
    return dial_session_put_down(f->live.record, f->live.now, r->agent, call, err);
}

static bool supervise(Floor *f, const Request *r, Error *err)
{
    static const char *const ways[] = { [SUPERVISE_STOP] = "silence", [SUPERVISE_LISTEN] = "listen",
                                        [SUPERVISE_WHISPER] = "whisper",
                                        [SUPERVISE_BARGE] = "barge" };
    DriverOrder o = { .kind = ORDER_SUPERVISE, .agent = r->agent, .supervisor = r->supervisor };
    for (int i = SUPERVISE_STOP; i <= SUPERVISE_BARGE; i++)
        if (strcmp(r->what, ways[i]) == 0) {
            o.how = (Supervise)i;
            return driver_do(f->live.driver, &o, err);
        }
    return fail(err, ERR_INVALID, "the dialler does not know how to '%s'", r->what);
}

static bool record(Floor *f, const Request *r, bool on, Error *err)
{
    const Agent *a = engine_find_agent(f->live.engine, r->agent);
    const Seat *s = seat_find(f, r->agent);
    if (!a || !s || a->state != AGENT_TALKING)
        return fail(err, ERR_REFUSED, "agent %s is in no call", s ? s->name : "?");
    if (!f->campaign.rules.record) {
        fail(err, ERR_REFUSED, "campaign %s is not recorded", f->campaign.name);
        return fail_hint(err, "campaign set %s record=yes, before dial start", f->campaign.name);
    }
    return driver_do(f->live.driver,
                     &(DriverOrder){ .kind = ORDER_RECORD, .call = s->call, .record = on }, err);
}

static bool serve(Floor *f, const Request *r, Error *err)
{
    if (strcmp(r->what, "stop") == 0 || strcmp(r->what, "stop now") == 0)
        return floor_ask_stop(f, strcmp(r->what, "stop") != 0), true;
    if (strcmp(r->what, "hangup") == 0)
        return engine_hangup(f->live.engine, f->live.now, r->agent, err);
    if (strcmp(r->what, "result") == 0)
        return say_result(f, r, err);
    if (strcmp(r->what, "record-off") == 0 || strcmp(r->what, "record-on") == 0)
        return record(f, r, strcmp(r->what, "record-on") == 0, err);
    if (strcmp(r->what, "incoming") == 0)
        return in_simulate(f, r->note ? r->note : "", err);
    return supervise(f, r, err);
}

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? NULL : str_c(query_col_str(q, i), a);
}

/* 1: there is one, 0: none is open, -1: failed. */
static int next_request(Floor *f, Arena *a, int64_t *id, Request *r, Error *err)
{
    Query *q = NULL;
    if (!query_open(f->crm->store, &sql[OPEN], &q, err))
        return -1;
    query_int(q, 1, f->campaign.id);
    int got = query_next(q, err);
    if (got > 0) {
        *id = query_col_int(q, 0);
        *r = (Request){ f->campaign.id, query_col_int(q, 1), text(q, 2, a), text(q, 3, a),
                        text(q, 4, a), query_col_int(q, 5), query_col_int(q, 6),
                        query_col_int(q, 7) };
    }
    query_close(q);
    return got;
}

static bool answer(Floor *f, int64_t id, const Error *said, Error *err)
{
    Query *q = NULL;
    dial_session_write(f->live.record, f->live.now);     /* what he is told is in the file */
    if (!query_open(f->crm->store, &sql[ANSWER], &q, err))
        return false;
    query_int(q, 1, id);
    query_int(q, 2, f->live.now);
    query_int(q, 3, said->code);
    query_cstr(q, 4, said->msg);
    query_cstr(q, 5, said->hint);
    return run_alone(f->crm->store, q, err);
}

bool requests_serve(Floor *f, Error *err)
{
    Arena a = { 0 };
    Request r;
    int64_t id;
    int got;
    while ((got = next_request(f, &a, &id, &r, err)) > 0) {
        Error said = { 0 };
        if (serve(f, &r, &said))
            said = (Error){ 0 };
        if (!answer(f, id, &said, err)) {
            got = -1;
            break;
        }
    }
    arena_release(&a);
    return got == 0;
}

/* ---- the side of who asks -------------------------------------------------------------------- */

static void bind_id(Query *q, int i, int64_t id)
{
    if (id)
        query_int(q, i, id);
    else
        query_null(q, i);
}

static bool put_request(Crm *crm, const Request *r, int64_t *id, Error *err)
{
    Query *q = NULL;
    if (!store_begin(crm->store, err))
        return false;
    if (!query_open(crm->store, &sql[ASK], &q, err)) {
        store_rollback(crm->store);
        return false;
    }
    query_int(q, 1, r->campaign);
    bind_id(q, 2, r->agent);
    query_cstr(q, 3, r->what);
    query_cstr(q, 4, r->result);
    query_cstr(q, 5, r->note);
    bind_id(q, 6, r->callback_at);
    query_int(q, 7, r->mine);
    query_cstr(q, 8, crm_user(crm));
    query_int(q, 9, crm_now(crm));
    bind_id(q, 10, r->supervisor);
    bool ok = query_one(q, err);
    *id = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    if (!ok)
        store_rollback(crm->store);
    return ok && store_commit(crm->store, err);
}

/* 1: answered, 0: not yet, -1: the database failed. *said is the answer. */
static int read_answer(Crm *crm, int64_t id, Error *said, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[ANSWERED], &q, err))
        return -1;
    query_int(q, 1, id);
    int got = query_next(q, err);
    if (got > 0 && query_col_int(q, 0)) {
        fail(said, (ErrCode)query_col_int(q, 0), "%.*s", STR_ARG(query_col_str(q, 1)));
        if (query_col_str(q, 2).n)
            fail_hint(said, "%.*s", STR_ARG(query_col_str(q, 2)));
    }
    query_close(q);
    return got;
}

static void withdraw(Crm *crm, int64_t id)
{
    Query *q = NULL;
    Error ignored = { 0 };
    if (!query_open(crm->store, &sql[WITHDRAW], &q, &ignored))
        return;
    query_int(q, 1, id);
    run_alone(crm->store, q, &ignored);
}

static int wait_for_answer(Crm *crm, int64_t id, Error *said, Error *err)
{
    static const struct timespec moment = { 0, ASK_AGAIN * 1000000L };
    int got = 0;
    for (int i = 0; i < ANSWER_WITHIN / ASK_AGAIN; i++) {
        if ((got = read_answer(crm, id, said, err)) != 0)
            break;
        nanosleep(&moment, NULL);
    }
    return got;
}

bool request_ask(Crm *crm, Floor *here, const Request *r, Error *err)
{
    Error said = { 0 };
    int64_t id;
    if (store_depth(crm->store) > 0)
        return fail(err, ERR_REFUSED, "nobody sees what is asked within an open transaction");
    if (!put_request(crm, r, &id, err))
        return false;
    if (here && here->campaign.id == r->campaign)
        floor_look(here);
    int got = wait_for_answer(crm, id, &said, err);
    withdraw(crm, id);
    if (got == 0) {
        fail(err, ERR_UNREACHABLE, "the dialler has not answered in %d seconds",
             ANSWER_WITHIN / 1000);
        return fail_hint(err, "dial status shows whether it is alive");
    }
    if (got > 0 && said.code)
        *err = said;
    return got > 0 && !said.code;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_call_in.c -- call in: who it is, which campaign caused it (session_caller.h), who should
 * answer; dial incoming.
 */
#include <inttypes.h>

#include "cmd/dial.h"
#include "dialer/session_caller.h"
#include "dialer/floor.h"
#include "store/journal.h"

enum { OWNER, IDLE, ADD, RESULT, SQL_COUNT };
static const Sql sql[] = {
    [OWNER] = { "SELECT id, name FROM agent WHERE user = ?1 AND state = 'ready' LIMIT 1", 0 },
    [IDLE] = { "SELECT id, name FROM agent WHERE state = 'ready'"
               " ORDER BY campaign IS NOT ?1, since LIMIT 1", 0 },
    [ADD] = { "INSERT INTO call(id, direction, campaign, customer, number, agent, mode, driver,"
              " state, result, placed_at, answered_at, ended_at, note, change) VALUES (?1, 'in',"
              " ?2, ?3, ?4, ?5, 'manual', 'manual', 'ended', ?6, ?7, ?7, ?7, ?8, ?9)", 0 },
    [RESULT] = { "SELECT 1 FROM result WHERE name = ?1", SQL_HOT },
};
const SqlTable cmd_call_in_sql = { "cmd_call_in", sql, SQL_COUNT };

typedef struct CallIn {
    const char *number, *result, *note;
    int64_t agent, within;
} CallIn;

/* Who answers, and when. */
typedef struct Answer { int64_t agent, at; const char *agent_name; } Answer;

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? NULL : str_c(query_col_str(q, i), a);
}

static bool read_number(const Call *c, const char *typed, Caller *k, Error *err)
{
    Phone p;
    if (phone_normalise(c->crm->phones, str(typed), NULL, &p) != PHONE_OK) {
        fail(err, ERR_INVALID, "'%s' could not be read as a number", typed);
        return fail_hint(err, "with country or area code: +862158307717, 021-58307717");
    }
    memcpy(k->number, p.e164, sizeof k->number);
    return true;
}

static bool find_agent(const Call *c, int statement, int64_t by, Answer *k, Error *err)
{
    Query *q = NULL;
    if (k->agent || (statement == OWNER && !by))
        return true;
    if (!query_open(c->crm->store, &sql[statement], &q, err))
        return false;
    query_int(q, 1, by);
    int got = query_next(q, err);
    if (got > 0) {
        k->agent = query_col_int(q, 0);
        k->agent_name = text(q, 1, c->arena);
    }
    query_close(q);
    return got >= 0;
}

/* ---- written down ---------------------------------------------------------------------------- */

static bool result_exists(const Call *c, const char *name, Error *err)
{
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[RESULT], &q, err))
        return false;
    query_cstr(q, 1, name);
    int got = query_next(q, err);
    query_close(q);
    if (got == 0) {
        fail(err, ERR_NOT_FOUND, "no result '%s'", name);
        fail_hint(err, "result list shows them");
    }
    return got > 0;
}

static void bind_id(Query *q, int i, int64_t id)
{
    if (id)
        query_int(q, i, id);
    else
        query_null(q, i);
}

static bool add_call(const Call *c, const Caller *k, const Answer *w, int64_t *id, Error *err)
{
    const CallIn *a = c->args;
    Query *q = NULL;
    if (!store_ids(c->crm->store, "call", 1, id, err)
        || !query_open(c->crm->store, &sql[ADD], &q, err))
        return false;
    query_int(q, 1, *id);
    bind_id(q, 2, k->campaign);
    bind_id(q, 3, k->customer);
    query_cstr(q, 4, k->number);
    bind_id(q, 5, w->agent);
    query_cstr(q, 6, a->result);
    query_int(q, 7, w->at);
    query_cstr(q, 8, a->note);
    query_int(q, 9, journal_current(c->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static void put(Record *r, const char *field, Value v)
{
    record_put_value(r, type_field(r->type, str(field)), v);
}

static bool add_touch(const Call *c, const Caller *k, int64_t at, int64_t call, Error *err)
{
    const CallIn *a = c->args;
    if (!k->customer)
        return true;
    Record *r = record_new(schema_type(c->crm->schema, STR("touch")), c->arena);
    put(r, "customer", value_int(k->customer));
    put(r, "at", value_int(at));
    put(r, "channel", value_cstr("phone"));
    put(r, "direction", value_cstr("in"));
    put(r, "result", value_cstr(a->result));
    put(r, "call", value_int(call));
    if (a->note)
        put(r, "note", value_cstr(a->note));
    return record_add(c->crm, r, err);
}

/* ---- the command ----------------------------------------------------------------------------- */

static const Column columns[] = {
    { "call", KIND_INT, 0 }, { "number", KIND_PHONE, 0 }, { "customer", KIND_INT, 0 },
    { "name", KIND_TEXT, 0 }, { "org", KIND_TEXT, 0 }, { "owner", KIND_TEXT, 0 },
    { "campaign", KIND_TEXT, 0 }, { "because", KIND_TEXT, 0 }, { "agent", KIND_TEXT, 0 }, { 0 }
};

static bool show(const Call *c, const Caller *k, const Answer *w, int64_t call, Error *err)
{
    const Value row[] = {
        value_int(call), value_cstr(k->number),
        k->customer ? value_int(k->customer) : value_null(), value_cstr(k->name),
        value_cstr(k->org), value_cstr(k->owner_name), value_cstr(k->campaign_name),
        value_cstr(k->because), value_cstr(w->agent_name) };
    c->out->one = true;
    if (!k->customer)
        ui_note(c->ui, "nobody has this number: customer add phone=%s name=...", k->number);
    else if (k->others)
        ui_note(c->ui, "%" PRId64 " more have this number: find %s", k->others, k->number);
    return out_begin(c->out, columns, -1, err) && out_row(c->out, row, err);
}

static bool in_run(const Call *c, Error *err)
{
    const CallIn *a = c->args;
    Caller k = { 0 };
    Answer w = { .at = crm_now(c->crm), .agent = a->agent };
    int64_t call;
    if (a->agent)
        w.agent_name = record_label(c->crm, schema_type(c->crm->schema, STR("agent")), a->agent,
                                    c->arena);
    return read_number(c, a->number, &k, err) && result_exists(c, a->result, err)
           && caller_find(c->crm, a->within ? a->within : caller_within(c->crm), c->arena, &k, err)
           && find_agent(c, OWNER, k.owner, &w, err) && find_agent(c, IDLE, k.campaign, &w, err)
           && add_call(c, &k, &w, &call, err) && add_touch(c, &k, w.at, call, err)
           && show(c, &k, &w, call, err);
}

static const Command call_in = {
    .name = "call in",
    .summary = "Somebody calls: who it is, which campaign caused it, who should answer",
    .detail =
        "The call is stored and credited to the campaign of the last call to the customer, or, "
        "when a letter, mail or message went out later, to the one that has the customer on its "
        "list. The owner of the customer should answer, when ready, else the agent who has been "
        "idle longest, those of the campaign first.",
    .args = (const Arg[]){
        { "number", ARG_TEXT, 0, "who calls", AT(CallIn, number) },
        { "--agent", ARG_RECORD, ARG_OPTIONAL, "who answers", AT(CallIn, agent), .of = "agent" },
        { "--result", ARG_TEXT, ARG_OPTIONAL, "how it ended", AT(CallIn, result),
          .fallback = "answered" },
        { "--note", ARG_TEXT, ARG_OPTIONAL, "what was said", AT(CallIn, note) },
        { "--within", ARG_DURATION, ARG_OPTIONAL, "how long ago the campaign may have caused it; "
          "as setting inbound.days says unless given", AT(CallIn, within) },
        { 0 } },
    .args_size = sizeof(CallIn),
    .columns = columns,
    .need = MAY_DIAL,
    .flags = COMMAND_WRITES,
    .run = in_run,
    .examples = (const Example[]){
        { "call in 021-58307717", "who it is, and why" },
        { "call in +12125550142 --note 询价", "with what was said" },
        { 0 } },
};

/* ---- dial incoming --------------------------------------------------------------------------- */

typedef struct Incoming { const char *number; int64_t campaign; } Incoming;

static bool incoming_run(const Call *c, Error *err)
{
    const Incoming *a = c->args;
    Request r = { .what = "incoming", .note = a->number };
    Dialing *d = c->session->dialing;
    if (!dial_in_earnest(c, err))
        return false;
    if (d && d->simulated) {
        bool rings = drivers_call_in(d->live.driver, a->number, err);
        dialing_catch_up(d);
        return rings;
    }
    return dial_which(c, a->campaign, &r.campaign, err)
           && request_ask(c->crm, c->session->floor, &r, err);
}

static const Command dial_incoming = {
    .name = "dial incoming",
    .summary = "Let somebody call in on the simulated line, to rehearse it",
    .detail = "The process that dials takes the call as it would on a real line: the customer is "
              "recognised, the campaign credited, the owner or an idle agent gets the call, else "
              "the customer waits for the campaign's hold_seconds and is called back. Who works "
              "with dial preview answers with dial take. A number '' is withheld.",
    .args = (const Arg[]){
        { "number", ARG_TEXT, 0, "who calls", AT(Incoming, number) },
        { "campaign", ARG_RECORD, ARG_OPTIONAL, "who takes it, when several are being dialled",
          AT(Incoming, campaign), .of = "campaign" },
        { 0 } },
    .args_size = sizeof(Incoming),
    .need = MAY_DIAL,
    .run = incoming_run,
};

const Command *const call_in_commands[] = { &call_in, &dial_incoming, NULL };

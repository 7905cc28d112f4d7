/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_monitor.c -- monitor: who talks with whom; monitor listen, whisper, barge: a supervisor takes
 * part; dial record: the recording of a call pauses or goes on.  Each time is written down before
 * anything is asked, refusals included.
 */
#include "cmd/agent.h"
#include "dialer/floor.h"
#include "store/journal.h"

enum { AGENTS, CALL_OF, OUTCOME, SQL_COUNT };
static const Sql sql[] = {
    [AGENTS] = { "SELECT a.name, g.name, a.state, now() - a.since, a.reason, c.id, k.id, k.name,"
                 " c.number FROM agent a LEFT JOIN campaign g ON g.id = a.campaign"
                 " LEFT JOIN call c ON c.id = a.call LEFT JOIN customer k ON k.id = c.customer"
                 " WHERE a.state <> 'off' AND (?1 IS NULL OR a.campaign = ?1)"
                 " ORDER BY a.call IS NULL, a.since, a.id", 0 },
    [CALL_OF] = { "SELECT call, state, name FROM agent WHERE id = ?1", SQL_HOT },
    [OUTCOME] = { "UPDATE supervision SET outcome = ?2, change = ?3 WHERE id = ?1", SQL_HOT },
};
const SqlTable cmd_monitor_sql = { "cmd_monitor", sql, SQL_COUNT };

/* ---- monitor --------------------------------------------------------------------------------- */

typedef struct MonitorArgs { int64_t campaign; } MonitorArgs;

static const Column columns[] = {
    { "agent", KIND_TEXT, 0 }, { "campaign", KIND_TEXT, 0 }, { "state", KIND_TEXT, 0 },
    { "lasted", KIND_DURATION, 0 }, { "reason", KIND_TEXT, COLUMN_SPARE }, { "call", KIND_INT, 0 },
    { "customer", KIND_INT, 0 }, { "name", KIND_TEXT, COLUMN_FOLD }, { "number", KIND_PHONE, 0 },
    { 0 }
};
enum { COLUMNS = sizeof columns / sizeof *columns - 1 };

static bool monitor_run(const Call *c, Error *err)
{
    const MonitorArgs *a = c->args;
    Query *q = NULL;
    int more = -1;
    if (!query_open(c->crm->store, &sql[AGENTS], &q, err))
        return false;
    if (a->campaign)
        query_int(q, 1, a->campaign);
    else
        query_null(q, 1);
    bool ok = out_begin(c->out, columns, -1, err);
    while (ok && (more = query_next(q, err)) > 0) {
        Value row[COLUMNS];
        for (int i = 0; i < COLUMNS; i++)
            row[i] = query_col(q, i);
        ok = out_row(c->out, row, err);
    }
    query_close(q);
    return ok && more == 0;
}

/* ---- listen, whisper, barge, stop ------------------------------------------------------------ */

typedef struct ListenArgs { int64_t agent, as; } ListenArgs;

typedef struct Subject { int64_t call, campaign; const char *state, *name; } Subject;

static bool subject_get(const Call *c, int64_t agent, Subject *s, Error *err)
{
    Query *q = NULL;
    if (!campaign_of_agent(c, agent, &s->campaign, err)
        || !query_open(c->crm->store, &sql[CALL_OF], &q, err))
        return false;
    query_int(q, 1, agent);
    bool ok = query_one(q, err);
    if (ok) {
        s->call = query_col_int(q, 0);
        s->state = str_c(query_col_str(q, 1), c->arena);
        s->name = str_c(query_col_str(q, 2), c->arena);
    }
    query_close(q);
    return ok;
}

static void put(Record *r, const char *field, Value v)
{
    record_put_value(r, type_field(r->type, str(field)), v);
}

static bool write_down(const Call *c, const Request *r, const Subject *s, int64_t *id, Error *err)
{
    Record *row = record_new(schema_type(c->crm->schema, STR("supervision")), c->arena);
    put(row, "agent", value_int(r->agent));
    if (r->supervisor)
        put(row, "supervisor", value_int(r->supervisor));
    put(row, "how", value_cstr(r->what));
    put(row, "at", value_int(crm_now(c->crm)));
    put(row, "user", value_cstr(crm_user(c->crm)));
    if (s->call)
        put(row, "call", value_int(s->call));
    bool ok = store_begin(c->crm->store, err);
    if (!ok)
        return false;
    journal_describe(c->crm->store, str(c->line));
    if (!record_add(c->crm, row, err)) {
        store_rollback(c->crm->store);
        return false;
    }
    *id = row->id;
    return store_commit(c->crm->store, err);
}

/* What came of it, in a transaction of its own; `what` is not lost when this fails. */
static void write_outcome(const Call *c, int64_t id, const char *what)
{
    Store *st = c->crm->store;
    Query *q = NULL;
    Error ignored = { 0 };
    if (!store_begin(st, &ignored))
        return;
    bool ok = query_open(st, &sql[OUTCOME], &q, &ignored);
    if (ok) {
        query_int(q, 1, id);
        query_cstr(q, 2, what);
        query_int(q, 3, journal_current(st));
        ok = query_run(q, &ignored);
        query_close(q);
    }
    if (ok)
        store_commit(st, &ignored);
    else
        store_rollback(st);
}

static bool check(const Call *c, const Request *r, const Subject *s, Error *err)
{
    bool alive = false;
    Dialer d;
    if (!r->supervisor) {
        fail(err, ERR_NOT_FOUND, "no agent is named %s as you are: whose phone is to ring?",
             crm_user(c->crm));
        return fail_hint(err, "--as NAME, or agent add name=%s phone=...", crm_user(c->crm));
    }
    if (r->supervisor == r->agent)
        return fail(err, ERR_REFUSED, "nobody listens to himself");
    if (s->campaign && !dialer_find(c->crm, s->campaign, &alive, &d, err))
        return false;
    if (alive && strcmp(s->state, "off") != 0)
        return true;
    fail(err, ERR_REFUSED, "agent %s is not at work on a campaign that is dialled", s->name);
    return fail_hint(err, "monitor shows who is");
}

static bool supervise(const Call *c, const char *how, Error *err)
{
    const ListenArgs *a = c->args;
    Request r = { .agent = a->agent, .what = how };
    Subject s = { 0 };
    int64_t id;
    if (c->dry_run)
        return fail(err, ERR_REFUSED, "%s cannot be rehearsed", c->cmd->name);
    if (!agent_me(c, a->as, &r.supervisor, err) || !subject_get(c, a->agent, &s, err)
        || !write_down(c, &r, &s, &id, err))
        return false;
    r.campaign = s.campaign;
    bool ok = check(c, &r, &s, err) && request_ask(c->crm, c->session->floor, &r, err);
    write_outcome(c, id, ok ? "taken" : err->msg);
    if (ok)
        ui_note(c->ui, strcmp(how, "silence") == 0 ? "nobody hears agent %s any more"
                                                   : "agent %s: your phone rings", s.name);
    return ok;
}

static bool listen_run(const Call *c, Error *err)
{
    return supervise(c, "listen", err);
}

static bool whisper_run(const Call *c, Error *err)
{
    return supervise(c, "whisper", err);
}

static bool barge_run(const Call *c, Error *err)
{
    return supervise(c, "barge", err);
}

static bool stop_run(const Call *c, Error *err)
{
    return supervise(c, "silence", err);
}

/* ---- the recording --------------------------------------------------------------------------- */

typedef struct RecordArgs { const char *to; int64_t agent; } RecordArgs;

static bool record_run(const Call *c, Error *err)
{
    const RecordArgs *a = c->args;
    Request r = { .what = strcmp(a->to, "on") == 0 ? "record-on" : "record-off" };
    Subject s = { 0 };
    bool alive = false;
    Dialer d;
    int64_t id;
    if (c->dry_run)
        return fail(err, ERR_REFUSED, "%s cannot be rehearsed", c->cmd->name);
    if (!agent_me(c, a->agent, &r.agent, err))
        return false;
    if (!r.agent)
        return fail(err, ERR_NOT_FOUND, "no agent is named %s as you are", crm_user(c->crm));
    if (!subject_get(c, r.agent, &s, err) || !write_down(c, &r, &s, &id, err))
        return false;
    r.campaign = s.campaign;
    bool ok = !r.campaign || dialer_find(c->crm, r.campaign, &alive, &d, err);
    if (ok && !alive)
        ok = fail(err, ERR_REFUSED, "agent %s is in no call that a dialler carries", s.name);
    ok = ok && request_ask(c->crm, c->session->floor, &r, err);
    write_outcome(c, id, ok ? "taken" : err->msg);
    return ok;
}

/* ---- definitions ----------------------------------------------------------------------------- */

#define LISTEN_ARGS (const Arg[]){ \
    { "agent", ARG_RECORD, 0, "whose calls", AT(ListenArgs, agent), .of = "agent" }, \
    { "--as", ARG_RECORD, ARG_OPTIONAL, "the agent whose phone rings; you unless named", \
      AT(ListenArgs, as), .of = "agent" }, \
    { 0 } }

static const Command monitor = {
    .name = "monitor", .summary = "Show who talks with whom, and for how long",
    .args = (const Arg[]){
        { "campaign", ARG_RECORD, ARG_OPTIONAL, "only this campaign", AT(MonitorArgs, campaign),
          .of = "campaign" },
        { 0 } },
    .args_size = sizeof(MonitorArgs), .columns = columns, .run = monitor_run,
    .examples = (const Example[]){
        { "monitor", "agents at work; watch 1s monitor repeats it" },
        { "monitor demo --json", "of one campaign, for a program" },
        { 0 } },
};

static const Command monitor_listen = {
    .name = "monitor listen", .summary = "Hear an agent's calls",
    .detail = "The supervisor's phone is called. Each time is written down: supervision list.",
    .args = LISTEN_ARGS, .args_size = sizeof(ListenArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX, .run = listen_run,
};

static const Command monitor_whisper = {
    .name = "monitor whisper", .summary = "Speak to an agent in a call, unheard by the customer",
    .args = LISTEN_ARGS, .args_size = sizeof(ListenArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX, .run = whisper_run,
};

static const Command monitor_barge = {
    .name = "monitor barge", .summary = "Join an agent's call: both hear you",
    .args = LISTEN_ARGS, .args_size = sizeof(ListenArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX, .run = barge_run,
};

static const Command monitor_stop = {
    .name = "monitor stop", .summary = "Hear an agent no more",
    .args = LISTEN_ARGS, .args_size = sizeof(ListenArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX, .run = stop_run,
};

static const char *const switchings[] = { "off", "on", NULL };

static const Command dial_record = {
    .name = "dial record", .summary = "Pause the recording of a call, or go on with it",
    .detail = "For what must not be kept, such as the number of a card. Each time is written down: "
              "supervision list.",
    .args = (const Arg[]){
        { "to", ARG_CHOICE, 0, "off pauses, on goes on", AT(RecordArgs, to),
          .choices = switchings },
        { "--agent", ARG_RECORD, ARG_OPTIONAL, "whose call; you unless named",
          AT(RecordArgs, agent), .of = "agent" },
        { 0 } },
    .args_size = sizeof(RecordArgs), .need = MAY_DIAL,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX, .run = record_run,
};

const Command *const monitor_commands[] = {
    &monitor, &monitor_listen, &monitor_whisper, &monitor_barge, &monitor_stop,
    &dial_record, NULL
};

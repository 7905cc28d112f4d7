/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial.c -- dial simulate: a campaign's day rehearsed on the simulated line, with the lists and
 * the rules as they are, in a transaction that is rolled back unless the day is to be kept.
 */
#include <inttypes.h>

#include "cmd/dial.h"
#include "dialer/simday.h"
#include "model/filter.h"
#include "model/list.h"
#include "model/select.h"
#include "store/journal.h"

enum { AGENTS_OF, SQL_COUNT };
static const Sql sql[] = {
    [AGENTS_OF] = { "SELECT id FROM agent WHERE campaign = ?1 ORDER BY id LIMIT ?2", 0 },
};
const SqlTable cmd_dial_sql = { "cmd_dial", sql, SQL_COUNT };

enum { AGENTS_MOST = 2000, HOURS_MOST = 24 * 7, ASK_EVERY = 1024 };

typedef struct SimulateArgs {
    int64_t campaign, agents, seed, at;
    double hours, answer;
    bool keep;
} SimulateArgs;

/* ---- the agents ------------------------------------------------------------------------------ */

static bool named_agent(const Call *c, int64_t i, AgentId *out, Error *err)
{
    const Type *t = schema_type(c->crm->schema, STR("agent"));
    const char *name = arena_printf(c->arena, "sim-%" PRId64, i);
    Error missing = { 0 };
    if (record_find(c->crm, t, str(name), out, &missing))
        return true;
    if (missing.code != ERR_NOT_FOUND)
        return *err = missing, false;
    Record *r = record_new(t, c->arena);
    if (!record_put(c->crm, r, STR("name"), FIELD_SET, str(name), c->arena, err)
        || !record_add(c->crm, r, err))
        return false;
    *out = r->id;
    return true;
}

bool simulated_agents(const Call *c, AgentId *ids, int n, Error *err)
{
    for (int i = 0; i < n; i++)
        if (!named_agent(c, i + 1, &ids[i], err))
            return false;
    return true;
}

static bool is_in(const AgentId *ids, int n, AgentId id)
{
    for (int i = 0; i < n; i++)
        if (ids[i] == id)
            return true;
    return false;
}

/* Those of the campaign first, then made-up ones. */
static bool gather_agents(const Call *c, const SimulateArgs *a, AgentId *ids, Error *err)
{
    Query *q = NULL;
    int n = 0, more;
    if (!query_open(c->crm->store, &sql[AGENTS_OF], &q, err))
        return false;
    query_int(q, 1, a->campaign);
    query_int(q, 2, a->agents);
    while ((more = query_next(q, err)) > 0)
        ids[n++] = query_col_int(q, 0);
    query_close(q);
    for (int64_t i = 1; more == 0 && n < a->agents; i++) {
        if (!named_agent(c, i, &ids[n], err))
            return false;
        n += !is_in(ids, n, ids[n]);
    }
    return more == 0;
}

/* ---- when the day begins --------------------------------------------------------------------- */

static int64_t midnight(const Zone *z, int64_t at, int days)
{
    Civil day = civil_at(z, at);
    day.day += days;
    day.hour = day.minute = day.second = day.ms = 0;
    return civil_time(z, &day);
}

/* Opening and last closing of the day that begins at `from`; false: closed all day. */
static bool opening(const Hours *h, const Zone *z, int64_t from, int64_t to, int64_t *opens,
                    int64_t *closes)
{
    int64_t at = from;
    *opens = 0;
    while (at < to) {
        bool open = hours_open(h, z, at);
        if (open && !*opens)
            *opens = at;
        at = hours_change(h, z, at);
        if (open)
            *closes = at < to ? at : to;
    }
    return *opens != 0;
}

/* The opening of today's hours unless they are over, else the next one. */
static bool day_begins(const Call *c, const DialCampaign *campaign, int64_t *out, Error *err)
{
    const Zone *z = c->crm->zone;
    int64_t now = crm_now(c->crm), opens, closes = 0;
    for (int day = 0; day <= 7 + campaign->hours.n_holidays; day++) {
        int64_t from = midnight(z, now, day);
        if (!opening(&campaign->hours, z, from, midnight(z, now, day + 1), &opens, &closes)
            || closes <= now)
            continue;
        bool always = hours_change(&campaign->hours, z, opens) == INT64_MAX;
        *out = always ? opens + 9 * INT64_C(3600000) : opens;
        return true;
    }
    fail(err, ERR_REFUSED, "hours %s never open", campaign->hours_name);
    return fail_hint(err, "hours set %s spec='Mon-Fri 09:00-20:00', or give --at",
                     campaign->hours_name);
}

/* ---- the report ------------------------------------------------------------------------------ */

typedef struct Day {
    const SimulateArgs *args;
    DialCampaign campaign;
    int64_t start, reconciled;
    int64_t left;                   /* entries that were not done in the evening */
    SimReport report;
    DialSums sums;
} Day;

static const Column columns[] = {
    { "campaign", KIND_TEXT, 0 }, { "agents", KIND_INT, 0 }, { "hours", KIND_NUMBER, 0 },
    { "seed", KIND_INT, 0 }, { "began", KIND_TIME, 0 }, { "dials", KIND_INT, 0 },
    { "connected", KIND_INT, 0 }, { "connect_rate", KIND_PERCENT, 0 },
    { "appointments", KIND_INT, 0 }, { "appointment_rate", KIND_PERCENT, 0 },
    { "accepted", KIND_INT, 0 }, { "acceptance_rate", KIND_PERCENT, 0 },
    { "abandoned", KIND_INT, 0 }, { "abandoned_share", KIND_PERCENT, 0 },
    { "no_answer", KIND_INT, 0 }, { "busy", KIND_INT, 0 }, { "bad_number", KIND_INT, 0 },
    { "machine", KIND_INT, 0 }, { "failed", KIND_INT, 0 }, { "refused", KIND_INT, 0 },
    { "not_interested", KIND_INT, 0 }, { "callback", KIND_INT, 0 }, { "wrong_number", KIND_INT, 0 },
    { "do_not_call", KIND_INT, 0 }, { "talk_per_hour", KIND_NUMBER, 0 }, { "wait", KIND_NUMBER, 0 },
    { "left", KIND_INT, 0 }, { "exhausted_at", KIND_TIME, 0 }, { "unlisted", KIND_INT, 0 }, { 0 }
};

static Value share(int64_t part, int64_t whole)
{
    return whole ? value_real((double)part / (double)whole) : value_null();
}

/* To one decimal: more would be false precision. */
static Value tenths(double x)
{
    return value_real((double)(int64_t)(x * 10 + 0.5) / 10);
}

static Value whole_number(double x)
{
    return x == (double)(int64_t)x ? value_int((int64_t)x) : value_real(x);
}

static bool report_row(const Call *c, const Day *d, Error *err)
{
    const EngineView *v = &d->report.view;
    const DialSums *s = &d->sums;
    const int64_t *spent = d->report.spent, *r = v->results;
    int64_t staffed = spent[AGENT_READY] + spent[AGENT_PREVIEW] + spent[AGENT_DIALLING]
                      + spent[AGENT_TALKING] + spent[AGENT_WRAPUP];
    const Value row[] = {
        value_cstr(d->campaign.name),
        value_int(d->args->agents),
        whole_number(d->args->hours),
        value_int(d->args->seed),
        value_int(d->start),
        value_int(s->dials),
        value_int(s->connected),
        share(s->connected, s->dials),
        value_int(s->appointments),
        share(s->appointments, s->connected),
        value_int(s->accepted),
        share(s->accepted, s->appointments),
        value_int(s->abandoned),
        share(s->abandoned, v->connected + s->abandoned),
        value_int(r[RESULT_NO_ANSWER]),
        value_int(r[RESULT_BUSY]),
        value_int(r[RESULT_BAD_NUMBER]),
        value_int(r[RESULT_MACHINE]),
        value_int(r[RESULT_FAILED]),
        value_int(r[RESULT_REFUSED]),
        value_int(r[RESULT_NOT_INTERESTED]),
        value_int(r[RESULT_CALLBACK]),
        value_int(r[RESULT_WRONG_NUMBER]),
        value_int(r[RESULT_DO_NOT_CALL]),
        staffed ? tenths(60.0 * (double)spent[AGENT_TALKING] / (double)staffed) : value_null(),
        s->connected ? tenths((double)spent[AGENT_READY] / 1000 / (double)s->connected)
                     : value_null(),
        value_int(d->left),
        s->exhausted_at ? value_int(s->exhausted_at) : value_null(),
        value_int(v->unlisted),
    };
    _Static_assert(sizeof row / sizeof *row == sizeof columns / sizeof *columns - 1,
                   "a value a column");
    c->out->one = true;
    return out_begin(c->out, columns, -1, err) && out_row(c->out, row, err);
}

/* "09 ▅  10 ▇": the fullest hour is a whole block. */
static void note_hours(const Call *c, const DialSums *s)
{
    static const char *const bars[] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };
    int64_t most = 0;
    int first = 24, last = -1;
    Buf b = { 0 };
    for (int h = 0; h < 24; h++)
        if (s->by_hour[h]) {
            first = h < first ? h : first;
            last = h;
            most = s->by_hour[h] > most ? s->by_hour[h] : most;
        }
    for (int h = first; h <= last; h++)
        buf_printf(&b, "  %02d %s", h, s->by_hour[h] ? bars[(8 * s->by_hour[h] - 1) / most] : "·");
    if (b.n)
        ui_note(c->ui, "calls by hour %s", b.s);
    buf_release(&b);
}

static void note_day(const Call *c, const Day *d, bool kept)
{
    const SimulateArgs *a = d->args;
    if (d->reconciled)
        ui_note(c->ui, "%" PRId64 " calls that a dead session had left open have failed",
                d->reconciled);
    ui_note(c->ui, "%s of %s, %" PRId64 " agents, %.1f h, seed %" PRId64 " (%s)",
            kept ? "simulated day" : "rehearsal", d->campaign.name, a->agents, a->hours, a->seed,
            kept ? "stored; undo takes it back" : "nothing stored; --keep stores");
    note_hours(c, &d->sums);
    if (!d->sums.dials)
        ui_note(c->ui, "nothing could be dialled; why campaign %s shows what holds the list back",
                d->campaign.name);
}

/* ---- the day --------------------------------------------------------------------------------- */

typedef struct Watch { const Call *call; DialSession *session; int turns; bool interrupted; } Watch;

static bool go_on(void *self, int64_t now)
{
    Watch *w = self;
    Error trouble;
    Ui *ui = w->call->ui;
    (void)now;
    if (++w->turns % ASK_EVERY == 0 && ui && ui->interrupted)
        w->interrupted = ui->interrupted(ui);
    return !w->interrupted && dial_session_ok(w->session, &trouble);
}

static SimWorld world_of(const SimulateArgs *a, const Crm *crm, int64_t start)
{
    SimWorld w = world_defaults();
    w.utc_offset_ms = zone_offset(crm->zone, start) * INT64_C(1000);
    for (int h = 0; h < 24 && a->answer > 0; h++)
        w.answer[h] = a->answer;
    return w;
}

static bool run_day(const Call *c, Day *d, DialSession *s, const AgentId *agents, Error *err)
{
    const SimulateArgs *a = d->args;
    SimWorld world = world_of(a, c->crm, d->start);
    Watch w = { .call = c, .session = s };
    SimDay day = { .engine = dial_session_rules(s),
                   .world = &world,
                   .seed = (uint64_t)a->seed,
                   .agents = agents,
                   .nagents = (int)a->agents,
                   .start = d->start,
                   .end = d->start + (int64_t)(a->hours * 3600000),
                   .supply = dial_session_supply(s),
                   .observer = dial_session_observer(s),
                   .go_on = go_on,
                   .self = &w };
    Error broken = { 0 };
    bool ok = sim_run_day(&day, &d->report, &broken);
    if (!dial_session_ok(s, err))
        return false;
    if (!ok)
        return *err = broken, false;
    d->sums = dial_session_sums(s);
    return dial_session_finish(s, d->report.ended_at, err);
}

static bool count_left(const Call *c, Day *d, Error *err)
{
    const Type *entry = schema_type(c->crm->schema, STR("entry"));
    const char *text = arena_printf(c->arena, "list=%" PRId64 " state!=done", d->campaign.list);
    Filter open;
    return filter_text(c->crm, entry, str(text), c->arena, &open, err)
           && select_count(c->crm, entry, &open, &d->left, err);
}

static bool rehearse(const Call *c, Day *d, Error *err)
{
    const SimulateArgs *a = d->args;
    DialSession *s = NULL;
    AgentId *agents = ARENA_ARRAY(c->arena, AgentId, a->agents + 1);
    if (!dial_campaign(c->crm, a->campaign, c->arena, &d->campaign, err))
        return false;
    if (strcmp(d->campaign.state, "running") != 0
        && !campaign_set_state(c->crm, a->campaign, "running", c->arena, err))
        return false;
    d->start = a->at;
    if ((!d->start && !day_begins(c, &d->campaign, &d->start, err))
        || !gather_agents(c, a, agents, err))
        return false;
    DialPlan plan = { .campaign = &d->campaign, .driver = "sim", .rehearsal = true,
                      .whole = !c->crm->hook, .now = d->start, .seed = a->seed,
                      .agents = (int)a->agents };
    if (!dial_session_open(c->crm, &plan, &s, err))
        return false;
    d->reconciled = dial_session_reconciled(s);
    bool ok = run_day(c, d, s, agents, err);
    dial_session_free(s);
    return ok && count_left(c, d, err);
}

static bool check_args(const SimulateArgs *a, Error *err)
{
    if (a->agents > AGENTS_MOST)
        return fail(err, ERR_INVALID,
                    "%" PRId64 " agents are more than the %d that can be simulated", a->agents,
                    AGENTS_MOST);
    if (!(a->hours > 0 && a->hours <= HOURS_MOST))
        return fail(err, ERR_INVALID, "--hours %g is not between 0 and %d", a->hours, HOURS_MOST);
    if (a->answer > 1)
        return fail(err, ERR_INVALID, "--answer %g is not a share between 0 and 1", a->answer);
    return true;
}

static bool simulate_run(const Call *c, Error *err)
{
    SimulateArgs a = *(const SimulateArgs *)c->args;
    Store *st = c->crm->store;
    Day d = { .args = &a };
    bool kept = a.keep && !c->dry_run;
    if (!a.seed)
        a.seed = c->session->seed ? (int64_t)(c->session->seed & INT64_MAX) : 1;
    if (!check_args(&a, err) || !store_begin(st, err))
        return false;
    if (store_depth(st) == 1)
        journal_describe(st, str(c->line));
    bool ok = rehearse(c, &d, err);
    if (ok && kept)
        ok = store_commit(st, err);
    else
        store_rollback(st);
    if (!ok || !report_row(c, &d, err))
        return false;
    note_day(c, &d, kept);
    return true;
}

static const Command dial_simulate = {
    .name = "dial simulate",
    .summary = "Rehearse a campaign's day on the simulated line",
    .detail = "Lists, rules and calling hours are the real ones, the customers' behaviour is made "
              "of the seed: the same seed gives the same day. Nothing is stored unless --keep is "
              "given. A campaign that does not run yet is started for the rehearsal. The day "
              "begins at today's opening of the calling hours, or at the next one. talk_per_hour "
              "is minutes per hour of an agent at work, wait is seconds that agents were idle per "
              "connected call, unlisted counts events of the line that had no meaning.",
    .args = (const Arg[]){
        { "campaign", ARG_RECORD, 0, "which campaign", AT(SimulateArgs, campaign),
          .of = "campaign" },
        { "--agents", ARG_INT, ARG_OPTIONAL, "how many agents: those of the campaign first",
          AT(SimulateArgs, agents), .fallback = "5", .least = 1 },
        { "--hours", ARG_NUMBER, ARG_OPTIONAL, "how long the day is", AT(SimulateArgs, hours),
          .fallback = "8" },
        { "--seed", ARG_INT, ARG_OPTIONAL, "of the day (default: --seed of the program, else 1)",
          AT(SimulateArgs, seed), .least = 1 },
        { "--at", ARG_TIME, ARG_OPTIONAL, "when the day begins", AT(SimulateArgs, at) },
        { "--answer", ARG_NUMBER, ARG_OPTIONAL,
          "share of calls that a person answers, 0.3 (default: it varies by the hour)",
          AT(SimulateArgs, answer) },
        { "--keep", ARG_FLAG, ARG_OPTIONAL, "store the day", AT(SimulateArgs, keep) },
        { 0 } },
    .args_size = sizeof(SimulateArgs),
    .columns = columns,
    .need = MAY_DIAL,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX,
    .run = simulate_run,
    .examples = (const Example[]){
        { "dial simulate demo --agents 5 --hours 8 --seed 1", "a day, rolled back" },
        { "dial simulate demo --agents 5 --hours 8 --seed 1 --keep", "the same day, stored" },
        { 0 } },
};

const Command *const dial_commands[] = { &dial_simulate, NULL };

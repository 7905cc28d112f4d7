/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_preview.c -- dial preview, go, skip, take, hangup, result: what an agent says.
 *
 * Each prints one row: what the agent has before him now.
 */
#include <inttypes.h>

#include "cmd/agent.h"
#include "cmd/dial.h"
#include "cmd/why.h"
#include "model/callback.h"
#include "store/journal.h"

enum { WITH_WHOM, SQL_COUNT };
static const Sql sql[] = {
    [WITH_WHOM] = { "SELECT c.campaign, c.customer FROM agent a JOIN call c ON c.id = a.call"
                    " WHERE a.id = ?1", 0 },
};
const SqlTable cmd_dial_preview_sql = { "cmd_dial_preview", sql, SQL_COUNT };

enum { TALK_MOST = 10 * 60000, RING_MOST = 5 * 60000, CLEAR_MOST = 1000 };

/* ---- who works ------------------------------------------------------------------------------- */

static bool add_agent(const Call *c, DialBegin *b, Error *err)
{
    const Type *t = schema_type(c->crm->schema, STR("agent"));
    Record *r = record_new(t, c->arena);
    journal_run_begin(c->crm->store, crm_user(c->crm), str(c->line));
    bool ok = record_put(c->crm, r, STR("name"), FIELD_SET, str(crm_user(c->crm)), c->arena, err)
              && record_add(c->crm, r, err);
    journal_run_end(c->crm->store);
    if (!ok)
        return false;
    b->agent = r->id;
    b->agent_name = crm_user(c->crm);
    ui_note(c->ui, "agent %s added", crm_user(c->crm));
    return true;
}

/* The agent that was named, else the one who is the user. */
static bool find_agent(const Call *c, DialBegin *b, Error *err)
{
    if (!agent_me(c, b->agent, &b->agent, err))
        return false;
    if (!b->agent)
        return add_agent(c, b, err);
    b->agent_name = record_label(c->crm, schema_type(c->crm->schema, STR("agent")), b->agent,
                                 c->arena);
    return true;
}

/* The work under way, brought up to now. */
static bool at_work(const Call *c, Dialing **out, Error *err)
{
    *out = c->session->dialing;
    if (!*out) {
        fail(err, ERR_REFUSED, "nobody is dialling here");
        return fail_hint(err, "dial preview CAMPAIGN begins");
    }
    dialing_catch_up(*out);
    return dial_in_earnest(c, err);
}

static bool refuse_state(const Dialing *d, const char *what, const char *hint, Error *err)
{
    fail(err, ERR_REFUSED, "%s (agent %s: %s)", what, d->agent_name,
         agent_state_name(dialing_state(d)));
    return fail_hint(err, "%s", hint);
}

/* ---- the commands ---------------------------------------------------------------------------- */

typedef struct PreviewArgs { int64_t campaign, agent, seed; } PreviewArgs;

static bool preview_run(const Call *c, Error *err)
{
    const PreviewArgs *a = c->args;
    DialBegin b = { .campaign = a->campaign, .agent = a->agent, .title = c->line,
                    .seed = a->seed ? (uint64_t)a->seed : c->session->seed ? c->session->seed : 1 };
    return dial_in_earnest(c, err) && find_agent(c, &b, err) && dialing_open(c->session, &b, err)
           && dial_card_row(c, c->session->dialing, err);
}

typedef struct GoArgs { int64_t customer; } GoArgs;

/* The one who is named is before him, instead of the next of the list. */
static bool choose(Dialing *d, int64_t customer, Error *err)
{
    AgentState state = dialing_state(d);
    Error ignored = { 0 };
    if (!customer || (state == AGENT_PREVIEW && d->card.customer == customer))
        return true;
    if (state != AGENT_PREVIEW && state != AGENT_READY)
        return refuse_state(d, "nobody can be dialled", "one call after the other", err);
    if (!dial_session_choose(d->live.record, d->live.now, d->agent, customer, err))
        return false;
    engine_agent(d->live.engine, d->live.now, d->agent, AGENT_READY, &ignored);
    dialing_catch_up(d);
    return d->card.customer == customer
           || fail(err, ERR_REFUSED, "customer %" PRId64 " cannot be dialled now", customer);
}

static bool go_run(const Call *c, Error *err)
{
    const GoArgs *a = c->args;
    Dialing *d;
    if (!at_work(c, &d, err))
        return false;
    if (!dialing_linked(d)) {
        fail(err, ERR_UNREACHABLE, "switch %s is not connected", d->lines->name);
        return fail_hint(err, "dialer test %s shows what is wrong", d->lines->name);
    }
    if (!choose(d, a->customer, err))
        return false;
    if (dialing_state(d) == AGENT_READY) {
        fail(err, ERR_REFUSED, "nothing in list %s may be dialled now", d->campaign.list_name);
        return fail_hint(err, "why campaign %s shows why", d->campaign.name);
    }
    if (dialing_state(d) != AGENT_PREVIEW)
        return refuse_state(d, "nothing to dial", "one call after the other", err);
    if (!engine_dial(d->live.engine, d->live.now, d->agent, err)) {
        Error ignored = { 0 };
        engine_agent(d->live.engine, d->live.now, d->agent, AGENT_READY, &ignored);
        dialing_catch_up(d);
        return false;
    }
    dialing_catch_up(d);
    if (!c->session->loop)
        dialing_run_while(d, AGENT_DIALLING, RING_MOST);
    return dial_card_row(c, d, err);
}

typedef struct SkipArgs { const char *why; } SkipArgs;

static bool skip_run(const Call *c, Error *err)
{
    const SkipArgs *a = c->args;
    Dialing *d;
    if (!at_work(c, &d, err))
        return false;
    if (dialing_state(d) != AGENT_PREVIEW)
        return refuse_state(d, "nothing to skip", "dial status shows where you are", err);
    if (!engine_skip(d->live.engine, d->live.now, d->agent, str(a->why), err))
        return false;
    if (!dial_session_ok(d->live.record, err))
        return false;
    dialing_catch_up(d);
    return dial_card_row(c, d, err);
}

static bool take_run(const Call *c, Error *err)
{
    Dialing *d;
    if (!at_work(c, &d, err))
        return false;
    AgentState state = dialing_state(d);
    if (state != AGENT_PREVIEW && state != AGENT_READY)
        return refuse_state(d, "nobody can be answered", "one call after the other", err);
    return dial_callers_take(d, err) && dial_card_row(c, d, err);
}

/* Of an agent whose calls another process dials, or this one for several. */
static bool ask_dialler(const Call *c, int64_t named, Request *r, Error *err)
{
    bool alive = false;
    Dialer d;
    if (!dial_in_earnest(c, err) || !agent_me(c, named, &r->agent, err)
        || !campaign_of_agent(c, r->agent, &r->campaign, err)
        || (r->campaign && !dialer_find(c->crm, r->campaign, &alive, &d, err)))
        return false;
    if (alive)
        return request_ask(c->crm, c->session->floor, r, err);
    fail(err, ERR_REFUSED, "nobody is dialling here");
    return fail_hint(err, "dial preview CAMPAIGN begins");
}

typedef struct HangupArgs { int64_t agent; } HangupArgs;

static bool hangup_run(const Call *c, Error *err)
{
    const HangupArgs *a = c->args;
    Dialing *d;
    if (!c->session->dialing)
        return ask_dialler(c, a->agent, &(Request){ .what = "hangup" }, err);
    if (!at_work(c, &d, err))
        return false;
    AgentState state = dialing_state(d);
    if (state != AGENT_DIALLING && state != AGENT_TALKING)
        return refuse_state(d, "no call to hang up", "dial go dials", err);
    if (!engine_hangup(d->live.engine, d->live.now, d->agent, err))
        return false;
    dialing_run_while(d, state, CLEAR_MOST);
    return dial_card_row(c, d, err);
}

typedef struct ResultArgs {
    const char *result, *note;
    int64_t agent, at;
    bool mine;
} ResultArgs;

static bool check_saying(const ResultArgs *a, int64_t now, Error *err)
{
    if ((a->at || a->mine) && strcmp(a->result, "callback") != 0) {
        fail(err, ERR_USAGE, "%s is said of a callback, not of '%s'", a->at ? "--at" : "--mine",
             a->result);
        return fail_hint(err, "dial result callback --at ...");
    }
    return !a->at || a->at > now
           || fail(err, ERR_INVALID, "the time of the callback has passed already");
}

static bool check_result(const Dialing *d, const ResultArgs *a, Error *err)
{
    if (!check_saying(a, d->live.now, err))
        return false;
    AgentState state = dialing_state(d);
    if (!dialing_in_call(d) || (state != AGENT_TALKING && state != AGENT_WRAPUP))
        return refuse_state(d, "no call that lacks a result", "dial go dials", err);
    return true;
}

/* A time at which it will not be dialled is worth a word while the customer is there to be asked
 * for another; what cannot be found out is not said. */
static void look_ahead(const Call *c, int64_t agent, const ResultArgs *a)
{
    Query *q = NULL;
    Error ignored;
    Verdicts held;
    Callback b = { .at = a->at, .agent = a->mine ? agent : 0 };
    if (!a->at || !query_open(c->crm->store, &sql[WITH_WHOM], &q, &ignored))
        return;
    query_int(q, 1, agent);
    if (query_one(q, &ignored)) {
        b.campaign = query_col_int(q, 0);
        b.customer = query_col_int(q, 1);
    }
    query_close(q);
    if (b.customer && callback_ahead(c->crm, &b, c->arena, &held, &ignored))
        why_held(c, &held);
}

static bool result_run(const Call *c, Error *err)
{
    const ResultArgs *a = c->args;
    Dialing *d;
    Result engine;
    Error ignored;
    if (!c->session->dialing) {
        Request r = { .what = "result", .result = a->result, .note = a->note, .callback_at = a->at,
                      .mine = a->mine };
        if (!check_saying(a, crm_now(c->crm), err) || !agent_me(c, a->agent, &r.agent, err))
            return false;
        look_ahead(c, r.agent, a);
        return ask_dialler(c, a->agent, &r, err);
    }
    if (!at_work(c, &d, err) || !check_result(d, a, err))
        return false;
    look_ahead(c, d->agent, a);
    DialSaying what = { a->result, a->note, a->at, a->mine };
    if (!dial_session_say(d->live.record, d->agent, &what, &engine, err))
        return false;
    if (!dialing_has_loop(d))
        dialing_run_while(d, AGENT_TALKING, TALK_MOST);
    if (!engine_result(d->live.engine, d->live.now, d->agent, engine, err)) {
        dial_session_unsay(d->live.record, d->agent);
        return false;
    }
    if (!dial_session_put_down(d->live.record, d->live.now, d->agent, d->call, err))
        return false;
    dialing_run_out(d);
    engine_agent(d->live.engine, d->live.now, d->agent, AGENT_READY, &ignored);
    dialing_catch_up(d);
    return dial_session_ok(d->live.record, err) && dial_card_row(c, d, err);
}

/* ---- definitions ----------------------------------------------------------------------------- */

static const Command dial_preview = {
    .name = "dial preview",
    .summary = "Work a campaign at the prompt: see each customer first, then dial or skip",
    .detail =
        "Calls go over the switch that is enabled (switch list), else over the simulated line; a "
        "soft phone or a program that dials will do. The agent is the one whose user you are, or "
        "the one named like your account. What happens is told above the prompt; in a script time "
        "is turned forward on the simulated line until the agent is needed, and waited for on a "
        "real one.",
    .args = (const Arg[]) { { "campaign", ARG_RECORD, 0, "which campaign",
                              AT(PreviewArgs, campaign), .of = "campaign" },
                            { "--agent", ARG_RECORD, ARG_OPTIONAL, "who works",
                              AT(PreviewArgs, agent), .of = "agent" },
                            { "--seed", ARG_INT, ARG_OPTIONAL, "of the simulated line",
                              AT(PreviewArgs, seed), .least = 1 },
                            { 0 } },
    .args_size = sizeof(PreviewArgs),
    .need = MAY_DIAL,
    .run = preview_run,
    .examples = (const Example[]){
        { "dial preview demo",
          "the first customer, before anything is dialled" },
        { 0 } },
};

static const Command dial_go = {
    .name = "dial go",
    .summary = "Dial the customer that is shown, or one that you choose",
    .args = (const Arg[]){
        { "customer", ARG_RECORD, ARG_OPTIONAL,
          "one on the campaign's list; who is shown comes later",
          AT(GoArgs, customer), .of = "customer" },
        { 0 } },
    .args_size = sizeof(GoArgs),
    .need = MAY_DIAL,
    .run = go_run,
    .examples = (const Example[]){
        { "dial preview demo; dial go",
          "call who is shown" },
        { "dial preview demo; dial go 101", "call this one" },
        { 0 } },
};

static const Command dial_skip = {
    .name = "dial skip",
    .summary = "Pass over the customer that is shown; it comes again later",
    .detail =
        "The skip is stored as a touch with the result 'skipped'. The entry rests for a day, or "
        "as a recycle rule for 'skipped' says. `report skips` counts them.",
    .args = (const Arg[]) { { "--why", ARG_TEXT, ARG_OPTIONAL, "the reason", AT(SkipArgs, why) },
                            { 0 } },
    .args_size = sizeof(SkipArgs),
    .need = MAY_DIAL,
    .run = skip_run,
    .examples = (const Example[]){
        { "dial preview demo; dial skip --why 'called this morning'",
          "the next one instead" },
        { 0 } },
};

static const Command dial_take = {
    .name = "dial take",
    .summary = "Answer who calls in at your soft phone while you work with dial preview",
    .detail =
        "Who it is, and for which campaign, is told above the prompt when it rings. The customer "
        "whom you looked at comes again. Say how it ended with `dial result`. A call that you "
        "answer at the phone itself stays your own; who gives up is written down as missed and "
        "called back. On a switch with many phones `dial start` answers calls in.",
    .need = MAY_DIAL,
    .run = take_run,
    .examples = (const Example[]){
        { "dial preview demo; dial incoming 13800138000; dial take", "on the simulated line" },
        { 0 } },
};

static const Command dial_hangup = {
    .name = "dial hangup",
    .summary = "Hang up; after a talk the result is still to be said",
    .detail = "Where calls are handed to a program that has ended, the phone itself hangs up.",
    .args = (const Arg[]){ { "--agent", ARG_RECORD, ARG_OPTIONAL, "whose call; yours unless named",
                             AT(HangupArgs, agent), .of = "agent" }, { 0 } },
    .args_size = sizeof(HangupArgs),
    .need = MAY_DIAL,
    .run = hangup_run,
    .examples = (const Example[]){
        { "dial preview demo; dial go; dial hangup",
          "end the talk" },
        { 0 } },
};

static const Command dial_result = {
    .name = "dial result",
    .summary = "Say how the call ended; the next customer is shown",
    .args = (const Arg[]){
        { "result", ARG_TEXT, 0, "one of those that result list shows", AT(ResultArgs, result) },
        { "--note", ARG_TEXT, ARG_OPTIONAL, "what was said", AT(ResultArgs, note) },
        { "--at", ARG_TIME, ARG_OPTIONAL, "when to call back", AT(ResultArgs, at) },
        { "--mine", ARG_FLAG, ARG_OPTIONAL, "the agent himself calls back", AT(ResultArgs, mine) },
        { "--agent", ARG_RECORD, ARG_OPTIONAL, "whose call; yours unless named",
          AT(ResultArgs, agent), .of = "agent" },
        { 0 } },
    .args_size = sizeof(ResultArgs),
    .need = MAY_DIAL,
    .run = result_run,
    .examples = (const Example[]){
        { "dial preview demo; dial go; dial hangup; dial result appointment",
          "how it ended; the next one" },
        { 0 } },
};

const Command *const dial_preview_commands[] = {
    &dial_preview, &dial_go, &dial_skip, &dial_take, &dial_hangup, &dial_result, NULL
};

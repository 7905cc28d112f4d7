/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_desk.c -- see dial.h: engine, simulated line and record of one agent at the prompt.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/dial.h"
#include "dialer/drive.h"
#include "dialer/sim.h"

enum { LOOK_AGAIN_MS = 30000, TURNS_MOST = 10000 };

/* ---- what happens is told -------------------------------------------------------------------- */

static void say(Dialing *d, const Line *l, const char *what)
{
    ui_note(d->session->ui, "call %" PRId64 ": %s", l->entry.call, what);
}

static void changed(void *self, int64_t now, const Line *l, LineState from)
{
    Dialing *d = self;
    (void)now, (void)from;
    if (d->closing)
        return;
    switch (l->state) {
    case LINE_RINGING:
        say(d, l, "ringing");
        break;
    case LINE_TALKING:
        ui_note(d->session->ui,
                "call %" PRId64 ": talking with %s; `dial result RESULT` says how it "
                "ended",
                l->entry.call, *d->card.name ? d->card.name : d->card.number);
        break;
    case LINE_WRAPUP:
        say(d, l, l->by == BY_CUSTOMER ? "the customer hung up; dial result RESULT"
                                       : "the talk is over; dial result RESULT");
        break;
    default:
        break;
    }
}

static void placed(void *self, int64_t now, const Line *l)
{
    Dialing *d = self;
    (void)now;
    d->call = l->entry.call;
    d->result = NULL;
}

static void ended(void *self, int64_t now, const Line *l)
{
    Dialing *d = self;
    Error err = { 0 };
    Observer record = dial_session_observer(d->record);
    record.ended(record.self, now, l);
    d->result = dial_session_last_result(d->record);
    if (!dial_session_ok(d->record, &err))
        ui_warn(d->session->ui, "call %" PRId64 " could not be written down yet: %s", l->entry.call,
                err.msg);
    else
        say(d, l, d->result);
}

static void agent_changed(void *self, int64_t now, const Agent *a, AgentState from)
{
    Observer record = dial_session_observer(((Dialing *)self)->record);
    record.agent(record.self, now, a, from);
}

static void note(void *self, int64_t now, CallId call, const char *text)
{
    Dialing *d = self;
    (void)now, (void)call;
    ui_warn(d->session->ui, "%s", text);
}

/* ---- time ------------------------------------------------------------------------------------ */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_event(const Dialing *d)
{
    return earlier(d->driver->ops->next(d->driver), engine_wake(d->engine));
}

static void turn_to(Dialing *d, int64_t now)
{
    if (now > d->now)
        d->now = now;
    d->driver->ops->advance(d->driver, d->now);
    drive(d->engine, d->driver, d->now);
}

/* All that is due by now, in order. */
static void settle(Dialing *d, int64_t now)
{
    for (int turns = 0; next_event(d) < now && turns < TURNS_MOST; turns++)
        turn_to(d, next_event(d));
    turn_to(d, now);
    for (int turns = 0; next_event(d) <= d->now && turns < TURNS_MOST; turns++)
        turn_to(d, d->now);
}

/* A free agent is shown the next entry. */
static void offer(Dialing *d)
{
    Entry entry;
    Error err = { 0 };
    if (d->closing || dialing_state(d) != AGENT_READY)
        return;
    bool first = d->look_at == 0;
    if (engine_offer(d->engine, d->now, d->agent, &entry, &err)
        && dial_card_read(d, &entry, &err)) {
        d->look_at = 0;
        dial_card_note(d);
        return;
    }
    d->card = (DialCard){ .name = "", .last_result = "" };
    d->look_at = d->now + LOOK_AGAIN_MS;
    if (first)
        ui_note(d->session->ui, "%s; why campaign %s shows what holds the list back", err.msg,
                d->campaign.name);
}

static void fire(void *ctx, int64_t now);

static void arm(Dialing *d)
{
    Loop *loop = d->session->loop;
    if (!loop)
        return;
    if (d->timer)
        loop_cancel(loop, d->timer);
    int64_t at = next_event(d);
    if (d->look_at)
        at = earlier(at, d->look_at);
    d->timer = at == NEVER ? NULL : loop_timer(loop, at, fire, d);
}

void dialing_catch_up(Dialing *d)
{
    settle(d, crm_now(d->session->crm));
    offer(d);
    arm(d);
}

static void fire(void *ctx, int64_t now)
{
    Dialing *d = ctx;
    (void)now;
    d->timer = NULL;
    dialing_catch_up(d);
}

void dialing_run_while(Dialing *d, AgentState state, int64_t most_ms)
{
    int64_t end = d->now + most_ms;
    turn_to(d, d->now);                   /* what was ordered goes out first */
    while (dialing_state(d) == state && next_event(d) <= end)
        turn_to(d, next_event(d));
    if (dialing_state(d) == state)
        turn_to(d, end);
    while (engine_view(d->engine).lines[LINE_BRIDGING] > 0 && next_event(d) <= end)
        turn_to(d, next_event(d));        /* he hears the customer in a moment */
    offer(d);
    arm(d);
}

void dialing_run_out(Dialing *d)
{
    int64_t end = d->now + 1000;
    turn_to(d, d->now);
    while (dialing_in_call(d) && next_event(d) <= end)
        turn_to(d, next_event(d));
}

/* ---- looking --------------------------------------------------------------------------------- */

AgentState dialing_state(const Dialing *d)
{
    const Agent *a = engine_find_agent(d->engine, d->agent);
    return a ? a->state : AGENT_OFF;
}

bool dialing_in_call(const Dialing *d)
{
    return engine_view(d->engine).live > 0;
}

bool dialing_has_loop(const Dialing *d)
{
    return d->session->loop != NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void dialing_free(Dialing *d)
{
    if (d->timer)
        loop_cancel(d->session->loop, d->timer);
    engine_free(d->engine);
    if (d->driver)
        d->driver->ops->close(d->driver);
    dial_session_free(d->record);
    arena_release(&d->arena);
    arena_release(&d->card_arena);
    free(d);
}

static bool begin_record(Dialing *d, uint64_t seed, Error *err)
{
    DialPlan plan = { .campaign = &d->campaign, .driver = "sim", .title = d->title, .now = d->now,
                      .seed = (int64_t)(seed & INT64_MAX), .agents = 1 };
    return dial_session_open(d->session->crm, &plan, &d->record, err);
}

static void begin_engine(Dialing *d, uint64_t seed)
{
    EngineConfig rules = *dial_session_rules(d->record);
    Observer observer = { d, placed, changed, ended, agent_changed, note };
    SimWorld world = world_defaults();
    Error err = { 0 };
    rules.pacing.mode = PACE_PREVIEW;
    rules.wrap_ms = 0;                    /* nobody else waits for him */
    world.utc_offset_ms = zone_offset(d->session->crm->zone, d->now) * INT64_C(1000);
    d->engine = engine_new(&rules, dial_session_supply(d->record), observer, d->now);
    d->driver = sim_open(&world, seed, d->now, drive_sink(d->engine));
    engine_start(d->engine, d->now);
    settle(d, d->now);
    engine_agent(d->engine, d->now, d->agent, AGENT_READY, &err);
    settle(d, d->now);
}

bool dialing_open(Session *s, const DialBegin *b, Error *err)
{
    if (s->dialing) {
        fail(err, ERR_REFUSED, "campaign %s is being dialled here already",
             s->dialing->campaign.name);
        return fail_hint(err, "dial stop ends that");
    }
    Dialing *d = xalloc(sizeof *d);
    d->session = s;
    d->now = crm_now(s->crm);
    d->agent = b->agent;
    d->agent_name = arena_strdup(&d->arena, b->agent_name);
    d->title = arena_strdup(&d->arena, b->title);
    d->card = (DialCard){ .name = "", .last_result = "" };
    bool ok = dial_campaign(s->crm, b->campaign, &d->arena, &d->campaign, err);
    if (ok && strcmp(d->campaign.state, "running") != 0) {
        ok = fail(err, ERR_REFUSED, "campaign %s is %s", d->campaign.name, d->campaign.state);
        fail_hint(err, "campaign start %s", d->campaign.name);
    }
    if (strcmp(d->campaign.mode, "manual") != 0)
        d->campaign.mode = "preview"; /* how these calls are dialled, whatever the campaign says */
    if (!ok || !begin_record(d, b->seed, err)) {
        dialing_free(d);
        return false;
    }
    begin_engine(d, b->seed);
    s->dialing = d;
    if (dial_session_reconciled(d->record))
        ui_note(s->ui, "%" PRId64 " calls that a dead session had left open have failed",
                dial_session_reconciled(d->record));
    dialing_catch_up(d);
    return true;
}

/* The agent cannot be asked any more. */
static void break_off(Dialing *d)
{
    Error err = { 0 };
    Result ignored;
    engine_hangup(d->engine, d->now, d->agent, &err);
    dial_session_say(d->record, d->agent, result_name(RESULT_FAILED), "the session was closed", 0,
                     &ignored, &err);
    engine_result(d->engine, d->now, d->agent, RESULT_NOT_INTERESTED, &err);
}

bool dialing_end(Session *s, bool force, DialSums *sums, Error *err)
{
    Dialing *d = s->dialing;
    AgentState state = dialing_state(d);
    Error late = { 0 };
    settle(d, crm_now(s->crm));
    if (!force && dialing_in_call(d) && (state == AGENT_TALKING || state == AGENT_WRAPUP)) {
        fail(err, ERR_REFUSED, "call %" PRId64 " has no result yet", d->call);
        return fail_hint(err, "dial result RESULT says how it ended");
    }
    d->closing = true;
    engine_stop(d->engine, d->now, false);
    if (dialing_in_call(d))
        break_off(d);
    dialing_run_out(d);
    engine_agent(d->engine, d->now, d->agent, AGENT_OFF, &late);
    settle(d, d->now);
    bool ok = dial_session_finish(d->record, d->now, err);
    *sums = dial_session_sums(d->record);
    s->dialing = NULL;
    dialing_free(d);
    return ok;
}

void dialing_close(Session *s)
{
    Error err = { 0 };
    DialSums sums;
    if (s->dialing && !dialing_end(s, true, &sums, &err))
        ui_warn(s->ui, "not all calls could be written down: %s", err.msg);
}

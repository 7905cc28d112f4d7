/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_desk.c -- see dial.h: engine, line and record of one agent at the prompt.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "cmd/agent.h"
#include "cmd/dial.h"
#include "dialer/session_switch.h"

enum { LOOK_AGAIN_MS = 30000 };
enum { READY_MOST = 40000, END_MOST = 3000, TURN_MS = 20 };    /* waiting on a real line */

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
        ui_note(d->session->ui, "call %" PRId64 ": %s %s; `dial result RESULT` says how it ended%s",
                l->entry.call, d->hears ? "talking with" : "dialled,",
                *d->card.name ? d->card.name : d->card.number,
                d->hears ? "" : ", busy and no-answer, too");
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
    (void)now;
    d->result = dial_session_last_result(d->live.record);
    if (!dial_session_ok(d->live.record, &err))
        ui_warn(d->session->ui, "call %" PRId64 " could not be written down yet: %s", l->entry.call,
                err.msg);
    else
        say(d, l, d->result);
}

static void note(void *self, int64_t now, CallId call, const char *text)
{
    Dialing *d = self;
    (void)now, (void)call;
    ui_warn(d->session->ui, "%s", text);
}

/* The link of a real line, and who calls in. */
static void heard(void *self, const DriverEvent *ev)
{
    Dialing *d = self;
    dial_callers_heard(d, ev);
    if (d->simulated || d->closing)
        return;
    if (ev->kind == DRIVER_LINK_UP)
        ui_note(d->session->ui, "switch %s is connected", d->lines->name);
    else if (ev->kind == DRIVER_LINK_DOWN)
        ui_warn(d->session->ui, "the link to switch %s is lost; it is tried again", d->lines->name);
}

/* ---- time ------------------------------------------------------------------------------------ */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* A free agent is shown the next entry. */
static void offer(Dialing *d)
{
    Entry entry;
    Error err = { 0 };
    if (d->closing || dialing_state(d) != AGENT_READY)
        return;
    bool first = d->look_at == 0;
    int64_t callback_at = dial_session_look(d->live.record);
    if (engine_offer(d->live.engine, d->live.now, d->agent, &entry, &err)
        && dial_card_read(d, &entry, &err)) {
        d->look_at = 0;
        dial_card_note(d);
        return;
    }
    d->card = (DialCard){ .name = "", .last_result = "" };
    d->look_at = earlier(d->live.now + LOOK_AGAIN_MS,
                         callback_at > d->live.now ? callback_at : NEVER);
    if (first)
        ui_note(d->session->ui, "%s; why campaign %s shows what holds the list back", err.msg,
                d->campaign.name);
}

static void fire(void *ctx, int64_t now);

static void arm(Dialing *d)
{
    Loop *loop = d->loop;
    if (!loop)
        return;
    if (d->timer)
        loop_cancel(loop, d->timer);
    int64_t at = live_next(&d->live);
    if (d->look_at)
        at = earlier(at, d->look_at);
    d->timer = at == NEVER ? NULL : loop_timer(loop, at, fire, d);
}

/* The agent is there once the line is. */
static void arrive(Dialing *d)
{
    Error err = { 0 };
    if (d->arrived || d->closing || !dialing_linked(d))
        return;
    d->arrived = true;
    engine_agent(d->live.engine, d->live.now, d->agent, AGENT_READY, &err);
    live_settle(&d->live, d->live.now);
}

/* A turn of the loop of a real line, which nobody else turns now. */
static bool pump(Dialing *d, int wait_ms)
{
    Error err = { 0 };
    bool ok = loop_turn(d->loop, wait_ms, &err);
    live_settle(&d->live, crm_now(d->session->crm));
    arrive(d);
    return ok && !ui_interrupted(d->session->ui);
}

void dialing_catch_up(Dialing *d)
{
    if (d->own_loop)
        pump(d, 0);
    live_settle(&d->live, crm_now(d->session->crm));
    arrive(d);
    dial_callers_missed(d);
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

/* Right behind events of a driver that lives in the loop. */
static void stir(void *self)
{
    dialing_catch_up(self);
}

static void wait_while(Dialing *d, AgentState state, int64_t most_ms)
{
    int64_t end = crm_now(d->session->crm) + most_ms;
    live_settle(&d->live, crm_now(d->session->crm));
    while (d->own_loop && dialing_state(d) == state && d->live.now < end && pump(d, TURN_MS))
        ;
    dialing_catch_up(d);
}

void dialing_run_while(Dialing *d, AgentState state, int64_t most_ms)
{
    int64_t end = d->live.now + most_ms;
    if (!d->simulated) {
        wait_while(d, state, most_ms);
        return;
    }
    live_turn(&d->live, d->live.now);                   /* what was ordered goes out first */
    while (dialing_state(d) == state && live_next(&d->live) <= end)
        live_turn(&d->live, live_next(&d->live));
    if (dialing_state(d) == state)
        live_turn(&d->live, end);
    while (engine_view(d->live.engine).lines[LINE_BRIDGING] > 0 && live_next(&d->live) <= end)
        live_turn(&d->live, live_next(&d->live));        /* he hears the customer in a moment */
    offer(d);
    arm(d);
}

void dialing_run_out(Dialing *d)
{
    int64_t end = d->live.now + (d->simulated ? 1000 : END_MOST);
    live_turn(&d->live, d->live.now);
    while (!d->simulated && (d->own_loop || d->closing) && dialing_in_call(d) && d->live.now < end
           && pump(d, TURN_MS))
        ;
    while (d->simulated && dialing_in_call(d) && live_next(&d->live) <= end)
        live_turn(&d->live, live_next(&d->live));
}

/* ---- looking --------------------------------------------------------------------------------- */

AgentState dialing_state(const Dialing *d)
{
    const Agent *a = engine_find_agent(d->live.engine, d->agent);
    return a ? a->state : AGENT_OFF;
}

bool dialing_in_call(const Dialing *d)
{
    return engine_view(d->live.engine).live > 0;
}

bool dialing_linked(const Dialing *d)
{
    return engine_view(d->live.engine).linked;
}

bool dialing_has_loop(const Dialing *d)
{
    return d->loop != NULL;
}

/* ---- life ------------------------------------------------------------------------------------ */

static void dialing_free(Dialing *d)
{
    if (d->timer)
        loop_cancel(d->loop, d->timer);
    live_release(&d->live);
    if (d->own_loop)
        loop_free(d->own_loop);
    arena_release(&d->arena);
    arena_release(&d->card_arena);
    free(d);
}

/* Over which switch: the one that is enabled, else the simulated line. */
static bool choose_line(Dialing *d, Error *err)
{
    Crm *crm = d->session->crm;
    if (!dial_switches(crm, &d->arena, &d->lines, &d->n_lines, err))
        return false;
    const DriverType *type = driver_type(d->lines->adapter);
    d->simulated = strcmp(d->lines->adapter, "sim") == 0;
    d->hears = type && (type->can & DRIVER_HEARS);
    d->takes = d->simulated || (type && (type->can & (DRIVER_TAKES | DRIVER_MANY)) == DRIVER_TAKES);
    d->loop = d->session->loop;
    if (d->simulated)
        return true;
    if (!dial_switches_serve(d->lines, d->n_lines, &d->campaign, err))
        return false;
    if (!d->loop && !crm->clock->fixed)
        d->loop = d->own_loop = loop_new(crm->clock, err);
    else if (!d->loop)
        fail(err, ERR_REFUSED, "a real line needs a clock that runs");
    return d->loop && store_sync_full(crm->store, err);
}

static bool begin_record(Dialing *d, uint64_t seed, Error *err)
{
    DialPlan plan = { .campaign = &d->campaign, .driver = d->lines->adapter, .title = d->title,
                      .now = d->live.now, .seed = (int64_t)(seed & INT64_MAX), .agents = 1 };
    Observer watcher = { d, placed, changed, ended, NULL, note };
    DialSession *record;
    if (!dial_session_open(d->session->crm, &plan, &record, err))
        return false;
    EngineConfig rules = *dial_session_rules(record);
    rules.pacing.mode = PACE_PREVIEW;
    rules.play[0] = '\0';                 /* he speaks himself */
    rules.wrap_ms = 0;                    /* nobody else waits for him */
    rules.unheard = !d->hears;
    live_begin(&d->live, record, &rules, watcher, d->live.now);
    d->live.self = d;
    d->live.stir = stir;
    d->live.heard = heard;
    return true;
}

static bool phone_of(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    return dial_phone(((Dialing *)self)->session->crm, agent, out);
}

static bool home_of(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    return dial_home(((Dialing *)self)->session->crm, agent, out);
}

/* What others have up on the switch is theirs, those who work the same campaign included; what a
 * dead session left there is cleared away. */
static bool is_left_over(void *self, CallId call)
{
    return !dial_call_is_open(((Dialing *)self)->session->crm, call);
}

static bool begin_engine(Dialing *d, uint64_t seed, Error *err)
{
    SimWorld world = world_defaults();
    world.utc_offset_ms = zone_offset(d->session->crm->zone, d->live.now) * INT64_C(1000);
    DriverHost host = { .loop = d->simulated ? NULL : d->loop, .sink = live_sink(&d->live),
                        .self = d, .phone = phone_of, .home = home_of, .mine = is_left_over,
                        .now = d->live.now, .seed = seed, .world = &world };
    d->live.driver = drivers_open(d->lines, d->n_lines, &host, err);
    if (!d->live.driver)
        return false;
    engine_start(d->live.engine, d->live.now);
    live_settle(&d->live, d->live.now);
    arrive(d);
    return true;
}

bool dialing_open(Session *s, const DialBegin *b, Error *err)
{
    if (s->dialing) {
        fail(err, ERR_REFUSED, "campaign %s is being dialled here already",
             s->dialing->campaign.name);
        return fail_hint(err, "dial stop ends that");
    }
    Error ignored = { 0 };
    Dialing *d = xalloc(sizeof *d);
    d->session = s;
    d->live.now = crm_now(s->crm);
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
    if (!ok || !choose_line(d, err) || !begin_record(d, b->seed, err)
        || !begin_engine(d, b->seed, err)) {
        dialing_free(d);
        return false;
    }
    s->dialing = d;
    if (!dial_session_desk(d->live.record, d->agent, true, &ignored))
        ui_warn(s->ui, "that agent %s is here could not be written: %s", d->agent_name,
                ignored.msg);
    if (dial_session_reconciled(d->live.record))
        ui_note(s->ui, "%" PRId64 " calls that a dead session had left open have failed",
                dial_session_reconciled(d->live.record));
    dialing_catch_up(d);
    if (d->own_loop) {                    /* its phone is rung once the switch is there */
        dialing_run_while(d, AGENT_OFF, READY_MOST);
        dialing_run_while(d, AGENT_PAUSED, READY_MOST);
    }
    return true;
}

/* The agent cannot be asked any more. */
static void break_off(Dialing *d)
{
    Error err = { 0 };
    Result ignored;
    engine_hangup(d->live.engine, d->live.now, d->agent, &err);
    DialSaying failed = { result_name(RESULT_FAILED), "the session was closed", 0, false };
    dial_session_say(d->live.record, d->agent, &failed, &ignored, &err);
    engine_result(d->live.engine, d->live.now, d->agent, RESULT_NOT_INTERESTED, &err);
}

bool dialing_end(Session *s, bool force, DialSums *sums, Error *err)
{
    Dialing *d = s->dialing;
    AgentState state = dialing_state(d);
    Error late = { 0 };
    live_settle(&d->live, crm_now(s->crm));
    if (!force && dialing_in_call(d) && (state == AGENT_TALKING || state == AGENT_WRAPUP)) {
        fail(err, ERR_REFUSED, "call %" PRId64 " has no result yet", d->call);
        return fail_hint(err, "dial result RESULT says how it ended");
    }
    d->closing = true;
    engine_stop(d->live.engine, d->live.now, false);
    if (dialing_in_call(d))
        break_off(d);
    dialing_run_out(d);
    engine_agent(d->live.engine, d->live.now, d->agent, AGENT_OFF, &late);
    live_settle(&d->live, d->live.now);
    bool ok = dial_session_finish(d->live.record, d->live.now, err)
              && dial_session_desk(d->live.record, d->agent, false, err);
    *sums = dial_session_sums(d->live.record);
    s->dialing = NULL;
    dialing_free(d);
    return ok;
}

int dial_calls_up(const Session *s)
{
    return (s->dialing ? engine_view(s->dialing->live.engine).live : 0)
           + (s->floor ? floor_calls(s->floor) : 0);
}

void dialing_close(Session *s)
{
    Error err = { 0 };
    DialSums sums;
    agent_unwatch(s);
    dialler_close(s);
    if (s->dialing && !dialing_end(s, true, &sums, &err))
        ui_warn(s->ui, "not all calls could be written down: %s", err.msg);
}

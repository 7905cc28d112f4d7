/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/engine.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/engine_inside.h"

#define BATCH 64   /* calls placed in one turn: one write of intents covers them all, and the
                      rest of a large decision waits until what came meanwhile was heard */
#define STORE_RETRY_MS 5000
#define CLOCK_JUMP_MS 5000
#define REFUSALS_TOO_MANY 5 /* a switch that refuses this many in a row would burn the whole list */
#define DEAD_TOO_MANY 10    /* so would a carrier that takes no calls: with 5 % of calls that fail,
                               ten in a row come once in 10^13 */
#define REST_FIRST_MS 5000
#define REST_MOST_MS 300000

EngineConfig engine_defaults(void)
{
    return (EngineConfig){
        .pacing = pacing_defaults(),
        .detect_machine = true,
        .unsaid = RESULT_FAILED,
        .patience_ms = 2000,
        .hold_ms = 60000,
        .classify_ms = 6000,
        .ring_slack_ms = 10000,
        .bridge_ms = 3000,
        .talk_ms = 2 * 3600 * 1000,
        .wrap_ms = 180 * 1000,
        .clear_ms = 15000,
        .message_ms = 60000,
    };
}

bool engine_check(const EngineConfig *c, Error *err)
{
    if (!pacing_check(&c->pacing, err))
        return false;
    if (c->patience_ms < 0 || c->hold_ms < 0 || c->talk_ms < 0 || c->wrap_ms < 0)
        return fail(err, ERR_INVALID, "a time limit is negative");
    if (c->classify_ms <= 0 || c->ring_slack_ms <= 0 || c->bridge_ms <= 0 || c->clear_ms <= 0
        || c->message_ms <= 0)
        return fail(err, ERR_INVALID,
                    "a time after which an event counts as lost must be more than nothing");
    if (c->unsaid <= RESULT_NONE || c->unsaid >= RESULTS)
        return fail(err, ERR_INVALID, "there is no result %d", (int)c->unsaid);
    return true;
}

Engine *engine_new(const EngineConfig *c, Supply supply, Observer observer, int64_t now)
{
    Engine *e = xalloc(sizeof *e);
    e->cfg = *c;
    e->supply = supply;
    e->observer = observer;
    e->now = now;
    e->room = e->most = INT_MAX;
    e->pace.why = PACE_STOPPED;
    agents_init(&e->agents);
    queue_init(&e->waiting);
    pacer_init(&e->pacer, &c->pacing, c->patience_ms, c->learnt, now);
    return e;
}

void engine_free(Engine *e)
{
    if (!e)
        return;
    agents_release(&e->agents);
    queue_release(&e->waiting);
    pacer_release(&e->pacer);
    agenda_release(&e->agenda);
    idmap_release(&e->calls);
    idmap_release(&e->numbers);
    free(e->slots);
    free(e->free_slots);
    free(e->orders);
    free(e);
}

void engine_now(Engine *e, int64_t now)
{
    if (now > e->now)
        e->now = now;
}

void engine_note(Engine *e, CallId call, const char *fmt, ...)
{
    if (!e->observer.note)
        return;
    char text[400];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    e->observer.note(e->observer.self, e->now, call, text);
}

/* ---- orders ---------------------------------------------------------------------------------- */

DriverOrder *engine_push_order(Engine *e, DriverOrderKind kind)
{
    if (e->first == e->norders)
        e->first = e->norders = 0;
    if (e->norders == e->orders_size) {
        e->orders_size = e->orders_size ? 2 * e->orders_size : 64;
        e->orders = xresize(e->orders, sizeof *e->orders * (size_t)e->orders_size);
    }
    DriverOrder *o = &e->orders[e->norders++];
    *o = (DriverOrder){ .kind = kind };
    return o;
}

bool engine_order(Engine *e, DriverOrder *out)
{
    if (e->first == e->norders)
        return false;
    *out = e->orders[e->first++];
    return true;
}

static void place_refused(Engine *e, CallId call, const Error *why)
{
    int slot = idmap_get(&e->calls, (uint64_t)call);
    if (slot >= 0)
        line_feed(e, slot, LINE_REFUSED, &(LineFacts){ 0 });
    if (++e->refused == REFUSALS_TOO_MANY && e->running) {
        e->running = false;
        engine_note(e, call, "dialling is stopped: the driver refused %d calls in a row (%s)",
                    e->refused, why->msg);
    }
}

void engine_refused(Engine *e, const DriverOrder *order, const Error *why)
{
    int slot = idmap_get(&e->calls, (uint64_t)order->call);
    if (order->kind != ORDER_TAKE || why->code != ERR_NOT_FOUND)     /* who hangs up may do so */
        engine_note(e, order->call, "the driver refused: %s", why->msg);
    switch (order->kind) {
    case ORDER_PLACE:
        place_refused(e, order->call, why);
        break;
    case ORDER_BRIDGE:
        if (slot >= 0 && e->slots[slot].line.state == LINE_BRIDGING)
            line_feed(e, slot, DRIVER_BRIDGE_FAILED, &(LineFacts){ 0 });
        break;
    case ORDER_TAKE:              /* he has hung up in the meantime */
        if (slot >= 0)
            line_feed(e, slot, LINE_REFUSED, &(LineFacts){ .by = BY_CUSTOMER });
        break;
    case ORDER_PLAY:
        if (slot >= 0 && e->slots[slot].line.state == LINE_BRIDGING)
            line_feed(e, slot, LINE_RESULT, &(LineFacts){ .result = RESULT_FAILED });
        break;
    case ORDER_RECORD:
    case ORDER_SUPERVISE:
    case ORDER_HANGUP:            /* the deadline of the clearing line asks again */
    case ORDER_AGENT_CALL:        /* asked again after the next reconcile */
    case ORDER_AGENT_DROP:
    case ORDER_RECONCILE:
        break;
    }
}

/* ---- what the driver reports ----------------------------------------------------------------- */

/* Whether the carrier takes calls, as far as this one tells. */
static void carrier_told(Engine *e, const Line *l, DriverEventKind kind)
{
    if (kind < DRIVER_FAILED && !l->in) {
        if (e->dead >= DEAD_TOO_MANY)
            engine_note(e, 0, "calls go through again");
        e->dead = e->rests = 0;
        e->rest_until = 0;
        return;
    }
    if (kind != DRIVER_FAILED || l->state != LINE_PLACED || ++e->dead < DEAD_TOO_MANY
        || e->now < e->rest_until)
        return;
    if (e->rests == 0)
        engine_note(e, l->entry.call, "%d calls in a row failed before they rang: one is tried now "
                    "and then", e->dead);
    int64_t rest = (int64_t)REST_FIRST_MS << e->rests;
    e->rests += rest < REST_MOST_MS;
    e->rest_until = e->now + (rest < REST_MOST_MS ? rest : REST_MOST_MS);
}

static void call_event(Engine *e, const DriverEvent *ev)
{
    int slot = idmap_get(&e->calls, (uint64_t)ev->call);
    if (slot >= 0) {
        carrier_told(e, &e->slots[slot].line, ev->kind);
        e->slots[slot].epoch = e->epoch;
        e->slots[slot].node = ev->node;
        e->refused = 0;
        line_feed(e, slot, (int)ev->kind, &(LineFacts){ .by = ev->by, .cause = ev->cause });
        return;
    }
    e->strays++;
    if (line_step(LINE_ENDED, (int)ev->kind)->act != LINE_DO_HANGUP)
        return;
    engine_note(e, ev->call, "%s, but the call is over here: hung up", driver_event_name(ev->kind));
    DriverOrder *o = engine_push_order(e, ORDER_HANGUP);
    o->call = ev->call;
    o->why = ev->kind == DRIVER_RINGING ? HANGUP_CANCEL
             : ev->kind == DRIVER_ANSWERED || ev->kind == DRIVER_PERSON ? HANGUP_ABANDON
                                                                        : HANGUP_NORMAL;
}

/* What is wrong with this call would be wrong with the next. */
static void trouble(Engine *e, const DriverEvent *ev)
{
    bool stop = ev->call > 0 && e->running;
    engine_note(e, ev->call, "%s%s", stop ? "dialling is stopped: " : "", ev->text ? ev->text : "");
    if (stop)
        e->running = false;
}

static void reconciled(Engine *e)
{
    for (int i = 0; i < e->nslots; i++) {
        LineState state = e->slots[i].line.state;
        if (state != LINE_NONE && e->slots[i].epoch != e->epoch)
            line_feed(e, i, LINE_GONE, &(LineFacts){ .by = BY_NETWORK });
    }
    for (int i = 0; i < e->agents.n; i++) {
        Agent *a = &e->agents.all[i];
        a->leg_unwanted = a->leg_unwanted && a->epoch == e->epoch;
        if (a->leg && a->epoch != e->epoch)
            agent_take_event(e, &(DriverEvent){ .kind = DRIVER_AGENT_DOWN, .agent = a->id });
        else if (a->leg_wanted)
            engine_push_order(e, ORDER_AGENT_CALL)->agent = a->id;
    }
    e->linked = true;
}

void engine_event(Engine *e, const DriverEvent *ev)
{
    engine_now(e, ev->at);
    switch (ev->kind) {
    case DRIVER_AGENT_UP:
    case DRIVER_AGENT_DOWN:
        agent_take_event(e, ev);
        break;
    case DRIVER_LINK_UP:
        e->linked = false;
        e->epoch++;
        engine_push_order(e, ORDER_RECONCILE);
        break;
    case DRIVER_LINK_DOWN:
        e->linked = false;
        engine_note(e, 0, "the link to the switch is down");
        break;
    case DRIVER_RECONCILED:
        reconciled(e);
        break;
    case DRIVER_TROUBLE:
        trouble(e, ev);
        break;
    case DRIVER_NODE_DOWN:
        e->away |= 1U << ev->node;
        agents_leave_node(e, ev->node);
        break;
    case DRIVER_NODE_UP:
        e->away &= ~(1U << ev->node);
        break;
    case DRIVER_INCOMING:         /* whoever answers calls in does so before the engine is told */
    case DRIVER_LISTENING:
    case DRIVER_LISTEN_OVER:
        break;
    default:
        call_event(e, ev);
        break;
    }
    line_match(e);
}

/* ---- pacing ---------------------------------------------------------------------------------- */

/* Of what the supply gave, keep those whose number is in no call, and book their numbers. */
static int keep_free_numbers(Engine *e, Entry *entries, int n)
{
    int kept = 0;
    for (int i = 0; i < n; i++) {
        uint64_t key = number_key(entries[i].number);
        if (idmap_get(&e->numbers, key) >= 0) {
            e->supply.put_back(e->supply.self, e->now, &entries[i], PUT_BACK_NUMBER_IN_USE,
                               (Str){ 0 });
            continue;
        }
        idmap_put(&e->numbers, key, 0);
        entries[kept++] = entries[i];
    }
    return kept;
}

bool engine_place(Engine *e, int agent, Entry *entries, int n, Error *err)
{
    AgentId id = agent >= 0 ? e->agents.all[agent].id : 0;
    e->store_failed = !e->supply.intend(e->supply.self, e->now, id, entries, n, err);
    for (int i = 0; i < n && !e->store_failed; i++)
        line_open(e, &entries[i], agent);
    return !e->store_failed;
}

/* A list that gave less than was wanted will give little: to think of the hundreds that idle
 * agents would take costs more than all else that is done for the few. Doubled while it gives
 * enough. */
static void note_supply(Engine *e, int want, int got)
{
    enum { LEAST = 8 };
    if (got < want)
        e->most = got > LEAST / 2 ? 2 * got : LEAST;
    else if (e->most < INT_MAX)
        e->most = e->most < INT_MAX / 2 ? 2 * e->most : INT_MAX;
}

/* How many of the wanted calls were placed. */
static int place_batch(Engine *e, int want)
{
    Entry entries[BATCH] = { 0 };
    int64_t again = NEVER;
    int got = e->supply.claim(e->supply.self, e->now, 0, want, entries, &again);
    int n = keep_free_numbers(e, entries, got);
    Error err = { 0 };
    note_supply(e, want, got);
    if (got < want)
        e->ask_at = again;
    if (n == 0 || engine_place(e, -1, entries, n, &err))
        return n;
    engine_note(e, 0, "nothing is dialled, since calls cannot be written down: %s", err.msg);
    for (int i = 0; i < n; i++) {
        idmap_remove(&e->numbers, number_key(entries[i].number));
        e->supply.put_back(e->supply.self, e->now, &entries[i], PUT_BACK_NOT_DIALLED, (Str){ 0 });
    }
    e->ask_at = e->now + STORE_RETRY_MS;
    return 0;
}

static void place_owed(Engine *e)
{
    int want = e->owed < BATCH ? e->owed : BATCH;
    int placed = e->now >= e->ask_at ? place_batch(e, want) : 0;
    e->pace.place += placed;
    e->owed -= placed;
    if (placed < want) {
        e->owed = 0;
        e->pace.why = e->store_failed ? PACE_NO_STORE : PACE_NO_ENTRY;
    }
}

/* A carrier that took no call is asked by one call at a time. */
static bool is_dead(const Engine *e)
{
    return e->dead >= DEAD_TOO_MANY
           && (e->now < e->rest_until || e->in[KIND_PACED][LINE_PLACED] > 0);
}

static void pace(Engine *e)
{
    if (!e->running || !e->linked || is_dead(e)) {
        e->pace = (Pace){ .why = !e->running ? PACE_STOPPED : !e->linked ? PACE_NO_LINK
                                                                         : PACE_DEAD_LINE };
        e->owed = 0;
        return;
    }
    if (engine_pace(e)) {
        e->owed = e->pace.place;
        e->pace.place = 0;
        if ((e->owed == 0 || e->room <= 0) && e->pace.why == PACE_DIALLING)
            e->pace.why = e->room <= 0 || e->now >= e->ask_at ? PACE_ALL_LINES
                          : e->store_failed                   ? PACE_NO_STORE : PACE_NO_ENTRY;
    }
    if (e->owed > e->room)
        e->owed = e->room;
    if (e->owed > 1 && e->dead >= DEAD_TOO_MANY)
        e->owed = 1;
    if (e->owed > 0)
        place_owed(e);
}

/* ---- time ------------------------------------------------------------------------------------ */

/* That nothing was said of its joining means nothing while nobody can say it. */
static bool is_unheard(const Engine *e, const Slot *s)
{
    return s->line.state == LINE_BRIDGING && (!e->linked || (e->away & 1U << s->node));
}

void engine_tick(Engine *e, int64_t now)
{
    if (now < e->now - CLOCK_JUMP_MS && e->pacer.predictor)
        predict_clock_jumped(e->pacer.predictor, e->now);
    engine_now(e, now);
    Due due;
    while (agenda_take(&e->agenda, e->now, &due)) {
        int i = (int)due.id;
        if (due.kind == DUE_LINE && e->slots[i].gen == due.gen && is_unheard(e, &e->slots[i]))
            agenda_add(&e->agenda, e->now + e->cfg.bridge_ms, DUE_LINE, i, due.gen);
        else if (due.kind == DUE_LINE && e->slots[i].gen == due.gen)
            line_feed(e, i, LINE_DEADLINE, &(LineFacts){ .by = BY_US });
        else if (due.kind == DUE_WRAP && e->agents.all[i].gen == due.gen)
            agent_wrap_over(e, i);
        else
            continue;
        line_match(e);
    }
    line_match(e);
    pace(e);
}

void engine_room(Engine *e, int room)
{
    for (int i = e->first; i < e->norders; i++)       /* they take theirs before anything else */
        room -= room > 0 && room < INT_MAX && e->orders[i].kind == ORDER_PLACE;
    e->room = room;
}

bool engine_has_room(const Engine *e)
{
    return e->room > 0
           && (e->cfg.pacing.max_calls <= 0 || lines_held(e) < e->cfg.pacing.max_calls);
}

bool engine_can_dial(const Engine *e)
{
    return e->running && e->linked && !is_dead(e) && engine_has_room(e);
}

int64_t engine_wake(const Engine *e)
{
    int64_t next = agenda_next(&e->agenda);
    if (e->running && e->linked && e->ask_at > e->now && e->ask_at < next)
        next = e->ask_at;
    if (e->owed > 0 && e->now + 1 < next)
        next = e->now + 1;
    if (e->running && e->linked && e->rest_until > e->now && e->rest_until < next)
        next = e->rest_until;
    bool at_work = e->agents.in[AGENT_READY] + e->agents.in[AGENT_TALKING]
                   + e->agents.in[AGENT_WRAPUP] > 0;
    if (e->running && e->linked && at_work && pacer_wake(&e->pacer) < next)
        next = pacer_wake(&e->pacer);
    return next;
}

void engine_start(Engine *e, int64_t now)
{
    engine_now(e, now);
    e->running = true;
    e->refused = e->dead = e->rests = 0;
    e->rest_until = 0;
    e->ask_at = 0;
    e->most = INT_MAX;
}

void engine_stop(Engine *e, int64_t now, bool at_once)
{
    engine_now(e, now);
    if (e->running)
        pace_tell(e);
    e->running = false;
    for (int i = 0; at_once && i < e->nslots; i++)
        if (e->slots[i].line.state != LINE_NONE)
            line_feed(e, i, LINE_STOP, &(LineFacts){ 0 });
}

void engine_more(Engine *e, int64_t now)
{
    engine_now(e, now);
    e->ask_at = 0;
    e->most = INT_MAX;
}

/* ---- calls in -------------------------------------------------------------------------------- */

void engine_take(Engine *e, int64_t now, CallId incoming, CallId call, const char *number,
                 AgentId agent, bool turn_away)
{
    engine_now(e, now);
    int i = agent ? agent_answering(e, agent) : -1;
    int slot = line_take(e, incoming, call, number, i);
    if (i >= 0)
        agent_move(e, i, AGENT_DIALLING);
    if (turn_away)
        line_feed(e, slot, LINE_STOP, &(LineFacts){ 0 });
}

bool engine_has_taken(const Engine *e, CallId incoming)
{
    for (int i = 0; i < e->nslots; i++)
        if (e->slots[i].line.state != LINE_NONE && e->slots[i].line.incoming == incoming)
            return true;
    return false;
}

/* ---- looking --------------------------------------------------------------------------------- */

EngineView engine_view(const Engine *e)
{
    EngineView v = {
        .dials = e->dials,
        .taken = e->taken,
        .holding = e->in[KIND_IN][LINE_WAITING],
        .connected = e->connected,
        .abandoned = e->abandoned,
        .unlisted = e->unlisted,
        .strays = e->strays,
        .running = e->running,
        .linked = e->linked,
        .pace = e->pace,
    };
    memcpy(v.results, e->results, sizeof v.results);
    memcpy(v.agents, e->agents.in, sizeof v.agents);
    for (LineState s = 0; s < LINE_STATES; s++) {
        for (int kind = 0; kind < KINDS; kind++)
            v.lines[s] += e->in[kind][s];
        v.live += v.lines[s];
    }
    return v;
}

const Agent *engine_find_agent(const Engine *e, AgentId id)
{
    return engine_agent_at(e, agents_find(&e->agents, id));
}

const Agent *engine_agent_at(const Engine *e, int i)
{
    return i >= 0 && i < e->agents.n ? &e->agents.all[i] : NULL;
}

const Line *engine_find_line(const Engine *e, CallId id)
{
    int slot = idmap_get(&e->calls, (uint64_t)id);
    return slot >= 0 ? &e->slots[slot].line : NULL;
}

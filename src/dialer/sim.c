/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/sim.h"

#include <stdio.h>
#include <stdlib.h>

#include "dialer/order.h"

#define SWITCH_MS 20                 /* a switch needs a moment to end a call */
#define BRIDGE_MS 2
#define MACHINE_RECORDS_MS 30000
#define RINGS_IN_MS 20000            /* who calls in rings so long */

typedef enum SimState { SIM_FREE, SIM_RINGING, SIM_CALLING_IN, SIM_ANSWERED, SIM_WAITING,
                        SIM_JOINED, SIM_ENDING } SimState;

typedef struct SimCall {
    CallId id;
    SimState state;
    Fate fate;
    bool detect;
    uint32_t gen;             /* grows with each plan that replaces another */
    char number[24], called[24];      /* of a call in */
} SimCall;

/* What is on the agenda: things of a call (id: its slot) and others. */
enum { DO_RING, DO_END, DO_ANSWER, DO_CLASSIFY, DO_JOIN, DO_NOT_JOIN, DO_LEAVE, DO_OVER,
       DO_INCOMING, DO_TAKEN, DO_ECHO, DO_AGENT_UP, DO_AGENT_DOWN, DO_LISTEN, DO_LISTEN_OVER,
       DO_LINK_UP, DO_LINK_DOWN, DO_RECONCILE };

typedef struct Sim {
    Driver driver;
    SimWorld world;
    uint64_t seed;
    Rng faults;
    int64_t now;
    bool up;
    SimCall *calls;
    int ncalls, size, *free_calls, nfree;
    IdMap index;              /* call id -> place in calls */
    CallId last_in;           /* id of the last call in; they go down from -1 */
    IdMap legs;               /* agents whose phone is up */
    IdMap heard;              /* agents whom a supervisor hears */
    AgentId *agents;          /* those that were ever called, for reconcile */
    int nagents, agents_size;
    Agenda agenda;
} Sim;

static bool happens(Sim *s, double share)
{
    return share > 0 && rng_unit(&s->faults) < share;
}

static void tell(Sim *s, DriverEvent ev)
{
    ev.at = s->now;
    s->driver.sink.event(s->driver.sink.self, &ev);
}

static void tell_incoming(Sim *s, const SimCall *c)
{
    tell(s, (DriverEvent){ .kind = DRIVER_INCOMING, .call = c->id, .number = c->number,
                           .called = c->called });
}

static void tell_agent(Sim *s, AgentId agent, DriverEventKind kind)
{
    if (s->up)
        tell(s, (DriverEvent){ .kind = kind, .agent = agent });
}

/* An event about a call; it may get lost. */
static void tell_call(Sim *s, CallId call, DriverEventKind kind, HangupBy by, int cause)
{
    if (s->up && !happens(s, s->world.faults.lost_event))
        tell(s, (DriverEvent){ .kind = kind, .call = call, .by = by, .cause = cause });
}

static void plan(Sim *s, int slot, int what, int64_t in_ms)
{
    agenda_add(&s->agenda, s->now + in_ms, what, slot, s->calls[slot].gen);
}

static void replan(Sim *s, int slot, SimState state, int what, int64_t in_ms)
{
    s->calls[slot].state = state;
    s->calls[slot].gen++;
    plan(s, slot, what, in_ms);
}

static void free_call(Sim *s, int slot)
{
    SimCall *c = &s->calls[slot];
    idmap_remove(&s->index, (uint64_t)c->id);
    c->state = SIM_FREE;
    c->gen++;
    s->free_calls[s->nfree++] = slot;
}

static void end_call(Sim *s, int slot, DriverEventKind kind, HangupBy by, int cause)
{
    CallId id = s->calls[slot].id;
    free_call(s, slot);
    tell_call(s, id, kind, by, cause);
    if (happens(s, s->world.faults.double_hangup))
        agenda_add(&s->agenda, s->now + (int64_t)rng_between(&s->faults, 0, 2000), DO_ECHO, id,
                   (uint32_t)kind);
}

/* ---- what happens by itself ------------------------------------------------------------------ */

static void end_unanswered(Sim *s, int slot)
{
    SimCall *c = &s->calls[slot];
    switch (c->fate.kind) {
    case FATE_BUSY:
        end_call(s, slot, DRIVER_BUSY, BY_NETWORK, 17);
        break;
    case FATE_INVALID:
        end_call(s, slot, DRIVER_INVALID, BY_NETWORK, 1);
        break;
    case FATE_FAILED:
        end_call(s, slot, DRIVER_FAILED, BY_NETWORK, 34);
        break;
    default:
        if (happens(s, s->world.faults.late_answer)) {
            c->fate.kind = FATE_PERSON;
            tell_call(s, c->id, DRIVER_NO_ANSWER, BY_NETWORK, 19);
            replan(s, slot, SIM_RINGING, DO_ANSWER, (int64_t)rng_between(&s->faults, 200, 3000));
        } else {
            end_call(s, slot, DRIVER_NO_ANSWER, BY_NETWORK, 19);
        }
    }
}

static void classify(Sim *s, int slot)
{
    SimCall *c = &s->calls[slot];
    bool machine = c->fate.kind == FATE_MACHINE && c->detect;
    replan(s, slot, SIM_WAITING, DO_LEAVE,
           machine ? MACHINE_RECORDS_MS : (int64_t)(1000 * s->world.customer_waits_s));
    tell_call(s, c->id, machine ? DRIVER_MACHINE : DRIVER_PERSON, BY_NOBODY, 0);
}

static void answer(Sim *s, int slot)
{
    SimCall *c = &s->calls[slot];
    replan(s, slot, SIM_ANSWERED, DO_CLASSIFY, c->detect ? c->fate.detect_ms : 0);
    tell_call(s, c->id, DRIVER_ANSWERED, BY_NOBODY, 0);
}

static void join(Sim *s, int slot)
{
    SimCall *c = &s->calls[slot];
    replan(s, slot, SIM_JOINED, DO_LEAVE, c->fate.stay_ms);
    tell_call(s, c->id, DRIVER_BRIDGED, BY_NOBODY, 0);
}

static void happen_to_call(Sim *s, int what, int slot)
{
    CallId id = s->calls[slot].id;
    switch (what) {
    case DO_RING:
        tell_call(s, id, DRIVER_RINGING, BY_NOBODY, 0);
        break;
    case DO_INCOMING:
        if (s->up)
            tell_incoming(s, &s->calls[slot]);
        break;
    case DO_TAKEN:
        tell_call(s, id, DRIVER_PERSON, BY_NOBODY, 0);
        break;
    case DO_END:
        end_unanswered(s, slot);
        break;
    case DO_ANSWER:
        answer(s, slot);
        break;
    case DO_CLASSIFY:
        classify(s, slot);
        break;
    case DO_JOIN:
        join(s, slot);
        break;
    case DO_NOT_JOIN:
        tell_call(s, id, DRIVER_BRIDGE_FAILED, BY_NOBODY, 0);
        break;
    case DO_LEAVE:
        end_call(s, slot, DRIVER_HANGUP, BY_CUSTOMER, 16);
        break;
    case DO_OVER:
        end_call(s, slot, DRIVER_HANGUP, BY_US, 16);
        break;
    }
}

static void say_all(Sim *s)
{
    for (int i = 0; i < s->ncalls; i++) {
        SimCall *c = &s->calls[i];
        if (c->state == SIM_CALLING_IN)
            tell_incoming(s, c);
        if (c->state == SIM_RINGING)
            tell(s, (DriverEvent){ .kind = DRIVER_RINGING, .call = c->id });
        if (c->state >= SIM_ANSWERED)
            tell(s, (DriverEvent){ .kind = DRIVER_ANSWERED, .call = c->id });
        if (c->state == SIM_WAITING || c->state == SIM_JOINED)
            tell(s, (DriverEvent){
                .kind = c->fate.kind == FATE_MACHINE && c->detect ? DRIVER_MACHINE : DRIVER_PERSON,
                .call = c->id });
        if (c->state == SIM_JOINED)
            tell(s, (DriverEvent){ .kind = DRIVER_BRIDGED, .call = c->id });
    }
    for (int i = 0; i < s->nagents; i++)
        if (idmap_get(&s->legs, (uint64_t)s->agents[i]) == 1)
            tell(s, (DriverEvent){ .kind = DRIVER_AGENT_UP, .agent = s->agents[i] });
    tell(s, (DriverEvent){ .kind = DRIVER_RECONCILED });
}

static void set_link(Sim *s, bool up)
{
    if (s->up == up)
        return;
    s->up = up;
    tell(s, (DriverEvent){ .kind = up ? DRIVER_LINK_UP : DRIVER_LINK_DOWN });
    if (s->world.faults.link_every_s > 0) {
        double mean = up ? s->world.faults.link_every_s : s->world.faults.link_down_s;
        agenda_add(&s->agenda, s->now + (int64_t)(1000 * rng_exponential(&s->faults, mean)),
                   up ? DO_LINK_DOWN : DO_LINK_UP, 0, 0);
    }
}

static void happen(Sim *s, const Due *due)
{
    switch (due->kind) {
    case DO_ECHO:
        tell_call(s, due->id, (DriverEventKind)due->gen, BY_NOBODY, 0);
        break;
    case DO_AGENT_UP:
        tell_agent(s, due->id, DRIVER_AGENT_UP);
        break;
    case DO_AGENT_DOWN:
        tell_agent(s, due->id, DRIVER_AGENT_DOWN);
        break;
    case DO_LISTEN:
        tell_agent(s, due->id, DRIVER_LISTENING);
        break;
    case DO_LISTEN_OVER:
        tell_agent(s, due->id, DRIVER_LISTEN_OVER);
        break;
    case DO_LINK_UP:
    case DO_LINK_DOWN:
        set_link(s, due->kind == DO_LINK_UP);
        break;
    case DO_RECONCILE:
        if (s->up)
            say_all(s);
        break;
    default:
        if (s->calls[due->id].gen == due->gen)
            happen_to_call(s, due->kind, (int)due->id);
    }
}

static void sim_advance(Driver *d, int64_t now)
{
    Sim *s = (Sim *)d;
    Due due;
    while (agenda_take(&s->agenda, now, &due)) {
        if (due.at > s->now)
            s->now = due.at;
        happen(s, &due);
    }
    if (now > s->now)
        s->now = now;
}

static int64_t sim_next(const Driver *d)
{
    return agenda_next(&((const Sim *)d)->agenda);
}

/* ---- orders ---------------------------------------------------------------------------------- */

static bool reachable(const Sim *s, Error *err)
{
    return s->up || fail(err, ERR_UNREACHABLE, "the simulated switch is not connected");
}

static int take_slot(Sim *s)
{
    if (s->nfree > 0)
        return s->free_calls[--s->nfree];
    if (s->ncalls == s->size) {
        s->size = s->size ? 2 * s->size : 64;
        s->calls = xresize(s->calls, sizeof *s->calls * (size_t)s->size);
        s->free_calls = xresize(s->free_calls, sizeof *s->free_calls * (size_t)s->size);
    }
    s->calls[s->ncalls].gen = 0;
    return s->ncalls++;
}

/* The digit decides the kind; an attempt of another kind has drawn no times for it, so these are
 * fixed. */
static void obey_number(const char *number, Fate *f)
{
    static const FateKind kinds[10] = { FATE_INVALID, FATE_BUSY, FATE_NO_ANSWER, FATE_MACHINE,
                                        FATE_FAILED,
                                        FATE_NO_ANSWER, 0, 0, FATE_PERSON, FATE_PERSON };
    char digit = number[strlen(number) - 1];
    if (digit < '0' || digit > '9' || digit == '6' || digit == '7')
        return;
    *f = (Fate){ .kind = kinds[digit - '0'], .ring_ms = 3000, .detect_ms = 1000, .talk_ms = 20000,
                 .wrap_ms = 5000, .result = RESULT_NOT_INTERESTED, .stay_ms = 20000 };
    if (digit == '2')
        f->ring_ms = 0;
    if (digit == '9')
        f->talk_ms = f->stay_ms = 24 * 3600 * 1000;
}

static bool sim_place(Driver *d, const DriverOrder *o, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err) || !driver_check_number(o->number, err))
        return false;
    if (idmap_get(&s->index, (uint64_t)o->call) >= 0)
        return fail(err, ERR_CONFLICT, "call %lld is up already", (long long)o->call);
    int slot = take_slot(s);
    SimCall *c = &s->calls[slot];
    *c = (SimCall){ .id = o->call, .state = SIM_RINGING, .detect = o->detect_machine,
                    .gen = c->gen + 1 };
    world_fate(&s->world, s->seed, o->key, o->attempt, s->now, &c->fate);
    if (s->world.by_number)
        obey_number(o->number, &c->fate);
    idmap_put(&s->index, (uint64_t)o->call, slot);
    FateKind k = c->fate.kind;
    bool answers = k == FATE_PERSON || k == FATE_MACHINE;
    int ring = c->fate.ring_ms;
    if (answers || k == FATE_NO_ANSWER)
        plan(s, slot, DO_RING, 700);
    if (answers && ring <= o->ring_ms)
        plan(s, slot, DO_ANSWER, ring);
    else
        plan(s, slot, DO_END, ring > 0 && ring <= o->ring_ms ? ring : o->ring_ms);
    return true;
}

static bool sim_bridge(Driver *d, CallId call, AgentId agent, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err))
        return false;
    int slot = idmap_get(&s->index, (uint64_t)call);
    if (slot < 0 || (s->calls[slot].state != SIM_WAITING && s->calls[slot].state != SIM_ANSWERED))
        return true;                      /* he has just left: the end is on its way */
    bool leg = idmap_get(&s->legs, (uint64_t)agent) == 1;
    if (!leg || happens(s, s->world.faults.bridge_fails))
        plan(s, slot, DO_NOT_JOIN, BRIDGE_MS);
    else
        replan(s, slot, SIM_WAITING, DO_JOIN, BRIDGE_MS);
    return true;
}

static bool sim_hangup(Driver *d, CallId call, HangupWhy why, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err))
        return false;
    int slot = idmap_get(&s->index, (uint64_t)call);
    if (slot >= 0 && s->calls[slot].state != SIM_ENDING)
        replan(s, slot, SIM_ENDING, DO_OVER,
               why == HANGUP_ABANDON ? (int64_t)(1000 * s->world.message_s) : SWITCH_MS);
    return true;
}

static bool sim_play(Driver *d, CallId call, const char *sound, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err) || !driver_check_sound(sound, err))
        return false;
    int slot = idmap_get(&s->index, (uint64_t)call);
    if (slot >= 0 && s->calls[slot].state == SIM_WAITING)
        replan(s, slot, SIM_ENDING, DO_OVER, (int64_t)(1000 * s->world.message_s));
    return true;
}

static bool sim_record(Driver *d, CallId call, bool on, Error *err)
{
    (void)call;
    (void)on;
    return reachable((Sim *)d, err);
}

static bool sim_take(Driver *d, const DriverOrder *o, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err))
        return false;
    int slot = idmap_get(&s->index, (uint64_t)o->incoming);
    if (slot < 0 || s->calls[slot].state != SIM_CALLING_IN)
        return fail(err, ERR_NOT_FOUND, "who called in has hung up");
    idmap_remove(&s->index, (uint64_t)o->incoming);
    idmap_put(&s->index, (uint64_t)o->call, slot);
    s->calls[slot].id = o->call;
    replan(s, slot, SIM_WAITING, DO_LEAVE, (int64_t)(1000 * s->world.customer_waits_s));
    plan(s, slot, DO_TAKEN, 0);
    return true;
}

static bool sim_agent_call(Driver *d, AgentId agent, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err))
        return false;
    if (idmap_get(&s->legs, (uint64_t)agent) < 0) {
        if (s->nagents == s->agents_size) {
            s->agents_size = s->agents_size ? 2 * s->agents_size : 16;
            s->agents = xresize(s->agents, sizeof *s->agents * (size_t)s->agents_size);
        }
        s->agents[s->nagents++] = agent;
    }
    idmap_put(&s->legs, (uint64_t)agent, 1);
    agenda_add(&s->agenda, s->now, DO_AGENT_UP, agent, 0);
    return true;
}

static void end_listening(Sim *s, AgentId agent)
{
    if (idmap_get(&s->heard, (uint64_t)agent) < 0)
        return;
    idmap_remove(&s->heard, (uint64_t)agent);
    agenda_add(&s->agenda, s->now, DO_LISTEN_OVER, agent, 0);
}

static bool sim_agent_drop(Driver *d, AgentId agent, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err))
        return false;
    if (idmap_get(&s->legs, (uint64_t)agent) == 1) {
        idmap_put(&s->legs, (uint64_t)agent, 0);
        agenda_add(&s->agenda, s->now, DO_AGENT_DOWN, agent, 0);
        end_listening(s, agent);
    }
    return true;
}

static bool sim_supervise(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err)
{
    Sim *s = (Sim *)d;
    (void)supervisor;
    if (!reachable(s, err))
        return false;
    if (how == SUPERVISE_STOP) {
        end_listening(s, agent);
    } else if (idmap_get(&s->legs, (uint64_t)agent) != 1) {
        agenda_add(&s->agenda, s->now, DO_LISTEN_OVER, agent, 0);
    } else {
        idmap_put(&s->heard, (uint64_t)agent, 1);
        agenda_add(&s->agenda, s->now, DO_LISTEN, agent, 0);
    }
    return true;
}

static bool sim_reconcile(Driver *d, Error *err)
{
    Sim *s = (Sim *)d;
    if (!reachable(s, err))
        return false;
    agenda_add(&s->agenda, s->now, DO_RECONCILE, 0, 0);
    return true;
}

static void sim_close(Driver *d)
{
    Sim *s = (Sim *)d;
    free(s->calls);
    free(s->free_calls);
    free(s->agents);
    idmap_release(&s->index);
    idmap_release(&s->legs);
    idmap_release(&s->heard);
    agenda_release(&s->agenda);
    free(s);
}

static const DriverOps ops = {
    .name = "sim",
    .place = sim_place,
    .bridge = sim_bridge,
    .hangup = sim_hangup,
    .play = sim_play,
    .record = sim_record,
    .take = sim_take,
    .agent_call = sim_agent_call,
    .agent_drop = sim_agent_drop,
    .supervise = sim_supervise,
    .reconcile = sim_reconcile,
    .next = sim_next,
    .advance = sim_advance,
    .close = sim_close,
};

Driver *sim_open(const SimWorld *w, uint64_t seed, int64_t now, DriverSink sink)
{
    Sim *s = xalloc(sizeof *s);
    s->driver = (Driver){ .ops = &ops, .sink = sink };
    s->world = *w;
    s->seed = seed;
    s->now = now;
    rng_seed(&s->faults, seed, STREAM_FAULT, 0, 0);
    agenda_add(&s->agenda, now, DO_LINK_UP, 0, 0);
    return &s->driver;
}

int sim_calls_up(const Driver *d)
{
    return (int)((const Sim *)d)->index.n;
}

CallId sim_call_in(Driver *d, const char *number, const char *called)
{
    Sim *s = (Sim *)d;
    int slot = take_slot(s);
    SimCall *c = &s->calls[slot];
    *c = (SimCall){ .id = --s->last_in, .gen = c->gen };
    snprintf(c->number, sizeof c->number, "%s", number);
    snprintf(c->called, sizeof c->called, "%s", called);
    world_fate(&s->world, s->seed, str_hash(str(number)), 1, s->now, &c->fate);
    if (s->world.by_number && *number)
        obey_number(number, &c->fate);
    idmap_put(&s->index, (uint64_t)c->id, slot);
    replan(s, slot, SIM_CALLING_IN, DO_LEAVE, RINGS_IN_MS);
    plan(s, slot, DO_INCOMING, 0);
    return c->id;
}

void sim_set_link(Driver *d, bool up)
{
    set_link((Sim *)d, up);
}

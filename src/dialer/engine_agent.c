/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/engine_inside.h"

void agent_move(Engine *e, int i, AgentState s)
{
    Agent *a = &e->agents.all[i];
    AgentState from = a->state;
    if (from == s)
        return;
    int64_t lasted = e->now - a->since;
    agent_set(&e->agents, i, s, e->now);
    pace_saw_agent(e, a, from, lasted);
    if (s == AGENT_WRAPUP && e->cfg.wrap_ms > 0)
        agenda_add(&e->agenda, e->now + e->cfg.wrap_ms, DUE_WRAP, i, a->gen);
    if (e->observer.agent)
        e->observer.agent(e->observer.self, e->now, a, from);
}

void agent_go(Engine *e, int i, AgentState wish)
{
    Agent *a = &e->agents.all[i];
    bool up = a->leg || a->leg_left, drop = wish == AGENT_OFF && up;
    a->then = AGENT_READY;
    a->leg_unwanted = wish == AGENT_OFF && (up || a->leg_wanted || a->leg_unwanted);
    a->leg_wanted = wish == AGENT_READY && !a->leg;
    if (drop)
        a->leg = a->leg_left = false;
    if (e->linked && (a->leg_wanted || drop))     /* else the next reconcile sees to it */
        engine_push_order(e, drop ? ORDER_AGENT_DROP : ORDER_AGENT_CALL)->agent = a->id;
    agent_move(e, i, a->leg_wanted ? AGENT_PAUSED : wish);
}

static void phone_dropped(Engine *e, int i)
{
    Agent *a = &e->agents.all[i];
    if (a->leg_wanted)
        engine_note(e, 0, "agent %lld's phone was not answered", (long long)a->id);
    a->leg = a->leg_left = a->leg_wanted = a->leg_unwanted = false;
    if (a->state == AGENT_READY) {
        engine_note(e, 0, "agent %lld's phone dropped: paused", (long long)a->id);
        agent_move(e, i, AGENT_PAUSED);
    } else if (a->state == AGENT_TALKING || a->state == AGENT_DIALLING) {
        engine_note(e, e->slots[a->call].line.entry.call, "agent %lld's phone dropped in the call",
                    (long long)a->id);
        if (a->then == AGENT_READY)
            a->then = AGENT_PAUSED;
        bool joining = e->slots[a->call].line.state == LINE_BRIDGING;     /* another may help */
        line_feed(e, a->call, joining ? (int)DRIVER_BRIDGE_FAILED : (int)LINE_AGENT_GONE,
                  &(LineFacts){ 0 });
    }
}

void agent_take_event(Engine *e, const DriverEvent *ev)
{
    int i = agents_find(&e->agents, ev->agent);
    if (i < 0) {
        e->strays++;
        return;
    }
    Agent *a = &e->agents.all[i];
    if (ev->kind == DRIVER_AGENT_DOWN) {
        phone_dropped(e, i);
        return;
    }
    bool wanted = a->leg_wanted;
    a->epoch = e->epoch;
    if (a->state == AGENT_OFF) {
        if (a->leg_unwanted)              /* else it is up for another dialler */
            engine_push_order(e, ORDER_AGENT_DROP)->agent = a->id;
        return;
    }
    a->leg = true;
    a->leg_left = a->leg_wanted = false;
    a->node = ev->node;
    if (wanted)
        agent_move(e, i, AGENT_READY);
}

/* Who is idle there is called from elsewhere; who talks goes on, and is called when he wants the
 * next call, unless his phone is heard of before. */
void agents_leave_node(Engine *e, int node)
{
    for (int i = 0; i < e->agents.n; i++) {
        Agent *a = &e->agents.all[i];
        if (!a->leg || a->node != node)
            continue;
        a->leg = false;
        a->leg_left = true;
        if (a->state == AGENT_READY)
            agent_go(e, i, AGENT_READY);
        else if (a->state == AGENT_PREVIEW)
            engine_push_order(e, ORDER_AGENT_CALL)->agent = a->id;
    }
}

/* One who wrote on too long is given calls again; one from whom nothing was heard has perhaps left
 * his chair. */
void agent_wrap_over(Engine *e, int i)
{
    Agent *a = &e->agents.all[i];
    if (a->call < 0) {
        agent_go(e, i, a->then);
        return;
    }
    engine_note(e, e->slots[a->call].line.entry.call, "agent %lld did not say the result: paused",
                (long long)a->id);
    if (a->then == AGENT_READY)
        a->then = AGENT_PAUSED;
    line_feed(e, a->call, LINE_DEADLINE, &(LineFacts){ .result = e->cfg.unsaid });
    agent_go(e, i, a->then);
}

static bool find(Engine *e, int64_t now, AgentId id, int *i, Error *err)
{
    engine_now(e, now);
    *i = agents_find(&e->agents, id);
    return *i >= 0 || fail(err, ERR_NOT_FOUND, "agent %lld is not at work here", (long long)id);
}

static bool refuse(const Agent *a, const char *what, Error *err)
{
    return fail(err, ERR_REFUSED, "agent %lld is %s and cannot %s", (long long)a->id,
                agent_state_name(a->state), what);
}

static void put_back_offer(Engine *e, Agent *a, PutBack why, Str words)
{
    e->supply.put_back(e->supply.self, e->now, &a->offer, why, words);
    a->offer = (Entry){ 0 };
    e->ask_at = 0;
}

int agent_answering(Engine *e, AgentId id)
{
    int i = agents_find(&e->agents, id);
    Agent *a = i >= 0 ? &e->agents.all[i] : NULL;
    if (!a || !a->leg || (a->state != AGENT_READY && a->state != AGENT_PREVIEW))
        return -1;
    if (a->state == AGENT_PREVIEW)
        put_back_offer(e, a, PUT_BACK_NOT_DIALLED, (Str){ 0 });
    return i;
}

bool engine_agent(Engine *e, int64_t now, AgentId id, AgentState wish, Error *err)
{
    engine_now(e, now);
    if (id <= 0 || (wish != AGENT_READY && wish != AGENT_PAUSED && wish != AGENT_OFF))
        return fail(err, ERR_INVALID, "agent %lld cannot be put to %s", (long long)id,
                    agent_state_name(wish));
    int i = agents_add(&e->agents, id, e->now);
    Agent *a = &e->agents.all[i];
    if (a->state == AGENT_TALKING || a->state == AGENT_DIALLING) {
        a->then = wish;
        return true;
    }
    if (a->state == AGENT_WRAPUP && a->call >= 0) {
        fail(err, ERR_REFUSED, "call %lld of agent %lld has no result yet",
             (long long)e->slots[a->call].line.entry.call, (long long)id);
        return fail_hint(err, "say how it ended first");
    }
    if (a->state == AGENT_PREVIEW)
        put_back_offer(e, a, PUT_BACK_NOT_DIALLED, (Str){ 0 });
    if (a->state != wish || a->leg_wanted)
        agent_go(e, i, wish);
    line_match(e);
    return true;
}

/* Before an answer there is no agent to say it, unless he alone hears how a call goes. */
static bool may_say(const Engine *e, Result r)
{
    return result_is_agents(r) || r == RESULT_MACHINE
           || (e->cfg.unheard && r >= RESULT_NO_ANSWER && r <= RESULT_FAILED);
}

bool engine_result(Engine *e, int64_t now, AgentId id, Result r, Error *err)
{
    int i;
    if (!find(e, now, id, &i, err))
        return false;
    Agent *a = &e->agents.all[i];
    if (!may_say(e, r))
        return fail(err, ERR_INVALID, "'%s' is not a result that an agent gives", result_name(r));
    if (a->call < 0 || !line_step(e->slots[a->call].line.state, LINE_RESULT))
        return refuse(a, "give a result: there is no call that lacks one", err);
    line_feed(e, a->call, LINE_RESULT, &(LineFacts){ .result = r });
    return true;
}

bool engine_hangup(Engine *e, int64_t now, AgentId id, Error *err)
{
    int i;
    if (!find(e, now, id, &i, err))
        return false;
    Agent *a = &e->agents.all[i];
    if (a->call < 0 || !line_step(e->slots[a->call].line.state, LINE_AGENT_GONE))
        return refuse(a, "hang up: there is no call", err);
    line_feed(e, a->call, LINE_AGENT_GONE, &(LineFacts){ 0 });
    return true;
}

bool engine_offer(Engine *e, int64_t now, AgentId id, Entry *out, Error *err)
{
    int i;
    if (!find(e, now, id, &i, err))
        return false;
    Agent *a = &e->agents.all[i];
    if (a->state != AGENT_READY)
        return refuse(a, "be shown an entry", err);
    int64_t again;
    Entry entry = { 0 };
    if (e->supply.claim(e->supply.self, e->now, id, 1, &entry, &again) < 1)
        return fail(err, ERR_NOT_FOUND, "%s", pace_why_text(PACE_NO_ENTRY));
    a->offer = entry;
    agent_move(e, i, AGENT_PREVIEW);
    if (out)
        *out = entry;
    return true;
}

bool engine_dial(Engine *e, int64_t now, AgentId id, Error *err)
{
    int i;
    if (!find(e, now, id, &i, err))
        return false;
    Agent *a = &e->agents.all[i];
    if (a->state != AGENT_PREVIEW)
        return refuse(a, "dial: no entry was shown", err);
    if (!e->linked)
        return fail(err, ERR_UNREACHABLE, "%s", pace_why_text(PACE_NO_LINK));
    if (!e->running)
        return fail(err, ERR_REFUSED, "%s", pace_why_text(PACE_STOPPED));
    if (!a->leg)
        return refuse(a, "dial: the agent's phone is not connected", err);
    if (!engine_has_room(e))
        return fail(err, ERR_REFUSED, "%s", pace_why_text(PACE_ALL_LINES));
    if (idmap_get(&e->numbers, number_key(a->offer.number)) >= 0)
        return fail(err, ERR_REFUSED, "%s is in another call", a->offer.number);
    Entry entry = a->offer;
    if (!engine_place(e, i, &entry, 1, err))
        return false;
    a->offer = (Entry){ 0 };
    agent_move(e, i, AGENT_DIALLING);
    return true;
}

bool engine_skip(Engine *e, int64_t now, AgentId id, Str why, Error *err)
{
    int i;
    if (!find(e, now, id, &i, err))
        return false;
    Agent *a = &e->agents.all[i];
    if (a->state != AGENT_PREVIEW)
        return refuse(a, "skip: no entry was shown", err);
    put_back_offer(e, a, PUT_BACK_SKIPPED, why);
    agent_go(e, i, AGENT_READY);
    return true;
}

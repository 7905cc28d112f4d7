/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/engine_inside.h"

#include <limits.h>

uint64_t number_key(const char *number)
{
    return str_hash(str(number)) | 1;
}

int line_kind(const Line *l)
{
    return l->in ? KIND_IN : l->own ? KIND_OWN : KIND_PACED;
}

/* Of those that were dialled: what comes in takes nothing from the limit of what goes out. */
int lines_held(const Engine *e)
{
    int n = 0;
    for (int kind = 0; kind < KIND_IN; kind++) {
        for (LineState s = LINE_PLACED; s <= LINE_TALKING; s++)
            n += e->in[kind][s];
        n += e->in[kind][LINE_CLEARING];
    }
    return n;
}

static int take_slot(Engine *e)
{
    if (e->nfree > 0)
        return e->free_slots[--e->nfree];
    if (e->nslots == e->size) {
        e->size = e->size ? 2 * e->size : 64;
        e->slots = xresize(e->slots, sizeof *e->slots * (size_t)e->size);
        e->free_slots = xresize(e->free_slots, sizeof *e->free_slots * (size_t)e->size);
    }
    e->slots[e->nslots].gen = 0;
    return e->nslots++;
}

static int64_t after(const Engine *e, int64_t ms)
{
    return ms > 0 ? e->now + ms : NEVER;
}

static HangupWhy hangup_why(const Line *l)
{
    if (l->result == RESULT_ABANDONED || l->result == RESULT_MISSED)
        return HANGUP_ABANDON;
    if (l->result == RESULT_MACHINE)
        return HANGUP_MACHINE;
    return l->answered_at ? HANGUP_NORMAL : HANGUP_CANCEL;
}

/* Until when a line may stay in its state. A wrap-up's limit is its agent's. */
static int64_t deadline_of(const Engine *e, const Line *l)
{
    switch (l->state) {
    case LINE_PLACED:
    case LINE_RINGING:
        return l->placed_at
               + (l->in ? e->cfg.classify_ms : e->cfg.pacing.ring_ms + e->cfg.ring_slack_ms);
    case LINE_ANSWERED:
        return after(e, e->cfg.classify_ms);
    case LINE_WAITING:
        return l->person_at + (l->in ? e->cfg.hold_ms : e->cfg.patience_ms);
    case LINE_BRIDGING:
        return after(e, e->cfg.bridge_ms);
    case LINE_TALKING:
        return after(e, e->cfg.talk_ms);
    case LINE_CLEARING:
        return after(e, hangup_why(l) == HANGUP_ABANDON ? e->cfg.message_ms : e->cfg.clear_ms);
    default:
        return NEVER;
    }
}

static void arm(Engine *e, int slot)
{
    Slot *s = &e->slots[slot];
    int64_t at = deadline_of(e, &s->line);
    s->gen++;
    if (at != NEVER)
        agenda_add(&e->agenda, at, DUE_LINE, slot, s->gen);
}

static void close_slot(Engine *e, int slot)
{
    Slot *s = &e->slots[slot];
    e->results[s->line.result]++;
    e->in[line_kind(&s->line)][LINE_ENDED]--;
    if (e->observer.ended)
        e->observer.ended(e->observer.self, e->now, &s->line);
    idmap_remove(&e->calls, (uint64_t)s->line.entry.call);
    uint64_t number = number_key(s->line.entry.number);
    if (idmap_get(&e->numbers, number) == slot)       /* he may have called in meanwhile */
        idmap_remove(&e->numbers, number);
    s->line.state = LINE_NONE;
    s->gen++;
    e->free_slots[e->nfree++] = slot;
    e->ask_at = 0;                        /* its entry may be due again, or its number free */
}

static void detach(Engine *e, Slot *s)
{
    e->agents.all[s->agent].call = -1;
    s->agent = -1;
}

/* What a line's step means for its agent. */
static void follow(Engine *e, int slot, LineState from)
{
    Slot *s = &e->slots[slot];
    int i = s->agent;
    if (i < 0 && s->line.state == LINE_WRAPUP)  /* a message was played */
        line_feed(e, slot, LINE_RESULT, &(LineFacts){ .result = RESULT_PLAYED });
    if (i < 0)
        return;
    bool talked = from == LINE_BRIDGING || from == LINE_TALKING;
    switch (s->line.state) {
    case LINE_BRIDGING:
        e->agents.all[i].talks++;
        e->agents.all[i].called_in = s->line.in;
        agent_move(e, i, AGENT_TALKING);
        break;
    case LINE_WAITING:
        if (from == LINE_BRIDGING) { /* nobody is sent a second customer over a phone that failed */
            engine_note(e, s->line.entry.call,
                        "agent %lld could not be joined to the call and is paused",
                        (long long)e->agents.all[i].id);
            detach(e, s);
            s->line.agent = 0;
            agent_go(e, i, e->agents.all[i].then == AGENT_OFF ? AGENT_OFF : AGENT_PAUSED);
        }
        break;
    case LINE_WRAPUP:
        agent_move(e, i, AGENT_WRAPUP);
        break;
    case LINE_CLEARING:
    case LINE_ENDED:
        detach(e, s);
        if (talked)
            agent_move(e, i, AGENT_WRAPUP);
        else if (from != LINE_WRAPUP)     /* his own call, which came to nothing */
            agent_go(e, i, e->agents.all[i].then);
        break;
    default:
        break;
    }
}

static void count(Engine *e, const Line *l, LineState from, Result before)
{
    if (l->in)
        return;
    if (from == LINE_BRIDGING && l->state != LINE_BRIDGING && l->state != LINE_WAITING) {
        e->connected++;
        pace_saw_person(e, false);
    }
    if (before != RESULT_ABANDONED && l->result == RESULT_ABANDONED) {
        e->abandoned++;
        pace_saw_person(e, true);
    }
}

static void queue_up(Engine *e, int slot, LineState from)
{
    LineState to = e->slots[slot].line.state;
    if (from == LINE_WAITING)
        queue_remove(&e->waiting, slot);
    else if (to == LINE_WAITING && from == LINE_BRIDGING)
        queue_push_front(&e->waiting, slot);
    else if (to == LINE_WAITING)
        queue_push(&e->waiting, slot);
}

/* A message, instead of an agent. */
static bool is_played(const Engine *e, const Line *l)
{
    return e->cfg.play[0] && !l->in;
}

static void carry_out(Engine *e, int slot, LineAct act)
{
    Slot *s = &e->slots[slot];
    if (act == LINE_DO_HANGUP) {
        DriverOrder *o = engine_push_order(e, ORDER_HANGUP);
        o->call = s->line.entry.call;
        o->why = hangup_why(&s->line);
    } else if (act == LINE_DO_BRIDGE && is_played(e, &s->line)) {
        DriverOrder *o = engine_push_order(e, ORDER_PLAY);
        o->call = s->line.entry.call;
        memcpy(o->sound, e->cfg.play, sizeof o->sound);
    } else if (act == LINE_DO_BRIDGE) {
        DriverOrder *o = engine_push_order(e, ORDER_BRIDGE);
        o->call = s->line.entry.call;
        o->agent = s->line.agent;
    }
}

void line_feed(Engine *e, int slot, int event, const LineFacts *facts)
{
    Slot *s = &e->slots[slot];
    Line *l = &s->line;
    LineState from = l->state;
    if (!line_step(from, event)) {
        e->unlisted++;
        engine_note(e, l->entry.call, "%s while %s: no such step; nothing was done",
                    line_event_name(event), line_state_name(from));
        return;
    }
    Result before = l->result;
    e->in[line_kind(l)][from]--;
    LineAct act = line_apply(l, event, e->now, facts);
    if (from == LINE_BRIDGING && l->state == LINE_WAITING)
        l->own = false;                   /* anybody may help him now */
    e->in[line_kind(l)][l->state]++;
    carry_out(e, slot, act);
    if (l->state == from)
        return;
    queue_up(e, slot, from);
    count(e, l, from, before);
    pace_saw_line(e, l, from, event);
    arm(e, slot);
    if (e->observer.changed)
        e->observer.changed(e->observer.self, e->now, l, from);
    follow(e, slot, from);
    if (l->state == LINE_ENDED)
        close_slot(e, slot);
}

/* A line that begins. */
static Slot *begin(Engine *e, const Line *line, int agent)
{
    int slot = take_slot(e);
    Slot *s = &e->slots[slot];
    uint32_t gen = s->gen;
    *s = (Slot){ .line = *line, .agent = agent, .gen = gen, .epoch = e->epoch };
    s->line.state = LINE_PLACED;
    s->line.placed_at = e->now;
    if (agent >= 0) {
        s->line.agent = e->agents.all[agent].id;
        e->agents.all[agent].call = slot;
    }
    e->in[line_kind(&s->line)][LINE_PLACED]++;
    idmap_put(&e->calls, (uint64_t)line->entry.call, slot);
    if (*line->entry.number)
        idmap_put(&e->numbers, number_key(line->entry.number), slot);
    arm(e, slot);
    return s;
}

void line_open(Engine *e, const Entry *entry, int agent)
{
    const Slot *s = begin(e, &(Line){ .entry = *entry, .own = agent >= 0 }, agent);
    e->dials++;
    e->room -= e->room > 0 && e->room < INT_MAX;
    DriverOrder *o = engine_push_order(e, ORDER_PLACE);
    o->call = entry->call;
    o->agent = s->line.agent;
    o->ring_ms = e->cfg.pacing.ring_ms;
    o->wait_ms = (int)e->cfg.patience_ms;
    o->record = e->cfg.record;
    o->detect_machine = e->cfg.detect_machine && agent < 0;   /* an agent who listens needs no
                                                                 detector */
    o->key = entry->key;
    o->attempt = entry->attempt;
    memcpy(o->number, entry->number, sizeof o->number);
    if (e->observer.placed)
        e->observer.placed(e->observer.self, e->now, &s->line);
}

int line_take(Engine *e, CallId incoming, CallId call, const char *number, int agent)
{
    Line line = { .entry.call = call, .in = true, .incoming = incoming, .own = agent >= 0 };
    memcpy(line.entry.number, number, strnlen(number, sizeof line.entry.number - 1));
    line.entry.key = number_key(number);
    line.entry.attempt = 1;
    int slot = (int)(begin(e, &line, agent) - e->slots);
    e->taken++;
    e->changed = true;
    DriverOrder *o = engine_push_order(e, ORDER_TAKE);
    o->call = call;
    o->incoming = incoming;
    o->wait_ms = (int)e->cfg.hold_ms;
    o->record = e->cfg.record;
    memcpy(o->sound, e->cfg.hold, sizeof o->sound);
    if (agent >= 0 && e->observer.placed)
        e->observer.placed(e->observer.self, e->now, &e->slots[slot].line);
    return slot;
}

/* Who is idle on the machine that has the call and suits it best; -1: nobody. */
static int best_agent(const Engine *e, const Slot *s)
{
    const Queue *idle = &e->agents.idle;
    int best = -1, most = -1;
    for (int i = idle->head; i >= 0; i = idle->links[i].next) {
        const Agent *a = &e->agents.all[i];
        int fit = a->node != s->node ? -1
                  : e->supply.fit ? e->supply.fit(e->supply.self, &s->line, a->id) : 0;
        if (fit > most) {
            most = fit;
            best = i;
        }
    }
    return best;
}

/* Of those who can be served the one whose time ends first. One who was dialled by his agent has
 * him already. */
static bool match_one(Engine *e)
{
    int first = -1, with = -1;
    int64_t ends = NEVER;
    for (int slot = e->waiting.head; slot >= 0; slot = e->waiting.links[slot].next) {
        const Slot *s = &e->slots[slot];
        int64_t at = deadline_of(e, &s->line);
        if (at >= ends || (e->away & 1U << s->node))
            continue;
        bool seeks = !s->line.own && !is_played(e, &s->line);
        int agent = seeks ? best_agent(e, s) : -1;
        if (seeks && agent < 0)
            continue;
        first = slot;
        with = agent;
        ends = at;
    }
    if (first < 0)
        return false;
    if (with >= 0) {
        e->slots[first].agent = with;
        e->slots[first].line.agent = e->agents.all[with].id;
        e->agents.all[with].call = first;
    }
    line_feed(e, first, LINE_AGENT, &(LineFacts){ 0 });
    return true;
}

void line_match(Engine *e)
{
    while (e->linked && e->waiting.n > 0 && match_one(e))
        ;
}

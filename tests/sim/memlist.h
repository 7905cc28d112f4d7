/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * memlist.h -- for tests: a calling list in memory that is a Supply, and a watcher of a day that is
 * an Observer.
 *
 * The list tries each entry up to three times, half an hour apart.  The watcher writes every event
 * into a text and checks what must hold at any moment; `wrong` counts what did not.
 */
#ifndef TESTS_MEMLIST_H
#define TESTS_MEMLIST_H

#include <stdio.h>
#include <stdlib.h>

#include "dialer/engine.h"

typedef enum MemState { MEM_NEW, MEM_CLAIMED, MEM_CALLING, MEM_RESTING, MEM_DONE } MemState;

typedef struct MemEntry {
    int person;               /* the number's owner; two entries may have the same */
    MemState state;
    int attempts;
    AgentId agent;            /* who is in its call, as far as the watcher saw */
} MemEntry;

typedef struct MemList {
    MemEntry *all;
    int n, next;              /* those from `next` on were never claimed */
    Agenda resting;
    CallId last_call;
    int *number_calls;        /* by person: calls that are up */
    int *agent_calls;         /* by agent id: calls he is in */
    int nagents;
    bool refuse_intents;      /* as if the disk were full */
    const EngineConfig *cfg;
    /* the watcher */
    Buf log;
    bool keep_log;
    int wanted;                           /* by the last claim */
    int64_t claims, intents, ended, results[RESULTS], put_backs;
    int in_flight, idle;
    int wrong;
    char what[200];           /* the first thing that was wrong */
} MemList;

static inline void mem_wrong(MemList *m, const char *what, int64_t id)
{
    if (!m->wrong++)
        snprintf(m->what, sizeof m->what, "%s: %lld", what, (long long)id);
}

static inline void mem_init(MemList *m, int n, int nagents, const EngineConfig *cfg)
{
    *m = (MemList){ .n = n, .nagents = nagents, .cfg = cfg };
    m->all = xalloc(sizeof *m->all * (size_t)(n + 1));
    m->number_calls = xalloc(sizeof *m->number_calls * (size_t)(n + 1));
    m->agent_calls = xalloc(sizeof *m->agent_calls * (size_t)(nagents + 1));
    for (int i = 0; i < n; i++)
        m->all[i].person = i;
}

static inline void mem_release(MemList *m)
{
    free(m->all);
    free(m->number_calls);
    free(m->agent_calls);
    agenda_release(&m->resting);
    buf_release(&m->log);
}

static inline void mem_give(MemList *m, int i, Entry *out)
{
    MemEntry *me = &m->all[i];
    *out = (Entry){ .id = i + 1, .key = (uint64_t)me->person + 1, .attempt = me->attempts + 1 };
    snprintf(out->number, sizeof out->number, "+1555%07d", me->person);
    me->state = MEM_CLAIMED;
}

static inline int mem_claim(void *self, int64_t now, AgentId agent, int want, Entry *out,
                            int64_t *again_at)
{
    MemList *m = self;
    int n = 0;
    Due due;
    (void)agent;
    m->claims++;
    m->wanted = want;
    while (n < want && agenda_take(&m->resting, now, &due))
        mem_give(m, (int)due.id, &out[n++]);
    while (n < want && m->next < m->n)
        mem_give(m, m->next++, &out[n++]);
    *again_at = agenda_next(&m->resting);
    return n;
}

static inline bool mem_intend(void *self, int64_t now, AgentId agent, Entry *entries, int n,
                              Error *err)
{
    MemList *m = self;
    (void)now, (void)agent;
    if (m->refuse_intents)
        return fail(err, ERR_IO, "no space left on the device");
    for (int i = 0; i < n; i++) {
        MemEntry *me = &m->all[entries[i].id - 1];
        if (me->state != MEM_CLAIMED)
            mem_wrong(m, "an intent for an entry that was not claimed", entries[i].id);
        me->state = MEM_CALLING;
        me->attempts++;
        entries[i].call = ++m->last_call;
        m->intents++;
    }
    return true;
}

static inline void mem_put_back(void *self, int64_t now, const Entry *entry, PutBack why, Str words)
{
    MemList *m = self;
    (void)words, (void)why;
    if (m->all[entry->id - 1].state != MEM_CLAIMED)
        mem_wrong(m, "put back without a claim", entry->id);
    m->all[entry->id - 1].state = MEM_RESTING;
    m->put_backs++;
    agenda_add(&m->resting, now + 60000, 0, entry->id - 1, 0);
}

static inline bool mem_paced(const Line *l)
{
    return !l->own && !l->in && l->state >= LINE_PLACED && l->state <= LINE_WAITING;
}

static inline void mem_placed(void *self, int64_t now, const Line *l)
{
    MemList *m = self;
    if (l->in)                            /* of no entry */
        return;
    MemEntry *me = &m->all[l->entry.id - 1];
    m->in_flight += mem_paced(l);
    if (me->state != MEM_CALLING)
        mem_wrong(m, "dialled without an intent", l->entry.call);
    if (++m->number_calls[me->person] != 1)
        mem_wrong(m, "a number in two calls", l->entry.call);
    if (m->cfg->pacing.mode == PACE_PROGRESSIVE && mem_paced(l) && m->in_flight > m->idle)
        mem_wrong(m, "progressive dials ahead", m->in_flight - m->idle);
    if (m->keep_log)
        buf_printf(&m->log, "%lld place %lld %s\n", (long long)now, (long long)l->entry.call,
                   l->entry.number);
}

static inline void mem_changed(void *self, int64_t now, const Line *l, LineState from)
{
    MemList *m = self;
    if (l->in)
        return;
    MemEntry *me = &m->all[l->entry.id - 1];
    Line before = *l;
    before.state = from;
    m->in_flight += mem_paced(l) - mem_paced(&before);
    if (l->state == LINE_BRIDGING) {
        me->agent = l->agent;
        if (l->agent <= 0 || l->agent > m->nagents || ++m->agent_calls[l->agent] != 1)
            mem_wrong(m, "an agent in two calls", l->agent);
    } else if (me->agent && l->state != LINE_TALKING && l->state != LINE_WRAPUP) {
        m->agent_calls[me->agent]--;
        me->agent = 0;
    }
    if (m->keep_log)
        buf_printf(&m->log, "%lld call %lld %s > %s agent %lld\n", (long long)now,
                   (long long)l->entry.call,
                   line_state_name(from), line_state_name(l->state), (long long)l->agent);
}

static inline bool mem_times_in_order(const Line *l)
{
    int64_t times[] = { l->placed_at, l->ringing_at, l->answered_at, l->person_at, l->bridged_at,
                        l->hungup_at, l->ended_at };
    int64_t last = 0;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        if (times[i] && times[i] < last)
            return false;
        if (times[i])
            last = times[i];
    }
    return l->placed_at && l->ended_at;
}

static inline void mem_ended(void *self, int64_t now, const Line *l)
{
    MemList *m = self;
    m->ended++;
    m->results[l->result]++;
    if (l->in)
        return;
    MemEntry *me = &m->all[l->entry.id - 1];
    m->number_calls[me->person]--;
    if (me->state != MEM_CALLING || l->state != LINE_ENDED)
        mem_wrong(m, "ended twice", l->entry.call);
    if (l->result == RESULT_NONE)
        mem_wrong(m, "ended without a result", l->entry.call);
    if (!mem_times_in_order(l))
        mem_wrong(m, "times out of order", l->entry.call);
    if (result_is_agents(l->result) && !l->bridged_at)
        mem_wrong(m, "an agent's result without a talk", l->entry.call);
    bool again = !result_is_agents(l->result) && l->result != RESULT_BAD_NUMBER
                 && me->attempts < 3;
    me->state = again ? MEM_RESTING : MEM_DONE;
    if (again)
        agenda_add(&m->resting, now + 30 * 60000, 0, l->entry.id - 1, 0);
    if (m->keep_log)
        buf_printf(&m->log, "%lld end %lld %s by %d\n", (long long)now, (long long)l->entry.call,
                   result_name(l->result), (int)l->by);
}

static inline void mem_agent(void *self, int64_t now, const Agent *a, AgentState from)
{
    MemList *m = self;
    m->idle += (a->state == AGENT_READY) - (from == AGENT_READY);
    if (a->state == AGENT_READY && m->agent_calls[a->id])
        mem_wrong(m, "ready in a call", a->id);
    if (m->keep_log)
        buf_printf(&m->log, "%lld agent %lld %s > %s\n", (long long)now, (long long)a->id,
                   agent_state_name(from), agent_state_name(a->state));
}

static inline void mem_note(void *self, int64_t now, CallId call, const char *text)
{
    MemList *m = self;
    if (m->keep_log)
        buf_printf(&m->log, "%lld note %lld %s\n", (long long)now, (long long)call, text);
}

static inline Supply mem_supply(MemList *m)
{
    return (Supply){ m, mem_claim, mem_intend, mem_put_back };
}

static inline Observer mem_observer(MemList *m)
{
    return (Observer){ m, mem_placed, mem_changed, mem_ended, mem_agent, mem_note };
}

#endif

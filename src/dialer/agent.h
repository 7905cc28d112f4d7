/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * agent.h -- who is there to talk, what each is doing and since when.
 *
 * Keeps states, times and the order in which agents became idle; knows nothing of calls but a
 * number that the engine gives it.  What may follow what is decided in the engine.
 */
#ifndef DIALER_AGENT_H
#define DIALER_AGENT_H

#include "dialer/call.h"
#include "dialer/order.h"

typedef enum AgentState {
    AGENT_OFF,
    AGENT_PAUSED,             /* here, but not for calls */
    AGENT_READY,              /* idle: the next call is his */
    AGENT_PREVIEW,            /* looks at an entry that he may dial */
    AGENT_DIALLING,           /* his own call rings */
    AGENT_TALKING,
    AGENT_WRAPUP,
    AGENT_STATES
} AgentState;

typedef struct Agent {
    AgentId id;
    AgentState state;
    AgentState then;   /* where to when the call and its wrap-up are over: ready, paused or off */
    int64_t since;            /* start of the state */
    int64_t spent[AGENT_STATES];   /* ms in each state up to `since` */
    int call;                 /* the engine's number of his line; -1 none */
    bool leg;                 /* his phone is up */
    int node;                 /* the machine that it is on */
    bool leg_wanted;          /* he said ready and waits for his phone */
    bool leg_left;            /* it was up on a machine that cannot be reached now */
    bool leg_unwanted;        /* he is off, and that it is down was not heard of */
    uint32_t gen;             /* grows with each change of state */
    uint32_t epoch;           /* the last reconcile that knew his phone */
    int talks;                /* calls that he was joined to */
    bool called_in;           /* the last one came in */
    int64_t talked_ms;        /* his last talk */
    Entry offer;              /* AGENT_PREVIEW: what he looks at */
} Agent;

typedef struct Agents {
    Agent *all;               /* in the order in which they were added, which never changes */
    int n, size;
    IdMap index;              /* id -> place in all */
    Queue idle;               /* those in AGENT_READY, the longest idle first */
    int in[AGENT_STATES];     /* how many are in each state */
} Agents;

void agents_init(Agents *as);
void agents_release(Agents *as);
int agents_find(const Agents *as, AgentId id);            /* -1 when he was never added */
int agents_add(Agents *as, AgentId id, int64_t now);      /* the place of one who may be new; he
                                                             is off then */
void agent_set(Agents *as, int i, AgentState state, int64_t now);
/* ms, the running state included */
int64_t agent_time_in(const Agent *a, AgentState s, int64_t now);
const char *agent_state_name(AgentState s);               /* "ready", "wrap-up", ... */

#endif

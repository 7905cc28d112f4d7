/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * simday.h -- a whole campaign day on a turned clock: engine, simulated network and simulated
 * agents.
 *
 * Used by `dial simulate` and by the tests.  The clock jumps from one event to the next, so a day
 * takes as long as its events take to compute.  The same input gives the same day.
 */
#ifndef DIALER_SIMDAY_H
#define DIALER_SIMDAY_H

#include "dialer/engine.h"
#include "dialer/world.h"

typedef struct SimDay {
    const EngineConfig *engine;
    const SimWorld *world;
    uint64_t seed;
    const AgentId *agents;
    int nagents;
    int64_t start, end;       /* ms since 1970 UTC; no call is placed from `end` on, those that
                                 are up are finished */
    Supply supply;
    Observer observer;
    bool (*go_on)(void *self, int64_t now);   /* asked after each turn; false breaks the day off.
                                                 May be NULL */
    void *self;
} SimDay;

typedef struct SimReport {
    EngineView view;
    int64_t ended_at;         /* when the last agent went */
    int64_t spent[AGENT_STATES];   /* ms, all agents together */
    int64_t turns;            /* turns of the clock */
} SimReport;

/* False with ERR_INTERRUPTED when go_on said stop, ERR_INVALID when a setting is out of range. */
bool sim_run_day(const SimDay *day, SimReport *out, Error *err);

#endif

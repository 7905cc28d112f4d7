/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * floor.h -- a campaign dialled in real time by one process, for agents who sit at any process.
 *
 * Agents say what they want in the file (agent.wish, the table `request`), and what they are is
 * written there (agent.state); so an agent's own program, the dialler and a supervisor see the
 * same, and nothing of it is lost with a process.  A row of `dialing` says who dials a campaign and
 * how it goes; a process that is gone has left it behind and is replaced.
 */
#ifndef DIALER_FLOOR_H
#define DIALER_FLOOR_H

#include "base/loop.h"
#include "base/process.h"
#include "dialer/live.h"

typedef struct Floor Floor;

typedef struct FloorPlan {
    int64_t campaign;
    const char *title;        /* of its undo step; copied */
    Loop *loop;               /* NULL: time is turned forward by floor_jump() */
    uint64_t seed;            /* of the simulated line, and of simulated agents */
    const AgentId *crew;      /* simulated agents, n_crew of them: on the simulated line only */
    int n_crew;
    bool by_number;           /* the simulated line obeys the last digit of a number (sim.h) */
    void (*say)(void *ctx, bool warning, const char *text);   /* what people should know */
    void (*over)(void *ctx);  /* after floor_stop, or by itself: no call is up any more */
    void *ctx;
} FloorPlan;

/* ERR_REFUSED: the campaign does not run, is dialled by another process, or is not one that a
 * dialler dials (preview, manual). ERR_REFUSED too when crew is asked for on a real line. */
bool floor_open(Crm *crm, const FloorPlan *p, Floor **out, Error *err);

void floor_stop(Floor *f, bool at_once);  /* no more calls; those that are up end, or are hung up */
bool floor_over(const Floor *f);

/* Writes the end down and gives the campaign free. Calls that are up are hung up first. */
bool floor_close(Floor *f, DialSums *sums, Error *err);

/* Without a loop: forward to the next thing that happens. */
void floor_jump(Floor *f);
void floor_look(Floor *f);                /* see at once what others have written */

const char *floor_line(const Floor *f);   /* name of the switch */
bool floor_is_simulated(const Floor *f);
const DialCampaign *floor_campaign(const Floor *f);
int floor_calls(const Floor *f);          /* that are up */
const char *floor_end_reason(const Floor *f);          /* why it stopped; "" it was told to */

/* ---- for every process (floor_ask.c) --------------------------------------------------------- */

/* The process that dials a campaign. */
typedef struct Dialer {
    char process[PROCESS_NAME], line[400];        /* switches, how each is */
    int64_t began, at, dials, connected, abandoned, ringing, waiting, talking;
    bool stopping;
    double share;             /* abandoned, of the people who answered in the legal window */
    char why[160];
} Dialer;
bool dialer_find(Crm *crm, int64_t campaign, bool *found, Dialer *out, Error *err);

/* What is asked of it; texts may be NULL. */
typedef struct Request {
    int64_t campaign;
    AgentId agent;
    const char *what;         /* "stop", "stop now", "hangup", "result"; "listen", "whisper",
                                 "barge", "silence"; "record-off",
                                 "record-on"; "incoming" (note:
                                 the number), on the simulated line */
    const char *result, *note;
    int64_t callback_at;
    bool mine;
    AgentId supervisor;       /* who listens */
} Request;

/* Ask; `here` is the floor of this process, or NULL. Waits until the dialler has taken it up, some
 * seconds at most: ERR_UNREACHABLE. A refusal is the dialler's own. */
bool request_ask(Crm *crm, Floor *here, const Request *r, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * floor_inside.h -- the floor's own struct, for its files only.
 *
 *   floor.c           life, turns, the end
 *   floor_seat.c      agents: what they want, what became of them
 *   floor_in.c        calls in
 *   floor_ask.c       who dials, and what others ask of him
 */
#ifndef DIALER_FLOOR_INSIDE_H
#define DIALER_FLOOR_INSIDE_H

#include "dialer/floor.h"
#include "dialer/session_switch.h"

#define LOOK_EVERY INT64_C(100)           /* for what others wrote; a look costs microseconds */
#define SHOW_EVERY INT64_C(1000)          /* the row of `dialing` is as old as this */
#define CHECK_EVERY INT64_C(10000)        /* whether there is anything left to do */

/* An agent, as his row in the file has him. */
typedef struct Seat {
    AgentId id;
    char name[64];
    AgentState said;          /* by the file: AGENT_READY, AGENT_PAUSED or AGENT_OFF */
    AgentState wish;          /* likewise; at the end of the day everybody is to be off */
    bool pending;             /* the engine has not been told */
    bool had_phone;           /* it has been up since he said ready */
    AgentState from;          /* the state before the one he is in */
    CallId call;              /* the last one that he was given */
    CallId clearing;          /* his call has its result but is not over yet */
    uint32_t round;           /* of the last look that found him */
} Seat;

/* Somebody who calls in and was not taken yet. */
typedef struct Ringing {
    CallId incoming;          /* the driver's id */
    int64_t at, ask_at;       /* since then; not to be looked at again before */
    char number[PHONE_E164_SIZE];
} Ringing;

struct Floor {
    Crm *crm;
    FloorPlan plan;
    Arena arena;
    DialCampaign campaign;
    SwitchConfig line;        /* the first of: */
    SwitchConfig *lines;
    int n_lines;
    Live live;
    Timer *timer;
    Seat *seats;
    int n_seats, room;
    uint32_t round;
    Ringing *ringing;
    int n_ringing;
    bool held;                /* the row of `dialing` is ours */
    bool stopping, at_once, was_open, told_over, trouble;
    const char *end_reason;
    int64_t began, seen, own_writes, look_at, show_at, check_at;
    int64_t day;              /* of the ledgers, as day_number() has it; 0: not looked yet */
    int64_t callback_at;      /* when the next callback is due; NEVER */
    Dialer shown;             /* what the row says */
};

void floor_say(Floor *f, bool warning, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

void floor_ask_stop(Floor *f, bool at_once);           /* floor_stop() from within a turn */

/* floor_seat.c */
bool seats_read(Floor *f, Error *err);    /* wishes from the file */
void seats_serve(Floor *f);               /* wishes to the engine, forced pauses to the file, own
                                             entries to their agents */
void seats_saw_line(void *self, int64_t now, const Line *l, LineState from);
void seats_saw_agent(void *self, int64_t now, const Agent *a, AgentState from);
Seat *seat_find(Floor *f, AgentId id);    /* NULL: not here */
Seat *seat_add(Floor *f, AgentId id);
bool seat_is_there(void *floor, AgentId id);
bool seat_phone(void *floor, AgentId id, char out[static DRIVER_PHONE]);
bool seat_home(void *floor, AgentId id, char out[static DRIVER_PHONE]);

/* floor_in.c */
void in_heard(void *floor, const DriverEvent *ev);
void in_saw_ended(void *floor, int64_t now, const Line *l);
void in_serve(Floor *f);
bool in_simulate(Floor *f, const char *number, Error *err);    /* on the simulated line */

/* floor_ask.c */
bool dialing_take(Floor *f, Error *err);
bool dialing_show(Floor *f, Error *err);
bool dialing_give(Floor *f, Error *err);
bool requests_serve(Floor *f, Error *err);

/* floor_lease.c */
bool leases_settle(Floor *f, Error *err);      /* an even part of what the switches may carry */
bool leases_give(Floor *f, Error *err);        /* back */

#endif

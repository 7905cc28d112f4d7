/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * engine_inside.h -- the engine's own struct, for its files only.
 *
 *   engine.c         life, time, pacing, driver events, orders
 *   engine_line.c    a step of one line and what follows from it
 *   engine_agent.c   what agents say
 *   engine_pace.c    what the pacer is shown and told
 */
#ifndef DIALER_ENGINE_INSIDE_H
#define DIALER_ENGINE_INSIDE_H

#include "dialer/engine.h"

/* A line and what the engine keeps beside it. Slots are used again, the last freed first. */
typedef struct Slot {
    Line line;                /* state LINE_NONE: the slot is free */
    int agent;                /* place of line.agent in agents; -1 nobody */
    int node;                 /* the machine that has it, once it was heard of */
    uint32_t gen;             /* grows with each state and each use: tells stale deadlines */
    uint32_t epoch;           /* the last reconcile that knew it */
} Slot;

/* Which calls are counted together: those that the pacing placed, that an agent dialled himself,
 * that came in. */
enum { KIND_PACED, KIND_OWN, KIND_IN, KINDS };

enum { DUE_LINE, DUE_WRAP };  /* Due.kind: id is a slot, an agent's place */

struct Engine {
    EngineConfig cfg;
    Supply supply;
    Observer observer;
    int64_t now;
    bool running;
    bool linked;              /* the link is up and reconciled */
    uint32_t away;            /* machines that cannot be reached, a bit each */
    uint32_t epoch;           /* of the last reconcile asked for */
    Agents agents;
    Slot *slots;
    int nslots, size;
    int *free_slots, nfree;
    IdMap calls;              /* call id -> slot */
    IdMap numbers;            /* hashes of numbers in calls; equal hashes count as equal numbers */
    Queue waiting;            /* slots in LINE_WAITING, in the order in which they came */
    Agenda agenda;
    DriverOrder *orders;      /* not yet handed out: orders[first..norders) */
    int first, norders, orders_size;
    int in[KINDS][LINE_STATES];       /* lines by kind and state */
    int64_t dials, taken, connected, abandoned, unlisted, strays, results[RESULTS];
    Ledger ledgered;          /* of connected and abandoned: in cfg.before already */
    int64_t ask_at;           /* the supply has nothing before this time */
    int most;                 /* entries worth asking for: few after a claim that fell short */
    bool store_failed;        /* the last intent could not be written */
    int room;                 /* calls that the driver would take */
    int refused;              /* orders to dial refused in a row */
    int dead;                 /* calls in a row that failed before they rang */
    int rests;                /* since then, how often it was waited, longer each time ... */
    int64_t rest_until;       /* ... until then */
    Pacer pacer;
    int64_t paced_at;         /* the observer was told of pacing */
    bool changed;             /* something that the pacer sees, since it was asked */
    Pace pace;                /* the last decision; place: how many of its calls were placed */
    int owed;                 /* its calls that are still to be placed */
};

/* engine.c */
DriverOrder *engine_push_order(Engine *e, DriverOrderKind kind);
__attribute__((format(printf, 3, 4)))
void engine_note(Engine *e, CallId call, const char *fmt, ...);
bool engine_has_room(const Engine *e);
void engine_now(Engine *e, int64_t now);                      /* time never runs backwards */
bool engine_place(Engine *e, int agent, Entry *entries, int n, Error *err);   /* agent -1: any */

/* engine_line.c */
void line_open(Engine *e, const Entry *entry, int agent);     /* once the intent is written */
int line_take(Engine *e, CallId incoming, CallId call, const char *number, int agent);  /* slot */
void line_feed(Engine *e, int slot, int event, const LineFacts *facts);
void line_match(Engine *e);                                   /* who waits with who is idle */
int line_kind(const Line *l);
int lines_held(const Engine *e);                              /* calls that hold a trunk */
uint64_t number_key(const char *number);

/* engine_agent.c */
void agent_move(Engine *e, int i, AgentState s);      /* the only way an agent changes state */
void agent_go(Engine *e, int i, AgentState wish); /* to ready (once his phone is up), paused, off */
void agent_take_event(Engine *e, const DriverEvent *ev);
int agent_answering(Engine *e, AgentId id);           /* free to; his offer is put back; or -1 */
void agents_leave_node(Engine *e, int node);          /* it cannot be reached any more */
void agent_wrap_over(Engine *e, int i);               /* the limit of his wrap-up has passed */

/* engine_pace.c */
bool engine_pace(Engine *e);          /* false: nothing that calls for a decision has changed */
void pace_tell(Engine *e);            /* the observer, of the last decision */
void pace_saw_line(Engine *e, const Line *l, LineState from, int event);
void pace_saw_person(Engine *e, bool abandoned);              /* one who answered, in the end */
void pace_saw_agent(Engine *e, Agent *a, AgentState from, int64_t lasted_ms);

#endif

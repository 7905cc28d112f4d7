/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * engine.h -- a campaign's day: agents, lines and pacing, as a state machine without I/O.
 *
 * It takes events (time passed, what a driver reports, what an agent says) and gives orders for a
 * driver.  Where entries come from and where records go are two interfaces, Supply and Observer; it
 * knows no database, no switch and no clock: each call carries the time, in milliseconds, and time
 * never runs backwards here.
 *
 * The same calls in the same order give the same orders.  What holds at any moment: a number is in
 * at most one call; an agent is in at most one call; each call whose intent was written ends
 * exactly once with exactly one result.
 *
 * Whoever runs it does, for ever:   advance the driver and hand over its events, engine_tick(),
 * carry out all orders (drive.h), sleep until the earlier of engine_wake() and the driver's next
 * event.
 */
#ifndef DIALER_ENGINE_H
#define DIALER_ENGINE_H

#include "dialer/agent.h"
#include "dialer/line.h"
#include "dialer/pacing_pacer.h"

typedef struct Engine Engine;

typedef struct EngineConfig {
    PacingRules pacing;
    Ledger before;            /* in the legal window before this run */
    Ledger earlier;           /* the same of this day */
    const PaceLearnt *learnt; /* what predictive pacing learnt on days before, copied; NULL: none */
    bool detect_machine;      /* have people told from machines; costs the person about 1.5 s */
    bool unheard;             /* the driver does not learn how calls go: an agent may say that
                                 nobody answered, too */
    bool record;              /* have calls recorded, if the driver can */
    char play[40];            /* broadcast: the sound that is played to who answers, on the lines of
                                 pacing.max_calls (0: PLAY_LINES); "": agents talk to them */
    char hold[40];            /* the sound that who called in hears while he waits; "": music */
    Result unsaid;   /* result of a talk whose agent let the wrap-up limit pass in silence */
    /* ms; how long a state may last before something is done about it */
    int64_t patience_ms;      /* a person waits for an agent; then the call is abandoned */
    int64_t hold_ms;          /* the same of one who called in; then the call is missed */
    int64_t classify_ms;      /* answered and nothing further said: then it is taken for a person */
    int64_t ring_slack_ms;    /* so long past ring_ms nothing was told: an event was lost */
    int64_t bridge_ms;        /* the driver has not said that the bridge failed: then it stands */
    int64_t talk_ms;          /* longest talk; 0: no limit */
    int64_t wrap_ms;          /* longest wrap-up; 0: no limit */
    int64_t clear_ms;         /* the driver was told to hang up and says nothing */
    int64_t message_ms;       /* the same where an abandoned customer hears a message first */
} EngineConfig;

enum { PLAY_LINES = 10 };

/* 2 s of patience and the other times as a campaign has them that says nothing; rules of
 * pacing_defaults(). */
EngineConfig engine_defaults(void);
bool engine_check(const EngineConfig *c, Error *err);        /* ERR_INVALID: a value out of range */

typedef enum PutBack {
    PUT_BACK_SKIPPED,         /* the agent looked and passed; his words are given */
    PUT_BACK_NUMBER_IN_USE,   /* another call to the same number is up */
    PUT_BACK_NOT_DIALLED,     /* the intent could not be written, or the agent left before */
} PutBack;

/* The list. Its functions must not call the engine. */
typedef struct Supply {
    void *self;

    /* Up to `want` entries that may be dialled now, for this agent or (0) for anybody, the best
     * first; the gate was asked for each. They are not given out again until they are put back or
     * their call has ended. When fewer than `want` come, *again_at says when to ask again (NEVER:
     * when a call has ended, or engine_more() is called). */
    int (*claim)(void *self, int64_t now, AgentId agent, int want, Entry *out, int64_t *again_at);

    /* Write down, durably and all or none, that these are about to be dialled, and give each its
     * call id. False: nothing was written, and nothing will be dialled; claimed entries come back
     * by put_back. */
    bool (*intend)(void *self, int64_t now, AgentId agent, Entry *entries, int n, Error *err);

    void (*put_back)(void *self, int64_t now, const Entry *entry, PutBack why, Str words);

    /* How well a call suits an agent who is idle: it goes to whom it suits best, of equals to who
     * has been idle longest; < 0: not to him. NULL: all are equal. */
    int (*fit)(void *self, const Line *line, AgentId agent);
} Supply;

/* The record. Any member may be NULL; none may call the engine; what is pointed to lives until the
 * return. */
typedef struct Observer {
    void *self;
    /* The order to dial was given, or to take a call in for the agent who answers it. */
    void (*placed)(void *self, int64_t now, const Line *line);
    void (*changed)(void *self, int64_t now, const Line *line, LineState from);
    /* Once for each call, after its last change. */
    void (*ended)(void *self, int64_t now, const Line *line);
    void (*agent)(void *self, int64_t now, const Agent *agent, AgentState from);
    /* Something that should not be, for a log; call 0: about no call. */
    void (*note)(void *self, int64_t now, CallId call, const char *text);
    /* Now and then while calls may be placed, and at the end: the last decision, and what was
     * learnt (NULL in modes that do not learn). */
    void (*paced)(void *self, int64_t now, const Pace *pace, const PaceLearnt *learnt);
} Observer;

Engine *engine_new(const EngineConfig *c, Supply supply, Observer observer, int64_t now);
void engine_free(Engine *e);

/* ---- time, the driver, orders ---------------------------------------------------------------- */

/* Meets deadlines, then paces. To be called after events, and when engine_wake() has come. */
void engine_tick(Engine *e, int64_t now);

/* How many calls the driver would take now (driver_room); holds until it is said again. An engine
 * begins without a limit. */
void engine_room(Engine *e, int room);

/* One more call would be placed by itself now. */
bool engine_can_dial(const Engine *e);

/* When a tick is due though nothing happens; NEVER. Sometimes earlier than need be. */
int64_t engine_wake(const Engine *e);

void engine_event(Engine *e, const DriverEvent *ev);

/* The next order for the driver; false when none is left. */
bool engine_order(Engine *e, DriverOrder *out);

/* The driver did not take this order. */
void engine_refused(Engine *e, const DriverOrder *order, const Error *why);

/* ---- the campaign ---------------------------------------------------------------------------- */

/* Calls may be placed; an engine begins stopped. */
void engine_start(Engine *e, int64_t now);

/* No more calls. Those that are up go on, or (at_once) are hung up. */
void engine_stop(Engine *e, int64_t now, bool at_once);

/* A new day has begun: what the cap is held against now, as EngineConfig.before and .earlier. */
void engine_new_day(Engine *e, Ledger before, Ledger earlier);

/* The list has changed: ask it again. */
void engine_more(Engine *e, int64_t now);

/* ---- calls in -------------------------------------------------------------------------------- */

/* Somebody calls in, and what was written of it has the id `call`: he is taken from the driver and
 * waits for an agent, hold_ms at most. He stands outside pacing and the share of abandoned calls.
 * Of all who wait, the one whose time ends first goes first. `agent`: who answers him, if he is
 * ready or looks at an entry, which goes back; 0: whom it suits. turn_away: nobody will be there
 * for him, so he is told at once. */
void engine_take(Engine *e, int64_t now, CallId incoming, CallId call, const char *number,
                 AgentId agent, bool turn_away);
bool engine_has_taken(const Engine *e, CallId incoming);      /* and the call is still up */

/* ---- agents: false with ERR_NOT_FOUND (never added), ERR_REFUSED (not now; says why) --------- */

/* What an agent wants to be: AGENT_READY, AGENT_PAUSED or AGENT_OFF. During a call it is kept for
 * afterwards; in wrap-up it ends the wrap-up, for which the result must have been said. One who is
 * new is added. */
bool engine_agent(Engine *e, int64_t now, AgentId id, AgentState wish, Error *err);

/* The result of the agent's call: ends the talk if it still goes on. One of the agents' results, or
 * RESULT_MACHINE. */
bool engine_result(Engine *e, int64_t now, AgentId id, Result r, Error *err);

/* The agent hangs up; the result is still to be said. Before an answer: his own call is
 * cancelled. */
bool engine_hangup(Engine *e, int64_t now, AgentId id, Error *err);

/* Preview: show a ready agent the next entry; then dial it, or pass it with a word why. `out` may
 * be NULL. engine_offer: ERR_NOT_FOUND when there is nothing that he may dial now. */
bool engine_offer(Engine *e, int64_t now, AgentId id, Entry *out, Error *err);
bool engine_dial(Engine *e, int64_t now, AgentId id, Error *err);
bool engine_skip(Engine *e, int64_t now, AgentId id, Str why, Error *err);

/* ---- looking --------------------------------------------------------------------------------- */

typedef struct EngineView {
    int64_t dials;            /* calls whose intent was written */
    int64_t taken;            /* calls in */
    int64_t connected;        /* joined to an agent */
    int64_t abandoned;
    int64_t results[RESULTS]; /* of calls that ended: dials + taken - live */
    int64_t unlisted;         /* events that the line table has no step for */
    int64_t strays;           /* events about calls that had ended or were never ours */
    int live;                 /* calls that have not ended */
    int holding;              /* of these, people who called in and wait */
    int lines[LINE_STATES];   /* the same by state */
    int agents[AGENT_STATES];
    bool running, linked;
    Pace pace;                /* the last decision, and why */
} EngineView;

EngineView engine_view(const Engine *e);
const PaceLearnt *engine_learnt(const Engine *e);              /* NULL in modes that do not learn */
const Agent *engine_find_agent(const Engine *e, AgentId id);   /* NULL: never added */
const Agent *engine_agent_at(const Engine *e, int i);          /* as added; NULL past the last */
const Line *engine_find_line(const Engine *e, CallId id);      /* NULL: not live */

#endif

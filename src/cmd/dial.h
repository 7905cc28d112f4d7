/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dial.h -- an agent at work at the prompt: one campaign, one agent, calls dialled on his word.
 *
 * With an event loop the calls live in real time: timers drive them, and what happens is told above
 * the prompt.  Without one (a script, a test) time is turned forward on the simulated line in each
 * command until the agent is needed, and waited for on a real one.
 */
#ifndef CMD_DIAL_H
#define CMD_DIAL_H

#include "base/loop.h"
#include "cmd/command.h"
#include "dialer/drivers.h"
#include "dialer/floor.h"

typedef struct Dialing Dialing;

/* What the agent looks at, or whom he talks with. */
typedef struct DialCard {
    int64_t entry, customer, attempts, last_at;      /* customer 0: nothing */
    const char *name, *last_result;
    char number[40];
} DialCard;

/* Somebody who calls in and is not answered yet. */
typedef struct DeskCaller {
    CallId incoming;
    char number[PHONE_E164_SIZE];     /* "": withheld */
    bool gone;                        /* he gave up, which is not written down yet */
} DeskCaller;
enum { DESK_CALLERS = 8 };

struct Dialing {
    Session *session;
    Arena arena, card_arena;
    DialCampaign campaign;
    const char *agent_name, *title;
    AgentId agent;
    Live live;                /* its time is ahead of the clock where there is no loop */
    SwitchConfig *lines;      /* over which the calls go, n_lines of them */
    int n_lines;
    bool simulated, hears;    /* hears: the driver learns how calls go */
    bool takes;               /* who calls in is answered here */
    DeskCaller callers[DESK_CALLERS];
    int n_callers;
    Loop *loop;               /* the session's, or own_loop on a real line; NULL: time is turned */
    Loop *own_loop;           /* turned within commands only */
    Timer *timer;
    int64_t look_at;          /* nothing could be offered: look again then; 0 */
    bool closing, arrived;    /* arrived: the engine knows the agent */
    CallId call;              /* the last one; 0 none */
    const char *result;       /* of that call once it is over; or NULL */
    DialCard card;
};

typedef struct DialBegin {
    int64_t campaign;
    AgentId agent;
    const char *agent_name, *title;
    uint64_t seed;
} DialBegin;

/* Begin; session->dialing is it from then on. ERR_REFUSED when the campaign does not run or
 * somebody is at work here already. */
bool dialing_open(Session *s, const DialBegin *b, Error *err);
/* No more calls; finishes the record. ERR_REFUSED while a talk has no result, unless `force`d: then
 * a call that is up is hung up and has failed. */
bool dialing_end(Session *s, bool force, DialSums *sums, Error *err);
/* Calls of this process that are up: of its agent, of the campaign that it dials. */
int dial_calls_up(const Session *s);
/* Before a session ends, and before its Lua state and its database are closed. */
void dialing_close(Session *s);

/* Catch up with the clock: all that is due happens, and a free agent is shown the next entry. */
void dialing_catch_up(Dialing *d);
/* Until the end of a call whose end was ordered has been heard of: some milliseconds. */
void dialing_run_out(Dialing *d);
/* While the agent is in this state, at most for so long: turn time forward, or wait. At a prompt on
 * a real line it does neither; what happens is told when it does. */
void dialing_run_while(Dialing *d, AgentState state, int64_t most_ms);
AgentState dialing_state(const Dialing *d);
bool dialing_in_call(const Dialing *d);                    /* a call of the agent has not ended */
bool dialing_linked(const Dialing *d);                     /* calls can be placed */
bool dialing_has_loop(const Dialing *d);                   /* time goes on between commands */

/* Agents sim-1, sim-2 ...: those that there are, and further ones made. Within a transaction. */
bool simulated_agents(const Call *c, AgentId *ids, int n, Error *err);            /* cmd_dial.c */

/* cmd_dial_start.c: a dialler at the prompt is stopped, its calls hung up. */
void dialler_close(Session *s);
bool dial_in_earnest(const Call *c, Error *err);           /* ERR_REFUSED in a dry run */
/* The campaign named, else the only one that somebody dials; ERR_REFUSED. */
bool dial_which(const Call *c, int64_t named, int64_t *campaign, Error *err);

/* cmd_dial_callers.c */
void dial_callers_heard(Dialing *d, const DriverEvent *ev);
void dial_callers_missed(Dialing *d);                      /* writes down who has given up */
/* The agent, who is in no call, answers who has called in first. ERR_REFUSED: nobody does. */
bool dial_callers_take(Dialing *d, Error *err);

/* cmd_dial_card.c */
bool dial_card_read(Dialing *d, const Entry *e, Error *err);
void dial_card_note(Dialing *d);                           /* one line for people */
bool dial_card_row(const Call *c, Dialing *d, Error *err); /* what the agent has before him */

#endif

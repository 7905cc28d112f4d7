/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session.h -- a campaign dialled from the database: the list that an engine is fed from, and the
 * record of what became of each call.
 *
 * It is the engine's Supply and Observer.  Nothing is decided in advance: each candidate is asked
 * the dial gate at the moment it is wanted.  The intent of a call is written before it is placed
 * and its outcome when it has ended, at once or (DialPlan.keeps) soon and with others in one
 * transaction; the id of the engine's call is that of the row in `call`.
 *
 * A rehearsal lives inside its caller's transaction, and its first error ends it.  Otherwise an
 * outcome that cannot be written is held and written later, and until then nothing more is dialled.
 */
#ifndef DIALER_SESSION_H
#define DIALER_SESSION_H

#include "base/date.h"
#include "dialer/session_caller.h"
#include "dialer/engine.h"
#include "model/crm.h"

typedef struct DialSession DialSession;

/* What a campaign says about dialling; texts in the arena, never NULL. */
typedef struct DialCampaign {
    int64_t id, list;
    const char *name, *state, *mode, *script, *list_name, *hours_name, *skill,
        *message;
    double calls_per_second;          /* 0: no limit */
    bool by_skill;                    /* calls go to who has most of `skill`, not to who is idle
                                         longest */
    EngineConfig rules;
    int64_t abandon_days;         /* the legal window of the abandoned share */
    Hours hours;                  /* calling hours; none when they cannot be read */
} DialCampaign;

/* ERR_NOT_FOUND; ERR_REFUSED when it has no list; ERR_INVALID when a rule is out of its range. */
bool dial_campaign(Crm *crm, int64_t id, Arena *a, DialCampaign *out, Error *err);

/* How a campaign stands with its abandoned calls, and what pacing said last. */
typedef struct DialPacing {
    Ledger today, window;
    double cap;
    int64_t days;                     /* of the window, today included */
    int64_t at;                       /* of the last decision; 0: none was noted */
    const char *why;                  /* it, in words */
} DialPacing;
bool dial_pacing(Crm *crm, int64_t campaign, int64_t now, Arena *a, DialPacing *out, Error *err);

typedef struct DialPlan {
    const DialCampaign *campaign;     /* copied but for its texts, which must outlive the session */
    const char *driver;               /* "sim" */
    const char *title;                /* of its undo step; not copied. Not for a rehearsal */
    bool rehearsal;
    bool whole;                       /* of a rehearsal that nobody looks into before its end: calls
                                         are written once, when they have ended */
    bool keeps;                       /* the owner calls dial_session_turned and _next */
    int64_t now;                      /* when it begins, ms */
    int64_t seed;
    int agents;                       /* how many there are, for the record */
} DialPlan;

/* First what dead sessions of the campaign left behind is put right (dial_reconcile). */
bool dial_session_open(Crm *crm, const DialPlan *plan, DialSession **out, Error *err);
void dial_session_free(DialSession *s);

Supply dial_session_supply(DialSession *s);
Observer dial_session_observer(DialSession *s);
const EngineConfig *dial_session_rules(const DialSession *s);  /* the campaign's, with the ledger */
int64_t dial_session_reconciled(const DialSession *s);         /* calls that had been left open */

/* False with the first error of a rehearsal, or with what keeps outcomes from being written. */
bool dial_session_ok(const DialSession *s, Error *err);

/* What the agent in a call says about it beyond the engine's result; counts for the call of his
 * that ends next. `result` may be any in the table (ERR_NOT_FOUND names the nearest), *engine is
 * then what the engine is to be told. */
typedef struct DialSaying {
    const char *result, *note;        /* note may be NULL */
    int64_t callback_at;              /* 0: as the rules say */
    bool mine;                        /* and the agent himself calls back */
} DialSaying;
bool dial_session_say(DialSession *s, AgentId agent, const DialSaying *what, Result *engine,
                      Error *err);
void dial_session_unsay(DialSession *s, AgentId agent);

/* What he has said is put into the row of the call, which has not ended yet: whatever happens to
 * this program, it counts. Nothing to do when the call has ended. */
bool dial_session_put_down(DialSession *s, int64_t now, AgentId agent, CallId call, Error *err);

/* Write down that an agent is taken to want something else than he said, and why. */
bool dial_session_wish(DialSession *s, AgentId agent, const char *wish, const char *reason,
                       Error *err);

/* Write down that an agent dials himself at this process, or does no more: what he is there is put
 * right when the process has died (dial_reconcile). */
bool dial_session_desk(DialSession *s, AgentId agent, bool here, Error *err);

/* Write down that a supervisor began, or ceased, to hear the agent's calls. */
bool dial_session_heard(DialSession *s, int64_t now, AgentId agent, bool on, Error *err);

/* Whether an agent is there to take what is dealt to him. With this, such entries are given to him
 * alone (dial_session_has_own) while he is; a callback whose owner is away for CALLBACK_GRACE is
 * given to anybody. Without it who asks for anybody gets them at once. */
void dial_session_presence(DialSession *s, bool (*there)(void *ctx, AgentId agent), void *ctx);
bool dial_session_has_own(const DialSession *s, int64_t now, AgentId agent);
/* What this agent is offered next is this customer; ERR_REFUSED says why he may not be dialled,
 * ERR_NOT_FOUND that he is not on the list. */
bool dial_session_choose(DialSession *s, int64_t now, AgentId agent, int64_t customer, Error *err);
void dial_session_left(DialSession *s, int64_t now, AgentId agent);  /* he is not there any more */

/* Others may have booked callbacks: they will be given at their time. When the next one that is not
 * known yet is due; NEVER. */
int64_t dial_session_look(DialSession *s);

/* A session that keeps (DialPlan.keeps) writes outcomes and states of agents with the next intents,
 * or else at the end of a turn: of this one when somebody counts on it, later by half a second when
 * nobody does. dial_session_next is when that turn is due though nothing happens; NEVER. */
void dial_session_turned(DialSession *s, int64_t now);
int64_t dial_session_next(const DialSession *s);
bool dial_session_write(DialSession *s, int64_t now);  /* all of it now; false: dial_session_ok */

/* Somebody calls in (caller_find() was asked who): it is written down before he is taken, with the
 * id that engine_take() needs. One whom nobody knows becomes a customer if setting inbound.new says
 * so. */
bool dial_session_take(DialSession *s, int64_t now, Caller *k, CallId *call, Error *err);

/* Whether another process has taken a call of this number since then. */
bool dial_session_was_taken(DialSession *s, const char *number, int64_t since, bool *was,
                            Error *err);

/* The ledgers as of now; what was kept is written before. */
bool dial_session_ledgers(DialSession *s, int64_t now, Ledger *window, Ledger *today, Error *err);

/* Name of the result that was written last; NULL before the first. */
const char *dial_session_last_result(const DialSession *s);

/* The end: held outcomes and the sums of the run are written. */
bool dial_session_finish(DialSession *s, int64_t now, Error *err);

typedef struct DialSums {
    int64_t dials, connected, appointments, accepted, abandoned;   /* by the flags in `result` */
    int64_t by_hour[24];              /* dials by hour of the user's day */
    int64_t exhausted_at;             /* from then on nothing was left until the end; 0: never */
} DialSums;
DialSums dial_session_sums(const DialSession *s);

/* Calls of the campaign that a session left open whose process is gone: nothing of them is up on
 * the simulated line, so they have failed; their entries follow the rules for that result. Calls in
 * of any campaign that are left so are missed, and called back; agents who dialled at a prompt that
 * is gone are off. */
bool dial_reconcile(Crm *crm, int64_t campaign, int64_t now, int64_t *cleared, Error *err);

#endif

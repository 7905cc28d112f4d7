/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_inside.h -- the session's own struct, for its files only.
 *
 *   session.c           campaign, results, life, transactions
 *   session_claim.c     which entries may be dialled now
 *   session_record.c    intents, outcomes
 *   session_skip.c      entries that were not dialled
 *   session_keep.c      what is not written yet
 *   session_inbound.c   calls in: taken, given to, what follows from them
 *   session_agent.c     what agents say, their states
 *   session_rules.c     what becomes of an entry after a result
 *   session_crash.c     what a dead session left behind
 *   session_pace.c      ledgers of abandoned calls, what pacing has learnt
 */
#ifndef DIALER_SESSION_INSIDE_H
#define DIALER_SESSION_INSIDE_H

#include "dialer/session.h"
#include "dialer/skill.h"
#include "model/dial_gate.h"
#include "store/journal.h"

enum {
    BATCH = 200,                      /* entries read at once */
    ASKS_MOST = 500,                  /* gates asked in one claim for no agent in particular */
};
#define MINUTE INT64_C(60000)
#define STORE_RETRY INT64_C(5000)     /* the file could not be read or written */
#define RECHECK (5 * MINUTE)          /* others may have changed the file: ask again after this */

typedef struct ResultRow {
    const char *name;
    bool connected, appointment, accepted, final, dnc;
} ResultRow;

/* Entries of one state, read in pages in the order of their keys. */
typedef struct Source {
    const char *state;
    bool timed;                       /* by (next_at, id), those that are due; else by id */
    int64_t at, id;                   /* the last one read */
    int64_t due_at;                   /* nothing more is due before this */
    int64_t page[BATCH];
    int n, next;
} Source;
enum { CALLBACKS, SOURCES = 4 };          /* CALLBACKS: the first of them */

/* Entries dealt to one agent which another came upon. */
typedef struct Aside { AgentId agent; Agenda entries; } Aside;

typedef struct Pool {
    Source sources[SOURCES];          /* in the order in which they are dialled */
    Agenda parked;                    /* refused by the gate: to be asked again */
    Aside *aside;
    int n_aside;
    IdMap known;                      /* entries parked or put aside: the gen of the Due that
                                         stands; claimed or in a call: 0 */
    int waits;                        /* the last gen that was given */
    int64_t recheck_at;
} Pool;

typedef struct Said {
    AgentId agent;
    int result;
    char note[400];
    int64_t callback_at;
    bool mine;
} Said;

/* A call that has ended, and what its agent said of it (agent 0: nothing). */
typedef struct Over { Line line; Said said; } Over;

/* A state of an agent that is still to be written. */
typedef struct StateNote {
    AgentId agent;
    const char *state;
    int64_t at;
    CallId call;                      /* 0: none */
    bool joins;                       /* he hears the call from now on */
} StateNote;

struct DialSession {
    Crm *crm;
    DialPlan plan;
    DialCampaign campaign;
    Arena arena, scratch;
    ResultRow *results;
    int n_results, of_engine[RESULTS];        /* place in results */
    Pool pool;
    Said *said;                       /* one for each agent who has said something, n_said */
    int n_said;
    AgentId joins;                    /* who was last given a call, and which */
    CallId joins_call;
    bool (*there)(void *ctx, AgentId agent);
    void *there_ctx;
    double tokens;                    /* calls that may be begun now, of calls_per_second */
    int64_t tokens_at;
    IdMap up;                         /* plan.whole: the numbers of calls that are up, and ... */
    DialFacts facts;                  /* ... what holds of the campaign, read once; or 0 */
    char channel[80]; /* call.channel: whose calls these are; empty in a rehearsal */
    int64_t run;                      /* of the journal; 0 before the first change */
    RowSet changes;                   /* its changes that this session made */
    int64_t dial_run;                 /* 0 before the first call */
    Over *kept;                       /* outcomes that are not written yet, and states */
    StateNote *states;
    int n_kept, n_states;
    int64_t write_at;                 /* when they must be; NEVER: there are none */
    IdMap seated;                     /* agents whose row names the campaign */
    DialSums sums;
    const char *last_result;
    int64_t reconciled;
    PaceLearnt *learnt;               /* of sessions before; NULL: nothing */
    Error trouble;
};

/* session.c. A transaction of its own, unless the caller of a rehearsal has one. */
bool session_begin(DialSession *s, Error *err);
bool session_end(DialSession *s, bool ok, Error *err); /* commits when ok; returns whether it did */
void session_trouble(DialSession *s, const Error *err);      /* the first one stays */
int session_result(const DialSession *s, Str name);          /* place in results; -1 */
bool session_record_run(DialSession *s, int64_t now, Error *err);

/* session_claim.c */
void pool_init(DialSession *s);
void pool_release(DialSession *s);
int session_claim(void *self, int64_t now, AgentId agent, int want, Entry *out,
                  int64_t *again_at);
void pool_park(DialSession *s, int64_t entry, int64_t at);
void pool_free(DialSession *s, int64_t entry);         /* its call is over */
void pool_due(DialSession *s, const char *state, int64_t at); /* one more will be due then */

/* session_record.c */
/* On the stop list for all campaigns, unless it is there already; "" is nobody's. */
bool session_stop_number(Crm *crm, const char *number, const char *why, int64_t at, Error *err);
bool session_intend(void *self, int64_t now, AgentId agent, Entry *entries, int n, Error *err);
/* A touch: what a customer was called for, or would have been. call 0: there was none. */
typedef struct Contact { int64_t customer, at; bool in; const char *result; Str note; CallId call; }
    Contact;
bool session_touch(DialSession *s, const Contact *t, Error *err);
bool session_is_up(const DialSession *s, Str number);  /* a call that is not in the file */
bool session_watched(const DialSession *s);            /* by hooks on the ends of calls */
bool session_write_outcome(DialSession *s, const Over *over, Error *err);     /* caller's tx */
bool session_record_outcome(DialSession *s, const Over *over, Error *err);    /* own; hooks */
void session_outcome_written(DialSession *s, const Over *over);               /* it stands */

/* session_skip.c */
void session_put_back(void *self, int64_t now, const Entry *entry, PutBack why, Str words);

/* session_keep.c */
void session_ended(void *self, int64_t now, const Line *line);
void session_state(DialSession *s, const StateNote *n);
void session_write_soon(DialSession *s, int64_t at);   /* what is kept, if anything is */
bool session_write_kept(DialSession *s, Error *err);   /* in the caller's transaction ... */
void session_kept_written(DialSession *s);             /* ... which was committed */
bool session_write_all(DialSession *s, Error *err);    /* in one of its own */

/* session_agent.c */
void session_placed(void *self, int64_t now, const Line *l);
void session_changed(void *self, int64_t now, const Line *l, LineState from);
bool session_write_states(DialSession *s, Error *err);     /* in the caller's transaction */
void session_agent(void *self, int64_t now, const Agent *agent, AgentState from);
/* What the agent has said of his call, which is then forgotten; agent 0: nothing. */
void session_take_word(DialSession *s, AgentId agent, Said *out);
const Said *session_word(const DialSession *s, AgentId agent);        /* NULL: nothing was said */

/* session_rules.c: the state of an entry after an attempt ended. */
typedef struct NextStep { const char *state, *reason; int64_t at; } NextStep;      /* at 0: none */
typedef struct Attempt {
    int64_t campaign, entry, attempts, ended_at, callback_at;
    const ResultRow *result;
    AgentId owner;                    /* of a callback; 0: as it was */
    int64_t placed_at;                /* 0: the entry is being dialled; else its intent was not
                                         written, see DialPlan.whole */
} Attempt;
bool rules_next(Crm *crm, const Attempt *t, NextStep *out, Error *err);
bool rules_apply(Crm *crm, const Attempt *t, const NextStep *next, Error *err);

/* session_inbound.c */
enum { FIT_OWNER = SKILL_MOST + 1 };
int session_fit(void *self, const Line *l, AgentId agent);
/* What a call in that has ended means for who called. *callback_at: his entry is due then; 0. */
bool inbound_over(Crm *crm, CallId call, const Attempt *t, int64_t *callback_at, Error *err);

/* session_pace.c */
bool session_pace_open(DialSession *s, Error *err);    /* ledgers and experience into the rules */
void session_paced(void *self, int64_t now, const Pace *pace, const PaceLearnt *learnt);

/* session_crash.c */
void channel_write(int64_t dial_run, char *out, size_t size);

#endif

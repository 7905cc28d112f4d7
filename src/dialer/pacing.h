/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing.h -- how many calls to place now: rules, what is looked at, what is said.  Arithmetic on
 * numbers handed in: no I/O, no clock, no chance.
 *
 * pacing_decide() answers for the modes that need no memory.  A Pacer (pacing_pacer.h) answers for
 * all of them: it also keeps what predictive pacing has learnt.  The same things told in the same
 * order give the same answers, so any decision can be shown and explained afterwards.  Which
 * entries are dialled is not decided here.
 */
#ifndef DIALER_PACING_H
#define DIALER_PACING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/str.h"

#define RING_MS_LEAST 15000   /* in several countries the law; four rings */

typedef enum PaceMode {
    PACE_PREVIEW,             /* nothing by itself: an agent looks at an entry and says "dial" */
    PACE_PROGRESSIVE,         /* one call in flight for each idle agent */
    PACE_RATIO,               /* round(ratio x idle) calls in flight */
    PACE_PREDICTIVE,          /* as many as the learnt risk of abandoned calls allows */
    PACE_VICIDIAL,            /* as another dialer does by default, for comparison (dial bench) */
    PACE_MODES
} PaceMode;

typedef struct PacingRules {
    PaceMode mode;
    double ratio;             /* PACE_RATIO: 1.0 .. 10.0 */
    double abandon_cap;       /* highest share of answering people who get no agent, 0 .. 1; 0:
                                 never dial ahead */
    int max_calls;            /* lines in use at once, talks included; 0: no limit */
    int ring_ms;              /* a customer's phone rings no longer; at least RING_MS_LEAST */
} PacingRules;

/* People who answered, and how many of them got no agent. */
typedef struct Ledger { int64_t answered, abandoned; } Ledger;

typedef struct PacingView {
    int idle;                 /* agents who could take a call now */
    int in_flight;            /* calls placed for anybody that have no agent yet */
    int lines;                /* all calls that hold a line */
    Ledger today, window;     /* window: the days that the law counts, today included */
    /* beyond this, for modes with a memory */
    int64_t now;              /* ms */
    int64_t dials;            /* today */
    int talking, writing;     /* agents */
    int here;                 /* agents logged in, paused ones included */
    int waiting, joined;      /* calls: without an agent, with one */
    int most;                 /* calls that could be had: no decision need be for more */
    const struct PaceScene *scene;    /* who does what since when; predictive only */
} PacingView;

/* Why that many, or why none: shown to whoever asks why the dialer is quiet. */
typedef enum PaceWhy {
    PACE_DIALLING,
    PACE_ENOUGH,              /* as many in flight as the mode allows */
    PACE_NO_IDLE,
    PACE_ALL_LINES,           /* max_calls */
    PACE_RISKY,               /* one more would bring more abandoned calls than it is worth */
    PACE_ON_COMMAND,          /* preview */
    /* the engine's own reasons, found before pacing is asked */
    PACE_STOPPED,
    PACE_NO_LINK,
    PACE_DEAD_LINE,           /* calls fail before they ring: one is tried now and then */
    PACE_NO_ENTRY,            /* nothing in the list may be dialled now */
    PACE_NO_STORE,            /* intents cannot be written, so nothing may be dialled */
    PACE_WHYS
} PaceWhy;

/* Why dialling ahead is given up for the time being, where a mode would dial ahead. */
typedef enum PaceCare {
    PACE_CARE_NONE,
    PACE_CARE_CAP,            /* the share of abandoned calls is over its cap */
    PACE_CARE_SURPRISE,       /* far more were abandoned than was predicted */
    PACE_CARE_CLOCK,          /* the clock has jumped, or nobody asked for long */
    PACE_CARE_EVENTS,         /* too many calls of which the line did not tell what became */
    PACE_CARES
} PaceCare;

/* What a predictive decision was made of. */
typedef struct PaceNumbers {
    double credit;            /* calls that may still be abandoned under the cap, less those that
                                 calls under way are expected to become */
    double limit;             /* abandoned calls risked for one that is served: as many as this */
    double risk, served;      /* what the next call would bring: abandoned; served, weighed */
    double person;            /* chance that it reaches a person */
    double due, free;         /* within the grid: persons expected to ask, agents to be free */
} PaceNumbers;

typedef struct Pace {
    int place;                /* calls to place now */
    PaceWhy why;
    PaceCare held_back;       /* dialling ahead is given up */
    PaceNumbers n;            /* predictive only, else 0 */
    int idle, in_flight;      /* as seen */
} Pace;

Pace pacing_decide(const PacingRules *rules, const PacingView *view);

/* As many as the limit of lines leaves room for. */
void pacing_limit(const PacingRules *rules, const PacingView *view, Pace *p);

/* The rules that a campaign has when it says nothing: progressive, 3 %, 25 s, no limit of lines. */
PacingRules pacing_defaults(void);

/* ERR_INVALID when a rule is out of its range. */
bool pacing_check(const PacingRules *rules, Error *err);

double ledger_share(Ledger l);                          /* 0 when nobody answered */
const char *pace_mode_name(PaceMode m);                 /* "preview", ... */
bool pace_mode_find(Str name, PaceMode *out);
const char *pace_why_text(PaceWhy w);                   /* half a sentence: "no agent is idle" */
const char *pace_care_text(PaceCare c);                 /* "" for none */

/* A sentence with the numbers: "2 calls placed: 3 agents idle, ...". */
void pace_explain(const Pace *p, Buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing.h -- how many calls to place now. Arithmetic on numbers handed in: no I/O, no clock, no
 * chance, no memory.
 *
 * The same view gives the same answer, so any decision can be shown and explained afterwards.
 * Which entries are dialled is not decided here.
 *
 * A further mode gets a word in PaceMode and a branch in pacing_decide().  Predictive pacing will
 * need more than counts (the ages of calls and of agents' states, and what was learnt from calls
 * that ended): that is another member of PacingView, filled by the engine; nothing else changes.
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
} PacingView;

/* Why that many, or why none: shown to whoever asks why the dialer is quiet. */
typedef enum PaceWhy {
    PACE_DIALLING,
    PACE_ENOUGH,              /* as many in flight as the mode allows */
    PACE_NO_IDLE,
    PACE_ALL_LINES,           /* max_calls */
    PACE_ON_COMMAND,          /* preview */
    /* the engine's own reasons, found before pacing is asked */
    PACE_STOPPED,
    PACE_NO_LINK,
    PACE_NO_ENTRY,            /* nothing in the list may be dialled now */
    PACE_NO_STORE,            /* intents cannot be written, so nothing may be dialled */
    PACE_WHYS
} PaceWhy;

typedef struct Pace {
    int place;                /* calls to place now */
    PaceWhy why;
    bool held_back;           /* dialling ahead was given up because of the abandoned share */
} Pace;

Pace pacing_decide(const PacingRules *rules, const PacingView *view);

/* The rules that a campaign has when it says nothing: progressive, 3 %, 25 s, no limit of lines. */
PacingRules pacing_defaults(void);

/* ERR_INVALID when a rule is out of its range. */
bool pacing_check(const PacingRules *rules, Error *err);

double ledger_share(Ledger l);                          /* 0 when nobody answered */
const char *pace_mode_name(PaceMode m);                 /* "preview", ... */
bool pace_mode_find(Str name, PaceMode *out);
const char *pace_why_text(PaceWhy w);                   /* half a sentence: "no agent is idle" */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing_future.h -- how answers and agents may meet in the next half minute.
 *
 * At step k of the grid,   D(k) = persons who will have asked for an agent by then (those who wait
 * already included) - agents who will have been idle by then.   All of these are independent
 * chances, so D is a sum of yes-or-no draws: its distribution is convolved exactly for a handful
 * of calls and agents, and taken for normal beyond.  D >= 0 when one more person asks: nobody is
 * free for him.  D = -m: m agents are.
 */
#ifndef DIALER_PACING_FUTURE_H
#define DIALER_PACING_FUTURE_H

#include "dialer/pacing_model.h"

/* Who does what since when, counted by the bins of pacing_model.h. */
typedef struct PaceScene {
    int idle;                         /* agents */
    int talking[TALK_BINS], wrapup[WRAP_BINS];
    int ringing[RING_BINS], answered[ANSWER_BINS], waiting;       /* calls without an agent */
} PaceScene;

enum { EXACT_MOST = 64, EXACT_ROOM = 512 };

typedef struct FutureCalls { double n, until[PACE_STEPS], within[PACE_STEPS]; } FutureCalls;

typedef struct PaceFuture {
    double mean[PACE_STEPS], var[PACE_STEPS];       /* of D */
    double due[PACE_STEPS];           /* persons expected to ask within the step */
    FutureCalls calls[RING_BINS + ANSWER_BINS + 1];
    int ncalls;
    FutureCalls next;                 /* a call that would be placed now */
    double person;                    /* that it reaches a person within the grid */
    bool exact;
    int zero, low, high;              /* D = 0 is at [zero]; known from low to high */
    double d[PACE_STEPS][EXACT_ROOM];
} PaceFuture;

void future_make(PaceFuture *f, const PaceScene *s, const PaceTables *t, double leaves);
double future_lost(const PaceFuture *f);        /* calls under way that nobody may be free for */
void future_place(PaceFuture *f);     /* as if the next call had been placed */

/* What one more call would do. `abandoned`: expected abandoned calls more, its own and those that
 * it would push past the last agent. `served`: chance that it finds an agent, each weighed with
 * 1 - exp(-m / reserve), m being the agents who are free then: the last free one is worth keeping
 * for what is under way. */
typedef struct PaceOdds { double abandoned, served; } PaceOdds;
PaceOdds future_odds(const PaceFuture *f, double reserve);

#endif

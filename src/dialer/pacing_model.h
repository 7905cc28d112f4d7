/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing_model.h -- what predictive pacing has learnt of calls and agents, and the tables of
 * probabilities made of it.  Arithmetic only; the same experience gives the same numbers.
 *
 * Calls: a histogram of how long phones ring until something comes of it, kept apart for calls
 * that turned out to be persons; older calls count less and less (a window of at least 400 calls
 * or ten minutes of them).  From it
 *     P(a person is ready for an agent within t | it has rung for e s)
 *         = sum of person[b], e <= b and b + lag <= e + t   /   sum of any[b], b >= e
 * where lag is the mean time from the answer until a person is told from a machine, and
 *     P(it is a person | answered a s ago and not told yet).
 * Agents: the last thousand pairs of talk and wrap-up; from them P(free again within t | has
 * talked, or written, for e s), smoothed with two made-up agents whose talks have no memory.
 * Before anything was seen there are 15 made-up calls and 10 made-up talks: a weak prior, soon
 * outweighed.
 *
 * Times are seconds.
 */
#ifndef DIALER_PACING_MODEL_H
#define DIALER_PACING_MODEL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

enum {
    PACE_STEPS = 14,          /* steps of the grid of time on which the future is looked at */
    RING_BINS = 128,          /* half seconds of ringing; the last bin holds all longer ones */
    ANSWER_BINS = 16,         /* quarter seconds from the answer */
    TALK_BINS = 56,           /* 3 s each up to a minute, then growing by an eighth */
    WRAP_BINS = 180,          /* seconds */
    CYCLES = 1000,            /* talks remembered */
};

/* Plain numbers, so that they can be kept from one day to the next. */
typedef struct PaceLearnt {
    double any[RING_BINS], person[RING_BINS];       /* weights of calls */
    double weight;                    /* of the next call */
    double calls;                     /* how many calls the weights are worth */
    double lag_s;                     /* from the answer to "a person", mean */
    double persons[ANSWER_BINS], machines[ANSWER_BINS], answer_weight;
    float talk_s[CYCLES], wrap_s[CYCLES];
    int ncycles, next_cycle;
    double mean_talk_s, mean_wrap_s;
    double leaves;                    /* share of wrap-ups after which the agent goes away */
    double log_risk;                  /* ln of the risk that a call may bring (pacing_predict.h) */
} PaceLearnt;

/* What is asked of the experience, on a grid of PACE_STEPS steps of step_s. Row k of a table is
 * step k; probabilities "until" are for the middle of the step, "within" for all of it. */
typedef struct PaceTables {
    double step_s;
    /* a person, by how long it has rung */
    double until[RING_BINS][PACE_STEPS], within[RING_BINS][PACE_STEPS];
    double ever[RING_BINS];           /* within all steps */
    double is_person[ANSWER_BINS];    /* answered this long ago, not told yet */
    double talk_free[TALK_BINS][PACE_STEPS], wrap_free[WRAP_BINS][PACE_STEPS];
} PaceTables;

/* As text, and back: false, and nothing changed, when the text is not one of these. The last
 * KEPT_CYCLES talks are kept. */
enum { KEPT_CYCLES = 300 };
void learnt_write(const PaceLearnt *l, Buf *out);
bool learnt_read(Str text, PaceLearnt *out);

void learnt_init(PaceLearnt *l);
bool learnt_is_sane(const PaceLearnt *l);    /* what was kept somewhere may have been spoilt */

/* The ringing of a call is over, or (person) it has been told what answered. `window`: how many
 * calls experience reaches back. answered_s: from the answer to the telling; 0 when nobody did. */
void learnt_call(PaceLearnt *l, double ring_s, bool answered, bool person, double answered_s,
                 double window);
void learnt_cycle(PaceLearnt *l, double talk_s, double wrap_s);
void learnt_leave(PaceLearnt *l, bool left);

/* patience_s: how long a person waits for an agent, who may so be free that much later. */
void tables_calls(PaceTables *t, const PaceLearnt *l);
void tables_agents(PaceTables *t, const PaceLearnt *l, double patience_s);

int ring_bin(double s);
int answer_bin(double s);
int talk_bin(double s);
int wrap_bin(double s);

#endif

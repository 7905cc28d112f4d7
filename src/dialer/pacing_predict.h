/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing_predict.h -- predictive pacing: as many calls as the learnt risk of abandoned ones allows.
 *
 * A call is placed while
 *
 *     expected abandoned calls that it adds   <=   limit  x  weighed chance that it is served
 *
 * (future_odds), and the sum is made again after each call placed.  An agent who is free alone
 * weighs less than one of several, since what is under way may need him:  m free agents weigh
 * 1 - exp(-m / r) with  r = 1/2 + 3/2 sd(D) in the middle of the grid.
 *
 *     limit = exp(x + 0.3 (S - S0)),         0.002 (cap / 3 %) .. 3
 *
 * S, the credit, is  cap x answered - abandoned,  of today or of the legal window, whichever is
 * less, minus the abandoned calls expected of those under way.  S0 = 2 + sqrt(answered) / 50 is
 * kept in hand.  x moves by  0.004 (S - S0) (cap / 3 %)  with each person who answers, so that
 * in the long run the whole cap is used and no more.  Below S = 0.3 the limit is at its least:
 * hardly a call is risked.  S begins at 0 each day, x with what was learnt.
 *
 * Dialling ahead is given up (progressive) with a cap of nothing; while the credit is below
 * -3 - sqrt(answered) / 10; when far more calls are abandoned than were predicted when they were
 * placed; for a minute after the clock jumped or nobody asked for long; while of many calls the
 * line did not tell the end.
 * An agent who has written for longer than WRAP_BINS seconds is not expected to come back.
 */
#ifndef DIALER_PACING_PREDICT_H
#define DIALER_PACING_PREDICT_H

#include "dialer/pacing.h"
#include "dialer/pacing_future.h"

typedef struct Predictor {
    PaceLearnt learnt;
    PaceTables tables;
    PaceFuture future;                /* the last one looked at */
    double patience_s, cap;
    int64_t began, asked, calls_at, agents_at;      /* ms; of the tables */
    int64_t dials, answered;
    double credit;                    /* S of the ledgers */
    double foreseen, happened;        /* abandoned calls lately: predicted, real */
    double lost;                      /* share of calls whose end was not told */
    bool at_work;                     /* somebody was, when asked last: then it is asked often */
    int64_t careful_until;
} Predictor;

void predict_init(Predictor *p, double cap, int64_t patience_ms, int64_t now);

/* What happened, for experience. Times in ms. */
void predict_call_over(Predictor *p, int64_t ring_ms, bool answered, bool person,
                       int64_t answered_ms);
void predict_call_lost(Predictor *p, bool lost);        /* each call: was its end not told? */
void predict_person(Predictor *p, const Ledger *today, const Ledger *window, bool abandoned);
void predict_cycle(Predictor *p, int64_t talk_ms, int64_t wrap_ms, bool left);
void predict_clock_jumped(Predictor *p, int64_t now);

/* view->scene is set. */
Pace predict_decide(Predictor *p, const PacingRules *rules, const PacingView *view);

#endif

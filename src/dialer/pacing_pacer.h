/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing_pacer.h -- the pacing of a campaign's day, in whatever mode: asked how many calls to
 * place, and told what happened, for the modes that remember.
 *
 * Still arithmetic: the time comes with the view.
 */
#ifndef DIALER_PACING_PACER_H
#define DIALER_PACING_PACER_H

#include "dialer/pacing_predict.h"
#include "dialer/pacing_vicidial.h"

typedef struct Pacer {
    PacingRules rules;
    Predictor *predictor;             /* PACE_PREDICTIVE, else NULL */
    Vicidial vicidial;
    int64_t next;                     /* when it wants to be asked though nothing happens */
} Pacer;

/* learnt: of days before; NULL: none. */
void pacer_init(Pacer *p, const PacingRules *rules, int64_t patience_ms, const PaceLearnt *learnt,
                int64_t now);
void pacer_release(Pacer *p);

bool pacer_wants_scene(const Pacer *p);
const PaceLearnt *pacer_learnt(const Pacer *p);         /* NULL in modes that learn nothing */

/* To be asked when something has changed, and at pacer_wake(). */
Pace pacer_decide(Pacer *p, const PacingView *view);
bool pacer_is_due(const Pacer *p, const PacingView *view);     /* false: changes can wait for it */
int64_t pacer_wake(const Pacer *p);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/pacing_pacer.h"

#include <stdlib.h>

#include "base/arena.h"

#define TICK_MS 500
#define EACH_CHANGE_MOST 60           /* with more agents at work each half second is enough */

void pacer_init(Pacer *p, const PacingRules *rules, int64_t patience_ms, const PaceLearnt *learnt,
                int64_t now)
{
    *p = (Pacer){ .rules = *rules, .next = INT64_MAX };
    if (rules->mode == PACE_PREDICTIVE) {
        p->predictor = xalloc(sizeof *p->predictor);
        predict_init(p->predictor, rules->abandon_cap, patience_ms, now);
        if (learnt && learnt_is_sane(learnt))
            p->predictor->learnt = *learnt;
    }
    vicidial_init(&p->vicidial, now);
    if (rules->mode == PACE_PREDICTIVE || rules->mode == PACE_VICIDIAL)
        p->next = now;
}

void pacer_release(Pacer *p)
{
    free(p->predictor);
    p->predictor = NULL;
}

bool pacer_wants_scene(const Pacer *p)
{
    return p->predictor != NULL;
}

const PaceLearnt *pacer_learnt(const Pacer *p)
{
    return p->predictor ? &p->predictor->learnt : NULL;
}

bool pacer_is_due(const Pacer *p, const PacingView *v)
{
    if (p->rules.mode == PACE_VICIDIAL)
        return v->now >= p->next;
    return !p->predictor || v->now >= p->next
           || v->idle + v->talking + v->writing <= EACH_CHANGE_MOST;
}

Pace pacer_decide(Pacer *p, const PacingView *v)
{
    while (p->next <= v->now)
        p->next = v->now - p->next > TICK_MS ? v->now + TICK_MS : p->next + TICK_MS;
    if (p->predictor)
        return predict_decide(p->predictor, &p->rules, v);
    if (p->rules.mode == PACE_VICIDIAL)
        return vicidial_decide(&p->vicidial, &p->rules, v);
    return pacing_decide(&p->rules, v);
}

int64_t pacer_wake(const Pacer *p)
{
    return p->next;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/pacing_predict.h"

#include <math.h>

#define CAP_USUAL 0.03                /* that the constants were found at */
#define CREDIT_KEPT 2.0
#define CREDIT_GUARD 0.3
#define CREDIT_LEAST -3.0
#define PULL 0.3                      /* of the credit on ln limit */
#define LEARN 0.004                   /* of x, for each person */
#define LOG_RISK_LEAST -6.0
#define LIMIT_LEAST 0.002
#define LIMIT_MOST 3.0
#define CALLS_EVERY_MS 5000
#define AGENTS_EVERY_MS 60000
#define LATE_MS 10000                 /* nobody asked for so long: nobody watched */
#define CAREFUL_MS 60000
#define MEMORY_S 600.0                /* that experience of calls reaches back */

void predict_init(Predictor *p, double cap, int64_t patience_ms, int64_t now)
{
    *p = (Predictor){ .patience_s = (double)patience_ms / 1000, .cap = cap, .began = now };
    learnt_init(&p->learnt);
}

/* ---- experience ------------------------------------------------------------------------------ */

void predict_call_over(Predictor *p, int64_t ring_ms, bool answered, bool person,
                       int64_t answered_ms)
{
    double elapsed_s = (double)(p->asked - p->began) / 1000 + 60;
    learnt_call(&p->learnt, (double)ring_ms / 1000, answered, person, (double)answered_ms / 1000,
                MEMORY_S * (double)p->dials / elapsed_s);
}

void predict_call_lost(Predictor *p, bool lost)
{
    p->lost += .01 * (lost - p->lost);
}

static double credit_kept(const Predictor *p)
{
    return CREDIT_KEPT + sqrt((double)p->answered) / 50;
}

static double credit_of(double cap, const Ledger *l)
{
    return cap * (double)l->answered - (double)l->abandoned;
}

void predict_person(Predictor *p, const Ledger *today, const Ledger *window, bool abandoned)
{
    double x = p->learnt.log_risk;
    p->answered = today->answered;
    p->credit = fmin(credit_of(p->cap, today), credit_of(p->cap, window));
    x += LEARN * (p->credit - credit_kept(p)) * (p->cap / CAP_USUAL);
    p->learnt.log_risk = fmin(fmax(x, LOG_RISK_LEAST), log(LIMIT_MOST));
    p->foreseen *= .999;
    p->happened = p->happened * .999 + abandoned;
}

void predict_cycle(Predictor *p, int64_t talk_ms, int64_t wrap_ms, bool left)
{
    learnt_leave(&p->learnt, left);
    if (talk_ms > 0)
        learnt_cycle(&p->learnt, (double)talk_ms / 1000, (double)wrap_ms / 1000);
}

void predict_clock_jumped(Predictor *p, int64_t now)
{
    p->careful_until = now + CAREFUL_MS;
}

/* ---- the decision ---------------------------------------------------------------------------- */

static void refresh(Predictor *p, int64_t now)
{
    double step = p->tables.step_s;
    if (now >= p->calls_at) {
        p->calls_at = now + CALLS_EVERY_MS;
        tables_calls(&p->tables, &p->learnt);
    }
    if (now >= p->agents_at || p->tables.step_s != step) {
        p->agents_at = now + AGENTS_EVERY_MS;
        tables_agents(&p->tables, &p->learnt, p->patience_s);
    }
}

/* With more calls the credit swings wider, and means a smaller share. */
static double credit_least(const Predictor *p)
{
    return CREDIT_LEAST - sqrt((double)p->answered) / 10;
}

static PaceCare care(Predictor *p, const PacingRules *rules, int64_t now, bool at_work)
{
    if (p->at_work && now - p->asked > LATE_MS)
        predict_clock_jumped(p, now);
    p->asked = now;
    p->at_work = at_work;
    if (rules->abandon_cap <= 0 || p->credit < credit_least(p))
        return PACE_CARE_CAP;
    if (p->happened > 8 + 2 * p->foreseen)
        return PACE_CARE_SURPRISE;
    if (now < p->careful_until)
        return PACE_CARE_CLOCK;
    return p->lost > .1 ? PACE_CARE_EVENTS : PACE_CARE_NONE;
}

static double limit_of(const Predictor *p, double credit)
{
    double least = LIMIT_LEAST * p->cap / CAP_USUAL;
    double d = credit < 0 ? 3 * credit : credit - credit_kept(p);
    double limit = exp(p->learnt.log_risk + PULL * d);
    if (credit < CREDIT_GUARD || limit < least)
        return least;
    return fmin(limit, LIMIT_MOST);
}

static void fill_numbers(const Predictor *p, const PacingView *v, PaceNumbers *n)
{
    const PaceFuture *f = &p->future;
    n->person = f->person;
    n->due = v->waiting;
    for (int k = 0; k < PACE_STEPS; k++)
        n->due += f->due[k];
    n->free = n->due - f->mean[PACE_STEPS - 1];
}

static Pace at_risk(Predictor *p, const PacingView *v)
{
    Pace pace = { .idle = v->idle, .in_flight = v->in_flight };
    PaceFuture *f = &p->future;
    int most = 2 * (v->idle + v->talking + v->writing) + 10;
    most = most < v->most ? most : v->most;
    if (most <= 0)
        return pace;
    future_make(f, v->scene, &p->tables, p->learnt.leaves);
    pace.n.credit = p->credit - future_lost(f);
    pace.n.limit = limit_of(p, pace.n.credit);
    fill_numbers(p, v, &pace.n);
    double reserve = .5 + 1.5 * sqrt(f->var[PACE_STEPS / 2]);
    while (pace.place < most) {
        PaceOdds o = future_odds(f, reserve);
        pace.n.risk = o.abandoned;
        pace.n.served = o.served;
        if (o.abandoned > pace.n.limit * o.served)
            break;
        pace.place++;
        p->foreseen += o.abandoned;
        future_place(f);
    }
    if (!pace.place)
        pace.why = PACE_RISKY;
    return pace;
}

Pace predict_decide(Predictor *p, const PacingRules *rules, const PacingView *v)
{
    p->dials = v->dials;
    bool at_work = v->idle + v->talking + v->writing > 0;
    PaceCare why = care(p, rules, v->now, at_work);
    if (why) {
        PacingRules progressive = *rules;
        progressive.mode = PACE_PROGRESSIVE;
        Pace pace = pacing_decide(&progressive, v);
        pace.held_back = why;
        return pace;
    }
    if (!at_work)
        return (Pace){ .why = PACE_NO_IDLE, .in_flight = v->in_flight };
    refresh(p, v->now);
    Pace pace = at_risk(p, v);
    pacing_limit(rules, v, &pace);
    return pace;
}

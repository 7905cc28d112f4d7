/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/pacing_future.h"

#include <math.h>
#include <string.h>

static double below(double z)             /* of the standard normal distribution */
{
    return .5 * erfc(-z * .7071067811865476);
}

/* ---- D --------------------------------------------------------------------------------------- */

static void add_answer(PaceFuture *f, int k, double q)
{
    double *d = f->d[k];
    for (int x = f->high + 1; x > f->low; x--)
        d[x] = d[x] * (1 - q) + d[x - 1] * q;
    d[f->low] *= 1 - q;
}

static void add_agent(PaceFuture *f, int k, double q)
{
    double *d = f->d[k];
    for (int x = f->low - 1; x < f->high; x++)
        d[x] = d[x] * (1 - q) + d[x + 1] * q;
    d[f->high] *= 1 - q;
}

static void add_calls(PaceFuture *f, const FutureCalls *c)
{
    for (int k = 0; k < PACE_STEPS; k++) {
        f->mean[k] += c->n * c->until[k];
        f->var[k] += c->n * c->until[k] * (1 - c->until[k]);
        f->due[k] += c->n * c->within[k];
    }
    for (int i = 0; f->exact && i < (int)c->n; i++) {
        for (int k = 0; k < PACE_STEPS; k++)
            add_answer(f, k, c->until[k]);
        f->high++;
    }
}

static void add_agents(PaceFuture *f, int n, const double *free_by, double stay)
{
    for (int k = 0; k < PACE_STEPS; k++) {
        double q = stay * free_by[k];
        f->mean[k] -= n * q;
        f->var[k] += n * q * (1 - q);
    }
    for (int i = 0; f->exact && i < n; i++) {
        for (int k = 0; k < PACE_STEPS; k++)
            add_agent(f, k, stay * free_by[k]);
        f->low--;
    }
}

static FutureCalls calls_ringing(const PaceTables *t, int bin, int n)
{
    FutureCalls c = { .n = n };
    memcpy(c.until, t->until[bin], sizeof c.until);
    memcpy(c.within, t->within[bin], sizeof c.within);
    return c;
}

/* Those who may ask at any moment, and (told) those who have asked. */
static FutureCalls calls_answered(double person, int n, bool told)
{
    FutureCalls c = { .n = n };
    for (int k = 0; k < PACE_STEPS; k++)
        c.until[k] = person;
    c.within[0] = told ? 0 : person;
    return c;
}

static void note_calls(PaceFuture *f, FutureCalls c)
{
    f->calls[f->ncalls++] = c;
    add_calls(f, &c);
}

static void begin(PaceFuture *f, const PaceScene *s)
{
    int items = s->waiting, agents = 0;
    for (int b = 0; b < RING_BINS; b++)
        items += s->ringing[b];
    for (int b = 0; b < ANSWER_BINS; b++)
        items += s->answered[b];
    for (int b = 0; b < TALK_BINS; b++)
        agents += s->talking[b];
    for (int b = 0; b < WRAP_BINS; b++)
        agents += s->wrapup[b];
    f->ncalls = 0;
    f->exact = items + agents <= EXACT_MOST && s->idle <= EXACT_MOST;
    memset(f->due, 0, sizeof f->due);
    memset(f->var, 0, sizeof f->var);
    for (int k = 0; k < PACE_STEPS; k++)
        f->mean[k] = -s->idle;
    if (!f->exact)
        return;
    memset(f->d, 0, sizeof f->d);
    f->zero = agents + s->idle + 1;
    f->low = f->high = f->zero - s->idle;
    for (int k = 0; k < PACE_STEPS; k++)
        f->d[k][f->low] = 1;
}

void future_make(PaceFuture *f, const PaceScene *s, const PaceTables *t, double leaves)
{
    begin(f, s);
    for (int b = 0; b < TALK_BINS; b++)
        if (s->talking[b])
            add_agents(f, s->talking[b], t->talk_free[b], 1 - leaves);
    for (int b = 0; b < WRAP_BINS; b++)
        if (s->wrapup[b])
            add_agents(f, s->wrapup[b], t->wrap_free[b], 1 - leaves);
    for (int b = 0; b < RING_BINS; b++)
        if (s->ringing[b] && t->ever[b] > 1e-4)
            note_calls(f, calls_ringing(t, b, s->ringing[b]));
    for (int b = 0; b < ANSWER_BINS; b++)
        if (s->answered[b])
            note_calls(f, calls_answered(t->is_person[b], s->answered[b], false));
    if (s->waiting)
        note_calls(f, calls_answered(1, s->waiting, true));
    f->next = calls_ringing(t, 0, 1);
    f->person = fmax(t->ever[0], 1e-6);
}

void future_place(PaceFuture *f)
{
    FutureCalls *first = &f->calls[0];
    if (f->exact && f->high + 2 >= EXACT_ROOM)
        f->exact = false;
    add_calls(f, &f->next);
    if (f->ncalls > 0 && memcmp(first->until, f->next.until, sizeof first->until) == 0)
        first->n++;
    else if (f->ncalls < RING_BINS + ANSWER_BINS + 1) {
        memmove(first + 1, first, sizeof *first * (size_t)f->ncalls++);
        *first = f->next;
    }
}

/* ---- odds ------------------------------------------------------------------------------------ */

/* P(D without one call of chance q is -1): the call would be the last to find an agent. */
static double last_served(const PaceFuture *f, int k, double q)
{
    const double *d = f->d[k];
    double p = 0;
    if (q <= .5)
        for (int x = f->low; x < f->zero; x++)
            p = fmax((d[x] - q * p) / (1 - q), 0);
    else
        for (int x = f->high; x >= f->zero; x--)
            p = fmax((d[x] - (1 - q) * p) / q, 0);
    return p;
}

/* Persons due within step k whom one more before them would push past the last agent. */
static double pushed(const PaceFuture *f, int k)
{
    double sum = 0;
    for (int i = 0; i < f->ncalls; i++) {
        const FutureCalls *c = &f->calls[i];
        if (c->within[k] > 1e-4)
            sum += c->n * c->within[k] * last_served(f, k, c->until[k]);
    }
    return sum;
}

/* P(D >= 0) */
static double nobody_free(const PaceFuture *f, int k)
{
    double sum = 0;
    if (!f->exact)
        return below((f->mean[k] + .5) / sqrt(f->var[k] + .05));
    for (int x = f->zero; x <= f->high; x++)
        sum += f->d[k][x];
    return sum;
}

static void odds_exact(const PaceFuture *f, int k, double reserve, PaceOdds *o)
{
    const double *d = f->d[k];
    double q = f->next.until[k], p = f->next.within[k], none = 0, kept = 0, some = 0;
    if (q > 0)
        o->abandoned += q * pushed(f, k);
    if (p <= 0)
        return;
    none = nobody_free(f, k);
    double step = exp(-1 / reserve), w = step;
    for (int x = f->zero - 1; x >= f->low; x--, w *= step) {
        some += d[x];
        kept += d[x] * w;
    }
    o->abandoned += p * none;
    o->served += p * (some - kept);
}

/* E[exp(D / r); D < -1/2] of a normal D with mean m and deviation s. */
static double weighed(double m, double s, double r)
{
    double e = m / r + s * s / (2 * r * r);
    return e > 50 ? 1 : exp(e) * below((-.5 - m) / s - s / r);
}

static void odds_normal(const PaceFuture *f, int k, double reserve, PaceOdds *o)
{
    double q = f->next.until[k], p = f->next.within[k], m = f->mean[k], s = sqrt(f->var[k] + .05);
    double none = below((m + .5) / s), last = fmax(below((m + 1.5) / s) - none, 0);
    o->abandoned += p * none + q * f->due[k] * last;
    o->served += p * fmax(1 - none - weighed(m, s, reserve), 0);
}

/* One of the persons due within a step is himself among those whom D counts, so the half of it
 * is nearer to the truth than the whole. */
double future_lost(const PaceFuture *f)
{
    double sum = 0;
    for (int k = 0; k < PACE_STEPS; k++)
        sum += f->due[k] * nobody_free(f, k) / 2;
    return sum;
}

PaceOdds future_odds(const PaceFuture *f, double reserve)
{
    PaceOdds o = { 0, 0 };
    for (int k = 0; k < PACE_STEPS; k++) {
        if (f->exact)
            odds_exact(f, k, reserve, &o);
        else
            odds_normal(f, k, reserve, &o);
    }
    return o;
}

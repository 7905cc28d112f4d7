/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/pacing_vicidial.h"

#include <math.h>

#define LEVEL_MOST 3.0

void vicidial_init(Vicidial *v, int64_t now)
{
    *v = (Vicidial){ .level = 1, .began = now, .sample_at = now, .level_at = now + 15000,
                     .count_at = now + 60000, .dial_at = now };
}

static bool due(int64_t *at, int64_t now, int64_t every)
{
    if (now < *at)
        return false;
    *at += every;
    return true;
}

static void count(Vicidial *v, const PacingView *view)
{
    int64_t answered = view->today.answered, dropped = view->today.abandoned;
    double share = (double)dropped / (double)(answered > 1 ? answered : 1);
    v->drop_percent = dropped ? floor(1e4 * share + .5) / 100 : 0;
    v->minute_dials = view->dials - v->dials;
    v->minute_percent = v->minute_dials
        ? 100.0 * (double)(dropped - v->dropped) / (double)v->minute_dials : 0;
    v->dials = view->dials;
    v->dropped = dropped;
}

static void set_level(Vicidial *v, double limit_percent)
{
    int n = v->samples < VICIDIAL_SAMPLES ? v->samples : VICIDIAL_SAMPLES;
    double idle = 0, waiting = 0, here = 0;
    for (int i = 0; i < n; i++) {
        idle += v->sample[i].idle;
        waiting += v->sample[i].waiting;
        here += v->sample[i].here;
    }
    if (here <= 0)
        return;
    double level = v->level * (1 + (idle - waiting) / here);
    level = fmax(fmin(floor(1000 * level + .5) / 1000, LEVEL_MOST), 1);
    if (v->minute_dials > 20 && v->minute_percent > 50)
        level /= 2;
    if (v->dials > 50 && v->drop_percent > limit_percent)
        level = 1;
    v->level = fmax(level, 1);
}

Pace vicidial_decide(Vicidial *v, const PacingRules *rules, const PacingView *view)
{
    int64_t now = view->now;
    Pace p = { .why = PACE_ENOUGH, .idle = view->idle, .in_flight = view->in_flight };
    if (due(&v->sample_at, now, 1000)) {
        int i = v->samples++ % VICIDIAL_SAMPLES;
        v->sample[i].idle = view->idle;
        v->sample[i].waiting = view->waiting;
        v->sample[i].here = view->here;
    }
    if (due(&v->count_at, now, 60000))
        count(v, view);
    if (due(&v->level_at, now, 15000))
        set_level(v, 100 * rules->abandon_cap);
    if (due(&v->dial_at, now, 2500)) {
        int lines = (int)floor(v->level * (view->idle + view->talking) + .5);
        p.place = lines - view->in_flight - view->joined;
        p.place = p.place > 0 ? p.place : 0;
        p.why = p.place ? PACE_DIALLING : PACE_ENOUGH;
    }
    pacing_limit(rules, view, &p);
    return p;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/pacing_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define RING_BIN_S 0.5
#define FORGET_ANSWERS 400.0          /* answers that the share of persons reaches back */
#define FORGET_MEANS 0.01
#define MADE_UP_AGENTS 2.0

static int bin(double s, double width, int n)
{
    int b = s > 0 ? (int)fmin(s / width, n) : 0;
    return b < n ? b : n - 1;
}

int ring_bin(double s)
{
    return bin(s, RING_BIN_S, RING_BINS);
}

int answer_bin(double s)
{
    return bin(s, 0.25, ANSWER_BINS);
}

int wrap_bin(double s)
{
    return bin(s, 1, WRAP_BINS);
}

int talk_bin(double s)
{
    int b = s < 60 ? bin(s, 3, 20) : 20 + (int)(log(s / 60) / log(1.125));
    return b < TALK_BINS ? b : TALK_BINS - 1;
}

/* The middle of a bin. */
static double talk_of(int b)
{
    return b < 20 ? 3 * b + 1.5 : 60 * pow(1.125, b - 20 + 0.5);
}

/* ---- experience ------------------------------------------------------------------------------ */

/* A quarter of the calls is answered by persons, after a lognormal ring of 10 s (cv 0.6). */
static void made_up_calls(PaceLearnt *l)
{
    const double calls = 15, share = .25, s2 = log(1 + .36), mean = log(10) - s2 / 2;
    double f[50], sum = 0;
    for (int b = 0; b < 50; b++) {
        double t = (b + .5) * RING_BIN_S, z = log(t) - mean;
        f[b] = exp(-z * z / (2 * s2)) / t;
        sum += f[b];
    }
    for (int b = 0; b < 50; b++)
        l->any[b] = l->person[b] = calls * share * f[b] / sum;
    double rest = calls * (1 - share);
    for (int b = 2; b < 6; b++)
        l->any[b] += rest * .15 / 4;
    for (int b = 22; b < 42; b++)
        l->any[b] += rest * .35 / 20;
    l->any[50] += rest * .5;
    l->calls = calls;
}

/* Quantiles of lognormals: talks of 2 min (cv 0.8), wrap-ups of 20 s. */
static void made_up_talks(PaceLearnt *l)
{
    static const double z[10] = { -1.645, -1.036, -.674, -.385, -.126,
                                  .126, .385, .674, 1.036, 1.645 };
    for (int i = 0; i < 10; i++) {
        l->talk_s[i] = (float)exp(log(120) - .247 + .703 * z[i]);
        l->wrap_s[i] = (float)exp(log(20) - .15 + .55 * z[(i * 7 + 3) % 10]);
    }
    l->ncycles = l->next_cycle = 10;
    l->mean_talk_s = 120;
    l->mean_wrap_s = 20;
}

void learnt_init(PaceLearnt *l)
{
    *l = (PaceLearnt){ .weight = 1, .answer_weight = 1, .lag_s = 1, .log_risk = log(.1) };
    made_up_calls(l);
    made_up_talks(l);
    for (int b = 0; b < 8; b++) {
        l->persons[b] = b < 5 ? .4 : 0;
        l->machines[b] = .25;
    }
}

static bool all_at_least_0(const double *x, int n)
{
    for (int i = 0; i < n; i++)
        if (!(x[i] >= 0 && x[i] < 1e15))
            return false;
    return true;
}

bool learnt_is_sane(const PaceLearnt *l)
{
    if (!all_at_least_0(l->any, RING_BINS) || !all_at_least_0(l->person, RING_BINS)
        || !all_at_least_0(l->persons, ANSWER_BINS) || !all_at_least_0(l->machines, ANSWER_BINS))
        return false;
    for (int b = 0; b < RING_BINS; b++)
        if (l->person[b] > l->any[b] * 1.000001)
            return false;
    for (int i = 0; i < l->ncycles && l->ncycles <= CYCLES; i++)
        if (!(l->talk_s[i] >= 0 && l->talk_s[i] < 1e6 && l->wrap_s[i] >= 0 && l->wrap_s[i] < 1e6))
            return false;
    return l->weight >= 1 && l->weight < 1e14 && l->answer_weight >= 1 && l->answer_weight < 1e14
           && l->calls >= 1 && l->calls < 1e9 && l->lag_s >= 0 && l->lag_s < 60
           && l->ncycles >= 1 && l->ncycles <= CYCLES && l->next_cycle >= 0
           && l->next_cycle <= CYCLES && l->mean_talk_s >= 0 && l->mean_talk_s < 1e6
           && l->mean_wrap_s >= 0 && l->mean_wrap_s < 1e6 && l->leaves >= 0 && l->leaves <= 1
           && l->log_risk <= 1 && l->log_risk >= -10;
}

static void scale(double *x, int n, double by)
{
    for (int i = 0; i < n; i++)
        x[i] *= by;
}

void learnt_call(PaceLearnt *l, double ring_s, bool answered, bool person, double answered_s,
                 double window)
{
    int b = ring_bin(ring_s);
    window = fmax(window, 400);
    l->weight /= 1 - 1 / window;          /* a later call weighs more: the same as forgetting */
    l->calls = fmin(l->calls + 1, window);
    l->any[b] += l->weight;
    if (person) {
        l->person[b] += l->weight;
        l->lag_s += .02 * (answered_s - l->lag_s);
    }
    if (l->weight > 1e12) {
        scale(l->any, RING_BINS, 1 / l->weight);
        scale(l->person, RING_BINS, 1 / l->weight);
        l->weight = 1;
    }
    if (!answered)
        return;
    l->answer_weight /= 1 - 1 / FORGET_ANSWERS;
    (person ? l->persons : l->machines)[answer_bin(answered_s)] += l->answer_weight;
    if (l->answer_weight > 1e12) {
        scale(l->persons, ANSWER_BINS, 1 / l->answer_weight);
        scale(l->machines, ANSWER_BINS, 1 / l->answer_weight);
        l->answer_weight = 1;
    }
}

void learnt_cycle(PaceLearnt *l, double talk_s, double wrap_s)
{
    int i = l->next_cycle % CYCLES;
    l->talk_s[i] = (float)talk_s;
    l->wrap_s[i] = (float)wrap_s;
    l->next_cycle = i + 1;
    l->ncycles += l->ncycles < CYCLES;
    l->mean_talk_s += FORGET_MEANS * (talk_s - l->mean_talk_s);
    l->mean_wrap_s += FORGET_MEANS * (wrap_s - l->mean_wrap_s);
}

void learnt_leave(PaceLearnt *l, bool left)
{
    l->leaves += FORGET_MEANS * (left - l->leaves);
}

/* ---- kept from day to day -------------------------------------------------------------------- */

#define FORMAT "patter pacing 1"

static void write_all(Buf *out, const double *x, int n, double unit)
{
    for (int i = 0; i < n; i++)
        buf_printf(out, " %.6g", x[i] / unit);
}

void learnt_write(const PaceLearnt *l, Buf *out)
{
    int n = l->ncycles < KEPT_CYCLES ? l->ncycles : KEPT_CYCLES;
    buf_cstr(out, FORMAT);
    const double alone[] = { l->calls, l->lag_s, l->mean_talk_s, l->mean_wrap_s, l->leaves,
                             l->log_risk };
    write_all(out, alone, 6, 1);
    write_all(out, l->any, RING_BINS, l->weight);
    write_all(out, l->person, RING_BINS, l->weight);
    write_all(out, l->persons, ANSWER_BINS, l->answer_weight);
    write_all(out, l->machines, ANSWER_BINS, l->answer_weight);
    buf_printf(out, " %d", n);
    for (int i = n; i > 0; i--) {
        int at = (l->next_cycle - i + CYCLES) % CYCLES;
        buf_printf(out, " %.5g %.5g", (double)l->talk_s[at], (double)l->wrap_s[at]);
    }
}

/* NaN where no number is, which no check lets pass. */
static double read_one(char **at)
{
    char *end;
    double x = strtod(*at, &end);
    if (end == *at)
        return NAN;
    *at = end;
    return x;
}

static void read_all(char **at, double *x, int n)
{
    for (int i = 0; i < n; i++)
        x[i] = read_one(at);
}

bool learnt_read(Str text, PaceLearnt *out)
{
    PaceLearnt l = { .weight = 1, .answer_weight = 1 };
    size_t head = sizeof FORMAT - 1;
    if (text.n < head || memcmp(text.s, FORMAT, head) != 0)
        return false;
    char *copy = strndup(text.s + head, text.n - head), *at = copy;
    if (!copy)
        return false;
    double *const alone[] = { &l.calls, &l.lag_s, &l.mean_talk_s, &l.mean_wrap_s, &l.leaves,
                              &l.log_risk };
    for (size_t i = 0; i < 6; i++)
        *alone[i] = read_one(&at);
    read_all(&at, l.any, RING_BINS);
    read_all(&at, l.person, RING_BINS);
    read_all(&at, l.persons, ANSWER_BINS);
    read_all(&at, l.machines, ANSWER_BINS);
    double n = read_one(&at);
    l.ncycles = n >= 1 && n <= KEPT_CYCLES ? (int)n : 0;
    for (int i = 0; i < l.ncycles; i++) {
        l.talk_s[i] = (float)read_one(&at);
        l.wrap_s[i] = (float)read_one(&at);
    }
    l.next_cycle = l.ncycles;
    free(copy);
    if (!learnt_is_sane(&l))
        return false;
    *out = l;
    return true;
}

/* ---- tables ---------------------------------------------------------------------------------- */

/* The grid reaches as far as nearly all persons need. */
static double step_of(const PaceLearnt *l)
{
    double all = 0, sum = 0;
    int b = 0;
    for (int i = 0; i < RING_BINS; i++)
        all += l->person[i];
    while (b < RING_BINS - 1 && sum < .985 * all)
        sum += l->person[b++];
    double step = ceil(4 * (b * RING_BIN_S + l->lag_s) / (PACE_STEPS - 2)) / 4;
    return step < 1 ? 1 : step > 5 ? 5 : step;    /* in quarters: the agents' table hangs on it */
}

void tables_calls(PaceTables *t, const PaceLearnt *l)
{
    double tail = 0, from[RING_BINS + 1];     /* persons whose ringing ends before bin b */
    from[0] = 0;
    for (int b = 0; b < RING_BINS; b++)
        from[b + 1] = from[b] + l->person[b];
    t->step_s = step_of(l);
    for (int e = RING_BINS - 1; e >= 0; e--) {
        double last = 0, known = tail += l->any[e];
        if (known <= 1e-9 * l->weight)
            known = INFINITY;
        for (int half = 1; half <= 2 * PACE_STEPS; half++) {
            double upto = e + (half * t->step_s / 2 - l->lag_s) / RING_BIN_S;
            int b = (int)fmin(fmax(upto, e), RING_BINS);
            double sum = from[b] - from[e];
            if (b < RING_BINS && upto > b)
                sum += (upto - b) * l->person[b];
            sum /= known;
            if (half % 2) {
                t->until[e][half / 2] = sum;
            } else {
                t->within[e][half / 2 - 1] = sum - last;
                last = sum;
            }
        }
        t->ever[e] = last;
    }
    double persons = 0, machines = 0;
    for (int b = ANSWER_BINS - 1; b >= 0; b--) {
        persons += l->persons[b];
        machines += l->machines[b];
        t->is_person[b] = persons + machines > 0 ? persons / (persons + machines) : .5;
    }
}

/* Smoothed shares of the cycles that are over at each step. */
static void free_row(double *row, const double *over, double n, double step, double from,
                     double mean, double patience)
{
    double sum = 0;
    for (int k = 0; k < PACE_STEPS; k++) {
        double t = (k + .5) * step + patience;
        double made_up = t > from ? 1 - exp(-(t - from) / mean) : 0;
        sum += over[k];
        row[k] = (sum + MADE_UP_AGENTS * made_up) / (n + MADE_UP_AGENTS);
    }
}

/* The first step in whose middle, and with the patience of who waits, `left` seconds are over. */
static int step_when(double left, double step, double patience)
{
    int k = (int)ceil((left - patience) / step - .5);
    return k < 0 ? 0 : k;
}

void tables_agents(PaceTables *t, const PaceLearnt *l, double patience_s)
{
    double wrap = fmax(l->mean_wrap_s, .05), cycle = l->mean_talk_s + wrap;
    for (int b = 0; b < TALK_BINS; b++) {
        double over[PACE_STEPS] = { 0 }, n = 0, e = talk_of(b);
        for (int i = 0; i < l->ncycles; i++) {
            if ((double)l->talk_s[i] <= e)
                continue;
            n++;
            int k = step_when((double)l->talk_s[i] + (double)l->wrap_s[i] - e, t->step_s,
                              patience_s);
            if (k < PACE_STEPS)
                over[k]++;
        }
        free_row(t->talk_free[b], over, n, t->step_s, wrap / 2, cycle, patience_s);
    }
    for (int b = 0; b < WRAP_BINS; b++) {
        double over[PACE_STEPS] = { 0 }, n = 0, e = b + .5;
        for (int i = 0; i < l->ncycles; i++) {
            if ((double)l->wrap_s[i] <= e)
                continue;
            n++;
            int k = step_when((double)l->wrap_s[i] - e, t->step_s, patience_s);
            if (k < PACE_STEPS)
                over[k]++;
        }
        free_row(t->wrap_free[b], over, n, t->step_s, 0, wrap, patience_s);
    }
}

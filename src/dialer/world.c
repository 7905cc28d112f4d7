/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/world.h"

#define GRACE_MS 30000   /* a customer whom the agent should have dismissed leaves after all */

SimWorld world_defaults(void)
{
    return (SimWorld){
        .answer = { .12, .10, .10, .10, .10, .12, .18, .22, .26, .30, .34, .33,
                    .24, .26, .31, .33, .32, .31, .35, .38, .36, .28, .20, .15 },
        .machine = .35, .busy = .09, .invalid = .05, .failed = .01,
        .ring = { 9, .5 },
        .machine_ring = { 16, .35 },
        .ring_most_s = 25,
        .talk = { 120, .9 },
        .wrap = { 20, .6 },
        .agent_ends = .4,
        .results = {
            [RESULT_APPOINTMENT] = .15,
            [RESULT_ACCEPTED] = .08,
            [RESULT_REFUSED] = .22,
            [RESULT_NOT_INTERESTED] = .30,
            [RESULT_CALLBACK] = .15,
            [RESULT_WRONG_NUMBER] = .06,
            [RESULT_DO_NOT_CALL] = .04,
        },
        .customer_waits_s = 8,
        .message_s = 4,
        .login_within_s = 300,
        .pause_every_s = 2700,
        .pause_s = 240,
        .off_s = 1800,
        .pause_share = .85,
        .look_s = 12,
        .skip = .05,
    };
}

static bool share(double x, const char *what, Error *err)
{
    return (x >= 0 && x <= 1) || fail(err, ERR_INVALID, "%s %g is not between 0 and 1", what, x);
}

static bool mean(double x, const char *what, Error *err)
{
    return (x > 0 && x <= 86400)
           || fail(err, ERR_INVALID, "%s of %g s is not between 0 and a day", what, x);
}

static bool check_faults(const SimFaults *f, Error *err)
{
    return share(f->lost_event, "share of lost events", err)
           && share(f->late_answer, "share of late answers", err)
           && share(f->double_hangup, "share of double hang-ups", err)
           && share(f->bridge_fails, "share of failing bridges", err)
           && share(f->mute_agent, "share of unsaid results", err)
           && (f->link_every_s == 0
               || (mean(f->link_every_s, "time between losses of the link", err)
                   && mean(f->link_down_s, "loss of the link", err)));
}

bool world_check(const SimWorld *w, Error *err)
{
    double sum = 0;
    for (int h = 0; h < 24; h++)
        if (!share(w->answer[h], "answer rate", err))
            return false;
    for (Result r = 0; r < RESULTS; r++) {
        if (!share(w->results[r], "share of a result", err))
            return false;
        if (w->results[r] > 0 && !result_is_agents(r))
            return fail(err, ERR_INVALID, "'%s' is not a result that an agent gives",
                        result_name(r));
        sum += w->results[r];
    }
    if (sum < .999 || sum > 1.001)
        return fail(err, ERR_INVALID, "the shares of the results sum to %g, not to 1", sum);
    if (!share(w->machine + w->busy + w->invalid + w->failed,
               "sum of machine, busy, invalid and failed", err))
        return false;
    if (!(w->ring_most_s >= 5 && w->ring_most_s <= 600))
        return fail(err, ERR_INVALID, "rings of at most %g s are not between 5 and 600 s",
                    w->ring_most_s);
    if (w->ring.mean > w->ring_most_s || w->machine_ring.mean > w->ring_most_s
        || w->machine_ring.mean < 1)
        return fail(err, ERR_INVALID, "a mean ring of more than %g s never ends in an answer",
                    w->ring_most_s);
    return mean(w->ring.mean, "ring", err) && mean(w->talk.mean, "talk", err)
           && mean(w->wrap.mean, "wrap-up", err)
           && mean(w->look_s, "look", err) && share(w->skip, "share of skipped entries", err)
           && share(w->agent_ends, "share of talks that agents end", err)
           && share(w->pause_share, "share of pauses", err)
           && (w->pause_every_s == 0
               || (mean(w->pause_every_s, "time between pauses", err)
                   && mean(w->pause_s, "pause", err)
                   && mean(w->off_s, "absence", err)))
           && check_faults(&w->faults, err);
}

static double within(Rng *r, Spread s, double low, double high)
{
    double x;
    do
        x = rng_lognormal(r, s.mean, s.cv);
    while (x < low || x > high);
    return x;
}

static int at_least(double x, double low)
{
    return (int)(1000 * (x < low ? low : x));
}

double curve_at(const Curve *c, double s)
{
    if (s <= c->at_s[0])
        return c->value[0];
    for (int i = 1; i < c->n; i++)
        if (s < c->at_s[i])
            return c->value[i - 1] + (c->value[i] - c->value[i - 1]) * (s - c->at_s[i - 1])
                                         / (c->at_s[i] - c->at_s[i - 1]);
    return c->value[c->n - 1];
}

static double course_s(const SimWorld *w, int64_t at)
{
    return (double)(at - w->course.began) / 1000;
}

static double answer_rate(const SimWorld *w, int64_t at)
{
    if (w->course.answer.n)
        return curve_at(&w->course.answer, course_s(w, at));
    int64_t day = 86400000, local = (at + w->utc_offset_ms) % day;
    return w->answer[(local < 0 ? local + day : local) / 3600000];
}

static FateKind kind_of(const SimWorld *w, double person, double other, double rate)
{
    if (person < rate)
        return FATE_PERSON;
    if (other < w->machine)
        return FATE_MACHINE;
    if (other < w->machine + w->busy)
        return FATE_BUSY;
    if (other < w->machine + w->busy + w->invalid)
        return FATE_INVALID;
    if (other < w->machine + w->busy + w->invalid + w->failed)
        return FATE_FAILED;
    return FATE_NO_ANSWER;
}

/* Mean and talk of the scenarios of the benchmark. */
static double course_talk(const SimWorld *w, Rng *r, double mean)
{
    const double short_share = .35, short_s = 12;
    if (w->course.memoryless)
        return rng_exponential(r, mean);
    if (!w->course.mixed)
        return rng_lognormal(r, mean, w->talk.cv);
    if (rng_unit(r) < short_share)
        return rng_lognormal(r, short_s, .5);
    return rng_lognormal(r, (mean - short_share * short_s) / (1 - short_share), w->talk.cv);
}

void world_talk(const SimWorld *w, uint64_t seed, uint64_t key, int attempt, int64_t now,
                double slowness, Fate *f)
{
    Rng r;
    double mean = w->talk.mean * slowness;
    rng_seed(&r, seed, STREAM_TALK, key, (uint64_t)attempt);
    if (w->course.talk.n)
        mean *= curve_at(&w->course.talk, course_s(w, now));
    f->talk_ms = at_least(course_talk(w, &r, mean), w->course.memoryless ? 0 : 3);
    f->wrap_ms = at_least(rng_lognormal(&r, w->wrap.mean * slowness, w->wrap.cv), 1);
    if (w->course.memoryless)
        f->wrap_ms = 0;
    f->agent_ends = rng_unit(&r) < w->agent_ends;
    double u = rng_unit(&r), sum = 0;
    for (Result k = RESULT_APPOINTMENT; k < RESULTS; k++) {
        if (w->results[k] > 0)
            f->result = k;                /* the last of them also takes what rounding leaves */
        sum += w->results[k];
        if (u < sum)
            break;
    }
    f->stay_ms = f->talk_ms + (f->agent_ends ? GRACE_MS : 0);
    if (w->course.on)                     /* how long it is depends on who talks when */
        f->stay_ms = INT64_C(86400000);
}

/* As if neither rings nor talks had a past. */
static void draw_memoryless(const SimWorld *w, Rng *r, Fate *f)
{
    f->kind = f->kind == FATE_PERSON ? FATE_PERSON : FATE_BUSY;
    f->ring_ms = at_least(rng_exponential(r, w->ring.mean), 0);
}

void world_fate(const SimWorld *w, uint64_t seed, uint64_t key, int attempt, int64_t placed_at,
                Fate *out)
{
    Rng r;
    rng_seed(&r, seed, STREAM_ATTEMPT, key, (uint64_t)attempt);
    double person = rng_unit(&r), other = rng_unit(&r), detect = rng_unit(&r);
    Fate f = { .kind = kind_of(w, person, other, answer_rate(w, placed_at)) };
    if (w->course.memoryless) {
        draw_memoryless(w, &r, &f);
        if (f.kind == FATE_PERSON)
            world_talk(w, seed, key, attempt, placed_at, 1, &f);
        *out = f;
        return;
    }
    switch (f.kind) {
    case FATE_PERSON:
        f.ring_ms = at_least(within(&r, w->ring, 1, w->ring_most_s), 0);
        f.detect_ms = at_least(.6 + .8 * detect, 0);
        world_talk(w, seed, key, attempt, placed_at, 1, &f);
        break;
    case FATE_MACHINE:
        f.ring_ms = at_least(within(&r, w->machine_ring, 3, w->ring_most_s - .5), 0);
        f.detect_ms = at_least(1.5 + 1.5 * detect, 0);
        f.talk_ms = at_least(rng_between(&r, 4, 9), 0);   /* for an agent who hears it himself */
        f.wrap_ms = at_least(rng_between(&r, 1, 4), 0);
        f.result = RESULT_MACHINE;
        f.agent_ends = true;
        f.stay_ms = f.talk_ms + GRACE_MS;
        break;
    case FATE_BUSY:
    case FATE_INVALID:
    case FATE_FAILED:
        f.ring_ms = at_least(rng_between(&r, 1, 3), 0);
        break;
    case FATE_NO_ANSWER:
        break;
    }
    *out = f;
}

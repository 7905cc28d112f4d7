/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * world.h -- the simulated public and the simulated agents: how people behave, as numbers.
 *
 * What becomes of one attempt depends on the seed, the entry's key and the number of the attempt,
 * and on nothing that was drawn before.  So another order of dialling has similar luck, and another
 * list or seed has another day.
 *
 * Times of distributions are seconds.  The forms and most of the figures are those of a published
 * kind of call centre model: lognormal rings, talks and wrap-ups, exponential pauses.  Answer rates
 * by hour and shares of results are only plausible.
 */
#ifndef DIALER_WORLD_H
#define DIALER_WORLD_H

#include "base/error.h"
#include "dialer/call.h"
#include "dialer/rng.h"

typedef struct Spread { double mean, cv; } Spread;        /* lognormal: mean in seconds, standard
                                                             deviation / mean */

/* How badly the line behaves; all 0: not at all. Shares are of the events or calls concerned. */
typedef struct SimFaults {
    double lost_event;        /* an event about a call never arrives */
    double late_answer;       /* a call told "no answer" is answered a moment later */
    double double_hangup;     /* the end is told twice */
    double bridge_fails;      /* customer and agent cannot be joined */
    double mute_agent;        /* the agent never says the result */
    double link_every_s;      /* mean time between losses of the link; 0: none */
    double link_down_s;       /* and how long it is lost */
} SimFaults;

/* A value that changes over the day: straight lines between points; before the first and after the
 * last it stays. n 0: no such curve. */
enum { CURVE_POINTS = 16 };
typedef struct Curve { int n; double at_s[CURVE_POINTS], value[CURVE_POINTS]; } Curve;

/* What a scenario of the pacing benchmark says beyond the rest; all 0: nothing. Seconds count from
 * `began`. */
typedef struct SimCourse {
    bool on;
    int64_t began;
    Curve answer;             /* share of calls that a person answers; instead of SimWorld.answer */
    Curve talk;               /* times the mean talk, when it begins */
    Curve staff;              /* how many agents are to work from then on (steps) */
    int agents;               /* and before */
    double uneven;            /* standard deviation of ln of an agent's slowness */
    bool mixed;               /* 35 % of the talks are short refusals of 12 s */
    bool memoryless;          /* exponential rings and talks, no machines, no wrap-up */
} SimCourse;

typedef struct SimWorld {
    double answer[24];        /* share of calls that a person answers, by hour of the local day */
    int64_t utc_offset_ms;    /* local time - UTC */
    /* of the calls that no person answers; the rest rings unanswered */
    double machine, busy, invalid, failed;
    Spread ring;              /* until a person picks up, kept within 1 .. ring_most_s */
    Spread machine_ring;      /* until a machine does, kept within 3 .. ring_most_s - 0.5 */
    double ring_most_s;
    Spread talk, wrap;        /* at least 3 s and 1 s */
    double agent_ends;        /* share of the talks that the agent ends */
    double results[RESULTS];  /* shares of agents' results among talks; they sum to 1 */
    double customer_waits_s;  /* a person without an agent hangs up himself */
    double message_s;         /* the message to an abandoned one */
    /* agents */
    double login_within_s;    /* they come within this time after the start */
    double pause_every_s;     /* mean time from coming back to the next absence; 0: they stay */
    double pause_s, off_s;    /* mean absence: a pause, or logged off */
    double pause_share;       /* of the absences that are pauses */
    double look_s;            /* preview: mean time an agent looks at an entry */
    double skip;              /* preview: share of entries passed over */
    bool by_number;   /* the last digit says what a number does, luck says the rest: see sim.h */
    SimFaults faults;
    SimCourse course;
} SimWorld;

typedef enum FateKind {
    FATE_PERSON,
    FATE_MACHINE,
    FATE_BUSY,
    FATE_INVALID,
    FATE_FAILED,
    FATE_NO_ANSWER,
} FateKind;

/* All that one attempt has in store. Times in ms, each from the step before. */
typedef struct Fate {
    FateKind kind;
    int ring_ms;  /* until the answer, or until the network says what is wrong; FATE_NO_ANSWER: 0 */
    int detect_ms;            /* until person or machine is told, where that was asked for */
    int talk_ms, wrap_ms;     /* should it come to that */
    Result result;            /* likewise */
    bool agent_ends;
    int64_t stay_ms;          /* the customer hangs up so long after being joined, if nobody did */
} Fate;

SimWorld world_defaults(void);
bool world_check(const SimWorld *w, Error *err);          /* ERR_INVALID: a share outside 0..1, a
                                                             mean <= 0, ... */

/* What becomes of this attempt if it is placed at this time. */
void world_fate(const SimWorld *w, uint64_t seed, uint64_t key, int attempt, int64_t placed_at,
                Fate *out);

/* The talk alone, which begins at `now` with an agent of this slowness (1: as all). */
void world_talk(const SimWorld *w, uint64_t seed, uint64_t key, int attempt, int64_t now,
                double slowness, Fate *f);

double curve_at(const Curve *c, double s);

enum { STREAM_ATTEMPT = 1, STREAM_TALK, STREAM_AGENT, STREAM_FAULT };     /* for rng_seed */

#endif

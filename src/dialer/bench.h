/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench.h -- the benchmark of pacing: days of a described world, dialled by the real engine on the
 * simulated line with a turned clock, and how well its agents were used.
 *
 * A scenario is a line: its name, then key=value words.  N agents, p share of calls that a person
 * answers, talk and wrap (mean seconds) with talkcv and wrapcv, ring and ringcv, tmo the longest
 * ring, mach and busy shares of what no person answers, pausegap the mean time between absences,
 * shortfrac the share of them that are pauses, patience seconds that a person waits, T and W the
 * length of the day and of its warm-up in seconds, mix=1 a third of short talks, het unevenness of
 * agents, memless=1 exponential rings and talks; pt, mt, nt curves t:v;t:v of p, of a factor of
 * talk, and of the number of agents.
 */
#ifndef DIALER_BENCH_H
#define DIALER_BENCH_H

#include "dialer/engine.h"
#include "dialer/world.h"

typedef struct Scenario {
    char name[40];
    SimWorld world;
    int agents;                       /* most at any time */
    double day_s, warm_up_s;
    int64_t patience_ms;
} Scenario;

/* One line of a scenario file; *out->name is empty for a comment or an empty line. ERR_INVALID
 * names the word that is wrong. */
bool scenario_parse(Str line, Scenario *out, Error *err);

/* What came of a day. The first hour or so, the warm-up, counts only in what is said to be of the
 * whole day. */
typedef struct BenchDay {
    double used;                      /* (talk + wrap-up) / (idle + talk + wrap-up) */
    double talk_min;                  /* minutes of talk an hour of an agent's presence */
    double abandoned, abandoned_day;  /* % of the persons who answered; of the whole day */
    double wait_s;                    /* idle seconds a connected call */
    double connects_h, dials_h;       /* an hour of an agent's presence */
    int64_t persons, lost;            /* of the whole day: answered, of them abandoned */
    int64_t dials;                    /* of the whole day */
} BenchDay;

bool bench_day(const Scenario *s, const PacingRules *rules, uint64_t seed, BenchDay *out,
               Error *err);

#endif

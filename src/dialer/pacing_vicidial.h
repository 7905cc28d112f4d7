/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * pacing_vicidial.h -- for comparison: pacing as VICIdial does it by default (ADAPT_HARD_LIMIT,
 * highest level 3, intensity 0, 3 % drops).
 *
 * Written anew from the published behaviour of its AST_VDadapt.pl and AST_VDauto_dial.pl.  Each
 * second it samples idle agents, waiting calls and agents logged in, and keeps 15 samples.  Each
 * 15 s the dial level grows or shrinks by (idle - waiting) / logged in, within 1 .. 3; when more
 * than half of over 20 calls of the last minute were dropped it is halved; when after 50 calls the
 * day's drops are over the limit it is 1.  The day's figures are renewed each minute.  Each 2.5 s
 * it dials  level x (idle + talking) - lines in use.  Agents who write do not count.
 */
#ifndef DIALER_PACING_VICIDIAL_H
#define DIALER_PACING_VICIDIAL_H

#include "dialer/pacing.h"

enum { VICIDIAL_SAMPLES = 15 };

typedef struct Vicidial {
    double level;
    struct { int idle, waiting, here; } sample[VICIDIAL_SAMPLES];
    int samples;
    int64_t began, sample_at, level_at, count_at, dial_at;
    int64_t dials, dropped, minute_dials;          /* as of the last minute's count */
    double drop_percent, minute_percent;
} Vicidial;

void vicidial_init(Vicidial *v, int64_t now);
Pace vicidial_decide(Vicidial *v, const PacingRules *rules, const PacingView *view);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gate.h -- a gate is an ordered list of named checks; one function decides and explains.
 *
 * Deciding stops at the first check that fails, unless an explanation is asked for (`all`): then
 * every check is run and gives its verdict: pass or fail, the reason in words, what to do, and the
 * time at which it will change by itself.  Without `all` a check that passes need not say why.
 * Nothing is cached.
 */
#ifndef MODEL_GATE_H
#define MODEL_GATE_H

#include "model/crm.h"

typedef struct Verdict {
    const char *check;                 /* name: "budget", "calling hours"; NULL: the check's own */
    bool pass;
    const char *reason;                /* in words; in the arena or static */
    const char *hint;                  /* what to do about it; or NULL */
    int64_t until;                     /* ms at which it will change by itself; 0 unknown */
} Verdict;

typedef struct Verdicts {
    Verdict *v;
    int n;
    bool pass;
    bool brief;                        /* nobody will read the reasons of what passes */
} Verdicts;

typedef struct Check {
    const char *name;
    /* Add verdicts to `out` (verdict_add): usually one, none when the check does not apply. False
     * only for errors of the machine. */
    bool (*test)(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err);
} Check;

typedef struct Gate {
    const char *name;                  /* "dial", "stage", "campaign start" */
    const Check *checks;               /* ends with {0} */
} Gate;

void verdict_add(Verdicts *v, Arena *a, Verdict one);

/* Run the gate on a subject; out->pass is the decision. With `all` every check is run. */
bool gate_ask(Crm *crm, const Gate *g, const void *subject, bool all, Arena *a, Verdicts *out,
              Error *err);

/* Turn failed verdicts into ERR_REFUSED: the message is `what`, a detail line for each. False. */
bool gate_refuse(const Verdicts *v, Error *err, const char *what);

#endif

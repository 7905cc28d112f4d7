/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * gate.h -- a gate is an ordered list of named checks; one function decides and explains.
 *
 * Deciding stops at the first failed check unless an explanation is asked for (`report` given): then
 * every check is run and reported, with pass or fail, the reason in words, what to do, and the time
 * at which it will change.  Nothing is cached.
 */
#ifndef MODEL_GATE_H
#define MODEL_GATE_H

#include "model/crm.h"

typedef struct Verdict {
    const char *check;                 /* name: "budget", "calling hours" */
    bool pass;
    const char *reason;                /* in words; in the arena */
    const char *hint;                  /* what to do about it; or NULL */
    int64_t until;                     /* ms at which it will change by itself; 0 unknown */
} Verdict;

typedef struct Gate Gate;
typedef struct Check {
    const char *name;
    /* Fill v->pass, reason, hint, until; false only for errors of the machine. */
    bool (*test)(Crm *crm, const void *subject, Arena *a, Verdict *v, Error *err);
} Check;

struct Gate {
    const char *name;                  /* "dial", "stage", "campaign start" */
    const Check *checks;               /* ends with {0} */
};

typedef struct Verdicts { Verdict *v; int n; bool pass; } Verdicts;

/* Run the gate on a subject. With `all` every check is run. */
bool gate_ask(Crm *crm, const Gate *g, const void *subject, bool all, Arena *a, Verdicts *out, Error *err);
/* Turn failed verdicts into ERR_REFUSED: msg is `what`, one detail line for each ("missing  budget"). */
bool gate_refuse(const Verdicts *v, Error *err, const char *what);

#endif

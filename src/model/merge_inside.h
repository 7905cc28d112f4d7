/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge_inside.h -- between merge.c (what moves), merge_rule.c (what wins) and merge_customer.c.
 */
#ifndef MODEL_MERGE_INSIDE_H
#define MODEL_MERGE_INSIDE_H

#include "model/merge.h"

enum { MERGE_MOST_RECORDS = 1000 };

typedef struct Merging {
    Crm *crm;
    const Merge *m;
    const MergeRefs *refs;
    MergeReport *report;
    Arena *a;
} Merging;

/* The records that become one, the one that stays first. */
typedef struct Group {
    const Type *type;
    Record **r;
    int n;
    bool attached;                       /* rows of what is merged: whose they are is settled */
    bool recorded;                       /* what won is written down */
} Group;

/* Whether a rule says whose value of the field wins. */
bool merge_is_chosen(const Field *f);

/* Whose value wins in one field of n records, the first of which stays. -1: `made` of several. */
bool merge_choose(Crm *crm, const MergeRules *rules, const MergeRule *fallback, const Field *f,
                  Record *const *r, int n, Arena *a, int *winner, Value *made, Error *err);

/* What is particular to customers and people, before anything moves. */
bool merge_prepare(Merging *x, const Group *g, Error *err);

#endif

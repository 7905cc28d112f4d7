/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_diff.h -- what a row says that its stored record does not, and what of it the match rule
 * lets through.
 *
 * Empty cells say nothing.  A number the record has already, in any place, is no difference.
 */
#ifndef MODEL_IMPORT_DIFF_H
#define MODEL_IMPORT_DIFF_H

#include "model/import_match.h"

typedef struct PointDiff {
    const Point *point;
    int64_t replaces;
} PointDiff; /* replaces: id of a stored one, or 0 */

typedef struct ImportDiff {
    bool differs;                      /* whatever the rule */
    int *slot, slots;                  /* of the record, to be written with the row's value */
    int *person_slot, person_slots;    /* likewise of `person`; or of a new person */
    const StoredPerson *person;        /* who is meant; NULL and person_slots > 0: somebody new */
    PointDiff point[IMPORT_POINTS_MAX];
    int points;
} ImportDiff;

/* Lives in the arena. Fields under a rule are never written: that is a warning. */
void import_diff(const ImportMap *m, const ImportRow *row, const Stored *stored, ImportMatch rule,
                 ImportWarnings *w, Arena *a, ImportDiff *out);

bool import_diff_writes(const ImportDiff *d);

/* The slot that is the person's name; -1. */
int import_person_name(const ImportMap *m);

/* Tags of `typed` that `has` lacks, each handed to fn; both sorted and joined by commas. */
bool import_tags_each(Str typed, Str has, bool (*fn)(void *ctx, Str tag, Error *err), void *ctx,
                      Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge_refs.h -- who refers to whom, as the schema says, and what makes a row be there twice.
 */
#ifndef MODEL_MERGE_REFS_H
#define MODEL_MERGE_REFS_H

#include "model/crm.h"

enum { MERGE_TWINS = 4 };

typedef struct MergeRef {
    const char *table, *column, *parent; /* rows of table refer by column to rows of parent */
    const char *rows, *point;            /* SQL */
    const char *twin[MERGE_TWINS];       /* SQL: a row with the same key at another parent */
    int twins;
} MergeRef;

typedef struct MergeRefs { MergeRef *ref; int n; } MergeRefs;

bool merge_refs(Crm *crm, Arena *a, MergeRefs *out, Error *err);

/* Ids of the rows that refer to a parent, in order. */
bool merge_ref_rows(Crm *crm, const MergeRef *ref, int64_t parent, Arena *a, int64_t **out,
                    int64_t *n, Error *err);
/* The row of `parent` that `row` would be equal to, were it there; 0: none. */
bool merge_ref_twin(Crm *crm, const MergeRef *ref, int64_t parent, int64_t row, int64_t *out,
                    Error *err);
/* Let a row refer to another parent; 0: to none. */
bool merge_ref_point(Crm *crm, const MergeRef *ref, int64_t row, int64_t parent, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dup_inside.h -- what the files of the search for duplicates know of each other.
 */
#ifndef MODEL_DUP_INSIDE_H
#define MODEL_DUP_INSIDE_H

#include "model/dup.h"

/* One record as one alternative sees it; a record with two numbers is two units. Its text is the
 * normal forms of the exact parts, then those of the others, each with a DUP_END. */
enum { DUP_END = '\x1f' };
typedef struct DupUnit {
    int64_t id;
    uint64_t hash;                       /* of the text */
    uint32_t at;                         /* in DupUnits.text */
    uint16_t exact, n;                   /* bytes: of the exact parts, of all */
} DupUnit;

typedef struct DupUnits {
    DupUnit *unit;
    int64_t n, room;
    Buf text;
} DupUnits;

static inline Str dup_text(const DupUnits *u, const DupUnit *x)
{
    return str_n(u->text.s + x->at, x->n);
}

typedef struct DupSearch {
    Crm *crm;
    const Type *type;
    const Filter *filter;
    const DupTalk *talk;
    LikeWords words;
    Arena arena;
    DupPairs *out;
} DupSearch;

bool dup_tick(DupSearch *s, const char *what, int64_t done, int64_t total, Error *err);

/* The units of an alternative, in no order; released by the caller. */
bool dup_units_read(DupSearch *s, const DupAlternative *alt, DupUnits *out, Error *err);
void dup_units_release(DupUnits *u);

void dup_pair_add(DupPairs *out, int64_t a, int64_t b, double score, int alternative);
/* Pairs of units that are alike; the first `n` units, each text once. Sorts them. */
bool dup_alike(DupSearch *s, const DupAlternative *alt, int number, DupUnits *u, Error *err);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dup.h -- which records are probably the same.
 *
 *     key   = alternative { "," alternative }        any of them makes a pair
 *     alternative = part { "+" part }                all of them must agree
 *     part  = field [ "~" share ]                    equal after folding, or that much alike
 *
 * phone, email and the like are all the points that a record has.  A search reads the records once
 * for each alternative and never compares all with all: equal ones meet in a sort, like ones in
 * blocks that share a rare pair of letters (likeness.h).  It takes about 100 bytes of memory a
 * record; where that goes beyond DUP_MEMORY it stops and says how to go on.
 *
 * Of n equal records n - 1 pairs are given, each with the one of the lowest id.
 */
#ifndef MODEL_DUP_H
#define MODEL_DUP_H

#include "base/likeness.h"
#include "model/filter.h"

enum { DUP_ALTERNATIVES = 16, DUP_PARTS = 4, DUP_MEMORY = 1 << 30 };

#define DUP_KEY "phone, email, name~0.9+org~0.85, name~0.9+address~0.85"    /* of customers */

typedef struct DupPart {
    const Field *field;
    const char *points;                  /* kind of contact point; NULL: a field of the row */
    double least;                        /* 0: equal */
} DupPart;

typedef struct DupAlternative {
    DupPart part[DUP_PARTS];
    int n;
    bool exact;                          /* no part is by likeness */
    const char *text;                    /* as typed */
} DupAlternative;

typedef struct DupKey { DupAlternative alt[DUP_ALTERNATIVES]; int n; } DupKey;

/* NULL: the setting dup.key for customers, else the type's own keys, or its name. ERR_USAGE. */
bool dup_key(Crm *crm, const Type *t, const char *typed, Arena *a, DupKey *out, Error *err);

typedef struct DupPair {
    int64_t id, other;                   /* id < other */
    float score;                         /* the best one; 1: equal */
    uint32_t keys;                       /* bit i: alternative i agrees */
} DupPair;

typedef struct DupPairs {
    DupPair *pair;                       /* by id and other; dup_pairs_release() */
    int64_t n, room;
    int64_t wide;                        /* blocks so large that only neighbours were compared */
} DupPairs;

typedef struct DupTalk {
    void *ctx;
    void (*progress)(void *ctx, const char *what, int64_t done, int64_t total);
    bool (*interrupted)(void *ctx);
} DupTalk;

/* ERR_FAILED: too many records for the memory; ERR_INTERRUPTED. */
bool dup_search(Crm *crm, const Type *t, const DupKey *key, const Filter *filter,
                const DupTalk *talk, DupPairs *out, Error *err);
void dup_pairs_release(DupPairs *p);

/* What hangs together by pairs: for each id the lowest of its group; in order of first and id. */
typedef struct DupGroups { int64_t *id, *first; int64_t n; } DupGroups;
void dup_groups(const DupPairs *p, DupGroups *out);
void dup_groups_release(DupGroups *g);

#endif

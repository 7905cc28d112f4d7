/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dup.c -- the search for duplicates: equal units meet in a sort; pairs; groups of pairs.
 */
#include "model/dup_inside.h"

#include <stdlib.h>

bool dup_tick(DupSearch *s, const char *what, int64_t done, int64_t total, Error *err)
{
    s->talk->progress(s->talk->ctx, what, done, total);
    if (!s->talk->interrupted(s->talk->ctx))
        return true;
    return fail(err, ERR_INTERRUPTED, "interrupted while looking for duplicates");
}

/* ---- pairs ----------------------------------------------------------------------------------- */

void dup_pair_add(DupPairs *out, int64_t a, int64_t b, double score, int alternative)
{
    if (out->n == out->room) {
        out->room = out->room ? out->room * 2 : 256;
        out->pair = xresize(out->pair, (size_t)out->room * sizeof *out->pair);
    }
    out->pair[out->n++] = (DupPair){ a < b ? a : b, a < b ? b : a, (float)score,
                                     (uint32_t)1 << alternative };
}

static int by_ids(const void *x, const void *y)
{
    const DupPair *a = x, *b = y;
    if (a->id != b->id)
        return a->id < b->id ? -1 : 1;
    return (a->other > b->other) - (a->other < b->other);
}

/* In order, each pair once. */
static void pairs_settle(DupPairs *p)
{
    int64_t n = 0;
    if (p->n)
        qsort(p->pair, (size_t)p->n, sizeof *p->pair, by_ids);
    for (int64_t i = 0; i < p->n; i++) {
        DupPair *last = &p->pair[n - 1];
        if (n && by_ids(last, &p->pair[i]) == 0) {
            last->keys |= p->pair[i].keys;
            last->score = p->pair[i].score > last->score ? p->pair[i].score : last->score;
        } else {
            p->pair[n++] = p->pair[i];
        }
    }
    p->n = n;
}

void dup_pairs_release(DupPairs *p)
{
    free(p->pair);
    *p = (DupPairs){ 0 };
}

/* ---- equal units ----------------------------------------------------------------------------- */

static int by_hash(const void *x, const void *y, void *ctx)
{
    const DupUnit *a = x, *b = y;
    const DupUnits *u = ctx;
    if (a->hash != b->hash)
        return a->hash < b->hash ? -1 : 1;
    if (a->n != b->n)
        return a->n < b->n ? -1 : 1;
    int order = memcmp(u->text.s + a->at, u->text.s + b->at, a->n);
    return order ? order : (a->id > b->id) - (a->id < b->id);
}

static bool is_equal(const DupUnits *u, const DupUnit *a, const DupUnit *b)
{
    return a->hash == b->hash && str_eq(dup_text(u, a), dup_text(u, b));
}

/* Pairs of equal units; afterwards the first u->n units have each text once. */
static void equal_pairs(DupUnits *u, DupPairs *out, int number)
{
    int64_t kept = 0;
    if (u->n)
        qsort_r(u->unit, (size_t)u->n, sizeof *u->unit, by_hash, u);
    for (int64_t i = 0; i < u->n;) {
        DupUnit first = u->unit[i];
        int64_t last = first.id;
        for (i++; i < u->n && is_equal(u, &first, &u->unit[i]); i++) {
            if (u->unit[i].id != last)
                dup_pair_add(out, first.id, u->unit[i].id, 1, number);
            last = u->unit[i].id;
        }
        u->unit[kept++] = first;
    }
    u->n = kept;
}

static bool search_by(DupSearch *s, const DupAlternative *alt, int number, Error *err)
{
    DupUnits u;
    bool ok = dup_units_read(s, alt, &u, err) && dup_tick(s, "comparing", 0, 0, err);
    if (ok)
        equal_pairs(&u, s->out, number);
    ok = ok && (alt->exact || dup_alike(s, alt, number, &u, err));
    dup_units_release(&u);
    return ok;
}

bool dup_search(Crm *crm, const Type *t, const DupKey *key, const Filter *filter,
                const DupTalk *talk, DupPairs *out, Error *err)
{
    DupSearch s = { .crm = crm, .type = t, .filter = filter, .talk = talk, .out = out };
    *out = (DupPairs){ 0 };
    const char *words = setting_get(crm, "dup.words", &s.arena);
    bool ok = like_words(words ? words : like_words_shipped, &s.arena, &s.words, err);
    for (int i = 0; ok && i < key->n; i++)
        ok = search_by(&s, &key->alt[i], i, err);
    if (ok)
        pairs_settle(out);
    else
        dup_pairs_release(out);
    arena_release(&s.arena);
    return ok;
}

/* ---- groups ---------------------------------------------------------------------------------- */

static int by_number(const void *x, const void *y)
{
    int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
    return (a > b) - (a < b);
}

static int64_t place_of(const int64_t *id, int64_t n, int64_t wanted)
{
    const int64_t *at = bsearch(&wanted, id, (size_t)n, sizeof *id, by_number);
    return at - id;
}

/* The root of a place, with the way there shortened. */
static int64_t root_of(int64_t *up, int64_t at)
{
    while (up[at] != at)
        at = up[at] = up[up[at]];
    return at;
}

typedef struct Member { int64_t first, id; } Member;

static int by_first(const void *x, const void *y)
{
    const Member *a = x, *b = y;
    if (a->first != b->first)
        return a->first < b->first ? -1 : 1;
    return (a->id > b->id) - (a->id < b->id);
}

void dup_groups(const DupPairs *p, DupGroups *out)
{
    int64_t n = 0, most = 2 * p->n + 1;
    int64_t *id = xalloc((size_t)most * sizeof *id), *up = xalloc((size_t)most * sizeof *up);
    for (int64_t i = 0; i < p->n; i++) {
        id[n++] = p->pair[i].id;
        id[n++] = p->pair[i].other;
    }
    qsort(id, (size_t)n, sizeof *id, by_number);
    int64_t distinct = 0;
    for (int64_t i = 0; i < n; i++)
        if (!distinct || id[distinct - 1] != id[i])
            id[distinct++] = id[i];
    for (int64_t i = 0; i < distinct; i++)
        up[i] = i;
    for (int64_t i = 0; i < p->n; i++) {
        int64_t a = root_of(up, place_of(id, distinct, p->pair[i].id));
        int64_t b = root_of(up, place_of(id, distinct, p->pair[i].other));
        up[a > b ? a : b] = a > b ? b : a;               /* the lowest id is the root */
    }
    Member *m = xalloc((size_t)(distinct + 1) * sizeof *m);
    for (int64_t i = 0; i < distinct; i++)
        m[i] = (Member){ id[root_of(up, i)], id[i] };
    qsort(m, (size_t)distinct, sizeof *m, by_first);
    for (int64_t i = 0; i < distinct; i++) {
        id[i] = m[i].id;
        up[i] = m[i].first;
    }
    free(m);
    *out = (DupGroups){ id, up, distinct };
}

void dup_groups_release(DupGroups *g)
{
    free(g->id);
    free(g->first);
    *g = (DupGroups){ 0 };
}

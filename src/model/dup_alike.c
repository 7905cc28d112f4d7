/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dup_alike.c -- units that are alike, found without comparing all with all.
 *
 * Two forms that are alike share pairs of letters, and of its rarest ones each must share one
 * (prefix filtering, as Chaudhuri et al. 2006 and Bayardo et al. 2007 describe it for joins of
 * sets).  So each unit goes into a block for each of a few rare pairs it has, together with its
 * exact parts, and only within a block is compared.  In a block of more than BLOCK_WHOLE units, in
 * order of their texts, each is compared with its BLOCK_NEAR neighbours only; such blocks are
 * counted.
 */
#include <stdlib.h>

#include "model/dup_inside.h"

enum {
    BLOCK_WHOLE = 64, BLOCK_NEAR = 24,
    RARE = 12,                           /* blocks that a unit goes into at most */
    COUNTERS = 1 << 20,                  /* of how often a pair of letters occurs; they may share */
    TICK = 65536,
};

/* ---- a unit taken apart ---------------------------------------------------------------------- */

typedef struct Forms { Str exact, form[DUP_PARTS]; int n; } Forms;

static Forms forms_of(const DupUnits *u, const DupUnit *x)
{
    Str text = dup_text(u, x);
    Forms f = { .exact = str_n(text.s, x->exact) };
    for (size_t i = x->exact; i < text.n;) {
        const char *end = memchr(text.s + i, DUP_END, text.n - i);
        f.form[f.n++] = str_n(text.s + i, (size_t)(end - text.s) - i);
        i = (size_t)(end - text.s) + 1;
        if (f.n == DUP_PARTS)
            break;
    }
    return f;
}

/* The parts by likeness, in their order. */
typedef struct Least {
    double least[DUP_PARTS];
    int n;
    int by;                              /* the one that makes the blocks: the longest */
} Least;

static Least least_of(const DupAlternative *alt, const DupUnits *u)
{
    Least l = { .n = 0 };
    size_t bytes[DUP_PARTS] = { 0 };
    for (int i = 0; i < alt->n; i++)
        if (alt->part[i].least > 0)
            l.least[l.n++] = alt->part[i].least;
    for (int64_t i = 0; i < u->n && l.n > 1; i++) {
        Forms f = forms_of(u, &u->unit[i]);
        for (int k = 0; k < f.n; k++)
            bytes[k] += f.form[k].n;
    }
    for (int k = 1; k < l.n; k++)
        if (bytes[k] > bytes[l.by])
            l.by = k;
    return l;
}

/* ---- blocks ---------------------------------------------------------------------------------- */

typedef struct Blocks {
    uint64_t *entry;                     /* key << 32 | place of the unit */
    int64_t n, room;
} Blocks;

typedef struct Rare { uint32_t seen, gram; } Rare;

static int rarest_first(const void *x, const void *y)
{
    const Rare *a = x, *b = y;
    if (a->seen != b->seen)
        return a->seen < b->seen ? -1 : 1;
    return (a->gram > b->gram) - (a->gram < b->gram);
}

/* The pairs of letters of one of a unit's forms, each made one with the exact parts. Where only
 * equal forms are alike one pair will do, if another part may differ. */
static int grams_of(const DupUnits *u, const DupUnit *x, const Least *least, int *prefix,
                    uint32_t out[static LIKE_GRAMS])
{
    Like l;
    Forms f = forms_of(u, x);
    like_read(f.form[least->by], &l);
    *prefix = like_prefix(&l, least->least[least->by]);
    if (*prefix == 0 && least->n > 1)
        *prefix = 1;
    int n = like_grams(&l, out);
    uint32_t salt = (uint32_t)str_hash(f.exact);
    for (int i = 0; i < n; i++)
        out[i] = (out[i] ^ salt) * 0x9E3779B1u;
    return n;
}

static void block_add(Blocks *b, uint32_t key, int64_t place)
{
    if (b->n == b->room) {
        b->room = b->room ? b->room * 2 : 4096;
        b->entry = xresize(b->entry, (size_t)b->room * sizeof *b->entry);
    }
    b->entry[b->n++] = (uint64_t)key << 32 | (uint64_t)place;
}

static void blocks_fill(const DupUnits *u, const Least *least, Blocks *b)
{
    uint32_t *seen = xalloc(COUNTERS * sizeof *seen), gram[LIKE_GRAMS];
    Rare rare[LIKE_GRAMS];
    int prefix;
    for (int64_t i = 0; i < u->n; i++) {
        int n = grams_of(u, &u->unit[i], least, &prefix, gram);
        for (int k = 0; k < n && prefix; k++)
            seen[gram[k] % COUNTERS]++;
    }
    for (int64_t i = 0; i < u->n; i++) {
        int n = grams_of(u, &u->unit[i], least, &prefix, gram);
        for (int k = 0; k < n; k++)
            rare[k] = (Rare){ seen[gram[k] % COUNTERS], gram[k] };
        qsort(rare, (size_t)n, sizeof *rare, rarest_first);
        for (int k = 0; k < n && k < prefix && k < RARE; k++)
            if (rare[k].seen > 1)
                block_add(b, rare[k].gram, i);
    }
    free(seen);
}

/* ---- comparing ------------------------------------------------------------------------------- */

/* A unit ready for comparing; those of a block are kept in a ring while they are neighbours. */
typedef struct Ready {
    int64_t id;
    Str exact, form[DUP_PARTS];
    Like like[DUP_PARTS];
    int n;
} Ready;

enum { RING = BLOCK_WHOLE + 1 };

static void make_ready(const DupUnits *u, int64_t place, Ready *out)
{
    Forms f = forms_of(u, &u->unit[place]);
    out->id = u->unit[place].id;
    out->exact = f.exact;
    out->n = f.n;
    for (int i = 0; i < f.n; i++) {
        out->form[i] = f.form[i];
        like_read(f.form[i], &out->like[i]);
    }
}

/* The least score of the parts, 0 when one is below its threshold. */
static double score_of(const Ready *a, const Ready *b, const Least *l)
{
    double score = 1;
    if (a->id == b->id || !str_eq(a->exact, b->exact))
        return 0;
    for (int i = 0; i < l->n; i++)
        if (like_differs(&a->like[i], &b->like[i], l->least[i]))
            return 0;
    for (int i = 0; i < l->n; i++) {
        if (str_eq(a->form[i], b->form[i]))
            continue;
        double s = like_score(&a->like[i], &b->like[i], l->least[i]);
        if (s == 0)
            return 0;
        score = s < score ? s : score;
    }
    return score;
}

static void compare_block(DupSearch *s, const DupUnits *u, const Least *l, int number,
                          const uint64_t *entry, int64_t n, Ready *ring)
{
    int64_t near = n <= BLOCK_WHOLE ? n : BLOCK_NEAR, ready = 0;
    s->out->wide += n > BLOCK_WHOLE;
    for (int64_t i = 0; i < n; i++) {
        for (; ready < n && ready <= i + near; ready++)
            make_ready(u, (int64_t)(uint32_t)entry[ready], &ring[ready % RING]);
        for (int64_t k = i + 1; k < ready; k++) {
            const Ready *a = &ring[i % RING], *b = &ring[k % RING];
            double score = score_of(a, b, l);
            if (score > 0)
                dup_pair_add(s->out, a->id, b->id, score, number);
        }
    }
}

static int by_entry(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;
    return (a > b) - (a < b);
}

static int by_form(const void *x, const void *y, void *ctx)
{
    const DupUnit *a = x, *b = y;
    const DupUnits *u = ctx;
    int order = memcmp(u->text.s + a->at, u->text.s + b->at, a->n < b->n ? a->n : b->n);
    if (order)
        return order;
    return a->n != b->n ? a->n - b->n : (a->id > b->id) - (a->id < b->id);
}

bool dup_alike(DupSearch *s, const DupAlternative *alt, int number, DupUnits *u, Error *err)
{
    Blocks b = { 0 };
    Ready *ring = xalloc(RING * sizeof *ring);
    Least l = least_of(alt, u);
    bool ok = true;
    if (u->n)
        qsort_r(u->unit, (size_t)u->n, sizeof *u->unit, by_form, u);
    blocks_fill(u, &l, &b);
    if (b.n)
        qsort(b.entry, (size_t)b.n, sizeof *b.entry, by_entry);
    for (int64_t i = 0, ticked = 0; ok && i < b.n;) {
        int64_t n = 1;
        while (i + n < b.n && b.entry[i + n] >> 32 == b.entry[i] >> 32)
            n++;
        compare_block(s, u, &l, number, b.entry + i, n, ring);
        i += n;
        if (i - ticked > TICK) {
            ok = dup_tick(s, "comparing", i, b.n, err);
            ticked = i;
        }
    }
    free(ring);
    free(b.entry);
    return ok;
}

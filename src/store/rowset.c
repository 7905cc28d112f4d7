/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/rowset.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"

enum { WORDS = 4 };                      /* 256 bits */
#define EMPTY INT64_MIN                  /* no id >> 8 is that small */

struct RowChunk { int64_t key; uint64_t bits[WORDS]; };

static uint32_t home(int64_t key, uint32_t size)
{
    uint64_t h = (uint64_t)key * 0x9E3779B97F4A7C15u;    /* 2^64 / golden ratio */
    return (uint32_t)(h >> 32) & (size - 1);
}

/* The slot that holds `key`, or the empty one where it belongs. */
static uint32_t slot_of(const RowSet *s, int64_t key)
{
    if (s->slots[s->last].key == key)
        return s->last;
    uint32_t i = home(key, s->size);
    while (s->slots[i].key != key && s->slots[i].key != EMPTY)
        i = (i + 1) & (s->size - 1);
    return i;
}

static void grow(RowSet *s)
{
    RowSet bigger = { .size = s->size ? s->size * 2 : 8, .used = s->used, .n = s->n };
    bigger.slots = xalloc(bigger.size * sizeof *bigger.slots);
    for (uint32_t i = 0; i < bigger.size; i++)
        bigger.slots[i].key = EMPTY;
    for (uint32_t i = 0; i < s->size; i++)
        if (s->slots[i].key != EMPTY)
            bigger.slots[slot_of(&bigger, s->slots[i].key)] = s->slots[i];
    free(s->slots);
    *s = bigger;
}

static RowChunk *chunk(RowSet *s, int64_t key)
{
    if (s->slots && s->slots[s->last].key == key)
        return &s->slots[s->last];
    if (s->used * 4 >= s->size * 3)
        grow(s);
    uint32_t i = slot_of(s, key);
    if (s->slots[i].key == EMPTY) {
        s->slots[i].key = key;
        s->used++;
    }
    s->last = i;
    return &s->slots[i];
}

bool rowset_has(const RowSet *s, int64_t row)
{
    if (s->n == 0)
        return false;
    const RowChunk *c = &s->slots[slot_of(s, row >> 8)];
    return c->key != EMPTY && (c->bits[row >> 6 & 3] >> (row & 63) & 1);
}

void rowset_add(RowSet *s, int64_t row)
{
    uint64_t *word = &chunk(s, row >> 8)->bits[row >> 6 & 3], bit = (uint64_t)1 << (row & 63);
    s->n += !(*word & bit);
    *word |= bit;
}

void rowset_add_run(RowSet *s, int64_t first, int64_t last)
{
    for (int64_t row = first; row <= last; row++)
        rowset_add(s, row);
}

bool rowset_drop(RowSet *s, int64_t row)
{
    if (!rowset_has(s, row))
        return false;
    chunk(s, row >> 8)->bits[row >> 6 & 3] &= ~((uint64_t)1 << (row & 63));
    s->n--;
    return true;
}

void rowset_join(RowSet *to, RowSet *from)
{
    if (to->n == 0) {
        rowset_release(to);
        *to = *from;
        *from = (RowSet){ 0 };
        return;
    }
    for (uint32_t i = 0; i < from->size; i++) {
        if (from->slots[i].key == EMPTY)
            continue;
        RowChunk *c = chunk(to, from->slots[i].key);
        for (int w = 0; w < WORDS; w++) {
            uint64_t fresh = from->slots[i].bits[w] & ~c->bits[w];
            c->bits[w] |= fresh;
            to->n += __builtin_popcountll(fresh);
        }
    }
    rowset_release(from);
}

void rowset_subtract(RowSet *a, RowSet *b)
{
    if (a->n == 0 || b->n == 0)
        return;
    for (uint32_t i = 0; i < a->size; i++) {
        RowChunk *c = &a->slots[i], *d = &b->slots[slot_of(b, c->key)];
        if (c->key == EMPTY || d->key == EMPTY)
            continue;
        for (int w = 0; w < WORDS; w++) {
            uint64_t both = c->bits[w] & d->bits[w];
            c->bits[w] ^= both;
            d->bits[w] ^= both;
            a->n -= __builtin_popcountll(both);
            b->n -= __builtin_popcountll(both);
        }
    }
}

void rowset_release(RowSet *s)
{
    free(s->slots);
    *s = (RowSet){ 0 };
}

static int by_key(const void *a, const void *b)
{
    int64_t x = ((const RowChunk *)a)->key, y = ((const RowChunk *)b)->key;
    return (x > y) - (x < y);
}

typedef struct Runs { RowRun *run; int64_t n, size; } Runs;

static void run_add(Runs *r, int64_t row)
{
    if (r->n && r->run[r->n - 1].last + 1 == row) {
        r->run[r->n - 1].last = row;
        return;
    }
    if (r->n == r->size) {
        r->size = r->size ? r->size * 2 : 16;
        r->run = xresize(r->run, (size_t)r->size * sizeof *r->run);
    }
    r->run[r->n++] = (RowRun){ row, row };
}

int64_t rowset_runs(const RowSet *s, RowRun **out)
{
    Runs r = { 0 };
    RowChunk *sorted = xalloc((s->used + 1) * sizeof *sorted);
    uint32_t n = 0;
    for (uint32_t i = 0; i < s->size; i++)
        if (s->slots[i].key != EMPTY)
            sorted[n++] = s->slots[i];
    qsort(sorted, n, sizeof *sorted, by_key);
    for (uint32_t i = 0; i < n; i++)
        for (int w = 0; w < WORDS; w++)
            for (uint64_t bits = sorted[i].bits[w]; bits; bits &= bits - 1)
                run_add(&r, sorted[i].key * 256 + w * 64 + __builtin_ctzll(bits));
    free(sorted);
    *out = r.run;
    return r.n;
}

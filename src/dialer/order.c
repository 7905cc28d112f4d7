/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/order.h"

#include <stdlib.h>

#include "base/arena.h"

static bool before(const Due *a, const Due *b)
{
    return a->at != b->at ? a->at < b->at : a->seq < b->seq;
}

void agenda_add(Agenda *a, int64_t at, int kind, int64_t id, uint32_t gen)
{
    if (a->n == a->size) {
        a->size = a->size ? 2 * a->size : 64;
        a->heap = xresize(a->heap, sizeof *a->heap * (size_t)a->size);
    }
    Due d = { .at = at, .seq = a->seq++, .id = id, .kind = kind, .gen = gen };
    int i = a->n++;
    while (i > 0 && before(&d, &a->heap[(i - 1) / 2])) {
        a->heap[i] = a->heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    a->heap[i] = d;
}

int64_t agenda_next(const Agenda *a)
{
    return a->n ? a->heap[0].at : INT64_MAX;
}

bool agenda_take(Agenda *a, int64_t now, Due *out)
{
    if (!a->n || a->heap[0].at > now)
        return false;
    *out = a->heap[0];
    Due last = a->heap[--a->n];
    int i = 0;
    for (;;) {
        int child = 2 * i + 1;
        if (child >= a->n)
            break;
        if (child + 1 < a->n && before(&a->heap[child + 1], &a->heap[child]))
            child++;
        if (!before(&a->heap[child], &last))
            break;
        a->heap[i] = a->heap[child];
        i = child;
    }
    a->heap[i] = last;
    return true;
}

void agenda_release(Agenda *a)
{
    free(a->heap);
    *a = (Agenda){ 0 };
}

void queue_init(Queue *q)
{
    *q = (Queue){ .head = -1, .tail = -1 };
}

static QueueLink *make_room(Queue *q, int i)
{
    if (i >= q->size) {
        int size = q->size ? q->size : 64;
        while (size <= i)
            size *= 2;
        q->links = xresize(q->links, sizeof *q->links * (size_t)size);
        for (int k = q->size; k < size; k++)
            q->links[k] = (QueueLink){ .prev = -1, .next = -1 };
        q->size = size;
    }
    return &q->links[i];
}

void queue_push(Queue *q, int i)
{
    QueueLink *l = make_room(q, i);
    *l = (QueueLink){ .prev = q->tail, .next = -1, .in = true };
    if (q->tail >= 0)
        q->links[q->tail].next = i;
    else
        q->head = i;
    q->tail = i;
    q->n++;
}

void queue_push_front(Queue *q, int i)
{
    QueueLink *l = make_room(q, i);
    *l = (QueueLink){ .prev = -1, .next = q->head, .in = true };
    if (q->head >= 0)
        q->links[q->head].prev = i;
    else
        q->tail = i;
    q->head = i;
    q->n++;
}

void queue_remove(Queue *q, int i)
{
    if (i >= q->size || !q->links[i].in)
        return;
    QueueLink *l = &q->links[i];
    if (l->prev >= 0)
        q->links[l->prev].next = l->next;
    else
        q->head = l->next;
    if (l->next >= 0)
        q->links[l->next].prev = l->prev;
    else
        q->tail = l->prev;
    l->in = false;
    q->n--;
}

void queue_release(Queue *q)
{
    free(q->links);
    queue_init(q);
}

/* Open addressing with linear probing; a removal closes the gap, so that there are no
 * tombstones. */
static uint32_t place_of(uint64_t key, uint32_t size)
{
    return (uint32_t)((key * 0x9E3779B97F4A7C15u) >> 32) & (size - 1);
}

static uint32_t find(const IdMap *m, uint64_t key)
{
    uint32_t i = place_of(key, m->size);
    while (m->keys[i] && m->keys[i] != key)
        i = (i + 1) & (m->size - 1);
    return i;
}

int idmap_get(const IdMap *m, uint64_t key)
{
    if (!m->size || !key)
        return -1;
    uint32_t i = find(m, key);
    return m->keys[i] ? m->values[i] : -1;
}

static void grow(IdMap *m)
{
    IdMap old = *m;
    m->size = old.size ? 2 * old.size : 64;
    m->keys = xalloc(sizeof *m->keys * m->size);
    m->values = xalloc(sizeof *m->values * m->size);
    m->n = 0;
    for (uint32_t i = 0; i < old.size; i++)
        if (old.keys[i])
            idmap_put(m, old.keys[i], old.values[i]);
    free(old.keys);
    free(old.values);
}

void idmap_put(IdMap *m, uint64_t key, int value)
{
    if (2 * (m->n + 1) > m->size)
        grow(m);
    uint32_t i = find(m, key);
    if (!m->keys[i])
        m->n++;
    m->keys[i] = key;
    m->values[i] = value;
}

void idmap_remove(IdMap *m, uint64_t key)
{
    if (!m->size || !key)
        return;
    uint32_t gap = find(m, key), mask = m->size - 1;
    if (!m->keys[gap])
        return;
    for (uint32_t i = (gap + 1) & mask; m->keys[i]; i = (i + 1) & mask) {
        uint32_t home = place_of(m->keys[i], m->size);
        if (((i - home) & mask) >= ((i - gap) & mask)) {
            m->keys[gap] = m->keys[i];
            m->values[gap] = m->values[i];
            gap = i;
        }
    }
    m->keys[gap] = 0;
    m->n--;
}

void idmap_release(IdMap *m)
{
    free(m->keys);
    free(m->values);
    *m = (IdMap){ 0 };
}

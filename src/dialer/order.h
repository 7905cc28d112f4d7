/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * order.h -- containers of the dialer. None has an order that depends on an address or on a hash,
 * so that the same events give the same day byte for byte.
 *
 *   Agenda   things to happen, first by time, then by when they were added
 *   Queue    small numbers, first in first out, with removal from the middle
 *   IdMap    finds a small number by an id; cannot be walked
 */
#ifndef DIALER_ORDER_H
#define DIALER_ORDER_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Due {
    int64_t at;
    uint64_t seq;             /* order of adding */
    int64_t id;               /* of what it is about; the owner's meaning, as with kind and gen */
    int kind;
    uint32_t gen;             /* what changed since then can be told by another number here */
} Due;

typedef struct Agenda { Due *heap; int n, size; uint64_t seq; } Agenda;   /* {0} is an empty one */

void agenda_add(Agenda *a, int64_t at, int kind, int64_t id, uint32_t gen);
int64_t agenda_next(const Agenda *a);   /* time of the first; INT64_MAX when empty */
bool agenda_take(Agenda *a, int64_t now, Due *out);     /* removes the first whose time is <= now */
void agenda_release(Agenda *a);

typedef struct QueueLink { int prev, next; bool in; } QueueLink;
typedef struct Queue { QueueLink *links; int size, head, tail, n; } Queue;

void queue_init(Queue *q);
void queue_push(Queue *q, int i);                       /* at the end; i is not in it yet */
void queue_push_front(Queue *q, int i);
void queue_remove(Queue *q, int i);                     /* does nothing when i is not in it */
void queue_release(Queue *q);

/* {0} is an empty one */
typedef struct IdMap { uint64_t *keys; int *values; uint32_t size, n; } IdMap;

int idmap_get(const IdMap *m, uint64_t key);            /* -1 when it is not there */
void idmap_put(IdMap *m, uint64_t key, int value);      /* key is not 0; replaces */
void idmap_remove(IdMap *m, uint64_t key);
void idmap_release(IdMap *m);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fake_loop.h -- the time of a fake switch: what it says is handed to the driver, what is due
 * happens, and the driver is woken when it wants to be.
 */
#ifndef FAKE_LOOP_H
#define FAKE_LOOP_H

#include "dialer/order.h"
#include "dialer/peer.h"

/* What waits on the wire goes to the driver, `piece` bytes at once (0: all), while *connected. */
static inline void fake_deliver(Driver *d, Buf *waiting, size_t piece, const bool *connected,
                                int64_t now)
{
    Buf wire = *waiting;
    *waiting = (Buf){ 0 };
    piece = piece ? piece : wire.n;
    for (size_t i = 0; i < wire.n && *connected; i += piece)
        peer_receive(d, wire.s + i, wire.n - i < piece ? wire.n - i : piece, now);
    buf_release(&wire);
}

/* pump: hand over what either side has said, until both are quiet. happen: one thing is due. */
typedef struct FakeLoop {
    void *self;
    void (*pump)(void *self);
    void (*happen)(void *self, const Due *due);
} FakeLoop;

static inline void fake_loop(FakeLoop l, Driver *d, Agenda *agenda, int64_t *now, int64_t until)
{
    Due due;
    l.pump(l.self);
    for (;;) {
        int64_t a = peer_wake(d), b = agenda_next(agenda), next = a < b ? a : b;
        if (next > until)
            break;
        if (next > *now)
            *now = next;
        while (agenda_take(agenda, *now, &due))
            l.happen(l.self, &due);
        peer_tick(d, *now);
        l.pump(l.self);
    }
    *now = until;
    peer_tick(d, until);
    l.pump(l.self);
}

#endif

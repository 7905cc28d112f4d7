/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz_driver.h -- the host of a driver: what it tells and sends is kept, and a call ends once.
 */
#ifndef FUZZ_DRIVER_H
#define FUZZ_DRIVER_H

#include <stdlib.h>

#include "dialer/order.h"
#include "dialer/peer.h"
#include "fuzz.h"

enum { ENDS = 64 };

typedef struct Side {
    Driver *driver;
    bool up;                           /* connected */
    Buf told, sent;
    CallId ended[ENDS];
    int ends;
} Side;

static inline void on_event(void *self, const DriverEvent *ev)
{
    Side *s = self;
    buf_printf(&s->told, "%s %lld %lld %d %d %s|%s|%s\n", driver_event_name(ev->kind),
               (long long)ev->call, (long long)ev->agent, ev->by, ev->cause,
               ev->number ? ev->number : "", ev->called ? ev->called : "",
               ev->text ? ev->text : "");
    if (!ev->call || !driver_ends_call(ev->kind))
        return;
    for (int i = 0; i < s->ends; i++)
        if (s->ended[i] == ev->call)
            panic("call %lld ends twice: %s", (long long)ev->call, s->told.s);
    if (s->ends < ENDS)
        s->ended[s->ends++] = ev->call;
}

static inline bool phone_of(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    (void)self;
    snprintf(out, DRIVER_PHONE, "80%d", (int)agent);
    return true;
}

static inline void connect_now(void *self)
{
    (void)self;
}

static inline void disconnect(void *self)
{
    ((Side *)self)->up = false;
}

static inline void send(void *self)
{
    Side *s = self;
    Buf *out = peer_output(s->driver);
    buf_str(&s->sent, buf_as_str(out));
    buf_reset(out);
}

static inline void say(Side *s, Str text, size_t step, int64_t now)
{
    for (size_t i = 0; i < text.n && s->up; i += step)
        peer_receive(s->driver, text.s + i, text.n - i < step ? text.n - i : step, now);
}

static inline void order(Side *s, DriverOrder o, bool must)
{
    Error err = { 0 };
    size_t told = s->told.n;
    snprintf(o.number, sizeof o.number, "13800138000");
    if (!driver_do(s->driver, &o, &err) && (must || err.code == ERR_NONE))
        panic("order %d: %s", o.kind, err.msg);
    if (s->told.n != told)
        panic("told from inside an order: %s", s->told.s + told);
}

/* The switch is connected to, from `now` on; what it says in a login is for the caller. */
static inline void side_open(Side *s, Driver *driver, const Error *err, int64_t now)
{
    if (!driver)
        panic("%s", err->msg);
    s->driver = driver;
    peer_set_carrier(driver, (Carrier){ .self = s, .connect = connect_now, .send = send,
                                        .disconnect = disconnect });
    peer_tick(driver, now);
    s->up = true;
    peer_connected(driver, now);
}

#endif

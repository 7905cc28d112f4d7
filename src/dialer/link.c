/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * link.c -- a driver of peer.h on a connection, in the event loop.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/wire.h"
#include "dialer/peer.h"

#define LOOK_MS 15000
#define UNSENT_MOST (1 << 20)        /* a server that reads so little is as good as gone */

typedef struct Link {
    Driver *driver;
    Loop *loop;
    Wire *wire;
    Timer *timer;
    int64_t due;              /* of the timer */
} Link;

static void tick(void *ctx, int64_t now);

static void arm(Link *k)
{
    int64_t at = peer_wake(k->driver);
    if (k->timer && k->due == at)
        return;
    if (k->timer)
        loop_cancel(k->loop, k->timer);
    k->due = at;
    k->timer = at == NEVER ? NULL : loop_timer(k->loop, at, tick, k);
}

static void tick(void *ctx, int64_t now)
{
    Link *k = ctx;
    k->timer = NULL;
    if (wire_unsent(k->wire) > UNSENT_MOST) {
        wire_disconnect(k->wire);
        peer_lost(k->driver, "it does not read what it is sent", now);
    }
    peer_tick(k->driver, now);
    arm(k);
}

/* ---- the carrier ----------------------------------------------------------------------------- */

static void carrier_connect(void *self)
{
    wire_connect(((Link *)self)->wire);
}

static void carrier_send(void *self)
{
    Link *k = self;
    wire_send(k->wire, peer_output(k->driver));
    arm(k);
}

static void carrier_disconnect(void *self)
{
    wire_disconnect(((Link *)self)->wire);
}

static void carrier_free(void *self)
{
    Link *k = self;
    if (k->timer)
        loop_cancel(k->loop, k->timer);
    wire_free(k->wire);
    free(k);
}

/* ---- the wire -------------------------------------------------------------------------------- */

static void on_up(void *self)
{
    Link *k = self;
    peer_connected(k->driver, loop_now(k->loop));
    arm(k);
}

static void on_bytes(void *self, const char *s, size_t n)
{
    Link *k = self;
    peer_receive(k->driver, s, n, loop_now(k->loop));
    arm(k);
}

static void on_lost(void *self, const char *why)
{
    Link *k = self;
    peer_lost(k->driver, why, loop_now(k->loop));
    arm(k);
}

Driver *link_open(Driver *d, const SwitchConfig *c, int port, const DriverHost *host, Error *err)
{
    if (!d)
        return NULL;
    if (!host->loop) {
        d->ops->close(d);
        fail(err, ERR_REFUSED, "switch %s is a real one: no clock can be turned there", c->name);
        return NULL;
    }
    Link *k = xalloc(sizeof *k);
    WireTo to = { c->host, port, c->tls, c->ca_file, true };
    WireEnd end = { k, on_up, on_bytes, on_lost };
    *k = (Link){ .driver = d, .loop = host->loop };
    k->wire = wire_new(host->loop, &to, end);
    peer_set_carrier(d, (Carrier){ k, carrier_connect, carrier_send, carrier_disconnect,
                                   carrier_free });
    arm(k);
    return d;
}

/* ---- a look at it ---------------------------------------------------------------------------- */

typedef struct Look { bool up; char trouble[300]; Timer *timer; } Look;

static void look_event(void *self, const DriverEvent *ev)
{
    Look *k = self;
    k->up = k->up || ev->kind == DRIVER_LINK_UP;
    if (ev->kind == DRIVER_TROUBLE && !*k->trouble)
        snprintf(k->trouble, sizeof k->trouble, "%s", ev->text);
}

static void run_out(void *ctx, int64_t now)
{
    Look *k = ctx;
    (void)now;
    k->timer = NULL;
    if (!*k->trouble)
        snprintf(k->trouble, sizeof k->trouble, "it does not answer");
}

bool link_probe(const SwitchConfig *c, const ProbeHost *host, const char *mend,
                void (*more)(Driver *d, const ProbeHost *host), Error *err)
{
    static const Clock real;
    Look k = { 0 };
    Loop *loop = loop_new(&real, err);
    if (!loop)
        return false;
    DriverHost open = { .loop = loop, .sink = { &k, look_event, NULL } };
    Driver *d = driver_open(c, &open, err);
    k.timer = d ? loop_timer(loop, loop_now(loop) + LOOK_MS, run_out, &k) : NULL;
    bool stopped = false;
    while (d && !k.up && !*k.trouble && !stopped && loop_turn(loop, 200, err))
        stopped = host->stop && host->stop(host->self);
    if (d && !stopped)
        host->say(host->self, "connect", k.up ? PROBE_OK : PROBE_WRONG,
                  k.up ? "connected and logged in" : k.trouble, k.up ? "" : mend);
    if (k.up && more)
        more(d, host);
    if (k.timer)
        loop_cancel(loop, k.timer);
    if (d)
        d->ops->close(d);
    loop_free(loop);
    if (stopped)
        return fail(err, ERR_INTERRUPTED, "interrupted");
    return d && (k.up || fail(err, ERR_UNREACHABLE, "switch %s would carry no calls", c->name));
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami_link.c -- the driver ami on a connection, in the event loop.
 */
#include <stdlib.h>

#include "base/wire.h"
#include "dialer/ami.h"

#define UNSENT_MOST (1 << 20)        /* a server that reads so little is as good as gone */

typedef struct AmiLink {
    Driver *driver;
    Loop *loop;
    Wire *wire;
    Timer *timer;
    int64_t due;              /* of the timer */
} AmiLink;

static void tick(void *ctx, int64_t now);

static void arm(AmiLink *k)
{
    int64_t at = ami_wake(k->driver);
    if (k->timer && k->due == at)
        return;
    if (k->timer)
        loop_cancel(k->loop, k->timer);
    k->due = at;
    k->timer = at == NEVER ? NULL : loop_timer(k->loop, at, tick, k);
}

static void tick(void *ctx, int64_t now)
{
    AmiLink *k = ctx;
    k->timer = NULL;
    if (wire_unsent(k->wire) > UNSENT_MOST) {
        wire_disconnect(k->wire);
        ami_lost(k->driver, "it does not read what it is sent", now);
    }
    ami_tick(k->driver, now);
    arm(k);
}

/* ---- the carrier ----------------------------------------------------------------------------- */

static void carrier_connect(void *self)
{
    wire_connect(((AmiLink *)self)->wire);
}

static void carrier_send(void *self)
{
    AmiLink *k = self;
    wire_send(k->wire, ami_output(k->driver));
    arm(k);
}

static void carrier_disconnect(void *self)
{
    wire_disconnect(((AmiLink *)self)->wire);
}

static void carrier_free(void *self)
{
    AmiLink *k = self;
    if (k->timer)
        loop_cancel(k->loop, k->timer);
    wire_free(k->wire);
    free(k);
}

/* ---- the wire -------------------------------------------------------------------------------- */

static void on_up(void *self)
{
    AmiLink *k = self;
    ami_connected(k->driver, loop_now(k->loop));
    arm(k);
}

static void on_bytes(void *self, const char *s, size_t n)
{
    AmiLink *k = self;
    ami_receive(k->driver, s, n, loop_now(k->loop));
    arm(k);
}

static void on_lost(void *self, const char *why)
{
    AmiLink *k = self;
    ami_lost(k->driver, why, loop_now(k->loop));
    arm(k);
}

int ami_port(const SwitchConfig *c)
{
    return c->port ? c->port : c->tls ? 5039 : 5038;
}

Driver *ami_dial(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    char secret[SECRET_MOST];
    if (!host->loop) {
        fail(err, ERR_REFUSED, "switch %s is a real one: no clock can be turned there", c->name);
        return NULL;
    }
    if (!secret_read(c->secret, secret, err))
        return NULL;
    Driver *d = ami_open(c, secret, host, loop_now(host->loop), err);
    explicit_bzero(secret, sizeof secret);
    if (!d)
        return NULL;
    AmiLink *k = xalloc(sizeof *k);
    WireTo to = { c->host, ami_port(c), c->tls, c->ca_file, true };
    WireEnd end = { k, on_up, on_bytes, on_lost };
    *k = (AmiLink){ .driver = d, .loop = host->loop };
    k->wire = wire_new(host->loop, &to, end);
    ami_set_carrier(d, (AmiCarrier){ k, carrier_connect, carrier_send, carrier_disconnect,
                                     carrier_free });
    arm(k);
    return d;
}

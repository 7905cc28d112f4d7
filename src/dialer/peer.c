/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/peer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/leg.h"

#define LOGIN_MS 10000               /* from the attempt to connect to the answer to the login */
#define PING_MS 15000
#define PONG_MS 5000
#define RETRY_MOST_MS 30000
#define TELL_AFTER 2                 /* connections that failed */
#define STREAM_RETRY 100             /* for rng_seed */

int64_t peer_now(Peer *p)
{
    int64_t now = p->host.loop ? loop_now(p->host.loop) : p->now;
    if (now > p->now)
        p->now = now;
    return p->now;
}

static void at(Peer *p, int64_t now)
{
    if (now > p->now)
        p->now = now;
}

void peer_tell(Peer *p, DriverEvent ev)
{
    ev.at = p->now;
    p->told = true;
    p->driver.sink.event(p->driver.sink.self, &ev);
}

void peer_trouble(Peer *p, CallId call, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = snprintf(p->trouble, sizeof p->trouble, "%s: ", p->cfg.name);
    if (n > 0 && (size_t)n < sizeof p->trouble)
        vsnprintf(p->trouble + n, sizeof p->trouble - (size_t)n, fmt, ap);
    va_end(ap);
    peer_tell(p, (DriverEvent){ .kind = DRIVER_TROUBLE, .call = call, .text = p->trouble });
}

static void plan(Peer *p, int what, int64_t in_ms)
{
    agenda_add(&p->agenda, p->now + in_ms, what, 0, p->link);
}

void peer_send(Peer *p)
{
    if (p->carrier.send)
        p->carrier.send(p->carrier.self);
}

/* ---- the connection -------------------------------------------------------------------------- */

static void retry(Peer *p)
{
    int64_t wait = 1000;
    for (int i = 0; i < p->tries && wait < RETRY_MOST_MS; i++)
        wait *= 2;
    if (wait > RETRY_MOST_MS)
        wait = RETRY_MOST_MS;
    p->tries++;
    plan(p, DUE_CONNECT, (int64_t)((double)wait * rng_between(&p->rng, 0.75, 1.25)));
}

/* What is known to have ended is told while there is somebody to tell. */
static void settle(Peer *p)
{
    for (int i = 0; i < p->nlegs; i++) {
        Leg *l = &p->legs[i];
        if (l->kind == LEG_CALL && l->gone)
            leg_close(p, l);
        else
            l->gen++;                     /* what was due is found out again */
    }
}

/* A link that broke is told of each time, a switch that cannot be reached once: it is tried again
 * for ever. */
static void down(Peer *p, const char *why)
{
    bool was_up = p->state == PEER_UP;
    if (was_up)
        settle(p);
    if (was_up || p->tries == TELL_AFTER)
        peer_trouble(p, 0, "%s", why);
    p->state = PEER_DOWN;
    p->link++;
    p->listing = p->pinged = false;
    p->talk->reset(p);
    buf_reset(&p->out);
    p->out.full = false;
    if (was_up)
        peer_tell(p, (DriverEvent){ .kind = DRIVER_LINK_DOWN });
}

void peer_drop(Peer *p, const char *why)
{
    if (p->state == PEER_DOWN)
        return;
    down(p, why);
    p->carrier.disconnect(p->carrier.self);
    retry(p);
}

void peer_give_up(Peer *p, const char *what, Str words)
{
    peer_trouble(p, 0, "%s: %.*s", what, STR_ARG(words));
    p->tries = TELL_AFTER + 3;
    peer_drop(p, what);
}

void peer_is_up(Peer *p)
{
    p->state = PEER_UP;
    p->tries = p->unmade = 0;
    plan(p, DUE_PING, PING_MS);
    peer_tell(p, (DriverEvent){ .kind = DRIVER_LINK_UP });
}

bool peer_reachable(Peer *p, Error *err)
{
    peer_now(p);
    return p->state == PEER_UP
           || fail(err, ERR_UNREACHABLE, "switch %s is not connected", p->cfg.name);
}

bool peer_mine(Peer *p, CallId call)
{
    return !p->host.mine || p->host.mine(p->host.self, call);
}

static void give_turn(Peer *p)
{
    DriverSink *sink = &p->driver.sink;
    bool told = p->told;
    p->told = false;
    if (told && sink->batch)
        sink->batch(sink->self);
}

static void flush(Peer *p)
{
    if (p->out.n > 0)
        peer_send(p);
}

void peer_lost(Driver *d, const char *why, int64_t now)
{
    Peer *p = (Peer *)d;
    at(p, now);
    if (p->state == PEER_DOWN)
        return;
    down(p, why);
    retry(p);
    give_turn(p);
}

void peer_connected(Driver *d, int64_t now)
{
    Peer *p = (Peer *)d;
    at(p, now);
    if (p->state != PEER_CONNECTING)
        return;
    p->state = PEER_LOGIN;
    p->talk->connected(p);
    flush(p);
    give_turn(p);
}

void peer_receive(Driver *d, const char *s, size_t n, int64_t now)
{
    Peer *p = (Peer *)d;
    at(p, now);
    if (p->state >= PEER_LOGIN)
        p->talk->read(p, s, n);
    flush(p);
    give_turn(p);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void due_link(Peer *p, int what)
{
    switch (what) {
    case DUE_CONNECT:
        if (p->state != PEER_DOWN)
            break;
        p->state = PEER_CONNECTING;
        plan(p, DUE_TIMEOUT, LOGIN_MS);
        p->carrier.connect(p->carrier.self);
        break;
    case DUE_TIMEOUT:
        if (p->state != PEER_UP)
            peer_drop(p, "nobody can connect and log in within 10 s");
        break;
    case DUE_PING:
        p->pinged = true;
        p->talk->ping(p);
        plan(p, DUE_PONG, PONG_MS);
        break;
    case DUE_PONG:
        if (p->pinged)
            peer_drop(p, "it does not answer any more");
        else
            plan(p, DUE_PING, PING_MS - PONG_MS);
        break;
    }
}

static void tell_due(Peer *p, const Due *due)
{
    bool agent = (int)due->gen >= DRIVER_AGENT_UP && (int)due->gen <= DRIVER_LISTEN_OVER;
    if (p->state == PEER_UP)
        peer_tell(p, (DriverEvent){ .kind = (DriverEventKind)due->gen, .call = agent ? 0 : due->id,
                                    .agent = agent ? due->id : 0 });
}

void peer_tick(Driver *d, int64_t now)
{
    Peer *p = (Peer *)d;
    Due due;
    while (agenda_take(&p->agenda, now, &due)) {
        at(p, due.at);
        if (due.kind == DUE_TELL) {
            tell_due(p, &due);
        } else if (due.kind >= DUE_CLOSE) {
            if (p->legs[due.id].gen == due.gen)
                leg_waited(p, &p->legs[due.id], due.kind);
        } else if (due.gen == p->link) {
            due_link(p, due.kind);
        }
    }
    at(p, now);
    flush(p);
    give_turn(p);
}

int64_t peer_wake(const Driver *d)
{
    return agenda_next(&((const Peer *)d)->agenda);
}

Buf *peer_output(Driver *d)
{
    return &((Peer *)d)->out;
}

void peer_set_carrier(Driver *d, Carrier carrier)
{
    ((Peer *)d)->carrier = carrier;
}

/* ---- what is dialled ------------------------------------------------------------------------- */

bool around(const char *pattern, const char *mark, const char *allowed, Around *out, Error *err)
{
    const char *found = strstr(pattern, mark);
    if (!found)
        return fail(err, ERR_INVALID, "'%s' has no %s in it", pattern, mark);
    snprintf(out->before, sizeof out->before, "%.*s", (int)(found - pattern), pattern);
    snprintf(out->after, sizeof out->after, "%s", found + strlen(mark));
    if (out->before[strspn(out->before, allowed)] || out->after[strspn(out->after, allowed)])
        return fail(err, ERR_INVALID, "'%s' is not a dial string", pattern);
    return true;
}

bool peer_phone(Peer *p, AgentId agent, const char *allowed, Phone *out, Error *err)
{
    *out = (Phone){ 0 };
    if (!p->host.phone || !p->host.phone(p->host.self, agent, out->text)) {
        fail(err, ERR_INVALID, "agent %" PRId64 " has no phone", agent);
        return fail_hint(err, "agent set %" PRId64 " phone=8001", agent);
    }
    return driver_check_phone(out->text, err)
           && (strchr(out->text, '/')
               || around(p->cfg.phones, "{phone}", allowed, &out->dial, err));
}

/* ---- life ------------------------------------------------------------------------------------ */

bool peer_has(const char *value, const char *name, const SwitchConfig *c, Error *err)
{
    if (*value)
        return true;
    fail(err, ERR_INVALID, "switch %s has no %s", c->name, name);
    return fail_hint(err, "switch set %s %s=...", c->name, name);
}

void peer_init(Peer *p, const DriverOps *ops, const PeerTalk *talk, const SwitchConfig *c,
               const DriverHost *host, int64_t now)
{
    *p = (Peer){ .driver = { ops, host->sink }, .talk = talk, .cfg = *c, .host = *host,
                 .now = now, .serial = (uint32_t)(now / 1000) };
    rng_seed(&p->rng, host->seed ^ (uint64_t)now, STREAM_RETRY, str_hash(str(c->name)), 0);
    plan(p, DUE_CONNECT, 0);
}

void peer_release(Peer *p)
{
    if (p->carrier.free)
        p->carrier.free(p->carrier.self);
    p->talk->reset(p);
    buf_release(&p->out);
    idmap_release(&p->by_name);
    idmap_release(&p->calls);
    idmap_release(&p->agents);
    idmap_release(&p->spies);
    agenda_release(&p->agenda);
    free(p->legs);
    free(p->free_legs);
}

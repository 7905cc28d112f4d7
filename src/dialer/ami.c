/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/ami.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/ami_inside.h"

#define LOGIN_MS 10000               /* from the attempt to connect to the answer to the login */
#define PING_MS 15000
#define PONG_MS 5000
#define RETRY_MOST_MS 30000
#define TELL_AFTER 2                 /* connections that failed */
#define STREAM_RETRY 100             /* for rng_seed */

int64_t ami_now(Ami *a)
{
    int64_t now = a->host.loop ? loop_now(a->host.loop) : a->now;
    if (now > a->now)
        a->now = now;
    return a->now;
}

static void at(Ami *a, int64_t now)
{
    if (now > a->now)
        a->now = now;
}

void ami_tell(Ami *a, DriverEvent ev)
{
    ev.at = a->now;
    a->told = true;
    a->driver.sink.event(a->driver.sink.self, &ev);
}

void ami_trouble(Ami *a, CallId call, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    int n = snprintf(a->trouble, sizeof a->trouble, "%s: ", a->cfg.name);
    if (n > 0 && (size_t)n < sizeof a->trouble)
        vsnprintf(a->trouble + n, sizeof a->trouble - (size_t)n, fmt, ap);
    va_end(ap);
    ami_tell(a, (DriverEvent){ .kind = DRIVER_TROUBLE, .call = call, .text = a->trouble });
}

static void plan(Ami *a, int what, int64_t in_ms)
{
    agenda_add(&a->agenda, a->now + in_ms, what, 0, a->link);
}

void ami_send(Ami *a)
{
    if (a->carrier.send)
        a->carrier.send(a->carrier.self);
}

/* ---- the connection -------------------------------------------------------------------------- */

static void retry(Ami *a)
{
    int64_t wait = 1000;
    for (int i = 0; i < a->tries && wait < RETRY_MOST_MS; i++)
        wait *= 2;
    if (wait > RETRY_MOST_MS)
        wait = RETRY_MOST_MS;
    a->tries++;
    plan(a, DUE_CONNECT, (int64_t)((double)wait * rng_between(&a->rng, 0.75, 1.25)));
}

/* What is known to have ended is told while there is somebody to tell. */
static void settle(Ami *a)
{
    for (int i = 0; i < a->nlegs; i++) {
        Leg *l = &a->legs[i];
        if (l->kind == LEG_CALL && l->gone)
            leg_close(a, l);
        else
            l->gen++;                     /* what was due is found out again */
    }
}

/* A link that broke is told of each time, a switch that cannot be reached once: it is tried again
 * for ever. */
static void down(Ami *a, const char *why)
{
    bool was_up = a->state == AMI_UP;
    if (was_up)
        settle(a);
    if (was_up || a->tries == TELL_AFTER)
        ami_trouble(a, 0, "%s", why);
    a->state = AMI_DOWN;
    a->link++;
    a->listing = a->unread = a->pinged = false;
    ami_reader_release(&a->reader);
    buf_reset(&a->out);
    a->out.full = false;
    if (was_up)
        ami_tell(a, (DriverEvent){ .kind = DRIVER_LINK_DOWN });
}

void ami_drop(Ami *a, const char *why)
{
    if (a->state == AMI_DOWN)
        return;
    down(a, why);
    a->carrier.disconnect(a->carrier.self);
    retry(a);
}

static void give_turn(Ami *a)
{
    DriverSink *sink = &a->driver.sink;
    bool told = a->told;
    a->told = false;
    if (told && sink->batch)
        sink->batch(sink->self);
}

void ami_lost(Driver *d, const char *why, int64_t now)
{
    Ami *a = (Ami *)d;
    at(a, now);
    if (a->state == AMI_DOWN)
        return;
    down(a, why);
    retry(a);
    give_turn(a);
}

static void connect_now(Ami *a)
{
    a->state = AMI_CONNECTING;
    plan(a, DUE_TIMEOUT, LOGIN_MS);
    a->carrier.connect(a->carrier.self);
}

void ami_connected(Driver *d, int64_t now)
{
    Ami *a = (Ami *)d;
    at(a, now);
    if (a->state == AMI_CONNECTING)
        a->state = AMI_GREETING;
}

/* ---- login ----------------------------------------------------------------------------------- */

/* A server that says this will say it again in a second. */
static void give_up(Ami *a, const char *what, Str words)
{
    ami_trouble(a, 0, "%s: %.*s", what, STR_ARG(words));
    a->tries = TELL_AFTER + 3;
    ami_drop(a, what);
}

static void greeted(Ami *a, const AmiMessage *m)
{
    Str line = m->n ? m->h[0].value : (Str){ 0 };
    if (!str_starts(line, "Asterisk Call Manager/")) {
        give_up(a, "what answers there is not an Asterisk manager",
                str_n(line.s, line.n < 60 ? line.n : 60));
        return;
    }
    AmiWriter w = ami_action(&a->out, "Challenge", "challenge");
    Error err = { 0 };
    ami_own(&w, "AuthType", "MD5");
    ami_done(&w, &err);
    a->state = AMI_CHALLENGE;
}

static void challenged(Ami *a, const AmiMessage *m)
{
    Error err = { 0 };
    if (!ami_is(m, "Response", "Success")) {
        give_up(a, "the manager gives no challenge to log in with", ami_get(m, "Message"));
        return;
    }
    AmiWriter w = ami_action(&a->out, "Login", "login");
    ami_put_login(&w, a->cfg.user, a->secret, ami_get(m, "Challenge"));
    ami_own(&w, "Events", "call,user");
    if (!ami_done(&w, &err))
        give_up(a, "the login", str(err.msg));
    else
        a->state = AMI_LOGIN;
}

static void logged_in(Ami *a, const AmiMessage *m)
{
    if (!ami_is(m, "Response", "Success")) {
        give_up(a, "the manager refuses the login", ami_get(m, "Message"));
        return;
    }
    a->state = AMI_UP;
    a->tries = a->unmade = 0;
    plan(a, DUE_PING, PING_MS);
    ami_tell(a, (DriverEvent){ .kind = DRIVER_LINK_UP });
}

static void message(Ami *a, const AmiMessage *m)
{
    if (m->dropped && !a->unread) {
        a->unread = true;
        ami_trouble(a, 0, "it sends messages beyond all measure; they are not read whole");
    }
    switch (a->state) {
    case AMI_GREETING:
        greeted(a, m);
        break;
    case AMI_CHALLENGE:
        if (ami_is(m, "ActionID", "challenge"))
            challenged(a, m);
        break;
    case AMI_LOGIN:
        if (ami_is(m, "ActionID", "login"))
            logged_in(a, m);
        break;
    case AMI_UP:
        ami_message(a, m);
        break;
    default:
        break;
    }
}

static void flush(Ami *a)
{
    if (a->out.n > 0)
        ami_send(a);
}

void ami_receive(Driver *d, const char *s, size_t n, int64_t now)
{
    Ami *a = (Ami *)d;
    AmiMessage m;
    at(a, now);
    uint32_t link = a->link;
    while (link == a->link && ami_read(&a->reader, &s, &n, &m))
        message(a, &m);
    flush(a);
    give_turn(a);
}

/* ---- time ------------------------------------------------------------------------------------ */

static void ping(Ami *a)
{
    Error err = { 0 };
    AmiWriter w = ami_action(&a->out, "Ping", "ping");
    ami_done(&w, &err);
    a->pinged = true;
    plan(a, DUE_PONG, PONG_MS);
}

static void due_link(Ami *a, int what)
{
    switch (what) {
    case DUE_CONNECT:
        if (a->state == AMI_DOWN)
            connect_now(a);
        break;
    case DUE_TIMEOUT:
        if (a->state != AMI_UP)
            ami_drop(a, "nobody can connect and log in within 10 s");
        break;
    case DUE_PING:
        ping(a);
        break;
    case DUE_PONG:
        if (a->pinged)
            ami_drop(a, "it does not answer any more");
        else
            plan(a, DUE_PING, PING_MS - PONG_MS);
        break;
    }
}

void ami_tick(Driver *d, int64_t now)
{
    Ami *a = (Ami *)d;
    Due due;
    while (agenda_take(&a->agenda, now, &due)) {
        at(a, due.at);
        if (due.kind == DUE_TELL) {
            bool agent = (int)due.gen >= DRIVER_AGENT_UP && (int)due.gen <= DRIVER_LISTEN_OVER;
            if (a->state == AMI_UP)
                ami_tell(a, (DriverEvent){ .kind = (DriverEventKind)due.gen,
                                       .call = agent ? 0 : due.id, .agent = agent ? due.id : 0 });
        } else if (due.kind == DUE_CLOSE || due.kind == DUE_PERSON) {
            if (a->legs[due.id].gen == due.gen)
                leg_waited(a, &a->legs[due.id], due.kind);
        } else if (due.gen == a->link) {
            due_link(a, due.kind);
        }
    }
    at(a, now);
    flush(a);
    give_turn(a);
}

int64_t ami_wake(const Driver *d)
{
    return agenda_next(&((const Ami *)d)->agenda);
}

Buf *ami_output(Driver *d)
{
    return &((Ami *)d)->out;
}

void ami_set_carrier(Driver *d, AmiCarrier carrier)
{
    ((Ami *)d)->carrier = carrier;
}

/* ---- life ------------------------------------------------------------------------------------ */

static bool has(const char *value, const char *name, const SwitchConfig *c, Error *err)
{
    if (*value)
        return true;
    fail(err, ERR_INVALID, "switch %s has no %s", c->name, name);
    return fail_hint(err, "switch set %s %s=...", c->name, name);
}

Driver *ami_open(const SwitchConfig *c, const char *secret, const DriverHost *host, int64_t now,
                 Error *err)
{
    if (!has(c->host, "host", c, err) || !has(c->user, "user", c, err)
        || !has(c->prefix, "prefix", c, err) || !has(c->dial, "dial", c, err))
        return NULL;
    Ami *a = xalloc(sizeof *a);
    a->driver = (Driver){ .ops = &ami_ops, .sink = host->sink };
    a->cfg = *c;
    a->host = *host;
    a->secret = xstrdup(secret);
    a->now = now;
    a->serial = (uint32_t)(now / 1000);
    rng_seed(&a->rng, host->seed ^ (uint64_t)now, STREAM_RETRY, str_hash(str(c->name)), 0);
    plan(a, DUE_CONNECT, 0);
    return &a->driver;
}

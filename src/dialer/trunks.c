/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/trunks.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/order.h"

#define FAILED_MOST 3                /* calls in a row that a trunk did not carry */
#define REST_MS 60000
#define LAG_MS 100                   /* a turn may be so late and no call is lost to the rate */

typedef struct Trunk {
    SwitchConfig cfg;
    int most;                 /* calls at once that this process may have of its limit */
    double part;              /* and of its rate */
    int calls;                /* up now */
    int64_t next_at;          /* the rate lets the next one go then; 0 at once */
    double used;              /* calls placed, divided by its share */
    int failed;               /* in a row */
    int64_t rests_until;      /* 0: it does not */
} Trunk;

/* A call and the trunk that it is on. */
typedef struct Carried { CallId call; int trunk; bool rang; uint32_t epoch; } Carried;

typedef struct Trunks {
    Driver driver;
    Driver *inner;
    DriverHost host;
    Trunk *all;
    int n;
    Carried *calls;
    int ncalls, size;
    IdMap index;              /* call -> place in calls */
    uint32_t epoch;           /* of the last reconcile asked for */
    int64_t now;
    bool starved;             /* room() was 0 for the rate alone */
    Timer *timer;             /* for then, in a loop */
} Trunks;

static int64_t now_of(Trunks *t)
{
    int64_t now = t->host.loop ? loop_now(t->host.loop) : t->now;
    if (now > t->now)
        t->now = now;
    return t->now;
}

/* ---- how much a trunk would take ------------------------------------------------------------- */

/* Its part is more than nothing. */
static int64_t gap_ms(const Trunk *k)
{
    return k->cfg.max_rate > 0 ? (int64_t)(1000 / (k->cfg.max_rate * k->part)) : 0;
}

static int by_rate(const Trunk *k, int64_t now)
{
    if (k->part <= 0)
        return 0;
    int64_t gap = gap_ms(k), from = k->next_at > now - LAG_MS ? k->next_at : now - LAG_MS;
    if (gap <= 0)
        return INT_MAX;
    return from > now ? 0 : (int)((now - from) / gap) + 1;
}

static int by_calls(const Trunk *k)
{
    int most = k->cfg.max_calls > 0 && k->cfg.max_calls < k->most ? k->cfg.max_calls : k->most;
    return most > k->calls ? most - k->calls : 0;
}

static bool all_rest(const Trunks *t)
{
    for (int i = 0; i < t->n; i++)
        if (t->all[i].rests_until <= t->now)
            return false;
    return true;
}

/* Trunks that stand by count only while no other one is well. */
static bool any_well(const Trunks *t)
{
    for (int i = 0; i < t->n; i++)
        if (t->all[i].cfg.share > 0 && t->all[i].rests_until <= t->now)
            return true;
    return false;
}

static bool serves(const Trunks *t, const Trunk *k)
{
    if (all_rest(t))
        return true;
    return k->rests_until <= t->now && (k->cfg.share > 0 || !any_well(t));
}

/* ---- waking up when the rate allows more ----------------------------------------------------- */

static int64_t more_at(const Trunks *t)
{
    int64_t at = NEVER;
    for (int i = 0; i < t->n; i++) {
        const Trunk *k = &t->all[i];
        if (serves(t, k) && by_calls(k) > 0 && k->part > 0 && k->next_at > t->now
            && k->next_at < at)
            at = k->next_at;
    }
    return at;
}

static void grown(void *ctx, int64_t now)
{
    Trunks *t = ctx;
    t->timer = NULL;
    t->starved = false;
    if (now > t->now)
        t->now = now;
    if (t->driver.sink.batch)
        t->driver.sink.batch(t->driver.sink.self);
}

static int room(Driver *d)
{
    Trunks *t = (Trunks *)d;
    int64_t now = now_of(t), sum = 0;
    for (int i = 0; i < t->n; i++) {
        const Trunk *k = &t->all[i];
        int rate = by_rate(k, now), calls = by_calls(k);
        if (serves(t, k))
            sum += rate < calls ? rate : calls;
    }
    int inner = driver_room(t->inner);
    t->starved = more_at(t) != NEVER;
    if (t->starved && t->host.loop && !t->timer)
        t->timer = loop_timer(t->host.loop, more_at(t), grown, t);
    return sum < inner ? (int)sum : inner;
}

/* ---- events ---------------------------------------------------------------------------------- */

static void let_go(Trunks *t, int i)
{
    t->all[t->calls[i].trunk].calls--;
    idmap_remove(&t->index, (uint64_t)t->calls[i].call);
    t->calls[i] = t->calls[--t->ncalls];
    if (i < t->ncalls)
        idmap_put(&t->index, (uint64_t)t->calls[i].call, i);
}

static void tell(Trunks *t, const DriverEvent *ev)
{
    t->driver.sink.event(t->driver.sink.self, ev);
}

/* A trunk on which nothing is carried is left alone for a while. */
static void judge(Trunks *t, const Carried *c, const DriverEvent *ev)
{
    Trunk *k = &t->all[c->trunk];
    bool carried = c->rang || ev->kind != DRIVER_FAILED;
    k->failed = carried ? 0 : k->failed + 1;
    if (carried)
        k->rests_until = 0;
    if (k->failed < FAILED_MOST || t->n == 1)
        return;
    char text[200];
    k->failed = 0;
    k->rests_until = t->now + REST_MS;
    snprintf(text, sizeof text, "trunk %s carries no calls; it rests for a minute", k->cfg.name);
    tell(t, &(DriverEvent){ .at = ev->at, .kind = DRIVER_TROUBLE, .text = text });
}

/* Those that the switch did not mention have ended unheard. */
static void forget_unmentioned(Trunks *t)
{
    for (int i = t->ncalls - 1; i >= 0; i--)
        if (t->calls[i].epoch != t->epoch)
            let_go(t, i);
}

static void on_event(void *self, const DriverEvent *ev)
{
    Trunks *t = self;
    DriverEvent e = *ev;
    int i = ev->call > 0 ? idmap_get(&t->index, (uint64_t)ev->call) : -1;
    if (ev->at > t->now)
        t->now = ev->at;
    if (ev->kind == DRIVER_RECONCILED)
        forget_unmentioned(t);
    if (ev->kind == DRIVER_TROUBLE && t->n > 1)
        e.call = 0;                       /* what one trunk cannot do, another may */
    if (i >= 0) {
        Carried *c = &t->calls[i];
        c->epoch = t->epoch;
        c->rang = c->rang || ev->kind == DRIVER_RINGING || ev->kind == DRIVER_ANSWERED;
        if (driver_ends_call(ev->kind)) {
            judge(t, c, ev);
            let_go(t, i);
        }
    }
    tell(t, &e);
}

static void on_batch(void *self)
{
    Trunks *t = self;
    if (t->driver.sink.batch)
        t->driver.sink.batch(t->driver.sink.self);
}

/* ---- orders ---------------------------------------------------------------------------------- */

static Trunk *choose(Trunks *t)
{
    Trunk *best = NULL;
    for (int i = 0; i < t->n; i++) {
        Trunk *k = &t->all[i];
        if (serves(t, k) && by_calls(k) > 0 && by_rate(k, t->now) > 0
            && (!best || k->used < best->used))
            best = k;
    }
    return best;
}

static void book(Trunks *t, Trunk *k, CallId call)
{
    int64_t gap = gap_ms(k), from = k->next_at > t->now - LAG_MS ? k->next_at : t->now - LAG_MS;
    if (t->ncalls == t->size) {
        t->size = t->size ? 2 * t->size : 64;
        t->calls = xresize(t->calls, sizeof *t->calls * (size_t)t->size);
    }
    k->calls++;
    k->used += 1.0 / (k->cfg.share > 0 ? k->cfg.share : 1);
    k->next_at = gap ? from + gap : 0;
    t->calls[t->ncalls] = (Carried){ call, (int)(k - t->all), false, t->epoch };
    idmap_put(&t->index, (uint64_t)call, t->ncalls++);
}

static bool place(Driver *d, const DriverOrder *order, Error *err)
{
    Trunks *t = (Trunks *)d;
    DriverOrder o = *order;
    now_of(t);
    Trunk *k = choose(t);
    if (!k)
        return fail(err, ERR_REFUSED, "all trunks carry as many calls as they may");
    o.dial = k->cfg.dial;
    o.caller = k->cfg.caller;
    if (!t->inner->ops->place(t->inner, &o, err))
        return false;
    book(t, k, o.call);
    return true;
}

static bool bridge(Driver *d, CallId call, AgentId agent, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->bridge(in, call, agent, err);
}

static bool hangup(Driver *d, CallId call, HangupWhy why, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->hangup(in, call, why, err);
}

static bool play(Driver *d, CallId call, const char *sound, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->play(in, call, sound, err);
}

static bool record(Driver *d, CallId call, bool on, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->record(in, call, on, err);
}

static bool take(Driver *d, const DriverOrder *order, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->take(in, order, err);
}

static bool agent_call(Driver *d, AgentId agent, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->agent_call(in, agent, err);
}

static bool agent_drop(Driver *d, AgentId agent, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->agent_drop(in, agent, err);
}

static bool supervise(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err)
{
    Driver *in = ((Trunks *)d)->inner;
    return in->ops->supervise(in, supervisor, agent, how, err);
}

static bool reconcile(Driver *d, Error *err)
{
    Trunks *t = (Trunks *)d;
    if (!t->inner->ops->reconcile(t->inner, err))
        return false;
    t->epoch++;
    return true;
}

/* ---- time and life --------------------------------------------------------------------------- */

static int64_t next(const Driver *d)
{
    const Trunks *t = (const Trunks *)d;
    int64_t inner = driver_next(t->inner), more = t->starved ? more_at(t) : NEVER;
    return inner < more ? inner : more;
}

static void advance(Driver *d, int64_t now)
{
    Trunks *t = (Trunks *)d;
    driver_advance(t->inner, now);
    if (now > t->now)
        t->now = now;
}

static int limit(Driver *d, const char *name, int most, double part)
{
    Trunks *t = (Trunks *)d;
    for (int i = 0; i < t->n; i++) {
        Trunk *k = &t->all[i];
        if (strcmp(k->cfg.name, name) != 0)
            continue;
        if (most >= 0) {
            k->most = k->cfg.max_calls > 0 ? most : INT_MAX;
            k->part = part;
        }
        return k->calls;
    }
    return -1;
}

static void tell_parts(const Driver *d, Buf *out)
{
    const Trunks *t = (const Trunks *)d;
    for (int i = 0; i < t->n; i++) {
        buf_printf(out, "%s%s ", i ? ", " : "", t->all[i].cfg.name);
        if (t->all[i].rests_until > t->now)
            buf_cstr(out, "rests");
        else
            buf_printf(out, "%d calls", t->all[i].calls);
    }
}

static void trunks_close(Driver *d)
{
    Trunks *t = (Trunks *)d;
    if (t->timer)
        loop_cancel(t->host.loop, t->timer);
    if (t->inner)
        t->inner->ops->close(t->inner);
    idmap_release(&t->index);
    free(t->calls);
    free(t->all);
    free(t);
}

/* In a loop and on a turned clock. */
static const DriverOps ops[2] = {
    { "trunks", place, bridge, hangup, play, record, take, agent_call, agent_drop, supervise,
      reconcile, room, NULL, NULL, trunks_close, limit, tell_parts },
    { "trunks", place, bridge, hangup, play, record, take, agent_call, agent_drop, supervise,
      reconcile, room, next, advance, trunks_close, limit, tell_parts },
};

Driver *trunks_open(const SwitchConfig *c, int n, const DriverHost *host, Error *err)
{
    Trunks *t = xalloc(sizeof *t);
    t->host = *host;
    t->n = n;
    t->all = xalloc(sizeof *t->all * (size_t)n);
    for (int i = 0; i < n; i++)
        t->all[i] = (Trunk){ .cfg = c[i], .most = INT_MAX, .part = 1 };
    DriverHost inside = *host;
    inside.sink = (DriverSink){ t, on_event, on_batch };
    t->inner = driver_open(c, &inside, err);
    if (!t->inner) {
        trunks_close(&t->driver);
        return NULL;
    }
    t->driver = (Driver){ .ops = &ops[t->inner->ops->next != NULL], .sink = host->sink };
    t->now = host->now;
    return &t->driver;
}

Driver *trunks_inner(Driver *d)
{
    return ((Trunks *)d)->inner;
}

int trunks_calls(const Driver *d, int i)
{
    return ((const Trunks *)d)->all[i].calls;
}

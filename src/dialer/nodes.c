/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/nodes.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>

#include "dialer/nodes_inside.h"

#define MOVE_MS 10000                /* a machine may be away so long before its agents are called
                                        from another */

int64_t nodes_now(Nodes *t)
{
    int64_t now = t->host.loop ? loop_now(t->host.loop) : t->now;
    if (now > t->now)
        t->now = now;
    return t->now;
}

static bool reachable(Nodes *t, Error *err)
{
    nodes_now(t);
    return t->linked || fail(err, ERR_UNREACHABLE, "no switch is connected");
}

/* ---- which machine --------------------------------------------------------------------------- */

static bool well(const Nodes *t, int i)
{
    return t->node[i].up && t->node[i].rests_until <= t->now;
}

/* One that stands by is used while no other one is well. */
static bool is_used(const Nodes *t, int i)
{
    if (!well(t, i) || t->node[i].share > 0)
        return well(t, i);
    for (int j = 0; j < t->n; j++)
        if (well(t, j) && t->node[j].share > 0)
            return false;
    return true;
}

/* And for whoever was called from it then. */
static bool serves(const Nodes *t, int i)
{
    return is_used(t, i) || (well(t, i) && t->node[i].phones > 0);
}

/* Away for a moment only, as all are at first: its part of the phones waits for it. */
static bool comes_soon(const Nodes *t, int i)
{
    const Node *k = &t->node[i];
    return !k->up && k->share > 0 && t->now < k->lost_at + MOVE_MS;
}

static bool has_name(const Node *k, const char *name)
{
    for (int i = 0; i < k->n; i++)
        if (strcmp(k->names[i], name) == 0)
            return true;
    return false;
}

/* For an agent's phone: the one furthest behind its share, or where it is at home; -1 none now. */
static int choose_for_phone(const Nodes *t, AgentId agent)
{
    char home[DRIVER_PHONE];
    bool fixed = t->host.home && t->host.home(t->host.self, agent, home);
    double least = 0;
    int best = -1;
    for (int i = 0; i < t->n; i++) {
        const Node *k = &t->node[i];
        double full = (double)(k->phones + 1) / (k->share > 0 ? k->share : 1);
        bool may = fixed ? has_name(k, home) : is_used(t, i) || comes_soon(t, i);
        if (!may || (best >= 0 && full >= least))
            continue;
        best = i;
        least = full;
    }
    return best >= 0 && well(t, best) ? best : -1;
}

static bool any_phones(const Nodes *t)
{
    for (int i = 0; i < t->n; i++)
        if (t->node[i].phones > 0 && serves(t, i))
            return true;
    return false;
}

/* Calls go where agents are about to be free; without agents, by the shares. */
static int choose_for_call(const Nodes *t)
{
    bool phones = any_phones(t);
    double least = 0;
    int best = -1;
    for (int i = 0; i < t->n; i++) {
        const Node *k = &t->node[i];
        if (!serves(t, i) || (phones && !k->phones) || driver_room(k->driver) <= 0)
            continue;
        double load = phones ? (double)(k->calls + 1 - k->phones) / k->phones
                             : (double)(k->used + 1) / (k->share > 0 ? k->share : 1);
        if (best >= 0 && load >= least)
            continue;
        best = i;
        least = load;
    }
    return best;
}

static int room(Driver *d)
{
    Nodes *t = (Nodes *)d;
    nodes_now(t);
    bool phones = any_phones(t);
    int64_t sum = 0;
    for (int i = 0; i < t->n; i++)
        if (serves(t, i) && (t->node[i].phones > 0 || !phones))
            sum += driver_room(t->node[i].driver);
    return sum < INT_MAX ? (int)sum : INT_MAX;
}

/* ---- agents' phones -------------------------------------------------------------------------- */

/* Idle agents of a machine that is gone for a moment only are not rung again. */
static bool waits(const Nodes *t, const NodePhone *p)
{
    return p->node >= 0 && !t->node[p->node].linked
           && t->now < t->node[p->node].lost_at + MOVE_MS;
}

/* Called from another machine than the one that has it and that still takes orders. */
static void drop_old(Nodes *t, NodePhone *p)
{
    Error ignored = { 0 };
    int old = p->node;
    phone_move(t, p, -1);
    if (old >= 0 && t->node[old].linked)
        t->node[old].driver->ops->agent_drop(t->node[old].driver, p->agent, &ignored);
}

/* True also when he has to wait for a machine; he is `wanted` then. */
static bool call_phone(Nodes *t, NodePhone *p, Error *err)
{
    p->wanted = true;
    int i = waits(t, p) ? -1 : choose_for_phone(t, p->agent);
    if (i < 0)
        return true;
    if (p->node >= 0 && p->node != i)
        drop_old(t, p);
    if (p->node != i)
        phone_move(t, p, i);
    p->wanted = false;
    if (t->node[i].driver->ops->agent_call(t->node[i].driver, p->agent, err))
        return true;
    phone_move(t, p, -1);
    return false;
}

static bool agent_call(Driver *d, AgentId agent, Error *err)
{
    Nodes *t = (Nodes *)d;
    if (!reachable(t, err))
        return false;
    NodePhone *p = nodes_add_phone(t, agent);
    if (p->node >= 0 && well(t, p->node))     /* says that it is up, or rings on */
        return t->node[p->node].driver->ops->agent_call(t->node[p->node].driver, agent, err);
    return call_phone(t, p, err);
}

static bool agent_drop(Driver *d, AgentId agent, Error *err)
{
    Nodes *t = (Nodes *)d;
    if (!reachable(t, err))
        return false;
    NodePhone *p = nodes_phone(t, agent);
    if (!p)
        return true;
    p->wanted = false;
    return p->node < 0
           || t->node[p->node].driver->ops->agent_drop(t->node[p->node].driver, agent, err);
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* An agent who dials himself is on a machine already. */
static int node_of_order(Nodes *t, const DriverOrder *o, Error *err)
{
    NodePhone *p = o->agent ? nodes_phone(t, o->agent) : NULL;
    int i = p && p->up ? p->node : o->agent && any_phones(t) ? -1 : choose_for_call(t);
    if (i < 0 || !well(t, i)) {
        fail(err, ERR_REFUSED, o->agent ? "the machine of agent %" PRId64 "'s phone is away"
                                        : "all machines carry as many calls as they may", o->agent);
        return -1;
    }
    return i;
}

static bool place(Driver *d, const DriverOrder *order, Error *err)
{
    Nodes *t = (Nodes *)d;
    if (!reachable(t, err))
        return false;
    if (nodes_call(t, order->call))
        return fail(err, ERR_CONFLICT, "call %" PRId64 " is up already", order->call);
    int i = node_of_order(t, order, err);
    if (i < 0 || !t->node[i].driver->ops->place(t->node[i].driver, order, err))
        return false;
    nodes_book(t, order->call, i);
    t->node[i].used++;
    return true;
}

static bool bridge(Driver *d, CallId call, AgentId agent, Error *err)
{
    Nodes *t = (Nodes *)d;
    const NodeCall *c = nodes_call(t, call);
    if (!reachable(t, err))
        return false;
    if (!c)
        return true;                      /* he has just left: the end is told */
    return t->node[c->node].driver->ops->bridge(t->node[c->node].driver, call, agent, err);
}

/* One that this driver never saw may be on any. */
static bool hangup(Driver *d, CallId call, HangupWhy why, Error *err)
{
    Nodes *t = (Nodes *)d;
    const NodeCall *c = nodes_call(t, call);
    bool taken = false;
    if (!reachable(t, err))
        return false;
    for (int i = 0; i < t->n; i++) {
        Driver *in = t->node[i].driver;
        if (!c || c->node == i)
            taken = in->ops->hangup(in, call, why, err) || taken;
    }
    return taken;
}

static bool play(Driver *d, CallId call, const char *sound, Error *err)
{
    Nodes *t = (Nodes *)d;
    const NodeCall *c = nodes_call(t, call);
    if (!reachable(t, err))
        return false;
    return !c || t->node[c->node].driver->ops->play(t->node[c->node].driver, call, sound, err);
}

static bool record(Driver *d, CallId call, bool on, Error *err)
{
    Nodes *t = (Nodes *)d;
    const NodeCall *c = nodes_call(t, call);
    if (!reachable(t, err))
        return false;
    return !c || t->node[c->node].driver->ops->record(t->node[c->node].driver, call, on, err);
}

static bool take(Driver *d, const DriverOrder *order, Error *err)
{
    Nodes *t = (Nodes *)d;
    DriverOrder o = *order;
    if (!reachable(t, err))
        return false;
    int i = (int)(-o.incoming % NODES_MOST);
    o.incoming = -(-o.incoming / NODES_MOST);
    if (order->incoming >= 0 || i >= t->n)
        return fail(err, ERR_NOT_FOUND, "no such call came in");
    if (nodes_call(t, o.call))
        return fail(err, ERR_CONFLICT, "call %" PRId64 " is up already", o.call);
    if (!t->node[i].driver->ops->take(t->node[i].driver, &o, err))
        return false;
    nodes_book(t, o.call, i);
    return true;
}

static bool supervise(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err)
{
    Nodes *t = (Nodes *)d;
    if (!reachable(t, err))
        return false;
    const NodePhone *p = nodes_phone(t, agent);
    int i = p && p->node >= 0 ? p->node : 0;
    while (!t->node[i].up && i + 1 < t->n)        /* any one says that there is no such phone */
        i++;
    Driver *in = t->node[i].driver;
    return in->ops->supervise(in, supervisor, agent, how, err);
}

static void arm(Nodes *t);

static bool reconcile(Driver *d, Error *err)
{
    Nodes *t = (Nodes *)d;
    if (!reachable(t, err))
        return false;
    t->retell = true;
    for (int i = 0; i < t->n; i++)
        t->node[i].ask |= t->node[i].linked;
    arm(t);
    return true;
}

/* ---- what is due ----------------------------------------------------------------------------- */

static int64_t due_at(const Nodes *t)
{
    int64_t at = t->ndrops ? t->now : NEVER;
    bool wanted = false;
    for (int i = 0; i < t->nphones; i++)
        wanted |= t->phones[i].wanted;
    for (int i = 0; i < t->n; i++) {
        const Node *k = &t->node[i];
        int64_t given_up = k->lost_at + MOVE_MS;
        if (k->ask)
            return t->now;
        if (k->up && k->rests_until && k->rests_until < at)
            at = k->rests_until;
        if (wanted && !k->up && given_up > t->now && given_up < at)
            at = given_up;
    }
    return at > t->now ? at : t->now;
}

static void ask(Nodes *t)
{
    Error ignored = { 0 };
    for (int i = 0; i < t->n; i++) {
        Node *k = &t->node[i];
        if (!k->ask)
            continue;
        k->ask = false;
        k->epoch++;
        k->asked = k->driver->ops->reconcile(k->driver, &ignored);
    }
}

static void call_wanted(Nodes *t)
{
    for (int i = 0; i < t->nphones; i++) {
        NodePhone *p = &t->phones[i];
        Error err = { 0 };
        if (!p->wanted || call_phone(t, p, &err))
            continue;
        AgentId agent = p->agent;
        nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_TROUBLE, .text = err.msg });
        nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_AGENT_DOWN, .agent = agent });
    }
}

void nodes_settle(Nodes *t)
{
    Error ignored = { 0 };
    nodes_now(t);
    ask(t);
    for (int i = 0; i < t->n; i++)
        if (t->node[i].up && t->node[i].rests_until && t->node[i].rests_until <= t->now)
            node_returns(t, i);
    while (t->ndrops > 0) {
        Drop o = t->drops[--t->ndrops];
        t->node[o.node].driver->ops->agent_drop(t->node[o.node].driver, o.agent, &ignored);
    }
    call_wanted(t);
    bool all_said = t->linked;
    for (int i = 0; i < t->n; i++)
        all_said = all_said && !t->node[i].ask && !t->node[i].asked;
    if (t->retell && all_said)
        nodes_retell(t);
    arm(t);
}

static void fire(void *ctx, int64_t now)
{
    Nodes *t = ctx;
    (void)now;
    t->timer = NULL;
    nodes_settle(t);
    if (t->driver.sink.batch)
        t->driver.sink.batch(t->driver.sink.self);
}

static void arm(Nodes *t)
{
    if (!t->host.loop)
        return;
    int64_t at = due_at(t);
    if (t->timer)
        loop_cancel(t->host.loop, t->timer);
    t->timer = at == NEVER ? NULL : loop_timer(t->host.loop, at, fire, t);
}

/* ---- time and life --------------------------------------------------------------------------- */

static int64_t next(const Driver *d)
{
    const Nodes *t = (const Nodes *)d;
    int64_t at = due_at(t);
    for (int i = 0; i < t->n; i++) {
        int64_t inner = driver_next(t->node[i].driver);
        at = inner < at ? inner : at;
    }
    return at;
}

/* One after the other in the order of time. */
static void advance(Driver *d, int64_t now)
{
    Nodes *t = (Nodes *)d;
    int64_t at;
    do {
        at = next(d);
        at = at < now ? at : now;
        at = at > t->now ? at : t->now;
        t->now = at;
        for (int i = 0; i < t->n; i++)
            driver_advance(t->node[i].driver, at);
        nodes_settle(t);
    } while (at < now);
}

static int limit(Driver *d, const char *name, int most, double part)
{
    Nodes *t = (Nodes *)d;
    int calls = -1;
    for (int i = 0; calls < 0 && i < t->n; i++)
        calls = driver_limit(t->node[i].driver, name, most, part);
    return calls;
}

static void tell(const Driver *d, Buf *out)
{
    const Nodes *t = (const Nodes *)d;
    for (int i = 0; i < t->n; i++) {
        const Node *k = &t->node[i];
        buf_printf(out, "%s%s ", i ? ", " : "", k->first.name);
        if (!k->up)
            buf_cstr(out, "out of reach");
        else if (k->rests_until > t->now)
            buf_cstr(out, "rests");
        else
            buf_printf(out, "%d calls %d phones", k->calls, k->phones);
    }
}

static void nodes_close(Driver *d)
{
    Nodes *t = (Nodes *)d;
    if (t->timer)
        loop_cancel(t->host.loop, t->timer);
    for (int i = 0; i < t->n; i++) {
        if (t->node[i].driver)
            t->node[i].driver->ops->close(t->node[i].driver);
        free(t->node[i].names);
    }
    idmap_release(&t->by_call);
    idmap_release(&t->by_agent);
    free(t->calls);
    free(t->phones);
    free(t->drops);
    free(t);
}

/* In a loop and on a turned clock. */
static const DriverOps ops[2] = {
    { "nodes", place, bridge, hangup, play, record, take, agent_call, agent_drop, supervise,
      reconcile, room, NULL, NULL, nodes_close, limit, tell },
    { "nodes", place, bridge, hangup, play, record, take, agent_call, agent_drop, supervise,
      reconcile, room, next, advance, nodes_close, limit, tell },
};

static bool open_node(Nodes *t, Node *k, const NodeConfig *c, Error *err)
{
    DriverHost inside = t->host;
    inside.sink = (DriverSink){ k, node_event, node_batch };
    inside.seed += (uint64_t)(k - t->node);
    k->all = t;
    k->lost_at = nodes_now(t);
    k->first = *c->first;
    k->n = c->n;
    k->names = xalloc(sizeof *k->names * (size_t)c->n);
    for (int i = 0; i < c->n; i++) {
        k->names[i] = c->first[i].name;
        k->share += c->first[i].share;
    }
    k->driver = drivers_open(c->first, c->n, &inside, err);
    return k->driver != NULL;
}

Driver *nodes_open(const NodeConfig *c, int n, const DriverHost *host, Error *err)
{
    Nodes *t = xalloc(sizeof *t);
    t->host = *host;
    t->now = host->now;
    bool ok = true;
    for (int i = 0; ok && i < n; i++) {
        t->n = i + 1;
        ok = open_node(t, &t->node[i], &c[i], err);
    }
    if (!ok) {
        nodes_close(&t->driver);
        return NULL;
    }
    t->driver = (Driver){ .ops = &ops[t->node[0].driver->ops->next != NULL], .sink = host->sink };
    return &t->driver;
}

Driver *nodes_inner(Driver *d, int i)
{
    return ((Nodes *)d)->node[i].driver;
}

int nodes_calls(const Driver *d, int i)
{
    return ((const Nodes *)d)->node[i].calls;
}

int nodes_phones(const Driver *d, int i)
{
    return ((const Nodes *)d)->node[i].phones;
}

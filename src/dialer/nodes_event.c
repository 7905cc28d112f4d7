/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "dialer/nodes_inside.h"

#define FAILED_MOST 3                /* calls in a row for each trunk that came to nothing */
#define REST_MS 60000

void nodes_tell(Nodes *t, DriverEvent ev)
{
    t->driver.sink.event(t->driver.sink.self, &ev);
}

/* ---- calls and phones ------------------------------------------------------------------------ */

NodeCall *nodes_call(Nodes *t, CallId call)
{
    int i = call > 0 ? idmap_get(&t->by_call, (uint64_t)call) : -1;
    return i >= 0 ? &t->calls[i] : NULL;
}

NodeCall *nodes_book(Nodes *t, CallId call, int node)
{
    if (t->ncalls == t->calls_size) {
        t->calls_size = t->calls_size ? 2 * t->calls_size : 64;
        t->calls = xresize(t->calls, sizeof *t->calls * (size_t)t->calls_size);
    }
    t->node[node].calls++;
    t->calls[t->ncalls] = (NodeCall){ .call = call, .node = node, .last = DRIVER_RINGING,
                                      .epoch = t->node[node].epoch };
    idmap_put(&t->by_call, (uint64_t)call, t->ncalls);
    return &t->calls[t->ncalls++];
}

NodePhone *nodes_phone(Nodes *t, AgentId agent)
{
    int i = idmap_get(&t->by_agent, (uint64_t)agent);
    return i >= 0 ? &t->phones[i] : NULL;
}

NodePhone *nodes_add_phone(Nodes *t, AgentId agent)
{
    NodePhone *p = nodes_phone(t, agent);
    if (p)
        return p;
    if (t->nphones == t->phones_size) {
        t->phones_size = t->phones_size ? 2 * t->phones_size : 16;
        t->phones = xresize(t->phones, sizeof *t->phones * (size_t)t->phones_size);
    }
    t->phones[t->nphones] = (NodePhone){ .agent = agent, .node = -1 };
    idmap_put(&t->by_agent, (uint64_t)agent, t->nphones);
    return &t->phones[t->nphones++];
}

void phone_move(Nodes *t, NodePhone *p, int node)
{
    if (p->node >= 0)
        t->node[p->node].phones--;
    if (node >= 0)
        t->node[node].phones++;
    p->node = node;
    p->up = false;
}

static void let_go(Nodes *t, NodeCall *c)
{
    int i = (int)(c - t->calls);
    t->node[c->node].calls--;
    idmap_remove(&t->by_call, (uint64_t)c->call);
    *c = t->calls[--t->ncalls];
    if (i < t->ncalls)
        idmap_put(&t->by_call, (uint64_t)c->call, i);
}

/* ---- machines that come and go --------------------------------------------------------------- */

static bool any_but(const Nodes *t, int i)
{
    for (int k = 0; k < t->n; k++)
        if (k != i && t->node[k].up && t->node[k].rests_until <= t->now)
            return true;
    return false;
}

void node_leaves(Nodes *t, int i)
{
    Node *k = &t->node[i];
    if (!k->away)
        nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_NODE_DOWN, .node = i });
    k->away = true;
}

void node_returns(Nodes *t, int i)
{
    Node *k = &t->node[i];
    k->rests_until = 0;
    k->failed = 0;
    if (k->away)
        nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_NODE_UP, .node = i });
    k->away = false;
}

static void tell_trouble(Nodes *t, const char *text)
{
    nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_TROUBLE, .text = text });
}

/* While another can do its work. */
static bool rest(Nodes *t, int i)
{
    if (!any_but(t, i))
        return false;
    t->node[i].failed = 0;
    t->node[i].rests_until = t->now + REST_MS;
    node_leaves(t, i);
    return true;
}

static void lost(Nodes *t, int i)
{
    Node *k = &t->node[i];
    bool was_linked = k->linked, others = false;
    char text[200];
    k->linked = k->up = k->ask = k->asked = false;
    if (!was_linked)
        return;
    k->lost_at = t->now;
    for (int j = 0; j < t->nphones; j++)  /* that it is answered will not be heard */
        if (t->phones[j].node == i && !t->phones[j].up)
            t->phones[j].wanted = true;
    node_leaves(t, i);
    for (int j = 0; j < t->n; j++)
        others |= t->node[j].linked;
    for (int j = 0; j < t->n && !any_but(t, i); j++)
        if (t->node[j].up)                /* one that only rests is better than none */
            node_returns(t, j);
    if (others) {
        snprintf(text, sizeof text, "switch %s is out of reach; the others go on", k->first.name);
        tell_trouble(t, text);
        return;
    }
    t->linked = false;
    nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_LINK_DOWN });
}

/* Calls and phones that it did not mention are gone; the receiver who asked draws that conclusion
 * himself. */
static void forget_unmentioned(Nodes *t, int i)
{
    uint32_t epoch = t->node[i].epoch;
    for (int j = t->ncalls - 1; j >= 0; j--) {
        CallId call = t->calls[j].call;
        if (t->calls[j].node != i || t->calls[j].epoch == epoch)
            continue;
        let_go(t, &t->calls[j]);
        if (!t->retell)
            nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_FAILED, .call = call,
                                         .node = i, .by = BY_NETWORK });
    }
    for (int j = 0; j < t->nphones; j++) {
        NodePhone *p = &t->phones[j];
        bool up = p->up;
        if (p->node != i || p->epoch == epoch)
            continue;
        phone_move(t, p, -1);
        if (up && !p->wanted && !t->retell)
            nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_AGENT_DOWN, .node = i,
                                         .agent = p->agent });
    }
}

static void known(Nodes *t, int i)
{
    Node *k = &t->node[i];
    if (!k->asked)
        return;
    k->asked = false;
    k->up = true;
    forget_unmentioned(t, i);
    node_returns(t, i);
}

/* The first to come is asked by the receiver, as the others who are there by then. */
static void found(Nodes *t, int i)
{
    t->node[i].linked = true;
    if (t->linked) {
        t->node[i].ask = true;
        return;
    }
    t->linked = true;
    nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_LINK_UP });
}

/* ---- what they say --------------------------------------------------------------------------- */

/* A driver's own names of calls in are below 0; one of several gives them its number. */
static CallId outer(CallId call, int node)
{
    return call < 0 ? call * NODES_MOST - node : call;
}

static void judge(Nodes *t, int i, const NodeCall *c, DriverEventKind end)
{
    Node *k = &t->node[i];
    char text[200];
    k->failed = c->rang || end != DRIVER_FAILED ? 0 : k->failed + 1;
    if (k->failed < FAILED_MOST * k->n || !rest(t, i))
        return;
    snprintf(text, sizeof text, "switch %s carries no calls; it rests for a minute",
             k->first.name);
    tell_trouble(t, text);
}

static bool says_more(DriverEventKind than, DriverEventKind kind)
{
    return kind < DRIVER_BUSY ? kind > than : kind == DRIVER_BRIDGED;
}

static void call_event(Nodes *t, int i, DriverEvent ev)
{
    NodeCall *c = nodes_call(t, ev.call);
    bool over = driver_ends_call(ev.kind);
    if (!c && ev.call > 0 && !over)
        c = nodes_book(t, ev.call, i);
    ev.call = outer(ev.call, i);
    if (c) {
        c->epoch = t->node[i].epoch;
        c->rang |= ev.kind == DRIVER_RINGING || ev.kind == DRIVER_ANSWERED;
        if (says_more(c->last, ev.kind))
            c->last = ev.kind;
    }
    nodes_tell(t, ev);
    if (c && over) {
        judge(t, i, c, ev.kind);
        let_go(t, c);
    }
}

static void phone_up(Nodes *t, int i, DriverEvent ev)
{
    NodePhone *p = nodes_add_phone(t, ev.agent);
    if (p->node >= 0 && p->node != i && t->node[p->node].linked) {    /* he is elsewhere by now */
        t->drops = xresize(t->drops, sizeof *t->drops * (size_t)(t->ndrops + 1));
        t->drops[t->ndrops++] = (Drop){ ev.agent, i };
        return;
    }
    phone_move(t, p, i);
    p->up = true;
    p->wanted = false;
    p->epoch = t->node[i].epoch;
    nodes_tell(t, ev);
}

static void phone_down(Nodes *t, int i, DriverEvent ev)
{
    NodePhone *p = nodes_phone(t, ev.agent);
    if (!p || p->node != i)
        return;
    phone_move(t, p, -1);
    if (!p->wanted)
        nodes_tell(t, ev);
}

void node_event(void *self, const DriverEvent *event)
{
    Node *k = self;
    Nodes *t = k->all;
    DriverEvent ev = *event;
    int i = ev.node = (int)(k - t->node);
    if (ev.at > t->now)
        t->now = ev.at;
    switch (ev.kind) {
    case DRIVER_LINK_UP:
        found(t, i);
        break;
    case DRIVER_LINK_DOWN:
        lost(t, i);
        break;
    case DRIVER_RECONCILED:
        known(t, i);
        break;
    case DRIVER_AGENT_UP:
        phone_up(t, i, ev);
        break;
    case DRIVER_AGENT_DOWN:
        phone_down(t, i, ev);
        break;
    case DRIVER_TROUBLE:              /* what one cannot do, another may */
        if (ev.call > 0 && rest(t, i))
            ev.call = 0;
        nodes_tell(t, ev);
        break;
    case DRIVER_LISTENING:
    case DRIVER_LISTEN_OVER:
        nodes_tell(t, ev);
        break;
    default:
        call_event(t, i, ev);
        break;
    }
}

void node_batch(void *self)
{
    Nodes *t = ((Node *)self)->all;
    nodes_settle(t);
    if (t->driver.sink.batch)
        t->driver.sink.batch(t->driver.sink.self);
}

/* The end of a reconcile. Of machines that cannot be asked it is said that all is as it was: what
 * became of it they will say when they are back. */
void nodes_retell(Nodes *t)
{
    t->retell = false;
    for (int i = 0; i < t->ncalls; i++) {
        const NodeCall *c = &t->calls[i];
        DriverEvent ev = { .at = t->now, .kind = c->last, .call = c->call, .node = c->node };
        if (!t->node[c->node].up)
            nodes_tell(t, ev);
    }
    nodes_tell(t, (DriverEvent){ .at = t->now, .kind = DRIVER_RECONCILED });
}

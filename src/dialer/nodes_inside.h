/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nodes_inside.h -- the driver's own struct, for its files only.
 *
 *   nodes.c         life, time, orders: which machine
 *   nodes_event.c   what machines say, and what follows from it
 */
#ifndef DIALER_NODES_INSIDE_H
#define DIALER_NODES_INSIDE_H

#include "dialer/nodes.h"
#include "dialer/order.h"

typedef struct Nodes Nodes;

typedef struct Node {
    Nodes *all;
    Driver *driver;
    SwitchConfig first;
    const char **names;       /* of its trunks, n of them */
    int n, share;             /* their shares together */
    bool linked;              /* orders are taken */
    bool ask;                 /* what is up there is to be asked */
    bool asked;               /* and the answer is not in */
    bool up;                  /* linked, and all is known */
    bool away;                /* the receiver was told that it is */
    uint32_t epoch;           /* of the last asking */
    int64_t lost_at;          /* when the link went */
    int64_t rests_until;      /* 0: it does not */
    int failed;               /* calls in a row that it did not carry */
    int calls, phones;        /* calls up; phones up or ringing */
    int64_t used;             /* calls placed */
} Node;

/* A call and what was last said of it. */
typedef struct NodeCall {
    CallId call;
    int node;
    DriverEventKind last;     /* DRIVER_RINGING also before anything was said */
    bool rang;
    uint32_t epoch;
} NodeCall;

typedef struct NodePhone {
    AgentId agent;
    int node;                 /* -1: on none */
    bool up;                  /* else it rings, where node >= 0 */
    bool wanted;              /* is to be called once a machine can be had */
    uint32_t epoch;
} NodePhone;

typedef struct Drop { AgentId agent; int node; } Drop;

struct Nodes {
    Driver driver;
    DriverHost host;
    Node node[NODES_MOST];
    int n;
    NodeCall *calls;
    int ncalls, calls_size;
    IdMap by_call;
    NodePhone *phones;
    int nphones, phones_size;
    IdMap by_agent;
    Drop *drops;              /* phones that are up twice */
    int ndrops;
    bool linked;              /* as the receiver was told */
    bool retell;              /* the receiver asked what is true */
    int64_t now;
    Timer *timer;             /* in a loop: for what is due */
};

/* nodes.c */
int64_t nodes_now(Nodes *t);
void nodes_settle(Nodes *t);  /* orders that events left to be given; not from inside an event */

/* nodes_event.c */
void node_event(void *self, const DriverEvent *ev);   /* self: the Node */
void node_batch(void *self);
void nodes_tell(Nodes *t, DriverEvent ev);
void node_leaves(Nodes *t, int i);                    /* the receiver is told that it is away */
void node_returns(Nodes *t, int i);
void nodes_retell(Nodes *t);
NodeCall *nodes_book(Nodes *t, CallId call, int node);
NodeCall *nodes_call(Nodes *t, CallId call);          /* NULL: not known */
NodePhone *nodes_phone(Nodes *t, AgentId agent);      /* NULL */
NodePhone *nodes_add_phone(Nodes *t, AgentId agent);
void phone_move(Nodes *t, NodePhone *p, int node);    /* -1: to none */

#endif

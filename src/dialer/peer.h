/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * peer.h -- what drivers that talk with a switch over a connection share, as a state machine
 * without I/O: bytes in, bytes out, and the time.
 *
 * A peer connects, lets its protocol (PeerTalk) log in, asks for a sign of life now and then, and
 * when the connection is lost tries again after 1, 2, 4 ... 30 s with jitter, for ever.  What a
 * switch knows of calls and phones is kept as legs (leg.h).
 */
#ifndef DIALER_PEER_H
#define DIALER_PEER_H

#include "dialer/drivers.h"
#include "dialer/order.h"
#include "dialer/rng.h"

typedef struct Peer Peer;
typedef struct Leg Leg;

/* ---- for whoever carries the bytes ----------------------------------------------------------- */

/* How they travel. None of these may call back into the driver before it returns. */
typedef struct Carrier {
    void *self;
    void (*connect)(void *self);      /* begin; peer_connected() or peer_lost() follows */
    void (*send)(void *self);         /* there is output: peer_output(); or wake earlier */
    void (*disconnect)(void *self);
    void (*free)(void *self);         /* the driver is closed */
} Carrier;

void peer_set_carrier(Driver *d, Carrier carrier);        /* before the first tick */
void peer_connected(Driver *d, int64_t now);
void peer_receive(Driver *d, const char *s, size_t n, int64_t now);
void peer_lost(Driver *d, const char *why, int64_t now);  /* not connected (any more) */
Buf *peer_output(Driver *d);                              /* what is to be sent: take it off */
void peer_tick(Driver *d, int64_t now);                   /* what is due by now */
int64_t peer_wake(const Driver *d);                       /* when a tick is due; NEVER */

/* A driver just opened, on a socket in the host's loop (link.c). NULL, and d is closed:
 * ERR_REFUSED, a turned clock has no sockets. `d` may be NULL, with err filled. */
Driver *link_open(Driver *d, const SwitchConfig *c, int port, const DriverHost *host, Error *err);

/* Look at a switch by opening its driver: does it log in? Then `more` tells what that showed.
 * `mend` helps where nobody answers. As DriverType.probe. */
bool link_probe(const SwitchConfig *c, const ProbeHost *host, const char *mend,
                void (*more)(Driver *d, const ProbeHost *host), Error *err);

/* ---- for protocols --------------------------------------------------------------------------- */

typedef struct PeerTalk {
    void (*connected)(Peer *p);       /* begin to log in; peer_is_up() when that is done */
    /* Read bytes until all are taken or p->link has changed. */
    void (*read)(Peer *p, const char *s, size_t n);
    void (*ping)(Peer *p);            /* ask for a sign of life, at which p->pinged is cleared */
    void (*waited)(Peer *p, Leg *l);  /* DUE_OWN of a leg has come; NULL: there is none */
    void (*reset)(Peer *p);           /* the connection is gone: what was half read with it */
} PeerTalk;

typedef enum PeerState { PEER_DOWN, PEER_CONNECTING, PEER_LOGIN, PEER_UP } PeerState;

enum { DUE_CONNECT, DUE_TIMEOUT, DUE_PING, DUE_PONG, DUE_TELL, DUE_CLOSE, DUE_PERSON, DUE_OWN };

/* What the driver's own struct begins with. */
struct Peer {
    Driver driver;
    const PeerTalk *talk;
    SwitchConfig cfg;
    DriverHost host;
    Carrier carrier;
    PeerState state;
    int64_t now;
    int tries;                /* connections that failed in a row */
    uint32_t link;            /* grows with each connection */
    uint32_t epoch;           /* of the last list */
    bool listing;
    bool pinged;              /* and not answered yet */
    bool told;                /* an event since the last batch() */
    int unmade;               /* calls in a row for which the switch made no channel */
    uint32_t serial;          /* of agents' and supervisors' channels */
    CallId last_in;
    Buf out;
    Rng rng;
    Leg *legs;
    int nlegs, size, *free_legs, nfree;
    IdMap by_name;            /* hash of Leg.name */
    IdMap calls, agents, spies;       /* id -> leg */
    Agenda agenda;
    char trouble[400];
};

void peer_init(Peer *p, const DriverOps *ops, const PeerTalk *talk, const SwitchConfig *c,
               const DriverHost *host, int64_t now);
void peer_release(Peer *p);                           /* all but the memory of the struct */

int64_t peer_now(Peer *p);                            /* never runs backwards */
void peer_is_up(Peer *p);                             /* logged in */
void peer_drop(Peer *p, const char *why);             /* end this connection */
/* End it, and try again late: a server that says this will say it again in a second. */
void peer_give_up(Peer *p, const char *what, Str words);
__attribute__((format(printf, 3, 4))) void peer_trouble(Peer *p, CallId call, const char *fmt, ...);
void peer_send(Peer *p);                              /* output was added */
void peer_tell(Peer *p, DriverEvent ev);              /* at the time of this turn */
bool peer_mine(Peer *p, CallId call);                  /* DriverHost.mine */
bool peer_reachable(Peer *p, Error *err);
bool peer_has(const char *value, const char *name, const SwitchConfig *c, Error *err);

/* The text of a pattern before and after its mark; each of `allowed` characters. ERR_INVALID. */
typedef struct Around { char before[128], after[128]; } Around;
bool around(const char *pattern, const char *mark, const char *allowed, Around *out, Error *err);

/* An agent's phone with what the switch wants around it. */
typedef struct Phone { char text[DRIVER_PHONE]; Around dial; } Phone;
bool peer_phone(Peer *p, AgentId agent, const char *allowed, Phone *out, Error *err);

#endif

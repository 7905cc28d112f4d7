/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami_inside.h -- the driver's own struct, for its files only.
 *
 *   ami.c         life, connection, login, time
 *   ami_leg.c     channels of ours: found, opened, told about, closed
 *   ami_order.c   orders, as actions
 *   ami_event.c   responses and events
 *   ami_list.c    reconcile: what the switch has
 */
#ifndef DIALER_AMI_INSIDE_H
#define DIALER_AMI_INSIDE_H

#include "dialer/ami.h"
#include "dialer/ami_plan.h"
#include "dialer/ami_wire.h"
#include "dialer/order.h"
#include "dialer/rng.h"

typedef enum AmiState {
    AMI_DOWN,                 /* waits to connect again */
    AMI_CONNECTING,
    AMI_GREETING,             /* connected; the server speaks first */
    AMI_CHALLENGE,            /* asked for one */
    AMI_LOGIN,                /* sent the key */
    AMI_UP,
} AmiState;

typedef enum LegKind { LEG_FREE, LEG_CALL, LEG_IN, LEG_AGENT, LEG_SPY } LegKind;

/* A channel of ours on the switch. */
typedef struct Leg {
    LegKind kind;
    int64_t id;               /* of the call (LEG_IN: the driver's, negative), the agent; LEG_SPY:
                                 of the agent who is heard */
    char name[DRIVER_NAME];   /* its Uniqueid there */
    char channel[96];         /* the switch's own name of it; "" until it was heard of */
    uint32_t gen;             /* grows with each use and each new deadline */
    uint32_t epoch;           /* the last list that had it */
    uint32_t link;            /* the connection on which it was asked for */
    bool detect;              /* a machine is looked for */
    bool rang;                /* ringing or early media was seen */
    bool far_end;             /* the far end asked for the end */
    bool answered, person, machine, bridged;      /* each told once */
    bool ours;                /* we hung up */
    bool stranger;            /* asked to be hung up, never told of */
    bool replied;             /* the answer to the Originate is in */
    bool timed_out;           /* it says that nobody answered in time */
    bool gone;                /* its Hangup is in */
    int cause;
    char number[40], called[40];      /* LEG_IN */
} Leg;

enum { DUE_CONNECT, DUE_TIMEOUT, DUE_PING, DUE_PONG, DUE_TELL, DUE_CLOSE, DUE_PERSON };

typedef struct Ami {
    Driver driver;
    SwitchConfig cfg;
    DriverHost host;
    AmiCarrier carrier;
    char *secret;
    AmiState state;
    int64_t now;
    int tries;                /* connections that failed in a row */
    uint32_t link;            /* grows with each connection */
    uint32_t epoch;           /* of the last list */
    bool listing;
    bool pinged;              /* and not answered yet */
    bool told;                /* an event since the last batch() */
    bool unread;              /* it was said that messages are too long, on this connection */
    int unmade;               /* calls in a row for which the switch made no channel */
    uint32_t serial;          /* of agents' and supervisors' channels */
    CallId last_in;
    AmiReader reader;
    Buf out;
    Rng rng;
    Leg *legs;
    int nlegs, size, *free_legs, nfree;
    IdMap by_name;            /* hash of Leg.name */
    IdMap calls, agents, spies;       /* id -> leg */
    Agenda agenda;
    char trouble[400];
} Ami;

/* ami.c */
int64_t ami_now(Ami *a);                              /* never runs backwards */
void ami_drop(Ami *a, const char *why);               /* end this connection */
__attribute__((format(printf, 3, 4))) void ami_trouble(Ami *a, CallId call, const char *fmt, ...);
void ami_send(Ami *a);                                /* output was added */
void ami_tell(Ami *a, DriverEvent ev);                /* at the time of this turn */
void ami_message(Ami *a, const AmiMessage *m);        /* after login: ami_event.c */

/* ami_leg.c */
Leg *leg_open(Ami *a, LegKind kind, int64_t id, const char *name);
void leg_free(Ami *a, Leg *l);
Leg *leg_named(Ami *a, Str name);                     /* NULL */
Leg *leg_of(Ami *a, LegKind kind, int64_t id);        /* NULL */
void leg_rename(Ami *a, Leg *l, LegKind kind, int64_t id);
void leg_due(Ami *a, Leg *l, int what, int64_t in_ms);         /* replaces what was due */
void leg_tell(Ami *a, const Leg *l, DriverEventKind kind);
void leg_tell_later(Ami *a, DriverEventKind kind, int64_t id); /* not from inside an order */
void leg_rang(Ami *a, Leg *l);
void leg_answered(Ami *a, Leg *l);
void leg_person(Ami *a, Leg *l, bool machine);
void leg_bridged(Ami *a, Leg *l);
void leg_replied(Ami *a, Leg *l, bool success, int64_t reason);
void leg_gone(Ami *a, Leg *l, int cause);
void leg_missing(Ami *a, Leg *l);                     /* the switch knows no such channel */
void leg_close(Ami *a, Leg *l);                       /* by what is known; tells and frees */
void leg_waited(Ami *a, Leg *l, int what);            /* what leg_due() set has come */
DriverEventKind leg_verdict(const Leg *l);            /* how a call that has ended ended */

/* ami_order.c */
extern const DriverOps ami_ops;
void ami_hangup(Ami *a, const Leg *l);
void ami_unset_talked(Ami *a, const Leg *l);
void action_id(char kind, const Ami *a, const Leg *l, char out[static 32]);

/* ami_list.c */
void list_item(Ami *a, const AmiMessage *m);
void list_complete(Ami *a, const AmiMessage *m);

#endif

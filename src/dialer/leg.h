/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * leg.h -- channels of ours on a switch: found, opened, told about, closed.
 *
 * Each has a name there that this program chose before it asked for it, so each event says what it
 * is about, also to a later connection or another process.  How a call ended is judged by what was
 * seen of it (ringing, early media, an answer, who asked for the end) and the hang-up cause
 * together.  Events may come in any order, twice or not at all: a call that was not answered is
 * closed when both its end and the answer to the order that made it are in, or a moment after the
 * first.
 */
#ifndef DIALER_LEG_H
#define DIALER_LEG_H

#include "dialer/peer.h"

typedef enum LegKind { LEG_FREE, LEG_CALL, LEG_IN, LEG_AGENT, LEG_SPY } LegKind;

struct Leg {
    LegKind kind;
    int64_t id;               /* of the call (LEG_IN: the driver's, negative), the agent; LEG_SPY:
                                 of the agent who is heard */
    CallId with;              /* LEG_AGENT: whom he was last to be joined to; 0 nobody */
    char name[DRIVER_NAME];   /* its unique name there */
    char channel[96];         /* the switch's own name of it; "" until it was heard of */
    uint32_t gen;             /* grows with each use and each new deadline */
    uint32_t epoch;           /* the last list that had it */
    uint32_t link;            /* the connection on which it was asked for */
    bool detect;              /* a machine is looked for */
    bool rang;                /* ringing or early media was seen */
    bool far_end;             /* the far end asked for the end */
    bool answered, person, machine, bridged;      /* each told once */
    uint32_t joining;         /* one more than the connection on which that was ordered; 0: not, or
                                 it was said that it failed */
    bool ours;                /* we hung up */
    bool stranger;            /* asked to be hung up, never told of */
    bool replied;             /* the answer to the order that made it is in */
    bool timed_out;           /* it says that nobody answered in time */
    bool gone;                /* its end is in */
    int cause;                /* of Q.850; 0: not told */
    char number[40], called[40];      /* LEG_IN */
};

Leg *leg_open(Peer *p, LegKind kind, int64_t id, const char *name);     /* moves the others */
void leg_free(Peer *p, Leg *l);
Leg *leg_named(Peer *p, Str name);                    /* NULL */
Leg *leg_of(Peer *p, LegKind kind, int64_t id);       /* NULL */
void leg_rename(Peer *p, Leg *l, LegKind kind, int64_t id);
void leg_set_name(Peer *p, Leg *l, Str name);         /* it is called otherwise there */
void leg_due(Peer *p, Leg *l, int what, int64_t in_ms);        /* replaces what was due */
void leg_tell(Peer *p, const Leg *l, DriverEventKind kind);
void leg_tell_later(Peer *p, DriverEventKind kind, int64_t id);        /* not inside an order */
void leg_rang(Peer *p, Leg *l);
void leg_answered(Peer *p, Leg *l);
void leg_person(Peer *p, Leg *l, bool machine);
void leg_bridged(Peer *p, Leg *l);
void leg_replied(Peer *p, Leg *l, bool success, bool timed_out);
void leg_gone(Peer *p, Leg *l, int cause);
void leg_missing(Peer *p, Leg *l);                    /* the switch knows no such channel */
void leg_close(Peer *p, Leg *l);                      /* by what is known; tells and frees */
void leg_waited(Peer *p, Leg *l, int what);           /* what leg_due() set has come */
DriverEventKind leg_verdict(const Leg *l);            /* how a call that has ended ended */

/* An id for what is asked about a leg, by which the answer says what it answers: kind, place, id
 * and our prefix, since a switch tells the answer to another program's order to us, too. */
void leg_asks(const Peer *p, const Leg *l, char kind, char out[static DRIVER_NAME]);
Leg *leg_asked(Peer *p, Str id, char *kind);          /* NULL: it is gone, or no id of ours */

/* Names of agents' and supervisors' legs: "p1-a7-1234-". */
void leg_name(Peer *p, char kind, int64_t id, char out[static DRIVER_NAME]);
AgentId leg_agent_of_name(const Peer *p, Str name);   /* 0: nobody's */

/* The list that reconcile() asked for is whole: what has its epoch is told as if it were new, the
 * rest has ended without a word, unless it was asked for just now and has still to be made. */
void legs_listed(Peer *p);

#endif

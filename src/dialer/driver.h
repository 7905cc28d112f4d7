/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * driver.h -- the contract between the dialer and whatever carries its calls.
 *
 * A driver turns a handful of orders (place, bridge, hang up, play, call an agent's phone, let a
 * supervisor listen, tell me all you know) into the language of a switch, a soft phone or a
 * simulation, and turns what comes back into a handful of events.  It decides nothing: whom to
 * call, when, for which agent, how long to wait and how a call is judged is the engine's affair.
 * It keeps no records and sees no database.
 *
 *
 * THE LIFE OF A CALL
 *
 *        place ----> (RINGING) ----> (ANSWERED) ----> PERSON ---- bridge ----> BRIDGED ----> HANGUP
 *          |             |               |               |                        or BRIDGE_FAILED
 *          |             |               +--> MACHINE --- hangup ----> HANGUP
 *          |             +--> NO_ANSWER, BUSY, INVALID, FAILED
 *          +--> refused at once (place returns false)
 *
 *   INCOMING (somebody calls in) ---- take ----> PERSON ---- bridge ----> as above
 *
 * Events in parentheses are welcome and may be missing.  Five of them END a call: BUSY, NO_ANSWER,
 * INVALID, FAILED and HANGUP.  An end is final: the number is free, the trunk is free, and no order
 * can reach the call any more.
 *
 *
 * WHAT A DRIVER PROMISES
 *
 *  1. A call that place() took gets an ending event, unless the link drops (6) or the switch itself
 *     forgets it.
 *  2. A call that place() refused was not dialled and gets no event at all.
 *  3. Nothing is ever dialled that place() was not asked for, and an id that is still up is
 *     refused, not dialled twice.
 *  4. Events are delivered from advance() or from the event loop, never from inside an order: the
 *     receiver is not entered twice.
 *  5. PERSON follows each answer, either after machine detection (where the order asked for it and
 *     the driver can) or at once.  "Not sure" is a person.  Early media (183, announcements) is not
 *     an answer.
 *  6. While the link to the switch is down every order is refused with ERR_UNREACHABLE.  LINK_DOWN
 *     is delivered when that begins, LINK_UP when orders are taken again.  A freshly opened driver
 *     is down until it says LINK_UP.
 *  7. reconcile() makes the driver say again what is true now: for each call that the switch still
 *     has, the progress events that describe it (RINGING; or ANSWERED, then PERSON if that is
 *     settled, then BRIDGED if it is), for each agent's phone that is up AGENT_UP, and then
 *     RECONCILED.  What is not mentioned does not exist.
 *  8. hangup() ends a call in whatever state it is, also one whose id this driver never saw, if the
 *     switch knows it: that is how calls of a run that crashed are cleared.  For an id that is over
 *     it does nothing and returns true.
 *  9. Values from records (numbers, phones, names) are checked against an allow-list before they
 *     reach any wire.
 * 10. A call in is told as INCOMING under an id of the driver's own, which is negative; take()
 *     gives it the dialer's id, under which it is a PERSON that waits.  It may end, as any call,
 *     under the id that it has.  reconcile() names those that nobody took.
 * 11. A person whom nobody bridged within the order's wait_ms is abandoned by the switch itself,
 *     with the message, so that this happens also when this program is gone by then.
 *
 *
 * WHAT A DRIVER MAY ASSUME
 *
 *  - Call ids are chosen by the dialer, written to disk before place(), unique for ever within one
 *    database.  A switch that serves several databases needs a prefix of the driver's (its
 *    configuration holds one), so that no two calls on the switch ever share a name.
 *  - Orders come from one thread.  Strings in an order live until it returns.
 *  - No new call is placed between LINK_DOWN and RECONCILED.
 *  - ring_ms is at least 15 000: to cut a ring shorter is not the dialer's right in many places.
 *  - At most one bridge order is open for a call, and an agent is never given two calls.
 *  - What the switch has and this driver did not place (a run that crashed, another program on the
 *    same database) is asked of DriverHost.mine before anything is said of it.
 *
 *
 * SEVERAL MACHINES UNDER ONE DRIVER (nodes.h)
 *
 * Each call and each agent's phone is on one of them, the `node` of the events about it, and nobody
 * is joined across.  One that cannot be reached is told as NODE_DOWN: nothing is to be asked of who
 * is on it, and an agent who is wanted there is called from another.  NODE_UP comes after the
 * driver has found out, and told, what changed there meanwhile.  The link is down when all are.
 *
 *
 * WHAT THE RECEIVER OF EVENTS ACCEPTS, so that a driver need not put things in order
 *
 *  - any event twice, any event late, any event missing, and events of one call in any order.  On a
 *    busy switch Hangup overtakes OriginateResponse: a driver forwards what it learns when it
 *    learns it.  What it may not do is contradict itself: exactly one way of ending is true.
 *  - events for calls that it has closed or never knew: signs of life from such a call are answered
 *    with hangup().
 *  - times (`at`) that lie a little behind: it never lets its own clock run backwards.
 *
 *
 * WHICH END IS WHICH  (for a driver of Asterisk: judged by states seen and the hang-up cause
 * together, never by the dial status or the originate reason alone; cause 0 means "not told")
 *
 *      BUSY        cause 17
 *      NO_ANSWER   it rang or gave early media and was not answered: timeout, 18, 19, 20, rejected
 *                  (21)
 *      INVALID     1, 22, 28: no such number, changed, incomplete
 *      FAILED      congestion, no route, no reply at all from the carrier (no RINGING or PROGRESS
 *                  ever seen), 34, 38, 41, 42, 44, 58, 102, 127: says nothing about the customer,
 *                  to be tried again soon
 *      HANGUP      after an answer, and after our own hangup() before one; `by` says who, where the
 *                  switch tells
 */
#ifndef DIALER_DRIVER_H
#define DIALER_DRIVER_H

#include "base/error.h"
#include "base/loop.h"
#include "dialer/call.h"

typedef enum DriverEventKind {
    /* about a call; these are also what a line is stepped with (line.h) */
    DRIVER_RINGING,
    DRIVER_ANSWERED,          /* the far end picked up */
    DRIVER_PERSON,            /* and it is a person, or may be one */
    DRIVER_MACHINE,           /* and it is an answering machine; the driver leaves the call up */
    DRIVER_BUSY,
    DRIVER_NO_ANSWER,
    DRIVER_INVALID,
    DRIVER_FAILED,
    DRIVER_BRIDGED,           /* customer and agent hear each other */
    DRIVER_BRIDGE_FAILED,     /* they do not, and the customer is still there */
    DRIVER_HANGUP,
    DRIVER_CALL_EVENTS,
    /* about an agent's phone; `agent` is set, `call` is 0 */
    DRIVER_AGENT_UP = DRIVER_CALL_EVENTS,
    DRIVER_AGENT_DOWN,        /* it was not answered, or it dropped */
    DRIVER_LISTENING,         /* a supervisor hears the agent's calls now */
    DRIVER_LISTEN_OVER,       /* no more, or his phone was not answered */
    /* about the link to the switch */
    DRIVER_LINK_UP,
    DRIVER_LINK_DOWN,
    DRIVER_RECONCILED,
    /* somebody calls in; `call` is the driver's (negative), `number` and `called` are set */
    DRIVER_INCOMING,
    /* what trying again does not mend (a trunk that the switch does not know, a login that it
     * refuses); `text` says it. About a call: no call of this kind can be placed */
    DRIVER_TROUBLE,
    /* one machine of several; `node` says which */
    DRIVER_NODE_DOWN,
    DRIVER_NODE_UP,
    DRIVER_EVENTS
} DriverEventKind;

/* Who ended a call; BY_NOBODY: not told. */
typedef enum HangupBy { BY_NOBODY, BY_CUSTOMER, BY_AGENT, BY_US, BY_NETWORK } HangupBy;

enum { NODES_MOST = 16 };

typedef struct DriverEvent {
    int64_t at;               /* when it happened, ms since 1970 UTC, as near as the driver knows */
    DriverEventKind kind;
    CallId call;
    AgentId agent;
    int node;                 /* the machine that it is on, < NODES_MOST; 0 where there is one */
    HangupBy by;              /* who ended it; with endings only */
    int cause;   /* the network's number for it (Q.850), kept for the record; 0: not told */
    /* Of the receiver only until it returns; NULL: none. From the network: any bytes may be in. */
    const char *number;       /* INCOMING: who calls; "" withheld */
    const char *called;       /* INCOMING: which of our numbers */
    const char *text;         /* TROUBLE */
} DriverEvent;

/* Where events go. `event` may give orders to the driver only after it has returned; `batch` may
 * give them: it is called by drivers that live in the event loop after the last event of a turn,
 * and when room() has grown again. It may be NULL. */
typedef struct DriverSink {
    void *self;
    void (*event)(void *self, const DriverEvent *ev);
    void (*batch)(void *self);
} DriverSink;

enum { DRIVER_PHONE = 64 };

/* Who opens a driver, for what it must ask. What is not set answers as the comments say. */
typedef struct DriverHost {
    Loop *loop;               /* NULL: a turned clock, simulations only */
    DriverSink sink;
    void *self;
    /* The phone of an agent as his record has it ("8001", "PJSIP/8001"); false: he has none.
     * NULL: nobody has one. */
    bool (*phone)(void *self, AgentId agent, char out[static DRIVER_PHONE]);
    /* The switch that an agent's phone is on, by its name; false: any. NULL: any. */
    bool (*home)(void *self, AgentId agent, char out[static DRIVER_PHONE]);
    /* A call of this database is up that this driver did not place: is it ours to report? NULL:
     * yes. */
    bool (*mine)(void *self, CallId call);
    int64_t now;              /* simulations: when they begin, and their luck */
    uint64_t seed;
    const struct SimWorld *world;     /* NULL: world_defaults() */
} DriverHost;

/* Why we hang up: what the customer hears depends on it. */
typedef enum HangupWhy {
    HANGUP_CANCEL,            /* not answered yet: stop ringing */
    HANGUP_NORMAL,            /* the talk is over */
    HANGUP_MACHINE,           /* leave no half message behind */
    HANGUP_ABANDON,           /* a person waits: play the message that the law asks for, then end.
                                 The switch must do this by itself, so that it happens also when
                                 this program is gone by then */
} HangupWhy;

/* How a supervisor takes part. Another one on the same agent replaces the first. */
typedef enum Supervise {
    SUPERVISE_STOP,
    SUPERVISE_LISTEN,         /* hears both */
    SUPERVISE_WHISPER,        /* and the agent hears him */
    SUPERVISE_BARGE,          /* and so does the customer */
} Supervise;

typedef enum DriverOrderKind {
    ORDER_PLACE,
    ORDER_BRIDGE,
    ORDER_HANGUP,
    ORDER_PLAY,
    ORDER_RECORD,
    ORDER_TAKE,
    ORDER_AGENT_CALL,
    ORDER_AGENT_DROP,
    ORDER_SUPERVISE,
    ORDER_RECONCILE,
} DriverOrderKind;

/* One thing to do. The engine hands these out; driver_do() carries them to the operation of the
 * same name. */
typedef struct DriverOrder {
    DriverOrderKind kind;
    CallId call;              /* PLACE, BRIDGE, HANGUP, PLAY, RECORD, TAKE */
    CallId incoming;          /* TAKE: the driver's id of it */
    AgentId agent;            /* BRIDGE, AGENT_CALL, AGENT_DROP, SUPERVISE; with PLACE the agent who
                                 dials himself, else 0 */
    AgentId supervisor;       /* SUPERVISE: whose phone rings; an agent, too */
    Supervise how;            /* SUPERVISE */
    HangupWhy why;            /* HANGUP */
    int ring_ms;              /* PLACE: ring no longer than this */
    int wait_ms;              /* PLACE, TAKE: promise 11 */
    bool detect_machine;      /* PLACE: find out whether a person answered, if the driver can */
    bool record;              /* PLACE, TAKE: record it (driver_call_name()); RECORD: go on, or
                                 pause */
    uint64_t key;             /* PLACE: Entry.key; for simulations, others ignore it */
    int attempt;              /* PLACE: likewise */
    const char *dial, *caller; /* PLACE: as in SwitchConfig; NULL: the switch's own */
    char number[40];          /* PLACE */
    char sound[40];           /* PLAY; TAKE: what who waits hears now and then, "" music alone.
                                 Letters, digits, '-', '_', '/' */
} DriverOrder;

typedef struct Driver Driver;

/* What a driver can do beyond placing and ending a call. An order for what it cannot is refused
 * with ERR_REFUSED (driver_cannot), in whatever state it is. Without MANY it serves one agent, who
 * is at the phone that dials, with one call at a time; without HEARS it does not learn how a call
 * goes: each is a PERSON, and what became of it the agent says. */
typedef enum DriverCan {
    DRIVER_MANY = 1,          /* many calls for many agents: a floor can be dialled with it */
    DRIVER_HEARS = 2,
    DRIVER_DETECTS = 4,       /* tells machines from people */
    DRIVER_PLAYS = 8,
    DRIVER_RECORDS = 16,
    DRIVER_SUPERVISES = 32,
    DRIVER_TAKES = 64,        /* calls in */
    DRIVER_ALL = 127,
} DriverCan;

/* The operations. Each returns false with err filled when the order was not taken; true says only
 * that it was taken, the outcome comes as an event.  ERR_UNREACHABLE: the link is down.
 * ERR_CONFLICT: the id is up already. ERR_INVALID: the number or another value may not go to the
 * wire.  ERR_FAILED: the switch refused. */
typedef struct DriverOps {
    const char *name;         /* "sim", "ami", ...: the word of `dialer adapter NAME` */

    /* Dial order->number under order->call, ring at most order->ring_ms. Must not wait for
     * anything. */
    bool (*place)(Driver *d, const DriverOrder *order, Error *err);

    /* Join a customer who waits and an agent whose phone is up. BRIDGED or BRIDGE_FAILED follows,
     * or HANGUP when the customer has just left. When the customer leaves later, the agent's phone
     * stays up. */
    bool (*bridge)(Driver *d, CallId call, AgentId agent, Error *err);

    /* End a call, cancel it if it was not answered. HANGUP follows if there was something to
     * end. */
    bool (*hangup)(Driver *d, CallId call, HangupWhy why, Error *err);

    /* Play a sound that the switch has to a PERSON or MACHINE that waits, then end the call; HANGUP
     * follows. The switch does it by itself. */
    bool (*play)(Driver *d, CallId call, const char *sound, Error *err);

    /* Go on with, or pause, the recording of a call that was placed with `record`. */
    bool (*record)(Driver *d, CallId call, bool on, Error *err);

    /* The call order->incoming gets the id order->call; PERSON or HANGUP follows. ERR_NOT_FOUND: it
     * has just ended. */
    bool (*take)(Driver *d, const DriverOrder *order, Error *err);

    /* Ring an agent's phone and keep it up: once a shift, not once a call. AGENT_UP or AGENT_DOWN
     * follows, AGENT_UP at once when it is up already or when this driver has no phones to ring (a
     * person at a terminal). */
    bool (*agent_call)(Driver *d, AgentId agent, Error *err);
    bool (*agent_drop)(Driver *d, AgentId agent, Error *err);

    /* Ring a supervisor's phone and let him hear this very agent, or end that. LISTENING or
     * LISTEN_OVER follows. */
    bool (*supervise)(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err);

    /* See promise 7. Taken only while the link is up. */
    bool (*reconcile)(Driver *d, Error *err);

    /* How many calls it would take now: limits on calls and on calls a second, links that are down.
     * NULL: any number. */
    int (*room)(Driver *d);

    /* Turned clocks. Drivers on a real line have NULL here and live in the event loop; a simulation
     * does nothing by itself: next() is when it wants to be called (NEVER: not), advance() delivers
     * all that happens up to now, in order. Its time is that of the last advance(): call it before
     * giving orders. */
    int64_t (*next)(const Driver *d);
    void (*advance)(Driver *d, int64_t now);

    /* Frees the driver. Calls that are up stay up: reconcile() of the next run finds them. */
    void (*close)(Driver *d);

    /* Of the limits of the switch of that name: no more than `most` calls at once and this part of
     * its rate (others dial on it, too); most < 0: no change. Returns the calls up on it, -1: it is
     * not here or has no limits. NULL: none has. */
    int (*limit)(Driver *d, const char *name, int most, double part);

    /* Its parts and how each is, for people: "pbx 12 calls, spare rests". NULL: it has none. */
    void (*tell)(const Driver *d, Buf *out);
} DriverOps;

/* What each driver's own struct begins with. */
struct Driver {
    const DriverOps *ops;
    DriverSink sink;
};

/* Carry out the operation that the order names. */
bool driver_do(Driver *d, const DriverOrder *order, Error *err);

/* ERR_REFUSED: "the adapter NAME cannot WHAT". */
bool driver_cannot(const Driver *d, const char *what, Error *err);

int driver_room(Driver *d);                           /* INT_MAX: no limit; never < 0 */
int64_t driver_next(const Driver *d);                 /* NEVER for one that lives in the loop */
void driver_advance(Driver *d, int64_t now);          /* nothing for one that does */
int driver_limit(Driver *d, const char *name, int most, double part);     /* as DriverOps.limit */
void driver_tell(const Driver *d, const char *name, Buf *out);    /* `name` where it has no parts */

/* Name of a call on the switch, and of its recording there (without folder and suffix). None is
 * the beginning of another: Asterisk's Bridge takes a channel whose name begins with what was asked
 * for, and p-c3 would be joined for p-c37. */
enum { DRIVER_NAME = 64 };
void driver_call_name(const char *prefix, CallId call, char out[static DRIVER_NAME]);
bool driver_call_of_name(const char *prefix, Str name, CallId *out);

/* Allow-lists. A number: digits with at most a '+' first, '*' and '#'; ERR_INVALID names it. */
bool driver_check_number(const char *number, Error *err);
bool driver_check_sound(const char *sound, Error *err);
bool driver_check_phone(const char *phone, Error *err);   /* letters, digits, '/', '.', '_', '-' */

bool driver_ends_call(DriverEventKind k);             /* one of the five that end a call */
const char *driver_event_name(DriverEventKind k);     /* "ringing", "no answer", ... */

#endif

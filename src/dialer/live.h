/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * live.h -- an engine, its driver and its record as one thing that somebody turns by the clock.
 *
 * Who owns it advances it to a time and learns when it wants to be advanced again.  A driver that
 * lives in the event loop may bring events in between: `stir` is then called, and a turn is due.
 */
#ifndef DIALER_LIVE_H
#define DIALER_LIVE_H

#include "dialer/crew.h"
#include "dialer/drive.h"
#include "dialer/session.h"

typedef struct Live {
    DialSession *record;      /* these four are freed by live_release */
    Engine *engine;
    Driver *driver;
    Crew *crew;               /* agents that are simulated, too; or NULL */
    Observer watcher;         /* told after the record was */
    /* Each event, once the engine has it; and: a turn is due. They may be NULL. */
    void (*heard)(void *self, const DriverEvent *ev);
    void (*stir)(void *self);
    void *self;
    bool paces;               /* what the pacing learns is kept; set before live_begin */
    int64_t now;              /* of the last turn */
    bool turning;
} Live;

/* Make the engine for a record; the driver is opened by the caller, with live_sink. */
void live_begin(Live *l, DialSession *record, const EngineConfig *rules, Observer watcher,
                int64_t now);
DriverSink live_sink(Live *l);
void live_release(Live *l);

int64_t live_next(const Live *l);         /* when a turn is due though nothing happens; NEVER */
void live_turn(Live *l, int64_t now);     /* one: events up to now, then orders */
void live_settle(Live *l, int64_t now);   /* all that is due by now, in order */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * line.h -- one call, from the order to dial to its one result, as a table.
 *
 * The table says for (state, event) what the next state is, what is to be done and what the result
 * is.  It knows no agents, no pacing and no driver; the engine carries its actions out.  What a
 * driver may say can come in any state (driver.h), so those columns are full but for
 * contradictions.  A pair that is not listed changes nothing, and the engine counts and logs it.
 */
#ifndef DIALER_LINE_H
#define DIALER_LINE_H

#include "dialer/driver.h"

typedef enum LineState {
    LINE_NONE,
    LINE_PLACED,              /* the order went out; nothing heard yet */
    LINE_RINGING,
    LINE_ANSWERED,            /* by whom is not known yet */
    LINE_WAITING,             /* a person waits for an agent */
    LINE_BRIDGING,            /* an agent was found and the driver told */
    LINE_TALKING,
    LINE_WRAPUP,              /* the talk is over, the agent has not said the result */
    LINE_CLEARING,            /* the result is known; the driver was told to hang up */
    LINE_ENDED,               /* final; also stands for any call that is not known (any more) */
    LINE_STATES
} LineState;

/* What can happen to a line: what drivers say about a call, by the same numbers, and what the
 * engine does. */
typedef enum LineEvent {
    LINE_GONE = DRIVER_CALL_EVENTS,   /* after a reconcile: the switch does not have it */
    LINE_REFUSED,             /* the driver did not take the order to dial */
    LINE_AGENT,               /* an agent is free for it */
    LINE_AGENT_GONE,          /* its agent hung up, or his phone dropped */
    LINE_RESULT,              /* its agent said the result */
    LINE_DEADLINE,            /* the state has lasted as long as it may */
    LINE_STOP,                /* end all calls now */
    LINE_EVENTS
} LineEvent;

typedef enum LineAct {
    LINE_DO_NOTHING,
    LINE_DO_SEEK,             /* look for an agent */
    LINE_DO_BRIDGE,
    LINE_DO_HANGUP,
} LineAct;

typedef struct LineStep {
    LineState to;             /* LINE_NONE: not listed */
    LineAct act;
    Result result;            /* becomes the line's; RESULT_NONE: no change */
} LineStep;

typedef struct Line {
    Entry entry;              /* entry.call is the call's id */
    LineState state;
    Result result;
    AgentId agent;            /* who talks or talked, or who dialled it himself; 0 none */
    bool own;                 /* its agent dialled or took it (preview): it is his, not paced */
    bool in;                  /* somebody called in: not paced either; with no talk it is missed */
    CallId incoming;          /* with `in`: the driver's id of it, before it was taken */
    HangupBy by;
    int cause;                /* DriverEvent.cause of the end */
    /* 0: did not happen. They never lie before one another in this order. */
    int64_t placed_at, ringing_at, answered_at, person_at, bridged_at, hungup_at, ended_at;
} Line;

/* What an event brings along. */
typedef struct LineFacts {
    Result result;   /* LINE_RESULT, and LINE_DEADLINE of a wrap-up: what to take as the result */
    HangupBy by;
    int cause;
} LineFacts;

/* NULL when the pair is not listed. `event` is a DriverEventKind below DRIVER_CALL_EVENTS or a
 * LineEvent. */
const LineStep *line_step(LineState state, int event);

/* Take a listed step: state, times, result. Returns what is to be done. A line that ends has a
 * result. */
LineAct line_apply(Line *l, int event, int64_t now, const LineFacts *facts);

const char *line_state_name(LineState s);
const char *line_event_name(int event);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * call.h -- the words that every part of the dialer shares: who is called, by whom, and how it
 * ended.
 *
 * A call is one attempt at one entry of a calling list.  Its id is given by whoever writes the
 * intent down, before anything is dialled, and never used again.  All times are milliseconds since
 * 1970 UTC, 0 meaning "did not happen".
 */
#ifndef DIALER_CALL_H
#define DIALER_CALL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

typedef int64_t CallId;       /* > 0 */
typedef int64_t AgentId;      /* > 0; 0: nobody, or anybody */

#define NEVER INT64_MAX       /* a time that does not come */

/* How a call ended. Each has exactly one. Those before RESULT_APPOINTMENT the dialer finds
 * out itself, the others an agent says. */
typedef enum Result {
    RESULT_NONE,              /* not known yet */
    RESULT_NO_ANSWER,
    RESULT_BUSY,
    RESULT_BAD_NUMBER,        /* the network says that there is no such number */
    RESULT_MACHINE,           /* an answering machine */
    RESULT_FAILED,            /* network, switch or dialer: not the customer's doing; or the
                                 agent never said */
    RESULT_ABANDONED,         /* a person answered and got no agent in time */
    RESULT_PLAYED,            /* answered, and a message was played */
    RESULT_MISSED,            /* somebody called in and got no agent */
    RESULT_APPOINTMENT,
    RESULT_ACCEPTED,
    RESULT_REFUSED,
    RESULT_NOT_INTERESTED,
    RESULT_CALLBACK,
    RESULT_WRONG_NUMBER,      /* a person, but not the one meant */
    RESULT_DO_NOT_CALL,       /* asked never to be called again */
    RESULTS
} Result;

const char *result_name(Result r);            /* "no-answer", ...; "" for RESULT_NONE */
bool result_find(Str name, Result *out);      /* false when there is no such result */
bool result_is_agents(Result r);              /* one that an agent gives for a call with a person */

/* What the list gave: one attempt to make. A value; holds no pointers. */
typedef struct Entry {
    int64_t id;               /* of the list entry */
    uint64_t key;             /* the same for the same customer in each rehearsal: the
                                 simulator's luck hangs on it */
    int attempt;              /* 1 for the first */
    CallId call;              /* 0 until the intent is written */
    char number[40];          /* E.164 or what the switch takes: digits, '+', '*', '#' */
} Entry;

#endif

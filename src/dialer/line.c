/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/line.h"

#include <stddef.h>

#define STAY(state) { .to = state }

/* The call is over for us. If the switch says that it lives, tell the switch (again). */
#define SIGNS_OF_LIFE(state)                                \
    [DRIVER_RINGING] = { state, LINE_DO_HANGUP, 0 },        \
    [DRIVER_ANSWERED] = { state, LINE_DO_HANGUP, 0 },       \
    [DRIVER_PERSON] = { state, LINE_DO_HANGUP, 0 },         \
    [DRIVER_MACHINE] = { state, LINE_DO_HANGUP, 0 },        \
    [DRIVER_BRIDGED] = { state, LINE_DO_HANGUP, 0 },        \
    [DRIVER_BRIDGE_FAILED] = STAY(state)

/* The switch says that it is over. */
#define ANY_END(state)                                      \
    [DRIVER_BUSY] = { .to = state },                        \
    [DRIVER_NO_ANSWER] = { .to = state },                   \
    [DRIVER_INVALID] = { .to = state },                     \
    [DRIVER_FAILED] = { .to = state },                      \
    [DRIVER_HANGUP] = { .to = state },                      \
    [LINE_GONE] = { .to = state }

/* Ends that say the same before an answer as after one whose nature is not known. */
#define END_UNTALKED                                        \
    [DRIVER_BUSY] = { LINE_ENDED, 0, RESULT_BUSY },         \
    [DRIVER_NO_ANSWER] = { LINE_ENDED, 0, RESULT_NO_ANSWER }, \
    [DRIVER_INVALID] = { LINE_ENDED, 0, RESULT_BAD_NUMBER }, \
    [DRIVER_FAILED] = { LINE_ENDED, 0, RESULT_FAILED },     \
    [LINE_GONE] = { LINE_ENDED, 0, RESULT_FAILED }

/* What the agent and the engine can do while two people are (about to be) joined. */
#define TALK_IS_OVER                                        \
    ANY_END(LINE_WRAPUP),                                   \
    [LINE_AGENT_GONE] = { LINE_WRAPUP, LINE_DO_HANGUP, 0 }, \
    [LINE_RESULT] = { LINE_CLEARING, LINE_DO_HANGUP, 0 },   \
    [LINE_STOP] = { LINE_WRAPUP, LINE_DO_HANGUP, 0 }

#define GIVE_UP(result) { LINE_CLEARING, LINE_DO_HANGUP, result }

static const LineStep steps[LINE_STATES][LINE_EVENTS] = {
    [LINE_PLACED] = {
        END_UNTALKED,
        [DRIVER_RINGING] = { .to = LINE_RINGING },
        [DRIVER_ANSWERED] = { .to = LINE_ANSWERED },
        [DRIVER_PERSON] = { LINE_WAITING, LINE_DO_SEEK, 0 },
        [DRIVER_MACHINE] = GIVE_UP(RESULT_MACHINE),
        [DRIVER_HANGUP] = { LINE_ENDED, 0, RESULT_FAILED },
        [LINE_REFUSED] = { LINE_ENDED, 0, RESULT_FAILED },
        [LINE_AGENT_GONE] = GIVE_UP(RESULT_FAILED),
        [LINE_DEADLINE] = GIVE_UP(RESULT_FAILED),
        [LINE_STOP] = GIVE_UP(RESULT_FAILED),
    },
    [LINE_RINGING] = {
        END_UNTALKED,
        [DRIVER_RINGING] = STAY(LINE_RINGING),
        [DRIVER_ANSWERED] = { .to = LINE_ANSWERED },
        [DRIVER_PERSON] = { LINE_WAITING, LINE_DO_SEEK, 0 },
        [DRIVER_MACHINE] = GIVE_UP(RESULT_MACHINE),
        [DRIVER_HANGUP] = { LINE_ENDED, 0, RESULT_NO_ANSWER },
        [LINE_AGENT_GONE] = GIVE_UP(RESULT_FAILED),
        [LINE_DEADLINE] = GIVE_UP(RESULT_NO_ANSWER),
        [LINE_STOP] = GIVE_UP(RESULT_FAILED),
    },
    [LINE_ANSWERED] = {
        END_UNTALKED,
        [DRIVER_RINGING] = STAY(LINE_ANSWERED),
        [DRIVER_ANSWERED] = STAY(LINE_ANSWERED),
        [DRIVER_PERSON] = { LINE_WAITING, LINE_DO_SEEK, 0 },
        [DRIVER_MACHINE] = GIVE_UP(RESULT_MACHINE),
        [DRIVER_HANGUP] = { LINE_ENDED, 0, RESULT_NO_ANSWER },
        [LINE_AGENT_GONE] = GIVE_UP(RESULT_FAILED),
        [LINE_DEADLINE] = { LINE_WAITING, LINE_DO_SEEK, 0 },   /* nobody told: it may be a person */
        [LINE_STOP] = GIVE_UP(RESULT_FAILED),
    },
    [LINE_WAITING] = {
        [DRIVER_RINGING] = STAY(LINE_WAITING),
        [DRIVER_ANSWERED] = STAY(LINE_WAITING),
        [DRIVER_PERSON] = STAY(LINE_WAITING),
        [DRIVER_MACHINE] = GIVE_UP(RESULT_MACHINE),
        [DRIVER_BUSY] = { LINE_ENDED, 0, RESULT_ABANDONED },
        [DRIVER_NO_ANSWER] = { LINE_ENDED, 0, RESULT_ABANDONED },
        [DRIVER_INVALID] = { LINE_ENDED, 0, RESULT_ABANDONED },
        [DRIVER_FAILED] = { LINE_ENDED, 0, RESULT_ABANDONED },
        [DRIVER_HANGUP] = { LINE_ENDED, 0, RESULT_ABANDONED },
        [DRIVER_BRIDGE_FAILED] = STAY(LINE_WAITING),
        [LINE_GONE] = { LINE_ENDED, 0, RESULT_ABANDONED },
        [LINE_AGENT] = { LINE_BRIDGING, LINE_DO_BRIDGE, 0 },
        [LINE_AGENT_GONE] = GIVE_UP(RESULT_ABANDONED),
        [LINE_DEADLINE] = GIVE_UP(RESULT_ABANDONED),
        [LINE_STOP] = GIVE_UP(RESULT_ABANDONED),
    },
    [LINE_BRIDGING] = {
        TALK_IS_OVER,
        [DRIVER_RINGING] = STAY(LINE_BRIDGING),
        [DRIVER_ANSWERED] = STAY(LINE_BRIDGING),
        [DRIVER_PERSON] = STAY(LINE_BRIDGING),
        [DRIVER_MACHINE] = STAY(LINE_BRIDGING),                   /* the agent will hear it */
        [DRIVER_BRIDGED] = { .to = LINE_TALKING },
        [DRIVER_BRIDGE_FAILED] = { LINE_WAITING, LINE_DO_SEEK, 0 },
        [LINE_DEADLINE] = { .to = LINE_TALKING },   /* that it failed would have been said, too */
    },
    [LINE_TALKING] = {
        TALK_IS_OVER,
        [DRIVER_RINGING] = STAY(LINE_TALKING),
        [DRIVER_ANSWERED] = STAY(LINE_TALKING),
        [DRIVER_PERSON] = STAY(LINE_TALKING),
        [DRIVER_MACHINE] = STAY(LINE_TALKING),
        [DRIVER_BRIDGED] = STAY(LINE_TALKING),
        [LINE_DEADLINE] = { LINE_WRAPUP, LINE_DO_HANGUP, 0 },
    },
    [LINE_WRAPUP] = {
        SIGNS_OF_LIFE(LINE_WRAPUP),
        ANY_END(LINE_WRAPUP),
        [LINE_RESULT] = { .to = LINE_ENDED },
        [LINE_DEADLINE] = { .to = LINE_ENDED },
        [LINE_STOP] = STAY(LINE_WRAPUP),
    },
    [LINE_CLEARING] = {
        SIGNS_OF_LIFE(LINE_CLEARING),
        ANY_END(LINE_ENDED),
        [LINE_REFUSED] = { .to = LINE_ENDED },
        [LINE_DEADLINE] = { LINE_ENDED, LINE_DO_HANGUP, 0 },
        [LINE_STOP] = STAY(LINE_CLEARING),
    },
    [LINE_ENDED] = {
        SIGNS_OF_LIFE(LINE_ENDED),
        ANY_END(LINE_ENDED),
    },
};

const LineStep *line_step(LineState state, int event)
{
    const LineStep *s = &steps[state][event];
    return s->to == LINE_NONE ? NULL : s;
}

/* What a line knows of its own past when it enters a state. */
static void stamp(Line *l, LineState from, int event, int64_t now)
{
    if (event == DRIVER_RINGING && l->state == LINE_RINGING && !l->ringing_at)
        l->ringing_at = now;
    if ((l->state == LINE_ANSWERED || l->state == LINE_WAITING || event == DRIVER_MACHINE)
        && !l->answered_at)
        l->answered_at = now;
    if (l->state == LINE_WAITING && !l->person_at)
        l->person_at = now;
    if (l->state == LINE_WAITING)
        l->bridged_at = 0;
    else if (event == LINE_AGENT || (event == DRIVER_BRIDGED && from == LINE_BRIDGING))
        l->bridged_at = now;
    if (l->state >= LINE_WRAPUP && !l->hungup_at)
        l->hungup_at = now;
    if (l->state == LINE_ENDED && !l->ended_at)
        l->ended_at = now;
}

LineAct line_apply(Line *l, int event, int64_t now, const LineFacts *facts)
{
    const LineStep *s = &steps[l->state][event];
    LineState from = l->state;
    l->state = s->to;
    if (s->result != RESULT_NONE)
        l->result = s->result;
    if (l->result == RESULT_NONE && (l->state == LINE_CLEARING || l->state == LINE_ENDED))
        l->result = facts->result;
    if (l->in && !l->bridged_at && l->result != RESULT_NONE)
        l->result = RESULT_MISSED;
    bool told_end = event < DRIVER_CALL_EVENTS && driver_ends_call((DriverEventKind)event);
    if (s->act == LINE_DO_HANGUP && l->by == BY_NOBODY)
        l->by = event == LINE_AGENT_GONE || event == LINE_RESULT ? BY_AGENT : BY_US;
    else if (told_end && l->by == BY_NOBODY)
        l->by = facts->by;
    if (told_end && !l->cause)
        l->cause = facts->cause;
    if (from != l->state)
        stamp(l, from, event, now);
    return s->act;
}

const char *line_state_name(LineState s)
{
    static const char *const names[LINE_STATES] = {
        "none", "placed", "ringing", "answered", "waiting", "bridging", "talking", "wrap-up",
        "clearing", "ended",
    };
    return names[s];
}

const char *line_event_name(int event)
{
    static const char *const own[] = {
        "gone", "refused", "agent found", "agent gone", "result", "deadline", "stop",
    };
    if (event < DRIVER_CALL_EVENTS)
        return driver_event_name((DriverEventKind)event);
    return own[event - DRIVER_CALL_EVENTS];
}

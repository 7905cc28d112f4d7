/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "dialer/ami_inside.h"

enum { STATE_RINGING = 5, STATE_UP = 6 };     /* ChannelState */

/* "p1-a7-1234" -> 7: whose leg it is; 0: nobody's. */
static AgentId agent_of(const Ami *a, Str name)
{
    size_t n = strlen(a->cfg.prefix);
    int64_t id;
    if (name.n < n + 3 || memcmp(name.s, a->cfg.prefix, n) != 0 || memcmp(name.s + n, "-a", 2) != 0)
        return 0;
    const char *at = name.s + n + 2, *end = memchr(at, '-', name.n - n - 2);
    return end && str_int(str_n(at, (size_t)(end - at)), &id) && id > 0 ? id : 0;
}

static void set_text(char *out, size_t size, Str s)
{
    snprintf(out, size, "%.*s", STR_ARG(s));
}

/* The leg of a listed channel; one of another run is taken over. NULL: not ours. */
static Leg *leg_of_item(Ami *a, const AmiMessage *m)
{
    Str name = ami_get(m, "Uniqueid");
    char text[DRIVER_NAME];
    CallId call;
    AgentId agent = agent_of(a, name);
    Leg *l = leg_named(a, name);
    if (l || name.n == 0 || name.n >= sizeof text)
        return l;
    set_text(text, sizeof text, name);
    if (agent)
        return leg_of(a, LEG_AGENT, agent) ? NULL : leg_open(a, LEG_AGENT, agent, text);
    if (driver_call_of_name(a->cfg.prefix, name, &call)
        || driver_call_of_name(a->cfg.prefix, ami_variable(m, PLAN_CALL), &call)) {
        if (leg_of(a, LEG_CALL, call) || (a->host.mine && !a->host.mine(a->host.self, call)))
            return NULL;
        return leg_open(a, LEG_CALL, call, text);
    }
    if (!ami_is(m, "Context", PLAN_INBOUND))
        return NULL;
    l = leg_open(a, LEG_IN, --a->last_in, text);
    set_text(l->number, sizeof l->number, ami_get(m, "CallerIDNum"));
    set_text(l->called, sizeof l->called, ami_get(m, "Exten"));
    return l;
}

void list_item(Ami *a, const AmiMessage *m)
{
    Leg *l = a->listing ? leg_of_item(a, m) : NULL;
    if (!l)
        return;
    int64_t state = ami_int(m, "ChannelState");
    l->epoch = a->epoch;
    set_text(l->channel, sizeof l->channel, ami_get(m, "Channel"));
    l->rang = l->rang || state == STATE_RINGING;
    l->answered = l->answered || l->kind == LEG_IN || state == STATE_UP;
    if (l->kind != LEG_CALL || state != STATE_UP)
        return;
    l->bridged = ami_get(m, "BridgeId").n > 0;
    l->person = l->bridged || l->person || ami_is(m, "Exten", PLAN_PERSON);
    /* whoever hears a message is on his way out */
    l->ours = l->ours || ami_is(m, "Exten", PLAN_ABANDON) || ami_is(m, "Exten", PLAN_PLAY);
}

/* All that is true of a call, as if it were new. */
static void say_call(Ami *a, Leg *l)
{
    leg_tell(a, l, l->answered ? DRIVER_ANSWERED : DRIVER_RINGING);
    if (l->person)
        leg_tell(a, l, DRIVER_PERSON);
    else if (l->machine)
        leg_tell(a, l, DRIVER_MACHINE);
    else if (l->answered && !l->ours)
        leg_due(a, l, DUE_PERSON, 5000);      /* being told from machines, or its word was missed */
    if (l->bridged)
        leg_tell(a, l, DRIVER_BRIDGED);
}

static void say(Ami *a, Leg *l)
{
    if (l->kind == LEG_CALL)
        say_call(a, l);
    else if (l->kind == LEG_IN)
        leg_tell(a, l, DRIVER_INCOMING);
    else if (l->kind == LEG_AGENT && l->answered && !l->ours)
        leg_tell(a, l, DRIVER_AGENT_UP);
    else if (l->kind == LEG_SPY && l->answered && !l->ours)
        leg_tell(a, l, DRIVER_LISTENING);
    else
        leg_due(a, l, DUE_CLOSE, 30000);      /* its phone rings */
}

/* What is not listed has ended without a word, unless it was asked for just now and has still to be
 * made. */
static void forget(Ami *a, Leg *l)
{
    if (l->link == a->link && !*l->channel && !l->replied && !l->stranger)
        say(a, l);
    else if (l->kind == LEG_IN || l->kind == LEG_SPY || l->gone)
        leg_close(a, l);
    else
        leg_free(a, l);
}

void list_complete(Ami *a, const AmiMessage *m)
{
    char id[32];
    snprintf(id, sizeof id, "list.%u", a->epoch);
    if (!a->listing || !ami_is(m, "ActionID", id))
        return;
    a->listing = false;
    for (int i = 0; i < a->nlegs; i++) {
        Leg *l = &a->legs[i];
        if (l->kind == LEG_FREE)
            continue;
        if (l->epoch == a->epoch)
            say(a, l);
        else
            forget(a, l);
    }
    ami_tell(a, (DriverEvent){ .kind = DRIVER_RECONCILED });
}

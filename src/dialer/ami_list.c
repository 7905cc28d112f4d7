/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "dialer/ami_inside.h"

enum { STATE_RINGING = 5, STATE_UP = 6 };     /* ChannelState */

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
    AgentId agent = leg_agent_of_name(&a->p, name);
    Leg *l = leg_named(&a->p, name);
    if (l || name.n == 0 || name.n >= sizeof text)
        return l;
    set_text(text, sizeof text, name);
    if (agent)
        return leg_of(&a->p, LEG_AGENT, agent) ? NULL : leg_open(&a->p, LEG_AGENT, agent, text);
    if (driver_call_of_name(a->p.cfg.prefix, name, &call)
        || driver_call_of_name(a->p.cfg.prefix, ami_variable(m, PLAN_CALL), &call)) {
        if (leg_of(&a->p, LEG_CALL, call) || !peer_mine(&a->p, call))
            return NULL;
        return leg_open(&a->p, LEG_CALL, call, text);
    }
    if (!ami_is(m, "Context", PLAN_INBOUND))
        return NULL;
    l = leg_open(&a->p, LEG_IN, --a->p.last_in, text);
    set_text(l->number, sizeof l->number, ami_get(m, "CallerIDNum"));
    set_text(l->called, sizeof l->called, ami_get(m, "Exten"));
    return l;
}

void list_item(Ami *a, const AmiMessage *m)
{
    Leg *l = a->p.listing ? leg_of_item(a, m) : NULL;
    if (!l)
        return;
    int64_t state = ami_int(m, "ChannelState");
    l->epoch = a->p.epoch;
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

void list_complete(Ami *a, const AmiMessage *m)
{
    char id[32];
    snprintf(id, sizeof id, "list.%u", a->p.epoch);
    if (!a->p.listing || !ami_is(m, "ActionID", id))
        return;
    legs_listed(&a->p);
}

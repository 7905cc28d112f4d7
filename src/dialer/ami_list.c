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
    if (l && l->kind == LEG_IN && !ami_is(m, "Context", PLAN_INBOUND)) {
        leg_free(&a->p, l);               /* another dialler has taken it */
        return NULL;
    }
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

/* A call that was there and is not listed: the dialplan may have written down how it ended. */
static void ask_note(Ami *a, const Leg *l)
{
    char id[DRIVER_NAME], note[DRIVER_NAME];
    Error err = { 0 };
    if (l->kind != LEG_CALL || l->epoch == a->p.epoch || l->gone || l->stranger
        || (l->link == a->p.link && !*l->channel && !l->replied))
        return;
    leg_asks(&a->p, l, 'n', id);
    ami_note(a, l->id, note);
    AmiWriter w = ami_action(&a->p.out, "DBGet", id);
    ami_own(&w, "Family", PLAN_NOTE_FAMILY);
    ami_put(&w, "Key", "", note, AMI_WORD, "");
    if (ami_done(&w, &err))
        a->asked++;
}

/* The order to join them went down with the link. */
static void not_joined(Ami *a, Leg *l)
{
    if (l->kind != LEG_CALL || l->epoch != a->p.epoch || l->bridged || !l->joining
        || l->joining == a->p.link + 1)
        return;
    l->joining = 0;
    ami_unset_talked(a, l);
    leg_tell(&a->p, l, DRIVER_BRIDGE_FAILED);
}

void list_complete(Ami *a, const AmiMessage *m)
{
    char id[32];
    snprintf(id, sizeof id, "list.%u", a->p.epoch);
    if (!a->p.listing || !ami_is(m, "ActionID", id))
        return;
    for (int i = 0; i < a->p.nlegs; i++) {
        ask_note(a, &a->p.legs[i]);
        not_joined(a, &a->p.legs[i]);
    }
    if (a->asked == 0)
        legs_listed(&a->p);
}

/* It ended while nobody listened: the same is told as if somebody had. */
static void close_by_note(Ami *a, Leg *l, Str was)
{
    bool waited = str_is(was, PLAN_WAS_PERSON) || str_is(was, PLAN_WAS_MESSAGE);
    leg_person(&a->p, l, str_is(was, PLAN_WAS_MACHINE));
    if (str_is(was, PLAN_WAS_TALKED))
        leg_bridged(&a->p, l);
    else if (waited && !l->bridged)
        leg_tell(&a->p, l, DRIVER_BRIDGE_FAILED);
    leg_close(&a->p, l);
}

/* `l` may be gone by now. */
void list_note(Ami *a, Leg *l, Str note)
{
    size_t n = l ? strlen(l->name) : 0;
    if (a->asked > 0)
        a->asked--;
    if (l && note.n > n && memcmp(note.s, l->name, n) == 0 && note.s[n] == ' ')
        close_by_note(a, l, str_n(note.s + n + 1, note.n - n - 1));
    if (a->asked == 0 && a->p.listing)
        legs_listed(&a->p);
}

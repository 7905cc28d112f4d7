/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>

#include "dialer/ami_inside.h"

enum { STATE_RINGING = 5, STATE_UP = 6 };     /* ChannelState */
enum { CAUSE_NORMAL = 16 };
enum { HELD_MS = 1000 };      /* a supervisor who has joined in holds the channel of a call that was
                                 hung up, and its Hangup, until he leaves */

static void copy(char *out, size_t size, Str s)
{
    size_t n = s.n < size ? s.n : size - 1;
    if (n)
        memcpy(out, s.s, n);
    out[n] = '\0';
}

/* ---- answers to actions ---------------------------------------------------------------------- */

/* The switch does not even try: it would not try the next call either. */
static void originate_refused(Ami *a, Leg *l, Str words)
{
    peer_trouble(&a->p, l->kind == LEG_CALL ? l->id : 0, "it refuses to place calls: %.*s",
                STR_ARG(words));
    *l->channel = '-';                    /* no channel is not what is wrong */
    l->replied = l->gone = true;
    leg_close(&a->p, l);
}

static void failed(Ami *a, Leg *l, char kind, Str words)
{
    switch (kind) {
    case 'o':
        originate_refused(a, l, words);
        break;
    case 'h':
        leg_missing(&a->p, l);
        break;
    case 'r':                             /* it does not go where it should: then it ends */
        ami_hangup(a, l);
        break;
    case 'b':
        if (l->bridged || l->gone)
            break;
        ami_unset_talked(a, l);
        l->joining = 0;
        leg_tell(&a->p, l, DRIVER_BRIDGE_FAILED);
        break;
    default:
        break;
    }
}

static void response(Ami *a, const AmiMessage *m)
{
    Str id = ami_get(m, "ActionID");
    char kind;
    bool success = ami_is(m, "Response", "Success");
    if (str_is(id, "ping")) {
        a->p.pinged = false;
        return;
    }
    if (str_starts(id, "list.")) {
        if (!success)
            peer_trouble(&a->p, 0, "it does not list its calls, so none can be placed: %.*s",
                        STR_ARG(ami_get(m, "Message")));
        return;
    }
    Leg *l = leg_asked(&a->p, id, &kind);
    if (str_starts(id, "n") && !success)
        list_note(a, NULL, (Str){ 0 });
    else if (l && !success)
        failed(a, l, kind, ami_get(m, "Message"));
    else if (l && kind == 'h' && l->kind == LEG_CALL && l->answered)
        leg_due(&a->p, l, DUE_CLOSE, HELD_MS);
}

/* ---- events ---------------------------------------------------------------------------------- */

static void on_channel(Ami *a, Leg *l, const AmiMessage *m)
{
    copy(l->channel, sizeof l->channel, ami_get(m, "Channel"));
    if (l->kind == LEG_CALL)
        a->p.unmade = 0;
    if (l->ours && !l->answered)          /* hung up before it was there to be hung up */
        ami_hangup(a, l);
}

static void on_state(Ami *a, Leg *l, const AmiMessage *m)
{
    int64_t state = ami_int(m, "ChannelState");
    if (state == STATE_RINGING)
        leg_rang(&a->p, l);
    else if (state == STATE_UP && l->kind == LEG_CALL)
        leg_answered(&a->p, l);
}

static void on_dial(Ami *a, Leg *l, const AmiMessage *m)
{
    if (ami_is(m, "DialStatus", "RINGING") || ami_is(m, "DialStatus", "PROGRESS"))
        leg_rang(&a->p, l);
    else if (ami_is(m, "DialStatus", "ANSWER") && l->kind == LEG_CALL)
        leg_answered(&a->p, l);
}

static void on_reply(Ami *a, Leg *l, const AmiMessage *m)
{
    leg_replied(&a->p, l, ami_is(m, "Response", "Success"),
                ami_int(m, "Reason") == 3);
}

/* A call that was answered is over with this: its Hangup comes when nobody holds the channel any
 * more, and a supervisor who has joined in holds it until he leaves. */
static void on_request(Ami *a, Leg *l, const AmiMessage *m)
{
    int64_t cause = ami_int(m, "Cause");
    l->far_end = true;
    if (l->kind == LEG_CALL && l->answered)
        leg_gone(&a->p, l, cause > 0 && cause < 128 ? (int)cause : CAUSE_NORMAL);
}

static void on_hangup(Ami *a, Leg *l, const AmiMessage *m)
{
    int64_t cause = ami_int(m, "Cause");
    leg_gone(&a->p, l, cause > 0 && cause < 128 ? (int)cause : 0);
}

/* The answer to a Bridge says that it will be done; whoever of the two comes second, that it is. */
static void on_bridge(Ami *a, Leg *l, const AmiMessage *m)
{
    Leg *call = l->kind == LEG_AGENT ? leg_of(&a->p, LEG_CALL, l->with) : l;
    if (call && ami_int(m, "BridgeNumChannels") >= 2)
        leg_bridged(&a->p, call);
}

static void on_spy(Ami *a, Leg *l, const AmiMessage *m)
{
    (void)m;
    leg_replied(&a->p, l, true, false);
}

static void incoming(Ami *a, Str name, const AmiMessage *m)
{
    char text[DRIVER_NAME];
    if (name.n == 0 || name.n >= sizeof text)
        return;
    copy(text, sizeof text, name);
    Leg *l = leg_open(&a->p, LEG_IN, --a->p.last_in, text);
    l->answered = true;
    copy(l->channel, sizeof l->channel, ami_get(m, "Channel"));
    copy(l->number, sizeof l->number, ami_get(m, "Number"));
    copy(l->called, sizeof l->called, ami_get(m, "Called"));
    leg_tell(&a->p, l, DRIVER_INCOMING);
}

static void on_word(Ami *a, Leg *l, const AmiMessage *m)
{
    if (ami_is(m, "UserEvent", PLAN_SAYS_PERSON))
        leg_person(&a->p, l, false);
    else if (ami_is(m, "UserEvent", PLAN_SAYS_DETECTED) && ami_is(m, "Status", "MACHINE"))
        leg_person(&a->p, l, true);
    else if (ami_is(m, "UserEvent", PLAN_SAYS_AGENT_WAITS))
        leg_replied(&a->p, l, true, false);
}

static const struct {
    const char *event, *name;             /* which header has the channel's Uniqueid */
    void (*take)(Ami *a, Leg *l, const AmiMessage *m);
} events[] = {
    { "Newchannel", "Uniqueid", on_channel },
    { "Newstate", "Uniqueid", on_state },
    { "DialState", "DestUniqueid", on_dial },
    { "DialEnd", "DestUniqueid", on_dial },
    { "HangupRequest", "Uniqueid", on_request },
    { "Hangup", "Uniqueid", on_hangup },
    { "BridgeEnter", "Uniqueid", on_bridge },
    { "UserEvent", "Uniqueid", on_word },
    { "ChanSpyStart", "SpyerUniqueid", on_spy },
};

static Leg *leg_of_reply(Ami *a, const AmiMessage *m)
{
    char kind;
    Leg *l = leg_asked(&a->p, ami_get(m, "ActionID"), &kind);
    return l && kind == 'o' ? l : NULL;
}

void ami_message(Ami *a, const AmiMessage *m)
{
    Str event = ami_get(m, "Event");
    if (event.n == 0) {
        response(a, m);
        return;
    }
    if (str_is(event, "CoreShowChannel")) {
        list_item(a, m);
    } else if (str_is(event, "CoreShowChannelsComplete")) {
        list_complete(a, m);
    } else if (str_is(event, "DBGetResponse")) {
        char kind;
        list_note(a, leg_asked(&a->p, ami_get(m, "ActionID"), &kind), ami_get(m, "Val"));
    } else if (str_is(event, "OriginateResponse")) {
        Leg *l = leg_of_reply(a, m);
        if (l)
            on_reply(a, l, m);
    }
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        if (!str_is(event, events[i].event))
            continue;
        Leg *l = leg_named(&a->p, ami_get(m, events[i].name));
        if (l)
            events[i].take(a, l, m);
        else if (ami_is(m, "UserEvent", PLAN_SAYS_INBOUND))
            incoming(a, ami_get(m, "Uniqueid"), m);
        return;
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/ami_inside.h"

#define RING_LEAST_MS 15000
#define AGENT_RING_MS 30000
#define PATIENCE_SLACK_MS 1000       /* the dialplan is slower to abandon than this program */

static AmiWriter action(Ami *a, const char *name, char kind, const Leg *l)
{
    char id[DRIVER_NAME];
    leg_asks(&a->p, l, kind, id);
    return ami_action(&a->p.out, name, id);
}

static bool done(Ami *a, AmiWriter *w, Error *err)
{
    if (!ami_done(w, err))
        return false;
    peer_send(&a->p);
    return true;
}

static void variable(AmiWriter *w, const char *name, const char *value)
{
    char before[40];
    snprintf(before, sizeof before, "%s=", name);
    ami_put(w, "Variable", before, value, AMI_WORD "/", "");
}

static void go_to(AmiWriter *w, const char *context, const char *exten)
{
    ami_own(w, "Context", context);
    ami_own(w, "Exten", exten);
    ami_own(w, "Priority", "1");
}

void ami_note(const Ami *a, CallId call, char out[static DRIVER_NAME])
{
    snprintf(out, DRIVER_NAME, "%s-%d", a->p.cfg.prefix, (int)(call % PLAN_PLACES));
}

static void patience(int wait_ms, char out[static 16])
{
    snprintf(out, 16, "%d", (wait_ms + PATIENCE_SLACK_MS + 999) / 1000);
}

/* ---- calls ----------------------------------------------------------------------------------- */

static bool originate_call(Ami *a, const Leg *l, const DriverOrder *o, Error *err)
{
    Around dial;
    char wait[16], note[DRIVER_NAME];
    const char *caller = o->caller ? o->caller : a->p.cfg.caller;
    if (!around(o->dial ? o->dial : a->p.cfg.dial, "{number}", AMI_CHANNEL, &dial, err))
        return false;
    patience(o->wait_ms, wait);
    ami_note(a, o->call, note);
    AmiWriter w = action(a, "Originate", 'o', l);
    ami_put(&w, "Channel", dial.before, o->number, AMI_NUMBER, dial.after);
    go_to(&w, PLAN_CUSTOMER, o->detect_machine ? PLAN_DETECT : PLAN_PERSON);
    ami_put_int(&w, "Timeout", o->ring_ms < RING_LEAST_MS ? RING_LEAST_MS : o->ring_ms);
    ami_own(&w, "Async", "true");
    if (*caller)
        ami_put(&w, "CallerID", "<", caller, AMI_NUMBER, ">");
    variable(&w, PLAN_CALL, l->name);
    variable(&w, PLAN_PATIENCE, wait);
    variable(&w, PLAN_NOTE, note);
    if (o->record)
        variable(&w, PLAN_RECORD, l->name);
    ami_put(&w, "ChannelId", "", l->name, AMI_WORD, "");
    return done(a, &w, err);
}

static bool place(Driver *d, const DriverOrder *o, Error *err)
{
    Ami *a = (Ami *)d;
    char name[DRIVER_NAME];
    if (!peer_reachable(&a->p, err) || !driver_check_number(o->number, err))
        return false;
    if (leg_of(&a->p, LEG_CALL, o->call))
        return fail(err, ERR_CONFLICT, "call %" PRId64 " is up already", o->call);
    driver_call_name(a->p.cfg.prefix, o->call, name);
    Leg *l = leg_open(&a->p, LEG_CALL, o->call, name);
    l->detect = o->detect_machine;
    if (originate_call(a, l, o, err))
        return true;
    leg_free(&a->p, l);
    return false;
}


void ami_hangup(Ami *a, const Leg *l)
{
    Error err = { 0 };
    AmiWriter w = action(a, "Hangup", 'h', l);
    ami_put(&w, "Channel", "", l->name, AMI_WORD, "");
    ami_own(&w, "Cause", "16");
    done(a, &w, &err);
}

static bool set(Ami *a, const Leg *l, const char *name, const char *value, Error *err)
{
    AmiWriter w = action(a, "Setvar", 'v', l);
    ami_put(&w, "Channel", "", l->name, AMI_WORD, "");
    ami_own(&w, "Variable", name);
    ami_put(&w, "Value", "", value, AMI_WORD "/", "");
    return done(a, &w, err);
}

void ami_unset_talked(Ami *a, const Leg *l)
{
    Error err = { 0 };
    set(a, l, PLAN_TALKED, "0", &err);
}

static bool redirect(Ami *a, const Leg *l, const char *exten, Error *err)
{
    AmiWriter w = action(a, "Redirect", 'r', l);
    ami_put(&w, "Channel", "", l->name, AMI_WORD, "");
    go_to(&w, PLAN_CUSTOMER, exten);
    return done(a, &w, err);
}

static bool waits(const Leg *l)
{
    return l && l->answered && !l->bridged && !l->gone && !l->ours;
}

static bool bridge(Driver *d, CallId call, AgentId agent, Error *err)
{
    Ami *a = (Ami *)d;
    if (!peer_reachable(&a->p, err))
        return false;
    Leg *l = leg_of(&a->p, LEG_CALL, call), *with = leg_of(&a->p, LEG_AGENT, agent);
    if (!waits(l))
        return true;                      /* he has just left: the end is told */
    if (!with || !with->answered) {
        leg_tell_later(&a->p, DRIVER_BRIDGE_FAILED, call);
        return true;
    }
    if (!set(a, l, PLAN_TALKED, "1", err))
        return false;
    with->with = call;
    l->joining = a->p.link + 1;
    AmiWriter w = action(a, "Bridge", 'b', l);
    ami_put(&w, "Channel1", "", with->name, AMI_WORD, "");
    ami_put(&w, "Channel2", "", l->name, AMI_WORD, "");
    ami_own(&w, "Tone", "no");
    return done(a, &w, err);
}

static bool hangup(Driver *d, CallId call, HangupWhy why, Error *err)
{
    Ami *a = (Ami *)d;
    char name[DRIVER_NAME];
    if (!peer_reachable(&a->p, err))
        return false;
    Leg *l = leg_of(&a->p, LEG_CALL, call);
    if (!l) {                             /* another run's, perhaps */
        driver_call_name(a->p.cfg.prefix, call, name);
        l = leg_open(&a->p, LEG_CALL, call, name);
        l->stranger = l->answered = l->person = l->bridged = true;
    }
    bool message = why == HANGUP_ABANDON && waits(l);
    l->ours = true;
    if (message)
        return redirect(a, l, PLAN_ABANDON, err);
    ami_hangup(a, l);
    return true;
}

static bool play(Driver *d, CallId call, const char *sound, Error *err)
{
    Ami *a = (Ami *)d;
    if (!peer_reachable(&a->p, err) || !driver_check_sound(sound, err))
        return false;
    Leg *l = leg_of(&a->p, LEG_CALL, call);
    if (!waits(l))
        return true;
    l->ours = true;
    return set(a, l, PLAN_SOUND, sound, err) && redirect(a, l, PLAN_PLAY, err);
}

static bool record(Driver *d, CallId call, bool on, Error *err)
{
    Ami *a = (Ami *)d;
    if (!peer_reachable(&a->p, err))
        return false;
    const Leg *l = leg_of(&a->p, LEG_CALL, call);
    if (!l)
        return true;
    AmiWriter w = action(a, "MixMonitorMute", 'm', l);
    ami_put(&w, "Channel", "", *l->channel ? l->channel : l->name, AMI_CHANNEL, "");
    ami_own(&w, "Direction", "both");
    ami_own(&w, "State", on ? "0" : "1");
    return done(a, &w, err);
}

static bool take(Driver *d, const DriverOrder *o, Error *err)
{
    Ami *a = (Ami *)d;
    char name[DRIVER_NAME], wait[16];
    if (!peer_reachable(&a->p, err))
        return false;
    Leg *l = leg_of(&a->p, LEG_IN, o->incoming);
    if (!l)
        return fail(err, ERR_NOT_FOUND, "who called in has hung up");
    if (leg_of(&a->p, LEG_CALL, o->call))
        return fail(err, ERR_CONFLICT, "call %" PRId64 " is up already", o->call);
    leg_rename(&a->p, l, LEG_CALL, o->call);
    l->answered = true;
    leg_due(&a->p, l, DUE_PERSON, 1000);
    driver_call_name(a->p.cfg.prefix, o->call, name);
    patience(o->wait_ms ? o->wait_ms : 60000, wait);
    return (!*o->sound || driver_check_sound(o->sound, err))
           && set(a, l, PLAN_CALL, name, err) && set(a, l, PLAN_PATIENCE, wait, err)
           && set(a, l, PLAN_HOLD, "1", err)
           && (!*o->sound || set(a, l, PLAN_SOUND, o->sound, err))
           && (!o->record || set(a, l, PLAN_RECORD, name, err)) && redirect(a, l, PLAN_PERSON, err);
}

/* ---- agents ---------------------------------------------------------------------------------- */

static AmiWriter ring(Ami *a, Leg *l, const Phone *phone)
{
    AmiWriter w = action(a, "Originate", 'o', l);
    ami_put(&w, "Channel", phone->dial.before, phone->text, AMI_WORD "/", phone->dial.after);
    ami_put_int(&w, "Timeout", AGENT_RING_MS);
    ami_own(&w, "Async", "true");
    ami_put(&w, "ChannelId", "", l->name, AMI_WORD, "");
    leg_due(&a->p, l, DUE_CLOSE, AGENT_RING_MS + 5000);
    return w;
}

static bool agent_call(Driver *d, AgentId agent, Error *err)
{
    Ami *a = (Ami *)d;
    Phone phone;
    char name[DRIVER_NAME], id[24];
    if (!peer_reachable(&a->p, err))
        return false;
    Leg *l = leg_of(&a->p, LEG_AGENT, agent);
    if (l && l->answered && !l->ours)
        leg_tell_later(&a->p, DRIVER_AGENT_UP, agent);
    if (l && !l->ours)
        return true;
    if (!peer_phone(&a->p, agent, AMI_CHANNEL, &phone, err))
        return false;
    leg_name(&a->p, 'a', agent, name);
    l = leg_open(&a->p, LEG_AGENT, agent, name);
    snprintf(id, sizeof id, "%" PRId64, agent);
    AmiWriter w = ring(a, l, &phone);
    go_to(&w, PLAN_AGENT, PLAN_WAIT);
    variable(&w, PLAN_AGENT_ID, id);
    if (done(a, &w, err))
        return true;
    leg_free(&a->p, l);
    return false;
}

static void end_leg(Ami *a, Leg *l)
{
    if (!l || l->ours)
        return;
    l->ours = true;
    ami_hangup(a, l);
}

static bool agent_drop(Driver *d, AgentId agent, Error *err)
{
    Ami *a = (Ami *)d;
    if (!peer_reachable(&a->p, err))
        return false;
    end_leg(a, leg_of(&a->p, LEG_AGENT, agent));
    return true;
}

static bool supervise(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err)
{
    static const char *const options[] = { "", ",qE", ",qwE", ",qBE" };
    Ami *a = (Ami *)d;
    Phone phone;
    char name[DRIVER_NAME];
    if (!peer_reachable(&a->p, err))
        return false;
    Leg *heard = leg_of(&a->p, LEG_AGENT, agent);
    if (how != SUPERVISE_STOP && (!heard || !heard->answered || !*heard->channel)) {
        leg_tell_later(&a->p, DRIVER_LISTEN_OVER, agent);
        return true;
    }
    if (how != SUPERVISE_STOP && !peer_phone(&a->p, supervisor, AMI_CHANNEL, &phone, err))
        return false;
    end_leg(a, leg_of(&a->p, LEG_SPY, agent));
    if (how == SUPERVISE_STOP)
        return true;
    leg_name(&a->p, 's', agent, name);
    Leg *l = leg_open(&a->p, LEG_SPY, agent, name);
    heard = leg_of(&a->p, LEG_AGENT, agent);  /* leg_open() may have moved it */
    AmiWriter w = ring(a, l, &phone);
    ami_own(&w, "Application", "ChanSpy");
    ami_put(&w, "Data", "", heard->channel, AMI_CHANNEL, options[how]);
    if (done(a, &w, err))
        return true;
    leg_free(&a->p, l);
    return false;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static bool reconcile(Driver *d, Error *err)
{
    Ami *a = (Ami *)d;
    char id[32];
    if (!peer_reachable(&a->p, err))
        return false;
    a->p.listing = true;
    snprintf(id, sizeof id, "list.%" PRIu32, ++a->p.epoch);
    AmiWriter w = ami_action(&a->p.out, "CoreShowChannels", id);
    return done(a, &w, err);
}

static void ami_close(Driver *d)
{
    Ami *a = (Ami *)d;
    peer_release(&a->p);
    explicit_bzero(a->secret, strlen(a->secret));
    free(a->secret);
    free(a);
}

const DriverOps ami_ops = {
    .name = "ami",
    .place = place,
    .bridge = bridge,
    .hangup = hangup,
    .play = play,
    .record = record,
    .take = take,
    .agent_call = agent_call,
    .agent_drop = agent_drop,
    .supervise = supervise,
    .reconcile = reconcile,
    .close = ami_close,
};

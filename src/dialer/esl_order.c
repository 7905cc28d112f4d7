/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A newline ends a command, braces and commas part variables, '&' and quotes run applications: each
 * value that goes out was made here, or is checked against what it may be made of.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/esl_inside.h"

#define RING_LEAST_MS 15000
#define AGENT_RING_MS 30000
#define PATIENCE_SLACK_MS 1000       /* the switch is slower to abandon than this program */
#define ENDPOINT "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/@._-+*#:"

void esl_job(Esl *e, const char *id, const char *fmt, ...)
{
    char text[1000];
    va_list ap;
    va_start(ap, fmt);
    int n = vsnprintf(text, sizeof text, fmt, ap);
    va_end(ap);
    if (n < 0 || (size_t)n >= sizeof text)
        panic("a command of %d bytes", n);
    buf_printf(&e->p.out, "bgapi %s\nJob-UUID: %s.%s\n\n", text, e->jobs, id);
    peer_send(&e->p);
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Who is at the end of a message is hung up. */
static void send_to_message(Esl *e, const Leg *l, const char *sound)
{
    char id[DRIVER_NAME];
    leg_asks(&e->p, l, 'r', id);
    esl_job(e, id, "uuid_transfer %s 'playback:%s,hangup:NORMAL_CLEARING' inline", l->name, sound);
}

static bool originate_call(Esl *e, const Leg *l, const DriverOrder *o, Error *err)
{
    Around dial;
    char id[DRIVER_NAME], shown[80] = "";
    const char *caller = o->caller ? o->caller : e->p.cfg.caller;
    int ring = o->ring_ms < RING_LEAST_MS ? RING_LEAST_MS : o->ring_ms;
    if (!around(o->dial ? o->dial : e->p.cfg.dial, "{number}", ENDPOINT, &dial, err)
        || (*caller && !driver_check_number(caller, err)))
        return false;
    if (*caller)
        snprintf(shown, sizeof shown, ",origination_caller_id_number=%.40s", caller);
    leg_asks(&e->p, l, 'o', id);
    esl_job(e, id,
            "originate {origination_uuid=%s,patter_call=%s,ignore_early_media=true,"
            "originate_timeout=%d,hangup_after_bridge=true%s}%s%s%s"
            " 'sleep:%d,playback:" ESL_SORRY ",hangup:NORMAL_CLEARING' inline",
            l->name, l->name, (ring + 999) / 1000, shown, dial.before, o->number, dial.after,
            o->wait_ms + PATIENCE_SLACK_MS);
    return true;
}

static bool place(Driver *d, const DriverOrder *o, Error *err)
{
    Esl *e = (Esl *)d;
    char name[DRIVER_NAME];
    if (!peer_reachable(&e->p, err) || !driver_check_number(o->number, err))
        return false;
    if (leg_of(&e->p, LEG_CALL, o->call))
        return fail(err, ERR_CONFLICT, "call %" PRId64 " is up already", o->call);
    driver_call_name(e->p.cfg.prefix, o->call, name);
    Leg *l = leg_open(&e->p, LEG_CALL, o->call, name);
    if (originate_call(e, l, o, err))
        return true;
    leg_free(&e->p, l);
    return false;
}

static bool waits(const Leg *l)
{
    return l && l->answered && !l->bridged && !l->gone && !l->ours;
}

static bool bridge(Driver *d, CallId call, AgentId agent, Error *err)
{
    Esl *e = (Esl *)d;
    char id[DRIVER_NAME];
    if (!peer_reachable(&e->p, err))
        return false;
    Leg *l = leg_of(&e->p, LEG_CALL, call), *with = leg_of(&e->p, LEG_AGENT, agent);
    if (!waits(l))
        return true;                      /* he has just left: the end is told */
    if (!with || !with->answered) {
        leg_tell_later(&e->p, DRIVER_BRIDGE_FAILED, call);
        return true;
    }
    leg_asks(&e->p, l, 'b', id);
    esl_job(e, id, "uuid_bridge %s %s", with->name, l->name);
    return true;
}

void esl_kill(Esl *e, const Leg *l)
{
    char id[DRIVER_NAME];
    leg_asks(&e->p, l, 'h', id);
    esl_job(e, id, "uuid_kill %s %s", l->name, l->answered ? "NORMAL_CLEARING"
                                                           : "ORIGINATOR_CANCEL");
}

static bool hangup(Driver *d, CallId call, HangupWhy why, Error *err)
{
    Esl *e = (Esl *)d;
    char name[DRIVER_NAME];
    if (!peer_reachable(&e->p, err))
        return false;
    Leg *l = leg_of(&e->p, LEG_CALL, call);
    if (!l) {                             /* another run's, perhaps */
        driver_call_name(e->p.cfg.prefix, call, name);
        l = leg_open(&e->p, LEG_CALL, call, name);
        l->stranger = l->answered = l->person = l->bridged = true;
    }
    bool message = why == HANGUP_ABANDON && waits(l);
    l->ours = true;
    if (message)
        send_to_message(e, l, ESL_SORRY);
    else
        esl_kill(e, l);
    return true;
}

static bool play(Driver *d, CallId call, const char *sound, Error *err)
{
    Esl *e = (Esl *)d;
    if (!peer_reachable(&e->p, err) || !driver_check_sound(sound, err))
        return false;
    Leg *l = leg_of(&e->p, LEG_CALL, call);
    if (!waits(l))
        return true;
    l->ours = true;
    send_to_message(e, l, sound);
    return true;
}

static bool record(Driver *d, CallId call, bool on, Error *err)
{
    (void)call, (void)on;
    return driver_cannot(d, "record", err);
}

static bool take(Driver *d, const DriverOrder *o, Error *err)
{
    (void)o;
    return driver_cannot(d, "take calls in", err);
}

/* ---- agents ---------------------------------------------------------------------------------- */

static void ring(Esl *e, Leg *l, const Phone *phone, const char *variables, const char *then)
{
    char id[DRIVER_NAME];
    leg_asks(&e->p, l, 'o', id);
    leg_due(&e->p, l, DUE_CLOSE, AGENT_RING_MS + 5000);
    esl_job(e, id, "originate {origination_uuid=%s,ignore_early_media=true,originate_timeout=%d%s}"
            "%s%s%s %s", l->name, AGENT_RING_MS / 1000, variables, phone->dial.before, phone->text,
            phone->dial.after, then);
}

static bool agent_call(Driver *d, AgentId agent, Error *err)
{
    Esl *e = (Esl *)d;
    Phone phone;
    char name[DRIVER_NAME];
    if (!peer_reachable(&e->p, err))
        return false;
    Leg *l = leg_of(&e->p, LEG_AGENT, agent);
    if (l && l->answered && !l->ours)
        leg_tell_later(&e->p, DRIVER_AGENT_UP, agent);
    if (l && !l->ours)
        return true;
    if (!peer_phone(&e->p, agent, ENDPOINT, &phone, err))
        return false;
    leg_name(&e->p, 'a', agent, name);
    l = leg_open(&e->p, LEG_AGENT, agent, name);
    ring(e, l, &phone, ",hangup_after_bridge=false,park_after_bridge=true", "&park()");
    return true;
}

static void end_leg(Esl *e, Leg *l)
{
    if (!l || l->ours)
        return;
    l->ours = true;
    esl_kill(e, l);
}

static bool agent_drop(Driver *d, AgentId agent, Error *err)
{
    Esl *e = (Esl *)d;
    if (!peer_reachable(&e->p, err))
        return false;
    end_leg(e, leg_of(&e->p, LEG_AGENT, agent));
    return true;
}

static bool supervise(Driver *d, AgentId supervisor, AgentId agent, Supervise how, Error *err)
{
    static const char *const variables[] = {
        "", "", ",eavesdrop_whisper_aleg=true",
        ",eavesdrop_bridge_aleg=true,eavesdrop_bridge_bleg=true",
    };
    Esl *e = (Esl *)d;
    Phone phone;
    char name[DRIVER_NAME], then[DRIVER_NAME + 20];
    if (!peer_reachable(&e->p, err))
        return false;
    Leg *heard = leg_of(&e->p, LEG_AGENT, agent);
    if (how != SUPERVISE_STOP && (!heard || !heard->answered)) {
        leg_tell_later(&e->p, DRIVER_LISTEN_OVER, agent);
        return true;
    }
    if (how != SUPERVISE_STOP && !peer_phone(&e->p, supervisor, ENDPOINT, &phone, err))
        return false;
    end_leg(e, leg_of(&e->p, LEG_SPY, agent));
    if (how == SUPERVISE_STOP)
        return true;
    snprintf(then, sizeof then, "&eavesdrop(%s)", heard->name);
    leg_name(&e->p, 's', agent, name);
    Leg *l = leg_open(&e->p, LEG_SPY, agent, name);
    ring(e, l, &phone, variables[how], then);
    return true;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static bool reconcile(Driver *d, Error *err)
{
    Esl *e = (Esl *)d;
    char id[DRIVER_NAME];
    if (!peer_reachable(&e->p, err))
        return false;
    e->p.listing = true;
    snprintf(id, sizeof id, "list.%" PRIu32, ++e->p.epoch);
    esl_job(e, id, "show channels as json");
    return true;
}

static void esl_close(Driver *d)
{
    Esl *e = (Esl *)d;
    peer_release(&e->p);
    explicit_bzero(e->secret, strlen(e->secret));
    free(e->secret);
    free(e);
}

const DriverOps esl_ops = {
    .name = "esl",
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
    .close = esl_close,
};

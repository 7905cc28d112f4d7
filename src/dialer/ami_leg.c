/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>

#include "dialer/ami_inside.h"

#define CLOSE_MS 1000                /* the other half of an end comes within this, or not at all */
#define UNMADE_MOST 3

/* ---- finding --------------------------------------------------------------------------------- */

static uint64_t name_key(Str name)
{
    return str_hash(name) | 1;
}

static IdMap *map_of(Ami *a, LegKind kind)
{
    return kind == LEG_AGENT ? &a->agents : kind == LEG_SPY ? &a->spies : &a->calls;
}

Leg *leg_named(Ami *a, Str name)
{
    int i = idmap_get(&a->by_name, name_key(name));
    return i >= 0 && str_is(name, a->legs[i].name) ? &a->legs[i] : NULL;
}

Leg *leg_of(Ami *a, LegKind kind, int64_t id)
{
    int i = idmap_get(map_of(a, kind), (uint64_t)id);
    return i >= 0 ? &a->legs[i] : NULL;
}

static int take_slot(Ami *a)
{
    if (a->nfree > 0)
        return a->free_legs[--a->nfree];
    if (a->nlegs == a->size) {
        a->size = a->size ? 2 * a->size : 64;
        a->legs = xresize(a->legs, sizeof *a->legs * (size_t)a->size);
        a->free_legs = xresize(a->free_legs, sizeof *a->free_legs * (size_t)a->size);
    }
    a->legs[a->nlegs].gen = 0;
    return a->nlegs++;
}

Leg *leg_open(Ami *a, LegKind kind, int64_t id, const char *name)
{
    int slot = take_slot(a);
    Leg *l = &a->legs[slot];
    *l = (Leg){ .kind = kind, .id = id, .gen = l->gen + 1, .epoch = a->epoch,
                .link = a->link };
    snprintf(l->name, sizeof l->name, "%s", name);
    idmap_put(&a->by_name, name_key(str(l->name)), slot);
    idmap_put(map_of(a, kind), (uint64_t)id, slot);
    return l;
}

void leg_free(Ami *a, Leg *l)
{
    int slot = (int)(l - a->legs);
    idmap_remove(&a->by_name, name_key(str(l->name)));
    if (leg_of(a, l->kind, l->id) == l)
        idmap_remove(map_of(a, l->kind), (uint64_t)l->id);
    l->kind = LEG_FREE;
    l->gen++;
    a->free_legs[a->nfree++] = slot;
}

void leg_rename(Ami *a, Leg *l, LegKind kind, int64_t id)
{
    idmap_remove(map_of(a, l->kind), (uint64_t)l->id);
    l->kind = kind;
    l->id = id;
    idmap_put(map_of(a, kind), (uint64_t)id, (int)(l - a->legs));
}

void leg_due(Ami *a, Leg *l, int what, int64_t in_ms)
{
    agenda_add(&a->agenda, a->now + in_ms, what, l - a->legs, ++l->gen);
}

/* ---- telling --------------------------------------------------------------------------------- */

void leg_tell(Ami *a, const Leg *l, DriverEventKind kind)
{
    if (l->kind == LEG_AGENT || l->kind == LEG_SPY)
        ami_tell(a, (DriverEvent){ .kind = kind, .agent = l->id });
    else if (kind == DRIVER_INCOMING)
        ami_tell(a, (DriverEvent){ .kind = kind, .call = l->id, .number = l->number,
                               .called = l->called });
    else
        ami_tell(a, (DriverEvent){ .kind = kind, .call = l->id });
}

void leg_tell_later(Ami *a, DriverEventKind kind, int64_t id)
{
    agenda_add(&a->agenda, a->now, DUE_TELL, id, kind);
    ami_send(a);                          /* whoever carries the bytes asks when to wake us */
}

static void tell_end(Ami *a, const Leg *l, DriverEventKind kind)
{
    HangupBy by = l->ours ? BY_US : !l->answered ? BY_NETWORK : l->far_end ? BY_CUSTOMER
                  : BY_NOBODY;
    ami_tell(a, (DriverEvent){ .kind = kind, .call = l->id, .by = by, .cause = l->cause });
}

/* ---- the course of a call -------------------------------------------------------------------- */

void leg_rang(Ami *a, Leg *l)
{
    bool first = !l->rang;
    l->rang = true;
    if (l->kind == LEG_CALL && first && !l->answered)
        leg_tell(a, l, DRIVER_RINGING);
}

void leg_answered(Ami *a, Leg *l)
{
    if (l->answered)
        return;
    l->answered = true;
    if (l->kind != LEG_CALL)
        return;
    leg_tell(a, l, DRIVER_ANSWERED);
    if (!l->detect && !l->gone)
        leg_due(a, l, DUE_PERSON, CLOSE_MS);
}

void leg_person(Ami *a, Leg *l, bool machine)
{
    if (l->kind != LEG_CALL || l->person || l->machine)
        return;
    leg_answered(a, l);
    l->gen++;                             /* nothing more has to be waited for */
    *(machine ? &l->machine : &l->person) = true;
    leg_tell(a, l, machine ? DRIVER_MACHINE : DRIVER_PERSON);
}

void leg_bridged(Ami *a, Leg *l)
{
    if (l->kind != LEG_CALL || l->bridged)
        return;
    leg_person(a, l, false);
    l->bridged = true;
    leg_tell(a, l, DRIVER_BRIDGED);
}

/* ---- the end --------------------------------------------------------------------------------- */

static bool is_one_of(int cause, const int *causes)
{
    while (*causes && *causes != cause)
        causes++;
    return *causes != 0;
}

/* Causes are those of Q.850. */
DriverEventKind leg_verdict(const Leg *l)
{
    static const int no_such_number[] = { 1, 22, 28, 0 }, nobody_there[] = { 20, 21, 0 };
    static const int rings_out[] = { 16, 18, 19, 31, 0 };
    if (l->answered || l->ours)
        return DRIVER_HANGUP;
    if (l->cause == 17)
        return DRIVER_BUSY;
    if (is_one_of(l->cause, no_such_number))
        return DRIVER_INVALID;
    if (is_one_of(l->cause, nobody_there))
        return DRIVER_NO_ANSWER;
    /* A dial that timed out has no cause, or one of Asterisk's own making: did it ring at all, or
     * did the far end say so? */
    bool told = l->cause && (l->far_end || (l->replied && !l->timed_out));
    if (l->cause == 0 || is_one_of(l->cause, rings_out))
        return l->rang || told ? DRIVER_NO_ANSWER : DRIVER_FAILED;
    return DRIVER_FAILED;
}

/* An originate that failed without a channel: one may be bad luck, several are a name that the
 * switch does not know. */
static void made_no_channel(Ami *a, const Leg *l)
{
    if (l->kind == LEG_AGENT)
        ami_trouble(a, 0, "it does not know the phone of agent %lld, or cannot reach it",
                    (long long)l->id);
    else if (l->kind == LEG_CALL && !l->timed_out && ++a->unmade >= UNMADE_MOST)
        ami_trouble(a, l->id, "it makes no call of '%s': is there such a trunk? dialer test %s "
                    "shows more", a->cfg.dial, a->cfg.name);
}

static void close_agent(Ami *a, Leg *l)
{
    DriverEvent ev = { .kind = l->kind == LEG_AGENT ? DRIVER_AGENT_DOWN : DRIVER_LISTEN_OVER,
                       .agent = l->id };
    bool replaced = leg_of(a, l->kind, l->id) != l;
    leg_free(a, l);
    if (!replaced)
        ami_tell(a, ev);
}

void leg_close(Ami *a, Leg *l)
{
    if (l->replied && !l->answered && !l->gone && !*l->channel && !l->ours)
        made_no_channel(a, l);
    if (l->kind == LEG_AGENT || l->kind == LEG_SPY) {
        close_agent(a, l);
        return;
    }
    tell_end(a, l, leg_verdict(l));
    leg_free(a, l);
}

/* Both halves of an end are in, or nothing can be learnt from the other. */
static void close_if_whole(Ami *a, Leg *l)
{
    if (l->kind != LEG_CALL || l->answered || l->ours || (l->gone && l->replied))
        leg_close(a, l);
    else
        leg_due(a, l, DUE_CLOSE, CLOSE_MS);
}

void leg_replied(Ami *a, Leg *l, bool success, int64_t reason)
{
    l->replied = true;
    l->timed_out = reason == 3;
    if (!success && l->gone) {
        leg_close(a, l);
    } else if (!success) {
        leg_due(a, l, DUE_CLOSE, CLOSE_MS);
    } else {
        bool first = !l->answered;
        if (l->kind != LEG_CALL)
            l->gen++;                     /* it was answered in time */
        leg_answered(a, l);
        if (first && l->kind == LEG_AGENT)
            leg_tell(a, l, DRIVER_AGENT_UP);
        else if (first && l->kind == LEG_SPY)
            leg_tell(a, l, DRIVER_LISTENING);
        if (l->gone)
            leg_close(a, l);
    }
}

void leg_gone(Ami *a, Leg *l, int cause)
{
    l->gone = true;
    l->cause = cause;
    close_if_whole(a, l);
}

/* We asked for something of a channel that is not there: it has ended, or is not made yet. */
void leg_missing(Ami *a, Leg *l)
{
    if (l->stranger)
        leg_free(a, l);
    else if (l->answered || *l->channel || l->replied)
        leg_close(a, l);
    else
        leg_due(a, l, DUE_CLOSE, 5 * CLOSE_MS);
}

void leg_waited(Ami *a, Leg *l, int what)
{
    if (what == DUE_PERSON)
        leg_person(a, l, false);
    else
        leg_close(a, l);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/leg.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define CLOSE_MS 1000                /* the other half of an end comes within this, or not at all */
#define UNMADE_MOST 3

/* ---- finding --------------------------------------------------------------------------------- */

static uint64_t name_key(Str name)
{
    return str_hash(name) | 1;
}

static IdMap *map_of(Peer *p, LegKind kind)
{
    return kind == LEG_AGENT ? &p->agents : kind == LEG_SPY ? &p->spies : &p->calls;
}

Leg *leg_named(Peer *p, Str name)
{
    int i = idmap_get(&p->by_name, name_key(name));
    return i >= 0 && str_is(name, p->legs[i].name) ? &p->legs[i] : NULL;
}

Leg *leg_of(Peer *p, LegKind kind, int64_t id)
{
    int i = idmap_get(map_of(p, kind), (uint64_t)id);
    return i >= 0 ? &p->legs[i] : NULL;
}

static int take_slot(Peer *p)
{
    if (p->nfree > 0)
        return p->free_legs[--p->nfree];
    if (p->nlegs == p->size) {
        p->size = p->size ? 2 * p->size : 64;
        p->legs = xresize(p->legs, sizeof *p->legs * (size_t)p->size);
        p->free_legs = xresize(p->free_legs, sizeof *p->free_legs * (size_t)p->size);
    }
    p->legs[p->nlegs].gen = 0;
    return p->nlegs++;
}

Leg *leg_open(Peer *p, LegKind kind, int64_t id, const char *name)
{
    int slot = take_slot(p);
    Leg *l = &p->legs[slot];
    *l = (Leg){ .kind = kind, .id = id, .gen = l->gen + 1, .epoch = p->epoch,
                .link = p->link };
    snprintf(l->name, sizeof l->name, "%s", name);
    idmap_put(&p->by_name, name_key(str(l->name)), slot);
    idmap_put(map_of(p, kind), (uint64_t)id, slot);
    return l;
}

void leg_free(Peer *p, Leg *l)
{
    int slot = (int)(l - p->legs);
    idmap_remove(&p->by_name, name_key(str(l->name)));
    if (leg_of(p, l->kind, l->id) == l)
        idmap_remove(map_of(p, l->kind), (uint64_t)l->id);
    l->kind = LEG_FREE;
    l->gen++;
    p->free_legs[p->nfree++] = slot;
}

void leg_rename(Peer *p, Leg *l, LegKind kind, int64_t id)
{
    idmap_remove(map_of(p, l->kind), (uint64_t)l->id);
    l->kind = kind;
    l->id = id;
    idmap_put(map_of(p, kind), (uint64_t)id, (int)(l - p->legs));
}

void leg_set_name(Peer *p, Leg *l, Str name)
{
    idmap_remove(&p->by_name, name_key(str(l->name)));
    snprintf(l->name, sizeof l->name, "%.*s", STR_ARG(name));
    idmap_put(&p->by_name, name_key(str(l->name)), (int)(l - p->legs));
}

void leg_due(Peer *p, Leg *l, int what, int64_t in_ms)
{
    agenda_add(&p->agenda, p->now + in_ms, what, l - p->legs, ++l->gen);
}

/* ---- telling --------------------------------------------------------------------------------- */

void leg_tell(Peer *p, const Leg *l, DriverEventKind kind)
{
    if (l->kind == LEG_AGENT || l->kind == LEG_SPY)
        peer_tell(p, (DriverEvent){ .kind = kind, .agent = l->id });
    else if (kind == DRIVER_INCOMING)
        peer_tell(p, (DriverEvent){ .kind = kind, .call = l->id, .number = l->number,
                               .called = l->called });
    else
        peer_tell(p, (DriverEvent){ .kind = kind, .call = l->id });
}

void leg_tell_later(Peer *p, DriverEventKind kind, int64_t id)
{
    agenda_add(&p->agenda, p->now, DUE_TELL, id, kind);
    peer_send(p);                          /* whoever carries the bytes asks when to wake us */
}

static void tell_end(Peer *p, const Leg *l, DriverEventKind kind)
{
    HangupBy by = l->ours ? BY_US : !l->answered ? BY_NETWORK : l->far_end ? BY_CUSTOMER
                  : BY_NOBODY;
    peer_tell(p, (DriverEvent){ .kind = kind, .call = l->id, .by = by, .cause = l->cause });
}

/* ---- the course of a call -------------------------------------------------------------------- */

void leg_rang(Peer *p, Leg *l)
{
    bool first = !l->rang;
    l->rang = true;
    if (l->kind == LEG_CALL && first && !l->answered)
        leg_tell(p, l, DRIVER_RINGING);
}

void leg_answered(Peer *p, Leg *l)
{
    if (l->answered)
        return;
    l->answered = true;
    if (l->kind != LEG_CALL)
        return;
    leg_tell(p, l, DRIVER_ANSWERED);
    if (!l->detect && !l->gone)
        leg_due(p, l, DUE_PERSON, CLOSE_MS);
}

void leg_person(Peer *p, Leg *l, bool machine)
{
    if (l->kind != LEG_CALL || l->person || l->machine)
        return;
    leg_answered(p, l);
    if (!l->gone)
        l->gen++;                         /* nothing more has to be waited for */
    *(machine ? &l->machine : &l->person) = true;
    leg_tell(p, l, machine ? DRIVER_MACHINE : DRIVER_PERSON);
}

void leg_bridged(Peer *p, Leg *l)
{
    if (l->kind != LEG_CALL || l->bridged)
        return;
    leg_person(p, l, false);
    l->bridged = true;
    leg_tell(p, l, DRIVER_BRIDGED);
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
static void made_no_channel(Peer *p, const Leg *l)
{
    if (l->kind == LEG_AGENT)
        peer_trouble(p, 0, "it does not know the phone of agent %lld, or cannot reach it",
                    (long long)l->id);
    else if (l->kind == LEG_CALL && !l->timed_out && ++p->unmade >= UNMADE_MOST)
        peer_trouble(p, l->id, "it makes no call of '%s': is there such a trunk? dialer test %s "
                    "shows more", p->cfg.dial, p->cfg.name);
}

static void close_agent(Peer *p, Leg *l)
{
    DriverEvent ev = { .kind = l->kind == LEG_AGENT ? DRIVER_AGENT_DOWN : DRIVER_LISTEN_OVER,
                       .agent = l->id };
    bool replaced = leg_of(p, l->kind, l->id) != l;
    leg_free(p, l);
    if (!replaced)
        peer_tell(p, ev);
}

void leg_close(Peer *p, Leg *l)
{
    if (l->replied && !l->answered && !l->gone && !*l->channel && !l->ours)
        made_no_channel(p, l);
    if (l->kind == LEG_AGENT || l->kind == LEG_SPY) {
        close_agent(p, l);
        return;
    }
    tell_end(p, l, leg_verdict(l));
    leg_free(p, l);
}

/* Both halves of an end are in, or nothing can be learnt from the other. */
static void close_if_whole(Peer *p, Leg *l)
{
    if (l->kind != LEG_CALL || l->answered || l->ours || (l->gone && l->replied))
        leg_close(p, l);
    else
        leg_due(p, l, DUE_CLOSE, CLOSE_MS);
}

void leg_replied(Peer *p, Leg *l, bool success, bool timed_out)
{
    l->replied = true;
    l->timed_out = timed_out;
    if (!success && l->gone) {
        leg_close(p, l);
    } else if (!success) {
        leg_due(p, l, DUE_CLOSE, CLOSE_MS);
    } else {
        bool first = !l->answered;
        if (l->kind != LEG_CALL)
            l->gen++;                     /* it was answered in time */
        leg_answered(p, l);
        if (first && l->kind == LEG_AGENT)
            leg_tell(p, l, DRIVER_AGENT_UP);
        else if (first && l->kind == LEG_SPY)
            leg_tell(p, l, DRIVER_LISTENING);
        if (l->gone)
            leg_close(p, l);
    }
}

void leg_gone(Peer *p, Leg *l, int cause)
{
    l->gone = true;
    l->cause = cause;
    close_if_whole(p, l);
}

/* We asked for something of a channel that is not there: it has ended, or is not made yet. */
void leg_missing(Peer *p, Leg *l)
{
    if (l->stranger)
        leg_free(p, l);
    else if (l->answered || *l->channel || l->replied)
        leg_close(p, l);
    else
        leg_due(p, l, DUE_CLOSE, 5 * CLOSE_MS);
}

void leg_waited(Peer *p, Leg *l, int what)
{
    if (what == DUE_OWN)
        p->talk->waited(p, l);
    else if (what == DUE_PERSON)
        leg_person(p, l, false);
    else
        leg_close(p, l);
}

/* ---- names ----------------------------------------------------------------------------------- */

void leg_name(Peer *p, char kind, int64_t id, char out[static DRIVER_NAME])
{
    snprintf(out, DRIVER_NAME, "%s-%c%" PRId64 "-%" PRIu32 "-", p->cfg.prefix, kind, id,
             ++p->serial);
}

AgentId leg_agent_of_name(const Peer *p, Str name)
{
    size_t n = strlen(p->cfg.prefix);
    int64_t id;
    if (name.n < n + 3 || memcmp(name.s, p->cfg.prefix, n) != 0 || memcmp(name.s + n, "-a", 2) != 0)
        return 0;
    const char *at = name.s + n + 2, *end = memchr(at, '-', name.n - n - 2);
    return end && str_int(str_n(at, (size_t)(end - at)), &id) && id > 0 ? id : 0;
}

void leg_asks(const Peer *p, const Leg *l, char kind, char out[static DRIVER_NAME])
{
    snprintf(out, DRIVER_NAME, "%c%d.%" PRId64 "-%s", kind, (int)(l - p->legs), l->id,
             p->cfg.prefix);
}

Leg *leg_asked(Peer *p, Str id, char *kind)
{
    char text[DRIVER_NAME];
    int slot, at = 0;
    long long of;
    if (id.n == 0 || id.n >= sizeof text)
        return NULL;
    snprintf(text, sizeof text, "%.*s", STR_ARG(id));
    if (sscanf(text, "%c%d.%lld-%n", kind, &slot, &of, &at) != 3 || at == 0
        || strcmp(text + at, p->cfg.prefix) != 0 || slot < 0 || slot >= p->nlegs
        || p->legs[slot].kind == LEG_FREE || p->legs[slot].id != of)
        return NULL;
    return &p->legs[slot];
}

/* ---- reconcile ------------------------------------------------------------------------------- */

/* All that is true of a call, as if it were new. */
static void say_call(Peer *p, Leg *l)
{
    leg_tell(p, l, l->answered ? DRIVER_ANSWERED : DRIVER_RINGING);
    if (l->person)
        leg_tell(p, l, DRIVER_PERSON);
    else if (l->machine)
        leg_tell(p, l, DRIVER_MACHINE);
    else if (l->answered && !l->ours)
        leg_due(p, l, DUE_PERSON, 5000);      /* being told from machines, or its word was missed */
    if (l->bridged)
        leg_tell(p, l, DRIVER_BRIDGED);
}

static void say(Peer *p, Leg *l)
{
    if (l->kind == LEG_CALL)
        say_call(p, l);
    else if (l->kind == LEG_IN)
        leg_tell(p, l, DRIVER_INCOMING);
    else if (l->kind == LEG_AGENT && l->answered && !l->ours)
        leg_tell(p, l, DRIVER_AGENT_UP);
    else if (l->kind == LEG_SPY && l->answered && !l->ours)
        leg_tell(p, l, DRIVER_LISTENING);
    else
        leg_due(p, l, DUE_CLOSE, 30000);      /* its phone rings */
}

static void forget(Peer *p, Leg *l)
{
    if (l->link == p->link && !*l->channel && !l->replied && !l->stranger)
        say(p, l);
    else if (l->kind == LEG_IN || l->kind == LEG_SPY || l->gone)
        leg_close(p, l);
    else
        leg_free(p, l);
}

void legs_listed(Peer *p)
{
    p->listing = false;
    for (int i = 0; i < p->nlegs; i++) {
        Leg *l = &p->legs[i];
        if (l->kind == LEG_FREE)
            continue;
        if (l->epoch == p->epoch)
            say(p, l);
        else
            forget(p, l);
    }
    peer_tell(p, (DriverEvent){ .kind = DRIVER_RECONCILED });
}

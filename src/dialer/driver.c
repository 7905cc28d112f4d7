/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/driver.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>

bool driver_do(Driver *d, const DriverOrder *order, Error *err)
{
    switch (order->kind) {
    case ORDER_PLACE:
        return d->ops->place(d, order, err);
    case ORDER_BRIDGE:
        return d->ops->bridge(d, order->call, order->agent, err);
    case ORDER_HANGUP:
        return d->ops->hangup(d, order->call, order->why, err);
    case ORDER_PLAY:
        return d->ops->play(d, order->call, order->sound, err);
    case ORDER_RECORD:
        return d->ops->record(d, order->call, order->record, err);
    case ORDER_TAKE:
        return d->ops->take(d, order, err);
    case ORDER_AGENT_CALL:
        return d->ops->agent_call(d, order->agent, err);
    case ORDER_AGENT_DROP:
        return d->ops->agent_drop(d, order->agent, err);
    case ORDER_SUPERVISE:
        return d->ops->supervise(d, order->supervisor, order->agent, order->how, err);
    case ORDER_RECONCILE:
        return d->ops->reconcile(d, err);
    }
    panic("driver order %d", (int)order->kind);
}

bool driver_cannot(const Driver *d, const char *what, Error *err)
{
    fail(err, ERR_REFUSED, "the adapter %s cannot %s", d->ops->name, what);
    return fail_hint(err, "an Asterisk can: dialer adapter ami");
}

int driver_room(Driver *d)
{
    return d->ops->room ? d->ops->room(d) : INT_MAX;
}

int64_t driver_next(const Driver *d)
{
    return d->ops->next ? d->ops->next(d) : NEVER;
}

void driver_advance(Driver *d, int64_t now)
{
    if (d->ops->advance)
        d->ops->advance(d, now);
}

int driver_limit(Driver *d, const char *name, int most, double part)
{
    return d->ops->limit ? d->ops->limit(d, name, most, part) : -1;
}

void driver_tell(const Driver *d, const char *name, Buf *out)
{
    if (d->ops->tell)
        d->ops->tell(d, out);
    else
        buf_cstr(out, name);
}

void driver_call_name(const char *prefix, CallId call, char out[static DRIVER_NAME])
{
    snprintf(out, DRIVER_NAME, "%s-c%" PRId64 "-", prefix, call);
}

bool driver_call_of_name(const char *prefix, Str name, CallId *out)
{
    size_t n = strlen(prefix);
    return name.n > n + 3 && memcmp(name.s, prefix, n) == 0 && memcmp(name.s + n, "-c", 2) == 0
           && name.s[name.n - 1] == '-' && str_int(str_n(name.s + n + 2, name.n - n - 3), out)
           && *out > 0;
}

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool made_of(const char *s, const char *allowed)
{
    return *s && s[strspn(s, allowed)] == '\0';
}

bool driver_check_number(const char *number, Error *err)
{
    return made_of(*number == '+' ? number + 1 : number, DIGITS "*#")
           || fail(err, ERR_INVALID, "'%s' is not a number to dial", number);
}

bool driver_check_sound(const char *sound, Error *err)
{
    return (made_of(sound, LETTERS DIGITS "-_/") && *sound != '/')
           || fail(err, ERR_INVALID, "'%s' is not the name of a sound", sound);
}

bool driver_check_phone(const char *phone, Error *err)
{
    return (made_of(phone, LETTERS DIGITS "/._-") && strlen(phone) < DRIVER_PHONE)
           || fail(err, ERR_INVALID, "'%s' is not a phone that a switch could know", phone);
}

bool driver_ends_call(DriverEventKind k)
{
    return k == DRIVER_BUSY || k == DRIVER_NO_ANSWER || k == DRIVER_INVALID || k == DRIVER_FAILED
           || k == DRIVER_HANGUP;
}

const char *driver_event_name(DriverEventKind k)
{
    static const char *const names[DRIVER_EVENTS] = {
        [DRIVER_RINGING] = "ringing",
        [DRIVER_ANSWERED] = "answered",
        [DRIVER_PERSON] = "person",
        [DRIVER_MACHINE] = "machine",
        [DRIVER_BUSY] = "busy",
        [DRIVER_NO_ANSWER] = "no answer",
        [DRIVER_INVALID] = "invalid number",
        [DRIVER_FAILED] = "failed",
        [DRIVER_BRIDGED] = "bridged",
        [DRIVER_BRIDGE_FAILED] = "bridge failed",
        [DRIVER_HANGUP] = "hang-up",
        [DRIVER_AGENT_UP] = "agent's phone up",
        [DRIVER_AGENT_DOWN] = "agent's phone down",
        [DRIVER_LISTENING] = "supervisor listens",
        [DRIVER_LISTEN_OVER] = "supervisor has left",
        [DRIVER_LINK_UP] = "link up",
        [DRIVER_LINK_DOWN] = "link down",
        [DRIVER_RECONCILED] = "reconciled",
        [DRIVER_INCOMING] = "call in",
        [DRIVER_TROUBLE] = "trouble",
        [DRIVER_NODE_DOWN] = "machine down",
        [DRIVER_NODE_UP] = "machine up",
    };
    return names[k];
}

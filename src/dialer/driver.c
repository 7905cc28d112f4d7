/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/driver.h"

bool driver_do(Driver *d, const DriverOrder *order, Error *err)
{
    switch (order->kind) {
    case ORDER_PLACE:
        return d->ops->place(d, order, err);
    case ORDER_BRIDGE:
        return d->ops->bridge(d, order->call, order->agent, err);
    case ORDER_HANGUP:
        return d->ops->hangup(d, order->call, order->why, err);
    case ORDER_AGENT_CALL:
        return d->ops->agent_call(d, order->agent, err);
    case ORDER_AGENT_DROP:
        return d->ops->agent_drop(d, order->agent, err);
    case ORDER_RECONCILE:
        return d->ops->reconcile(d, err);
    }
    panic("driver order %d", (int)order->kind);
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
        [DRIVER_LINK_UP] = "link up",
        [DRIVER_LINK_DOWN] = "link down",
        [DRIVER_RECONCILED] = "reconciled",
    };
    return names[k];
}

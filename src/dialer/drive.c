/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/drive.h"

#include "base/never.h"

/* The last gate of all. Whatever went wrong before it, no emergency number is called. */
static bool carry_out(Driver *d, const DriverOrder *o, Error *err)
{
    const char *never = o->kind == ORDER_PLACE ? never_dialled(str(o->number), (Str){ 0 }) : NULL;
    return never ? fail(err, ERR_REFUSED, "%s is %s and is never dialled", o->number, never)
                 : driver_do(d, o, err);
}

void drive(Engine *e, Driver *d, int64_t now)
{
    DriverOrder order;
    engine_room(e, driver_room(d));
    engine_tick(e, now);
    while (engine_order(e, &order)) {
        Error err = { 0 };
        if (!carry_out(d, &order, &err))
            engine_refused(e, &order, &err);
    }
}

static void hand_over(void *self, const DriverEvent *ev)
{
    engine_event(self, ev);
}

DriverSink drive_sink(Engine *e)
{
    return (DriverSink){ .self = e, .event = hand_over };
}

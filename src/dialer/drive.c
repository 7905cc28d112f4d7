/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/drive.h"

void drive(Engine *e, Driver *d, int64_t now)
{
    DriverOrder order;
    engine_room(e, driver_room(d));
    engine_tick(e, now);
    while (engine_order(e, &order)) {
        Error err = { 0 };
        if (!driver_do(d, &order, &err))
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

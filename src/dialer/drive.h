/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drive.h -- the one place where an engine and a driver meet.
 */
#ifndef DIALER_DRIVE_H
#define DIALER_DRIVE_H

#include "dialer/engine.h"

/* Let the engine do what is due, and give the driver all its orders; what the driver does not take,
 * the engine is told. To be called after each batch of events and whenever engine_wake() has
 * come. */
void drive(Engine *e, Driver *d, int64_t now);

/* A sink that hands events to an engine. */
DriverSink drive_sink(Engine *e);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sim.h -- the driver "sim": a telephone network with its customers, made of numbers (world.h). The
 * default driver.
 *
 * It runs on a turned clock: nothing happens but in advance(), so the same code serves an
 * eight-hour day in a moment and a preview at the prompt in real time.  Agents at their desks are
 * not part of it (crew.h): a person at a terminal may be one.  Misbehaviour is drawn in the order
 * of events; what an attempt becomes is not.
 *
 * With SimWorld.by_number the last digit of a number says what it does, as a test exchange would:
 *     0 no such number       1 busy                     2 rings for ever
 *     3 answering machine    4 congestion               5 rejects after ringing
 *     8 a person             9 never hangs up first     6, 7 as luck has it
 */
#ifndef DIALER_SIM_H
#define DIALER_SIM_H

#include "dialer/driver.h"
#include "dialer/world.h"

/* The link comes up at the first advance(). Never fails; copies the world. */
Driver *sim_open(const SimWorld *w, uint64_t seed, int64_t now, DriverSink sink);

/* Somebody calls one of our numbers at the time of the last advance(); what he is like, his number
 * decides. Returns the driver's id of the call. */
CallId sim_call_in(Driver *d, const char *number, const char *called);

/* For tests: calls that are up at the "switch". */
int sim_calls_up(const Driver *d);

/* Lose or restore the link at the time of the last advance(), as the fault knob does by itself. */
void sim_set_link(Driver *d, bool up);

#endif

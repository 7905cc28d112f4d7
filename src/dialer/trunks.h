/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * trunks.h -- a driver around another: its calls are spread over several trunks of one switch.
 *
 * Which trunk a call takes is decided when it is placed: the one that is furthest behind its share
 * among those that may take one (calls at once, calls a second).  A trunk whose last calls all came
 * to nothing rests for a minute, unless all do; one with share 0 stands by for that.
 */
#ifndef DIALER_TRUNKS_H
#define DIALER_TRUNKS_H

#include "dialer/drivers.h"

/* Opens c[0] as the switch. Copies the configs, whose texts must outlive the driver. */
Driver *trunks_open(const SwitchConfig *c, int n, const DriverHost *host, Error *err);

Driver *trunks_inner(Driver *d);          /* the machine's own */
/* For tests: the calls that are up on the i-th trunk. */
int trunks_calls(const Driver *d, int i);

#endif

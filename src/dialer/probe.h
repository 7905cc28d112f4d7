/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * probe.h -- a switch looked at step by step, as far as it can be without calling anybody: what is
 * wrong, and how to mend it.
 */
#ifndef DIALER_PROBE_H
#define DIALER_PROBE_H

#include <stdbool.h>

typedef enum ProbeVerdict { PROBE_OK, PROBE_WRONG, PROBE_UNKNOWN } ProbeVerdict;

typedef struct ProbeHost {
    void *self;
    void (*say)(void *self, const char *step, ProbeVerdict v, const char *found, const char *mend);
    bool (*stop)(void *self);         /* asked while it waits: the user has enough. May be NULL */
} ProbeHost;

#endif

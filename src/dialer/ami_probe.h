/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami_probe.h -- an Asterisk looked at step by step, as far as it can be without calling anybody:
 * what is wrong, and how to mend it.
 */
#ifndef DIALER_AMI_PROBE_H
#define DIALER_AMI_PROBE_H

#include "dialer/drivers.h"

typedef enum ProbeVerdict { PROBE_OK, PROBE_WRONG, PROBE_UNKNOWN } ProbeVerdict;

typedef struct ProbeHost {
    void *self;
    void (*say)(void *self, const char *step, ProbeVerdict v, const char *found, const char *mend);
    bool (*stop)(void *self);         /* asked while it waits: the user has enough. May be NULL */
} ProbeHost;

/* Takes some seconds. False: something is wrong; ERR_UNREACHABLE (nobody could log in), ERR_FAILED
 * (it would not carry calls), ERR_INTERRUPTED. Each step was told to host->say. */
bool ami_probe(const SwitchConfig *c, const ProbeHost *host, Error *err);

#endif

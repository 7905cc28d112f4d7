/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * drivers.h -- what a switch is called and how it is reached, and the driver that it takes.
 */
#ifndef DIALER_DRIVERS_H
#define DIALER_DRIVERS_H

#include "dialer/driver.h"
#include "dialer/probe.h"

/* One `switch` record. Texts are the caller's and must outlive the driver; none is NULL. */
typedef struct SwitchConfig {
    const char *name;
    const char *adapter;      /* DriverOps.name: "sim", ... */
    const char *host;         /* a name or an address */
    int port;                 /* 0: the adapter's usual one */
    bool tls;
    const char *ca_file;      /* PEM; "": the system's authorities */
    const char *user;
    const char *secret;       /* where it is: "file:/PATH" (mode 0600) or "env:NAME" */
    const char *prefix;       /* of names of calls on the switch: a-z, 0-9; no two databases that
                                 share a switch have the same */
    const char *dial;         /* what dials a number: "PJSIP/{number}@carrier" */
    const char *phones;       /* what rings an agent: "PJSIP/{phone}"; a phone with a '/' in it is
                                 taken as it is */
    const char *caller;       /* the number that is shown; "": the trunk's */
    const char *command;      /* a program and its arguments, for the adapter that starts one */
    int share;                /* of the calls, against the shares of the other switches; >= 0 */
    int max_calls;            /* at once; 0: no limit */
    double max_rate;          /* calls a second; 0: no limit */
} SwitchConfig;

/* The secret that a config names, in out. ERR_INVALID, ERR_IO: why it cannot be had; a file that
 * others may read is refused. */
enum { SECRET_MOST = 256 };
bool secret_read(const char *where, char out[static SECRET_MOST], Error *err);

typedef struct DriverType {
    const char *name;
    const char *what;         /* "the simulated line" */
    unsigned can;             /* DriverCan */
    Driver *(*open)(const SwitchConfig *c, const DriverHost *host, Error *err);
    /* Look at a switch; takes some seconds. False: something is wrong; ERR_UNREACHABLE (nobody
     * could log in), ERR_FAILED (it would not carry calls), ERR_INTERRUPTED. Each step was told. */
    bool (*probe)(const SwitchConfig *c, const ProbeHost *host, Error *err);
} DriverType;

extern const DriverType driver_types[];       /* ends with a NULL name */
const DriverType *driver_type(const char *adapter);       /* NULL */

/* A driver for a switch; it comes up in its own time (promise 6). NULL: ERR_NOT_FOUND, no such
 * adapter; ERR_INVALID, a value is not what a switch could take. Copies *host. */
Driver *driver_open(const SwitchConfig *c, const DriverHost *host, Error *err);

/* One driver for all of these (n > 0). Those that are reached the same way are trunks of one
 * machine and differ in what they dial (trunks.h); several machines share calls and agents
 * (nodes.h). ERR_REFUSED: some are simulated and some are not. */
Driver *drivers_open(const SwitchConfig *c, int n, const DriverHost *host, Error *err);

/* Somebody calls in on the simulated line, which `d` must be; "": withheld. ERR_INVALID. */
bool drivers_call_in(Driver *d, const char *number, Error *err);

#endif

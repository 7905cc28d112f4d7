/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_switch.h -- the `switch` records, and agents' phones, as what a driver takes.
 */
#ifndef DIALER_SESSION_SWITCH_H
#define DIALER_SESSION_SWITCH_H

#include "dialer/drivers.h"
#include "dialer/session.h"
#include "model/crm.h"

/* Those that are enabled, by id, in the arena. None: the simulated line, as one of name and adapter
 * "sim", so *n is never 0. */
bool dial_switches(Crm *crm, Arena *a, SwitchConfig **out, int *n, Error *err);

/* One of them, enabled or not. ERR_NOT_FOUND. */
bool dial_switch(Crm *crm, int64_t id, Arena *a, SwitchConfig *out, Error *err);

/* Can each of these do what is needed (DriverCan)? ERR_REFUSED: "WHAT: switch NAME is a soft phone,
 * which cannot". */
bool dial_switches_can(const SwitchConfig *c, int n, unsigned can, const char *what, Error *err);
/* The same of a campaign's own wishes: that its calls are recorded. */
bool dial_switches_serve(const SwitchConfig *c, int n, const DialCampaign *campaign, Error *err);

/* Has no end of this call been written? Then somebody who is alive has it; so it is taken to be
 * when that cannot be read. */
bool dial_call_is_open(Crm *crm, CallId call);

/* The phone that an agent's record names; false: none. */
bool dial_phone(Crm *crm, AgentId agent, char out[static DRIVER_PHONE]);

/* The switch that knows it; false: each does. */
bool dial_home(Crm *crm, AgentId agent, char out[static DRIVER_PHONE]);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * nodes.h -- a driver around several: machines that carry the calls of one campaign together.
 *
 * Agents' phones are spread over the machines by their shares (or are where the agent's record
 * says) and calls go where the agents are, since nobody is joined across machines; where no phones
 * are up (a message is played) calls go by the shares.  A machine that cannot be reached is out of
 * this at once, and so for a minute is one whose calls all come to nothing; one with share 0 stands
 * by for that.  Agents who were idle on it are called from another after some seconds.  When it is
 * back this driver asks it by itself what is up there and tells what has changed, so the engine
 * reconciles only when all of them were away.
 */
#ifndef DIALER_NODES_H
#define DIALER_NODES_H

#include "dialer/drivers.h"

/* The switches of one machine: configs first..first+n, its trunks. */
typedef struct NodeConfig { const SwitchConfig *first; int n; } NodeConfig;

/* 1 < n <= NODES_MOST. Texts must outlive the driver. */
Driver *nodes_open(const NodeConfig *c, int n, const DriverHost *host, Error *err);

/* For tests: the driver of the i-th machine; the calls, the phones on it. */
Driver *nodes_inner(Driver *d, int i);
int nodes_calls(const Driver *d, int i);
int nodes_phones(const Driver *d, int i);

#endif

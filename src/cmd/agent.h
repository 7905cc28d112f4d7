/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * agent.h -- which agent is meant.
 */
#ifndef CMD_AGENT_H
#define CMD_AGENT_H

#include "cmd/command.h"

/* The agent that was named, else the one who is the user; *agent 0: there is none. */
bool agent_me(const Call *c, int64_t named, int64_t *agent, Error *err);
/* What an agent works on; 0: nothing. */
bool campaign_of_agent(const Call *c, int64_t agent, int64_t *campaign, Error *err);

#endif

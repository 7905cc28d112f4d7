/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * agent.h -- which agent is meant, and watching what befalls one.
 */
#ifndef CMD_AGENT_H
#define CMD_AGENT_H

#include "cmd/command.h"

/* The agent that was named, else the one who is the user; *agent 0: there is none. */
bool agent_me(const Call *c, int64_t named, int64_t *agent, Error *err);
bool agent_get_me(const Call *c, int64_t named, int64_t *agent, Error *err);   /* ERR_NOT_FOUND */
/* What an agent works on; 0: nothing. */
bool campaign_of_agent(const Call *c, int64_t agent, int64_t *campaign, Error *err);

/* From now on tell above the prompt of this agent's calls, instead of another's. Nothing happens
 * where nobody sits at a prompt. Unwatch before the database is closed. */
typedef struct AgentWatch AgentWatch;
void agent_watch(Session *s, int64_t agent, const char *name);
void agent_unwatch(Session *s);

#endif

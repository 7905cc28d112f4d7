/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crew.h -- simulated agents: they come, talk, write, say results, take pauses and go home.
 *
 * They act through the engine's functions for agents, as people do, and see what an observer sees.
 * How long they talk and what the result is comes from the attempt (world.h), how they come and go
 * from a stream of each agent's own.
 */
#ifndef DIALER_CREW_H
#define DIALER_CREW_H

#include "dialer/engine.h"
#include "dialer/world.h"

typedef struct Crew Crew;

/* Agents with these ids arrive after `start`. In a preview campaign they ask for entries and dial
 * them. */
Crew *crew_new(const SimWorld *w, uint64_t seed, const AgentId *ids, int n, bool preview,
               int64_t start);
void crew_free(Crew *c);

/* To be called from the engine's observer. */
void crew_saw_line(Crew *c, int64_t now, const Line *line, LineState from);
void crew_saw_agent(Crew *c, int64_t now, const Agent *agent, AgentState from);

int64_t crew_next(const Crew *c);                         /* when somebody does something; NEVER */
void crew_advance(Crew *c, int64_t now, Engine *e);
void crew_last_calls(Crew *c);   /* nobody comes or asks for an entry any more */
void crew_go_home(Crew *c, int64_t now, Engine *e);       /* who is free goes, the others after
                                                             their call */

#endif

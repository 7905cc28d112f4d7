/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/agent.h"

#include <stdlib.h>

void agents_init(Agents *as)
{
    *as = (Agents){ 0 };
    queue_init(&as->idle);
}

void agents_release(Agents *as)
{
    free(as->all);
    idmap_release(&as->index);
    queue_release(&as->idle);
    agents_init(as);
}

int agents_find(const Agents *as, AgentId id)
{
    return idmap_get(&as->index, (uint64_t)id);
}

int agents_add(Agents *as, AgentId id, int64_t now)
{
    int i = agents_find(as, id);
    if (i >= 0)
        return i;
    if (as->n == as->size) {
        as->size = as->size ? 2 * as->size : 16;
        as->all = xresize(as->all, sizeof *as->all * (size_t)as->size);
    }
    i = as->n++;
    as->all[i] = (Agent){ .id = id, .since = now, .call = -1, .then = AGENT_READY };
    as->in[AGENT_OFF]++;
    idmap_put(&as->index, (uint64_t)id, i);
    return i;
}

void agent_set(Agents *as, int i, AgentState state, int64_t now)
{
    Agent *a = &as->all[i];
    if (a->state == state)
        return;
    as->in[a->state]--;
    as->in[state]++;
    a->spent[a->state] += now - a->since;
    a->since = now;
    a->gen++;
    if (a->state == AGENT_READY)
        queue_remove(&as->idle, i);
    if (state == AGENT_READY)
        queue_push(&as->idle, i);
    a->state = state;
}

int64_t agent_time_in(const Agent *a, AgentState s, int64_t now)
{
    return a->spent[s] + (a->state == s ? now - a->since : 0);
}

const char *agent_state_name(AgentState s)
{
    static const char *const names[AGENT_STATES] = {
        [AGENT_OFF] = "off",
        [AGENT_PAUSED] = "paused",
        [AGENT_READY] = "ready",
        [AGENT_PREVIEW] = "preview",
        [AGENT_DIALLING] = "dialling",
        [AGENT_TALKING] = "talking",
        [AGENT_WRAPUP] = "wrap-up",
    };
    return names[s];
}

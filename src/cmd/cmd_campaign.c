/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_campaign.c -- the states of campaigns, and of agents.
 */
#include "cmd/command.h"
#include "model/list.h"
#include "store/journal.h"

enum { AGENT_STATE, SQL_COUNT };
static const Sql sql[] = {
    [AGENT_STATE] = { "UPDATE agent SET state = ?2, since = ?3, reason = ?4, campaign = "
                      "coalesce(?5, campaign),"
                      " change = ?6 WHERE id = ?1", SQL_HOT },
};
const SqlTable cmd_campaign_sql = { "cmd_campaign", sql, SQL_COUNT };

/* ---- campaigns ------------------------------------------------------------------------------- */

typedef struct CampaignArgs { int64_t campaign; } CampaignArgs;

static bool campaign_to(const Call *c, const char *state, Error *err)
{
    const CampaignArgs *a = c->args;
    if (!campaign_set_state(c->crm, a->campaign, state, c->arena, err))
        return false;
    const Type *t = schema_type(c->crm->schema, STR("campaign"));
    ui_note(c->ui, "campaign %s is %s", record_label(c->crm, t, a->campaign, c->arena), state);
    return true;
}

static bool ready_run(const Call *c, Error *err)
{
    return campaign_to(c, "ready", err);
}

static bool start_run(const Call *c, Error *err)
{
    return campaign_to(c, "running", err);
}

static bool pause_run(const Call *c, Error *err)
{
    return campaign_to(c, "paused", err);
}

static bool close_run(const Call *c, Error *err)
{
    return campaign_to(c, "closed", err);
}

#define CAMPAIGN_ARG (const Arg[]){ \
    { "campaign", ARG_RECORD, 0, "its name", AT(CampaignArgs, campaign), .of = "campaign" }, { 0 } }

static const Command campaign_ready = {
    .name = "campaign ready", .summary = "Mark a draft campaign as ready",
    .args = CAMPAIGN_ARG, .args_size = sizeof(CampaignArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES,
    .run = ready_run,
    .examples = (const Example[]){
        { "campaign ready autumn", "a draft is complete" },
        { 0 } },
};

static const Command campaign_start = {
    .name = "campaign start", .summary = "Start a campaign, or go on after a pause",
    .detail = "Its list, script, hours and dates must be in order; what is not is named.",
    .args = CAMPAIGN_ARG, .args_size = sizeof(CampaignArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES,
    .examples = (const Example[]){ { "campaign start autumn", "from draft or ready to running" },
                                   { 0 } },
    .run = start_run,
};

static const Command campaign_pause = {
    .name = "campaign pause", .summary = "Pause a running campaign: nothing new is dialled",
    .args = CAMPAIGN_ARG, .args_size = sizeof(CampaignArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES,
    .run = pause_run,
    .examples = (const Example[]){
        { "campaign pause demo", "nothing new is dialled" },
        { 0 } },
};

static const Command campaign_close = {
    .name = "campaign close", .summary = "Close a campaign for good",
    .args = CAMPAIGN_ARG, .args_size = sizeof(CampaignArgs), .need = MAY_MANAGE,
    .flags = COMMAND_WRITES,
    .run = close_run,
    .examples = (const Example[]){
        { "campaign close demo", "for good" },
        { 0 } },
};

/* ---- agents ---------------------------------------------------------------------------------- */

typedef struct AgentArgs { int64_t agent, campaign; const char *reason; } AgentArgs;

static bool agent_to(const Call *c, const char *state, Error *err)
{
    const AgentArgs *a = c->args;
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[AGENT_STATE], &q, err))
        return false;
    query_int(q, 1, a->agent);
    query_cstr(q, 2, state);
    query_int(q, 3, crm_now(c->crm));
    query_cstr(q, 4, a->reason);
    if (a->campaign)
        query_int(q, 5, a->campaign);
    else
        query_null(q, 5);
    query_int(q, 6, journal_current(c->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    if (ok) {
        const Type *t = schema_type(c->crm->schema, STR("agent"));
        ui_note(c->ui, "agent %s is %s", record_label(c->crm, t, a->agent, c->arena), state);
    }
    return ok;
}

static bool agent_ready_run(const Call *c, Error *err)
{
    return agent_to(c, "ready", err);
}

static bool agent_pause_run(const Call *c, Error *err)
{
    return agent_to(c, "paused", err);
}

static bool agent_off_run(const Call *c, Error *err)
{
    return agent_to(c, "off", err);
}

#define AGENT_ARG { "agent", ARG_RECORD, 0, "the agent", AT(AgentArgs, agent), .of = "agent" }

static const Command agent_ready = {
    .name = "agent ready", .summary = "An agent is there and takes calls",
    .args = (const Arg[]){
        AGENT_ARG,
        { "campaign", ARG_RECORD, ARG_OPTIONAL, "of this campaign", AT(AgentArgs, campaign),
          .of = "campaign" },
        { 0 } },
    .args_size = sizeof(AgentArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES,
    .run = agent_ready_run,
    .examples = (const Example[]){
        { "agent ready li", "he takes calls" },
        { 0 } },
};

static const Command agent_pause = {
    .name = "agent pause", .summary = "An agent takes no calls for a while",
    .args = (const Arg[]){
        AGENT_ARG,
        { "--why", ARG_TEXT, ARG_OPTIONAL, "the reason", AT(AgentArgs, reason) },
        { 0 } },
    .args_size = sizeof(AgentArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES,
    .run = agent_pause_run,
    .examples = (const Example[]){
        { "agent pause li --why lunch", "for a while" },
        { 0 } },
};

static const Command agent_off = {
    .name = "agent off", .summary = "An agent goes home",
    .args = (const Arg[]){ AGENT_ARG, { 0 } },
    .args_size = sizeof(AgentArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES, .run = agent_off_run,
    .examples = (const Example[]){
        { "agent off li", "he goes home" },
        { 0 } },
};

const Command *const campaign_commands[] = {
    &campaign_ready, &campaign_start, &campaign_pause, &campaign_close, &agent_ready, &agent_pause,
    &agent_off, NULL
};

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_campaign.c -- the states of campaigns.
 */
#include "cmd/command.h"
#include "model/list.h"

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

const Command *const campaign_commands[] = {
    &campaign_ready, &campaign_start, &campaign_pause, &campaign_close, NULL
};

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_agent.c -- agent ready, pause, off: what an agent wants.
 *
 * It is written down as a wish.  Where a process dials his campaign, that process sees it and says
 * what he is (floor.h); where nobody does, he is what he wants to be.
 */
#include "cmd/agent.h"

#include "dialer/floor.h"
#include "dialer/skill.h"
#include "store/journal.h"

enum { SEAT, SKILL, WISH, STATE, OF_USER, SQL_COUNT };
static const Sql sql[] = {
    [SEAT] = { "SELECT name, state, campaign, skills FROM agent WHERE id = ?1", SQL_HOT },
    [SKILL] = { "SELECT name, skill FROM campaign WHERE id = ?1", SQL_HOT },
    [WISH] = { "UPDATE agent SET wish = ?2, reason = ?3, campaign = ?4,"
               " phone = coalesce(?5, phone), skills = coalesce(?6, skills),"
               " change = ?7 WHERE id = ?1", SQL_HOT },
    [STATE] = { "UPDATE agent SET state = ?2, since = ?3, call = NULL, change = ?4 WHERE id = ?1",
                SQL_HOT },
    [OF_USER] = { "SELECT id FROM agent WHERE user = ?1 OR name = ?2"
                  " ORDER BY user IS NOT ?1, id LIMIT 1", 0 },
};
const SqlTable cmd_agent_sql = { "cmd_agent", sql, SQL_COUNT };

bool agent_me(const Call *c, int64_t named, int64_t *agent, Error *err)
{
    Query *q = NULL;
    *agent = named;
    if (named)
        return true;
    if (!query_open(c->crm->store, &sql[OF_USER], &q, err))
        return false;
    query_int(q, 1, c->crm->user_id);
    query_cstr(q, 2, crm_user(c->crm));
    int got = query_next(q, err);
    *agent = got > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    return got >= 0;
}

bool agent_get_me(const Call *c, int64_t named, int64_t *agent, Error *err)
{
    if (!agent_me(c, named, agent, err))
        return false;
    if (*agent)
        return true;
    fail(err, ERR_NOT_FOUND, "no agent is named %s as you are", crm_user(c->crm));
    return fail_hint(err, "name one, or agent add name=%s", crm_user(c->crm));
}

typedef struct Seat {
    const char *name, *state, *skills, *campaign_name;
    int64_t id, campaign;
} Seat;

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? "" : str_c(query_col_str(q, i), a);
}

static bool seat_get(const Call *c, int64_t id, Seat *s, Error *err)
{
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[SEAT], &q, err))
        return false;
    query_int(q, 1, id);
    bool ok = query_one(q, err);
    if (ok)
        *s = (Seat){ .name = text(q, 0, c->arena), .state = text(q, 1, c->arena), .id = id,
                     .campaign = query_col_int(q, 2), .skills = text(q, 3, c->arena),
                     .campaign_name = "" };
    query_close(q);
    return ok;
}

bool campaign_of_agent(const Call *c, int64_t agent, int64_t *campaign, Error *err)
{
    Seat s;
    *campaign = 0;
    if (!agent)
        return true;
    bool ok = seat_get(c, agent, &s, err);
    *campaign = ok ? s.campaign : 0;
    return ok;
}

/* ---- ready ----------------------------------------------------------------------------------- */

typedef struct AgentArgs {
    int64_t agent, campaign;
    const char *reason, *phone, *skills;
} AgentArgs;

/* May he work on it? */
static bool campaign_takes(const Call *c, Seat *s, const char *skills, Error *err)
{
    Query *q = NULL;
    if (!s->campaign) {
        fail(err, ERR_USAGE, "agent %s works on no campaign yet", s->name);
        return fail_hint(err, "agent ready %s CAMPAIGN", s->name);
    }
    if (!query_open(c->crm->store, &sql[SKILL], &q, err))
        return false;
    query_int(q, 1, s->campaign);
    bool ok = query_one(q, err);
    s->campaign_name = ok ? text(q, 0, c->arena) : "";
    const char *skill = ok ? text(q, 1, c->arena) : "";
    query_close(q);
    if (!ok || !*skill || skill_level(str(skills), str(skill)))
        return ok;
    fail(err, ERR_REFUSED, "campaign %s asks for the skill '%s', which agent %s has not",
         s->campaign_name, skill, s->name);
    return fail_hint(err, "agent set %s skills='%s%s%s'", s->name, skills, *skills ? "," : "",
                     skill);
}

/* ---- the change ------------------------------------------------------------------------------ */

static bool write_wish(const Call *c, const Seat *s, const char *wish, Error *err)
{
    const AgentArgs *a = c->args;
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[WISH], &q, err))
        return false;
    query_int(q, 1, s->id);
    query_cstr(q, 2, wish);
    query_cstr(q, 3, a->reason);
    if (s->campaign)
        query_int(q, 4, s->campaign);
    else
        query_null(q, 4);
    query_cstr(q, 5, a->phone);
    query_cstr(q, 6, a->skills);
    query_int(q, 7, journal_current(c->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool write_state(const Call *c, const Seat *s, const char *state, Error *err)
{
    Query *q = NULL;
    if (strcmp(s->state, state) == 0)
        return true;
    if (!query_open(c->crm->store, &sql[STATE], &q, err))
        return false;
    query_int(q, 1, s->id);
    query_cstr(q, 2, state);
    query_int(q, 3, crm_now(c->crm));
    query_int(q, 4, journal_current(c->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool is_in_call(const Seat *s)
{
    return strcmp(s->state, "talking") == 0 || strcmp(s->state, "wrap-up") == 0;
}

/* In a call he stays with the campaign that gave it to him. */
static bool may_change(const Call *c, const Seat *s, int64_t campaign, Error *err)
{
    Dialer d;
    bool alive = false;
    if (campaign == s->campaign || !s->campaign || !is_in_call(s))
        return true;
    if (!dialer_find(c->crm, s->campaign, &alive, &d, err))
        return false;
    if (!alive)
        return true;
    fail(err, ERR_REFUSED, "agent %s is in a call of another campaign", s->name);
    return fail_hint(err, "dial result ends it");
}

static void tell(const Call *c, const Seat *s, const char *wish, bool dialled)
{
    if (dialled && is_in_call(s))
        ui_note(c->ui, "agent %s will be %s after the call", s->name, wish);
    else if (strcmp(wish, "ready") == 0 && !dialled)
        ui_note(c->ui, "agent %s is ready; nobody dials %s yet: dial start %s", s->name,
                s->campaign_name, s->campaign_name);
    else
        ui_note(c->ui, "agent %s is %s", s->name, wish);
}

static bool agent_to(const Call *c, const char *wish, Error *err)
{
    const AgentArgs *a = c->args;
    Seat s;
    Dialer d;
    bool dialled = false;
    int64_t id, campaign;
    if (!agent_get_me(c, a->agent, &id, err) || !seat_get(c, id, &s, err))
        return false;
    campaign = a->campaign ? a->campaign : s.campaign;
    if (!may_change(c, &s, campaign, err))
        return false;
    s.campaign = campaign;
    if (strcmp(wish, "ready") == 0 && !campaign_takes(c, &s, a->skills ? a->skills : s.skills, err))
        return false;
    if ((campaign && !dialer_find(c->crm, campaign, &dialled, &d, err))
        || !write_wish(c, &s, wish, err) || (!dialled && !write_state(c, &s, wish, err)))
        return false;
    tell(c, &s, wish, dialled);
    if (strcmp(wish, "ready") == 0)
        agent_watch(c->session, s.id, s.name);
    return true;
}

static bool ready_run(const Call *c, Error *err)
{
    return agent_to(c, "ready", err);
}

static bool pause_run(const Call *c, Error *err)
{
    return agent_to(c, "paused", err);
}

static bool off_run(const Call *c, Error *err)
{
    return agent_to(c, "off", err);
}

/* ---- definitions ----------------------------------------------------------------------------- */

#define AGENT_ARG { "agent", ARG_RECORD, ARG_OPTIONAL, "who; you unless named", \
                    AT(AgentArgs, agent), .of = "agent" }

static const Command agent_ready = {
    .name = "agent ready", .summary = "An agent is there and takes calls",
    .detail = "Where the campaign is being dialled, the agent's phone is called once and kept; "
              "while a call or its wrap-up lasts, this is for afterwards.",
    .args = (const Arg[]){
        AGENT_ARG,
        { "campaign", ARG_RECORD, ARG_OPTIONAL, "of this campaign; the last one unless named",
          AT(AgentArgs, campaign), .of = "campaign" },
        { "--phone", ARG_TEXT, ARG_OPTIONAL, "where the agent is reached", AT(AgentArgs, phone) },
        { "--skills", ARG_TEXT, ARG_OPTIONAL, "what the agent can do, comma separated",
          AT(AgentArgs, skills) },
        { 0 } },
    .args_size = sizeof(AgentArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES, .run = ready_run,
    .examples = (const Example[]){
        { "agent ready li demo", "he takes calls of a campaign" },
        { "agent ready li demo --phone 8001 --skills english", "at this phone" },
        { 0 } },
};

static const Command agent_pause = {
    .name = "agent pause", .summary = "An agent takes no calls for a while",
    .args = (const Arg[]){
        AGENT_ARG,
        { "--why", ARG_TEXT, ARG_OPTIONAL, "the reason", AT(AgentArgs, reason) },
        { 0 } },
    .args_size = sizeof(AgentArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES, .run = pause_run,
    .examples = (const Example[]){
        { "agent pause li --why lunch", "for a while" },
        { 0 } },
};

static const Command agent_off = {
    .name = "agent off", .summary = "An agent goes home",
    .args = (const Arg[]){ AGENT_ARG, { 0 } },
    .args_size = sizeof(AgentArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES, .run = off_run,
    .examples = (const Example[]){
        { "agent off li", "he goes home" },
        { 0 } },
};

const Command *const agent_commands[] = { &agent_ready, &agent_pause, &agent_off, NULL };

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_agent.c -- what agents say of their calls, and their states in the file.
 */
#include <stdlib.h>

#include "base/process.h"
#include "dialer/session_inside.h"
#include "store/journal.h"

enum { AGENT_STATE, AGENT_CAMPAIGN, AGENT_WISH, AT_DESK, HEARD, UNHEARD, SQL_COUNT };
static const Sql sql[] = {
    /* Of the moment: no change, so no stamp. */
    [AGENT_STATE] = { "UPDATE agent SET state = ?2, since = ?3, call = ?4,"
                      " reason = CASE WHEN wish = 'paused' THEN reason END"
                      " WHERE id = ?1", SQL_HOT },
    [AGENT_CAMPAIGN] = { "UPDATE agent SET campaign = ?2, change = ?3 WHERE id = ?1"
                         " AND campaign IS NOT ?2", SQL_HOT },
    [AGENT_WISH] = { "UPDATE agent SET wish = ?2, reason = ?3, change = ?4 WHERE id = ?1",
                     SQL_HOT },
    [AT_DESK] = { "UPDATE agent SET process = ?2, change = ?3 WHERE id = ?1", SQL_HOT },
    /* The one that was asked for last; one who joins in anew ends what he did before. */
    [HEARD] = { "UPDATE supervision SET began = ?2, change = ?3 WHERE id = (SELECT max(id) FROM"
                " supervision WHERE agent = ?1 AND how IN ('listen', 'whisper', 'barge'))"
                " AND began IS NULL", 0 },
    [UNHEARD] = { "UPDATE supervision SET ended = ?2, change = ?3 WHERE agent = ?1"
                  " AND began IS NOT NULL AND ended IS NULL", 0 },
};
const SqlTable session_agent_sql = { "session_agent", sql, SQL_COUNT };

/* ---- results --------------------------------------------------------------------------------- */

static int said_place(const DialSession *s, AgentId agent)
{
    int i = 0;
    while (i < s->n_said && s->said[i].agent != agent)
        i++;
    return i;
}

const Said *session_word(const DialSession *s, AgentId agent)
{
    int i = said_place(s, agent);
    return i < s->n_said ? &s->said[i] : NULL;
}

void session_take_word(DialSession *s, AgentId agent, Said *out)
{
    int i = said_place(s, agent);
    *out = (Said){ 0 };
    if (i < s->n_said) {
        *out = s->said[i];
        s->said[i] = s->said[--s->n_said];
    }
}

void dial_session_unsay(DialSession *s, AgentId agent)
{
    Said ignored;
    session_take_word(s, agent, &ignored);
}

static bool unknown_result(const DialSession *s, const char *result, Error *err)
{
    const char **names = xalloc(sizeof *names * (size_t)(s->n_results + 1));
    for (int i = 0; i < s->n_results; i++)
        names[i] = s->results[i].name;
    const char *near = str_nearest(str(result), names, (size_t)s->n_results);
    free(names);
    fail(err, ERR_NOT_FOUND, "no result '%s'", result);
    return near ? fail_hint(err, "did you mean '%s'?", near)
                : fail_hint(err, "result list shows them");
}

bool dial_session_say(DialSession *s, AgentId agent, const DialSaying *what, Result *engine,
                      Error *err)
{
    Said said = { .agent = agent, .result = session_result(s, str(what->result)),
                  .callback_at = what->callback_at, .mine = what->mine };
    if (said.result < 0)
        return unknown_result(s, what->result, err);
    if (what->note)
        memcpy(said.note, what->note, strnlen(what->note, sizeof said.note - 1));
    /* One of the users' own is for the engine any other that ends a talk. */
    if (!result_find(str(what->result), engine))
        *engine = RESULT_NOT_INTERESTED;
    dial_session_unsay(s, agent);
    s->said = xresize(s->said, sizeof *s->said * (size_t)(s->n_said + 1));
    s->said[s->n_said++] = said;
    return true;
}

/* ---- states ---------------------------------------------------------------------------------- */

/* The states that the table knows. */
static const char *shown(AgentState state)
{
    switch (state) {
    case AGENT_OFF:
        return "off";
    case AGENT_PAUSED:
        return "paused";
    case AGENT_READY:
    case AGENT_PREVIEW:
        return "ready";
    case AGENT_WRAPUP:
        return "wrap-up";
    default:
        return "talking";
    }
}

/* Whose call it is becomes known before he changes his state for it. */
static void note_join(DialSession *s, const Line *l)
{
    s->joins = l->agent;
    s->joins_call = l->entry.call;
}

void session_placed(void *self, int64_t now, const Line *l)
{
    (void)now;
    if (l->own)
        note_join(self, l);
}

void session_changed(void *self, int64_t now, const Line *l, LineState from)
{
    (void)now, (void)from;
    if (l->state == LINE_BRIDGING || l->state == LINE_WRAPUP)
        note_join(self, l);
}

static bool write_campaign(DialSession *s, AgentId agent, Error *err)
{
    Query *q = NULL;
    if (idmap_get(&s->seated, (uint64_t)agent) >= 0)
        return true;
    if (!query_open(s->crm->store, &sql[AGENT_CAMPAIGN], &q, err))
        return false;
    query_int(q, 1, agent);
    query_int(q, 2, s->campaign.id);
    query_int(q, 3, journal_current(s->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    if (ok)
        idmap_put(&s->seated, (uint64_t)agent, 1);
    return ok;
}

static bool write_state(DialSession *s, const StateNote *n, Error *err)
{
    Query *q = NULL;
    if (!write_campaign(s, n->agent, err) || !query_open(s->crm->store, &sql[AGENT_STATE], &q, err))
        return false;
    query_int(q, 1, n->agent);
    query_cstr(q, 2, n->state);
    query_int(q, 3, n->at);
    if (n->call)
        query_int(q, 4, n->call);
    else
        query_null(q, 4);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool session_write_states(DialSession *s, Error *err)
{
    for (int i = 0; i < s->n_states; i++)
        if (!write_state(s, &s->states[i], err))
            return false;
    return true;
}

void session_agent(void *self, int64_t now, const Agent *agent, AgentState from)
{
    DialSession *s = self;
    if (strcmp(shown(agent->state), shown(from)) == 0)
        return;
    bool busy = agent->call >= 0 && s->joins == agent->id;
    session_state(s, &(StateNote){ agent->id, shown(agent->state), now, busy ? s->joins_call : 0,
                                   busy && agent->state != AGENT_WRAPUP });
}

static bool write_wish(DialSession *s, AgentId agent, const char *wish, const char *reason,
                       Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[AGENT_WISH], &q, err))
        return false;
    query_int(q, 1, agent);
    query_cstr(q, 2, wish);
    query_cstr(q, 3, reason);
    query_int(q, 4, journal_current(s->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool dial_session_wish(DialSession *s, AgentId agent, const char *wish, const char *reason,
                       Error *err)
{
    return session_begin(s, err)
           && session_end(s, write_wish(s, agent, wish, reason, err), err);
}

static bool write_desk(DialSession *s, AgentId agent, const char *process, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[AT_DESK], &q, err))
        return false;
    query_int(q, 1, agent);
    query_cstr(q, 2, process);
    query_int(q, 3, journal_current(s->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool dial_session_desk(DialSession *s, AgentId agent, bool here, Error *err)
{
    char process[PROCESS_NAME];
    process_name(process);
    return session_begin(s, err)
           && session_end(s, write_desk(s, agent, here ? process : NULL, err), err);
}

/* ---- supervision ----------------------------------------------------------------------------- */

static bool write_heard(DialSession *s, int64_t now, AgentId agent, int statement, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[statement], &q, err))
        return false;
    query_int(q, 1, agent);
    query_int(q, 2, now);
    query_int(q, 3, journal_current(s->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool dial_session_heard(DialSession *s, int64_t now, AgentId agent, bool on, Error *err)
{
    return session_begin(s, err)
           && session_end(s, write_heard(s, now, agent, UNHEARD, err)
                             && (!on || write_heard(s, now, agent, HEARD, err)), err);
}

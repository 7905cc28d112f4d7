/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_call_in.c -- call in: who it is, which campaign caused it, who should answer.
 *
 * A call in is credited to the campaign of the last thing that was sent or said to the customer
 * within the window: a call to him; or a letter, mail or message, then the campaign is the one that
 * has him on its list.  Without either, being on the list of a campaign is enough.
 */
#include <inttypes.h>

#include "cmd/command.h"
#include "store/journal.h"

enum { WHO, CALLED, TOUCHED, LISTED, OWNER, IDLE, ADD, RESULT, SQL_COUNT };
static const Sql sql[] = {
    [WHO] = { "SELECT k.id, k.name, k.org, u.name, k.owner FROM contact n JOIN customer k ON k.id ="
              " coalesce(n.customer, (SELECT customer FROM person WHERE id = n.person))"
              " LEFT JOIN user u ON u.id = k.owner WHERE n.value = ?1 AND n.kind = 'phone'"
              " GROUP BY k.id ORDER BY k.retired, (SELECT max(v.placed_at) FROM call v"
              " WHERE v.customer = k.id) DESC, k.id", SQL_HOT },
    [CALLED] = { "SELECT c.placed_at, g.id, g.name FROM call c JOIN campaign g ON g.id = c.campaign"
                 " WHERE c.customer = ?1 AND c.placed_at >= ?2 AND c.direction = 'out'"
                 " ORDER BY c.placed_at DESC LIMIT 1", SQL_HOT },
    [TOUCHED] = { "SELECT at, channel FROM touch WHERE customer = ?1 AND at >= ?2"
                  " AND direction = 'out' AND call IS NULL ORDER BY at DESC LIMIT 1", SQL_HOT },
    [LISTED] = { "SELECT g.id, g.name FROM entry e JOIN campaign g ON g.list = e.list"
                 " WHERE e.customer = ?1 AND g.state IN ('running', 'paused')"
                 " ORDER BY g.state = 'running' DESC, g.priority DESC, g.id DESC LIMIT 1",
                 SQL_HOT },
    [OWNER] = { "SELECT id, name FROM agent WHERE user = ?1 AND state = 'ready' LIMIT 1", 0 },
    [IDLE] = { "SELECT id, name FROM agent WHERE state = 'ready'"
               " ORDER BY campaign IS NOT ?1, since LIMIT 1", 0 },
    [ADD] = { "INSERT INTO call(id, direction, campaign, customer, number, agent, mode, driver,"
              " state, result, placed_at, answered_at, ended_at, note, change) VALUES (?1, 'in',"
              " ?2, ?3, ?4, ?5, 'manual', 'manual', 'ended', ?6, ?7, ?7, ?7, ?8, ?9)", 0 },
    [RESULT] = { "SELECT 1 FROM result WHERE name = ?1", SQL_HOT },
};
const SqlTable cmd_call_in_sql = { "cmd_call_in", sql, SQL_COUNT };

typedef struct CallIn {
    const char *number, *result, *note;
    int64_t agent, within;
} CallIn;

typedef struct Caller {
    char number[PHONE_E164_SIZE];
    int64_t customer, owner, others, campaign, agent, at;
    const char *name, *org, *owner_name, *campaign_name, *because, *agent_name;
} Caller;

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? NULL : str_c(query_col_str(q, i), a);
}

static bool read_number(const Call *c, const char *typed, Caller *k, Error *err)
{
    Phone p;
    if (phone_normalise(c->crm->phones, str(typed), NULL, &p) != PHONE_OK) {
        fail(err, ERR_INVALID, "'%s' could not be read as a number", typed);
        return fail_hint(err, "with country or area code: +862158307717, 021-58307717");
    }
    memcpy(k->number, p.e164, sizeof k->number);
    return true;
}

/* Of several the one who was called last; the others are counted. */
static bool find_caller(const Call *c, Caller *k, Error *err)
{
    Query *q = NULL;
    int more;
    if (!query_open(c->crm->store, &sql[WHO], &q, err))
        return false;
    query_cstr(q, 1, k->number);
    while ((more = query_next(q, err)) > 0) {
        if (k->customer) {
            k->others++;
            continue;
        }
        k->customer = query_col_int(q, 0);
        k->name = text(q, 1, c->arena);
        k->org = text(q, 2, c->arena);
        k->owner_name = text(q, 3, c->arena);
        k->owner = query_col_int(q, 4);
    }
    query_close(q);
    return more == 0;
}

/* One row with a time first, or none; what is behind it in *id and *word. */
static int last_contact(const Call *c, int statement, const Caller *k, int64_t since, int64_t *at,
                        int64_t *id, const char **word, Error *err)
{
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[statement], &q, err))
        return -1;
    query_int(q, 1, k->customer);
    if (statement != LISTED)
        query_int(q, 2, since);
    int got = query_next(q, err);
    if (got > 0 && statement == CALLED) {
        *at = query_col_int(q, 0);
        *id = query_col_int(q, 1);
        *word = text(q, 2, c->arena);
    } else if (got > 0) {
        *(statement == TOUCHED ? at : id) = query_col_int(q, 0);
        *word = text(q, 1, c->arena);
    }
    query_close(q);
    return got;
}

static const char *because(const Call *c, const char *what, int64_t at)
{
    Buf b = { 0 };
    buf_printf(&b, "%s ", what);
    ago_write(at, crm_now(c->crm), &b);
    const char *words = str_c(buf_as_str(&b), c->arena);
    buf_release(&b);
    return words;
}

static bool find_cause(const Call *c, int64_t within, Caller *k, Error *err)
{
    int64_t since = crm_now(c->crm) - within;
    int64_t called_at = 0, touched_at = 0, by_call = 0, by_list = 0;
    const char *call_name = NULL, *list_name = NULL, *channel = NULL;
    if (!k->customer)
        return true;
    if (last_contact(c, CALLED, k, since, &called_at, &by_call, &call_name, err) < 0
        || last_contact(c, TOUCHED, k, since, &touched_at, NULL, &channel, err) < 0
        || last_contact(c, LISTED, k, since, NULL, &by_list, &list_name, err) < 0)
        return false;
    if (by_call && (called_at >= touched_at || !by_list)) {
        k->campaign = by_call;
        k->campaign_name = call_name;
        k->because = because(c, "call", called_at);
    } else if (by_list) {
        k->campaign = by_list;
        k->campaign_name = list_name;
        k->because = channel ? because(c, channel, touched_at) : "on its list";
    }
    return true;
}

static bool find_agent(const Call *c, int statement, int64_t by, Caller *k, Error *err)
{
    Query *q = NULL;
    if (k->agent || (statement == OWNER && !by))
        return true;
    if (!query_open(c->crm->store, &sql[statement], &q, err))
        return false;
    query_int(q, 1, by);
    int got = query_next(q, err);
    if (got > 0) {
        k->agent = query_col_int(q, 0);
        k->agent_name = text(q, 1, c->arena);
    }
    query_close(q);
    return got >= 0;
}

/* ---- written down ---------------------------------------------------------------------------- */

static bool result_exists(const Call *c, const char *name, Error *err)
{
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[RESULT], &q, err))
        return false;
    query_cstr(q, 1, name);
    int got = query_next(q, err);
    query_close(q);
    if (got == 0) {
        fail(err, ERR_NOT_FOUND, "no result '%s'", name);
        fail_hint(err, "result list shows them");
    }
    return got > 0;
}

static void bind_id(Query *q, int i, int64_t id)
{
    if (id)
        query_int(q, i, id);
    else
        query_null(q, i);
}

static bool add_call(const Call *c, const Caller *k, int64_t *id, Error *err)
{
    const CallIn *a = c->args;
    Query *q = NULL;
    if (!store_ids(c->crm->store, "call", 1, id, err)
        || !query_open(c->crm->store, &sql[ADD], &q, err))
        return false;
    query_int(q, 1, *id);
    bind_id(q, 2, k->campaign);
    bind_id(q, 3, k->customer);
    query_cstr(q, 4, k->number);
    bind_id(q, 5, k->agent);
    query_cstr(q, 6, a->result);
    query_int(q, 7, k->at);
    query_cstr(q, 8, a->note);
    query_int(q, 9, journal_current(c->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static void put(Record *r, const char *field, Value v)
{
    record_put_value(r, type_field(r->type, str(field)), v);
}

static bool add_touch(const Call *c, const Caller *k, int64_t call, Error *err)
{
    const CallIn *a = c->args;
    if (!k->customer)
        return true;
    Record *r = record_new(schema_type(c->crm->schema, STR("touch")), c->arena);
    put(r, "customer", value_int(k->customer));
    put(r, "at", value_int(k->at));
    put(r, "channel", value_cstr("phone"));
    put(r, "direction", value_cstr("in"));
    put(r, "result", value_cstr(a->result));
    put(r, "call", value_int(call));
    if (a->note)
        put(r, "note", value_cstr(a->note));
    return record_add(c->crm, r, err);
}

/* ---- the command ----------------------------------------------------------------------------- */

static const Column columns[] = {
    { "call", KIND_INT, 0 }, { "number", KIND_PHONE, 0 }, { "customer", KIND_INT, 0 },
    { "name", KIND_TEXT, 0 }, { "org", KIND_TEXT, 0 }, { "owner", KIND_TEXT, 0 },
    { "campaign", KIND_TEXT, 0 }, { "because", KIND_TEXT, 0 }, { "agent", KIND_TEXT, 0 }, { 0 }
};

static bool show(const Call *c, const Caller *k, int64_t call, Error *err)
{
    const Value row[] = {
        value_int(call), value_cstr(k->number),
        k->customer ? value_int(k->customer) : value_null(), value_cstr(k->name),
        value_cstr(k->org), value_cstr(k->owner_name), value_cstr(k->campaign_name),
        value_cstr(k->because), value_cstr(k->agent_name) };
    c->out->one = true;
    if (!k->customer)
        ui_note(c->ui, "nobody has this number: customer add phone=%s name=...", k->number);
    else if (k->others)
        ui_note(c->ui, "%" PRId64 " more have this number: find %s", k->others, k->number);
    return out_begin(c->out, columns, -1, err) && out_row(c->out, row, err);
}

static bool in_run(const Call *c, Error *err)
{
    const CallIn *a = c->args;
    Caller k = { .at = crm_now(c->crm), .agent = a->agent };
    int64_t call;
    if (a->agent)
        k.agent_name = record_label(c->crm, schema_type(c->crm->schema, STR("agent")), a->agent,
                                    c->arena);
    return read_number(c, a->number, &k, err) && result_exists(c, a->result, err)
           && find_caller(c, &k, err) && find_cause(c, a->within, &k, err)
           && find_agent(c, OWNER, k.owner, &k, err) && find_agent(c, IDLE, k.campaign, &k, err)
           && add_call(c, &k, &call, err) && add_touch(c, &k, call, err) && show(c, &k, call, err);
}

static const Command call_in = {
    .name = "call in",
    .summary = "Somebody calls: who it is, which campaign caused it, who should answer",
    .detail =
        "The call is stored and credited to the campaign of the last call to the customer, or, "
        "when a letter, mail or message went out later, to the one that has the customer on its "
        "list. The owner of the customer should answer, when ready, else the agent who has been "
        "idle longest, those of the campaign first.",
    .args = (const Arg[]){
        { "number", ARG_TEXT, 0, "who calls", AT(CallIn, number) },
        { "--agent", ARG_RECORD, ARG_OPTIONAL, "who answers", AT(CallIn, agent), .of = "agent" },
        { "--result", ARG_TEXT, ARG_OPTIONAL, "how it ended", AT(CallIn, result),
          .fallback = "answered" },
        { "--note", ARG_TEXT, ARG_OPTIONAL, "what was said", AT(CallIn, note) },
        { "--within", ARG_DURATION, ARG_OPTIONAL, "how long ago the campaign may have caused it",
          AT(CallIn, within), .fallback = "30d" },
        { 0 } },
    .args_size = sizeof(CallIn),
    .columns = columns,
    .need = MAY_DIAL,
    .flags = COMMAND_WRITES,
    .run = in_run,
    .examples = (const Example[]){
        { "call in 021-58307717", "who it is, and why" },
        { "call in +12125550142 --note 询价", "with what was said" },
        { 0 } },
};

const Command *const call_in_commands[] = { &call_in, NULL };

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/session_switch.h"

#include <stdio.h>

#include "model/record.h"

enum { ENABLED, PHONE, OPEN_CALL, HOME, SQL_COUNT };
static const Sql sql[] = {
    [ENABLED] = { "SELECT id FROM switch WHERE enabled ORDER BY id", 0 },
    [OPEN_CALL] = { "SELECT 1 FROM call WHERE id = ?1 AND state <> 'ended'", SQL_HOT },
    [PHONE] = { "SELECT phone FROM agent WHERE id = ?1", SQL_HOT },
    [HOME] = { "SELECT s.name FROM agent a JOIN switch s ON s.id = a.switch WHERE a.id = ?1",
               SQL_HOT },
};
const SqlTable session_switch_sql = { "session_switch", sql, SQL_COUNT };

enum { SWITCHES_MOST = 64 };

static const char *text(const Record *r, const char *field, Arena *a)
{
    Value v = record_value(r, field);
    return v.type == VALUE_TEXT ? str_c(v.s, a) : "";
}

static double number(const Record *r, const char *field)
{
    Value v = record_value(r, field);
    return v.type == VALUE_REAL ? v.r : v.type == VALUE_INT ? (double)v.i : 0;
}

bool dial_switch(Crm *crm, int64_t id, Arena *a, SwitchConfig *out, Error *err)
{
    Record *r = NULL;
    if (!record_load(crm, schema_type(crm->schema, STR("switch")), id, false, a, &r, err))
        return false;
    *out = (SwitchConfig){
        .name = text(r, "name", a),
        .adapter = text(r, "adapter", a),
        .host = text(r, "host", a),
        .port = (int)number(r, "port"),
        .tls = number(r, "tls") != 0,
        .ca_file = text(r, "ca", a),
        .user = text(r, "user", a),
        .secret = text(r, "secret", a),
        .prefix = text(r, "prefix", a),
        .dial = text(r, "dial", a),
        .phones = text(r, "phones", a),
        .caller = text(r, "caller", a),
        .command = text(r, "command", a),
        .share = (int)number(r, "share"),
        .max_calls = (int)number(r, "max_calls"),
        .max_rate = number(r, "max_rate"),
    };
    return true;
}

static SwitchConfig simulated(void)
{
    return (SwitchConfig){ .name = "sim", .adapter = "sim", .host = "", .ca_file = "", .user = "",
                           .secret = "", .prefix = "sim", .dial = "{number}", .phones = "{phone}",
                           .caller = "", .command = "", .share = 1 };
}

bool dial_switches(Crm *crm, Arena *a, SwitchConfig **out, int *n, Error *err)
{
    Query *q = NULL;
    int64_t ids[SWITCHES_MOST];
    int more = 0, found = 0;
    if (!query_open(crm->store, &sql[ENABLED], &q, err))
        return false;
    while (found < SWITCHES_MOST && (more = query_next(q, err)) > 0)
        ids[found++] = query_col_int(q, 0);
    query_close(q);
    if (more < 0)
        return false;
    *out = ARENA_ARRAY(a, SwitchConfig, found ? found : 1);
    *n = found ? found : 1;
    (*out)[0] = simulated();
    for (int i = 0; i < found; i++)
        if (!dial_switch(crm, ids[i], a, &(*out)[i], err))
            return false;
    return true;
}

static bool text_of(Crm *crm, int statement, AgentId agent, char out[static DRIVER_PHONE])
{
    Query *q = NULL;
    Error ignored = { 0 };
    out[0] = '\0';
    if (!query_open(crm->store, &sql[statement], &q, &ignored))
        return false;
    query_int(q, 1, agent);
    if (query_next(q, &ignored) > 0)
        snprintf(out, DRIVER_PHONE, "%.*s", STR_ARG(query_col_str(q, 0)));
    query_close(q);
    return out[0] != '\0';
}

bool dial_switches_can(const SwitchConfig *c, int n, unsigned can, const char *what, Error *err)
{
    for (int i = 0; i < n; i++) {
        const DriverType *type = driver_type(c[i].adapter);
        if (type && (type->can & can) != can)
            return fail(err, ERR_REFUSED, "%s: switch %s is %s, which cannot", what, c[i].name,
                        type->what);
    }
    return true;
}

bool dial_switches_serve(const SwitchConfig *c, int n, const DialCampaign *campaign, Error *err)
{
    if (!campaign->rules.record
        || dial_switches_can(c, n, DRIVER_RECORDS, "its calls are to be recorded", err))
        return true;
    return fail_hint(err, "campaign set %s record=no, or dial over an Asterisk", campaign->name);
}

bool dial_call_is_open(Crm *crm, CallId call)
{
    Query *q = NULL;
    Error ignored = { 0 };
    if (!query_open(crm->store, &sql[OPEN_CALL], &q, &ignored))
        return true;
    query_int(q, 1, call);
    bool open = query_next(q, &ignored) != 0;
    query_close(q);
    return open;
}

bool dial_phone(Crm *crm, AgentId agent, char out[static DRIVER_PHONE])
{
    return text_of(crm, PHONE, agent, out);
}

bool dial_home(Crm *crm, AgentId agent, char out[static DRIVER_PHONE])
{
    return text_of(crm, HOME, agent, out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dialer.c -- dialer adapter, dialer test: over which switch calls go, and whether it would
 * carry them.
 */
#include <inttypes.h>

#include "cmd/command.h"
#include "dialer/session_switch.h"
#include "model/record.h"
#include "model/types.h"

enum { OTHERS, SQL_COUNT };
static const Sql sql[] = {
    [OTHERS] = { "SELECT id FROM switch WHERE enabled AND id <> ?1 ORDER BY id", 0 },
};
const SqlTable cmd_dialer_sql = { "cmd_dialer", sql, SQL_COUNT };

/* ---- dialer adapter -------------------------------------------------------------------------- */

typedef struct AdapterArgs {
    const char *adapter, *address, *user, *secret, *command;
    bool tls;
} AdapterArgs;

static bool put(const Call *c, Record *r, const char *field, const char *value, Error *err)
{
    return !value || record_put(c->crm, r, str(field), FIELD_SET, str(value), c->arena, err);
}

/* "host", "host:5038", "[::1]:5038", "::1" */
static bool put_address(const Call *c, Record *r, const char *address, Error *err)
{
    const char *host = address, *end = strrchr(address, ':'), *port = NULL;
    if (*address == '[') {
        host = address + 1;
        end = strchr(address, ']');
        port = end && end[1] == ':' ? end + 2 : NULL;
    } else if (end && strchr(address, ':') == end) {
        port = end + 1;
    } else {
        end = NULL;
    }
    if (end)
        host = arena_strndup(c->arena, host, (size_t)(end - host));
    return put(c, r, "host", host, err) && put(c, r, "port", port, err);
}

static bool fill(const Call *c, const AdapterArgs *a, Record *r, Error *err)
{
    return put(c, r, "adapter", a->adapter, err) && put(c, r, "enabled", "yes", err)
           && (!a->address || put_address(c, r, a->address, err))
           && put(c, r, "user", a->user, err) && put(c, r, "secret", a->secret, err)
           && put(c, r, "command", a->command, err)
           && put(c, r, "tls", a->tls ? "yes" : NULL, err);
}

static bool disable_others(const Call *c, const Type *t, int64_t but, Error *err)
{
    Query *q = NULL;
    int64_t ids[64];
    int n = 0, more = 0;
    if (!query_open(c->crm->store, &sql[OTHERS], &q, err))
        return false;
    query_int(q, 1, but);
    while (n < 64 && (more = query_next(q, err)) > 0)
        ids[n++] = query_col_int(q, 0);
    query_close(q);
    for (int i = 0; i < n && more >= 0; i++) {
        Record *r = record_new(t, c->arena);
        r->id = ids[i];
        if (!put(c, r, "enabled", "no", err) || !record_set(c->crm, r, NULL, err))
            return false;
    }
    return more >= 0;
}

static bool adapter_run(const Call *c, Error *err)
{
    const AdapterArgs *a = c->args;
    const Type *t = schema_type(c->crm->schema, STR("switch"));
    Record *r = record_new(t, c->arena);
    Error missing = { 0 };
    bool known = record_find(c->crm, t, str(a->adapter), &r->id, &missing);
    if (!known && missing.code != ERR_NOT_FOUND)
        return *err = missing, false;
    if (!fill(c, a, r, err) || (!known && !put(c, r, "name", a->adapter, err)))
        return false;
    if (!(known ? record_set(c->crm, r, NULL, err) : record_add(c->crm, r, err))
        || !disable_others(c, t, r->id, err))
        return false;
    ui_note(c->ui, "calls go over switch %s%s", a->adapter,
            strcmp(a->adapter, "sim") == 0 ? ", the simulated line" : "; dialer test looks at it");
    return true;
}

static const Command dialer_adapter = {
    .name = "dialer adapter",
    .summary = "Say over which kind of switch calls go",
    .detail = "Makes or changes the switch that is named as the adapter, enables it and disables "
              "all others; switch set, switch add and switch list do the rest, also for several "
              "switches at once.",
    .args = (const Arg[]){
        { "adapter", ARG_CHOICE, 0, "sim, the simulated line; ami, an Asterisk; command, a program "
          "that dials on your own phone; softphone, a baresip; esl, a "
          "FreeSWITCH (built from its documentation, untried)",
          AT(AdapterArgs, adapter), .choices = switch_adapters },
        { "address", ARG_TEXT, ARG_OPTIONAL, "where it is: HOST or HOST:PORT",
          AT(AdapterArgs, address) },
        { "--user", ARG_TEXT, ARG_OPTIONAL, "to log in as", AT(AdapterArgs, user) },
        { "--secret", ARG_TEXT, ARG_OPTIONAL, "where its secret is: file:/PATH or env:NAME",
          AT(AdapterArgs, secret) },
        { "--command", ARG_TEXT, ARG_OPTIONAL, "program and arguments that dial {number} or {tel}",
          AT(AdapterArgs, command) },
        { "--tls", ARG_FLAG, 0, "encrypted, with a certificate that is checked",
          AT(AdapterArgs, tls) },
        { 0 } },
    .args_size = sizeof(AdapterArgs),
    .columns = (const Column[]){ { 0 } },
    .examples = (const Example[]){
        { "dialer adapter ami 127.0.0.1:5038 --user patter --secret env:PBX_SECRET",
          "an Asterisk on this machine" },
        { "dialer adapter softphone 127.0.0.1:4444", "a baresip on this machine, for one person" },
        { "dialer adapter command --command 'xdg-open {tel}'",
          "the program that opens tel: links, for one person" },
        { "dialer adapter sim", "back to the simulated line" },
        { 0 } },
    .need = MAY_MANAGE,
    .flags = COMMAND_WRITES,
    .run = adapter_run,
};

/* ---- dialer test ----------------------------------------------------------------------------- */

typedef struct TestArgs { int64_t which; } TestArgs;
typedef struct Teller { const Call *call; const char *name; Error *err; bool broken; } Teller;

static const Column test_columns[] = {
    { "switch", KIND_TEXT, 0 }, { "step", KIND_TEXT, 0 }, { "state", KIND_TEXT, 0 },
    { "found", KIND_TEXT, 0 }, { "mend", KIND_TEXT, 0 }, { 0 }
};

static void tell_step(void *self, const char *step, ProbeVerdict v, const char *found,
                      const char *mend)
{
    static const char *const states[] = { "ok", "wrong", "not known" };
    Teller *t = self;
    const Value row[] = { value_cstr(t->name), value_cstr(step), value_cstr(states[v]),
                          value_cstr(found), *mend ? value_cstr(mend) : value_null() };
    t->broken = t->broken || !out_row(t->call->out, row, t->err);
}

static bool enough(void *self)
{
    Ui *ui = ((Teller *)self)->call->ui;
    return ui && ui->interrupted && ui->interrupted(ui);
}

static bool test_one(const Call *c, const SwitchConfig *s, Error *err)
{
    Teller t = { .call = c, .name = s->name, .err = err };
    ProbeHost host = { &t, tell_step, enough };
    const DriverType *type = driver_type(s->adapter);
    if (!type)
        return fail(err, ERR_NOT_FOUND, "there is no adapter '%s'", s->adapter);
    return type->probe(s, &host, err) && !t.broken;
}

static bool test_run(const Call *c, Error *err)
{
    const TestArgs *a = c->args;
    SwitchConfig *all = ARENA_NEW(c->arena, SwitchConfig);
    int n = 1;
    if (!(a->which ? dial_switch(c->crm, a->which, c->arena, all, err)
                   : dial_switches(c->crm, c->arena, &all, &n, err))
        || !out_begin(c->out, test_columns, -1, err))
        return false;
    bool ok = true;
    for (int i = 0; i < n; i++) {
        Error one = { 0 };
        if (!test_one(c, &all[i], &one)) {
            *err = one;
            ok = false;
        }
    }
    return ok;
}

static const Command dialer_test = {
    .name = "dialer test",
    .summary = "Look at a switch step by step: would it carry calls?",
    .detail = "Of an Asterisk: connects, logs in, asks for the rights, the dialplan and the trunk, "
              "and has it call a waiting place inside itself. Of a soft phone: connects and shows "
              "its account. Of a program: shows what would be started. Nobody is called. Each step "
              "that fails says what to do about it.",
    .args = (const Arg[]){
        { "switch", ARG_RECORD, ARG_OPTIONAL, "which one; all that are enabled unless given",
          AT(TestArgs, which), .of = "switch" },
        { 0 } },
    .args_size = sizeof(TestArgs),
    .columns = test_columns,
    .examples = (const Example[]){
        { "dialer test", "all switches over which calls go" },
        { "dialer test line --json", "one, for a script" },
        { 0 } },
    .need = MAY_MANAGE,
    .run = test_run,
};

const Command *const dialer_commands[] = { &dialer_adapter, &dialer_test, NULL };

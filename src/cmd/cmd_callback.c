/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_callback.c -- callback: a time agreed without a call; callback list, drop.
 */
#include <inttypes.h>

#include "cmd/agent.h"
#include "cmd/why.h"
#include "model/callback.h"
#include "model/dial_gate.h"
#include "model/schema.h"

enum { AGENDA, SQL_COUNT };
static const Sql sql[] = {
    /* By lists, each of which is an index. On the list of several campaigns it is one callback. The
     * number is the one that the dial gate takes. */
    [AGENDA] = {
        "SELECT e.next_at, k.id, k.name, (SELECT value FROM contact WHERE customer = k.id"
        "  AND kind = 'phone' ORDER BY person IS NOT NULL, valid IS 0, position LIMIT 1),"
        " (SELECT group_concat(name, ', ') FROM campaign WHERE list = e.list"
        "  AND state <> 'closed' AND (?1 IS NULL OR id = ?1)),"
        " a.name, e.next_at < ?5, e.result, (SELECT note FROM touch WHERE customer = k.id"
        "  AND note IS NOT NULL ORDER BY at DESC, id DESC LIMIT 1)"
        " FROM entry e JOIN customer k ON k.id = e.customer LEFT JOIN agent a ON a.id = e.agent"
        " WHERE e.list IN (SELECT id FROM list) AND e.state = 'callback'"
        " AND e.next_at >= ?3 AND e.next_at < ?4 AND (?2 IS NULL OR e.agent = ?2)"
        " AND (?1 IS NULL OR e.list = (SELECT list FROM campaign WHERE id = ?1))"
        " ORDER BY e.next_at, e.id", 0 },
};
const SqlTable cmd_callback_sql = { "cmd_callback", sql, SQL_COUNT };

/* Whose it is; 0: anybody's. */
static bool whose(const Call *c, bool mine, int64_t named, int64_t *agent, Error *err)
{
    *agent = named;
    if (mine && named)
        return fail(err, ERR_USAGE, "--mine and --agent say two things: whose is it?");
    return !mine || agent_get_me(c, 0, agent, err);
}

static const char *agent_name(const Call *c, int64_t id)
{
    return record_label(c->crm, schema_type(c->crm->schema, STR("agent")), id, c->arena);
}

static const char *time_text(const Call *c, int64_t at)
{
    Buf b = { 0 };
    time_write_local(at, c->crm->zone, &b);
    const char *text = arena_strdup(c->arena, b.s);
    buf_release(&b);
    return text;
}

/* ---- callback -------------------------------------------------------------------------------- */

typedef struct BookArgs {
    int64_t customer, at, campaign, agent;
    bool mine;
    const char *note;
} BookArgs;

void why_held(const Call *c, const Verdicts *held)
{
    for (int i = 0; i < held->n; i++) {
        const Verdict *v = &held->v[i];
        ui_warn(c->ui, "as it stands it will not be dialled then: %s: %s%s%s", v->check, v->reason,
                v->hint ? "; " : "", v->hint ? v->hint : "");
    }
}

static void tell(const Call *c, const Callback *b, const Booked *k)
{
    const char *of = b->agent ? agent_name(c, b->agent) : "anybody";
    ui_note(c->ui, "%s (%" PRId64 ") is called back %s for campaign %s, by %s", k->customer_name,
            b->customer, time_text(c, b->at), k->campaign_name, of);
    if (b->agent)
        ui_note(c->ui, "%d minutes later by anybody, if %s is away", CALLBACK_GRACE / 60000, of);
    if (k->was_of)
        ui_note(c->ui, "it was %s's until now", k->was_of);
    if (k->was_done)
        ui_note(c->ui, "the entry was done (%s) and is open again", k->was_done);
    why_held(c, &k->held);
}

static bool book_run(const Call *c, Error *err)
{
    static const Column columns[] = { { "entry", KIND_INT, 0 }, { "at", KIND_TIME, 0 } };
    const BookArgs *a = c->args;
    Callback b = { a->campaign, a->customer, a->at, 0, a->note };
    Booked booked;
    if (!whose(c, a->mine, a->agent, &b.agent, err)
        || (!b.campaign && !campaign_of_customer(c, b.customer, &b.campaign, err))
        || !callback_book(c->crm, &b, c->arena, &booked, err))
        return false;
    tell(c, &b, &booked);
    return out_receipt(c->out, columns, 2, (Value[]){ value_int(booked.entry), value_int(b.at) },
                       err);
}

/* ---- callback list --------------------------------------------------------------------------- */

typedef struct ListArgs { int64_t campaign, agent, day; bool mine, overdue; } ListArgs;

static const Column list_columns[] = {
    { "at", KIND_TIME, 0 }, { "customer", KIND_INT, 0 }, { "name", KIND_TEXT, COLUMN_FOLD },
    { "number", KIND_PHONE, 0 }, { "campaign", KIND_TEXT, 0 }, { "agent", KIND_TEXT, 0 },
    { "overdue", KIND_BOOL, 0 }, { "result", KIND_TEXT, COLUMN_SPARE },
    { "note", KIND_TEXT, COLUMN_FOLD | COLUMN_SPARE }, { 0 }
};
enum { LIST_COLUMNS = sizeof list_columns / sizeof *list_columns - 1 };

static int64_t midnight(const Call *c, int64_t at, int days)
{
    Civil day = civil_at(c->crm->zone, at);
    day.day += days;
    day.hour = day.minute = day.second = day.ms = 0;
    return civil_time(c->crm->zone, &day);
}

static void bind_id(Query *q, int i, int64_t id)
{
    if (id)
        query_int(q, i, id);
    else
        query_null(q, i);
}

static void bind_agenda(const Call *c, Query *q, int64_t agent)
{
    const ListArgs *a = c->args;
    int64_t now = crm_now(c->crm), from = INT64_MIN, to = INT64_MAX;
    if (a->day) {
        from = midnight(c, a->day, 0);
        to = midnight(c, a->day, 1);
    }
    if (a->overdue && now < to)
        to = now;
    bind_id(q, 1, a->campaign);
    bind_id(q, 2, agent);
    query_int(q, 3, from);
    query_int(q, 4, to);
    query_int(q, 5, now);
}

static bool list_run(const Call *c, Error *err)
{
    const ListArgs *a = c->args;
    Query *q = NULL;
    int64_t agent, overdue = 0, n = 0;
    int more = -1;
    if (!whose(c, a->mine, a->agent, &agent, err)
        || !query_open(c->crm->store, &sql[AGENDA], &q, err))
        return false;
    bind_agenda(c, q, agent);
    bool ok = out_begin(c->out, list_columns, -1, err);
    while (ok && (more = query_next(q, err)) > 0) {
        Value row[LIST_COLUMNS];
        for (int i = 0; i < LIST_COLUMNS; i++)
            row[i] = query_col(q, i);
        n++;
        overdue += query_col_int(q, 6);
        ok = out_row(c->out, row, err);
    }
    query_close(q);
    if (ok && more == 0)
        ui_note(c->ui, "%" PRId64 " callbacks, %" PRId64 " overdue", n, overdue);
    return ok && more == 0;
}

/* ---- callback drop --------------------------------------------------------------------------- */

typedef struct DropArgs { int64_t customer, campaign; const char *why; } DropArgs;

static bool drop_run(const Call *c, Error *err)
{
    const DropArgs *a = c->args;
    int64_t campaign = a->campaign;
    const char *state;
    if ((!campaign && !campaign_of_customer(c, a->customer, &campaign, err))
        || !callback_drop(c->crm, campaign, a->customer, a->why, c->arena, &state, err))
        return false;
    ui_note(c->ui, "callback of customer %" PRId64 " dropped; its entry is %s", a->customer, state);
    return out_receipt(c->out, &(Column){ "state", KIND_TEXT, 0 }, 1,
                       (Value[]){ value_cstr(state) }, err);
}

/* ---- definitions ----------------------------------------------------------------------------- */

static const Command callback = {
    .name = "callback", .summary = "Book a time at which a customer is called back",
    .detail = "It is dialled before anything else at that time, by the agent whose it is or by "
              "anybody; ten minutes later anybody may take it when that agent is away. Book it "
              "again to move it, or to give it to somebody else. The note is stored as a touch.",
    .args = (const Arg[]){
        { "customer", ARG_RECORD, 0, "who is called", AT(BookArgs, customer), .of = "customer" },
        { "when", ARG_TIME, 0, "at what time", AT(BookArgs, at) },
        { "--campaign", ARG_RECORD, ARG_OPTIONAL,
          "for which campaign; the only one that has it on its list unless named",
          AT(BookArgs, campaign), .of = "campaign", .among = "state!=closed" },
        { "--mine", ARG_FLAG, ARG_OPTIONAL, "you call", AT(BookArgs, mine) },
        { "--agent", ARG_RECORD, ARG_OPTIONAL, "who calls; anybody unless said",
          AT(BookArgs, agent), .of = "agent" },
        { "--note", ARG_TEXT, ARG_OPTIONAL, "what is to be known", AT(BookArgs, note) },
        { 0 } },
    .args_size = sizeof(BookArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES, .run = book_run,
    .examples = (const Example[]){
        { "callback 101 'tomorrow 14:00' --agent li --note 'asks for the price'",
          "who promised it calls" },
        { "callback 101 'tomorrow 16:30'", "later, and by anybody" },
        { 0 } },
};

static const Command callback_list = {
    .name = "callback list", .summary = "Show the agenda: who is called back when, and by whom",
    .detail = "The note is the last one that any touch of the customer has.",
    .args = (const Arg[]){
        { "--campaign", ARG_RECORD, ARG_OPTIONAL, "only of this campaign", AT(ListArgs, campaign),
          .of = "campaign" },
        { "--mine", ARG_FLAG, ARG_OPTIONAL, "only yours", AT(ListArgs, mine) },
        { "--agent", ARG_RECORD, ARG_OPTIONAL, "only this agent's", AT(ListArgs, agent),
          .of = "agent" },
        { "--day", ARG_TIME, ARG_OPTIONAL, "only of this day", AT(ListArgs, day) },
        { "--overdue", ARG_FLAG, ARG_OPTIONAL, "only those whose time has passed",
          AT(ListArgs, overdue) },
        { 0 } },
    .args_size = sizeof(ListArgs), .columns = list_columns, .run = list_run,
    .examples = (const Example[]){
        { "callback list --day tomorrow", "who is called back on a day" },
        { "callback list --agent li --overdue", "what li has missed" },
        { 0 } },
};

static const Command callback_drop_command = {
    .name = "callback drop", .summary = "Give up a callback; the customer stays on the list",
    .detail = "The entry is open for anybody again: new, or retry when it was called before. It is "
              "done when its last result was final or its attempts are used up. Why is stored as a "
              "touch.",
    .args = (const Arg[]){
        { "customer", ARG_RECORD, 0, "whose callback", AT(DropArgs, customer), .of = "customer" },
        { "--campaign", ARG_RECORD, ARG_OPTIONAL,
          "of which campaign; the only one that has it on its list unless named",
          AT(DropArgs, campaign), .of = "campaign" },
        { "--why", ARG_TEXT, 0, "the reason", AT(DropArgs, why) },
        { 0 } },
    .args_size = sizeof(DropArgs), .need = MAY_DIAL, .flags = COMMAND_WRITES, .run = drop_run,
    .examples = (const Example[]){
        { "callback 101 tomorrow; callback drop 101 --why 'called us himself'",
          "not needed any more" },
        { 0 } },
};

const Command *const callback_commands[] = {
    &callback, &callback_list, &callback_drop_command, NULL
};

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_list.c -- calling lists: build fill remove deal recall status split join freeze thaw retire.
 */
#include <inttypes.h>

#include "cmd/command.h"
#include "model/list.h"
#include "model/schema.h"
#include "model/select.h"
#include "store/journal.h"

enum { STATUS, SQL_COUNT };
static const Sql sql[] = {
    [STATUS] = { "SELECT state, reason, count(*), sum(attempts), min(next_at) FROM entry WHERE "
                 "list = ?1"
                 " GROUP BY state, reason ORDER BY state, reason", SQL_HOT },
};
const SqlTable cmd_list_sql = { "cmd_list", sql, SQL_COUNT };

static const Type *type(const Call *c, const char *name)
{
    return schema_type(c->crm->schema, str(name));
}

static const char *list_name(const Call *c, int64_t id)
{
    return record_label(c->crm, type(c, "list"), id, c->arena);
}

static bool list_new(const Call *c, const char *name, const char *rule, int64_t *id, Error *err)
{
    Record *r = record_new(type(c, "list"), c->arena);
    if (!record_put(c->crm, r, STR("name"), FIELD_SET, str(name), c->arena, err))
        return false;
    if (rule)
        record_put_value(r, type_field(r->type, STR("rule")), value_cstr(rule));
    if (!record_add(c->crm, r, err))
        return false;
    *id = r->id;
    return true;
}

static bool receipt_count(const Call *c, const char *name, int64_t n, Error *err)
{
    const Column cols[] = { { name, KIND_INT, 0 } };
    return out_receipt(c->out, cols, 1, (Value[]){ value_int(n) }, err);
}

/* ---- build ----------------------------------------------------------------------------------- */

typedef struct BuildArgs { const char *name, *from, *channel; Texts without; } BuildArgs;

/* The contact points that a channel needs. */
static const struct { const char *channel, *field; } needs[] = {
    { "phone", "phone" }, { "fax", "fax" }, { "email", "email" }, { "sms", "phone" },
    { "letter", "address" }, { "visit", "address" },
};
static const char *const build_channels[] = { "phone", "fax", "email", "sms", "letter", "web",
                                              "chat", "visit", NULL };

static const Column build_columns[] = { { "rule", KIND_TEXT, 0 }, { "entries", KIND_INT, 0 },
                                        { 0 } };

static bool build_row(const Call *c, const char *rule, int64_t n, Error *err)
{
    return out_row(c->out, (Value[]){ value_cstr(rule), value_int(n) }, err);
}

/* A place in the filter is no place in the line, so the filter is named. */
static bool rule_filter(const Call *c, const char *option, const char *text, Filter *out,
                        Error *err)
{
    if (filter_text(c->crm, type(c, "customer"), str(text), c->arena, out, err))
        return true;
    err->width = 0;
    fail_detail(err, "in %s '%s'", option, text);
    return false;
}

/* Take away for whom `rule` holds. A row only when there are any, or `always`. */
static bool leave_out(const Call *c, const char *rule, const char *says, bool always, Filter *all,
                      int64_t *had, Error *err)
{
    Filter without;
    int64_t left;
    if (!rule_filter(c, "--not", rule, &without, err))
        return false;
    *all = filter_and_not(all, &without, c->arena);
    if (!select_count(c->crm, type(c, "customer"), all, &left, err)
        || ((always || left != *had) && !build_row(c, says, left - *had, err)))
        return false;
    *had = left;
    return true;
}

/* Who refuses the channel is never put on a list, nor who has no address for one that was named. */
static bool leave_out_unreachable(const Call *c, const BuildArgs *a, Filter *all, int64_t *had,
                                  Error *err)
{
    const char *channel = a->channel ? a->channel : "phone";
    if (!leave_out(c, arena_printf(c->arena, "refuses in (%s, any)", channel),
                   arena_printf(c->arena, "refuses %s", channel), false, all, had, err))
        return false;
    for (size_t i = 0; a->channel && i < sizeof needs / sizeof *needs; i++)
        if (strcmp(needs[i].channel, channel) == 0)
            return leave_out(c, arena_printf(c->arena, "%s=", needs[i].field),
                             arena_printf(c->arena, "no %s", needs[i].field), false, all, had,
                             err);
    return true;
}

/* A row a rule: how many it takes, how many each --not takes away, what is left. */
static bool build_rows(const Call *c, const BuildArgs *a, Filter *all, Error *err)
{
    const Type *t = type(c, "customer");
    int64_t had;
    if (!rule_filter(c, "--from", a->from ? a->from : "", all, err)
        || !select_count(c->crm, t, all, &had, err) || !out_begin(c->out, build_columns, -1, err)
        || !build_row(c, *all->text ? all->text : "all customers", had, err))
        return false;
    for (int i = 0; i < a->without.n; i++) {
        const char *rule = a->without.s[i];
        if (!leave_out(c, rule, arena_printf(c->arena, "not %s", rule), true, all, &had, err))
            return false;
    }
    return leave_out_unreachable(c, a, all, &had, err);
}

static bool build_run(const Call *c, Error *err)
{
    const BuildArgs *a = c->args;
    Filter all;
    int64_t id, added;
    if (!build_rows(c, a, &all, err) || !list_new(c, a->name, all.text, &id, err)
        || !list_fill(c->crm, id, &all, &added, err)
        || !build_row(c, arena_printf(c->arena, "entries in %s", a->name), added, err))
        return false;
    ui_note(c->ui, "list %s built: %" PRId64 " entries", a->name, added);
    return true;
}

static const Command list_build = {
    .name = "list build", .summary = "Make a list from rules, and show who falls out at each",
    .detail = "The rules are kept with the list. Who refuses the channel is left out; so is, of a "
              "channel that is named, who has no address for it.",
    .args = (const Arg[]){
        { "name", ARG_TEXT, 0, "the new list's name", AT(BuildArgs, name) },
        { "--from", ARG_TEXT, ARG_OPTIONAL, "a filter: whom to take; all customers when not given",
          AT(BuildArgs, from), .value = "EXPR" },
        { "--not", ARG_LIST, ARG_OPTIONAL, "a filter: whom to leave out", AT(BuildArgs, without),
          .value = "EXPR" },
        { "--channel", ARG_CHOICE, ARG_OPTIONAL, "how they are to be reached; phone unless given",
          AT(BuildArgs, channel), .choices = build_channels },
        { 0 } },
    .args_size = sizeof(BuildArgs), .columns = build_columns,
    .examples = (const Example[]){
        { "list build spring --from 'source=expo' --not dnc --not 'last_call>=-30d'",
          "a list by rules" }, { 0 } },
    .flags = COMMAND_WRITES, .run = build_run,
};

/* ---- fill, remove ---------------------------------------------------------------------------- */

typedef struct FillArgs { int64_t list; FilterArg filter; } FillArgs;

static bool fill_run(const Call *c, Error *err)
{
    const FillArgs *a = c->args;
    Filter f;
    int64_t added;
    if (!filter_arg(c, type(c, "customer"), &a->filter, &f, err)
        || !list_fill(c->crm, a->list, &f, &added, err))
        return false;
    ui_note(c->ui, "%" PRId64 " entries added to %s", added, list_name(c, a->list));
    return receipt_count(c, "added", added, err);
}

static bool remove_run(const Call *c, Error *err)
{
    const FillArgs *a = c->args;
    Filter f;
    int64_t removed;
    if (!filter_arg(c, type(c, "customer"), &a->filter, &f, err)
        || !list_remove(c->crm, a->list, &f, &removed, err))
        return false;
    ui_note(c->ui, "%" PRId64 " entries removed from %s", removed, list_name(c, a->list));
    return receipt_count(c, "removed", removed, err);
}

static const Command list_fill_command = {
    .name = "list fill", .summary = "Put customers on a list",
    .detail = "Each customer is on a list once; retired customers are left out.",
    .args = (const Arg[]){
        { "list", ARG_RECORD, 0, "the list", AT(FillArgs, list), .of = "list" },
        { "filter", ARG_FILTER, ARG_OPTIONAL, "which customers; all when not given",
          AT(FillArgs, filter),
          .of = "customer" },
        { 0 } },
    .args_size = sizeof(FillArgs),
    .examples = (const Example[]){ { "list fill demo stage=potential value>=80", "by a filter" },
                                   { 0 } },
    .flags = COMMAND_WRITES, .run = fill_run,
};

static const Command list_remove_command = {
    .name = "list remove", .summary = "Take customers that were never called off a list",
    .args = (const Arg[]){
        { "list", ARG_RECORD, 0, "the list", AT(FillArgs, list), .of = "list" },
        { "filter", ARG_FILTER, 0, "which customers", AT(FillArgs, filter), .of = "customer" },
        { 0 } },
    .args_size = sizeof(FillArgs), .flags = COMMAND_WRITES, .run = remove_run,
    .examples = (const Example[]){
        { "list remove demo city=上海", "customers that were never called" },
        { 0 } },
};

/* ---- deal, recall ---------------------------------------------------------------------------- */

typedef struct DealArgs { int64_t list; Texts to; int64_t each; } DealArgs;

static bool agents_named(const Call *c, const Texts *names, int64_t **ids, int *n, Error *err)
{
    *ids = NULL;
    *n = 0;
    for (int i = 0; i < names->n; i++)
        for (const char *const *one = choices_split(str(names->s[i]), c->arena); *one; one++) {
            int64_t *more = ARENA_ARRAY(c->arena, int64_t, *n + 1);
            if (*n)
                memcpy(more, *ids, sizeof *more * (size_t)*n);
            if (!record_find(c->crm, type(c, "agent"), str(*one), &more[*n], err))
                return false;
            *ids = more;
            ++*n;
        }
    return *n > 0 || fail(err, ERR_USAGE, "--to names nobody");
}

static const Column deal_columns[] = { { "agent", KIND_TEXT, 0 }, { "entries", KIND_INT, 0 },
                                       { 0 } };

static bool deal_run(const Call *c, Error *err)
{
    const DealArgs *a = c->args;
    int64_t *agents, left;
    int n;
    if (!agents_named(c, &a->to, &agents, &n, err))
        return false;
    int64_t *dealt = ARENA_ARRAY(c->arena, int64_t, n);
    if (!list_deal(c->crm, a->list, agents, n, a->each, dealt, &left, err)
        || !out_begin(c->out, deal_columns, -1, err))
        return false;
    for (int i = 0; i < n; i++) {
        Value row[] = { value_cstr(record_label(c->crm, type(c, "agent"), agents[i], c->arena)),
                        value_int(dealt[i]) };
        if (!out_row(c->out, row, err))
            return false;
    }
    ui_note(c->ui, "%" PRId64 " entries of %s left undealt", left, list_name(c, a->list));
    return true;
}

static const Command list_deal_command = {
    .name = "list deal", .summary = "Deal entries of a list to agents",
    .detail = "Without --each all entries are dealt evenly. Dealt entries are offered to their "
              "agent alone.",
    .args = (const Arg[]){
        { "list", ARG_RECORD, 0, "the list", AT(DealArgs, list), .of = "list" },
        { "--to", ARG_LIST, 0, "agents", AT(DealArgs, to), .value = "NAME,NAME" },
        { "--each", ARG_INT, ARG_OPTIONAL, "entries for each of them", AT(DealArgs, each),
          .fallback = "0" },
        { 0 } },
    .args_size = sizeof(DealArgs), .columns = deal_columns, .need = MAY_MANAGE,
    .flags = COMMAND_WRITES,
    .run = deal_run,
    .examples = (const Example[]){
        { "list deal demo --to li,zhao", "turn by turn" },
        { "list deal demo --to li,zhao --each 50", "no more than 50 each" },
        { 0 } },
};

typedef struct RecallArgs { int64_t list, agent; bool all; } RecallArgs;

static bool recall_run(const Call *c, Error *err)
{
    const RecallArgs *a = c->args;
    int64_t back;
    if (!list_recall(c->crm, a->list, a->agent, a->all, &back, err))
        return false;
    ui_note(c->ui, "%" PRId64 " entries of %s taken back", back, list_name(c, a->list));
    return receipt_count(c, "back", back, err);
}

static const Command list_recall_command = {
    .name = "list recall", .summary = "Take back what an agent was dealt and has not dialled",
    .args = (const Arg[]){
        { "list", ARG_RECORD, 0, "the list", AT(RecallArgs, list), .of = "list" },
        { "agent", ARG_RECORD, ARG_OPTIONAL, "from whom; everybody when not given",
          AT(RecallArgs, agent), .of = "agent" },
        { "--all", ARG_FLAG, ARG_OPTIONAL,
          "also what he has dialled and not finished, and his callbacks", AT(RecallArgs, all) },
        { 0 } },
    .args_size = sizeof(RecallArgs), .need = MAY_MANAGE, .flags = COMMAND_WRITES, .run = recall_run,
    .examples = (const Example[]){
        { "list recall demo li", "what he has not dialled" },
        { "list recall demo li --all", "he has left" },
        { 0 } },
};

/* ---- status ---------------------------------------------------------------------------------- */

typedef struct ListArg { int64_t list; } ListArg;

static const Column status_columns[] = {
    { "state", KIND_TEXT, 0 }, { "reason", KIND_TEXT, 0 }, { "entries", KIND_INT, 0 },
    { "attempts", KIND_INT, 0 }, { "next_at", KIND_TIME, 0 }, { 0 }
};

static bool status_run(const Call *c, Error *err)
{
    const ListArg *a = c->args;
    Query *q = NULL;
    int more;
    int64_t all = 0;
    if (!out_begin(c->out, status_columns, -1, err)
        || !query_open(c->crm->store, &sql[STATUS], &q, err))
        return false;
    query_int(q, 1, a->list);
    while ((more = query_next(q, err)) > 0) {
        all += query_col_int(q, 2);
        Value row[] = { query_col(q, 0), query_col(q, 1), query_col(q, 2), query_col(q, 3),
                        query_col(q, 4) };
        if (!out_row(c->out, row, err)) {
            more = -1;
            break;
        }
    }
    query_close(q);
    ui_note(c->ui, "%" PRId64 " entries in %s", all, list_name(c, a->list));
    return more == 0;
}

static const Command list_status = {
    .name = "list status", .summary = "Count a list's entries by state and reason",
    .args = (const Arg[]){
        { "list", ARG_RECORD, 0, "the list", AT(ListArg, list), .of = "list" }, { 0 } },
    .args_size = sizeof(ListArg), .columns = status_columns,
    .examples = (const Example[]){ { "list status demo", "how far it has come" }, { 0 } },
    .run = status_run,
};

/* ---- split, join ----------------------------------------------------------------------------- */

typedef struct SplitArgs { int64_t list; const Field *by; } SplitArgs;
typedef struct SplitCtx { const Call *c; Error *err; } SplitCtx;

static const Column split_columns[] = { { "list", KIND_TEXT, 0 }, { "entries", KIND_INT, 0 },
                                        { 0 } };

static bool split_row(void *ctx, Str name, int64_t entries)
{
    SplitCtx *x = ctx;
    return out_row(x->c->out, (Value[]){ value_text(name), value_int(entries) }, x->err);
}

static bool split_run(const Call *c, Error *err)
{
    const SplitArgs *a = c->args;
    SplitCtx x = { c, err };
    return out_begin(c->out, split_columns, -1, err)
           && list_split(c->crm, a->list, a->by, c->arena, split_row, &x, err);
}

static const Command list_split_command = {
    .name = "list split", .summary = "Split a list into one for each value of a customer field",
    .detail = "The entries move, with their state and history; the list itself stays, empty.",
    .args = (const Arg[]){
        { "list", ARG_RECORD, 0, "the list", AT(SplitArgs, list), .of = "list" },
        { "--by", ARG_FIELD, 0, "the field", AT(SplitArgs, by), .of = "customer" },
        { 0 } },
    .args_size = sizeof(SplitArgs), .columns = split_columns, .flags = COMMAND_WRITES,
    .run = split_run,
    .examples = (const Example[]){
        { "list split demo --by city", "a list for each city" },
        { 0 } },
};

typedef struct JoinArgs { Texts lists; const char *as; } JoinArgs;

static bool join_run(const Call *c, Error *err)
{
    const JoinArgs *a = c->args;
    int64_t to, from, added, all = 0;
    if (!list_new(c, a->as, NULL, &to, err))
        return false;
    for (int i = 0; i < a->lists.n; i++) {
        if (!record_find(c->crm, type(c, "list"), str(a->lists.s[i]), &from, err)
            || !list_join(c->crm, to, from, &added, err))
            return false;
        all += added;
    }
    ui_note(c->ui, "list %s made of %d lists: %" PRId64 " entries", a->as, a->lists.n, all);
    return receipt_count(c, "added", all, err);
}

static const Command list_join_command = {
    .name = "list join", .summary = "Make a new list of the customers of others, each once",
    .args = (const Arg[]){
        { "lists", ARG_WORDS, 0, "the lists", AT(JoinArgs, lists) },
        { "--as", ARG_TEXT, 0, "the new list's name", AT(JoinArgs, as) },
        { 0 } },
    .args_size = sizeof(JoinArgs), .flags = COMMAND_WRITES, .run = join_run,
    .examples = (const Example[]){
        { "list join demo autumn --as both", "each customer once" },
        { 0 } },
};

/* ---- states ---------------------------------------------------------------------------------- */

static bool state_run(const Call *c, const char *state, Error *err)
{
    const ListArg *a = c->args;
    if (!list_set_state(c->crm, a->list, state, err))
        return false;
    ui_note(c->ui, "list %s is %s", list_name(c, a->list), state);
    return true;
}

static bool freeze_run(const Call *c, Error *err)
{
    return state_run(c, "frozen", err);
}

static bool thaw_run(const Call *c, Error *err)
{
    return state_run(c, "active", err);
}

static bool retire_run(const Call *c, Error *err)
{
    return state_run(c, "retired", err);
}

#define LIST_ARG (const Arg[]){ \
    { "list", ARG_RECORD, 0, "the list", AT(ListArg, list), .of = "list" }, { 0 } }

static const Command list_freeze = {
    .name = "list freeze", .summary = "Keep a list as it is: not changed and not dialled",
    .args = LIST_ARG, .args_size = sizeof(ListArg), .flags = COMMAND_WRITES, .run = freeze_run,
    .examples = (const Example[]){
        { "list freeze demo", "kept as it is" },
        { 0 } },
};

static const Command list_thaw = {
    .name = "list thaw", .summary = "Make a frozen list active again",
    .args = LIST_ARG, .args_size = sizeof(ListArg), .flags = COMMAND_WRITES, .run = thaw_run,
    .examples = (const Example[]){
        { "list freeze demo; list thaw demo", "dialled again" },
        { 0 } },
};

static const Command list_retire = {
    .name = "list retire", .summary = "Put a list out of use for good; its history stays",
    .args = LIST_ARG, .args_size = sizeof(ListArg), .need = MAY_MANAGE, .flags = COMMAND_WRITES,
    .run = retire_run,
    .examples = (const Example[]){
        { "list retire demo", "its history stays" },
        { 0 } },
};

const Command *const list_commands[] = {
    &list_build, &list_fill_command, &list_remove_command, &list_deal_command,
    &list_recall_command, &list_status,
    &list_split_command, &list_join_command, &list_freeze, &list_thaw, &list_retire, NULL
};

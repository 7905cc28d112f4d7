/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_consent.c -- consent history: what a customer said, oldest first. (give and withdraw are
 * lua/commands/consent.lua.)
 */
#include "cmd/command.h"

enum { HISTORY, SQL_COUNT };
static const Sql sql[] = {
    [HISTORY] = { "SELECT at, channel, purpose, given, source, user, note,"
                  " id IN (SELECT id FROM consent_now WHERE customer = ?1)"
                  " FROM consent WHERE customer = ?1 ORDER BY at, id", SQL_HOT },
};
const SqlTable cmd_consent_sql = { "cmd_consent", sql, SQL_COUNT };

typedef struct History { int64_t customer; } History;

static const Column columns[] = {
    { "at", KIND_TIME, 0 }, { "channel", KIND_TEXT, 0 }, { "purpose", KIND_TEXT, 0 },
    { "given", KIND_BOOL, 0 }, { "source", KIND_TEXT, 0 }, { "user", KIND_TEXT, 0 },
    { "note", KIND_TEXT, COLUMN_FOLD }, { "counts", KIND_BOOL, 0 }, { 0 }
};

static bool history_run(const Call *c, Error *err)
{
    const History *a = c->args;
    Query *q = NULL;
    int more = -1;
    if (!out_begin(c->out, columns, -1, err)
        || !query_open(c->crm->store, &sql[HISTORY], &q, err))
        return false;
    query_int(q, 1, a->customer);
    while ((more = query_next(q, err)) > 0) {
        Value v[8];
        for (int i = 0; i < 8; i++)
            v[i] = query_col(q, i);
        if (!out_row(c->out, v, err)) {
            more = -1;
            break;
        }
    }
    query_close(q);
    return more == 0;
}

static const Command consent_history = {
    .name = "consent history",
    .summary = "Show what a customer said to being contacted, oldest first",
    .detail = "A line counts when nothing was said later for the same channel and purpose.",
    .args = (const Arg[]){
        { "customer", ARG_RECORD, 0, "whose words", AT(History, customer), .of = "customer" },
        { 0 } },
    .args_size = sizeof(History), .columns = columns,
    .examples = (const Example[]){ { "consent history 1", "each word" }, { 0 } },
    .run = history_run,
};

const Command *const consent_commands[] = { &consent_history, NULL };

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_sql.c -- SQL as the user typed it: reading freely, writing on request and in the journal.
 *
 * The store refuses what must not be done by hand (DDL, ATTACH, the journal's own tables).
 */
#include <inttypes.h>

#include "cmd/command.h"
#include "store/journal.h"

typedef struct SqlArgs { Texts words; bool write; } SqlArgs;

/* The statement. One quoted word is taken as it is; several are cut from the line as typed, since
 * their quotes belong to SQL. */
static bool statement(const Call *c, Str *out, Error *err)
{
    const SqlArgs *a = c->args;
    Words w;
    if (a->words.n == 1) {
        *out = str(a->words.s[0]);
        return true;
    }
    if (!lex_words(str(c->line), c->arena, &w, NULL, err))
        return false;
    int first = 0, last = w.n - 1;
    while (first < w.n && strcmp(w.w[first].text.s, a->words.s[0]) != 0)
        first++;
    while (last > first && strcmp(w.w[last].text.s, a->words.s[a->words.n - 1]) != 0)
        last--;                                   /* switches of ours stand behind the statement */
    if (first == w.n)
        return fail(err, ERR_USAGE, "put the statement in quotes");
    const Word *from = &w.w[first], *to = &w.w[last];
    *out = str_n(c->line + from->at, (size_t)(to->at + to->width - from->at));
    return true;
}

static Kind kind_of(Value v)
{
    return v.type == VALUE_INT ? KIND_INT : v.type == VALUE_REAL ? KIND_NUMBER : KIND_TEXT;
}

/* Columns take their kind from the first row: SQL does not say more. */
static bool begin_rows(const Call *c, Query *q, bool any, Error *err)
{
    int n = query_columns(q);
    Column *cols = ARENA_ARRAY(c->arena, Column, n);
    for (int i = 0; i < n; i++)
        cols[i] = (Column){ arena_strdup(c->arena, query_column_name(q, i)),
                            any ? kind_of(query_col(q, i)) : KIND_TEXT, COLUMN_FOLD };
    return n == 0 || out_begin(c->out, cols, n, err);
}

static bool put_rows(const Call *c, Query *q, Error *err)
{
    int more = query_next(q, err), n = query_columns(q);
    Value *v = ARENA_ARRAY(c->arena, Value, n);
    if (more < 0 || !begin_rows(c, q, more > 0, err))
        return false;
    for (; more > 0; more = query_next(q, err)) {
        for (int i = 0; i < n; i++)
            v[i] = query_col(q, i);
        if (!out_row(c->out, v, err))
            return false;
    }
    return more == 0;
}

static bool write_rows(const Call *c, Query *q, Error *err)
{
    Store *st = c->crm->store;
    if (!session_may(c->session, MAY_ADMIN, err) || !store_begin(st, err))
        return false;
    if (store_depth(st) == 1)
        journal_describe(st, str(c->line));
    if (!put_rows(c, q, err)) {
        store_rollback(st);
        return false;
    }
    query_reset(q);
    ChangeCount n = journal_count(st);
    if (c->dry_run)
        store_rollback(st);
    else if (!store_commit(st, err))
        return false;
    ui_note(c->ui, "%s%" PRId64 " added, %" PRId64 " changed, %" PRId64 " deleted",
            c->dry_run ? "would: " : "", n.inserted, n.updated, n.deleted);
    return true;
}

static bool sql_run(const Call *c, Error *err)
{
    const SqlArgs *a = c->args;
    Query *q = NULL;
    Str text;
    bool writes, ok;
    if (!statement(c, &text, err) || !query_user(c->crm->store, text, &q, &writes, err))
        return false;
    if (writes && !a->write) {
        fail(err, ERR_USAGE, "this statement changes the file");
        ok = fail_hint(err, "sql --write '...' does it, and undo takes it back");
    } else
        ok = writes ? write_rows(c, q, err) : put_rows(c, q, err);
    query_close(q);
    return ok;
}

static const Command sql = {
    .name = "sql",
    .summary = "Ask the database in SQL",
    .detail = "A statement that changes rows needs --write; it is journalled like any other "
              "change. Put the statement in quotes, so that > and * mean what they mean in SQL.",
    .args = (const Arg[]){
        { "statement", ARG_WORDS, 0, "one SQL statement", AT(SqlArgs, words) },
        { "--write", ARG_FLAG, ARG_OPTIONAL, "it may change rows", AT(SqlArgs, write) },
        { 0 } },
    .args_size = sizeof(SqlArgs),
    .examples = (const Example[]){
        { "sql 'SELECT count(*) FROM customer'", "how many customers there are" },
        { "sql \"SELECT city, count(*) AS n FROM customer GROUP BY city ORDER BY n DESC\"",
          "where they are" },
        { "sql --write \"UPDATE customer SET city = '上海' WHERE city = 'Shanghai'\"",
          "many rows at once; undo takes it back" },
        { 0 } },
    .need = MAY_EXPORT,
    .flags = COMMAND_WRITES | COMMAND_OWN_TX | COMMAND_RAW,
    .run = sql_run,
};

const Command *const sql_commands[] = { &sql, NULL };

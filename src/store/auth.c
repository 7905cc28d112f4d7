/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * auth.c -- what a statement may do, asked by SQLite while it is prepared.
 *
 * The program's own statements may read and write rows and nothing else; the schema changes only
 * through migrations and journal_schema(), which open the authorizer.  SQL that a user typed may
 * besides not write what keeps the books: the journal, counters, the search index.
 */
#include <stdio.h>
#include <strings.h>

#include "store/store_int.h"

static const char schema_is_ours[] = "the schema cannot be changed by SQL: tables and columns are"
                                     " added with type add and field add";

/* `why` with @ for what is meant. */
static int refuse(Store *st, const char *why, const char *what)
{
    Buf b = { .max = sizeof st->auth_why - 1 };
    for (; *why; why++)
        if (*why == '@')
            buf_cstr(&b, what);
        else
            buf_char(&b, *why);
    snprintf(st->auth_why, sizeof st->auth_why, "%s", b.s);
    buf_release(&b);
    return SQLITE_DENY;
}

/* Pragmas that only read; some take the name of a table. */
static bool is_reading_pragma(const char *name, const char *arg)
{
    static const char *const with_arg[] = { "table_info", "table_xinfo", "index_list", "index_info",
                                            "index_xinfo", "foreign_key_list", NULL };
    static const char *const without[] = { "schema_version", "user_version", "data_version",
        "page_count", "page_size", "table_list", "freelist_count", "compile_options",
        "function_list", "encoding", "application_id", NULL };
    for (int i = 0; with_arg[i]; i++)
        if (strcasecmp(name, with_arg[i]) == 0)
            return true;
    for (int i = 0; without[i] && !arg; i++)
        if (strcasecmp(name, without[i]) == 0)
            return true;
    return false;
}

static int user_may(Store *st, int action, const char *a)
{
    switch (action) {
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
        if (strncmp(a, "sqlite_", 7) == 0)
            return refuse(st, schema_is_ours, NULL);
        if (is_exempt(a))
            return refuse(st, "table @ is kept by patter itself and cannot be written", a);
        return SQLITE_OK;
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return refuse(st, "@ is a command of its own here: begin, commit, rollback", a);
    default:
        return SQLITE_OK;
    }
}

static int authorize(void *ctx, int action, const char *a, const char *b, const char *db,
                     const char *trigger)
{
    Store *st = ctx;
    (void)db, (void)trigger;
    if (st->auth == AUTH_OPEN)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_SELECT:
    case SQLITE_READ:
    case SQLITE_FUNCTION:
    case SQLITE_RECURSIVE:
        return SQLITE_OK;
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
    case SQLITE_TRANSACTION:
    case SQLITE_SAVEPOINT:
        return st->auth == AUTH_USER ? user_may(st, action, a) : SQLITE_OK;
    case SQLITE_PRAGMA:
        return is_reading_pragma(a, b) ? SQLITE_OK
                                       : refuse(st, "PRAGMA @ would change the file's settings", a);
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
        return refuse(st, "ATTACH and DETACH are not allowed: one file at a time", NULL);
    default:
        return refuse(st, schema_is_ours, NULL);
    }
}

void auth_install(Store *st)
{
    sqlite3_set_authorizer(st->db, authorize, st);
}

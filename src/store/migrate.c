/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * migrate.c -- bring a file to this program's schema: the files of db/, in order, each one change.
 *
 * PRAGMA user_version holds the number of the last file applied, PRAGMA application_id says that
 * the file is patter's.  Forward only; a file that is newer than the program is refused.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/embed.h"
#include "store/store_int.h"

enum { APPLICATION = 0x50615474 };       /* "PaTt" */

typedef struct Step { const char *path; int number; } Step;

static int number_of(const char *path)
{
    return atoi(strchr(path, '/') + 1);
}

static bool begins_with_word(const char *sql, const char *word)
{
    size_t n = strlen(word);
    return strncasecmp(sql, word, n) == 0 && (sql[n] == ' ' || sql[n] == '\n');
}

/* Rows, not schema: then the journal must know every table that was made before. */
static bool is_dml(sqlite3_stmt *stmt)
{
    const char *sql = sqlite3_sql(stmt);
    for (;;) {
        sql += strspn(sql, " \t\r\n");
        if (strncmp(sql, "--", 2) != 0)
            break;
        sql += strcspn(sql, "\n");
    }
    return begins_with_word(sql, "INSERT") || begins_with_word(sql, "UPDATE")
        || begins_with_word(sql, "DELETE");
}

static bool run_script(Store *st, const char *sql, Error *err)
{
    bool synced = false, ok = true;
    while (ok && *sql) {
        sqlite3_stmt *stmt = NULL;
        const char *rest = NULL;
        int rc = sqlite3_prepare_v2(st->db, sql, -1, &stmt, &rest);
        if (rc == SQLITE_OK && stmt) {
            bool dml = is_dml(stmt);
            if (dml && !synced)
                ok = schema_sync(st, err);
            synced = dml;
            while (ok && (rc = sqlite3_step(stmt)) == SQLITE_ROW)
                ;
            rc = rc == SQLITE_DONE ? SQLITE_OK : rc;
        }
        if (ok && rc != SQLITE_OK)
            ok = fail_sqlite(st, rc, sql, err);
        sqlite3_finalize(stmt);
        sql = rest;
    }
    return ok && schema_sync(st, err);
}

/* Inside the transaction; another program may have migrated the file while we waited for it. */
static bool apply_locked(Store *st, Step step, Error *err)
{
    Arena a = { 0 };
    Str text;
    char pragmas[96];
    int64_t now = 0;
    if (!store_cell(st, "PRAGMA user_version", &now, err))
        return false;
    if (now >= step.number)
        return true;
    st->journal.kind = CHANGE_MIGRATE;
    journal_describe(st, str(step.path));
    snprintf(pragmas, sizeof pragmas, "PRAGMA application_id = %d; PRAGMA user_version = %d",
             APPLICATION, step.number);
    bool ok = embed_read(step.path, &a, &text, err) && run_script(st, str_c(text, &a), err)
           && store_run(st, pragmas, err);
    arena_release(&a);
    return ok;
}

static bool apply(Store *st, Step step, Error *err)
{
    st->migrating = true;
    if (!store_begin(st, err))
        return false;
    st->auth = AUTH_OPEN;
    bool ok = apply_locked(st, step, err);
    if (ok)
        ok = store_commit(st, err);
    else
        store_rollback(st);
    st->auth = AUTH_CODE;
    st->migrating = false;
    st->version = ok ? step.number : st->version;
    return ok;
}

static bool backup_before(Store *st, Error *err)
{
    Buf name = { 0 };
    buf_printf(&name, "%s.bak-%04d", st->path, st->version);
    bool ok = store_backup(st, name.s, true, NULL, NULL, err);
    buf_release(&name);
    return ok;
}

/* user_version of the file; a file of another program is refused. */
static bool read_version(Store *st, Error *err)
{
    int64_t version = st->head.version, application = st->head.application, tables = 0;
    if (!st->head.known
        && (!settle(st, err) || !store_cell(st, "PRAGMA user_version", &version, err)
            || !store_cell(st, "PRAGMA application_id", &application, err)))
        return false;
    st->version = (int)version;
    if (application == APPLICATION)
        return true;
    if (!store_cell(st, "SELECT count(*) FROM sqlite_schema", &tables, err))
        return false;
    if (tables > 0)
        return fail(err, ERR_DATABASE, "%s is an SQLite file of another program", st->path);
    return st->is_new || fail(err, ERR_DATABASE, "%s is an empty SQLite file", st->path);
}

static bool migrate_from(Store *st, const char *const *paths, Error *err)
{
    if (st->readonly) {
        fail(err, ERR_DATABASE, "%s has an older schema and cannot be written", st->path);
        return fail_hint(err, "open it once where it can be written, or open a copy");
    }
    if (st->version > 0 && !backup_before(st, err))
        return false;
    for (int i = 0; paths[i]; i++) {
        Step step = { paths[i], number_of(paths[i]) };
        if (step.number > st->version && !apply(st, step, err))
            return false;
    }
    return true;
}

bool migrate(Store *st, Error *err)
{
    Arena a = { 0 };
    const char *const *paths = embed_list("db/", &a);
    int newest = 0;
    for (int i = 0; paths[i]; i++)
        newest = number_of(paths[i]);
    bool ok = read_version(st, err);
    if (ok && st->version > newest) {
        ok = fail(err, ERR_DATABASE, "%s was written by a newer patter (schema %d, this one knows"
                  " %d)", st->path, st->version, newest);
        fail_hint(err, "use the newer program");
    } else if (ok && st->version < newest) {
        ok = migrate_from(st, paths, err);
    }
    arena_release(&a);
    return ok;
}

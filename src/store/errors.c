/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <ctype.h>
#include <sys/statvfs.h>

#include "store/store_int.h"

/* Of an index on an expression only its name is told, which is table_what: "index 'dnc_number'". */
static bool fail_unique_index(Str name, Error *err)
{
    const char *end = memchr(name.s, '_', name.n);
    int table = end ? (int)(end - name.s) : 0;
    return fail(err, ERR_CONFLICT, "another %.*s has the same %.*s", table, name.s,
                (int)name.n - table - 2, name.s + table + 1);
}

/* "UNIQUE constraint failed: agent.name" -> "another agent has the same name". */
static bool fail_unique(const char *said, Error *err)
{
    const char *p = strstr(said, ": ");
    Str rest = str(p ? p + 2 : said);
    if (str_starts(rest, "index '"))
        return fail_unique_index(str_n(rest.s + 7, rest.n - 7), err);
    const char *dot = memchr(rest.s, '.', rest.n);
    if (!dot)
        return fail(err, ERR_CONFLICT, "%s", said);
    int table = (int)(dot - rest.s);
    Buf columns = { .max = 300 };
    for (const char *s = rest.s; s;) {
        const char *end = strstr(s, ", "), *name = strchr(s, '.');
        name = name ? name + 1 : s;
        size_t n = end ? (size_t)(end - name) : strlen(name);
        buf_printf(&columns, "%s%.*s", columns.n ? " and " : "", (int)n, name);
        s = end ? end + 2 : NULL;
    }
    fail(err, ERR_CONFLICT, "another %.*s has the same %s", table, rest.s, columns.s);
    buf_release(&columns);
    return false;
}

static bool fail_constraint(Store *st, int rc, const char *said, Error *err)
{
    switch (rc) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return fail_unique(said, err);
    case SQLITE_CONSTRAINT_FOREIGNKEY:
        fail(err, ERR_CONFLICT, "a record that this one needs is not there, "
             "or others still refer to it");
        return fail_hint(err, "remove or change what refers to it first");
    default:
        (void)st;
        return fail(err, ERR_INVALID, "%s", said);
    }
}

static bool fail_busy(Store *st, Error *err)
{
    char who[128];
    busy_holder(st, who, sizeof who);
    fail(err, ERR_BUSY, "%s is in use by %s", st->path, who);
    return fail_hint(err, "try again when it has finished");
}

static bool fail_damaged(Store *st, int rc, const char *said, Error *err)
{
    if (rc == SQLITE_READONLY)
        return fail(err, ERR_DATABASE, "%s cannot be written (opened read-only)", st->path);
    if (rc == SQLITE_CANTOPEN)
        return fail(err, ERR_DATABASE, "cannot open %s: %s", st->path, said);
    fail(err, ERR_DATABASE, "%s is %s: %s", st->path,
         rc == SQLITE_NOTADB ? "not a database" : "damaged", said);
    return fail_hint(err, "restore a backup, or look at it with the sqlite3 program");
}

static bool fail_full(Store *st, Error *err)
{
    fail(err, ERR_IO, "no room left on the disk for %s", st->path);
    return fail_hint(err, "nothing was changed; make room and try again");
}

/* Even a reader needs room for the index of the write-ahead log; SQLite calls its lack an I/O
 * error like any other. */
static bool fail_io(Store *st, const char *said, Error *err)
{
    struct statvfs disk;
    if (statvfs(st->path, &disk) == 0 && disk.f_bavail * disk.f_frsize < 64 << 10)
        return fail_full(st, err);
    return fail(err, ERR_IO, "%s could not be read or written: %s", st->path, said);
}

static bool fail_statement(Store *st, const char *said, const char *sql, Error *err)
{
    int at = sqlite3_error_offset(st->db);
    fail(err, st->auth == AUTH_USER ? ERR_USAGE : ERR_FAILED, "%s", said);
    if (st->auth != AUTH_USER && sql)
        fail_detail(err, "%s", sql);
    if (at >= 0 && sql) {
        int width = 0;
        while (isalnum((unsigned char)sql[at + width]) || sql[at + width] == '_')
            width++;
        fail_at(err, at, width ? width : 1);
    }
    return false;
}

bool fail_sqlite(Store *st, int rc, const char *sql, Error *err)
{
    const char *said = st->db ? sqlite3_errmsg(st->db) : sqlite3_errstr(rc);
    switch (rc & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return fail_busy(st, err);
    case SQLITE_INTERRUPT:
        return fail(err, ERR_INTERRUPTED, "interrupted");
    case SQLITE_CONSTRAINT:
    case SQLITE_MISMATCH:
        return fail_constraint(st, rc, said, err);
    case SQLITE_FULL:
        return fail_full(st, err);
    case SQLITE_IOERR:
        return fail_io(st, said, err);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
        return fail_damaged(st, rc & 0xFF, said, err);
    case SQLITE_AUTH:
        return fail(err, ERR_REFUSED, "%s", st->auth_why[0] ? st->auth_why : said);
    case SQLITE_NOMEM:
        panic("out of memory in the database");
    default:
        return fail_statement(st, said, sql, err);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_int.h"

enum {
    OLDEST_SQLITE = 3038000,             /* sqlite3_error_offset, RETURNING, STRICT */
    BUSY_MS = 5000,
    IMAGES_IN_MEMORY = 8 << 20,
    HEADER = 100,                        /* of an SQLite file; its file format, section 1.3 */
    HEADER_VERSION = 60,
    HEADER_APPLICATION = 68,
    TREE_INNER = 5, TREE_LEAF = 13,      /* the byte after the header */
};

/* ---- the file before SQLite sees it ---------------------------------------------------------- */

/* Absolute path of a file that need not exist; its folder must. */
static char *absolute(const char *path, Error *err)
{
    char full[PATH_MAX], dir[PATH_MAX];
    if (strcmp(path, ":memory:") == 0)
        return xstrdup(path);
    if (realpath(path, full))
        return xstrdup(full);
    const char *slash = strrchr(path, '/');
    int n = slash ? (int)(slash - path) : 0;
    snprintf(dir, sizeof dir, "%.*s", slash ? (n ? n : 1) : 1, slash ? path : ".");
    if (!realpath(dir, full)) {
        fail(err, ERR_DATABASE, "cannot open %s: %s", path, strerror(errno));
        return NULL;
    }
    Buf b = { 0 };
    buf_printf(&b, "%s%s%s", full, strcmp(full, "/") == 0 ? "" : "/", slash ? slash + 1 : path);
    return b.s;
}

/* 0600 whatever the umask; SQLite gives its side files the same mode. */
static bool create(Store *st, Error *err)
{
    int fd = open(st->path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(err, ERR_DATABASE, "cannot make %s: %s", st->path, strerror(errno));
    fchmod(fd, 0600);
    close(fd);
    st->is_new = true;
    return true;
}

static int64_t big_endian(const unsigned char *p)
{
    return (int64_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3];
}

/* The versions in the header hold unless newer pages wait in a write-ahead log, or the first page
 * is not the tree of tables that it must be: then SQLite is asked, and says what is wrong. */
static void note_head(Store *st, const unsigned char *h)
{
    char wal[PATH_MAX];
    struct stat s;
    snprintf(wal, sizeof wal, "%s-wal", st->path);
    if (stat(wal, &s) == 0 && s.st_size > 0)
        return;
    if (h[HEADER] != TREE_LEAF && h[HEADER] != TREE_INNER)
        return;
    st->head = (Head){ .known = true, .version = big_endian(h + HEADER_VERSION),
                       .application = big_endian(h + HEADER_APPLICATION) };
}

static bool check_header(Store *st, int fd, Error *err)
{
    unsigned char h[HEADER + 1] = { 0 };
    ssize_t n = pread(fd, h, sizeof h, 0);
    if (n < 0)
        return fail(err, ERR_DATABASE, "cannot read %s: %s", st->path, strerror(errno));
    if (n == 0 && (st->flags & STORE_CREATE)) {
        st->is_new = true;
        return true;
    }
    if (n < HEADER || memcmp(h, "SQLite format 3", 16) != 0) {
        fail(err, ERR_DATABASE, "%s is not a database", st->path);
        return fail_hint(err, "patter keeps its data in an SQLite file; import reads other files");
    }
    note_head(st, h);
    return true;
}

/* A file is written beside its write-ahead log, which is there or can be made. */
static bool takes_log(const Store *st)
{
    char wal[PATH_MAX], dir[PATH_MAX];
    snprintf(wal, sizeof wal, "%s-wal", st->path);
    snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(st->path, '/') + 1 - st->path), st->path);
    return access(wal, W_OK) == 0 || access(dir, W_OK) == 0;
}

/* A file that is there: readable, a regular file, a database; decides whether it is read-only. */
static bool examine(Store *st, Error *err)
{
    struct stat s;
    int fd = open(st->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0 || fstat(fd, &s) != 0) {
        fail(err, ERR_DATABASE, "cannot open %s: %s", st->path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    bool ok = S_ISREG(s.st_mode) ? check_header(st, fd, err)
            : fail(err, ERR_DATABASE, "%s is a %s, not a file", st->path,
                   S_ISDIR(s.st_mode) ? "folder" : "device");
    close(fd);
    if (access(st->path, W_OK) != 0 || !takes_log(st))
        st->readonly = true;
    return ok;
}

static bool find_file(Store *st, Error *err)
{
    if (strcmp(st->path, ":memory:") == 0) {
        st->is_new = true;
        return true;
    }
    if (access(st->path, F_OK) == 0)
        return examine(st, err);
    if (st->flags & STORE_CREATE)
        return create(st, err);
    fail(err, ERR_DATABASE, "there is no file %s", st->path);
    return fail_hint(err, "name the file of an existing database");
}

/* ---- the connection -------------------------------------------------------------------------- */

/* A write-ahead log needs a folder that can be written. Where it cannot be and there is no log, the
 * file cannot change under us, which is what `immutable` tells SQLite. */
static char *uri(const Store *st)
{
    char wal[PATH_MAX], dir[PATH_MAX];
    Buf b = { 0 };
    buf_cstr(&b, "file:");
    for (const char *p = st->path; *p; p++)
        if (*p == '%' || *p == '?' || *p == '#')
            buf_printf(&b, "%%%02X", (unsigned char)*p);
        else
            buf_char(&b, *p);
    snprintf(wal, sizeof wal, "%s-wal", st->path);
    snprintf(dir, sizeof dir, "%.*s", (int)(strrchr(st->path, '/') + 1 - st->path), st->path);
    struct stat s;
    if (access(dir, W_OK) != 0 && (stat(wal, &s) != 0 || s.st_size == 0))
        buf_cstr(&b, "?immutable=1");
    return b.s;
}

int store_busy_ms(void)
{
    const char *ms = getenv("PATTER_BUSY_MS");
    int64_t wait = BUSY_MS;
    if (ms)
        str_int(str(ms), &wait);
    return (int)wait;
}

static bool connect(Store *st, Error *err)
{
    int rc;
    sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);          /* no lock and count at each allocation;
                                                            too late after the first file */
    if (st->readonly) {
        char *name = uri(st);
        rc = sqlite3_open_v2(name, &st->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI
                             | SQLITE_OPEN_NOMUTEX, NULL);
        free(name);
    } else {
        rc = sqlite3_open_v2(st->path, &st->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                             | SQLITE_OPEN_NOMUTEX, NULL);
    }
    if (rc != SQLITE_OK)
        return fail_sqlite(st, rc, NULL, err);
    sqlite3_extended_result_codes(st->db, 1);
    sqlite3_busy_timeout(st->db, store_busy_ms());
    return true;
}

static bool configure(Store *st, Error *err)
{
    static const struct { int option, value; } options[] = {
        { SQLITE_DBCONFIG_DEFENSIVE, 1 }, { SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0 },
        { SQLITE_DBCONFIG_DQS_DDL, 0 }, { SQLITE_DBCONFIG_DQS_DML, 0 },
        { SQLITE_DBCONFIG_ENABLE_FKEY, 1 },
    };
    for (size_t i = 0; i < sizeof options / sizeof *options; i++)
        sqlite3_db_config(st->db, options[i].option, options[i].value, NULL);
    if (!bigram_register(st) || !feed_register(st) || !functions_register(st))
        return fail_sqlite(st, sqlite3_errcode(st->db), NULL, err);
    auth_install(st);
    hook_install(st);
    log_hook_install(st);
    return !st->is_new || store_run(st, "PRAGMA page_size = 8192; PRAGMA journal_mode = WAL", err);
}

bool store_spill(Store *st, bool on, Error *err)
{
    if (st->depth > 0)
        return true;
    return store_run(st, on ? "PRAGMA temp_store = FILE" : "PRAGMA temp_store = MEMORY", err);
}

bool settle(Store *st, Error *err)
{
    st->settled = true;
    return store_run(st, "PRAGMA cache_size = -16384; PRAGMA temp_store = MEMORY;"
                     "PRAGMA secure_delete = ON", err)
        && store_run(st, st->flags & STORE_SYNC_FULL ? "PRAGMA synchronous = FULL"
                                                     : "PRAGMA synchronous = NORMAL", err);
}

static bool open_all(Store *st, const char *path, Error *err)
{
    if (sqlite3_libversion_number() < OLDEST_SQLITE)
        return fail(err, ERR_FAILED, "the SQLite library %s is too old, 3.38 is the least",
                    sqlite3_libversion());
    st->path = absolute(path, err);
    return st->path && find_file(st, err) && connect(st, err) && configure(st, err)
        && migrate(st, err);
}

/* A file that this open made and could not fill is not left behind. */
static void remove_new(const Store *st)
{
    if (!st->is_new || !st->path || strcmp(st->path, ":memory:") == 0)
        return;
    char side[PATH_MAX];
    unlink(st->path);
    snprintf(side, sizeof side, "%s-wal", st->path);
    unlink(side);
    snprintf(side, sizeof side, "%s-shm", st->path);
    unlink(side);
}

bool store_open(const char *path, unsigned flags, const Clock *clock, Store **out, Error *err)
{
    Store *st = xalloc(sizeof *st);
    *st = (Store){ .clock = clock, .flags = flags, .readonly = flags & STORE_READONLY };
    st->queries = query_cache_new();
    log_init(&st->journal.log, IMAGES_IN_MEMORY);
    st->journal.text.max = st->journal.run_title.max = 1 << 20;
    bool existed = access(path, F_OK) == 0;
    if (open_all(st, path, err)) {
        *out = st;
        return true;
    }
    bool made = st->is_new && !existed;
    st->is_new = made;
    if (st->db)
        sqlite3_close_v2(st->db);
    st->db = NULL;
    remove_new(st);
    store_close(st);
    *out = NULL;
    return false;
}

void store_close(Store *st)
{
    if (!st)
        return;
    while (st->depth > 0)
        store_rollback(st);
    map_release(&st->journal.map);
    query_cache_free(st->queries);
    log_release(&st->journal.log);
    schema_ops_cut(&st->journal, 0);
    free(st->journal.ops);
    buf_release(&st->journal.text);
    buf_release(&st->journal.image);
    buf_release(&st->journal.run_user);
    buf_release(&st->journal.run_title);
    if (st->db)
        sqlite3_close_v2(st->db);
    free(st->path);
    free(st);
}

const char *store_path(const Store *st)
{
    return st->path;
}

bool store_is_new(const Store *st)
{
    return st->is_new;
}

bool store_is_readonly(const Store *st)
{
    return st->readonly;
}

int64_t store_now(const Store *st)
{
    return clock_now(st->clock);
}

const char *store_library(void)
{
    return "SQLite " SQLITE_VERSION;
}

int store_schema_version(const Store *st)
{
    return st->version;
}

bool store_sync_full(Store *st, Error *err)
{
    return store_run(st, "PRAGMA synchronous = FULL", err);
}

void store_interrupt(Store *st)
{
    sqlite3_interrupt(st->db);
}

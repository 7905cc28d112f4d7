/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * backup.c -- a consistent copy of the file while others read and write it.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/store_int.h"

enum { PAGES_A_STEP = 1000, WAIT_MS = 50 };

typedef struct Progress { bool (*fn)(void *, int, int); void *ctx; } Progress;

static bool is_busy(int rc)
{
    return rc == SQLITE_BUSY || rc == SQLITE_LOCKED;
}

static bool copy_pages(Store *st, sqlite3 *to, Progress p, Error *err)
{
    sqlite3_backup *b = sqlite3_backup_init(to, "main", st->db, "main");
    if (!b)
        return fail(err, ERR_IO, "cannot begin the backup: %s", sqlite3_errmsg(to));
    int rc, waited = 0;
    bool wanted = true, again;
    do {
        rc = sqlite3_backup_step(b, PAGES_A_STEP);
        if (is_busy(rc)) {
            waited += WAIT_MS;
            sqlite3_sleep(WAIT_MS);
        }
        int total = sqlite3_backup_pagecount(b);
        if (p.fn)
            wanted = p.fn(p.ctx, total - sqlite3_backup_remaining(b), total);
        again = rc == SQLITE_OK || (is_busy(rc) && waited < store_busy_ms());
    } while (wanted && again);
    sqlite3_backup_finish(b);
    if (!wanted)
        return fail(err, ERR_INTERRUPTED, "interrupted; no backup was made");
    return rc == SQLITE_DONE
        || fail(err, is_busy(rc) ? ERR_BUSY : ERR_IO,
                "the backup failed: %s", sqlite3_errstr(rc));
}

/* The copy shall be one file: no write-ahead log beside it until it is opened. */
static bool copy_to(Store *st, const char *file, const char *named, Progress p, Error *err)
{
    sqlite3 *to = NULL;
    int fd = open(file, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return fail(err, ERR_IO, "cannot make %s: %s", named, strerror(errno));
    fchmod(fd, 0600);
    int rc = sqlite3_open_v2(file, &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, NULL);
    bool ok = rc == SQLITE_OK ? copy_pages(st, to, p, err)
                              : fail(err, ERR_IO, "cannot open %s: %s", file, sqlite3_errstr(rc));
    sqlite3_close(to);
    if (ok && fsync(fd) != 0)
        ok = fail(err, ERR_IO, "cannot write %s: %s", file, strerror(errno));
    close(fd);
    return ok;
}

static void remove_with(const char *file, const char *suffix)
{
    char name[4200];
    snprintf(name, sizeof name, "%s%s", file, suffix);
    unlink(name);
}

bool store_spares(const Store *st, const char *file, Error *err)
{
    static const char *const own[] = { "", "-wal", "-shm", "-journal" };
    struct stat s, mine;
    char name[4200];
    if (stat(file, &s) != 0)
        return true;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
        snprintf(name, sizeof name, "%s%s", st->path, own[i]);
        if (stat(name, &mine) == 0 && s.st_ino == mine.st_ino && s.st_dev == mine.st_dev)
            return fail(err, ERR_REFUSED, "%s is the database itself", file);
    }
    return true;
}

bool store_backup_may(Store *st, const char *file, bool force, Error *err)
{
    if (!store_spares(st, file, err))
        return false;
    if (force || access(file, F_OK) != 0)
        return true;
    fail(err, ERR_REFUSED, "%s exists and would be overwritten", file);
    return fail_hint(err, "give another name, or --force");
}

bool store_backup(Store *st, const char *file, bool force, bool (*progress)(void *, int, int),
                  void *ctx, Error *err)
{
    char beside[4100];
    if (!store_backup_may(st, file, force, err))
        return false;
    if (snprintf(beside, sizeof beside, "%s.part-%d", file, (int)getpid()) >= (int)sizeof beside)
        return fail(err, ERR_IO, "the name of the backup is too long");
    unlink(beside);
    bool ok = copy_to(st, beside, file, (Progress){ progress, ctx }, err);
    if (ok && rename(beside, file) != 0)
        ok = fail(err, ERR_IO, "cannot make %s: %s", file, strerror(errno));
    if (!ok)
        unlink(beside);
    remove_with(beside, "-wal");
    remove_with(beside, "-shm");
    return ok;
}

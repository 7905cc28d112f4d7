/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * busy.c -- who holds the file, read from /proc/locks (proc(5)).
 *
 * In WAL mode the writer holds byte 120 of FILE-shm (UNIX_SHM_BASE + WAL_WRITE_LOCK in SQLite's
 * os_unix.c and wal.c); anything else that excludes us is a write lock on FILE itself.
 */
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "store/store_int.h"

enum { WAL_WRITE_BYTE = 120 };

typedef struct Lock {
    unsigned major, minor;               /* of the file's device */
    unsigned long inode;
    long pid;
    long long from, to;                  /* bytes */
} Lock;

/* A line such as "3: POSIX  ADVISORY  WRITE 123 08:01:4711 120 120"; false for readers. */
static bool parse(const char *line, Lock *l)
{
    char end[32];
    if (sscanf(line, "%*d: %*s %*s WRITE %ld %x:%x:%lu %lld %31s", &l->pid, &l->major, &l->minor,
               &l->inode, &l->from, end) != 6)
        return false;
    if (sscanf(end, "%lld", &l->to) != 1)
        l->to = LLONG_MAX;                               /* "EOF" */
    return true;
}

static bool is_file(const Lock *l, const struct stat *s)
{
    return l->inode == s->st_ino && l->major == major(s->st_dev) && l->minor == minor(s->st_dev);
}

static long find_holder(const char *path)
{
    char shm[PATH_MAX], line[256];
    struct stat db = { 0 }, wal = { 0 };
    Lock l;
    long pid = 0;
    snprintf(shm, sizeof shm, "%s-shm", path);
    bool have_wal = stat(shm, &wal) == 0;
    if (stat(path, &db) != 0)
        return 0;
    FILE *f = fopen("/proc/locks", "re");
    if (!f)
        return 0;
    while (!pid && fgets(line, sizeof line, f))
        if (parse(line, &l) && (is_file(&l, &db) || (have_wal && is_file(&l, &wal)
                                && l.from <= WAL_WRITE_BYTE && l.to >= WAL_WRITE_BYTE)))
            pid = l.pid;
    fclose(f);
    return pid;
}

void busy_holder(const Store *st, char *out, size_t size)
{
    long pid = find_holder(st->path);
    if (pid == getpid()) {
        snprintf(out, size, "this program itself");
        return;
    }
    snprintf(out, size, "another program");
    if (pid <= 0)
        return;
    char name[64], file[64] = "";
    snprintf(name, sizeof name, "/proc/%ld/comm", pid);
    FILE *f = fopen(name, "re");
    if (f && fgets(file, sizeof file, f))
        file[strcspn(file, "\n")] = '\0';
    if (f)
        fclose(f);
    if (file[0])
        snprintf(out, size, "%s (process %ld)", file, pid);
    else
        snprintf(out, size, "process %ld", pid);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/draft.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DESCRIPTORS = 256, TRIES = 100 };

/* The second descriptor is for draft_keep. */
static int open_nameless(Draft *d, const char *path, Arena *a)
{
    const char *slash = strrchr(path, '/');
    const char *folder = !slash ? "." : arena_strndup(a, path, (size_t)(slash - path) + 1);
    int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0)
        return -1;
    d->fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
    if (d->fd >= 0 && d->fd < DESCRIPTORS)
        return fd;
    close(fd);
    if (d->fd >= 0)
        close(d->fd);
    d->fd = -1;
    return -1;
}

int draft_open(Draft *d, const char *path, Arena *a)
{
    *d = (Draft){ .fd = -1 };
    int fd = open_nameless(d, path, a);
    if (fd < 0) {
        d->beside = arena_printf(a, "%s.XXXXXX", path);
        fd = mkostemp(d->beside, O_CLOEXEC);               /* 0600 */
    }
    d->open = fd >= 0;
    return fd;
}

/* A name is made by a link, which never replaces; renaming does. */
static bool name_it(Draft *d, const char *path, Arena *a)
{
    char self[40];
    snprintf(self, sizeof self, "/proc/self/fd/%d", d->fd);
    if (linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
        return true;
    for (int i = 0; errno == EEXIST && i < TRIES; i++) {
        d->beside = arena_printf(a, "%s.%ld-%d", path, (long)getpid(), i);
        if (linkat(AT_FDCWD, self, AT_FDCWD, d->beside, AT_SYMLINK_FOLLOW) == 0)
            return true;
    }
    d->beside = NULL;
    return false;
}

bool draft_keep(Draft *d, const char *path, Arena *a)
{
    bool ok = d->fd < 0 || name_it(d, path, a);
    ok = ok && (!d->beside || rename(d->beside, path) == 0);
    int saved = errno;
    if (ok)
        d->beside = NULL;
    draft_drop(d);
    errno = saved;
    return ok;
}

void draft_drop(Draft *d)
{
    if (!d->open)
        return;
    if (d->beside)
        unlink(d->beside);
    if (d->fd >= 0)
        close(d->fd);
    *d = (Draft){ .fd = -1 };
}

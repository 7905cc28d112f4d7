/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

FILE *spool_open(Error *err)
{
    const char *dir = getenv("TMPDIR");
    dir = dir && *dir ? dir : "/tmp";
    int fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (fd < 0) {                              /* not every file system can */
        char name[4096];
        snprintf(name, sizeof name, "%s/patter-XXXXXX", dir);
        fd = mkostemp(name, O_CLOEXEC);
        if (fd >= 0)
            unlink(name);
    }
    FILE *f = fd >= 0 ? fdopen(fd, "w+") : NULL;
    if (!f)
        fail(err, ERR_IO, "no temporary file can be made in %s: %s", dir, strerror(errno));
    return f;
}

bool spool_copy(FILE *spool, FILE *to, Error *err)
{
    char buf[65536];
    size_t n;
    rewind(spool);
    while ((n = fread(buf, 1, sizeof buf, spool)) > 0)
        if (fwrite(buf, 1, n, to) != n)
            return fail(err, ERR_IO, "cannot write: %s", strerror(errno));
    return fflush(to) == 0 || fail(err, ERR_IO, "cannot write: %s", strerror(errno));
}

int spool_lines(FILE *spool, int most)
{
    char buf[4096];
    size_t n;
    int lines = 0;
    rewind(spool);
    while (lines < most && (n = fread(buf, 1, sizeof buf, spool)) > 0)
        for (size_t i = 0; i < n; i++)
            lines += buf[i] == '\n';
    return lines;
}

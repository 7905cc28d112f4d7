/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * edit.c -- a statement in the user's editor.
 */
#include "shell/shell.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char *editor(void)
{
    const char *name = getenv("VISUAL");
    if (!name || !*name)
        name = getenv("EDITOR");
    return name && *name ? name : "vi";
}

static bool write_all(int fd, const Buf *text, Error *err)
{
    bool ok = write(fd, text->s ? text->s : "", text->n) == (ssize_t)text->n;
    return (close(fd) == 0 && ok) || fail(err, ERR_IO, "cannot write: %s", strerror(errno));
}

static bool read_all(const char *file, Buf *text, Error *err)
{
    char block[4096];
    size_t n;
    FILE *f = fopen(file, "re");
    if (!f)
        return fail(err, ERR_IO, "%s cannot be read: %s", file, strerror(errno));
    buf_reset(text);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        buf_put(text, block, n);
    fclose(f);
    return true;
}

bool edit_text(Shell *sh, Buf *text, Error *err)
{
    const char *dir = getenv("TMPDIR");
    Arena a = { 0 };
    int status;
    bool ok = false;
    char *file = arena_printf(&a, "%s/patter-XXXXXX", dir && *dir ? dir : "/tmp");
    int fd = mkstemp(file);                    /* 0600 */
    if (fd < 0) {
        fail(err, ERR_IO, "no temporary file can be made: %s", strerror(errno));
        goto out;
    }
    const char *command = arena_printf(&a, "%s '%s'", editor(), file);
    ok = write_all(fd, text, err) && spawn_wait(sh, command, -1, &status, err);
    if (ok && status != 0)
        ok = fail(err, ERR_FAILED, "the editor did not end well: nothing was run");
    ok = ok && read_all(file, text, err);
    unlink(file);
out:
    arena_release(&a);
    return ok;
}

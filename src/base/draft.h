/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * draft.h -- a file that gets its name once it is whole (0600).
 *
 * Until then it has none, so that nothing of it is left behind whatever ends the program.  Where
 * the file system has no such files, or very many are open, it stands beside its later name.
 */
#ifndef BASE_DRAFT_H
#define BASE_DRAFT_H

#include <stdbool.h>

#include "base/arena.h"

typedef struct Draft {
    bool open;
    int fd;                            /* of a file without a name; -1: it has one */
    char *beside;                      /* that name; in the arena */
} Draft;

/* A descriptor to write it, which the caller closes before draft_keep; -1 with errno. */
int draft_open(Draft *d, const char *path, Arena *a);
/* Give it its name, in place of what has that now; false with errno. It is over either way. */
bool draft_keep(Draft *d, const char *path, Arena *a);
void draft_drop(Draft *d);             /* one that is not open is fine */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * history.h -- what was typed, kept between sessions: mode 0600, appended line by line, so that
 * several shells add to it and none overwrites the other.
 *
 * A statement of several lines is one entry.  Not kept: a line that begins with a blank, the same
 * entry twice, whatever looks like a secret.  PATTER_HISTORY names another file, or `none`.
 */
#ifndef SHELL_HISTORY_H
#define SHELL_HISTORY_H

#include "base/arena.h"
#include "base/str.h"

const char *history_path(Arena *a);            /* NULL: not kept */
void history_open(void);                       /* read it for readline */
void history_add(Str entry);                   /* to readline's list and to the file */
bool history_wanted(Str entry);                /* may it be kept? */

/* One entry as a line of the file, and back (out holds s.n + 1 bytes). */
void history_escape(Str entry, Buf *out);
void history_unescape(Str line, char *out);

#endif

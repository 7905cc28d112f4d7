/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * spool.h -- a temporary file without a name, 0600: what a pager or a piped program reads.
 *
 * Other programs only ever read finished files, so that no transaction waits for somebody who
 * reads.
 */
#ifndef SHELL_SPOOL_H
#define SHELL_SPOOL_H

#include <stdio.h>

#include "base/error.h"

FILE *spool_open(Error *err);                          /* NULL: no room, no right */
bool spool_copy(FILE *spool, FILE *to, Error *err);    /* all of it */
int spool_lines(FILE *spool, int most);                /* lines, counted up to `most` */

#endif

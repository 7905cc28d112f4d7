/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * embed.h -- the files of db/ and lua/ as part of the program.
 *
 * PATTER_SQL and PATTER_LUA name folders that are read instead, so that the same files serve
 * development.
 */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/arena.h"
#include "base/error.h"
#include "base/str.h"

/* path as "db/0001_core.sql" */
typedef struct Embedded { const char *path; const char *start, *end; } Embedded;

extern const Embedded embedded_files[];      /* sorted by path, ends with {0} */

/* The text of db/NAME or lua/DIR/NAME, from the override folder where one is set. ERR_NOT_FOUND,
 * ERR_IO. */
bool embed_read(const char *path, Arena *a, Str *out, Error *err);

/* Paths below a folder ("lua/commands/"), in order; NULL-ended. Where the folder is overridden they
 * are those on disk, so that a new file is found without a build. */
const char *const *embed_list(const char *prefix, Arena *a);

#endif

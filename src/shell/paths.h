/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * paths.h -- the XDG folders; nothing is kept in the home directory itself.
 */
#ifndef SHELL_PATHS_H
#define SHELL_PATHS_H

#include "base/arena.h"
#include "base/error.h"

typedef enum PathId { PATH_CONFIG, PATH_DATA, PATH_STATE, PATH_CACHE, PATH_COUNT } PathId;

/* "config", "data", "state", "cache". */
const char *path_name(PathId id);

/* The folder of this program, e.g. ~/.config/patter; NULL when there is no home. */
const char *path_folder(PathId id, Arena *a);

/* A file in it; NULL when there is no home. */
const char *path_file(PathId id, const char *file, Arena *a);

/* Make the folder of a file (0700), parents too. ERR_IO. */
bool path_make_folder(const char *file, Error *err);

#endif

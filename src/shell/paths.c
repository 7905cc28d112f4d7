/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/paths.h"

#include <errno.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct Place { const char *name, *variable, *below_home; } Place;

static const Place places[PATH_COUNT] = {
    [PATH_CONFIG] = { "config", "XDG_CONFIG_HOME", ".config" },
    [PATH_DATA] = { "data", "XDG_DATA_HOME", ".local/share" },
    [PATH_STATE] = { "state", "XDG_STATE_HOME", ".local/state" },
    [PATH_CACHE] = { "cache", "XDG_CACHE_HOME", ".cache" },
};

const char *path_name(PathId id)
{
    return places[id].name;
}

static const char *home(void)
{
    const char *dir = getenv("HOME");
    if (dir && *dir == '/')
        return dir;
    const struct passwd *pw = getpwuid(getuid());
    return pw ? pw->pw_dir : NULL;
}

const char *path_folder(PathId id, Arena *a)
{
    const char *base = getenv(places[id].variable);
    if (base && *base == '/')                  /* relative ones are to be ignored, says XDG */
        return arena_printf(a, "%s/patter", base);
    base = home();
    return base ? arena_printf(a, "%s/%s/patter", base, places[id].below_home) : NULL;
}

const char *path_file(PathId id, const char *file, Arena *a)
{
    const char *folder = path_folder(id, a);
    return folder ? arena_printf(a, "%s/%s", folder, file) : NULL;
}

bool path_make_folder(const char *file, Error *err)
{
    char *path = xstrdup(file);
    bool ok = true;
    for (char *p = path + 1; ok && (p = strchr(p, '/')); p++) {
        *p = 0;
        if (mkdir(path, 0700) != 0 && errno != EEXIST)
            ok = fail(err, ERR_IO, "the folder %s cannot be made: %s", path, strerror(errno));
        *p = '/';
    }
    free(path);
    return ok;
}

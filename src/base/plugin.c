/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plugin.c -- where plugins are sought and how they are loaded.
 */
#include "base/plugin.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PLACES = 2 };

static const char *const beside_program[PLACES] = { "plugin", "../lib/patter" };

/* The folder of the running program, without a slash at its end; false when /proc is not there. */
static bool program_folder(char *out, size_t size)
{
    ssize_t n = readlink("/proc/self/exe", out, size - 1);
    if (n <= 0)
        return false;
    out[n] = 0;
    char *slash = strrchr(out, '/');
    if (slash)
        *slash = 0;
    return slash;
}

static bool find_file(const char *name, char *path, size_t size, Error *err)
{
    char folder[PATH_MAX];
    const char *set = getenv("PATTER_PLUGINS");

    fail(err, ERR_NOT_FOUND, "the plugin \"%s\" is not installed", name);
    if (set && *set) {
        snprintf(path, size, "%s/%s.so", set, name);
        return access(path, F_OK) == 0 || fail_detail(err, "sought %s", path);
    }
    if (!program_folder(folder, sizeof folder))
        return false;
    for (int i = 0; i < PLACES; i++) {
        int n = snprintf(path, size, "%s/%s/%s.so", folder, beside_program[i], name);
        if (n > 0 && (size_t)n < size && access(path, F_OK) == 0)
            return true;
        fail_detail(err, "sought %s", path);
    }
    return false;
}

static void *plugin_symbol(const char *name, const char *symbol, Error *err)
{
    char path[PATH_MAX];
    if (!find_file(name, path, sizeof path, err)) {
        fail_hint(err, "install it, or name its folder in PATTER_PLUGINS");
        return NULL;
    }
    void *file = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    void *found = file ? dlsym(file, symbol) : NULL;
    if (!found) {
        const char *why = dlerror();
        fail(err, ERR_FAILED, "cannot load %s: %s", path, why ? why : "unknown reason");
        return NULL;
    }
    *err = (Error){ 0 };
    return found;
}

const void *plugin_table(const char *name, int version, Error *err)
{
    char symbol[64];
    const void *(*get)(void);
    int built;
    snprintf(symbol, sizeof symbol, "patter_%s_plugin", name);
    void *found = plugin_symbol(name, symbol, err);
    if (!found)
        return NULL;
    memcpy(&get, &found, sizeof get);           /* C has no cast from object to function */
    const void *table = get();
    memcpy(&built, table, sizeof built);
    if (built == version)
        return table;
    fail(err, ERR_FAILED, "the plugin \"%s\" is of version %d, not %d", name, built, version);
    fail_hint(err, "install the plugin that came with this program");
    return NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone_testing.h -- where the tests of phone numbers find the plugin and the shared data.
 */
#ifndef PHONE_TESTING_H
#define PHONE_TESTING_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Tests lie in BUILD/tests, plugins in BUILD/plugin. */
static inline void use_built_plugins(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 32);
    path[n > 0 ? n : 0] = 0;
    char *slash = strrchr(path, '/');
    if (slash) {
        strcpy(slash, "/../plugin");
        setenv("PATTER_PLUGINS", path, 1);
    }
}

#endif

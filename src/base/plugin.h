/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * plugin.h -- shared objects that are loaded when something needs them.
 *
 * A plugin is NAME.so in the folder $PATTER_PLUGINS if that is set, else in plugin/ beside the
 * program, else in ../lib/patter from the program's folder.  It is never unloaded: libraries that
 * it brings along may have registered what runs at exit.
 */
#ifndef BASE_PLUGIN_H
#define BASE_PLUGIN_H

#include "base/error.h"

/* The table of functions of plugin `name`, which its function patter_NAME_plugin() gives, or NULL:
 * ERR_NOT_FOUND when there is no such file (the detail lists where it was sought), ERR_FAILED when
 * it cannot be loaded or its first member, an int, is not `version`. */
const void *plugin_table(const char *name, int version, Error *err);

#endif

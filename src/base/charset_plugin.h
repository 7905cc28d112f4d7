/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * charset_plugin.h -- the face of the plugin `charset`, which holds uchardet: which encoding a text
 * is in that is neither UTF-8 nor Chinese.
 */
#ifndef BASE_CHARSET_PLUGIN_H
#define BASE_CHARSET_PLUGIN_H

#include <stddef.h>

enum { CHARSET_PLUGIN_VERSION = 1 };      /* raised whenever a function here changes */

typedef struct CharsetPlugin {
    int version;                          /* CHARSET_PLUGIN_VERSION as it was built */
    void *(*open)(void);                  /* NULL: no memory */
    void (*feed)(void *detector, const char *s, size_t n);
    /* Its name ("SHIFT_JIS", "WINDOWS-1251"; "": not known), in out; the detector is freed. */
    void (*close)(void *detector, char *out, size_t size);
} CharsetPlugin;

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * phone_plugin.h -- the face of the plugin `phone`, which holds libphonenumber.
 *
 * One exported symbol gives a table of functions.  The header stands alone, since both sides of the
 * C and C++ border include it.  No function throws or keeps what it was given.
 */
#ifndef BASE_PHONE_PLUGIN_H
#define BASE_PHONE_PLUGIN_H

#include <stdbool.h>
#include <stddef.h>

enum { PHONE_PLUGIN_VERSION = 1 };        /* raised whenever a struct or a function here changes */

typedef struct PhonePluginNumber {
    char e164[24];
    char ext[24];                         /* digits; empty: none */
    char country[3];                      /* as in Phone */
    bool valid;
    int kind;                             /* PhoneKind */
} PhonePluginNumber;

typedef struct PhonePlugin {
    int version;                          /* PHONE_PLUGIN_VERSION of the header it was built with */

    /* Read typed text of n bytes; region "" means none. False: not a number. */
    bool (*parse)(const char *text, size_t n, const char *region, PhonePluginNumber *out);

    /* The same for a number that needs no reading: calling code 86, national digits "13800138000"
     * (no leading zero). False: digits that do not fit. */
    bool (*classify)(int calling_code, const char *national, PhonePluginNumber *out);

    /* Grouped for people ("+49 30 123456"), with NUL; 0: the text is no number or does not fit. */
    size_t (*format)(const char *e164, char *out, size_t size);
} PhonePlugin;

#endif

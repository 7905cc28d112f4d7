/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/charset_plugin.h"

#include <stdio.h>
#include <uchardet/uchardet.h>

static void *charset_open(void)
{
    return uchardet_new();
}

static void charset_feed(void *detector, const char *s, size_t n)
{
    uchardet_handle_data(detector, s, n);
}

static void charset_close(void *detector, char *out, size_t size)
{
    uchardet_data_end(detector);
    snprintf(out, size, "%s", uchardet_get_charset(detector));
    uchardet_delete(detector);
}

const CharsetPlugin *patter_charset_plugin(void);

__attribute__((visibility("default"))) const CharsetPlugin *patter_charset_plugin(void)
{
    static const CharsetPlugin table = { CHARSET_PLUGIN_VERSION, charset_open, charset_feed,
                                         charset_close };
    return &table;
}

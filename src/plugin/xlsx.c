/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xlsx.c -- the plugin `xlsx`: what it offers, in one table.
 */
#include "plugin/xlsx.h"

static int sheets(const XlsxBook *b, const XlsxSheet **out)
{
    *out = b->sheet;
    return b->sheets;
}

static double done(const XlsxBook *b)
{
    return b->xml.size ? (double)b->xml.got / (double)b->xml.size : 0;
}

static const XlsxPlugin plugin = {
    XLSX_PLUGIN_VERSION,
    xlsx_book_open,
    sheets,
    xlsx_sheet_choose,
    xlsx_sheet_next,
    done,
    xlsx_book_close,
    xlsx_write_open,
    xlsx_write_row,
    xlsx_write_end,
    xlsx_write_close,
};

__attribute__((visibility("default"))) const XlsxPlugin *patter_xlsx_plugin(void);

const XlsxPlugin *patter_xlsx_plugin(void)
{
    return &plugin;
}

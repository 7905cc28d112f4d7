/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * out_xlsx.c -- rows as a workbook of one sheet, which the plugin `xlsx` writes.
 *
 * Telephone numbers, ids beyond 15 digits and all other texts are text cells; days and times are
 * date cells, times by the wall clock.
 */
#include <math.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/plugin.h"
#include "base/xlsx_plugin.h"
#include "cmd/out_text.h"

enum { EXACT_DIGITS = 15 };            /* more a spreadsheet rounds */

struct Sheet {
    const XlsxPlugin *plugin;
    XlsxWriter *writer;
    XlsxCell *cell;
    size_t *as_text;
};

void out_sheet_free(Sheet *s)
{
    if (!s)
        return;
    if (s->plugin)
        s->plugin->write_close(s->writer);
    free(s->cell);
    free(s->as_text);
    free(s);
}

/* ---- cells ----------------------------------------------------------------------------------- */

/* Days since 1899-12-30; false where the sheet's calendar has no such day. */
static bool serial_of(int64_t day, double *serial)
{
    const int64_t first = day_number(1900, 3, 1), behind = day_number(10000, 1, 1);
    *serial = (double)(day - day_number(1899, 12, 30));
    return day >= first && day < behind;
}

static bool moment_of(int64_t ms, const Zone *zone, double *serial)
{
    Civil c = civil_at(zone, ms);
    if (civil_time(zone, &c) != ms)                /* an hour that the clock shows twice */
        return false;
    bool ok = serial_of(day_number(c.year, c.month, c.day), serial);
    *serial += (((c.hour * 60 + c.minute) * 60 + c.second) * 1000.0 + c.ms) / DAY_MS;
    return ok;
}

static bool as_date(TextOut *t, Value v, Kind k, XlsxCell *out)
{
    int64_t day;
    if (k == KIND_DATE && v.type == VALUE_TEXT && day_parse_iso(v.s, &day)
        && serial_of(day, &out->serial))
        out->type = XLSX_DAY;
    else if (k == KIND_TIME && v.type == VALUE_INT && moment_of(v.i, t->opt.zone, &out->serial))
        out->type = XLSX_MOMENT;
    return out->type != XLSX_EMPTY;
}

static bool is_number(Value v, Kind k, Str text)
{
    size_t digits = 0;
    if (v.type == VALUE_REAL)
        return isfinite(v.r);
    for (size_t i = 0; i < text.n; i++)
        digits += text.s[i] >= '0' && text.s[i] <= '9';
    return v.type == VALUE_INT && k != KIND_TIME && k != KIND_DURATION && digits <= EXACT_DIGITS;
}

/* What is no text yet goes to t->plain, which may move: as_text says where it stands there. */
static XlsxCell cell_of(TextOut *t, Value v, Kind k, size_t *as_text)
{
    XlsxCell c = { .type = XLSX_EMPTY };
    *as_text = t->plain.n;
    if (v.type == VALUE_NULL || as_date(t, v, k, &c))
        return c;
    if (k == KIND_BOOL && v.type == VALUE_INT)
        return (XlsxCell){ .type = XLSX_BOOL, .serial = v.i != 0 };
    if (v.type == VALUE_TEXT)
        return (XlsxCell){ .type = XLSX_TEXT, .text = v.s };
    value_write_plain(v, k, &t->plain);
    Str text = str_n(t->plain.s + *as_text, t->plain.n - *as_text);
    c.type = is_number(v, k, text) ? XLSX_NUMBER : XLSX_TEXT;
    c.text.n = text.n;
    return c;
}

/* ---- rows ------------------------------------------------------------------------------------ */

static void xlsx_put(TextOut *t)
{
    if (!t->failed)
        t->failed = !t->sheet->plugin->write_row(t->sheet->writer, t->sheet->cell, t->n, t->err);
}

/* A workbook is a whole file: nothing stands before it, nothing is added to it. */
static bool may_go_there(const TextOut *t)
{
    struct stat st;
    if (t->opt.terminal) {
        fail(t->err, ERR_USAGE, "a workbook cannot be shown on a terminal");
        return fail_hint(t->err, "name a file: > rows.xlsx");
    }
    bool regular = fstat(fileno(t->to), &st) == 0 && S_ISREG(st.st_mode);
    if (ftello(t->to) <= 0 && !(regular && st.st_size > 0))
        return true;
    fail(t->err, ERR_USAGE, "a workbook cannot be added to what is in a file already");
    return fail_hint(t->err, "name a file of its own: > rows.xlsx");
}

static void xlsx_head(TextOut *t)
{
    Sheet *s = t->sheet = xalloc(sizeof *s);
    s->cell = xalloc(sizeof *s->cell * ((size_t)t->n + 1));
    s->as_text = xalloc(sizeof *s->as_text * ((size_t)t->n + 1));
    if (may_go_there(t))
        s->plugin = plugin_table("xlsx", XLSX_PLUGIN_VERSION, t->err);
    t->failed = !s->plugin;
    if (t->failed)
        return;
    s->writer = s->plugin->write_open(&t->line);
    for (int i = 0; i < t->n; i++)
        s->cell[i] = (XlsxCell){ .type = XLSX_HEAD, .text = str(t->cols[i].name) };
    if (!t->opt.no_header)
        xlsx_put(t);
}

static void xlsx_row(TextOut *t, const Value *v)
{
    Sheet *s = t->sheet;
    buf_reset(&t->plain);
    for (int i = 0; i < t->n; i++)
        s->cell[i] = cell_of(t, v[i], t->cols[i].kind, &s->as_text[i]);
    for (int i = 0; i < t->n; i++)
        if (s->cell[i].text.n && v[i].type != VALUE_TEXT)
            s->cell[i].text.s = t->plain.s + s->as_text[i];
    xlsx_put(t);
}

static void xlsx_tail(TextOut *t)
{
    if (!t->failed)
        t->sheet->plugin->write_end(t->sheet->writer);
}

const Writer out_xlsx = { xlsx_head, xlsx_row, xlsx_tail };

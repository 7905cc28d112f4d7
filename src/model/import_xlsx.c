/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_xlsx.c -- one sheet of a workbook as rows; the plugin `xlsx` reads it, an old one `xls`.
 *
 * The header is the first row with something in it; a title of one cell above a wider header is
 * passed over, and told.
 */
#include "model/import_reader.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/plugin.h"
#include "base/unicode.h"
#include "base/xlsx_plugin.h"

enum { TITLES_MAX = 5, NAMES_SHOWN = 12 };

typedef struct Workbook {
    const XlsxPlugin *plugin;
    XlsxBook *book;
    int sheet;
    Str name;
    int64_t header;                    /* its row; 0: there is none */
    Str *cell;                         /* of a row, at least as many as there are columns */
    int room;
} Workbook;

static bool xlsx_fits(Str head)
{
    return str_starts(head, "PK\3\4") || str_starts(head, "PK\5\6");
}

static bool xls_fits(Str head)
{
    return str_starts(head, "\xD0\xCF\x11\xE0");
}

static void xlsx_close(ImportFile *f)
{
    Workbook *w = f->state;
    if (!w)
        return;
    if (w->plugin)
        w->plugin->close(w->book);
    free(w->cell);
    free(w);
    f->state = NULL;
}

/* ---- which sheet ----------------------------------------------------------------------------- */

static void put_names(const XlsxSheet *sheet, int n, int but, Buf *out)
{
    int shown = 0;
    for (int i = 0; i < n && shown < NAMES_SHOWN; i++) {
        if (i == but)
            continue;
        buf_cstr(out, shown++ ? ", " : "");
        text_put_safe(out, sheet[i].name);
    }
    if (n - (but >= 0) > shown)
        buf_printf(out, " and %d more", n - (but >= 0) - shown);
}

/* By name, in any case of letters, then by number; -1. */
static int find_sheet(const XlsxSheet *sheet, int n, Str wanted)
{
    int64_t number;
    for (int i = 0; i < n; i++)
        if (str_eq(sheet[i].name, wanted))
            return i;
    for (int i = 0; i < n; i++)
        if (str_eq_nocase(sheet[i].name, wanted))
            return i;
    return str_int(wanted, &number) && number >= 1 && number <= n ? (int)number - 1 : -1;
}

static bool no_sheet(const ImportFile *f, const char *typed, const XlsxSheet *sheet, int n,
                     Error *err)
{
    Buf names = { 0 };
    put_names(sheet, n, -1, &names);
    fail(err, ERR_USAGE, "%s has no sheet '%s'", f->name, typed);
    fail_hint(err, "--sheet takes a number from 1 to %d, or one of: %.*s", n,
              STR_ARG(buf_as_str(&names)));
    buf_release(&names);
    return false;
}

static bool choose_sheet(ImportFile *f, const char *typed, Buf *note, Error *err)
{
    Workbook *w = f->state;
    const XlsxSheet *sheet;
    int n = w->plugin->sheets(w->book, &sheet);
    while (!typed && w->sheet < n - 1 && sheet[w->sheet].hidden)
        w->sheet++;
    if (typed)
        w->sheet = find_sheet(sheet, n, str(typed));
    if (w->sheet < 0)
        return no_sheet(f, typed, sheet, n, err);
    w->name = sheet[w->sheet].name;
    if (n > 1 && !typed) {
        buf_printf(note, "  of its %d sheets only this one is read; --sheet takes another: ", n);
        put_names(sheet, n, w->sheet, note);
    }
    return true;
}

/* ---- its header ------------------------------------------------------------------------------ */

static int filled(const XlsxRow *r)
{
    int n = 0;
    for (int i = 0; i < r->n; i++)
        n += str_trim(r->cell[i]).n > 0;
    return n;
}

/* The row of a header under titles of one cell, and that of the first title; 0 where there is none
 * or the rows below it are not as wide. False: the sheet cannot be read. */
static bool under_titles(Workbook *w, int64_t *header, int64_t *title, Error *err)
{
    XlsxRow r;
    int titles = 0, more = w->plugin->choose(w->book, w->sheet, err) ? 1 : -1;
    *header = *title = 0;
    while (more > 0 && titles <= TITLES_MAX && (more = w->plugin->next(w->book, &r, err)) > 0
           && filled(&r) < 2)
        *title = titles++ ? *title : r.line;
    if (more <= 0 || titles == 0 || titles > TITLES_MAX)
        return more >= 0;
    int64_t line = r.line;
    more = w->plugin->next(w->book, &r, err);
    *header = more > 0 && filled(&r) > 1 ? line : 0;
    return more >= 0;
}

/* To behind the header, which *out then has. 1, 0 there is none, -1. */
static int seek_header(Workbook *w, XlsxRow *out, Error *err)
{
    int more = w->plugin->choose(w->book, w->sheet, err) ? 1 : -1;
    while (more > 0 && (more = w->plugin->next(w->book, out, err)) > 0)
        if (out->line >= w->header && out->n)
            break;
    return more;
}

static bool no_header(const Workbook *w, int64_t given, Error *err)
{
    if (given) {
        fail(err, ERR_INVALID, "row %" PRId64 " of sheet %.*s is empty", given, STR_ARG(w->name));
        return fail_hint(err, "--header takes the number of the row that names the columns");
    }
    fail(err, ERR_INVALID, "sheet %.*s is empty", STR_ARG(w->name));
    return fail_hint(err, "--sheet takes another; the first row names the columns");
}

static bool find_header(ImportFile *f, int64_t given, Buf *note, Error *err)
{
    Workbook *w = f->state;
    XlsxRow r;
    int64_t header = 0, title;
    if (!given && !under_titles(w, &header, &title, err))
        return false;
    w->header = given ? given : header ? header : 1;
    int more = seek_header(w, &r, err);
    if (more <= 0 || (given && r.line != given))
        return more >= 0 && no_header(w, given, err);
    w->header = r.line;
    if (header)
        buf_printf(note, "%s  row %" PRId64 " names the columns, what stands above it is left out; "
                   "--header %" PRId64 " begins there", note->n ? "\n" : "", header, title);
    import_file_name_columns(f, r.cell, r.n);
    return true;
}

static bool open_by(ImportFile *f, const ImportFileOptions *o, const char *plugin, Error *err)
{
    Workbook *w = f->state = xalloc(sizeof *w);
    Buf note = { 0 };
    w->plugin = plugin_table(plugin, XLSX_PLUGIN_VERSION, err);
    if (!w->plugin || !w->plugin->open(f->fd, &w->book, err))
        return false;
    bool ok = choose_sheet(f, o->sheet, &note, err)
              && (o->columns ? import_file_given_columns(f, o->columns, err)
                             : find_header(f, o->header, &note, err));
    if (note.n)
        f->note = str_c(buf_as_str(&note), f->arena);
    buf_release(&note);
    return ok;
}

static bool xlsx_open(ImportFile *f, const ImportFileOptions *o, Str head, Error *err)
{
    (void)head;
    return open_by(f, o, "xlsx", err);
}

static bool xls_open(ImportFile *f, const ImportFileOptions *o, Str head, Error *err)
{
    if (import_protected(f, head, err))
        return false;
    return open_by(f, o, "xls", err) || (err->code == ERR_NOT_FOUND && import_old(f, err));
}

static void xlsx_describe(const ImportFile *f, Buf *out)
{
    const Workbook *w = f->state;
    buf_cstr(out, ", sheet ");
    text_put_safe(out, w->name);
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool xlsx_rewind(ImportFile *f, Error *err)
{
    Workbook *w = f->state;
    XlsxRow r;
    if (!w->header)
        return w->plugin->choose(w->book, w->sheet, err);
    return seek_header(w, &r, err) >= 0;
}

static int xlsx_next(ImportFile *f, ImportRecord *out, Error *err)
{
    Workbook *w = f->state;
    XlsxRow r;
    int more = w->plugin->next(w->book, &r, err);
    if (more <= 0)
        return more;
    int n = r.n > f->columns ? r.n : f->columns;
    if (n > w->room) {
        w->room = n;
        w->cell = xresize(w->cell, sizeof *w->cell * (size_t)n);
    }
    memcpy(w->cell, r.cell, sizeof *w->cell * (size_t)r.n);
    for (int i = r.n; i < n; i++)
        w->cell[i] = (Str){ 0 };
    *out = (ImportRecord){ .cell = w->cell, .n = n, .line = r.line, .fault = r.fault };
    return 1;
}

static int64_t xlsx_tell(const ImportFile *f)
{
    const Workbook *w = f->state;
    return (int64_t)(w->plugin->done(w->book) * (double)f->size);
}

const ImportReader import_xlsx = {
    .suffixes = "xlsx xlsm",
    .title = "XLSX",
    .rejects = IMPORT_CSV,
    .takes = IMPORT_TAKES_COLUMNS | IMPORT_TAKES_SHEET | IMPORT_TAKES_HEADER,
    .binary = true,
    .fits = xlsx_fits,
    .open = xlsx_open,
    .rewind = xlsx_rewind,
    .next = xlsx_next,
    .tell = xlsx_tell,
    .describe = xlsx_describe,
    .close = xlsx_close,
};

const ImportReader import_xls = {
    .suffixes = "xls",
    .title = "XLS",
    .rejects = IMPORT_CSV,
    .takes = IMPORT_TAKES_COLUMNS | IMPORT_TAKES_SHEET,
    .binary = true,
    .fits = xls_fits,
    .open = xls_open,
    .rewind = xlsx_rewind,
    .next = xlsx_next,
    .tell = xlsx_tell,
    .describe = xlsx_describe,
    .close = xlsx_close,
};

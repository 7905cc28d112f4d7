/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_csv.c -- delimited text as rows: CSV, which spreadsheets write, and TSV with escapes.
 */
#include "model/import_layout.h"
#include "model/import_reader.h"

#include <inttypes.h>
#include <stdlib.h>

enum { TITLES_MAX = 20 };

typedef struct Delimited {
    Csv *csv;
    char delimiter;
    bool headless;
    int64_t header;                    /* line of the header; 0: the first that is none above it */
    size_t skip;                       /* length of a line sep=X before the header */
    Arena row;                         /* unescaped TSV cells */
} Delimited;

/* ---- shape ----------------------------------------------------------------------------------- */

static bool find_delimiter(Delimited *d, const ImportFileOptions *o, Error *err)
{
    const char *typed = o->delimiter;
    static const struct { const char *name; char c; } names[] = {
        { "comma", ',' }, { "semicolon", ';' }, { "tab", '\t' }, { "\\t", '\t' }, { "pipe", '|' },
    };
    if (!typed)
        return true;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(typed, names[i].name) == 0) {
            d->delimiter = names[i].c;
            return true;
        }
    d->delimiter = typed[0];
    if (strlen(typed) == 1 && (unsigned char)typed[0] < 0x80 && !strchr("\"\r\n", typed[0]))
        return true;
    fail(err, ERR_USAGE, "'%s' cannot separate cells", typed);
    return fail_hint(err, "one character, or comma, semicolon, tab, pipe");
}

static void delimited_close(ImportFile *f)
{
    Delimited *d = f->state;
    if (!d)
        return;
    csv_close(d->csv);
    arena_release(&d->row);
    free(d);
    f->state = NULL;
}

/* The reader behind the header, which is in *header. */
static bool start(ImportFile *f, CsvRecord *header, Error *err)
{
    Delimited *d = f->state;
    char skipped[16];
    csv_close(d->csv);
    d->csv = NULL;
    if (!import_file_text(f, err)
        || (d->skip
            && import_file_read(f, skipped, d->skip < sizeof skipped ? d->skip : sizeof skipped,
                                err) < 0))
        return false;
    d->csv = csv_open(f->text, d->delimiter);
    if (d->headless)
        return true;
    int more = csv_next(d->csv, header, err);
    while (more > 0 && header->line + (d->skip > 0) < d->header)
        more = csv_next(d->csv, header, err);
    if (more == 0) {
        fail(err, ERR_INVALID, "%s is empty", f->name);
        fail_hint(err, "the first line names the columns");
    }
    return more > 0;
}

/* Titles of one cell above a wider header are passed over, and told. */
static bool pass_titles(ImportFile *f, CsvRecord *header, Error *err)
{
    Delimited *d = f->state;
    int titles = 0, more = 1;
    int64_t first = header->line;
    if (d->header || d->delimiter == CSV_ONE_COLUMN)
        return true;
    while (header->n == 1 && titles++ < TITLES_MAX && (more = csv_next(d->csv, header, err)) > 0)
        continue;
    if (more < 0)
        return false;
    d->header = more > 0 && header->n > 1 && titles ? header->line : first;
    if (d->header != first)
        f->note = arena_printf(f->arena, "  the header is on line %" PRId64
                               "; --header %" PRId64 " begins above", d->header, first);
    return start(f, header, err);
}

static bool open_as(ImportFile *f, const ImportFileOptions *o, Str head, bool tabs, Error *err)
{
    CsvRecord header;
    Delimited *d = f->state = xalloc(sizeof *d);
    d->headless = o->columns != NULL;
    d->delimiter = csv_sniff(head, &d->skip);
    if (o->columns && !strchr(o->columns, ',') && !import_layout_columns(str(o->columns)))
        d->delimiter = CSV_ONE_COLUMN;
    if (tabs)
        d->delimiter = '\t';
    if (!find_delimiter(d, o, err))
        return false;
    if (o->columns)
        return import_file_given_columns(f, o->columns, err);
    d->header = o->header;
    if (!start(f, &header, err) || !pass_titles(f, &header, err))
        return false;
    import_file_name_columns(f, header.field, header.n);
    return true;
}

static bool csv_begin(ImportFile *f, const ImportFileOptions *o, Str head, Error *err)
{
    return open_as(f, o, head, false, err);
}

static bool tsv_begin(ImportFile *f, const ImportFileOptions *o, Str head, Error *err)
{
    return open_as(f, o, head, true, err);
}

static void delimited_describe(const ImportFile *f, Buf *out)
{
    const Delimited *d = f->state;
    switch (d->delimiter) {
    case ',': buf_cstr(out, ", comma"); break;
    case ';': buf_cstr(out, ", semicolon"); break;
    case '\t': buf_cstr(out, ", tab"); break;
    case '|': buf_cstr(out, ", pipe"); break;
    case CSV_ONE_COLUMN: buf_cstr(out, ", one value a line"); break;
    default: buf_printf(out, ", separator %c", d->delimiter);
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool delimited_rewind(ImportFile *f, Error *err)
{
    CsvRecord header;
    return start(f, &header, err);
}

static int next(Delimited *d, ImportRecord *out, Error *err)
{
    CsvRecord r;
    int more = csv_next(d->csv, &r, err);
    if (more > 0)
        *out = (ImportRecord){ .cell = r.field,
                               .n = r.n,
                               .line = r.line + (d->skip > 0),
                               .raw = r.raw,
                               .odd = r.odd,
                               .bad = r.open ? "its quote is never closed" : NULL };
    return more;
}

static int csv_row(ImportFile *f, ImportRecord *out, Error *err)
{
    int more = next(f->state, out, err);
    for (int i = 0; more > 0 && i < out->n; i++)
        out->cell[i] = csv_unguard(out->cell[i]);
    return more;
}

static int tsv_row(ImportFile *f, ImportRecord *out, Error *err)
{
    Delimited *d = f->state;
    int more = next(d, out, err);
    arena_release(&d->row);
    for (int i = 0; more > 0 && i < out->n; i++)
        if (memchr(out->cell[i].s, '\\', out->cell[i].n))
            out->cell[i] = tsv_unescape(out->cell[i], &d->row);
    return more;
}

const ImportReader import_csv = {
    .suffixes = "csv",
    .title = "CSV",
    .rejects = IMPORT_CSV,
    .takes = IMPORT_TAKES_COLUMNS | IMPORT_TAKES_DELIMITER | IMPORT_TAKES_HEADER,
    .open = csv_begin,
    .rewind = delimited_rewind,
    .next = csv_row,
    .describe = delimited_describe,
    .close = delimited_close,
};

const ImportReader import_tsv = {
    .suffixes = "tsv tab",
    .title = "TSV",
    .rejects = IMPORT_TSV,
    .takes = IMPORT_TAKES_COLUMNS | IMPORT_TAKES_DELIMITER | IMPORT_TAKES_HEADER,
    .open = tsv_begin,
    .rewind = delimited_rewind,
    .next = tsv_row,
    .describe = delimited_describe,
    .close = delimited_close,
};

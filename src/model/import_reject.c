/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_reject.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/json.h"

enum { TRIES = 1000 };

/* Instead of "line", where the rows are cards: what has no field goes to the note, then as now. */
#define CARD_LINE "vCard line"

/* ---- where ----------------------------------------------------------------------------------- */

static const char *suffix_of(const ImportFile *f)
{
    switch (import_file_rejects(f)) {
    case IMPORT_TSV: return "tsv";
    case IMPORT_JSON: return "jsonl";
    default: return "csv";
    }
}

/* "folder/expo" of folder/expo.csv; "stdin" of standard input. */
static const char *stem_of(const char *source, bool here, Arena *a)
{
    const char *slash = strrchr(source, '/');
    const char *name = slash ? slash + 1 : source;
    const char *dot = strrchr(name, '.');
    if (strcmp(source, "-") == 0)
        return "stdin";
    size_t n = dot && dot > name ? (size_t)(dot - name) : strlen(name);
    if (here || !slash)
        return arena_strndup(a, name, n);
    return arena_strndup(a, source, (size_t)(name - source) + n);
}

static char *free_path(const ImportFile *f, const char *source, bool here, Arena *a)
{
    const char *stem = stem_of(source, here, a);
    char *path = arena_printf(a, "%s.rejects.%s", stem, suffix_of(f));
    for (int i = 2; access(path, F_OK) == 0 && i < TRIES; i++)
        path = arena_printf(a, "%s.rejects-%d.%s", stem, i, suffix_of(f));
    return path;
}

static int reject_open(const ImportFile *f, const char *source, const char *named, Arena *a,
                       RejectFile *r, Error *err)
{
    r->path = named ? arena_strdup(a, named) : free_path(f, source, false, a);
    int fd = draft_open(&r->draft, r->path, a);
    if (fd < 0 && !named) {
        r->path = free_path(f, source, true, a);
        fd = draft_open(&r->draft, r->path, a);
    }
    if (fd < 0) {
        fail(err, ERR_IO, "the reject file %s cannot be written: %s", r->path, strerror(errno));
        fail_hint(err, "name another with --rejects FILE");
    }
    return fd;
}

/* ---- rows ------------------------------------------------------------------------------------ */

typedef struct Shape { ImportShape format; int columns; bool again, cards; } Shape;
/* columns: those that are copied; again: the source is itself a reject file, and what it says of
 * line and reason is made anew; cards: the rows are cards of an address book */

static void put_cell(const Shape *s, Str cell, bool first, Buf *b)
{
    if (!first)
        buf_char(b, s->format == IMPORT_TSV ? '\t' : ',');
    if (cell.n == 0)
        return;
    if (s->format == IMPORT_TSV)
        tsv_write_field(b, cell);
    else
        csv_write_field(b, cell, ',', CSV_GUARD);
}

static void put_header(const Shape *s, const Str *names, Buf *b)
{
    for (int i = 0; i < s->columns; i++)
        put_cell(s, names[i], i == 0, b);
    put_cell(s, s->cards ? STR(CARD_LINE) : STR("line"), s->columns == 0, b);
    put_cell(s, STR("reason"), false, b);
    buf_char(b, '\n');
}

/* Cells beyond the columns come last, so that the row is ragged again until somebody mends it. */
static void put_cells(const Shape *s, const ImportRecord *record, const ImportRow *row, Buf *b)
{
    char line[24];
    snprintf(line, sizeof line, "%" PRId64, row->line);
    for (int i = 0; i < s->columns; i++)
        put_cell(s, i < record->n ? record->cell[i] : (Str){ 0 }, i == 0, b);
    put_cell(s, str(line), s->columns == 0, b);
    put_cell(s, row->reason, false, b);
    for (int i = s->columns + (s->again ? 2 : 0); i < record->n; i++)
        put_cell(s, record->cell[i], false, b);
    buf_char(b, '\n');
}

static size_t skip_blanks(Str s, size_t i)
{
    while (i < s.n && strchr(" \t\r\n", s.s[i]))
        i++;
    return i;
}

/* The bytes of an object before its closing brace; of one that comes from a reject file, before
 * what that says of it. */
static size_t body_of(Str raw, bool again)
{
    static const char key[] = "\"line\":", next[] = "\"reason\":";
    for (size_t i = raw.n; again && i-- > 1;) {
        Str rest = str_n(raw.s + i, raw.n - i);
        if (!str_starts(rest, key))
            continue;
        size_t p = skip_blanks(rest, sizeof key - 1);
        while (p < rest.n && rest.s[p] >= '0' && rest.s[p] <= '9')
            p++;
        p = skip_blanks(rest, p + 1);
        if (p >= rest.n || !str_starts(str_n(rest.s + p, rest.n - p), next))
            continue;
        Str body = str_trim(str_n(raw.s, i));
        return body.n && body.s[body.n - 1] == ',' ? body.n - 1 : body.n;
    }
    return raw.n - 1;
}

static void put_object(const ImportRecord *record, const ImportRow *row, bool again, Buf *b)
{
    Str raw = str_trim(record->raw);
    size_t n = raw.n;
    if (record->bad || raw.n < 2) {
        buf_cstr(b, "{\"text\":");
        json_write_text(b, raw);
    } else {
        n = body_of(raw, again);
        buf_put(b, raw.s, n);
    }
    buf_printf(b, "%s\"line\":%" PRId64 ",\"reason\":", str_trim(str_n(raw.s, n)).n > 1 ? "," : "",
               row->line);
    json_write_text(b, row->reason);
    buf_cstr(b, "}\n");
}

static bool flush(FILE *to, Buf *b)
{
    bool ok = fwrite(b->s, 1, b->n, to) == b->n;
    buf_reset(b);
    return ok;
}

static bool copy_rows(ImportFile *f, const Shape *s, RowFile *list, FILE *to, Error *err)
{
    ImportRecord record;
    ImportRow row;
    Buf b = { 0 };
    const Str *names;
    int64_t ordinal = -1;
    int more = 0, wanted = 1;
    bool written = true, ok = row_file_rewind(list, err) && import_file_rewind(f, err);
    import_file_columns(f, &names);
    if (ok && s->format != IMPORT_JSON)
        put_header(s, names, &b);
    while (ok && written && (wanted = row_file_next(list, &row, err)) > 0) {
        while (ordinal < row.ordinal && (more = import_file_next(f, &record, err)) > 0)
            ordinal++;
        if (more <= 0)
            break;
        if (s->format == IMPORT_JSON)
            put_object(&record, &row, s->again, &b);
        else
            put_cells(s, &record, &row, &b);
        written = flush(to, &b);
    }
    if (!written)
        fail(err, ERR_IO, "the reject file cannot be written: %s", strerror(errno));
    buf_release(&b);
    return ok && written && wanted == 0;
}

int reject_file_column(const ImportFile *f)
{
    const Str *names;
    int n = import_file_columns(f, &names);
    int first = import_file_rejects(f) == IMPORT_JSON ? 0 : n - 2;
    for (int i = first; n > 2 && i + 1 < n; i++)
        if ((str_is(names[i], "line") || str_is(names[i], CARD_LINE))
            && str_is(names[i + 1], "reason"))
            return i;
    return -1;
}

const char *reject_file_book(const ImportFile *f)
{
    const Str *names;
    int i = reject_file_column(f);
    import_file_columns(f, &names);
    return i >= 0 && str_is(names[i], CARD_LINE) ? "vCard" : import_file_book(f);
}

bool reject_file_write(ImportFile *f, const char *source, const char *named, RowFile *list,
                       Arena *a, RejectFile *out, Error *err)
{
    const Str *names;
    *out = (RejectFile){ 0 };
    Shape s = { .format = import_file_rejects(f), .columns = import_file_columns(f, &names),
                .again = reject_file_column(f) >= 0, .cards = reject_file_book(f) != NULL };
    if (s.again)
        s.columns -= 2;
    int fd = reject_open(f, source, named, a, out, err);
    if (fd < 0)
        return false;
    FILE *to = fdopen(fd, "w");
    bool ok = copy_rows(f, &s, list, to, err);
    if (fclose(to) != 0 && ok)
        ok = fail(err, ERR_IO, "the reject file %s cannot be written: %s", out->path,
                  strerror(errno));
    if (!ok)
        reject_file_drop(out);
    return ok;
}

bool reject_file_keep(RejectFile *r, Arena *a, Error *err)
{
    if (!r->path || draft_keep(&r->draft, r->path, a))
        return true;
    return fail(err, ERR_IO, "%s cannot be written: %s", r->path, strerror(errno));
}

void reject_file_drop(RejectFile *r)
{
    draft_drop(&r->draft);
    *r = (RejectFile){ 0 };
}

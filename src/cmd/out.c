/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/out.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/phone.h"
#include "base/unicode.h"
#include "cmd/out_text.h"

static const char *const names[FORMATS] = {
    [FORMAT_AUTO] = "auto", [FORMAT_TABLE] = "table", [FORMAT_LONG] = "long",
    [FORMAT_CSV] = "csv", [FORMAT_TSV] = "tsv", [FORMAT_JSON] = "json",
    [FORMAT_JSONL] = "jsonl", [FORMAT_MARKDOWN] = "markdown",
    [FORMAT_SQL] = "sql", [FORMAT_XLSX] = "xlsx", [FORMAT_VCARD] = "vcard",
};

static const Writer *const writers[FORMATS] = {
    [FORMAT_TABLE] = &out_table, [FORMAT_LONG] = &out_long, [FORMAT_CSV] = &out_csv,
    [FORMAT_TSV] = &out_tsv, [FORMAT_JSON] = &out_json, [FORMAT_JSONL] = &out_jsonl,
    [FORMAT_MARKDOWN] = &out_markdown, [FORMAT_SQL] = &out_sql, [FORMAT_XLSX] = &out_xlsx,
    [FORMAT_VCARD] = &out_vcard,
};

bool format_find(Str name, Format *out)
{
    for (int f = 0; f < FORMATS; f++)
        if (str_is(name, names[f])) {
            *out = (Format)f;
            return true;
        }
    return false;
}

/* ---- any sink ---- */

bool out_begin(Out *o, const Column *cols, int n, Error *err)
{
    if (o->begun)
        panic("a command began its rows twice");
    if (n < 0)
        for (n = 0; cols[n].name; n++)
            ;
    o->n = n;
    o->begun = o->begin(o, cols, n, err);
    return o->begun;
}

bool out_row(Out *o, const Value *v, Error *err)
{
    if (!o->begun)
        panic("a command gave a row before it began");
    o->rows++;
    return o->row(o, v, err);
}

bool out_section(Out *o, const char *title, const Column *cols, int n, Error *err)
{
    o->n = n;
    return o->section(o, title, cols, n, err);
}

bool out_end(Out *o, Error *err)
{
    return o->end(o, err);
}

void out_free(Out *o)
{
    if (o)
        o->free(o);
}

bool out_receipt(Out *o, const Column *cols, int n, const Value *v, Error *err)
{
    return !o->receipt_shown || (out_begin(o, cols, n, err) && out_row(o, v, err));
}

/* ---- text ---- */

enum { PIECE = 1 << 15 };              /* bytes that are written at once */

/* Bring to the stream what there is, once it is `least` bytes. */
static bool flush(TextOut *t, size_t least, Error *err)
{
    size_t n = t->line.n;
    if (t->failed)
        return false;
    if (t->line.full)
        return fail(err, ERR_IO, "a row is too long to print");
    if (n < least)
        return true;
    if (n > 0 && fwrite(t->line.s, 1, n, t->to) != n)
        return fail(err, ERR_IO, "cannot write: %s", strerror(errno));
    buf_reset(&t->line);
    return true;
}

static int find_column(const Column *cols, int n, Str name)
{
    for (int i = 0; i < n; i++)
        if (str_is(name, cols[i].name))
            return i;
    return -1;
}

static bool no_column(const Column *cols, int n, Str name, Error *err)
{
    Buf all = { 0 };
    for (int i = 0; i < n; i++)
        buf_printf(&all, "%s%s", i ? ", " : "", cols[i].name);
    fail(err, ERR_USAGE, "there is no column '%.*s'", STR_ARG(name));
    fail_hint(err, "the columns are %s", all.s ? all.s : "none");
    buf_release(&all);
    return false;
}

/* The columns that --fields names, in its order, or all. */
static bool pick_columns(TextOut *t, const Column *cols, int n, Error *err)
{
    const char *fields = t->opt.fields;
    size_t room = (size_t)n + 1;
    for (const char *p = fields; p && *p; p++)
        room += *p == ',';
    t->cols = xalloc(sizeof *t->cols * room);
    t->pick = xalloc(sizeof *t->pick * room);
    t->cells = xalloc(sizeof *t->cells * room);
    for (int i = 0; i < n && !fields; i++) {
        t->pick[t->n] = i;
        t->cols[t->n++] = cols[i];
    }
    for (const char *p = fields; p;) {
        const char *comma = strchrnul(p, ',');
        Str name = str_trim(str_n(p, (size_t)(comma - p)));
        int i = find_column(cols, n, name);
        if (i < 0)
            return no_column(cols, n, name, err);
        t->pick[t->n] = i;
        t->cols[t->n++] = cols[i];
        p = *comma ? comma + 1 : NULL;
    }
    return true;
}

static Format chosen_format(const TextOut *t)
{
    if (t->opt.format != FORMAT_AUTO)
        return t->opt.format;
    if (!t->opt.terminal)
        return FORMAT_TSV;
    return t->base.one ? FORMAT_LONG : FORMAT_TABLE;
}

static void forget_columns(TextOut *t)
{
    out_table_free(t->table);
    free(t->cols);
    free(t->pick);
    free(t->cells);
    t->table = NULL;
    t->cols = NULL;
    t->pick = NULL;
    t->cells = NULL;
    t->n = 0;
}

static bool text_section(Out *o, const char *title, const Column *cols, int n, Error *err)
{
    TextOut *t = (TextOut *)o;
    bool markdown = t->writer == &out_markdown;
    t->writer->tail(t);
    forget_columns(t);
    t->opt.fields = NULL;
    if (!pick_columns(t, cols, n, err))
        return false;
    t->writer = markdown ? &out_markdown : &out_table;
    t->rows = 0;
    buf_cstr(&t->line, markdown ? "\n## " : t->opt.colour ? "\n\x1b[1m" : "\n");
    text_put_safe(&t->line, str(title));
    buf_cstr(&t->line, markdown ? "\n\n" : t->opt.colour ? "\x1b[0m\n" : "\n");
    t->writer->head(t);
    return flush(t, 0, err);
}

static bool text_begin(Out *o, const Column *cols, int n, Error *err)
{
    TextOut *t = (TextOut *)o;
    if (!pick_columns(t, cols, n, err))
        return false;
    t->writer = writers[chosen_format(t)];
    if (t->writer == &out_long || t->writer == &out_table || t->writer == &out_markdown)
        o->section = text_section;
    t->header = !t->opt.no_header && !(t->n == 1 && (t->cols[0].flags & COLUMN_SCALAR));
    t->err = err;
    t->writer->head(t);
    return flush(t, 0, err);
}

static bool text_row(Out *o, const Value *v, Error *err)
{
    TextOut *t = (TextOut *)o;
    for (int i = 0; t->opt.fields && i < t->n; i++)
        t->cells[i] = v[t->pick[i]];
    t->err = err;
    t->writer->row(t, t->opt.fields ? t->cells : v);
    t->rows++;
    return flush(t, t->opt.terminal ? 0 : PIECE, err);
}

static bool text_end(Out *o, Error *err)
{
    TextOut *t = (TextOut *)o;
    if (!o->begun)
        return true;
    t->err = err;
    t->writer->tail(t);
    if (!flush(t, 0, err))
        return false;
    return fflush(t->to) == 0 || fail(err, ERR_IO, "cannot write: %s", strerror(errno));
}

static void text_free(Out *o)
{
    TextOut *t = (TextOut *)o;
    forget_columns(t);
    out_sheet_free(t->sheet);
    buf_release(&t->line);
    buf_release(&t->plain);
    buf_release(&t->safe);
    buf_release(&t->keys);
    free(t->key_end);
    free(t);
}

Out *out_text(FILE *to, const OutOptions *opt)
{
    TextOut *t = xalloc(sizeof *t);
    t->base = (Out){ .begin = text_begin, .row = text_row, .end = text_end, .free = text_free,
                     .receipt_shown = opt->format != FORMAT_AUTO,
                     .nests = opt->format == FORMAT_JSON || opt->format == FORMAT_JSONL };
    t->to = to;
    t->opt = *opt;
    return &t->base;
}

/* ---- values for people ---- */

void out_display(Value v, Kind k, const Zone *zone, Buf *out)
{
    if (k == KIND_TIME && v.type == VALUE_INT && zone)
        time_write_local(v.i, zone, out);
    else if (k == KIND_PHONE && v.type == VALUE_TEXT)
        phone_format(NULL, v.s, out);
    else if (k == KIND_PERCENT && v.type == VALUE_REAL)
        buf_printf(out, "%.1f %%", v.r * 100);
    else if (k == KIND_MONEY && v.type == VALUE_INT && v.i % 100 == 0)
        buf_printf(out, "%" PRId64 ".00", v.i / 100);
    else
        value_write_plain(v, k, out);
}

bool out_is_right(Kind k)
{
    return k == KIND_INT || k == KIND_NUMBER || k == KIND_MONEY || k == KIND_DURATION
        || k == KIND_PERCENT;
}

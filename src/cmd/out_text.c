/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The formats for programs: complete, uncut, in C locale.  On a terminal their text is made safe to
 * print; in a pipe or a file the bytes are the record's own.
 */
#include "cmd/out_text.h"

#include "base/csv.h"
#include "base/json.h"
#include "base/unicode.h"

Str out_plain(TextOut *t, Value v, Kind k)
{
    Str s = v.s;
    if (v.type == VALUE_TEXT && s.s && !t->opt.terminal)
        return s;
    if (v.type == VALUE_NULL)
        return (Str){ 0 };
    if (v.type != VALUE_TEXT) {
        buf_reset(&t->plain);
        value_write_plain(v, k, &t->plain);
        s = buf_as_str(&t->plain);
    }
    if (t->opt.terminal) {
        buf_reset(&t->safe);
        text_put_safe(&t->safe, s);
        s = buf_as_str(&t->safe);
    }
    return s.s ? s : STR("");
}

/* ---- CSV and TSV ---- */

static unsigned csv_flags(const TextOut *t)
{
    return CSV_GUARD | (t->opt.excel ? CSV_CRLF : 0);
}

/* A whole number from 0 on, whatever it stands for, has nothing to quote or to guard. */
static void csv_row(TextOut *t, const Value *v)
{
    unsigned flags = csv_flags(t);
    for (int i = 0; i < t->n; i++) {
        Kind kind = t->cols[i].kind;
        if (i > 0)
            buf_char(&t->line, ',');
        if (v[i].type == VALUE_INT && v[i].i >= 0)
            value_write_plain(v[i], kind, &t->line);
        else if (v[i].type != VALUE_NULL)
            csv_write_field(&t->line, out_plain(t, v[i], kind), ',', flags);
    }
    csv_write_end(&t->line, flags);
}

static void csv_head(TextOut *t)
{
    if (t->opt.excel)
        buf_cstr(&t->line, "\xEF\xBB\xBF");
    if (t->opt.no_header)
        return;
    for (int i = 0; i < t->n; i++)
        t->cells[i] = value_cstr(t->cols[i].name);
    csv_row(t, t->cells);
}

static void tsv_row(TextOut *t, const Value *v)
{
    for (int i = 0; i < t->n; i++) {
        if (i > 0)
            buf_char(&t->line, '\t');
        Str cell = out_plain(t, v[i], t->cols[i].kind);
        if (t->cols[i].flags & COLUMN_JSON)
            buf_str(&t->line, cell);
        else
            tsv_write_field(&t->line, cell);
    }
    buf_char(&t->line, '\n');
}

static void tsv_head(TextOut *t)
{
    if (!t->header)
        return;
    for (int i = 0; i < t->n; i++)
        t->cells[i] = value_cstr(t->cols[i].name);
    tsv_row(t, t->cells);
}

static void no_tail(TextOut *t)
{
    (void)t;
}

const Writer out_csv = { csv_head, csv_row, no_tail };
const Writer out_tsv = { tsv_head, tsv_row, no_tail };

/* ---- JSON: one array, or an object a line ---- */

enum { NULL_SIZE = 4 };                /* "null" */

static void jsonl_head(TextOut *t)
{
    buf_reset(&t->keys);
    t->key_end = xresize(t->key_end, sizeof *t->key_end * (size_t)(t->n + 1));
    for (int i = 0; i < t->n; i++) {
        buf_char(&t->keys, i ? ',' : '{');
        json_write_text(&t->keys, str(t->cols[i].name));
        buf_char(&t->keys, ':');
        t->key_end[i] = t->keys.n;
        buf_put(&t->keys, "null", NULL_SIZE);
    }
    buf_cstr(&t->keys, t->n ? "}" : "{}");
}

/* The object of nulls, with the values that there are in their places. */
static void json_object_of(TextOut *t, const Value *v)
{
    const char *keys = t->keys.s;
    size_t done = 0;
    for (int i = 0; i < t->n; i++) {
        if (v[i].type == VALUE_NULL)
            continue;
        buf_put(&t->line, keys + done, t->key_end[i] - done);
        done = t->key_end[i] + NULL_SIZE;
        if (t->cols[i].flags & COLUMN_JSON)
            buf_str(&t->line, v[i].s);
        else
            json_write_value(&t->line, v[i], t->cols[i].kind);
    }
    buf_put(&t->line, keys + done, t->keys.n - done);
}

static void json_head(TextOut *t)
{
    jsonl_head(t);
    buf_char(&t->line, '[');
}

static void json_row(TextOut *t, const Value *v)
{
    buf_cstr(&t->line, t->rows ? ",\n" : "\n");
    json_object_of(t, v);
}

static void json_tail(TextOut *t)
{
    buf_cstr(&t->line, t->rows ? "\n]\n" : "]\n");
}

static void jsonl_row(TextOut *t, const Value *v)
{
    json_object_of(t, v);
    buf_char(&t->line, '\n');
}

const Writer out_json = { json_head, json_row, json_tail };
const Writer out_jsonl = { jsonl_head, jsonl_row, no_tail };

/* ---- Markdown: a table for a page, so values as people read them ---- */

static void markdown_cell(TextOut *t, Str s)
{
    buf_reset(&t->safe);
    buf_cstr(&t->line, " ");
    for (size_t i = 0; i < s.n; i++) {
        if (s.s[i] == '\n') {
            text_put_safe(&t->line, buf_as_str(&t->safe));
            buf_reset(&t->safe);
            buf_cstr(&t->line, "<br>");
            continue;
        }
        if (s.s[i] != '\0' && strchr("\\`*[]<|", s.s[i]))
            buf_char(&t->safe, '\\');
        if (s.s[i] != '\r' || i + 1 == s.n || s.s[i + 1] != '\n')
            buf_char(&t->safe, s.s[i]);
    }
    text_put_safe(&t->line, buf_as_str(&t->safe));
    buf_cstr(&t->line, " |");
}

static void markdown_head(TextOut *t)
{
    buf_char(&t->line, '|');
    for (int i = 0; i < t->n; i++)
        markdown_cell(t, str(t->cols[i].name));
    buf_cstr(&t->line, "\n|");
    for (int i = 0; i < t->n; i++)
        buf_cstr(&t->line, out_is_right(t->cols[i].kind) ? " ---: |" : " --- |");
    buf_char(&t->line, '\n');
}

static void markdown_row(TextOut *t, const Value *v)
{
    buf_char(&t->line, '|');
    for (int i = 0; i < t->n; i++) {
        buf_reset(&t->plain);
        out_display(v[i], t->cols[i].kind, t->opt.zone, &t->plain);
        markdown_cell(t, buf_as_str(&t->plain));
    }
    buf_char(&t->line, '\n');
}

const Writer out_markdown = { markdown_head, markdown_row, no_tail };

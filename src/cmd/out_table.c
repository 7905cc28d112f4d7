/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The formats for people: an aligned table that fits its width, and the long form, a field a line,
 * which also stands in where the table would become too narrow to read.
 *
 * A table holds back rows until it knows its widths: all of them, up to HELD bytes of text; what
 * comes later is cut to the widths found so far, or sticks out where the width is not limited.
 */
#include "cmd/out_text.h"

#include <stdlib.h>

#include "base/unicode.h"

enum {
    HELD = 4 << 20,
    GAP = 2,                            /* blanks between columns */
    NARROW = 8,                         /* a column is not cut below this */
    NEAR = 30,                          /* days that are told as a distance */
    WRAP = 16,                          /* least width for values of the long form to be wrapped */
};

typedef struct Cell { size_t at, n; int width; bool null; } Cell;

struct Table {
    int *width;                         /* of each column, once laid out; 0: left out */
    bool laid_out;
    int name_width;                     /* of the widest column name */
    Buf text;                           /* texts of the rows held back */
    Buf cells;                          /* Cell: n a row */
};

void out_table_free(Table *b)
{
    if (!b)
        return;
    free(b->width);
    buf_release(&b->text);
    buf_release(&b->cells);
    free(b);
}

static Table *table_of(TextOut *t)
{
    if (!t->table) {
        t->table = xalloc(sizeof *t->table);
        t->table->width = xalloc(sizeof *t->table->width * ((size_t)t->n + 1));
        for (int i = 0; i < t->n; i++) {
            int w = text_width(str(t->cols[i].name), t->opt.ambiguous);
            t->table->width[i] = t->header ? w : 0;
            t->table->name_width = w > t->table->name_width ? w : t->table->name_width;
        }
    }
    return t->table;
}

/* On a terminal, which shows the moment, a near time is a distance; the long form has room for
 * both. */
static void put_time(const TextOut *t, int64_t ms, bool both, Buf *out)
{
    const int64_t day = 24 * 3600 * 1000;
    int64_t span = ms < t->opt.now ? t->opt.now - ms : ms - t->opt.now;
    bool near = t->opt.terminal && t->opt.now != 0 && span < NEAR * day;
    if (!near || both)
        out_display(value_int(ms), KIND_TIME, t->opt.zone, out);
    if (near && both)
        buf_cstr(out, " (");
    if (near)
        ago_write(ms, t->opt.now, out);
    if (near && both)
        buf_char(out, ')');
}

/* Keep the row's texts behind those held already. */
static void hold(TextOut *t, const Value *v)
{
    Table *b = table_of(t);
    for (int i = 0; i < t->n; i++) {
        Cell c = { .at = b->text.n, .null = value_is_null(v[i]) };
        if (c.null)
            buf_char(&b->text, '-');
        else if (t->cols[i].kind == KIND_TIME && v[i].type == VALUE_INT)
            put_time(t, v[i].i, t->writer == &out_long, &b->text);
        else
            out_display(v[i], t->cols[i].kind, t->opt.zone, &b->text);
        c.n = b->text.n - c.at;
        c.width = text_width(str_n(b->text.s + c.at, c.n), t->opt.ambiguous);
        buf_put(&b->cells, (const char *)&c, sizeof c);
    }
}

static void let_go(Table *b)
{
    buf_reset(&b->text);
    buf_reset(&b->cells);
}

static size_t held_rows(const TextOut *t)
{
    return t->n ? t->table->cells.n / (sizeof(Cell) * (size_t)t->n) : 0;
}

static Str text_of(const Table *b, const Cell *c)
{
    return str_n(c->n ? b->text.s + c->at : "", c->n);
}

static void put_dim(TextOut *t, bool on, const char *code)
{
    if (on && t->opt.colour)
        buf_cstr(&t->line, code);
}

/* A cell stands in the line behind `from`. */
static void mark_cell(TextOut *t, int column, size_t from)
{
    Kind k = t->cols[column].kind;
    bool text = k == KIND_TEXT || k == KIND_PHONE || k == KIND_EMAIL || k == KIND_TAGS;
    if (t->base.n_marks > 0 && t->opt.terminal && t->opt.colour && text)
        out_mark(&t->line, from, t->base.marks, t->base.n_marks);
}

static void put_blanks(TextOut *t, int n)
{
    while (n-- > 0)
        buf_char(&t->line, ' ');
}

static void end_line(TextOut *t)
{
    while (t->line.n > 0 && t->line.s[t->line.n - 1] == ' ')
        t->line.n--;
    buf_char(&t->line, '\n');
}

/* ---- the long form ---- */

/* The end of the first line of s that fits, preferably behind a blank. */
static Str first_line(Str s, int columns, int ambiguous)
{
    const char *newline = memchr(s.s, '\n', s.n);
    Str line = { s.s, newline ? (size_t)(newline - s.s) : s.n };
    Str fit = columns > 0 ? text_fit(line, columns, ambiguous, NULL) : line;
    if (fit.n == line.n || fit.n == 0)
        return line;
    for (size_t i = fit.n; i > fit.n / 2; i--)
        if (fit.s[i - 1] == ' ')
            return str_n(fit.s, i);
    return fit;
}

/* A value behind its name: lines of its own stay lines, long ones are wrapped. */
static void put_wrapped(TextOut *t, Str s, int indent)
{
    int columns = t->opt.width > 0 ? t->opt.width - indent : 0;
    if (columns < WRAP)
        columns = 0;
    while (s.n > 0) {
        Str line = first_line(s, columns, t->opt.ambiguous);
        size_t n = line.n;
        bool newline = n < s.n && s.s[n] == '\n';
        while (line.n > 0 && (line.s[line.n - 1] == '\r' || line.s[line.n - 1] == ' '))
            line.n--;
        text_put_safe(&t->line, line);
        s = str_n(s.s + n + newline, s.n - n - newline);
        if (s.n > 0) {
            end_line(t);
            put_blanks(t, indent);
        }
    }
}

static void put_record(TextOut *t, const Cell *cells, bool first)
{
    Table *b = t->table;
    int indent = t->header ? b->name_width + GAP : 0;
    if (!first)
        buf_char(&t->line, '\n');
    for (int i = 0; i < t->n; i++) {
        if (cells[i].null && t->cols[i].flags & COLUMN_SPARE)
            continue;
        if (t->header) {
            put_dim(t, true, "\x1b[2m");
            text_put_fit(&t->line, str(t->cols[i].name), b->name_width, t->opt.ambiguous, true,
                         false);
            put_dim(t, true, "\x1b[0m");
            put_blanks(t, GAP);
        }
        put_dim(t, cells[i].null, "\x1b[2m");
        size_t from = t->line.n;
        put_wrapped(t, text_of(b, &cells[i]), indent);
        mark_cell(t, i, from);
        put_dim(t, cells[i].null, "\x1b[0m");
        end_line(t);
    }
}

static void long_head(TextOut *t)
{
    table_of(t);
}

static void long_row(TextOut *t, const Value *v)
{
    hold(t, v);
    put_record(t, (const Cell *)(const void *)t->table->cells.s, t->rows == 0);
    let_go(t->table);
}

static void long_tail(TextOut *t)
{
    (void)t;
}

const Writer out_long = { long_head, long_row, long_tail };

/* ---- the table ---- */

/* What may be cut at all: words, not numbers, days or anything that is wrong when it is cut. */
static bool may_cut(const Column *c)
{
    Kind k = c->kind;
    return (c->flags & COLUMN_FOLD) || k == KIND_TEXT || k == KIND_EMAIL || k == KIND_CHOICE
        || k == KIND_TAGS || k == KIND_REF;
}

static int total_width(const TextOut *t)
{
    int64_t total = -GAP;
    for (int i = 0; i < t->n; i++)
        if (t->table->width[i])
            total += GAP + t->table->width[i];
    return total > INT32_MAX ? INT32_MAX : (int)total;
}

/* Narrow the widest of the columns that may be cut until the table fits. */
static bool narrow(TextOut *t, bool folded_only)
{
    int *width = t->table->width, excess;
    while ((excess = total_width(t) - t->opt.width) > 0) {
        int widest = -1;
        for (int i = 0; i < t->n; i++) {
            unsigned soft = COLUMN_FOLD | COLUMN_WRAP;
            bool may = folded_only ? t->cols[i].flags & soft : may_cut(&t->cols[i]);
            if (may && width[i] > NARROW && (widest < 0 || width[i] > width[widest]))
                widest = i;
        }
        if (widest < 0)
            return false;
        width[widest]--;
    }
    return true;
}

/* Columns that need not be there and have no value in the rows held get width 0. */
static void leave_out(TextOut *t, const Cell *cells, size_t n)
{
    for (int i = 0; i < t->n; i++) {
        bool empty = (t->cols[i].flags & COLUMN_SPARE) && n > 0;
        for (size_t k = (size_t)i; empty && k < n; k += (size_t)t->n)
            empty = cells[k].null;
        if (empty)
            t->table->width[i] = 0;
    }
}

/* Widths from the rows held; false if the table cannot fit. */
static bool lay_out(TextOut *t)
{
    Table *b = t->table;
    const Cell *cells = (const Cell *)(const void *)b->cells.s;
    size_t n = held_rows(t) * (size_t)t->n;
    for (size_t i = 0; i < n; i++) {
        int *w = &b->width[i % (size_t)t->n];
        if (cells[i].width > *w)
            *w = cells[i].width;
    }
    leave_out(t, cells, n);
    b->laid_out = true;
    if (t->opt.width <= 0)
        return true;
    for (int i = 0; i < t->n; i++)
        if (may_cut(&t->cols[i]) && b->width[i] > t->opt.width)
            b->width[i] = t->opt.width > NARROW ? t->opt.width : NARROW;
    return narrow(t, true) || narrow(t, false);
}

static void put_cell(TextOut *t, int i, Str s, int own)
{
    int width = t->table->width[i];
    bool right = out_is_right(t->cols[i].kind), last = i == t->n - 1;
    if (width == 0)
        return;
    if (i > 0)
        put_blanks(t, GAP);
    if (own > width && (t->opt.width <= 0 || !may_cut(&t->cols[i])))
        width = own;
    text_put_fit(&t->line, s, width, t->opt.ambiguous, right || !last, right);
}

static void put_header(TextOut *t)
{
    if (!t->header)
        return;
    put_dim(t, true, "\x1b[2m");
    for (int i = 0; i < t->n; i++) {
        Str name = str(t->cols[i].name);
        put_cell(t, i, name, text_width(name, t->opt.ambiguous));
    }
    put_dim(t, true, "\x1b[0m");
    end_line(t);
}

/* What of a cell stands in the next line of its row; the rest stays in *s. */
static Str next_piece(const TextOut *t, int i, Str *s)
{
    Str piece = *s;
    if ((t->cols[i].flags & COLUMN_WRAP) && t->table->width[i] > 0)
        piece = first_line(*s, t->table->width[i], t->opt.ambiguous);
    *s = str_n(s->s + piece.n, s->n - piece.n);
    while (s->n > 0 && piece.n > 0 && piece.s[piece.n - 1] == ' ')
        piece.n--;
    return piece;
}

static void put_row(TextOut *t, const Cell *cells)
{
    Arena a = { 0 };
    Str *rest = ARENA_ARRAY(&a, Str, t->n);
    bool more = true;
    for (int i = 0; i < t->n; i++)
        rest[i] = text_of(t->table, &cells[i]);
    for (bool first = true; more; first = false) {
        more = false;
        for (int i = 0; i < t->n; i++) {
            Str piece = first || rest[i].n ? next_piece(t, i, &rest[i]) : (Str){ "", 0 };
            more = more || rest[i].n > 0;
            bool dim = cells[i].null && first && t->table->width[i] > 0;
            put_dim(t, dim, "\x1b[2m");
            size_t from = t->line.n;
            put_cell(t, i, piece, text_width(piece, t->opt.ambiguous));
            mark_cell(t, i, from);
            put_dim(t, dim, "\x1b[0m");
        }
        end_line(t);
    }
    arena_release(&a);
}

/* Print what was held back, as a table if it fits. */
static void put_held(TextOut *t)
{
    Table *b = t->table;
    const Cell *cells = (const Cell *)(const void *)b->cells.s;
    size_t rows = held_rows(t);
    if (!b->laid_out) {
        if (lay_out(t))
            put_header(t);
        else
            t->writer = &out_long;
    }
    for (size_t r = 0; r < rows; r++)
        if (t->writer == &out_long)
            put_record(t, cells + r * (size_t)t->n, r == 0);
        else
            put_row(t, cells + r * (size_t)t->n);
    let_go(b);
}

static void table_row(TextOut *t, const Value *v)
{
    hold(t, v);
    if (t->table->laid_out || t->table->text.n + t->table->cells.n > HELD)
        put_held(t);
}

static void table_tail(TextOut *t)
{
    if (!t->table->laid_out)
        put_held(t);
}

const Writer out_table = { long_head, table_row, table_tail };

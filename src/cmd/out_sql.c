/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * out_sql.c -- rows as SQL that makes a table of them in any database: one transaction, standard
 * quoting, types that all know.
 */
#include <inttypes.h>

#include "cmd/out_text.h"

static const char *type_of(Kind k)
{
    switch (k) {
    case KIND_INT: return "BIGINT";
    case KIND_BOOL: return "INTEGER";
    case KIND_NUMBER:
    case KIND_MONEY:
    case KIND_PERCENT: return "NUMERIC";
    default: return "TEXT";
    }
}

/* Text in quotes, a quote doubled. */
static void put_quoted(Buf *out, Str s, char quote)
{
    buf_char(out, quote);
    while (s.n) {
        const char *at = memchr(s.s, quote, s.n);
        size_t n = at ? (size_t)(at + 1 - s.s) : s.n;
        buf_put(out, s.s, n);
        if (at)
            buf_char(out, quote);
        s = str_n(s.s + n, s.n - n);
    }
    buf_char(out, quote);
}

/* Text; one with a NUL, which would end it early, by its bytes. */
static void put_text(Buf *out, Str s)
{
    if (!s.n || !memchr(s.s, '\0', s.n)) {
        put_quoted(out, s, '\'');
        return;
    }
    buf_cstr(out, "CAST(X'");
    for (size_t i = 0; i < s.n; i++)
        buf_printf(out, "%02X", (unsigned char)s.s[i]);
    buf_cstr(out, "' AS TEXT)");
}

static void put_value(TextOut *t, Value v, Kind k)
{
    if (v.type == VALUE_NULL) {
        buf_cstr(&t->line, "NULL");
    } else if (k == KIND_BOOL && v.type == VALUE_INT) {
        buf_char(&t->line, v.i ? '1' : '0');
    } else if (v.type == VALUE_TEXT || *type_of(k) == 'T') {
        put_text(&t->line, out_plain(t, v, k));
    } else {
        value_write_plain(v, k, &t->line);
    }
}

static void put_table(TextOut *t)
{
    put_quoted(&t->line, str(t->opt.table ? t->opt.table : "rows"), '"');
}

static void sql_head(TextOut *t)
{
    buf_cstr(&t->line, "BEGIN;\nCREATE TABLE ");
    put_table(t);
    buf_cstr(&t->line, " (");
    for (int i = 0; i < t->n; i++) {
        buf_cstr(&t->line, i ? ", " : "");
        put_quoted(&t->line, str(t->cols[i].name), '"');
        buf_printf(&t->line, " %s", type_of(t->cols[i].kind));
    }
    buf_cstr(&t->line, ");\n");
}

static void sql_row(TextOut *t, const Value *v)
{
    buf_cstr(&t->line, "INSERT INTO ");
    put_table(t);
    buf_cstr(&t->line, " VALUES (");
    for (int i = 0; i < t->n; i++) {
        buf_cstr(&t->line, i ? ", " : "");
        put_value(t, v[i], t->cols[i].kind);
    }
    buf_cstr(&t->line, ");\n");
}

static void sql_tail(TextOut *t)
{
    buf_cstr(&t->line, "COMMIT;\n");
}

const Writer out_sql = { sql_head, sql_row, sql_tail };

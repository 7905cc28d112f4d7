/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dump.c -- the schema and all journalled rows as text in a stable order.
 *
 * Columns come in the order of their column ids, not of their places in the table, so that a column
 * that undo dropped and redo added again is where it was.
 */
#include "store/store_int.h"

enum { TABLES, COLUMNS, INDEXES, REFERENCES, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [TABLES] = { "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name", 0 },
    [COLUMNS] = { "SELECT p.name, p.type || iif(p.\"notnull\", ' NOT NULL', '')"
                  " || coalesce(' DEFAULT ' || p.dflt_value, '') || iif(p.pk, ' KEY', '')"
                  " FROM pragma_table_info(?1) p JOIN journal_table t ON t.name = ?1"
                  " JOIN journal_column c ON c.tbl = t.id AND c.name = p.name"
                  " AND c.position IS NOT NULL ORDER BY c.id", 0 },
    [INDEXES] = { "SELECT coalesce((SELECT sql FROM sqlite_schema s WHERE s.name = l.name),"
                  " 'UNIQUE ' || (SELECT group_concat(name) FROM pragma_index_info(l.name)))"
                  " FROM pragma_index_list(?1) l ORDER BY 1", 0 },
    [REFERENCES] = { "SELECT f.\"from\" || ' REFERENCES ' || f.\"table\" || ' ON DELETE '"
                     " || f.on_delete FROM pragma_foreign_key_list(?1) f ORDER BY 1", 0 },
};

static void put_value(Buf *out, Value v)
{
    switch (v.type) {
    case VALUE_NULL:
        buf_cstr(out, "NULL");
        break;
    case VALUE_INT:
        buf_printf(out, "%lld", (long long)v.i);
        break;
    case VALUE_REAL:
        buf_printf(out, "%.17g", v.r);
        break;
    case VALUE_TEXT:
        buf_char(out, '\'');
        for (size_t i = 0; i < v.s.n; i++)
            if (v.s.s[i] == '\n')
                buf_cstr(out, "\\n");
            else if (v.s.s[i] == '\\')
                buf_cstr(out, "\\\\");
            else
                buf_char(out, v.s.s[i]);
        buf_char(out, '\'');
        break;
    }
}

/* One line for each row of a statement that takes the table's name. */
static bool put_lines(Store *st, int which, const char *table, Buf *out, Error *err)
{
    Query *q = NULL;
    int n;
    if (!query_open(st, &sql[which], &q, err))
        return false;
    query_cstr(q, 1, table);
    while ((n = query_next(q, err)) > 0) {
        buf_cstr(out, "  ");
        buf_str(out, query_col_str(q, 0));
        if (query_columns(q) > 1) {
            buf_char(out, ' ');
            buf_str(out, query_col_str(q, 1));
        }
        buf_char(out, '\n');
    }
    query_close(q);
    return n == 0;
}

static bool select_text(Store *st, const char *table, Buf *text, Error *err)
{
    Query *q = NULL;
    int n, columns = 0;
    if (!query_open(st, &sql[COLUMNS], &q, err))
        return false;
    query_cstr(q, 1, table);
    buf_cstr(text, "SELECT ");
    while ((n = query_next(q, err)) > 0) {
        char *name = sqlite3_mprintf("%s\"%w\"", columns++ ? ", " : "",
                                     (const char *)query_col_str(q, 0).s);
        buf_cstr(text, name);
        sqlite3_free(name);
    }
    query_close(q);
    buf_printf(text, " FROM \"%s\" ORDER BY id", table);
    return n == 0;
}

static bool put_rows(Store *st, const char *table, Buf *out, Error *err)
{
    Query *q = NULL;
    Buf text = { 0 };
    int n = -1;
    if (select_text(st, table, &text, err) && query_text(st, buf_as_str(&text), &q, err))
        while ((n = query_next(q, err)) > 0) {
            buf_cstr(out, table);
            for (int i = 0; i < query_columns(q); i++) {
                buf_char(out, i ? ',' : ' ');
                put_value(out, query_col(q, i));
            }
            buf_char(out, '\n');
        }
    query_close(q);
    buf_release(&text);
    return n == 0;
}

static bool put_table(Store *st, const char *table, Buf *out, Error *err)
{
    buf_printf(out, "table %s\n", table);
    return put_lines(st, COLUMNS, table, out, err) && put_lines(st, INDEXES, table, out, err)
        && put_lines(st, REFERENCES, table, out, err) && put_rows(st, table, out, err);
}

bool store_dump(Store *st, Buf *out, Error *err)
{
    Query *q = NULL;
    Arena a = { 0 };
    int n;
    bool ok = true;
    if (!query_open(st, &sql[TABLES], &q, err))
        return false;
    while (ok && (n = query_next(q, err)) > 0) {
        const char *table = str_c(query_col_str(q, 0), &a);
        ok = is_exempt(table) || put_table(st, table, out, err);
    }
    query_close(q);
    arena_release(&a);
    if (ok && n == 0 && out->full)
        return fail(err, ERR_FAILED, "the dump is longer than its buffer");
    return ok && n == 0;
}

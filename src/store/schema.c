/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema.c -- which tables and columns are journalled, the ids of columns, and schema changes as
 * logical operations that undo can take back.
 *
 * journal_table and journal_column give tables and columns small ids that never move.  A column
 * that is dropped by undo keeps its row with no position, and redo brings the same id back, so that
 * images made before stay readable.
 */
#include <stdlib.h>

#include "store/store_int.h"

const char *const journal_exempt[] = {
    "sqlite_*",                          /* SQLite's own */
    "counter", "run", "change", "change_*", "journal_*",
    "customer_search*", "person_search*", "contact_digits",
    "pacing",                            /* what the dialer noted for itself */
    "dialing", "lease", "request",       /* of the moment: who dials, and what he is asked */
    NULL,
};

const Momentary journal_momentary[] = {
    { "agent", "state" }, { "agent", "since" }, { "agent", "call" }, { 0 } };

const char *const journal_one_image[] = { "call", "entry", NULL };

static bool has_one_image(const char *table)
{
    for (int i = 0; journal_one_image[i]; i++)
        if (strcmp(journal_one_image[i], table) == 0)
            return true;
    return false;
}

static bool is_momentary(const char *table, Str column)
{
    for (const Momentary *m = journal_momentary; m->table; m++)
        if (strcmp(m->table, table) == 0 && str_is(column, m->column))
            return true;
    return false;
}

bool is_exempt(const char *table)
{
    for (int i = 0; journal_exempt[i]; i++) {
        size_t n = strlen(journal_exempt[i]);
        if (journal_exempt[i][n - 1] == '*' ? strncmp(table, journal_exempt[i], n - 1) == 0
                                            : strcmp(table, journal_exempt[i]) == 0)
            return true;
    }
    return false;
}

/* ---- the map --------------------------------------------------------------------------------- */

enum { LOAD, TABLES, DEFAULTS, TABLE_ADD, COLUMN_BACK, COLUMN_ADD, COLUMN_GONE, INDEXES,
       SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [LOAD] = { "SELECT t.id, t.name, c.id, c.name FROM journal_table t LEFT JOIN journal_column c"
               " ON c.tbl = t.id AND c.position IS NOT NULL ORDER BY t.id, c.position", 0 },
    [TABLES] = { "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", 0 },
    [DEFAULTS] = { "SELECT p.name FROM pragma_table_info(?1) p, journal_table t WHERE t.name = ?1"
                   " AND p.dflt_value IS NOT NULL AND p.name NOT IN (SELECT name"
                   " FROM journal_column WHERE tbl = t.id AND position IS NOT NULL)", 0 },
    [TABLE_ADD] = { "INSERT INTO journal_table(name) VALUES (?1) ON CONFLICT DO NOTHING", 0 },
    [COLUMN_BACK] = { "UPDATE journal_column SET position = -1 WHERE id IN (SELECT max(c.id)"
                      " FROM journal_column c JOIN journal_table t ON t.id = c.tbl"
                      " WHERE t.name = ?1 AND c.name IN (SELECT name FROM pragma_table_info(?1))"
                      " GROUP BY c.name HAVING max(c.position) IS NULL)", 0 },
    [COLUMN_ADD] = { "INSERT INTO journal_column(tbl, name, position) SELECT t.id, p.name, p.cid"
                     " FROM journal_table t, pragma_table_info(?1) p WHERE t.name = ?1"
                     " ORDER BY p.cid ON CONFLICT (tbl, name) WHERE position IS NOT NULL"
                     " DO UPDATE SET position = excluded.position", 0 },
    [COLUMN_GONE] = { "UPDATE journal_column SET position = NULL WHERE position IS NOT NULL"
                      " AND tbl = (SELECT id FROM journal_table WHERE name = ?1)"
                      " AND name NOT IN (SELECT name FROM pragma_table_info(?1))", 0 },
    [INDEXES] = { "SELECT l.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i"
                  " WHERE i.name = ?2", 0 },
};

static void table_clear(MapTable *t)
{
    for (int i = 0; i < ROW_QUERIES; i++)
        query_close(t->queries[i]);
    for (int i = 0; i < t->n; i++)
        free(t->cols[i].name);
    free(t->cols);
    free(t->name);
}

void map_release(Map *m)
{
    for (int i = 0; i < m->n; i++)
        table_clear(&m->tables[i]);
    free(m->tables);
    *m = (Map){ 0 };
}

int map_find(const Map *m, const char *table)
{
    for (int i = 0; i < m->n; i++)
        if (strcmp(m->tables[i].name, table) == 0)
            return i;
    return -1;
}

/* "INSERT INTO t VALUES (?1, ?2 ...)" in the order of the table's columns */
static bool open_insert(Store *st, MapTable *t, Error *err)
{
    Buf marks = { 0 };
    for (int i = 0; i < t->n; i++)
        buf_printf(&marks, "%s?%d", i ? ", " : "", i + 1);
    bool ok = query_printf(st, &t->queries[ROW_INSERT], err, "INSERT INTO \"%w\" VALUES (%s)",
                           t->name, marks.s);
    buf_release(&marks);
    return ok;
}

Query *row_query(Store *st, const MapTable *table, RowQuery which, Error *err)
{
    static const char *const text[] = { [ROW_READ] = "SELECT * FROM \"%w\" WHERE id = ?1",
                                        [ROW_DELETE] = "DELETE FROM \"%w\" WHERE id = ?1" };
    MapTable *t = &st->journal.map.tables[table - st->journal.map.tables];
    if (t->queries[which])
        query_reset(t->queries[which]);
    else if (which == ROW_INSERT)
        open_insert(st, t, err);
    else
        query_printf(st, &t->queries[which], err, text[which], t->name);
    return t->queries[which];
}

static void map_row(Map *m, const Query *q)
{
    int64_t id = query_col_int(q, 0);
    if (m->n == 0 || m->tables[m->n - 1].id != id) {
        Str name = query_col_str(q, 1);
        m->tables = xresize(m->tables, sizeof *m->tables * (size_t)(m->n + 1));
        m->tables[m->n++] = (MapTable){ .id = id, .name = xstrndup(name.s, name.n),
                                        .id_pos = -1, .change_pos = -1 };
        m->tables[m->n - 1].one_image = has_one_image(m->tables[m->n - 1].name);
    }
    if (query_col_is_null(q, 2))
        return;
    MapTable *t = &m->tables[m->n - 1];
    Str name = query_col_str(q, 3);
    if (str_is(name, "id"))
        t->id_pos = t->n;
    if (str_is(name, "change"))
        t->change_pos = t->n;
    if (t->n % 16 == 0)
        t->cols = xresize(t->cols, sizeof *t->cols * (size_t)(t->n + 16));
    bool momentary = is_momentary(t->name, name);
    t->momentary = t->momentary || momentary;
    t->cols[t->n++] = (MapColumn){ query_col_int(q, 2), xstrndup(name.s, name.n), momentary };
}

bool map_load(Store *st, Error *err)
{
    Query *q = NULL;
    int n = 0;
    Map m = { .schema_version = st->journal.map.schema_version };
    if (st->journal.map.valid)
        return true;
    if (!query_open(st, &sql[LOAD], &q, err))
        return false;
    while ((n = query_next(q, err)) > 0)
        map_row(&m, q);
    query_close(q);
    m.valid = true;
    map_release(&st->journal.map);
    st->journal.map = m;
    st->journal.seen_table = st->journal.feed_table = NULL;
    return n == 0;
}

/* ---- keeping journal_table and journal_column true ------------------------------------------- */

/* Run one of the statements above with the table's name. */
static bool run_on(Store *st, int which, const char *table, Error *err)
{
    Query *q = NULL;
    if (!query_open(st, &sql[which], &q, err))
        return false;
    query_cstr(q, 1, table);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Names that a query gives for a table (and a column), NULL-ended. */
static bool names(Store *st, int which, const char *table, const char *column, Arena *a,
                  const char ***out, Error *err)
{
    Query *q = NULL;
    size_t n = 0, room = 8;
    int row;
    const char **list = ARENA_ARRAY(a, const char *, room);
    if (!query_open(st, &sql[which], &q, err))
        return false;
    if (table)
        query_cstr(q, 1, table);
    if (column)
        query_cstr(q, 2, column);
    while ((row = query_next(q, err)) > 0) {
        if (n + 1 == room) {
            const char **more = ARENA_ARRAY(a, const char *, room *= 2);
            memcpy(more, list, n * sizeof *list);
            list = more;
        }
        list[n++] = str_c(query_col_str(q, 0), a);
    }
    query_close(q);
    *out = list;
    return row == 0;
}

/* A column added with a default is not in the rows that were there, and the hook of SQLite 3.40
 * gives NULL for it: write such rows out. */
static bool write_defaults(Store *st, const char *table, Error *err)
{
    Arena a = { 0 };
    const char **list;
    bool ok = names(st, DEFAULTS, table, NULL, &a, &list, err);
    for (int i = 0; ok && list[i]; i++) {
        char *text = sqlite3_mprintf("UPDATE \"%w\" SET \"%w\" = \"%w\"", table, list[i], list[i]);
        ok = store_run(st, text, err);
        sqlite3_free(text);
    }
    arena_release(&a);
    return ok;
}

static bool sync_table(Store *st, const char *table, bool again, Error *err)
{
    if (is_exempt(table))
        return true;
    bool muted = st->journal.muted;
    st->journal.muted = true;
    bool ok = write_defaults(st, table, err) && run_on(st, TABLE_ADD, table, err)
           && (!again || run_on(st, COLUMN_BACK, table, err))
           && run_on(st, COLUMN_GONE, table, err) && run_on(st, COLUMN_ADD, table, err);
    st->journal.muted = muted;
    return ok;
}

static bool map_reload(Store *st, Error *err)
{
    st->journal.map.valid = false;
    return map_load(st, err);
}

bool schema_sync(Store *st, Error *err)
{
    Arena a = { 0 };
    const char **list;
    bool ok = names(st, TABLES, NULL, NULL, &a, &list, err);
    for (int i = 0; ok && list[i]; i++)
        ok = sync_table(st, list[i], false, err);
    arena_release(&a);
    return ok && map_reload(st, err)
        && (st->journal.current != 0 || journal_note_current(st, err));
}

/* ---- operations ------------------------------------------------------------------------------ */

void schema_ops_cut(Journal *j, int n)
{
    while (j->n_ops > n) {
        SchemaChange *op = &j->ops[--j->n_ops];
        free(op->table);
        free(op->column);
        free(op->ddl);
    }
}

static void record(Journal *j, const char *op, const SchemaChange *what)
{
    j->ops = xresize(j->ops, sizeof *j->ops * (size_t)(j->n_ops + 1));
    j->ops[j->n_ops++] = (SchemaChange){ op, xstrdup(what->table),
        what->column ? xstrdup(what->column) : NULL, xstrdup(what->ddl) };
}

/* What the journal asks of a table. */
static bool is_journalled(const Map *m, const char *table)
{
    int i = map_find(m, table);
    return i >= 0 && m->tables[i].id_pos >= 0 && m->tables[i].change_pos >= 0;
}

bool schema_add(Store *st, const SchemaChange *op, bool again, Error *err)
{
    st->journal.schema_touched = true;
    if (!fail_injected(st, err) || !store_run(st, op->ddl, err)
        || !sync_table(st, op->table, again, err) || !map_reload(st, err)) {
        st->journal.top->failed = true;
        return false;
    }
    if (!is_journalled(&st->journal.map, op->table)) {
        st->journal.top->failed = true;
        return fail(err, ERR_FAILED, "table %s needs the columns id and change", op->table);
    }
    record(&st->journal, op->column ? "add-column" : "add-table", op);
    return true;
}

static bool drop_column(Store *st, const SchemaChange *op, Error *err)
{
    Arena a = { 0 };
    const char **indexes;
    bool ok = names(st, INDEXES, op->table, op->column, &a, &indexes, err);
    for (int i = 0; ok && indexes[i]; i++) {
        char *text = sqlite3_mprintf("DROP INDEX \"%w\"", indexes[i]);
        ok = store_run(st, text, err);
        sqlite3_free(text);
    }
    char *text = sqlite3_mprintf("ALTER TABLE \"%w\" DROP COLUMN \"%w\"", op->table, op->column);
    ok = ok && store_run(st, text, err);
    sqlite3_free(text);
    arena_release(&a);
    return ok;
}

static bool drop_table(Store *st, const SchemaChange *op, Error *err)
{
    char *text = sqlite3_mprintf("DROP TABLE \"%w\"", op->table);
    bool ok = store_run(st, text, err);
    sqlite3_free(text);
    return ok;
}

bool schema_drop(Store *st, const SchemaChange *op, Error *err)
{
    st->journal.schema_touched = true;
    if (!fail_injected(st, err)
        || !(op->column ? drop_column(st, op, err) : drop_table(st, op, err))
        || !sync_table(st, op->table, false, err) || !map_reload(st, err)) {
        st->journal.top->failed = true;
        return false;
    }
    record(&st->journal, op->column ? "drop-column" : "drop-table", op);
    return true;
}

bool journal_schema(Store *st, SchemaOp op, const char *table, const char *column, Str ddl,
                    Error *err)
{
    Arena a = { 0 };
    SchemaChange change = { .table = arena_strdup(&a, table),
                            .ddl = arena_strndup(&a, ddl.s, ddl.n) };
    if (op == SCHEMA_ADD_COLUMN)
        change.column = arena_strdup(&a, column);
    bool ok = journal_may_write(st, err) && schema_add(st, &change, false, err);
    arena_release(&a);
    return ok;
}

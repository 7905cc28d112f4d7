/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * reverse.c -- take one entry of the journal back.
 *
 * Rows the entry inserted are deleted, rows it updated or deleted are put back whole, old stamp
 * included.  Undo asks of each row whether it still carries the entry's stamp: if not, later work
 * would be lost.  Updated rows are deleted first and inserted after all deletes, so that values
 * that must be unique may swap.
 */
#include "store/reverse.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

enum { NAMED = 20 };                     /* conflicts that are named, of one range or table */

enum { RANGES, IMAGES, OPS, CHANGE, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [RANGES] = { "SELECT t.name, r.first, r.last FROM change_range r JOIN journal_table t"
                 " ON t.id = r.tbl WHERE r.change = ?1 ORDER BY r.seq", 0 },
    [IMAGES] = { "SELECT t.name, i.row, i.op, i.image FROM change_image i JOIN journal_table t"
                 " ON t.id = i.tbl WHERE i.change = ?1 ORDER BY i.seq", 0 },
    [OPS] = { "SELECT op, tbl, col, ddl FROM change_schema WHERE change = ?1"
              " ORDER BY seq DESC", 0 },
    [CHANGE] = { "SELECT user, text FROM change WHERE id = ?1", 0 },
};

/* ---- conflicts and facts --------------------------------------------------------------------- */

ReversedRows *reversed_rows(Reversal *r, int table)
{
    if (table >= r->n) {
        r->tables = xresize(r->tables, sizeof *r->tables * (size_t)(table + 1));
        memset(r->tables + r->n, 0, sizeof *r->tables * (size_t)(table + 1 - r->n));
        r->n = table + 1;
    }
    return &r->tables[table];
}

void reverse_release(Reversal *r)
{
    for (int i = 0; i < r->n; i++) {
        rowset_release(&r->tables[i].removed);
        rowset_release(&r->tables[i].restored);
        rowset_release(&r->tables[i].kept);
    }
    arena_release(&r->arena);
    r->keys = NULL;
    free(r->tables);
    r->tables = NULL;
    r->n = 0;
}

/* Condition under which undo leaves rows of a table alone: "(a) OR (b)", or "0". */
static void fact_condition(const Reversal *r, const char *table, Buf *out)
{
    for (int i = 0; !r->redo && i < r->st->n_facts; i++)
        if (strcmp(r->st->facts[i].table, table) == 0)
            buf_printf(out, "%s(%s)", out->n ? " OR " : "", r->st->facts[i].where);
    if (out->n == 0)
        buf_cstr(out, "0");
}

bool conflict(Reversal *r, Error *err, const char *table, int64_t row, const char *fmt, ...)
{
    char what[400];
    va_list ap;
    if (r->conflicts++ == 0) {
        fail(err, ERR_CONFLICT, "run %lld cannot be %s: later work would be lost",
             (long long)r->out->run, r->redo ? "redone" : "undone");
        fail_hint(err, "undo the later changes first; undo --list shows them");
    }
    va_start(ap, fmt);
    vsnprintf(what, sizeof what, fmt, ap);
    va_end(ap);
    return fail_detail(err, "%s %lld %s", table, (long long)row, what);
}

void put_change(Store *st, int64_t change, Buf *out)
{
    Query *q = NULL;
    Error ignored;
    buf_printf(out, "by change %lld", (long long)change);
    if (!query_open(st, &sql[CHANGE], &q, &ignored))
        return;
    query_int(q, 1, change);
    if (query_next(q, &ignored) > 0 && query_col_str(q, 1).n > 0) {
        buf_cstr(out, " (");
        if (query_col_str(q, 0).n)
            buf_printf(out, "%.*s: ", STR_ARG(query_col_str(q, 0)));
        buf_printf(out, "%.*s)", STR_ARG(query_col_str(q, 1)));
    }
    query_close(q);
}

static bool changed_later(Reversal *r, const char *table, int64_t row, int64_t stamp, Error *err)
{
    Buf by = { .max = 300 };
    put_change(r->st, stamp, &by);
    conflict(r, err, table, row, "was changed later %s", by.s);
    buf_release(&by);
    return false;
}

/* ---- rows the entry inserted ----------------------------------------------------------------- */

static void keep_row(Reversal *r, int table, int64_t row)
{
    RowSet *kept = &reversed_rows(r, table)->kept;
    r->out->facts += !rowset_has(kept, row);
    rowset_add(kept, row);
}

static bool keep_facts(Reversal *r, Range g, const char *fact, Error *err)
{
    Query *q = NULL;
    int n;
    if (strcmp(fact, "0") == 0)
        return true;
    if (!query_printf(r->st, &q, err, "SELECT id FROM \"%w\" WHERE id BETWEEN ?1 AND ?2 AND (%s)",
                      g.table, fact))
        return false;
    query_int(q, 1, g.first);
    query_int(q, 2, g.last);
    while ((n = query_next(q, err)) > 0)
        keep_row(r, g.index, query_col_int(q, 0));
    query_close(q);
    return n == 0;
}

static bool check_range(Reversal *r, Range g, const char *fact, Error *err)
{
    Query *q = NULL;
    int n;
    if (!keep_facts(r, g, fact, err))
        return false;
    if (r->redo)
        return true;
    if (!query_printf(r->st, &q, err, "SELECT id, change FROM \"%w\" WHERE id BETWEEN ?1 AND ?2"
                      " AND change <> ?3 AND NOT coalesce((%s), 0) LIMIT %d", g.table, fact, NAMED))
        return false;
    query_int(q, 1, g.first);
    query_int(q, 2, g.last);
    query_int(q, 3, r->change);
    while ((n = query_next(q, err)) > 0)
        changed_later(r, g.table, query_col_int(q, 0), query_col_int(q, 1), err);
    query_close(q);
    return n == 0;
}

/* The next run of ids of g, from *at on, that undo does not leave alone. */
static bool next_run(const RowSet *kept, Range g, int64_t *at, RowRun *run)
{
    if (kept->n == 0) {
        *run = (RowRun){ g.first, g.last };
        return (*at)++ == g.first;
    }
    while (*at <= g.last && rowset_has(kept, *at))
        ++*at;
    run->first = *at;
    while (*at <= g.last && !rowset_has(kept, *at))
        ++*at;
    run->last = *at - 1;
    return run->first <= g.last;
}

static bool remove_range(Reversal *r, Range g, const char *fact, Error *err)
{
    Query *q = NULL;
    RowRun run;
    int64_t at = g.first;
    bool ok = true;
    if (!query_printf(r->st, &q, err, "DELETE FROM \"%w\" WHERE id BETWEEN ?1 AND ?2"
                      " AND NOT coalesce((%s), 0)", g.table, fact))
        return false;
    ReversedRows *rows = reversed_rows(r, g.index);
    while (ok && next_run(&rows->kept, g, &at, &run)) {
        query_int(q, 1, run.first);
        query_int(q, 2, run.last);
        ok = query_run(q, err);
        r->out->removed += sqlite3_changes64(r->st->db);
        rowset_add_run(&rows->removed, run.first, run.last);
    }
    query_close(q);
    return ok;
}

bool each_range(Reversal *r, RangeStep *step, Error *err)
{
    Query *q = NULL;
    Buf fact = { 0 };
    int n = 0;
    bool ok = query_open(r->st, &sql[RANGES], &q, err);
    if (ok)
        query_int(q, 1, r->change);
    while (ok && (n = query_next(q, err)) > 0) {
        Range g = { query_col_str(q, 0).s, 0, query_col_int(q, 1), query_col_int(q, 2) };
        g.index = map_find(&r->st->journal.map, g.table);
        buf_reset(&fact);
        fact_condition(r, g.table, &fact);
        ok = r->st->journal.map.tables[g.index].n == 0 || step(r, g, fact.s, err);
    }
    query_close(q);
    buf_release(&fact);
    return ok && n == 0;
}

/* ---- rows the entry updated or deleted ------------------------------------------------------- */

/* Whether the row is a fact now; *fact false also when it is not there. */
static bool is_fact(Reversal *r, const Image *i, bool *fact, Error *err)
{
    Query *q = NULL;
    Buf condition = { 0 };
    fact_condition(r, i->table->name, &condition);
    *fact = false;
    int n = 0;
    if (strcmp(condition.s, "0") != 0) {
        n = query_printf(r->st, &q, err, "SELECT 1 FROM \"%w\" WHERE id = ?1 AND (%s)",
                         i->table->name, condition.s) ? 0 : -1;
        if (q) {
            query_int(q, 1, i->row);
            n = query_next(q, err);
        }
        *fact = n > 0;
        query_close(q);
    }
    buf_release(&condition);
    return n >= 0;
}

bool row_since(Reversal *r, const Image *i, RowSince *out, int64_t *stamp, Error *err)
{
    Query *q = row_query(r->st, i->table, ROW_READ, err);
    if (!q)
        return false;
    query_int(q, 1, i->row);
    int n = query_next(q, err);
    *stamp = n > 0 ? query_col_int(q, i->table->change_pos) : 0;
    query_reset(q);
    *out = SINCE_AS_LEFT;
    if (n > 0 && i->op == 2)
        *out = SINCE_BACK;
    else if (n == 0 && i->op == 1)
        *out = SINCE_DELETED;
    else if (n > 0 && !r->redo && *stamp != r->change)
        *out = SINCE_CHANGED;
    return n >= 0;
}

static bool check_row(Reversal *r, const Image *i, Error *err)
{
    const char *t = i->table->name;
    RowSince since;
    int64_t stamp;
    if (!row_since(r, i, &since, &stamp, err))
        return false;
    if (since == SINCE_BACK)
        conflict(r, err, t, i->row, "is there again");
    else if (since == SINCE_DELETED)
        conflict(r, err, t, i->row, "was deleted later");
    else if (since == SINCE_CHANGED)
        changed_later(r, t, i->row, stamp, err);
    return true;
}

static bool check_image(Reversal *r, const Image *i, Error *err)
{
    bool fact;
    const char *t = i->table->name;
    if (!i->bytes.s || i->table->n == 0) {
        conflict(r, err, t, i->row, "cannot be put back: %s",
                 i->bytes.s ? "its table is gone" : "its old content was erased");
        return true;
    }
    if (!image_valid(i->bytes))
        return fail(err, ERR_FAILED, "the image of %s %lld is damaged", t, (long long)i->row);
    if (!is_fact(r, i, &fact, err))
        return false;
    if (fact)
        keep_row(r, i->index, i->row);
    return fact || check_row(r, i, err);
}

/* Columns of the image that the table has, into SQL text: names, or assignments of ?3, ?4 ...; a
 * value that has lost its column is a conflict. *n counts them. */
static bool put_columns(Reversal *r, const Image *i, bool assign, Buf *out, int *n, Error *err)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int at = -1;
    *n = 0;
    image_open(i->bytes, &c, &stamp);
    while (image_next(&c, &column, &v) > 0) {
        at = map_column(i->table, column, at + 1);
        if (at < 0 && v.type != VALUE_NULL)
            return conflict(r, err, i->table->name, i->row, "had a value in a field that is gone");
        if (at < 0)
            continue;
        char *piece = sqlite3_mprintf(assign ? ", \"%w\" = ?%d" : ", \"%w\"",
                                      i->table->cols[at].name, *n + 3);
        ++*n;
        buf_cstr(out, piece);
        sqlite3_free(piece);
    }
    return true;
}

/* Bind row, stamp and the columns in the order of put_columns, and run. */
static bool run_with_image(Reversal *r, const Image *i, Str text, Error *err)
{
    Query *q = NULL;
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int at = -1, p = 3;
    if (!query_text(r->st, text, &q, err))
        return false;
    image_open(i->bytes, &c, &stamp);
    query_int(q, 1, i->row);
    query_int(q, 2, stamp);
    while (image_next(&c, &column, &v) > 0)
        if ((at = map_column(i->table, column, at + 1)) >= 0)
            query_value(q, p++, v);
    bool ok = query_run(q, err);
    query_close(q);
    r->out->restored++;
    rowset_add(&reversed_rows(r, i->index)->restored, i->row);
    return ok;
}

/* Whether the image has just the columns of the table. One made before a column was added says
 * nothing of it: then the row is updated in place. */
static bool is_whole(const Image *i)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int n = 0, at = -1;
    image_open(i->bytes, &c, &stamp);
    while (image_next(&c, &column, &v) > 0) {
        if ((at = map_column(i->table, column, at + 1)) < 0)
            return false;
        n++;
    }
    return n == i->table->n - 2;         /* all but id and change */
}

static bool insert_whole(Reversal *r, const Image *i, Error *err)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int at = -1;
    Query *q = row_query(r->st, i->table, ROW_INSERT, err);
    if (!q)
        return false;
    image_open(i->bytes, &c, &stamp);
    query_int(q, i->table->id_pos + 1, i->row);
    query_int(q, i->table->change_pos + 1, stamp);
    while (image_next(&c, &column, &v) > 0) {
        at = map_column(i->table, column, at + 1);
        query_value(q, at + 1, v);
    }
    r->out->restored++;
    rowset_add(&reversed_rows(r, i->index)->restored, i->row);
    return query_run(q, err);
}

static bool is_kept(Reversal *r, const Image *i)
{
    return rowset_has(&reversed_rows(r, i->index)->kept, i->row);
}

static bool clear_image(Reversal *r, const Image *i, Error *err)
{
    Buf text = { 0 };
    int n;
    if (i->op == 2 || is_kept(r, i))
        return true;
    if (is_whole(i)) {
        Query *q = row_query(r->st, i->table, ROW_DELETE, err);
        if (!q)
            return false;
        query_int(q, 1, i->row);
        return query_run(q, err);
    }
    buf_printf(&text, "UPDATE \"%s\" SET change = ?2", i->table->name);
    bool ok = put_columns(r, i, true, &text, &n, err);
    buf_cstr(&text, " WHERE id = ?1");
    ok = ok && run_with_image(r, i, buf_as_str(&text), err);
    buf_release(&text);
    return ok;
}

/* ---- facts ----------------------------------------------------------------------------------- */

static bool set_cell(Reversal *r, const Image *i, const char *column, int64_t v, Error *err)
{
    Query *q = NULL;
    if (!query_printf(r->st, &q, err, "UPDATE \"%w\" SET \"%w\" = ?1 WHERE id = ?2",
                      i->table->name, column))
        return false;
    query_int(q, 1, v);
    query_int(q, 2, i->row);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* What a column of the image held; 0 when it was empty. */
static int64_t image_int(const Image *i, const char *column)
{
    ImageCursor c;
    int64_t stamp, id;
    Value v;
    int at = -1;
    image_open(i->bytes, &c, &stamp);
    while (image_next(&c, &id, &v) > 0)
        if ((at = map_column(i->table, id, at + 1)) >= 0 && v.type == VALUE_INT
            && strcmp(i->table->cols[at].name, column) == 0)
            return v.i;
    return 0;
}

/* A fact stays as it is, but whose it is was not the fact: it refers again to what it did (a call
 * of a customer that was deleted or merged). With nothing else to tell them apart it gets its old
 * stamp back. */
static bool restore_references(Reversal *r, const Image *i, Error *err)
{
    Stamps stamps;
    bool ok = true;
    if (!r->keys) {
        r->keys = ARENA_NEW(&r->arena, Keys);
        ok = keys_read(r->st, &r->arena, r->keys, err);
    }
    for (int k = 0; ok && k < r->keys->n; k++) {
        const Key *key = &r->keys->key[k];
        int64_t was = key->child_at == i->index ? image_int(i, key->column) : 0;
        if (was)
            ok = set_cell(r, i, key->column, was, err);
    }
    if (!ok)
        return false;
    Compared same = image_compare(r->st, i->table, i->row, i->bytes, &stamps, err);
    if (same == ROW_SAME && stamps.now == r->change)
        return set_cell(r, i, "change", stamps.before, err);
    return same != ROW_UNREADABLE;
}

static bool insert_image(Reversal *r, const Image *i, Error *err)
{
    Buf text = { 0 };
    int n = 0;
    bool whole = is_whole(i);
    if (is_kept(r, i) && i->op == 1 && r->out->facts)    /* not what take_back.c keeps */
        return restore_references(r, i, err);
    if (is_kept(r, i) || (i->op == 1 && !whole))
        return true;
    if (whole)
        return insert_whole(r, i, err);
    buf_printf(&text, "INSERT INTO \"%s\"(id, change", i->table->name);
    bool ok = put_columns(r, i, false, &text, &n, err);
    buf_cstr(&text, ") VALUES (?1, ?2");
    for (int k = 0; k < n; k++)
        buf_printf(&text, ", ?%d", k + 3);
    buf_char(&text, ')');
    ok = ok && run_with_image(r, i, buf_as_str(&text), err);
    buf_release(&text);
    return ok;
}

bool each_image(Reversal *r, ImageStep *step, Error *err)
{
    Query *q = NULL;
    int n = 0;
    bool ok = query_open(r->st, &sql[IMAGES], &q, err);
    if (ok)
        query_int(q, 1, r->change);
    while (ok && (n = query_next(q, err)) > 0) {
        Image i = { .index = map_find(&r->st->journal.map, query_col_str(q, 0).s),
                    .row = query_col_int(q, 1), .op = query_col_int(q, 2),
                    .bytes = query_col_str(q, 3) };
        i.table = &r->st->journal.map.tables[i.index];
        ok = step(r, &i, err);
    }
    query_close(q);
    return ok && n == 0;
}

/* ---- schema ---------------------------------------------------------------------------------- */

/* A table that another one's column refers to stays: without it no row of the other is written. */
static bool check_referrers(Reversal *r, const SchemaChange *op, Error *err)
{
    Query *q = NULL;
    if (op->column)
        return true;
    if (!query_printf(r->st, &q, err, "SELECT m.name, f.\"from\" FROM sqlite_schema m,"
                      " pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
                      " AND f.\"table\" = %Q AND m.name <> %Q", op->table, op->table))
        return false;
    int n = query_next(q, err);
    if (n > 0)
        fail(err, ERR_CONFLICT, "%.*s.%.*s refers to %s, which would be dropped",
             STR_ARG(query_col_str(q, 0)), STR_ARG(query_col_str(q, 1)), op->table);
    query_close(q);
    return n == 0;
}

/* What is dropped must hold nothing that came later. Rows that were just put back from images older
 * than the column may still hold what the entry itself wrote into it. */
static bool check_empty(Reversal *r, const SchemaChange *op, Error *err)
{
    Query *q = NULL;
    const RowSet *restored = &reversed_rows(r, map_find(&r->st->journal.map, op->table))->restored;
    int n;
    bool ok = op->column ? query_printf(r->st, &q, err, "SELECT id, change FROM \"%w\" WHERE \"%w\""
                                        " IS NOT NULL", op->table, op->column)
                         : query_printf(r->st, &q, err, "SELECT id, change FROM \"%w\"",
                                        op->table);
    if (!ok)
        return false;
    while ((n = query_next(q, err)) > 0 && r->conflicts < NAMED)
        if (!rowset_has(restored, query_col_int(q, 0)))
            changed_later(r, op->table, query_col_int(q, 0), query_col_int(q, 1), err);
    query_close(q);
    return n >= 0 && r->conflicts == 0;
}

static bool reverse_op(Reversal *r, const SchemaChange *op, Error *err)
{
    bool drop = str_starts(str(op->op), "add");
    bool ok = drop ? check_empty(r, op, err) && check_referrers(r, op, err)
                     && schema_drop(r->st, op, err)
                   : schema_add(r->st, op, true, err);
    r->out->again = !drop;
    r->out->columns += op->column != NULL;
    r->out->tables += op->column == NULL;
    return ok;
}

bool reversed_ops(Reversal *r, const char *which, SchemaChange out[static REVERSED_OPS], int *n,
                  Arena *a, Error *err)
{
    Query *q = NULL;
    int more;
    *n = 0;
    if (!query_open(r->st, &sql[OPS], &q, err))
        return false;
    query_int(q, 1, r->change);
    while ((more = query_next(q, err)) > 0 && *n < REVERSED_OPS) {
        if (!str_starts(query_col_str(q, 0), which))
            continue;
        SchemaChange *op = &out[(*n)++];
        *op = (SchemaChange){ .op = str_c(query_col_str(q, 0), a),
                              .table = (char *)str_c(query_col_str(q, 1), a),
                              .ddl = (char *)str_c(query_col_str(q, 3), a) };
        if (!query_col_is_null(q, 2))
            op->column = (char *)str_c(query_col_str(q, 2), a);
    }
    query_close(q);                      /* an open statement would keep the schema locked */
    return more == 0;
}

/* Reverse the operations whose name begins with `which`. */
static bool reverse_schema(Reversal *r, const char *which, Error *err)
{
    Arena a = { 0 };
    SchemaChange op[REVERSED_OPS];
    int n;
    bool ok = reversed_ops(r, which, op, &n, &a, err);
    for (int i = 0; ok && i < n; i++)
        ok = reverse_op(r, &op[i], err);
    arena_release(&a);
    return ok;
}

/* ---- the entry ------------------------------------------------------------------------------- */

bool reverse_rows(Reversal *r, Error *err)
{
    return each_range(r, remove_range, err) && each_image(r, clear_image, err)
        && each_image(r, insert_image, err);
}

bool reverse_entry(Reversal *r, int64_t change, Error *err)
{
    r->change = change;
    return map_load(r->st, err) && reverse_schema(r, "drop", err)
        && each_range(r, check_range, err) && each_image(r, check_image, err) && r->conflicts == 0
        && reverse_rows(r, err) && reverse_schema(r, "add", err);
}

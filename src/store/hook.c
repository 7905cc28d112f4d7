/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * hook.c -- SQLite's preupdate hook: every insert, update and delete of a journalled row is noted.
 *
 * It runs inside a statement, so it never runs SQL and never fails: what goes wrong is left in
 * journal.trouble, which query_next() looks at when the statement is done.  It is on the path of
 * every imported row, for which it looks at one or two sets and allocates nothing.
 */
#include "store/store_int.h"

/* Whole in a double, so in JSON and spreadsheets too; the counter, raised to it, has room above. */
#define ID_LAST (((int64_t)1 << 53) - 1)

static void trouble(Journal *j, const char *what, const char *table)
{
    if (j->trouble.code == ERR_NONE)
        fail(&j->trouble, ERR_FAILED, what, table);
    j->top->failed = true;
}

/* The table of an event; NULL when it is exempt. */
static const MapTable *table_of(Journal *j, const char *name)
{
    if (j->seen_table && strcmp(j->seen_table->name, name) == 0)
        return j->seen_table;
    int i = map_find(&j->map, name);
    if (i < 0) {
        if (!is_exempt(name))
            trouble(j, "table %s is not known to the journal", name);
        return NULL;
    }
    return j->seen_table = &j->map.tables[i];
}

static Value value_of(sqlite3_value *v)
{
    switch (sqlite3_value_type(v)) {
    case SQLITE_INTEGER:
        return value_int(sqlite3_value_int64(v));
    case SQLITE_FLOAT:
        return value_real(sqlite3_value_double(v));
    case SQLITE_NULL:
        return value_null();
    default:
        return value_text(str_n((const char *)sqlite3_value_text(v),
                                (size_t)sqlite3_value_bytes(v)));
    }
}

static void put_image(Journal *j, sqlite3 *db, const MapTable *t, int64_t row)
{
    sqlite3_value *v = NULL;
    Buf *image = &j->image;
    if (sqlite3_preupdate_count(db) != t->n || t->id_pos < 0 || t->change_pos < 0) {
        trouble(j, "table %s is not as the journal knows it", t->name);
        return;
    }
    sqlite3_preupdate_old(db, t->change_pos, &v);
    buf_reset(image);
    image_begin(image, sqlite3_value_int64(v));
    for (int i = 0; i < t->n; i++) {
        if (i == t->id_pos || i == t->change_pos)
            continue;
        sqlite3_preupdate_old(db, i, &v);
        if (sqlite3_value_type(v) == SQLITE_BLOB)
            trouble(j, "table %s holds a blob, which the journal cannot keep", t->name);
        image_put(image, t->cols[i].id, value_of(v));
    }
    log_put(&j->log, (ImageHead){ (uint32_t)image->n, (int32_t)(t - j->map.tables), row },
            image->s);
    if (j->log.failed)
        trouble(j, "the temporary file of the journal cannot be written (table %s)", t->name);
}

/* Whether the row as written carries the id of this change. All rows that a feed inserts carry the
 * same stamp (see store_feed), so it is asked once: looking costs as much as a narrow insert. */
static bool is_stamped(Journal *j, sqlite3 *db, const MapTable *t, bool insert)
{
    sqlite3_value *v = NULL;
    if (insert && j->feeding && j->feed_table == t)
        return j->feed_stamped;
    sqlite3_preupdate_new(db, t->change_pos, &v);
    bool stamped = v && sqlite3_value_int64(v) == j->current;
    if (insert && j->feeding) {
        j->feed_table = t;
        j->feed_stamped = stamped;
    }
    return stamped;
}

static void written(Journal *j, sqlite3 *db, const MapTable *t, Touched *x, int64_t row,
                    bool insert)
{
    if (!restores(j) && !is_stamped(j, db, t, insert))
        rowset_add(&x->raw, row);
}

static void inserted(Journal *j, sqlite3 *db, const MapTable *t, int64_t row)
{
    if (row < 1 || row > ID_LAST) {
        trouble(j, "an id of table %s is not between 1 and 9007199254740991", t->name);
        return;
    }
    int table = (int)(t - j->map.tables);
    Touched *x = frame_table(j->top, table);
    if (!frame_seen(j->top, table, row) && !rowset_drop(&x->gone, row))
        rowset_add(&x->fresh, row);
    written(j, db, t, x, row, true);
}

static void deleted(Journal *j, sqlite3 *db, const MapTable *t, int64_t row)
{
    int table = (int)(t - j->map.tables);
    Touched *x = frame_table(j->top, table);
    if (rowset_drop(&x->fresh, row))
        return;
    switch (frame_state(j->top, table, row)) {
    case ROW_FRESH:
        rowset_add(&x->gone, row);
        break;
    case ROW_SEEN:
        break;
    case ROW_UNTOUCHED:
        rowset_add(&x->seen, row);
        put_image(j, db, t, row);
        break;
    }
}

/* Whether nothing but how the row is at this moment is altered. */
static bool of_the_moment(Journal *j, sqlite3 *db, const MapTable *t)
{
    if (!t->momentary || restores(j) || sqlite3_preupdate_count(db) != t->n)
        return false;
    for (int i = 0; i < t->n; i++) {
        sqlite3_value *old = NULL, *new = NULL;
        if (i == t->id_pos || t->cols[i].momentary)
            continue;
        sqlite3_preupdate_old(db, i, &old);
        sqlite3_preupdate_new(db, i, &new);
        if (!value_eq(value_of(old), value_of(new)))
            return false;
    }
    return true;
}

/* Whether an earlier change of this very run wrote the row last, and is to have written this. Not
 * where a redo could follow, which puts back what it undid byte for byte; nor what another
 * statement does to the row, by a reference that is emptied: undo looks for that. */
static bool amends(const Journal *j, sqlite3 *db, const MapTable *t)
{
    sqlite3_value *old = NULL, *new = NULL;
    if (!j->mine || !t->one_image || j->redoable || restores(j) || sqlite3_preupdate_depth(db) > 0)
        return false;
    sqlite3_preupdate_old(db, t->change_pos, &old);
    sqlite3_preupdate_new(db, t->change_pos, &new);
    int64_t stamp = sqlite3_value_int64(old);
    return sqlite3_value_int64(new) == stamp && rowset_has(j->mine, stamp);
}

static void updated(Journal *j, sqlite3 *db, const MapTable *t, int64_t row)
{
    if (of_the_moment(j, db, t) || amends(j, db, t))
        return;
    int table = (int)(t - j->map.tables);
    Touched *x = frame_table(j->top, table);
    if (frame_state(j->top, table, row) == ROW_UNTOUCHED) {
        rowset_add(&x->seen, row);
        put_image(j, db, t, row);
    }
    written(j, db, t, x, row, false);
}

static void on_preupdate(void *ctx, sqlite3 *db, int op, const char *schema, const char *table,
                         sqlite3_int64 old, sqlite3_int64 new)
{
    Journal *j = &((Store *)ctx)->journal;
    if (j->muted || !j->top || strcmp(schema, "main") != 0)
        return;
    const MapTable *t = table_of(j, table);
    if (!t)
        return;
    if (op == SQLITE_INSERT) {
        inserted(j, db, t, new);
    } else if (op == SQLITE_DELETE) {
        deleted(j, db, t, old);
    } else if (old == new) {
        updated(j, db, t, new);
    } else {                             /* the row moved to another id */
        deleted(j, db, t, old);
        inserted(j, db, t, new);
    }
}

static void on_nothing(void *ctx, sqlite3 *db, int op, const char *schema, const char *table,
                       sqlite3_int64 old, sqlite3_int64 new)
{
    (void)ctx, (void)db, (void)op, (void)schema, (void)table, (void)old, (void)new;
}

void hook_install(Store *st)
{
    sqlite3_preupdate_hook(st->db, st->flags & STORE_NO_JOURNAL ? on_nothing : on_preupdate, st);
}

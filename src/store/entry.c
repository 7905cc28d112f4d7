/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * entry.c -- the open transaction as an entry of the journal: images that still differ from their
 * rows, runs of new rows, schema operations, and the link that chains it to the entry before.
 */
#include <stdlib.h>

#include "store/store_int.h"

enum { PREVIOUS, NEW_RUN, RUN, IMAGE, RANGE, SCHEMA, CHANGE, COUNTER, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [PREVIOUS] = { "SELECT hash FROM change WHERE id = ?1", 0 },
    [NEW_RUN] = { "SELECT coalesce(max(id), 0) + 1 FROM run", 0 },
    [RUN] = { "INSERT INTO run(id, at, user, title) VALUES (?1, ?2, ?3, ?4)", 0 },
    [IMAGE] = { "INSERT INTO change_image(change, seq, tbl, row, op, salt, image, digest)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)", 0 },
    [RANGE] = { "INSERT INTO change_range(change, seq, tbl, first, last)"
                " VALUES (?1, ?2, ?3, ?4, ?5)", 0 },
    [SCHEMA] = { "INSERT INTO change_schema(change, seq, op, tbl, col, ddl)"
                 " VALUES (?1, ?2, ?3, ?4, ?5, ?6)", 0 },
    [CHANGE] = { "INSERT INTO change(id, run, at, user, kind, target, text, text_salt, text_digest,"
                 " rows, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", 0 },
    [COUNTER] = { "INSERT INTO counter(name, last) VALUES (?1, ?2) ON CONFLICT (name)"
                  " DO UPDATE SET last = excluded.last WHERE excluded.last > last", 0 },
};

typedef struct Entry {
    Store *st;
    Query *image;                        /* NULL: only counting */
    int64_t run, at;
    Str user;
    unsigned char text_salt[SALT], text_digest[HASH];
    EntryHash hash;
    ChangeCount count;
    Buf lean;                            /* an image without columns of the moment */
} Entry;

/* ---- images ---------------------------------------------------------------------------------- */

static bool put_image(Entry *e, const MapTable *t, int64_t row, int64_t op, Str image, Error *err)
{
    unsigned char salt[SALT], digest[HASH];
    salt_new(&e->st->journal, salt);
    hash_salted(salt, image, digest);
    hash_image(&e->hash, str(t->name), row, op, digest);
    query_int(e->image, 1, e->st->journal.current);
    query_int(e->image, 2, e->count.updated + e->count.deleted);
    query_int(e->image, 3, t->id);
    query_int(e->image, 4, row);
    query_int(e->image, 5, op);
    query_blob(e->image, 6, salt, SALT);
    query_blob(e->image, 7, image.s, image.n);
    query_blob(e->image, 8, digest, HASH);
    return query_run(e->image, err);
}

/* The row is as it was: it gets its old stamp back and is not part of the change. */
static bool restore_stamp(Store *st, const MapTable *t, int64_t row, int64_t stamp, Error *err)
{
    Query *q = NULL;
    if (!query_printf(st, &q, err, "UPDATE \"%w\" SET change = ?1 WHERE id = ?2", t->name))
        return false;
    query_int(q, 1, stamp);
    query_int(q, 2, row);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* The image without its columns of the moment, which the change has left as they were. */
static Str without_moment(Entry *e, const MapTable *t, Str image)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int at = -1;
    buf_reset(&e->lean);
    image_open(image, &c, &stamp);
    image_begin(&e->lean, stamp);
    while (image_next(&c, &column, &v) > 0) {
        at = map_column(t, column, at + 1);
        if (at < 0 || !t->cols[at].momentary)
            image_put(&e->lean, column, v);
    }
    return buf_as_str(&e->lean);
}

/* One image of the log. Undo and redo put stamps back too: there a stamp alone is a difference. */
static bool take_image(Entry *e, const MapTable *t, int64_t row, Str image, Error *err)
{
    Stamps stamps;
    Compared c = image_compare(e->st, t, row, image, &stamps, err);
    if (c == ROW_UNREADABLE)
        return false;
    if (c == ROW_SAME && !(restores(&e->st->journal) && stamps.now != stamps.before))
        return !e->image || stamps.now == stamps.before
            || restore_stamp(e->st, t, row, stamps.before, err);
    if (c == ROW_GONE)
        e->count.deleted++;
    else
        e->count.updated++;
    if (e->image && c == ROW_DIFFERS && t->momentary && !stamps.moment)
        image = without_moment(e, t, image);
    return !e->image || put_image(e, t, row, c == ROW_GONE ? 2 : 1, image, err);
}

static bool take_images(Entry *e, Error *err)
{
    Journal *j = &e->st->journal;
    ImageHead head;
    Str image;
    bool ok = true;
    for (int64_t at = 0; ok && log_read(&j->log, &at, &head, &image);)
        ok = take_image(e, &j->map.tables[head.table], head.row, image, err);
    if (ok && j->log.failed)
        ok = fail(err, ERR_IO, "the temporary file of the journal cannot be read or written");
    return ok;
}

/* ---- new rows -------------------------------------------------------------------------------- */

/* An id that came from elsewhere than the counter must not be given a second time. */
static bool raise_counter(Store *st, const MapTable *t, int64_t last, Error *err)
{
    Query *q = NULL;
    if (!query_open(st, &sql[COUNTER], &q, err))
        return false;
    query_cstr(q, 1, t->name);
    query_int(q, 2, last);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool put_range(Entry *e, const MapTable *t, RowRun run, int64_t *seq, Error *err)
{
    Query *q = NULL;
    if (!query_open(e->st, &sql[RANGE], &q, err))
        return false;
    hash_range(&e->hash, str(t->name), run.first, run.last);
    query_int(q, 1, e->st->journal.current);
    query_int(q, 2, ++*seq);
    query_int(q, 3, t->id);
    query_int(q, 4, run.first);
    query_int(q, 5, run.last);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool take_ranges(Entry *e, Error *err)
{
    Journal *j = &e->st->journal;
    int64_t seq = 0;
    bool ok = true;
    for (int i = 0; ok && i < j->top->n; i++) {
        RowRun *run = NULL;
        int64_t n = rowset_runs(&j->top->tables[i].fresh, &run);
        for (int64_t k = 0; ok && k < n; k++)
            ok = put_range(e, &j->map.tables[i], run[k], &seq, err);
        if (ok && n > 0)
            ok = raise_counter(e->st, &j->map.tables[i], run[n - 1].last, err);
        free(run);
    }
    return ok;
}

static bool take_schema(Entry *e, Error *err)
{
    Journal *j = &e->st->journal;
    Query *q = NULL;
    bool ok = query_open(e->st, &sql[SCHEMA], &q, err);
    for (int i = 0; ok && i < j->n_ops; i++) {
        const SchemaChange *op = &j->ops[i];
        hash_schema(&e->hash, str(op->op), str(op->table), str(op->column), str(op->ddl));
        query_int(q, 1, j->current);
        query_int(q, 2, i + 1);
        query_cstr(q, 3, op->op);
        query_cstr(q, 4, op->table);
        query_cstr(q, 5, op->column);
        query_cstr(q, 6, op->ddl);
        ok = query_run(q, err);
    }
    query_close(q);
    return ok;
}

/* ---- the entry ------------------------------------------------------------------------------- */

static bool read_previous(Entry *e, Error *err)
{
    Query *q = NULL;
    unsigned char previous[HASH] = { 0 };                /* of the first entry */
    if (!query_open(e->st, &sql[PREVIOUS], &q, err))
        return false;
    query_int(q, 1, e->st->journal.current - 1);
    int n = query_next(q, err);
    Str hash = n > 0 ? query_col_str(q, 0) : (Str){ NULL, 0 };
    if (hash.n == HASH)
        memcpy(previous, hash.s, HASH);
    query_close(q);
    hash_begin(&e->hash, previous);
    return n >= 0;
}

/* The run that the entry belongs to: undo's own, the open one, or a new one. */
static bool find_run(Entry *e, bool *is_new, Error *err)
{
    Journal *j = &e->st->journal;
    *is_new = false;
    e->run = restores(j) ? j->target : j->run;
    if (e->run || j->kind == CHANGE_MIGRATE)
        return true;
    *is_new = true;
    return store_get_int(e->st, &sql[NEW_RUN], &e->run, err);
}

static bool begin_entry(Entry *e, bool *new_run, Error *err)
{
    Journal *j = &e->st->journal;
    e->at = store_now(e->st);
    e->user = j->run_depth > 0 ? buf_as_str(&j->run_user) : STR("");
    if (!e->user.s)
        e->user = STR("");
    salt_new(j, e->text_salt);
    hash_salted(e->text_salt, buf_as_str(&j->text), e->text_digest);
    if (!read_previous(e, err) || !find_run(e, new_run, err))
        return false;
    hash_head(&e->hash, j->current, e->run, e->at, e->user, str(kind_text(j->kind)), j->target,
              e->text_digest);
    return true;
}

static bool put_run(Entry *e, Error *err)
{
    Journal *j = &e->st->journal;
    Query *q = NULL;
    if (!query_open(e->st, &sql[RUN], &q, err))
        return false;
    bool titled = j->run_depth > 0 && j->run_title.n > 0;
    Str title = buf_as_str(titled ? &j->run_title : &j->text);
    query_int(q, 1, e->run);
    query_int(q, 2, e->at);
    query_str(q, 3, e->user);
    query_str(q, 4, title.s ? title : STR(""));
    bool ok = query_run(q, err);
    query_close(q);
    j->new_run = e->run;
    return ok;
}

static bool put_change(Entry *e, Error *err)
{
    Journal *j = &e->st->journal;
    Query *q = NULL;
    unsigned char hash[HASH];
    Str text = buf_as_str(&j->text);
    int64_t rows = e->count.inserted + e->count.updated + e->count.deleted;
    if (!query_open(e->st, &sql[CHANGE], &q, err))
        return false;
    hash_int(&e->hash, rows);
    hash_end(&e->hash, hash);
    query_int(q, 1, j->current);
    query_int(q, 2, e->run);
    query_int(q, 3, e->at);
    query_str(q, 4, e->user);
    query_cstr(q, 5, kind_text(j->kind));
    if (j->target)
        query_int(q, 6, j->target);
    query_str(q, 7, text.s ? text : STR(""));
    query_blob(q, 8, e->text_salt, SALT);
    query_blob(q, 9, e->text_digest, HASH);
    query_int(q, 10, rows);
    query_blob(q, 11, hash, HASH);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static int64_t count_fresh(const Frame *f)
{
    int64_t n = 0;
    for (; f; f = f->below)
        for (int i = 0; i < f->n; i++)
            n += f->tables[i].fresh.n - f->tables[i].gone.n;
    return n;
}

bool entry_write(Store *st, bool *made, Error *err)
{
    Journal *j = &st->journal;
    Entry e = { .st = st, .count = { .inserted = count_fresh(j->top) } };
    bool new_run = false;
    bool ok = begin_entry(&e, &new_run, err) && query_open(st, &sql[IMAGE], &e.image, err)
           && take_images(&e, err) && take_ranges(&e, err) && take_schema(&e, err);
    query_close(e.image);
    buf_release(&e.lean);
    *made = e.count.inserted + e.count.updated + e.count.deleted > 0 || j->n_ops > 0
         || restores(j);
    if (ok && *made) {
        e.count.change = j->current;
        ok = (!new_run || put_run(&e, err)) && put_change(&e, err);
    }
    j->last = e.count;
    return ok;
}

bool entry_count(Store *st, ChangeCount *out, Error *err)
{
    Journal *j = &st->journal;
    Entry e = { .st = st, .count = { .inserted = count_fresh(j->top) } };
    if (!take_images(&e, err))
        return false;
    if (e.count.inserted + e.count.updated + e.count.deleted > 0 || j->n_ops > 0)
        e.count.change = j->current;
    *out = e.count;
    return true;
}

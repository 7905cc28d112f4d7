/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/erase.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/unicode.h"
#include "store/store_int.h"

enum {
    SMALL = 20,                          /* rows of a change whose text speaks of one of them */
    LEAST = 4,                           /* bytes of a value that is worth seeking */
};

enum { IMAGES, IMAGE_FORGET, TEXTS, TEXT_FORGET, OF_IMAGE, OF_RANGE, TITLES, TITLE_FORGET,
       TITLES_TEXTLESS, TITLE_OWN, LEFT, OF_TABLE, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [IMAGES] = { "SELECT image FROM change_image WHERE tbl = ?1 AND row = ?2"
                 " AND image IS NOT NULL", 0 },
    [IMAGE_FORGET] = { "UPDATE change_image SET image = NULL, salt = NULL"
                       " WHERE tbl = ?1 AND row = ?2 AND image IS NOT NULL", 0 },
    [TEXTS] = { "SELECT id, text FROM change WHERE text IS NOT NULL AND id <> ?1", 0 },
    [TEXT_FORGET] = { "UPDATE change SET text = NULL, text_salt = NULL WHERE id = ?1", 0 },
    [OF_IMAGE] = { "SELECT c.id FROM change_image i JOIN change c ON c.id = i.change"
                   " WHERE i.tbl = ?1 AND i.row = ?2 AND c.rows <= ?3 AND c.id <> ?4"
                   " AND c.text IS NOT NULL", 0 },
    [OF_RANGE] = { "SELECT c.id FROM change_range r JOIN change c ON c.id = r.change"
                   " WHERE r.tbl = ?1 AND ?2 BETWEEN r.first AND r.last AND c.rows <= ?3"
                   " AND c.id <> ?4 AND c.text IS NOT NULL", 0 },
    [TITLES] = { "SELECT id, title FROM run", 0 },
    [TITLE_FORGET] = { "UPDATE run SET title = 'erased' WHERE id = ?1", 0 },
    [TITLES_TEXTLESS] = { "UPDATE run SET title = 'erased' WHERE title <> 'erased' AND NOT EXISTS"
                          " (SELECT 1 FROM change WHERE run = run.id AND text IS NOT NULL)", 0 },
    [TITLE_OWN] = { "UPDATE run SET title = (SELECT text FROM change WHERE id = ?2)"
                    " WHERE id = ?1", 0 },
    [OF_TABLE] = { "SELECT row, image FROM change_image WHERE tbl = ?1 AND image IS NOT NULL", 0 },
    [LEFT] = { "SELECT count(*) FROM change_image WHERE tbl = ?1 AND row = ?2"
               " AND image IS NOT NULL", 0 },
};

void journal_erase(Store *st, Erasure *e)
{
    st->journal.erasure = e;
}

/* ---- values --------------------------------------------------------------------------------- */

static bool is_known(const Erasure *e, Str value)
{
    for (int i = 0; i < e->n_values; i++)
        if (str_eq(e->values[i], value))
            return true;
    return false;
}

void erasure_value(Erasure *e, Str value)
{
    if (value.n < LEAST || is_known(e, value))
        return;
    if ((e->n_values & (e->n_values - 1)) == 0) {        /* room is the next power of two */
        Str *more = ARENA_ARRAY(e->arena, Str, e->n_values ? e->n_values * 2 : 1);
        if (e->n_values)
            memcpy(more, e->values, sizeof *more * (size_t)e->n_values);
        e->values = more;
    }
    e->values[e->n_values++] = str_dup(value, e->arena);
}

static void take_values(Erasure *e, const MapTable *t, Str image)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int at = -1;
    if (!image_open(image, &c, &stamp))
        return;
    while (image_next(&c, &column, &v) > 0) {
        at = map_column(t, column, at + 1);
        if (at >= 0 && v.type == VALUE_TEXT && e->tells(e->ctx, t->name, t->cols[at].name))
            erasure_value(e, v.s);
    }
}

/* Whether a text holds one of the values, however it is written. */
static bool tells(const Erasure *e, Str text)
{
    Arena a = { 0 };
    bool found = false;
    Str folded = text_fold(text, &a);
    for (int i = 0; i < e->n_values && !found; i++) {
        Str value = text_fold(e->values[i], &a);
        found = value.n > 0 && memmem(folded.s, folded.n, value.s, value.n);
    }
    arena_release(&a);
    return found;
}

/* ---- at the commit -------------------------------------------------------------------------- */

typedef bool EachRow(Store *st, Erasure *e, const MapTable *t, int64_t row, Error *err);

static bool each_row(Store *st, Erasure *e, EachRow *fn, Error *err)
{
    for (int i = 0; i < e->n_rows; i++) {
        int index = map_find(&st->journal.map, e->rows[i].table);
        for (int64_t k = 0; index >= 0 && k < e->rows[i].n; k++)
            if (!fn(st, e, &st->journal.map.tables[index], e->rows[i].ids[k], err))
                return false;
    }
    return true;
}

static bool forget_by_id(Store *st, int which, int64_t id, Error *err)
{
    Query *q = NULL;
    if (!query_open(st, &sql[which], &q, err))
        return false;
    query_int(q, 1, id);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool forget_images(Store *st, Erasure *e, const MapTable *t, int64_t row, Error *err)
{
    Query *q = NULL;
    int n = -1;
    if (!query_open(st, &sql[IMAGES], &q, err))
        return false;
    query_int(q, 1, t->id);
    query_int(q, 2, row);
    while ((n = query_next(q, err)) > 0) {
        take_values(e, t, query_col_str(q, 0));
        e->images++;
    }
    query_close(q);
    if (n < 0 || !query_open(st, &sql[IMAGE_FORGET], &q, err))
        return false;
    query_int(q, 1, t->id);
    query_int(q, 2, row);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Rows of `which` whose ids are to be forgotten by `how`: read first, for both are of one table. */
static bool forget_found(Store *st, Erasure *e, Query *q, bool always, int how, Error *err)
{
    Arena a = { 0 };
    int64_t *ids = NULL;
    int n = 0, room = 0, more = -1;
    while ((more = query_next(q, err)) > 0) {
        if (!always && !tells(e, query_col_str(q, 1)))
            continue;
        if (n == room) {
            int64_t *wider = ARENA_ARRAY(&a, int64_t, room = room ? room * 2 : 64);
            if (n)
                memcpy(wider, ids, sizeof *ids * (size_t)n);
            ids = wider;
        }
        ids[n++] = query_col_int(q, 0);
    }
    query_close(q);
    bool ok = more == 0;
    for (int i = 0; ok && i < n; i++) {
        ok = forget_by_id(st, how, ids[i], err);
        e->texts++;
    }
    arena_release(&a);
    return ok;
}

static bool forget_own_texts(Store *st, Erasure *e, const MapTable *t, int64_t row, Error *err)
{
    for (int which = OF_IMAGE; which <= OF_RANGE; which++) {
        Query *q = NULL;
        if (!query_open(st, &sql[which], &q, err))
            return false;
        query_int(q, 1, t->id);
        query_int(q, 2, row);
        query_int(q, 3, SMALL);
        query_int(q, 4, st->journal.current);
        if (!forget_found(st, e, q, true, TEXT_FORGET, err))
            return false;
    }
    return true;
}

/* A run that is new was begun by what was typed just now, a name to confirm it included: its title
 * becomes the text of the change. */
static bool retitle_own(Store *st, Error *err)
{
    Query *q = NULL;
    if (!st->journal.new_run)
        return true;
    if (!query_open(st, &sql[TITLE_OWN], &q, err))
        return false;
    query_int(q, 1, st->journal.new_run);
    query_int(q, 2, st->journal.current);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool forget_titles(Store *st, Erasure *e, Error *err)
{
    Query *q = NULL;
    int64_t texts = e->texts;
    bool ok = retitle_own(st, err) && query_open(st, &sql[TITLES], &q, err)
           && forget_found(st, e, q, false, TITLE_FORGET, err)
           && store_exec(st, &sql[TITLES_TEXTLESS], err);
    e->texts = texts;                    /* a title is the text of the run's first change */
    return ok;
}

static bool image_has_value(const Erasure *e, Str image)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    if (!image_open(image, &c, &stamp))
        return false;
    while (image_next(&c, &column, &v) > 0)
        if (v.type == VALUE_TEXT && is_known(e, v.s))
            return true;
    return false;
}

static bool is_gone(Store *st, const MapTable *t, int64_t row, bool *gone, Error *err)
{
    Query *q = NULL;
    bool ok = query_printf(st, &q, err, "SELECT 1 FROM \"%w\" WHERE id = ?1", t->name);
    if (ok) {
        query_int(q, 1, row);
        int more = query_next(q, err);
        *gone = more == 0;
        ok = more >= 0;
    }
    query_close(q);
    return ok;
}

/* Rows that held one of the values and are gone, in a table that refers to nobody. */
static bool forget_by_value(Store *st, Erasure *e, Error *err)
{
    Query *q = NULL;
    Arena a = { 0 };
    int64_t *rows = NULL;
    int n = 0, more = -1;
    int index = e->by_value ? map_find(&st->journal.map, e->by_value) : -1;
    if (index < 0)
        return true;
    const MapTable *t = &st->journal.map.tables[index];
    if (!query_open(st, &sql[OF_TABLE], &q, err))
        return false;
    query_int(q, 1, t->id);
    while ((more = query_next(q, err)) > 0)
        if (image_has_value(e, query_col_str(q, 1))) {
            if ((n & (n - 1)) == 0) {                    /* room is the next power of two */
                int64_t *wider = ARENA_ARRAY(&a, int64_t, n ? n * 2 : 1);
                if (n)
                    memcpy(wider, rows, sizeof *rows * (size_t)n);
                rows = wider;
            }
            rows[n++] = query_col_int(q, 0);
        }
    query_close(q);
    bool ok = more == 0, gone = false;
    for (int i = 0; ok && i < n; i++)
        ok = is_gone(st, t, rows[i], &gone, err)
          && (!gone || (forget_images(st, e, t, rows[i], err)
                        && forget_own_texts(st, e, t, rows[i], err)));
    arena_release(&a);
    return ok;
}

bool erase_apply(Store *st, Error *err)
{
    Erasure *e = st->journal.erasure;
    Query *q = NULL;
    if (!e)
        return true;
    st->journal.erasure = NULL;
    e->images = e->texts = 0;
    if (!map_load(st, err) || !each_row(st, e, forget_images, err)
        || !each_row(st, e, forget_own_texts, err) || !forget_by_value(st, e, err)
        || !query_open(st, &sql[TEXTS], &q, err))
        return false;
    query_int(q, 1, st->journal.current);
    return forget_found(st, e, q, false, TEXT_FORGET, err) && forget_titles(st, e, err);
}

/* ---- rows that are gone ---------------------------------------------------------------------- */

static bool image_refers(const MapTable *t, Str image, const Referring *r)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int at = -1;
    bool refers = false, typed = !r->type;
    if (!image_open(image, &c, &stamp))
        return false;
    while (image_next(&c, &column, &v) > 0) {
        at = map_column(t, column, at + 1);
        if (at < 0)
            continue;
        if (r->type && v.type == VALUE_TEXT && strcmp(t->cols[at].name, "type") == 0)
            typed = str_is(v.s, r->type);
        if (v.type != VALUE_INT || strcmp(t->cols[at].name, r->column) != 0)
            continue;
        for (int64_t i = 0; i < r->n && !refers; i++)
            refers = r->ids[i] == v.i;
    }
    return refers && typed;
}

bool journal_referred(Store *st, const Referring *r, void (*fn)(void *ctx, int64_t row), void *ctx,
                      Error *err)
{
    Query *q = NULL;
    int more = -1;
    if (!map_current(st, err))
        return false;
    int index = map_find(&st->journal.map, r->table);
    if (index < 0)
        return true;
    const MapTable *t = &st->journal.map.tables[index];
    if (!query_open(st, &sql[OF_TABLE], &q, err))
        return false;
    query_int(q, 1, t->id);
    while ((more = query_next(q, err)) > 0)
        if (image_refers(t, query_col_str(q, 1), r))
            fn(ctx, query_col_int(q, 0));
    query_close(q);
    return more == 0;
}

/* ---- after it ------------------------------------------------------------------------------- */

bool store_scrub(Store *st, bool *cut, Error *err)
{
    bool ok = true;
    if (!store_begin(st, err))
        return false;
    st->journal.muted = true;
    for (int i = 0; ok && i < st->n_search; i++) {
        Query *q = NULL;
        ok = query_printf(st, &q, err, "INSERT INTO %s_search(%s_search) VALUES ('optimize')",
                          st->search[i].table, st->search[i].table) && query_run(q, err);
        query_close(q);
    }
    st->journal.muted = false;
    if (!ok) {
        store_rollback(st);
        return false;
    }
    if (!store_commit(st, err))
        return false;
    int rc = sqlite3_wal_checkpoint_v2(st->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    *cut = rc == SQLITE_OK;
    return rc == SQLITE_OK || rc == SQLITE_BUSY || rc == SQLITE_LOCKED
        || fail_sqlite(st, rc, NULL, err);
}

/* ---- the receipt ---------------------------------------------------------------------------- */

static bool bytes_of(const char *path, const Str *values, int n, int64_t *times, Error *err)
{
    struct stat s;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return true;                     /* there is no write-ahead log */
    char *all = fstat(fd, &s) == 0 && s.st_size > 0
              ? mmap(NULL, (size_t)s.st_size, PROT_READ, MAP_PRIVATE, fd, 0) : NULL;
    close(fd);
    if (all == MAP_FAILED)
        return fail(err, ERR_IO, "cannot read %s", path);
    for (int i = 0; all && i < n; i++)
        for (const char *at = all, *end = all + s.st_size;
             (at = memmem(at, (size_t)(end - at), values[i].s, values[i].n)); at++)
            times[i]++;
    if (all)
        munmap(all, (size_t)s.st_size);
    return true;
}

bool store_bytes_hold(Store *st, const Str *values, int n, int64_t *times, Error *err)
{
    char wal[4096];
    memset(times, 0, sizeof *times * (size_t)n);
    if (strcmp(st->path, ":memory:") == 0)
        return true;
    snprintf(wal, sizeof wal, "%s-wal", st->path);
    return bytes_of(st->path, values, n, times, err) && bytes_of(wal, values, n, times, err);
}

static bool count_one(Store *st, const char *text, Str value, int64_t *rows, Error *err)
{
    Query *q = NULL;
    if (!query_text(st, str(text), &q, err))
        return false;
    query_str(q, 1, value);
    bool ok = query_one(q, err);
    *rows += ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok;
}

static bool table_holds(Store *st, const MapTable *t, Str value, int64_t *rows, Error *err)
{
    Buf b = { 0 };
    char *from = sqlite3_mprintf("SELECT count(*) FROM \"%w\" WHERE ", t->name);
    buf_cstr(&b, from);
    sqlite3_free(from);
    for (int i = 0; i < t->n; i++) {
        char *one = sqlite3_mprintf("%sinstr(\"%w\", ?1)", i ? " OR " : "", t->cols[i].name);
        buf_cstr(&b, one);
        sqlite3_free(one);
    }
    bool ok = count_one(st, b.s, value, rows, err);
    buf_release(&b);
    return ok;
}

bool store_rows_hold(Store *st, Str value, int64_t *rows, Error *err)
{
    *rows = 0;
    if (!map_current(st, err))
        return false;
    for (int i = 0; i < st->journal.map.n; i++)
        if (st->journal.map.tables[i].n > 0
            && !table_holds(st, &st->journal.map.tables[i], value, rows, err))
            return false;
    return count_one(st, "SELECT count(*) FROM change WHERE instr(text, ?1)", value, rows, err)
        && count_one(st, "SELECT count(*) FROM change_image"
                         " WHERE instr(image, CAST(?1 AS BLOB))", value, rows, err)
        && count_one(st, "SELECT count(*) FROM run WHERE instr(title, ?1)", value, rows, err);
}

/* Words that the index has for a row; an optimized index has no others. */
static bool words_of(Store *st, const EraseRows *r, int64_t *words, Error *err)
{
    bool ok = true, searched = false;
    for (int i = 0; i < st->n_search; i++)
        searched = searched || strcmp(st->search[i].table, r->table) == 0;
    for (int64_t k = 0; ok && searched && k < r->n; k++) {
        Query *q = NULL;
        ok = query_printf(st, &q, err, "SELECT count(*) FROM %s_search_words WHERE doc = ?1"
                          " AND term <> 'erased'", r->table);
        if (ok) {
            query_int(q, 1, r->ids[k]);
            ok = query_one(q, err);
            *words += ok ? query_col_int(q, 0) : 0;
        }
        query_close(q);
    }
    return ok;
}

bool store_rest(Store *st, const EraseRows *rows, int n, int64_t *images, int64_t *words,
                Error *err)
{
    Query *q = NULL;
    *images = *words = 0;
    if (!map_current(st, err))
        return false;
    for (int i = 0; i < n; i++) {
        int index = map_find(&st->journal.map, rows[i].table);
        for (int64_t k = 0; index >= 0 && k < rows[i].n; k++) {
            if (!query_open(st, &sql[LEFT], &q, err))
                return false;
            query_int(q, 1, st->journal.map.tables[index].id);
            query_int(q, 2, rows[i].ids[k]);
            bool ok = query_one(q, err);
            *images += ok ? query_col_int(q, 0) : 0;
            query_close(q);
            if (!ok)
                return false;
        }
        if (!words_of(st, &rows[i], words, err))
            return false;
    }
    return true;
}

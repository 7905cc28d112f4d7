/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * verify.c -- walk the chain of entries and compute it again.
 *
 * What was erased (salt and text or image NULL) is taken by its digest, so erasing does not break
 * the chain.  Rows of the journal that belong to no entry are as wrong as missing ones.
 */
#include "store/store_int.h"

enum { CHANGES, IMAGES, RANGES, SCHEMA, STRAY, RUNLESS, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [CHANGES] = { "SELECT id, run, at, user, kind, target, text, text_salt, text_digest, rows, hash"
                  " FROM change ORDER BY id", 0 },
    [IMAGES] = { "SELECT t.name, i.row, i.op, i.salt, i.image, i.digest FROM change_image i"
                 " LEFT JOIN journal_table t ON t.id = i.tbl WHERE i.change = ?1 ORDER BY i.seq",
                 0 },
    [RANGES] = { "SELECT t.name, r.first, r.last FROM change_range r LEFT JOIN journal_table t"
                 " ON t.id = r.tbl WHERE r.change = ?1 ORDER BY r.seq", 0 },
    [SCHEMA] = { "SELECT op, tbl, col, ddl FROM change_schema WHERE change = ?1 ORDER BY seq", 0 },
    [STRAY] = { "SELECT min(change) FROM (SELECT change FROM change_image UNION"
                " SELECT change FROM change_range UNION SELECT change FROM change_schema)"
                " WHERE change NOT IN (SELECT id FROM change)", 0 },
    [RUNLESS] = { "SELECT min(id) FROM change WHERE run > 0 AND run NOT IN (SELECT id FROM run)",
                  0 },
};

typedef struct Walk {
    Store *st;
    int64_t entries;
    unsigned char head[HASH];
} Walk;

/* The digest of a salted text, or what stands in its place when it was erased; false when the
 * content is not what the digest says. */
static bool digest_holds(const Query *q, int text, int salt, int digest,
                         unsigned char out[static HASH])
{
    Str d = query_col_str(q, digest), s = query_col_str(q, salt);
    unsigned char computed[HASH];
    if (d.n != HASH)
        return false;
    memcpy(out, d.s, HASH);
    if (query_col_is_null(q, salt) && query_col_is_null(q, text))
        return true;
    if (s.n != SALT)
        return false;
    hash_salted((const unsigned char *)s.s, query_col_str(q, text), computed);
    return memcmp(computed, d.s, HASH) == 0;
}

static bool fail_entry(int64_t id, const char *what, Error *err)
{
    fail(err, ERR_FAILED, "entry %lld of the journal does not hold: %s", (long long)id, what);
    return fail_hint(err, "the file was altered outside patter; a backup shows what was there");
}

/* The children of one kind, each handed to fn; *rows grows by what they stand for. */
static bool each_child(Walk *w, int which, int64_t id, EntryHash *h, int64_t *rows,
                       bool (*fn)(const Query *, EntryHash *, int64_t *), const char *what,
                       Error *err)
{
    Query *q = NULL;
    int n;
    bool ok = true;
    if (!query_open(w->st, &sql[which], &q, err))
        return false;
    query_int(q, 1, id);
    while (ok && (n = query_next(q, err)) > 0)
        ok = fn(q, h, rows) || fail_entry(id, what, err);
    query_close(q);
    return ok && n == 0;
}

static bool take_image(const Query *q, EntryHash *h, int64_t *rows)
{
    unsigned char digest[HASH];
    if (!digest_holds(q, 4, 3, 5, digest))
        return false;
    hash_image(h, query_col_str(q, 0), query_col_int(q, 1), query_col_int(q, 2), digest);
    ++*rows;
    return true;
}

static bool take_range(const Query *q, EntryHash *h, int64_t *rows)
{
    hash_range(h, query_col_str(q, 0), query_col_int(q, 1), query_col_int(q, 2));
    *rows += query_col_int(q, 2) - query_col_int(q, 1) + 1;
    return true;
}

static bool take_schema(const Query *q, EntryHash *h, int64_t *rows)
{
    (void)rows;
    hash_schema(h, query_col_str(q, 0), query_col_str(q, 1), query_col_str(q, 2),
                query_col_str(q, 3));
    return true;
}

static bool verify_entry(Walk *w, const Query *q, Error *err)
{
    EntryHash h;
    unsigned char digest[HASH];
    int64_t id = query_col_int(q, 0), rows = 0;
    if (id != w->entries + 1)
        return fail(err, ERR_FAILED, "entry %lld of the journal is missing",
                    (long long)w->entries + 1);
    if (!digest_holds(q, 6, 7, 8, digest))
        return fail_entry(id, "its text was altered", err);
    hash_begin(&h, w->head);
    hash_head(&h, id, query_col_int(q, 1), query_col_int(q, 2), query_col_str(q, 3),
              query_col_str(q, 4), query_col_int(q, 5), digest);
    if (!each_child(w, IMAGES, id, &h, &rows, take_image, "an image was altered", err)
        || !each_child(w, RANGES, id, &h, &rows, take_range, "a range was altered", err)
        || !each_child(w, SCHEMA, id, &h, &rows, take_schema, "an operation was altered", err))
        return false;
    hash_int(&h, rows);
    hash_end(&h, w->head);
    w->entries++;
    Str said = query_col_str(q, 10);
    if (rows != query_col_int(q, 9))
        return fail_entry(id, "its rows are not all there", err);
    return (said.n == HASH && memcmp(said.s, w->head, HASH) == 0)
        || fail_entry(id, "its hash is not that of its content and the entry before", err);
}

bool journal_verify(Store *st, int64_t *entries, char head[static 65], Error *err)
{
    Walk w = { .st = st };
    Query *q = NULL;
    int64_t stray = 0, runless = 0;
    int n = 0;
    bool ok = query_open(st, &sql[CHANGES], &q, err);
    while (ok && (n = query_next(q, err)) > 0)
        ok = verify_entry(&w, q, err);
    query_close(q);
    if (!ok || n < 0 || !store_get_int(st, &sql[STRAY], &stray, err)
        || !store_get_int(st, &sql[RUNLESS], &runless, err))
        return false;
    if (stray)
        return fail_entry(stray, "rows belong to it, but it is not there", err);
    if (runless)
        return fail_entry(runless, "the run that it belongs to is not there", err);
    *entries = w.entries;
    for (int i = 0; i < HASH; i++) {
        head[2 * i] = "0123456789abcdef"[w.head[i] >> 4];
        head[2 * i + 1] = "0123456789abcdef"[w.head[i] & 15];
    }
    head[64] = '\0';
    return true;
}

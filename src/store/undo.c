/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * undo.c -- which run undo and redo take, and the one transaction in which they do it.
 *
 * The entries of a run tell its state: after an undo entry nothing of it is in force, after a redo
 * entry what was before that undo.  Undo reverses the work in force, newest first; redo reverses
 * the newest undo entry that no redo has answered, as long as no work came after it.  What was
 * there before and after is the same byte for byte, so redo needs no test for later work.
 */
#include <stdlib.h>

#include "store/reverse.h"

enum { NEWEST, ENTRIES, TITLE, BACKWARDS, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [NEWEST] = { "SELECT r.id FROM run r WHERE (SELECT kind FROM change c WHERE c.run = r.id"
                 " ORDER BY c.id DESC LIMIT 1) <> 'undo' ORDER BY r.id DESC LIMIT 1", 0 },
    [ENTRIES] = { "SELECT id, kind FROM change WHERE run = ?1 AND run > 0 ORDER BY id", 0 },
    [TITLE] = { "SELECT title FROM run WHERE id = ?1", 0 },
    [BACKWARDS] = { "SELECT id, kind, run FROM change ORDER BY id DESC", 0 },
};

typedef struct Entries { int64_t *id; int n, kept; bool any; } Entries;

/* The work of a run that is in force, oldest first. */
static bool in_force(Store *st, int64_t run, Arena *a, Entries *out, Error *err)
{
    Query *q = NULL;
    int n, room = 0;
    *out = (Entries){ 0 };
    if (!query_open(st, &sql[ENTRIES], &q, err))
        return false;
    query_int(q, 1, run);
    while ((n = query_next(q, err)) > 0) {
        Str kind = query_col_str(q, 1);
        out->any = true;
        if (str_is(kind, "undo")) {
            out->kept = out->n;
            out->n = 0;
        } else if (str_is(kind, "redo")) {
            out->n = out->kept;
        } else {
            if (out->n == room) {
                int64_t *more = ARENA_ARRAY(a, int64_t, room = room ? room * 2 : 16);
                if (out->n)
                    memcpy(more, out->id, sizeof *more * (size_t)out->n);
                out->id = more;
            }
            out->id[out->n++] = query_col_int(q, 0);
        }
    }
    query_close(q);
    return n == 0;
}

static bool read_title(Store *st, int64_t run, Arena *a, Str *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(st, &sql[TITLE], &q, err))
        return false;
    query_int(q, 1, run);
    int n = query_next(q, err);
    *out = n > 0 ? str_dup(query_col_str(q, 0), a) : STR("");
    query_close(q);
    return n >= 0;
}

/* The newest undo entry that is not answered by a redo; none when work came after it. */
static bool newest_undo(Store *st, int64_t *entry, int64_t *run, Error *err)
{
    Query *q = NULL;
    int n, redone = 0;
    *entry = 0;
    if (!query_open(st, &sql[BACKWARDS], &q, err))
        return false;
    while ((n = query_next(q, err)) > 0) {
        Str kind = query_col_str(q, 1);
        if (str_is(kind, "redo")) {
            redone++;
        } else if (!str_is(kind, "undo")) {
            break;
        } else if (redone-- == 0) {
            *entry = query_col_int(q, 0);
            *run = query_col_int(q, 2);
            break;
        }
    }
    query_close(q);
    return n >= 0;
}

/* ---- the transaction ------------------------------------------------------------------------- */

static bool reverse_all(Reversal *r, const Entries *e, Error *err)
{
    bool ok = true;
    store_foreign_keys(r->st, false);
    for (int i = e->n - 1; ok && i >= 0; i--)
        ok = reverse_entry(r, e->id[i], err);
    ok = ok && reverse_check_references(r, err);
    store_foreign_keys(r->st, true);
    reverse_release(r);
    return ok;
}

/* What to take back, found once the file is ours. */
typedef bool Find(Store *st, int64_t run, Arena *a, Undone *out, Entries *e, Error *err);

static bool run_reversal(Store *st, ChangeKind kind, Find *find, int64_t run, Arena *a, Undone *out,
                         Error *err)
{
    Journal *j = &st->journal;
    Reversal r = { .st = st, .redo = kind == CHANGE_REDO, .out = out };
    Entries e;
    *out = (Undone){ 0 };
    if (journal_touched(j) || j->closed)
        return fail(err, ERR_REFUSED, "%s cannot be part of a larger change", kind_text(kind));
    if (!store_begin(st, err))
        return false;
    bool ok = find(st, run, a, out, &e, err);
    if (ok) {
        j->kind = kind;
        j->target = out->run;
        ok = reverse_all(&r, &e, err);
    }
    if (!ok) {
        j->kind = CHANGE_WORK;
        j->target = 0;
        store_rollback(st);
        return false;
    }
    j->closed = st->depth;
    return store_commit(st, err);
}

static bool find_work(Store *st, int64_t run, Arena *a, Undone *out, Entries *e, Error *err)
{
    int64_t newest = 0;
    if (run == 0 && !store_get_int(st, &sql[NEWEST], &newest, err))
        return false;
    out->run = run ? run : newest;
    if (out->run == 0)
        return fail(err, ERR_NOT_FOUND, "nothing to undo");
    if (!in_force(st, out->run, a, e, err))
        return false;
    if (!e->any)
        return fail(err, ERR_NOT_FOUND, "there is no run %lld", (long long)run);
    if (e->n == 0) {
        fail(err, ERR_NOT_FOUND, "run %lld is undone already", (long long)run);
        return fail_hint(err, "redo brings back what was undone last");
    }
    return read_title(st, out->run, a, &out->title, err);
}

static bool find_undone(Store *st, int64_t run, Arena *a, Undone *out, Entries *e, Error *err)
{
    *e = (Entries){ .id = ARENA_NEW(a, int64_t), .n = 1 };
    if (!newest_undo(st, e->id, &run, err))
        return false;
    if (*e->id == 0) {
        fail(err, ERR_NOT_FOUND, "nothing to redo");
        return fail_hint(err, "redo answers an undo until something else is changed");
    }
    out->run = run;
    return read_title(st, run, a, &out->title, err);
}

bool journal_undo(Store *st, int64_t run, Arena *a, Undone *out, Error *err)
{
    return run_reversal(st, CHANGE_UNDO, find_work, run, a, out, err);
}

bool journal_redo(Store *st, Arena *a, Undone *out, Error *err)
{
    return run_reversal(st, CHANGE_REDO, find_undone, 0, a, out, err);
}

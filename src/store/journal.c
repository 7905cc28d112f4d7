/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * journal.c -- the life of a change: from BEGIN over each writing statement to just before COMMIT.
 */
#include <stdlib.h>

#include "store/store_int.h"

enum { CURRENT, AFTER_UNDO, VERSION, LAST_KIND, SQL_COUNT };
static const Sql sql[SQL_COUNT] = {
    [CURRENT] = { "SELECT coalesce(max(id), 0) + 1 FROM change", 0 },
    [AFTER_UNDO] = { "SELECT coalesce((SELECT kind IN ('undo', 'redo') FROM change"
                     " ORDER BY id DESC LIMIT 1), 0)", 0 },
    [VERSION] = { "PRAGMA schema_version", 0 },
    [LAST_KIND] = { "SELECT kind = 'undo' FROM change WHERE run = ?1 ORDER BY id DESC LIMIT 1", 0 },
};

/* ---- runs and descriptions ------------------------------------------------------------------- */

static void put_all(Buf *b, Str s)
{
    buf_reset(b);
    buf_str(b, s);
}

void journal_run_begin(Store *st, const char *user, Str title)
{
    Journal *j = &st->journal;
    if (j->run_depth++ > 0)
        return;
    put_all(&j->run_user, str(user));
    put_all(&j->run_title, title);
    j->run = 0;
}

static bool is_undone(Store *st, int64_t run)
{
    Query *q = NULL;
    Error ignored;
    if (!query_open(st, &sql[LAST_KIND], &q, &ignored))
        return true;
    query_int(q, 1, run);
    bool work = query_next(q, &ignored) > 0 && !query_col_int(q, 0);
    query_close(q);
    return !work;
}

void journal_run_resume(Store *st, const char *user, Str title, int64_t run, RowSet *mine)
{
    Journal *j = &st->journal;
    journal_run_begin(st, user, title);
    bool goes_on = j->run_depth == 1 && run && !is_undone(st, run);
    if (!goes_on)
        rowset_release(mine);
    if (j->run_depth > 1)                /* what is written is of somebody else's run */
        return;
    j->run = goes_on ? run : 0;
    j->mine = mine;
}

void journal_run_end(Store *st)
{
    Journal *j = &st->journal;
    if (j->run_depth == 0)
        panic("end of a run that was not begun");
    if (--j->run_depth > 0)
        return;
    j->run = 0;
    j->mine = NULL;
}

int64_t journal_run(const Store *st)
{
    return st->journal.run;
}

void journal_describe(Store *st, Str text)
{
    put_all(&st->journal.text, text);
}

void journal_describe_more(Store *st, Str text)
{
    Buf *b = &st->journal.text;
    if (b->n)
        buf_cstr(b, "; ");
    buf_str(b, text);
}

int64_t journal_current(const Store *st)
{
    return st->depth > 0 ? st->journal.current : 0;
}

void journal_on_commit(Store *st, JournalVeto fn, void *ctx)
{
    st->journal.veto = fn;
    st->journal.veto_ctx = ctx;
}

void journal_facts(Store *st, const char *table, const char *sql_where)
{
    int room = (int)(sizeof st->facts / sizeof *st->facts);
    if (st->n_facts == room)
        panic("more than %d kinds of facts", room);
    st->facts[st->n_facts++] = (Fact){ table, sql_where };
}

const char *kind_text(ChangeKind k)
{
    static const char *const names[] = { "work", "undo", "redo", "migrate" };
    return names[k];
}

/* ---- the open transaction -------------------------------------------------------------------- */

bool journal_note_current(Store *st, Error *err)
{
    return store_get_int(st, &sql[CURRENT], &st->journal.current, err);
}

/* Another program may have added a column meanwhile. */
static bool map_expire(Store *st, Error *err)
{
    Map *m = &st->journal.map;
    int64_t version;
    if (!store_get_int(st, &sql[VERSION], &version, err))
        return false;
    if (version != m->schema_version)
        m->valid = false;
    m->schema_version = version;
    return true;
}

bool map_current(Store *st, Error *err)
{
    return (st->depth > 0 || map_expire(st, err)) && map_load(st, err);
}

static bool note_redoable(Store *st, Error *err)
{
    Journal *j = &st->journal;
    int64_t is = 0;
    if (j->mine && !store_get_int(st, &sql[AFTER_UNDO], &is, err))
        return false;
    j->redoable = is;
    return true;
}

bool journal_begin(Store *st, Error *err)
{
    return map_expire(st, err) && journal_note_current(st, err) && note_redoable(st, err);
}

bool journal_may_write(Store *st, Error *err)
{
    Journal *j = &st->journal;
    if (j->muted || st->migrating)
        return fail_injected(st, err);
    if (st->depth == 0)
        return fail(err, ERR_FAILED, "a write outside a transaction");
    if (st->lost || j->top->failed)
        return fail(err, ERR_FAILED, "the transaction has failed and can only be rolled back");
    if (j->veto_only)
        return fail(err, ERR_REFUSED, "a hook may refuse an undo, but not write during it");
    if (j->closed)
        return fail(err, ERR_REFUSED, "undo is a change of its own: commit it before other work");
    if (!(st->flags & STORE_NO_JOURNAL) && !map_load(st, err))
        return false;
    return fail_injected(st, err);
}

bool journal_touched(const Journal *j)
{
    if (j->n_ops > 0 || log_end(&j->log) > 0)
        return true;
    for (const Frame *f = j->top; f; f = f->below)
        for (int i = 0; i < f->n; i++)
            if (f->tables[i].fresh.n > 0 || f->tables[i].seen.n > 0)
                return true;
    return false;
}

ChangeCount journal_count(const Store *st)
{
    ChangeCount count = { 0 };
    Error ignored;
    if (st->depth == 0)
        return st->journal.last;
    if (!entry_count((Store *)st, &count, &ignored))     /* reads rows, alters nothing */
        return (ChangeCount){ 0 };
    return count;
}

/* ---- before COMMIT --------------------------------------------------------------------------- */

static bool ask_veto(Store *st, Error *err)
{
    Journal *j = &st->journal;
    if (!j->veto || j->kind == CHANGE_MIGRATE)
        return true;
    j->veto_only = restores(j);
    bool ok = j->veto(j->veto_ctx, st, restores(j), err);
    j->veto_only = false;
    if (ok && (j->top->failed || j->trouble.code))
        return fail(err, ERR_FAILED, "a statement of the hook failed");
    return ok;
}

/* Put this change's id into every row whose writer did not. */
static bool stamp_table(Store *st, const MapTable *t, RowSet *raw, Error *err)
{
    RowRun *run = NULL;
    Query *q = NULL;
    int64_t n = rowset_runs(raw, &run);
    bool ok = n == 0 || query_printf(st, &q, err, "UPDATE \"%w\" SET change = ?1"
                                     " WHERE id BETWEEN ?2 AND ?3", t->name);
    for (int64_t i = 0; ok && i < n; i++) {
        query_int(q, 1, st->journal.current);
        query_int(q, 2, run[i].first);
        query_int(q, 3, run[i].last);
        ok = query_run(q, err);
    }
    query_close(q);
    free(run);
    return ok;
}

static bool stamp_rows(Store *st, Error *err)
{
    Journal *j = &st->journal;
    bool ok = true;
    for (int i = 0; ok && i < j->top->n; i++)
        ok = stamp_table(st, &j->map.tables[i], &j->top->tables[i].raw, err);
    return ok;
}

bool journal_commit(Store *st, Error *err)
{
    Journal *j = &st->journal;
    bool made = false;
    j->last = (ChangeCount){ 0 };
    if (!journal_touched(j) && !restores(j)) {
        j->muted = true;                 /* of rows that are gone there is the journal alone */
        bool erased = erase_apply(st, err);
        j->muted = false;
        return erased;
    }
    if (!ask_veto(st, err))
        return false;
    j->muted = true;
    bool ok = stamp_rows(st, err) && entry_write(st, &made, err) && erase_apply(st, err)
           && search_update(st, err);
    j->muted = false;
    return ok;
}

void journal_unwind(Store *st, bool committed)
{
    Journal *j = &st->journal;
    if (committed) {
        frame_join(&j->top);
        j->closed = j->closed < st->depth ? j->closed : st->depth;
        return;
    }
    log_cut(&j->log, j->top->log_mark);
    schema_ops_cut(j, j->top->op_mark);
    j->map.valid = j->map.valid && !j->schema_touched;
    j->trouble.code = ERR_NONE;
    frame_drop(&j->top);
    if (j->closed > st->depth) {
        j->kind = CHANGE_WORK;
        j->target = j->closed = 0;
    }
}

void journal_end(Store *st, bool committed)
{
    Journal *j = &st->journal;
    if (committed && j->new_run && j->run_depth > 0)
        j->run = j->new_run;
    if (committed && j->mine && j->last.change)
        rowset_add(j->mine, j->last.change);
    j->map.valid = j->map.valid && !j->schema_touched;
    j->schema_touched = false;
    schema_ops_cut(j, 0);
    log_release(&j->log);
    buf_reset(&j->text);
    j->new_run = j->current = j->target = j->closed = 0;
    j->kind = CHANGE_WORK;
    j->muted = j->veto_only = false;
    j->erasure = NULL;
    j->trouble.code = ERR_NONE;
}

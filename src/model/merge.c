/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge.c -- what refers to a record that goes, refers to the one that stays.
 */
#include "model/merge_inside.h"

#include <inttypes.h>
#include <stdlib.h>

#include "model/stage.h"
#include "store/journal.h"

enum { ADD, LEADS, CAME, SQL_COUNT };
static const Sql sql[] = {
    [ADD] = { "INSERT INTO merge (id, type, record, kept, field, won, winner, lost, at, user,"
              " change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", 0 },
    [LEADS] = { "SELECT kept FROM merge WHERE type = ?1 AND record = ?2 ORDER BY id DESC LIMIT 1",
                SQL_HOT },
    [CAME] = { "SELECT group_concat(record, ', ') FROM (SELECT DISTINCT record FROM merge"
               " WHERE type = ?1 AND kept = ?2 ORDER BY record)", SQL_HOT },
};
const SqlTable merge_sql = { "merge", sql, SQL_COUNT };

/* ---- the record of what won ------------------------------------------------------------------ */

static bool field_write(Merging *x, const MergeField *f, Error *err)
{
    Query *q = NULL;
    int64_t id;
    if (!store_ids(x->crm->store, "merge", 1, &id, err)
        || !query_open(x->crm->store, &sql[ADD], &q, err))
        return false;
    query_int(q, 1, id);
    query_cstr(q, 2, f->type);
    query_int(q, 3, f->record);
    query_int(q, 4, f->kept);
    query_cstr(q, 5, f->field);
    query_value(q, 6, f->won);
    query_value(q, 7, f->winner ? value_int(f->winner) : value_null());
    query_value(q, 8, f->lost);
    query_int(q, 9, crm_now(x->crm));
    query_cstr(q, 10, crm_user(x->crm));
    query_int(q, 11, journal_current(x->crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    if (ok && x->report->field)
        x->report->field(x->report->ctx, f);
    return ok;
}

/* As text; a ref by the name of its record. */
static Value shown(Merging *x, const Field *f, Value v)
{
    Buf b = { 0 };
    if (v.type == VALUE_NULL)
        return v;
    const Type *ref = f->kind == KIND_REF ? schema_type(x->crm->schema, str(f->ref)) : NULL;
    const char *label = ref && v.type == VALUE_INT ? record_label(x->crm, ref, v.i, x->a) : "";
    if (*label)
        return value_cstr(label);
    value_write_plain(v, f->kind, &b);
    Value out = value_text(str_dup(buf_as_str(&b), x->a));
    buf_release(&b);
    return out;
}

/* ---- field by field -------------------------------------------------------------------------- */

typedef struct Won { int winner; Value v; } Won;      /* winner -1: made of several */

static bool note_field(Merging *x, const Group *g, const Field *f, const Won *won, bool *noted,
                       Error *err)
{
    Value keep = g->r[0]->v[f->index];
    for (int i = 1; i < g->n; i++) {
        Value v = g->r[i]->v[f->index], lost = won->winner == i ? keep : v;
        bool differs = won->winner == i || won->winner < 0
            || (v.type != VALUE_NULL && !value_eq(v, won->v));
        if (value_eq(v, keep) || !differs)
            continue;
        MergeField out = { .type = g->type->name, .record = g->r[i]->id, .kept = g->r[0]->id,
                           .field = f->name,
                           .winner = won->winner < 0 ? 0 : g->r[won->winner]->id,
                           .won = shown(x, f, won->v),
                           .lost = won->winner < 0 || f->sql ? value_null()
                                                             : shown(x, f, lost) };
        noted[i] = true;
        if (!field_write(x, &out, err))
            return false;
    }
    return true;
}

static bool choose_all(Merging *x, const Group *g, Won *won, Error *err)
{
    static const MergeRule keep = { .how = MERGE_KEEP };
    bool *noted = ARENA_ARRAY(x->a, bool, g->n), ok = true;
    for (int i = 0; ok && i < g->type->n; i++) {
        const Field *f = &g->type->fields[i];
        if (!merge_is_chosen(f))
            continue;
        bool settled = g->attached && f->kind == KIND_REF;
        ok = merge_choose(x->crm, x->m->rules, settled ? &keep : &x->m->fallback, f, g->r, g->n,
                          x->a, &won[i].winner, &won[i].v, err);
        if (ok && won[i].winner >= 0)
            won[i].v = g->r[won[i].winner]->v[i];
        if (ok && g->recorded && !settled && (f->column || won[i].winner > 0))
            ok = note_field(x, g, f, &won[i], noted, err);
    }
    for (int i = 1; ok && i < g->n && g->recorded; i++) {
        MergeField none = { .type = g->type->name, .record = g->r[i]->id, .kept = g->r[0]->id,
                            .won = value_null(), .lost = value_null() };
        ok = noted[i] || field_write(x, &none, err);
    }
    return ok;
}

static bool is_stage(const Field *f)
{
    return f->flags & FIELD_RULED && f->kind == KIND_REF && strcmp(f->ref, "stage") == 0;
}

/* What won, into the record that stays; the others are gone by now. */
static bool write_won(Merging *x, const Group *g, const Won *won, int64_t *taken, Error *err)
{
    Record *now = record_new(g->type, x->a);
    StageMove move = { .type = g->type, .id = g->r[0]->id, .merged = true };
    int64_t from, n = 0;
    now->id = g->r[0]->id;
    for (int i = 0; i < g->type->n; i++) {
        const Field *f = &g->type->fields[i];
        if (!merge_is_chosen(f))
            continue;
        bool differs = f->sql ? won[i].winner > 0 : !value_eq(won[i].v, g->r[0]->v[i]);
        n += differs;
        if (!differs || f->sql)
            continue;
        if (is_stage(f)) {
            move.to = won[i].v.i;
            move.reason = arena_printf(x->a, "merged with %s %" PRId64, g->type->name,
                                       g->r[won[i].winner]->id);
        } else {
            record_put_value(now, f, won[i].v);
        }
    }
    *taken += n;
    return (!n || record_set(x->crm, now, NULL, err))
        && (!move.to || stage_move(x->crm, &move, &from, x->a, err));
}

/* ---- what is attached ------------------------------------------------------------------------ */

static MergeCount *count_of(MergeReport *r, const char *table)
{
    for (int i = 0; i < r->counts; i++)
        if (strcmp(r->count[i].table, table) == 0)
            return &r->count[i];
    if (r->counts < (int)(sizeof r->count / sizeof *r->count))
        r->count[r->counts++] = (MergeCount){ .table = table };
    return &r->count[r->counts - 1];
}

static bool merge_group(Merging *x, const Group *g, int64_t *taken, Error *err);

static bool drop_row(Merging *x, const char *table, int64_t row, Error *err)
{
    Query *q = NULL;
    const char *text = arena_printf(x->a, "DELETE FROM \"%s\" WHERE id = ?1", table);
    if (!query_text(x->crm->store, str(text), &q, err))
        return false;
    query_int(q, 1, row);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* A row is there twice: one of them stays. */
static bool merge_twins(Merging *x, const char *table, int64_t keep, int64_t gone, Error *err)
{
    const Type *t = schema_type(x->crm->schema, str(table));
    Record *pair[2];
    int64_t ignored = 0;
    if (!t || strcmp(t->table, table) != 0)
        return drop_row(x, table, gone, err);
    if (!record_load(x->crm, t, keep, false, x->a, &pair[0], err)
        || !record_load(x->crm, t, gone, false, x->a, &pair[1], err))
        return false;
    Group g = { .type = t, .r = pair, .n = 2, .attached = true,
                .recorded = t->search != NULL };
    return merge_group(x, &g, &ignored, err);
}

/* What is attached to what is merged, not to what that is merged with in its turn, is counted. */
static bool attach(Merging *x, const MergeRef *ref, const Group *g, int64_t gone, Error *err)
{
    MergeCount ignored = { 0 };
    int64_t keep = g->r[0]->id;
    int64_t *row, n, twin;
    bool ok = merge_ref_rows(x->crm, ref, gone, x->a, &row, &n, err);
    MergeCount *count = n > 0 && !g->attached ? count_of(x->report, ref->table) : &ignored;
    for (int64_t i = 0; ok && i < n; i++) {
        bool itself = row[i] == keep && strcmp(ref->table, ref->parent) == 0;
        ok = merge_ref_twin(x->crm, ref, keep, row[i], &twin, err);
        if (ok && twin)
            ok = merge_twins(x, ref->table, twin, row[i], err);
        else if (ok)
            ok = merge_ref_point(x->crm, ref, row[i], itself ? 0 : keep, err);
        count->moved += !twin;
        count->doubled += twin != 0;
    }
    return ok;
}

static bool attach_all(Merging *x, const Group *g, int64_t gone, Error *err)
{
    bool ok = true;
    for (int i = 0; ok && i < x->refs->n; i++)
        if (strcmp(x->refs->ref[i].parent, g->type->table) == 0)
            ok = attach(x, &x->refs->ref[i], g, gone, err);
    return ok;
}

static bool merge_group(Merging *x, const Group *g, int64_t *taken, Error *err)
{
    Won *won = ARENA_ARRAY(x->a, Won, g->type->n);
    bool ok = choose_all(x, g, won, err);
    for (int i = 1; ok && i < g->n; i++)
        ok = attach_all(x, g, g->r[i]->id, err)
            && stage_moves_follow(x->crm, g->type, g->r[i]->id, g->r[0]->id, err)
            && record_delete(x->crm, g->type, g->r[i]->id, err);
    return ok && write_won(x, g, won, taken, err);
}

/* ---- the whole ------------------------------------------------------------------------------- */

static bool load(Merging *x, Group *g, Error *err)
{
    const Merge *m = x->m;
    if (m->n < 1 || m->n >= MERGE_MOST_RECORDS)
        return fail(err, ERR_USAGE, "one record and 1 to %d others can be merged",
                    MERGE_MOST_RECORDS - 1);
    *g = (Group){ .type = m->type, .n = m->n + 1, .recorded = true };
    g->r = ARENA_ARRAY(x->a, Record *, g->n);
    for (int i = 0; i < g->n; i++) {
        int64_t id = i ? m->others[i - 1] : m->keep;
        for (int k = 0; k < i; k++)
            if (g->r[k]->id == id)
                return fail(err, ERR_USAGE, "%s %" PRId64 " cannot be merged with itself",
                            m->type->name, id);
        if (!record_load(x->crm, m->type, id, true, x->a, &g->r[i], err))
            return false;
    }
    return true;
}

bool merge_records(Crm *crm, const Merge *m, Arena *a, MergeReport *report, Error *err)
{
    Merging x = { crm, m, m->refs, report, a };
    Group g;
    return load(&x, &g, err) && merge_prepare(&x, &g, err)
        && merge_group(&x, &g, &report->taken, err);
}

bool merge_leads_to(Crm *crm, const Type *t, int64_t id, int64_t *now, Error *err)
{
    enum { LONGEST = 1000 };
    int more = 1;
    *now = 0;
    for (int i = 0; more > 0 && i < LONGEST; i++) {
        Query *q = NULL;
        if (!query_open(crm->store, &sql[LEADS], &q, err))
            return false;
        query_cstr(q, 1, t->name);
        query_int(q, 2, *now ? *now : id);
        more = query_next(q, err);
        if (more > 0)
            *now = query_col_int(q, 0);
        query_close(q);
    }
    return more >= 0;
}

bool merge_came(Crm *crm, const Type *t, int64_t id, Arena *a, const char **ids, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[CAME], &q, err))
        return false;
    query_cstr(q, 1, t->name);
    query_int(q, 2, id);
    bool ok = query_one(q, err);
    *ids = ok ? str_c(query_col_str(q, 0), a) : "";
    query_close(q);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/merge_refs.h"

#include "model/schema.h"
#include "store/journal.h"

enum { REFERENCES, UNIQUE, SQL_COUNT };
static const Sql sql[] = {
    [REFERENCES] = { "SELECT m.name, f.\"from\", f.\"table\" FROM sqlite_schema m,"
                     " pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
                     " ORDER BY m.name, f.id DESC", 0 },
    [UNIQUE] = { "SELECT l.name, i.name FROM pragma_index_list(?1) l, pragma_index_info(l.name) i"
                 " WHERE l.\"unique\" AND NOT l.partial AND EXISTS (SELECT 1"
                 " FROM pragma_index_info(l.name) x WHERE x.name = ?2) ORDER BY l.seq, i.seqno",
                 0 },
};
const SqlTable merge_refs_sql = { "merge_refs", sql, SQL_COUNT };

/* ---- keys ------------------------------------------------------------------------------------ */

/* The text of a twin query, one column after the other. */
typedef struct Twin { MergeRef *ref; Buf text; } Twin;

static void twin_begin(Twin *t)
{
    buf_reset(&t->text);
    buf_printf(&t->text, "SELECT b.id FROM \"%s\" a JOIN \"%s\" b ON b.\"%s\" = ?1", t->ref->table,
               t->ref->table, t->ref->column);
}

/* `null`: two that are empty are equal. */
static void twin_column(Twin *t, const char *column, bool null)
{
    if (strcmp(column, t->ref->column) != 0)
        buf_printf(&t->text, " AND b.\"%s\" %s a.\"%s\"", column, null ? "IS" : "=", column);
}

static void twin_end(Twin *t, Arena *a)
{
    buf_cstr(&t->text, " WHERE a.id = ?2 AND b.id <> a.id LIMIT 1");
    if (t->ref->twins < MERGE_TWINS)
        t->ref->twin[t->ref->twins++] = str_c(buf_as_str(&t->text), a);
}

static bool unique_indexes(Crm *crm, Twin *t, Arena *a, Error *err)
{
    Query *q = NULL;
    const char *open = "";
    int more;
    if (!query_open(crm->store, &sql[UNIQUE], &q, err))
        return false;
    query_cstr(q, 1, t->ref->table);
    query_cstr(q, 2, t->ref->column);
    while ((more = query_next(q, err)) > 0) {
        if (!str_is(query_col_str(q, 0), open)) {
            if (*open)
                twin_end(t, a);
            open = str_c(query_col_str(q, 0), a);
            twin_begin(t);
        }
        twin_column(t, str_c(query_col_str(q, 1), a), false);
    }
    query_close(q);
    if (*open)
        twin_end(t, a);
    return more == 0;
}

/* A key of several fields of the type, the reference among them. */
static void type_key(const Type *type, Twin *t, const char *key, Arena *a)
{
    bool has = false, stored = true;
    twin_begin(t);
    for (Str rest = str(key); rest.n;) {
        const char *plus = memchr(rest.s, '+', rest.n);
        Str one = plus ? str_n(rest.s, (size_t)(plus - rest.s)) : rest;
        const Field *f = type_field(type, one);
        stored = stored && f && f->column;
        has = has || (stored && strcmp(f->column, t->ref->column) == 0);
        if (stored)
            twin_column(t, f->column, true);
        rest = plus ? str_n(plus + 1, rest.n - one.n - 1) : (Str){ "", 0 };
    }
    if (has && stored && strchr(key, '+'))
        twin_end(t, a);
}

static bool keys_find(Crm *crm, MergeRef *ref, Arena *a, Error *err)
{
    Twin t = { .ref = ref };
    const Type *type = schema_type(crm->schema, str(ref->table));
    bool ok = unique_indexes(crm, &t, a, err);
    for (const char *const *key = type ? type->keys : NULL; ok && key && *key; key++)
        type_key(type, &t, *key, a);
    buf_release(&t.text);
    return ok;
}

/* ---- references ------------------------------------------------------------------------------ */

bool merge_refs(Crm *crm, Arena *a, MergeRefs *out, Error *err)
{
    enum { MOST = 1000 };
    Query *q = NULL;
    int more;
    *out = (MergeRefs){ .ref = ARENA_ARRAY(a, MergeRef, MOST) };
    if (!query_open(crm->store, &sql[REFERENCES], &q, err))
        return false;
    while ((more = query_next(q, err)) > 0 && out->n < MOST) {
        MergeRef *r = &out->ref[out->n++];
        r->table = str_c(query_col_str(q, 0), a);
        r->column = str_c(query_col_str(q, 1), a);
        r->parent = str_c(query_col_str(q, 2), a);
        r->rows = arena_printf(a, "SELECT id FROM \"%s\" WHERE \"%s\" = ?1 ORDER BY id", r->table,
                               r->column);
        r->point = arena_printf(a, "UPDATE \"%s\" SET \"%s\" = ?1, change = ?3 WHERE id = ?2",
                                r->table, r->column);
    }
    query_close(q);
    bool ok = more == 0;
    for (int i = 0; ok && i < out->n; i++)
        ok = keys_find(crm, &out->ref[i], a, err);
    return ok;
}

bool merge_ref_rows(Crm *crm, const MergeRef *ref, int64_t parent, Arena *a, int64_t **out,
                    int64_t *n, Error *err)
{
    Query *q = NULL;
    int64_t room = 0;
    int more;
    *out = NULL;
    *n = 0;
    if (!query_text(crm->store, str(ref->rows), &q, err))
        return false;
    query_int(q, 1, parent);
    while ((more = query_next(q, err)) > 0) {
        if (*n == room) {
            int64_t *wider = ARENA_ARRAY(a, int64_t, room = room ? room * 2 : 8);
            if (*n)
                memcpy(wider, *out, sizeof *wider * (size_t)*n);
            *out = wider;
        }
        (*out)[(*n)++] = query_col_int(q, 0);
    }
    query_close(q);
    return more == 0;
}

bool merge_ref_twin(Crm *crm, const MergeRef *ref, int64_t parent, int64_t row, int64_t *out,
                    Error *err)
{
    int more = 0;
    *out = 0;
    for (int i = 0; i < ref->twins && !*out && more >= 0; i++) {
        Query *q = NULL;
        if (!query_text(crm->store, str(ref->twin[i]), &q, err))
            return false;
        query_int(q, 1, parent);
        query_int(q, 2, row);
        more = query_next(q, err);
        *out = more > 0 ? query_col_int(q, 0) : 0;
        query_close(q);
    }
    return more >= 0;
}

bool merge_ref_point(Crm *crm, const MergeRef *ref, int64_t row, int64_t parent, Error *err)
{
    Query *q = NULL;
    if (!query_text(crm->store, str(ref->point), &q, err))
        return false;
    if (parent)
        query_int(q, 1, parent);
    query_int(q, 2, row);
    query_int(q, 3, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

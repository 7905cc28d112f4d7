/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/record.h"

#include <inttypes.h>
#include <stdio.h>

#include "base/unicode.h"
#include "model/merge.h"
#include "model/types.h"
#include "store/journal.h"

Record *record_new(const Type *t, Arena *a)
{
    Record *r = ARENA_NEW(a, Record);
    r->type = t;
    r->v = ARENA_ARRAY(a, Value, t->n);
    r->op = ARENA_ARRAY(a, uint8_t, t->n);
    return r;
}

void record_put_value(Record *r, const Field *f, Value v)
{
    r->v[f->index] = v;
    r->op[f->index] = FIELD_SET;
}

Value record_value(const Record *r, const char *field)
{
    const Field *f = type_field(r->type, str(field));
    if (!f)
        panic("%s has no field %s", r->type->name, field);
    return r->v[f->index];
}

/* Whether a field may be given by hand: on `add` a ruled field may, on `set` its verb does it. */
static bool may_put(const Record *r, const Field *f, Error *err)
{
    if (f->flags & FIELD_READONLY || (f->sql && !f->write)) {
        fail(err, ERR_REFUSED, "%s is kept by the program and cannot be set", f->name);
        return f->verb ? fail_hint(err, "use %s", f->verb)
                       : fail_hint(err, "help %s shows what can", r->type->name);
    }
    if (f->flags & FIELD_RULED && r->id) {
        fail(err, ERR_REFUSED, "%s of a %s is not simply set: a rule governs it", f->name,
             r->type->name);
        return fail_hint(err, "use %s", f->verb);
    }
    return true;
}

static bool is_handle(const Type *t, const Field *f)
{
    return t->handle && strcmp(t->handle, f->name) == 0;
}

bool record_put(Crm *crm, Record *r, Str field, FieldOp op, Str typed, Arena *a, Error *err)
{
    const Field *f;
    if (!type_field_get(r->type, field, &f, err) || !may_put(r, f, err))
        return false;
    if (op != FIELD_SET && !f->write) {
        fail(err, ERR_USAGE, "%s holds one value: %s%c= does not apply", f->name, f->name, op);
        return fail_hint(err, "%s=VALUE", f->name);
    }
    Value *v = &r->v[f->index];
    if (f->write || is_handle(r->type, f))
        typed = str_trim(typed);
    /* The writer of a view reads the cell, which may hold several numbers. */
    if (!f->write || !typed.n ? !field_parse(crm, f, typed, a, v, err)
                              : !view_check(crm, f, typed, a, err))
        return false;
    if (f->write && typed.n)
        *v = value_text(str_dup(typed, a));
    r->op[f->index] = (uint8_t)op;
    return true;
}

/* ---- reading --------------------------------------------------------------------------------- */

static const char *load_sql(const Schema *s, const Type *t, bool views, Arena *a)
{
    Buf b = { 0 };
    buf_cstr(&b, "SELECT ");
    for (int i = 0; i < t->n; i++) {
        const Field *f = &t->fields[i];
        buf_printf(&b, "%s%s", i ? ", " : "",
                   f->sql && !views ? "NULL" : field_sql(s, f, "t", false, a));
    }
    buf_printf(&b, " FROM \"%s\" t WHERE t.id = ?1", t->table);
    const char *text = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return text;
}

bool record_missing(Crm *crm, const Type *t, int64_t id, Error *err)
{
    int64_t now;
    Error ignored = { 0 };
    fail(err, ERR_NOT_FOUND, "no %s %" PRId64, t->name, id);
    if (!merge_leads_to(crm, t, id, &now, &ignored) || !now)
        return fail_hint(err, "%s list shows what there is", t->name);
    return fail_hint(err, "it was merged into %" PRId64 ": %s show %" PRId64, now, t->name, now);
}

bool record_load(Crm *crm, const Type *t, int64_t id, bool views, Arena *a, Record **out,
                 Error *err)
{
    Query *q = NULL;
    bool ok = false;
    Record *r = record_new(t, a);
    if (!query_text(crm->store, str(load_sql(crm->schema, t, views, a)), &q, err))
        return false;
    query_int(q, 1, id);
    int found = query_next(q, err);
    if (found == 0)
        record_missing(crm, t, id, err);
    if (found <= 0)
        goto out;
    r->id = id;
    for (int i = 0; i < t->n; i++)
        r->v[i] = value_dup(query_col(q, i), a);
    *out = r;
    ok = true;
out:
    query_close(q);
    return ok;
}

/* ---- writing --------------------------------------------------------------------------------- */

static bool defaults_fill(Crm *crm, Record *r, Arena *a, Error *err)
{
    for (int i = 0; i < r->type->n; i++) {
        const Field *f = &r->type->fields[i];
        if (r->op[i] || !f->fallback)
            continue;
        if (!field_parse(crm, f, str(f->fallback), a, &r->v[i], err))
            return false;
    }
    return true;
}

/* On `set` only what is given: a field that was made required later may still be empty. */
static bool required_check(const Record *r, bool all, Error *err)
{
    for (int i = 0; i < r->type->n; i++) {
        const Field *f = &r->type->fields[i];
        if (!(f->flags & FIELD_REQUIRED) || r->v[i].type != VALUE_NULL || !(all || r->op[i]))
            continue;
        fail(err, ERR_INVALID, "a %s needs a %s", r->type->name, f->name);
        return fail_hint(err, all && !r->op[i] ? "add %s=..." : "%s may not be empty", f->name);
    }
    return true;
}

/* A handle of digits, full-width ones too, would be read as an id. */
static bool handle_check(const Record *r, Arena *a, Error *err)
{
    for (int i = 0; i < r->type->n; i++) {
        const Field *f = &r->type->fields[i];
        int64_t number;
        if (!is_handle(r->type, f) || f->kind != KIND_TEXT || !r->op[i]
            || r->v[i].type != VALUE_TEXT || !str_int(text_fold(r->v[i].s, a), &number))
            continue;
        fail(err, ERR_INVALID, "%s: '%.*s' is made of digits alone and would read as an id",
             f->name, STR_ARG(r->v[i].s));
        return fail_hint(err, "put a letter into it");
    }
    return true;
}

/* Another row that has the same value in a unique field. */
static bool unique_check(Crm *crm, const Record *r, Arena *a, Error *err)
{
    for (int i = 0; i < r->type->n; i++) {
        const Field *f = &r->type->fields[i];
        Query *q = NULL;
        if (!(f->flags & FIELD_UNIQUE) || r->v[i].type == VALUE_NULL || !r->op[i])
            continue;
        const char *text = arena_printf(a, "SELECT id FROM \"%s\" WHERE \"%s\" = ?1 AND id <> ?2",
                                        r->type->table, f->column);
        if (!query_text(crm->store, str(text), &q, err))
            return false;
        query_value(q, 1, r->v[i]);
        query_int(q, 2, r->id);
        int found = query_next(q, err);
        int64_t other = found > 0 ? query_col_int(q, 0) : 0;
        query_close(q);
        if (found < 0)
            return false;
        if (found > 0) {
            Buf b = { 0 };
            value_write_plain(r->v[i], f->kind, &b);
            fail(err, ERR_CONFLICT, "%s '%s' is taken by %s %" PRId64, f->name, b.s ? b.s : "",
                 r->type->name, other);
            buf_release(&b);
            return false;
        }
    }
    return true;
}

static bool ref_check(Crm *crm, const Record *r, Arena *a, Error *err)
{
    for (int i = 0; i < r->type->n; i++) {
        const Field *f = &r->type->fields[i];
        Query *q = NULL;
        if (f->kind != KIND_REF || !r->op[i] || r->v[i].type != VALUE_INT)
            continue;
        const Type *t = schema_type(crm->schema, str(f->ref));
        const char *text = arena_printf(a, "SELECT 1 FROM \"%s\" WHERE id = ?1", t->table);
        if (!query_text(crm->store, str(text), &q, err))
            return false;
        query_int(q, 1, r->v[i].i);
        int found = query_next(q, err);
        query_close(q);
        if (found <= 0)
            return found == 0 && record_missing(crm, t, r->v[i].i, err);
    }
    return true;
}

static bool run_write(Crm *crm, const char *text, const Record *r, const int *bind, int n,
                      Error *err)
{
    Query *q = NULL;
    if (!query_text(crm->store, str(text), &q, err))
        return false;
    for (int i = 0; i < n; i++)
        query_value(q, i + 1, r->v[bind[i]]);
    query_int(q, n + 1, r->id);
    query_int(q, n + 2, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Written by the row: printf would cost as much as the row. */
static void put_name(Buf *b, const char *name)
{
    buf_char(b, '"');
    buf_cstr(b, name);
    buf_char(b, '"');
}

static void put_place(Buf *b, int n)
{
    buf_char(b, '?');
    buf_int(b, n, 1);
}

static bool row_insert(Crm *crm, const Record *r, Arena *a, Error *err)
{
    const Type *t = r->type;
    int *bind = ARENA_ARRAY(a, int, t->n), n = 0;
    Buf b = { 0 };
    buf_cstr(&b, "INSERT INTO ");
    put_name(&b, t->table);
    buf_cstr(&b, " (");
    for (int i = 1; i < t->n; i++)
        if (t->fields[i].column && r->v[i].type != VALUE_NULL) {
            put_name(&b, t->fields[i].column);
            buf_cstr(&b, ", ");
            bind[n++] = i;
        }
    buf_cstr(&b, "id, change) VALUES (");
    for (int i = 0; i < n + 2; i++) {
        buf_cstr(&b, i ? ", " : "");
        put_place(&b, i + 1);
    }
    buf_char(&b, ')');
    bool ok = run_write(crm, str_c(buf_as_str(&b), a), r, bind, n, err);
    buf_release(&b);
    return ok;
}

/* Only the columns that differ are written; *n_out says how many that were. */
static bool row_update(Crm *crm, const Record *old, const Record *r, Arena *a, int *n_out,
                       Error *err)
{
    const Type *t = r->type;
    int *bind = ARENA_ARRAY(a, int, t->n), n = 0;
    bool ok = true;
    Buf b = { 0 };
    buf_cstr(&b, "UPDATE ");
    put_name(&b, t->table);
    buf_cstr(&b, " SET ");
    for (int i = 1; i < t->n; i++)
        if (t->fields[i].column && !value_eq(old->v[i], r->v[i])) {
            bind[n] = i;
            put_name(&b, t->fields[i].column);
            buf_cstr(&b, " = ");
            put_place(&b, ++n);
            buf_cstr(&b, ", ");
        }
    buf_printf(&b, "change = ?%d WHERE id = ?%d", n + 2, n + 1);
    if (n)
        ok = run_write(crm, str_c(buf_as_str(&b), a), r, bind, n, err);
    buf_release(&b);
    *n_out = n;
    return ok;
}

static bool views_write(Crm *crm, const Record *r, bool *changed, Error *err)
{
    for (int i = 0; i < r->type->n; i++) {
        const Field *f = &r->type->fields[i];
        if (f->write && r->op[i]
            && !f->write(crm, r->id, f, (FieldOp)r->op[i], r->v[i], changed, err))
            return false;
    }
    return true;
}

static bool hook_call(Crm *crm, HookWhen when, const char *verb, const Record *old, Record *now,
                      const Type *t, Error *err)
{
    char event[128];
    if (!crm->hook)
        return true;
    snprintf(event, sizeof event, "%s.%s", t->name, verb);
    Hook h = { .when = when, .event = event, .type = t, .old = old, .now = now };
    return crm_hook(crm, &h, err);
}

/* What must hold of a row before it is written. */
static bool row_check(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    return (!now->type->check || now->type->check(crm, old, now, a, err))
           && required_check(now, !old, err) && handle_check(now, a, err)
           && unique_check(crm, now, a, err) && ref_check(crm, now, a, err);
}

static bool add_inside(Crm *crm, Record *r, Arena *a, Error *err)
{
    bool ignored = false;
    return defaults_fill(crm, r, a, err)
           && hook_call(crm, HOOK_BEFORE, "add", NULL, r, r->type, err)
           && row_check(crm, NULL, r, a, err)
           && store_ids(crm->store, r->type->table, 1, &r->id, err) && row_insert(crm, r, a, err)
           && views_write(crm, r, &ignored, err)
           && hook_call(crm, HOOK_AFTER, "add", NULL, r, r->type, err);
}

/* Rights and types were read from these tables. The types that a command holds stay good until it
 * ends: whoever runs it reads them again then. */
static bool written(Crm *crm, const Type *t, Error *err)
{
    bool user = strcmp(t->name, "user") == 0;
    crm->stale = crm->stale || user || strcmp(t->name, "field") == 0;
    return !user || crm_users_check(crm, err);
}

static bool may_change(Crm *crm, const Type *t, unsigned how, Error *err)
{
    return !(t->guard & how) || crm_may_manage(crm, err);
}

bool record_add(Crm *crm, Record *r, Error *err)
{
    Arena a = { 0 };
    bool ok = may_change(crm, r->type, GUARD_ADD, err) && store_begin(crm->store, err);
    if (ok) {
        ok = add_inside(crm, r, &a, err) && written(crm, r->type, err);
        if (ok)
            ok = store_commit(crm->store, err);
        else
            store_rollback(crm->store);
    }
    if (!ok)
        r->id = 0;
    memset(r->v, 0, sizeof *r->v * (size_t)r->type->n);      /* some lay in the arena */
    arena_release(&a);
    return ok;
}

/* What the row will be: the old values with the given ones laid over. Views keep their op. */
static Record *record_overlay(const Record *old, const Record *given, Arena *a)
{
    Record *now = record_new(old->type, a);
    now->id = old->id;
    for (int i = 0; i < old->type->n; i++) {
        now->v[i] = given->op[i] ? given->v[i] : old->v[i];
        now->op[i] = given->op[i];
    }
    return now;
}

static bool set_inside(Crm *crm, Record *r, bool *changed, Arena *a, Error *err)
{
    Record *old;
    int n;
    if (!record_load(crm, r->type, r->id, true, a, &old, err))
        return false;
    Record *now = record_overlay(old, r, a);
    if (!hook_call(crm, HOOK_BEFORE, "set", old, now, r->type, err)
        || !row_check(crm, old, now, a, err) || !row_update(crm, old, now, a, &n, err)
        || !views_write(crm, now, changed, err))
        return false;
    *changed = *changed || n > 0;
    return !*changed || hook_call(crm, HOOK_AFTER, "set", old, now, r->type, err);
}

bool record_set(Crm *crm, Record *r, bool *changed, Error *err)
{
    Arena a = { 0 };
    bool differs = false;
    bool ok = may_change(crm, r->type, GUARD_CHANGE, err) && store_begin(crm->store, err);
    if (ok) {
        ok = set_inside(crm, r, &differs, &a, err) && written(crm, r->type, err);
        if (ok)
            ok = store_commit(crm->store, err);
        else
            store_rollback(crm->store);
    }
    if (changed)
        *changed = differs;
    arena_release(&a);
    return ok;
}

/* How many rows of a type have record id in a field. */
static bool referrers(Crm *crm, const Type *t, const Field *f, int64_t id, int64_t *count,
                      Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    const char *text = arena_printf(&a, "SELECT count(*) FROM \"%s\" WHERE \"%s\" = ?1", t->table,
                                    f->column);
    bool ok = query_text(crm->store, str(text), &q, err);
    if (ok) {
        query_int(q, 1, id);
        ok = query_one(q, err);
        *count = ok ? query_col_int(q, 0) : 0;
    }
    query_close(q);
    arena_release(&a);
    return ok;
}

/* Rows of other types that still refer to this one and would not go with it. */
static bool referrers_check(Crm *crm, const Type *t, int64_t id, Error *err)
{
    int n;
    const Type *const *types = schema_types(crm->schema, &n);
    bool in_use = false;
    for (int k = 0; k < n; k++)
        for (int i = 0; i < types[k]->n; i++) {
            const Field *f = &types[k]->fields[i];
            int64_t count;
            if (f->kind != KIND_REF || !f->column || f->flags & FIELD_LOOSE
                || schema_type(crm->schema, str(f->ref)) != t)
                continue;
            if (!referrers(crm, types[k], f, id, &count, err))
                return false;
            if (count && !in_use)
                fail(err, ERR_CONFLICT, "%s %" PRId64 " is still in use", t->name, id);
            if (count)
                fail_detail(err, "%" PRId64 " %s %s it as %s", count,
                            count == 1 ? types[k]->name : types[k]->plural,
                            count == 1 ? "has" : "have", f->name);
            if (count && !in_use)
                fail_hint(err, "%s list %s=%" PRId64 " shows them", types[k]->name, f->name, id);
            in_use = in_use || count;
        }
    return !in_use;
}

static bool delete_inside(Crm *crm, const Type *t, int64_t id, Arena *a, Error *err)
{
    Record *old;
    Query *q = NULL;
    if (!record_load(crm, t, id, crm->hook != NULL, a, &old, err)
        || !hook_call(crm, HOOK_BEFORE, "delete", old, NULL, t, err)
        || !referrers_check(crm, t, id, err))
        return false;
    const char *text = arena_printf(a, "DELETE FROM \"%s\" WHERE id = ?1", t->table);
    if (!query_text(crm->store, str(text), &q, err))
        return false;
    query_int(q, 1, id);
    bool ok = query_run(q, err);
    query_close(q);
    return ok && hook_call(crm, HOOK_AFTER, "delete", old, NULL, t, err);
}

bool record_delete(Crm *crm, const Type *t, int64_t id, Error *err)
{
    Arena a = { 0 };
    bool ok = may_change(crm, t, GUARD_CHANGE, err) && store_begin(crm->store, err);
    if (ok) {
        ok = delete_inside(crm, t, id, &a, err) && written(crm, t, err);
        if (ok)
            ok = store_commit(crm->store, err);
        else
            store_rollback(crm->store);
    }
    arena_release(&a);
    return ok;
}

/* ---- names ----------------------------------------------------------------------------------- */

/* Suggest the nearest of at most 1,000 handles. */
static bool no_handle(Crm *crm, const Type *t, Str typed, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    Error ignored = { 0 };
    const char **names = ARENA_ARRAY(&a, const char *, 1000);
    int n = 0;
    fail(err, ERR_NOT_FOUND, "no %s '%.*s'", t->name, STR_ARG(typed));
    fail_hint(err, "%s list shows what there is", t->name);
    const char *text = arena_printf(&a, "SELECT \"%s\" FROM \"%s\" LIMIT 1000",
                                    type_field(t, str(t->handle))->column, t->table);
    if (query_text(crm->store, str(text), &q, &ignored))
        while (query_next(q, &ignored) > 0 && n < 1000)
            names[n++] = str_c(query_col_str(q, 0), &a);
    query_close(q);
    const char *near = str_nearest(typed, names, (size_t)n);
    if (near)
        fail_hint(err, "did you mean '%s'?", near);
    arena_release(&a);
    return false;
}

/* How many rows have the value in the column; -1 failed. Of one row the id. */
static int find_by(Crm *crm, const Type *t, const char *column, Value v, int64_t *id, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    const char *text = arena_printf(&a, "SELECT min(id), count(*) FROM \"%s\" WHERE \"%s\" = ?1",
                                    t->table, column);
    int found = -1;
    if (query_text(crm->store, str(text), &q, err)) {
        query_value(q, 1, v);
        found = query_one(q, err) ? (int)query_col_int(q, 1) : -1;
        if (found == 1)
            *id = query_col_int(q, 0);
    }
    query_close(q);
    arena_release(&a);
    return found;
}

bool record_find(Crm *crm, const Type *t, Str typed, int64_t *id, Error *err)
{
    if (str_int(typed, id) && typed.s[0] != '+') {
        int found = find_by(crm, t, "id", value_int(*id), id, err);
        return found > 0 || (found == 0 && record_missing(crm, t, *id, err));
    }
    if (!t->handle) {
        fail(err, ERR_USAGE, "'%.*s' is no id of a %s", STR_ARG(typed), t->name);
        return fail_hint(err, "%s find %.*s shows ids", t->name, STR_ARG(typed));
    }
    const Field *label = type_field(t, STR("label"));
    int found = find_by(crm, t, type_field(t, str(t->handle))->column, value_text(typed), id, err);
    if (found > 1) {                  /* as a number on several stop lists */
        fail(err, ERR_CONFLICT, "%d %s have the %s '%.*s'", found, t->plural, t->handle,
             STR_ARG(typed));
        return fail_hint(err, "%s list %s=%.*s shows their ids", t->name, t->handle,
                         STR_ARG(typed));
    }
    if (found == 0 && label && label->column)              /* a stage is called 潜在, too */
        found = find_by(crm, t, label->column, value_text(typed), id, err);
    return found == 1 || (found >= 0 && no_handle(crm, t, typed, err));
}

const char *record_label(Crm *crm, const Type *t, int64_t id, Arena *a)
{
    static const char *const naming[] = { "name", "title", NULL };
    const Field *f = t->handle ? type_field(t, str(t->handle)) : NULL;
    Query *q = NULL;
    Error ignored = { 0 };
    const char *label = "";
    for (int i = 0; !f && naming[i]; i++)
        f = type_field(t, str(naming[i]));
    for (int i = 0; !f && i < t->n; i++)            /* a contact point: its number or address */
        if (t->fields[i].kind == KIND_TEXT && t->fields[i].flags & FIELD_REQUIRED)
            f = &t->fields[i];
    if (!f || !f->column)
        return label;
    const char *text = arena_printf(a, "SELECT \"%s\" FROM \"%s\" WHERE id = ?1", f->column,
                                    t->table);
    if (query_text(crm->store, str(text), &q, &ignored)) {
        query_int(q, 1, id);
        if (query_next(q, &ignored) > 0)
            label = str_c(query_col_str(q, 0), a);
    }
    query_close(q);
    return label;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * user_type.c -- fields and types that users add: real columns and tables, journalled with their
 * inverse, so that `undo` drops them again.
 */
#include <jansson.h>

#include "base/unicode.h"
#include "model/record.h"
#include "model/schema.h"
#include "store/journal.h"

enum { FIELD_ADD_ROW, TYPE_ADD_ROW, SQL_COUNT };
static const Sql sql[] = {
    [FIELD_ADD_ROW] = { "INSERT INTO field (type, name, label, kind, choices, ref, required, id,"
                        " change)"
                        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)", 0 },
    [TYPE_ADD_ROW] = { "INSERT INTO type (name, definition, id, change) VALUES (?1, ?2, ?3, ?4)",
                       0 },
};
const SqlTable user_type_sql = { "user_type", sql, SQL_COUNT };

enum { NAME_MOST = 60 };

/* Words of the filter language, and columns that every table has. */
static const char *const words[] = { "and", "or", "not", "in", "me", "id", "change", NULL };

static bool name_check(Str name, const char *what, Error *err)
{
    bool ok = name.n > 0 && name.n <= NAME_MOST && utf8_valid(name)
              && !(name.s[0] >= '0' && name.s[0] <= '9');
    int len;
    for (size_t i = 0; ok && i < name.n; i += (size_t)len) {
        uint32_t cp = utf8_next(name.s + i, name.n - i, &len);
        ok = cp == '_' || is_name_char(cp);
    }
    if (!ok) {
        fail(err, ERR_USAGE, "%s: '%.*s' cannot be a name", what, STR_ARG(name));
        return fail_hint(err, "letters of any script, digits and _, not beginning with a digit, at"
                              " most %d bytes", NAME_MOST);
    }
    for (int i = 0; words[i]; i++)
        if (str_eq_nocase(name, str(words[i]))) {
            fail(err, ERR_USAGE, "%s: '%.*s' means something already", what, STR_ARG(name));
            return fail_hint(err, "choose another name");
        }
    return true;
}

/* SQLite does not tell capitals from small letters in names. */
static const Field *field_like(const Type *t, int n, Str name)
{
    for (int i = 0; i < n; i++)
        if (str_eq_nocase(name, str(t->fields[i].name)))
            return &t->fields[i];
    return NULL;
}

static const char *storage(Kind k)
{
    switch (k) {
    case KIND_INT: case KIND_MONEY: case KIND_BOOL: case KIND_TIME: case KIND_DURATION:
    case KIND_REF:
        return "INTEGER";
    case KIND_NUMBER: case KIND_PERCENT:
        return "REAL";
    default:
        return "TEXT";
    }
}

/* `own` is the type that is being declared, or NULL: it may refer to itself. */
static bool column_type(const Schema *s, const Type *own, Kind kind, Str ref, Buf *out, Error *err)
{
    buf_cstr(out, storage(kind));
    if (kind != KIND_REF)
        return true;
    const Type *t = own && str_is(ref, own->name) ? own : schema_type(s, ref);
    if (!t) {
        fail(err, ERR_USAGE, "no type '%.*s' to refer to", STR_ARG(ref));
        return fail_hint(err, "kind ref needs the name of a type");
    }
    buf_printf(out, " REFERENCES \"%s\"(id) ON DELETE SET NULL", t->table);
    return true;
}

static bool field_row(Crm *crm, const Type *t, const FieldSpec *spec, Error *err)
{
    Query *q = NULL;
    int64_t id;
    if (!store_ids(crm->store, "field", 1, &id, err)
        || !query_open(crm->store, &sql[FIELD_ADD_ROW], &q, err))
        return false;
    query_cstr(q, 1, t->name);
    query_str(q, 2, spec->name);
    query_str(q, 3, spec->label.n ? spec->label : (Str){ 0 });
    query_cstr(q, 4, kind_name(spec->kind));
    query_str(q, 5, spec->choices.n ? spec->choices : (Str){ 0 });
    query_str(q, 6, spec->ref.n ? spec->ref : (Str){ 0 });
    query_int(q, 7, spec->required);
    query_int(q, 8, id);
    query_int(q, 9, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool field_check(const Type *t, const FieldSpec *spec, Error *err)
{
    Arena a = { 0 };
    if (!name_check(spec->name, "field", err))
        return false;
    const Field *like = field_like(t, t->n, spec->name);
    if (like) {
        fail(err, ERR_CONFLICT, "%s have a field '%s' already", t->plural, like->name);
        return fail_hint(err, "help %s lists the fields", t->name);
    }
    if (spec->kind == KIND_TAGS || spec->kind == KIND_PERCENT)
        return fail(err, ERR_USAGE, "field: kind %s cannot be added", kind_name(spec->kind));
    const char *const *choices = choices_split(spec->choices, &a);
    bool ok = choices_check(str_c(spec->name, &a), choices, err);
    if (ok && spec->kind == KIND_CHOICE && !*choices) {
        fail(err, ERR_USAGE, "field %.*s: kind choice needs its choices", STR_ARG(spec->name));
        ok = fail_hint(err, "--choices a,b,c");
    }
    arena_release(&a);
    return ok;
}

bool field_add(Crm *crm, const char *type, const FieldSpec *spec, Error *err)
{
    const Type *t = schema_type(crm->schema, str(type));
    Arena a = { 0 };
    Buf ddl = { 0 };
    bool ok = false;
    if (!t)
        return fail(err, ERR_USAGE, "there is no record type '%s'", type);
    if (!crm_may_manage(crm, err) || !field_check(t, spec, err) || !store_begin(crm->store, err))
        return false;
    const char *column = arena_printf(&a, "u_%.*s", STR_ARG(spec->name));
    buf_printf(&ddl, "ALTER TABLE \"%s\" ADD COLUMN \"%s\" ", t->table, column);
    ok = column_type(crm->schema, NULL, spec->kind, spec->ref, &ddl, err)
         && journal_schema(crm->store, SCHEMA_ADD_COLUMN, t->table, column, buf_as_str(&ddl), err)
         && field_row(crm, t, spec, err);
    if (ok)
        ok = store_commit(crm->store, err) && crm_reload(crm, err);
    else
        store_rollback(crm->store);
    buf_release(&ddl);
    arena_release(&a);
    return ok;
}

/* A ref's default is looked up when it is used. */
static bool default_check(Crm *crm, const Field *f, Error *err)
{
    Arena a = { 0 };
    Value v;
    bool ok = !f->fallback || f->kind == KIND_REF
              || field_parse(crm, f, str(f->fallback), &a, &v, err);
    arena_release(&a);
    return ok;
}

static bool type_check(Crm *crm, const Type *t, int n, Error *err)
{
    int types;
    const Type *const *all = schema_types(crm->schema, &types);
    if (!name_check(str(t->name), "type", err))
        return false;
    for (int i = 0; i < types; i++)
        if (str_eq_nocase(str(t->name), str(all[i]->name))
            || schema_type(crm->schema, str(t->name)))
            return fail(err, ERR_CONFLICT, "there is a type '%s' already", t->name);
    for (int i = 0; i < n; i++) {
        if (!name_check(str(t->fields[i].name), t->name, err))
            return false;
        if (field_like(t, i, str(t->fields[i].name)))
            return fail(err, ERR_USAGE, "%s: two fields are named '%s'", t->name,
                        t->fields[i].name);
        if (!default_check(crm, &t->fields[i], err))
            return false;
    }
    return true;
}

static bool type_ddl(Crm *crm, const Type *t, int n, Buf *ddl, Error *err)
{
    buf_printf(ddl, "CREATE TABLE \"%s\" (id INTEGER PRIMARY KEY", t->table);
    for (int i = 0; i < n; i++) {
        const Field *f = &t->fields[i];
        buf_printf(ddl, ", \"%s\" ", f->name);
        if (!column_type(crm->schema, t, f->kind, str(f->ref), ddl, err))
            return false;
        if (f->flags & FIELD_UNIQUE)
            buf_cstr(ddl, " UNIQUE");
    }
    buf_cstr(ddl, ", change INTEGER NOT NULL DEFAULT 0) STRICT");
    return true;
}

static bool type_row(Crm *crm, const Type *t, Str json, Error *err)
{
    Query *q = NULL;
    int64_t id;
    if (!store_ids(crm->store, "type", 1, &id, err)
        || !query_open(crm->store, &sql[TYPE_ADD_ROW], &q, err))
        return false;
    query_cstr(q, 1, t->name);
    query_str(q, 2, json);
    query_int(q, 3, id);
    query_int(q, 4, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool type_add(Crm *crm, Str json, Error *err)
{
    Arena a = { 0 };
    Buf ddl = { 0 };
    Type t;
    int n;
    bool ok = type_from_json(json, &a, &t, &n, err) && type_check(crm, &t, n, err)
              && type_ddl(crm, &t, n, &ddl, err) && store_begin(crm->store, err);
    if (ok) {
        ok = journal_schema(crm->store, SCHEMA_ADD_TABLE, t.table, NULL, buf_as_str(&ddl), err)
             && type_row(crm, &t, json, err);
        if (ok)
            ok = store_commit(crm->store, err) && crm_reload(crm, err);
        else
            store_rollback(crm->store);
    }
    buf_release(&ddl);
    arena_release(&a);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * schema.c -- the types of an open database: the shipped declarations, types and fields that users
 * added, each made ready (ids, columns, indexes) in one arena.
 */
#include "model/schema.h"

#include <stdlib.h>

#include <jansson.h>

#include "base/unicode.h"
#include "model/types.h"

enum { USER_FIELDS, USER_TYPES, SQL_COUNT };
static const Sql sql[] = {
    [USER_FIELDS] = { "SELECT type, name, label, kind, choices, ref, required FROM field"
                      " ORDER BY id", 0 },
    [USER_TYPES] = { "SELECT definition FROM type ORDER BY id", 0 },
};
const SqlTable schema_sql = { "schema", sql, SQL_COUNT };

struct Schema {
    Arena arena;
    const Type **types;       /* n of them */
    int n;
};

/* "lead" is another name for customer: same ids, used with the verbs of the life cycle; "import" is
 * what brought a batch. */
static const struct { const char *alias, *type; } aliases[] = {
    { "lead", "customer" }, { "import", "batch" }
};

static const Field id_field = {
    .name = "id", .kind = KIND_INT, .flags = FIELD_READONLY | FIELD_LISTED,
    .help = "its number, never given again", .label = "编号",
};

/* A type with `id` first, `extra` user fields last, indexes and columns filled. */
static const Type *type_make(Schema *s, const Type *from, int own, const Field *extra, int n_extra)
{
    Type *t = ARENA_NEW(&s->arena, Type);
    Field *f = ARENA_ARRAY(&s->arena, Field, own + n_extra + 1);
    *t = *from;
    f[0] = id_field;
    for (int i = 0; i < own; i++)
        f[i + 1] = from->fields[i];
    for (int i = 0; i < n_extra; i++)
        f[own + 1 + i] = extra[i];
    t->n = own + n_extra + 1;
    for (int i = 0; i < t->n; i++) {
        f[i].index = i;
        if (!f[i].sql && !f[i].column)
            f[i].column = f[i].name;
    }
    t->fields = f;
    if (!t->table)
        t->table = t->name;
    return t;
}

static int fields_count(const Field *f)
{
    int n = 0;
    while (f[n].name)
        n++;
    return n;
}

const char *const *choices_split(Str text, Arena *a)
{
    int n = 1, k = 0, len;
    for (size_t i = 0; i < text.n; i++)
        n += text.s[i] == ',' || (unsigned char)text.s[i] >= 0x80;
    const char **list = ARENA_ARRAY(a, const char *, n + 1);
    for (size_t from = 0, to; from < text.n; from = to + (size_t)len) {
        for (to = from, len = 1; to < text.n; to += (size_t)len) {
            uint32_t cp = utf8_next(text.s + to, text.n - to, &len);
            if (cp == ',' || cp == 0xFF0C || cp == 0x3001)
                break;
        }
        Str one = str_trim(str_n(text.s + from, to - from));
        if (one.n)
            list[k++] = str_c(one, a);
    }
    return list;
}

bool choices_check(const char *field, const char *const *declared, Error *err)
{
    for (int i = 0; declared[i]; i++)
        if (declared[i][0] == '=') {
            fail(err, ERR_USAGE, "%s: a choice has no name: '%s'", field, declared[i]);
            return fail_hint(err, "a choice is name or name=label, for example gold=金牌");
        }
    return true;
}

void choices_declare(const char *const *declared, Field *f, Arena *a)
{
    int n = 0;
    while (declared[n])
        n++;
    const char **names = ARENA_ARRAY(a, const char *, n + 1);
    const char **labels = ARENA_ARRAY(a, const char *, n + 1);
    f->choices = names;
    f->choice_labels = labels;
    for (int i = 0; i < n; i++) {
        size_t equals = strcspn(declared[i], "=");
        names[i] = str_c(str_trim(str_n(declared[i], equals)), a);
        labels[i] = declared[i][equals] ? declared[i] + equals + 1 : "";
    }
}

static const char *text_or_null(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? NULL : str_c(query_col_str(q, i), a);
}

typedef struct UserField { const char *type; Field f; } UserField;

static bool user_fields_read(Schema *s, Store *st, UserField **out, int *n, Error *err)
{
    Query *q = NULL;
    int room = 0, more;
    *out = NULL;
    *n = 0;
    if (!query_open(st, &sql[USER_FIELDS], &q, err))
        return false;
    while ((more = query_next(q, err)) > 0) {
        if (*n == room) {
            UserField *bigger = ARENA_ARRAY(&s->arena, UserField, room * 2 + 8);
            if (*n)
                memcpy(bigger, *out, sizeof **out * (size_t)*n);
            *out = bigger;
            room = room * 2 + 8;
        }
        UserField *u = &(*out)[(*n)++];
        u->type = str_c(query_col_str(q, 0), &s->arena);
        u->f = (Field){ .name = str_c(query_col_str(q, 1), &s->arena),
                        .flags = FIELD_USER | FIELD_LOOSE };
        u->f.label = text_or_null(q, 2, &s->arena);
        kind_find(query_col_str(q, 3), &u->f.kind);
        if (u->f.kind == KIND_CHOICE)
            choices_declare(choices_split(query_col_str(q, 4), &s->arena), &u->f, &s->arena);
        u->f.ref = text_or_null(q, 5, &s->arena);
        u->f.flags |= query_col_int(q, 6) ? FIELD_REQUIRED : 0;
        u->f.help = u->f.label ? u->f.label : "added by the user";
        u->f.column = arena_printf(&s->arena, "u_%s", u->f.name);
    }
    query_close(q);
    return more == 0;
}

static const char *json_text(json_t *o, const char *key, const char *fallback, Arena *a)
{
    const char *v = json_string_value(json_object_get(o, key));
    return v ? arena_strdup(a, v) : fallback;
}

static bool json_choices(json_t *list, Field *f, Arena *a, Error *err)
{
    size_t n = json_array_size(list);
    const char **out = ARENA_ARRAY(a, const char *, n + 1);
    for (size_t i = 0; i < n; i++) {
        const char *one = json_string_value(json_array_get(list, i));
        if (!one || !*one)
            return fail(err, ERR_USAGE, "%s: a choice is not a text", f->name);
        out[i] = arena_strdup(a, one);
    }
    choices_declare(out, f, a);
    if (f->kind != KIND_CHOICE || n)
        return choices_check(f->name, out, err);
    fail(err, ERR_USAGE, "%s: kind choice needs its choices", f->name);
    return fail_hint(err, "choices = { \"a\", \"b\" }");
}

static bool json_field(json_t *j, Field *f, Arena *a, Error *err)
{
    const char *name = json_text(j, "name", NULL, a), *kind = json_text(j, "kind", "text", a);
    if (!name)
        return fail(err, ERR_USAGE, "a field of the type has no name");
    *f = (Field){ .name = name, .flags = FIELD_LISTED | FIELD_LOOSE };
    if (!kind_find(str(kind), &f->kind) || f->kind == KIND_TAGS) {
        fail(err, ERR_USAGE, "%s: a field cannot be of kind '%s'", name, kind);
        return fail_hint(err, "one of text int number money percent bool date time duration phone"
                              " email choice ref");
    }
    f->help = json_text(j, "help", "", a);
    f->label = json_text(j, "label", NULL, a);
    f->ref = json_text(j, "ref", NULL, a);
    f->fallback = json_text(j, "default", NULL, a);
    if (json_is_true(json_object_get(j, "required")))
        f->flags |= FIELD_REQUIRED;
    if (json_is_true(json_object_get(j, "unique")))
        f->flags |= FIELD_UNIQUE;
    return json_choices(json_object_get(j, "choices"), f, a, err);
}

/* What names a record is a text of its own. */
static bool json_handle(Type *t, Field *f, int n, Error *err)
{
    for (int i = 0; t->handle && i < n; i++)
        if (strcmp(f[i].name, t->handle) == 0 && f[i].kind == KIND_TEXT) {
            f[i].flags |= FIELD_REQUIRED | FIELD_UNIQUE;
            return true;
        }
    return !t->handle || fail(err, ERR_USAGE, "%s: its handle '%s' is no text field of it", t->name,
                              t->handle);
}

bool type_from_json(Str text, Arena *a, Type *out, int *n, Error *err)
{
    json_error_t je;
    bool ok = false;
    json_t *j = json_loadb(text.s, text.n, 0, &je);
    if (!j)
        return fail(err, ERR_USAGE, "the definition of the type is no JSON: %s", je.text);
    const char *name = json_text(j, "name", NULL, a);
    json_t *fields = json_object_get(j, "fields");
    *n = (int)json_array_size(fields);
    if (!name || !*n) {
        fail(err, ERR_USAGE, "a type needs a name and at least one field");
        goto out;
    }
    Field *f = ARENA_ARRAY(a, Field, *n + 1);
    for (int i = 0; i < *n; i++)
        if (!json_field(json_array_get(fields, (size_t)i), &f[i], a, err))
            goto out;
    *out = (Type){ .name = name, .fields = f, .user = true };
    out->plural = json_text(j, "plural", arena_printf(a, "%ss", name), a);
    out->summary = json_text(j, "summary", "declared by the user", a);
    out->handle = json_text(j, "handle", NULL, a);
    out->table = arena_printf(a, "u_%s", name);
    ok = json_handle(out, f, *n, err);
out:
    json_decref(j);
    return ok;
}

static const Type *with_user_fields(Schema *s, const Type *t, int own, const UserField *u, int n)
{
    Field *extra = ARENA_ARRAY(&s->arena, Field, n + 1);
    int k = 0;
    for (int i = 0; i < n; i++)
        if (strcmp(u[i].type, t->name) == 0)
            extra[k++] = u[i].f;
    return type_make(s, t, own, extra, k);
}

static bool user_types_read(Schema *s, Store *st, const UserField *u, int n_user, int room,
                            Error *err)
{
    Query *q = NULL;
    int more;
    if (!query_open(st, &sql[USER_TYPES], &q, err))
        return false;
    while ((more = query_next(q, err)) > 0 && s->n < room) {
        Type t;
        int n;
        if (!type_from_json(query_col_str(q, 0), &s->arena, &t, &n, err)) {
            more = -1;
            break;
        }
        s->types[s->n++] = with_user_fields(s, &t, n, u, n_user);
    }
    query_close(q);
    return more >= 0;
}

/* A field that refers to a type which is gone shows the number that it holds. */
static void refs_check(Schema *s)
{
    for (int k = 0; k < s->n; k++)
        for (int i = 0; i < s->types[k]->n; i++) {
            Field *f = (Field *)&s->types[k]->fields[i];     /* of our arena */
            if (f->kind == KIND_REF && !schema_type(s, str(f->ref)))
                f->kind = KIND_INT;
        }
}

bool schema_load(Store *st, Schema **out, Error *err)
{
    enum { MOST_TYPES = 512 };
    Schema *s = xalloc(sizeof *s);
    UserField *u;
    int n_user;
    s->types = ARENA_ARRAY(&s->arena, const Type *, MOST_TYPES);
    if (!user_fields_read(s, st, &u, &n_user, err))
        goto failed;
    for (int i = 0; builtin_types[i]; i++)
        s->types[s->n++] = with_user_fields(s, builtin_types[i],
                                            fields_count(builtin_types[i]->fields), u, n_user);
    if (!user_types_read(s, st, u, n_user, MOST_TYPES, err))
        goto failed;
    refs_check(s);
    *out = s;
    return true;
failed:
    schema_free(s);
    return false;
}

void schema_free(Schema *s)
{
    if (!s)
        return;
    arena_release(&s->arena);
    free(s);
}

const Type *schema_type(const Schema *s, Str name)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (str_is(name, aliases[i].alias))
            name = str(aliases[i].type);
    for (int i = 0; i < s->n; i++)
        if (str_is(name, s->types[i]->name))
            return s->types[i];
    return NULL;
}

const Type *const *schema_types(const Schema *s, int *n)
{
    *n = s->n;
    return s->types;
}

const Type *schema_type_near(const Schema *s, Str name)
{
    const char *names[600];
    int n = 0;
    for (int i = 0; i < s->n && n < 590; i++)
        names[n++] = s->types[i]->name;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        names[n++] = aliases[i].alias;
    const char *near = str_nearest(name, names, (size_t)n);
    return near ? schema_type(s, str(near)) : NULL;
}

const char *schema_alias(const Type *t)
{
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(t->name, aliases[i].type) == 0)
            return aliases[i].alias;
    return NULL;
}

const Field *type_field(const Type *t, Str name)
{
    for (int i = 0; i < t->n; i++)
        if (str_is(name, t->fields[i].name))
            return &t->fields[i];
    return NULL;
}

const char *type_first(const Type *t)
{
    for (int i = 0; !t->handle && i < t->n; i++)
        if (t->fields[i].kind == KIND_REF && t->fields[i].flags & FIELD_REQUIRED)
            return t->fields[i].name;
    return t->handle;
}

bool type_field_get(const Type *t, Str name, const Field **out, Error *err)
{
    *out = type_field(t, name);
    if (*out)
        return true;
    Arena a = { 0 };
    const char **names = ARENA_ARRAY(&a, const char *, t->n);
    for (int i = 0; i < t->n; i++)
        names[i] = t->fields[i].name;
    const char *near = str_nearest(name, names, (size_t)t->n);
    fail(err, ERR_USAGE, "%s have no field '%.*s'", t->plural, STR_ARG(name));
    if (near)
        fail_hint(err, "nearest: %s", near);
    else
        fail_hint(err, "help %s lists the fields", t->name);
    arena_release(&a);
    return false;
}

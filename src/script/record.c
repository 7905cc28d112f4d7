/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * record.c -- handles: a record in Lua is its type and id, nothing else.
 *
 * Fields are read from the database when they are asked for, one at a time, so a handle is never
 * out of date and a deleted record raises.  Assigning stores at once, by record_set.  What is no
 * field is a verb of the type: c:move{stage="potential"} is the command `lead move ID ...`.
 */
#include "script/state.h"

#include "model/select.h"

static const char *const META = "patter.record";

typedef struct Handle { int64_t id; } Handle;          /* user value 1: the type's name */

void handle_push(lua_State *L, const char *type, int64_t id)
{
    Handle *h = lua_newuserdatauv(L, sizeof *h, 1);
    h->id = id;
    lua_pushstring(L, type);
    lua_setiuservalue(L, -2, 1);
    luaL_setmetatable(L, META);
}

static int64_t handle_of(lua_State *L, int idx, const char **type)
{
    Handle *h = luaL_checkudata(L, idx, META);
    lua_getiuservalue(L, idx, 1);
    *type = lua_tostring(L, -1);     /* kept alive by the handle */
    lua_pop(L, 1);
    return h->id;
}

int64_t handle_id(lua_State *L, int idx, const char **type)
{
    if (luaL_testudata(L, idx, META))
        return handle_of(L, idx, type);
    return seen_id(L, idx, type);
}

const Type *type_of(lua_State *L, Script *sc, const char *name)
{
    const Type *t = schema_type(sc->session->crm->schema, str(name));
    if (!t)
        misuse(L, "there is no record type '%s' any more", name);
    return t;
}

/* ---- reading --------------------------------------------------------------------------------- */

static int l_add_tag(lua_State *L)   /* (tags, record, "x"): c:tag("x") */
{
    const char *type;
    int64_t id = handle_id(L, 2, &type);
    Script *sc = script_of(L);
    if (!id)
        return misuse(L, "tag is called as record:tag(\"word\")");
    record_assign(L, sc, type_of(L, sc, type), id, STR("tag"), FIELD_ADD, 3);
    return 0;
}

static int l_tags_tostring(lua_State *L)
{
    luaL_Buffer b;
    lua_Integer n = luaL_len(L, 1);
    luaL_buffinit(L, &b);
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&b, ',');
        lua_geti(L, 1, i);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    return 1;
}

void field_value_push(lua_State *L, Script *sc, const Field *f, Value v)
{
    const Type *to = f->kind == KIND_REF && f->ref
                     ? schema_type(sc->session->crm->schema, str(f->ref)) : NULL;
    if (to && !to->handle && v.type == VALUE_INT) {
        handle_push(L, to->name, v.i);
        return;
    }
    value_push(L, v, f->kind);
    if (f->kind == KIND_TAGS)
        luaL_setmetatable(L, "patter.tags");
}

/* Field f of record id as shown; false with err. *v lives in the arena. */
static bool field_read(Crm *crm, const Type *t, int64_t id, const Field *f, Arena *a, Value *v,
                       Error *err)
{
    const Field *fields[] = { f };
    Select s = { .type = t, .fields = fields, .n = 1, .after = id - 1, .limit = 1 };
    Query *q = NULL;
    bool ok = false;
    if (!select_open(crm, &s, a, &q, err))
        return false;
    int rc = query_next(q, err);
    if (rc > 0 && query_col_int(q, 0) == id) {
        *v = value_dup(query_col(q, 1), a);
        ok = true;
    } else if (rc >= 0) {
        fail(err, ERR_NOT_FOUND, "%s %lld is no more", t->name, (long long)id);
    }
    query_close(q);
    return ok;
}

void field_push(lua_State *L, Script *sc, const Type *t, int64_t id, const Field *f)
{
    Error err = { 0 };
    Value v;
    Arena *a = script_arena(L);
    if (!field_read(sc->session->crm, t, id, f, a, &v, &err))
        error_raise(L, &err);
    field_value_push(L, sc, f, v);
    lua_closeslot(L, -2);
    lua_remove(L, -2);
}

/* call.lead is call.customer: another name of a type stands for the field that refers to it. */
const Field *field_named(const Crm *crm, const Type *t, const char *key)
{
    const Field *f = type_field(t, str(key));
    if (f)
        return f;
    const Type *alias = schema_type(crm->schema, str(key));
    return alias && strcmp(alias->name, key) != 0 ? type_field(t, str(alias->name)) : NULL;
}

static int l_untag(lua_State *L)
{
    const char *type;
    int64_t id = handle_id(L, 1, &type);
    Script *sc = script_of(L);
    if (!id)
        return misuse(L, "untag is called as record:untag(\"word\")");
    record_assign(L, sc, type_of(L, sc, type), id, STR("tag"), FIELD_REMOVE, 2);
    return 0;
}

void handle_method(lua_State *L, const Type *t, const char *key)
{
    Script *sc = script_of(L);
    Crm *crm = sc->session->crm;
    int n;
    if (strcmp(key, "untag") == 0 && type_field(t, STR("tag"))) {
        lua_pushcfunction(L, l_untag);
        return;
    }
    if (registry_get(sc->session->registry, str(t->name), str(key))) {
        verb_push(L, t->name, key);
        return;
    }
    /* A verb of another name of the type: lead move. */
    const Command *const *all = registry_all(sc->session->registry, &n);
    for (int i = 0; i < n; i++) {
        const char *space = strchr(all[i]->name, ' ');
        if (!space || strcmp(space + 1, key) != 0)
            continue;
        Str noun = str_n(all[i]->name, (size_t)(space - all[i]->name));
        if (schema_type(crm->schema, noun) == t) {
            lua_pushlstring(L, noun.s, noun.n);
            verb_push(L, lua_tostring(L, -1), key);
            lua_remove(L, -2);
            return;
        }
    }
    Error err = { 0 };
    const Field *f;
    type_field_get(t, str(key), &f, &err);       /* says which name is near */
    error_raise(L, &err);
}

static int l_index(lua_State *L)
{
    const char *type, *key = luaL_checkstring(L, 2);
    int64_t id = handle_of(L, 1, &type);
    if (strcmp(key, "id") == 0) {
        lua_pushinteger(L, id);
        return 1;
    }
    Script *sc = script_of(L);
    const Type *t = type_of(L, sc, type);
    const Field *f = field_named(sc->session->crm, t, key);
    if (f)
        field_push(L, sc, t, id, f);
    else
        handle_method(L, t, key);
    return 1;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* Put typed text into a field of a stored record, in a transaction that says what was done. */
static bool assign(Crm *crm, const Type *t, int64_t id, Str field, FieldOp op, Str typed, Arena *a,
                   Error *err)
{
    Record *r = record_new(t, a);
    r->id = id;
    if (!(crm->rights & MAY_WRITE))
        return fail(err, ERR_DENIED, "you may not change records");
    if (!record_put(crm, r, field, op, typed, a, err))
        return false;
    if (store_depth(crm->store))
        return record_set(crm, r, NULL, err);
    const char *line =
        arena_printf(a, "%s set %lld %.*s%s%s", t->name, (long long)id, STR_ARG(field),
                     op == FIELD_ADD      ? "+="
                     : op == FIELD_REMOVE ? "-="
                                          : "=",
                     lex_quote(typed, a));
    if (!store_begin(crm->store, err))
        return false;
    journal_describe(crm->store, str(line));
    if (record_set(crm, r, NULL, err))
        return store_commit(crm->store, err);
    store_rollback(crm->store);
    return false;
}

void record_assign(lua_State *L, Script *sc, const Type *t, int64_t id, Str field, FieldOp op,
                   int idx)
{
    Error err = { 0 };
    const Field *f;
    idx = lua_absindex(L, idx);
    may_write(L, sc);
    Arena *a = script_arena(L);
    if (!type_field_get(t, field, &f, &err))
        error_raise(L, &err);
    Str typed = value_typed(L, idx, f->kind, f->name, a);
    if (!assign(sc->session->crm, t, id, field, op, typed, a, &err))
        error_raise(L, &err);
    lua_closeslot(L, -1);
    lua_pop(L, 1);
}

static int l_newindex(lua_State *L)
{
    const char *type, *key = luaL_checkstring(L, 2);
    int64_t id = handle_of(L, 1, &type);
    Script *sc = script_of(L);
    record_assign(L, sc, type_of(L, sc, type), id, str(key), FIELD_SET, 3);
    return 0;
}

/* ---- the rest -------------------------------------------------------------------------------- */

static int l_eq(lua_State *L)
{
    const char *x, *y;
    int64_t i = handle_of(L, 1, &x), j = handle_of(L, 2, &y);
    lua_pushboolean(L, i == j && strcmp(x, y) == 0);
    return 1;
}

static int l_tostring(lua_State *L)
{
    const char *type;
    int64_t id = handle_of(L, 1, &type);
    Script *sc = script_of(L);
    const Type *t = schema_type(sc->session->crm->schema, str(type));
    Arena *a = script_arena(L);
    const char *label = t ? record_label(sc->session->crm, t, id, a) : "";
    lua_pushfstring(L, label[0] ? "%s %I (%s)" : "%s %I", type, (LUAI_UACINT)id, label);
    return 1;
}

static const luaL_Reg methods[] = {
    { "__index", l_index }, { "__newindex", l_newindex }, { "__eq", l_eq },
    { "__tostring", l_tostring }, { NULL, NULL },
};

static const luaL_Reg tags_methods[] = {
    { "__call", l_add_tag }, { "__tostring", l_tags_tostring }, { NULL, NULL },
};

void record_setup(lua_State *L)
{
    luaL_newmetatable(L, META);
    luaL_setfuncs(L, methods, 0);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    luaL_newmetatable(L, "patter.tags");
    luaL_setfuncs(L, tags_methods, 0);
    lua_pop(L, 2);
}

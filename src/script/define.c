/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * define.c -- patter.command{} and patter.type{}: what Lua declares becomes what C declares.
 *
 * The table is written as JSON and read by the same code as the index of shipped commands, so both
 * are checked alike.  Only the function `run` stays in Lua (defined.c calls it).
 */
#include "script/state.h"

#include "base/embed.h"
#include "base/json.h"

static const char key_index;         /* registry: definitions collected by script_index, or nil */
enum { DEPTH = 8 };

/* ---- a definition as JSON -------------------------------------------------------------------- */

/* An argument, column or field: "name", or {"name", kind="int", ...}. */
static void put_named(lua_State *L, Arena *a, Buf *b)
{
    int n;
    if (lua_type(L, -1) == LUA_TSTRING) {
        buf_cstr(b, "{\"name\":");
        value_json(L, -1, 1, a, b);
        buf_char(b, '}');
        return;
    }
    luaL_checktype(L, -1, LUA_TTABLE);
    const char **keys = value_keys(L, -1, &n, a);
    buf_char(b, '{');
    bool first = lua_geti(L, -1, 1) == LUA_TNIL;
    if (!first) {
        buf_cstr(b, "\"name\":");
        value_json(L, -1, 1, a, b);
    }
    lua_pop(L, 1);
    for (int i = 0; i < n; i++) {
        buf_printf(b, "%s", first ? "" : ",");
        first = false;
        json_write_text(b, str(keys[i]));
        buf_char(b, ':');
        lua_getfield(L, -1, keys[i]);
        value_json(L, -1, DEPTH, a, b);
        lua_pop(L, 1);
    }
    buf_char(b, '}');
}

/* {"report rates", "the rates of all campaigns"} */
static void put_example(lua_State *L, Arena *a, Buf *b)
{
    static const char *const names[] = { "line", "says" };
    luaL_checktype(L, -1, LUA_TTABLE);
    buf_char(b, '{');
    for (int i = 0; i < 2; i++) {
        buf_printf(b, "%s\"%s\":", i ? "," : "", names[i]);
        lua_geti(L, -1, i + 1);
        value_json(L, -1, 1, a, b);
        lua_pop(L, 1);
    }
    buf_char(b, '}');
}

static void put_list(lua_State *L, void (*item)(lua_State *, Arena *, Buf *), Arena *a, Buf *b)
{
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_Integer n = luaL_len(L, -1);
    buf_char(b, '[');
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1)
            buf_char(b, ',');
        lua_geti(L, -1, i);
        item(L, a, b);
        lua_pop(L, 1);
    }
    buf_char(b, ']');
}

/* The definition at index 1; `source` (may be NULL) is put beside it. */
static void definition_json(lua_State *L, const char *source, Arena *a, Buf *b)
{
    int n;
    const char **keys = value_keys(L, 1, &n, a);
    buf_char(b, '{');
    for (int i = 0, put = 0; i < n; i++) {
        if (lua_getfield(L, 1, keys[i]) == LUA_TFUNCTION) {
            lua_pop(L, 1);
            continue;
        }
        buf_printf(b, "%s\"%s\":", put++ ? "," : "", keys[i]);
        if (strcmp(keys[i], "args") == 0 || strcmp(keys[i], "columns") == 0
            || strcmp(keys[i], "fields") == 0)
            put_list(L, put_named, a, b);
        else if (strcmp(keys[i], "examples") == 0)
            put_list(L, put_example, a, b);
        else
            value_json(L, -1, DEPTH, a, b);
        lua_pop(L, 1);
    }
    if (source) {
        buf_cstr(b, ",\"source\":");
        json_write_text(b, str(source));
    }
    buf_char(b, '}');
}

/* While the index is made, definitions are only collected. True when it is. */
static bool collect(lua_State *L, const char *list, const Buf *json)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_index) != LUA_TTABLE) {
        lua_pop(L, 1);
        return false;
    }
    lua_getfield(L, -1, list);
    lua_pushlstring(L, json->s, json->n);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 2);
    return true;
}

static const char *index_source(lua_State *L)
{
    const char *source = NULL;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_index) == LUA_TTABLE) {
        lua_getfield(L, -1, "source");
        source = lua_tostring(L, -1);            /* kept alive by the table */
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return source;
}

/* ---- patter.command -------------------------------------------------------------------------- */

int define_command(lua_State *L)
{
    Script *sc = script_of(L);
    Error err = { 0 };
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (lua_getfield(L, 1, "run") != LUA_TFUNCTION || lua_getfield(L, 1, "name") != LUA_TSTRING)
        return misuse(L, "patter.command needs a name and a function run(args, out)");
    const char *name = lua_tostring(L, -1);
    Arena *a = script_arena(L);
    Buf *b = script_buf(a);
    definition_json(L, index_source(L), a, b);
    if (collect(L, "commands", b))
        return 0;
    defined_keep(L, name);
    if (sc->loading && strcmp(sc->loading, name) == 0)
        return 0;                    /* the registry knows it from the index */
    Command *cmd;
    if (!command_from_json(buf_as_str(b), &sc->defined, &cmd, &err)) {
        err.code = ERR_USAGE;
        return error_raise(L, &err);
    }
    registry_add(sc->session->registry, cmd);
    return 0;
}

/* ---- patter.type ----------------------------------------------------------------------------- */

/* In a transaction, so that type_add's parts stand or fall together. */
static bool add_type(Crm *crm, Str json, const char *name, Error *err)
{
    bool outermost = store_depth(crm->store) == 0;
    char line[160];
    if (!store_begin(crm->store, err))
        return false;
    snprintf(line, sizeof line, "type add %s", name);
    if (outermost)
        journal_describe(crm->store, str(line));
    if (type_add(crm, json, err))
        return store_commit(crm->store, err);
    store_rollback(crm->store);
    return false;
}

/* True when the type was added, false when the database has it already; nil, err. */
int define_type(lua_State *L)
{
    Script *sc = script_of(L);
    Error err = { 0 };
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (lua_getfield(L, 1, "name") != LUA_TSTRING)
        return misuse(L, "patter.type needs a name");
    const char *name = lua_tostring(L, -1);
    Arena *a = script_arena(L);
    Buf *b = script_buf(a);
    definition_json(L, NULL, a, b);
    if (collect(L, "types", b))
        return 0;
    const Type *had = schema_type(sc->session->crm->schema, str(name));
    if (had && !had->user)
        return misuse(L, "'%s' is a type of the program", name);
    if (had) {
        lua_pushboolean(L, false);
        return 1;
    }
    may_write(L, sc);
    if (!session_may(sc->session, MAY_MANAGE, &err))
        return error_raise(L, &err);
    if (!add_type(sc->session->crm, buf_as_str(b), name, &err))
        return error_result(L, &err);
    lua_pushboolean(L, true);
    return 1;
}

/* patter.load_type("supplier"): run lua/types/supplier.lua; what patter.type gave there. */
int define_load_type(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")])
        return misuse(L, "no type file is named '%s'", name);
    script_load(L, lua_pushfstring(L, "lua/types/%s.lua", name));
    lua_call(L, 0, 2);
    return 2;
}

void script_attach(Session *s)
{
    s->script_run = define_run;
    s->script_index = script_index;
}

/* ---- the index ------------------------------------------------------------------------------- */

/* Run each file of lua/commands and lua/types with definitions collected instead of made. */
static int l_index(lua_State *L)
{
    static const char *const folders[] = { "lua/commands/", "lua/types/" };
    Buf *out = lua_touserdata(L, 1);
    Arena *a = script_arena(L);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_index);
    lua_newtable(L);
    lua_setfield(L, -2, "commands");
    lua_newtable(L);
    lua_setfield(L, -2, "types");
    for (int i = 0; i < 2; i++)
        for (const char *const *f = embed_list(folders[i], a); *f; f++) {
            lua_pushstring(L, *f);
            lua_setfield(L, -2, "source");
            script_load(L, *f);
            lua_call(L, 0, 0);
        }
    for (int i = 0; i < 2; i++) {
        const char *list = i ? "types" : "commands";
        lua_getfield(L, -1, list);
        buf_printf(out, "%s\"%s\": [", i ? "\n],\n" : "{\n", list);
        for (lua_Integer k = 1, n = luaL_len(L, -1); k <= n; k++) {
            lua_geti(L, -1, k);
            buf_printf(out, "%s\n%s", k > 1 ? "," : "", lua_tostring(L, -1));
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    buf_cstr(out, "\n]\n}\n");
    return 0;
}

bool script_index(Session *s, Buf *out, Error *err)
{
    Script *sc;
    if (!script_get(s, &sc, err))
        return false;
    lua_State *L = sc->running;
    lua_pushcfunction(L, l_index);
    lua_pushlightuserdata(L, out);
    bool ok = script_call(sc, 1, 0, 0, err);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_index);
    return ok;
}

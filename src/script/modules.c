/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * modules.c -- where `require` finds modules.
 *
 * "patter.NAME" is the program's standard library (lua/patter), found before all else; then the
 * script's own folder, the user's data folder and package.path as Lua has it.
 */
#include "script/state.h"

#include <stdlib.h>

#include "base/embed.h"

static const char key_environment;   /* registry: a table, or nil where globals do */

void script_load(lua_State *L, const char *path)
{
    Error err = { 0 };
    Str text;
    Arena *a = script_arena(L);
    if (!embed_read(path, a, &text, &err))
        error_raise(L, &err);
    const char *chunk = arena_printf(a, "@patter/%s", strchr(path, '/') + 1);
    if (luaL_loadbufferx(L, text.s, text.n, chunk, "t") != LUA_OK)
        lua_error(L);
    lua_closeslot(L, -2);            /* compiled: the text may go */
    lua_remove(L, -2);
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_environment) == LUA_TTABLE)
        lua_setupvalue(L, -2, 1);
    else
        lua_pop(L, 1);
}

void script_environment(lua_State *L, int patter, int crm)
{
    patter = lua_absindex(L, patter);
    crm = lua_absindex(L, crm);
    lua_createtable(L, 0, 2);
    lua_pushvalue(L, patter);
    lua_setfield(L, -2, "patter");
    lua_pushvalue(L, crm);
    lua_setfield(L, -2, "crm");
    lua_createtable(L, 0, 1);
    lua_pushglobaltable(L);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_environment);
}

/* The searcher of package.searchers for "patter.NAME". */
static int l_searcher(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    static const char letters[] = "abcdefghijklmnopqrstuvwxyz_";
    if (strncmp(name, "patter.", 7) != 0 || name[7 + strspn(name + 7, letters)])
        return 0;
    const char *path = lua_pushfstring(L, "lua/patter/%s.lua", name + 7);
    Arena a = { 0 };
    Str text;
    Error err = { 0 };
    bool found = embed_read(path, &a, &text, &err);
    arena_release(&a);
    if (!found) {
        lua_pushfstring(L, "no module '%s' in the program", name);
        return 1;
    }
    script_load(L, path);
    lua_pushstring(L, path);
    return 2;
}

void script_modules(lua_State *L)
{
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "searchers");
    for (lua_Integer i = (lua_Integer)lua_rawlen(L, -1); i >= 2; i--) {
        lua_rawgeti(L, -1, i);
        lua_rawseti(L, -2, i + 1);
    }
    lua_pushcfunction(L, l_searcher);
    lua_rawseti(L, -2, 2);
    lua_pop(L, 2);
}

/* Put a folder in front of package.path. */
void script_path(lua_State *L, const char *dir)
{
    lua_getglobal(L, "package");
    lua_getfield(L, -1, "path");
    lua_pushfstring(L, "%s/?.lua;%s/?/init.lua;%s", dir, dir, lua_tostring(L, -1));
    lua_setfield(L, -3, "path");
    lua_pop(L, 2);
}

void script_user_path(lua_State *L)
{
    const char *data = getenv("XDG_DATA_HOME"), *home = getenv("HOME");
    if (data && data[0] == '/')
        lua_pushfstring(L, "%s/patter/lua", data);
    else if (home)
        lua_pushfstring(L, "%s/.local/share/patter/lua", home);
    else
        return;
    script_path(L, lua_tostring(L, -1));
    lua_pop(L, 1);
}


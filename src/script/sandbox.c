/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * sandbox.c -- what a script that comes from outside does without: files, programs, bytecode,
 * debug, C modules, finalizers, and patterns that could run for ever.
 */
#include "script/state.h"

static int l_load(lua_State *L)      /* upvalue 1: the library's load; text only */
{
    int n = lua_gettop(L) < 4 ? 3 : 4;
    lua_settop(L, n);
    lua_pushliteral(L, "t");
    lua_replace(L, 3);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, n, LUA_MULTRET);
    return lua_gettop(L);
}

/* Finalizers run where no time limit reaches them. */
static int l_setmetatable(lua_State *L)     /* upvalue 1: the library's */
{
    if (lua_istable(L, 2)) {
        lua_pushliteral(L, "__gc");
        lua_rawget(L, 2);
        if (!lua_isnil(L, -1))
            return misuse(L, "a restricted script may not set __gc");
        lua_pop(L, 1);
    }
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, 1);
    return 1;
}

/* A pattern with many repetitions may take for ever, where no limit reaches it. */
static int l_pattern(lua_State *L)   /* upvalue 1: the library's function */
{
    size_t n;
    int items = 0;
    const char *p = luaL_checklstring(L, 2, &n);
    for (size_t i = 0; i < n; i++)
        items += p[i] == '*' || p[i] == '+' || p[i] == '-' || p[i] == '?';
    if (items > 12 || n > 1000)
        return misuse(L, "the pattern has too many repetitions for a restricted script");
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static void wrap(lua_State *L, const char *lib, const char *name, lua_CFunction f)
{
    lua_getglobal(L, lib);
    lua_getfield(L, -1, name);
    lua_pushcclosure(L, f, 1);
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

static void remove_names(lua_State *L, const char *lib, const char *const *names)
{
    lua_getglobal(L, lib);
    for (; *names; names++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *names);
    }
    lua_pop(L, 1);
}

void script_sandbox(lua_State *L)
{
    static const char *const globals[] = {"io",       "debug",          "dofile",
                                          "loadfile", "collectgarbage", NULL};
    static const char *const os[] = { "execute", "remove", "rename", "exit", "tmpname", "getenv",
                                      "setlocale", NULL };
    static const char *const package[] = { "loadlib", "searchpath", NULL };
    static const char *const loaded[] = { "io", "debug", NULL };
    remove_names(L, "_G", globals);
    remove_names(L, "os", os);
    lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    for (const char *const *n = loaded; *n; n++) {
        lua_pushnil(L);
        lua_setfield(L, -2, *n);
    }
    lua_pop(L, 1);
    remove_names(L, "package", package);
    wrap(L, "_G", "load", l_load);
    wrap(L, "_G", "setmetatable", l_setmetatable);
    for (const char *const *f = (const char *const[]){"find", "match", "gmatch", "gsub", NULL}; *f;
         f++)
        wrap(L, "string", *f, l_pattern);
    lua_getglobal(L, "package");
    lua_pushliteral(L, "");
    lua_setfield(L, -2, "path");
    lua_pushliteral(L, "");
    lua_setfield(L, -2, "cpath");
    lua_createtable(L, 2, 0);        /* preload and the program's own; no files */
    lua_getfield(L, -2, "searchers");
    for (int i = 1; i <= 2; i++) {
        lua_rawgeti(L, -1, i);
        lua_rawseti(L, -3, i);
    }
    lua_pop(L, 1);
    lua_setfield(L, -2, "searchers");
    lua_pop(L, 1);
}

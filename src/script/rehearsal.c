/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rehearsal.c -- what a script of a dry run does without: programs, and files to write.
 */
#include <string.h>

#include "script/state.h"

static int l_outside(lua_State *L)
{
    return misuse(L, "a dry run starts no program and writes no file");
}

static int l_open(lua_State *L)      /* upvalue 1: the library's io.open */
{
    if (strpbrk(luaL_optstring(L, 2, "r"), "wa+"))
        return l_outside(L);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_insert(L, 1);
    lua_call(L, lua_gettop(L) - 1, LUA_MULTRET);
    return lua_gettop(L);
}

static void refuse(lua_State *L, const char *lib, const char *const *names)
{
    lua_getglobal(L, lib);
    for (; *names; names++) {
        lua_pushcfunction(L, l_outside);
        lua_setfield(L, -2, *names);
    }
    lua_pop(L, 1);
}

void script_rehearsal(lua_State *L)
{
    refuse(L, "os", (const char *const[]){ "execute", "remove", "rename", "tmpname", NULL });
    refuse(L, "io", (const char *const[]){ "popen", "tmpfile", NULL });
    lua_getglobal(L, "io");
    lua_getfield(L, -1, "open");
    lua_pushcclosure(L, l_open, 1);
    lua_setfield(L, -2, "open");
    lua_pop(L, 1);
}

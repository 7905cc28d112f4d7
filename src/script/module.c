/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * module.c -- patter as a module of a stock lua5.4:
 *     local crm, patter = require("patter").open("shop.db")
 *
 * The state is the host's, so there are no limits, no print of ours, no globals and no signal
 * handler; one database is open in a state at a time.  It is closed by crm.close() or with the
 * state.  Linked into a shared object without liblua and readline (the host brings the one, nobody
 * needs the other).
 */
#include "script/state.h"

#include <stdio.h>
#include <stdlib.h>

int luaopen_patter(lua_State *L);

typedef struct Module {
    Session session;
    Clock clock;
    ClockSlew slew;
    Ui ui;
    Script *script;                  /* NULL: closed */
} Module;

static const char key_module;        /* registry: the open Module */

static void say(Ui *ui, const char *text)
{
    (void)ui;
    fprintf(stderr, "%s\n", text);
}

static int nobody(Ui *ui, const char *question, const char *name)
{
    (void)ui;
    (void)question;
    (void)name;
    return -1;
}

static void no_progress(Ui *ui, const char *what, int64_t done, int64_t total)
{
    (void)ui;
    (void)what;
    (void)done;
    (void)total;
}

static bool never(Ui *ui)
{
    (void)ui;
    return false;
}

static void module_close(Module *m)
{
    Session *s = &m->session;
    if (m->script)
        script_release(m->script);
    registry_free(s->registry);
    if (s->crm)
        crm_close(s->crm);
    m->script = NULL;
    s->registry = NULL;
    s->crm = NULL;
}

static int l_gc(lua_State *L)
{
    module_close(lua_touserdata(L, 1));
    return 0;
}

/* What is left of `crm` afterwards raises: its Script is gone. */
static int l_close(lua_State *L)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_module) == LUA_TUSERDATA) {
        Module *m = lua_touserdata(L, -1);
        if (m->script && m->script->depth)
            return misuse(L, "crm.close cannot be called inside a hook or command");
        script_forget(L);
        module_close(m);
        lua_pushnil(L);
        lua_rawsetp(L, LUA_REGISTRYINDEX, &key_module);
    }
    return 0;
}

static bool session_open(Module *m, const char *path, Error *err)
{
    Session *s = &m->session;
    m->ui = (Ui){ say, say, nobody, no_progress, never };
    s->ui = &m->ui;
    m->clock.slew = &m->slew;
    if (!crm_open(path, STORE_CREATE, &m->clock, &s->crm, err))
        return false;
    s->registry = registry_new(s->crm);
    script_attach(s);
    return true;
}

/* open(path) -> crm, patter; nil, err when the file cannot be used. */
static int l_open(lua_State *L)
{
    const char *path = luaL_checkstring(L, 1);
    Error err = { 0 };
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_module) != LUA_TNIL)
        return luaL_error(L, "a database is open in this state; crm.close() it first");
    Module *m = lua_newuserdatauv(L, sizeof *m, 0);
    *m = (Module){ 0 };
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, l_gc);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
    error_setup(L);
    if (!session_open(m, path, &err)) {
        module_close(m);
        lua_pushnil(L);
        error_push(L, &err);
        return 2;
    }
    m->script = script_host(L, &m->session);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_module);
    script_setup(L, m->script);      /* leaves patter, crm */
    lua_pushcfunction(L, l_close);
    lua_setfield(L, -2, "close");
    script_environment(L, -2, -1);
    lua_insert(L, -2);               /* crm, patter */
    return 2;
}

int luaopen_patter(lua_State *L)
{
    lua_createtable(L, 0, 2);
    lua_pushcfunction(L, l_open);
    lua_setfield(L, -2, "open");
    lua_pushliteral(L, "patter " PATTER_VERSION);
    lua_setfield(L, -2, "_VERSION");
    return 1;
}

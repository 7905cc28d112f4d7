/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * state.c -- the Lua state of a session: opening and closing it, and what stands in `patter`.
 */
#include "script/state.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/unicode.h"

enum { MEGABYTES = 1024 };           /* ceiling when the setting lua.megabytes does not say */

static const char key_script;        /* its address is the registry key */

Script *script_of(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_script);
    Script *sc = lua_touserdata(L, -1);
    lua_pop(L, 1);
    if (!sc)
        luaL_error(L, "the database is closed");         /* in a host's state only */
    sc->running = L;
    return sc;
}

void script_forget(lua_State *L)
{
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_script);
}

/* ---- memory that Lua frees ------------------------------------------------------------------- */

typedef struct Scratch { Arena arena; Buf buf; } Scratch;

static int l_scratch_close(lua_State *L)
{
    Scratch *s = lua_touserdata(L, 1);
    arena_release(&s->arena);
    buf_release(&s->buf);
    return 0;
}

Buf *script_buf(Arena *a)
{
    return &((Scratch *)a)->buf;     /* the arena is its first member */
}

Arena *script_arena(lua_State *L)
{
    luaL_checkstack(L, 4, NULL);
    Scratch *s = lua_newuserdatauv(L, sizeof *s, 0);
    *s = (Scratch){ 0 };
    if (luaL_newmetatable(L, "patter.scratch")) {
        lua_pushcfunction(L, l_scratch_close);
        lua_setfield(L, -2, "__close");
        lua_pushcfunction(L, l_scratch_close);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    lua_toclose(L, -1);
    return &s->arena;
}

/* ---- print, note ----------------------------------------------------------------------------- */

void safe_write(const Script *sc, FILE *to, Str s)
{
    if (!s.n)
        return;
    if (!isatty(fileno(to)) && !(to == stdout && sc->session->out.terminal)) {
        fwrite(s.s, 1, s.n, to);
        return;
    }
    Buf safe = { 0 };
    while (s.n) {
        size_t n = 0;
        while (n < s.n && s.s[n] != '\n' && s.s[n] != '\t')
            n++;
        text_put_safe(&safe, str_n(s.s, n));
        if (n < s.n)
            buf_char(&safe, s.s[n++]);
        s = str_n(s.s + n, s.n - n);
    }
    fwrite(safe.s, 1, safe.n, to);
    buf_release(&safe);
}

static int l_print(lua_State *L)
{
    Script *sc = script_of(L);
    FILE *to = sc->to ? sc->to : stdout;
    int n = lua_gettop(L);
    for (int i = 1; i <= n; i++) {
        size_t len;
        const char *s = luaL_tolstring(L, i, &len);
        if (i > 1)
            fputc('\t', to);
        safe_write(sc, to, str_n(s, len));
        lua_pop(L, 1);
    }
    fputc('\n', to);
    return 0;
}

static int l_note(lua_State *L)
{
    Script *sc = script_of(L);
    Ui *ui = sc->ui ? sc->ui : sc->session->ui;
    luaL_Buffer b;
    int n = lua_gettop(L);
    luaL_buffinit(L, &b);
    for (int i = 1; i <= n; i++) {
        if (i > 1)
            luaL_addchar(&b, '\t');
        luaL_tolstring(L, i, NULL);
        luaL_addvalue(&b);
    }
    luaL_pushresult(&b);
    if (ui)
        ui_note(ui, "%s", lua_tostring(L, -1));
    return 0;
}

static int l_now(lua_State *L)
{
    lua_pushinteger(L, crm_now(script_of(L)->session->crm));
    return 1;
}

/* patter.time("tomorrow 3pm") -> milliseconds; nil, err when it is no moment. */
static int l_time(lua_State *L)
{
    Crm *crm = script_of(L)->session->crm;
    size_t n;
    const char *s = luaL_checklstring(L, 1, &n);
    Moment m;
    Error err = { 0 };
    if (!moment_parse(str_n(s, n), crm->zone, crm_now(crm), &m, &err))
        return error_result(L, &err);
    lua_pushinteger(L, m.from);
    return 1;
}

/* ---- opening --------------------------------------------------------------------------------- */

static const luaL_Reg patter_functions[] = {
    { "note", l_note }, { "now", l_now }, { "time", l_time },
    { "command", define_command }, { "type", define_type }, { "load_type", define_load_type },
    { NULL, NULL },
};

void script_setup(lua_State *L, Script *sc)
{
    luaL_checkstack(L, 40, NULL);
    lua_pushlightuserdata(L, sc);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_script);
    error_setup(L);
    value_setup(L);
    record_setup(L);
    iterate_setup(L);
    hook_setup(L);
    defined_setup(L);
    luaL_newlib(L, patter_functions);
    lua_pushliteral(L, PATTER_VERSION);
    lua_setfield(L, -2, "version");
    lua_pushliteral(L, "patter " PATTER_VERSION);
    lua_setfield(L, -2, "_VERSION");
    lua_pushinteger(L, 1);
    lua_setfield(L, -2, "api");
    value_push_null(L);
    lua_setfield(L, -2, "null");
    script_modules(L);
    command_setup(L);
}

static int l_open(lua_State *L)
{
    Script *sc = lua_touserdata(L, 1);
    lua_settop(L, 0);
    luaL_openlibs(L);
    limits_setup(L);
    script_setup(L, sc);             /* leaves patter, crm */
    lua_setglobal(L, "crm");
    luaL_getsubtable(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
    lua_pushvalue(L, 1);
    lua_setfield(L, -2, "patter");
    lua_pushvalue(L, 1);
    lua_setglobal(L, "patter");
    lua_pushcfunction(L, l_print);
    lua_setglobal(L, "print");
    if (sc->session->dry_run || sc->session->rehearsal)
        script_rehearsal(L);
    if (sc->limits.sandbox)
        script_sandbox(L);
    else
        script_user_path(L);
    return 0;
}

static int on_panic(lua_State *L)
{
    panic("Lua: %s", lua_tostring(L, -1) ? lua_tostring(L, -1) : "error");
}

static int64_t setting_number(Crm *crm, const char *name, int64_t otherwise)
{
    Arena a = { 0 };
    int64_t n;
    const char *text = setting_get(crm, name, &a);
    if (!text || !str_int(str(text), &n) || n < 0)
        n = otherwise;
    arena_release(&a);
    return n;
}

bool script_open(Session *s, const ScriptLimits *limits, Script **out, Error *err)
{
    Script *sc = xalloc(sizeof *sc);
    sc->session = s;
    sc->L = lua_newstate(limits_alloc, sc);
    if (!sc->L)
        panic("no memory for a Lua state");
    lua_atpanic(sc->L, on_panic);
    sc->running = sc->L;
    sc->limits = *limits;
    s->script = sc;
    script_attach(s);
    lua_pushcfunction(sc->L, l_open);
    lua_pushlightuserdata(sc->L, sc);
    if (lua_pcall(sc->L, 1, 0, 0) != LUA_OK) {
        error_take(sc->L, -1, err);
        script_close(s);
        return false;
    }
    *out = sc;
    return true;
}

Script *script_host(lua_State *L, Session *s)
{
    Script *sc = xalloc(sizeof *sc);
    sc->session = s;
    sc->L = sc->running = L;
    sc->hosted = true;
    s->script = sc;
    return sc;
}

bool script_get(Session *s, Script **out, Error *err)
{
    if (s->script) {
        *out = s->script;
        return true;
    }
    if (s->crm && !crm_ready(s->crm, err))
        return false;
    ScriptLimits l = { .ms = setting_number(s->crm, "lua.seconds", 0) * 1000,
                       .bytes = setting_number(s->crm, "lua.megabytes", MEGABYTES) << 20 };
    return script_open(s, &l, out, err);
}

void script_release(Script *sc)
{
    limits_release(sc);
    hook_release(sc);
    arena_release(&sc->amended);
    arena_release(&sc->defined);
    sc->session->script = NULL;
    free(sc);
}

void script_close(Session *s)
{
    Script *sc = s->script;
    if (!sc)
        return;
    sc->limits = (ScriptLimits){ 0 };
    lua_close(sc->L);
    script_release(sc);
}


const char *script_library(void)
{
    return LUA_RELEASE;
}

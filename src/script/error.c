/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * error.c -- Error in C and the error table in Lua: {code, message, hint, detail, where,
 * traceback}.
 *
 * One rule everywhere: what may fail although the script is right (no such record, a gate says no,
 * a file cannot be read) comes back as nil and an error table; misuse (a wrong name, a wrong
 * argument, no right) is raised.
 */
#include "script/state.h"

static const char *const META = "patter.error";

static void set_text(lua_State *L, const char *key, const char *text)
{
    if (text && text[0]) {
        lua_pushstring(L, text);
        lua_setfield(L, -2, key);
    }
}

void error_push(lua_State *L, const Error *err)
{
    lua_createtable(L, 0, 6);
    set_text(L, "code", err_name(err->code));
    set_text(L, "message", err->msg);
    set_text(L, "detail", err->detail);
    set_text(L, "hint", err->hint);
    luaL_setmetatable(L, META);
}

/* Whether a function is the program's own Lua rather than a user's. */
static bool is_own(const lua_Debug *ar)
{
    return strncmp(ar->source, "@patter/", 8) == 0;
}

int error_raise(lua_State *L, const Error *err)
{
    lua_Debug ar;
    error_push(L, err);
    /* The nearest function of the user's own is to blame. */
    for (int level = 0; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Sl", &ar);
        if (ar.currentline < 0 || is_own(&ar))
            continue;
        lua_pushfstring(L, "%s:%d: ", ar.short_src, ar.currentline);
        lua_setfield(L, -2, "where");
        break;
    }
    return lua_error(L);
}

int error_result(lua_State *L, const Error *err)
{
    switch (err->code) {
    case ERR_USAGE: case ERR_DENIED: case ERR_DATABASE: case ERR_INTERRUPTED:
        return error_raise(L, err);
    default:
        lua_pushnil(L);
        error_push(L, err);
        return 2;
    }
}

int misuse(lua_State *L, const char *fmt, ...)
{
    Error err = { .code = ERR_USAGE };
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(err.msg, sizeof err.msg, fmt, ap);
    va_end(ap);
    return error_raise(L, &err);
}

/* where, message, detail lines and hint, as an uncaught error is shown. */
static int l_tostring(lua_State *L)
{
    luaL_Buffer b;
    lua_settop(L, 1);
    lua_getfield(L, 1, "where");
    lua_getfield(L, 1, "message");
    lua_getfield(L, 1, "detail");
    lua_getfield(L, 1, "hint");
    luaL_buffinit(L, &b);
    luaL_addstring(&b, luaL_optstring(L, 2, ""));
    luaL_addstring(&b, luaL_optstring(L, 3, "error"));
    if (lua_isstring(L, 4)) {
        luaL_addstring(&b, "\n  ");
        luaL_addgsub(&b, lua_tostring(L, 4), "\n", "\n  ");
    }
    if (lua_isstring(L, 5)) {
        luaL_addstring(&b, "\n  ");
        luaL_addstring(&b, lua_tostring(L, 5));
    }
    luaL_pushresult(&b);
    return 1;
}

/* Frames of the user's files first (`own` false), then those of the program's own Lua. */
static int add_frames(lua_State *L, int level, bool own, Buf *out)
{
    lua_Debug ar;
    int n = 0;
    for (; lua_getstack(L, level, &ar); level++) {
        lua_getinfo(L, "Slnt", &ar);
        if (*ar.what == 'C' || is_own(&ar) != own)
            continue;
        buf_printf(out, "%s%s:%d: in %s%s%s%s", out->n ? "\n" : "", ar.short_src, ar.currentline,
                   *ar.what == 'm' ? "main chunk" : ar.name ? "function '" : "a function",
                   *ar.what != 'm' && ar.name ? ar.name : "", *ar.what != 'm' && ar.name ? "'" : "",
                   ar.istailcall ? " (tail call)" : "");
        n++;
    }
    return n;
}

/* Put the traceback into the error table on the top. One frame tells no more than the position, and
 * the program's own frames alone tell a user nothing. */
static void add_traceback(lua_State *L)
{
    if (lua_getfield(L, -1, "traceback") != LUA_TNIL) {
        lua_pop(L, 1);
        return;
    }
    Buf b = { .max = 1500 };
    int n = add_frames(L, 1, false, &b);
    if (n)
        n += add_frames(L, 1, true, &b);
    char text[1536];
    snprintf(text, sizeof text, "%s", n > 1 && b.s ? b.s : "");
    buf_release(&b);
    lua_pushstring(L, text);
    lua_setfield(L, -3, "traceback");
    lua_pop(L, 1);
}

/* An error table of any other error value at 1. */
static void from_value(lua_State *L)
{
    Error err = { 0 };
    if (lua_istable(L, 1) && !luaL_getmetafield(L, 1, "__tostring")) {
        lua_getfield(L, 1, "message");
        lua_getfield(L, 1, "hint");
        const char *m = lua_tostring(L, -2), *h = lua_tostring(L, -1);
        fail(&err, ERR_FAILED, "%s", m ? m : "an error table without message");
        fail_hint(&err, "%s", h ? h : "");
    } else {
        fail(&err, ERR_FAILED, "%s", luaL_tolstring(L, 1, NULL));
    }
    lua_settop(L, 1);
    error_push(L, &err);
}

int error_handler(lua_State *L)
{
    lua_settop(L, 1);
    luaL_getmetatable(L, META);
    bool ours = lua_istable(L, 1) && lua_getmetatable(L, 1) && lua_rawequal(L, -1, 2);
    lua_settop(L, 1);
    if (!ours)
        from_value(L);
    if (!script_of(L)->stop)
        add_traceback(L);
    return 1;
}

static const char *text_of(lua_State *L, int idx, const char *key)
{
    lua_getfield(L, idx, key);       /* stays on the stack: the caller resets the top */
    return lua_tostring(L, -1);
}

void error_take(lua_State *L, int idx, Error *err)
{
    int top = lua_gettop(L);
    idx = lua_absindex(L, idx);
    if (!lua_istable(L, idx)) {      /* out of memory, or an error in error handling */
        const char *text = lua_tostring(L, idx);
        fail(err, ERR_FAILED, "%s", text ? text : "unknown error");
        if (text && strcmp(text, "not enough memory") == 0)
            fail_hint(err, "the memory of a script has a ceiling (lua.megabytes)");
        return;
    }
    const char *code = text_of(L, idx, "code"), *where = text_of(L, idx, "where");
    const char *msg = text_of(L, idx, "message"), *hint = text_of(L, idx, "hint");
    const char *detail = text_of(L, idx, "detail"), *trace = text_of(L, idx, "traceback");
    ErrCode c = ERR_FAILED;
    for (int i = 1; code && i < ERR_CODES; i++)
        if (strcmp(code, err_name((ErrCode)i)) == 0)
            c = (ErrCode)i;
    err->detail[0] = '\0';
    fail(err, c, "%s%s", where ? where : "", msg ? msg : "error");
    if (detail && detail[0])
        fail_detail(err, "%s", detail);
    for (const char *line = trace; line && *line;) {
        size_t n = strcspn(line, "\n");
        fail_detail(err, "%.*s", (int)n, line);
        line += n + (line[n] == '\n');
    }
    fail_hint(err, "%s", hint ? hint : "");
    lua_settop(L, top);
}

bool script_call(Script *sc, int nargs, int nresults, int64_t ms, Error *err)
{
    lua_State *L = sc->running;
    int base = lua_gettop(L) - nargs;
    lua_pushcfunction(L, error_handler);
    lua_insert(L, base);
    Entry e = limits_enter(sc, ms);
    int rc = lua_pcall(L, nargs, nresults, base);
    limits_leave(sc, e);
    lua_remove(L, base);
    if (rc == LUA_OK)
        return true;
    error_take(L, -1, err);
    lua_pop(L, 1);
    return false;
}

void error_setup(lua_State *L)
{
    luaL_newmetatable(L, META);
    lua_pushcfunction(L, l_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushstring(L, META);
    lua_setfield(L, -2, "__name");
    lua_pop(L, 1);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * value.c -- values between Lua and the rest: cells, typed words, filters, JSON.
 *
 * Ids, money (minor units), times and lengths (milliseconds) are integers; days are ISO text; tags
 * an array of text; null is nil, and patter.null where nil cannot stand (inside arrays, to clear a
 * field). What goes the other way is spelled as a person would type it, so that one parser checks
 * both.
 */
#include "script/state.h"

#include <math.h>
#include <stdlib.h>

#include "base/json.h"

static const char key_null;          /* registry key of patter.null */

void value_push_null(lua_State *L)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_null);
}

bool value_is_nothing(lua_State *L, int idx)
{
    if (lua_isnoneornil(L, idx))
        return true;
    if (lua_type(L, idx) != LUA_TUSERDATA)
        return false;
    idx = lua_absindex(L, idx);
    value_push_null(L);
    bool same = lua_rawequal(L, -1, idx);
    lua_pop(L, 1);
    return same;
}

static void push_tags(lua_State *L, Str s)
{
    int n = 0;
    lua_newtable(L);
    for (size_t from = 0; from < s.n;) {
        const char *comma = memchr(s.s + from, ',', s.n - from);
        size_t to = comma ? (size_t)(comma - s.s) : s.n;
        lua_pushlstring(L, s.s + from, to - from);
        lua_rawseti(L, -2, ++n);
        from = to + 1;
    }
}

void value_push(lua_State *L, Value v, Kind k)
{
    if (k == KIND_TAGS) {
        push_tags(L, v.type == VALUE_TEXT ? v.s : (Str){ 0 });
        return;
    }
    switch (v.type) {
    case VALUE_NULL:
        lua_pushnil(L);
        break;
    case VALUE_INT:
        if (k == KIND_BOOL)
            lua_pushboolean(L, v.i != 0);
        else
            lua_pushinteger(L, v.i);
        break;
    case VALUE_REAL:
        lua_pushnumber(L, v.r);
        break;
    case VALUE_TEXT:
        lua_pushlstring(L, v.s.s ? v.s.s : "", v.s.n);
        break;
    }
}

/* ---- text in an arena: nothing is lost when Lua jumps ---------------------------------------- */

typedef struct Text { Arena *a; char *s; size_t n, size; } Text;

static void put(Text *t, Str s)
{
    if (t->n + s.n + 1 > t->size) {
        t->size = (t->n + s.n + 1) * 2;
        char *bigger = arena_alloc(t->a, t->size);
        if (t->n)
            memcpy(bigger, t->s, t->n);
        t->s = bigger;
    }
    if (s.n)
        memcpy(t->s + t->n, s.s, s.n);
    t->n += s.n;
    t->s[t->n] = '\0';
}

/* ---- as a person would type it --------------------------------------------------------------- */

static Str typed_value(Value v, Kind k, Arena *a)
{
    Buf b = { 0 };
    value_write_plain(v, k, &b);
    Str s = str_dup(buf_as_str(&b), a);
    buf_release(&b);
    return s;
}

/* A length as h:mm:ss, which duration_parse reads; a part of a second is dropped. */
static Str typed_duration(int64_t ms, Arena *a)
{
    int64_t s = ms / 1000;
    return str(arena_printf(a, "%lld:%02lld:%02lld", (long long)(s / 3600),
                            (long long)(s / 60 % 60), (long long)(s % 60)));
}

static Str typed_list(lua_State *L, int idx, Kind k, const char *what, Arena *a)
{
    Text t = { .a = a };
    idx = lua_absindex(L, idx);
    lua_Integer n = luaL_len(L, idx);
    for (lua_Integer i = 1; i <= n; i++) {
        lua_geti(L, idx, i);
        Str one = value_typed(L, -1, k == KIND_TAGS ? KIND_TEXT : k, what, a);
        lua_pop(L, 1);
        if (i > 1)
            put(&t, STR(","));
        put(&t, one);
    }
    return str_n(t.s ? t.s : "", t.n);
}

Str value_typed(lua_State *L, int idx, Kind k, const char *what, Arena *a)
{
    size_t n;
    const char *s, *type;
    int64_t id;
    if (value_is_nothing(L, idx))
        return str("");
    switch (lua_type(L, idx)) {
    case LUA_TSTRING:
        s = lua_tolstring(L, idx, &n);
        return str_dup(str_n(s, n), a);
    case LUA_TBOOLEAN:
        return str(lua_toboolean(L, idx) ? "yes" : "no");
    case LUA_TNUMBER:
        if (lua_isinteger(L, idx))
            return k == KIND_DURATION ? typed_duration(lua_tointeger(L, idx), a)
                                      : typed_value(value_int(lua_tointeger(L, idx)), k, a);
        if (k == KIND_MONEY)
            misuse(L, "%s is money: give whole minor units (1250) or text ('12.50'), not %g", what,
                   lua_tonumber(L, idx));
        if (!isfinite(lua_tonumber(L, idx)))
            misuse(L, "%s cannot be %g", what, lua_tonumber(L, idx));
        return typed_value(value_real(lua_tonumber(L, idx)), KIND_NUMBER, a);
    case LUA_TTABLE:
        return typed_list(L, idx, k, what, a);
    default:
        id = handle_id(L, idx, &type);
        if (!id)
            misuse(L, "%s cannot be a %s", what, luaL_typename(L, idx));
        return str(arena_printf(a, "%lld", (long long)id));
    }
}

/* ---- filters --------------------------------------------------------------------------------- */

static void put_quoted(Text *t, Str s)
{
    put(t, STR("'"));
    for (size_t i = 0; i < s.n; i++)
        put(t, s.s[i] == '\'' ? STR("'\\''") : str_n(s.s + i, 1));
    put(t, STR("'"));
}

/* One comparison: key is "stage", or "value>=" with an operator at its end; the value is on the
 * top. */
static void put_comparison(lua_State *L, Str key, Text *t)
{
    bool op = key.n && strchr("=<>~", key.s[key.n - 1]);
    if (t->n)
        put(t, STR(" "));
    put(t, key);
    if (lua_istable(L, -1) && !op) {
        lua_Integer n = luaL_len(L, -1);
        put(t, STR(" in ("));
        for (lua_Integer i = 1; i <= n; i++) {
            lua_geti(L, -1, i);
            put(t, i > 1 ? STR(", ") : STR(""));
            put_quoted(t, value_typed(L, -1, KIND_TEXT, key.s, t->a));
            lua_pop(L, 1);
        }
        put(t, STR(")"));
        return;
    }
    if (!op)
        put(t, STR("="));
    if (!value_is_nothing(L, -1))
        put_quoted(t, value_typed(L, -1, KIND_TEXT, key.s, t->a));
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* The text keys of the table at idx, sorted, so that the same table always means the same words. */
const char **value_keys(lua_State *L, int idx, int *count, Arena *a)
{
    int n = 0, room = 0;
    idx = lua_absindex(L, idx);
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1))
        room++;
    const char **keys = ARENA_ARRAY(a, const char *, room + 1);
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING)
            keys[n++] = arena_strdup(a, lua_tostring(L, -2));
    qsort(keys, (size_t)n, sizeof *keys, by_text);
    *count = n;
    return keys;
}

const char *value_filter(lua_State *L, int idx, Arena *a)
{
    Text t = { .a = a };
    int n;
    if (value_is_nothing(L, idx))
        return "";
    if (lua_type(L, idx) == LUA_TSTRING)
        return arena_strdup(a, lua_tostring(L, idx));
    if (!lua_istable(L, idx))
        misuse(L, "a filter is a table or a text, not a %s", luaL_typename(L, idx));
    idx = lua_absindex(L, idx);
    lua_Integer texts = luaL_len(L, idx);
    for (lua_Integer i = 1; i <= texts; i++) {
        if (lua_geti(L, idx, i) != LUA_TSTRING)
            misuse(L, "a filter takes field = value and text, not a %s", luaL_typename(L, -1));
        if (str_trim(str(lua_tostring(L, -1))).n)
            put(&t, str(arena_printf(a, "%s(%s)", t.n ? " " : "", lua_tostring(L, -1))));
        lua_pop(L, 1);
    }
    const char **keys = value_keys(L, idx, &n, a);
    for (int i = 0; i < n; i++) {
        if (strcmp(keys[i], "order") == 0 || strcmp(keys[i], "limit") == 0)
            continue;
        lua_getfield(L, idx, keys[i]);
        put_comparison(L, str(keys[i]), &t);
        lua_pop(L, 1);
    }
    return t.s ? t.s : "";
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void json_array(lua_State *L, int idx, lua_Integer n, int depth, Arena *a, Buf *out)
{
    for (lua_Integer i = 1; i <= n; i++) {
        buf_char(out, i == 1 ? '[' : ',');
        lua_geti(L, idx, i);
        value_json(L, -1, depth - 1, a, out);
        lua_pop(L, 1);
    }
    buf_char(out, ']');
}

static void json_object(lua_State *L, int idx, int depth, Arena *a, Buf *out)
{
    int count, shown = 0;
    const char **keys = value_keys(L, idx, &count, a);
    buf_char(out, '{');
    for (int i = 0; i < count; i++) {
        if (lua_getfield(L, idx, keys[i]) != LUA_TFUNCTION) {
            if (shown++)
                buf_char(out, ',');
            json_write_text(out, str(keys[i]));
            buf_char(out, ':');
            value_json(L, -1, depth - 1, a, out);
        }
        lua_pop(L, 1);
    }
    buf_char(out, '}');
}

void value_json(lua_State *L, int idx, int depth, Arena *a, Buf *out)
{
    size_t n;
    const char *s;
    idx = lua_absindex(L, idx);
    luaL_checkstack(L, 8, NULL);
    switch (lua_type(L, idx)) {
    case LUA_TNUMBER:
        json_write_value(out,
                         lua_isinteger(L, idx) ? value_int(lua_tointeger(L, idx))
                                               : value_real(lua_tonumber(L, idx)),
                         KIND_NUMBER);
        break;
    case LUA_TBOOLEAN:
        buf_cstr(out, lua_toboolean(L, idx) ? "true" : "false");
        break;
    case LUA_TSTRING:
        s = lua_tolstring(L, idx, &n);
        json_write_text(out, str_n(s, n));
        break;
    case LUA_TTABLE:
        if (depth == 0)
            misuse(L, "the definition is nested too deeply");
        if (luaL_len(L, idx) > 0)
            json_array(L, idx, luaL_len(L, idx), depth, a, out);
        else
            json_object(L, idx, depth, a, out);
        break;
    default:
        buf_cstr(out, "null");
        break;
    }
}

/* ---- patter.null ----------------------------------------------------------------------------- */

static int l_null_tostring(lua_State *L)
{
    lua_pushliteral(L, "null");
    return 1;
}

void value_setup(lua_State *L)
{
    lua_newuserdatauv(L, 0, 0);
    lua_createtable(L, 0, 3);
    lua_pushcfunction(L, l_null_tostring);
    lua_setfield(L, -2, "__tostring");
    lua_pushliteral(L, "patter.null");
    lua_setfield(L, -2, "__name");
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_setmetatable(L, -2);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_null);
}

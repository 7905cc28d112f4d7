/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * repl.c -- values at the prompt, and completion of what is being typed there.
 *
 * Rows are shown as a table, other tables to depth 2 and with a limit, several values separated by
 * tabs.  Completion reads tables raw: it runs no code of the user's.
 */
#include "script/state.h"

#include <stdlib.h>

enum { DEPTH = 2, ITEMS = 20, WIDEST = 200 };

static void put_text(lua_State *L, int idx, bool quoted, Buf *out)
{
    size_t n;
    const char *s = lua_tolstring(L, idx, &n);
    if (!quoted) {
        buf_put(out, s, n);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < n && i < WIDEST; i++) {
        if (s[i] == '"' || s[i] == '\\')
            buf_char(out, '\\');
        if (s[i] == '\n')
            buf_cstr(out, "\\n");
        else
            buf_char(out, s[i]);
    }
    buf_cstr(out, n > WIDEST ? "...\"" : "\"");
}

static bool is_name(const char *s)
{
    if (!*s || (*s >= '0' && *s <= '9'))
        return false;
    return s[strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")] == '\0';
}

/* Append what stands before one value: "{ " or ", "; false when the table has had enough. */
static bool put_separator(int *shown, Buf *out)
{
    if (*shown >= ITEMS)
        return false;
    buf_cstr(out, (*shown)++ ? ", " : "{ ");
    return true;
}

/* Text keys by name, so that the same table always looks the same. */
static bool put_fields(lua_State *L, int idx, int depth, int *shown, Arena *a, Buf *out)
{
    int n;
    const char **keys = value_keys(L, idx, &n, a);
    for (int i = 0; i < n; i++) {
        if (!put_separator(shown, out))
            return false;
        buf_printf(out, is_name(keys[i]) ? "%s = " : "[\"%s\"] = ", keys[i]);
        lua_pushstring(L, keys[i]);
        lua_rawget(L, idx);
        repl_write(L, -1, depth - 1, a, out);
        lua_pop(L, 1);
    }
    return true;
}

/* Keys that are neither text nor of the first n. */
static bool put_others(lua_State *L, int idx, lua_Integer n, int depth, int *shown, Arena *a,
                       Buf *out)
{
    for (lua_pushnil(L); lua_next(L, idx); lua_pop(L, 1)) {
        if (lua_type(L, -2) == LUA_TSTRING
            || (lua_isinteger(L, -2) && lua_tointeger(L, -2) >= 1 && lua_tointeger(L, -2) <= n))
            continue;
        if (!put_separator(shown, out)) {
            lua_pop(L, 2);
            return false;
        }
        buf_char(out, '[');
        repl_write(L, -2, 0, a, out);
        buf_cstr(out, "] = ");
        repl_write(L, -1, depth - 1, a, out);
    }
    return true;
}

static void put_table(lua_State *L, int idx, int depth, Arena *a, Buf *out)
{
    lua_Integer n = (lua_Integer)lua_rawlen(L, idx);
    int shown = 0;
    bool all = true;
    for (lua_Integer i = 1; all && i <= n; i++) {
        all = put_separator(&shown, out);
        if (all) {
            lua_rawgeti(L, idx, i);
            repl_write(L, -1, depth - 1, a, out);
            lua_pop(L, 1);
        }
    }
    all = all && put_fields(L, idx, depth, &shown, a, out)
          && put_others(L, idx, n, depth, &shown, a, out);
    buf_cstr(out, !shown ? "{}" : all ? " }" : ", ... }");
}

void repl_write(lua_State *L, int idx, int depth, Arena *a, Buf *out)
{
    idx = lua_absindex(L, idx);
    luaL_checkstack(L, 8, NULL);
    if (lua_type(L, idx) == LUA_TSTRING) {
        put_text(L, idx, depth < DEPTH, out);
    } else if (lua_istable(L, idx) && luaL_getmetafield(L, idx, "__tostring") == LUA_TNIL) {
        if (depth > 0)
            put_table(L, idx, depth, a, out);
        else
            buf_cstr(out, "{...}");
    } else {
        luaL_tolstring(L, idx, NULL);
        put_text(L, -1, false, out);
        lua_settop(L, lua_gettop(L) - (lua_istable(L, idx) ? 2 : 1));
    }
}

/* ---- rows ------------------------------------------------------------------------------------ */

static bool is_rows(lua_State *L, int idx)
{
    if (!lua_istable(L, idx) || !lua_getmetatable(L, idx))
        return false;
    luaL_getmetatable(L, "patter.rows");
    bool yes = lua_rawequal(L, -1, -2);
    lua_pop(L, 2);
    return yes;
}

/* Cells are shown as Lua has them: what they are is in the value, not in the column. */
static Value cell(lua_State *L, Arena *a, Kind *kind)
{
    size_t n;
    Value v = value_null();
    *kind = KIND_TEXT;
    if (lua_isinteger(L, -1)) {
        *kind = KIND_INT;
        v = value_int(lua_tointeger(L, -1));
    } else if (lua_type(L, -1) == LUA_TNUMBER) {
        *kind = KIND_NUMBER;
        v = value_real(lua_tonumber(L, -1));
    } else if (!value_is_nothing(L, -1)) {
        const char *s = luaL_tolstring(L, -1, &n);
        v = value_text(str_n(arena_strndup(a, s, n), n));
        lua_pop(L, 1);
    }
    return v;
}

typedef struct Grid { Column *cols; Value *v; int n; lua_Integer rows; } Grid;

/* All cells of the rows at idx; a column is a number only if all its cells are. */
static Grid grid_of(lua_State *L, int idx, Arena *a)
{
    Grid g = { 0 };
    lua_getfield(L, idx, "columns");
    g.n = lua_istable(L, -1) ? (int)lua_rawlen(L, -1) : 0;
    g.rows = (lua_Integer)lua_rawlen(L, idx);
    g.cols = ARENA_ARRAY(a, Column, g.n + 1);
    g.v = ARENA_ARRAY(a, Value, g.n * g.rows + 1);
    for (int i = 0; i < g.n; i++) {
        lua_rawgeti(L, -1, i + 1);
        g.cols[i].name = arena_strdup(a, lua_isstring(L, -1) ? lua_tostring(L, -1) : "?");
        lua_pop(L, 1);
        bool first = true;
        for (lua_Integer r = 0; r < g.rows; r++) {
            Kind k;
            lua_rawgeti(L, idx, r + 1);
            if (lua_istable(L, -1))
                lua_getfield(L, -1, g.cols[i].name);
            else
                lua_pushnil(L);
            Value v = g.v[r * g.n + i] = cell(L, a, &k);
            lua_pop(L, 2);
            if (value_is_null(v))
                continue;
            g.cols[i].kind = first || g.cols[i].kind == k ? k : KIND_TEXT;
            first = false;
        }
    }
    lua_pop(L, 1);
    return g;
}

/* Numbers in a column that also holds text are text. */
static void as_text(Value *v, Arena *a)
{
    if (v->type == VALUE_INT)
        *v = value_cstr(arena_printf(a, "%lld", (long long)v->i));
    else if (v->type == VALUE_REAL)
        *v = value_cstr(arena_printf(a, "%.14g", v->r));
}

static bool print_grid(const Grid *g, FILE *to, const OutOptions *opt, Arena *a, Error *err)
{
    Out *out = out_text(to, opt);
    bool ok = out_begin(out, g->cols, g->n, err);
    for (lua_Integer r = 0; ok && r < g->rows; r++) {
        for (int i = 0; i < g->n; i++)
            if (g->cols[i].kind == KIND_TEXT)
                as_text(&g->v[r * g->n + i], a);
        ok = out_row(out, &g->v[r * g->n], err);
    }
    ok = ok && out_end(out, err);
    out_free(out);
    return ok;
}

void repl_print(lua_State *L, Script *sc, int from, int to)
{
    FILE *file = sc->to ? sc->to : stdout;
    Arena *a = script_arena(L);
    Buf *b = script_buf(a);
    Error err = { 0 };
    for (int i = from; i <= to; i++) {
        if (is_rows(L, i)) {
            Grid g = grid_of(L, i, a);
            if (b->n)
                buf_char(b, '\n');
            safe_write(sc, file, buf_as_str(b));
            buf_reset(b);
            if (g.n && !print_grid(&g, file, &sc->session->out, a, &err))
                error_raise(L, &err);
            continue;
        }
        if (b->n)
            buf_char(b, '\t');
        repl_write(L, i, DEPTH, a, b);
        if (i == to)
            buf_char(b, '\n');
    }
    if (b->n)
        safe_write(sc, file, buf_as_str(b));
}

/* ---- completion ------------------------------------------------------------------------------ */

typedef struct Names {
    Script *sc;
    Str path, prefix;                /* "crm.customer." and the part of the name typed so far */
    const char **s;
    int n, room;
    Arena *a;
} Names;

static void add_name(Names *c, Str name)
{
    if (name.n < c->prefix.n || memcmp(name.s, c->prefix.s, c->prefix.n) != 0 || !name.n)
        return;
    for (int i = 0; i < c->n; i++)
        if (str_is(name, c->s[i]))
            return;
    if (c->n == c->room) {
        c->room = c->room ? c->room * 2 : 64;
        const char **bigger = ARENA_ARRAY(c->a, const char *, c->room);
        if (c->n)
            memcpy(bigger, c->s, sizeof *bigger * (size_t)c->n);
        c->s = bigger;
    }
    c->s[c->n++] = str_c(name, c->a);
}

/* crm. : types, their plurals, first words of commands; crm.noun. : verbs. */
static void add_crm_names(Names *c, Str noun)
{
    int n;
    const Session *s = c->sc->session;
    const Type *const *types = schema_types(s->crm->schema, &n);
    for (int i = 0; i < n && !noun.n; i++) {
        add_name(c, str(types[i]->name));
        add_name(c, str(types[i]->plural));
    }
    const Command *const *all = registry_all(s->registry, &n);
    for (int i = 0; i < n; i++) {
        const char *space = strchr(all[i]->name, ' ');
        Str first =
            str_n(all[i]->name, space ? (size_t)(space - all[i]->name) : strlen(all[i]->name));
        if (all[i]->flags & COMMAND_HIDDEN)
            continue;
        if (!noun.n)
            add_name(c, first);
        else if (space && str_eq(first, noun))
            add_name(c, str(space + 1));
    }
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

static int l_complete(lua_State *L)
{
    Names *c = lua_touserdata(L, 1);
    Str rest = c->path;
    if (str_starts(rest, "crm.")) {
        Str noun = str_n(rest.s + 4, rest.n - 4);
        add_crm_names(c, noun.n ? str_n(noun.s, noun.n - 1) : noun);
    }
    lua_pushglobaltable(L);
    while (rest.n) {
        size_t n = 0;
        while (rest.s[n] != '.' && rest.s[n] != ':')
            n++;
        lua_pushlstring(L, rest.s, n);
        if (!lua_istable(L, -2) || lua_rawget(L, -2) == LUA_TNIL)
            return 0;
        rest = str_n(rest.s + n + 1, rest.n - n - 1);
    }
    if (!lua_istable(L, -1))
        return 0;
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1))
        if (lua_type(L, -2) == LUA_TSTRING && is_name(lua_tostring(L, -2)))
            add_name(c, str(lua_tostring(L, -2)));
    return 0;
}

static bool is_path_byte(char ch)
{
    return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9')
        || ch == '_' || ch == '.' || ch == ':';
}

bool script_complete(Session *s, Str line, int at, Arena *a, Candidates *out)
{
    Script *sc;
    Error ignored = { 0 };
    int from = at, name = at;
    if (at < 0 || (size_t)at > line.n || !script_get(s, &sc, &ignored))
        return false;
    while (from > 0 && is_path_byte(line.s[from - 1]))
        from--;
    while (name > from && line.s[name - 1] != '.' && line.s[name - 1] != ':')
        name--;
    Names c = { .sc = sc, .a = a, .path = str_n(line.s + from, (size_t)(name - from)),
                .prefix = str_n(line.s + name, (size_t)(at - name)) };
    lua_State *L = sc->running;
    lua_pushcfunction(L, l_complete);
    lua_pushlightuserdata(L, &c);
    bool ok = script_call(sc, 1, 0, 0, &ignored);
    if (c.n)
        qsort(c.s, (size_t)c.n, sizeof *c.s, by_text);
    *out = (Candidates){ .s = c.s, .n = c.n, .start = name };
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * iterate.c -- crm.customers{stage="potential"}: a set of records, counted by #, walked by `for`.
 *
 * Ids are read a page ahead, in order of id, and the query is closed before Lua goes on: a loop may
 * change what it walks over, break at any time, and leaves nothing open.  No snapshot is promised:
 * a record that stops matching may still come (it was on the page), one deleted meanwhile raises
 * when it is used.  With `order` all ids are read at the start.
 */
#include "script/state.h"

#include <stdlib.h>

#include "model/select.h"

static const char *const META = "patter.set";
enum { PAGE = 256 };

typedef struct Set {                 /* user value 1: the type's name */
    Arena arena;                     /* holds the filter */
    Filter filter;
    const char *order;
    int64_t limit;
    int64_t *ids;                    /* n of them: the page, or all when ordered */
    int64_t n, at;                   /* at: the next to give */
    int64_t given;                   /* so far in this walk, for limit */
    bool ended;                      /* nothing after this page */
} Set;

static Set *set_of(lua_State *L, const char **type)
{
    Set *s = luaL_checkudata(L, 1, META);
    lua_getiuservalue(L, 1, 1);
    *type = lua_tostring(L, -1);
    lua_pop(L, 1);
    return s;
}

int iterate_new(lua_State *L)
{
    Script *sc = script_of(L);
    const char *name = lua_tostring(L, lua_upvalueindex(1));
    const Type *t = type_of(L, sc, name);
    Error err = { 0 };
    lua_settop(L, 1);
    Set *s = lua_newuserdatauv(L, sizeof *s, 1);
    *s = (Set){ 0 };
    luaL_setmetatable(L, META);
    lua_pushvalue(L, lua_upvalueindex(1));
    lua_setiuservalue(L, -2, 1);
    const char *text = value_filter(L, 1, &s->arena);
    if (lua_istable(L, 1)) {
        if (lua_getfield(L, 1, "order") != LUA_TNIL)
            s->order = arena_strdup(&s->arena, luaL_checkstring(L, -1));
        lua_getfield(L, 1, "limit");
        s->limit = luaL_optinteger(L, -1, 0);
        lua_pop(L, 2);
    }
    if (text[0] && !filter_text(sc->session->crm, t, str(text), &s->arena, &s->filter, &err))
        return error_raise(L, &err);
    return 1;
}

/* Read the ids that follow `after`; the whole list when there is an order. */
static bool page_read(Crm *crm, const Type *t, Set *s, int64_t after, Error *err)
{
    Arena scratch = { 0 };
    int64_t room = s->order ? s->limit : PAGE;
    Select sel = { .type = t, .filter = s->filter, .order = s->order, .limit = room,
                   .after = s->order ? 0 : after, .stored = true };
    Query *q = NULL;
    int rc = -1;
    s->n = s->at = 0;
    if (select_open(crm, &sel, &scratch, &q, err)) {
        int64_t size = 0;
        while ((rc = query_next(q, err)) > 0) {
            if (s->n == size || !s->ids) {
                size = s->n ? s->n * 2 : PAGE;
                s->ids = xresize(s->ids, (size_t)size * sizeof *s->ids);
            }
            s->ids[s->n++] = query_col_int(q, 0);
        }
        query_close(q);
    }
    arena_release(&scratch);
    s->ended = s->order || s->n < PAGE;
    return rc == 0;
}

/* (set, nothing, previous handle or nil) -> next handle or nil: what `for` calls. */
static int l_next(lua_State *L)
{
    const char *name, *type;
    Set *s = set_of(L, &name);
    Script *sc = script_of(L);
    Error err = { 0 };
    int64_t after = lua_isnoneornil(L, 3) ? 0 : handle_id(L, 3, &type);
    bool follows = after && s->at > 0 && s->ids[s->at - 1] == after;
    if (!after)
        s->given = 0;
    if (s->limit && s->given >= s->limit)
        return 0;
    if (!follows || (s->at == s->n && !s->ended))
        if (!page_read(sc->session->crm, type_of(L, sc, name), s, after, &err))
            return error_raise(L, &err);
    if (!follows && after && s->order)           /* another loop moved this set: find the place */
        while (s->at < s->n && s->ids[s->at++] != after)
            continue;
    if (s->at == s->n)
        return 0;
    s->given++;
    handle_push(L, name, s->ids[s->at++]);
    return 1;
}

static int64_t count(lua_State *L)
{
    const char *name;
    Set *s = set_of(L, &name);
    Script *sc = script_of(L);
    Error err = { 0 };
    int64_t n = 0;
    if (!select_count(sc->session->crm, type_of(L, sc, name), &s->filter, &n, &err))
        error_raise(L, &err);
    return s->limit && n > s->limit ? s->limit : n;
}

static int l_len(lua_State *L)
{
    lua_pushinteger(L, count(L));
    return 1;
}

static int l_tostring(lua_State *L)
{
    const char *name;
    Set *s = set_of(L, &name);
    const Type *t = type_of(L, script_of(L), name);
    lua_pushfstring(L, s->filter.text ? "%s: %s" : "%s", t->plural, s->filter.text);
    return 1;
}

static int l_gc(lua_State *L)
{
    const char *name;
    Set *s = set_of(L, &name);
    free(s->ids);
    s->ids = NULL;
    s->n = s->at = 0;
    arena_release(&s->arena);
    return 0;
}

static const luaL_Reg methods[] = {
    { "__call", l_next }, { "__len", l_len }, { "__tostring", l_tostring }, { "__gc", l_gc },
    { NULL, NULL },
};

void iterate_setup(lua_State *L)
{
    luaL_newmetatable(L, META);
    luaL_setfuncs(L, methods, 0);
    lua_pushboolean(L, false);
    lua_setfield(L, -2, "__metatable");
    lua_pop(L, 1);
}

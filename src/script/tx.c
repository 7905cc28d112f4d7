/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * tx.c -- crm.tx(f): all of f or nothing; crm.sql(text, ...): rows of a SELECT.
 */
#include "script/state.h"

/* After a rollback: types and settings read since are not what the file holds. */
static void read_again(Crm *crm, unsigned loads)
{
    Error ignored = { 0 };
    if (crm->loads != loads)
        crm_reload(crm, &ignored);
}

/* crm.tx(f, ...) -> what f returns. An error in f rolls back and goes on its way; a veto at the
 * commit is nil, err. f cannot yield: a transaction is never held across a turn of the loop. */
int tx_run(lua_State *L)
{
    Script *sc = script_of(L);
    Crm *crm = sc->session->crm;
    Store *st = crm->store;
    unsigned loads = crm->loads;
    Error err = { 0 };
    luaL_checktype(L, 1, LUA_TFUNCTION);
    may_write(L, sc);
    if (!store_begin(st, &err))
        return error_result(L, &err);
    if (store_depth(st) == 1)
        journal_describe(st, STR("crm.tx"));
    lua_pushcfunction(L, error_handler);
    lua_insert(L, 1);
    int rc = lua_pcall(L, lua_gettop(L) - 2, LUA_MULTRET, 1);
    if (rc != LUA_OK) {
        store_rollback(st);
        read_again(crm, loads);
        return lua_error(L);
    }
    if (!store_commit(st, &err)) {
        read_again(crm, loads);
        return error_result(L, &err);
    }
    return lua_gettop(L) - 1;
}

static bool bind_all(lua_State *L, Query *q, Arena *a)
{
    for (int i = 2, n = lua_gettop(L) - 1; i <= n; i++) {        /* the arena is on the top */
        if (value_is_nothing(L, i))
            query_null(q, i - 1);
        else if (lua_isboolean(L, i))
            query_int(q, i - 1, lua_toboolean(L, i));
        else if (lua_isinteger(L, i))
            query_int(q, i - 1, lua_tointeger(L, i));
        else if (lua_type(L, i) == LUA_TNUMBER)
            query_real(q, i - 1, lua_tonumber(L, i));
        else {
            size_t len;
            const char *s = lua_tolstring(L, i, &len), *type;
            int64_t id = s ? 0 : handle_id(L, i, &type);
            if (!s && !id)
                return false;
            if (s)
                query_str(q, i - 1, str_n(arena_strndup(a, s, len), len));
            else
                query_int(q, i - 1, id);
        }
    }
    return true;
}

typedef struct SqlRow { struct SqlRow *next; Value v[]; } SqlRow;

/* All rows of the query into the arena; the query is closed in any case. */
static bool rows_read(Query *q, const char **names, SqlRow **first, Arena *a, Error *err)
{
    int n = query_columns(q), rc;
    SqlRow **tail = first;
    for (int i = 0; i < n; i++)
        names[i] = arena_strdup(a, query_column_name(q, i));
    while ((rc = query_next(q, err)) > 0) {
        SqlRow *r = arena_alloc(a, sizeof *r + sizeof(Value) * (size_t)n);
        for (int i = 0; i < n; i++)
            r->v[i] = value_dup(query_col(q, i), a);
        *tail = r;
        tail = &r->next;
    }
    query_close(q);
    return rc == 0;
}

int sql_run(lua_State *L)
{
    Script *sc = script_of(L);
    Crm *crm = sc->session->crm;
    size_t len;
    const char *text = luaL_checklstring(L, 1, &len);
    Query *q = NULL;
    bool writes = false;
    Error err = { 0 };
    Arena *a = script_arena(L);
    if (!(crm->rights & MAY_READ)) {
        fail(&err, ERR_DENIED, "you may not read records");
        return error_raise(L, &err);
    }
    if (!query_user(crm->store, str_n(text, len), &q, &writes, &err))
        return error_raise(L, &err);
    if (writes || !bind_all(L, q, a)) {
        query_close(q);
        return writes ? misuse(L, "crm.sql only reads; the command sql --write writes")
                      : misuse(L, "crm.sql takes numbers, text, records and nil as parameters");
    }
    int n = query_columns(q);
    const char **names = ARENA_ARRAY(a, const char *, n + 1);
    SqlRow *first = NULL;
    sc->in_store++;
    bool ok = rows_read(q, names, &first, a, &err);
    sc->in_store--;
    if (!ok)
        return error_raise(L, &err);
    lua_newtable(L);
    lua_Integer k = 0;
    for (const SqlRow *r = first; r; r = r->next) {
        lua_createtable(L, 0, n);
        for (int i = 0; i < n; i++) {
            value_push(L, r->v[i], KIND_TEXT);
            lua_setfield(L, -2, names[i]);
        }
        lua_rawseti(L, -2, ++k);
    }
    lua_createtable(L, n, 0);
    for (int i = 0; i < n; i++) {
        lua_pushstring(L, names[i]);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "columns");
    luaL_setmetatable(L, "patter.rows");
    return 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * defined.c -- running a command written in Lua: run(args, out).
 *
 * `args` holds the arguments by name; `out` takes rows (out:row{...}, out:row(a, b)) and notes;
 * rows may be returned as well.  A shipped command's file is loaded when it is first run.  `out` is
 * dead once its command is over.
 */
#include "script/state.h"

static const char key_commands;      /* registry: name -> function run */
static const char *const OUT = "patter.out";

void defined_keep(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_commands);
    lua_getfield(L, 1, "run");
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

/* ---- arguments of a command written in Lua --------------------------------------------------- */

static void push_texts(lua_State *L, const Texts *t)
{
    lua_createtable(L, t->n, 0);
    for (int i = 0; i < t->n; i++) {
        lua_pushstring(L, t->s[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

static void push_assigns(lua_State *L, const Assigns *as)
{
    lua_createtable(L, 0, as->n);
    for (int i = 0; i < as->n; i++) {
        const Assign *x = &as->a[i];
        lua_pushlstring(L, x->field.s, x->field.n);
        if (x->op != FIELD_SET) {
            lua_pushfstring(L, "%s%s", lua_tostring(L, -1), x->op == FIELD_ADD ? "+" : "-");
            lua_remove(L, -2);
        }
        lua_pushlstring(L, x->value.s ? x->value.s : "", x->value.n);
        lua_rawset(L, -3);
    }
}

static const Type *arg_type(const Call *call, const Arg *a)
{
    return a->of ? schema_type(call->crm->schema, str(a->of)) : call->cmd->type;
}

static void push_target(lua_State *L, const Call *call, const Arg *a, const Target *t)
{
    int64_t *ids = NULL, n = 0;
    Error err = { 0 };
    if (!t->given) {
        lua_pushnil(L);
        return;
    }
    if (!target_ids(call, arg_type(call, a), t, &ids, &n, &err))
        error_raise(L, &err);
    lua_createtable(L, (int)n, 0);
    for (int64_t i = 0; i < n; i++) {
        lua_pushinteger(L, ids[i]);
        lua_rawseti(L, -2, i + 1);
    }
}

static void push_filter(lua_State *L, const Call *call, const Arg *a, const FilterArg *f)
{
    Filter filter;
    Error err = { 0 };
    if (!filter_arg(call, arg_type(call, a), f, &filter, &err))
        error_raise(L, &err);
    lua_pushstring(L, filter.text ? filter.text : "");
}

static void push_arg(lua_State *L, const Call *call, const Arg *a)
{
    const void *at = (const char *)call->args + a->at;
    const Type *t;
    int64_t i;
    switch (a->kind) {
    case ARG_TEXT: case ARG_CHOICE: case ARG_FILE:
        lua_pushstring(L, *(const char *const *)at);
        break;
    case ARG_INT: case ARG_DURATION: case ARG_TIME:
        i = *(const int64_t *)at;
        if (i == 0 && a->flags & ARG_OPTIONAL && !a->fallback)
            lua_pushnil(L);
        else
            lua_pushinteger(L, i);
        break;
    case ARG_NUMBER:
        lua_pushnumber(L, *(const double *)at);
        break;
    case ARG_FLAG:
        lua_pushboolean(L, *(const bool *)at);
        break;
    case ARG_TYPE:
        t = *(const Type *const *)at;
        lua_pushstring(L, t ? t->name : NULL);
        break;
    case ARG_FIELD:
        lua_pushstring(L, *(const Field *const *)at ? (*(const Field *const *)at)->name : NULL);
        break;
    case ARG_RECORD:
        i = *(const int64_t *)at;
        t = arg_type(call, a);
        if (i && t)
            handle_push(L, t->name, i);
        else
            lua_pushnil(L);
        break;
    case ARG_TARGET: push_target(L, call, a, at); break;
    case ARG_FILTER: push_filter(L, call, a, at); break;
    case ARG_ASSIGN: push_assigns(L, at); break;
    case ARG_WORDS: case ARG_LIST: push_texts(L, at); break;
    }
}

static void push_args(lua_State *L, const Call *call)
{
    lua_newtable(L);
    for (const Arg *a = call->cmd->args; a && a->name; a++) {
        luaL_gsub(L, a->name[0] == '-' ? a->name + 2 : a->name, "-", "_");
        push_arg(L, call, a);
        lua_rawset(L, -3);
    }
}

/* ---- out ------------------------------------------------------------------------------------- */

typedef struct OutBox {
    const Call *call;                /* NULL: the command is over */
    const Column *cols;              /* n of them; NULL: not known yet */
    int n;
    Value *cell;                     /* room for one row */
} OutBox;

static OutBox *out_of(lua_State *L)
{
    OutBox *box = luaL_checkudata(L, 1, OUT);
    if (!box->call)
        misuse(L, "out can be used inside its command only");
    return box;
}

static void set_columns(OutBox *box, const Column *cols, int n)
{
    box->cols = cols;
    box->n = n;
    box->cell = ARENA_ARRAY(box->call->arena, Value, n + 1);
}

/* out:columns{"name", {"count", kind="int"}}: where the definition does not say. */
static int l_out_columns(lua_State *L)
{
    OutBox *box = out_of(L);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_Integer n = luaL_len(L, 2);
    Column *cols = ARENA_ARRAY(box->call->arena, Column, n + 1);
    for (lua_Integer i = 0; i < n; i++) {
        lua_geti(L, 2, i + 1);
        if (lua_istable(L, -1)) {
            lua_getfield(L, -1, "kind");
            const char *kind = lua_tostring(L, -1);
            if (kind && !kind_find(str(kind), &cols[i].kind))
                return misuse(L, "there is no kind '%s'", kind);
            lua_geti(L, -2, 1);
        }
        cols[i].name = arena_strdup(box->call->arena, luaL_checkstring(L, -1));
        lua_settop(L, 2);
    }
    set_columns(box, cols, (int)n);
    return 0;
}

/* The cell at idx for a column; its text stays valid while it is on the stack. */
static Value cell_of(lua_State *L, int idx, const Column *col)
{
    size_t n;
    const char *s;
    if (value_is_nothing(L, idx))
        return value_null();
    if (lua_isboolean(L, idx))
        return value_int(lua_toboolean(L, idx));
    if (lua_type(L, idx) == LUA_TNUMBER && col->kind != KIND_TEXT) {
        if (lua_isinteger(L, idx))
            return value_int(lua_tointeger(L, idx));
        if (col->kind == KIND_NUMBER || col->kind == KIND_PERCENT)
            return value_real(lua_tonumber(L, idx));
        lua_Integer whole = 0;
        if (!lua_numbertointeger(lua_tonumber(L, idx), &whole)
            || (lua_Number)whole != lua_tonumber(L, idx))
            misuse(L, "column %s takes whole numbers, not %g", col->name, lua_tonumber(L, idx));
        return value_int(whole);
    }
    if (lua_type(L, idx) != LUA_TSTRING) {       /* a handle, tags: as text */
        s = luaL_tolstring(L, idx, &n);
        lua_replace(L, idx);
    }
    s = lua_tolstring(L, idx, &n);
    return value_text(str_n(s, n));
}

static void put_row(lua_State *L, OutBox *box, int first)
{
    Error err = { 0 };
    for (int i = 0; i < box->n; i++)
        box->cell[i] = cell_of(L, first + i, &box->cols[i]);
    if ((!box->call->out->begun && !out_begin(box->call->out, box->cols, box->n, &err))
        || !out_row(box->call->out, box->cell, &err))
        error_raise(L, &err);
}

/* Spread the table at idx over the stack by the columns' names, and put it. */
static void put_table(lua_State *L, OutBox *box, int idx)
{
    int top = lua_gettop(L);
    luaL_checkstack(L, box->n + 8, NULL);
    for (int i = 0; i < box->n; i++)
        lua_getfield(L, idx, box->cols[i].name);
    put_row(L, box, top + 1);
    lua_settop(L, top);
}

static int l_out_row(lua_State *L)
{
    OutBox *box = out_of(L);
    if (!box->cols)
        return misuse(L, "%s has no columns: say out:columns{...} first", box->call->cmd->name);
    if (lua_istable(L, 2) && lua_gettop(L) == 2) {
        put_table(L, box, 2);
        return 0;
    }
    if (lua_gettop(L) - 1 > box->n)
        return misuse(L, "%s has %d columns, not %d", box->call->cmd->name, box->n,
                      lua_gettop(L) - 1);
    lua_settop(L, box->n + 1);
    luaL_checkstack(L, 8, NULL);
    put_row(L, box, 2);
    return 0;
}

static int l_out_note(lua_State *L)
{
    const OutBox *box = out_of(L);
    ui_note(box->call->ui, "%s", luaL_checkstring(L, 2));
    return 0;
}

static int l_out_warn(lua_State *L)
{
    const OutBox *box = out_of(L);
    ui_warn(box->call->ui, "%s", luaL_checkstring(L, 2));
    return 0;
}

/* ---- running --------------------------------------------------------------------------------- */

/* Push run(args, out) of a command; its file is loaded on first use. */
static void push_function(lua_State *L, Script *sc, const Command *cmd)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_commands);
    if (lua_getfield(L, -1, cmd->name) != LUA_TFUNCTION && cmd->source) {
        lua_pop(L, 1);
        const char *before = sc->loading;
        sc->loading = cmd->name;
        script_load(L, cmd->source);
        lua_call(L, 0, 0);
        sc->loading = before;
        lua_getfield(L, -1, cmd->name);
    }
    if (!lua_isfunction(L, -1))
        misuse(L, "%s defines no command '%s'", cmd->source ? cmd->source : "Lua", cmd->name);
    lua_remove(L, -2);
}

static int l_run(lua_State *L)
{
    const Call *call = lua_touserdata(L, 1);
    Script *sc = script_of(L);
    push_function(L, sc, call->cmd);
    push_args(L, call);
    OutBox *box = lua_newuserdatauv(L, sizeof *box, 0);
    *box = (OutBox){ .call = call };
    int n = 0;
    while (call->cmd->columns && call->cmd->columns[n].name)
        n++;
    if (n)
        set_columns(box, call->cmd->columns, n);
    luaL_setmetatable(L, OUT);
    lua_pushvalue(L, -1);
    lua_replace(L, 1);               /* the out object stays at 1 */
    lua_call(L, 2, 2);
    if (lua_isnil(L, -2) && lua_istable(L, -1))
        return lua_error(L);         /* nil, err: as the functions it called gave it */
    lua_pop(L, 1);
    if (lua_istable(L, -1) && box->cols)
        for (lua_Integer i = 1, rows = luaL_len(L, 2); i <= rows; i++) {
            lua_geti(L, 2, i);
            put_table(L, box, 3);
            lua_settop(L, 2);
        }
    if (!call->out->begun && box->cols) {
        Error err = { 0 };
        if (!out_begin(call->out, box->cols, box->n, &err))
            return error_raise(L, &err);
    }
    box->call = NULL;
    return 0;
}

bool define_run(Session *s, const Command *cmd, const Call *call, Error *err)
{
    Script *sc;
    (void)cmd;
    if (!script_get(s, &sc, err))
        return false;
    lua_State *L = sc->running;
    if (!lua_checkstack(L, 8))
        return fail(err, ERR_FAILED, "%s: commands call each other without end", call->cmd->name);
    Ui *outer = sc->ui;
    sc->ui = NULL;                   /* what this command says goes to the ui it was called with */
    lua_pushcfunction(L, l_run);
    lua_pushlightuserdata(L, (void *)call);
    const char *loading = sc->loading;
    bool ok = script_call(sc, 1, 0, sc->limits.ms, err);
    sc->loading = loading;
    sc->ui = outer;
    return ok;
}

/* ---- set up ---------------------------------------------------------------------------------- */

static const luaL_Reg out_methods[] = {
    { "columns", l_out_columns }, { "row", l_out_row }, { "note", l_out_note },
    { "warn", l_out_warn }, { NULL, NULL },
};

void defined_setup(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_commands);
    luaL_newmetatable(L, OUT);
    luaL_newlib(L, out_methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

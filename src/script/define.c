/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * define.c -- patter.command{} and patter.type{}: what Lua declares becomes what C declares.
 *
 * The table is written as JSON and read by the same code as the index of shipped commands, so both
 * are checked alike.  Only the function `run` stays in Lua: run(args, out), where `args` holds the
 * arguments by name and `out` takes rows (out:row{...}, out:row(a, b)) and notes; rows may be
 * returned as well.  A shipped command's file is loaded when it is first run.
 */
#include "script/state.h"

#include "base/embed.h"
#include "base/json.h"

static const char key_commands;      /* registry: name -> function run */
static const char key_index;         /* registry: definitions collected by script_index, or nil */
static const char *const OUT = "patter.out";
enum { DEPTH = 8 };

/* ---- a definition as JSON ------------------------------------------------------------------------- */

/* An argument, column or field: "name", or {"name", kind="int", ...}. */
static void put_named(lua_State *L, Arena *a, Buf *b)
{
    int n;
    if (lua_type(L, -1) == LUA_TSTRING) {
        buf_cstr(b, "{\"name\":");
        value_json(L, -1, 1, a, b);
        buf_char(b, '}');
        return;
    }
    luaL_checktype(L, -1, LUA_TTABLE);
    const char **keys = value_keys(L, -1, &n, a);
    buf_char(b, '{');
    bool first = lua_geti(L, -1, 1) == LUA_TNIL;
    if (!first) {
        buf_cstr(b, "\"name\":");
        value_json(L, -1, 1, a, b);
    }
    lua_pop(L, 1);
    for (int i = 0; i < n; i++) {
        buf_printf(b, "%s", first ? "" : ",");
        first = false;
        json_write_text(b, str(keys[i]));
        buf_char(b, ':');
        lua_getfield(L, -1, keys[i]);
        value_json(L, -1, DEPTH, a, b);
        lua_pop(L, 1);
    }
    buf_char(b, '}');
}

/* {"report rates", "the rates of all campaigns"} */
static void put_example(lua_State *L, Arena *a, Buf *b)
{
    static const char *const names[] = { "line", "says" };
    luaL_checktype(L, -1, LUA_TTABLE);
    buf_char(b, '{');
    for (int i = 0; i < 2; i++) {
        buf_printf(b, "%s\"%s\":", i ? "," : "", names[i]);
        lua_geti(L, -1, i + 1);
        value_json(L, -1, 1, a, b);
        lua_pop(L, 1);
    }
    buf_char(b, '}');
}

static void put_list(lua_State *L, void (*item)(lua_State *, Arena *, Buf *), Arena *a, Buf *b)
{
    luaL_checktype(L, -1, LUA_TTABLE);
    lua_Integer n = luaL_len(L, -1);
    buf_char(b, '[');
    for (lua_Integer i = 1; i <= n; i++) {
        if (i > 1)
            buf_char(b, ',');
        lua_geti(L, -1, i);
        item(L, a, b);
        lua_pop(L, 1);
    }
    buf_char(b, ']');
}

/* The definition at index 1; `source` (may be NULL) is put beside it. */
static void definition_json(lua_State *L, const char *source, Arena *a, Buf *b)
{
    int n;
    const char **keys = value_keys(L, 1, &n, a);
    buf_char(b, '{');
    for (int i = 0, put = 0; i < n; i++) {
        if (lua_getfield(L, 1, keys[i]) == LUA_TFUNCTION) {
            lua_pop(L, 1);
            continue;
        }
        buf_printf(b, "%s\"%s\":", put++ ? "," : "", keys[i]);
        if (strcmp(keys[i], "args") == 0 || strcmp(keys[i], "columns") == 0
            || strcmp(keys[i], "fields") == 0)
            put_list(L, put_named, a, b);
        else if (strcmp(keys[i], "examples") == 0)
            put_list(L, put_example, a, b);
        else
            value_json(L, -1, DEPTH, a, b);
        lua_pop(L, 1);
    }
    if (source) {
        buf_cstr(b, ",\"source\":");
        json_write_text(b, str(source));
    }
    buf_char(b, '}');
}

/* While the index is made, definitions are only collected. True when it is. */
static bool collect(lua_State *L, const char *list, const Buf *json)
{
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_index) != LUA_TTABLE) {
        lua_pop(L, 1);
        return false;
    }
    lua_getfield(L, -1, list);
    lua_pushlstring(L, json->s, json->n);
    lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
    lua_pop(L, 2);
    return true;
}

static const char *index_source(lua_State *L)
{
    const char *source = NULL;
    if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key_index) == LUA_TTABLE) {
        lua_getfield(L, -1, "source");
        source = lua_tostring(L, -1);            /* kept alive by the table */
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return source;
}

/* ---- patter.command ------------------------------------------------------------------------------- */

static void keep_function(lua_State *L, const char *name)
{
    lua_rawgetp(L, LUA_REGISTRYINDEX, &key_commands);
    lua_getfield(L, 1, "run");
    lua_setfield(L, -2, name);
    lua_pop(L, 1);
}

int define_command(lua_State *L)
{
    Script *sc = script_of(L);
    Error err = { 0 };
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (lua_getfield(L, 1, "run") != LUA_TFUNCTION || lua_getfield(L, 1, "name") != LUA_TSTRING)
        return misuse(L, "patter.command needs a name and a function run(args, out)");
    const char *name = lua_tostring(L, -1);
    Arena *a = script_arena(L);
    Buf *b = script_buf(a);
    definition_json(L, index_source(L), a, b);
    if (collect(L, "commands", b))
        return 0;
    keep_function(L, name);
    if (sc->loading && strcmp(sc->loading, name) == 0)
        return 0;                    /* the registry knows it from the index */
    Command *cmd;
    if (!command_from_json(buf_as_str(b), &sc->defined, &cmd, &err)) {
        err.code = ERR_USAGE;
        return error_raise(L, &err);
    }
    registry_add(sc->session->registry, cmd);
    return 0;
}

/* ---- patter.type ---------------------------------------------------------------------------------- */

/* In a transaction, so that type_add's parts stand or fall together. */
static bool add_type(Crm *crm, Str json, const char *name, Error *err)
{
    bool outermost = store_depth(crm->store) == 0;
    char line[160];
    if (!store_begin(crm->store, err))
        return false;
    snprintf(line, sizeof line, "type add %s", name);
    if (outermost)
        journal_describe(crm->store, str(line));
    if (type_add(crm, json, err))
        return store_commit(crm->store, err);
    store_rollback(crm->store);
    return false;
}

/* True when the type was added, false when the database has it already; nil, err. */
int define_type(lua_State *L)
{
    Script *sc = script_of(L);
    Error err = { 0 };
    luaL_checktype(L, 1, LUA_TTABLE);
    lua_settop(L, 1);
    if (lua_getfield(L, 1, "name") != LUA_TSTRING)
        return misuse(L, "patter.type needs a name");
    const char *name = lua_tostring(L, -1);
    Arena *a = script_arena(L);
    Buf *b = script_buf(a);
    definition_json(L, NULL, a, b);
    if (collect(L, "types", b))
        return 0;
    const Type *had = schema_type(sc->session->crm->schema, str(name));
    if (had && !had->user)
        return misuse(L, "'%s' is a type of the program", name);
    if (had) {
        lua_pushboolean(L, false);
        return 1;
    }
    may_write(L, sc);
    if (!session_may(sc->session, MAY_MANAGE, &err))
        return error_raise(L, &err);
    if (!add_type(sc->session->crm, buf_as_str(b), name, &err))
        return error_result(L, &err);
    lua_pushboolean(L, true);
    return 1;
}

/* patter.load_type("supplier"): run lua/types/supplier.lua; what patter.type gave there. */
int define_load_type(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    if (name[strspn(name, "abcdefghijklmnopqrstuvwxyz_")])
        return misuse(L, "no type file is named '%s'", name);
    script_load(L, lua_pushfstring(L, "lua/types/%s.lua", name));
    lua_call(L, 0, 2);
    return 2;
}

/* ---- arguments of a command written in Lua ---------------------------------------------------------- */

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

/* ---- out ------------------------------------------------------------------------------------------ */

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
        if (!lua_numbertointeger(lua_tonumber(L, idx), &whole) || (lua_Number)whole != lua_tonumber(L, idx))
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

/* ---- running -------------------------------------------------------------------------------------- */

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

void script_attach(Session *s)
{
    s->script_run = define_run;
    s->script_index = script_index;
}

/* ---- the index ------------------------------------------------------------------------------------ */

/* Run each file of lua/commands and lua/types with definitions collected instead of made. */
static int l_index(lua_State *L)
{
    static const char *const folders[] = { "lua/commands/", "lua/types/" };
    Buf *out = lua_touserdata(L, 1);
    Arena *a = script_arena(L);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_index);
    lua_newtable(L);
    lua_setfield(L, -2, "commands");
    lua_newtable(L);
    lua_setfield(L, -2, "types");
    for (int i = 0; i < 2; i++)
        for (const char *const *f = embed_list(folders[i], a); *f; f++) {
            lua_pushstring(L, *f);
            lua_setfield(L, -2, "source");
            script_load(L, *f);
            lua_call(L, 0, 0);
        }
    for (int i = 0; i < 2; i++) {
        const char *list = i ? "types" : "commands";
        lua_getfield(L, -1, list);
        buf_printf(out, "%s\"%s\": [", i ? "\n],\n" : "{\n", list);
        for (lua_Integer k = 1, n = luaL_len(L, -1); k <= n; k++) {
            lua_geti(L, -1, k);
            buf_printf(out, "%s\n%s", k > 1 ? "," : "", lua_tostring(L, -1));
            lua_pop(L, 1);
        }
        lua_pop(L, 1);
    }
    buf_cstr(out, "\n]\n}\n");
    return 0;
}

bool script_index(Session *s, Buf *out, Error *err)
{
    Script *sc;
    if (!script_get(s, &sc, err))
        return false;
    lua_State *L = sc->running;
    lua_pushcfunction(L, l_index);
    lua_pushlightuserdata(L, out);
    bool ok = script_call(sc, 1, 0, 0, err);
    lua_pushnil(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_index);
    return ok;
}

/* ---- set up --------------------------------------------------------------------------------------- */

static const luaL_Reg out_methods[] = {
    { "columns", l_out_columns }, { "row", l_out_row }, { "note", l_out_note },
    { "warn", l_out_warn }, { NULL, NULL },
};

void define_setup(lua_State *L)
{
    lua_newtable(L);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key_commands);
    luaL_newmetatable(L, OUT);
    luaL_newlib(L, out_methods);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
}

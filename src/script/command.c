/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * command.c -- every command as a function with named arguments:
 * crm.lead.move{7, stage="potential"}.
 *
 * The table becomes the words that somebody would have typed and goes the same way as those: one
 * parser, one place for rights, transaction and journal.  Rows come back as an array of tables,
 * also open by the name of a field when there is one row; a command whose answer is one value gives
 * that. A program that calls a bulk command means it, so it is not asked; a severe one needs
 * confirm=NAME.
 */
#include "script/state.h"

/* ---- rows -> a table ------------------------------------------------------------------------- */

typedef struct CollectRow { struct CollectRow *next; Value v[]; } CollectRow;
typedef struct Collect {
    Out out;
    Arena *a;
    const Column *cols;
    CollectRow *first, **tail;
} Collect;

static bool collect_begin(Out *o, const Column *cols, int n, Error *err)
{
    (void)err;
    Collect *c = (Collect *)o;
    Column *copy = ARENA_ARRAY(c->a, Column, n + 1);
    for (int i = 0; i < n; i++) {
        copy[i] = cols[i];
        copy[i].name = arena_strdup(c->a, cols[i].name);
    }
    c->cols = copy;
    return true;
}

static bool collect_row(Out *o, const Value *v, Error *err)
{
    (void)err;
    Collect *c = (Collect *)o;
    CollectRow *r = arena_alloc(c->a, sizeof *r + sizeof(Value) * (size_t)o->n);
    for (int i = 0; i < o->n; i++)
        r->v[i] = value_dup(v[i], c->a);
    *c->tail = r;
    c->tail = &r->next;
    return true;
}

static bool collect_end(Out *o, Error *err)
{
    (void)o;
    (void)err;
    return true;
}

static void collect_free(Out *o)
{
    (void)o;                         /* all of it is in the arena */
}

static void push_rows(lua_State *L, const Collect *c)
{
    int n = c->out.begun ? c->out.n : 0;
    lua_Integer k = 0;
    if (n == 1 && c->cols[0].flags & COLUMN_SCALAR && c->first && !c->first->next) {
        value_push(L, c->first->v[0], c->cols[0].kind);
        return;
    }
    lua_createtable(L, (int)c->out.rows, 1);
    for (const CollectRow *r = c->first; r; r = r->next) {
        lua_createtable(L, 0, n);
        for (int i = 0; i < n; i++) {
            value_push(L, r->v[i], c->cols[i].kind);
            lua_setfield(L, -2, c->cols[i].name);
        }
        lua_rawseti(L, -2, ++k);
    }
    lua_createtable(L, n, 0);
    for (int i = 0; i < n; i++) {
        lua_pushstring(L, c->cols[i].name);
        lua_rawseti(L, -2, i + 1);
    }
    lua_setfield(L, -2, "columns");
    luaL_setmetatable(L, "patter.rows");
}

static int l_rows_index(lua_State *L)    /* the only row's field */
{
    if (lua_type(L, 2) != LUA_TSTRING || lua_rawlen(L, 1) != 1)
        return 0;
    lua_rawgeti(L, 1, 1);
    lua_pushvalue(L, 2);
    lua_rawget(L, -2);
    return 1;
}

/* ---- calling --------------------------------------------------------------------------------- */

typedef struct Quiet { Ui ui; Ui *to; } Quiet;         /* notes are for people at a prompt */

static void quiet_note(Ui *ui, const char *text)
{
    (void)ui;
    (void)text;
}

static void quiet_warn(Ui *ui, const char *text)
{
    Ui *to = ((Quiet *)ui)->to;
    if (to)
        to->warn(to, text);
}

static int quiet_ask(Ui *ui, const char *question, const char *name)
{
    (void)ui;
    (void)question;
    return name ? -1 : 1;
}

static void quiet_progress(Ui *ui, const char *what, int64_t done, int64_t total)
{
    Ui *to = ((Quiet *)ui)->to;
    if (to)
        to->progress(to, what, done, total);
}

static bool quiet_interrupted(Ui *ui)
{
    Ui *to = ((Quiet *)ui)->to;
    return to && to->interrupted(to);
}

/* Nothing in here jumps. */
static bool call_command(Script *sc, const Arguments *given, Collect *c, Error *err)
{
    Session *s = sc->session;
    Ui *ui = s->ui, *outer = sc->ui;
    Quiet quiet = { { quiet_note, quiet_warn, quiet_ask, quiet_progress, quiet_interrupted },
                    outer ? outer : ui };
    sc->ui = quiet.to;
    s->ui = &quiet.ui;
    sc->in_store++;
    bool ok = command_run(s, given->set.cmd, given->set.args, &given->common, given->line, &c->out,
                          c->a, err);
    sc->in_store--;
    s->ui = ui;
    sc->ui = outer;
    return ok;
}

void may_write(lua_State *L, Script *sc)
{
    Error err = { 0 };
    if (!sc->no_write)
        return;
    fail(&err, ERR_REFUSED, "a hook on commit or undo may veto, not write");
    error_raise(L, &err);
}

/* Arguments of the C function -> one table at index 1: f{...}, f(7), record:verb{...}. */
static void one_table(lua_State *L, bool method)
{
    const char *type;
    int n = lua_gettop(L);
    if (n == 0) {
        lua_newtable(L);
    } else if (n == 1 && lua_istable(L, 1)) {
        return;
    } else if (n == 2 && method && lua_istable(L, 2) && handle_id(L, 1, &type)) {
        lua_newtable(L);             /* a copy with the record in front */
        lua_pushvalue(L, 1);
        lua_rawseti(L, -2, 1);
        for (lua_pushnil(L); lua_next(L, 2);) {
            lua_pushvalue(L, -2);
            if (lua_isinteger(L, -1)) {
                lua_pushinteger(L, lua_tointeger(L, -1) + 1);
                lua_replace(L, -2);
            }
            lua_insert(L, -2);
            lua_rawset(L, -4);
        }
        lua_replace(L, 1);
    } else {
        lua_createtable(L, n, 0);
        lua_insert(L, 1);
        for (int i = n; i >= 1; i--)
            lua_rawseti(L, 1, i);
    }
    lua_settop(L, 1);
}

/* Upvalues: noun, verb ("" for a command of one word). */
static int l_verb(lua_State *L)
{
    Script *sc = script_of(L);
    const char *noun = lua_tostring(L, lua_upvalueindex(1)),
               *verb = lua_tostring(L, lua_upvalueindex(2));
    const Command *cmd = registry_get(sc->session->registry, str(noun), str(verb));
    Error err = { 0 };
    if (!cmd)
        return misuse(L, "there is no command '%s%s%s'", noun, verb[0] ? " " : "", verb);
    one_table(L, true);
    if (cmd->flags & COMMAND_WRITES)
        may_write(L, sc);
    Arena *a = script_arena(L);
    Arguments given;
    if (!arguments_read(L, sc, cmd, a, &given, &err))
        return error_result(L, &err);
    Collect c = { .out = { collect_begin, collect_row, collect_end, collect_free,
                           .receipt_shown = true }, .a = a };
    c.tail = &c.first;
    if (!call_command(sc, &given, &c, &err))
        return error_result(L, &err);
    push_rows(L, &c);
    return 1;
}

void verb_push(lua_State *L, const char *noun, const char *verb)
{
    lua_pushstring(L, noun);
    lua_pushstring(L, verb);
    lua_pushcclosure(L, l_verb, 2);
}

/* ---- crm.noun -------------------------------------------------------------------------------- */

/* crm.customer(7), crm.campaign("spring"): a handle; or a command of one word: crm.check(). */
static int l_noun_call(lua_State *L)     /* upvalue 1: noun; argument 1 is the noun table */
{
    Script *sc = script_of(L);
    const char *noun = lua_tostring(L, lua_upvalueindex(1));
    const Type *t = schema_type(sc->session->crm->schema, str(noun));
    Error err = { 0 };
    const char *type;
    if (!t) {
        lua_remove(L, 1);
        int n = lua_gettop(L);
        verb_push(L, noun, "");
        lua_insert(L, 1);
        lua_call(L, n, LUA_MULTRET);
        return lua_gettop(L);
    }
    if (handle_id(L, 2, &type)) {
        lua_settop(L, 2);
        return 1;
    }
    if (strcmp(t->plural, noun) == 0 && (lua_isnone(L, 2) || lua_istable(L, 2))) {
        lua_settop(L, 2);            /* hours is one of them and all of them */
        lua_pushstring(L, noun);
        lua_pushcclosure(L, iterate_new, 1);
        lua_insert(L, 2);
        lua_call(L, 1, 1);
        return 1;
    }
    if (!lua_isstring(L, 2))
        return misuse(L, "crm.%s(id) takes an id or a name, not a %s", noun, luaL_typename(L, 2));
    Arena *a = script_arena(L);
    int64_t id;
    if (!record_find(sc->session->crm, t, value_typed(L, 2, KIND_TEXT, "id", a), &id, &err))
        return error_result(L, &err);
    handle_push(L, t->name, id);
    return 1;
}

static int no_verb(lua_State *L, const Registry *r, const char *noun, char *verb)
{
    char *words[] = { arena_strdup(script_arena(L), noun), verb };
    Words w = lex_argv(words, 2, script_arena(L));
    const Command *ignored;
    Error err = { 0 };
    int used;
    if (registry_match(r, w.w, w.n, &ignored, &used, &err))      /* a lone command of that name */
        return misuse(L, "there is no command '%s %s'", noun, verb);
    err.at = err.width = 0;
    return error_raise(L, &err);
}

static int l_noun_index(lua_State *L)    /* upvalue 1: noun */
{
    Script *sc = script_of(L);
    const char *noun = lua_tostring(L, lua_upvalueindex(1));
    char *verb = arena_strdup(script_arena(L), luaL_checkstring(L, 2));
    Registry *r = sc->session->registry;
    if (!registry_get(r, str(noun), str(verb)))
        for (char *p = verb; *p; p++)
            if (*p == '_')
                *p = '-';
    if (!registry_get(r, str(noun), str(verb)))
        return no_verb(L, r, noun, verb);
    verb_push(L, noun, verb);
    return 1;
}

void noun_push(lua_State *L, const char *noun)
{
    lua_newtable(L);
    lua_createtable(L, 0, 2);
    lua_pushstring(L, noun);
    lua_pushcclosure(L, l_noun_call, 1);
    lua_setfield(L, -2, "__call");
    lua_pushstring(L, noun);
    lua_pushcclosure(L, l_noun_index, 1);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

/* What crm.KEY might have meant. */
static int no_member(lua_State *L, const Script *sc, const char *key)
{
    int types, commands, n = 0;
    const Type *const *t = schema_types(sc->session->crm->schema, &types);
    const Command *const *all = registry_all(sc->session->registry, &commands);
    Arena *a = script_arena(L);
    const char **names = ARENA_ARRAY(a, const char *, 2 * types + commands);
    Error err = { .code = ERR_USAGE };
    for (int i = 0; i < types; i++) {
        names[n++] = t[i]->name;
        names[n++] = t[i]->plural;
    }
    for (int i = 0; i < commands; i++)
        names[n++] = str_c(str_n(all[i]->name, strcspn(all[i]->name, " ")), a);
    const char *near = str_nearest(str(key), names, (size_t)n);
    fail(&err, ERR_USAGE, "crm has no '%s': neither a type, its plural, nor a command", key);
    if (near)
        fail_hint(&err, "did you mean crm.%s?", near);
    return error_raise(L, &err);
}

/* A noun is the first word of some command or a type; the plural of a type is its set of
 * records. */
static int l_crm_index(lua_State *L)
{
    Script *sc = script_of(L);
    const char *key = luaL_checkstring(L, 2);
    int n;
    size_t len = strlen(key);
    const Type *const *types = schema_types(sc->session->crm->schema, &n);
    for (int i = 0; i < n; i++)
        if (strcmp(types[i]->plural, key) == 0 && strcmp(types[i]->name, key) != 0) {
            lua_pushstring(L, types[i]->name);
            lua_pushcclosure(L, iterate_new, 1);
            return 1;
        }
    const Command *const *all = registry_all(sc->session->registry, &n);
    bool known = schema_type(sc->session->crm->schema, str(key)) != NULL;
    for (int i = 0; i < n && !known; i++)
        known = strncmp(all[i]->name, key, len) == 0
                && (!all[i]->name[len] || all[i]->name[len] == ' ');
    if (known) {
        noun_push(L, key);
        return 1;
    }
    lua_getglobal(L, "require");             /* what is written in Lua: lua/patter/crm.lua */
    lua_pushliteral(L, "patter.crm");
    lua_call(L, 1, 1);
    if (lua_getfield(L, -1, key) == LUA_TNIL)
        return no_member(L, sc, key);
    return 1;
}

static const luaL_Reg crm_functions[] = {
    { "tx", tx_run }, { "sql", sql_run }, { "on", hook_on }, { NULL, NULL },
};

void command_setup(lua_State *L)
{
    luaL_newmetatable(L, "patter.rows");
    lua_pushcfunction(L, l_rows_index);
    lua_setfield(L, -2, "__index");
    lua_pop(L, 1);
    luaL_newlib(L, crm_functions);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, l_crm_index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
}

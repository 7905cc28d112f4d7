/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arguments.c -- a Lua table becomes the arguments of a command.
 *
 * Arguments go by name (--on-match is on_match); those without dashes also by place, so {7, "x"}
 * works. Keys that are no argument are assignments or comparisons where the command takes such.
 * Each value is spelled as a person would type it and read by the same code as at the prompt;
 * beside it the line is made that would have been typed, for the journal.
 */
#include "script/state.h"

typedef struct Build {
    lua_State *L;
    Arena *a;
    Arguments *to;
    const Schema *schema;
    lua_Integer next;                /* the next item of the table that goes by place */
    const char **keys;               /* its text keys, n_keys of them */
    bool *used;
    int n_keys;
    const char *line;
    Error *err;
} Build;

enum { TABLE = 1 };                  /* stack index of the argument table */

static bool is_option(const Arg *a)
{
    return a->name[0] == '-';
}

static void add_to_line(Build *b, const char *option, Str text)
{
    b->line = arena_printf(b->a, "%s%s%s %s", b->line, option ? " " : "", option ? option : "",
                           lex_quote(text, b->a));
}

static bool put(Build *b, const Arg *arg, Str text, bool quoted)
{
    Word w = { .text = text, .raw = true, .quoted = quoted };
    if (arg->kind == ARG_FLAG)
        b->line = arena_printf(b->a, "%s %s", b->line, arg->name);
    else
        add_to_line(b, is_option(arg) ? arg->name : NULL, text);
    return argset_put(&b->to->set, arg, &w, b->err);
}

static Kind kind_of(const Arg *a)
{
    switch (a->kind) {
    case ARG_DURATION: return KIND_DURATION;
    case ARG_TIME: return KIND_TIME;
    case ARG_NUMBER: return KIND_NUMBER;
    default: return KIND_TEXT;
    }
}

/* Put the value on the top, and pop it. A table is several values, or the ids of a target. */
static bool put_top(Build *b, const Arg *arg)
{
    lua_State *L = b->L;
    bool ok = true;
    if (value_is_nothing(L, -1) || (arg->kind == ARG_FLAG && !lua_toboolean(L, -1))) {
        lua_pop(L, 1);
        return true;
    }
    bool several = arg->kind == ARG_WORDS || arg->kind == ARG_LIST || arg->kind == ARG_FILTER;
    if (several && lua_istable(L, -1)) {
        for (lua_Integer i = 1, n = luaL_len(L, -1); ok && i <= n; i++) {
            lua_geti(L, -1, i);
            ok = put(b, arg, value_typed(L, -1, KIND_TEXT, arg->name, b->a), true);
            lua_pop(L, 1);
        }
    } else {
        bool text = lua_type(L, -1) == LUA_TSTRING && arg->kind != ARG_TARGET;
        ok = put(b, arg, value_typed(L, -1, kind_of(arg), arg->name, b->a), text);
    }
    lua_pop(L, 1);
    return ok;
}

static bool by_place(Build *b)
{
    if (lua_geti(b->L, TABLE, b->next) == LUA_TNIL) {
        lua_pop(b->L, 1);
        return false;
    }
    b->next++;
    return true;
}

static bool put_named(Build *b)
{
    for (int i = 0; i < b->n_keys; i++) {
        const Arg *arg = command_arg(b->to->set.cmd, str(b->keys[i]));
        if (!arg || arg->kind == ARG_ASSIGN || arg->kind == ARG_FILTER)
            continue;
        b->used[i] = true;
        lua_getfield(b->L, TABLE, b->keys[i]);
        if (!put_top(b, arg))
            return false;
    }
    return true;
}

static bool put_places(Build *b)
{
    const Command *cmd = b->to->set.cmd;
    for (const Arg *arg = cmd->args; arg && arg->name; arg++) {
        if (is_option(arg) || arg->kind == ARG_ASSIGN || arg->kind == ARG_FILTER
            || b->to->set.given & (uint64_t)1 << (arg - cmd->args))
            continue;
        if (arg->kind == ARG_TARGET) {           /* where="..." may stand instead */
            lua_getfield(b->L, TABLE, "where");
            bool where = !lua_isnil(b->L, -1);
            lua_pop(b->L, 1);
            if (where)
                continue;
        }
        while (by_place(b)) {
            if (!put_top(b, arg))
                return false;
            if (arg->kind != ARG_WORDS)
                break;
        }
    }
    return true;
}

/* dry_run, yes, fields, confirm, where: what every command knows. */
static bool put_common(Build *b, int i)
{
    Common *c = &b->to->common;
    const char *key = b->keys[i];
    bool flag = lua_toboolean(b->L, -1);
    bool known = true;
    if (strcmp(key, "dry_run") == 0)
        c->dry_run = flag;
    else if (strcmp(key, "yes") == 0)
        c->yes = flag;
    else if (strcmp(key, "fields") == 0)
        c->out.fields = value_typed(b->L, -1, KIND_TEXT, key, b->a).s;
    else if (strcmp(key, "confirm") == 0)
        c->confirm = value_typed(b->L, -1, KIND_TEXT, key, b->a).s;
    else
        known = false;
    b->used[i] |= known;
    return known;
}

static const Arg *arg_of_kind(const Command *cmd, ArgKind kind)
{
    for (const Arg *a = cmd->args; a && a->name; a++)
        if (a->kind == kind)
            return a;
    return NULL;
}

/* field = value on the top, popped; the key may end in + or - (["tag+"] = "vip"). */
static bool put_assignment(Build *b, const Arg *arg, const char *key)
{
    const Command *cmd = b->to->set.cmd;
    const Type *t = arg->of ? schema_type(b->schema, str(arg->of)) : cmd->type;
    size_t n = strlen(key), name = n && (key[n - 1] == '+' || key[n - 1] == '-') ? n - 1 : n;
    const Field *f = t ? type_field(t, str_n(key, name)) : NULL;
    Str v = value_typed(b->L, -1, f ? f->kind : KIND_TEXT, key, b->a);
    lua_pop(b->L, 1);
    return put(b, arg, str(arena_printf(b->a, "%s=%.*s", key, STR_ARG(v))), false);
}

static bool put_where(Build *b, const char *text)
{
    if (!text[0])
        return true;
    add_to_line(b, "--where", str(text));
    return argset_where(&b->to->set, str(text), b->err);
}

/* What no argument took is a comparison of the filter. */
static bool put_filter(Build *b)
{
    lua_State *L = b->L;
    lua_newtable(L);
    lua_Integer n = 0;
    while (by_place(b))
        lua_rawseti(L, -2, ++n);
    for (int i = 0; i < b->n_keys; i++) {
        if (b->used[i])
            continue;
        lua_getfield(L, TABLE, b->keys[i]);
        if (strcmp(b->keys[i], "where") == 0 && lua_isstring(L, -1))
            lua_rawseti(L, -2, ++n);
        else
            lua_setfield(L, -2, b->keys[i]);
    }
    const char *text = value_filter(L, -1, b->a);
    lua_pop(L, 1);
    return put_where(b, text);
}

static bool put_others(Build *b)
{
    const Command *cmd = b->to->set.cmd;
    const Arg *assign = arg_of_kind(cmd, ARG_ASSIGN);
    if (!assign && arg_of_kind(cmd, ARG_FILTER))
        return put_filter(b);
    const char *first = assign ? assign_first(cmd, assign) : NULL;
    if (first && by_place(b) && !put_assignment(b, assign, first))
        return false;
    for (int i = 0; i < b->n_keys; i++) {
        if (b->used[i])
            continue;
        const char *key = b->keys[i];
        if (strcmp(key, "where") == 0 && arg_of_kind(cmd, ARG_TARGET)) {
            lua_getfield(b->L, TABLE, key);
            const char *text = value_filter(b->L, -1, b->a);
            lua_pop(b->L, 1);
            if (!put_where(b, text))
                return false;
        } else if (!assign) {
            return fail(b->err, ERR_USAGE, "%s takes no '%s'", cmd->name, key);
        } else {
            lua_getfield(b->L, TABLE, key);
            if (!put_assignment(b, assign, key))
                return false;
        }
    }
    if (by_place(b))
        return fail(b->err, ERR_USAGE, "%s takes no further argument '%s'", cmd->name,
                    luaL_tolstring(b->L, -1, NULL));
    return true;
}

bool arguments_read(lua_State *L, Script *sc, const Command *cmd, Arena *a, Arguments *out,
                    Error *err)
{
    Build b = { .L = L, .a = a, .to = out, .schema = sc->session->crm->schema, .next = 1,
                .line = cmd->name, .err = err };
    *out = (Arguments){ .common = { .out = sc->session->out, .yes = true } };
    out->common.out.fields = NULL;
    b.keys = value_keys(L, TABLE, &b.n_keys, a);
    b.used = ARENA_ARRAY(a, bool, b.n_keys + 1);
    argset_begin(&out->set, sc->session, cmd, a);
    if (!put_named(&b) || !put_places(&b))
        return false;
    for (int i = 0; i < b.n_keys; i++)
        if (!b.used[i]) {
            lua_getfield(L, TABLE, b.keys[i]);
            put_common(&b, i);
            lua_pop(L, 1);
        }
    if (!put_others(&b) || !argset_end(&out->set, err))
        return false;
    out->line = b.line;
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_lua.c -- the LuaCATS stub by which editors know crm: lua/meta/patter.lua.
 *
 * Commands are functions with named arguments (crm.customer.list{ limit=5 }), types have iterators
 * (crm.customers{}) and records are handles (crm.customer(7)).
 */
#include <stdlib.h>

#include "cmd/doc.h"
#include "model/schema.h"

static bool is_reserved(Str word)
{
    static const char *const words[] = {
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if",
        "in", "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_is(word, words[i]))
            return true;
    return false;
}

/* ".list", or ["lua-index"] for what is no name in Lua. */
static void put_member(Str name, Buf *out)
{
    bool plain = !is_reserved(name);
    for (size_t i = 0; i < name.n; i++)
        plain = plain && (name.s[i] == '_' || (name.s[i] >= 'a' && name.s[i] <= 'z')
                          || (i && name.s[i] >= '0' && name.s[i] <= '9'));
    buf_printf(out, plain ? ".%.*s" : "[\"%.*s\"]", STR_ARG(name));
}

static const char *lua_kind(Kind k)
{
    switch (k) {
    case KIND_INT:
    case KIND_TIME:
    case KIND_DURATION:
    case KIND_MONEY:
    case KIND_REF: return "integer";
    case KIND_NUMBER:
    case KIND_PERCENT: return "number";
    case KIND_BOOL: return "boolean";
    case KIND_TAGS: return "string[]";
    default: return "string";
    }
}

static const char *lua_arg(const Arg *a)
{
    switch (a->kind) {
    case ARG_INT: return "integer";
    case ARG_NUMBER: return "number";
    case ARG_FLAG: return "boolean";
    case ARG_RECORD: return "integer|string";
    case ARG_TARGET: return "integer|string|integer[]";
    case ARG_WORDS:
    case ARG_LIST: return "string|string[]";
    case ARG_DURATION:
    case ARG_TIME: return "integer|string";
    default: return "string";
    }
}

static void put_name(const Arg *a, Buf *out)
{
    const char *name = a->name;
    while (*name == '-')
        name++;
    for (; *name; name++)
        buf_char(out, *name == '-' ? '_' : *name);
}

/* "{ target: integer, limit?: integer, [string]: any }" */
static void put_args(const Command *cmd, Buf *out)
{
    bool any = false, open = false;
    buf_cstr(out, "{ ");
    for (const Arg *a = cmd->args; a && a->name; a++) {
        if (a->kind == ARG_ASSIGN || a->kind == ARG_FILTER) {
            open = true;
            continue;
        }
        bool optional = a->flags & ARG_OPTIONAL || a->kind == ARG_FLAG || a->kind == ARG_TARGET;
        buf_cstr(out, any ? ", " : "");
        put_name(a, out);
        buf_printf(out, "%s: %s", optional ? "?" : "", lua_arg(a));
        any = true;
    }
    if (command_takes_where(cmd)) {
        buf_printf(out, "%swhere?: string", any ? ", " : "");
        any = true;
    }
    if (cmd->flags & COMMAND_WRITES) {
        buf_printf(out, "%sdry_run?: boolean", any ? ", " : "");
        any = true;
    }
    if (open)
        buf_printf(out, "%s[string]: any", any ? ", " : "");
    buf_cstr(out, any || open ? " }" : "}");
}

static void put_return(const Command *cmd, Buf *out)
{
    const Column *c = cmd->columns;
    if (c && c->name && c->flags & COLUMN_SCALAR && !c[1].name) {
        buf_printf(out, "%s", lua_kind(c->kind));
        return;
    }
    buf_cstr(out, "patter.rows");
}

static void put_doc(const Command *cmd, Buf *out)
{
    buf_printf(out, "\n--- %s.%s%s\n", cmd->summary, cmd->detail ? " " : "",
               cmd->detail ? cmd->detail : "");
    for (const Arg *a = cmd->args; a && a->name; a++) {
        buf_cstr(out, "--- * ");
        put_name(a, out);
        buf_printf(out, ": %s", a->help);
        doc_arg_more(a, out);
        buf_char(out, '\n');
    }
}

static void put_function(const Command *cmd, Buf *out)
{
    put_doc(cmd, out);
    buf_cstr(out, "---@param args? ");
    put_args(cmd, out);
    buf_cstr(out, "\n---@return ");
    put_return(cmd, out);
    for (const Column *c = cmd->columns; c && c->name; c++)
        buf_printf(out, "%s%s", c == cmd->columns ? " # " : ", ", c->name);
    Buf name = { 0 };
    put_member(command_noun(cmd), &name);
    if (command_verb(cmd).n)
        put_member(command_verb(cmd), &name);
    buf_printf(out, strchr(name.s, '[') ? "\ncrm%s = function(args) end\n"
                                        : "\nfunction crm%s(args) end\n", name.s);
    buf_release(&name);
}

/* ---- nouns ----------------------------------------------------------------------------------- */

/* A reference is the handle of what it names, or that record where its type has none. */
static void put_field_kind(const Schema *schema, const Field *f, Buf *out)
{
    const Type *to = f->kind == KIND_REF ? schema_type(schema, str(f->ref)) : NULL;
    if (to && !to->handle)
        buf_printf(out, "crm.%s.record", to->name);
    else
        buf_cstr(out, to ? "string" : lua_kind(f->kind));
}

static void put_record_class(const Schema *schema, const Type *t, Buf *out)
{
    buf_printf(out, "\n--- %s\n---@class crm.%s.record\n", t->summary ? t->summary : t->name,
               t->name);
    for (int i = 0; i < t->n; i++) {
        const Field *f = &t->fields[i];
        if (f->flags & FIELD_USER)
            continue;
        bool always = f->flags & FIELD_REQUIRED || strcmp(f->name, "id") == 0;
        buf_printf(out, "---@field %s%s ", f->name, always ? "" : "?");
        put_field_kind(schema, f, out);
        buf_printf(out, " %s\n", f->help ? f->help : "");
    }
}

static void put_noun(const Registry *r, const Crm *crm, Str noun, Buf *out)
{
    const Type *t = crm && crm->schema ? schema_type(crm->schema, noun) : NULL;
    const Command *lone = registry_get(r, noun, (Str){ "", 0 });
    bool own = t && str_is(noun, t->name);
    if (own)
        put_record_class(crm->schema, t, out);
    if (lone)
        put_doc(lone, out);
    buf_printf(out, "%s---@class crm.%.*s\n", lone ? "" : "\n", STR_ARG(noun));
    if (t)
        buf_printf(out, "---@overload fun(id: integer|string): crm.%s.record\n", t->name);
    if (lone) {
        buf_cstr(out, "---@overload fun(args?: ");
        put_args(lone, out);
        buf_cstr(out, "): ");
        put_return(lone, out);
        buf_char(out, '\n');
    }
    buf_cstr(out, "crm");
    put_member(noun, out);
    buf_cstr(out, " = {}\n");
    if (own && strcmp(t->name, t->plural) != 0)
        buf_printf(out, "\n--- Walk the %s that a filter finds; # counts them.\n"
                        "---@param where? table|string\n"
                        "---@return patter.set|fun(): crm.%s.record\nfunction crm.%s(where) end\n",
                   t->plural, t->name, t->plural);
}

void doc_lua_stub(const Registry *r, const Crm *crm, Buf *out)
{
    int n;
    Str noun = { 0 };
    const Command *const *all = registry_all(r, &n);
    buf_cstr(out, "---@meta\n-- made by `patter debug docs`; for editors, never run\n"
                  "-- luacheck: ignore\n\n"
                  "---@class crm\ncrm = {}\n");
    for (int i = 0; i < n; i++) {
        bool verb = command_verb(all[i]).n;
        bool again = i + 1 < n && str_eq(command_noun(all[i]), command_noun(all[i + 1]));
        if (all[i]->flags & COMMAND_HIDDEN)
            continue;
        if (verb && !str_eq(noun, command_noun(all[i]))) {
            noun = command_noun(all[i]);
            put_noun(r, crm, noun, out);
        }
        if (verb || !again)                       /* crm.log() stands beside crm.log.verify() */
            put_function(all[i], out);
    }
}

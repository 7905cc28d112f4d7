/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * command_json.c -- a Command from its JSON definition: commands written in Lua.
 *
 * The layout of the argument struct is computed here, member after member; each is aligned for its
 * type.  Unknown keys are refused, so that a misspelt one is not silently without effect.
 */
#include "cmd/command.h"

#include <stdalign.h>

#include <jansson.h>

static const char *const kind_names[] = {
    [ARG_TEXT] = "text", [ARG_INT] = "int", [ARG_NUMBER] = "number", [ARG_FLAG] = "flag",
    [ARG_CHOICE] = "choice", [ARG_FILE] = "file", [ARG_DURATION] = "duration",
    [ARG_TIME] = "time", [ARG_TYPE] = "type", [ARG_FIELD] = "field", [ARG_RECORD] = "record",
    [ARG_TARGET] = "target", [ARG_ASSIGN] = "assign", [ARG_FILTER] = "filter",
    [ARG_WORDS] = "words", [ARG_LIST] = "list",
};
enum { ARG_KINDS = sizeof kind_names / sizeof *kind_names };

static const char *const need_names[] = { "read", "write", "export", "dial", "manage", "admin" };

const char *need_name(unsigned need)
{
    for (int i = 0; i < 6; i++)
        if (need & 1u << i)
            return need_names[i];
    return "nothing";
}

/* ---- keys ------------------------------------------------------------------------------------ */

static const char *get_text(json_t *o, const char *key, Arena *a)
{
    const char *s = json_string_value(json_object_get(o, key));
    return s ? arena_strdup(a, s) : NULL;
}

static bool get_flag(json_t *o, const char *key)
{
    return json_is_true(json_object_get(o, key));
}

static bool only_keys(json_t *o, const char *of, const char *const *known, Error *err)
{
    const char *key;
    json_t *v;
    size_t n = 0;
    while (known[n])
        n++;
    if (!json_is_object(o))
        return fail(err, ERR_INVALID, "%s: its definition is a table with names", of);
    json_object_foreach(o, key, v) {
        size_t i = 0;
        while (i < n && strcmp(known[i], key) != 0)
            i++;
        if (i < n)
            continue;
        const char *near = str_nearest(str(key), known, n);
        fail(err, ERR_INVALID, "%s: a definition has no '%s'", of, key);
        return near && fail_hint(err, "nearest: %s", near);
    }
    return true;
}

/* ---- layout ---------------------------------------------------------------------------------- */

typedef struct Shape { Slot slot; size_t size, align; } Shape;
#define SHAPE(slot, T) { slot, sizeof(T), alignof(T) }
static const Shape shapes[ARG_KINDS] = {
    [ARG_TEXT] = SHAPE(SLOT_TEXT, const char *),
    [ARG_INT] = SHAPE(SLOT_INT, int64_t),
    [ARG_NUMBER] = SHAPE(SLOT_REAL, double),
    [ARG_FLAG] = SHAPE(SLOT_BOOL, bool),
    [ARG_CHOICE] = SHAPE(SLOT_TEXT, const char *),
    [ARG_FILE] = SHAPE(SLOT_TEXT, const char *),
    [ARG_DURATION] = SHAPE(SLOT_INT, int64_t),
    [ARG_TIME] = SHAPE(SLOT_INT, int64_t),
    [ARG_TYPE] = SHAPE(SLOT_TYPE, const Type *),
    [ARG_FIELD] = SHAPE(SLOT_FIELD, const Field *),
    [ARG_RECORD] = SHAPE(SLOT_INT, int64_t),
    [ARG_TARGET] = SHAPE(SLOT_TARGET, Target),
    [ARG_ASSIGN] = SHAPE(SLOT_ASSIGNS, Assigns),
    [ARG_FILTER] = SHAPE(SLOT_FILTER, FilterArg),
    [ARG_WORDS] = SHAPE(SLOT_TEXTS, Texts),
    [ARG_LIST] = SHAPE(SLOT_TEXTS, Texts),
};

/* ---- parts ----------------------------------------------------------------------------------- */

static bool read_kind(const char *name, ArgKind *out)
{
    for (int k = 0; name && k < ARG_KINDS; k++)
        if (strcmp(name, kind_names[k]) == 0) {
            *out = (ArgKind)k;
            return true;
        }
    return !name && (*out = ARG_TEXT, true);
}

static const char *const *read_choices(json_t *list, Arena *a)
{
    const char **choices = ARENA_ARRAY(a, const char *, json_array_size(list) + 1);
    json_t *v;
    size_t i;
    json_array_foreach(list, i, v)
        choices[i] = arena_strdup(a, json_is_string(v) ? json_string_value(v) : "");
    return choices;
}

static bool read_arg(json_t *o, const char *cmd, size_t *at, Arena *a, Arg *arg, Error *err)
{
    static const char *const known[] = { "name", "kind", "optional", "help", "default", "of",
                                         "choices", "least", "value", "letter", NULL };
    const char *kind, *letter;
    if (!only_keys(o, cmd, known, err))
        return false;
    arg->name = get_text(o, "name", a);
    if (!arg->name)
        return fail(err, ERR_INVALID, "%s: an argument has no name", cmd);
    kind = get_text(o, "kind", a);
    if (!read_kind(kind, &arg->kind))
        return fail(err, ERR_INVALID, "%s: %s has an unknown kind '%s'", cmd, arg->name, kind);
    const Shape *shape = &shapes[arg->kind];
    *at = (*at + shape->align - 1) / shape->align * shape->align;
    arg->at = *at;
    arg->slot = shape->slot;
    *at += shape->size;
    arg->flags = get_flag(o, "optional") || arg->kind == ARG_FLAG ? ARG_OPTIONAL : 0;
    arg->help = get_text(o, "help", a);
    arg->of = get_text(o, "of", a);
    arg->fallback = get_text(o, "default", a);
    arg->value = get_text(o, "value", a);
    arg->least = json_integer_value(json_object_get(o, "least"));
    letter = get_text(o, "letter", a);
    arg->letter = letter ? letter[0] : '\0';
    if (arg->kind == ARG_CHOICE)
        arg->choices = read_choices(json_object_get(o, "choices"), a);
    return true;
}

static bool read_args(json_t *list, Command *cmd, Arena *a, Error *err)
{
    size_t n = json_array_size(list), at = 0;
    Arg *args = ARENA_ARRAY(a, Arg, n + 1);
    for (size_t i = 0; i < n; i++)
        if (!read_arg(json_array_get(list, i), cmd->name, &at, a, &args[i], err))
            return false;
    cmd->args = args;
    cmd->args_size = at;
    return true;
}

static bool read_columns(json_t *list, Command *cmd, Arena *a, Error *err)
{
    static const char *const known[] = { "name", "kind", "scalar", NULL };
    size_t n = json_array_size(list);
    if (!n)
        return true;
    Column *columns = ARENA_ARRAY(a, Column, n + 1);
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_array_get(list, i);
        if (!only_keys(o, cmd->name, known, err))
            return false;
        const char *kind = get_text(o, "kind", a);
        columns[i].name = get_text(o, "name", a);
        columns[i].flags = get_flag(o, "scalar") ? COLUMN_SCALAR : 0;
        if (!columns[i].name || (kind && !kind_find(str(kind), &columns[i].kind)))
            return fail(err, ERR_INVALID, "%s: column %zu has no name or an unknown kind",
                        cmd->name, i + 1);
    }
    cmd->columns = columns;
    return true;
}

static bool read_examples(json_t *list, Command *cmd, Arena *a, Error *err)
{
    static const char *const known[] = { "line", "says", NULL };
    size_t n = json_array_size(list);
    Example *examples = ARENA_ARRAY(a, Example, n + 1);
    for (size_t i = 0; i < n; i++) {
        json_t *o = json_array_get(list, i);
        if (!only_keys(o, cmd->name, known, err))
            return false;
        examples[i] = (Example){ get_text(o, "line", a), get_text(o, "says", a) };
        if (!examples[i].line)
            return fail(err, ERR_INVALID, "%s: an example has no line", cmd->name);
    }
    cmd->examples = examples;
    return true;
}

static bool read_need(json_t *o, Command *cmd, Arena *a, Error *err)
{
    const char *need = get_text(o, "need", a);
    for (int i = 0; need && i < 6; i++)
        if (strcmp(need, need_names[i]) == 0)
            cmd->need = 1u << i;
    if (need && !cmd->need)
        return fail(err, ERR_INVALID, "%s: there is no right '%s'", cmd->name, need);
    cmd->flags = (get_flag(o, "writes") ? COMMAND_WRITES : 0)
        | (get_flag(o, "bulk") ? COMMAND_BULK : 0)
        | (get_flag(o, "severe") ? COMMAND_SEVERE : 0)
        | (get_flag(o, "hidden") ? COMMAND_HIDDEN : 0);
    return true;
}

bool command_from_json(Str json, Arena *a, Command **out, Error *err)
{
    static const char *const known[] = { "name", "summary", "detail", "args", "columns", "examples",
                                         "need", "writes", "bulk", "severe", "hidden", "source",
                                         NULL };
    json_error_t bad;
    json_t *o = json_loadb(json.s, json.n, 0, &bad);
    bool ok = false;
    Command *cmd = ARENA_NEW(a, Command);

    if (!o) {
        fail(err, ERR_INVALID, "a command's definition is not JSON: %s", bad.text);
        goto out;
    }
    cmd->name = get_text(o, "name", a);
    if (!cmd->name) {
        fail(err, ERR_INVALID, "a command's definition has no name");
        goto out;
    }
    cmd->summary = get_text(o, "summary", a);
    cmd->detail = get_text(o, "detail", a);
    cmd->source = get_text(o, "source", a);
    ok = only_keys(o, cmd->name, known, err) && read_args(json_object_get(o, "args"), cmd, a, err)
        && read_columns(json_object_get(o, "columns"), cmd, a, err)
        && read_examples(json_object_get(o, "examples"), cmd, a, err)
        && read_need(o, cmd, a, err) && command_check(cmd, err);
    *out = cmd;
out:
    json_decref(o);
    return ok;
}

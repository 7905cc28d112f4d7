/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_field.c -- field add: columns that users declare.
 */
#include "cmd/command.h"

/* ---- field add ------------------------------------------------------------------------------- */

typedef struct FieldAddArgs {
    const Type *type;
    const char *name, *kind, *choices, *label, *ref;
    bool required;
} FieldAddArgs;

static const char *const kinds[] = {
    "text", "int", "number", "money", "bool", "date", "time", "duration", "phone", "email",
    "choice", "ref", NULL
};

static bool field_add_run(const Call *c, Error *err)
{
    const FieldAddArgs *a = c->args;
    const char *type = arena_strdup(c->arena, a->type->name),
        *plural = arena_strdup(c->arena, a->type->plural);
    FieldSpec spec = {
        .name = str(a->name), .label = str(a->label), .choices = str(a->choices),
        .ref = str(a->ref),
        .required = a->required,
    };
    kind_find(str(a->kind), &spec.kind);
    if (!field_add(c->crm, type, &spec, err))
        return false;
    ui_note(c->ui, "%s have a field %s (%s)", plural, a->name, a->kind);
    return true;
}

static const Command field_add_command = {
    .name = "field add", .summary = "Add a field to a type",
    .detail = "It is a real column, at once usable in filters, imports, Lua and reports; undo "
              "drops it.",
    .args = (const Arg[]){
        { "type", ARG_TYPE, 0, "the type that gets it", AT(FieldAddArgs, type) },
        { "name", ARG_TEXT, 0, "letters of any script, digits and _", AT(FieldAddArgs, name) },
        { "kind", ARG_CHOICE, ARG_OPTIONAL, "what it holds", AT(FieldAddArgs, kind),
          .choices = kinds,
          .fallback = "text" },
        { "--choices", ARG_TEXT, ARG_OPTIONAL,
          "for kind choice: the allowed values; of a=x|y x and y are read as a",
          AT(FieldAddArgs, choices),
          .value = "a,b,c" },
        { "--label", ARG_TEXT, ARG_OPTIONAL, "its name for people; imports match it too",
          AT(FieldAddArgs, label) },
        { "--ref", ARG_TEXT, ARG_OPTIONAL, "for kind ref: the type it refers to",
          AT(FieldAddArgs, ref) },
        { "--required", ARG_FLAG, ARG_OPTIONAL, "may not be empty from now on",
          AT(FieldAddArgs, required) },
        { 0 } },
    .args_size = sizeof(FieldAddArgs),
    .examples = (const Example[]){
        { "field add customer contract_end date", "a date, as column u_contract_end" },
        { "field add customer 意向 choice --choices 高,中,低", "one of three words" },
        { "field add customer tier choice --choices 'gold=金牌|Gold card,silver=银牌'",
          "stored as gold, also where 金牌 is typed or imported" },
        { 0 } },
    .flags = COMMAND_WRITES, .run = field_add_run,
};

const Command *const field_commands[] = { &field_add_command, NULL };

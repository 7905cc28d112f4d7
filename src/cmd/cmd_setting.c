/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_setting.c -- setting get, set, list: the few values that belong to a file rather than to a
 * user.
 *
 * A closed list: a name that is not in it is refused, so that a misspelt one cannot lie there
 * without effect.
 */
#include "base/country.h"
#include "base/never.h"
#include "cmd/overview.h"
#include "model/dup.h"
#include "model/merge.h"

typedef struct Known { const char *name, *fallback, *help; } Known;

static const Known known[] = {
    { "region", "CN", "home region of phone numbers without a country (ISO, two letters)" },
    { "zone", NULL, "time zone for dates (Asia/Shanghai); the system's when not set" },
    { "ambiguous", "1", "columns that characters such as ± and — take on your terminal, 1 or 2" },
    { "consent", "opt-out", "whom nobody asked may be called: opt-out; or not: opt-in" },
    { "dial.never", NULL, "beginnings of numbers that are never dialled, besides emergency and"
                          " premium numbers: +8695,+1900" },
    { "customer.show", "people,contacts,consent,stage,touches,tasks,lists,deals,value",
      "sections of customer show: these, and commands that take the id, in their order" },
    { "customer.needs", "name,phone,org",
      "fields that each customer should have, for customer gaps" },
    { "dup.key", DUP_KEY, "what makes two customers probably the same, for dup find" },
    { "dup.words", like_words_shipped,
      "words that do not count in a name or address, long=short" },
    { "dup.rules", MERGE_RULES, "whose value wins in a field when records are merged" },
    { "inbound.days", "30", "so long after a campaign called, wrote or sent something a call in is"
                            " credited to it" },
    { "inbound.new", "no",
      "whether an unknown number that calls in becomes a customer: yes or no" },
    { "lua.seconds", "0", "longest time a script may run; 0: no limit" },
    { "lua.megabytes", "1024", "most memory a script may take" },
    { 0 }
};
static const char *const names[] = {
    "region", "zone", "ambiguous", "consent", "dial.never", "customer.show", "customer.needs",
    "dup.key", "dup.words", "dup.rules", "inbound.days", "inbound.new",
    "lua.seconds", "lua.megabytes", NULL
};

typedef struct Setting { const char *name, *value; } Setting;

static const Known *get_known(const char *name)
{
    const Known *k = known;
    while (strcmp(k->name, name) != 0)            /* the parser has seen that it is in names[] */
        k++;
    return k;
}

static bool number_ok(const char *name, const char *value, int64_t least, Error *err)
{
    int64_t n;
    if (str_int(str(value), &n) && n >= least && n <= 1000000)
        return true;
    fail(err, ERR_INVALID, "%s is a whole number, not '%s'", name, value);
    return fail_hint(err, "from %d to 1000000", (int)least);
}

static bool fields_ok(const Call *c, const char *names_list, Error *err)
{
    const Field *ignored;
    for (const char *p = names_list; *p; p += *p == ',') {
        size_t n = strcspn(p, ",");
        if (!type_field_get(schema_type(c->crm->schema, STR("customer")), str_n(p, n), &ignored,
                            err))
            return false;
        p += n;
    }
    return true;
}

/* A value that nothing could work with is refused at once, not when it is first used. */
static bool value_ok(const Call *c, const char *name, const char *value, Error *err)
{
    DupKey key;
    LikeWords words;
    MergeRules rules;
    const Zone *zone;
    Zones zones = { 0 };
    bool ok = true;
    if (strcmp(name, "zone") == 0)
        ok = zone_get(&zones, value, &zone, err);
    else if (strcmp(name, "region") == 0)
        ok = (strlen(value) == 2 && country_name(value))
            || (fail(err, ERR_INVALID, "there is no region '%s'", value),
                fail_hint(err, "two letters, such as CN, US or DE"));
    else if (strcmp(name, "ambiguous") == 0)
        ok = strcmp(value, "1") == 0 || strcmp(value, "2") == 0
            || fail(err, ERR_INVALID, "ambiguous is 1 or 2, not '%s'", value);
    else if (strcmp(name, "consent") == 0)
        ok = strcmp(value, "opt-in") == 0 || strcmp(value, "opt-out") == 0
            || fail(err, ERR_INVALID, "consent is opt-in or opt-out, not '%s'", value);
    else if (strcmp(name, "dial.never") == 0)
        ok = never_list_ok(str(value), err);
    else if (strcmp(name, "customer.show") == 0)
        ok = overview_valid(c, value, err);
    else if (strcmp(name, "customer.needs") == 0)
        ok = fields_ok(c, value, err);
    else if (strcmp(name, "dup.key") == 0)
        ok = dup_key(c->crm, schema_type(c->crm->schema, STR("customer")), value, c->arena, &key,
                     err);
    else if (strcmp(name, "dup.words") == 0)
        ok = like_words(value, c->arena, &words, err);
    else if (strcmp(name, "dup.rules") == 0)
        ok = merge_rules(c->crm, value, c->arena, &rules, err);
    else if (strcmp(name, "inbound.days") == 0)
        ok = number_ok(name, value, 1, err);
    else if (strcmp(name, "inbound.new") == 0)
        ok = strcmp(value, "yes") == 0 || strcmp(value, "no") == 0
            || fail(err, ERR_INVALID, "inbound.new is yes or no, not '%s'", value);
    else if (strcmp(name, "lua.seconds") == 0)
        ok = number_ok(name, value, 0, err);
    else if (strcmp(name, "lua.megabytes") == 0)
        ok = number_ok(name, value, 8, err);
    zones_release(&zones);
    return ok;
}

static bool get_run(const Call *c, Error *err)
{
    const Setting *a = c->args;
    const Known *k = get_known(a->name);
    const char *value = setting_get(c->crm, k->name, c->arena);
    const Value v = value_cstr(value ? value : k->fallback);
    return out_begin(c->out, c->cmd->columns, -1, err) && out_row(c->out, &v, err);
}

static bool set_run(const Call *c, Error *err)
{
    const Setting *a = c->args;
    const Known *k = get_known(a->name);
    bool clear = !*a->value;
    if (!clear && !value_ok(c, k->name, a->value, err))
        return false;
    if (!setting_set(c->crm, k->name, clear ? NULL : a->value, err) || !crm_reload(c->crm, err))
        return false;
    if (clear)
        ui_note(c->ui, "setting %s cleared%s%s", k->name, k->fallback ? ": " : "",
                k->fallback ? k->fallback : "");
    else
        ui_note(c->ui, "setting %s is %s", k->name, a->value);
    const Value v[] = { value_cstr(k->name), clear ? value_null() : value_cstr(a->value) };
    return out_receipt(c->out, c->cmd->columns, -1, v, err);
}

static bool list_run(const Call *c, Error *err)
{
    if (!out_begin(c->out, c->cmd->columns, -1, err))
        return false;
    for (const Known *k = known; k->name; k++) {
        const char *value = setting_get(c->crm, k->name, c->arena);
        const Value v[] = { value_cstr(k->name), value_cstr(value ? value : k->fallback),
                            value_int(value != NULL), value_cstr(k->help) };
        if (!out_row(c->out, v, err))
            return false;
    }
    return true;
}

static const Command setting_get_command = {
    .name = "setting get",
    .summary = "Print the value of a setting",
    .args = (const Arg[]){
        { "name", ARG_CHOICE, 0, "which one", AT(Setting, name), .choices = names }, { 0 } },
    .args_size = sizeof(Setting),
    .columns = (const Column[]){ { "value", KIND_TEXT, COLUMN_SCALAR }, { 0 } },
    .examples = (const Example[]){ { "setting get region", "the home region" }, { 0 } },
    .run = get_run,
};

static const Command setting_set_command = {
    .name = "setting set",
    .summary = "Change a setting of this file",
    .args = (const Arg[]){
        { "name", ARG_CHOICE, 0, "which one", AT(Setting, name), .choices = names },
        { "value", ARG_TEXT, 0, "its value; '' clears it", AT(Setting, value) },
        { 0 } },
    .args_size = sizeof(Setting),
    .columns = (const Column[]){ { "name", KIND_TEXT, 0 }, { "value", KIND_TEXT, 0 }, { 0 } },
    .examples = (const Example[]){
        { "setting set region US", "numbers without a country are American" },
        { "setting set zone Asia/Shanghai", "days begin at midnight in Shanghai" },
        { 0 } },
    .need = MAY_MANAGE,
    .flags = COMMAND_WRITES,
    .run = set_run,
};

static const Command setting_list_command = {
    .name = "setting list",
    .summary = "Show all settings, set or not",
    .columns = (const Column[]){ { "name", KIND_TEXT, 0 }, { "value", KIND_TEXT, 0 },
                                 { "set", KIND_BOOL, 0 }, { "help", KIND_TEXT, COLUMN_FOLD },
                                 { 0 } },
    .examples = (const Example[]){ { "setting list", "what there is" }, { 0 } },
    .run = list_run,
};

const Command *const setting_commands[] = {
    &setting_get_command, &setting_set_command, &setting_list_command, NULL
};

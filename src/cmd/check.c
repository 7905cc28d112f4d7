/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * check.c -- does a definition of a command hold?  Run over the whole registry by the tests, and on
 * each command that Lua declares.
 */
#include "cmd/args.h"
#include "cmd/registry.h"

static const uint8_t want[] = {
    [ARG_TEXT] = SLOT_TEXT, [ARG_INT] = SLOT_INT, [ARG_NUMBER] = SLOT_REAL,
    [ARG_FLAG] = SLOT_BOOL, [ARG_CHOICE] = SLOT_TEXT, [ARG_FILE] = SLOT_TEXT,
    [ARG_DURATION] = SLOT_INT, [ARG_TIME] = SLOT_INT, [ARG_TYPE] = SLOT_TYPE,
    [ARG_FIELD] = SLOT_FIELD, [ARG_RECORD] = SLOT_INT, [ARG_TARGET] = SLOT_TARGET,
    [ARG_ASSIGN] = SLOT_ASSIGNS, [ARG_FILTER] = SLOT_FILTER, [ARG_WORDS] = SLOT_TEXTS,
    [ARG_LIST] = SLOT_TEXTS,
};

static const size_t slot_size[] = {
    [SLOT_TEXT] = sizeof(char *), [SLOT_INT] = sizeof(int64_t), [SLOT_REAL] = sizeof(double),
    [SLOT_BOOL] = sizeof(bool), [SLOT_TYPE] = sizeof(Type *), [SLOT_FIELD] = sizeof(Field *),
    [SLOT_TARGET] = sizeof(Target), [SLOT_ASSIGNS] = sizeof(Assigns),
    [SLOT_FILTER] = sizeof(FilterArg), [SLOT_TEXTS] = sizeof(Texts),
};

static bool is_line(const char *s)
{
    return s && *s && s[strlen(s) - 1] != '.' && !strpbrk(s, "\n\t");
}

static bool name_ok(const char *name)
{
    int blanks = 0;
    for (const char *p = name; *p; p++) {
        blanks += *p == ' ';
        if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || *p == '-' || *p == '_'
              || *p == ' ' || *p == '=' || (unsigned char)*p >= 0x80))
            return false;
    }
    return *name && *name != '-' && blanks <= 1;
}

static bool arg_ok(const Command *cmd, const Arg *a, Error *err)
{
    if (!name_ok(arg_is_option(a) ? a->name + 2 : a->name)
        || (arg_is_option(a) && a->name[1] != '-'))
        return fail(err, ERR_INVALID, "%s: '%s' is no name for an argument", cmd->name, a->name);
    if (!is_line(a->help))
        return fail(err, ERR_INVALID, "%s: %s has no help of one line without full stop", cmd->name,
                    a->name);
    if (a->slot != want[a->kind])
        return fail(err, ERR_INVALID, "%s: %s is stored in the wrong C type", cmd->name, a->name);
    if (a->at + slot_size[a->slot] > cmd->args_size)
        return fail(err, ERR_INVALID, "%s: %s lies outside of args_size", cmd->name, a->name);
    if ((a->kind == ARG_CHOICE) != (a->choices && a->choices[0]))
        return fail(err, ERR_INVALID, "%s: %s has choices and kind choice, or neither", cmd->name,
                    a->name);
    if (arg_is_option(a) && arg_takes_rest(a))
        return fail(err, ERR_INVALID, "%s: %s takes the remaining words but is an option",
                    cmd->name, a->name);
    if (!arg_is_option(a) && (a->kind == ARG_FLAG || a->kind == ARG_LIST))
        return fail(err, ERR_INVALID, "%s: %s must be an option", cmd->name, a->name);
    return true;
}

/* Members must not overlap, names not repeat, nothing positional follow what takes the rest. */
static bool args_ok(const Command *cmd, Error *err)
{
    const Arg *rest = NULL;
    int n = 0;
    for (const Arg *a = cmd->args; a && a->name; a++) {
        if (!arg_ok(cmd, a, err))
            return false;
        if (++n > 64)
            return fail(err, ERR_INVALID, "%s has more than 64 arguments", cmd->name);
        if (rest && !arg_is_option(a))
            return fail(err, ERR_INVALID, "%s: %s stands after %s, which takes the remaining words",
                        cmd->name, a->name, rest->name);
        if (arg_takes_rest(a))
            rest = a;
        for (const Arg *b = cmd->args; b < a; b++)
            if (command_arg(cmd, str(a->name)) != a
                || (a->at < b->at + slot_size[b->slot] && b->at < a->at + slot_size[a->slot])
                || (a->letter && a->letter == b->letter))
                return fail(err, ERR_INVALID, "%s: %s and %s clash", cmd->name, b->name, a->name);
    }
    return true;
}

static bool example_ok(const Command *cmd, const Example *e)
{
    Str noun = cmd->type && str_starts(str(e->line), "{noun} ") ? STR("{noun}")
                                                                : command_noun(cmd);
    const char *at = e->line ? strstr(e->line, cmd->name) : NULL;
    return at || (e->line && cmd->type && memmem(e->line, strlen(e->line), noun.s, noun.n));
}

bool command_check(const Command *cmd, Error *err)
{
    if (!cmd->name || !name_ok(cmd->name))
        return fail(err, ERR_INVALID, "'%s' is no name for a command", cmd->name ? cmd->name : "");
    if (!is_line(cmd->summary))
        return fail(err, ERR_INVALID, "%s has no summary of one line without full stop", cmd->name);
    if (cmd->detail && (!*cmd->detail || cmd->detail[strlen(cmd->detail) - 1] != '.'))
        return fail(err, ERR_INVALID, "%s: its detail is not sentences", cmd->name);
    if ((cmd->flags & (COMMAND_BULK | COMMAND_SEVERE | COMMAND_OWN_TX))
        && !(cmd->flags & COMMAND_WRITES))
        return fail(err, ERR_INVALID, "%s asks or opens transactions, but does not write",
                    cmd->name);
    for (const Example *e = cmd->examples; e && e->line; e++)
        if (!example_ok(cmd, e))
            return fail(err, ERR_INVALID, "%s: the example '%s' is of another command", cmd->name,
                        e->line);
    return args_ok(cmd, err);
}

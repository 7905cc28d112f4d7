/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * options.c -- the program line parsed; the table of options is cmd/program.c's.
 */
#include "shell/options.h"

#include <stdio.h>
#include <stdlib.h>

#include "cmd/program.h"

static const ProgramOption *by_letter(char c)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (program_options[i].letter == c)
            return &program_options[i];
    return NULL;
}

static const ProgramOption *by_name(Str name)
{
    for (int i = 0; i < OPTION_COUNT; i++)
        if (str_is(name, program_options[i].name))
            return &program_options[i];
    return str_is(name, "colour") ? by_name(STR("color")) : NULL;
}

static bool unknown(Str word, Error *err)
{
    const char *names[OPTION_COUNT];
    for (int i = 0; i < OPTION_COUNT; i++)
        names[i] = program_options[i].name;
    size_t dashes = str_starts(word, "--") ? 2 : 1;
    const char *near = str_nearest(str_n(word.s + dashes, word.n - dashes), names, OPTION_COUNT);
    fail(err, ERR_USAGE, "unknown option '%.*s'", STR_ARG(word));
    return near ? fail_hint(err, "did you mean '--%s'?", near)
                : fail_hint(err, "patter --help lists the options");
}

static bool wrong_value(const ProgramOption *opt, const char *value, Error *err)
{
    fail(err, ERR_USAGE, "--%s is %s, not '%.100s'", opt->name, opt->value, value);
    return fail_hint(err, "%s", opt->help);
}

static void add_input(Options *o, InputKind kind, const char *text)
{
    o->inputs = xresize(o->inputs, (size_t)(o->n_inputs + 1) * sizeof *o->inputs);
    o->inputs[o->n_inputs++] = (Input){ kind, text };
}

static bool set_colour(Options *o, const ProgramOption *opt, const char *value, Error *err)
{
    static const char *const modes[] = { "auto", "always", "never" };
    for (int i = 0; i < 3; i++)
        if (strcmp(value, modes[i]) == 0) {
            o->colour = (ColourMode)i;
            return true;
        }
    return wrong_value(opt, value, err);
}

static bool set_number(Options *o, const ProgramOption *opt, const char *value, Error *err)
{
    int64_t n;
    if (!str_int(str(value), &n) || n < 0 || (opt->id == OPTION_AMBIGUOUS && n != 1 && n != 2))
        return wrong_value(opt, value, err);
    if (opt->id == OPTION_SEED)
        o->seed = (uint64_t)n;
    else
        o->ambiguous = (int)n;
    return true;
}

static bool set_with_value(Options *o, const ProgramOption *opt, const char *value, Error *err)
{
    switch (opt->id) {
    case OPTION_COMMAND:
        add_input(o, INPUT_COMMAND, value);
        return true;
    case OPTION_FILE:
        add_input(o, INPUT_FILE, value);
        return true;
    case OPTION_VARIABLE:
        o->vars = xresize(o->vars, (size_t)(o->n_vars + 1) * sizeof *o->vars);
        o->vars[o->n_vars++] = value;
        return strchr(value, '=') ? true : wrong_value(opt, value, err);
    case OPTION_COLOUR:
        return set_colour(o, opt, value, err);
    case OPTION_CONFIRM:
        o->confirm = value;
        return true;
    case OPTION_CLOCK:
        o->clock = value;
        return true;
    default:
        return set_number(o, opt, value, err);
    }
}

static void set_flag(Options *o, OptionId id)
{
    bool *const flags[OPTION_COUNT] = {
        [OPTION_INTERACTIVE] = &o->interactive, [OPTION_QUIET] = &o->quiet,
        [OPTION_NO_RC] = &o->no_rc,             [OPTION_ONE] = &o->one_transaction,
        [OPTION_KEEP_GOING] = &o->keep_going,   [OPTION_NO_PAGER] = &o->no_pager,
        [OPTION_YES] = &o->yes,                 [OPTION_NO_INPUT] = &o->no_input,
        [OPTION_DRY_RUN] = &o->dry_run,         [OPTION_VERSION] = &o->version,
        [OPTION_HELP] = &o->help,
    };
    *flags[id] = true;
}

static bool needs_value(const ProgramOption *opt, Error *err)
{
    fail(err, ERR_USAGE, "--%s needs a value", opt->name);
    return fail_hint(err, "write --%s %s", opt->name, opt->value);
}

/* --name, --name=value, --name value; *used counts the words. */
static bool parse_long(Options *o, char **argv, int n, int *used, Error *err)
{
    const char *eq = strchr(argv[0], '=');
    Str name = str_n(argv[0] + 2, eq ? (size_t)(eq - argv[0] - 2) : strlen(argv[0]) - 2);
    const ProgramOption *opt = by_name(name);
    *used = 1;
    if (!opt)
        return unknown(str_n(argv[0], name.n + 2), err);
    if (!opt->value) {
        if (eq)
            return fail(err, ERR_USAGE, "--%s takes no value", opt->name);
        set_flag(o, opt->id);
        return true;
    }
    if (!eq && n < 2)
        return needs_value(opt, err);
    *used = eq ? 1 : 2;
    return set_with_value(o, opt, eq ? eq + 1 : argv[1], err);
}

/* -q, -qX, -cCMD, -c CMD. */
static bool parse_short(Options *o, char **argv, int n, int *used, Error *err)
{
    *used = 1;
    for (const char *p = argv[0] + 1; *p; p++) {
        const ProgramOption *opt = by_letter(*p);
        if (!opt)
            return unknown(str_n(argv[0], strlen(argv[0])), err);
        if (!opt->value) {
            set_flag(o, opt->id);
            continue;
        }
        if (!p[1] && n < 2)
            return needs_value(opt, err);
        *used = p[1] ? 1 : 2;
        return set_with_value(o, opt, p[1] ? p + 1 : argv[1], err);
    }
    return true;
}

bool names_database(const char *word)
{
    if (strchr(word, '/') || strchr(word, '.') || strcmp(word, ":memory:") == 0)
        return true;
    char head[16] = "";
    FILE *f = fopen(word, "rbe");
    bool is = f && fread(head, 1, 16, f) == 16 && memcmp(head, "SQLite format 3", 16) == 0;
    if (f)
        fclose(f);
    return is;
}

bool options_parse(Options *o, int argc, char **argv, Error *err)
{
    *o = (Options){ .seed = 1 };
    int i = 1, used;
    while (i < argc) {
        char *word = argv[i];
        if (strcmp(word, "--") == 0) {
            i++;
            break;
        }
        if (word[0] == '-' && word[1]) {
            if (word[1] == '-' ? !parse_long(o, argv + i, argc - i, &used, err)
                               : !parse_short(o, argv + i, argc - i, &used, err))
                return false;
            i += used;
        } else if (!o->db && names_database(word)) {
            o->db = word;
            i++;
        } else {
            break;
        }
    }
    o->words = argv + i;
    o->n_words = argc - i;
    return true;
}

void options_release(Options *o)
{
    free(o->inputs);
    free(o->vars);
}

void options_help(Buf *out)
{
    buf_cstr(out, "usage: patter [options] [DB] [command ...]\n\n"
                  "  patter shop.db                               the prompt\n"
                  "  patter shop.db customer list stage=new       one command\n"
                  "  patter shop.db -c 'customer count' -f day.patter\n\n"
                  "options\n");
    for (int i = 0; i < OPTION_COUNT; i++) {
        const ProgramOption *o = &program_options[i];
        char left[64];
        snprintf(left, sizeof left, "  %c%c --%s%s%s", o->letter ? '-' : ' ',
                 o->letter ? o->letter : ' ', o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        buf_printf(out, "%-30s%s\n", left, o->help);
    }
    buf_cstr(out, "\nWithout DB it is PATTER_DB, else a file in the data folder (patter paths).\n"
                  "patter help lists the commands, patter help COMMAND explains one.\n");
}

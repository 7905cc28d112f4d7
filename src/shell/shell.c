/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shell.c -- from the program's options to an open session, and back.
 */
#include "shell/shell.h"

#include <langinfo.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cmd/dial.h"
#include "shell/paths.h"
#include "shell/signals.h"

/* ---- which file ----------------------------------------------------------------------------- */

/* The database named by the options, PATTER_DB or the data folder; NULL: there is no home. */
static const char *database_path(const Shell *sh, Arena *a)
{
    const char *variable = getenv("PATTER_DB");
    if (sh->opt.db)
        return sh->opt.db;
    if (variable && *variable)
        return variable;
    return path_file(PATH_DATA, "patter.db", a);
}

static bool open_crm(Shell *sh, const char *path, unsigned flags, Error *err)
{
    Session *s = &sh->session;
    if (!crm_connect(path, flags, &sh->clock, &s->crm, err))
        return false;
    s->registry = registry_new(s->crm);
    shell_commands_add(s->registry);
    script_attach(s);
    return true;
}

static void close_crm(Shell *sh)
{
    if (!sh->session.crm)
        return;
    dialing_close(&sh->session);
    script_close(&sh->session);
    registry_free(sh->session.registry);
    crm_close(sh->session.crm);
    sh->session.registry = NULL;
    sh->session.crm = NULL;
}

void shell_leave(Shell *sh)
{
    char question[100];
    int calls = sh->interactive && !sh->session.yes ? dial_calls_up(&sh->session) : 0;
    snprintf(question, sizeof question, "%d call%s up and will be hung up; leave?", calls,
             calls == 1 ? " is" : "s are");
    if (!calls || sh->ui.ask(&sh->ui, question, NULL) != 0)
        sh->leaving = true;
}

/* Before a file is made for a command: does the command exist, and does it need a file? */
static bool needs_file(Shell *sh, bool *needs, Error *err)
{
    Arena a = { 0 };
    const Command *cmd;
    int used;
    Words w = lex_argv(sh->opt.words, sh->opt.n_words, &a);
    bool help = false;
    for (int i = 0; i < w.n; i++)
        help |= str_is(w.w[i].text, "--help") || str_is(w.w[i].text, "-h");
    *needs = !help;
    bool ok = help || registry_match(sh->session.registry, w.w, w.n, &cmd, &used, err);
    if (ok && !help)
        *needs = !(cmd->flags & COMMAND_NO_DB);
    arena_release(&a);
    return ok;
}

static bool open_database(Shell *sh, Arena *a, Error *err)
{
    const char *path = database_path(sh, a);
    bool needed = true;
    if (!path) {
        fail(err, ERR_USAGE, "there is no home folder to keep a database in");
        return fail_hint(err, "name one: patter FILE, or set PATTER_DB");
    }
    bool in_memory = strcmp(path, ":memory:") == 0, missing = !in_memory && access(path, F_OK) != 0;
    if (missing && sh->opt.n_words && !sh->opt.n_inputs) {
        if (!open_crm(sh, ":memory:", STORE_CREATE, err) || !crm_ready(sh->session.crm, err)
            || !needs_file(sh, &needed, err))
            return false;
        if (!needed)
            return true;
        close_crm(sh);
    }
    if (missing && path != sh->opt.db && !path_make_folder(path, err))
        return false;
    return open_crm(sh, path, STORE_CREATE, err);
}

/* ---- the rest of the session ---------------------------------------------------------------- */

static bool set_clock(Shell *sh, Error *err)
{
    Zones zones = { 0 };
    const Zone *zone;
    Moment m;
    if (!sh->opt.clock)
        return true;
    bool ok = zone_get(&zones, NULL, &zone, err)
              && moment_parse(str(sh->opt.clock), zone, clock_now(&sh->clock), &m, err);
    zones_release(&zones);
    if (ok)
        clock_set(&sh->clock, m.from);
    else
        err->code = ERR_USAGE;
    return ok;
}

static bool set_variables(Shell *sh, Error *err)
{
    char name[16];
    for (int i = 0; i < sh->opt.n_vars; i++) {
        const char *text = sh->opt.vars[i], *eq = strchr(text, '=');
        if (!variable_set(&sh->vars, str_n(text, (size_t)(eq - text)), str(eq + 1), err))
            return false;
    }
    for (int i = 0; sh->opt.n_inputs && i < sh->opt.n_words; i++) {
        snprintf(name, sizeof name, "%d", i + 1);
        if (!variable_set(&sh->vars, str(name), str(sh->opt.words[i]), err))
            return false;
    }
    return true;
}

static void set_output(Shell *sh)
{
    Arena a = { 0 };
    int64_t n;
    const char *setting = setting_get(sh->session.crm, "ambiguous", &a);
    sh->session.out.ambiguous = sh->opt.ambiguous ? sh->opt.ambiguous
                                : setting && str_int(str(setting), &n) && n == 2 ? 2 : 1;
    arena_release(&a);
}

bool shell_ready(Shell *sh, Error *err)
{
    if (sh->ready)
        return true;
    sh->ready = crm_ready(sh->session.crm, err);
    if (sh->ready)
        set_output(sh);
    return sh->ready;
}

static bool lua_incomplete(void *ctx, Str chunk)
{
    return script_incomplete(&((Shell *)ctx)->session, chunk);
}

/* Readline needs to know that the terminal speaks UTF-8; a locale that was never generated, or
 * plain C, says nothing against it. */
static bool set_locale(Error *err)
{
    setlocale(LC_CTYPE, "");
    const char *charset = nl_langinfo(CODESET);
    if (strcmp(charset, "UTF-8") == 0)
        return true;
    bool plain = strcmp(charset, "ANSI_X3.4-1968") == 0;
    if (!plain) {
        fail(err, ERR_USAGE, "this terminal is set to %s, and patter writes UTF-8", charset);
        return fail_hint(err, "set the terminal to UTF-8 and LC_ALL=C.UTF-8");
    }
    setlocale(LC_CTYPE, "C.UTF-8");
    return true;
}

bool shell_open(Shell *sh, Error *err)
{
    Arena a = { 0 };
    Session *s = &sh->session;
    sh->clock.slew = &sh->slew;
    sh->term = term_ask(sh->opt.colour);
    sh->judge = (LuaJudge){ lua_incomplete, sh };
    ui_open(sh);
    *s = (Session){ .ui = &sh->ui, .dry_run = sh->opt.dry_run, .yes = sh->opt.yes,
                    .confirm = sh->opt.confirm, .seed = sh->opt.seed, .shell = sh };
    bool ok = (!sh->interactive || set_locale(err)) && set_clock(sh, err)
              && open_database(sh, &a, err) && set_variables(sh, err)
              && (sh->loop = loop_new(&sh->clock, err)) && signals_open(s, sh->interactive, err);
    if (ok && sh->interactive) {
        s->loop = sh->loop;
        ok = shell_ready(sh, err);
    }
    arena_release(&a);
    return ok;
}

void shell_close(Shell *sh)
{
    signals_close();
    close_crm(sh);
    loop_free(sh->loop);
    if (sh->output && fclose(sh->output) != 0)
        fputs("patter: error: the output file was not written whole\n", stderr);
    variables_release(&sh->vars);
    buf_release(&sh->notes);
    free(sh->last);
    options_release(&sh->opt);
}

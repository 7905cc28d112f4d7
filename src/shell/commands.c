/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * commands.c -- the shell's own commands: leaving, variables, scripts, output.
 */
#include "shell/shell.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "shell/history.h"
#include "shell/paths.h"
#include "shell/signals.h"

/* The shell that runs this command; ERR_FAILED where there is none (a Lua module). */
static bool shell_of(const Call *c, Shell **out, Error *err)
{
    *out = c->session->shell;
    return *out || fail(err, ERR_FAILED, "%s works in the shell only", c->cmd->name);
}

/* ---- quit ----------------------------------------------------------------------------------- */

static bool quit_run(const Call *c, Error *err)
{
    Shell *sh;
    if (!shell_of(c, &sh, err))
        return false;
    shell_leave(sh);
    return true;
}

static const Command quit = {
    .name = "quit",
    .summary = "Leave the shell, or end the script",
    .detail = "Also exit, \\q, .quit and ^D on an empty line. At the prompt you are asked first "
              "while calls are up.",
    .examples = (const Example[]){ { "quit", "leave" }, { 0 } },
    .flags = COMMAND_NO_DB,
    .run = quit_run,
};

static const Command exit_command = {
    .name = "exit",
    .summary = "The same as quit",
    .flags = COMMAND_NO_DB,
    .run = quit_run,
    .examples = (const Example[]){
        { "exit", "leave" },
        { 0 } },
};

/* ---- variables ------------------------------------------------------------------------------ */

typedef struct SetArgs { const char *name, *value; } SetArgs;

static bool list_variables(const Call *c, const Variables *vars, Error *err)
{
    if (!out_begin(c->out, c->cmd->columns, -1, err))
        return false;
    for (int i = 0; i < vars->n; i++) {
        Value v[] = { value_cstr(vars->v[i].name), value_cstr(vars->v[i].value) };
        if (!out_row(c->out, v, err))
            return false;
    }
    return true;
}

static bool set_run(const Call *c, Error *err)
{
    const SetArgs *a = c->args;
    Shell *sh;
    if (!shell_of(c, &sh, err))
        return false;
    if (!a->name)
        return list_variables(c, &sh->vars, err);
    if (a->value)
        return variable_set(&sh->vars, str(a->name), str(a->value), err);
    variable_unset(&sh->vars, str(a->name));
    return true;
}

static const Command set = {
    .name = "set",
    .summary = "Set a variable, forget it, or list them all",
    .detail = "A variable is used as :name, as a word of its own or as the value of a field; its "
              "text is never split into words. patter -v name=value sets one too, and the "
              "arguments of a script are :1, :2 and so on. Without a value the variable is "
              "forgotten.",
    .args = (const Arg[]){
        { "name", ARG_TEXT, ARG_OPTIONAL, "letters, digits and _", AT(SetArgs, name) },
        { "value", ARG_TEXT, ARG_OPTIONAL, "its text", AT(SetArgs, value) },
        { 0 } },
    .args_size = sizeof(SetArgs),
    .columns = (const Column[]){ { "name", KIND_TEXT, 0 }, { "value", KIND_TEXT, 0 }, { 0 } },
    .examples = (const Example[]){ { "set city 上海", "then customer list city=:city" },
                                   { "set", "what is set" }, { 0 } },
    .flags = COMMAND_NO_DB,
    .run = set_run,
};

/* ---- scripts -------------------------------------------------------------------------------- */

typedef struct FileArgs { const char *file; } FileArgs;

static bool run_run(const Call *c, Error *err)
{
    const FileArgs *a = c->args;
    Shell *sh;
    if (!shell_of(c, &sh, err))
        return false;
    if (batch_file(sh, a->file) == 0)
        return true;
    return fail(err, ERR_FAILED, "%s did not run to its end", a->file);
}

static const Command run = {
    .name = "run",
    .summary = "Run the commands of a file",
    .detail = "A .lua file is run as Lua. The first error ends the file; all its changes are one "
              "step for undo.",
    .args = (const Arg[]){ { "file", ARG_FILE, 0, "commands, or a .lua file", AT(FileArgs, file) },
                           { 0 } },
    .args_size = sizeof(FileArgs),
    .flags = COMMAND_NO_DB,
    .run = run_run,
    .examples = (const Example[]){
        { "run nightly.patter", "its commands, one after the other" },
        { 0 } },
};

/* What stands behind the first n words of the line, as typed. */
static Str line_behind(const Call *c, int n)
{
    Words w;
    Error ignored = { 0 };
    Str line = str(c->line);
    if (!lex_words(line, c->arena, &w, NULL, &ignored) || w.n <= n)
        return (Str){ 0 };
    return str_n(line.s + w.w[n].at, line.n - (size_t)w.w[n].at);
}

/* ---- watch ---------------------------------------------------------------------------------- */

typedef struct WatchArgs { int64_t every; Texts words; } WatchArgs;

static void wake_up(void *ctx, int64_t now)
{
    (void)now;
    *(bool *)ctx = true;
}

/* Wait for the time, ^C or the end; false when it is not to go on. */
static bool pause_for(Shell *sh, int64_t ms, Error *err)
{
    bool due = false;
    Timer *t = loop_timer(sh->loop, loop_now(sh->loop) + ms, wake_up, &due);
    bool ok = true;
    while (ok && !due && !signals_interrupted() && !signals_ending())
        ok = loop_turn(sh->loop, -1, err);
    if (!due)
        loop_cancel(sh->loop, t);
    return due;
}

static bool watch_run(const Call *c, Error *err)
{
    const WatchArgs *a = c->args;
    Shell *sh;
    Stmt st;
    if (!shell_of(c, &sh, err))
        return false;
    if (!sh->interactive)
        return fail(err, ERR_FAILED, "watch needs a terminal");
    stmt_scan(line_behind(c, 2), &sh->judge, &st);
    do {
        fputs("\033[H\033[J", stdout);
        if (!run_statement(sh, &st, NULL, err))
            return false;
    } while (pause_for(sh, a->every < 100 ? 100 : a->every, err));
    return true;
}

static const Command watch = {
    .name = "watch",
    .summary = "Run a command again and again until ^C",
    .detail = "A campaign that is dialled is watched by `dial status CAMPAIGN --live`.",
    .args = (const Arg[]){
        { "every", ARG_DURATION, 0, "time between two runs", AT(WatchArgs, every) },
        { "command", ARG_WORDS, 0, "what to run", AT(WatchArgs, words) },
        { 0 } },
    .args_size = sizeof(WatchArgs),
    .flags = COMMAND_NO_DB | COMMAND_RAW,
    .run = watch_run,
};

/* ---- edit ----------------------------------------------------------------------------------- */

static bool edit_run(const Call *c, Error *err)
{
    Shell *sh;
    Buf text = { 0 };
    if (!shell_of(c, &sh, err))
        return false;
    if (!sh->interactive)
        return fail(err, ERR_FAILED, "edit needs a terminal");
    if (sh->last)
        buf_cstr(&text, sh->last);
    if (!edit_text(sh, &text, err)) {
        buf_release(&text);
        return false;
    }
    Source src = { .name = NULL, .judge = &sh->judge, .text = text };
    free(sh->last);
    sh->last = xstrndup(text.s ? text.s : "", text.n);
    sh->edited = true;
    fprintf(stderr, "%s\n", str_c(str_trim(buf_as_str(&text)), c->arena));
    history_add(str_trim(buf_as_str(&text)));
    int code = batch_source(sh, &src);
    source_release(&src);
    return code == 0 || fail(err, ERR_FAILED, "what was edited did not run to its end");
}

static const Command edit = {
    .name = "edit",
    .summary = "Edit the last statement in $VISUAL or $EDITOR, then run it",
    .detail = "^X^E does the same for the line that is being typed.",
    .flags = COMMAND_NO_DB,
    .run = edit_run,
};

/* ---- output --------------------------------------------------------------------------------- */

static bool output_run(const Call *c, Error *err)
{
    const FileArgs *a = c->args;
    Shell *sh;
    if (!shell_of(c, &sh, err))
        return false;
    FILE *f = NULL;
    if (a->file && strcmp(a->file, "-") != 0) {
        if (call_rehearses(c))
            return fail(err, ERR_REFUSED, "a dry run writes no file");
        int fd = open(a->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        f = fd >= 0 ? fdopen(fd, "w") : NULL;
        if (!f)
            return fail(err, ERR_IO, "%s cannot be made: %s", a->file, strerror(errno));
    }
    if (sh->output_next)
        fclose(sh->output_next);               /* said twice in one statement */
    sh->output_next = f;
    sh->output_switched = true;
    return true;
}

static const Command output = {
    .name = "output",
    .summary = "Send all results to a new file, or back to the terminal",
    .args = (const Arg[]){
        { "file", ARG_FILE, ARG_OPTIONAL, "a file that does not exist yet; none: the terminal",
          AT(FileArgs, file) },
        { 0 } },
    .args_size = sizeof(FileArgs),
    .flags = COMMAND_NO_DB,
    .run = output_run,
    .examples = (const Example[]){
        { "output rows.tsv; customer list; output", "rows to a file, and back" },
        { 0 } },
};

typedef struct WordArgs { const char *word; } WordArgs;

static bool mode_run(const Call *c, Error *err)
{
    const WordArgs *a = c->args;
    Shell *sh;
    Format f = FORMAT_AUTO;
    if (!shell_of(c, &sh, err))
        return false;
    if (strcmp(a->word, "auto") != 0 && !format_find(str(a->word), &f)) {
        fail(err, ERR_USAGE, "there is no format '%.60s'", a->word);
        return fail_hint(err, "auto, table, long, csv, tsv, json, jsonl, markdown, sql, xlsx or "
                              "vcard");
    }
    sh->mode = f;
    return true;
}

static const Command mode = {
    .name = "mode",
    .summary = "Choose the format of results until further notice",
    .detail = "auto is a table on a terminal and tab-separated text elsewhere. The switches of a "
              "command (--csv, --json ...) go before.",
    .args = (const Arg[]){
        { "format", ARG_TEXT, 0,
          "auto, table, long, csv, tsv, json, jsonl, markdown, sql, xlsx, vcard",
          AT(WordArgs, word) },
        { 0 } },
    .args_size = sizeof(WordArgs),
    .examples = (const Example[]){ { "mode long", "one field a line" }, { 0 } },
    .flags = COMMAND_NO_DB,
    .run = mode_run,
};

static const char *const on_off[] = { "on", "off", NULL };

/* on, off, or without a word the other way round. */
static bool switch_run(const Call *c, bool *what, Error *err)
{
    const WordArgs *a = c->args;
    (void)err;
    *what = a->word ? strcmp(a->word, "on") == 0 : !*what;
    ui_note(c->ui, "%s is %s", c->cmd->name, *what ? "on" : "off");
    return true;
}

static bool timing_run(const Call *c, Error *err)
{
    Shell *sh;
    return shell_of(c, &sh, err) && switch_run(c, &sh->timing, err);
}

static bool mute_run(const Call *c, Error *err)
{
    Shell *sh;
    return shell_of(c, &sh, err) && switch_run(c, &sh->muted, err);
}

static const Command timing = {
    .name = "timing",
    .summary = "Say after each statement how long it took",
    .args = (const Arg[]){
        { "state", ARG_CHOICE, ARG_OPTIONAL, "on or off", AT(WordArgs, word), .choices = on_off },
        { 0 } },
    .args_size = sizeof(WordArgs),
    .flags = COMMAND_NO_DB,
    .run = timing_run,
    .examples = (const Example[]){
        { "timing on", "how long each statement took" },
        { 0 } },
};

static const Command mute = {
    .name = "mute",
    .summary = "Drop the lines that events print above the prompt",
    .args = (const Arg[]){
        { "state", ARG_CHOICE, ARG_OPTIONAL, "on or off", AT(WordArgs, word), .choices = on_off },
        { 0 } },
    .args_size = sizeof(WordArgs),
    .flags = COMMAND_NO_DB,
    .run = mute_run,
    .examples = (const Example[]){
        { "mute on", "events say nothing" },
        { 0 } },
};

/* ---- paths ---------------------------------------------------------------------------------- */

static bool path_row(const Call *c, const char *name, const char *path, Error *err)
{
    Value v[] = { value_cstr(name), value_cstr(path) };
    return out_row(c->out, v, err);
}

static bool paths_run(const Call *c, Error *err)
{
    const char *file = getenv("PATTER_DB");
    if (!out_begin(c->out, c->cmd->columns, -1, err))
        return false;
    for (PathId id = 0; id < PATH_COUNT; id++)
        if (!path_row(c, path_name(id), path_folder(id, c->arena), err))
            return false;
    if (!file || !*file)
        file = path_file(PATH_DATA, "patter.db", c->arena);
    return path_row(c, "default database", file, err)
           && path_row(c, "startup commands", path_file(PATH_CONFIG, "config", c->arena), err)
           && path_row(c, "startup Lua", path_file(PATH_CONFIG, "init.lua", c->arena), err)
           && path_row(c, "history", history_path(c->arena), err);
}

static const Command paths = {
    .name = "paths",
    .summary = "Print the folders and files that are used",
    .columns = (const Column[]){ { "name", KIND_TEXT, 0 }, { "path", KIND_TEXT, 0 }, { 0 } },
    .examples = (const Example[]){ { "paths", "where history and settings are" }, { 0 } },
    .flags = COMMAND_NO_DB,
    .run = paths_run,
};

/* ---- for tests ------------------------------------------------------------------------------ */

typedef struct EventArgs { int64_t after; const char *text; } EventArgs;
typedef struct Event { Shell *shell; char *text; } Event;

static void event_due(void *ctx, int64_t now)
{
    Event *e = ctx;
    (void)now;
    ui_note(&e->shell->ui, "%s", e->text);
    free(e->text);
    free(e);
}

static bool event_run(const Call *c, Error *err)
{
    const EventArgs *a = c->args;
    Shell *sh;
    if (!shell_of(c, &sh, err))
        return false;
    Event *e = xalloc(sizeof *e);
    *e = (Event){ sh, xstrdup(a->text) };
    loop_timer(sh->loop, clock_now(&sh->clock) + a->after, event_due, e);
    return true;
}

static const Command debug_event = {
    .name = "debug event",
    .summary = "Print a line above the prompt after a time",
    .args = (const Arg[]){ { "after", ARG_DURATION, 0, "when", AT(EventArgs, after) },
                           { "text", ARG_TEXT, 0, "the line", AT(EventArgs, text) },
                           { 0 } },
    .args_size = sizeof(EventArgs),
    .flags = COMMAND_NO_DB | COMMAND_HIDDEN,
    .run = event_run,
};

void shell_commands_add(Registry *r)
{
    static const Command *const all[] = { &quit, &exit_command, &set, &run, &watch, &edit, &output,
                                          &mode, &timing, &mute, &paths, &debug_event };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        registry_add(r, all[i]);
    transaction_commands_add(r);
}

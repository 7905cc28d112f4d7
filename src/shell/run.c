/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * run.c -- one statement, whatever it is: a command, Lua, a program, an alias of one of them.
 */
#include "shell/shell.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "shell/alias.h"
#include "shell/redirect.h"
#include "store/journal.h"

/* What the session says of its output now: the window may have changed, so may the settings. */
static OutOptions output_now(Shell *sh)
{
    OutOptions o = sh->session.out;
    if (sh->interactive)
        sh->term = term_ask(sh->opt.colour);
    o.terminal = sh->term.out;
    o.width = sh->term.rows;
    o.colour = sh->term.colour;
    o.zone = sh->session.crm->zone;
    o.now = crm_now(sh->session.crm);
    return o;
}

/* Run the words with the session's output set for where the rows go. */
static bool run_to(Shell *sh, Words words, Str line, Redirect *to, Arena *a, Error *err)
{
    OutOptions usual = sh->session.out;
    sh->session.out = output_now(sh);
    bool ok = redirect_open(sh, to, &sh->session.out, a, err)
              && session_run(&sh->session, words.w, words.n, line, to->to, NULL, err);
    ok = redirect_close(sh, to, ok, err);
    sh->session.out.terminal = usual.terminal;
    sh->session.out.format = sh->mode;
    return ok;
}

static bool run_command(Shell *sh, Str line, Error *err)
{
    Arena a = { 0 };
    Words words;
    Redirect to;
    int folded = 0;
    bool ok = lex_words(line, &a, &words, &folded, err);
    if (ok && folded && sh->interactive)
        ui_note(&sh->ui, "full-width punctuation was read as ASCII");
    ok = ok && (words.n == 0
                || (variables_expand(&sh->vars, &words, &a, err)
                    && redirect_split(sh, &words, line, &a, &to, err)
                    && run_to(sh, words, line, &to, &a, err)));
    arena_release(&a);
    return ok;
}

/* Lua counts lines from where the chunk begins: newlines in front make them those of the file. */
static bool run_lua(Shell *sh, const Stmt *st, const Source *from, Error *err)
{
    Arena a = { 0 };
    Buf chunk = { 0 };
    Redirect to = { .kind = TO_STDOUT };
    const char *name = from && from->name ? arena_printf(&a, "@%s", from->name) : "=prompt";
    int64_t lines = from && from->name ? from->stmt_line - 1 + st->body_line : 0;
    for (int64_t i = 0; i < lines; i++)
        buf_char(&chunk, '\n');
    buf_str(&chunk, st->body);
    sh->session.out = output_now(sh);
    bool show = st->kind == STMT_VALUE || (sh->interactive && lines == 0);
    bool ok = redirect_open(sh, &to, &sh->session.out, &a, err)
              && script_run_text(&sh->session, buf_as_str(&chunk), name, show, to.to, err);
    ok = redirect_close(sh, &to, ok, err);
    sh->session.out.format = sh->mode;
    buf_release(&chunk);
    arena_release(&a);
    return ok;
}

static bool run_program(Shell *sh, Str body, Error *err)
{
    Arena a = { 0 };
    int status = 0;
    if (sh->session.dry_run)
        return fail(err, ERR_REFUSED, "a dry run starts no program");
    bool ok = spawn_wait(sh, str_c(body, &a), -1, &status, err);
    int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    if (code == 128 + SIGINT && sh->interactive)
        fputc('\n', stderr);                   /* behind the ^C that was echoed */
    if (ok && code != 0 && sh->interactive)
        ui_note(&sh->ui, "ended with status %d", code);
    else if (ok && code != 0)
        ok = fail(err, ERR_FAILED, "the program ended with status %d", code);
    arena_release(&a);
    return ok;
}

static bool run_alias(Shell *sh, const Stmt *st, const Source *from, Error *err)
{
    Buf text = { 0 };
    Stmt real;
    bool ok = alias_expand(st->body, &text, err);
    if (ok) {
        stmt_scan(buf_as_str(&text), &sh->judge, &real);
        ok = real.kind == STMT_NONE || run_statement(sh, &real, from, err);
    }
    buf_release(&text);
    return ok;
}

static bool dispatch(Shell *sh, const Stmt *st, const Source *from, Error *err)
{
    switch (st->kind) {
    case STMT_COMMAND:
        return run_command(sh, st->body, err);
    case STMT_LUA:
    case STMT_VALUE:
        return run_lua(sh, st, from, err);
    case STMT_PROGRAM:
        return run_program(sh, st->body, err);
    case STMT_ALIAS:
        return run_alias(sh, st, from, err);
    case STMT_NONE:
        break;
    }
    return true;
}

/* `output` takes effect behind the statement that said it, which still writes to the old one. */
static void switch_output(Shell *sh)
{
    if (!sh->output_switched)
        return;
    if (sh->output && fclose(sh->output) != 0)
        ui_warn(&sh->ui, "the output before was not written whole");
    sh->output = sh->output_next;
    sh->output_next = NULL;
    sh->output_switched = false;
}

/* What is said when the statement is over: progress gone, notes out, time taken. */
static void finish(Shell *sh, bool was_running, int64_t begun_us)
{
    progress_end(sh);
    sh->progress.begun_us = 0;
    sh->running = was_running;
    if (was_running)
        return;
    switch_output(sh);
    fflush(stdout);
    ui_release_notes(sh);
    if (sh->timing)
        fprintf(stderr, "(%.3f s)\n", (double)(clock_monotonic_us() - begun_us) / 1e6);
}

/* What is typed in an open transaction is told by its entry in the journal. */
static bool note_typed(Shell *sh, bool within, Str text, bool ok)
{
    Store *st = sh->session.crm->store;
    if (ok && within && store_depth(st) > 0)
        journal_describe_more(st, text);
    return ok;
}

bool run_statement(Shell *sh, const Stmt *st, const Source *from, Error *err)
{
    bool was_running = sh->running;
    int64_t begun = clock_monotonic_us();
    if (st->more == MORE_BLOCK) {
        fail(err, ERR_USAGE, "the block 'lua {' is not closed");
        return fail_hint(err, "a line that holds only } closes it");
    }
    sh->running = true;
    bool within = store_depth(sh->session.crm->store) > 0;
    bool ok = shell_ready(sh, err)
              && note_typed(sh, within && !was_running, st->text, dispatch(sh, st, from, err));
    finish(sh, was_running, begun);
    return ok;
}

bool run_words(Shell *sh, char *const *argv, int n, Error *err)
{
    Arena a = { 0 };
    Buf line = { 0 };
    Redirect to = { .kind = TO_STDOUT };
    int64_t begun = clock_monotonic_us();
    for (int i = 0; i < n; i++)             /* as it would be typed at the prompt */
        buf_printf(&line, "%s%s", i ? " " : "", lex_quote(str(argv[i]), &a));
    sh->running = true;
    bool within = store_depth(sh->session.crm->store) > 0;
    bool ok = shell_ready(sh, err)
              && note_typed(sh, within, buf_as_str(&line),
                            run_to(sh, lex_argv(argv, n, &a), buf_as_str(&line), &to, &a, err));
    finish(sh, false, begun);
    buf_release(&line);
    arena_release(&a);
    return ok;
}

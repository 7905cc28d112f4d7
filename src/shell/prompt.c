/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * prompt.c -- statements typed at a prompt: readline's callbacks inside the event loop.
 *
 * Readline only ever collects lines; a statement is run outside the loop's turn, with the terminal
 * as it was found, so that the statement may ask, page and start programs.  Since readline's
 * callbacks have no argument, the one prompt of the program is known by a static pointer.
 */
#include "shell/shell.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "base/unicode.h"
#include "shell/history.h"
#include "shell/paths.h"
#include "shell/prompt.h"
#include "shell/signals.h"

typedef struct Prompt {
    Shell *shell;
    Buf pending;               /* lines of a statement that is not complete */
    More more;                 /* why it is not */
    char *line;                /* what readline gave; NULL with `arrived`: ^D */
    bool arrived;
    bool edit_wanted;          /* ^X^E: the line goes to the editor first */
    Watch *input, *stop, *window;
} Prompt;

static Prompt *prompt;         /* while prompt_run runs */

const char *prompt_library(void)
{
    return rl_library_version;
}

Str prompt_pending(void)
{
    return prompt ? buf_as_str(&prompt->pending) : (Str){ 0 };
}

/* ---- what the prompt says ------------------------------------------------------------------- */

/* "shop" of /home/x/shop.db */
static void put_name(const char *path, Buf *out)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (strcmp(path, ":memory:") == 0)
        name = "memory";
    const char *dot = strrchr(name, '.');
    text_put_safe(out, str_n(name, dot && dot > name ? (size_t)(dot - name) : strlen(name)));
}

static void put_prompt(const Prompt *p, Buf *out)
{
    static const char marks[] = { [MORE_NONE] = 0,   [MORE_QUOTE] = '\'', [MORE_BACKSLASH] = '\\',
                                  [MORE_PAREN] = '(', [MORE_BLOCK] = '{', [MORE_LUA] = '=' };
    const Store *st = p->shell->session.crm->store;
    put_name(store_path(st), out);
    if (p->shell->session.dry_run)
        buf_cstr(out, " dry run");
    if (store_depth(st) > 0)
        buf_char(out, '*');
    if (marks[p->more])
        buf_char(out, marks[p->more]);
    buf_cstr(out, "> ");
}

void prompt_print_above(const char *text)
{
    rl_clear_visible_line();
    fprintf(rl_outstream, "%s\n", text);
    rl_on_new_line();
    rl_redisplay();
}

/* ---- collecting a line ---------------------------------------------------------------------- */

static void on_line(char *line)
{
    prompt->line = line;
    prompt->arrived = true;
    rl_callback_handler_remove();
}

static void on_input(void *ctx, int fd, bool readable, bool writable)
{
    (void)ctx, (void)fd, (void)readable, (void)writable;
    rl_callback_read_char();
}

static void on_wake(void *ctx, int fd, bool readable, bool writable)
{
    (void)ctx, (void)fd, (void)readable, (void)writable;
    signals_drain();
}

static void on_window(void *ctx, int signo)
{
    (void)ctx, (void)signo;
    rl_resize_terminal();
}

/* ^Z: the terminal as it was for the shell that started us, and back after fg. */
static void on_stop(void *ctx, int signo)
{
    (void)ctx, (void)signo;
    rl_deprep_term_function();
    kill(getpid(), SIGSTOP);
    rl_prep_term_function(1);
    rl_forced_update_display();
}

static int on_edit_key(int count, int key)
{
    (void)count, (void)key;
    prompt->edit_wanted = true;
    rl_newline(1, '\n');
    return 0;
}

static void begin_typing(Prompt *p)
{
    Shell *sh = p->shell;
    Buf text = { 0 };
    put_prompt(p, &text);
    rl_callback_handler_install(text.s, on_line);
    buf_release(&text);
    p->arrived = false;
    p->input = loop_watch(sh->loop, STDIN_FILENO, false, on_input, p);
    p->stop = loop_signal(sh->loop, SIGTSTP, on_stop, p);
    p->window = loop_signal(sh->loop, SIGWINCH, on_window, p);
    sh->typing = true;
}

static void end_typing(Prompt *p)
{
    Shell *sh = p->shell;
    sh->typing = false;
    loop_unwatch(sh->loop, p->input);
    loop_unwatch(sh->loop, p->stop);
    loop_unwatch(sh->loop, p->window);
    if (!p->arrived)
        rl_callback_handler_remove();
}

/* ^C: the line and what is pending are dropped; never the shell. */
static void drop_line(Prompt *p)
{
    rl_callback_sigcleanup();
    rl_free_line_state();
    rl_point = rl_end;
    rl_redisplay();
    fputs("^C\n", rl_outstream);
    end_typing(p);
    signals_clear();
    buf_reset(&p->pending);
    p->more = MORE_NONE;
    begin_typing(p);
}

/* Wait for a line; false when the program is to end. */
static bool collect(Prompt *p)
{
    Error err = { 0 };
    signals_clear();                           /* a ^C that ended a statement was meant for it */
    begin_typing(p);
    while (!p->arrived && !signals_ending()) {
        if (!loop_turn(p->shell->loop, -1, &err))
            panic("%s", err.msg);
        if (signals_interrupted() && !p->arrived)
            drop_line(p);
    }
    end_typing(p);
    return p->arrived;
}

/* ---- running what was typed ----------------------------------------------------------------- */

static int count_statements(Shell *sh, Str text)
{
    int n = 0;
    for (Stmt st; text.n; n += st.kind != STMT_NONE) {
        size_t used = stmt_scan(text, &sh->judge, &st);
        text = str_n(text.s + used, text.n - used);
    }
    return n;
}

static void remember(Prompt *p)
{
    Str entry = buf_as_str(&p->pending);
    while (entry.n && strchr("\r\n", entry.s[entry.n - 1]))
        entry.n--;                             /* a blank in front keeps it out of the history */
    if (str_trim(entry).n)
        history_add(entry);
}

/* Run the complete statements of what is pending; the first error drops the rest. */
static void keep_last(Shell *sh, Str statement)
{
    free(sh->last);
    sh->last = xstrndup(statement.s, statement.n);
}

static void run_pending(Prompt *p)
{
    Shell *sh = p->shell;
    Str text = buf_as_str(&p->pending);
    Stmt st;
    size_t used = stmt_scan(text, &sh->judge, &st);
    p->more = st.more;
    if (p->more && count_statements(sh, text) == 1)
        return;                                /* only the unfinished one: wait for more */
    remember(p);
    while (st.kind != STMT_NONE && !st.more && !sh->leaving) {
        Error err = { 0 };
        signals_clear();
        text = str_n(text.s + used, text.n - used);
        sh->edited = false;
        bool ok = run_statement(sh, &st, NULL, &err);
        if (!sh->edited)
            keep_last(sh, st.text);
        if (!ok) {
            int rest = count_statements(sh, text);
            report_error(sh, &err, st.text, NULL, 0);
            if (rest)
                fprintf(stderr, "%d more statement%s not run\n", rest, rest > 1 ? "s" : "");
            text.n = 0;
        }
        used = stmt_scan(text, &sh->judge, &st);
    }
    p->more = st.more;
    char *left = xstrndup(text.s, st.more ? text.n : 0);
    buf_reset(&p->pending);
    buf_cstr(&p->pending, left);
    free(left);
}

/* ^D: an unfinished statement is dropped first, then the shell is left. */
static void end_of_input(Prompt *p)
{
    fputc('\n', rl_outstream);
    if (p->pending.n)
        buf_reset(&p->pending);
    else
        shell_leave(p->shell);
    p->more = MORE_NONE;
}

static void accept_line(Prompt *p)
{
    Error err = { 0 };
    if (!p->line) {
        end_of_input(p);
        return;
    }
    buf_cstr(&p->pending, p->line);
    free(p->line);
    if (p->edit_wanted) {
        p->edit_wanted = false;
        if (!edit_text(p->shell, &p->pending, &err)) {
            report_error(p->shell, &err, (Str){ 0 }, NULL, 0);
            buf_reset(&p->pending);
        }
        fwrite(p->pending.s, 1, p->pending.n, rl_outstream);
    }
    buf_char(&p->pending, '\n');
    run_pending(p);
}

/* ---- beginning and end ---------------------------------------------------------------------- */

static void run_startup_files(Shell *sh)
{
    Arena a = { 0 };
    static const char *const files[] = { "init.lua", "config" };
    for (int i = 0; i < 2 && !sh->opt.no_rc; i++) {
        const char *file = path_file(PATH_CONFIG, files[i], &a);
        if (file && access(file, R_OK) == 0)
            batch_file(sh, file);              /* errors are shown, the shell starts all the same */
    }
    arena_release(&a);
}

static void say_hello(const Shell *sh)
{
    const Store *st = sh->session.crm->store;
    const char *path = store_path(st), *slash = strrchr(path, '/');
    Buf name = { 0 };
    if (sh->opt.quiet)
        return;
    text_put_safe(&name, str(slash ? slash + 1 : path));
    fprintf(stderr, "patter %s · %s%s · type help for a tour\n\n", PATTER_VERSION, name.s,
            store_is_readonly(st) ? " (read-only)" : store_is_new(st) ? " (new, 0600)" : "");
    buf_release(&name);
}

static void set_up_readline(void)
{
    rl_readline_name = "patter";               /* for `$if patter` in inputrc */
    rl_catch_signals = 0;
    rl_catch_sigwinch = 0;
    rl_change_environment = 0;
    rl_add_defun("patter-edit", on_edit_key, -1);
    rl_initialize();
    rl_bind_keyseq_if_unbound("\\C-x\\C-e", on_edit_key);
}

int prompt_run(Shell *sh)
{
    Prompt p = { .shell = sh };
    prompt = &p;
    set_up_readline();
    complete_open(sh);
    history_open();
    say_hello(sh);
    run_startup_files(sh);
    Watch *wake = loop_watch(sh->loop, signals_fd(), false, on_wake, &p);
    while (!sh->leaving && collect(&p))
        accept_line(&p);
    loop_unwatch(sh->loop, wake);
    buf_release(&p.pending);
    prompt = NULL;
    return 0;
}

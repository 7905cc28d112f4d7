/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * shell.h -- the state of the program between two statements, and the parts that share it.
 *
 * The shell gives the session its terminal: where rows go, how people are asked, what is typed.
 * It knows nothing of records; all it does to data it does by running commands.
 */
#ifndef SHELL_SHELL_H
#define SHELL_SHELL_H

#include "base/loop.h"
#include "cmd/command.h"
#include "script/script.h"
#include "shell/options.h"
#include "shell/source.h"
#include "shell/term.h"
#include "shell/variables.h"

typedef struct Progress {
    char what[64];
    int64_t begun_us, shown_us;    /* monotonic; shown 0: not yet */
} Progress;

typedef struct Shell {
    Ui ui;                         /* first: the session's Ui * is the Shell */
    Session session;
    Clock clock;
    ClockSlew slew;
    Options opt;
    Term term;
    Loop *loop;
    Variables vars;
    LuaJudge judge;
    bool ready;                    /* shell_ready was called */
    bool interactive;              /* somebody sits at the prompt */
    bool typing;                   /* readline shows a line that may be half typed */
    bool leaving;                  /* quit was said */
    bool timing;
    Format mode;                   /* of `mode`: the format of rows unless a command says */
    bool muted;                    /* events above the prompt are dropped */
    FILE *output;                  /* `output FILE`; NULL: standard output */
    FILE *output_next;             /* from the next statement on, when output_switched */
    bool output_switched;
    char *last;                    /* the last statement, for `edit`; or NULL */
    bool edited;                   /* it is what `edit` made, just now */
    int depth;                     /* files that run files */
    bool begun;                    /* the open transaction is that of `begin` */
    bool running;                  /* a statement is: its notes are held */
    Buf notes;                     /* held notes, a NUL after each */
    Progress progress;
    int drawn;                     /* lines of `draw` above the cursor */
} Shell;

/* ---- shell.c: a session from the program's options ------------------------------------------- */

/* Open database, registry and variables. `words`: the database is only made when they name a
 * command. Closes nothing on failure: call shell_close in any case. */
bool shell_open(Shell *sh, Error *err);
/* Types and settings are read when the first statement needs them; at once for the prompt. */
bool shell_ready(Shell *sh, Error *err);
void shell_close(Shell *sh);
/* Somebody wants to leave. At the prompt he is asked first while calls are up. */
void shell_leave(Shell *sh);

/* ---- commands.c ------------------------------------------------------------------------------ */

void shell_commands_add(Registry *r);

/* ---- transaction.c --------------------------------------------------------------------------- */

void transaction_commands_add(Registry *r);
/* Before leaving: what `begin` opened is rolled back, which is an error. */
bool transaction_end(Shell *sh, Error *err);

/* ---- ui.c ------------------------------------------------------------------------------------ */

void ui_open(Shell *sh);
void ui_release_notes(Shell *sh);  /* say what was held */
void progress_end(Shell *sh);      /* takes the line of progress away */

/* ---- run.c: one statement -------------------------------------------------------------------- */

bool run_statement(Shell *sh, const Stmt *st, const Source *from, Error *err);
/* The command that was given as the program's own arguments. */
bool run_words(Shell *sh, char *const *argv, int n, Error *err);

/* ---- batch.c --------------------------------------------------------------------------------- */

/* Run all statements; the first error is reported and ends it unless --keep-going. Returns the exit
 * code of the first error, else 0. */
int batch_source(Shell *sh, Source *src);
/* Say the error; returns its exit code. */
int report_error(Shell *sh, const Error *err, Str text, const char *file, int64_t line);
int batch_file(Shell *sh, const char *file);
/* All of -c, -f and, without either, the command words or standard input. */
int batch_run(Shell *sh);

/* ---- prompt.c -------------------------------------------------------------------------------- */

int prompt_run(Shell *sh);
const char *prompt_library(void);      /* version of readline */
/* Print a line above what is being typed. */
void prompt_print_above(const char *text);

/* ---- complete.c ------------------------------------------------------------------------------ */

void complete_open(Shell *sh);

/* ---- spawn.c: other programs ----------------------------------------------------------------- */

/* Run `sh -c command`, with `in` as its standard input (-1: ours), while the loop goes on.
 * ERR_FAILED when it could not be run; *status is what waitpid gave. */
bool spawn_wait(Shell *sh, const char *command, int in, int *status, Error *err);

/* ---- edit.c ---------------------------------------------------------------------------------- */

/* Let the user edit the text in $VISUAL, $EDITOR or vi. ERR_FAILED when the editor said so. */
bool edit_text(Shell *sh, Buf *text, Error *err);

#endif

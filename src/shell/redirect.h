/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * redirect.h -- where the rows of one statement go: the terminal, a pager, `| program`, `> file`.
 *
 * `>` never overwrites, `>!` replaces the file only once the command has succeeded, `>>` appends.
 * New files are 0600.
 */
#ifndef SHELL_REDIRECT_H
#define SHELL_REDIRECT_H

#include "shell/shell.h"

typedef enum RedirectKind {
    TO_TERMINAL,                   /* shown, or paged when longer than the screen */
    TO_STDOUT,                     /* standard output or `output FILE` as it is */
    TO_PROGRAM, TO_NEW_FILE, TO_REPLACE, TO_APPEND
} RedirectKind;

typedef struct Redirect {
    RedirectKind kind;
    const char *target;            /* file, or the command line of a program */
    const char *temporary;         /* TO_REPLACE: renamed to target at the end */
    FILE *to;
    bool created;                  /* the file is ours to take away again */
} Redirect;

/* Cut the words at the first operator and say where rows go. ERR_USAGE: nothing or too much behind
 * it, or a `>` that follows a field's name (`value > 80`). */
bool redirect_split(Shell *sh, Words *words, Str line, Arena *a, Redirect *out, Error *err);

/* Open it, and say in `opt` what is written to. */
bool redirect_open(Shell *sh, Redirect *r, OutOptions *opt, Arena *a, Error *err);

/* Show, page, pipe, rename; with `ok` false take away what was begun. Call once after open. */
bool redirect_close(Shell *sh, Redirect *r, bool ok, Error *err);

#endif

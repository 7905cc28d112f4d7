/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * term.h -- what is known of the terminal: who reads, how wide, whether in colour.
 */
#ifndef SHELL_TERM_H
#define SHELL_TERM_H

#include "shell/options.h"

typedef struct Term {
    bool in, out, err;             /* a terminal (PATTER_FORCE_TTY makes `out` one for tests) */
    bool colour;
    int width, height;             /* of what out (else err) shows; 80 x 24 where nothing says */
    int rows;                      /* columns that rows may take; 0 where no terminal or COLUMNS
                                      says, so that a pipe gets all of them */
} Term;

Term term_ask(ColourMode colour);

#endif

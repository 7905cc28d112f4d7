/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lex.h -- the one lexer: words of a command line, and the same words for the filter language.
 *
 * Quotes as in sh: '...' is literal, "..." knows \" \\ \n \t, a backslash outside quotes takes the next byte as it is.
 * `#` at the start of a word begins a comment; `;` and newline end a command.  A free-standing `|`, `>`, `>!`, `>>`
 * is an operator word.  Full-width （ ） ， ； ： ＝ and digits are folded outside quotes and outside values (what follows the
 * first operator of a word); what was folded is counted so that the shell can say so.
 */
#ifndef BASE_LEX_H
#define BASE_LEX_H

#include "base/arena.h"
#include "base/str.h"

typedef struct Word {
    Str text;             /* unquoted text */
    int at, width;        /* byte range in the line as typed */
    uint32_t quoted_from; /* offset in text of the first byte that was quoted or escaped; UINT32_MAX: none */
    bool quoted;          /* the whole word began with a quote: never an operator, a keyword or an option */
    bool oper;            /* free-standing | > >! >> , only at command level */
    bool raw;             /* came from argv: not to be lexed again; only the text counts */
} Word;

typedef struct Words { Word *w; int n; } Words;

typedef enum LexEnd { LEX_COMPLETE, LEX_QUOTE, LEX_BACKSLASH, LEX_PAREN } LexEnd;   /* why more input is needed */

/* Length in bytes of the first command of `text` (a `;` or newline that is not quoted or in parentheses ends it, and is
 * counted); *end says whether it is complete. Comments are part of the command they follow. */
size_t lex_command(Str text, LexEnd *end);

/* Split one command into words. ERR_USAGE (with position) for an open quote. `folded` (may be NULL) counts full-width
 * characters that were folded. */
bool lex_words(Str line, Arena *a, Words *out, int *folded, Error *err);

/* Words from argv: one each, taken as they are. */
Words lex_argv(char *const *argv, int n, Arena *a);

/* Quote a text so that lex_words gives it back as one word; used by completion and by `run` logs. */
const char *lex_quote(Str s, Arena *a);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lex.h -- the one lexer: words of a command line, and the same words for the filter language.
 *
 * Quotes as in sh: '...' is literal; "..." knows \" \\ \n \t and keeps any other backslash; a
 * backslash outside quotes takes the next character as it is; a backslash at the end of a line
 * joins it with the next.  `#` at the start of a word begins a comment; `;` and newline end a
 * command, but not inside parentheses.  Words are separated by blanks alone: parentheses, commas
 * and field operators stay in their word, and the filter takes them apart by word_quoted_at().
 * Full-width （ ） ， ； ： ＝ ！ ＜ ＞ ～, digits and the blank are folded outside quotes and outside
 * values (what follows the first operator of a word, or an operator that stands alone), and so is
 * the ） after a value that closes what was opened before it.
 */
#ifndef BASE_LEX_H
#define BASE_LEX_H

#include "base/arena.h"
#include "base/str.h"

typedef struct Word {
    Str text;             /* unquoted text, NUL-terminated */
    int at, width;        /* byte range in the line as typed */
    const bool *mask;     /* text.n entries, true where quoted or escaped; NULL: nothing was */
    bool quoted;          /* begins with a quote or escape: no operator, keyword or option */
    bool oper;            /* free-standing | > >! >> , only outside parentheses */
    bool raw;             /* came from argv: not to be lexed again; only the text counts */
} Word;

typedef struct Words { Word *w; int n; } Words;

/* Was byte i of the text quoted or escaped, so that it cannot be syntax? */
static inline bool word_quoted_at(const Word *w, size_t i)
{
    return w->mask && w->mask[i];
}

/* Why more input is needed. */
typedef enum LexEnd { LEX_COMPLETE, LEX_QUOTE, LEX_BACKSLASH, LEX_PAREN } LexEnd;

/* Length in bytes of the first command of `text`; the `;` or newline that ends it is counted, and
 * a comment is part of the command that it follows. *end says whether the command is complete:
 * the end of the text completes it too, unless something is open. */
size_t lex_command(Str text, LexEnd *end);

/* Split one command into words; what follows its `;` or newline is ignored. ERR_USAGE (with
 * position) for an open quote and for a backslash at the end, and where a NUL byte is. `folded`
 * (may be NULL) counts the
 * full-width characters that were folded. */
bool lex_words(Str line, Arena *a, Words *out, int *folded, Error *err);

/* Split a text that is no command line, such as a filter out of a file: in it a `;` is a character
 * like others and a newline a blank. The errors are those of lex_words. */
bool lex_text(Str text, Arena *a, Words *out, Error *err);

/* Words from argv: one each, taken as they are. */
Words lex_argv(char *const *argv, int n, Arena *a);

/* Quote a text so that lex_words gives it back as one word. A leading `name=` (or another field
 * operator) stays bare, so that an assignment is still one. Control characters but newline and
 * tab, which no line holds, are quoted as they are. */
const char *lex_quote(Str s, Arena *a);

#endif

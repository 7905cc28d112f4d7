/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * source.h -- a text cut into statements: for the prompt, -c, -f, standard input and pasted blocks.
 *
 * A statement that begins with `=` or `lua` is Lua to the end of its line (or as many lines as the
 * chunk needs); `lua {` opens a block that a line `}` closes (unless Lua waits for that `}`); `!`
 * is a program's line; `\` or `.` before a letter is an alias, to the end of the line; everything
 * else is a command, cut by the lexer.  Comments and blank lines belong to no statement.
 */
#ifndef SHELL_SOURCE_H
#define SHELL_SOURCE_H

#include <stdio.h>

#include "base/str.h"

typedef enum StmtKind {
    STMT_NONE,             /* nothing is left */
    STMT_COMMAND,
    STMT_LUA,              /* body is a chunk */
    STMT_VALUE,            /* body is an expression to show */
    STMT_PROGRAM,          /* body is for sh */
    STMT_ALIAS,            /* body is `\word rest` or `.word rest` */
} StmtKind;

/* Why a statement needs more lines. */
typedef enum More { MORE_NONE, MORE_QUOTE, MORE_BACKSLASH, MORE_PAREN, MORE_BLOCK, MORE_LUA } More;

typedef struct Stmt {
    StmtKind kind;
    Str text;              /* as typed, without what ends it */
    Str body;
    int body_line;         /* lines of text before the body begins */
    More more;
} Stmt;

/* Says whether a Lua chunk only lacks its end. */
typedef struct LuaJudge { bool (*incomplete)(void *ctx, Str chunk); void *ctx; } LuaJudge;

/* The first statement of a text. Returns the bytes it and all before it take; when `more` is set
 * that is the whole text. */
size_t stmt_scan(Str text, const LuaJudge *judge, Stmt *out);

/* ---- a stream of statements ----------------------------------------------------------------- */

typedef struct Source {
    const char *name;      /* for messages: "FILE", "-c", "stdin"; NULL: nothing to name */
    FILE *from;            /* more text comes from here, line by line; NULL: the text is all */
    bool from_text;        /* one text given as an argument: its lines have no numbers */
    Buf text;
    size_t at;             /* of the next statement in text */
    int64_t line;          /* that `at` is in */
    int64_t stmt_line;     /* on which the last statement given began */
    const LuaJudge *judge;
    int error;             /* errno when `from` could not be read; 0 */
} Source;

/* The next statement (its Strs live until the next call); false at the end. What is unfinished at
 * the end of the text is given with `more` still set. */
bool source_next(Source *s, Stmt *out);
void source_release(Source *s);            /* does not close `from` */

#endif

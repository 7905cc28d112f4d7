/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * args.h -- what args.c and args_value.c share: one typed word becomes one member of the struct.
 *
 * Private to cmd/; the public face (args_parse, argset_*) is in command.h.
 */
#ifndef CMD_ARGS_H
#define CMD_ARGS_H

#include "cmd/command.h"

/* A word such as `value>=80` or `phone+=138...` taken apart at its first unquoted operator. */
typedef struct Comparison {
    Str field, op;            /* op: = != < <= > >= ~ !~ += -= */
    size_t value;             /* byte offset of the value in the word's text */
} Comparison;
bool word_comparison(const Word *w, Comparison *out);

/* The same word without its first n bytes (the value of --option=value, of field=value). */
Word word_tail(const Word *w, size_t n, Arena *a);

/* Convert and store; errors name the argument, the value and the word's position. */
bool arg_store(ArgSet *b, const Arg *arg, const Word *w, Error *err);

/* The type that an argument is about: Arg.of, else the ARG_TYPE argument given, else the command's;
 * ERR_USAGE when there is none. */
bool arg_type(const ArgSet *b, const Arg *arg, const Type **out, Error *err);

/* The same without an argument list, for completion and help; NULL when it is not known. */
const Type *arg_type_of(const Session *s, const Command *cmd, const Arg *arg);

/* How an argument is called in messages: "--limit", "STAGE", "FIELD=VALUE". */
const char *arg_label(const Arg *arg, Arena *a);

static inline bool arg_is_option(const Arg *arg)
{
    return arg->name[0] == '-';
}

static inline bool arg_takes_rest(const Arg *arg)
{
    return arg->kind == ARG_ASSIGN || arg->kind == ARG_FILTER || arg->kind == ARG_WORDS;
}

/* --where, which a command takes besides the options it lists when it has a TARGET or a FILTER. */
extern const Arg where_arg;
bool command_takes_where(const Command *cmd);

#endif

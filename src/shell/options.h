/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * options.h -- the program's own arguments: patter [options] [DB] [command ...].
 *
 * Options may stand before and after DB; from the first word of a command on everything belongs to
 * the command.  With -c or -f the remaining words are the script's arguments.
 */
#ifndef SHELL_OPTIONS_H
#define SHELL_OPTIONS_H

#include "base/error.h"
#include "base/str.h"

typedef enum InputKind { INPUT_COMMAND, INPUT_FILE } InputKind;
typedef struct Input { InputKind kind; const char *text; } Input;      /* -c TEXT, -f FILE */

typedef enum ColourMode { COLOUR_AUTO, COLOUR_ALWAYS, COLOUR_NEVER } ColourMode;

typedef struct Options {
    Input *inputs;                 /* in the order given */
    int n_inputs;
    const char **vars;             /* "name=value" of -v */
    int n_vars;
    const char *db;                /* NULL: PATTER_DB, else the data file */
    char **words;                  /* the command, or the arguments of a script */
    int n_words;
    ColourMode colour;
    bool interactive, quiet, no_rc, one_transaction, keep_going, no_pager, yes, no_input, dry_run;
    bool help, version;
    const char *confirm, *clock;   /* as typed, or NULL */
    uint64_t seed;
    int ambiguous;                 /* 0: by the setting */
} Options;

/* argv must live as long as the options. ERR_USAGE names the nearest option. */
bool options_parse(Options *o, int argc, char **argv, Error *err);
void options_release(Options *o);
void options_help(Buf *out);

/* Does a bare word name a database: holds `/` or `.`, is `:memory:` or an existing SQLite file? */
bool names_database(const char *word);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * program.h -- what the program itself is told from outside: options, environment, files.  Tables
 * of
 * texts, from which --help and patter(1) are made; shell/options.c parses by them.
 */
#ifndef CMD_PROGRAM_H
#define CMD_PROGRAM_H

typedef enum OptionId {
    OPTION_COMMAND, OPTION_FILE, OPTION_INTERACTIVE, OPTION_QUIET, OPTION_NO_RC, OPTION_ONE,
    OPTION_VARIABLE, OPTION_KEEP_GOING, OPTION_NO_PAGER, OPTION_COLOUR, OPTION_YES, OPTION_CONFIRM,
    OPTION_NO_INPUT, OPTION_DRY_RUN, OPTION_CLOCK, OPTION_SEED, OPTION_AMBIGUOUS, OPTION_VERSION,
    OPTION_HELP,
    OPTION_COUNT
} OptionId;

typedef struct ProgramOption {
    OptionId id;
    char letter;                   /* 0: none */
    const char *name;
    const char *value;             /* what follows, as shown in help; NULL: nothing */
    const char *help;
} ProgramOption;

extern const ProgramOption program_options[OPTION_COUNT];

typedef struct ProgramText { const char *name, *says; } ProgramText;

extern const ProgramText program_environment[];       /* end with {0} */
extern const ProgramText program_files[];

#endif

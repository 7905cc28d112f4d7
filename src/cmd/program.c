/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd/program.h"

#include <stddef.h>

const ProgramOption program_options[OPTION_COUNT] = {
    { OPTION_COMMAND, 'c', "command", "CMD", "run CMD; may be given several times" },
    { OPTION_FILE, 'f', "file", "FILE", "run the commands (or the Lua) of FILE; - is standard "
                                        "input" },
    { OPTION_INTERACTIVE, 'i', "interactive", NULL, "go on at the prompt after -c and -f" },
    { OPTION_QUIET, 'q', "quiet", NULL, "no banner and no notes" },
    { OPTION_NO_RC, 'X', "no-config", NULL, "do not read the files of the config folder" },
    { OPTION_ONE, '1', "single-transaction", NULL, "all commands or none" },
    { OPTION_VARIABLE, 'v', "variable", "NAME=VALUE", "set a variable, used as :NAME" },
    { OPTION_KEEP_GOING, 0, "keep-going", NULL, "go on after an error; the first decides the exit "
                                                "code" },
    { OPTION_NO_PAGER, 0, "no-pager", NULL, "long output is not paged" },
    { OPTION_COLOUR, 0, "color", "WHEN", "auto, always or never" },
    { OPTION_YES, 0, "yes", NULL, "answer yes to every question" },
    { OPTION_CONFIRM, 0, "confirm", "NAME", "the name that a severe command asks for" },
    { OPTION_NO_INPUT, 0, "no-input", NULL, "never ask" },
    { OPTION_DRY_RUN, 0, "dry-run", NULL, "rehearse: every command is rolled back" },
    { OPTION_CLOCK, 0, "clock", "TIME", "stop the clock at TIME" },
    { OPTION_SEED, 0, "seed", "N", "seed of what is drawn at random" },
    { OPTION_AMBIGUOUS, 0, "ambiguous", "1|2", "columns of ambiguous-width characters" },
    { OPTION_VERSION, 0, "version", NULL, "print the version" },
    { OPTION_HELP, 'h', "help", NULL, "print this" },
};

const ProgramText program_environment[] = {
    { "PATTER_DB", "the database when none is named" },
    { "PATTER_HISTORY", "the history file; none: no history is kept" },
    { "PATTER_PAGER", "what shows long output, before PAGER; the default is less -FRX" },
    { "PATTER_BUSY_MS", "how long to wait for a file that another program holds, in milliseconds" },
    { "PATTER_COMPLETE_MS", "how long completion may look at the data; the default is 50" },
    { "PATTER_PLUGINS", "the only folder in which plugins are sought" },
    { "PATTER_LUA", "a folder that stands in for the Lua files inside the program" },
    { "PATTER_SQL", "a folder that stands in for the migrations inside the program" },
    { "PATTER_FORCE_TTY", "print as on a terminal" },
    { "NO_COLOR, CLICOLOR, CLICOLOR_FORCE", "whether there is colour" },
    { "VISUAL, EDITOR", "the editor of `edit`" },
    { "TZ", "the time zone, where the setting zone does not say otherwise" },
    { "XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_STATE_HOME", "where the files below are" },
    { 0 },
};

const ProgramText program_files[] = {
    { "~/.config/patter/config", "commands run when the prompt begins; not in batch" },
    { "~/.config/patter/init.lua", "Lua run when the prompt begins; not in batch" },
    { "~/.local/share/patter/patter.db", "the database when none is named" },
    { "~/.local/state/patter/history", "the lines typed at the prompt" },
    { 0 },
};

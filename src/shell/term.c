/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/term.h"

#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

static bool is_set(const char *variable)
{
    const char *value = getenv(variable);
    return value && *value;
}

/* Order: the option, NO_COLOR, CLICOLOR_FORCE, then whether it is a terminal that can. */
static bool wants_colour(ColourMode mode, bool terminal)
{
    const char *force = getenv("CLICOLOR_FORCE"), *plain = getenv("CLICOLOR");
    const char *kind = getenv("TERM");
    if (mode != COLOUR_AUTO)
        return mode == COLOUR_ALWAYS;
    if (is_set("NO_COLOR"))
        return false;
    if (force && *force && strcmp(force, "0") != 0)
        return true;
    return terminal && !(plain && strcmp(plain, "0") == 0) && kind && strcmp(kind, "dumb") != 0;
}

static int number(const char *variable)
{
    const char *value = getenv(variable);
    int64_t n;
    return value && str_int(str(value), &n) && n > 0 && n < 10000 ? (int)n : 0;
}

Term term_ask(ColourMode colour)
{
    Term t = { .in = isatty(0), .out = isatty(1) || is_set("PATTER_FORCE_TTY"), .err = isatty(2),
               .width = number("COLUMNS"), .height = number("LINES") };
    t.rows = t.width;
    struct winsize size;
    if (ioctl(isatty(1) ? 1 : 2, TIOCGWINSZ, &size) == 0 && size.ws_col && size.ws_row) {
        t.width = size.ws_col;
        t.height = size.ws_row;
    }
    t.width = t.width ? t.width : 80;
    t.height = t.height ? t.height : 24;
    t.rows = t.out ? t.width : t.rows;
    t.colour = wants_colour(colour, t.out);
    return t;
}

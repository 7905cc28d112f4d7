/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * signals.h -- ^C stops what runs, never the shell; the end of the terminal ends it in order.
 *
 * A handler sets a flag, stops SQLite and Lua, and wakes the event loop through a descriptor.  The
 * flags are this program's only state that is not passed along: a handler has no argument.
 */
#ifndef SHELL_SIGNALS_H
#define SHELL_SIGNALS_H

#include "cmd/command.h"

/* Take SIGINT and, with `prompt`, SIGTERM and SIGHUP too, and ignore SIGPIPE. In a batch a second
 * SIGINT within a second ends the program. ERR_FAILED without descriptors. */
bool signals_open(Session *s, bool prompt, Error *err);
void signals_close(void);                  /* nothing is stopped any more */

bool signals_interrupted(void);            /* ^C since the last clear */
void signals_clear(void);
int signals_ending(void);                  /* SIGTERM or SIGHUP came; 0: no */
int signals_fd(void);                      /* becomes readable with either */
void signals_drain(void);

/* End the program by the signal itself, so that the parent sees why. */
__attribute__((noreturn)) void signals_die(int signo);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * script.h -- Lua inside: the only folder that includes lua.h.
 *
 * A Script is one Lua state bound to a Session, made when something first needs it.  Each entry
 * from C is a protected call with traceback, time limit and memory ceiling.  Nothing of ours is
 * held across a place where Lua may jump.
 */
#ifndef SCRIPT_SCRIPT_H
#define SCRIPT_SCRIPT_H

#include "cmd/command.h"

typedef struct Script Script;

typedef struct ScriptLimits {
    int64_t ms;            /* running time of one entry; 0 none */
    int64_t bytes;         /* memory of the state; 0 none */
    bool sandbox;          /* no io, os.execute, bytecode, debug, C modules */
} ScriptLimits;

/* Let commands that are written in Lua find their way here: once, when a session begins. */
void script_attach(Session *s);

/* The session's Lua state, made on first use with the limits of the settings lua.seconds and
 * lua.megabytes; lives until script_close (before registry_free: commands defined in Lua go with
 * it). script_open makes it with limits of the caller's, for scripts that come from outside. */
bool script_get(Session *s, Script **out, Error *err);
bool script_open(Session *s, const ScriptLimits *limits, Script **out, Error *err);
void script_close(Session *s);
void script_limits(Script *sc, const ScriptLimits *l);      /* time and memory; not the sandbox */

/* Run a chunk. `name` is shown in errors ("=prompt", "@nightly.lua"). With `print_values` the
 * values of an expression (or of a chunk's return) go to `to` as at a REPL: tables to depth 2,
 * several separated by tabs. */
bool script_run_text(Session *s, Str chunk, const char *name, bool print_values, FILE *to,
                     Error *err);
/* With argv as `...` and `arg`; "-" is standard input. Both are one run of the journal, so one
 * step of undo; in a session with dry_run all of it is rolled back at the end. */
bool script_run_file(Session *s, const char *file, char *const *argv, int argc, Error *err);
/* Whether a chunk only lacks its end (`for x in y do`): the prompt asks for more. */
bool script_incomplete(Session *s, Str chunk);
/* Names that complete the Lua expression whose cursor stands at byte `at`; they replace
 * line[start..at). */
bool script_complete(Session *s, Str line, int at, Arena *a, Candidates *out);

const char *script_library(void);          /* "Lua 5.4.4" */

/* Stop what runs now, from a signal handler: arms the hook. */
void script_interrupt(Script *sc);

/* The index of commands and types written in Lua (lua/commands, lua/types), as JSON text: made by
 * `patter debug lua-index` at build time, read by registry_new without opening Lua. */
bool script_index(Session *s, Buf *out, Error *err);

#endif

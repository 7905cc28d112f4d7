/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * state.h -- what the files of script/ share: the state, protected calls, limits, values.
 *
 * Rules at the border of Lua.  lua_error jumps over C frames, so memory of ours is held in userdata
 * that Lua frees (script_arena), a query is never open while Lua may run, and a function fills an
 * Error first and raises last.  `running` is the Lua thread that has control: hooks run on it.
 */
#ifndef SCRIPT_STATE_H
#define SCRIPT_STATE_H

#include <signal.h>
#include <time.h>

#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

#include "script/script.h"
#include "store/journal.h"

typedef struct Hooks Hooks;

enum { STOP_NONE, STOP_TIME, STOP_USER };              /* why the count hook fires */

struct Script {
    Session *session;
    lua_State *L;                    /* main thread of the state */
    lua_State *volatile running;     /* the thread that has control */
    bool hosted;                     /* the state belongs to a program that loaded the module */
    ScriptLimits limits;
    size_t bytes;                    /* memory in use */
    FILE *to;                        /* where print writes */
    Ui *ui;                          /* the session's own, while a command from Lua is quiet */
    int depth;                       /* protected calls within each other */
    int hook_depth;                  /* of them, hooks */
    int64_t amend_change;            /* the journal entry that `amended` belongs to */
    const Record *amend_record;
    Arena amended;                   /* texts that hooks put into records not yet written */
    bool no_write;                   /* in a veto of undo or commit */
    Hooks *hooks;
    const char *loading;             /* the command whose file is being loaded */
    Arena defined;                   /* commands defined in Lua */
    /* limits.c, read and written by its signal handler: */
    volatile sig_atomic_t stop;      /* STOP_ */
    volatile int64_t limit_ms;       /* of the entry that runs; 0 none */
    volatile unsigned serial;        /* counts entries that have a limit */
    unsigned serial_seen;
    volatile sig_atomic_t ticking;   /* the timer is armed */
    int64_t tick_ms, ticks;
    timer_t timer;
    bool has_timer;
    volatile sig_atomic_t in_store;  /* a command or query called from Lua runs: interrupt it too */
};

/* ---- state.c --------------------------------------------------------------------------------- */

/* The Script of a Lua state; also notes that L has control. */
Script *script_of(lua_State *L);
/* Open the libraries, `crm` and `patter` in a state; used by the module too. */
void script_setup(lua_State *L, Script *sc);
void script_release(Script *sc);                       /* all but the Lua state */
Script *script_host(lua_State *L, Session *s);         /* for a state that is the host's */
void script_forget(lua_State *L);                      /* L's Script is going: using it raises */

/* An arena on the stack of L that is freed when the C function returns or is jumped over. It takes
 * one stack slot, which must stay where it is. */
Arena *script_arena(lua_State *L);
Buf *script_buf(Arena *a);                             /* a buffer that goes with a script_arena */
/* Push the chunk of a file of the program ("lua/commands/x.lua"); raises. */
void script_load(lua_State *L, const char *path);
void script_path(lua_State *L, const char *dir);       /* put a folder in front of package.path */
void script_user_path(lua_State *L);
void script_modules(lua_State *L);                     /* find the standard library */
/* What the program's own Lua has as `patter` and `crm` where these are no globals. */
void script_environment(lua_State *L, int patter, int crm);
void script_sandbox(lua_State *L);
void script_rehearsal(lua_State *L);                   /* of a dry run */

/* ---- limits.c -------------------------------------------------------------------------------- */

void *limits_alloc(void *ud, void *p, size_t old, size_t size);
typedef struct Entry { int64_t limit_ms; lua_State *running; } Entry;
Entry limits_enter(Script *sc, int64_t ms);            /* ms 0: no limit of its own */
void limits_leave(Script *sc, Entry e);
void limits_release(Script *sc);
void limits_setup(lua_State *L);                       /* coroutine, xpcall, string.rep that obey */

/* ---- error.c --------------------------------------------------------------------------------- */

void error_setup(lua_State *L);
void error_push(lua_State *L, const Error *err);
int error_raise(lua_State *L, const Error *err);       /* with position; does not return */
/* `nil, err` for what may fail, a raised error for misuse: the one rule of the API. */
int error_result(lua_State *L, const Error *err);
__attribute__((format(printf, 2, 3))) int misuse(lua_State *L, const char *fmt, ...);
int error_handler(lua_State *L);                       /* -> error table with traceback */
void error_take(lua_State *L, int idx, Error *err);    /* error value at idx -> err */

/* A protected call with traceback and limits: function and nargs arguments are on sc->running. */
bool script_call(Script *sc, int nargs, int nresults, int64_t ms, Error *err);

/* ---- value.c --------------------------------------------------------------------------------- */

void value_setup(lua_State *L);
void value_push(lua_State *L, Value v, Kind k);
void value_push_null(lua_State *L);                    /* patter.null */
bool value_is_nothing(lua_State *L, int idx);          /* nil or patter.null */
/* A Lua value as somebody would type it for a field or argument of that kind; misuse raises. */
Str value_typed(lua_State *L, int idx, Kind k, const char *what, Arena *a);
/* field op 'value' in the filter language, or a whole filter from a table or text. */
const char *value_filter(lua_State *L, int idx, Arena *a);
/* The text keys of a table, sorted. */
const char **value_keys(lua_State *L, int idx, int *count, Arena *a);
/* A table as JSON, functions left out; `out` must survive a jump (script_scratch). */
void value_json(lua_State *L, int idx, int depth, Arena *a, Buf *out);

/* ---- record.c -------------------------------------------------------------------------------- */

void record_setup(lua_State *L);
void handle_push(lua_State *L, const char *type, int64_t id);
/* The record at idx (a handle, or a record seen by a hook): its id and type name; 0: no record. */
int64_t handle_id(lua_State *L, int idx, const char **type);
/* What h.key means beyond fields: a verb of the type, or nil. Pushes one value. */
void handle_method(lua_State *L, const Type *t, const char *key);
/* A field by its name, or by another name of the type that it refers to (call.lead); or NULL. */
const Field *field_named(const Crm *crm, const Type *t, const char *key);
void field_push(lua_State *L, Script *sc, const Type *t, int64_t id, const Field *f);
/* Push a stored or shown value: refs to a type without a handle become handles, tags callable. */
void field_value_push(lua_State *L, Script *sc, const Field *f, Value v);
/* record.field op value at idx, stored at once; raises. */
void record_assign(lua_State *L, Script *sc, const Type *t, int64_t id, Str field, FieldOp op,
                   int idx);
const Type *type_of(lua_State *L, Script *sc, const char *name);     /* raises when it is gone */

/* ---- iterate.c, tx.c, hook.c, define.c, defined.c, repl.c ------------------------------------ */

void iterate_setup(lua_State *L);
int iterate_new(lua_State *L);                         /* upvalue 1: type name; arg 1: filter */

/* ---- arguments.c, command.c ------------------------------------------------------------------ */

typedef struct Arguments {           /* of one command, made of a Lua table */
    ArgSet set;
    Common common;
    const char *line;                /* what would have been typed */
} Arguments;
/* From the table at stack index 1. */
bool arguments_read(lua_State *L, Script *sc, const Command *cmd, Arena *a, Arguments *out,
                    Error *err);

void command_setup(lua_State *L);                      /* leaves `crm` on the top */
void noun_push(lua_State *L, const char *noun);
void verb_push(lua_State *L, const char *noun, const char *verb);
void may_write(lua_State *L, Script *sc);              /* raises inside a veto of undo */

int tx_run(lua_State *L);                              /* crm.tx */
int sql_run(lua_State *L);                             /* crm.sql */

int hook_on(lua_State *L);                             /* crm.on */
int64_t seen_id(lua_State *L, int idx, const char **type);    /* of a record seen by a hook; 0 */
void hook_release(Script *sc);
void hook_setup(lua_State *L);

int define_command(lua_State *L);                      /* patter.command */
int define_type(lua_State *L);                         /* patter.type */
int define_load_type(lua_State *L);                    /* patter.load_type: lua/types/NAME.lua */
bool define_run(Session *s, const Command *cmd, const Call *call, Error *err);
/* defined.c: keep the function `run` of the definition at index 1. */
void defined_keep(lua_State *L, const char *name);
void defined_setup(lua_State *L);

void repl_print(lua_State *L, Script *sc, int from, int to);
void repl_write(lua_State *L, int idx, int depth, Arena *a, Buf *out);

/* Write text; to a terminal as text_put_safe has it, but for tab and newline. */
void safe_write(const Script *sc, FILE *to, Str s);

#endif

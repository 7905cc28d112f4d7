/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * command.h -- a command is one definition; parsing, help, completion, man page, permission check,
 * transaction, dry run, Lua function and stub are derived from it.
 *
 * A handler gets its arguments in a plain struct, reads members, writes typed rows to call->out and
 * says things to people through call->ui.  It never prints, opens no transaction (command_run does,
 * from the flags), asks no rights.
 */
#ifndef CMD_COMMAND_H
#define CMD_COMMAND_H

#include "base/lex.h"
#include "cmd/out.h"
#include "model/crm.h"
#include "model/filter.h"
#include "model/record.h"

typedef struct Command Command;
typedef struct Call Call;
typedef struct Session Session;
typedef struct Registry Registry;

/* ---- arguments ------------------------------------------------------------------------------- */

typedef enum ArgKind {
    ARG_TEXT,             /* const char *                                                    */
    ARG_INT,              /* int64_t; Arg.least is the lowest allowed                        */
    ARG_NUMBER,           /* double                                                          */
    ARG_FLAG,             /* bool                                                            */
    ARG_CHOICE,           /* const char *, one of Arg.choices                                */
    ARG_FILE,             /* const char *; "-" allowed; completed from the file system       */
    ARG_DURATION,         /* int64_t ms                                                      */
    ARG_TIME,             /* int64_t ms; date words                                          */
    ARG_TYPE,             /* const Type *                                                    */
    ARG_FIELD,            /* const Field * of type Arg.of                                    */
    ARG_RECORD,           /* int64_t id of a record of type Arg.of, given by id or handle; 0 none */
    ARG_TARGET,           /* Target of records of type Arg.of: ids, a handle or --where EXPR */
    ARG_ASSIGN,           /* Assigns: the remaining field=value words                        */
    ARG_FILTER,           /* FilterArg: the remaining words are a filter on Arg.of           */
    ARG_WORDS,            /* Texts: the remaining words                                      */
    ARG_LIST,             /* Texts: an option that may be given several times                */
} ArgKind;

enum {                    /* Arg.flags */
    ARG_OPTIONAL = 1,
    ARG_FIRST_ALONE = 2,  /* ASSIGN: a first word without FIELD= is the value of type_first */
};

typedef enum Slot {
    SLOT_TEXT, SLOT_INT, SLOT_REAL, SLOT_BOOL, SLOT_TYPE, SLOT_FIELD, SLOT_TARGET, SLOT_ASSIGNS,
    SLOT_FILTER, SLOT_TEXTS
} Slot;

typedef struct Texts { const char **s; int n; } Texts;
typedef struct Assign { Str field; FieldOp op; Str value; int at, width; } Assign;
typedef struct Assigns { Assign *a; int n; } Assigns;
typedef struct Target { bool given; int64_t *ids; int n; const char *where; } Target;
typedef struct FilterArg { const Word *w; int n; const char *where; } FilterArg;

typedef struct Arg {
    const char *name;             /* "stage" is positional, "--limit" an option */
    ArgKind kind;
    unsigned flags;
    const char *help;             /* one line, no full stop */
    size_t at;                    /* where the parsed value goes ... */
    Slot slot;                    /* ... and what C type it has there */
    const char *of;               /* type name for RECORD, TARGET, FIELD, ASSIGN, FILTER; NULL: the
                                     command's own type */
    const char *among;            /* RECORD: a filter; completion offers those for which it holds */
    const char *const *choices;   /* ARG_CHOICE; NULL-ended */
    const char *fallback;         /* default, as typed */
    int64_t least;
    const char *value;            /* what stands for the value in the synopsis; NULL: by kind */
    char letter;                  /* short form "-n"; 0 none */
} Arg;

/* Store into member m of T; a self-check refuses a slot that does not fit the kind. */
#define AT(T, m) .at = offsetof(T, m), .slot = _Generic(((T *)0)->m, \
    const char *: SLOT_TEXT, int64_t: SLOT_INT, double: SLOT_REAL, bool: SLOT_BOOL, \
    const Type *: SLOT_TYPE, const Field *: SLOT_FIELD, Target: SLOT_TARGET, \
    Assigns: SLOT_ASSIGNS, FilterArg: SLOT_FILTER, Texts: SLOT_TEXTS)

/* ---- the definition -------------------------------------------------------------------------- */

typedef struct Example { const char *line, *says; } Example;

enum {                            /* Command.flags */
    COMMAND_WRITES = 1,           /* one transaction, one journal entry, --dry-run */
    COMMAND_BULK = 2,             /* asks first when more than 3 records are touched (--yes) */
    COMMAND_SEVERE = 4,           /* asks to type the name (--confirm=NAME) */
    COMMAND_OWN_TX = 8,           /* opens transactions itself (import, dial); still --dry-run */
    COMMAND_HIDDEN = 16,          /* `debug` and friends: not listed */
    COMMAND_NO_DB = 32,           /* works on a session without database rights (help, paths) */
    COMMAND_RAW = 64,             /* its words are another language (sql): `>` must be quoted */
    COMMAND_FINAL = 128,          /* undo does not bring back what it took */
};

struct Command {
    const char *name;             /* "lead list": noun then verb; or one word */
    const char *summary;          /* no full stop */
    const char *detail;           /* sentences; may be NULL */
    const Arg *args;              /* ends with {0}; may be NULL */
    size_t args_size;
    const Column *columns;        /* ends with {0}; NULL: known only when it runs */
    const Example *examples;      /* ends with {0}; run by the tests on the sample database */
    unsigned need;                /* MAY_ bit; 0: MAY_READ, and MAY_WRITE with COMMAND_WRITES */
    unsigned flags;
    bool (*run)(const Call *call, Error *err);
    const Type *type;             /* set for instances of generic verbs */
    const char *source;           /* Lua file that defines it ("lua/commands/x.lua"); NULL: C */
    void *script;                 /* set by script/ for commands written in Lua */
};

/* Ends with {0}, never NULL; those of generic verbs are filled in for their type. */
const Example *command_examples(const Command *cmd, Arena *a);

/* ---- who runs commands, and how people are spoken to ----------------------------------------- */

/* Notes go to standard error, never mixed with rows. All texts are one line without its end. */
typedef struct Ui Ui;
struct Ui {
    void (*note)(Ui *ui, const char *text);            /* "customer 1 added"; quiet drops it */
    void (*warn)(Ui *ui, const char *text);
    /* 1 yes, 0 no, -1 there is nobody to ask. `name` non-NULL: must be typed. */
    int (*ask)(Ui *ui, const char *question, const char *name);
    /* total 0: unknown */
    void (*progress)(Ui *ui, const char *what, int64_t done, int64_t total);
    bool (*interrupted)(Ui *ui);                       /* ^C was pressed since the command began */
    /* Lines in place of those drawn before; NULL text: leave them. May be NULL: no terminal. */
    void (*draw)(Ui *ui, const char *text);
};
__attribute__((format(printf, 2, 3))) void ui_note(Ui *ui, const char *fmt, ...);
__attribute__((format(printf, 2, 3))) void ui_warn(Ui *ui, const char *fmt, ...);
/* ui: a Ui; these are also what the model calls, with the Ui as its ctx (ImportTalk, DupTalk). */
void ui_progress(void *ui, const char *what, int64_t done, int64_t total);
bool ui_interrupted(void *ui);

struct Session {                  /* one user at one open database: a shell, a script */
    Crm *crm;
    Registry *registry;
    Ui *ui;
    OutOptions out;               /* defaults of the session; a command's own switches override */
    bool dry_run;                 /* every command only rehearses */
    bool rehearsal;               /* commands are real, inside what will be rolled back */
    bool yes;                     /* --yes for all */
    const char *confirm;          /* --confirm=NAME */
    uint64_t seed;                /* --seed, for what draws at random */
    void *script;                 /* the Lua state, made when first needed (script.h) */
    bool (*script_run)(Session *s, const Command *cmd, const Call *call, Error *err);
    bool (*script_index)(Session *s, Buf *out, Error *err);    /* of lua/, as JSON (script.h) */
    void *shell;                  /* the shell's own, for its commands; NULL elsewhere */
    struct Dialing *dialing;      /* the agent at work here (dial.h); NULL: nobody */
    struct AgentWatch *watched;   /* whose calls are told above the prompt (agent.h); or NULL */
    struct Floor *floor;          /* the campaign that this process dials (floor.h); or NULL */
    struct Loop *loop;            /* the event loop, for what takes time; NULL in a plain batch */
};

struct Call {                     /* one use of a command: what its handler sees */
    Session *session;
    Crm *crm;
    Ui *ui;
    Arena *arena;                 /* lives until the command is over */
    Out *out;
    const Command *cmd;
    const void *args;             /* the struct that cmd->args describes */
    const char *line;             /* as typed, for the journal */
    bool dry_run;                 /* see call_rehearses for what lies outside the database */
    bool yes;
    const OutOptions *want;       /* switches for rows as given, for handlers that write a file */
    const char *fields;           /* --fields as typed, for rows that may have any field; or NULL */
    struct Consent *consent;      /* command.c's: what somebody must say yes to */
};

/* ---- running --------------------------------------------------------------------------------- */

/* Run one command given as words (operators | > are the shell's and must be gone). `line` is
 * what was typed. `to` is where text rows go; `sink` (may be NULL) overrides it (Lua). Parses,
 * checks rights, asks, opens the transaction, runs, commits or rolls back, ends the sink. */
bool session_run(Session *s, const Word *w, int n, Str line, FILE *to, Out *sink, Error *err);

/* The same for a command and its parsed arguments. A writing command without COMMAND_OWN_TX is one
 * transaction: its rows and notes come out only after the commit, and nothing of it stays when it
 * fails. A dry run is that transaction rolled back, its notes beginning with "would: ". Outside any
 * run of the journal the command is a run of its own. */
typedef struct Common {           /* switches common to all commands; {0} is fine */
    OutOptions out; bool dry_run, yes, help; const char *confirm;
} Common;
bool command_run(Session *s, const Command *cmd, const void *args, const Common *common,
                 const char *line, Out *out, Arena *a, Error *err);

/* Will all of it be taken back? Then nothing may be done that cannot be: no file, no program. */
bool call_rehearses(const Call *c);

/* Has the user all of these rights? ERR_DENIED names the one that lacks. */
bool session_may(const Session *s, unsigned need, Error *err);
unsigned command_need(const Command *cmd);       /* rights it asks, defaults filled in */

/* Ids of the records that a target names, in order; ERR_USAGE when none was given. In a command
 * with COMMAND_BULK, more than 3 of them stop the handler here until somebody has said yes
 * (command_run rolls back, asks, and runs it again), so it is called before anything is written. */
bool target_ids(const Call *c, const Type *t, const Target *target, int64_t **ids, int64_t *n,
                Error *err);
/* The filter of an ARG_FILTER argument (words and --where joined by and). */
bool filter_arg(const Call *c, const Type *t, const FilterArg *f, Filter *out, Error *err);

/* ---- the registry ---------------------------------------------------------------------------- */

/* All commands for a database: the static tables (cmd/commands.c), the generic verbs of each
 * type, and commands written in Lua. Particular commands override generic ones of the same name.
 * Filled again when crm has read its types anew: commands of before live on, their Types may
 * not. */
Registry *registry_new(Crm *crm);
void registry_free(Registry *r);
/* Not copied; replaces a namesake. */
void registry_add(Registry *r, const Command *cmd);
/* Verb empty: a word that stands alone. NULL: no such. */
const Command *registry_get(const Registry *r, Str noun, Str verb);
const Command *const *registry_all(const Registry *r, int *n);        /* sorted by name */
/* The command that the words name and how many words that took. ERR_USAGE "unknown command
 * 'custmer'", hint "did you mean 'customer'?"; a noun without a verb lists its verbs. */
bool registry_match(const Registry *r, const Word *w, int n, const Command **out, int *used,
                    Error *err);

/* Parse words into cmd's argument struct (allocated in a); output switches, --dry-run, --yes and
 * --help, common to all commands, go to `common` (which begins as the session has them). With
 * --help nothing is required. */
bool args_parse(Session *s, const Command *cmd, const Word *w, int n, Arena *a, void **args,
                Common *common, Error *err);
extern const Arg common_args[];       /* those switches, for help and completion; at: not for use */

/* The words of one command, operators included: is there a `>` that was meant as a comparison
 * (`customer list value > 80`)? Then err shows both spellings, and true is returned. */
bool redirect_is_mistake(Session *s, const Word *w, int n, Error *err);

/* Arguments put together one by one: what args_parse does, and Lua with its named arguments. Begin,
 * put each as a typed word, end: fills defaults and names what is missing. */
typedef struct ArgSet {
    Session *s;
    const Command *cmd;
    Arena *arena;
    void *args;                       /* the struct, zeroed at first */
    uint64_t given;                   /* bit i: cmd->args[i] was put */
} ArgSet;
void argset_begin(ArgSet *b, Session *s, const Command *cmd, Arena *a);
/* ASSIGN takes `field=value`; FILTER, LIST and WORDS one more word with each put. */
bool argset_put(ArgSet *b, const Arg *arg, const Word *w, Error *err);
bool argset_where(ArgSet *b, Str expr, Error *err);    /* --where, for a TARGET or a FILTER */
bool argset_end(ArgSet *b, Error *err);
/* The argument called `name`: "limit" and "--limit" are the same, '_' stands for '-'; or NULL. */
const Arg *command_arg(const Command *cmd, Str name);
/* The field whose value a first word without FIELD= is (ARG_FIRST_ALONE); NULL: there is none. */
const char *assign_first(const Command *cmd, const Arg *arg);

bool command_check(const Command *cmd, Error *err);                   /* the definition holds */

/* A command from its JSON definition, as `patter.command{}` and the index of Lua commands give it:
 * {"name", "summary", "detail", "args": [{"name", "kind", "optional", "help", "default", "of",
 * "choices", "least", "value", "letter"}], "columns": [{"name", "kind", "scalar"}], "examples":
 * [{"line", "says"}], "need": "read" | "write" | ..., "writes", "bulk", "severe", "hidden",
 * "source"}. The layout of the argument struct is computed. All of it lives in the arena. */
bool command_from_json(Str json, Arena *a, Command **out, Error *err);
const char *need_name(unsigned need);                                 /* "read" ..., lowest bit */

/* ---- what is derived from the definitions ---------------------------------------------------- */

const char *doc_reverse(const Command *cmd);         /* the command that takes it back, or NULL */
void doc_synopsis(const Command *cmd, Buf *out);      /* "lead list [STAGE] [--limit N]" */
void doc_help(const Command *cmd, int width, Buf *out);               /* examples first */
void doc_overview(const Registry *r, int width, Buf *out);     /* all nouns and their verbs */
void doc_noun(const Registry *r, Str noun, const Crm *crm, int width, Buf *out);
void doc_man(const Registry *r, Buf *out);                            /* patter(1), mdoc */
/* Files of docs/reference: one of a noun, the one of the commands that stand alone, the index. */
void doc_markdown(const Registry *r, const Crm *crm, Str noun, Buf *out);
void doc_markdown_general(const Registry *r, Buf *out);
void doc_markdown_index(const Registry *r, const Crm *crm, Buf *out);
void doc_lua_stub(const Registry *r, const Crm *crm, Buf *out);       /* lua/meta, LuaCATS */
void doc_bash(const Registry *r, Buf *out);                           /* completion script */
/* All of it in a folder: NOUN.md, general.md, README.md, patter.1, patter.bash and patter.lua. */
bool doc_write_all(const Registry *r, const Crm *crm, const char *folder, Error *err);

/* Candidates for the word in which the cursor stands: byte `at` of `line`. Each is a whole word
 * as it should stand (quoted where needed) in place of line[start..at). From the tables and,
 * within 50 ms, from the data. False only when nothing can be said. */
typedef struct Candidates { const char **s; int n; int start; bool files; } Candidates;
bool complete_line(Session *s, Str line, int at, Arena *a, Candidates *out);

#endif

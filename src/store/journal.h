/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * journal.h -- every change is a `change`: undo, redo, history, log, and the proof of it.
 *
 * SQLite's preupdate hook sees every row that is written and buffers, for each journalled table,
 * the set of rows that are new (kept as runs of ids) and the image of each other row as it was
 * before the change.  At the outermost commit the buffer is written as one entry, hook muted, and
 * every touched row is stamped with the entry's id in its column `change` (a writer that knows
 * journal_current() may put it there itself, which saves the second write).
 *
 * A row that is inserted and deleted in one change leaves no trace.  A change that altered nothing
 * makes no entry.  A run groups changes and is what `undo` takes back.
 *
 * Rule for tables: each either is journalled (has `id INTEGER PRIMARY KEY` and
 * `change INTEGER NOT NULL DEFAULT 0`) or is named in journal_exempt[]; lint checks it.
 */
#ifndef STORE_JOURNAL_H
#define STORE_JOURNAL_H

#include "store/rowset.h"
#include "store/store.h"

extern const char *const journal_exempt[];   /* names, or prefixes ending in '*'; NULL-ended */

/* Columns that say how something is at this moment. An update of nothing else that leaves the stamp
 * alone is no change; undo leaves them as they are unless the change that it takes back had altered
 * them. History does not tell of them. See decisions/of-the-moment.md. */
typedef struct Momentary { const char *table, *column; } Momentary;
extern const Momentary journal_momentary[];  /* ends with {0} */

/* Tables whose rows a run that is resumed (below) writes several times, in one change each: an
 * update that leaves a row's stamp alone when it is that of an earlier change of the run is part of
 * that change, and makes no image. Undo takes back the run as a whole, and the image that is there
 * says what was before it. See decisions/run-images.md. */
extern const char *const journal_one_image[];        /* ends with NULL */

/* ---- runs ------------------------------------------------------------------------------------ */

/* Begin a run: changes from now on belong to it. A begin inside a run only counts (a script run
 * from a script is part of the outer run). The run's row is made by its first change. Text is
 * copied; an empty title is that of the first change. */
void journal_run_begin(Store *st, const char *user, Str title);
/* The same, but its changes join run `run`, if it is one of work and not undone; 0: a new one. So
 * what goes on over many turns of the loop, with other commands between, is one undo step.
 * `mine` is the caller's, empty at first: the ids of the changes that he made of the run. */
void journal_run_resume(Store *st, const char *user, Str title, int64_t run, RowSet *mine);
void journal_run_end(Store *st);
int64_t journal_run(const Store *st);        /* id; 0 before the first change */

/* What the outermost transaction does, as typed; set before or just after store_begin. */
void journal_describe(Store *st, Str text);
/* Text typed since, in the same transaction: put behind what was said, as one more command. */
void journal_describe_more(Store *st, Str text);

/* Id that the entry of the open transaction will have; 0 when none is open. */
int64_t journal_current(const Store *st);

/* Rows of journalled tables that the open transaction (or, when none is open, the last committed
 * one) inserted, updated, deleted so far. change is 0 when nothing was altered. */
typedef struct ChangeCount { int64_t inserted, updated, deleted, change; } ChangeCount;
ChangeCount journal_count(const Store *st);

/* Asked before the outermost commit, undo included (Lua's veto); false with err rolls back. */
typedef bool (*JournalVeto)(void *ctx, Store *st, bool is_undo, Error *err);
void journal_on_commit(Store *st, JournalVeto fn, void *ctx);

/* Rows that are facts (a real call): undo leaves rows of `table` alone for which `sql_where` holds,
 * and counts them. Static text. */
void journal_facts(Store *st, const char *table, const char *sql_where);

/* ---- DDL as a logical operation -------------------------------------------------------------- */

/* Within a transaction: run `ddl` with the authorizer open and record the operation with its
 * inverse. Undo of an added column drops it (and its index), and refuses when later changes filled
 * it; redo adds it again with its values. */
typedef enum SchemaOp { SCHEMA_ADD_TABLE, SCHEMA_ADD_COLUMN } SchemaOp;
bool journal_schema(Store *st, SchemaOp op, const char *table, const char *column, Str ddl,
                    Error *err);

/* ---- undo, redo ------------------------------------------------------------------------------ */

typedef struct Undone {
    int64_t run;                   /* that was undone or redone */
    Str title;                     /* what was typed (in the arena) */
    int64_t removed, restored;     /* rows */
    int64_t columns, tables;       /* dropped, or added again */
    bool again;                    /* they were added again */
    int64_t facts;                 /* rows kept because they are facts */
} Undone;

/* Undo a run (0: the newest that is not undone). ERR_NOT_FOUND: nothing to undo. ERR_CONFLICT names
 * in detail the rows whose later change would be lost; then nothing is changed. */
bool journal_undo(Store *st, int64_t run, Arena *a, Undone *out, Error *err);
bool journal_redo(Store *st, Arena *a, Undone *out, Error *err);

/* The entry of work that inserted a row; 0: none did, or its row was moved here. */
bool journal_origin(Store *st, const char *table, int64_t row, int64_t *change, Error *err);

/* Take back what can be of one entry, later work or not, as part of the open transaction, so that
 * undo brings it back.  A row stays when later work changed it, refers to it or deleted it, and
 * when a row that stays refers to it; a row that refers to a staying row of `owner` and would go
 * with it stays too.  Columns that the entry added stay, with the rows of `columns` that describe
 * them, while a row has a value there. */
typedef struct TakeBack {
    int64_t change;
    const char *owner;             /* the table of records */
    const char *spare;             /* a table that is left alone; or NULL */
    const char *columns;           /* the table that describes added columns; or NULL */
    void (*stays)(void *ctx, const char *table, int64_t row, Str why);   /* all but those that
                                      stay with their owner */
    void *ctx;
} TakeBack;
bool journal_take_back(Store *st, const TakeBack *t, Undone *out, Error *err);

typedef struct RunInfo {
    int64_t id, at;                /* at: ms of its first change */
    Str user, title;
    int64_t rows, changes;         /* rows touched, entries */
    bool undone;
} RunInfo;
/* Newest first, at most `limit` (0: all); fn returns false to stop. */
bool journal_runs(Store *st, int64_t limit, bool (*fn)(void *ctx, const RunInfo *), void *ctx,
                  Error *err);

/* ---- history and log ------------------------------------------------------------------------- */

typedef struct LogEntry {
    int64_t id, run, at, rows;
    Str user, kind, text;          /* kind: work, undo, redo, migrate */
} LogEntry;
/* Newest first. */
bool journal_log(Store *st, int64_t limit, bool (*fn)(void *ctx, const LogEntry *), void *ctx,
                 Error *err);

/* One field of one row as one change altered it. */
typedef struct HistoryItem {
    int64_t change, at;
    Str user, text;                /* text: what was typed, "undo", "redo" */
    Str what;                      /* added, changed, deleted, restored */
    Str column;                    /* SQL name; empty unless `what` is changed */
    Value before, after;
    Str table;                     /* SQL name */
    int64_t row, last;             /* its id; the last of a run of rows that were added */
} HistoryItem;
/* Oldest first, for row `id` of `table`. */
bool journal_history(Store *st, const char *table, int64_t id,
                     bool (*fn)(void *ctx, const HistoryItem *), void *ctx, Error *err);

/* What one change did, in the order in which it was written: fields of rows; rows added, as runs of
 * ids of a table; then columns and tables (what: add-column, drop-table ...; row 0).
 * ERR_NOT_FOUND: there is no such change. fn returns false to stop. */
bool journal_change(Store *st, int64_t change, bool (*fn)(void *ctx, const HistoryItem *),
                    void *ctx, Error *err);

/* Walk the chain. *entries and the head hash (64 hex digits) on success; ERR_FAILED names the first
 * entry that does not hold, or the gap. */
bool journal_verify(Store *st, int64_t *entries, char head[static 65], Error *err);

/* Whether a program without our journal wrote to the file since our last commit. */
bool journal_foreign_writes(Store *st, bool *seen, Error *err);

#endif

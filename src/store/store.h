/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store.h -- the database file: opening, statements, transactions.
 *
 * src/store is the only folder that includes sqlite3.h.  Above it nobody composes SQL but filter,
 * type and the import; everybody else runs statements of an enumerated table.
 *
 * Statements.  A model file has one `static const Sql` table and opens entries of it:
 *
 *     enum { BY_PHONE, SQL_COUNT };
 *     static const Sql sql[] = { [BY_PHONE] = { "SELECT ... WHERE value = ?1", SQL_HOT } };
 *     const SqlTable contact_sql = { "contact", sql, SQL_COUNT };      (listed in cmd/catalog.c)
 *
 * A prepared statement is kept by the address of its Sql and used again; a Query is one use of it.
 *
 * Transactions nest.  Only the outermost one is a real transaction, inner ones are savepoints.  The
 * outermost transaction that changed something becomes one journal entry (see journal.h).  A
 * statement that fails poisons the innermost transaction: it can then only be rolled back, because
 * SQLite undid part of what the journal has seen.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/clock.h"
#include "base/value.h"

typedef struct Store Store;
typedef struct Query Query;

enum {
    STORE_READONLY = 1,
    STORE_CREATE = 2,        /* make the file (0600) and migrate it when it does not exist */
    STORE_SYNC_FULL = 4,     /* the dialer's connection: survive power loss after each commit */
    STORE_NO_JOURNAL = 8,    /* bench only: an empty preupdate hook */
};

/* Open a database, migrate it to this program's schema (after a backup FILE.bak-NNNN beside it when
 * it held data), set every connection setting of design.md section 5. A medium that cannot be
 * written opens read-only. ERR_DATABASE: no database, newer, damaged; ERR_IO: a folder, no right,
 * not there without STORE_CREATE; ERR_BUSY. The clock stays the caller's. */
bool store_open(const char *path, unsigned flags, const Clock *clock, Store **out, Error *err);
void store_close(Store *st);                              /* NULL is fine; rolls back */
const char *store_path(const Store *st);                  /* absolute, or ":memory:" */
bool store_is_new(const Store *st);                       /* this open created it */
bool store_is_readonly(const Store *st);
int64_t store_now(const Store *st);                       /* ms, from the clock */
int store_schema_version(const Store *st);
const char *store_library(void);                          /* "SQLite 3.40.1" */

/* From now on as with STORE_SYNC_FULL: a dialler's connection, once it dials real people. */
bool store_sync_full(Store *st, Error *err);

/* Stop the statement that runs now, from a signal handler or another thread; async-signal-safe.
 * It fails with ERR_INTERRUPTED. */
void store_interrupt(Store *st);

/* ---- statements ------------------------------------------------------------------------------ */

enum { SQL_HOT = 1 };         /* its plan must use an index: a test reads EXPLAIN QUERY PLAN */

typedef struct Sql { const char *text; unsigned flags; } Sql;
typedef struct SqlTable { const char *module; const Sql *sql; int n; } SqlTable;

bool query_open(Store *st, const Sql *sql, Query **out, Error *err);
/* SQL composed at run time (by filter, type, import): kept in a small cache by its text. */
bool query_text(Store *st, Str sql, Query **out, Error *err);
/* SQL that a user typed (`sql`): never cached, one statement only; *writes says whether it would
 * change the file. The authorizer refuses DDL, ATTACH, PRAGMA writes and journal tables. */
bool query_user(Store *st, Str sql, Query **out, bool *writes, Error *err);

/* Bind parameter i (from 1). Text is not copied: it must live until the query is closed. */
void query_int(Query *q, int i, int64_t v);
void query_real(Query *q, int i, double v);
void query_str(Query *q, int i, Str v);                   /* s == NULL binds NULL */
void query_cstr(Query *q, int i, const char *v);          /* NULL binds NULL */
void query_null(Query *q, int i);
void query_value(Query *q, int i, Value v);
void query_blob(Query *q, int i, const void *p, size_t n);

int query_next(Query *q, Error *err);                     /* 1 a row, 0 the end, -1 failed */
bool query_one(Query *q, Error *err);                     /* a row, else ERR_NOT_FOUND */
bool query_run(Query *q, Error *err);                     /* to the end, then reset for new binds */
void query_reset(Query *q);                               /* binds are kept */
/* Grows with every row that this connection writes: an open query may show what was before it. */
int64_t store_changes(const Store *st);
void query_close(Query *q);                               /* back to the cache; NULL is fine */

int query_columns(const Query *q);
const char *query_column_name(const Query *q, int i);     /* columns count from 0 */
int64_t query_col_int(const Query *q, int i);             /* NULL gives 0 */
double query_col_real(const Query *q, int i);
Str query_col_str(const Query *q, int i);                 /* until the next step; NULL: {NULL,0} */
Value query_col(const Query *q, int i);                   /* text lives until the next step */
void query_row(const Query *q, Value *row, int n);        /* the first n of them */
bool query_col_is_null(const Query *q, int i);

bool store_get_int(Store *st, const Sql *sql, int64_t *out, Error *err);  /* first cell; none: 0 */
bool store_exec(Store *st, const Sql *sql, Error *err);                   /* no parameters */

/* ---- transactions ---------------------------------------------------------------------------- */

bool store_begin(Store *st, Error *err);                  /* outermost: BEGIN IMMEDIATE; ERR_BUSY */
bool store_commit(Store *st, Error *err);                 /* on failure it was rolled back */
void store_rollback(Store *st);                           /* the innermost; never fails */
int store_depth(const Store *st);                         /* 0: none open */
int64_t store_commits(const Store *st);                   /* how many were committed, for figures */

/* Several queries that see one state of the file and lock it once. Short, as a transaction is; the
 * first store_begin ends it, and within a transaction, or another look, it does nothing. */
bool store_look(Store *st, Error *err);
void store_looked(Store *st);

/* Reserve n consecutive ids of a table; *first gets the lowest. Never given again, undo or not (a
 * rolled back transaction gives them back). */
bool store_ids(Store *st, const char *table, int64_t n, int64_t *first, Error *err);

/* ---- bulk ------------------------------------------------------------------------------------ */

/* A source of rows for `INSERT INTO t(...) SELECT c0, c1, ... FROM feed` (40 % cheaper than a
 * statement a row). next() fills `row` (cols values, bytes valid until the next call) and returns
 * 1, 0 at the end, -1 with err. Columns are named c0..c23. A column `change` of the target must get
 * the same value in all rows. */
typedef struct Feed {
    int (*next)(void *ctx, Value *row, Error *err);
    void *ctx;
    int cols;
    bool referred;                     /* all that the rows refer to is known to be there */
} Feed;
bool store_feed(Store *st, Str sql, const Feed *feed, Error *err);

/* Before a transaction that sorts much: SQLite keeps what is temporary in unlinked files (0600, in
 * $SQLITE_TMPDIR, $TMPDIR or /var/tmp), not in memory. Does nothing inside a transaction. */
bool store_spill(Store *st, bool on, Error *err);

/* Within a transaction: leave an index out while its table is loaded, and build it from what `sql`
 * (in the arena) says once the rows are there; a rollback brings it back. */
bool store_index_drop(Store *st, const char *index, Arena *a, const char **sql, Error *err);
bool store_index_make(Store *st, const char *sql, Error *err);

/* Rows that a bulk writer holds back must be there before anybody else reads or writes: `fn` is
 * called once, before the next statement is opened; false fails that statement. NULL takes it
 * back. */
typedef bool (*StoreDue)(void *ctx, Error *err);
void store_set_due(Store *st, StoreDue fn, void *ctx);

/* ---- whole file ------------------------------------------------------------------------------ */

/* May a file of that name be written or replaced? ERR_REFUSED: it is the database, or one of those
 * that SQLite keeps beside it. */
bool store_spares(const Store *st, const char *file, Error *err);

/* Would store_backup take that file? */
bool store_backup_may(Store *st, const char *file, bool force, Error *err);
/* A consistent copy by the backup API, written beside and renamed; refuses to overwrite unless
 * `force`. progress (may be NULL) gets pages done and total; false stops (ERR_INTERRUPTED). */
bool store_backup(Store *st, const char *file, bool force, bool (*progress)(void *, int, int),
                  void *ctx, Error *err);

/* SQLite's integrity check, foreign keys, search index integrity, every table journalled or named
 * exempt. Each problem is handed to `say`; *problems counts them. False only when it could not
 * run. */
bool store_check(Store *st, void (*say)(void *ctx, Str problem), void *ctx, int *problems,
                 Error *err);

/* Every statement of a table prepares, and hot ones use an index; for lint. */
bool store_check_sql(Store *st, const SqlTable *table, Error *err);

/* A text dump of the schema and of all journalled tables (no journal, counters, search shadows), in
 * stable order: equal dumps mean equal databases. Used by tests and `debug dump`. */
bool store_dump(Store *st, Buf *out, Error *err);

/* ---- search (FTS5, own bigram tokenizer) ----------------------------------------------------- */

/* A search table TABLE_search indexes text columns of one table, by rowid; its virtual table is
 * made by the migrations (contentless, tokenize = 'bigram', columns in this order). The index is
 * fed from the journal's buffer before commit, so undo, import and raw SQL keep it right. */
typedef struct SearchTable { const char *table; const char *const *columns; } SearchTable;
void store_search_declare(Store *st, const SearchTable *tables, int n);  /* static data, at open */

/* A digit index TABLE_digits finds telephone numbers by any of their digits: those in a text column
 * of the rows for which `where` holds. The first search makes it; the journal's buffer keeps it. */
typedef struct DigitTable { const char *table, *column, *where; } DigitTable;
void store_digits_declare(Store *st, const DigitTable *table);           /* static data, at open */

/* Ids of the rows whose number holds these (ASCII) digits, at its end before elsewhere, else in
 * ascending order; *ids is the caller's to free. */
bool store_find_digits(Store *st, Str digits, int64_t **ids, int64_t *n, Error *err);

/* A word that is searched: a run of letters and digits or of CJK characters, folded. */
typedef struct SearchTerm {
    Str run;
    const char *column;                /* only there; NULL: in any */
    bool prefix;                       /* words that begin with it will do */
    Str *some;                         /* search_narrow: some of very many such words, n_some */
    int n_some;
} SearchTerm;

/* The terms of a folded text; a single CJK character and the last one of all are prefixes. */
int search_terms(Str folded, const char *column, Arena *a, SearchTerm **out);

/* Where a prefix stands for words in very many rows of `table`, fill in some of them, by their
 * alphabet: to ask for all would read all those rows. *narrowed: there was one. */
bool search_narrow(Store *st, const char *table, SearchTerm *t, int n, Arena *a, bool *narrowed,
                   Error *err);

/* An FTS5 MATCH expression that finds rows holding all terms; those with `some` by these words. */
const char *search_expression(const SearchTerm *t, int n, Arena *a);
/* One that finds rows in which the text of `column` begins with the term. */
const char *search_expression_begins(const SearchTerm *t, const char *column, Arena *a);

/* ---- for tests ------------------------------------------------------------------------------- */

/* Make the n-th write operation from now fail with ERR_FAILED ("injected"); 0 switches off. */
void store_fail_at(Store *st, int64_t n);

#endif

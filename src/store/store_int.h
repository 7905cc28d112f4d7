/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store_int.h -- what the files of src/store know of each other; nobody else includes this.
 *
 * Invariants.  `depth` is the number of frames on the stack.  The authorizer is always set and
 * obeys `auth` at the moment a statement is prepared.  The preupdate hook is always set (SQLite
 * deletes whole tables unseen otherwise) and does nothing while `journal.muted`.
 */
#ifndef STORE_STORE_INT_H
#define STORE_STORE_INT_H

#ifndef SQLITE_ENABLE_PREUPDATE_HOOK
#define SQLITE_ENABLE_PREUPDATE_HOOK 1
#endif
#include <sha2.h>
#include <sqlite3.h>

#include "store/buffer.h"
#include "store/erase.h"
#include "store/image.h"
#include "store/journal.h"

/* ---- the map of journalled tables (schema.c) ------------------------------------------------- */

typedef struct MapColumn { int64_t id; char *name; bool momentary; } MapColumn;

/* Statements on one row of a table, kept open with it: read it (?1: id) as SELECT * does, delete it
 * (?1: id), insert it whole (parameters by position, from 1). */
typedef enum RowQuery { ROW_READ, ROW_DELETE, ROW_INSERT, ROW_QUERIES } RowQuery;

typedef struct MapTable {
    int64_t id;                          /* journal_table.id */
    Query *queries[ROW_QUERIES];         /* opened when first needed; use row_query() */
    char *name;
    MapColumn *cols;                     /* by position in the table */
    int n;                               /* 0: the table was dropped by an undo */
    int id_pos, change_pos;
    bool momentary;                      /* some of its columns are */
    bool one_image;                      /* see journal_one_image */
} MapTable;

typedef struct Map {
    MapTable *tables;                    /* by journal_table.id, ascending */
    int n;
    int64_t schema_version;              /* PRAGMA schema_version that it was read under */
    bool valid;
} Map;

typedef struct SchemaChange {            /* one row of change_schema */
    const char *op;                      /* add-table, add-column, drop-table, drop-column */
    char *table, *column, *ddl;          /* column NULL for tables; ddl is what adds it */
} SchemaChange;

/* ---- the journal of one connection ----------------------------------------------------------- */

typedef enum ChangeKind { CHANGE_WORK, CHANGE_UNDO, CHANGE_REDO, CHANGE_MIGRATE } ChangeKind;

typedef struct Journal {
    Map map;
    Frame *top;                          /* one frame per nesting level */
    ImageLog log;
    SchemaChange *ops;                   /* of the open transaction, in order */
    int n_ops;
    bool schema_touched;                 /* the map must be read again after a rollback */
    bool muted;                          /* the hook records nothing */
    int closed;                          /* depth at which undo was done: no other write may join
                                            its change; 0: none was */
    bool veto_only;                      /* a veto runs that must not write */
    int64_t current;                     /* id of the entry to come; 0: none open */
    ChangeKind kind;
    int64_t target;                      /* run that undo or redo concerns */
    Buf text;                            /* journal_describe */
    Buf image;                           /* where the hook puts an image together */
    int64_t new_run;                     /* run that the entry being written begins; 0: none */
    int run_depth;
    Buf run_user, run_title;
    int64_t run;                         /* 0 before the first change of the run */
    RowSet *mine;                        /* earlier changes of a resumed run; NULL: of no other */
    bool redoable;                       /* with mine: the change before is an undo or a redo */
    ChangeCount last;
    Error trouble;                       /* what the hook could not say; code 0: nothing */
    const MapTable *seen_table;          /* table of the last event */
    const MapTable *feed_table;          /* table whose stamp the running feed was asked for */
    bool feeding, feed_stamped;
    Erasure *erasure;                    /* what the commit takes out of the journal; or NULL */
    unsigned char salts[256];            /* random, read at once; the first salts_left are unused */
    size_t salts_left;
    JournalVeto veto;
    void *veto_ctx;
} Journal;

typedef struct Fact { const char *table, *where; } Fact;

/* ---- the store ------------------------------------------------------------------------------- */

typedef enum Auth { AUTH_CODE, AUTH_USER, AUTH_OPEN } Auth;

typedef struct QueryCache QueryCache;

typedef struct Head { bool known; int64_t version, application; } Head;

struct Store {
    sqlite3 *db;
    char *path;                          /* absolute, or ":memory:" */
    const Clock *clock;
    unsigned flags;
    bool is_new, readonly, migrating;
    bool settled;                        /* settle() was called */
    Head head;                           /* of the file when it was opened */
    int version;                         /* schema version of the file */
    int depth;
    int64_t commits;                  /* of outermost transactions, since the file was opened */
    bool looking;                        /* store_look: a transaction that only reads is open */
    bool long_log;                       /* the write-ahead log may be longer than is kept */
    bool lost;                           /* SQLite rolled the open transaction back by itself */
    Auth auth;
    char auth_why[256];                  /* what the authorizer refused last */
    QueryCache *queries;
    Journal journal;
    Fact facts[8];
    int n_facts;
    const SearchTable *search;
    int n_search;
    const DigitTable *digits;            /* NULL: none */
    StoreDue due;                        /* to be called before the next statement; NULL none */
    void *due_ctx;
    const Feed *feed;                    /* the running one */
    Error *feed_err;
    int64_t fail_at;                     /* counts down to an injected failure; 0 off */
};

/* The settings that make SQLite read the whole schema: they wait for the first statement. */
bool settle(Store *st, Error *err);

int store_busy_ms(void);                                  /* PATTER_BUSY_MS, or 5000 */

void log_hook_install(Store *st);                         /* tx.c */

/* errors.c: turn what SQLite said into err; returns false. `sql` may be NULL. */
bool fail_sqlite(Store *st, int rc, const char *sql, Error *err);

/* busy.c: "sqlite3 (process 123)" from /proc/locks, or "another program". */
void busy_holder(const Store *st, char *out, size_t size);

/* auth.c */
void auth_install(Store *st);

/* query.c */
enum { SQL_CONTROL = 256 };              /* BEGIN and the like: no write, whatever SQLite says */
QueryCache *query_cache_new(void);
void query_cache_free(QueryCache *c);
bool store_run(Store *st, const char *sql, Error *err);   /* any SQL, authorizer open */
bool store_cell(Store *st, const char *sql, int64_t *out, Error *err);  /* authorizer open */
bool fail_injected(Store *st, Error *err);                /* false when this operation shall fail */

/* query_text of a text made by sqlite3_mprintf ("%w" inside double quotes for names). */
bool query_printf(Store *st, Query **out, Error *err, const char *fmt, ...);

/* migrate.c */
bool migrate(Store *st, Error *err);

/* schema.c */
bool is_exempt(const char *table);
bool map_load(Store *st, Error *err);                     /* when it is not valid */
void map_release(Map *m);
bool map_current(Store *st, Error *err);                  /* for readers outside a transaction */
int map_find(const Map *m, const char *table);            /* index or -1 */
bool schema_sync(Store *st, Error *err);                  /* give new columns ids, reload the map */
void schema_ops_cut(Journal *j, int n);                   /* forget operations from the n-th on */
bool schema_add(Store *st, const SchemaChange *op, bool again, Error *err);
bool schema_drop(Store *st, const SchemaChange *op, Error *err);

/* The statement, reset and ready; it stays the table's. */
Query *row_query(Store *st, const MapTable *t, RowQuery which, Error *err);

/* hook.c */
void hook_install(Store *st);

/* journal.c: the entry of the outermost transaction */
bool journal_begin(Store *st, Error *err);                /* just after BEGIN */
bool journal_commit(Store *st, Error *err);               /* just before COMMIT */
void journal_end(Store *st, bool committed);
bool journal_may_write(Store *st, Error *err);            /* before each writing statement */
bool journal_touched(const Journal *j);                   /* whether anything was recorded */
void journal_unwind(Store *st, bool committed);           /* an inner level has ended */
bool journal_note_current(Store *st, Error *err);         /* id of the entry to come */

/* Undo and redo put rows back, old stamps included. */
static inline bool restores(const Journal *j)
{
    return j->kind == CHANGE_UNDO || j->kind == CHANGE_REDO;
}

/* entry.c: write the entry of the open transaction; *made false when nothing had been altered. Undo
 * and redo always make one: it says whether the run is in force, even where all was gone
 * already. */
bool entry_write(Store *st, bool *made, Error *err);
bool entry_count(Store *st, ChangeCount *out, Error *err);  /* the same walk, writing nothing */
const char *kind_text(ChangeKind k);                      /* as in change.kind */

/* erase.c: what journal_erase asked for */
bool erase_apply(Store *st, Error *err);

/* hash.c: the chain. An entry is SHA-256(previous, id, run, at, user, kind, target, text digest,
 * each image (table, row, op, digest), each range, each schema operation, rows); numbers are 8
 * bytes little-endian, texts are preceded by their length. */
enum { HASH = 32, SALT = 16 };
typedef struct EntryHash { SHA2_CTX sha; } EntryHash;
void hash_begin(EntryHash *h, const unsigned char previous[static HASH]);
void hash_int(EntryHash *h, int64_t v);
void hash_bytes(EntryHash *h, const void *p, size_t n);
void hash_end(EntryHash *h, unsigned char out[static HASH]);
void hash_salted(const unsigned char salt[static SALT], Str text, unsigned char out[static HASH]);
void salt_new(Journal *j, unsigned char salt[static SALT]);
/* What of a chained row goes into its entry, for writing and verifying alike. */
void hash_head(EntryHash *h, int64_t id, int64_t run, int64_t at, Str user, Str kind,
               int64_t target, const unsigned char text_digest[static HASH]);
void hash_image(EntryHash *h, Str table, int64_t row, int64_t op,
                const unsigned char digest[static HASH]);
void hash_range(EntryHash *h, Str table, int64_t first, int64_t last);
void hash_schema(EntryHash *h, Str op, Str table, Str column, Str ddl);

/* compare.c: an image against the row as it is now. The stamps are of the image and of the row;
 * `moment`: a column that is momentary differs, too. */
typedef enum Compared { ROW_SAME, ROW_DIFFERS, ROW_GONE, ROW_UNREADABLE } Compared;
typedef struct Stamps { int64_t before, now; bool moment; } Stamps;
Compared image_compare(Store *st, const MapTable *t, int64_t row, Str image, Stamps *stamps,
                       Error *err);
/* Position of a column id, -1 when the table lacks it; `guess` is looked at first. */
int map_column(const MapTable *t, int64_t column, int guess);

/* search.c: bring the search tables up to date with the open transaction */
bool search_update(Store *st, Error *err);
/* search_check.c: whether a search table holds the words of its rows and no others */
bool search_check(Store *st, const SearchTable *t, bool *agrees, Error *err);

/* digits.c: the slots of rows that the open transaction touched; whether all slots are right */
bool digits_update(Store *st, Error *err);
bool digits_check(Store *st, bool *agrees, Error *err);

/* bigram.c; texts are folded already */
bool bigram_register(Store *st);
/* The next run of CJK or of other word characters from *at, which moves behind it; false: none. */
bool bigram_run(Str folded, size_t *at, Str *run, bool *cjk);
/* Cut text into tokens; `query` leaves out the closing single character of a CJK run. */
int bigram_cut(Str folded, bool query, int (*fn)(void *ctx, Str token), void *ctx);

/* feed.c, functions.c */
bool feed_register(Store *st);
bool functions_register(Store *st);

#endif

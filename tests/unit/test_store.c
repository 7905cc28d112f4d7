/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store_testing.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

static int mode_of(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 ? (int)(s.st_mode & 0777) : -1;
}

static const char *beside(Fixture *f, const char *name)
{
    return arena_printf(&f->arena, "%s/%s", f->dir, name);
}

static void write_file(const char *path, const char *content)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

/* ---- opening --------------------------------------------------------------------------------- */

static void test_new_file(void **state)
{
    Fixture *f = *state;
    assert_true(store_is_new(f->st));
    assert_false(store_is_readonly(f->st));
    assert_int_equal(store_schema_version(f->st), 1);
    assert_string_equal(store_path(f->st), f->path);
    change(f, "add", CUSTOMER(1, "A"), NULL);
    assert_int_equal(mode_of(f->path), 0600);
    assert_int_equal(mode_of(beside(f, "x.db-wal")), 0600);
    assert_int_equal(mode_of(beside(f, "x.db-shm")), 0600);
    Store *st = open_again(f, 0);
    assert_false(store_is_new(st));
    store_close(st);
    sound(f);
}

/* A umask that takes everything or nothing alters nothing. */
static void test_umask(void **state)
{
    Fixture *f = *state;
    mode_t before = umask(0);
    Store *st = NULL;
    MUST(f, store_open(beside(f, "open.db"), STORE_CREATE, &f->clock, &st, &f->err));
    store_close(st);
    umask(0777);
    MUST(f, store_open(beside(f, "shut.db"), STORE_CREATE, &f->clock, &st, &f->err));
    store_close(st);
    MUST(f, store_backup(f->st, beside(f, "copy.db"), false, NULL, NULL, &f->err));
    umask(before);
    assert_int_equal(mode_of(beside(f, "open.db")), 0600);
    assert_int_equal(mode_of(beside(f, "shut.db")), 0600);
    assert_int_equal(mode_of(beside(f, "copy.db")), 0600);
}

static void test_settings(void **state)
{
    Fixture *f = *state;
    char header[20] = { 0 };
    int fd = open(f->path, O_RDONLY);
    assert_int_equal(read(fd, header, sizeof header), sizeof header);
    close(fd);
    assert_int_equal(header[18], 2);                     /* write-ahead log */
    assert_false(try_sql(f, "SELECT \"no such column\" FROM customer"));     /* not a string */
    assert_int_equal(f->err.code, ERR_USAGE);
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "INSERT INTO person(customer, name) VALUES (99, 'x')"));
    assert_int_equal(f->err.code, ERR_CONFLICT);         /* foreign keys are on */
    store_rollback(f->st);
    assert_int_equal(number(f, "SELECT count(*) FROM customer WHERE fold('ＡＢ') = 'ab'"), 0);
    assert_string_equal(text_of(f, "SELECT fold('ＡＢ')"), "ab");
    assert_null(text_of(f, "SELECT fold(NULL)"));
}

static void refuses(Fixture *f, const char *path, unsigned flags, ErrCode code, const char *part)
{
    Store *st = NULL;
    f->err = (Error){ 0 };
    assert_false(store_open(path, flags, &f->clock, &st, &f->err));
    assert_null(st);
    assert_int_equal(f->err.code, code);
    if (!strstr(f->err.msg, part))
        die(&f->err, part);
}

static void test_wrong_files(void **state)
{
    Fixture *f = *state;
    const char *text = beside(f, "text.db"), *other = beside(f, "other.db");
    const char *empty = beside(f, "empty.db"), *none = beside(f, "none.db");
    write_file(text, "name,phone\nWang,1\n");
    write_file(empty, "");
    refuses(f, none, 0, ERR_DATABASE, "there is no file");
    refuses(f, beside(f, "no/such/x.db"), STORE_CREATE, ERR_DATABASE, "No such file");
    refuses(f, f->dir, STORE_CREATE, ERR_DATABASE, "is a folder");
    refuses(f, text, STORE_CREATE, ERR_DATABASE, "is not a database");
    refuses(f, empty, 0, ERR_DATABASE, "is not a database");
    char command[200];
    snprintf(command, sizeof command, "sqlite3 %s 'CREATE TABLE t(a)'", other);
    assert_int_equal(system(command), 0);
    refuses(f, other, STORE_CREATE, ERR_DATABASE, "another program");
    assert_int_equal(access(none, F_OK), -1);            /* nothing was made */
    struct stat s;
    assert_int_equal(stat(text, &s), 0);
    assert_int_equal(s.st_size, 18);
}

static void test_damaged_file(void **state)
{
    Fixture *f = *state;
    const char *path = beside(f, "copy.db");
    MUST(f, store_backup(f->st, path, false, NULL, NULL, &f->err));
    int fd = open(path, O_RDWR);
    char junk[4000];
    memset(junk, 0x5A, sizeof junk);
    assert_int_equal(pwrite(fd, junk, sizeof junk, 96), sizeof junk);    /* keeps the name */
    close(fd);
    refuses(f, path, 0, ERR_DATABASE, "");
}

static void test_newer_file(void **state)
{
    Fixture *f = *state;
    store_close(f->st);
    assert_int_equal(outside(f, "PRAGMA user_version = 99"), 0);
    refuses(f, f->path, STORE_CREATE, ERR_DATABASE, "newer patter (schema 99, this one knows 1)");
    assert_int_equal(outside(f, "PRAGMA user_version = 1"), 0);
    f->st = open_again(f, 0);
}

static void test_readonly(void **state)
{
    Fixture *f = *state;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    Store *st = open_again(f, STORE_READONLY);
    assert_true(store_is_readonly(st));
    assert_false(store_begin(st, &f->err));
    assert_int_equal(f->err.code, ERR_DATABASE);
    Store *own = f->st;
    f->st = st;
    assert_int_equal(number(f, "SELECT count(*) FROM customer"), 1);
    assert_string_equal(problems(f), "");
    f->st = own;
    store_close(st);
}

static void test_memory(void **state)
{
    Fixture *f = *state;
    Store *st = NULL, *own = f->st;
    MUST(f, store_open(":memory:", STORE_CREATE, &f->clock, &st, &f->err));
    f->st = st;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    assert_string_equal(store_path(st), ":memory:");
    sound(f);
    f->st = own;
    store_close(st);
}

/* ---- busy ------------------------------------------------------------------------------------ */

static void test_busy_names_the_holder(void **state)
{
    Fixture *f = *state;
    int ready[2], done[2];
    char byte;
    assert_int_equal(pipe(ready) | pipe(done), 0);
    pid_t child = fork();
    if (child == 0) {
        Store *st = NULL;
        Error err;
        bool ok = store_open(f->path, 0, &f->clock, &st, &err) && store_begin(st, &err);
        ok = write(ready[1], "x", 1) == 1 && ok;
        ok = read(done[0], &byte, 1) == 1 && ok;
        _exit(ok ? 0 : 1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    setenv("PATTER_BUSY_MS", "50", 1);
    Store *st = open_again(f, 0);
    assert_false(store_begin(st, &f->err));
    unsetenv("PATTER_BUSY_MS");
    assert_int_equal(f->err.code, ERR_BUSY);
    assert_int_equal(err_exit(f->err.code), 75);
    char who[64];
    snprintf(who, sizeof who, "(process %d)", (int)child);
    if (!strstr(f->err.msg, who))
        die(&f->err, who);
    assert_int_equal(write(done[1], "x", 1), 1);
    int status;
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    MUST(f, store_begin(st, &f->err));
    store_rollback(st);
    store_close(st);
}

/* ---- statements ------------------------------------------------------------------------------ */

static const Sql two[] = { { "SELECT id FROM stage ORDER BY id", 0 },
                           { "SELECT ?1, ?2, ?3, ?4", 0 } };

static void test_queries_nest(void **state)
{
    Fixture *f = *state;
    Query *a = NULL, *b = NULL;
    int n = 0;
    MUST(f, query_open(f->st, &two[0], &a, &f->err));
    while (query_next(a, &f->err) > 0) {                 /* the same statement inside itself */
        MUST(f, query_open(f->st, &two[0], &b, &f->err));
        assert_int_equal(query_next(b, &f->err), 1);
        assert_int_equal(query_col_int(b, 0), 1);
        query_close(b);
        n++;
    }
    query_close(a);
    assert_int_equal(n, 10);
}

static void test_values(void **state)
{
    Fixture *f = *state;
    Query *q = NULL;
    MUST(f, query_open(f->st, &two[1], &q, &f->err));
    query_value(q, 1, value_int(INT64_MIN));
    query_value(q, 2, value_real(0.1));
    query_value(q, 3, value_text(str_n("a\0b", 3)));
    query_value(q, 4, value_null());
    MUST(f, query_one(q, &f->err));
    assert_true(query_col_int(q, 0) == INT64_MIN);
    assert_true(value_eq(query_col(q, 1), value_real(0.1)));
    assert_true(str_eq(query_col_str(q, 2), str_n("a\0b", 3)));
    assert_true(query_col_is_null(q, 3) && query_col_str(q, 3).s == NULL);
    query_close(q);
    MUST(f, query_open(f->st, &two[1], &q, &f->err));    /* binds do not stay */
    query_str(q, 1, STR(""));
    MUST(f, query_one(q, &f->err));
    assert_false(query_col_is_null(q, 0));
    assert_true(query_col_is_null(q, 1));
    query_close(q);
}

static void test_many_texts(void **state)
{
    Fixture *f = *state;
    Query *open[100];
    for (int i = 0; i < 100; i++) {
        const char *text = arena_printf(&f->arena, "SELECT %d", i);
        MUST(f, query_text(f->st, str(text), &open[i], &f->err));
    }
    for (int i = 0; i < 100; i++) {
        MUST(f, query_one(open[i], &f->err));
        assert_int_equal(query_col_int(open[i], 0), i);
        query_close(open[i]);
    }
    for (int i = 0; i < 200; i++)
        assert_int_equal(number(f, arena_printf(&f->arena, "SELECT %d", i)), i);
}

static void denied(Fixture *f, const char *text, ErrCode code)
{
    Query *q = NULL;
    bool writes;
    f->err = (Error){ 0 };
    if (query_user(f->st, str(text), &q, &writes, &f->err))
        die(&f->err, text);
    if (f->err.code != code)
        die(&f->err, text);
}

static void test_user_sql(void **state)
{
    Fixture *f = *state;
    Query *q = NULL;
    bool writes = true;
    const char *ddl[] = { "CREATE TABLE x(a)", "DROP TABLE customer",
        "CREATE INDEX i ON customer(name)",
        "ALTER TABLE customer ADD COLUMN x", "CREATE VIEW v AS SELECT 1", "CREATE TEMP TABLE t(a)",
        "CREATE TRIGGER t AFTER INSERT ON customer BEGIN SELECT 1; END", "ATTACH ':memory:' AS o",
        "PRAGMA journal_mode = DELETE", "PRAGMA foreign_keys = OFF", "PRAGMA writable_schema = 1",
        "PRAGMA journal_mode", "REINDEX", "ANALYZE", "BEGIN", "COMMIT", "SAVEPOINT s",
        "INSERT INTO change_range VALUES (1, 1, 1, 1, 1)", "DELETE FROM change",
        "UPDATE run SET title = ''",
        "UPDATE counter SET last = 0", "INSERT INTO customer_search(rowid, name) VALUES (1, 'x')",
        NULL };
    for (int i = 0; ddl[i]; i++)
        denied(f, ddl[i], ERR_REFUSED);
    denied(f, "DELETE FROM customer_search_data", ERR_USAGE);    /* says SQLite: defensive */
    denied(f, "DELETE FROM sqlite_schema", ERR_USAGE);
    denied(f, "SELECT 1; SELECT 2", ERR_USAGE);
    denied(f, "", ERR_USAGE);
    denied(f, "SELEC 1", ERR_USAGE);
    assert_int_equal(f->err.at, 0);
    assert_int_equal(f->err.width, 5);
    MUST(f, query_user(f->st, STR("SELECT 1; -- done\n /* x */ ;"), &q, &writes, &f->err));
    assert_false(writes);
    query_close(q);
    MUST(f, query_user(f->st, STR("DELETE FROM customer"), &q, &writes, &f->err));
    assert_true(writes);
    assert_false(query_run(q, &f->err));                 /* outside a transaction */
    query_close(q);
    assert_true(try_sql(f, "PRAGMA table_info(customer)"));
    assert_false(try_sql(f, "VACUUM"));
    assert_false(try_sql(f, arena_printf(&f->arena, "VACUUM INTO '%s/v.db'", f->dir)));
    assert_int_equal(access(beside(f, "v.db"), F_OK), -1);
    assert_true(try_sql(f, "SELECT * FROM change JOIN customer_search_config"));
    sound(f);
}

/* ---- transactions ---------------------------------------------------------------------------- */

static void test_nesting(void **state)
{
    Fixture *f = *state;
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(1, "A"));
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(2, "B"));
    assert_int_equal(store_depth(f->st), 2);
    store_rollback(f->st);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, CUSTOMER(3, "C"));
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "DELETE FROM customer WHERE id = 1");
    sql(f, "UPDATE customer SET name = 'D' WHERE id = 3");
    store_rollback(f->st);
    MUST(f, store_commit(f->st, &f->err));
    MUST(f, store_commit(f->st, &f->err));
    assert_int_equal(store_depth(f->st), 0);
    assert_string_equal(text_of(f, "SELECT group_concat(id || name) FROM customer"), "1A,3C");
    assert_int_equal(journal_count(f->st).inserted, 2);
    sound(f);
}

static void test_failed_statement_poisons(void **state)
{
    Fixture *f = *state;
    change(f, "add", "INSERT INTO dnc(number, at) VALUES ('1', 0)", NULL);
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "INSERT INTO dnc(number, at) VALUES ('2', 0)");
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "INSERT INTO dnc(number, at) VALUES ('3', 0), ('1', 0)"));
    assert_int_equal(f->err.code, ERR_CONFLICT);
    assert_string_equal(f->err.msg, "another dnc has the same number");
    assert_false(try_sql(f, "INSERT INTO dnc(number, at) VALUES ('4', 0)"));
    assert_false(store_commit(f->st, &f->err));          /* rolls the inner one back */
    assert_int_equal(store_depth(f->st), 1);
    sql(f, "INSERT INTO dnc(number, at) VALUES ('5', 0)");
    MUST(f, store_commit(f->st, &f->err));
    assert_string_equal(text_of(f, "SELECT group_concat(number) FROM dnc"), "1,2,5");
    sound(f);
}

static void test_what_constraints_say(void **state)
{
    Fixture *f = *state;
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "INSERT INTO dnc(number, at) VALUES (NULL, 0)"));
    assert_int_equal(f->err.code, ERR_INVALID);
    store_rollback(f->st);
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "INSERT INTO dnc(number, at) VALUES ('1', 'noon')"));
    assert_int_equal(f->err.code, ERR_INVALID);
    store_rollback(f->st);
    change(f, "add", CUSTOMER(1, "A"), "INSERT INTO customer_tag(customer, tag) VALUES (1, 'vip')",
           NULL);
    MUST(f, store_begin(f->st, &f->err));
    assert_false(try_sql(f, "INSERT INTO customer_tag(customer, tag) VALUES (1, 'vip')"));
    assert_string_equal(f->err.msg, "another customer_tag has the same customer and tag");
    store_rollback(f->st);
}

static void test_ids(void **state)
{
    Fixture *f = *state;
    int64_t id;
    Error err;
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_ids(f->st, "stage", 1, &id, &f->err));
    assert_int_equal(id, 11);                            /* ten are shipped */
    MUST(f, store_ids(f->st, "customer", 5, &id, &f->err));
    assert_int_equal(id, 1);
    MUST(f, store_ids(f->st, "customer", 1, &id, &f->err));
    assert_int_equal(id, 6);
    MUST(f, store_commit(f->st, &f->err));
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_ids(f->st, "customer", 1, &id, &f->err));
    assert_int_equal(id, 7);
    store_rollback(f->st);                               /* gives it back */
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_ids(f->st, "customer", 1, &id, &err));
    assert_int_equal(id, 7);
    store_rollback(f->st);
    change(f, "raw", CUSTOMER(50, "A"), NULL);           /* an id from elsewhere */
    undo(f, 0);                                          /* never lowers the counter */
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_ids(f->st, "customer", 1, &id, &f->err));
    assert_int_equal(id, 51);
    store_rollback(f->st);
    assert_int_equal(outside(f, CUSTOMER(60, "B")), 0);  /* by a program that knows no counter */
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_ids(f->st, "customer", 2, &id, &f->err));
    assert_int_equal(id, 61);
    MUST(f, store_ids(f->st, "customer", 1, &id, &f->err));
    assert_int_equal(id, 63);
    store_rollback(f->st);
}

/* ---- bulk ------------------------------------------------------------------------------------ */

typedef struct Count { int n, most, fail_at; int64_t change; } Count;

static int next_row(void *ctx, Value *row, Error *err)
{
    Count *c = ctx;
    if (c->n == c->most)
        return 0;
    if (++c->n == c->fail_at) {
        fail(err, ERR_INVALID, "row %d is odd", c->n);
        return -1;
    }
    row[0] = value_int(c->n);
    row[1] = c->n % 2 ? value_text(STR("王")) : value_null();
    row[2] = value_int(c->change);
    return 1;
}

static const char feed_sql[] = "INSERT INTO customer(id, name, stage, stage_at, created, change)"
                               " SELECT c0, c1, 1, 0, 0, c2 FROM feed";

static void test_feed(void **state)
{
    Fixture *f = *state;
    Count c = { .most = 1000 };
    Feed feed = { next_row, &c, 3 };
    MUST(f, store_begin(f->st, &f->err));
    c.change = journal_current(f->st);
    MUST(f, store_feed(f->st, str(feed_sql), &feed, &f->err));
    MUST(f, store_commit(f->st, &f->err));
    assert_int_equal(number(f, "SELECT count(*) FROM customer WHERE change = 2"), 1000);
    assert_int_equal(number(f, "SELECT count(name) FROM customer"), 500);
    assert_int_equal(number(f, "SELECT count(*) FROM change_range WHERE change = 2"), 1);
    c = (Count){ .most = 9 };                            /* without a stamp: it is put there */
    undo(f, 0);
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_feed(f->st, str(feed_sql), &feed, &f->err));
    MUST(f, store_commit(f->st, &f->err));
    assert_int_equal(number(f, "SELECT count(*) FROM customer WHERE change = 4"), 9);
    sound(f);
}

static void test_feed_fails(void **state)
{
    Fixture *f = *state;
    Count c = { .most = 10, .fail_at = 5 };
    Feed feed = { next_row, &c, 3 };
    MUST(f, store_begin(f->st, &f->err));
    assert_false(store_feed(f->st, str(feed_sql), &feed, &f->err));
    assert_int_equal(f->err.code, ERR_INVALID);
    assert_string_equal(f->err.msg, "row 5 is odd");
    assert_false(store_commit(f->st, &f->err));
    assert_int_equal(number(f, "SELECT count(*) FROM customer"), 0);
    Query *q = NULL;
    bool writes;
    MUST(f, query_user(f->st, STR("SELECT count(*) FROM feed"), &q, &writes, &f->err));
    MUST(f, query_one(q, &f->err));                      /* nothing feeds it */
    assert_int_equal(query_col_int(q, 0), 0);
    query_close(q);
}

static int next_interrupted(void *ctx, Value *row, Error *err)
{
    Fixture *f = ctx;
    (void)err;
    row[0] = row[1] = value_null();
    row[2] = value_int(0);
    store_interrupt(f->st);
    return 1;
}

static void test_interrupt(void **state)
{
    Fixture *f = *state;
    Feed feed = { next_interrupted, f, 3 };              /* endless but for the interrupt */
    MUST(f, store_begin(f->st, &f->err));
    assert_false(store_feed(f->st, str(feed_sql), &feed, &f->err));
    assert_int_equal(f->err.code, ERR_INTERRUPTED);
    store_rollback(f->st);
    change(f, "after", CUSTOMER(1, "A"), NULL);
    sound(f);
}

/* No room: SQLite ends the whole transaction, whatever the nesting, and the file is as before. */
static void test_no_room(void **state)
{
    Fixture *f = *state;
    struct rlimit before, small;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    const char *was = dump(f);
    getrlimit(RLIMIT_FSIZE, &before);
    small = (struct rlimit){ 2 << 20, before.rlim_max };
    signal(SIGXFSZ, SIG_IGN);
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, store_begin(f->st, &f->err));
    setrlimit(RLIMIT_FSIZE, &small);
    bool ok = try_sql(f, "INSERT INTO customer(note, stage, stage_at, created) WITH RECURSIVE"
                      " n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
                      " SELECT hex(randomblob(300)), 1, 0, 0 FROM n");
    ok = ok && store_commit(f->st, &f->err);
    if (ok)
        ok = store_commit(f->st, &f->err);
    else
        while (store_depth(f->st) > 0)
            store_rollback(f->st);
    setrlimit(RLIMIT_FSIZE, &before);
    assert_false(ok);
    assert_int_equal(f->err.code, ERR_IO);
    assert_int_equal(store_depth(f->st), 0);
    assert_string_equal(dump(f), was);
    change(f, "after", CUSTOMER(2, "B"), NULL);
    sound(f);
}

/* A log that a large transaction made long is cut when it is over. */
static void test_long_log_is_cut(void **state)
{
    Fixture *f = *state;
    const char *wal = beside(f, "x.db-wal");
    struct stat s;
    MUST(f, store_begin(f->st, &f->err));
    sql(f, "INSERT INTO customer(note, stage, stage_at, created) WITH RECURSIVE"
           " n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40000)"
           " SELECT hex(zeroblob(1000)), 1, 0, 0 FROM n");
    assert_int_equal(stat(wal, &s), 0);
    assert_true(s.st_size > 32 << 20);                   /* it is being written already */
    MUST(f, store_commit(f->st, &f->err));
    assert_int_equal(stat(wal, &s), 0);
    assert_true(s.st_size == 0);
}

/* ---- whole file ------------------------------------------------------------------------------ */

static bool stop(void *ctx, int done, int total)
{
    (void)done, (void)total;
    ++*(int *)ctx;
    return false;
}

static void test_backup(void **state)
{
    Fixture *f = *state;
    const char *copy = beside(f, "copy.db"), *before = dump(f);
    int calls = 0;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    before = dump(f);
    MUST(f, store_backup(f->st, copy, false, NULL, NULL, &f->err));
    assert_false(store_backup(f->st, copy, false, NULL, NULL, &f->err));
    assert_int_equal(f->err.code, ERR_REFUSED);
    assert_false(store_backup(f->st, f->path, true, NULL, NULL, &f->err));
    assert_int_equal(f->err.code, ERR_REFUSED);
    assert_false(store_backup(f->st, copy, true, stop, &calls, &f->err));
    assert_int_equal(f->err.code, ERR_INTERRUPTED);
    assert_int_equal(calls, 1);
    assert_false(store_backup(f->st, beside(f, "no/x.db"), false, NULL, NULL, &f->err));
    assert_int_equal(f->err.code, ERR_IO);
    MUST(f, store_backup(f->st, copy, true, NULL, NULL, &f->err));
    assert_int_equal(access(beside(f, "copy.db-wal"), F_OK), -1);
    change(f, "more", CUSTOMER(2, "B"), NULL);
    Fixture other = *f;
    snprintf(other.path, sizeof other.path, "%s", copy);
    other.st = open_again(&other, 0);
    assert_string_equal(dump(&other), before);
    sound(&other);
    store_close(other.st);
    f->arena = other.arena;
}

static void test_check_sees(void **state)
{
    Fixture *f = *state;
    bool foreign;
    change(f, "add", CUSTOMER(1, "A"), "INSERT INTO person(id, customer, name) VALUES (1, 1, 'P')",
           NULL);
    sound(f);
    assert_int_equal(outside(f, "CREATE TABLE odd(a)"), 0);
    assert_string_equal(problems(f), "table odd is neither journalled (id, change) nor exempt\n");
    assert_int_equal(outside(f, "DROP TABLE odd; DELETE FROM customer"), 0);
    assert_non_null(strstr(problems(f), "person 1 refers to a customer that is not there"));
    MUST(f, journal_foreign_writes(f->st, &foreign, &f->err));
    assert_true(foreign);
}

static void test_foreign_insert(void **state)
{
    Fixture *f = *state;
    bool foreign;
    change(f, "add", CUSTOMER(1, "A"), NULL);
    assert_int_equal(outside(f, "INSERT INTO dnc(number, at) VALUES ('1', 0)"), 0);
    MUST(f, journal_foreign_writes(f->st, &foreign, &f->err));
    assert_true(foreign);
    assert_string_equal(problems(f), "");
}

static const Sql good[] = { { "SELECT name FROM customer WHERE id = ?1", SQL_HOT },
                            { "SELECT count(*) FROM customer", 0 } };
static const Sql unindexed[] = { { "SELECT id FROM customer WHERE note = ?1", SQL_HOT } };
static const Sql wrong[] = { { "SELECT nothing FROM customer", 0 } };

static void test_check_sql(void **state)
{
    Fixture *f = *state;
    MUST(f, store_check_sql(f->st, &(SqlTable){ "good", good, 2 }, &f->err));
    assert_false(store_check_sql(f->st, &(SqlTable){ "slow", unindexed, 1 }, &f->err));
    assert_non_null(strstr(f->err.msg, "reads a whole table"));
    assert_false(store_check_sql(f->st, &(SqlTable){ "wrong", wrong, 1 }, &f->err));
    assert_non_null(strstr(f->err.msg, "nothing"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, teardown)
        TEST(test_new_file), TEST(test_umask), TEST(test_settings), TEST(test_wrong_files),
        TEST(test_damaged_file), TEST(test_newer_file), TEST(test_readonly), TEST(test_memory),
        TEST(test_busy_names_the_holder), TEST(test_queries_nest), TEST(test_values),
        TEST(test_many_texts), TEST(test_user_sql), TEST(test_nesting),
        TEST(test_failed_statement_poisons), TEST(test_what_constraints_say), TEST(test_ids),
        TEST(test_feed), TEST(test_feed_fails), TEST(test_interrupt), TEST(test_no_room),
        TEST(test_long_log_is_cut), TEST(test_backup), TEST(test_check_sees),
        TEST(test_foreign_insert), TEST(test_check_sql),
    };
    return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}

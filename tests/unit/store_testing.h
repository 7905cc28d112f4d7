/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * store_testing.h -- what the tests of the store share: a database in a folder of its own, a fixed
 * clock, SQL as a user types it, and dumps to compare.
 */
#ifndef STORE_TESTING_H
#define STORE_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>
#undef fail                              /* ours is another */

#include "base/unicode.h"
#include "store/journal.h"

typedef struct Fixture {
    char dir[64], path[96];
    Clock clock;
    Store *st;
    Arena arena;
    Error err;
} Fixture;

static const char *const customer_columns[] = { "name", "org", NULL };
static const char *const person_columns[] = { "name", NULL };
static const SearchTable search_tables[] = { { "customer", customer_columns },
                                             { "person", person_columns } };

__attribute__((unused, noreturn)) static void die(const Error *err, const char *what)
{
    print_error("%s: %s\n%s\n%s\n", what, err->msg, err->detail, err->hint);
    _fail(__FILE__, __LINE__);
    abort();
}

#define MUST(f, call) do { if (!(call)) die(&(f)->err, #call); } while (0)

__attribute__((unused)) static Store *open_again(Fixture *f, unsigned flags)
{
    Store *st = NULL;
    MUST(f, store_open(f->path, flags, &f->clock, &st, &f->err));
    store_search_declare(st, search_tables, 2);
    return st;
}

__attribute__((unused)) static int setup(void **state)
{
    Fixture *f = xalloc(sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/patter-test-XXXXXX");
    if (!mkdtemp(f->dir))
        return -1;
    snprintf(f->path, sizeof f->path, "%s/x.db", f->dir);
    clock_set(&f->clock, 1800000000000);
    f->st = open_again(f, STORE_CREATE);
    *state = f;
    return 0;
}

__attribute__((unused)) static int teardown(void **state)
{
    Fixture *f = *state;
    char command[128];
    store_close(f->st);
    snprintf(command, sizeof command, "rm -r %s", f->dir);
    int rc = system(command);
    arena_release(&f->arena);
    free(f);
    return rc;
}

/* One statement as a user types it, in the open transaction. */
__attribute__((unused)) static bool try_sql(Fixture *f, const char *sql)
{
    Query *q = NULL;
    bool writes;
    if (!query_user(f->st, str(sql), &q, &writes, &f->err))
        return false;
    bool ok = query_run(q, &f->err);
    query_close(q);
    return ok;
}

__attribute__((unused)) static void sql(Fixture *f, const char *text)
{
    if (!try_sql(f, text))
        die(&f->err, text);
}

/* One transaction, one run of its own, of statements that end with NULL. */
__attribute__((unused, sentinel)) static ChangeCount change(Fixture *f, const char *title, ...)
{
    va_list ap;
    const char *text;
    journal_run_begin(f->st, "li", str(title));
    journal_describe(f->st, str(title));
    MUST(f, store_begin(f->st, &f->err));
    va_start(ap, title);
    while ((text = va_arg(ap, const char *)))
        sql(f, text);
    va_end(ap);
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
    return journal_count(f->st);
}

__attribute__((unused)) static int64_t number(Fixture *f, const char *text)
{
    Query *q = NULL;
    MUST(f, query_text(f->st, str(text), &q, &f->err));
    int n = query_next(q, &f->err);
    if (n < 0)
        die(&f->err, text);
    int64_t v = n ? query_col_int(q, 0) : -1;
    query_close(q);
    return v;
}

__attribute__((unused)) static const char *text_of(Fixture *f, const char *text)
{
    Query *q = NULL;
    MUST(f, query_text(f->st, str(text), &q, &f->err));
    int n = query_next(q, &f->err);
    if (n < 0)
        die(&f->err, text);
    const char *v = n && !query_col_is_null(q, 0) ? str_c(query_col_str(q, 0), &f->arena) : NULL;
    query_close(q);
    return v;
}

__attribute__((unused)) static const char *dump(Fixture *f)
{
    Buf b = { 0 };
    MUST(f, store_dump(f->st, &b, &f->err));
    const char *s = str_c(buf_as_str(&b), &f->arena);
    buf_release(&b);
    return s;
}

__attribute__((unused)) static void say_problem(void *ctx, Str problem)
{
    buf_str(ctx, problem);
    buf_char(ctx, '\n');
}

/* The problems that check finds, a line each; "" when there is none. */
__attribute__((unused)) static const char *problems(Fixture *f)
{
    Buf b = { 0 };
    int n;
    MUST(f, store_check(f->st, say_problem, &b, &n, &f->err));
    const char *s = b.s ? str_c(buf_as_str(&b), &f->arena) : "";
    buf_release(&b);
    return s;
}

/* Check is green, the chain holds, and nobody else wrote. */
__attribute__((unused)) static void sound(Fixture *f)
{
    int64_t entries;
    char head[65];
    bool foreign;
    assert_string_equal(problems(f), "");
    MUST(f, journal_verify(f->st, &entries, head, &f->err));
    MUST(f, journal_foreign_writes(f->st, &foreign, &f->err));
    assert_false(foreign);
}

__attribute__((unused)) static Undone undo(Fixture *f, int64_t run)
{
    Undone u;
    MUST(f, journal_undo(f->st, run, &f->arena, &u, &f->err));
    return u;
}

__attribute__((unused)) static Undone redo(Fixture *f)
{
    Undone u;
    MUST(f, journal_redo(f->st, &f->arena, &u, &f->err));
    return u;
}

/* Run the sqlite3 program on the file, as somebody without patter would. */
__attribute__((unused)) static int outside(Fixture *f, const char *sql_text)
{
    char command[1024];
    snprintf(command, sizeof command, "sqlite3 %s \"%s\"", f->path, sql_text);
    return system(command);
}

/* The search finds exactly these ids (space separated) among customers. */
__attribute__((unused)) static void finds(Fixture *f, const char *words, const char *ids)
{
    Query *q = NULL;
    Buf b = { 0 };
    SearchTerm *terms;
    int n = search_terms(text_fold(str(words), &f->arena), NULL, &f->arena, &terms);
    const char *e = search_expression(terms, n, &f->arena);
    assert_true(n > 0);
    MUST(f, query_text(f->st, STR("SELECT rowid FROM customer_search WHERE customer_search MATCH ?1"
                                  " ORDER BY rowid"), &q, &f->err));
    query_cstr(q, 1, e);
    while (query_next(q, &f->err) > 0)
        buf_printf(&b, "%s%lld", b.n ? " " : "", (long long)query_col_int(q, 0));
    query_close(q);
    assert_string_equal(b.s ? b.s : "", ids);
    buf_release(&b);
}

#define CUSTOMER(id, name) "INSERT INTO customer(id, name, stage, stage_at, created)" \
    " VALUES (" #id ", '" name "', 1, 0, 0)"

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Migrations to come, tried on files of today: PATTER_SQL names a folder that holds today's schema
 * and one file more.
 */
#include "store_testing.h"

#include "base/embed.h"

static void put_file(Fixture *f, const char *name, Str content)
{
    FILE *file = fopen(arena_printf(&f->arena, "%s/db/%s", f->dir, name), "w");
    assert_non_null(file);
    assert_int_equal(fwrite(content.s, 1, content.n, file), content.n);
    fclose(file);
}

/* The fixture's file, with content and a user's column, and the folder of a later program. */
static void later_program(Fixture *f, const char *migration)
{
    Str first;
    change(f, "add", CUSTOMER(1, "王芳"), CUSTOMER(2, "B"), NULL);
    journal_run_begin(f->st, "li", STR("field add"));
    MUST(f, store_begin(f->st, &f->err));
    MUST(f, journal_schema(f->st, SCHEMA_ADD_COLUMN, "customer", "u_wish",
                           STR("ALTER TABLE customer ADD COLUMN u_wish TEXT"), &f->err));
    sql(f, "UPDATE customer SET u_wish = '海' WHERE id = 1");
    MUST(f, store_commit(f->st, &f->err));
    journal_run_end(f->st);
    store_close(f->st);
    f->st = NULL;
    assert_int_equal(system(arena_printf(&f->arena, "mkdir %s/db", f->dir)), 0);
    MUST(f, embed_read("db/0001_core.sql", &f->arena, &first, &f->err));
    put_file(f, "0001_core.sql", first);
    put_file(f, "0002_more.sql", str(migration));
    setenv("PATTER_SQL", arena_printf(&f->arena, "%s/db", f->dir), 1);
}

static int restore(void **state)
{
    unsetenv("PATTER_SQL");
    return teardown(state);
}

static const char more[] =
    "-- a comment; with a semicolon\n"
    "CREATE TABLE vehicle (id INTEGER PRIMARY KEY, plate TEXT, change INTEGER NOT NULL DEFAULT 0)"
    " STRICT;\n"
    "ALTER TABLE customer ADD COLUMN score INTEGER NOT NULL DEFAULT 3;\n"
    "INSERT INTO vehicle(plate) VALUES ('x');\n"
    "UPDATE customer SET note = 'moved' WHERE id = 1;\n";

static void test_migrates(void **state)
{
    Fixture *f = *state;
    later_program(f, more);
    f->st = open_again(f, 0);
    assert_int_equal(store_schema_version(f->st), 2);
    assert_string_equal(text_of(f, "SELECT group_concat(id || coalesce(u_wish, '-') || score)"
                                   " FROM customer"), "1海3,2-3");
    assert_string_equal(text_of(f, "SELECT kind || ' ' || text || ' ' || rows FROM change"
                                   " ORDER BY id DESC LIMIT 1"), "migrate db/0002_more.sql 2");
    assert_int_equal(number(f, "SELECT change FROM vehicle"), 4);
    finds(f, "王芳", "1");
    sound(f);
    const char *before = dump(f);
    change(f, "set", "UPDATE customer SET score = 4, u_wish = 'y'", "DELETE FROM vehicle", NULL);
    undo(f, 0);
    assert_string_equal(dump(f), before);
    sound(f);
}

static void test_keeps_a_backup(void **state)
{
    Fixture *f = *state;
    later_program(f, more);
    f->st = open_again(f, 0);
    store_close(f->st);
    unsetenv("PATTER_SQL");
    Store *st = NULL;
    assert_false(store_open(f->path, 0, &f->clock, &st, &f->err));       /* today's program */
    assert_int_equal(f->err.code, ERR_DATABASE);
    snprintf(f->path, sizeof f->path, "%s/x.db.bak-0001", f->dir);
    f->st = open_again(f, 0);
    assert_int_equal(store_schema_version(f->st), 1);
    assert_int_equal(number(f, "SELECT count(*) FROM customer"), 2);
    sound(f);
}

/* A migration that fails leaves the file as it was. */
static void test_all_or_nothing(void **state)
{
    Fixture *f = *state;
    Store *st = NULL;
    later_program(f, "CREATE TABLE vehicle (id INTEGER PRIMARY KEY, change INTEGER NOT NULL DEFAULT"
                     " 0) STRICT;\nINSERT INTO nowhere VALUES (1);\n");
    assert_false(store_open(f->path, 0, &f->clock, &st, &f->err));
    assert_non_null(strstr(f->err.msg, "nowhere"));
    unsetenv("PATTER_SQL");
    f->st = open_again(f, 0);
    assert_int_equal(number(f, "SELECT count(*) FROM sqlite_schema WHERE name = 'vehicle'"), 0);
    sound(f);
}

/* A file that cannot be written is not migrated, and says so. */
static void test_readonly(void **state)
{
    Fixture *f = *state;
    Store *st = NULL;
    later_program(f, more);
    assert_false(store_open(f->path, STORE_READONLY, &f->clock, &st, &f->err));
    assert_int_equal(f->err.code, ERR_DATABASE);
    assert_non_null(strstr(f->err.msg, "older schema"));
    unsetenv("PATTER_SQL");
    f->st = open_again(f, 0);
    sound(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(t) cmocka_unit_test_setup_teardown(t, setup, restore)
        TEST(test_migrates), TEST(test_keeps_a_backup), TEST(test_all_or_nothing),
        TEST(test_readonly),
    };
    return cmocka_run_group_tests_name("store_migrate", tests, NULL, NULL);
}

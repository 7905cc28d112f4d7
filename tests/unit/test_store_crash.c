/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * kill -9 at many moments: the file opens, the check is green, and a transaction is there whole or
 * not at all.
 */
#include "store_testing.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

enum { ROUNDS = 10 };

static int64_t size_of(const char *path)
{
    struct stat s;
    return stat(path, &s) == 0 ? s.st_size : 0;
}

/* One transaction without end. */
static void write_for_ever(const char *path)
{
    Fixture f = { .clock = { .fixed = true, .ms = 1 } };
    snprintf(f.path, sizeof f.path, "%s", path);
    f.st = open_again(&f, 0);
    MUST(&f, store_begin(f.st, &f.err));
    for (;;)
        sql(&f, "INSERT INTO customer(name, note, stage, stage_at, created)"
                " WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)"
                " SELECT '王' || i, hex(randomblob(500)), 1, 0, 0 FROM n");
}

/* Transactions of one customer and two contacts each, updates and undos between them. */
static void write_small(const char *path)
{
    Fixture f = { .clock = { .fixed = true, .ms = 1 } };
    snprintf(f.path, sizeof f.path, "%s", path);
    f.st = open_again(&f, 0);
    for (int i = 0;; i++) {
        change(&f, "add", "INSERT INTO customer(name, stage, stage_at, created)"
               " VALUES ('王芳', 1, 0, 0)", "INSERT INTO contact(customer, kind, value, position)"
               " SELECT max(id), 'phone', 'a', 1 FROM customer UNION ALL"
               " SELECT max(id), 'phone', 'b', 2 FROM customer", NULL);
        change(&f, "set", "UPDATE customer SET name = name || 'x' WHERE id % 3 = 0", NULL);
        if (i % 4 == 3)
            undo(&f, 0);
        arena_release(&f.arena);
    }
}

static pid_t start(Fixture *f, void (*work)(const char *))
{
    pid_t child = fork();
    if (child == 0) {
        work(f->path);
        _exit(1);
    }
    return child;
}

static void end(pid_t child)
{
    int status;
    kill(child, SIGKILL);
    waitpid(child, &status, 0);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

/* The log grew while we looked, so the transaction was being written. */
static void test_inside_a_transaction(void **state)
{
    Fixture *f = *state;
    const char *wal = arena_printf(&f->arena, "%s-wal", f->path), *before = dump(f);
    store_close(f->st);
    for (int round = 0; round < ROUNDS; round++) {
        pid_t child = start(f, write_for_ever);
        int64_t seen = 0, least = (int64_t)(round + 1) << 20;
        for (int grown = 0; grown < 2;) {
            usleep(500);
            int64_t now = size_of(wal);
            grown += now > seen && now > least;
            seen = now;
        }
        end(child);
        f->st = open_again(f, 0);
        assert_string_equal(dump(f), before);
        sound(f);
        store_close(f->st);
    }
    f->st = open_again(f, 0);
}

static void test_between_transactions(void **state)
{
    Fixture *f = *state;
    unsigned seed = 11;
    store_close(f->st);
    int64_t changes = 0;
    for (int round = 0; round < ROUNDS; round++) {
        pid_t child = start(f, write_small);
        usleep(20000 + (useconds_t)(rand_r(&seed) % 60000));
        end(child);
        f->st = open_again(f, 0);
        assert_int_equal(number(f, "SELECT count(*) FROM contact"),
                         2 * number(f, "SELECT count(*) FROM customer"));
        changes = number(f, "SELECT count(*) FROM change");
        sound(f);
        store_close(f->st);
    }
    f->st = open_again(f, 0);
    assert_true(changes > 2 * ROUNDS);                   /* it did work meanwhile */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_inside_a_transaction, setup, teardown),
        cmocka_unit_test_setup_teardown(test_between_transactions, setup, teardown),
    };
    return cmocka_run_group_tests_name("store_crash", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Runs every script of tests/lua, each in a session and database of its own. A script fails by an
 * error.  Usage: test_lua [NAME ...] (names without .lua).
 */
#include <dirent.h>
#include <stdio.h>

#include "script_session.h"

static void run_script(void **state)
{
    TestSession t;
    Error err = { 0 };
    test_open(&t);
    bool ok = script_run_file(&t.s, *state, NULL, 0, &err);
    if (!ok)
        print_error("%s: %s\n%s\n", err_name(err.code), err.msg, err.detail);
    assert_int_equal(store_depth(t.s.crm->store), 0);
    test_close(&t);
    assert_true(ok);
}

static int is_test(const struct dirent *d)
{
    size_t n = strlen(d->d_name);
    return n > 4 && strcmp(d->d_name + n - 4, ".lua") == 0 && strcmp(d->d_name, "check.lua") != 0;
}

static bool is_wanted(const char *name, char **argv, int argc)
{
    for (int i = 1; i < argc; i++)
        if (strncmp(name, argv[i], strlen(argv[i])) == 0)
            return true;
    return argc < 2;
}

int main(int argc, char **argv)
{
    struct dirent **files;
    struct CMUnitTest tests[100];
    Arena a = { 0 };
    int count = 0, n = scandir("tests/lua", &files, is_test, alphasort);
    for (int i = 0; i < n && count < 100; i++) {
        if (is_wanted(files[i]->d_name, argv, argc))
            tests[count++] = (struct CMUnitTest){ .name = arena_strdup(&a, files[i]->d_name),
                .test_func = run_script,
                .initial_state = arena_printf(&a, "tests/lua/%s", files[i]->d_name) };
        free(files[i]);
    }
    if (n < 1 || count < 1) {
        print_error("no scripts in tests/lua; run this in the project's folder\n");
        return 1;
    }
    free(files);
    int failed = _cmocka_run_group_tests("lua", tests, (size_t)count, NULL, NULL);
    arena_release(&a);
    return failed;
}

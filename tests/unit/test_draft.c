/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Files that get their names when they are whole: few or many at once, new or in place of others.
 */
#include "base/draft.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

enum { MANY = 300 };                   /* more than are held open without a name */

static int files(void)
{
    int n = 0;
    DIR *d = opendir(".");
    for (struct dirent *e; (e = readdir(d));)
        n += e->d_name[0] != '.';
    closedir(d);
    return n;
}

static void put(Draft *d, const char *path, const char *text, Arena *a)
{
    int fd = draft_open(d, path, a);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), strlen(text));
    close(fd);
}

static void check_file(const char *path, const char *text)
{
    char got[64] = "";
    struct stat st;
    FILE *f = fopen(path, "r");
    assert_non_null(f);
    assert_non_null(fgets(got, sizeof got, f));
    assert_int_equal(fstat(fileno(f), &st), 0);
    fclose(f);
    assert_string_equal(got, text);
    assert_int_equal(st.st_mode & 0777, 0600);
}

static void names_what_is_whole(void **state)
{
    (void)state;
    Arena a = { 0 };
    Draft d, e;
    put(&d, "one", "first", &a);
    assert_int_equal(files(), 0);
    assert_true(draft_keep(&d, "one", &a));
    check_file("one", "first");
    put(&d, "./one", "second", &a);
    put(&e, "one", "third", &a);
    assert_int_equal(files(), 1);
    check_file("one", "first");
    assert_true(draft_keep(&d, "./one", &a));
    check_file("one", "second");
    draft_drop(&e);
    draft_drop(&e);
    check_file("one", "second");
    assert_int_equal(files(), 1);
    assert_int_equal(draft_open(&d, "absent/one", &a), -1);
    draft_drop(&d);
    unlink("one");
    arena_release(&a);
}

static void takes_many_at_once(void **state)
{
    (void)state;
    Arena a = { 0 };
    Draft d[MANY];
    for (int i = 0; i < MANY; i++)
        put(&d[i], arena_printf(&a, "part-%d", i), "x", &a);
    assert_int_not_equal(files(), 0);
    assert_true(files() < MANY);
    for (int i = 0; i < MANY; i++)
        if (i % 2)
            draft_drop(&d[i]);
        else
            assert_true(draft_keep(&d[i], arena_printf(&a, "part-%d", i), &a));
    assert_int_equal(files(), MANY / 2);
    check_file("part-298", "x");
    for (int i = 0; i < MANY; i += 2)
        unlink(arena_printf(&a, "part-%d", i));
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_is_whole), cmocka_unit_test(takes_many_at_once),
    };
    char folder[] = "/tmp/patter-draft.XXXXXX";
    if (!mkdtemp(folder) || chdir(folder) != 0)
        return 1;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    rmdir(folder);
    return failed;
}

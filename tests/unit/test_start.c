/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * What starting the program costs, counted in system calls: the same on a busy machine as on an
 * idle one.  A start with nothing to do must not read the schema, and the first command must not
 * ask for more than it needs.  What loading a program costs is taken off: it differs with libraries
 * and sanitizers.
 */
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum {
    MOST_EMPTY = 50,             /* open the database and close it: 43 when this was written */
    MOST_SHOW = 175,             /* types, settings, one record: 157 */
    MOST_LOAD = 40,              /* the program itself, without sanitizers: 29 */
};

static const char *program(void)
{
    const char *path = getenv("PATTER");
    return path ? path : "build/patter";
}

static void become(char *const argv[])
{
    setenv("ASAN_OPTIONS", "detect_leaks=0", 1);        /* the leak checker cannot be traced */
    if (!freopen("/dev/null", "w", stdout))
        _exit(126);
    ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    raise(SIGSTOP);
    execv(argv[0], argv);
    _exit(127);
}

/* Whether it goes into a system call, and one that is not about memory: how much of that is asked
 * for is up to the allocator, and to the sanitizers. */
static bool is_call(pid_t pid)
{
    struct __ptrace_syscall_info info = { 0 };
    ptrace(PTRACE_GET_SYSCALL_INFO, pid, (void *)sizeof info, &info);
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY)
        return false;
    switch (info.entry.nr) {
    case SYS_brk: case SYS_mmap: case SYS_munmap: case SYS_mprotect: case SYS_madvise:
        return false;
    default:
        return true;
    }
}

/* System calls of the program run with these arguments, which must succeed. */
static int calls(const char *a, const char *b, const char *c)
{
    char *argv[] = { (char *)program(), (char *)a, (char *)b, (char *)c, NULL };
    int status, n = 0;
    pid_t pid = fork();
    if (pid == 0)
        become(argv);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSTOPPED(status));
    ptrace(PTRACE_SETOPTIONS, pid, NULL, (void *)(long)PTRACE_O_TRACESYSGOOD);
    for (int pass = 0;;) {
        ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)pass);
        assert_int_equal(waitpid(pid, &status, 0), pid);
        if (WIFEXITED(status))
            break;
        int sig = WIFSTOPPED(status) ? WSTOPSIG(status) : SIGKILL;
        assert_int_not_equal(sig, SIGKILL);
        n += sig == (SIGTRAP | 0x80) && is_call(pid);
        pass = sig == (SIGTRAP | 0x80) || sig == SIGTRAP ? 0 : sig;
    }
    assert_int_equal(WEXITSTATUS(status), 0);
    return n;
}

static char folder[] = "/tmp/patter-start-XXXXXX", file[64];

static int make_database(void **state)
{
    (void)state;
    char line[256];
    if (!mkdtemp(folder))
        return -1;
    snprintf(file, sizeof file, "%s/a.db", folder);
    snprintf(line, sizeof line, "'%s' %s customer add name=A >%s/out 2>&1", program(), file,
             folder);
    return system(line);
}

static int remove_database(void **state)
{
    (void)state;
    char line[128];
    snprintf(line, sizeof line, "rm -r %s", folder);
    return system(line);
}

static void at_most(const char *what, int found, int most)
{
    if (found > most)
        fail_msg("%s: %d system calls, at most %d", what, found, most);
}

static void test_load(void **state)
{
    (void)state;
#ifndef __SANITIZE_ADDRESS__
    at_most("the program", calls("--version", NULL, NULL), MOST_LOAD);
#endif
}

static void test_empty_start(void **state)
{
    (void)state;
    int load = calls("--version", NULL, NULL);
    at_most("an empty start", calls(file, "-c", "") - load, MOST_EMPTY);
}

static void test_first_command(void **state)
{
    (void)state;
    int load = calls("--version", NULL, NULL);
    at_most("customer show", calls(file, "-c", "customer show 1") - load, MOST_SHOW);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_load), cmocka_unit_test(test_empty_start),
        cmocka_unit_test(test_first_command),
    };
    return cmocka_run_group_tests_name("start", tests, make_database, remove_database);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * spawn.c -- other programs: a pager, `!cmd`, `| cmd`, an editor.
 *
 * The child gets the terminal and default signals; we stay in its group, so ^C and ^Z reach it as
 * they would without us.
 */
#include "shell/shell.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shell/signals.h"

extern char **environ;

typedef struct Child { bool over; int status; } Child;

static void child_over(void *ctx, pid_t pid, int status)
{
    (void)pid;
    *(Child *)ctx = (Child){ true, status };
}

static int start(const char *command, int in, pid_t *pid)
{
    static const int ours[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP, SIGWINCH };
    char *argv[] = { "sh", "-c", (char *)command, NULL };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        sigaddset(&usual, ours[i]);
    posix_spawn_file_actions_init(&files);
    if (in >= 0)
        posix_spawn_file_actions_adddup2(&files, in, 0);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &usual);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
    int rc = posix_spawn(pid, "/bin/sh", &files, &attr, argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

bool spawn_wait(Shell *sh, const char *command, int in, int *status, Error *err)
{
    Child child = { 0 };
    pid_t pid;
    fflush(NULL);
    int rc = start(command, in, &pid);
    if (rc != 0)
        return fail(err, ERR_FAILED, "sh could not be started: %s", strerror(rc));
    Watch *w = loop_child(sh->loop, pid, child_over, &child);
    bool ok = true;
    while (w && ok && !child.over)
        ok = loop_turn(sh->loop, -1, err);
    if (!child.over) {                         /* no descriptor left to wait by */
        loop_unwatch(sh->loop, w);
        while (waitpid(pid, &child.status, 0) < 0 && errno == EINTR)
            ;
    }
    signals_clear();                          /* what was typed meanwhile was meant for the child */
    *status = child.status;
    return true;
}

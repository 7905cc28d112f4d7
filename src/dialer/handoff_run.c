/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * handoff_run.c -- the driver command with real programs, in the event loop.
 *
 * A program gets a process group of its own, so that ^C at the prompt is not for it, no terminal,
 * and the signals as they are usual.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "dialer/handoff.h"

extern char **environ;

typedef struct HandoffRun {
    Driver *driver;
    Loop *loop;
    Timer *timer;
    int64_t due;              /* of the timer */
    Watch *watch;             /* of the program that runs; or NULL */
    pid_t pid;
} HandoffRun;

static void tick(void *ctx, int64_t now);

static void arm(void *self)
{
    HandoffRun *k = self;
    int64_t at = handoff_wake(k->driver);
    if (k->timer && k->due == at)
        return;
    if (k->timer)
        loop_cancel(k->loop, k->timer);
    k->due = at;
    k->timer = at == NEVER ? NULL : loop_timer(k->loop, at, tick, k);
}

static void tick(void *ctx, int64_t now)
{
    HandoffRun *k = ctx;
    k->timer = NULL;
    handoff_tick(k->driver, now);
    arm(k);
}

/* ---- programs -------------------------------------------------------------------------------- */

static int spawn(char *const *argv, pid_t *pid)
{
    static const int usual_ones[] = { SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGTSTP,
                                      SIGWINCH, SIGCHLD };
    posix_spawn_file_actions_t files;
    posix_spawnattr_t attr;
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (size_t i = 0; i < sizeof usual_ones / sizeof *usual_ones; i++)
        sigaddset(&usual, usual_ones[i]);
    posix_spawn_file_actions_init(&files);
    for (int fd = 0; fd < 3; fd++)
        posix_spawn_file_actions_addopen(&files, fd, "/dev/null", fd ? O_WRONLY : O_RDONLY, 0);
    posix_spawnattr_init(&attr);
    posix_spawnattr_setsigmask(&attr, &none);
    posix_spawnattr_setsigdefault(&attr, &usual);
    posix_spawnattr_setpgroup(&attr, 0);
    posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
                                        | POSIX_SPAWN_SETPGROUP);
    int rc = posix_spawnp(pid, argv[0], &files, &attr, argv, environ);
    posix_spawnattr_destroy(&attr);
    posix_spawn_file_actions_destroy(&files);
    return rc;
}

static void ended(void *ctx, pid_t pid, int status)
{
    HandoffRun *k = ctx;
    if (pid == k->pid)
        k->watch = NULL;
    handoff_ended(k->driver, pid, status, loop_now(k->loop));
    arm(k);
}

static bool run_start(void *self, char *const *argv, int64_t *run, Error *err)
{
    HandoffRun *k = self;
    pid_t pid;
    int rc = spawn(argv, &pid);
    if (rc)
        return fail(err, ERR_FAILED, "%s could not be started: %s", argv[0], strerror(rc));
    k->pid = pid;
    k->watch = loop_child(k->loop, pid, ended, k);
    *run = pid;
    if (k->watch)
        return true;
    kill(-pid, SIGTERM);
    return fail(err, ERR_FAILED, "%s could not be watched: %s", argv[0], strerror(errno));
}

static void run_stop(void *self, int64_t run)
{
    (void)self;
    kill(-(pid_t)run, SIGTERM);
}

static void run_free(void *self)
{
    HandoffRun *k = self;
    if (k->timer)
        loop_cancel(k->loop, k->timer);
    if (k->watch)
        loop_unwatch(k->loop, k->watch);
    free(k);
}

Driver *handoff_dial(const SwitchConfig *c, const DriverHost *host, Error *err)
{
    if (!host->loop) {
        fail(err, ERR_REFUSED, "switch %s is a real one: no clock can be turned there", c->name);
        return NULL;
    }
    Driver *d = handoff_open(c, host, loop_now(host->loop), err);
    if (!d)
        return NULL;
    HandoffRun *k = xalloc(sizeof *k);
    *k = (HandoffRun){ .driver = d, .loop = host->loop };
    handoff_set_carrier(d, (HandoffCarrier){ k, run_start, run_stop, arm, run_free });
    arm(k);
    return d;
}

/* ---- a look at it ---------------------------------------------------------------------------- */

static bool found_at(const char *folder, size_t n, const char *program, Buf *at)
{
    buf_reset(at);
    buf_printf(at, "%.*s/%s", (int)n, folder, program);
    return access(at->s, X_OK) == 0;
}

/* As execvp() looks for it. */
static bool find_program(const char *program, Buf *at)
{
    const char *path = getenv("PATH");
    if (strchr(program, '/')) {
        buf_cstr(at, program);
        return access(program, X_OK) == 0;
    }
    for (const char *p = path ? path : "/bin:/usr/bin"; *p;) {
        size_t n = strcspn(p, ":");
        if (n && found_at(p, n, program, at))
            return true;
        p += n + (p[n] == ':');
    }
    return false;
}

bool handoff_probe(const SwitchConfig *c, const ProbeHost *host, Error *err)
{
    Arena a = { 0 };
    Buf line = { 0 }, at = { 0 };
    Error wrong = { 0 };
    char **argv;
    bool ok = handoff_words(c, "+15550100", &a, &argv, &wrong);
    for (int i = 0; ok && argv[i]; i++)
        buf_printf(&line, "%s%s", i ? " " : "", argv[i]);
    host->say(host->self, "command", ok ? PROBE_OK : PROBE_WRONG, ok ? line.s : wrong.msg,
              ok ? "" : wrong.hint);
    if (ok) {
        ok = find_program(argv[0], &at);
        host->say(host->self, "program", ok ? PROBE_OK : PROBE_WRONG,
                  ok ? at.s : "it is not there, or may not be run",
                  ok ? "" : "install it, or name another one: switch set NAME command=...");
    }
    buf_release(&line);
    buf_release(&at);
    arena_release(&a);
    return ok || fail(err, ERR_FAILED, "switch %s would carry no calls", c->name);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/signals.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "script/script.h"

/* Written by handlers. */
static volatile sig_atomic_t interrupted, ending;
static volatile int64_t interrupted_at;                /* ms of the monotonic clock */
static Session *volatile running;
static volatile bool at_prompt;
static int wake = -1;

/* A second ^C within TWICE_MS ends a batch at once. One that comes with the first is the first told
 * twice: to a process and to its group, as timeout(1) does. */
enum { SAME_PRESS_MS = 100, TWICE_MS = 2000 };

static void stop_session(void)
{
    Session *s = running;
    if (!s)
        return;
    if (s->crm)
        store_interrupt(s->crm->store);
    if (s->script)
        script_interrupt(s->script);
}

static void handle(int signo)
{
    int saved = errno;
    uint64_t one = 1;
    if (signo == SIGINT) {
        struct timespec clock;
        clock_gettime(CLOCK_MONOTONIC, &clock);
        int64_t now = clock.tv_sec * 1000 + clock.tv_nsec / 1000000;
        int64_t since = now - interrupted_at;
        if (!at_prompt && interrupted && since >= SAME_PRESS_MS && since <= TWICE_MS) {
            signal(SIGINT, SIG_DFL);
            raise(SIGINT);
        }
        interrupted = 1;
        interrupted_at = now;
    } else {
        ending = signo;
    }
    stop_session();
    ssize_t n = wake >= 0 ? write(wake, &one, sizeof one) : 0;
    (void)n;                                   /* a full counter wakes as well */
    errno = saved;
}

bool signals_open(Session *s, bool prompt, Error *err)
{
    struct sigaction a = { .sa_handler = handle }, before;
    wake = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake < 0)
        return fail(err, ERR_FAILED, "signals cannot be waited for: %s", strerror(errno));
    running = s;
    at_prompt = prompt;
    sigemptyset(&a.sa_mask);
    sigaction(SIGINT, NULL, &before);
    if (prompt || before.sa_handler != SIG_IGN)        /* a job in the background keeps its peace */
        sigaction(SIGINT, &a, NULL);
    if (prompt) {
        sigaction(SIGTERM, &a, NULL);
        sigaction(SIGHUP, &a, NULL);
        signal(SIGPIPE, SIG_IGN);
    }
    return true;
}

void signals_close(void)
{
    running = NULL;
    if (wake >= 0)
        close(wake);
    wake = -1;
}

bool signals_interrupted(void)
{
    return interrupted;
}

void signals_clear(void)
{
    interrupted = 0;
}

int signals_ending(void)
{
    return ending;
}

int signals_fd(void)
{
    return wake;
}

void signals_drain(void)
{
    uint64_t n;
    while (read(wake, &n, sizeof n) > 0)
        ;
}

void signals_die(int signo)
{
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signo);
    signal(signo, SIG_DFL);
    raise(signo);
    sigprocmask(SIG_UNBLOCK, &one, NULL);
    _exit(128 + signo);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loop.c -- one epoll descriptor holds everything: watched descriptors, a timerfd for the nearest
 * timer, a signalfd and one pidfd a child.
 *
 * Timers are a binary heap by (time, order of making).  What a callback removes is only marked and
 * freed after the turn, so that no event of the same turn can reach freed memory.
 */
#include "base/loop.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"

enum { EVENTS = 32, MAX_SIGNAL = 65 };

typedef enum WatchKind {
    WATCH_FD, WATCH_CHILD, WATCH_SIGNAL, WATCH_TIMERS, WATCH_SIGNALFD
} WatchKind;

struct Watch {
    Watch *next;
    WatchKind kind;
    bool removed;
    int fd;                            /* own pidfd for a child; -1 for a signal */
    int signo;
    pid_t pid;
    void (*on_fd)(void *ctx, int fd, bool readable, bool writable);
    void (*on_child)(void *ctx, pid_t pid, int status);
    void (*on_signal)(void *ctx, int signo);
    void *ctx;
};

struct Timer {
    int64_t at;                        /* ms */
    uint64_t order;
    int place;                         /* in the heap */
    void (*fn)(void *ctx, int64_t now);
    void *ctx;
};

struct Loop {
    const Clock *clock;
    int epoll, timerfd, signalfd;
    sigset_t signals, before;          /* read by signalfd; the mask as it was found */
    Watch *watches;
    Watch timers, signal_source;       /* the loop's own */
    Timer **heap;
    int n, size;
    uint64_t made;
    int64_t now;
    int depth;                         /* turns inside turns: a callback may wait, too */
    bool swept;                        /* false: removed watches wait to be freed */
};

static bool add_fd(Loop *l, int fd, uint32_t events, Watch *w)
{
    struct epoll_event e = { .events = events, .data.ptr = w };
    return epoll_ctl(l->epoll, EPOLL_CTL_ADD, fd, &e) == 0;
}

Loop *loop_new(const Clock *clock, Error *err)
{
    Loop *l = xalloc(sizeof *l);
    l->clock = clock;
    sigemptyset(&l->signals);
    sigprocmask(SIG_BLOCK, NULL, &l->before);
    l->epoll = epoll_create1(EPOLL_CLOEXEC);
    l->timerfd = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    l->signalfd = signalfd(-1, &l->signals, SFD_NONBLOCK | SFD_CLOEXEC);
    l->timers.kind = WATCH_TIMERS;
    l->signal_source.kind = WATCH_SIGNALFD;
    l->swept = true;
    l->now = clock_now(clock);
    if (l->epoll < 0 || l->timerfd < 0 || l->signalfd < 0
        || !add_fd(l, l->timerfd, EPOLLIN, &l->timers)
        || !add_fd(l, l->signalfd, EPOLLIN, &l->signal_source)) {
        fail(err, ERR_FAILED, "the event loop could not be set up: %s", strerror(errno));
        loop_free(l);
        return NULL;
    }
    return l;
}

static void close_fd(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void watch_free(Watch *w)
{
    if (w->kind == WATCH_CHILD)
        close_fd(w->fd);
    free(w);
}

void loop_free(Loop *l)
{
    if (!l)
        return;
    for (Watch *w = l->watches, *next; w; w = next) {
        next = w->next;
        watch_free(w);
    }
    for (int i = 0; i < l->n; i++)
        free(l->heap[i]);
    free(l->heap);
    close_fd(l->epoll);
    close_fd(l->timerfd);
    close_fd(l->signalfd);
    sigprocmask(SIG_SETMASK, &l->before, NULL);
    free(l);
}

int64_t loop_now(const Loop *l)
{
    return l->now;
}

/* ---- watches ------------------------------------------------------------------------------ */

static Watch *watch_new(Loop *l, WatchKind kind, int fd, void *ctx)
{
    Watch *w = xalloc(sizeof *w);
    w->kind = kind;
    w->fd = fd;
    w->ctx = ctx;
    w->next = l->watches;
    l->watches = w;
    return w;
}

Watch *loop_watch(Loop *l, int fd, bool write,
                  void (*fn)(void *ctx, int fd, bool readable, bool writable), void *ctx)
{
    Watch *w = watch_new(l, WATCH_FD, fd, ctx);
    w->on_fd = fn;
    if (!add_fd(l, fd, write ? EPOLLIN | EPOLLOUT : EPOLLIN, w)) {
        loop_unwatch(l, w);
        return NULL;
    }
    return w;
}

Watch *loop_child(Loop *l, pid_t pid, void (*fn)(void *ctx, pid_t pid, int status), void *ctx)
{
    int fd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (fd < 0)
        return NULL;
    Watch *w = watch_new(l, WATCH_CHILD, fd, ctx);
    w->pid = pid;
    w->on_child = fn;
    if (!add_fd(l, fd, EPOLLIN, w)) {
        loop_unwatch(l, w);
        return NULL;
    }
    return w;
}

Watch *loop_signal(Loop *l, int signo, void (*fn)(void *ctx, int signo), void *ctx)
{
    Watch *w = watch_new(l, WATCH_SIGNAL, -1, ctx);
    w->signo = signo;
    w->on_signal = fn;
    sigaddset(&l->signals, signo);
    sigprocmask(SIG_BLOCK, &l->signals, NULL);
    signalfd(l->signalfd, &l->signals, 0);
    return w;
}

/* Stop taking a signal that nobody watches any more. */
static void drop_signal(Loop *l, int signo)
{
    for (Watch *w = l->watches; w; w = w->next)
        if (w->kind == WATCH_SIGNAL && w->signo == signo && !w->removed)
            return;
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, signo);
    sigdelset(&l->signals, signo);
    signalfd(l->signalfd, &l->signals, 0);
    if (!sigismember(&l->before, signo))
        sigprocmask(SIG_UNBLOCK, &one, NULL);
}

void loop_unwatch(Loop *l, Watch *w)
{
    if (!w || w->removed)
        return;
    w->removed = true;
    l->swept = false;
    if (w->kind == WATCH_SIGNAL)
        drop_signal(l, w->signo);
    else
        epoll_ctl(l->epoll, EPOLL_CTL_DEL, w->fd, NULL);
}

static void sweep(Loop *l)
{
    for (Watch **p = &l->watches; !l->swept && *p;) {
        Watch *w = *p;
        if (w->removed) {
            *p = w->next;
            watch_free(w);
        } else {
            p = &w->next;
        }
    }
    l->swept = true;
}

/* ---- timers ------------------------------------------------------------------------------- */

static bool sooner(const Timer *a, const Timer *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

static void put_at(Loop *l, int place, Timer *t)
{
    l->heap[place] = t;
    t->place = place;
}

static void settle(Loop *l, int place, Timer *t)
{
    while (place > 0 && sooner(t, l->heap[(place - 1) / 2])) {
        put_at(l, place, l->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    for (;;) {
        int child = 2 * place + 1;
        if (child + 1 < l->n && sooner(l->heap[child + 1], l->heap[child]))
            child++;
        if (child >= l->n || !sooner(l->heap[child], t))
            break;
        put_at(l, place, l->heap[child]);
        place = child;
    }
    put_at(l, place, t);
}

Timer *loop_timer(Loop *l, int64_t at_ms, void (*fn)(void *ctx, int64_t now), void *ctx)
{
    Timer *t = xalloc(sizeof *t);
    *t = (Timer){ .at = at_ms, .order = l->made++, .fn = fn, .ctx = ctx };
    if (l->n == l->size) {
        l->size = l->size ? 2 * l->size : 16;
        l->heap = xresize(l->heap, (size_t)l->size * sizeof *l->heap);
    }
    l->n++;
    settle(l, l->n - 1, t);
    return t;
}

static void heap_remove(Loop *l, Timer *t)
{
    Timer *last = l->heap[--l->n];
    if (last != t)
        settle(l, t->place, last);
}

void loop_cancel(Loop *l, Timer *t)
{
    heap_remove(l, t);
    free(t);
}

/* Timers that were made by callbacks of this turn wait for the next, even when due: a timer that
 * sets itself again cannot starve the descriptors. */
static void fire_timers(Loop *l)
{
    uint64_t made = l->made;
    while (l->n > 0 && l->heap[0]->at <= l->now && l->heap[0]->order < made) {
        Timer t = *l->heap[0];
        loop_cancel(l, l->heap[0]);
        t.fn(t.ctx, l->now);
    }
}

/* A clock that stands still has no due time to wait for: whoever turns it calls loop_turn. */
static void arm(Loop *l)
{
    struct itimerspec when = { 0 };
    if (l->n > 0 && (!l->clock->fixed || l->heap[0]->at <= l->now)) {
        int64_t wait = l->heap[0]->at - clock_now(l->clock);
        wait = wait < 0 ? 0 : wait;
        when.it_value.tv_sec = (time_t)(wait / 1000);
        when.it_value.tv_nsec = wait ? (long)(wait % 1000) * 1000000 : 1;
    }
    timerfd_settime(l->timerfd, 0, &when, NULL);
}

/* ---- a turn ------------------------------------------------------------------------------- */

static void read_signals(Loop *l)
{
    struct signalfd_siginfo info;
    while (read(l->signalfd, &info, sizeof info) == (ssize_t)sizeof info)
        for (Watch *w = l->watches; w; w = w->next)
            if (w->kind == WATCH_SIGNAL && !w->removed && w->signo == (int)info.ssi_signo)
                w->on_signal(w->ctx, w->signo);
}

static void child_ended(Loop *l, Watch *w)
{
    int status = 0;
    if (waitpid(w->pid, &status, WNOHANG) == 0)
        return;
    loop_unwatch(l, w);
    w->on_child(w->ctx, w->pid, status);
}

static void dispatch(Loop *l, Watch *w, uint32_t events)
{
    uint64_t ticks;
    if (w->removed)
        return;
    switch (w->kind) {
    case WATCH_FD:
        w->on_fd(w->ctx, w->fd, (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0,
                 (events & (EPOLLOUT | EPOLLERR)) != 0);
        break;
    case WATCH_CHILD:
        child_ended(l, w);
        break;
    case WATCH_TIMERS:
        while (read(l->timerfd, &ticks, sizeof ticks) > 0)
            ;
        break;
    case WATCH_SIGNALFD:
        read_signals(l);
        break;
    case WATCH_SIGNAL:
        break;                         /* reached through the signalfd */
    }
}

bool loop_turn(Loop *l, int wait_ms, Error *err)
{
    struct epoll_event events[EVENTS];
    l->now = clock_now(l->clock);
    arm(l);
    int n = epoll_wait(l->epoll, events, EVENTS, wait_ms);
    if (n < 0 && errno != EINTR)
        return fail(err, ERR_FAILED, "waiting for events failed: %s", strerror(errno));
    l->now = clock_now(l->clock);
    l->depth++;
    for (int i = 0; i < n; i++)
        dispatch(l, events[i].data.ptr, events[i].events);
    fire_timers(l);
    if (--l->depth == 0)               /* an outer turn may still hold events of a removed watch */
        sweep(l);
    return true;
}

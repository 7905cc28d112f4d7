/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lookup.c -- the thread and the loop share a Question; whoever is last frees it, so that a lookup
 * can be given up while the resolver still waits for a name server.
 */
#include "base/lookup.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/arena.h"

typedef struct Question {
    atomic_int holders;
    int ready;                /* eventfd: the answer is there */
    char *host, port[12];
    struct addrinfo *found;
    int error;
} Question;

struct Lookup {
    Loop *loop;
    Watch *watch;
    Question *q;
    void (*fn)(void *ctx, struct addrinfo *found, const char *why);
    void *ctx;
};

static void let_go(Question *q)
{
    if (atomic_fetch_sub(&q->holders, 1) > 1)
        return;
    if (q->found)
        freeaddrinfo(q->found);
    close(q->ready);
    free(q->host);
    free(q);
}

static void *ask(void *ctx)
{
    Question *q = ctx;
    uint64_t one = 1;
    struct addrinfo want = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG };
    struct addrinfo numeric = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICHOST };
    q->error = getaddrinfo(q->host, q->port, &numeric, &q->found);
    if (q->error)
        q->error = getaddrinfo(q->host, q->port, &want, &q->found);
    if (write(q->ready, &one, sizeof one) != sizeof one)
        abort();                          /* an eventfd takes a one */
    let_go(q);
    return NULL;
}

static void answered(void *ctx, int fd, bool readable, bool writable)
{
    Lookup *k = ctx;
    Question *q = k->q;
    (void)fd;
    (void)readable;
    (void)writable;
    struct addrinfo *found = q->error ? NULL : q->found;
    q->found = NULL;
    loop_unwatch(k->loop, k->watch);
    k->fn(k->ctx, found, q->error ? gai_strerror(q->error) : NULL);
    let_go(q);
    free(k);
}

static bool start_thread(Question *q)
{
    pthread_t thread;
    sigset_t all, before;
    sigfillset(&all);                     /* signals are the loop's */
    pthread_sigmask(SIG_SETMASK, &all, &before);
    bool ok = pthread_create(&thread, NULL, ask, q) == 0;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (ok)
        pthread_detach(thread);
    return ok;
}

Lookup *lookup_start(Loop *l, const char *host, int port,
                     void (*fn)(void *ctx, struct addrinfo *found, const char *why), void *ctx)
{
    Question *q = xalloc(sizeof *q);
    Lookup *k = xalloc(sizeof *k);
    atomic_init(&q->holders, 2);
    q->host = xstrdup(host);
    snprintf(q->port, sizeof q->port, "%d", port);
    q->ready = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    *k = (Lookup){ .loop = l, .q = q, .fn = fn, .ctx = ctx };
    k->watch = q->ready >= 0 ? loop_watch(l, q->ready, false, answered, k) : NULL;
    if (k->watch && start_thread(q))
        return k;
    loop_unwatch(l, k->watch);
    atomic_store(&q->holders, 1);
    let_go(q);
    free(k);
    return NULL;
}

void lookup_cancel(Lookup *k)
{
    if (!k)
        return;
    loop_unwatch(k->loop, k->watch);
    let_go(k->q);
    free(k);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/wire.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/lookup.h"
#include "base/plugin.h"
#include "base/tls_plugin.h"

typedef enum WireState { WIRE_DOWN, WIRE_LOOKUP, WIRE_CONNECTING, WIRE_SHAKING, WIRE_UP } WireState;

struct Wire {
    Loop *loop;
    WireTo to;
    WireEnd end;
    WireState state;
    int fd;
    Watch *watch;
    Timer *timer;             /* something is to be told from the loop */
    bool writing;             /* the watch waits for room, too */
    Lookup *lookup;
    struct addrinfo *found, *next;
    const TlsPlugin *tls;
    void *session;
    Buf out;                  /* as it goes over the network */
    uint32_t life;            /* grows with each end: a callback may end the connection */
    char why[300];
};

static void on_fd(void *ctx, int fd, bool readable, bool writable);

/* ---- the end --------------------------------------------------------------------------------- */

static void close_socket(Wire *w)
{
    loop_unwatch(w->loop, w->watch);
    w->watch = NULL;
    w->writing = false;
    if (w->fd >= 0)
        close(w->fd);
    w->fd = -1;
}

void wire_disconnect(Wire *w)
{
    lookup_cancel(w->lookup);
    w->lookup = NULL;
    close_socket(w);
    if (w->timer)
        loop_cancel(w->loop, w->timer);
    w->timer = NULL;
    if (w->found)
        freeaddrinfo(w->found);
    w->found = w->next = NULL;
    if (w->session)
        w->tls->close(w->session);
    w->session = NULL;
    buf_reset(&w->out);
    w->state = WIRE_DOWN;
    w->life++;
}

static void lost(Wire *w, const char *why)
{
    char text[sizeof w->why];
    snprintf(text, sizeof text, "%s", why);
    wire_disconnect(w);
    w->end.lost(w->end.self, text);
}

static void lost_later(void *ctx, int64_t now)
{
    Wire *w = ctx;
    (void)now;
    w->timer = NULL;
    lost(w, w->why);
}

__attribute__((format(printf, 2, 3))) static void give_up(Wire *w, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(w->why, sizeof w->why, fmt, ap);
    va_end(ap);
    if (!w->timer)
        w->timer = loop_timer(w->loop, loop_now(w->loop), lost_later, w);
}

/* ---- sending --------------------------------------------------------------------------------- */

static void want_room(Wire *w, bool wanted)
{
    if (w->writing == wanted || w->fd < 0)
        return;
    loop_unwatch(w->loop, w->watch);
    w->watch = loop_watch(w->loop, w->fd, wanted, on_fd, w);
    w->writing = wanted;
}

static void flush(Wire *w)
{
    char piece[16384];
    size_t n, done = 0;
    while (w->session && (n = w->tls->take(w->session, piece, sizeof piece)) > 0)
        buf_put(&w->out, piece, n);
    while (done < w->out.n) {
        ssize_t sent = send(w->fd, w->out.s + done, w->out.n - done, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && errno != EAGAIN)
            give_up(w, "the connection broke: %s", strerror(errno));
        if (sent <= 0)
            break;
        done += (size_t)sent;
    }
    if (done)
        memmove(w->out.s, w->out.s + done, w->out.n - done);
    w->out.n -= done;
    want_room(w, w->out.n > 0);
}

void wire_send(Wire *w, Buf *bytes)
{
    if (w->state == WIRE_UP && w->session) {
        if (!w->tls->send(w->session, bytes->s, bytes->n))
            give_up(w, "the connection broke: TLS failed");
    } else if (w->state == WIRE_UP) {
        buf_put(&w->out, bytes->s, bytes->n);
    }
    buf_reset(bytes);
    if (w->state == WIRE_UP && (w->out.n || w->session))
        flush(w);
}

size_t wire_unsent(const Wire *w)
{
    return w->out.n;
}

/* ---- receiving ------------------------------------------------------------------------------- */

static void shake(Wire *w)
{
    char why[200], text[240];
    bool ready = w->tls->ready(w->session, why, sizeof why);
    flush(w);
    if (ready) {
        w->state = WIRE_UP;
        w->end.up(w->end.self);
    } else if (*why) {
        snprintf(text, sizeof text, "no TLS with %s: %s", w->to.host, why);
        lost(w, text);
    }
}

static void receive_tls(Wire *w, const char *s, size_t n)
{
    char plain[16384];
    uint32_t life = w->life;
    if (!w->tls->receive(w->session, s, n)) {
        lost(w, "the connection broke: TLS failed");
        return;
    }
    if (w->state == WIRE_SHAKING)
        shake(w);
    size_t got;
    while (life == w->life && w->state == WIRE_UP
           && (got = w->tls->read(w->session, plain, sizeof plain)) > 0)
        w->end.bytes(w->end.self, plain, got);
    if (life == w->life)
        flush(w);
}

static void receive(Wire *w)
{
    char piece[16384];
    uint32_t life = w->life;
    for (int i = 0; i < 16 && life == w->life; i++) {
        ssize_t n = recv(w->fd, piece, sizeof piece, 0);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0 && errno == EAGAIN)
            return;
        if (n <= 0) {
            lost(w, n == 0 ? "the other end closed the connection" : strerror(errno));
            return;
        }
        if (w->session)
            receive_tls(w, piece, (size_t)n);
        else
            w->end.bytes(w->end.self, piece, (size_t)n);
    }
}

/* ---- connecting ------------------------------------------------------------------------------ */

static bool is_here(const struct sockaddr *a)
{
    if (a->sa_family == AF_INET)
        return ntohl(((const struct sockaddr_in *)(const void *)a)->sin_addr.s_addr) >> 24 == 127;
    return a->sa_family == AF_INET6
           && IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)(const void *)a)->sin6_addr);
}

static bool start(Wire *w, const struct addrinfo *a)
{
    int one = 1;
    w->fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (w->fd < 0)
        return false;
    setsockopt(w->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (connect(w->fd, a->ai_addr, a->ai_addrlen) != 0 && errno != EINPROGRESS)
        return false;
    w->watch = loop_watch(w->loop, w->fd, true, on_fd, w);
    w->writing = true;
    return w->watch != NULL;
}

static void try_next(Wire *w)
{
    const char *why = "it has no address";
    while (w->next) {
        const struct addrinfo *a = w->next;
        w->next = a->ai_next;
        if (w->to.here_only && !w->to.tls && !is_here(a->ai_addr)) {
            why = "it is another machine: what is said to it must be encrypted (tls=yes)";
            continue;
        }
        w->state = WIRE_CONNECTING;
        if (start(w, a))
            return;
        why = strerror(errno);
        close_socket(w);
    }
    give_up(w, "cannot connect to %s, port %d: %s", w->to.host, w->to.port, why);
}

static void looked_up(void *ctx, struct addrinfo *found, const char *why)
{
    Wire *w = ctx;
    w->lookup = NULL;
    w->found = w->next = found;
    if (found)
        try_next(w);
    else
        give_up(w, "cannot find host %s: %s", w->to.host, why);
}

static void connected(Wire *w)
{
    char why[200] = "";
    want_room(w, false);
    if (!w->to.tls) {
        w->state = WIRE_UP;
        w->end.up(w->end.self);
        return;
    }
    w->session = w->tls->open(w->to.host, w->to.ca_file, why, sizeof why);
    if (!w->session) {
        give_up(w, "cannot use TLS with %s: %s", *w->to.ca_file ? w->to.ca_file : "this system",
                why);
        return;
    }
    w->state = WIRE_SHAKING;
    shake(w);
}

static void on_connect(Wire *w)
{
    int error = 0;
    socklen_t n = sizeof error;
    getsockopt(w->fd, SOL_SOCKET, SO_ERROR, &error, &n);
    if (!error) {
        connected(w);
        return;
    }
    close_socket(w);
    if (w->next)
        try_next(w);
    else
        give_up(w, "cannot connect to %s, port %d: %s", w->to.host, w->to.port, strerror(error));
}

static void on_fd(void *ctx, int fd, bool readable, bool writable)
{
    Wire *w = ctx;
    uint32_t life = w->life;
    (void)fd;
    if (w->timer)
        return;                           /* it is given up already */
    if (w->state == WIRE_CONNECTING) {
        on_connect(w);
        return;
    }
    if (readable)
        receive(w);
    if (writable && life == w->life && w->state != WIRE_DOWN)
        flush(w);
}

void wire_connect(Wire *w)
{
    Error err = { 0 };
    wire_disconnect(w);
    w->state = WIRE_LOOKUP;
    if (w->to.tls && !w->tls)
        w->tls = plugin_table("tls", TLS_PLUGIN_VERSION, &err);
    if (w->to.tls && !w->tls) {
        give_up(w, "%s", err.msg);
        return;
    }
    w->lookup = lookup_start(w->loop, w->to.host, w->to.port, looked_up, w);
    if (!w->lookup)
        give_up(w, "cannot look for host %s: out of descriptors or threads", w->to.host);
}

/* ---- life ------------------------------------------------------------------------------------ */

Wire *wire_new(Loop *l, const WireTo *to, WireEnd end)
{
    Wire *w = xalloc(sizeof *w);
    *w = (Wire){ .loop = l, .to = *to, .end = end, .fd = -1 };
    return w;
}

/* A socket that is closed with something unread takes with it what was sent last: so the other end
 * is told that this was all, and read until it is done. */
static void finish(Wire *w)
{
    enum { DONE_MS = 500, READS_MOST = 256 };
    char rest[4096];
    struct pollfd p = { .fd = w->fd, .events = POLLIN };
    if (w->state != WIRE_UP || w->fd < 0)
        return;
    if (w->out.n > 0 && send(w->fd, w->out.s, w->out.n, MSG_NOSIGNAL | MSG_DONTWAIT) < 0)
        return;
    shutdown(w->fd, SHUT_WR);
    for (int i = 0; i < READS_MOST; i++)
        if (poll(&p, 1, DONE_MS) <= 0 || recv(w->fd, rest, sizeof rest, MSG_DONTWAIT) <= 0)
            break;
}

void wire_free(Wire *w)
{
    if (!w)
        return;
    finish(w);
    wire_disconnect(w);
    buf_release(&w->out);
    free(w);
}

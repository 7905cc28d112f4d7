/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_wire.c -- a connection in the event loop: bytes there and back, and each way of not coming
 * to be. (TLS: tests/shell/dialer_test.sh.)
 */
#include "base/wire.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "phone_testing.h"

#include <cmocka.h>               /* last: its macro `fail` is not ours */

typedef struct Trial {
    Loop *loop;
    Wire *wire;
    int server, peer, port;
    Buf got;
    int ups, losses;
    bool hang_up;             /* in the first callback that brings bytes */
    char why[300];
} Trial;

static void on_up(void *self)
{
    ((Trial *)self)->ups++;
}

static void on_bytes(void *self, const char *s, size_t n)
{
    Trial *t = self;
    buf_put(&t->got, s, n);
    if (t->hang_up)
        wire_disconnect(t->wire);
}

static void on_lost(void *self, const char *why)
{
    Trial *t = self;
    t->losses++;
    snprintf(t->why, sizeof t->why, "%s", why);
}

static void begin(Trial *t)
{
    static const Clock real;
    struct sockaddr_in at = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t n = sizeof at;
    Error err = { 0 };
    *t = (Trial){ .loop = loop_new(&real, &err), .peer = -1 };
    t->server = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(t->server, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(t->server, 5), 0);
    assert_int_equal(getsockname(t->server, (struct sockaddr *)&at, &n), 0);
    t->port = ntohs(at.sin_port);
}

static void dial(Trial *t, WireTo to)
{
    t->wire = wire_new(t->loop, &to, (WireEnd){ t, on_up, on_bytes, on_lost });
    wire_connect(t->wire);
    assert_int_equal(t->ups + t->losses, 0);      /* never from inside */
}

static void finish(Trial *t)
{
    wire_free(t->wire);
    loop_free(t->loop);
    close(t->server);
    if (t->peer >= 0)
        close(t->peer);
    buf_release(&t->got);
}

static void until(Trial *t, const int *what, int most)
{
    Error err = { 0 };
    for (int i = 0; i < 600 && *what < most; i++)
        assert_true(loop_turn(t->loop, 50, &err));
    assert_int_equal(*what, most);
}

static void up(Trial *t)
{
    dial(t, (WireTo){ .host = "127.0.0.1", .port = t->port, .ca_file = "" });
    until(t, &t->ups, 1);
    t->peer = accept(t->server, NULL, NULL);
    assert_true(t->peer >= 0);
}

static void test_bytes_go_both_ways(void **state)
{
    (void)state;
    Trial t;
    Error err = { 0 };
    char back[20];
    begin(&t);
    up(&t);
    Buf b = { 0 };
    buf_cstr(&b, "there");
    wire_send(t.wire, &b);
    assert_int_equal(b.n, 0);
    assert_int_equal(recv(t.peer, back, sizeof back, 0), 5);
    assert_int_equal(send(t.peer, "and back", 8, 0), 8);
    for (int i = 0; i < 100 && t.got.n < 8; i++)
        loop_turn(t.loop, 50, &err);
    assert_string_equal(t.got.s, "and back");
    close(t.peer);
    t.peer = -1;
    until(&t, &t.losses, 1);
    assert_string_equal(t.why, "the other end closed the connection");
    buf_release(&b);
    finish(&t);
}

/* What the other end does not read waits here, and goes when it does. */
static void test_a_slow_reader(void **state)
{
    (void)state;
    Trial t;
    Error err = { 0 };
    Buf b = { 0 };
    begin(&t);
    up(&t);
    size_t all = 20 << 20, read = 0;
    for (size_t i = 0; i < all; i++)
        buf_char(&b, 'x');
    wire_send(t.wire, &b);
    assert_true(wire_unsent(t.wire) > 1 << 20);
    static char piece[1 << 20];
    while (read < all) {
        ssize_t n = recv(t.peer, piece, sizeof piece, MSG_DONTWAIT);
        read += n > 0 ? (size_t)n : 0;
        loop_turn(t.loop, 1, &err);
    }
    assert_int_equal(wire_unsent(t.wire), 0);
    buf_release(&b);
    finish(&t);
}

static void test_a_callback_may_hang_up(void **state)
{
    (void)state;
    Trial t;
    Error err = { 0 };
    begin(&t);
    up(&t);
    t.hang_up = true;
    assert_int_equal(send(t.peer, "x", 1, 0), 1);
    for (int i = 0; i < 20; i++)
        loop_turn(t.loop, 5, &err);
    assert_true(t.got.n == 1 && t.losses == 0);
    finish(&t);
}

static void test_ways_of_not_coming_to_be(void **state)
{
    (void)state;
    static const struct { WireTo to; const char *why; } cases[] = {
        { { "127.0.0.1", 1, false, "", true }, "Connection refused" },
        { { "no such host", 5038, false, "", true }, "cannot find host no such host" },
        { { "192.0.2.1", 5038, false, "", true }, "must be encrypted" },
        { { "127.0.0.1", 0, true, "/nonesuch.pem", true }, "/nonesuch.pem" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        Trial t;
        WireTo to = cases[i].to;
        begin(&t);
        if (!to.port)
            to.port = t.port;
        dial(&t, to);
        until(&t, &t.losses, 1);
        if (!strstr(t.why, cases[i].why))
            fail_msg("%s", t.why);
        wire_connect(t.wire);             /* it can be tried again */
        until(&t, &t.losses, 2);
        finish(&t);
    }
}

static void test_giving_up_a_lookup(void **state)
{
    (void)state;
    Trial t;
    begin(&t);
    dial(&t, (WireTo){ .host = "localhost", .port = 1, .ca_file = "" });
    wire_disconnect(t.wire);
    wire_connect(t.wire);
    finish(&t);                           /* in the middle of it */
    usleep(20000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bytes_go_both_ways),
        cmocka_unit_test(test_a_slow_reader),
        cmocka_unit_test(test_a_callback_may_hang_up),
        cmocka_unit_test(test_ways_of_not_coming_to_be),
        cmocka_unit_test(test_giving_up_a_lookup),
    };
    use_built_plugins();
    return cmocka_run_group_tests_name("wire", tests, NULL, NULL);
}

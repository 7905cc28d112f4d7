/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The event loop and its clock: order of timers, removal inside callbacks, descriptors, signals,
 * children.
 */
#include "base/loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/str.h"

typedef struct Trial {
    Loop *loop;
    Buf log;
    Timer *other;
    Watch *watch, *second;
    int fd;
} Trial;

static Loop *make_loop(Clock *clock)
{
    Error err = { 0 };
    Loop *l = loop_new(clock, &err);
    if (!l)
        fail_msg("%s", err.msg);
    return l;
}

static void turn(Loop *l, int wait_ms)
{
    Error err = { 0 };
    assert_true(loop_turn(l, wait_ms, &err));
}

static void log_a(void *ctx, int64_t now)
{
    buf_printf(&((Trial *)ctx)->log, "a%lld ", (long long)now);
}

static void log_b(void *ctx, int64_t now)
{
    buf_printf(&((Trial *)ctx)->log, "b%lld ", (long long)now);
}

static void cancel_other(void *ctx, int64_t now)
{
    Trial *t = ctx;
    (void)now;
    loop_cancel(t->loop, t->other);
    loop_timer(t->loop, 0, log_a, t);          /* due at once: next turn */
}

static void timers_follow_the_clock(void **state)
{
    (void)state;
    Clock clock = { .fixed = true, .ms = 1000 };
    Trial t = { .loop = make_loop(&clock) };
    loop_timer(t.loop, 3000, log_b, &t);
    loop_timer(t.loop, 2000, log_a, &t);
    loop_timer(t.loop, 3000, log_a, &t);
    turn(t.loop, 0);
    assert_int_equal(t.log.n, 0);
    clock_set(&clock, 2999);
    turn(t.loop, 0);
    clock_set(&clock, 5000);
    turn(t.loop, 0);
    assert_string_equal(t.log.s, "a2999 b5000 a5000 ");
    assert_int_equal(loop_now(t.loop), 5000);
    loop_free(t.loop);
    buf_release(&t.log);
}

static void timers_are_cancelled_in_callbacks(void **state)
{
    (void)state;
    Clock clock = { .fixed = true, .ms = 0 };
    Trial t = { .loop = make_loop(&clock) };
    loop_timer(t.loop, 0, cancel_other, &t);
    t.other = loop_timer(t.loop, 0, log_b, &t);
    turn(t.loop, 0);
    assert_int_equal(t.log.n, 0);
    turn(t.loop, 0);
    assert_string_equal(t.log.s, "a0 ");
    loop_free(t.loop);
    buf_release(&t.log);
}

static void record(void *ctx, int64_t now)
{
    (void)now;
    ++*(int *)ctx;
}

/* A step back of 60 s is caught up in 120; ours never goes back, and a step forward counts. */
static void the_clock_goes_back_slowly(void **state)
{
    (void)state;
    const int64_t s = 1000000, day = 20000 * 86400 * s;
    ClockSlew c = { 0 };
    assert_int_equal(clock_slew(&c, day, 5 * s), day);
    assert_int_equal(clock_slew(&c, day + 7 * s, 6 * s), day + 7 * s);
    assert_int_equal(clock_slew(&c, day - 53 * s, 6 * s), day + 7 * s);
    int64_t last = day + 7 * s;
    for (int64_t t = s / 1000; t < 100 * s; t += s / 1000) {
        int64_t now = clock_slew(&c, day - 53 * s + t, 6 * s + t);
        assert_true(now > last);
        last = now;
    }
    assert_true(last > day + 56 * s && last < day + 58 * s);
    assert_int_equal(clock_slew(&c, day + 67 * s, 126 * s), day + 67 * s);
    assert_int_equal(clock_slew(&c, day - 2000 * s, 127 * s), day - 2000 * s);
}

/* Many timers, made and cancelled in a scrambled order, fire by time. */
static void the_heap_keeps_order(void **state)
{
    (void)state;
    enum { N = 1000 };
    Clock clock = { .fixed = true, .ms = 0 };
    Loop *l = make_loop(&clock);
    Timer *timer[N];
    int fired[N] = { 0 };
    for (int i = 0; i < N; i++)
        timer[i] = loop_timer(l, 1 + i * 7919 % N, record, &fired[i]);
    for (int i = 0; i < N; i += 3)
        loop_cancel(l, timer[i]);
    for (int now = 0; now <= N; now++) {
        clock_set(&clock, now);
        turn(l, 0);
        for (int i = 0; i < N; i++)
            if (fired[i] != (i % 3 != 0 && 1 + i * 7919 % N <= now))
                fail_msg("timer %d at %d", i, now);
    }
    loop_free(l);
}

static void read_one(void *ctx, int fd, bool readable, bool writable)
{
    Trial *t = ctx;
    char c;
    (void)writable;
    if (readable && read(fd, &c, 1) == 1)
        buf_char(&t->log, c);
    loop_unwatch(t->loop, t->watch);
    loop_unwatch(t->loop, t->second);
}

static void watches_are_removed_in_callbacks(void **state)
{
    (void)state;
    Clock clock = { 0 };
    Trial t = { .loop = make_loop(&clock) };
    int a[2], b[2];
    assert_int_equal(pipe(a), 0);
    assert_int_equal(pipe(b), 0);
    t.watch = loop_watch(t.loop, a[0], false, read_one, &t);
    t.second = loop_watch(t.loop, b[0], false, read_one, &t);
    turn(t.loop, 0);
    assert_int_equal(t.log.n, 0);
    assert_int_equal(write(a[1], "xy", 2), 2);
    assert_int_equal(write(b[1], "xy", 2), 2);
    turn(t.loop, 1000);
    turn(t.loop, 0);
    assert_string_equal(t.log.s, "x");         /* one of the two ran, and removed both */
    loop_free(t.loop);
    for (int i = 0; i < 2; i++) {
        close(a[i]);
        close(b[i]);
    }
    buf_release(&t.log);
}

static void got_signal(void *ctx, int signo)
{
    Trial *t = ctx;
    buf_printf(&t->log, "s%d ", signo == SIGUSR1);
}

static void signals_arrive_in_the_loop(void **state)
{
    (void)state;
    Clock clock = { 0 };
    Trial t = { .loop = make_loop(&clock) };
    sigset_t now;
    t.watch = loop_signal(t.loop, SIGUSR1, got_signal, &t);
    kill(getpid(), SIGUSR1);
    assert_int_equal(t.log.n, 0);
    turn(t.loop, 5000);
    assert_string_equal(t.log.s, "s1 ");
    loop_unwatch(t.loop, t.watch);
    sigprocmask(SIG_BLOCK, NULL, &now);
    assert_false(sigismember(&now, SIGUSR1));
    loop_free(t.loop);
    buf_release(&t.log);
}

static void child_over(void *ctx, pid_t pid, int status)
{
    Trial *t = ctx;
    buf_printf(&t->log, "%d:%d ", pid == t->fd, WEXITSTATUS(status));
}

static void children_are_reaped(void **state)
{
    (void)state;
    Clock clock = { 0 };
    Trial t = { .loop = make_loop(&clock) };
    t.fd = fork();
    if (t.fd == 0)
        _exit(7);
    assert_non_null(loop_child(t.loop, t.fd, child_over, &t));
    turn(t.loop, 5000);
    assert_string_equal(t.log.s, "1:7 ");
    assert_int_equal(waitpid(t.fd, NULL, WNOHANG), -1);
    loop_free(t.loop);
    buf_release(&t.log);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timers_follow_the_clock),
        cmocka_unit_test(timers_are_cancelled_in_callbacks),
        cmocka_unit_test(the_clock_goes_back_slowly),
        cmocka_unit_test(the_heap_keeps_order),
        cmocka_unit_test(watches_are_removed_in_callbacks),
        cmocka_unit_test(signals_arrive_in_the_loop),
        cmocka_unit_test(children_are_reaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

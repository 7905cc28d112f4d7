/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_esl.c -- the driver "esl" on a FreeSWITCH that is a fake: what is sent, messages in pieces,
 * events in any order, hostile bytes. (test_driver.c holds it to the contract.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "esl_fake.h"

#include <cmocka.h>               /* last: its macro `fail` is not ours */

/* ---- messages -------------------------------------------------------------------------------- */

static void read_all(Str bytes, size_t piece, Buf *out)
{
    EslReader r = { 0 };
    EslMessage m;
    for (size_t i = 0; i < bytes.n; i += piece) {
        const char *s = bytes.s + i;
        size_t left = bytes.n - i < piece ? bytes.n - i : piece;
        while (esl_read(&r, &s, &left, &m))
            buf_printf(out, "<%.*s|%.*s|%d>", STR_ARG(m.head), STR_ARG(m.body), m.dropped);
    }
    esl_reader_release(&r);
}

static void test_messages_in_pieces(void **state)
{
    (void)state;
    Str bytes = STR("\n\nContent-Type: auth/request\n\n"
                    "Content-Length: 5\r\nA: b\r\n\r\n1\n\n45Reply-Text: +OK\n\n"
                    "Content-Length: x\n\nContent-Length: -1\n\nContent-Length: 9\n\n123");
    const char *want = "<Content-Type: auth/request\n||0><Content-Length: 5\nA: b\n|1\n\n45|0>"
                       "<Reply-Text: +OK\n||0><Content-Length: x\n||0><Content-Length: -1\n||0>";
    for (size_t piece = 1; piece < 60; piece++) {
        Buf out = { 0 };
        read_all(bytes, piece, &out);
        assert_string_equal(out.s, want);
        buf_release(&out);
    }
}

static void test_huge_ones_are_read_over(void **state)
{
    (void)state;
    Buf bytes = { 0 };
    EslReader r = { 0 };
    EslMessage m;
    for (int i = 0; i < 3000; i++)
        buf_printf(&bytes, "Name-%d: value\n", i);
    buf_printf(&bytes, "\nContent-Length: %d\n\n", ESL_BODY + 1);
    for (int i = 0; i < ESL_BODY + 1; i += 16)
        buf_put(&bytes, "0123456789abcdef", i + 16 <= ESL_BODY + 1 ? 16 : 1);
    buf_cstr(&bytes, "A: 1\n\n");
    const char *s = bytes.s;
    size_t n = bytes.n;
    assert_true(esl_read(&r, &s, &n, &m));
    assert_true(m.dropped > 0 && m.head.n <= ESL_HEAD);
    assert_true(esl_read(&r, &s, &n, &m));
    assert_true(m.dropped == 1 && m.body.n == 0);
    assert_true(esl_read(&r, &s, &n, &m));
    assert_true(m.dropped == 0 && esl_is(m.head, "A", "1"));
    esl_reader_release(&r);
    buf_release(&bytes);
}

static void test_values(void **state)
{
    (void)state;
    char v[ESL_VALUE];
    Str event = STR("Name: a%20b%2\nEmpty:\nName: second\nUtf: %E5%AE%9D\nNul: a%00b\n"
                    "Content-Length: 3\n\nName: inner");
    static const char *const want[][2] = { { "Name", "a b%2" }, { "Empty", "" }, { "name", "" },
                                           { "Utf", "宝" }, { "Nul", "a" }, { "Nam", "" } };
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        esl_value(event, want[i][0], v);
        assert_string_equal(v, want[i][1]);
    }
    assert_true(str_is(esl_inner(event), "Name: inner"));
    assert_int_equal(esl_inner(STR("A: b\n")).n, 0);
    assert_int_equal(esl_cause("USER_BUSY"), 17);
    assert_int_equal(esl_cause(""), 0);
}

/* ---- the driver ------------------------------------------------------------------------------ */

typedef struct Told { char line[4000]; } Told;
static FsFake fake;

static void on_event(void *self, const DriverEvent *ev)
{
    Told *t = self;
    size_t n = strlen(t->line);
    n += (size_t)snprintf(t->line + n, sizeof t->line - n, "%s%s", n ? ", " : "",
                          driver_event_name(ev->kind));
    if (ev->kind == DRIVER_TROUBLE && n < sizeof t->line)
        snprintf(t->line + n, sizeof t->line - n, " (%s)", ev->text);
}

static void do_order(DriverOrder o, ErrCode want)
{
    Error err = { 0 };
    driver_do(fake.d, &o, &err);
    assert_int_equal(err.code, want);
}

static void begin(Told *t)
{
    *t = (Told){ 0 };
    fs_open(&fake, INT64_C(1893456000000), (DriverSink){ t, on_event, NULL });
    fs_run(&fake, fake.now + 100);
    do_order((DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    fs_run(&fake, fake.now + 100);
    assert_string_equal(t->line, "link up, reconciled");
    t->line[0] = '\0';
}

static void place(CallId call, const char *number, ErrCode want)
{
    DriverOrder o = { .kind = ORDER_PLACE, .call = call, .ring_ms = 20500, .wait_ms = 2000 };
    snprintf(o.number, sizeof o.number, "%s", number);
    do_order(o, want);
}

static void is_told(Told *t, int64_t ms, const char *want)
{
    fs_run(&fake, fake.now + ms);
    assert_string_equal(t->line, want);
    t->line[0] = '\0';
}

static void finish(void)
{
    fake.d->ops->close(fake.d);
    fs_release(&fake);
}

static void test_what_is_sent(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    place(1, "+15550108", ERR_NONE);
    fs_run(&fake, fake.now);
    assert_string_equal(fake.last,
        "originate {origination_uuid=p1-c1-,patter_call=p1-c1-,ignore_early_media=true,"
        "originate_timeout=21,hangup_after_bridge=true,origination_caller_id_number=15550000000}"
        "sofia/gateway/carrier/+15550108"
        " 'sleep:3000,playback:voicemail/vm-goodbye.wav,hangup:NORMAL_CLEARING' inline");
    do_order((DriverOrder){ .kind = ORDER_PLACE, .call = 2, .number = "1",
                            .dial = "user/{number},x" }, ERR_INVALID);
    do_order((DriverOrder){ .kind = ORDER_PLACE, .call = 2, .number = "1",
                            .dial = "user/{number}", .caller = "1}x" }, ERR_INVALID);
    do_order((DriverOrder){ .kind = ORDER_PLACE, .call = 2, .number = "1",
                            .dial = "user/{number}\n\nbgapi x" }, ERR_INVALID);
    is_told(&t, 5000, "ringing, answered, person");
    is_told(&t, 10000, "hang-up");        /* abandoned by the switch itself */
    finish();
}

static void test_who_is_let_in(void **state)
{
    (void)state;
    Told t = { 0 };
    static const SwitchConfig config = { .name = "fs", .adapter = "esl", .host = "h",
                                         .prefix = "p", .dial = "{number}", .secret = "env:X" };
    DriverHost host = { .sink = { &t, on_event, NULL } };
    Error err = { 0 };
    assert_null(esl_open(&config, "two\nlines", &host, 0, &err));
    assert_int_equal(err.code, ERR_INVALID);
    assert_null(strstr(err.msg, "two"));
    fs_open(&fake, INT64_C(1893456000000), (DriverSink){ &t, on_event, NULL });
    fake.reject = "-ERR invalid";
    is_told(&t, 100, "trouble (fs: the event socket refuses the login: -ERR invalid)");
    finish();
}

static void test_a_gateway_that_is_not_known(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    fake.no_trunk = true;
    for (int i = 1; i <= 3; i++) {
        place(i, "+15550108", ERR_NONE);
        fs_run(&fake, fake.now + 5000);
    }
    assert_non_null(strstr(t.line, "failed, failed, trouble (fs: it makes no call of "
                                   "'sofia/gateway/carrier/{number}'"));
    finish();
}

static void test_others_are_left_alone(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    place(1, "+15550109", ERR_NONE);
    fs_event_text(&fake, "Event-Name: CHANNEL_HANGUP_COMPLETE\nUnique-ID: p1-c2-\n"
                         "Hangup-Cause: USER_BUSY\n\n");
    fs_event_text(&fake, "Event-Name: CHANNEL_HANGUP_COMPLETE\nUnique-ID: p2-c1-\n"
                         "Hangup-Cause: USER_BUSY\n\n");
    fs_job(&fake, "p1-1.2.o0.1-p1", "-ERR USER_BUSY\n");     /* of another process */
    fs_job(&fake, "o0.1-p1", "-ERR USER_BUSY\n");
    is_told(&t, 100, "");
    is_told(&t, 4000, "ringing, answered, person");
    finish();
}

static void test_events_of_a_call_in_any_order(void **state)
{
    (void)state;
    static const char *const names[] = { "CHANNEL_CREATE", "CHANNEL_PROGRESS", "CHANNEL_ANSWER",
                                         "CHANNEL_HANGUP_COMPLETE" };
    for (int k = 0; k < 24; k++)
        for (int missing = -1; missing < 3; missing++) {
            Told t;
            int left[] = { 0, 1, 2, 3 }, n = 4, code = k, ends = 0;
            begin(&t);
            place(1, "+15550108", ERR_NONE);
            buf_reset(peer_output(fake.d));
            for (; n > 0; n--) {
                int i = code % n, which = left[i];
                code /= n;
                left[i] = left[n - 1];
                char body[300];
                snprintf(body, sizeof body, "Event-Name: %s\nUnique-ID: p1-c1-\n"
                         "Hangup-Cause: USER_BUSY\n\n", names[which]);
                for (int twice = 0; which != missing && twice < 2; twice++)
                    fs_event_text(&fake, body);
            }
            fs_run(&fake, fake.now + 60000);
            static const char *const all[] = { "busy", "no answer", "invalid", "failed",
                                               "hang-up" };
            for (int i = 0; i < 5; i++)
                for (const char *p = t.line; (p = strstr(p, all[i])); p++)
                    ends++;
            if (ends != 1)
                fail_msg("order %d without %d: %s", k, missing, t.line);
            finish();
        }
}

static void test_floods_and_nonsense(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    place(1, "+15550109", ERR_NONE);
    for (int i = 0; i < 20000; i++) {
        char body[200];
        snprintf(body, sizeof body, "Event-Name: CHANNEL_CREATE\nUnique-ID: x-%d\n\n", i);
        fs_event_text(&fake, body);
    }
    fs_event_text(&fake, "");
    fs_event_text(&fake, "\n\n\n");
    fs_event_text(&fake, "Event-Name\nUnique-ID\n\xff\xfe\n\n");
    fs_event_text(&fake, "Event-Name: BACKGROUND_JOB\n\n");
    is_told(&t, 100, "");
    do_order((DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    buf_reset(peer_output(fake.d));
    is_told(&t, 3000, "ringing, answered, person");
    fs_say(&fake, "Content-Type: text/disconnect-notice\nContent-Length: 3\n\nBye");
    is_told(&t, 10, "trouble (fs: it ends the connection), link down");
    is_told(&t, 5000, "link up");
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_messages_in_pieces),
        cmocka_unit_test(test_huge_ones_are_read_over),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_what_is_sent),
        cmocka_unit_test(test_who_is_let_in),
        cmocka_unit_test(test_a_gateway_that_is_not_known),
        cmocka_unit_test(test_others_are_left_alone),
        cmocka_unit_test(test_events_of_a_call_in_any_order),
        cmocka_unit_test(test_floods_and_nonsense),
    };
    return cmocka_run_group_tests_name("esl", tests, NULL, NULL);
}

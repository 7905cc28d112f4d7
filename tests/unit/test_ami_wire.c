/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_ami_wire.c -- manager messages: cut anywhere, too long, repeated; and what may be written.
 */
#include "dialer/ami_wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

static const char session[] =
    "Asterisk Call Manager/11.0.0\r\n"
    "Response: Success\r\nActionID: a-1\r\nMessage: Authentication accepted\r\n\r\n"
    "Event: Newchannel\r\nUniqueid: p1-c7\r\nChanVariable: PATTER_CALL=p1-c7\r\n"
    "ChanVariable: AMDSTATUS=\r\nAccountCode: \r\nAppData: a: b: c\r\n\r\n"
    "\r\n"
    "Event: Hangup\nCause: 16\nCause-txt: Normal Clearing\n\n";

/* Each message as one line of "name=value|" in out. */
static void read_all(AmiReader *r, const char *s, size_t n, size_t step, Buf *out)
{
    while (n > 0) {
        const char *at = s;
        size_t left = step < n ? step : n;
        s += left;
        n -= left;
        AmiMessage m;
        while (ami_read(r, &at, &left, &m)) {
            for (int i = 0; i < m.n; i++)
                buf_printf(out, "%.*s=%.*s|", STR_ARG(m.h[i].name), STR_ARG(m.h[i].value));
            buf_printf(out, "%d\n", m.dropped);
        }
    }
}

static const char session_read[] =
    "=Asterisk Call Manager/11.0.0|0\n"
    "Response=Success|ActionID=a-1|Message=Authentication accepted|0\n"
    "Event=Newchannel|Uniqueid=p1-c7|ChanVariable=PATTER_CALL=p1-c7|ChanVariable=AMDSTATUS=|"
    "AccountCode=|AppData=a: b: c|0\n"
    "Event=Hangup|Cause=16|Cause-txt=Normal Clearing|0\n";

static void test_cut_anywhere_it_reads_the_same(void **state)
{
    (void)state;
    for (size_t step = 1; step < sizeof session; step++) {
        AmiReader r = { 0 };
        Buf out = { 0 };
        read_all(&r, session, sizeof session - 1, step, &out);
        assert_string_equal(out.s, session_read);
        buf_release(&out);
        ami_reader_release(&r);
    }
}

static void test_cut_in_two_at_every_byte(void **state)
{
    (void)state;
    for (size_t cut = 1; cut < sizeof session - 1; cut++) {
        AmiReader r = { 0 };
        Buf out = { 0 };
        read_all(&r, session, cut, cut, &out);
        read_all(&r, session + cut, sizeof session - 1 - cut, sizeof session, &out);
        assert_string_equal(out.s, session_read);
        buf_release(&out);
        ami_reader_release(&r);
    }
}

static void test_names_that_come_again(void **state)
{
    (void)state;
    AmiReader r = { .greeted = true };
    AmiMessage m;
    const char *s = "Event: X\r\nChanVariable: A=1\r\nchanvariable: B=2,3\r\nCause: 34\r\n\r\n";
    size_t n = strlen(s);
    assert_true(ami_read(&r, &s, &n, &m));
    assert_true(str_is(ami_variable(&m, "A"), "1") && str_is(ami_variable(&m, "B"), "2,3"));
    assert_int_equal(ami_variable(&m, "AB").n + ami_variable(&m, "C").n, 0);
    assert_int_equal(ami_int(&m, "Cause"), 34);
    assert_int_equal(ami_int(&m, "Event"), 0);
    assert_true(ami_is(&m, "EVENT", "x") && !ami_is(&m, "Event", "xy"));
    ami_reader_release(&r);
}

static void test_what_is_too_long_is_counted_and_left_out(void **state)
{
    (void)state;
    AmiReader r = { .greeted = true };
    AmiMessage m;
    Buf in = { 0 };
    buf_cstr(&in, "Event: A\r\nHuge: ");
    for (int i = 0; i < 3 << 20; i++)
        buf_char(&in, 'x');
    buf_cstr(&in, "\r\nCause: 17\r\n\r\nEvent: B\r\n\r\n");
    const char *s = in.s;
    size_t n = in.n;
    assert_true(ami_read(&r, &s, &n, &m));
    assert_true(ami_is(&m, "Event", "A") && ami_int(&m, "Cause") == 17 && m.dropped == 1);
    assert_true(ami_read(&r, &s, &n, &m));
    assert_true(ami_is(&m, "Event", "B") && m.dropped == 0);
    assert_true(r.line.size + r.text.size < 200000);
    buf_reset(&in);
    buf_cstr(&in, "Event: C\r\n");
    for (int i = 0; i < 100000; i++)
        buf_cstr(&in, "Name: a value of some length, repeated without an end\r\n");
    buf_cstr(&in, "\r\nEvent: D\r\n\r\n");
    s = in.s;
    n = in.n;
    assert_true(ami_read(&r, &s, &n, &m));
    assert_true(ami_is(&m, "Event", "C") && m.n == AMI_HEADERS);
    assert_int_equal(m.dropped, 100001 - AMI_HEADERS);
    assert_true(ami_read(&r, &s, &n, &m));
    assert_true(ami_is(&m, "Event", "D"));
    assert_true(r.line.size + r.text.size < 200000);
    buf_release(&in);
    ami_reader_release(&r);
}

/* Noise of every byte, in every length: nothing overflows, and the next message is read. */
static void test_noise(void **state)
{
    (void)state;
    srand(7);
    AmiReader r = { 0 };
    for (int round = 0; round < 2000; round++) {
        char noise[300];
        size_t size = (size_t)rand() % sizeof noise;
        for (size_t i = 0; i < size; i++)
            noise[i] = (char)(rand() % 5 == 0 ? "\r\n: \0"[rand() % 5] : rand());
        const char *s = noise;
        AmiMessage m;
        while (ami_read(&r, &s, &size, &m))
            for (int i = 0; i < m.n; i++)
                assert_true(m.h[i].name.n + m.h[i].value.n <= AMI_LINE);
    }
    const char *s = "\r\n\r\nEvent: Z\r\n\r\n";
    size_t n = strlen(s);
    AmiMessage m;
    bool found = false;
    while (ami_read(&r, &s, &n, &m))
        found = ami_is(&m, "Event", "Z");
    assert_true(found);
    ami_reader_release(&r);
}

static void test_an_action(void **state)
{
    (void)state;
    Buf out = { 0 };
    Error err = { 0 };
    AmiWriter w = ami_action(&out, "Originate", "o1.2");
    ami_put(&w, "Channel", "PJSIP/", "+15550100", AMI_NUMBER, "@carrier");
    ami_put_int(&w, "Timeout", 25000);
    assert_true(ami_done(&w, &err));
    assert_string_equal(out.s, "Action: Originate\r\nActionID: o1.2\r\n"
                               "Channel: PJSIP/+15550100@carrier\r\nTimeout: 25000\r\n\r\n");
    buf_release(&out);
}

static void test_hostile_values_leave_no_byte(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1\r\nAction: Command", "1\nX: y", "1\r", "1,PATTER_X=2", "1&PJSIP/2", "1|2", "a(b)",
        "${SHELL(id)}", "\x1b[2J", "\x7f", "王芳", "a b", "\"x\"", "<1>", "'", "`id`", "a=b", "\\",
    };
    static const char *const sets[] = { AMI_WORD, AMI_NUMBER, AMI_CHANNEL };
    Buf out = { 0 };
    buf_cstr(&out, "before");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        for (int set = 0; set < 3; set++) {
            Error err = { 0 };
            AmiWriter w = ami_action(&out, "Originate", "o1");
            ami_put(&w, "Channel", "", bad[i], sets[set], "");
            ami_own(&w, "Async", "true");
            assert_false(ami_done(&w, &err));
            assert_int_equal(err.code, ERR_INVALID);
            assert_non_null(strstr(err.msg, "Channel"));
            assert_string_equal(out.s, "before");
        }
    for (int c = 1; c < 32; c++)
        for (int set = 0; set < 3; set++)
            assert_null(strchr(sets[set], c));
    char many[400];
    memset(many, '1', sizeof many - 1);
    many[sizeof many - 1] = '\0';
    Error err = { 0 };
    AmiWriter w = ami_action(&out, "Hangup", "h1");
    ami_put(&w, "Channel", "", many, AMI_CHANNEL, "");
    assert_false(ami_done(&w, &err));
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_cut_anywhere_it_reads_the_same),
        cmocka_unit_test(test_cut_in_two_at_every_byte),
        cmocka_unit_test(test_names_that_come_again),
        cmocka_unit_test(test_what_is_too_long_is_counted_and_left_out),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_an_action),
        cmocka_unit_test(test_hostile_values_leave_no_byte),
    };
    return cmocka_run_group_tests_name("ami_wire", tests, NULL, NULL);
}

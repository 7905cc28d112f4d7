/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_softphone.c -- the driver "softphone": netstrings in pieces, what ends mean, the person's
 * own calls, hostile bytes. (test_driver.c holds it to the contract, tests/line has a real one.)
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "softphone_fake.h"

#include <cmocka.h>               /* last: its macro `fail` is not ours */

/* ---- netstrings ------------------------------------------------------------------------------ */

static void read_all(const char *bytes, size_t n, size_t piece, Buf *out)
{
    NetReader r = { 0 };
    NetGot got = NET_MORE;
    Str text;
    for (size_t i = 0; i < n && got != NET_BROKEN; i += piece) {
        const char *s = bytes + i;
        size_t left = n - i < piece ? n - i : piece;
        while ((got = net_read(&r, &s, &left, &text)) == NET_STRING || got == NET_TOO_LONG) {
            buf_cstr(out, got == NET_STRING ? "[" : "<long");
            buf_put(out, text.s ? text.s : "", text.n);
            buf_cstr(out, got == NET_STRING ? "]" : ">");
        }
    }
    buf_printf(out, "%s%s", got == NET_BROKEN ? "!" : "", r.inside || r.digits ? "..." : "");
    net_release(&r);
}

static void reads(const char *bytes, const char *want)
{
    for (size_t piece = 1; piece <= strlen(bytes) + 1; piece++) {
        Buf out = { 0 };
        read_all(bytes, strlen(bytes), piece, &out);
        assert_string_equal(out.s, want);
        buf_release(&out);
    }
}

static void test_netstrings_in_pieces(void **state)
{
    (void)state;
    reads("5:hello,0:,3:a:,,", "[hello][][a:,]");
    reads("5:hel", "...");
    reads("12", "...");
    reads("5:hello;", "!...");
    reads("05:hello,", "!...");
    reads(":a,", "!");
    reads("-1:a,", "!");
    reads("9999999999:a,", "!...");
    reads("HTTP/1.1 400 Bad", "!");
}

static void test_a_long_one_is_read_over(void **state)
{
    (void)state;
    Buf bytes = { 0 }, out = { 0 };
    size_t n = NETSTRING_MOST + 1;
    buf_printf(&bytes, "%zu:", n);
    for (size_t i = 0; i < n; i++)
        buf_cstr(&bytes, "x");
    buf_cstr(&bytes, ",2:ok,");
    read_all(bytes.s, bytes.n, 1000, &out);
    assert_string_equal(out.s, "<long>[ok]");
    buf_release(&bytes);
    buf_release(&out);
}

/* ---- SIP ------------------------------------------------------------------------------------- */

static void test_what_a_status_means(void **state)
{
    (void)state;
    static const struct { const char *text; bool rang; int cause; } all[] = {
        { "486 Busy Here", true, 17 }, { "486 Rejected", true, 17 }, { "404 Not Found", false, 1 },
        { "408 Request Timeout", false, 102 }, { "408 Request Timeout", true, 18 },
        { "480", true, 20 }, { "603 Decline", true, 21 }, { "503 Full", false, 34 },
        { "599 Whatever", false, 127 }, { "200 OK", false, 0 }, { "48", false, 0 },
        { "", false, 0 },
        { "4860 x", false, 0 }, { "Connection reset by peer", true, 0 },
    };
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        assert_int_equal(sip_cause(str(all[i].text), all[i].rang), all[i].cause);
    assert_true(str_is(sip_user(STR("sip:+1555@host:5060;user=phone")), "+1555"));
    assert_true(str_is(sip_user(STR("sip:host")), ""));
    assert_true(str_is(sip_user(STR("@:")), ""));
}

/* ---- the driver ------------------------------------------------------------------------------ */

typedef struct Told { char line[2000]; } Told;
static SpFake fake;

static void on_event(void *self, const DriverEvent *ev)
{
    Told *t = self;
    size_t n = strlen(t->line);
    snprintf(t->line + n, sizeof t->line - n, "%s%s", n ? ", " : "", driver_event_name(ev->kind));
    if (ev->kind == DRIVER_TROUBLE) {
        n = strlen(t->line);
        snprintf(t->line + n, sizeof t->line - n, " (%s)", ev->text);
    }
}

static bool do_order(DriverOrder o, ErrCode want)
{
    Error err = { 0 };
    bool ok = driver_do(fake.d, &o, &err);
    assert_int_equal(err.code, want);
    return ok;
}

static void begin(Told *t)
{
    *t = (Told){ 0 };
    sp_open(&fake, INT64_C(1893456000000), (DriverSink){ t, on_event, NULL });
    sp_run(&fake, fake.now + 100);
    do_order((DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    sp_run(&fake, fake.now + 100);
    assert_string_equal(t->line, "link up, reconciled");
    t->line[0] = '\0';
}

static void place(CallId call, const char *number, ErrCode want)
{
    DriverOrder o = { .kind = ORDER_PLACE, .call = call, .ring_ms = 20000 };
    snprintf(o.number, sizeof o.number, "%s", number);
    do_order(o, want);
}

static void is_told(Told *t, int64_t ms, const char *want)
{
    sp_run(&fake, fake.now + ms);
    assert_string_equal(t->line, want);
    t->line[0] = '\0';
}

/* The phone says something else than what it would. */
static void says(const char *json)
{
    sp_say(&fake, json);
    sp_run(&fake, fake.now);
}

static void says_event(const char *type, const char *direction, const char *user, const char *id,
                       const char *param)
{
    char text[400];
    snprintf(text, sizeof text, "{\"event\":true,\"type\":\"%s\",\"class\":\"call\",\"direction\":"
             "\"%s\",\"peeruri\":\"sip:%s@x\",\"id\":\"%s\",\"param\":\"%s\"}", type, direction,
             user, id, param);
    says(text);
}

static void finish(void)
{
    fake.d->ops->close(fake.d);
    sp_release(&fake);
}

static void test_ringing_ends_in_time(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    place(1, "+15550102", ERR_NONE);
    is_told(&t, 19990, "ringing");
    is_told(&t, 20, "no answer");
    assert_string_equal(fake.asked, "dial +15550102;hangup;");
    finish();
}

static void test_what_is_dialled(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    do_order((DriverOrder){ .kind = ORDER_PLACE, .call = 1, .ring_ms = 20000, .number = "*100#",
                            .dial = "sip:{number}@pbx.example:5061" }, ERR_NONE);
    assert_string_equal(strstr(peer_output(fake.d)->s, "\"params\""),
                        "\"params\":\"sip:*100#@pbx.example:5061\"},");
    sp_run(&fake, fake.now);
    says_event("CALL_RINGING", "outgoing", "*100%23", "abc", "");
    is_told(&t, 0, "ringing");
    says_event("CALL_CLOSED", "outgoing", "*100%23", "abc", "486 Busy Here");
    is_told(&t, 0, "busy");
    do_order((DriverOrder){ .kind = ORDER_PLACE, .call = 2, .ring_ms = 20000, .number = "1",
                            .dial = "{number}\",\"x\":\"" }, ERR_INVALID);
    finish();
}

static void test_it_does_not_dial(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    fake.refuses = true;
    place(1, "+15550108", ERR_NONE);
    is_told(&t, 10, "trouble (mine: it does not dial: could not find UA\n), failed");
    assert_int_equal(driver_room(fake.d), 1);
    finish();
}

static void test_the_persons_own_call(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    says_event("CALL_RINGING", "outgoing", "999", "own", "");
    assert_int_equal(driver_room(fake.d), 0);
    place(1, "+15550108", ERR_FAILED);
    says_event("CALL_CLOSED", "outgoing", "999", "own", "486 Busy");
    assert_int_equal(driver_room(fake.d), 1);
    place(1, "+15550109", ERR_NONE);
    says_event("CALL_RINGING", "outgoing", "999", "own", "");         /* late */
    says_event("CALL_RINGING", "outgoing", "998", "other", "");       /* not what was dialled */
    is_told(&t, 3000, "ringing, answered, person");
    says_event("CALL_CLOSED", "outgoing", "998", "other", "x");
    is_told(&t, 100, "");
    /* Somebody rings in: `hangup` rejects him first. */
    sp_call_in(&fake, "+15553038");
    is_told(&t, 10, "call in");
    do_order((DriverOrder){ .kind = ORDER_HANGUP, .call = 1 }, ERR_NONE);
    is_told(&t, 100, "hang-up, hang-up");
    assert_string_equal(fake.asked, "dial +15550109;hangup;hangup;");
    assert_int_equal(driver_room(fake.d), 1);
    /* One that he takes by hand is his. */
    SpCall *c = sp_call_in(&fake, "+15553039");
    is_told(&t, 10, "call in");
    sp_answer(&fake, c);
    is_told(&t, 10, "hang-up");
    assert_int_equal(driver_room(fake.d), 0);
    sp_end(&fake, c, "Connection reset by user");
    is_told(&t, 10, "");
    assert_int_equal(driver_room(fake.d), 1);
    finish();
}

static void test_calls_that_were_up_before(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    sp_set_link(&fake, false);
    SpCall *own = sp_new(&fake, false, "999");
    own->up = true;
    sp_call_in(&fake, "+15553038");
    fake.reachable = true;
    t.line[0] = '\0';
    is_told(&t, 3000, "link up");
    do_order((DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    is_told(&t, 100, "reconciled");       /* who rings in without a name cannot be taken */
    assert_int_equal(driver_room(fake.d), 0);
    sp_end(&fake, own, "x");
    is_told(&t, 60000, "");
    assert_int_equal(driver_room(fake.d), 1);
    finish();
}

static void test_events_of_a_call_in_any_order(void **state)
{
    (void)state;
    static const char *const types[] = { "CALL_RINGING", "CALL_ESTABLISHED", "CALL_CLOSED" };
    static const int orders[6][3] = { { 0, 1, 2 }, { 0, 2, 1 }, { 1, 0, 2 }, { 1, 2, 0 },
                                      { 2, 0, 1 }, { 2, 1, 0 } };
    for (int missing = -1; missing < 3; missing++)
        for (int k = 0; k < 6; k++) {
            Told t;
            begin(&t);
            fake.reachable = true;
            DriverOrder o = { .kind = ORDER_PLACE, .call = 1, .ring_ms = 20000, .number = "7" };
            do_order(o, ERR_NONE);
            buf_reset(peer_output(fake.d));
            for (int i = 0; i < 6; i++)   /* each twice */
                if (orders[k][i / 2] != missing)
                    says_event(types[orders[k][i / 2]], "outgoing", "7", "abc", "500 x");
            sp_run(&fake, fake.now + 60000);
            int ends = 0;
            static const char *const names[] = { "busy", "no answer", "invalid", "failed",
                                                 "hang-up" };
            for (int i = 0; i < 5; i++)
                for (const char *p = t.line; (p = strstr(p, names[i])); p++)
                    ends++;
            /* without its end an answered call goes on */
            bool on = missing == 2;
            if (ends != (on ? 0 : 1))
                fail_msg("order %d without %d: %s", k, missing, t.line);
            finish();
        }
}

static void test_what_cannot_be_read(void **state)
{
    (void)state;
    Told t;
    begin(&t);
    says("hello");
    is_told(&t, 0, "trouble (mine: it says what cannot be read; that is left out)");
    says("[1,2]");
    says("{\"event\":true,\"type\":\"CALL_CLOSED\",\"id\":\"\xff\"}");
    says("{\"event\":true,\"type\":5,\"id\":{\"a\":[]},\"class\":\"call\"}");
    says("{\"response\":true}");
    Buf deep = { 0 };
    for (int i = 0; i < 30000; i++)
        buf_cstr(&deep, "[");
    says(deep.s);
    buf_release(&deep);
    for (int i = 0; i < 5000; i++) {      /* a flood of calls that nobody placed */
        char id[80];
        snprintf(id, sizeof id, "%07d-%060d", i, i);
        id[i % 2 ? 63 : 75] = '\0';
        says_event("CALL_RINGING", "outgoing", "1", id, "");
        says_event("CALL_INCOMING", "sideways", "1", id, "");
    }
    is_told(&t, 0, "");
    buf_cstr(&fake.wire, "this is no netstring");
    sp_run(&fake, fake.now);
    assert_non_null(strstr(t.line, "not a soft phone"));
    assert_non_null(strstr(t.line, "link down"));
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_netstrings_in_pieces),
        cmocka_unit_test(test_a_long_one_is_read_over),
        cmocka_unit_test(test_what_a_status_means),
        cmocka_unit_test(test_ringing_ends_in_time),
        cmocka_unit_test(test_what_is_dialled),
        cmocka_unit_test(test_it_does_not_dial),
        cmocka_unit_test(test_the_persons_own_call),
        cmocka_unit_test(test_calls_that_were_up_before),
        cmocka_unit_test(test_events_of_a_call_in_any_order),
        cmocka_unit_test(test_what_cannot_be_read),
    };
    return cmocka_run_group_tests_name("softphone", tests, NULL, NULL);
}

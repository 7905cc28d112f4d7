/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_ami.c -- the driver `ami` beyond the contract: how ends are judged, whatever the order of
 * what is said of them; the login; a wire that is hostile, slow or gone.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include "ami_fake.h"
#include <cmocka.h>               /* last: its macro `fail` is not ours */

typedef struct Heard {
    DriverEvent ev[20000];
    int n, batches, troubles;
    char trouble[400];
} Heard;

static Heard heard;
static Fake fake;

static void on_event(void *self, const DriverEvent *ev)
{
    Heard *h = self;
    if (ev->kind == DRIVER_TROUBLE) {
        h->troubles++;
        snprintf(h->trouble, sizeof h->trouble, "%s", ev->text);
        return;
    }
    assert_true(h->n < 20000);
    h->ev[h->n++] = *ev;
}

static void on_batch(void *self)
{
    ((Heard *)self)->batches++;
}

static int count(CallId call, DriverEventKind kind)
{
    int n = 0;
    for (int i = 0; i < heard.n; i++)
        n += heard.ev[i].call == call && heard.ev[i].kind == kind;
    return n;
}

static int kinds(DriverEventKind kind)
{
    int n = 0;
    for (int i = 0; i < heard.n; i++)
        n += heard.ev[i].kind == kind;
    return n;
}

static int ends(CallId call)
{
    int n = 0;
    for (int i = 0; i < heard.n; i++)
        n += heard.ev[i].call == call && driver_ends_call(heard.ev[i].kind);
    return n;
}

static void begin(void)
{
    heard = (Heard){ 0 };
    fake_release(&fake);
    fake_open(&fake, INT64_C(1893456000000), (DriverSink){ &heard, on_event, on_batch });
}

static void run(int64_t ms)
{
    fake_run(&fake, fake.now + ms);
}

static void finish(void)
{
    fake.d->ops->close(fake.d);
    fake_release(&fake);
    fake = (Fake){ 0 };
}

static bool give(DriverOrder o, Error *err)
{
    *err = (Error){ 0 };
    return driver_do(fake.d, &o, err);
}

static DriverOrder placing(CallId call, const char *number)
{
    DriverOrder o = { .kind = ORDER_PLACE, .call = call, .ring_ms = 25000, .wait_ms = 2000 };
    snprintf(o.number, sizeof o.number, "%s", number);
    return o;
}

static void place(CallId call, const char *number)
{
    Error err;
    if (!give(placing(call, number), &err))
        fail_msg("%s", err.msg);
}

static void connect_up(void)
{
    Error err;
    run(50);
    assert_int_equal(count(0, DRIVER_LINK_UP), 1);
    assert_true(give((DriverOrder){ .kind = ORDER_RECONCILE }, &err));
    run(50);
    assert_int_equal(count(0, DRIVER_RECONCILED), 1);
    heard.n = 0;
}

static void feed(const char *text)
{
    peer_receive(fake.d, text, strlen(text), fake.now);
}

/* ---- how a call ended ------------------------------------------------------------------------ */

typedef struct Row {
    const char *what;
    const char *before;       /* events until it ends, in order */
    const char *end[4];       /* events of the end, which come in any order */
    DriverEventKind kind;
} Row;

#define MADE "Event: Newchannel\r\nUniqueid: p1-c1-\r\nChannel: PJSIP/carrier-00000001\r\n\r\n"
#define RANG "Event: Newstate\r\nUniqueid: p1-c1-\r\nChannelState: 5\r\n\r\n" \
             "Event: DialState\r\nDestUniqueid: p1-c1-\r\nDialStatus: RINGING\r\n\r\n"
#define MEDIA "Event: DialState\r\nDestUniqueid: p1-c1-\r\nDialStatus: PROGRESS\r\n\r\n"
#define UP "Event: Newstate\r\nUniqueid: p1-c1-\r\nChannelState: 6\r\n\r\n"
#define FAILURE(reason) "Event: OriginateResponse\r\nActionID: o0.1-p1\r\nResponse: Failure\r\n" \
                        "Channel: PJSIP/15551230002@carrier\r\nReason: " #reason "\r\n\r\n"
#define SUCCESS "Event: OriginateResponse\r\nActionID: o0.1-p1\r\nResponse: Success\r\n" \
                "Reason: 4\r\n\r\n"
#define HANGUP(cause) "Event: Hangup\r\nUniqueid: p1-c1-\r\nCause: " #cause "\r\n\r\n"
#define ASKED(cause) "Event: HangupRequest\r\nUniqueid: p1-c1-\r\nCause: " #cause "\r\n\r\n"
#define DIAL_END(status) "Event: DialEnd\r\nDestUniqueid: p1-c1-\r\nDialStatus: " #status "\r\n\r\n"

/* What Asterisk 22.10 and 16.28 say of each far end. */
static const Row rows[] = {
    { "486", MADE, { ASKED(17), DIAL_END(BUSY), FAILURE(0), HANGUP(17) }, DRIVER_BUSY },
    { "rings out, 22", MADE RANG, { FAILURE(3), HANGUP(19) }, DRIVER_NO_ANSWER },
    { "rings out, 16", MADE RANG, { FAILURE(3), HANGUP(0) }, DRIVER_NO_ANSWER },
    { "480 after ringing", MADE RANG,
      { ASKED(19), DIAL_END(NOANSWER), FAILURE(0), HANGUP(19) }, DRIVER_NO_ANSWER },
    { "480 at once", MADE, { ASKED(19), DIAL_END(NOANSWER), FAILURE(0), HANGUP(19) },
      DRIVER_NO_ANSWER },
    { "603", MADE RANG, { ASKED(21), DIAL_END(NOANSWER), FAILURE(0), HANGUP(21) },
      DRIVER_NO_ANSWER },
    { "404", MADE, { ASKED(1), DIAL_END(NOANSWER), FAILURE(0), HANGUP(1) }, DRIVER_INVALID },
    { "410", MADE, { ASKED(22), DIAL_END(NOANSWER), FAILURE(0), HANGUP(22) }, DRIVER_INVALID },
    { "484", MADE, { ASKED(28), DIAL_END(NOANSWER), FAILURE(0), HANGUP(28) }, DRIVER_INVALID },
    { "503", MADE, { ASKED(34), DIAL_END(CONGESTION), FAILURE(0), HANGUP(34) }, DRIVER_FAILED },
    { "no reply, 22", MADE, { FAILURE(3), HANGUP(19) }, DRIVER_FAILED },
    { "no reply, 16", MADE, { FAILURE(3), HANGUP(0) }, DRIVER_FAILED },
    { "183, then nothing, 22", MADE MEDIA, { FAILURE(3), HANGUP(19) }, DRIVER_NO_ANSWER },
    { "183, then nothing, 16", MADE MEDIA, { FAILURE(3), HANGUP(0) }, DRIVER_NO_ANSWER },
    { "absent", MADE, { ASKED(20), FAILURE(0), HANGUP(20) }, DRIVER_NO_ANSWER },
    { "no route", MADE, { ASKED(3), FAILURE(0), HANGUP(3) }, DRIVER_FAILED },
    { "network out of order", MADE RANG, { ASKED(38), FAILURE(0), HANGUP(38) }, DRIVER_FAILED },
    { "interworking", MADE RANG, { ASKED(127), FAILURE(0), HANGUP(127) }, DRIVER_FAILED },
    { "answered, then gone", MADE RANG UP, { SUCCESS, DIAL_END(ANSWER), ASKED(16), HANGUP(16) },
      DRIVER_HANGUP },
    { "answered, cause not told", MADE RANG UP, { SUCCESS, DIAL_END(ANSWER), HANGUP(0) },
      DRIVER_HANGUP },
};

static int ends_of(const Row *row)
{
    int n = 0;
    while (n < 4 && row->end[n])
        n++;
    return n;
}

static void begin_call(void)
{
    begin();
    connect_up();
    fake.mute = true;                     /* the test speaks instead */
    place(1, "15551230002");
    run(10);
    feed("Response: Success\r\nActionID: o0.1-p1\r\n"
         "Message: Originate successfully queued\r\n\r\n");
}

static void expect_end(const Row *row, const char *how)
{
    run(3000);
    if (ends(1) != 1 || count(1, row->kind) != 1)
        fail_msg("%s (%s): %d ends, %d %s", row->what, how, ends(1), count(1, row->kind),
                 driver_event_name(row->kind));
    finish();
}

/* The k-th order of n things: place of the i-th. */
static void nth_order(int n, int k, int out[4])
{
    int left[4] = { 0, 1, 2, 3 };
    for (int i = 0; i < n; i++) {
        int f = 1;
        for (int j = 2; j < n - i; j++)
            f *= j;
        int at = k / f % (n - i);
        out[i] = left[at];
        memmove(&left[at], &left[at + 1], sizeof *left * (size_t)(3 - at));
    }
}

static void test_each_end_in_any_order(void **state)
{
    (void)state;
    static const int orders[] = { 1, 1, 2, 6, 24 };
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        int n = ends_of(&rows[r]);
        for (int k = 0; k < orders[n]; k++) {
            int order[4];
            nth_order(n, k, order);
            begin_call();
            feed(rows[r].before);
            for (int i = 0; i < n; i++)
                feed(rows[r].end[order[i]]);
            expect_end(&rows[r], "in another order");
        }
    }
}

static void test_each_end_told_twice(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++) {
        begin_call();
        feed(rows[r].before);
        feed(rows[r].before);
        for (int i = 0; i < ends_of(&rows[r]); i++) {
            feed(rows[r].end[i]);
            feed(rows[r].end[i]);
        }
        expect_end(&rows[r], "twice");
    }
}

/* Without the answer to the originate, or the dial's end, it is known all the same. */
static void test_each_end_with_something_missing(void **state)
{
    (void)state;
    for (size_t r = 0; r < sizeof rows / sizeof *rows; r++)
        for (int lost = 0; lost < ends_of(&rows[r]) - 1; lost++) {
            begin_call();
            feed(rows[r].before);
            for (int i = 0; i < ends_of(&rows[r]); i++)
                if (i != lost)
                    feed(rows[r].end[i]);
            expect_end(&rows[r], "one missing");
        }
}

static void test_early_media_is_no_answer(void **state)
{
    (void)state;
    begin_call();
    feed(MADE MEDIA RANG);
    run(5000);
    assert_int_equal(count(1, DRIVER_RINGING), 1);
    assert_int_equal(count(1, DRIVER_ANSWERED), 0);
    finish();
}

static void test_the_switch_may_forget_to_say_person(void **state)
{
    (void)state;
    begin_call();
    feed(MADE RANG SUCCESS);
    assert_int_equal(count(1, DRIVER_ANSWERED), 1);
    run(2000);
    assert_int_equal(count(1, DRIVER_PERSON), 1);
    finish();
}

/* ---- what is sent ---------------------------------------------------------------------------- */

static void test_an_originate_as_it_is_sent(void **state)
{
    (void)state;
    begin();
    connect_up();
    buf_reset(&fake.log);
    Error err;
    DriverOrder o = placing(1, "+15551230008");
    o.record = true;
    o.ring_ms = 3000;                     /* nobody may ring shorter than 15 s */
    assert_true(give(o, &err));
    o = placing(2, "5550100");
    o.detect_machine = true;
    assert_true(give(o, &err));
    run(10);
    assert_string_equal(fake.log.s,
        "Action=Originate|ActionID=o0.1-p1|Channel=PJSIP/+15551230008@carrier|"
        "Context=patter-customer|"
        "Exten=person|Priority=1|Timeout=15000|Async=true|CallerID=<15550000000>|"
        "Variable=PATTER_CALL=p1-c1-|Variable=PATTER_PATIENCE=3|"
        "Variable=PATTER_NOTE=p1-1|Variable=PATTER_RECORD=p1-c1-|"
        "ChannelId=p1-c1-|\n"
        "Action=Originate|ActionID=o1.2-p1|Channel=PJSIP/5550100@carrier|Context=patter-customer|"
        "Exten=detect|Priority=1|Timeout=25000|Async=true|CallerID=<15550000000>|"
        "Variable=PATTER_CALL=p1-c2-|Variable=PATTER_PATIENCE=3|"
        "Variable=PATTER_NOTE=p1-2|ChannelId=p1-c2-|\n");
    finish();
}

static int actions(void)
{
    int n = 0;
    for (const char *p = fake.log.s; p && (p = strstr(p, "Action=")) != NULL; p++)
        n += p == fake.log.s || p[-1] == '\n';
    return n;
}

static void test_hostile_values_are_one_action_or_none(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "1\r\nAction: Command\r\nCommand: core stop now", "1\nX: 1", "15&PJSIP/2", "15,1",
        "15@evil",
        "15|2", "${SHELL(id)}", "15(a)", "\x1b[2J", "王芳", "", " ", "+", "15;1", "15 1",
    };
    begin();
    connect_up();
    buf_reset(&fake.log);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Error err;
        assert_false(give(placing(1, bad[i]), &err));
        assert_int_equal(err.code, ERR_INVALID);
        DriverOrder o = { .kind = ORDER_PLAY, .call = 1 };
        snprintf(o.sound, sizeof o.sound, "%s", bad[i]);
        assert_false(give(o, &err));
    }
    run(100);
    assert_int_equal(actions(), 0);
    place(1, "15551230002");
    run(100);
    assert_int_equal(actions(), 1);
    finish();
}

static const char *bad_phone;

static bool give_bad_phone(void *self, AgentId agent, char out[static DRIVER_PHONE])
{
    (void)self;
    (void)agent;
    snprintf(out, DRIVER_PHONE, "%s", bad_phone);
    return true;
}

static void test_hostile_phones_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = { "8001\r\nX: y", "8001&SIP/1", "Local/x@y,1", "a b", "",
                                       "PJSIP/8001@x" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        Error err = { 0 };
        DriverHost host = { .sink = { &heard, on_event, NULL }, .phone = give_bad_phone };
        begin();
        fake.d->ops->close(fake.d);
        fake.d = ami_open(&fake_config, "secret", &host, fake.now, &err);
        peer_set_carrier(fake.d, (Carrier){ .self = &fake, .connect = fake_connect,
                                              .disconnect = fake_disconnect });
        connect_up();
        bad_phone = bad[i];
        buf_reset(&fake.log);
        assert_false(give((DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 1 }, &err));
        assert_int_equal(err.code, ERR_INVALID);
        run(100);
        assert_int_equal(actions(), 0);
        finish();
    }
}

/* ---- connection and login -------------------------------------------------------------------- */

static void test_a_refused_login_is_told_and_not_hammered(void **state)
{
    (void)state;
    begin();
    fake.refuse_login = "Authentication failed";
    run(60000);
    assert_int_equal(heard.n, 0);
    assert_non_null(strstr(heard.trouble, "pbx: the manager refuses the login: Authentication"));
    assert_true(fake.connections >= 2 && fake.connections <= 4);
    assert_null(strstr(fake.log.s, "secret"));    /* it is never sent, only what is made of it */
    finish();
}

static void test_not_an_asterisk(void **state)
{
    (void)state;
    begin();
    run(1);
    fake.mute = true;
    peer_connected(fake.d, fake.now);
    feed("SSH-2.0-OpenSSH_9.2\r\n");
    assert_non_null(strstr(heard.trouble, "not an Asterisk manager: SSH-2.0"));
    assert_int_equal(heard.n, 0);
    finish();
}

static void test_a_switch_that_hangs_is_left(void **state)
{
    (void)state;
    begin();
    connect_up();
    fake.mute = true;
    run(25000);
    assert_int_equal(count(0, DRIVER_LINK_DOWN), 1);
    assert_non_null(strstr(heard.trouble, "does not answer"));
    Error err;
    assert_false(give(placing(1, "15550100"), &err));
    assert_int_equal(err.code, ERR_UNREACHABLE);
    fake.mute = false;
    run(30000);
    assert_int_equal(count(0, DRIVER_LINK_UP), 1);
    finish();
}

static void test_pings_keep_a_quiet_link(void **state)
{
    (void)state;
    begin();
    connect_up();
    buf_reset(&fake.log);
    run(600000);
    assert_int_equal(count(0, DRIVER_LINK_DOWN), 0);
    assert_true(actions() >= 30 && actions() <= 60);
    finish();
}

/* 1, 2, 4 ... 30 s, each a quarter more or less. */
static void test_tries_come_further_apart(void **state)
{
    (void)state;
    begin();
    fake.reachable = false;
    static const int64_t most[] = { 1, 2, 4, 8, 16, 30, 30, 30 };
    run(10);
    for (size_t i = 0; i < sizeof most / sizeof *most; i++) {
        int64_t from = fake.now;
        int before = fake.connections;
        while (fake.connections == before)
            run(50);
        int64_t waited = fake.now - from;
        assert_true(waited >= most[i] * 750 - 100 && waited <= most[i] * 1250 + 100);
    }
    assert_int_equal(heard.troubles, 1);
    fake.reachable = true;
    run(40000);
    assert_int_equal(count(0, DRIVER_LINK_UP), 1);
    finish();
}

/* ---- trouble --------------------------------------------------------------------------------- */

static void test_an_unknown_trunk(void **state)
{
    (void)state;
    begin();
    connect_up();
    fake.no_trunk = "@carrier";
    for (CallId call = 1; call <= 3; call++) {
        place(call, "15551230008");
        run(3000);
        assert_int_equal(ends(call), 1);
        assert_int_equal(count(call, DRIVER_FAILED), 1);
        assert_int_equal(heard.troubles, call == 3);      /* one may be bad luck */
    }
    assert_non_null(strstr(heard.trouble, "PJSIP/{number}@carrier"));
    finish();
}

static void test_rights_that_lack(void **state)
{
    (void)state;
    begin_call();
    feed("Response: Error\r\nActionID: o0.1-p1\r\nMessage: Permission denied\r\n\r\n");
    assert_int_equal(count(1, DRIVER_FAILED), 1);
    assert_non_null(strstr(heard.trouble, "refuses to place calls: Permission denied"));
    run(5000);
    assert_int_equal(ends(1), 1);
    finish();
}

/* ---- a hostile wire -------------------------------------------------------------------------- */

static void test_a_flood_of_what_is_not_ours(void **state)
{
    (void)state;
    begin();
    connect_up();
    place(1, "15551230008");
    run(100);
    heard.n = 0;
    Buf b = { 0 };
    for (int i = 0; i < 100000; i++)
        buf_printf(&b, "Event: Newstate\r\nUniqueid: 17953206%d.1\r\nChannelState: 6\r\n\r\n"
                   "Event: Hangup\r\nUniqueid: p2-c%d-\r\nCause: 16\r\n\r\n"
                   "Response: Success\r\nActionID: o%d.%d-p1\r\n\r\n", i, i, i, -i);
    buf_cstr(&b, "Event: OriginateResponse\r\nActionID: o0.1-p2\r\nResponse: Failure\r\n"
             "Reason: 3\r\n\r\n");       /* of another database's first call */
    peer_receive(fake.d, b.s, b.n, fake.now);
    assert_int_equal(heard.n, 0);
    run(10000);
    assert_int_equal(count(1, DRIVER_PERSON), 1);
    buf_release(&b);
    finish();
}

static void test_messages_beyond_all_measure(void **state)
{
    (void)state;
    begin();
    connect_up();
    Buf b = { 0 };
    buf_cstr(&b, "Event: UserEvent\r\nUserEvent: PatterInbound\r\nUniqueid: 1.2\r\nNumber: ");
    for (int i = 0; i < 1 << 20; i++)
        buf_char(&b, '1');
    buf_cstr(&b, "\r\n\r\nEvent: UserEvent\r\nUserEvent: PatterInbound\r\nUniqueid: ");
    for (int i = 0; i < 5000; i++)
        buf_char(&b, '7');
    buf_cstr(&b, "\r\n\r\n");
    for (int round = 0; round < 3; round++)
        peer_receive(fake.d, b.s, b.n, fake.now);
    assert_int_equal(heard.troubles, 1);
    assert_int_equal(heard.n, 1);         /* the call in without its number */
    buf_release(&b);
    run(30000);
    assert_int_equal(count(0, DRIVER_LINK_DOWN), 0);
    finish();
}

/* Events late, twice and lost: with a list and a hang-up at the end, each call has ended once. */
static void test_a_bad_wire_for_a_day(void **state)
{
    (void)state;
    static const char *const numbers[] = { "15551230000", "15551230001", "15551230002",
        "15551230003", "15551230004", "15551230005", "15551230006", "15551230007", "15551230008",
        "15551230009" };
    for (int seed = 1; seed <= 20; seed++) {
        Error err;
        begin();
        rng_seed(&fake.rng, (uint64_t)seed, 0, 0, 0);
        connect_up();
        fake.jumble_ms = seed % 3 * 150;
        fake.twice = 0.2;
        fake.lost = seed % 2 ? 0.1 : 0;
        fake.piece = seed % 5 == 0 ? 1 : 0;
        for (CallId call = 1; call <= 100; call++) {
            place(call, numbers[call % 10]);
            run(100);
        }
        run(60000);
        fake.lost = 0;
        assert_true(give((DriverOrder){ .kind = ORDER_RECONCILE }, &err));
        run(1000);
        for (CallId call = 1; call <= 100; call++) {
            assert_true(ends(call) <= 1);
            assert_true(seed % 2 || ends(call) == 1);
            assert_true(give((DriverOrder){ .kind = ORDER_HANGUP, .call = call }, &err));
        }
        run(10000);
        for (CallId call = 1; call <= 100; call++)
            assert_true(ends(call) <= 1);
        for (int i = 0; i < fake.nchans; i++)
            assert_false(fake.chans[i].up);
        finish();
    }
}

static bool not_mine(void *self, CallId call)
{
    (void)self;
    return call != 2;
}

/* Another process finds what this one has left, but for what is somebody else's. */
static void test_calls_are_found_by_the_next_run(void **state)
{
    (void)state;
    Error err = { 0 };
    begin();
    connect_up();
    assert_true(give((DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 7 }, &err));
    run(500);
    for (CallId call = 1; call <= 3; call++) {
        DriverOrder o = placing(call, call == 3 ? "15551230002" : "15551230009");
        o.wait_ms = 60000;
        assert_true(give(o, &err));
    }
    run(5000);
    assert_true(give((DriverOrder){ .kind = ORDER_BRIDGE, .call = 1, .agent = 7 }, &err));
    run(500);
    assert_int_equal(count(1, DRIVER_BRIDGED), 1);
    fake.d->ops->close(fake.d);
    fake.connected = false;
    heard = (Heard){ 0 };
    DriverHost host = { .sink = { &heard, on_event, NULL }, .phone = fake_phone, .mine = not_mine };
    fake.d = ami_open(&fake_config, "secret", &host, fake.now, &err);
    peer_set_carrier(fake.d, (Carrier){ .self = &fake, .connect = fake_connect,
                                          .disconnect = fake_disconnect });
    run(50);
    assert_true(give((DriverOrder){ .kind = ORDER_RECONCILE }, &err));
    run(50);
    assert_int_equal(count(0, DRIVER_RECONCILED), 1);
    assert_int_equal(count(1, DRIVER_BRIDGED), 1);
    assert_int_equal(count(2, DRIVER_ANSWERED) + count(2, DRIVER_PERSON), 0);
    assert_int_equal(count(3, DRIVER_RINGING), 1);
    assert_int_equal(count(0, DRIVER_AGENT_UP), 1);
    heard.n = 0;
    assert_true(give((DriverOrder){ .kind = ORDER_HANGUP, .call = 1 }, &err));
    assert_true(give((DriverOrder){ .kind = ORDER_HANGUP, .call = 77 }, &err));
    run(30000);
    assert_true(ends(1) == 1 && ends(3) == 1 && ends(2) == 0 && ends(77) == 0);
    finish();
}

/* Who called in and was taken by another dialler meanwhile is not offered again after a lost link;
 * who still waits is. */
static void test_a_caller_whom_another_has_taken(void **state)
{
    (void)state;
    Error err = { 0 };
    begin();
    connect_up();
    fake_call_in(&fake, "15551230009", "15559999999");
    FakeChan *taken = &fake.chans[fake.nchans - 1];
    fake_call_in(&fake, "15551230008", "15559999999");
    run(500);
    assert_int_equal(kinds(DRIVER_INCOMING), 2);
    fake_set_link(&fake, false);
    snprintf(taken->context, sizeof taken->context, "patter-customer");
    heard.n = 0;
    fake_set_link(&fake, true);
    run(5000);
    assert_true(give((DriverOrder){ .kind = ORDER_RECONCILE }, &err));
    run(50);
    assert_int_equal(kinds(DRIVER_RECONCILED), 1);
    assert_int_equal(kinds(DRIVER_INCOMING), 1);
    finish();
}

/* What ended while the link was down is told as the dialplan wrote it down. */
static void test_notes_of_what_nobody_heard(void **state)
{
    (void)state;
    Error err = { 0 };
    static const char *const notes[] = { "message", "talked", "machine", NULL };
    begin();
    connect_up();
    assert_true(give((DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 7 }, &err));
    run(500);
    for (CallId call = 1; call <= 4; call++)
        place(call, "15551230002");
    run(2000);
    fake_set_link(&fake, false);
    for (CallId call = 1; call <= 4; call++)
        fake_vanish(&fake, call, notes[call - 1]);
    heard.n = 0;
    fake_set_link(&fake, true);
    run(5000);
    assert_int_equal(count(0, DRIVER_LINK_UP), 1);
    assert_true(give((DriverOrder){ .kind = ORDER_RECONCILE }, &err));
    run(50);
    assert_int_equal(count(0, DRIVER_RECONCILED), 1);
    for (CallId call = 1; call <= 3; call++)
        assert_int_equal(count(call, DRIVER_HANGUP), 1);
    assert_int_equal(count(1, DRIVER_PERSON), 1);
    assert_int_equal(count(1, DRIVER_BRIDGE_FAILED), 1);
    assert_int_equal(count(2, DRIVER_BRIDGED), 1);
    assert_int_equal(count(3, DRIVER_MACHINE), 1);
    assert_int_equal(ends(4) + count(4, DRIVER_ANSWERED), 0);     /* nothing is known */
    finish();
}

/* The answer to a Bridge comes before anybody is in it. */
static void test_joined_is_who_is_in_the_bridge(void **state)
{
    (void)state;
    Error err = { 0 };
    begin();
    connect_up();
    assert_true(give((DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 7 }, &err));
    run(500);
    place(1, "15551230009");
    run(1500);
    fake.mute = true;                     /* the test speaks instead */
    assert_true(give((DriverOrder){ .kind = ORDER_BRIDGE, .call = 1, .agent = 7 }, &err));
    run(50);
    feed("Response: Success\r\nActionID: b1.1-p1\r\nMessage: Channels have been bridged\r\n\r\n");
    feed("Event: BridgeEnter\r\nUniqueid: p1-c1-\r\nBridgeNumChannels: 1\r\n\r\n");
    assert_int_equal(count(1, DRIVER_BRIDGED), 0);
    feed("Event: BridgeEnter\r\nUniqueid: p1-c1-\r\nBridgeNumChannels: 2\r\n\r\n");
    assert_int_equal(count(1, DRIVER_BRIDGED), 1);
    finish();
}

static void test_a_turn_ends_with_batch(void **state)
{
    (void)state;
    begin();
    connect_up();
    heard.batches = 0;
    place(1, "15551230001");
    run(5000);
    assert_true(heard.batches >= 1 && heard.batches <= heard.n);
    finish();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_end_in_any_order),
        cmocka_unit_test(test_each_end_told_twice),
        cmocka_unit_test(test_each_end_with_something_missing),
        cmocka_unit_test(test_early_media_is_no_answer),
        cmocka_unit_test(test_the_switch_may_forget_to_say_person),
        cmocka_unit_test(test_an_originate_as_it_is_sent),
        cmocka_unit_test(test_hostile_values_are_one_action_or_none),
        cmocka_unit_test(test_hostile_phones_are_refused),
        cmocka_unit_test(test_a_refused_login_is_told_and_not_hammered),
        cmocka_unit_test(test_not_an_asterisk),
        cmocka_unit_test(test_a_switch_that_hangs_is_left),
        cmocka_unit_test(test_pings_keep_a_quiet_link),
        cmocka_unit_test(test_tries_come_further_apart),
        cmocka_unit_test(test_an_unknown_trunk),
        cmocka_unit_test(test_rights_that_lack),
        cmocka_unit_test(test_a_flood_of_what_is_not_ours),
        cmocka_unit_test(test_messages_beyond_all_measure),
        cmocka_unit_test(test_a_bad_wire_for_a_day),
        cmocka_unit_test(test_calls_are_found_by_the_next_run),
        cmocka_unit_test(test_a_caller_whom_another_has_taken),
        cmocka_unit_test(test_notes_of_what_nobody_heard),
        cmocka_unit_test(test_joined_is_who_is_in_the_bridge),
        cmocka_unit_test(test_a_turn_ends_with_batch),
    };
    return cmocka_run_group_tests_name("ami", tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_driver.c -- the contract of driver.h as one suite, run on every driver that can be had here.
 *
 * A Subject says how a driver is opened, how time passes for it, and which number behaves how.
 */
#include "dialer/nodes.h"
#include "dialer/sim.h"
#include "dialer/trunks.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include "ami_fake.h"
#include "esl_fake.h"
#include "handoff_fake.h"
#include "softphone_fake.h"
#include <cmocka.h>               /* last: its macro `fail` is not ours */

typedef enum Behaviour { PERSON, PERSON_STAYS, MACHINE, BUSY, INVALID, CONGESTED,
                         RINGS_ON } Behaviour;

#define MAX_EVENTS 4096

typedef struct Bench Bench;

typedef struct Subject {
    const char *name, *adapter;
    Driver *(*open)(Bench *b);
    void (*run)(Bench *b, int64_t ms);            /* let that much time pass */
    const char *(*number)(Behaviour how);
    void (*link)(Bench *b, bool up);  /* cut or mend the connection to the switch; NULL: none */
    void (*call_in)(Bench *b);        /* +15553038 calls +15550100; NULL: cannot be */
} Subject;

struct Bench {
    const Subject *subject;
    Driver *d;
    int64_t now;
    bool inside;              /* in an order */
    DriverEvent events[MAX_EVENTS];
    int n;
};

static void on_event(void *self, const DriverEvent *ev)
{
    Bench *b = self;
    assert_false(b->inside);
    assert_true(b->n < MAX_EVENTS);
    if (ev->kind == DRIVER_TROUBLE)       /* is for people */
        return;
    if (ev->kind == DRIVER_INCOMING) {
        assert_string_equal(ev->number, "+15553038");
        assert_string_equal(ev->called, "+15550100");
        assert_true(ev->call < 0);
    }
    b->events[b->n++] = *ev;
}

/* ---- the subject "sim" ----------------------------------------------------------------------- */

static Driver *sim_subject_open(Bench *b)
{
    SimWorld w = world_defaults();
    w.by_number = true;
    return sim_open(&w, 1, b->now, (DriverSink){ b, on_event });
}

static void sim_subject_run(Bench *b, int64_t ms)
{
    b->now += ms;
    b->d->ops->advance(b->d, b->now);
}

static const char *sim_subject_number(Behaviour how)
{
    static const char *const numbers[] = { [PERSON] = "+15553038", [PERSON_STAYS] = "+15553009",
                                           [MACHINE] = "+15553093", [BUSY] = "+15553001",
                                           [INVALID] = "+15553000", [CONGESTED] = "+15553004",
                                           [RINGS_ON] = "+15553002" };
    return numbers[how];
}

static void sim_subject_link(Bench *b, bool up)
{
    sim_set_link(b->d, up);
}

static void sim_subject_call_in(Bench *b)
{
    sim_call_in(b->d, "+15553038", "+15550100");
}

/* ---- the subject "trunks": two of them, on the simulated switch ------------------------------ */

static Driver *trunks_subject_open(Bench *b)
{
    static const SwitchConfig two[] = {
        { .name = "a", .adapter = "sim", .host = "", .dial = "A", .caller = "", .share = 2 },
        { .name = "b", .adapter = "sim", .host = "", .dial = "B", .caller = "", .share = 1 },
    };
    SimWorld w = world_defaults();
    Error err = { 0 };
    w.by_number = true;
    DriverHost host = { .sink = { b, on_event, NULL }, .now = b->now, .seed = 1, .world = &w };
    return trunks_open(two, 2, &host, &err);
}

static void trunks_subject_link(Bench *b, bool up)
{
    sim_set_link(trunks_inner(b->d), up);
}

static void trunks_subject_call_in(Bench *b)
{
    sim_call_in(trunks_inner(b->d), "+15553038", "+15550100");
}

/* ---- the subject "nodes": two simulated switches --------------------------------------------- */

static Driver *nodes_subject_open(Bench *b)
{
    static const SwitchConfig two[] = {
        { .name = "a", .adapter = "sim", .host = "a", .dial = "A", .caller = "", .share = 1 },
        { .name = "b", .adapter = "sim", .host = "b", .dial = "B", .caller = "", .share = 1 },
    };
    SimWorld w = world_defaults();
    Error err = { 0 };
    w.by_number = true;
    DriverHost host = { .sink = { b, on_event, NULL }, .now = b->now, .seed = 1, .world = &w };
    return drivers_open(two, 2, &host, &err);
}

static void nodes_subject_link(Bench *b, bool up)
{
    sim_set_link(nodes_inner(b->d, 0), up);
    sim_set_link(nodes_inner(b->d, 1), up);
}

static void nodes_subject_call_in(Bench *b)
{
    sim_call_in(nodes_inner(b->d, 0), "+15553038", "+15550100");
}

/* ---- the subject "ami": the driver on an Asterisk that is a fake ---------------------------- */

static Fake fake;

static Driver *ami_subject_open(Bench *b)
{
    fake_release(&fake);
    return fake_open(&fake, b->now, (DriverSink){ b, on_event });
}

/* Another wire for the same Asterisk: bytes one by one, events out of order and twice. */
static Driver *bad_ami_subject_open(Bench *b)
{
    Driver *d = ami_subject_open(b);
    fake.piece = 1;
    fake.jumble_ms = 80;
    fake.twice = 0.3;
    fake.old = true;
    return d;
}

static void ami_subject_run(Bench *b, int64_t ms)
{
    b->now += ms;
    fake_run(&fake, b->now);
}

static void ami_subject_link(Bench *b, bool up)
{
    (void)b;
    fake_set_link(&fake, up);
}

static void ami_subject_call_in(Bench *b)
{
    (void)b;
    fake_call_in(&fake, "+15553038", "+15550100");
}

/* ---- the subject "command": programs that are none ------------------------------------------- */

static HandoffFake programs;

static Driver *handoff_subject_open(Bench *b)
{
    return handoff_fake_open(&programs, b->now, (DriverSink){ b, on_event });
}

static void handoff_subject_run(Bench *b, int64_t ms)
{
    b->now += ms;
    handoff_fake_run(&programs, b->now);
}

/* ---- the subject "softphone": a phone that is a fake ----------------------------------------- */

static SpFake softphone;

static Driver *softphone_subject_open(Bench *b)
{
    sp_release(&softphone);
    return sp_open(&softphone, b->now, (DriverSink){ b, on_event, NULL });
}

static Driver *bad_softphone_subject_open(Bench *b)
{
    Driver *d = softphone_subject_open(b);
    softphone.piece = 1;
    softphone.jumble_ms = 80;
    softphone.twice = 0.3;
    return d;
}

static void softphone_subject_run(Bench *b, int64_t ms)
{
    b->now += ms;
    sp_run(&softphone, b->now);
}

static void softphone_subject_link(Bench *b, bool up)
{
    (void)b;
    sp_set_link(&softphone, up);
}

static void softphone_subject_call_in(Bench *b)
{
    (void)b;
    sp_call_in(&softphone, "+15553038");
}

/* ---- the subject "esl": a FreeSWITCH that is a fake ------------------------------------------ */

static FsFake freeswitch;

static Driver *esl_subject_open(Bench *b)
{
    fs_release(&freeswitch);
    return fs_open(&freeswitch, b->now, (DriverSink){ b, on_event, NULL });
}

static Driver *bad_esl_subject_open(Bench *b)
{
    Driver *d = esl_subject_open(b);
    freeswitch.piece = 1;
    freeswitch.jumble_ms = 80;
    freeswitch.twice = 0.3;
    return d;
}

static void esl_subject_run(Bench *b, int64_t ms)
{
    b->now += ms;
    fs_run(&freeswitch, b->now);
}

static void esl_subject_link(Bench *b, bool up)
{
    (void)b;
    fs_set_link(&freeswitch, up);
}

static const Subject subjects[] = {
    { "sim", "sim", sim_subject_open, sim_subject_run, sim_subject_number, sim_subject_link,
      sim_subject_call_in },
    { "nodes", "sim", nodes_subject_open, sim_subject_run, sim_subject_number, nodes_subject_link,
      nodes_subject_call_in },
    { "trunks", "sim", trunks_subject_open, sim_subject_run, sim_subject_number,
      trunks_subject_link, trunks_subject_call_in },
    { "ami", "ami", ami_subject_open, ami_subject_run, sim_subject_number, ami_subject_link,
      ami_subject_call_in },
    { "ami, badly connected", "ami", bad_ami_subject_open, ami_subject_run, sim_subject_number,
      ami_subject_link, ami_subject_call_in },
    { "command", "command", handoff_subject_open, handoff_subject_run, sim_subject_number, NULL,
      NULL },
    { "softphone", "softphone", softphone_subject_open, softphone_subject_run, sim_subject_number,
      softphone_subject_link, softphone_subject_call_in },
    { "softphone, badly connected", "softphone", bad_softphone_subject_open,
      softphone_subject_run, sim_subject_number, softphone_subject_link,
      softphone_subject_call_in },
    { "esl", "esl", esl_subject_open, esl_subject_run, sim_subject_number, esl_subject_link,
      NULL },
    { "esl, badly connected", "esl", bad_esl_subject_open, esl_subject_run, sim_subject_number,
      esl_subject_link, NULL },
};

/* ---- helpers --------------------------------------------------------------------------------- */

static void bench_open(Bench *b, const Subject *s)
{
    *b = (Bench){ .subject = s, .now = INT64_C(1893456000000) };
    b->d = s->open(b);
}

static void run(Bench *b, int64_t ms)
{
    b->subject->run(b, ms);
}

static bool order(Bench *b, DriverOrder o, ErrCode want)
{
    Error err = { 0 };
    b->inside = true;
    bool ok = driver_do(b->d, &o, &err);
    b->inside = false;
    assert_int_equal(err.code, want);
    assert_int_equal(ok, want == ERR_NONE);
    return ok;
}

static DriverOrder placing(Bench *b, CallId call, Behaviour how)
{
    DriverOrder o = { .kind = ORDER_PLACE, .call = call, .ring_ms = 20000, .detect_machine = true,
                      .wait_ms = 20000, .attempt = 1, .key = (uint64_t)call };
    const char *number = b->subject->number(how);
    memcpy(o.number, number, strlen(number) + 1);
    return o;
}

static void place(Bench *b, CallId call, Behaviour how)
{
    order(b, placing(b, call, how), ERR_NONE);
}

static void hang_up(Bench *b, CallId call)
{
    order(b, (DriverOrder){ .kind = ORDER_HANGUP, .call = call, .why = HANGUP_NORMAL }, ERR_NONE);
}

static int count(const Bench *b, CallId call, DriverEventKind kind)
{
    int n = 0;
    for (int i = 0; i < b->n; i++)
        n += b->events[i].call == call && b->events[i].kind == kind;
    return n;
}

static int ends(const Bench *b, CallId call)
{
    int n = 0;
    for (int i = 0; i < b->n; i++)
        n += b->events[i].call == call && driver_ends_call(b->events[i].kind);
    return n;
}

static const DriverEvent *last_of(const Bench *b, CallId call)
{
    for (int i = b->n - 1; i >= 0; i--)
        if (b->events[i].call == call)
            return &b->events[i];
    return NULL;
}

static bool can(const Bench *b, unsigned what)
{
    return (driver_type(b->subject->adapter)->can & what) == what;
}

static void connect_up(Bench *b)
{
    run(b, 100);
    assert_true(count(b, 0, DRIVER_LINK_UP) > 0);
    order(b, (DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    run(b, 100);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_RECONCILED);
}

static void agent_up(Bench *b, AgentId agent)
{
    order(b, (DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = agent }, ERR_NONE);
    run(b, 1000);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_AGENT_UP);
    assert_int_equal(b->events[b->n - 1].agent, agent);
}

/* A person waits for an agent. */
static void reach_person(Bench *b, CallId call, Behaviour how)
{
    place(b, call, how);
    for (int i = 0; i < 200 && !count(b, call, DRIVER_PERSON); i++)
        run(b, 100);
    assert_int_equal(count(b, call, DRIVER_PERSON), 1);
}

static void bridge(Bench *b, CallId call, AgentId agent)
{
    order(b, (DriverOrder){ .kind = ORDER_BRIDGE, .call = call, .agent = agent }, ERR_NONE);
    run(b, 500);
}

/* ---- the contract ---------------------------------------------------------------------------- */

static void starts_down(Bench *b)
{
    order(b, placing(b, 1, PERSON), ERR_UNREACHABLE);
    order(b, (DriverOrder){ .kind = ORDER_RECONCILE }, ERR_UNREACHABLE);
    order(b, (DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 1 }, ERR_UNREACHABLE);
    assert_int_equal(b->n, 0);
    run(b, 100);
    assert_int_equal(b->events[0].kind, DRIVER_LINK_UP);
    run(b, 60000);
    assert_null(last_of(b, 1));
}

static void a_person_talks(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON);
    assert_int_equal(count(b, 1, DRIVER_ANSWERED), 1);
    bridge(b, 1, 7);
    assert_int_equal(count(b, 1, DRIVER_BRIDGED), 1);
    run(b, 60000);
    assert_int_equal(ends(b, 1), 1);
    assert_int_equal(last_of(b, 1)->kind, DRIVER_HANGUP);
    assert_int_equal(last_of(b, 1)->by, BY_CUSTOMER);
    assert_int_equal(count(b, 0, DRIVER_AGENT_DOWN), 0);
}

static void we_end_a_talk(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    bridge(b, 1, 7);
    run(b, 60000);
    assert_int_equal(ends(b, 1), 0);
    hang_up(b, 1);
    run(b, 10000);
    assert_int_equal(ends(b, 1), 1);
    assert_int_equal(last_of(b, 1)->kind, DRIVER_HANGUP);
}

static void a_machine_waits_for_our_word(Bench *b)
{
    connect_up(b);
    place(b, 1, MACHINE);
    for (int i = 0; i < 200 && !count(b, 1, DRIVER_MACHINE); i++)
        run(b, 100);
    assert_int_equal(count(b, 1, DRIVER_MACHINE), 1);
    assert_int_equal(count(b, 1, DRIVER_PERSON), 0);
    assert_int_equal(ends(b, 1), 0);
    hang_up(b, 1);
    run(b, 10000);
    assert_int_equal(ends(b, 1), 1);
}

static void undetected_is_a_person(Bench *b)
{
    connect_up(b);
    DriverOrder o = placing(b, 1, MACHINE);
    o.detect_machine = false;
    order(b, o, ERR_NONE);
    for (int i = 0; i < 200 && !count(b, 1, DRIVER_ANSWERED); i++)
        run(b, 100);
    run(b, 100);
    assert_int_equal(count(b, 1, DRIVER_PERSON), 1);
    assert_int_equal(count(b, 1, DRIVER_MACHINE), 0);
}

static void each_way_of_failing(Bench *b)
{
    connect_up(b);
    static const struct { Behaviour how; DriverEventKind kind; } cases[] = {
        { BUSY, DRIVER_BUSY }, { INVALID, DRIVER_INVALID }, { CONGESTED, DRIVER_FAILED },
        { RINGS_ON, DRIVER_NO_ANSWER },
    };
    for (int i = 0; i < 4; i++) {
        place(b, i + 1, cases[i].how);
        if (!can(b, DRIVER_MANY))
            run(b, 60000);
    }
    run(b, 60000);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ends(b, i + 1), 1);
        assert_int_equal(last_of(b, i + 1)->kind, cases[i].kind);
        assert_int_equal(count(b, i + 1, DRIVER_ANSWERED), 0);
    }
}

static void rings_as_long_as_told(Bench *b)
{
    connect_up(b);
    place(b, 1, RINGS_ON);
    run(b, 19000);
    assert_int_equal(ends(b, 1), 0);
    run(b, 3000);
    assert_int_equal(ends(b, 1), 1);
    assert_true(last_of(b, 1)->at >= b->events[0].at + 20000);
}

static void cancel_before_an_answer(Bench *b)
{
    connect_up(b);
    place(b, 1, PERSON_STAYS);
    order(b, (DriverOrder){ .kind = ORDER_HANGUP, .call = 1, .why = HANGUP_CANCEL }, ERR_NONE);
    run(b, 60000);
    assert_int_equal(ends(b, 1), 1);
    assert_int_equal(count(b, 1, DRIVER_ANSWERED), 0);
}

static void hanging_up_what_is_over_does_nothing(Bench *b)
{
    connect_up(b);
    place(b, 1, BUSY);
    run(b, 20000);
    int n = b->n;
    hang_up(b, 1);
    hang_up(b, 1);
    hang_up(b, 987654321);
    run(b, 20000);
    assert_int_equal(b->n, n);
}

static void hanging_up_twice_ends_once(Bench *b)
{
    connect_up(b);
    reach_person(b, 1, PERSON_STAYS);
    hang_up(b, 1);
    hang_up(b, 1);
    run(b, 10000);
    assert_int_equal(ends(b, 1), 1);
}

static void an_id_is_dialled_once(Bench *b)
{
    connect_up(b);
    place(b, 1, RINGS_ON);
    order(b, placing(b, 1, BUSY), ERR_CONFLICT);
    run(b, 60000);
    if (can(b, DRIVER_HEARS))
        assert_int_equal(last_of(b, 1)->kind, DRIVER_NO_ANSWER);
    hang_up(b, 1);
    run(b, 60000);
    assert_int_equal(ends(b, 1), 1);
}

/* Another call than the one that is up. */
static void one_call_at_a_time(Bench *b)
{
    if (can(b, DRIVER_MANY))
        return;
    connect_up(b);
    agent_up(b, 7);
    assert_int_equal(driver_room(b->d), 1);
    place(b, 1, PERSON_STAYS);
    assert_int_equal(driver_room(b->d), 0);
    order(b, placing(b, 2, PERSON), ERR_FAILED);
    order(b, (DriverOrder){ .kind = ORDER_AGENT_CALL, .agent = 8 }, ERR_REFUSED);
    hang_up(b, 1);
    run(b, 10000);
    assert_int_equal(driver_room(b->d), 1);
    assert_null(last_of(b, 2));
}

static void what_it_cannot_do_is_refused(Bench *b)
{
    static const struct { unsigned can; DriverOrder order; } all[] = {
        { DRIVER_PLAYS, { .kind = ORDER_PLAY, .call = 1, .sound = "x" } },
        { DRIVER_RECORDS, { .kind = ORDER_RECORD, .call = 1 } },
        { DRIVER_TAKES, { .kind = ORDER_TAKE, .call = 2, .incoming = -1 } },
        { DRIVER_SUPERVISES, { .kind = ORDER_SUPERVISE, .supervisor = 9, .agent = 7,
                               .how = SUPERVISE_LISTEN } },
    };
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    int n = b->n;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        if (!can(b, all[i].can))
            order(b, all[i].order, ERR_REFUSED);
    assert_int_equal(b->n, n);
}

static void hostile_numbers_are_refused(Bench *b)
{
    connect_up(b);
    static const char *const bad[] = { "", "+1 555 0100", "5550100\r\nAction: Command",
                                       "5550100&SIP/x", "555,1",
                                       "555@evil", "\x1b[2J", "555'", "sip:555", "５５５", "555|1",
                                       "555(1)" };
    int n = b->n;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        DriverOrder o = placing(b, (CallId)i + 1, PERSON);
        memset(o.number, 0, sizeof o.number);
        memcpy(o.number, bad[i], strlen(bad[i]));
        order(b, o, ERR_INVALID);
    }
    run(b, 60000);
    assert_int_equal(b->n, n);
}

static void bridging_who_has_left(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    hang_up(b, 1);
    bridge(b, 1, 7);
    run(b, 10000);
    assert_int_equal(count(b, 1, DRIVER_BRIDGED), 0);
    assert_int_equal(ends(b, 1), 1);
    bridge(b, 1, 7);
    assert_int_equal(count(b, 1, DRIVER_BRIDGED), 0);
}

static void bridging_to_a_dead_phone(Bench *b)
{
    connect_up(b);
    reach_person(b, 1, PERSON_STAYS);
    bridge(b, 1, 7);
    assert_int_equal(count(b, 1, DRIVER_BRIDGE_FAILED), 1);
    assert_int_equal(ends(b, 1), 0);
    agent_up(b, 8);
    bridge(b, 1, 8);
    assert_int_equal(count(b, 1, DRIVER_BRIDGED), 1);
}

static void phones_go_up_and_down(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    agent_up(b, 7);
    order(b, (DriverOrder){ .kind = ORDER_AGENT_DROP, .agent = 7 }, ERR_NONE);
    order(b, (DriverOrder){ .kind = ORDER_AGENT_DROP, .agent = 8 }, ERR_NONE);
    run(b, 1000);
    assert_int_equal(count(b, 0, DRIVER_AGENT_DOWN), 1);
}

static void reconcile_says_the_call(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    bridge(b, 1, 7);
    b->n = 0;
    order(b, (DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    run(b, 1000);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_RECONCILED);
    assert_true(count(b, 1, DRIVER_BRIDGED) == 1 && count(b, 1, DRIVER_PERSON) == 1);
    assert_int_equal(count(b, 0, DRIVER_AGENT_UP), 1);
    hang_up(b, 1);
    run(b, 10000);
    b->n = 0;
    order(b, (DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    run(b, 1000);
    assert_null(last_of(b, 1));
}

static void reconcile_says_all_that_is_true(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    bridge(b, 1, 7);
    place(b, 2, BUSY);
    run(b, 10000);
    place(b, 3, RINGS_ON);
    run(b, 5000);
    b->n = 0;
    order(b, (DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    run(b, 1000);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_RECONCILED);
    assert_true(count(b, 1, DRIVER_BRIDGED) == 1 && count(b, 1, DRIVER_PERSON) == 1);
    assert_null(last_of(b, 2));
    assert_int_equal(last_of(b, 3)->kind, DRIVER_RINGING);
    assert_int_equal(count(b, 0, DRIVER_AGENT_UP), 1);
    run(b, 60000);
    assert_int_equal(ends(b, 3), 1);
    assert_int_equal(ends(b, 1), 0);
}

static void calls_outlive_the_link(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    bridge(b, 1, 7);
    place(b, 2, BUSY);
    b->subject->link(b, false);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_LINK_DOWN);
    order(b, placing(b, 3, PERSON), ERR_UNREACHABLE);
    order(b, (DriverOrder){ .kind = ORDER_HANGUP, .call = 1 }, ERR_UNREACHABLE);
    int n = b->n;
    run(b, 10000);
    assert_int_equal(b->n, n);            /* nothing is heard, though the call to 2 ended */
    b->n = 0;
    b->subject->link(b, true);
    for (int i = 0; i < 600 && !count(b, 0, DRIVER_LINK_UP); i++)
        run(b, 100);
    connect_up(b);
    assert_int_equal(count(b, 1, DRIVER_BRIDGED), 1);
    assert_null(last_of(b, 2));
    assert_null(last_of(b, 3));
    hang_up(b, 1);
    run(b, 10000);
    assert_int_equal(ends(b, 1), 1);
}

static void a_call_outlives_the_link(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    bridge(b, 1, 7);
    b->subject->link(b, false);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_LINK_DOWN);
    order(b, placing(b, 3, PERSON), ERR_UNREACHABLE);
    order(b, (DriverOrder){ .kind = ORDER_HANGUP, .call = 1 }, ERR_UNREACHABLE);
    run(b, 10000);
    b->n = 0;
    b->subject->link(b, true);
    for (int i = 0; i < 600 && !count(b, 0, DRIVER_LINK_UP); i++)
        run(b, 100);
    connect_up(b);
    assert_int_equal(count(b, 1, DRIVER_BRIDGED), 1);
    assert_int_equal(count(b, 0, DRIVER_AGENT_UP), 1);
    hang_up(b, 1);
    run(b, 10000);
    assert_int_equal(ends(b, 1), 1);
}

static void a_message_is_played_to_the_end(Bench *b)
{
    connect_up(b);
    reach_person(b, 1, PERSON_STAYS);
    order(b, (DriverOrder){ .kind = ORDER_PLAY, .call = 1, .sound = "patter/../x" }, ERR_INVALID);
    order(b, (DriverOrder){ .kind = ORDER_PLAY, .call = 1, .sound = "/etc/x" }, ERR_INVALID);
    order(b, (DriverOrder){ .kind = ORDER_PLAY, .call = 1, .sound = "patter/message" }, ERR_NONE);
    run(b, 60000);
    assert_int_equal(ends(b, 1), 1);
    assert_int_equal(last_of(b, 1)->kind, DRIVER_HANGUP);
    order(b, (DriverOrder){ .kind = ORDER_PLAY, .call = 1, .sound = "patter/message" }, ERR_NONE);
    run(b, 10000);
    assert_int_equal(ends(b, 1), 1);
}

static void a_recording_can_pause(Bench *b)
{
    connect_up(b);
    DriverOrder o = placing(b, 1, PERSON_STAYS);
    o.record = true;
    order(b, o, ERR_NONE);
    for (int i = 0; i < 200 && !count(b, 1, DRIVER_PERSON); i++)
        run(b, 100);
    for (int on = 0; on < 2; on++)
        order(b, (DriverOrder){ .kind = ORDER_RECORD, .call = 1, .record = on }, ERR_NONE);
    run(b, 1000);
    assert_int_equal(ends(b, 1), 0);
    hang_up(b, 1);
    run(b, 10000);
    assert_int_equal(ends(b, 1), 1);
}

static void supervise(Bench *b, Supervise how)
{
    order(b, (DriverOrder){ .kind = ORDER_SUPERVISE, .supervisor = 9, .agent = 7, .how = how },
          ERR_NONE);
    run(b, 1000);
}

static void a_supervisor_listens(Bench *b)
{
    connect_up(b);
    supervise(b, SUPERVISE_LISTEN);
    assert_int_equal(count(b, 0, DRIVER_LISTENING), 0);       /* there is no leg to listen to */
    assert_int_equal(count(b, 0, DRIVER_LISTEN_OVER), 1);
    agent_up(b, 7);
    b->n = 0;
    supervise(b, SUPERVISE_LISTEN);
    assert_int_equal(count(b, 0, DRIVER_LISTENING), 1);
    assert_int_equal(b->events[0].agent, 7);
    supervise(b, SUPERVISE_STOP);
    assert_int_equal(count(b, 0, DRIVER_LISTEN_OVER), 1);
    supervise(b, SUPERVISE_STOP);
    assert_int_equal(count(b, 0, DRIVER_LISTEN_OVER), 1);
    supervise(b, SUPERVISE_BARGE);
    order(b, (DriverOrder){ .kind = ORDER_AGENT_DROP, .agent = 7 }, ERR_NONE);
    run(b, 1000);
    assert_int_equal(count(b, 0, DRIVER_LISTEN_OVER), 2);
    assert_int_equal(count(b, 0, DRIVER_AGENT_DOWN), 1);
}

static CallId call_in(Bench *b)
{
    b->subject->call_in(b);
    run(b, 500);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_INCOMING);
    return b->events[b->n - 1].call;
}

static void who_calls_in_talks(Bench *b)
{
    connect_up(b);
    agent_up(b, 7);
    CallId in = call_in(b);
    order(b, (DriverOrder){ .kind = ORDER_TAKE, .incoming = in, .call = 5 }, ERR_NONE);
    run(b, 500);
    assert_int_equal(count(b, 5, DRIVER_PERSON), 1);
    order(b, (DriverOrder){ .kind = ORDER_TAKE, .incoming = in, .call = 6 }, ERR_NOT_FOUND);
    bridge(b, 5, 7);
    assert_int_equal(count(b, 5, DRIVER_BRIDGED), 1);
    hang_up(b, 5);
    run(b, 10000);
    assert_int_equal(ends(b, 5), 1);
    assert_int_equal(ends(b, in), 0);
}

static void who_calls_in_is_named_again(Bench *b)
{
    connect_up(b);
    CallId in = call_in(b);
    order(b, (DriverOrder){ .kind = ORDER_RECONCILE }, ERR_NONE);
    run(b, 500);
    assert_int_equal(count(b, in, DRIVER_INCOMING), 2);
    assert_int_equal(b->events[b->n - 1].kind, DRIVER_RECONCILED);
    run(b, 60000);                        /* nobody took it */
    assert_int_equal(ends(b, in), 1);
    order(b, (DriverOrder){ .kind = ORDER_TAKE, .incoming = in, .call = 5 }, ERR_NOT_FOUND);
}

static void each_call_ends_once(Bench *b)
{
    connect_up(b);
    static const Behaviour all[] = { PERSON, PERSON_STAYS, MACHINE, BUSY, INVALID, CONGESTED,
                                     RINGS_ON };
    for (int i = 0; i < 210; i++) {
        place(b, i + 1, all[i % 7]);
        run(b, 50);
        if (can(b, DRIVER_MANY))
            continue;
        hang_up(b, i + 1);
        run(b, 3000);
    }
    run(b, 60000);
    for (int i = 0; i < 210; i++)
        hang_up(b, i + 1);
    run(b, 10000);
    for (int i = 0; i < 210; i++)
        assert_int_equal(ends(b, i + 1), 1);
}

static void times_do_not_go_back(Bench *b)
{
    each_call_ends_once(b);
    for (int i = 1; i < b->n; i++)
        assert_true(b->events[i].at >= b->events[i - 1].at && b->events[i].at <= b->now);
}

/* What a driver needs to be able to do for it, and whether a link that can be cut. */
enum { CAN_BE_CUT = DRIVER_ALL + 1 };
static const struct { const char *name; void (*run)(Bench *b); unsigned needs; } contract[] = {
    { "starts down", starts_down, 0 },
    { "a person talks", a_person_talks, DRIVER_HEARS },
    { "we end a talk", we_end_a_talk, 0 },
    { "a machine waits for our word", a_machine_waits_for_our_word, DRIVER_DETECTS },
    { "undetected is a person", undetected_is_a_person, 0 },
    { "each way of failing", each_way_of_failing, DRIVER_HEARS },
    { "rings as long as told", rings_as_long_as_told, DRIVER_HEARS },
    { "cancel before an answer", cancel_before_an_answer, 0 },
    { "hanging up what is over does nothing", hanging_up_what_is_over_does_nothing, 0 },
    { "hanging up twice ends once", hanging_up_twice_ends_once, 0 },
    { "an id is dialled once", an_id_is_dialled_once, 0 },
    { "one call at a time", one_call_at_a_time, 0 },
    { "what it cannot do is refused", what_it_cannot_do_is_refused, 0 },
    { "hostile numbers are refused", hostile_numbers_are_refused, 0 },
    { "bridging who has left", bridging_who_has_left, 0 },
    { "bridging to a dead phone", bridging_to_a_dead_phone, 0 },
    { "phones go up and down", phones_go_up_and_down, 0 },
    { "reconcile says the call", reconcile_says_the_call, 0 },
    { "reconcile says all that is true", reconcile_says_all_that_is_true, DRIVER_MANY },
    { "calls outlive the link", calls_outlive_the_link, DRIVER_MANY | CAN_BE_CUT },
    { "a call outlives the link", a_call_outlives_the_link, CAN_BE_CUT },
    { "a message is played to the end", a_message_is_played_to_the_end, DRIVER_PLAYS },
    { "a recording can pause", a_recording_can_pause, DRIVER_RECORDS },
    { "a supervisor listens", a_supervisor_listens, DRIVER_SUPERVISES },
    { "who calls in talks", who_calls_in_talks, DRIVER_TAKES },
    { "who calls in is named again", who_calls_in_is_named_again, DRIVER_TAKES },
    { "each call ends once", each_call_ends_once, 0 },
    { "times do not go back", times_do_not_go_back, 0 },
};

static Bench bench;           /* half a megabyte: too much for a stack */

static void test_contract(void **state)
{
    const size_t *which = *state;
    for (size_t i = 0; i < sizeof subjects / sizeof *subjects; i++) {
        unsigned able = driver_type(subjects[i].adapter)->can, needs = contract[*which].needs;
        able |= subjects[i].link ? CAN_BE_CUT : 0;
        if ((able & needs) != needs)
            continue;
        print_message("# %s\n", subjects[i].name);
        bench_open(&bench, &subjects[i]);
        contract[*which].run(&bench);
        bench.d->ops->close(bench.d);
    }
}

/* ---- what the simulator does beyond the contract --------------------------------------------- */

static Bench *faulty(SimFaults faults)
{
    bench = (Bench){ .subject = &subjects[0], .now = INT64_C(1893456000000) };
    SimWorld w = world_defaults();
    w.by_number = true;
    w.faults = faults;
    bench.d = sim_open(&w, 1, bench.now, (DriverSink){ &bench, on_event });
    if (faults.link_every_s == 0)
        connect_up(&bench);
    return &bench;
}

static void test_faults(void **state)
{
    (void)state;
    Bench *b = faulty((SimFaults){ .double_hangup = 1 });
    place(b, 1, BUSY);
    run(b, 20000);
    assert_int_equal(count(b, 1, DRIVER_BUSY), 2);
    b->d->ops->close(b->d);

    b = faulty((SimFaults){ .late_answer = 1 });
    place(b, 1, RINGS_ON);
    run(b, 27000);
    assert_int_equal(count(b, 1, DRIVER_NO_ANSWER), 1);
    assert_int_equal(count(b, 1, DRIVER_ANSWERED), 1);
    assert_true(last_of(b, 1)->kind == DRIVER_PERSON && sim_calls_up(b->d) == 1);
    b->d->ops->close(b->d);

    b = faulty((SimFaults){ .lost_event = 1 });
    place(b, 1, BUSY);
    run(b, 60000);
    assert_null(last_of(b, 1));
    assert_int_equal(sim_calls_up(b->d), 0);
    b->d->ops->close(b->d);

    b = faulty((SimFaults){ .bridge_fails = 1 });
    agent_up(b, 7);
    reach_person(b, 1, PERSON_STAYS);
    bridge(b, 1, 7);
    assert_int_equal(count(b, 1, DRIVER_BRIDGE_FAILED), 1);
    b->d->ops->close(b->d);

    b = faulty((SimFaults){ .link_every_s = 100, .link_down_s = 5 });
    run(b, 3600000);
    int downs = count(b, 0, DRIVER_LINK_DOWN);
    assert_true(downs > 15 && downs < 60);
    b->d->ops->close(b->d);
}

#define CONTRACTS (sizeof contract / sizeof *contract)

int main(void)
{
    static size_t which[CONTRACTS];
    static struct CMUnitTest tests[CONTRACTS + 1];
    size_t n = 0;
    for (; n < CONTRACTS; n++) {
        which[n] = n;
        tests[n] = (struct CMUnitTest){ .name = contract[n].name, .test_func = test_contract,
                                        .initial_state = &which[n] };
    }
    tests[n++] = (struct CMUnitTest)cmocka_unit_test(test_faults);
    return _cmocka_run_group_tests("driver", tests, n, NULL, NULL);
}

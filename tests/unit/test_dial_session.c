/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_dial_session.c -- the list and the record behind the engine: what holds at every moment of
 * days on which line, agents and disk misbehave; the rules after each result; hooks.
 */
#include "dial_testing.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/country.h"
#include "dialer/session_inside.h"
#include "dialer/simday.h"
#include "model/books.h"
#include "store/journal.h"

static int64_t number(Desk *d, const char *sql)
{
    return dial_count(d, sql);
}

/* ---- days with a watcher --------------------------------------------------------------------- */

typedef struct Watched {
    Desk *d;
    DialSession *session;
    Observer record;
    Hours hours;
    int64_t placed, ended, results[RESULTS];
    int turns, fail_every, troubles;   /* turns at which an outcome was waiting to be written */
    bool keeps;                        /* what happens is written with what comes next */
    int wrong;
    char what[200];
} Watched;

static void wrong(Watched *w, const char *what, int64_t id)
{
    if (!w->wrong++)
        snprintf(w->what, sizeof w->what, "%s: %lld", what, (long long)id);
}

static int64_t one(Watched *w, const char *format, int64_t id)
{
    char sql[300];
    snprintf(sql, sizeof sql, format, (long long)id);
    return number(w->d, sql);
}

static void saw_placed(void *self, int64_t now, const Line *l)
{
    Watched *w = self;
    const Zone *zone;
    Error err = { 0 };
    w->placed++;
    if (!zone_get(&w->d->crm->zones, country_zone_of_number(str(l->entry.number)), &zone, &err)
        || !hours_open(&w->hours, zone, now))
        wrong(w, "dialled outside its hours", l->entry.call);
    if (one(w, "SELECT count(*) FROM dnc WHERE number = (SELECT number FROM call WHERE id = %lld)",
            l->entry.call))
        wrong(w, "dialled from the stop list", l->entry.call);
    if (one(w,
            "SELECT count(*) FROM call a JOIN call b ON b.customer = a.customer OR b.number = "
            "a.number"
            " WHERE a.id = %lld AND b.state <> 'ended'",
            l->entry.call)
        != 1)
        wrong(w, "two calls to one customer at once", l->entry.call);
    if (one(w, "SELECT state = 'dialling' FROM entry WHERE id = %lld", l->entry.id) != 1)
        wrong(w, "dialled while its entry says something else", l->entry.id);
}

static void saw_ended(void *self, int64_t now, const Line *l)
{
    Watched *w = self;
    w->ended++;
    w->results[l->result]++;
    w->record.ended(w->record.self, now, l);
}

static void saw_agent(void *self, int64_t now, const Agent *a, AgentState from)
{
    Watched *w = self;
    w->record.agent(w->record.self, now, a, from);
}

static bool go_on(void *self, int64_t now)
{
    Watched *w = self;
    Error err;
    w->troubles += !dial_session_ok(w->session, &err);
    if (w->keeps)
        dial_session_turned(w->session, now);
    if (w->fail_every && ++w->turns % w->fail_every == 0)
        store_fail_at(w->d->crm->store, w->turns % 13 + 1);
    return true;
}

typedef struct DaySpec {
    uint64_t seed;
    bool rehearsal;
    double hours;
    SimFaults faults;
    int fail_every;
    bool keeps;
} DaySpec;

static void run_day(Desk *d, const DaySpec *spec, Watched *w)
{
    Error err = { 0 };
    Arena a = { 0 };
    DialCampaign c;
    SimReport report;
    AgentId agents[6];
    *w = (Watched){ .d = d, .fail_every = spec->fail_every, .keeps = spec->keeps };
    if (!dial_campaign(d->crm, 1, &a, &c, &err))
        fail_msg("%s", err.msg);
    w->hours = c.hours;
    for (int i = 0; i < 6; i++)
        agents[i] = i + 1;
    int64_t start = 1772413200000;        /* 09:00 in Shanghai, 20:00 the day before in New York */
    DialPlan plan = { .campaign = &c,
                      .driver = "sim",
                      .title = "a day",
                      .rehearsal = spec->rehearsal,
                      .keeps = spec->keeps,
                      .now = start,
                      .seed = 1,
                      .agents = 6 };
    if (!dial_session_open(d->crm, &plan, &w->session, &err))
        fail_msg("%s", err.msg);
    w->record = dial_session_observer(w->session);
    SimWorld world = world_defaults();
    world.faults = spec->faults;
    world.utc_offset_ms = 8 * 3600000;
    SimDay day = { .engine = dial_session_rules(w->session), .world = &world, .seed = spec->seed,
                   .agents = agents, .nagents = 6, .start = start,
                   .end = start + (int64_t)(spec->hours * 3600000),
                   .supply = dial_session_supply(w->session),
                   .observer = { .self = w, .placed = saw_placed, .ended = saw_ended,
                                 .agent = saw_agent }, .go_on = go_on, .self = w };
    if (!sim_run_day(&day, &report, &err))
        fail_msg("%s", err.msg);
    store_fail_at(d->crm->store, 0);
    if (!dial_session_finish(w->session, report.ended_at, &err))
        fail_msg("%s", err.msg);
    dial_session_free(w->session);
    arena_release(&a);
    assert_int_equal(w->placed, report.view.dials);
}

static void imbalance(void *ctx, const Imbalance *i)
{
    (void)ctx;
    print_error("%s: %.*s\n", i->equation->name, STR_ARG(i->where));
}

static void day_holds(Desk *d, const Watched *w)
{
    int proven, broken;
    Error err = { 0 };
    int64_t sum = 0;
    if (w->wrong)
        fail_msg("%d things were wrong, first: %s", w->wrong, w->what);
    for (Result r = RESULT_NONE + 1; r < RESULTS; r++)
        sum += w->results[r];
    assert_true(w->placed > 0);
    assert_int_equal(w->placed, sum);
    assert_int_equal(number(d, "SELECT count(*) FROM call"), w->placed);
    assert_int_equal(
        number(d, "SELECT count(*) FROM call WHERE state <> 'ended' OR result IS NULL"), 0);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE state = 'dialling'"), 0);
    assert_int_equal(number(d, "SELECT count(*) FROM entry e WHERE attempts <>"
                               " (SELECT count(*) FROM call c WHERE c.entry = e.id)"), 0);
    assert_int_equal(number(d, "SELECT count(*) FROM (SELECT customer, placed_at / 86400000 AS day,"
                               " count(*) AS n FROM call GROUP BY 1, 2 HAVING n > 4)"), 0);
    assert_int_equal(number(d, "SELECT dials FROM dial_run"), w->placed);
    assert_true(books_check(d->crm, imbalance, NULL, &proven, &broken, &err));
    assert_int_equal(broken, 0);
}

/* 300 customers, each third in New York; some with no number, some on the stop list. */
static void people(Desk *d, const char *mode)
{
    dial_make(d, 300, mode, "max_per_day=2 max_attempts=5 ratio=2");
    dial_sql(
        d, "UPDATE contact SET value = '+1212' || (5550000 + id), country = 'US' WHERE id % 3 = 0");
    dial_sql(d, "DELETE FROM contact WHERE id % 50 = 7");
    dial_sql(d, "INSERT INTO dnc(number, at) SELECT value, 1 FROM contact WHERE id % 20 = 5");
    desk_do(d, "hours set default spec='daily 09:00-12:00 14:00-20:00'");
    for (int i = 1; i <= 6; i++) {
        char line[60];
        snprintf(line, sizeof line, "agent add name=a%d", i);
        desk_do(d, line);
    }
    desk_do(d, "campaign start c");
}

static const SimFaults everything = { .lost_event = .03, .late_answer = .1, .double_hangup = .1,
                                      .bridge_fails = .05, .mute_agent = .05, .link_every_s = 900,
                                      .link_down_s = 20 };

static const SimFaults usual = { .lost_event = .01, .late_answer = .02, .double_hangup = .05,
                                 .mute_agent = .02, .link_every_s = 3600, .link_down_s = 15 };

static void test_days_in_one_transaction(void **state)
{
    static const char *const modes[] = { "preview", "progressive", "ratio" };
    (void)state;
    for (int i = 0; i < 9; i++) {
        Desk *d = desk_open();
        Watched w;
        Error err = { 0 };
        DaySpec spec = { .seed = (uint64_t)i + 1, .rehearsal = true, .hours = 20,
                         .faults = i % 2 ? everything : (SimFaults){ 0 } };
        people(d, modes[i % 3]);
        assert_true(store_begin(d->crm->store, &err));
        run_day(d, &spec, &w);
        assert_true(store_commit(d->crm->store, &err));
        day_holds(d, &w);
        assert_true(w.placed > 200);
        assert_true(number(d, "SELECT count(*) FROM call WHERE number LIKE '+1%'") > 20);
        desk_close(d);
    }
}

/* Each step its own transaction, and every now and then the disk fails. */
static void test_days_on_a_failing_disk(void **state)
{
    (void)state;
    for (int i = 0; i < 6; i++) {
        Desk *d = desk_open();
        Watched w;
        DaySpec spec = { .seed = (uint64_t)i + 1, .hours = 6, .fail_every = i ? 20 + 7 * i : 0,
                         .keeps = i % 2,
                         .faults = i % 2 ? everything : (SimFaults){ 0 } };
        people(d, i % 3 ? "progressive" : "ratio");
        run_day(d, &spec, &w);
        day_holds(d, &w);
        assert_true((w.troubles > 0) == (i > 0));
        assert_true(w.placed > 60);
        desk_close(d);
    }
}

/* Mode after mode, with everything going wrong at its own rate. PATTER_DAYS=1000 makes a thousand
 * days of it instead of a few. */
static void test_many_days(void **state)
{
    static const char *const modes[] = { "predictive", "predictive", "progressive", "ratio" };
    const char *days = getenv("PATTER_DAYS");
    int64_t answered = 0, abandoned = 0, dials = 0;
    int n = days ? atoi(days) : 8;
    (void)state;
    for (int i = 0; i < n; i++) {
        Desk *d = desk_open();
        Watched w;
        Error err = { 0 };
        DaySpec spec = { .seed = (uint64_t)i + 100, .rehearsal = true, .hours = 11,
                         .faults = usual };
        people(d, modes[i % 4]);
        assert_true(store_begin(d->crm->store, &err));
        run_day(d, &spec, &w);
        assert_true(store_commit(d->crm->store, &err));
        day_holds(d, &w);
        dials += w.placed;
        if (i % 4 < 2) {
            answered += number(d, "SELECT sum(connected + abandoned) FROM dial_run");
            abandoned += number(d, "SELECT sum(abandoned) FROM dial_run");
        }
        desk_close(d);
    }
    print_message("%d days: %" PRId64 " calls; predictive: %" PRId64 " of %" PRId64 " abandoned,"
                  " %.2f %%\n", n, dials, abandoned, answered,
                  100.0 * (double)abandoned / (double)answered);
    assert_true(abandoned * 100 <= answered * 3);
}

/* The first error of a rehearsal ends it and is told. */
static void test_a_rehearsal_ends_at_its_first_error(void **state)
{
    Desk *d = *state;
    people(d, "progressive");
    Buf before = { 0 }, after = { 0 };
    Error err = { 0 };
    assert_true(store_dump(d->crm->store, &before, &err));
    for (int64_t n = 1; n < 700; n += 53) {
        store_fail_at(d->crm->store, n);
        desk_refused(d, "dial simulate c --hours 3", ERR_FAILED, "injected");
        assert_int_equal(store_depth(d->crm->store), 0);
    }
    store_fail_at(d->crm->store, 0);
    assert_true(store_dump(d->crm->store, &after, &err));
    assert_string_equal(before.s, after.s);
    buf_release(&before);
    buf_release(&after);
}

/* ---- rules ----------------------------------------------------------------------------------- */

static NextStep next_of(Desk *d, const char *result, bool final, int64_t attempts,
                        int64_t callback_at)
{
    ResultRow row = { .name = result, .final = final };
    Attempt t = { 1, 1, attempts, 1000000, callback_at, &row };
    NextStep next;
    Error err = { 0 };
    if (!rules_next(d->crm, &t, &next, &err))
        fail_msg("%s", err.msg);
    return next;
}

static void is_step(NextStep got, const char *state, const char *reason, int64_t at)
{
    assert_string_equal(got.state, state);
    assert_string_equal(got.reason, reason);
    assert_int_equal(got.at, at);
}

static void ended_with(Desk *d, const char *result)
{
    char sql[200];
    snprintf(sql, sizeof sql,
             "INSERT INTO call(campaign, entry, customer, number, mode, driver, state,"
             " result, placed_at, ended_at) VALUES (1, 1, 1, '+1', 'x', 'x', 'ended', '%s', 0, 0)",
             result);
    dial_sql(d, sql);
}

static void test_rules(void **state)
{
    Desk *d = *state;
    dial_make(d, 1, "progressive", "max_attempts=9");
    desk_do(d, "recycle set --where result=busy after=15m max=3");
    is_step(next_of(d, "refused", true, 1, 0), "done", "refused", 0);
    is_step(next_of(d, "refused", true, 9, 0), "done", "refused", 0);
    is_step(next_of(d, "unheard-of", false, 1, 0), "done", "unheard-of", 0);
    is_step(next_of(d, "busy", false, 9, 0), "done", "attempts used up", 0);
    is_step(next_of(d, "callback", false, 1, 0), "callback", "callback", 1000000 + 86400000);
    is_step(next_of(d, "callback", false, 1, 7000000), "callback", "callback", 7000000);
    /* tried again three times, so the fourth is the last */
    for (int i = 1; i <= 3; i++) {
        ended_with(d, "busy");
        is_step(next_of(d, "busy", false, i, 0), "retry", "busy", 1000000 + 900000);
    }
    ended_with(d, "busy");
    is_step(next_of(d, "busy", false, 4, 0), "done", "attempts used up", 0);
    is_step(next_of(d, "no-answer", false, 5, 0), "retry", "no-answer", 1000000 + 14400000);
    /* the campaign's own rule goes before the general one */
    desk_do(d, "recycle add result=busy campaign=c after=1m max=9");
    is_step(next_of(d, "busy", false, 4, 0), "retry", "busy", 1000000 + 60000);
    desk_do(d, "campaign add name=other list=l script=x max_attempts=9");
    ResultRow busy = { .name = "busy" };
    Attempt t = { 2, 1, 4, 1000000, 0, &busy };
    NextStep next;
    Error err = { 0 };
    assert_true(rules_next(d->crm, &t, &next, &err));
    is_step(next, "done", "attempts used up", 0);
}

/* ---- hooks ----------------------------------------------------------------------------------- */

typedef struct Hooked { int before, after; const char *refuse, *note; bool connected; } Hooked;

static bool wanted(void *ctx, const char *event, HookWhen when)
{
    (void)ctx, (void)when;
    return strcmp(event, "call.ended") == 0;
}

static bool hook(void *ctx, Hook *h, Error *err)
{
    Hooked *k = ctx;
    if (strcmp(h->event, "call.ended") != 0)
        return true;
    assert_string_equal(record_value(h->old, "state").s.s, "intent");
    assert_string_equal(record_value(h->now, "state").s.s, "ended");
    *(h->when == HOOK_BEFORE ? &k->before : &k->after) += 1;
    k->connected |= record_value(h->now, "talk").type == VALUE_INT;
    if (h->when == HOOK_BEFORE && k->refuse)
        return (fail)(err, ERR_REFUSED, "%s", k->refuse);
    if (h->when == HOOK_BEFORE && k->note)
        record_put_value(h->now, type_field(h->type, STR("note")), value_cstr(k->note));
    return true;
}

static void watch(Desk *d, Hooked *k)
{
    d->crm->hook = hook;
    d->crm->hook_ctx = k;
    d->crm->hook_wanted = wanted;
}

static void test_hooks_see_each_call(void **state)
{
    Desk *d = *state;
    Hooked k = { .note = "seen" };
    dial_make(d, 100, "progressive", "");
    watch(d, &k);
    desk_do(d, "dial simulate c --hours 2 --keep");
    assert_int_equal(k.before, number(d, "SELECT count(*) FROM call"));
    assert_int_equal(k.after, k.before);
    assert_true(k.connected);
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE note IS NOT 'seen'"), 0);
    k.refuse = "not on my watch";
    desk_refused(d, "dial simulate c --at 'tomorrow 9:00' --hours 2", ERR_REFUSED,
                 "not on my watch");
}

/* A call that was made on a line cannot be made not to have been. */
static void test_a_hook_cannot_unmake_a_call(void **state)
{
    Desk *d = *state;
    Watched w;
    Hooked k = { .refuse = "no" };
    DaySpec spec = { .seed = 1, .hours = 1 };
    people(d, "progressive");
    watch(d, &k);
    run_day(d, &spec, &w);
    assert_int_equal(k.before, w.placed);
    assert_int_equal(k.after, 0);
    day_holds(d, &w);
}

/* ---- claims ---------------------------------------------------------------------------------- */

static void test_the_order_of_claims(void **state)
{
    Desk *d = *state;
    Error err = { 0 };
    Arena a = { 0 };
    DialCampaign c;
    DialSession *s;
    Entry out[8];
    int64_t again, now = 1772416800000;
    dial_make(d, 7, "progressive", "max_attempts=9");
    desk_do(d, "campaign start c");
    dial_sql(d, "UPDATE entry SET state = 'retry', next_at = 1772416800000 - 5 WHERE id = 2");
    dial_sql(d, "UPDATE entry SET state = 'retry', next_at = 1772416800000 - 9 WHERE id = 3");
    dial_sql(d, "UPDATE entry SET state = 'callback', next_at = 1772416800000 - 1 WHERE id = 4");
    dial_sql(d, "UPDATE entry SET state = 'retry', next_at = 1772416800000 + 60000 WHERE id = 5");
    dial_sql(d, "UPDATE entry SET state = 'done' WHERE id = 6");
    assert_true(dial_campaign(d->crm, 1, &a, &c, &err));
    DialPlan plan = { .campaign = &c, .driver = "sim", .title = "x", .now = now, .agents = 1 };
    assert_true(dial_session_open(d->crm, &plan, &s, &err));
    Supply supply = dial_session_supply(s);
    static const int64_t expected[] = { 4, 3, 2, 1, 7 };
    assert_int_equal(supply.claim(s, now, 0, 8, out, &again), 5);
    for (int i = 0; i < 5; i++)
        assert_int_equal(out[i].id, expected[i]);
    assert_int_equal(again, now + 60000);
    assert_int_equal(supply.claim(s, now, 0, 8, out, &again), 0);     /* given out once */
    supply.put_back(s, now, &(Entry){ .id = 3 }, PUT_BACK_NOT_DIALLED, STR(""));
    assert_int_equal(supply.claim(s, now, 0, 8, out, &again), 1);
    assert_int_equal(out[0].id, 3);
    assert_int_equal(supply.claim(s, now + 60000, 0, 8, out, &again), 1);
    assert_int_equal(out[0].id, 5);
    dial_session_free(s);
    arena_release(&a);
}

/* Calls a second count what was dialled, not what agents were shown and passed. */
static void test_what_is_passed_takes_no_calls_a_second(void **state)
{
    Desk *d = *state;
    Error err = { 0 };
    Arena a = { 0 };
    DialCampaign c;
    DialSession *s;
    Entry out[4];
    int64_t again, now = 1772416800000;
    dial_make(d, 9, "progressive", "calls_per_second=1");
    desk_do(d, "agent add name=li");
    desk_do(d, "campaign start c");
    assert_true(dial_campaign(d->crm, 1, &a, &c, &err));
    DialPlan plan = { .campaign = &c, .driver = "sim", .title = "x", .now = now, .agents = 1 };
    assert_true(dial_session_open(d->crm, &plan, &s, &err));
    Supply supply = dial_session_supply(s);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(supply.claim(s, now, 1, 1, out, &again), 1);
        supply.put_back(s, now, &out[0], PUT_BACK_NOT_DIALLED, STR(""));
    }
    now += 1000;
    assert_int_equal(supply.claim(s, now, 0, 4, out, &again), 1);
    assert_true(again > now && again <= now + 1001);
    assert_true(supply.intend(s, now, 0, out, 1, &err));
    assert_int_equal(supply.claim(s, now, 0, 4, out, &again), 0);
    assert_true(again > now && again <= now + 1001);
    dial_session_free(s);
    arena_release(&a);
}

/* What an agent has said of a call that the switch has not ended yet survives this program. */
static void test_what_was_said_counts_after_a_crash(void **state)
{
    Desk *d = *state;
    Error err = { 0 };
    Arena a = { 0 };
    DialCampaign c;
    DialSession *s;
    Entry out[2];
    Result engine;
    int64_t again, now = 1772416800000;
    dial_make(d, 2, "progressive", "");
    desk_do(d, "agent add name=li");
    desk_do(d, "campaign start c");
    assert_true(dial_campaign(d->crm, 1, &a, &c, &err));
    DialPlan plan = { .campaign = &c, .driver = "sim", .title = "x", .now = now, .agents = 1 };
    assert_true(dial_session_open(d->crm, &plan, &s, &err));
    Supply supply = dial_session_supply(s);
    assert_int_equal(supply.claim(s, now, 0, 2, out, &again), 2);
    assert_true(supply.intend(s, now, 0, out, 2, &err));
    DialSaying what = { "do-not-call", "asked so", 0, false };
    assert_true(dial_session_say(s, 1, &what, &engine, &err));
    assert_true(dial_session_put_down(s, now, 1, out[0].call, &err));
    assert_true(dial_session_put_down(s, now, 2, out[1].call, &err));     /* he said nothing */
    dial_session_free(s);
    dial_sql(d, "UPDATE call SET channel = '1.999999.1'");               /* of a dead process */
    assert_true(dial_session_open(d->crm, &plan, &s, &err));
    assert_int_equal(dial_session_reconciled(s), 2);
    dial_session_free(s);
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE id = 1 AND state = 'ended'"
                               " AND result = 'do-not-call' AND note = 'asked so'"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM call WHERE id = 2 AND result = 'failed'"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM dnc WHERE number = '+8613800000001'"
                               " AND why = 'asked so'"), 1);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE id = 1 AND state = 'done'"), 1);
    arena_release(&a);
}

/* Somebody else dialled it between the claim and the word: nothing is written. */
static void test_an_entry_taken_by_another(void **state)
{
    Desk *d = *state;
    Error err = { 0 };
    Arena a = { 0 };
    DialCampaign c;
    DialSession *s;
    Entry out[2];
    int64_t again, now = 1772416800000;
    dial_make(d, 2, "progressive", "");
    desk_do(d, "campaign start c");
    assert_true(dial_campaign(d->crm, 1, &a, &c, &err));
    DialPlan plan = { .campaign = &c, .driver = "sim", .title = "x", .now = now, .agents = 1 };
    assert_true(dial_session_open(d->crm, &plan, &s, &err));
    Supply supply = dial_session_supply(s);
    assert_int_equal(supply.claim(s, now, 0, 2, out, &again), 2);
    dial_sql(d, "UPDATE entry SET state = 'dialling', attempts = 1 WHERE id = 2");
    assert_false(supply.intend(s, now, 0, out, 2, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_int_equal(number(d, "SELECT count(*) FROM call"), 0);
    assert_int_equal(number(d, "SELECT count(*) FROM dial_run"), 0);
    assert_int_equal(number(d, "SELECT count(*) FROM entry WHERE id = 1 AND state = 'new'"), 1);
    dial_session_free(s);
    arena_release(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_days_in_one_transaction),
        cmocka_unit_test(test_days_on_a_failing_disk),
        cmocka_unit_test(test_many_days),
        DESK_TEST(test_a_rehearsal_ends_at_its_first_error),
        DESK_TEST(test_rules),
        DESK_TEST(test_hooks_see_each_call),
        DESK_TEST(test_a_hook_cannot_unmake_a_call),
        DESK_TEST(test_the_order_of_claims),
        DESK_TEST(test_what_is_passed_takes_no_calls_a_second),
        DESK_TEST(test_what_was_said_counts_after_a_crash),
        DESK_TEST(test_an_entry_taken_by_another),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * May this entry be called now: each check that may say no, what it says, and until when.
 */
#include "crm_testing.h"
#include "model/dial_gate.h"

enum { HOUR = 3600000 };
static const int64_t now = NOW * 1000LL;             /* Wednesday 10:20:30 */

static void make(Bench *b)
{
    bench_add(b, "customer", "name=宝钢|phone=13800138000");
    bench_add(b, "list", "name=spring");
    bench_add(b, "agent", "name=li");
    bench_add(b, "agent", "name=wang");
    bench_add(b, "campaign", "name=demo|list=spring|script=x");
    bench_sql(b, "UPDATE campaign SET state = 'running'");
    bench_sql(b, "INSERT INTO entry (id, list, customer) VALUES (1, 1, 1)");
}

static DialFacts facts(Bench *b, int64_t agent, int64_t at)
{
    DialFacts f;
    bench_must(b, dial_facts(b->crm, 1, 1, agent, at, &b->a, &f, &b->err));
    return f;
}

/* The first check that fails: its name, reason, hint and time; "" when the entry may be called. */
static const char *held_by(Bench *b, int64_t agent, int64_t at)
{
    DialFacts f = facts(b, agent, at);
    Verdicts v;
    bench_must(b, gate_ask(b->crm, &dial_gate, &f, false, &b->a, &v, &b->err));
    if (v.pass)
        return "";
    const Verdict *no = &v.v[v.n - 1];
    Buf until = { 0 };
    if (no->until)
        time_write_local(no->until, b->crm->zone, &until);
    const char *text
        = arena_printf(&b->a, "%s: %s%s%s%s%s", no->check, no->reason, no->hint ? " -> " : "",
                       no->hint ? no->hint : "", until.n ? " until " : "", until.n ? until.s : "");
    buf_release(&until);
    return text;
}

#define assert_held(b, text) assert_string_equal(held_by(b, 0, now), text)

static void an_entry_in_order_may_be_called(void **state)
{
    Bench *b = *state;
    make(b);
    assert_held(b, "");
    DialFacts f = facts(b, 0, now);
    Verdicts v;
    bench_must(b, gate_ask(b->crm, &dial_gate, &f, true, &b->a, &v, &b->err));
    assert_int_equal(v.n, 14);
    for (int i = 0; i < v.n; i++)
        assert_true(v.v[i].pass && v.v[i].reason[0] && !v.v[i].hint);
    assert_true(str_is(f.number, "+8613800138000"));
    assert_true(str_is(f.name, "宝钢"));
}

static void campaign_and_list(void **state)
{
    Bench *b = *state;
    make(b);
    bench_sql(b, "UPDATE campaign SET state = 'paused'");
    assert_held(b, "campaign: campaign demo is paused -> campaign start demo");
    bench_sql(b, "UPDATE campaign SET state = 'running', starts = '2026-03-06'");
    assert_held(b, "campaign dates: it begins on 2026-03-06 until 2026-03-06 00:00");
    bench_sql(b, "UPDATE campaign SET starts = NULL, ends = '2026-03-03'");
    assert_held(b, "campaign dates: it ended on 2026-03-03 -> campaign set demo ends=");
    bench_sql(b, "UPDATE campaign SET ends = '2026-03-04'");
    assert_held(b, "");
    bench_sql(b, "UPDATE list SET state = 'frozen'");
    assert_held(b, "list: list spring is frozen -> list thaw spring");
    bench_sql(b, "UPDATE list SET state = 'retired'");
    assert_held(b, "list: list spring is retired");
}

static void entry_number_and_attempts(void **state)
{
    Bench *b = *state;
    make(b);
    bench_sql(b, "UPDATE entry SET state = 'done', reason = 'accepted'");
    assert_held(b, "entry: done: accepted");
    bench_sql(b, "UPDATE entry SET state = 'retry', reason = NULL, attempts = 3");
    assert_held(b, "attempts: 3 of 3 made -> campaign set demo max_attempts=...");
    bench_sql(b, "UPDATE entry SET attempts = 2");
    assert_held(b, "");
    bench_sql(b, "DELETE FROM contact");
    assert_held(b, "number: it has no telephone number -> customer set 1 phone=...");
    bench_sql(
        b,
        "INSERT INTO contact (id, customer, kind, value, position) VALUES (9, 1, 'phone', 'x', 1)");
    assert_held(b, "number: 'x' could not be read as a number -> customer set 1 phone=...");
}

static void the_best_number_is_taken(void **state)
{
    Bench *b = *state;
    make(b);
    bench_set(b, "customer", 1, "phone=");
    bench_add(b, "person", "customer=1|name=王芳|phone=13911112222");
    assert_true(str_is(facts(b, 0, now).number, "+8613911112222"));
    bench_set(b, "customer", 1, "phone=13600136000, 13700137000");
    assert_true(str_is(facts(b, 0, now).number, "+8613600136000"));
    bench_sql(b, "UPDATE contact SET valid = 0 WHERE value = '+8613600136000'");
    assert_true(str_is(facts(b, 0, now).number, "+8613700137000"));
    bench_set(b, "customer", 1, "phone-=13700137000");
    assert_true(str_is(facts(b, 0, now).number, "+8613600136000"));    /* rather than a person's */
}

static void who_must_not_be_called(void **state)
{
    Bench *b = *state;
    make(b);
    bench_set(b, "customer", 1, "dnc=yes");
    assert_held(b, "do not call: the customer asked not to be called");
    bench_set(b, "customer", 1, "dnc=no|retired=yes");
    assert_held(b, "do not call: the customer is retired");
    bench_set(b, "customer", 1, "retired=no");
    bench_add(b, "dnc", "number=138 0013 8000|why=court order|at=2026-02-01 09:00");
    assert_held(
        b, "do not call: +8613800138000 is on the stop list since 2026-02-01 09:00: court order");
    bench_must(b, record_delete(b->crm, bench_type(b, "dnc"), 1, &b->err));
    assert_held(b, "");
}

static void whose_entry_it_is(void **state)
{
    Bench *b = *state;
    make(b);
    bench_sql(b, "UPDATE entry SET agent = 1");
    assert_string_equal(held_by(b, 1, now), "");
    assert_string_equal(held_by(b, 0, now), "");
    assert_string_equal(held_by(b, 2, now), "owner: dealt to li -> list recall spring li");
}

static void when_it_is_tried_again(void **state)
{
    Bench *b = *state;
    make(b);
    bench_sql(
        b, arena_printf(&b->a, "UPDATE entry SET state = 'retry', next_at = %" PRId64, now + HOUR));
    assert_held(b, "recycle delay: not before 2026-03-04 11:20 until 2026-03-04 11:20");
    assert_string_equal(held_by(b, 0, now + HOUR), "");
}

static void calls_of_the_day(void **state)
{
    Bench *b = *state;
    make(b);
    const char *call
        = "INSERT INTO call (id, customer, number, mode, driver, state, placed_at) VALUES"
          " (%d, %s, '%s', 'preview', 'sim', '%s', %" PRId64 ")";
    bench_sql(b, arena_printf(&b->a, call, 1, "1", "+8613800138000", "placed", now - HOUR));
    assert_held(b, "in a call: a call to it is up now");
    bench_sql(b, "UPDATE call SET state = 'ended'");
    assert_held(b, "called today: 1 of 1 calls made today until 2026-03-05 00:00");
    bench_set(b, "campaign", 1, "max_per_day=2");
    assert_held(b, "");
    /* the same number under another customer counts, and a call of yesterday does not */
    bench_sql(b, arena_printf(&b->a, call, 2, "NULL", "+8613800138000", "ended", now - 2 * HOUR));
    assert_held(b, "called today: 2 of 2 calls made today until 2026-03-05 00:00");
    bench_sql(b, arena_printf(&b->a, "UPDATE call SET placed_at = %" PRId64, now - 11 * HOUR));
    assert_held(b, "");
}

static void hours_are_the_customers(void **state)
{
    Bench *b = *state;
    make(b);
    assert_string_equal(
        held_by(b, 0, now + 10 * HOUR),
        "calling hours: closed until 2026-03-05 09:00 Asia/Shanghai until 2026-03-05 09:00");
    /* New York by its number: 21:20 there; and by the customer's own zone: 14:20 in Auckland */
    bench_set(b, "customer", 1, "phone=+1 212 555 0142");
    assert_held(
        b, "calling hours: closed until 2026-03-04 09:00 America/New_York until 2026-03-04 22:00");
    bench_set(b, "customer", 1, "zone=Pacific/Auckland");
    assert_held(b, "");
    bench_add(b, "hours", "name=no|spec=never");
    bench_set(b, "campaign", 1, "hours=no");
    assert_held(b, "calling hours: hours no never open");
    bench_add(b, "hours", "name=any|spec=always");
    bench_set(b, "campaign", 1, "hours=any");
    assert_held(b, "");
    assert_string_equal(held_by(b, 0, now + 12 * HOUR), "");
    /* hours that cannot be read let nobody through */
    bench_sql(b, "UPDATE hours SET spec = 'whenever'");
    assert_held(b, "calling hours: hours any never open");
}

static void holidays_close(void **state)
{
    Bench *b = *state;
    make(b);
    bench_add(b, "holiday", "day=2026-03-04|name=植树节|country=中国");
    assert_held(b, "calling hours: 植树节: closed until 2026-03-05 09:00 Asia/Shanghai"
                   " until 2026-03-05 09:00");
    bench_set(b, "customer", 1, "zone=Asia/Shanghai|phone=+1 212 555 0142");
    assert_held(b, "");                           /* a number of another country */
    bench_add(b, "holiday", "day=2026-03-04|name=all|spec=10:15-10:18");
    assert_held(b, "calling hours: all: closed until 2026-03-05 09:00 Asia/Shanghai"
                   " until 2026-03-05 09:00");
    bench_set(b, "holiday", 2, "spec=10:15-10:30");
    assert_held(b, "");
    bench_add(b, "hours", "name=any|spec=always");
    bench_set(b, "campaign", 1, "hours=any");
    bench_add(b, "holiday", "day=2026-03-04|name=any's|hours=any");
    assert_held(b, "calling hours: any's: closed until 2026-03-05 00:00 Asia/Shanghai"
                   " until 2026-03-05 00:00");
}

static void the_stop_list_is_wide(void **state)
{
    Bench *b = *state;
    make(b);
    bench_add(b, "dnc", "number=+8613*|why=court order|at=2026-02-01 09:00");
    assert_held(b, "do not call: +8613* is on the stop list since 2026-02-01 09:00: court order");
    bench_set(b, "dnc", 1, "number=+8612*");
    assert_held(b, "");
    bench_add(b, "dnc", "number=@Example.com|at=2026-02-01 09:00");
    assert_held(b, "");
    bench_set(b, "customer", 1, "email=li@mail.EXAMPLE.com");
    assert_held(b, "do not call: @example.com is on the stop list since 2026-02-01 09:00");
    bench_set(b, "customer", 1, "email=li@notexample.com");
    assert_held(b, "");
    bench_add(b, "campaign", "name=other|list=spring|script=x");
    bench_add(b, "dnc", "number=138 0013 8000|campaign=other|at=2026-02-01 09:00");
    bench_add(b, "dnc", "number=+861*|campaign=other|at=2026-02-01 09:00");
    assert_held(b, "");
    bench_add(b, "dnc", "number=138 0013 8000|campaign=demo|at=2026-02-01 09:00");
    assert_held(b, "do not call: +8613800138000 is on the stop list of campaign demo since"
                   " 2026-02-01 09:00");
    assert_int_equal(bench_try_add(b, "dnc", "number=13800138000|campaign=demo"), 0);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    bench_add(b, "dnc", "number=13800138000|at=2026-02-02 09:00");
    assert_held(b, "do not call: +8613800138000 is on the stop list since 2026-02-02 09:00");
}

static void entries_are_found_by_customer(void **state)
{
    Bench *b = *state;
    int64_t entry;
    make(b);
    bench_must(b, dial_entry(b->crm, 1, 1, &entry, &b->err));
    assert_int_equal(entry, 1);
    assert_false(dial_entry(b->crm, 1, 7, &entry, &b->err));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    assert_string_equal(b->err.msg, "customer 7 is not on the list of that campaign");
    DialFacts f;
    assert_false(dial_facts(b->crm, 1, 99, 0, now, &b->a, &f, &b->err));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
}

static void why_is_nothing_dialled(void **state)
{
    Bench *b = *state;
    DialHeld *held;
    int n;
    make(b);
    for (int i = 2; i <= 6; i++) {
        bench_add(b, "customer", arena_printf(&b->a, "name=c%d|phone=1380013800%d", i, i));
        bench_sql(b, arena_printf(
                         &b->a, "INSERT INTO entry (id, list, customer) VALUES (%d, 1, %d)", i, i));
    }
    bench_set(b, "customer", 2, "dnc=yes");
    bench_set(b, "customer", 3, "dnc=yes");
    bench_set(b, "customer", 4, "dnc=yes");
    bench_sql(b, arena_printf(
                     &b->a, "UPDATE entry SET next_at = %" PRId64 " + id WHERE id IN (5, 6)", now));
    bench_must(b, dial_held(b->crm, 1, now, &b->a, &held, &n, &b->err));
    assert_int_equal(n, 3);
    assert_string_equal(held[0].check, "do not call");
    assert_int_equal(held[0].entries, 3);
    assert_string_equal(held[1].check, "recycle delay");
    assert_int_equal(held[1].entries, 2);
    assert_int_equal(held[1].until, now + 5);
    assert_null(held[2].check);
    assert_int_equal(held[2].entries, 1);
    bench_sql(b, "UPDATE entry SET state = 'done'");
    bench_must(b, dial_held(b->crm, 1, now, &b->a, &held, &n, &b->err));
    assert_int_equal(n, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(an_entry_in_order_may_be_called), test(campaign_and_list),
        test(entry_number_and_attempts),
        test(the_best_number_is_taken), test(who_must_not_be_called), test(whose_entry_it_is),
        test(when_it_is_tried_again), test(calls_of_the_day), test(hours_are_the_customers),
        test(holidays_close), test(the_stop_list_is_wide),
        test(entries_are_found_by_customer), test(why_is_nothing_dialled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

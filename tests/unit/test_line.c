/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/line.h"
#include "dialer/rng.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

/* What a driver would contradict itself by saying. Each is logged and counted, and changes
 * nothing. */
static bool contradiction(LineState s, int event)
{
    if (event == DRIVER_BRIDGED)
        return s >= LINE_PLACED && s <= LINE_WAITING;
    if (event == DRIVER_BRIDGE_FAILED)
        return (s >= LINE_PLACED && s <= LINE_ANSWERED) || s == LINE_TALKING;
    return false;
}

/* When the engine can produce its own events. */
static bool engine_can(LineState s, int event)
{
    switch (event) {
    case LINE_REFUSED:
        return s == LINE_PLACED || s == LINE_CLEARING;   /* turned away, and gone already */
    case LINE_AGENT:
        return s == LINE_WAITING;
    case LINE_AGENT_GONE:
        return s >= LINE_PLACED && s <= LINE_TALKING;
    case LINE_RESULT:
        return s >= LINE_BRIDGING && s <= LINE_WRAPUP;
    case LINE_DEADLINE:
    case LINE_STOP:
        return s != LINE_ENDED;
    default:
        return true;
    }
}

static void test_every_pair_is_listed_or_impossible(void **state)
{
    (void)state;
    for (LineState s = LINE_PLACED; s < LINE_STATES; s++)
        for (int event = 0; event < LINE_EVENTS; event++) {
            bool driver = event < DRIVER_CALL_EVENTS;
            bool want = driver ? !contradiction(s, event) : engine_can(s, event);
            if ((line_step(s, event) != NULL) != want)
                fail_msg("%s while %s: listed %d, should be %d", line_event_name(event),
                         line_state_name(s), !want, want);
        }
}

static void test_no_state_is_left_backwards(void **state)
{
    (void)state;
    for (LineState s = LINE_PLACED; s < LINE_STATES; s++)
        for (int event = 0; event < LINE_EVENTS; event++) {
            const LineStep *step = line_step(s, event);
            bool requeued = s == LINE_BRIDGING && event == DRIVER_BRIDGE_FAILED;
            assert_true(!step || step->to >= s || requeued);
            assert_true(!step || s != LINE_ENDED || step->to == LINE_ENDED);
        }
}

static void test_an_end_always_ends_or_wraps_up(void **state)
{
    (void)state;
    for (LineState s = LINE_PLACED; s < LINE_STATES; s++)
        for (int event = 0; event < DRIVER_CALL_EVENTS; event++)
            if (driver_ends_call((DriverEventKind)event)) {
                const LineStep *step = line_step(s, event);
                assert_true(step->to == LINE_ENDED || step->to == LINE_WRAPUP);
                assert_int_equal(step->act, LINE_DO_NOTHING);
            }
}

static void test_what_each_end_means_before_a_talk(void **state)
{
    (void)state;
    static const int ends[] = { DRIVER_BUSY, DRIVER_NO_ANSWER, DRIVER_INVALID, DRIVER_FAILED,
                                DRIVER_HANGUP, LINE_GONE };
    const Result NA = RESULT_NO_ANSWER, BAD = RESULT_BAD_NUMBER, F = RESULT_FAILED;
    const Result AB = RESULT_ABANDONED;
    const Result want[][6] = {
        { RESULT_BUSY, NA, BAD, F, F, F },        /* placed */
        { RESULT_BUSY, NA, BAD, F, NA, F },       /* ringing */
        { RESULT_BUSY, NA, BAD, F, NA, F },       /* answered, by nobody knows whom */
        { AB, AB, AB, AB, AB, AB },               /* a person waited */
    };
    for (int s = 0; s < 4; s++)
        for (int i = 0; i < 6; i++) {
            assert_int_equal(line_step(LINE_PLACED + s, ends[i])->to, LINE_ENDED);
            assert_int_equal(line_step(LINE_PLACED + s, ends[i])->result, want[s][i]);
        }
}

static void test_signs_of_life_of_a_dead_call_are_hung_up(void **state)
{
    (void)state;
    static const int alive[] = { DRIVER_RINGING, DRIVER_ANSWERED, DRIVER_PERSON, DRIVER_MACHINE,
                                 DRIVER_BRIDGED };
    for (LineState s = LINE_WRAPUP; s < LINE_STATES; s++)
        for (size_t i = 0; i < sizeof alive / sizeof *alive; i++) {
            assert_int_equal(line_step(s, alive[i])->act, LINE_DO_HANGUP);
            assert_int_equal(line_step(s, alive[i])->to, s);
        }
}

typedef struct Story { const char *name; int events[8]; LineState end; Result result; } Story;

#define END (-1)

static const Story stories[] = {
    { "answered, talked, result",
      { DRIVER_RINGING, DRIVER_ANSWERED, DRIVER_PERSON, LINE_AGENT, DRIVER_BRIDGED,
      DRIVER_HANGUP, LINE_RESULT, END }, LINE_ENDED, RESULT_CALLBACK },
    { "nothing but the end of each step",
      { DRIVER_PERSON, LINE_AGENT, DRIVER_HANGUP, LINE_RESULT, END }, LINE_ENDED, RESULT_CALLBACK },
    { "result ends the talk",
      { DRIVER_PERSON, LINE_AGENT, DRIVER_BRIDGED, LINE_RESULT, DRIVER_HANGUP, END },
      LINE_ENDED, RESULT_CALLBACK },
    { "busy", { DRIVER_BUSY, END }, LINE_ENDED, RESULT_BUSY },
    { "busy told twice", { DRIVER_BUSY, DRIVER_BUSY, DRIVER_HANGUP, END }, LINE_ENDED,
      RESULT_BUSY },
    { "no answer", { DRIVER_RINGING, DRIVER_NO_ANSWER, END }, LINE_ENDED, RESULT_NO_ANSWER },
    { "bad number", { DRIVER_INVALID, END }, LINE_ENDED, RESULT_BAD_NUMBER },
    { "congestion", { DRIVER_FAILED, END }, LINE_ENDED, RESULT_FAILED },
    { "refused", { LINE_REFUSED, END }, LINE_ENDED, RESULT_FAILED },
    { "machine", { DRIVER_ANSWERED, DRIVER_MACHINE, DRIVER_HANGUP, END }, LINE_ENDED,
      RESULT_MACHINE },
    { "machine, hang-up lost", { DRIVER_ANSWERED, DRIVER_MACHINE, LINE_DEADLINE, END }, LINE_ENDED,
      RESULT_MACHINE },
    { "nobody free", { DRIVER_ANSWERED, DRIVER_PERSON, LINE_DEADLINE, DRIVER_HANGUP, END },
      LINE_ENDED, RESULT_ABANDONED },
    { "left while waiting", { DRIVER_ANSWERED, DRIVER_PERSON, DRIVER_HANGUP, END }, LINE_ENDED,
      RESULT_ABANDONED },
    { "nothing heard", { LINE_DEADLINE, DRIVER_HANGUP, END }, LINE_ENDED, RESULT_FAILED },
    { "rang, then nothing heard", { DRIVER_RINGING, LINE_DEADLINE, LINE_DEADLINE, END }, LINE_ENDED,
      RESULT_NO_ANSWER },
    { "answered too late",
      { DRIVER_RINGING, LINE_DEADLINE, DRIVER_ANSWERED, DRIVER_PERSON, DRIVER_HANGUP, END },
      LINE_ENDED, RESULT_NO_ANSWER },
    { "not told who answered", { DRIVER_ANSWERED, LINE_DEADLINE, LINE_AGENT, END }, LINE_BRIDGING,
      0 },
    { "bridge fails once",
      { DRIVER_PERSON, LINE_AGENT, DRIVER_BRIDGE_FAILED, LINE_AGENT, DRIVER_BRIDGED, END },
      LINE_TALKING, 0 },
    { "bridged told late", { DRIVER_PERSON, LINE_AGENT, LINE_DEADLINE, DRIVER_BRIDGED, END },
      LINE_TALKING, 0 },
    { "events backwards", { DRIVER_PERSON, DRIVER_ANSWERED, DRIVER_RINGING, END }, LINE_WAITING,
      0 },
    { "agent's phone drops",
      { DRIVER_PERSON, LINE_AGENT, DRIVER_BRIDGED, LINE_AGENT_GONE, DRIVER_HANGUP,
      LINE_RESULT, END }, LINE_ENDED, RESULT_CALLBACK },
    { "the agent says nothing", { DRIVER_PERSON, LINE_AGENT, DRIVER_HANGUP, LINE_DEADLINE, END },
      LINE_ENDED, RESULT_CALLBACK },
    { "gone while ringing", { DRIVER_RINGING, LINE_GONE, END }, LINE_ENDED, RESULT_FAILED },
    { "gone in talk", { DRIVER_PERSON, LINE_AGENT, DRIVER_BRIDGED, LINE_GONE, END }, LINE_WRAPUP,
      0 },
    { "stopped while ringing", { DRIVER_RINGING, LINE_STOP, DRIVER_HANGUP, END }, LINE_ENDED,
      RESULT_FAILED },
    { "stopped while waiting", { DRIVER_PERSON, LINE_STOP, DRIVER_HANGUP, END }, LINE_ENDED,
      RESULT_ABANDONED },
};

static void test_stories(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof stories / sizeof *stories; i++) {
        Line l = { .state = LINE_PLACED, .placed_at = 1000 };
        const Story *s = &stories[i];
        for (int k = 0; s->events[k] != END; k++) {
            if (!line_step(l.state, s->events[k]))
                fail_msg("%s: %s is not listed while %s", s->name, line_event_name(s->events[k]),
                         line_state_name(l.state));
            line_apply(&l, s->events[k], 2000 + k, &(LineFacts){ .result = RESULT_CALLBACK });
        }
        if (l.state != s->end || l.result != s->result)
            fail_msg("%s: %s with %s", s->name, line_state_name(l.state), result_name(l.result));
    }
}

static void test_times_of_a_talk(void **state)
{
    (void)state;
    Line l = { .state = LINE_PLACED, .placed_at = 1 };
    LineFacts f = { .result = RESULT_REFUSED, .by = BY_CUSTOMER, .cause = 16 };
    static const int events[] = { DRIVER_RINGING, DRIVER_ANSWERED, DRIVER_PERSON, LINE_AGENT,
                                  DRIVER_BRIDGED,
                                  DRIVER_BRIDGED, DRIVER_HANGUP, DRIVER_HANGUP, LINE_RESULT };
    for (int i = 0; i < 9; i++)
        line_apply(&l, events[i], 10 * (i + 1), &f);
    assert_int_equal(l.ringing_at, 10);
    assert_int_equal(l.answered_at, 20);
    assert_int_equal(l.person_at, 30);
    assert_int_equal(l.bridged_at, 50);
    assert_int_equal(l.hungup_at, 70);
    assert_int_equal(l.ended_at, 90);
    assert_int_equal(l.by, BY_CUSTOMER);
    assert_int_equal(l.cause, 16);
    assert_int_equal(l.result, RESULT_REFUSED);
}

/* Whatever comes in whatever order, some deadlines later the line has ended with one result that
 * never changes. */
static void test_any_sequence_ends_once(void **state)
{
    (void)state;
    Rng r;
    rng_seed(&r, 7, 0, 0, 0);
    LineFacts f = { .result = RESULT_ACCEPTED };
    for (int run = 0; run < 20000; run++) {
        Line l = { .state = LINE_PLACED, .placed_at = 1 };
        Result first = RESULT_NONE;
        int64_t now = 1;
        for (int k = 0; k < 30; k++) {
            int event = k < 24 ? (int)(rng_next(&r) % LINE_EVENTS) : LINE_DEADLINE;
            if (!line_step(l.state, event))
                continue;
            line_apply(&l, event, ++now, &f);
            if (first == RESULT_NONE)
                first = l.result;
            assert_int_equal(l.result, first);
            assert_true((l.state == LINE_ENDED) == (l.ended_at != 0));
        }
        assert_int_equal(l.state, LINE_ENDED);
        assert_int_not_equal(l.result, RESULT_NONE);
        assert_true(l.ended_at >= l.hungup_at && l.hungup_at >= l.bridged_at);
    }
}

static void test_result_names(void **state)
{
    (void)state;
    static const char *const names[] = { "no-answer", "busy", "bad-number", "machine", "failed",
                                         "abandoned", "played", "missed",
                                         "appointment", "accepted", "refused", "not-interested",
                                         "callback", "wrong-number", "do-not-call" };
    assert_int_equal(sizeof names / sizeof *names, RESULTS - 1);
    for (int i = 0; i < RESULTS - 1; i++) {
        Result r;
        assert_true(result_find(str(names[i]), &r));
        assert_int_equal(r, i + 1);
        assert_string_equal(result_name(r), names[i]);
        assert_int_equal(result_is_agents(r), i >= 8);
    }
    Result r;
    assert_false(result_find(str("sold"), &r));
    assert_false(result_find(str(""), &r));
    assert_false(result_is_agents(RESULT_NONE));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_pair_is_listed_or_impossible),
        cmocka_unit_test(test_no_state_is_left_backwards),
        cmocka_unit_test(test_an_end_always_ends_or_wraps_up),
        cmocka_unit_test(test_what_each_end_means_before_a_talk),
        cmocka_unit_test(test_signs_of_life_of_a_dead_call_are_hung_up),
        cmocka_unit_test(test_stories),
        cmocka_unit_test(test_times_of_a_talk),
        cmocka_unit_test(test_any_sequence_ends_once),
        cmocka_unit_test(test_result_names),
    };
    return cmocka_run_group_tests_name("line", tests, NULL, NULL);
}

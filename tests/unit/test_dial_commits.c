/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_dial_commits.c -- when what happens to calls and agents is written, in how many
 * transactions, and what of it is a change: decisions/dial-commits.md, of-the-moment.md.
 */
#include "dial_testing.h"

#include "dialer/session.h"
#include "dialer/simday.h"
#include "store/journal.h"

#define NOW INT64_C(1772416800000)

typedef struct Rig {
    Desk *d;
    Arena arena;
    DialCampaign campaign;
    DialSession *session;
    Observer record;
    Supply supply;
    Entry entries[8];
} Rig;

static void rig_open_on(Rig *r, Desk *d, bool keeps, const char *driver)
{
    Error err = { 0 };
    *r = (Rig){ .d = d };
    dial_make(d, 20, "progressive", "max_attempts=9");
    desk_do(d, "agent add name=zhao");
    desk_do(d, "agent add name=qian");
    desk_do(d, "campaign start c");
    assert_true(dial_campaign(d->crm, 1, &r->arena, &r->campaign, &err));
    DialPlan plan = { .campaign = &r->campaign, .driver = driver, .title = "x", .now = NOW,
                      .agents = 2, .keeps = keeps };
    assert_true(dial_session_open(d->crm, &plan, &r->session, &err));
    r->record = dial_session_observer(r->session);
    r->supply = dial_session_supply(r->session);
}

static void rig_open(Rig *r, Desk *d, bool keeps)
{
    rig_open_on(r, d, keeps, "sim");
}

static void rig_close(Rig *r)
{
    dial_session_free(r->session);
    arena_release(&r->arena);
}

/* n calls, whose ids are 1, 2 ... in the order in which they are placed. */
static bool place(Rig *r, int64_t now, int n, Error *err)
{
    int64_t again;
    assert_int_equal(r->supply.claim(r->session, now, 0, n, r->entries, &again), n);
    return r->supply.intend(r->session, now, 0, r->entries, n, err);
}

static Line line_of(const Rig *r, int i, Result result)
{
    return (Line){ .state = LINE_ENDED, .entry = r->entries[i], .placed_at = NOW,
                   .ended_at = NOW + 20000, .result = result };
}

static void end(Rig *r, const Line *l)
{
    r->record.ended(r->record.self, l->ended_at, l);
}

static Line talked(const Rig *r, int i, AgentId agent)
{
    Line l = line_of(r, i, RESULT_REFUSED);
    l.agent = agent;
    l.answered_at = NOW + 5000;
    l.bridged_at = NOW + 6000;
    l.hungup_at = NOW + 15000;
    return l;
}

static int64_t ended(const Rig *r)
{
    return dial_count(r->d, "SELECT count(*) FROM call WHERE state = 'ended'");
}

static int64_t commits(const Rig *r)
{
    return store_commits(r->d->crm->store);
}

/* Three outcomes, a state and two intents: one transaction. */
static void test_outcomes_ride_with_intents(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open(&r, *state, true);
    int64_t now = NOW + 20000;
    assert_true(place(&r, NOW, 3, &err));
    int64_t before = commits(&r);
    for (int i = 0; i < 3; i++) {
        Line l = line_of(&r, i, RESULT_NO_ANSWER);
        end(&r, &l);
    }
    Agent a = { .id = 1, .state = AGENT_READY, .call = -1 };
    r.record.agent(r.record.self, now, &a, AGENT_WRAPUP);
    dial_session_turned(r.session, now);
    assert_int_equal(commits(&r), before);
    assert_int_equal(ended(&r), 0);
    assert_true(place(&r, now, 2, &err));
    assert_int_equal(commits(&r), before + 1);
    assert_int_equal(ended(&r), 3);
    assert_int_equal(dial_count(r.d, "SELECT count(*) FROM call WHERE state = 'intent'"), 2);
    assert_int_equal(dial_count(r.d, "SELECT state = 'ready' FROM agent WHERE id = 1"), 1);
    assert_int_equal(dial_session_next(r.session), NEVER);
    rig_close(&r);
}

/* Without anything to dial it waits for half a second, and no longer. */
static void test_nothing_waits_long(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 2, &err));
    Line l = line_of(&r, 0, RESULT_BUSY);
    end(&r, &l);
    int64_t due = dial_session_next(r.session);
    assert_true(due > l.ended_at && due <= l.ended_at + 500);
    l = line_of(&r, 1, RESULT_NO_ANSWER);
    l.ended_at += 100;
    end(&r, &l);
    assert_int_equal(dial_session_next(r.session), due);         /* that of the first */
    dial_session_turned(r.session, due - 1);
    assert_int_equal(ended(&r), 0);
    int64_t before = commits(&r);
    dial_session_turned(r.session, due);
    assert_int_equal(ended(&r), 2);
    assert_int_equal(commits(&r), before + 1);
    rig_close(&r);
}

/* What somebody counts on is in the file at the end of the turn. */
static void test_what_does_not_wait(void **state)
{
    Rig r;
    Error err = { 0 };
    Result result;
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 3, &err));
    Line l = line_of(&r, 0, RESULT_ABANDONED);
    end(&r, &l);
    dial_session_turned(r.session, l.ended_at);
    assert_int_equal(ended(&r), 1);

    l = talked(&r, 1, 1);
    DialSaying word = { "appointment", "on Monday", 0, false };
    assert_true(dial_session_say(r.session, 1, &word, &result, &err));
    end(&r, &l);
    dial_session_turned(r.session, l.ended_at);
    assert_int_equal(dial_count(r.d, "SELECT count(*) FROM call WHERE result = 'appointment'"
                                     " AND note = 'on Monday'"), 1);

    l = line_of(&r, 2, RESULT_NO_ANSWER);
    l.own = true;
    end(&r, &l);
    dial_session_turned(r.session, l.ended_at);
    assert_int_equal(ended(&r), 3);

    assert_true(place(&r, NOW, 1, &err));
    Agent a = { .id = 2, .state = AGENT_TALKING, .call = 0 };
    Line up = { .state = LINE_BRIDGING, .agent = 2, .entry = r.entries[0] };
    r.record.changed(r.record.self, NOW, &up, LINE_WAITING);
    r.record.agent(r.record.self, NOW, &a, AGENT_READY);
    dial_session_turned(r.session, NOW);
    assert_int_equal(dial_count(r.d, "SELECT call FROM agent WHERE id = 2"), r.entries[0].call);
    a.state = AGENT_WRAPUP;
    r.record.agent(r.record.self, NOW, &a, AGENT_TALKING);
    dial_session_turned(r.session, NOW);
    assert_int_equal(dial_count(r.d, "SELECT state = 'talking' FROM agent WHERE id = 2"), 1);
    assert_true(dial_session_next(r.session) < NEVER);
    rig_close(&r);
}

/* What an agent said of one call is not taken for another that ends while the first is kept. */
static void test_a_word_is_of_one_call(void **state)
{
    Rig r;
    Error err = { 0 };
    Result result;
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 2, &err));
    Line first = talked(&r, 0, 1), second = talked(&r, 1, 1);
    end(&r, &first);
    DialSaying word = { "do-not-call", NULL, 0, false };
    assert_true(dial_session_say(r.session, 1, &word, &result, &err));
    end(&r, &second);
    assert_true(dial_session_finish(r.session, NOW + 20000, &err));
    assert_int_equal(dial_count(r.d, "SELECT count(*) FROM call WHERE id = 1"
                                     " AND result = 'refused'"), 1);
    assert_int_equal(dial_count(r.d, "SELECT count(*) FROM call WHERE id = 2"
                                     " AND result = 'do-not-call'"), 1);
    assert_int_equal(dial_count(r.d, "SELECT count(*) FROM dnc"), 1);
    rig_close(&r);
}

/* Intents that cannot be written take no outcome with them: it is written as the turn ends. */
static void test_outcomes_survive_a_refused_intent(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 1, &err));
    Line l = line_of(&r, 0, RESULT_NO_ANSWER);
    end(&r, &l);
    int64_t again;
    assert_int_equal(r.supply.claim(r.session, l.ended_at, 0, 1, r.entries, &again), 1);
    dial_sql(r.d, "UPDATE entry SET state = 'dialling', attempts = 1 WHERE id = 2");
    assert_false(r.supply.intend(r.session, l.ended_at, 0, r.entries, 1, &err));
    assert_int_equal(err.code, ERR_CONFLICT);
    assert_int_equal(ended(&r), 0);
    dial_session_turned(r.session, l.ended_at);
    assert_int_equal(ended(&r), 1);
    rig_close(&r);
}

/* On a disk that fails nothing more is dialled, and the outcome is tried again. */
static void test_kept_until_it_can_be_written(void **state)
{
    Rig r;
    Error err = { 0 };
    int64_t again;
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 1, &err));
    Line l = line_of(&r, 0, RESULT_ABANDONED);
    end(&r, &l);
    store_fail_at(r.d->crm->store, 1);
    dial_session_turned(r.session, l.ended_at);
    store_fail_at(r.d->crm->store, 0);
    assert_false(dial_session_ok(r.session, &err));
    assert_int_equal(ended(&r), 0);
    int64_t due = dial_session_next(r.session);
    assert_true(due > l.ended_at && due < NEVER);
    dial_session_turned(r.session, due);
    assert_true(dial_session_ok(r.session, &err));
    assert_int_equal(ended(&r), 1);
    assert_int_equal(r.supply.claim(r.session, due, 0, 1, r.entries, &again), 1);
    rig_close(&r);
}

/* A session that does not keep writes each at once. */
static void test_at_once(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open(&r, *state, false);
    assert_true(place(&r, NOW, 1, &err));
    Line l = line_of(&r, 0, RESULT_NO_ANSWER);
    end(&r, &l);
    assert_int_equal(ended(&r), 1);
    rig_close(&r);
}

/* ---- what a day costs ------------------------------------------------------------------------ */

static bool turned(void *self, int64_t now)
{
    dial_session_turned(self, now);
    return true;
}

/* One image of the entry. */
static void test_a_day_costs_few_commits(void **state)
{
    enum { AGENTS = 40 };
    Desk *d = *state;
    Rig r = { .d = d };
    Error err = { 0 };
    AgentId agents[AGENTS];
    SimReport report;
    char line[40];
    dial_make(d, 3000, "predictive", "max_attempts=9 max_per_day=9");
    desk_do(d, "campaign start c");
    for (int i = 0; i < AGENTS; i++) {
        snprintf(line, sizeof line, "agent add name=a%d", i);
        desk_do(d, line);
        agents[i] = i + 1;
    }
    assert_true(dial_campaign(d->crm, 1, &r.arena, &r.campaign, &err));
    DialPlan plan = { .campaign = &r.campaign, .driver = "sim", .title = "x", .now = NOW,
                      .agents = AGENTS, .keeps = true };
    assert_true(dial_session_open(d->crm, &plan, &r.session, &err));
    SimWorld world = world_defaults();
    world.utc_offset_ms = 8 * 3600000;
    SimDay day = { .engine = dial_session_rules(r.session), .world = &world, .seed = 1,
                   .agents = agents, .nagents = AGENTS, .start = NOW, .end = NOW + 3600000,
                   .supply = dial_session_supply(r.session),
                   .observer = dial_session_observer(r.session), .go_on = turned,
                   .self = r.session };
    int64_t before = commits(&r), images = dial_count(d, "SELECT count(*) FROM change_image");
    assert_true(sim_run_day(&day, &report, &err));
    assert_true(dial_session_finish(r.session, report.ended_at, &err));
    images = dial_count(d, "SELECT count(*) FROM change_image") - images;
    int64_t dials = report.view.dials;
    print_message("%lld dials, %lld commits, %lld images\n", (long long)dials,
                  (long long)(commits(&r) - before), (long long)images);
    assert_true(dials > 300);
    assert_true(commits(&r) - before <= 2 * dials);
    assert_true(images <= dials + AGENTS + 10);
    assert_int_equal(ended(&r), dials);
    rig_close(&r);
}

/* ---- states of agents are of the moment ------------------------------------------------------ */

static int64_t count(Rig *r, const char *sql)
{
    return dial_count(r->d, sql);
}

static void become(Rig *r, AgentId id, AgentState state, AgentState from)
{
    Agent a = { .id = id, .state = state, .call = -1 };
    r->record.agent(r->record.self, NOW + 1000, &a, from);
    assert_true(dial_session_write(r->session, NOW + 1000));
}

/* The first one says which campaign he works on, which is a change. */
static void test_a_state_is_no_change(void **state)
{
    Rig r;
    rig_open(&r, *state, true);
    become(&r, 1, AGENT_READY, AGENT_OFF);
    int64_t changes = count(&r, "SELECT count(*) FROM change");
    int64_t stamp = count(&r, "SELECT change FROM agent WHERE id = 1");
    become(&r, 1, AGENT_WRAPUP, AGENT_READY);
    become(&r, 1, AGENT_READY, AGENT_WRAPUP);
    become(&r, 1, AGENT_PAUSED, AGENT_READY);
    assert_int_equal(count(&r, "SELECT state = 'paused' AND since = 1772416801000 FROM agent"
                               " WHERE id = 1"), 1);
    assert_int_equal(count(&r, "SELECT count(*) FROM change"), changes);
    assert_int_equal(count(&r, "SELECT change FROM agent WHERE id = 1"), stamp);
    rig_close(&r);
}

/* He may be set to something else meanwhile, and that be taken back. */
static void test_undo_leaves_the_state(void **state)
{
    Rig r;
    rig_open(&r, *state, true);
    become(&r, 1, AGENT_READY, AGENT_OFF);
    desk_do(r.d, "agent set zhao phone=+8613900000001");
    become(&r, 1, AGENT_PAUSED, AGENT_READY);
    desk_do(r.d, "undo");
    assert_int_equal(count(&r, "SELECT state = 'paused' AND phone IS NULL FROM agent"
                               " WHERE id = 1"), 1);
    become(&r, 1, AGENT_READY, AGENT_PAUSED);
    desk_do(r.d, "redo");
    assert_int_equal(count(&r, "SELECT state = 'ready' AND phone = '+8613900000001' FROM agent"
                               " WHERE id = 1"), 1);
    rig_close(&r);
}

/* Where nobody dials his command is what makes him ready: that is undone as a whole. */
static void test_undo_of_a_state_that_was_commanded(void **state)
{
    Rig r;
    rig_open(&r, *state, true);
    desk_do(r.d, "agent ready qian c");
    assert_int_equal(count(&r, "SELECT state = 'ready' AND wish = 'ready' FROM agent"
                               " WHERE id = 2"), 1);
    desk_do(r.d, "undo");
    assert_int_equal(count(&r, "SELECT state = 'off' AND wish IS NULL FROM agent WHERE id = 2"), 1);
    desk_do(r.d, "redo");
    assert_int_equal(count(&r, "SELECT state = 'ready' FROM agent WHERE id = 2"), 1);
    desk_do(r.d, "agent delete qian --yes");
    desk_do(r.d, "undo");
    assert_int_equal(count(&r, "SELECT state = 'ready' FROM agent WHERE id = 2"), 1);
    rig_close(&r);
}

/* ---- one image of what one run writes several times: decisions/run-images.md ---------------- */

static void over(Rig *r, int i, Result result)
{
    Line l = line_of(r, i, result);
    end(r, &l);
    assert_true(dial_session_write(r->session, l.ended_at));
}

static void test_one_image_of_a_call(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 2, &err));
    int64_t changes = count(&r, "SELECT count(*) FROM change");
    assert_int_equal(count(&r, "SELECT count(*) FROM change_image i JOIN journal_table t"
                               " ON t.id = i.tbl AND t.name = 'entry'"), 2);
    over(&r, 0, RESULT_NO_ANSWER);
    over(&r, 1, RESULT_BUSY);
    assert_int_equal(ended(&r), 2);
    assert_int_equal(count(&r, "SELECT count(*) FROM change"), changes);
    desk_do(r.d, "undo");
    assert_int_equal(count(&r, "SELECT count(*) FROM call"), 0);
    assert_int_equal(count(&r, "SELECT count(*) FROM entry WHERE state = 'new' AND attempts = 0"
                               " AND result IS NULL AND next_at IS NULL"), 20);
    desk_do(r.d, "redo");
    assert_int_equal(ended(&r), 2);
    assert_int_equal(count(&r, "SELECT count(*) FROM entry WHERE state = 'retry' AND attempts = 1"
                               " AND result IN ('no-answer', 'busy')"), 2);
    desk_do(r.d, "log verify");
    rig_close(&r);
}

/* Somebody's word on the entry is work of his own, and so is what the dialer makes of it then. */
static void test_an_image_after_other_work(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 1, &err));
    desk_do(r.d, "sql --write 'UPDATE entry SET agent = 1 WHERE id = 1'");
    over(&r, 0, RESULT_NO_ANSWER);
    assert_int_equal(count(&r, "SELECT count(*) FROM change_image i JOIN journal_table t"
                               " ON t.id = i.tbl AND t.name = 'entry' WHERE row = 1"), 3);
    desk_refused(r.d, "undo", ERR_CONFLICT, "later work would be lost");
    assert_int_equal(count(&r, "SELECT state = 'retry' AND agent = 1 FROM entry WHERE id = 1"), 1);
    rig_close(&r);
}

/* A redo puts back what was undone: what the dialer wrote since stands in its way. */
static void test_redo_loses_no_outcome(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open_on(&r, *state, true, "ami");
    assert_true(place(&r, NOW, 1, &err));
    desk_do(r.d, "sql --write 'UPDATE entry SET agent = 1 WHERE id = 1'");
    desk_do(r.d, "undo");
    over(&r, 0, RESULT_NO_ANSWER);
    desk_refused(r.d, "redo", ERR_NOT_FOUND, "nothing to redo");
    assert_int_equal(count(&r, "SELECT state = 'retry' AND agent IS NULL FROM entry WHERE id = 1"),
                     1);
    rig_close(&r);
}

/* A real call stays when its run is undone, and is that of its customer again. */
static void test_a_customer_who_was_deleted_meanwhile(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open_on(&r, *state, true, "ami");
    Store *st = r.d->crm->store;
    assert_true(place(&r, NOW, 1, &err));
    over(&r, 0, RESULT_NO_ANSWER);
    int64_t run = count(&r, "SELECT max(run) FROM change");
    RowSet mine = { 0 };
    rowset_add(&mine, count(&r, "SELECT change FROM call WHERE id = 1"));
    journal_run_resume(st, "", STR("x"), run, &mine);     /* as a hook in the session would */
    desk_do(r.d, "sql --write 'DELETE FROM customer WHERE id = 1'");
    journal_run_end(st);
    rowset_release(&mine);
    assert_int_equal(count(&r, "SELECT customer IS NULL FROM call WHERE id = 1"), 1);
    desk_do(r.d, "undo");
    assert_int_equal(count(&r, "SELECT count(*) FROM customer WHERE id = 1"), 1);
    assert_int_equal(count(&r, "SELECT customer FROM call WHERE id = 1"), 1);
    rig_close(&r);
}

/* The list of a campaign may be changed while it is dialled. */
static void test_another_list(void **state)
{
    Rig r;
    Error err = { 0 };
    int64_t again;
    rig_open(&r, *state, true);
    dial_sql(r.d, "INSERT INTO list(id, name, created) VALUES (2, 'm', 0)");
    dial_sql(r.d, "INSERT INTO entry(id, list, customer) VALUES (77, 2, 5)");
    dial_sql(r.d, "UPDATE campaign SET list = 2 WHERE id = 1");
    assert_int_equal(r.supply.claim(r.session, NOW, 0, 3, r.entries, &again), 1);
    assert_int_equal(r.entries[0].id, 77);
    dial_sql(r.d, "UPDATE campaign SET list = NULL WHERE id = 1");
    assert_int_equal(r.supply.claim(r.session, NOW, 0, 3, r.entries, &again), 0);
    assert_true(dial_session_ok(r.session, &err));
    rig_close(&r);
}

/* After somebody has undone the run, what comes is another run with images of its own. */
static void test_images_after_undo(void **state)
{
    Rig r;
    Error err = { 0 };
    rig_open(&r, *state, true);
    assert_true(place(&r, NOW, 2, &err));
    over(&r, 0, RESULT_NO_ANSWER);
    desk_do(r.d, "undo");
    int64_t images = count(&r, "SELECT count(*) FROM change_image");
    assert_true(place(&r, NOW, 1, &err));
    over(&r, 0, RESULT_BUSY);
    assert_true(count(&r, "SELECT count(*) FROM change_image") > images);
    desk_do(r.d, "undo");
    assert_int_equal(count(&r, "SELECT count(*) FROM entry WHERE state = 'new'"), 20);
    assert_int_equal(count(&r, "SELECT count(*) FROM call"), 0);
    desk_do(r.d, "log verify");
    rig_close(&r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_outcomes_ride_with_intents),
        DESK_TEST(test_nothing_waits_long),
        DESK_TEST(test_what_does_not_wait),
        DESK_TEST(test_a_word_is_of_one_call),
        DESK_TEST(test_outcomes_survive_a_refused_intent),
        DESK_TEST(test_kept_until_it_can_be_written),
        DESK_TEST(test_at_once),
        DESK_TEST(test_a_day_costs_few_commits),
        DESK_TEST(test_a_state_is_no_change),
        DESK_TEST(test_undo_leaves_the_state),
        DESK_TEST(test_undo_of_a_state_that_was_commanded),
        DESK_TEST(test_one_image_of_a_call),
        DESK_TEST(test_an_image_after_other_work),
        DESK_TEST(test_redo_loses_no_outcome),
        DESK_TEST(test_a_customer_who_was_deleted_meanwhile),
        DESK_TEST(test_another_list),
        DESK_TEST(test_images_after_undo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

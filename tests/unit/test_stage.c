/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Moving leads and deals: the gate in the way, what it says, force, the way so far.
 */
#include "crm_testing.h"
#include "model/stage.h"

static int64_t stage(Bench *b, const char *name)
{
    int64_t id = 0;
    bench_must(b, record_find(b->crm, bench_type(b, "stage"), str(name), &id, &b->err));
    return id;
}

static bool move_as(Bench *b, const char *type, int64_t id, const char *to, const char *why,
                    bool force)
{
    StageMove m = { bench_type(b, type), id, stage(b, to), why, force };
    int64_t from;
    b->err = (Error){ 0 };
    bench_begin(b);
    if (!stage_move(b->crm, &m, &from, &b->a, &b->err)) {
        store_rollback(b->crm->store);
        return false;
    }
    bench_commit(b);
    return true;
}

static bool move(Bench *b, const char *type, int64_t id, const char *to)
{
    return move_as(b, type, id, to, NULL, false);
}

static void a_move_is_kept(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢");
    clock_set(&b->clock, NOW * 1000LL + 5000);
    bench_must(b, move_as(b, "customer", 1, "potential", "asked for a quote", false));
    assert_field(b, "customer", 1, "stage", "potential");
    assert_field(b, "customer", 1, "stage_at", "2026-03-04T02:20:35Z");
    assert_field(b, "move", 1, "from_stage", "identify");
    assert_field(b, "move", 1, "to_stage", "potential");
    assert_field(b, "move", 1, "reason", "asked for a quote");
    assert_field(b, "move", 1, "entered", "2026-03-04T02:20:30Z");
    assert_field(b, "move", 1, "at", "2026-03-04T02:20:35Z");
    assert_field(b, "move", 1, "forced", "no");
    assert_field(b, "move", 1, "user", crm_user(b->crm));
}

static void a_stage_takes_its_place_among_the_others(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "stage", "name=trial|position=4");
    assert_field(b, "stage", id, "position", "4");
    assert_field(b, "stage", 3, "position", "3");
    assert_field(b, "stage", 4, "position", "5");
    assert_field(b, "stage", 5, "position", "6");
    assert_field(b, "stage", 9, "position", "4");        /* of another pipeline */
    assert_field(b, "stage", bench_add(b, "stage", "name=last"), "position", "7");
}

static void a_refusal_names_each_missing_thing(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢");
    const char *before = bench_dump(b);
    assert_false(move(b, "customer", 1, "opportunity"));
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "lead 1 (宝钢) may not enter opportunity yet");
    assert_string_equal(
        b->err.detail,
        "budget  missing: budget>0  -> customer set 1 budget=...\n"
        "a decider  missing: deciders>0  -> person add customer=1 name=... role=decider\n"
        "key action demo  nobody has planned it  -> task add title='demo' customer=1"
        " action='demo'");
    assert_string_equal(b->err.hint, "why lead 1 --stage opportunity shows every check");
    assert_string_equal(bench_dump(b), before);

    bench_set(b, "customer", 1, "budget=5000");
    bench_add(b, "person", "customer=1|name=王芳|role=decider");
    int64_t task = bench_add(b, "task", "title=demo|customer=1|action=demo");
    assert_false(move(b, "customer", 1, "opportunity"));
    assert_string_equal(b->err.detail, "key action demo  task 1 is open  -> task done 1");
    bench_sql(b, "UPDATE task SET state = 'dropped'");
    assert_false(move(b, "customer", 1, "opportunity"));
    assert_non_null(strstr(b->err.detail, "task 1 was dropped  -> task add"));
    bench_sql(b, "UPDATE task SET state = 'done'");
    bench_add(b, "task", "title=demo again|customer=1|action=demo");
    bench_must(b, move(b, "customer", 1, "opportunity"));
    assert_field(b, "customer", 1, "stage", "opportunity");
    (void)task;
}

static void why_lists_every_check(void **state)
{
    Bench *b = *state;
    Verdicts v;
    bench_add(b, "customer", "name=宝钢|budget=1");
    StageMove m = { .type = bench_type(b, "customer"), .id = 1, .to = stage(b, "opportunity") };
    bench_must(b, stage_why(b->crm, &m, &b->a, &v, &b->err));
    assert_false(v.pass);
    assert_int_equal(v.n, 5);
    static const char *const checks[] = { "pipeline", "another stage", "budget", "a decider",
                                          "key action demo" };
    static const bool pass[] = { true, true, true, false, false };
    for (int i = 0; i < v.n; i++) {
        assert_string_equal(v.v[i].check, checks[i]);
        assert_int_equal(v.v[i].pass, pass[i]);
        assert_true(v.v[i].reason[0] != '\0');
    }
    assert_string_equal(v.v[2].reason, "holds: budget>0");
    assert_null(v.v[2].hint);
}

static void force_needs_a_manager_and_a_reason(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢");
    assert_false(move_as(b, "customer", 1, "opportunity", NULL, true));
    assert_int_equal(b->err.code, ERR_USAGE);
    b->crm->rights = MAY_READ | MAY_WRITE;
    assert_false(move_as(b, "customer", 1, "opportunity", "the boss knows", true));
    assert_int_equal(b->err.code, ERR_DENIED);
    b->crm->rights = MAY_ALL;
    bench_must(b, move_as(b, "customer", 1, "opportunity", "the boss knows", true));
    assert_field(b, "move", 1, "forced", "yes");
    /* a move that needs no force is none */
    bench_must(b, move_as(b, "customer", 1, "potential", NULL, true));
    assert_field(b, "move", 2, "forced", "no");
}

static void what_cannot_be_forced(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢");
    assert_false(move_as(b, "customer", 1, "agree", "x", true));
    assert_int_equal(b->err.code, ERR_INVALID);
    assert_string_equal(b->err.msg, "agree is a stage of std, and lead 1 moves along lifecycle");
    assert_false(move_as(b, "customer", 1, "identify", "x", true));
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "lead 1 is in identify already");
    assert_false(move(b, "customer", 9, "potential"));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    assert_string_equal(b->err.msg, "no customer 9");
    assert_int_equal(bench_int(b, "SELECT count(*) FROM move"), 0);
}

static void deals_have_pipelines_of_their_own(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢");
    bench_add(b, "deal", "customer=1|name=Pipes");
    assert_field(b, "deal", 1, "stage", "need");
    assert_false(move(b, "deal", 1, "agree"));
    assert_string_equal(b->err.detail, "value  missing: value>0  -> deal set 1 value=...");
    assert_string_equal(b->err.hint, "why deal 1 --stage agree shows every check");
    bench_set(b, "deal", 1, "value=10");
    bench_must(b, move(b, "deal", 1, "agree"));
    bench_add(b, "pipeline", "name=partner|type=deal");
    bench_add(b, "stage", "name=first talk|pipeline=partner");
    assert_false(move(b, "deal", 1, "first talk"));
    assert_int_equal(b->err.code, ERR_INVALID);
    bench_add(b, "deal", "customer=1|name=Rails|stage=first talk");
    assert_field(b, "deal", 2, "stage", "first talk");
    assert_field(b, "pipeline", 2, "stages", "need, agree, negotiate, won, lost");
}

/* A criterion is about the records of its pipeline: of another type it makes no sense. */
static void criteria_are_not_asked_of_strangers(void **state)
{
    Bench *b = *state;
    Verdicts v;
    bench_add(b, "customer", "name=宝钢");
    bench_add(b, "criterion", "stage=agree|name=a date|expr=expected!=");
    StageMove m = { .type = bench_type(b, "customer"), .id = 1, .to = stage(b, "agree") };
    bench_must(b, stage_why(b->crm, &m, &b->a, &v, &b->err));
    assert_int_equal(v.n, 2);
    assert_false(v.v[0].pass);
}

static void a_criterion_that_cannot_be_asked_fails(void **state)
{
    Bench *b = *state;
    FieldSpec spec = { .name = STR("level"), .kind = KIND_INT };
    Undone u;
    bench_add(b, "customer", "name=宝钢");
    journal_run_begin(b->crm->store, "me", STR("field add"));
    bench_must(b, field_add(b->crm, "customer", &spec, &b->err));
    int64_t run = journal_run(b->crm->store);
    journal_run_end(b->crm->store);
    journal_run_begin(b->crm->store, "me", STR("criterion add"));
    bench_add(b, "criterion", "stage=potential|name=level|expr=level>1");
    journal_run_end(b->crm->store);
    bench_must(b,
               journal_undo(b->crm->store, run, &b->a, &u, &b->err) && crm_reload(b->crm, &b->err));
    assert_false(move(b, "customer", 1, "potential"));
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_non_null(
        strstr(b->err.detail, "level  cannot be asked: customers have no field 'level'"));
}

/* ---- the way so far -------------------------------------------------------------------------- */

typedef struct Path { Bench *b; Buf text; int stop; } Path;

static bool stay(void *ctx, const StageStay *s)
{
    Path *p = ctx;
    buf_printf(&p->text, "%.*s %d %d %.*s%s\n", STR_ARG(s->stage),
               (int)((s->entered - NOW * 1000LL) / 1000), (int)(s->stayed / 1000),
               STR_ARG(s->reason), s->now ? " now" : "");
    return --p->stop != 0;
}

static void the_way_of_a_lead(void **state)
{
    Bench *b = *state;
    Path p = { b, { 0 }, 0 };
    bench_add(b, "customer", "name=宝钢");
    clock_set(&b->clock, NOW * 1000LL + 10000);
    bench_must(b, move_as(b, "customer", 1, "potential", "called", false));
    clock_set(&b->clock, NOW * 1000LL + 30000);
    bench_must(b, move_as(b, "customer", 1, "identify", "wrong", false));
    clock_set(&b->clock, NOW * 1000LL + 60000);
    bench_must(b, stage_path(b->crm, bench_type(b, "customer"), 1, &b->a, stay, &p, &b->err));
    assert_string_equal(p.text.s,
                        "identify 0 10 \npotential 10 20 called\nidentify 30 30 wrong now\n");
    buf_reset(&p.text);
    p.stop = 1;
    bench_must(b, stage_path(b->crm, bench_type(b, "customer"), 1, &b->a, stay, &p, &b->err));
    assert_string_equal(p.text.s, "identify 0 10 \n");
    assert_false(stage_path(b->crm, bench_type(b, "customer"), 9, &b->a, stay, &p, &b->err));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    buf_release(&p.text);
}

static bool veto(void *ctx, Hook *h, Error *err)
{
    int *seen = ctx;
    ++*seen;
    assert_string_equal(h->event, "lead.move");
    assert_int_equal(record_value(h->old, "stage").i, 1);
    assert_int_equal(record_value(h->now, "stage").i, 2);
    assert_string_equal(h->reason, "because");
    return bench_refuse(err, "not on a Wednesday");
}

static void a_hook_may_veto(void **state)
{
    Bench *b = *state;
    int seen = 0;
    bench_add(b, "customer", "name=宝钢");
    b->crm->hook = veto;
    b->crm->hook_ctx = &seen;
    assert_false(move_as(b, "customer", 1, "potential", "because", false));
    assert_string_equal(b->err.msg, "not on a Wednesday");
    assert_int_equal(seen, 1);
    assert_field(b, "customer", 1, "stage", "identify");
}

static void moves_are_undone(void **state)
{
    Bench *b = *state;
    Undone u;
    bench_add(b, "customer", "name=宝钢");
    const char *before = bench_dump(b);
    bench_must(b, move(b, "customer", 1, "potential"));
    bench_must(b, journal_undo(b->crm->store, 0, &b->a, &u, &b->err));
    assert_string_equal(bench_dump(b), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_move_is_kept), test(a_stage_takes_its_place_among_the_others),
        test(a_refusal_names_each_missing_thing), test(why_lists_every_check),
        test(force_needs_a_manager_and_a_reason), test(what_cannot_be_forced),
        test(deals_have_pipelines_of_their_own), test(criteria_are_not_asked_of_strangers),
        test(a_criterion_that_cannot_be_asked_fails), test(the_way_of_a_lead),
        test(a_hook_may_veto),
        test(moves_are_undone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

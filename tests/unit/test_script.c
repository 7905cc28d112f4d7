/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * test_script.c -- Lua from C's side: values at the prompt, errors, limits, the sandbox, runs and
 * dry runs, completion, the index.  What scripts see is tested by scripts (tests/lua).
 */
#include <stdio.h>

#include "script_session.h"

static int set_up(void **state)
{
    TestSession *t = xalloc(sizeof *t);
    test_open(t);
    *state = t;
    return 0;
}

static int tear_down(void **state)
{
    TestSession *t = *state;
    assert_int_equal(store_depth(t->s.crm->store), 0);
    test_close(t);
    free(t);
    return 0;
}

static bool run(TestSession *t, const char *chunk, Error *err)
{
    *err = (Error){ 0 };
    return script_run_text(&t->s, str(chunk), "=test", false, NULL, err);
}

static void must_run(TestSession *t, const char *chunk)
{
    Error err;
    if (!run(t, chunk, &err))
        test_fail(&err);
}

/* What a line at the prompt prints; "!" and the message when it fails. */
static char *prints(TestSession *t, const char *chunk)
{
    char *text = NULL;
    size_t n = 0;
    Error err = { 0 };
    FILE *f = open_memstream(&text, &n);
    bool ok = script_run_text(&t->s, str(chunk), "=prompt", true, f, &err);
    if (!ok)
        fprintf(f, "!%s", err.msg);
    fclose(f);
    return text;
}

static void assert_prints(TestSession *t, const char *chunk, const char *want)
{
    char *got = prints(t, chunk);
    assert_string_equal(got, want);
    free(got);
}

static int64_t count(TestSession *t, const char *filter)
{
    Arena a = { 0 };
    char *got = prints(t, arena_printf(&a, "=#crm.customers([[%s]])", filter));
    int64_t n = strtoll(got, NULL, 10);
    free(got);
    arena_release(&a);
    return n;
}

static void type_line(TestSession *t, const char *line)
{
    Arena a = { 0 };
    Error err = { 0 };
    Words w;
    FILE *f = fopen("/dev/null", "w");
    if (!lex_words(str(line), &a, &w, NULL, &err)
        || !session_run(&t->s, w.w, w.n, str(line), f, NULL, &err))
        test_fail(&err);
    fclose(f);
    arena_release(&a);
}

/* ---- the prompt ------------------------------------------------------------------------------ */

static void prompt_prints_values(void **state)
{
    TestSession *t = *state;
    assert_prints(t, "1 + 1", "2\n");
    assert_prints(t, "=1 + 1, 'x', nil", "2\tx\tnil\n");
    assert_prints(t, "=nil", "nil\n");
    assert_prints(t, "local x = 1", "");
    assert_prints(t, "x = 5", "");
    assert_prints(t, "= x", "5\n");
    assert_prints(t, "_ * 2", "10\n");
    assert_prints(t, "print('a', 1)", "a\t1\n");
    assert_prints(t, "{1, 'two', {3, {4}}, key = true, [1.5] = 'q\"'}",
                  "{ 1, \"two\", { 3, {...} }, key = true, [1.5] = \"q\\\"\" }\n");
    assert_prints(t, "{}", "{}\n");
    assert_prints(t, "for i = 1, 2 do print(i) end", "1\n2\n");
    assert_prints(t, "=1 +", "!prompt:1: unexpected symbol near <eof>");
    assert_prints(t, "error('e')", "!prompt:1: e");
}

static void prompt_shows_rows_as_a_table(void **state)
{
    TestSession *t = *state;
    must_run(t, "crm.customer.add{name='ann', city='a'} crm.customer.add{name='bob'}");
    assert_prints(t, "crm.sql('select id, name, city from customer')",
                  "id\tname\tcity\n1\tann\ta\n2\tbob\t\n");
    assert_prints(t, "crm.customer(2)", "customer 2 (bob)\n");
    assert_prints(t, "#crm.customers{name='ann'}", "1\n");
}

static void long_tables_are_cut(void **state)
{
    TestSession *t = *state;
    char *got = prints(t, "local x = {} for i = 1, 100 do x[i] = i end return x");
    assert_non_null(strstr(got, "19, 20, ... }"));
    assert_null(strstr(got, "21"));
    free(got);
}

static void incomplete_chunks_are_known(void **state)
{
    TestSession *t = *state;
    assert_true(script_incomplete(&t->s, STR("for i = 1, 3 do")));
    assert_true(script_incomplete(&t->s, STR("x = {1,")));
    assert_true(script_incomplete(&t->s, STR("=f(")));
    assert_false(script_incomplete(&t->s, STR("x = = 2")));
    assert_false(script_incomplete(&t->s, STR("x = 2")));
    assert_false(script_incomplete(&t->s, STR("1 + 1")));
}

static bool offers(TestSession *t, const char *line, const char *name, int start)
{
    Arena a = { 0 };
    Candidates c = { 0 };
    bool found = false;
    assert_true(script_complete(&t->s, str(line), (int)strlen(line), &a, &c));
    for (int i = 0; i < c.n; i++)
        found |= strcmp(c.s[i], name) == 0;
    assert_int_equal(c.start, start);
    arena_release(&a);
    return found;
}

static void names_are_completed(void **state)
{
    TestSession *t = *state;
    must_run(t, "mine = { deep = { word = 1 } }");
    assert_true(offers(t, "= string.re", "rep", 9));
    assert_true(offers(t, "= mine.deep.w", "word", 12));
    assert_true(offers(t, "= crm.cust", "customers", 6));
    assert_true(offers(t, "= crm.customer.", "add", 15));
    assert_true(offers(t, "= crm.report.r", "rates", 13));
    assert_true(offers(t, "pri", "print", 0));
    assert_false(offers(t, "= crm.cust", "campaign", 6));
    assert_false(offers(t, "= mine.none.w", "word", 12));
}

/* ---- errors ---------------------------------------------------------------------------------- */

static void uncaught_errors_say_where(void **state)
{
    TestSession *t = *state;
    Error err;
    assert_false(run(
        t, "local function inner() error('deep') end\nlocal function outer() inner() end\nouter()",
        &err));
    assert_int_equal(err.code, ERR_FAILED);
    assert_string_equal(err.msg, "test:1: deep");
    assert_string_equal(err.detail, "test:1: in function 'inner'\ntest:2: in function 'outer'\n"
                        "test:3: in main chunk");
}

static void errors_keep_their_code(void **state)
{
    TestSession *t = *state;
    Error err;
    assert_false(run(t, "crm.customer.add{nmae='x'}", &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_string_equal(err.msg, "test:1: customers have no field 'nmae'");
    assert_string_equal(err.hint, "nearest: name");
    assert_false(run(t, "assert(crm.customer(7))", &err));
    assert_int_equal(err.code, ERR_NOT_FOUND);
    assert_string_equal(err.msg, "no customer 7");
    assert_false(run(t, "error{message='plain table', hint='mend it'}", &err));
    assert_string_equal(err.msg, "plain table");
    assert_string_equal(err.hint, "mend it");
    assert_false(
        run(t, "error(setmetatable({}, {__tostring=function() error('again') end}))", &err));
    assert_int_equal(err.code, ERR_FAILED);
    assert_false(run(t, "error()", &err));
    assert_string_equal(err.msg, "nil");
}

/* ---- limits ---------------------------------------------------------------------------------- */

static const char *const endless[] = {
    "while true do end",
    "while true do pcall(function() while true do end end) end",
    "repeat until pcall(error) and false",
    "local function f() return f() end f()",
    "coroutine.wrap(function() while true do end end)()",
    "while true do coroutine.resume(coroutine.create(function() while true do end end)) end",
    "xpcall(function() while true do end end, function() while true do end end)",
    "local x <close> = setmetatable({}, {__close = function() while true do end end}) error('x')",
    "local co = coroutine.create(function() local x <close> = setmetatable({}, {__close ="
    " function() while true do end end}) coroutine.yield() end) coroutine.resume(co) "
    "coroutine.close(co)",
    "string.gsub(('x'):rep(1000000), '.', function() while true do end end)",
    "crm.tx(function() crm.customer.add{name='never'} while true do end end)",
    "while true do crm.tx(function() end) end",
    "for c in crm.customers{} do while true do end end while true do end",
    "crm.sql('with recursive n(i) as (select 1 union all select i+1 from n) select max(i) from n')",
};

static void time_is_limited(void **state)
{
    TestSession *t = *state;
    Script *sc;
    Error err = { 0 };
    assert_true(script_get(&t->s, &sc, &err));
    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++) {
        script_limits(sc, &(ScriptLimits){ .ms = 60 });
        int64_t began = clock_monotonic_us();
        assert_false(run(t, endless[i], &err));
        int64_t took = clock_monotonic_us() - began;
        if (took > 3000000)
            print_error("%s\n", endless[i]);
        assert_in_range(took, 30000, 3000000);
        assert_true(strstr(err.msg, "it ran for more than 0.06 s") || err.code == ERR_INTERRUPTED);
        script_limits(sc, &(ScriptLimits){ 0 });
        must_run(t, "local n = 0 for i = 1, 1000000 do n = n + i end"); /* nothing is left armed */
    }
    assert_int_equal(count(t, "name=never"), 0);
}

static void time_of_one_entry_is_not_anothers(void **state)
{
    TestSession *t = *state;
    Script *sc;
    Error err = { 0 };
    assert_true(script_get(&t->s, &sc, &err));
    script_limits(sc, &(ScriptLimits){ .ms = 100 });
    int64_t began = clock_monotonic_us();
    while (clock_monotonic_us() - began < 400000)
        must_run(t, "local n = 0 for i = 1, 10000 do n = n + i end");
}

static void memory_is_limited(void **state)
{
    TestSession *t = *state;
    Script *sc;
    Error err = { 0 };
    assert_true(script_get(&t->s, &sc, &err));
    script_limits(sc, &(ScriptLimits){ .bytes = 16 << 20 });
    assert_false(run(t, "local t = {} for i = 1, 1e9 do t[i] = ('x'):rep(1000) .. i end", &err));
    assert_non_null(strstr(err.msg, "not enough memory"));
    assert_false(run(t, "local s = 'x' while true do s = s .. s end", &err));
    must_run(t, "local t = {} for i = 1, 1000 do t[i] = i end");
    must_run(t, "assert(not pcall(function() local s = 'x' while true do s = s .. s end end))");
    assert_false(run(
        t,
        "crm.on('before:customer.add', function() local s = 'x' while true do s = s .. s end end)"
        " assert(crm.customer.add{name='x'})",
        &err));
    assert_int_equal(count(t, ""), 0);
}

static void sandbox_has_no_way_out(void **state)
{
    TestSession *t = *state;
    Script *sc;
    Error err = { 0 };
    ScriptLimits l = { .ms = 200, .bytes = 32 << 20, .sandbox = true };
    assert_true(script_open(&t->s, &l, &sc, &err));
    must_run(t, "assert(io == nil and debug == nil and dofile == nil and loadfile == nil)");
    must_run(
        t,
        "assert(os.execute == nil and os.getenv == nil and os.exit == nil and os.remove == nil)");
    must_run(t, "assert(os.time and os.date and string.format and require 'patter.report')");
    must_run(t, "assert(not pcall(require, 'io') or require 'io' == nil)");
    must_run(t, "assert(not pcall(require, 'socket')) assert(package.loadlib == nil)");
    must_run(t, "assert(package.cpath == '' and package.path == '')");
    must_run(t, "assert(load(string.dump(function() end)) == nil) assert(load('return 1')() == 1)");
    must_run(t, "assert(load(string.dump(function() end), 'x', 'b') == nil)");
    must_run(t, "assert(load('return x', 'n', 't', {x = 7})() == 7)");
    must_run(t, "assert(not pcall(setmetatable, {}, {__gc = function() while true do end end}))");
    must_run(t, "assert(not pcall(string.find, 'x', ('a?'):rep(24) .. ('a'):rep(24)))");
    must_run(t, "assert(('key = value'):match('^(%w+)%s*=%s*(%w+)$') == 'key')");
    must_run(t, "assert(crm.customer.add{name='x'} == 1)");
    assert_false(run(t, "while true do end", &err));
}

/* ---- runs ------------------------------------------------------------------------------------ */

static void the_name_needs_no_key_when_it_comes_first(void **state)
{
    TestSession *t = *state;
    Error err;
    must_run(t, "assert(crm.list.add{'a=b', note='x'} == 1)"
                " assert(crm.list.show{1}[1].name == 'a=b')"
                " assert(crm.customer.add{name='x'} == 1)"
                " assert(crm.person.add{1, name='y'} == 1)");
    assert_false(run(t, "crm.list.add{'a', name='b'}", &err));
    assert_non_null(strstr(err.msg, "name is given twice"));
    assert_false(run(t, "crm.customer.add{'a'}", &err));
    assert_non_null(strstr(err.msg, "takes no further argument 'a'"));
}

static void a_script_is_one_step_of_undo(void **state)
{
    TestSession *t = *state;
    must_run(t, "crm.customer.add{name='before'}");
    buf_reset(&t->ui.notes);
    must_run(
        t, "for i = 1, 5 do crm.customer.add{name='n' .. i} end crm.customer(1).name = 'changed'");
    assert_string_equal(t->ui.notes.s, "6 rows changed; undo takes it back\n");
    must_run(t, "assert(crm.undo())");
    assert_int_equal(count(t, ""), 1);
    assert_int_equal(count(t, "name=before"), 1);
}

static void a_dry_run_stores_nothing(void **state)
{
    TestSession *t = *state;
    must_run(t, "crm.customer.add{name='before'}");
    t->s.dry_run = true;
    buf_reset(&t->ui.notes);
    must_run(t, "local id = crm.customer.add{name='new'} assert(crm.customer(id).name == 'new')"
                " crm.type.load{'supplier'} assert(crm.supplier.add{name='ACME'})");
    assert_non_null(strstr(t->ui.notes.s, "nothing is stored"));
    assert_true(t->s.dry_run);
    t->s.dry_run = false;
    assert_int_equal(count(t, ""), 1);
    must_run(t, "assert(not pcall(function() return crm.suppliers end))");
}

static void commands_refuse_to_be_noisy(void **state)
{
    TestSession *t = *state;
    must_run(t, "crm.customer.add{name='x'}");
    assert_null(strstr(t->ui.notes.s, "customer 1 added"));
    must_run(t, "patter.note('said', 1)");
    assert_non_null(strstr(t->ui.notes.s, "said\t1\n"));
}

static void files_get_arguments(void **state)
{
    TestSession *t = *state;
    char file[] = "/tmp/test_script_XXXXXX.lua";
    FILE *f = fdopen(mkstemps(file, 4), "w");
    fputs("#!/usr/bin/env patter\nlocal a, b = ...\nassert(a == 'x' and b == 'y y')\n"
          "assert(arg[1] == a and #arg == 2)\nerror('line five')\n", f);
    fclose(f);
    Error err = { 0 };
    char *args[] = { "x", "y y" };
    assert_false(script_run_file(&t->s, file, args, 2, &err));
    assert_non_null(strstr(err.msg, ".lua:5: line five"));
    err = (Error){ 0 };
    assert_false(script_run_file(&t->s, "nowhere.lua", NULL, 0, &err));
    assert_int_equal(err.code, ERR_IO);
    remove(file);
}

/* ---- reports --------------------------------------------------------------------------------- */

static void add_calls(TestSession *t)
{
    type_line(t, "campaign add name=autumn");
    type_line(
        t,
        "sql --write \"WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<1000)"
        " INSERT INTO call (id, campaign, number, mode, driver, state, result, placed_at)"
        " SELECT i, 1, '+8613800138000', 'preview', 'sim', 'ended', CASE WHEN i<=45 THEN 'accepted'"
        " WHEN i<=63 THEN 'appointment' WHEN i<=420 THEN 'refused' ELSE 'no-answer' END, i FROM "
        "n\"");
    type_line(
        t, "sql --write \"INSERT INTO call (id, campaign, number, mode, driver, state, placed_at)"
           " VALUES (2000, 1, '+8613800138000', 'preview', 'sim', 'placed', 5)\"");
}

static void rates_are_the_three_rates(void **state)
{
    TestSession *t = *state;
    add_calls(t);
    must_run(t, "local r = crm.report.rates{'autumn'} assert(#r == 1)"
                "assert(r.dials == 1000 and r.connected == 420 and r.appointments == 63 and "
                "r.accepted == 45)"
                "assert(r.connect_rate == 0.42 and r.appointment_rate == 0.15)"
                "assert(r.acceptance_rate == 45/63 and r.overall == 0.045)");
    must_run(t, "local r = crm.report.rates{since = patter.now()} assert(#r == 1)"
                "assert(r.campaign == 'total' and r.dials == 0 and r.overall == nil)");
    must_run(t, "assert(crm.report.rates{'autumn', since='1970-01-01'})");
    must_run(t,
             "local x, e = crm.report.rates{'winter'} assert(x == nil and e.code == 'not-found')");
}

static void results_add_up(void **state)
{
    TestSession *t = *state;
    add_calls(t);
    must_run(t, "local r, sum, share = crm.report.results{'autumn'}, 0, 0\n"
                "assert(#r == 5 and r[1].result == 'no-answer' and r[1].count == 580)\n"
                "for i = 1, 4 do sum, share = sum + r[i].count, share + r[i].share end\n"
                "assert(r[5].result == 'total' and r[5].count == sum and sum == 1000)\n"
                "assert(math.abs(share - 1) < 1e-9 and r[5].share == 1)");
}

static void funnel_counts_who_came_how_far(void **state)
{
    TestSession *t = *state;
    must_run(t,
             "for i = 1, 10 do crm.customer.add{name='n' .. i, value=100} end\n"
             "for i = 1, 5 do assert(crm.lead.move{i, stage='potential', why='x'}) end\n"
             "for i = 1, 2 do assert(crm.lead.move{i, stage='customer', why='x', force=true}) end\n"
             "assert(crm.lead.move{1, stage='identify', why='back', force=true})");
    must_run(
        t,
        "local f = {} for _, r in ipairs(crm.report.funnel()) do f[r.stage] = r end\n"
        "local function is(s, reached, rate, now, value) local r = f[s]\n"
        "  assert(r.reached == reached and r.rate == rate and r.now == now and r.value == value,\n"
        "    s .. ': ' .. r.reached .. ' ' .. tostring(r.rate) .. ' ' .. r.now .. ' ' .. r.value) "
        "end\n"
        "is('identify', 10, nil, 6, 1000)\n"
        "is('potential', 5, 0.5, 3, 500)\n"
        "is('opportunity', 2, 0.4, 0, 200)\n"
        "is('customer', 2, 1.0, 1, 200)\n"
        "is('user', 0, 0.0, 0, 0)\n"
        "assert(not f.lost)");
    t->clock.ms += 1000;
    must_run(
        t,
        "for _, r in ipairs(crm.report.funnel{since=patter.now()}) do assert(r.reached == 0) end");
    must_run(t, "assert(#crm.report.funnel{pipeline='std'} == 4)");
}

static void funnel_by_source_adds_up(void **state)
{
    TestSession *t = *state;
    must_run(t,
             "local from = {'web', 'expo'}\n"
             "for i = 1, 9 do crm.customer.add{name='n' .. i, source=from[i % 3]} end\n"
             "for i = 1, 4 do assert(crm.lead.move{i, stage='potential', why='x'}) end\n"
             "local all, parts = {}, {}\n"
             "for _, r in ipairs(crm.report.funnel{pipeline='lifecycle'}) do all[r.stage] = r end\n"
             "for _, r in ipairs(crm.report.funnel{pipeline='lifecycle', by='source'}) do\n"
             "  local k = (r.source or '-') .. ' ' .. r.stage\n"
             "  assert(not parts[k]) parts[k] = r\n"
             "  all[r.stage].reached = all[r.stage].reached - r.reached\n"
             "  all[r.stage].now = all[r.stage].now - r.now\n"
             "end\n"
             "for name, r in pairs(all) do assert(r.reached == 0 and r.now == 0, name) end\n"
             "assert(parts['web potential'].reached == 2)\n"
             "assert(parts['expo potential'].reached == 1)\n"
             "assert(parts['- identify'].reached == 3 and parts['- identify'].now == 2)");
    t->clock.ms += 1000;
    must_run(t, "local now = patter.now()\n"
                "local f = crm.report.funnel{since=now, pipeline='lifecycle'}\n"
                "assert(f[1].reached == 0 and f[1].now == 5 and f[2].now == 4)\n"
                "assert(crm.report.funnel{['until']=now}[1].reached == 9)\n"
                "assert(crm.report.funnel{['until']=now - 5000}[1].reached == 0)");
}

/* ---- the index ------------------------------------------------------------------------------- */

static void the_index_is_up_to_date(void **state)
{
    TestSession *t = *state;
    Buf made = { 0 };
    Error err = { 0 };
    if (!script_index(&t->s, &made, &err))
        test_fail(&err);
    Buf kept = { 0 };
    char block[4096];
    size_t n;
    FILE *f = fopen("lua/index.json", "r");
    assert_non_null(f);
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        buf_put(&kept, block, n);
    fclose(f);
    assert_string_equal(made.s, kept.s);           /* `make docs` writes it anew */
    buf_release(&made);
    buf_release(&kept);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(prompt_prints_values),
        TEST(prompt_shows_rows_as_a_table),
        TEST(long_tables_are_cut),
        TEST(incomplete_chunks_are_known),
        TEST(names_are_completed),
        TEST(uncaught_errors_say_where),
        TEST(errors_keep_their_code),
        TEST(time_is_limited),
        TEST(time_of_one_entry_is_not_anothers),
        TEST(memory_is_limited),
        TEST(sandbox_has_no_way_out),
        TEST(the_name_needs_no_key_when_it_comes_first),
        TEST(a_script_is_one_step_of_undo),
        TEST(a_dry_run_stores_nothing),
        TEST(commands_refuse_to_be_noisy),
        TEST(files_get_arguments),
        TEST(rates_are_the_three_rates),
        TEST(results_add_up),
        TEST(funnel_counts_who_came_how_far), TEST(funnel_by_source_adds_up),
        TEST(the_index_is_up_to_date),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

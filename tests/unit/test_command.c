/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_testing.h"

#include "store/journal.h"

/* ---- commands made for these tests ----------------------------------------------------------- */

typedef struct Make { const char *name; bool fail_after; } Make;

static bool make_list(const Call *c, const char *name, Error *err)
{
    Record *r = record_new(schema_type(c->crm->schema, STR("list")), c->arena);
    return record_put(c->crm, r, STR("name"), FIELD_SET, str(name), c->arena, err)
        && record_add(c->crm, r, err);
}

static bool break_down(Error *err)
{
    *err = (Error){ .code = ERR_FAILED, .msg = "failed after the work was done" };
    return false;
}

static bool make_run(const Call *c, Error *err)
{
    const Make *a = c->args;
    static const Column columns[] = { { "name", KIND_TEXT, 0 }, { 0 } };
    const Value v = value_cstr(a->name);
    ui_note(c->ui, "list %s made", a->name);
    ui_warn(c->ui, "it is %s", "empty");
    return make_list(c, a->name, err) && out_begin(c->out, columns, -1, err)
        && out_row(c->out, &v, err)
        && (!a->fail_after || break_down(err));
}

static const Command make = {
    .name = "test make", .summary = "Make a list",
    .args = (const Arg[]){
        { "name", ARG_TEXT, 0, "its name", AT(Make, name) },
        { "--fail", ARG_FLAG, ARG_OPTIONAL, "fail in the end", AT(Make, fail_after) },
        { 0 } },
    .args_size = sizeof(Make), .flags = COMMAND_WRITES, .run = make_run,
};

static const Command severe = {
    .name = "test severe", .summary = "Make a list, which is terrible",
    .args = (const Arg[]){ { "name", ARG_TEXT, 0, "its name", AT(Make, name) }, { 0 } },
    .args_size = sizeof(Make), .flags = COMMAND_WRITES | COMMAND_SEVERE, .run = make_run,
};

static bool manage_run(const Call *c, Error *err)
{
    (void)c, (void)err;
    return true;
}

static const Command manage = {
    .name = "test manage", .summary = "Do what a manager does", .need = MAY_MANAGE,
    .run = manage_run,
};

static Desk *with_commands(void **state)
{
    Desk *d = *state;
    registry_add(d->s.registry, &make);
    registry_add(d->s.registry, &severe);
    registry_add(d->s.registry, &manage);
    return d;
}

/* ---- transactions ---------------------------------------------------------------------------- */

static void test_a_command_is_one_transaction(void **state)
{
    Desk *d = with_commands(state);
    desk_do(d, "test make spring");
    assert_string_equal(d->rows, "name\nspring\n");
    assert_string_equal(desk_notes(d), "list spring made\nwarning: it is empty\n");
    assert_string_equal(desk_cell(d, "list count --no-header"), "1");
    assert_int_equal(store_depth(d->crm->store), 0);
}

static void test_nothing_of_a_failed_command_stays_or_shows(void **state)
{
    Desk *d = with_commands(state);
    desk_refused(d, "test make spring --fail", ERR_FAILED, "failed after");
    assert_string_equal(d->rows, "");
    assert_string_equal(desk_notes(d), "warning: it is empty\n");
    assert_string_equal(desk_cell(d, "list count --no-header"), "0");
    assert_int_equal(store_depth(d->crm->store), 0);
}

static void test_a_column_that_is_not_there_refuses_the_command(void **state)
{
    Desk *d = with_commands(state);
    desk_refused(d, "test make spring --fields nmae", ERR_USAGE, "nmae");
    assert_string_equal(desk_cell(d, "list count --no-header"), "0");
}

static void test_a_dry_run_does_it_and_takes_it_back(void **state)
{
    Desk *d = with_commands(state);
    desk_do(d, "test make spring --dry-run");
    assert_string_equal(desk_notes(d), "would: list spring made\nwarning: it is empty\n");
    assert_string_equal(desk_cell(d, "list count --no-header"), "0");
    d->s.dry_run = true;                          /* the whole session rehearses */
    desk_do(d, "test make spring");
    d->s.dry_run = false;
    assert_string_equal(desk_cell(d, "list count --no-header"), "0");
    desk_do(d, "test make spring");
    desk_refused(d, "test make spring -n", ERR_CONFLICT, "spring");    /* it cannot lie */
}

static void test_a_field_of_a_dry_run_is_forgotten(void **state)
{
    Desk *d = *state;
    desk_do(d, "field add customer grade text --dry-run");
    desk_refused(d, "customer list grade=a", ERR_USAGE, "grade");
    desk_do(d, "field add customer grade text");
    desk_do(d, "customer list grade=a");          /* the registry has the new types */
}

static void test_commands_nest_in_a_transaction(void **state)
{
    Desk *d = with_commands(state);
    Error err = { 0 };
    assert_true(store_begin(d->crm->store, &err));
    desk_do(d, "test make spring");
    desk_refused(d, "test make summer --fail", ERR_FAILED, "failed after");
    assert_string_equal(desk_cell(d, "list count --no-header"), "1");
    store_rollback(d->crm->store);
    assert_string_equal(desk_cell(d, "list count --no-header"), "0");
}

/* ---- consent --------------------------------------------------------------------------------- */

static void add_customers(Desk *d, int n)
{
    for (int i = 0; i < n; i++)
        desk_do(d, "customer add name=王芳");
}

static void test_up_to_three_records_are_not_asked_about(void **state)
{
    Desk *d = *state;
    add_customers(d, 3);
    desk_do(d, "customer set 1-3 city=上海");
    assert_int_equal(d->asked.n, 0);
}

static void test_many_records_need_an_answer(void **state)
{
    Desk *d = *state;
    add_customers(d, 5);
    desk_refused(d, "customer set 1-4 city=上海", ERR_USAGE, "nobody is here to confirm");
    assert_non_null(strstr(d->err.hint, "--yes"));
    assert_string_equal(desk_cell(d, "customer count city=上海 --no-header"), "0");
    d->answer = 0;
    desk_refused(d, "customer set --where id>0 city=上海", ERR_REFUSED, "nothing was changed");
    assert_non_null(strstr(d->asked.s, "5 customers (1 王芳, 2 王芳, 3 王芳, ...)"));
    d->answer = 1;
    desk_do(d, "customer set --where id>0 city=上海");
    assert_string_equal(desk_cell(d, "customer count city=上海 --no-header"), "5");
    d->answer = -1;
    desk_do(d, "customer set 1-5 city=北京 --yes");
    assert_int_equal(d->asked.n, 0);
    desk_do(d, "customer set 1-5 city=天津 --dry-run");         /* a rehearsal harms nobody */
    assert_int_equal(d->asked.n, 0);
}

static void test_a_severe_command_wants_the_name(void **state)
{
    Desk *d = with_commands(state);
    desk_refused(d, "test severe spring", ERR_USAGE, "nobody is here to confirm");
    desk_refused(d, "test severe spring --yes", ERR_USAGE, "nobody is here to confirm");
    desk_refused(d, "test severe spring --confirm=summer", ERR_USAGE, "not the name");
    desk_do(d, "test severe spring --confirm=spring");
    d->answer = 1;
    desk_do(d, "test severe summer");
    assert_non_null(strstr(d->asked.s, "|summer\n"));
    assert_string_equal(desk_cell(d, "list count --no-header"), "2");
}

/* ---- rights ---------------------------------------------------------------------------------- */

static void test_rights_are_asked_before_anything_is_done(void **state)
{
    Desk *d = with_commands(state);
    d->crm->rights = MAY_READ;
    desk_refused(d, "test make spring", ERR_DENIED, "write");
    desk_refused(d, "test manage", ERR_DENIED, "manage");
    desk_do(d, "list list");
    d->crm->rights = 0;
    desk_refused(d, "list list", ERR_DENIED, "read");
    desk_do(d, "help");                           /* needs no database */
    d->crm->rights = MAY_ALL;
    desk_do(d, "test manage");
}

/* ---- the registry ---------------------------------------------------------------------------- */

static void test_unknown_words(void **state)
{
    Desk *d = *state;
    desk_refused(d, "custmer list", ERR_USAGE, "unknown command 'custmer'");
    assert_string_equal(d->err.hint, "did you mean 'customer'?");
    assert_int_equal(d->err.width, 7);
    desk_refused(d, "customer lsit", ERR_USAGE, "customer has no verb 'lsit'");
    assert_non_null(strstr(d->err.hint, "'customer list'"));
    assert_int_equal(d->err.at, 9);
    desk_refused(d, "customer", ERR_USAGE, "customer: say what to do");
    assert_non_null(strstr(d->err.hint, "add, count, delete"));
    desk_refused(d, "list customers", ERR_USAGE, "no verb 'customers'");
    assert_non_null(strstr(d->err.hint, "'customer list'"));
    desk_refused(d, "xyzzy", ERR_USAGE, "unknown command");
    desk_refused(d, "log verfy", ERR_USAGE, "'verfy'");
}

static void test_particular_commands_override(void **state)
{
    Desk *d = *state;
    static const Command own = { .name = "customer list", .summary = "Own", .run = manage_run };
    Error err = { 0 };
    const Command *before = registry_get(d->s.registry, STR("customer"), STR("list"));
    assert_non_null(before);
    assert_ptr_equal(before->type, schema_type(d->crm->schema, STR("customer")));
    registry_add(d->s.registry, &own);
    assert_ptr_equal(registry_get(d->s.registry, STR("customer"), STR("list")), &own);
    assert_true(crm_reload(d->crm, &err));
    assert_ptr_equal(registry_get(d->s.registry, STR("customer"), STR("list")), &own);
    assert_ptr_equal(registry_get(d->s.registry, STR("lead"), STR("list"))->type,
                     schema_type(d->crm->schema, STR("customer")));
}

static void test_every_definition_holds(void **state)
{
    Desk *d = *state;
    int n;
    const Command *const *all = registry_all(d->s.registry, &n);
    assert_true(n > 100);
    for (int i = 0; i < n; i++) {
        Error err = { 0 };
        if (!command_check(all[i], &err))
            fail_msg("%s", err.msg);
        if (i && strcmp(all[i - 1]->name, all[i]->name) >= 0)
            fail_msg("%s is there twice or out of order", all[i]->name);
    }
}

static void test_wrong_definitions_are_seen(void **state)
{
    typedef struct T { const char *s; int64_t i; } T;
    static const Arg wrong_slot[] = { { "a", ARG_INT, 0, "x", AT(T, s) }, { 0 } };
    static const Arg clash[] = { { "a", ARG_TEXT, 0, "x", AT(T, s) },
                                 { "b", ARG_TEXT, 0, "x", AT(T, s) }, { 0 } };
    static const Arg no_help[] = { { "a", ARG_TEXT, 0, NULL, AT(T, s) }, { 0 } };
    static const Arg stop[] = { { "a", ARG_TEXT, 0, "A sentence.", AT(T, s) }, { 0 } };
    static const Arg outside[] = { { "a", ARG_INT, 0, "x", .at = 4096, .slot = SLOT_INT }, { 0 } };
    static const Arg choice[] = { { "a", ARG_CHOICE, 0, "x", AT(T, s) }, { 0 } };
    const Arg *const bad[] = { wrong_slot, clash, no_help, stop, outside, choice };
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const Command cmd = { .name = "a b", .summary = "S", .args = bad[i],
                              .args_size = sizeof(T) };
        Error err = { 0 };
        if (command_check(&cmd, &err))
            fail_msg("definition %zu was not refused", i);
    }
}

static void test_a_definition_in_json(void **state)
{
    Arena a = { 0 };
    Error err = { 0 };
    Command *cmd;
    (void)state;
    assert_true(command_from_json(STR(
        "{\"name\":\"report rates\",\"summary\":\"Rates\",\"source\":\"lua/commands/report.lua\","
        "\"args\":[{\"name\":\"--loud\",\"kind\":\"flag\",\"help\":\"shout\"},"
        "{\"name\":\"campaign\",\"kind\":\"record\",\"of\":\"campaign\",\"optional\":true,"
        "\"help\":\"only this one\"},{\"name\":\"--top\",\"kind\":\"int\",\"help\":\"how many\","
        "\"default\":\"5\",\"letter\":\"t\",\"optional\":true}],"
        "\"columns\":[{\"name\":\"hour\",\"kind\":\"int\"},"
        "{\"name\":\"rate\",\"kind\":\"percent\"}],"
        "\"examples\":[{\"line\":\"report rates --top 3\",\"says\":\"three\"}],\"need\":\"dial\"}"),
        &a, &cmd, &err));
    assert_string_equal(cmd->name, "report rates");
    assert_int_equal(cmd->need, MAY_DIAL);
    assert_int_equal(cmd->args[1].kind, ARG_RECORD);
    assert_int_equal(cmd->args[1].at % sizeof(int64_t), 0);
    assert_true(cmd->args[2].at > cmd->args[1].at);
    assert_int_equal(cmd->columns[1].kind, KIND_PERCENT);
    assert_null(cmd->columns[2].name);
    assert_null(cmd->run);
    assert_false(command_from_json(STR("{\"name\":\"a\",\"sumary\":\"A\"}"), &a, &cmd, &err));
    assert_non_null(strstr(err.hint, "summary"));
    assert_false(command_from_json(STR("{\"name\":\"a\",\"summary\":\"A\","
                                       "\"args\":[{\"name\":\"b\",\"kind\":\"colour\","
                                       "\"help\":\"h\"}]}"), &a, &cmd, &err));
    assert_false(command_from_json(STR("{"), &a, &cmd, &err));
    assert_false(command_from_json(STR("[]"), &a, &cmd, &err));
    arena_release(&a);
}

/* ---- a > that was meant as a comparison ------------------------------------------------------ */

static void test_a_redirection_after_a_field(void **state)
{
    static const struct { const char *line; bool mistake; } lines[] = {
        { "customer list value > 80", true },
        { "customer list city~海 value >> 80", true },
        { "customer list --fields name > out.csv", false },
        { "customer list --order name > out.csv", false },
        { "customer list city~海 > out.csv", false },
        { "customer list > out.csv", false },
        { "customer list 'value' > out.csv", false },
        { "customer list value>80 > out.csv", false },
        { "customer show 7 > out.csv", false },
        { "sql select 1 where 2 > 1", true },
        { "sql --json select 1 > f", true },
        { "sql 'select 1 where 2 > 1' > out.csv", false },
        { "nosuch value > 80", false },
    };
    Desk *d = *state;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        Arena a = { 0 };
        Words w;
        Error err = { 0 };
        assert_true(lex_words(str(lines[i].line), &a, &w, NULL, &err));
        if (redirect_is_mistake(&d->s, w.w, w.n, &err) != lines[i].mistake)
            fail_msg("%s: wrong", lines[i].line);
        if (lines[i].mistake && (err.code != ERR_USAGE || !err.hint[0] || err.width == 0))
            fail_msg("%s: %s", lines[i].line, err.msg);
        arena_release(&a);
    }
}

/* ---- completion ------------------------------------------------------------------------------ */

static void completes(Desk *d, const char *line, const char *want)
{
    Arena a = { 0 };
    Candidates c;
    Buf got = { 0 };
    complete_line(&d->s, str(line), (int)strlen(line), &a, &c);
    buf_printf(&got, "%d%s", c.start, c.files ? " (files)" : "");
    for (int i = 0; i < c.n; i++)
        buf_printf(&got, " %s", c.s[i]);
    if (strcmp(got.s, want) != 0)
        fail_msg("%s: %s instead of %s", line, got.s, want);
    buf_release(&got);
    arena_release(&a);
}

static void test_completion(void **state)
{
    Desk *d = *state;
    desk_do(d, "campaign add name=spring");
    desk_do(d, "campaign add name='two words'");
    desk_do(d, "customer add name=a city=上海");
    desk_do(d, "customer add name=b city=上饶 tag=vip,cold");
    completes(d, "cust", "0 customer");
    completes(d, "customer sh", "9 show");
    completes(d, "customer list cit", "14 city=");
    completes(d, "customer list city=上", "14 city=上海 city=上饶");
    completes(d, "customer list tag=v", "14 tag=vip");
    completes(d, "customer list kind=", "14 kind=firm kind=person");
    completes(d, "customer list owner.n", "14 owner.name=");
    completes(d, "customer list --lim", "14 --limit");
    completes(d, "customer list --csv city=上海 --lim", "32 --limit");
    completes(d, "customer set 1 sta", "15");               /* governed by `lead move` */
    completes(d, "lead move 1 ", "12 customer identify opportunity potential user");
    completes(d, "deal move 1 ", "12 agree lost need negotiate won");
    completes(d, "campaign start ", "15 'two words' spring");
    completes(d, "campaign start two", "15 'two words'");
    completes(d, "campaign start \"two", "15 'two words'");
    desk_do(d, "campaign add name=old");
    desk_do(d, "campaign close old");
    completes(d, "callback ", "9 drop list");
    completes(d, "callback 1 tomorrow --campaign ", "31 'two words' spring");
    completes(d, "callback 1 tomorrow --mi", "20 --mine");
    completes(d, "backup ", "7 (files)");
    completes(d, "customer list > ", "16 (files)");
    completes(d, "customer list; cam", "15 campaign");
    completes(d, "customer list | cam", "16");
    completes(d, "help filt", "5 filter");
    completes(d, "help customer sh", "14 show");
    completes(d, "nosuch x", "7");
    completes(d, "setting set reg", "12 region");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_a_command_is_one_transaction),
        DESK_TEST(test_nothing_of_a_failed_command_stays_or_shows),
        DESK_TEST(test_a_column_that_is_not_there_refuses_the_command),
        DESK_TEST(test_a_dry_run_does_it_and_takes_it_back),
        DESK_TEST(test_a_field_of_a_dry_run_is_forgotten),
        DESK_TEST(test_commands_nest_in_a_transaction),
        DESK_TEST(test_up_to_three_records_are_not_asked_about),
        DESK_TEST(test_many_records_need_an_answer),
        DESK_TEST(test_a_severe_command_wants_the_name),
        DESK_TEST(test_rights_are_asked_before_anything_is_done),
        DESK_TEST(test_unknown_words),
        DESK_TEST(test_particular_commands_override),
        DESK_TEST(test_every_definition_holds),
        cmocka_unit_test(test_wrong_definitions_are_seen),
        cmocka_unit_test(test_a_definition_in_json),
        DESK_TEST(test_a_redirection_after_a_field),
        DESK_TEST(test_completion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

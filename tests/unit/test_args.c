/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "session_testing.h"

typedef struct All {
    const char *text, *choice, *file;
    int64_t count, span, when, owner;
    double share;
    bool loud;
    const Type *type;
    const Field *field;
    Texts several;
} All;

static const char *const colours[] = { "red", "green", "blue", NULL };

static const Command all = {
    .name = "test all", .summary = "Take one of each",
    .args = (const Arg[]){
        { "text", ARG_TEXT, 0, "some text", AT(All, text) },
        { "choice", ARG_CHOICE, ARG_OPTIONAL, "a colour", AT(All, choice), .choices = colours },
        { "--count", ARG_INT, ARG_OPTIONAL, "how many", AT(All, count), .fallback = "20",
          .letter = 'c' },
        { "--share", ARG_NUMBER, ARG_OPTIONAL, "how much", AT(All, share), .least = -1 },
        { "--loud", ARG_FLAG, ARG_OPTIONAL, "shout", AT(All, loud) },
        { "--file", ARG_FILE, ARG_OPTIONAL, "where to", AT(All, file) },
        { "--span", ARG_DURATION, ARG_OPTIONAL, "how long", AT(All, span) },
        { "--when", ARG_TIME, ARG_OPTIONAL, "at what time", AT(All, when) },
        { "--type", ARG_TYPE, ARG_OPTIONAL, "a type", AT(All, type) },
        { "--field", ARG_FIELD, ARG_OPTIONAL, "a field of a deal", AT(All, field), .of = "deal" },
        { "--owner", ARG_RECORD, ARG_OPTIONAL, "a list", AT(All, owner), .of = "list" },
        { "--also", ARG_LIST, ARG_OPTIONAL, "more", AT(All, several) },
        { 0 } },
    .args_size = sizeof(All),
};

typedef struct Change { Target target; Assigns fields; bool force; } Change;

static const Command change = {
    .name = "test change", .summary = "Change records",
    .args = (const Arg[]){
        { "target", ARG_TARGET, 0, "which", AT(Change, target), .of = "campaign" },
        { "fields", ARG_ASSIGN, ARG_OPTIONAL, "what", AT(Change, fields), .of = "campaign" },
        { "--force", ARG_FLAG, ARG_OPTIONAL, "in any case", AT(Change, force) },
        { 0 } },
    .args_size = sizeof(Change),
};

typedef struct Choose { const char *order; FilterArg filter; } Choose;

static const Command choose = {
    .name = "test choose", .summary = "Choose records",
    .args = (const Arg[]){
        { "order", ARG_TEXT, ARG_OPTIONAL, "an order", AT(Choose, order) },
        { "filter", ARG_FILTER, ARG_OPTIONAL, "which", AT(Choose, filter), .of = "customer" },
        { 0 } },
    .args_size = sizeof(Choose),
};

/* Parse a line for a command; the arena is the test's. */
static bool parse(Desk *d, const Command *cmd, const char *line, Arena *a, void *to, Common *common)
{
    Words w;
    void *args;
    Common ignored;
    d->err = (Error){ 0 };
    if (!lex_words(str(line), a, &w, NULL, &d->err)
        || !args_parse(&d->s, cmd, w.w, w.n, a, &args, common ? common : &ignored, &d->err))
        return false;
    memcpy(to, args, cmd->args_size);
    return true;
}

static void refused(Desk *d, const Command *cmd, const char *line, const char *words, int at,
                    int width)
{
    Arena a = { 0 };
    union { All all; Change change; Choose choose; } to;
    if (parse(d, cmd, line, &a, &to, NULL))
        fail_msg("%s: should have been refused", line);
    if (d->err.code != ERR_USAGE || !strstr(d->err.msg, words) || d->err.at != at
        || d->err.width != width)
        fail_msg("%s: %s at %d+%d: %s", line, err_name(d->err.code), d->err.at, d->err.width,
                 d->err.msg);
    arena_release(&a);
}

static void test_every_kind(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    All v;
    desk_do(d, "list add name=spring");
    assert_true(parse(d, &all, "hello green --count=7 --share -0.5 --loud --file - --span 1h30m"
                      " --when 2026-03-01 --type deal --field value --owner spring"
                      " --also one --also 'two three'", &a, &v, NULL));
    assert_string_equal(v.text, "hello");
    assert_string_equal(v.choice, "green");
    assert_int_equal(v.count, 7);
    assert_true(v.share == -0.5);
    assert_true(v.loud);
    assert_string_equal(v.file, "-");
    assert_int_equal(v.span, 5400000);
    assert_int_equal(v.when, 1772294400000);      /* midnight in Shanghai */
    assert_string_equal(v.type->name, "deal");
    assert_string_equal(v.field->name, "value");
    assert_int_equal(v.owner, 1);
    assert_int_equal(v.several.n, 2);
    assert_string_equal(v.several.s[1], "two three");
    arena_release(&a);
}

static void test_defaults_letters_and_the_end_of_options(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    All v;
    assert_true(parse(d, &all, "x", &a, &v, NULL));
    assert_int_equal(v.count, 20);
    assert_null(v.choice);
    assert_false(v.loud);
    assert_true(parse(d, &all, "x -c 3 --loud=no", &a, &v, NULL));
    assert_int_equal(v.count, 3);
    assert_false(v.loud);
    assert_true(parse(d, &all, "-- --loud red", &a, &v, NULL));
    assert_string_equal(v.text, "--loud");
    assert_string_equal(v.choice, "red");
    assert_true(parse(d, &all, "'--loud'", &a, &v, NULL));
    assert_string_equal(v.text, "--loud");
    assert_true(parse(d, &all, "-5", &a, &v, NULL));
    assert_string_equal(v.text, "-5");
    arena_release(&a);
}

static void test_wrong_words(void **state)
{
    Desk *d = *state;
    refused(d, &all, "", "test all needs TEXT: some text", 0, 0);
    refused(d, &all, "x pink", "cannot be 'pink'", 2, 4);
    refused(d, &all, "x --cuont 3", "has no option --cuont", 2, 7);
    assert_non_null(strstr(d->err.hint, "--count"));
    refused(d, &all, "x --count", "--count needs a value: how many", 2, 7);
    refused(d, &all, "x --count --loud", "--count needs a value", 2, 7);
    refused(d, &all, "x --count many", "--count wants a whole number, not 'many'", 10, 4);
    refused(d, &all, "x --count=-1", "--count wants 0 or more, not '-1'", 2, 10);
    refused(d, &all, "x --count 3 --count 4", "--count is given twice", 20, 1);
    refused(d, &all, "x --share nan", "wants a number", 10, 3);
    refused(d, &all, "x --share 1e999", "wants a number", 10, 5);
    refused(d, &all, "x --loud=maybe", "wants yes or no", 2, 12);
    refused(d, &all, "x --span soon", "--span: ", 9, 4);
    refused(d, &all, "x --when 2026-13-01", "--when: ", 9, 10);
    refused(d, &all, "x --type custmer", "there is no record type 'custmer'", 9, 7);
    assert_non_null(strstr(d->err.hint, "customer"));
    refused(d, &all, "x --field valeu", "valeu", 10, 5);
    refused(d, &all, "x red green", "does not know what to do with 'green'", 6, 5);
}

static void test_unknown_record_is_not_found(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    All v;
    assert_false(parse(d, &all, "x --owner summer", &a, &v, NULL));
    assert_int_equal(d->err.code, ERR_NOT_FOUND);
    assert_int_equal(d->err.at, 10);
    arena_release(&a);
}

static void test_targets(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    Change v;
    desk_do(d, "campaign add name=spring");
    assert_true(parse(d, &change, "4,7-9", &a, &v, NULL));
    assert_int_equal(v.target.n, 4);
    assert_int_equal(v.target.ids[0], 4);
    assert_int_equal(v.target.ids[3], 9);
    assert_true(parse(d, &change, "spring", &a, &v, NULL));
    assert_int_equal(v.target.n, 1);
    assert_int_equal(v.target.ids[0], 1);
    assert_true(parse(d, &change, "--where 'name=spring' note=x", &a, &v, NULL));
    assert_string_equal(v.target.where, "name=spring");
    assert_int_equal(v.target.n, 0);
    assert_true(v.target.given);
    assert_int_equal(v.fields.n, 1);
    assert_true(parse(d, &change, "note=x --where=name=spring", &a, &v, NULL));
    assert_string_equal(v.target.where, "name=spring");
    arena_release(&a);
}

static void test_wrong_targets(void **state)
{
    Desk *d = *state;
    refused(d, &change, "", "test change: say which", 0, 0);
    refused(d, &change, "9-7", "wants ids such as 7 or 4,7-9", 0, 3);
    refused(d, &change, "1,,2", "wants ids such as", 0, 4);
    refused(d, &change, "0", "wants ids such as", 0, 1);
    refused(d, &change, "1-9999999", "more ids than can be listed", 0, 9);
    refused(d, &change, "1-9223372036854775807", "more ids than can be listed", 0, 21);
    refused(d, &change, "7 --where 'id=7'", "both TARGET and --where name records", 10, 6);
    refused(d, &change, "4 7", "not FIELD=VALUE", 2, 1);
    refused(d, &change, "note>5", "'note>5' is not FIELD=VALUE", 0, 6);
}

static void test_assignments(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    Change v;
    assert_true(parse(d, &change, "7 note='王 芳=x' --force tag+=vip tag-=cold name=", &a, &v, NULL));
    assert_int_equal(v.fields.n, 4);
    assert_true(str_is(v.fields.a[0].field, "note"));
    assert_true(str_is(v.fields.a[0].value, "王 芳=x"));
    assert_int_equal(v.fields.a[0].op, FIELD_SET);
    assert_int_equal(v.fields.a[0].at, 2);
    assert_int_equal(v.fields.a[1].op, FIELD_ADD);
    assert_true(str_is(v.fields.a[1].field, "tag"));
    assert_int_equal(v.fields.a[2].op, FIELD_REMOVE);
    assert_true(str_is(v.fields.a[2].value, "cold"));
    assert_int_equal(v.fields.a[3].value.n, 0);
    assert_true(v.force);
    refused(d, &change, "7 note>5", "'note>5' is not FIELD=VALUE", 2, 6);
    refused(d, &change, "7 'note=5'", "is not FIELD=VALUE", 2, 8);
    arena_release(&a);
}

static void test_a_comparison_skips_to_the_filter(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    Choose v;
    assert_true(parse(d, &choose, "name city~海 --where 'value>80' calls=0", &a, &v, NULL));
    assert_string_equal(v.order, "name");
    assert_int_equal(v.filter.n, 2);
    assert_string_equal(v.filter.where, "value>80");
    assert_true(parse(d, &choose, "city~海 value>=-5", &a, &v, NULL));
    assert_null(v.order);
    assert_int_equal(v.filter.n, 2);
    assert_true(str_is(v.filter.w[1].text, "value>=-5"));
    assert_true(parse(d, &choose, "'city~海'", &a, &v, NULL));
    assert_string_equal(v.order, "city~海");
    arena_release(&a);
}

static void test_words_from_argv_are_taken_whole(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    char *argv[] = { "7", "note=two words 'quoted'" };
    void *args;
    Common common;
    const Words w = lex_argv(argv, 2, &a);
    assert_true(args_parse(&d->s, &change, w.w, w.n, &a, &args, &common, &d->err));
    const Change *v = args;
    assert_true(str_is(v->fields.a[0].value, "two words 'quoted'"));
    arena_release(&a);
}

static void test_common_switches(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    All v;
    Common c;
    assert_true(parse(d, &all, "x -n -y --json --fields a,b --no-header --confirm=spring", &a, &v,
                      &c));
    assert_true(c.dry_run && c.yes && c.out.no_header && !c.help);
    assert_int_equal(c.out.format, FORMAT_JSON);
    assert_string_equal(c.out.fields, "a,b");
    assert_string_equal(c.confirm, "spring");
    d->s.out.format = FORMAT_CSV;
    assert_true(parse(d, &all, "x", &a, &v, &c));
    assert_int_equal(c.out.format, FORMAT_CSV);
    assert_true(parse(d, &all, "x --excel", &a, &v, &c));
    assert_true(c.out.excel);
    assert_true(parse(d, &all, "--help", &a, &v, &c));        /* nothing is required then */
    assert_true(c.help);
    arena_release(&a);
}

static void test_named_arguments(void **state)
{
    Desk *d = *state;
    Arena a = { 0 };
    ArgSet b;
    Error err = { 0 };
    argset_begin(&b, &d->s, &all, &a);
    assert_ptr_equal(command_arg(&all, STR("count")), &all.args[2]);
    assert_ptr_equal(command_arg(&all, STR("--count")), &all.args[2]);
    assert_null(command_arg(&all, STR("coun")));
    assert_null(command_arg(&all, STR("counts")));
    const Word text = { .text = STR("a > b"), .raw = true };
    const Word five = { .text = STR("5"), .raw = true };
    assert_true(argset_put(&b, command_arg(&all, STR("text")), &text, &err));
    assert_true(argset_put(&b, command_arg(&all, STR("count")), &five, &err));
    assert_true(argset_end(&b, &err));
    const All *v = b.args;
    assert_string_equal(v->text, "a > b");
    assert_int_equal(v->count, 5);
    argset_begin(&b, &d->s, &all, &a);
    assert_false(argset_end(&b, &err));
    assert_int_equal(err.code, ERR_USAGE);
    assert_false(argset_where(&b, STR("id=1"), &err));
    arena_release(&a);
}

static void test_definitions_of_this_file_hold(void **state)
{
    Error err = { 0 };
    (void)state;
    assert_true(command_check(&all, &err));
    assert_true(command_check(&change, &err));
    assert_true(command_check(&choose, &err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(test_every_kind),
        DESK_TEST(test_defaults_letters_and_the_end_of_options),
        DESK_TEST(test_wrong_words),
        DESK_TEST(test_unknown_record_is_not_found),
        DESK_TEST(test_targets),
        DESK_TEST(test_wrong_targets),
        DESK_TEST(test_assignments),
        DESK_TEST(test_a_comparison_skips_to_the_filter),
        DESK_TEST(test_words_from_argv_are_taken_whole),
        DESK_TEST(test_common_switches),
        DESK_TEST(test_named_arguments),
        cmocka_unit_test(test_definitions_of_this_file_hold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Fields and types that users add: real columns and tables, used like any other, dropped by undo.
 */
#include "crm_testing.h"

static bool add_field(Bench *b, const char *type, FieldSpec spec)
{
    b->err = (Error){ 0 };
    return field_add(b->crm, type, &spec, &b->err);
}

static bool add_type(Bench *b, const char *json)
{
    b->err = (Error){ 0 };
    return type_add(b->crm, str(json), &b->err);
}

static void undo(Bench *b)
{
    Undone u;
    bench_must(b,
               journal_undo(b->crm->store, 0, &b->a, &u, &b->err) && crm_reload(b->crm, &b->err));
}

static void redo(Bench *b)
{
    Undone u;
    bench_must(b, journal_redo(b->crm->store, &b->a, &u, &b->err) && crm_reload(b->crm, &b->err));
}

static void a_field_of_every_kind(void **state)
{
    Bench *b = *state;
    static const struct { const char *kind, *typed, *shown, *filter; } all[] = {
        { "text", "x", "x", "f_text~X" }, { "int", "7", "7", "f_int>6" },
        { "number", "1.5", "1.5", "f_number<2" }, { "money", "1,200.50", "1200.50",
        "f_money>=1200.50" },
        { "bool", "是", "yes", "f_bool" }, { "date", "2026年3月1日", "2026-03-01", "f_date=2026-03" },
        { "time", "2026-03-01 08:00", "2026-03-01T00:00:00Z", "f_time<today" },
        { "phone", "13800138000", "+8613800138000", "f_phone=138-0013-8000" },
        { "email", "A@B.cn", "a@b.cn", "f_email=a@b.cn" }, { "choice", "高", "高",
        "f_choice in (高, 低)" },
        { "ref", "spring", "spring", "f_ref=spring" }, { "ref", "spring", "spring",
        "f_ref.name~spr" },
    };
    bench_add(b, "list", "name=spring");
    bench_add(b, "customer", "name=a");
    bench_add(b, "customer", "name=b");
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        const char *name = arena_printf(&b->a, "f_%s", all[i].kind);
        FieldSpec spec = { .name = str(name), .choices = STR("高，中, 低"), .ref = STR("list") };
        assert_true(kind_find(str(all[i].kind), &spec.kind));
        if (!type_field(bench_type(b, "customer"), str(name)))
            bench_must(b, add_field(b, "customer", spec));
        bench_set(b, "customer", 1, arena_printf(&b->a, "%s=%s", name, all[i].typed));
        assert_field(b, "customer", 1, name, all[i].shown);
        assert_ids(b, "customer", all[i].filter, "1");
        assert_ids(b, "customer", arena_printf(&b->a, "%s=", name), "2");
    }
    assert_int_equal(bench_try_set(b, "customer", 1, "f_choice=好"), -1);
    assert_string_equal(b->err.hint, "one of 高, 中, 低");
    int64_t id = bench_add(b, "customer", "name=c|f_int=9|f_text=z");
    assert_ids(b, "customer", "f_int=9 f_text=z", "3");
    bench_must(b, record_delete(b->crm, bench_type(b, "customer"), id, &b->err));
    /* a record that a user's field refers to may go: the field is emptied */
    bench_must(b, record_delete(b->crm, bench_type(b, "list"), 1, &b->err));
    assert_field(b, "customer", 1, "f_ref", "");
}

static void names_that_cannot_be(void **state)
{
    Bench *b = *state;
    static const char *const bad[]
        = { "",       "1a",   "a b",    "a-b",   "a.b",     "and", "OR",     "me",   "id",
            "Change", "a\"b", "名，字", "a\xff", "'; DROP", "😀",   "字　段", "ＡＢ", NULL };
    for (int i = 0; bad[i]; i++) {
        assert_false(add_field(b, "customer", (FieldSpec){ .name = str(bad[i]) }));
        assert_int_equal(b->err.code, ERR_USAGE);
    }
    static const char *const taken[] = { "name", "Name", "phone", "calls", NULL };
    for (int i = 0; taken[i]; i++) {
        assert_false(add_field(b, "customer", (FieldSpec){ .name = str(taken[i]) }));
        assert_int_equal(b->err.code, ERR_CONFLICT);
    }
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("意向") }));
    bench_must(b, add_field(b, "lead", (FieldSpec){ .name = STR("Größe_2") }));
    assert_false(add_field(b, "customer", (FieldSpec){ .name = STR("größe_2") }) && false);
    assert_false(add_field(b, "customer", (FieldSpec){ .name = STR("意向") }));
    assert_string_equal(b->err.msg, "customers have a field '意向' already");
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("foo") }));
    assert_false(add_field(b, "customer", (FieldSpec){ .name = STR("FOO") }));
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_false(add_field(b, "supplier", (FieldSpec){ .name = STR("x") }));
    assert_string_equal(b->err.msg, "there is no record type 'supplier'");
    assert_false(add_field(b, "deal", (FieldSpec){ .name = STR("c"), .kind = KIND_CHOICE,
                                                   .choices = STR(" , ") }));
    assert_string_equal(b->err.msg, "field c: kind choice needs its choices");
    assert_false(add_field(b, "deal", (FieldSpec){ .name = STR("r"), .kind = KIND_REF,
                                                   .ref = STR("nothing") }));
    assert_string_equal(b->err.msg, "no type 'nothing' to refer to");
    assert_false(add_field(b, "deal", (FieldSpec){ .name = STR("t"), .kind = KIND_TAGS }));
}

static void a_required_field_of_old_records(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=a");
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("level"), .required = true }));
    assert_int_equal(bench_try_add(b, "customer", "name=b"), 0);
    assert_string_equal(b->err.msg, "a customer needs a level");
    bench_set(b, "customer", 1, "name=c");            /* what was there before may stay empty */
    bench_set(b, "customer", 1, "level=high");
    assert_int_equal(bench_try_set(b, "customer", 1, "level="), -1);
}

static void a_field_is_undone_and_redone(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=a");
    const char *before = bench_dump(b);
    journal_run_begin(b->crm->store, "me", STR("field add"));
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("level"), .kind = KIND_INT }));
    bench_set(b, "customer", 1, "level=3");
    journal_run_end(b->crm->store);
    const char *after = bench_dump(b);
    undo(b);
    assert_string_equal(bench_dump(b), before);
    assert_null(type_field(bench_type(b, "customer"), STR("level")));
    redo(b);
    assert_string_equal(bench_dump(b), after);
    assert_field(b, "customer", 1, "level", "3");
    undo(b);
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("level"), .kind = KIND_TEXT }));
    assert_field(b, "customer", 1, "level", "");
}

static void a_field_that_later_work_filled_is_kept(void **state)
{
    Bench *b = *state;
    Undone u;
    bench_add(b, "customer", "name=a");
    journal_run_begin(b->crm->store, "me", STR("field add"));
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("level"), .kind = KIND_INT }));
    int64_t run = journal_run(b->crm->store);
    journal_run_end(b->crm->store);
    journal_run_begin(b->crm->store, "me", STR("set"));
    bench_set(b, "customer", 1, "level=3");
    journal_run_end(b->crm->store);
    assert_false(journal_undo(b->crm->store, run, &b->a, &u, &b->err));
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_field(b, "customer", 1, "level", "3");
}

/* ---- types ----------------------------------------------------------------------------------- */

static const char supplier[] =
    "{\"name\":\"supplier\",\"handle\":\"name\",\"fields\":["
    "{\"name\":\"name\"},{\"name\":\"credit\",\"kind\":\"money\",\"default\":\"100\"},"
    "{\"name\":\"parent\",\"kind\":\"ref\",\"ref\":\"supplier\"},"
    "{\"name\":\"rating\",\"kind\":\"choice\",\"choices\":[\"a\",\"b\"]},"
    "{\"name\":\"code\",\"kind\":\"text\",\"unique\":true,\"required\":true},"
    "{\"name\":\"contact\",\"kind\":\"ref\",\"ref\":\"customer\"}]}";

static void a_type_is_like_any_other(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=宝钢|city=上海");
    bench_must(b, add_type(b, supplier));
    bench_add(b, "supplier", "name=acme|code=1|rating=A|contact=1");
    bench_add(b, "supplier", "name=sub|code=2|parent=acme");
    assert_field(b, "supplier", 1, "credit", "100");
    assert_field(b, "supplier", 1, "rating", "a");
    assert_ids(b, "supplier", "parent.name=acme", "2");
    assert_ids(b, "supplier", "contact.city=上海 credit>=100", "1");
    assert_ids(b, "customer", "supplier.rating=a", "1");
    assert_int_equal(bench_try_add(b, "supplier", "name=x|code=2"), 0);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_int_equal(bench_try_add(b, "supplier", "name=acme|code=3"), 0);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_int_equal(bench_try_add(b, "supplier", "name=x"), 0);
    assert_string_equal(b->err.msg, "a supplier needs a code");
    bench_must(b, add_field(b, "supplier", (FieldSpec){ .name = STR("since"), .kind = KIND_DATE }));
    bench_set(b, "supplier", 1, "since=2020-01-01");
    assert_ids(b, "supplier", "since<2021", "1");
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("from"), .kind = KIND_REF,
                                                        .ref = STR("supplier") }));
    bench_set(b, "customer", 1, "from=acme");
    assert_ids(b, "customer", "from.credit=100", "1");
}

static void types_that_cannot_be(void **state)
{
    Bench *b = *state;
    static const struct { const char *json, *msg; } bad[] = {
        { "{", NULL }, { "[]", "a type needs a name and at least one field" },
        { "{\"name\":\"x\"}", "a type needs a name and at least one field" },
        { "{\"name\":\"x\",\"fields\":[{}]}", "a field of the type has no name" },
        { "{\"name\":\"x\",\"fields\":[{\"name\":\"a\",\"kind\":\"blob\"}]}",
          "a: a field cannot be of kind 'blob'" },
        { "{\"name\":\"x\",\"fields\":[{\"name\":\"a\",\"kind\":\"tags\"}]}",
          "a: a field cannot be of kind 'tags'" },
        { "{\"name\":\"x\",\"fields\":[{\"name\":\"a\",\"kind\":\"choice\"}]}",
          "a: kind choice needs its choices" },
        { "{\"name\":\"x\",\"fields\":[{\"name\":\"a\",\"kind\":\"choice\",\"choices\":[1]}]}",
          "a: a choice is not a text" },
        { "{\"name\":\"x\",\"fields\":[{\"name\":\"a\",\"kind\":\"ref\"}]}",
        "no type '' to refer to" },
        { "{\"name\":\"x\",\"handle\":\"b\",\"fields\":[{\"name\":\"a\"}]}",
          "x: its handle 'b' is no text field of it" },
        { "{\"name\":\"x\",\"fields\":[{\"name\":\"a\"},{\"name\":\"A\"}]}",
        "x: two fields are named 'A'" },
        { "{\"name\":\"x\",\"fields\":[{\"name\":\"change\"}]}",
        "x: 'change' means something already" },
        { "{\"name\":\"x y\",\"fields\":[{\"name\":\"a\"}]}", "type: 'x y' cannot be a name" },
        { "{\"name\":\"customer\",\"fields\":[{\"name\":\"a\"}]}",
        "there is a type 'customer' already" },
        { "{\"name\":\"Lead\",\"fields\":[{\"name\":\"a\"}]}", NULL },
        { "{\"name\":\"lead\",\"fields\":[{\"name\":\"a\"}]}", "there is a type 'lead' already" },
    };
    const char *before = bench_dump(b);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        bool ok = add_type(b, bad[i].json);
        if (ok && !strstr(bad[i].json, "Lead"))
            fail_msg("%s", bad[i].json);
        if (ok) {
            undo(b);
            continue;
        }
        if (bad[i].msg)
            assert_string_equal(b->err.msg, bad[i].msg);
        assert_true(b->err.code == ERR_USAGE || b->err.code == ERR_CONFLICT);
    }
    assert_string_equal(bench_dump(b), before);
}

static void a_type_is_undone_and_redone(void **state)
{
    Bench *b = *state;
    const char *before = bench_dump(b);
    journal_run_begin(b->crm->store, "me", STR("type add"));
    bench_must(b, add_type(b, supplier));
    bench_add(b, "supplier", "name=acme|code=1");
    journal_run_end(b->crm->store);
    const char *after = bench_dump(b);
    undo(b);
    assert_string_equal(bench_dump(b), before);
    assert_null(schema_type(b->crm->schema, STR("supplier")));
    redo(b);
    assert_string_equal(bench_dump(b), after);
    assert_ids(b, "supplier", "name=acme", "1");
}

/* A type that is undone while a field refers to it leaves a file that can be used. */
static void a_ref_to_a_type_that_is_gone(void **state)
{
    Bench *b = *state;
    Undone u;
    bench_add(b, "customer", "name=a");
    journal_run_begin(b->crm->store, "me", STR("type add"));
    bench_must(b, add_type(b, supplier));
    int64_t run = journal_run(b->crm->store);
    journal_run_end(b->crm->store);
    journal_run_begin(b->crm->store, "me", STR("field add"));
    bench_must(b, add_field(b, "customer", (FieldSpec){ .name = STR("from"), .kind = KIND_REF,
                                                        .ref = STR("supplier") }));
    journal_run_end(b->crm->store);
    if (!journal_undo(b->crm->store, run, &b->a, &u, &b->err)) {
        assert_int_equal(b->err.code, ERR_CONFLICT);
        return;
    }
    bench_must(b, crm_reload(b->crm, &b->err));
    bench_set(b, "customer", 1, "name=b");
    bench_add(b, "customer", "name=c");
    assert_ids(b, "customer", "from=", "1 2");
}

static void a_default_must_be_of_its_kind(void **state)
{
    Bench *b = *state;
    assert_false(add_type(b, "{\"name\":\"x\",\"fields\":[{\"name\":\"a\",\"kind\":\"int\","
                             "\"default\":\"many\"}]}"));
    assert_string_equal(b->err.msg, "a: not a whole number: 'many'");
    assert_null(schema_type(b->crm->schema, STR("x")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(a_field_of_every_kind), test(names_that_cannot_be),
        test(a_required_field_of_old_records),
        test(a_field_is_undone_and_redone), test(a_field_that_later_work_filled_is_kept),
        test(a_type_is_like_any_other), test(types_that_cannot_be),
        test(a_type_is_undone_and_redone),
        test(a_ref_to_a_type_that_is_gone), test(a_default_must_be_of_its_kind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Records of every type: added, read, changed and deleted by their declarations alone.
 */
#include "crm_testing.h"

static const char *const raw_sql[] = { "SQL", "constraint", "NOT NULL", "sqlite", "no such column",
                                       "syntax", "datatype", NULL };

/* An error in words that a user understands, not what SQLite said. */
static void check_words(const Bench *b, const char *what)
{
    if (b->err.code == ERR_FAILED || b->err.code == ERR_DATABASE || b->err.code == ERR_NONE)
        fail_msg("%s: error %s: %s", what, err_name(b->err.code), b->err.msg);
    for (int i = 0; raw_sql[i]; i++)
        if (strstr(b->err.msg, raw_sql[i]))
            fail_msg("%s: %s", what, b->err.msg);
}

/* A customer, person, deal, list, campaign ... of which each type's refs may be 1. */
static void fill(Bench *b)
{
    bench_add_wang(b);
    snprintf(b->crm->user, sizeof b->crm->user, "nobody");   /* wang it is who does it */
    bench_add(b, "customer", "name=宝钢|phone=021-58307717");
    bench_add(b, "person", "customer=1|name=王芳|role=decider");
    bench_add(b, "deal", "customer=1|name=Pipes");
    bench_add(b, "list", "name=spring");
    bench_add(b, "campaign", "name=demo|list=spring");
    bench_add(b, "agent", "name=li");
    bench_sql(b, "INSERT INTO entry (id, list, customer) VALUES (1, 1, 1)");
    bench_sql(b, "INSERT INTO call (id, campaign, entry, customer, number, mode, driver, state,"
                 " placed_at) VALUES (1, 1, 1, 1, '+862158307717', 'preview', 'sim', 'ended', 0)");
}

/* Something that a field of each kind takes. */
static const char *typical(const Field *f)
{
    switch (f->kind) {
    case KIND_INT: return "17";
    case KIND_NUMBER: return "1.5";
    case KIND_MONEY: return "1,200.50";
    case KIND_BOOL: return "yes";
    case KIND_DATE: return "2026-05-01";
    case KIND_TIME: return "2026-05-01 09:00";
    case KIND_DURATION: return "90s";
    case KIND_PHONE: return "13800138000";
    case KIND_EMAIL: return "a@example.com";
    case KIND_CHOICE: return f->choices[0];
    case KIND_REF: return strcmp(f->ref, "stage") == 0 ? "" : "1";
    case KIND_PERCENT: return "50%";
    case KIND_TAGS: return "vip";
    default: return strcmp(f->name, "spec") == 0 ? "daily 9-20"
                  : strcmp(f->name, "value") == 0 ? "13911119999"
                  : strcmp(f->name, "expr") == 0 ? "value>0"
                  : strcmp(f->name, "dial") == 0 ? "PJSIP/{number}@line"
                  : strcmp(f->name, "phones") == 0 ? "PJSIP/{phone}"
                  : strcmp(f->name, "zone") == 0 ? "Asia/Tokyo" : "text";
    }
}

static bool is_writable(const Field *f)
{
    return !(f->flags & FIELD_READONLY) && (!f->sql || f->write) && f->index > 0;
}

static int64_t add_least(Bench *b, const Type *t)
{
    Record *r = record_new(t, &b->a);
    b->err = (Error){ 0 };
    for (int i = 0; i < t->n; i++) {
        const Field *f = &t->fields[i];
        const char *value = f->kind == KIND_REF ? "1" : typical(f);
        if (f->flags & FIELD_REQUIRED && !f->fallback)
            bench_must(b,
                       record_put(b->crm, r, str(f->name), FIELD_SET, str(value), &b->a, &b->err));
    }
    bench_must(b, record_add(b->crm, r, &b->err));
    return r->id;
}

static void every_type_is_added_with_what_it_requires(void **state)
{
    Bench *b = *state;
    int n, added = 0;
    const Type *const *types = schema_types(b->crm->schema, &n);
    fill(b);
    for (int k = 0; k < n; k++) {
        if (types[k]->verbs & TYPE_NO_ADD)
            continue;
        int64_t id = add_least(b, types[k]);
        Record *r;
        bench_must(b, record_load(b->crm, types[k], id, true, &b->a, &r, &b->err));
        added++;
    }
    assert_true(added >= 14);
}

static void one_field(Bench *b, const Type *t, const Field *f, const char *value)
{
    char what[200];
    Record *r = record_new(t, &b->a);
    snprintf(what, sizeof what, "%s %s='%.60s'", t->name, f->name, value);
    r->id = 1;
    b->err = (Error){ 0 };
    if (!record_put(b->crm, r, str(f->name), FIELD_SET, str(value), &b->a, &b->err)
        || !record_set(b->crm, r, NULL, &b->err))
        check_words(b, what);
    r = record_new(t, &b->a);
    b->err = (Error){ 0 };
    if (!record_put(b->crm, r, str(f->name), FIELD_SET, str(value), &b->a, &b->err)
        || !record_add(b->crm, r, &b->err))
        check_words(b, what);
}

static void no_value_of_any_field_makes_sqlite_speak(void **state)
{
    Bench *b = *state;
    static const char *const values[] = {
        "", " ", "1", "0", "-1", "99999999999999999999", "1e400", "nan", "yes", "x' OR 1=1 --",
        "\xff\xfe", "王芳", "2026-13-45", "2026-Q3", "tomorrow", "a@b.cn; c@d.cn", "１２", "-", ".",
        "138001380001380013800138001380013800138000", "'; DROP TABLE customer; --", NULL
    };
    int n, fields = 0;
    const Type *const *types = schema_types(b->crm->schema, &n);
    fill(b);
    for (int k = 0; k < n; k++) {
        if (types[k]->verbs & (TYPE_NO_ADD | TYPE_NO_SET))
            continue;
        add_least(b, types[k]);
        for (int i = 0; i < types[k]->n; i++) {
            const Field *f = &types[k]->fields[i];
            for (int v = 0; values[v]; v++)
                one_field(b, types[k], f, values[v]);
            one_field(b, types[k], f, typical(f));
            fields += is_writable(f);
        }
    }
    assert_true(fields > 90);
}

/* What the schema wants filled is required, kept by the program, or given by the type's check. */
static void declarations_agree_with_the_schema(void **state)
{
    Bench *b = *state;
    int n;
    const Type *const *types = schema_types(b->crm->schema, &n);
    for (int k = 0; k < n; k++)
        for (int i = 1; i < types[k]->n; i++) {
            const Field *f = &types[k]->fields[i];
            const char *text = arena_printf(
                &b->a, "SELECT coalesce((SELECT \"notnull\" FROM pragma_table_info('%s')"
                       " WHERE name = '%s'), 7)", types[k]->table, f->column ? f->column : "");
            int64_t not_null = bench_int(b, text);
            if ((not_null == 7) != !f->column)
                fail_msg("%s.%s has no column", types[k]->name, f->name);
            if (not_null == 1 && strcmp(f->name, "position") != 0
                && !(f->flags & (FIELD_REQUIRED | FIELD_READONLY | FIELD_RULED)))
                fail_msg("%s.%s is NOT NULL but not required", types[k]->name, f->name);
            if (f->kind == KIND_REF && !schema_type(b->crm->schema, str(f->ref)))
                fail_msg("%s.%s refers to no type", types[k]->name, f->name);
        }
}

static void what_the_program_keeps_is_not_set_by_hand(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=宝钢");
    assert_int_equal(bench_try_set(b, "customer", id, "stage_at=today"), -1);
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "stage_at is kept by the program and cannot be set");
    assert_int_equal(bench_try_set(b, "customer", id, "calls=3"), -1);
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_int_equal(bench_try_set(b, "customer", id, "stage=potential"), -1);
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.hint, "use lead move");
    assert_int_equal(bench_try_set(b, "customer", id, "valeu=3"), -1);
    assert_int_equal(b->err.code, ERR_USAGE);
    assert_string_equal(b->err.msg, "customers have no field 'valeu'");
    assert_string_equal(b->err.hint, "nearest: value");
    assert_int_equal(bench_try_set(b, "customer", id, "name+=x"), -1);
    assert_int_equal(b->err.code, ERR_USAGE);
    assert_string_equal(b->err.msg, "name holds one value: name+= does not apply");
}

static void a_new_record_has_its_defaults(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=宝钢");
    assert_field(b, "customer", id, "stage", "identify");
    assert_field(b, "customer", id, "created", "2026-03-04T02:20:30Z");
    assert_field(b, "customer", id, "stage_at", "2026-03-04T02:20:30Z");
    assert_field(b, "customer", id, "dnc", "no");
    bench_add(b, "campaign", "name=demo");
    assert_field(b, "campaign", 1, "max_abandoned", "0.03");
    assert_field(b, "campaign", 1, "ratio", "1");
    /* a field that is always filled may not be emptied, at first or later */
    assert_int_equal(bench_try_add(b, "campaign", "name=x|mode="), 0);
    assert_string_equal(b->err.msg, "a campaign needs a mode");
    assert_int_equal(bench_try_set(b, "campaign", 1, "mode="), -1);
    assert_string_equal(b->err.msg, "a campaign needs a mode");
}

static void the_first_stage_may_be_renamed(void **state)
{
    Bench *b = *state;
    bench_set(b, "stage", 1, "name=线索");
    int64_t id = bench_add(b, "customer", "name=宝钢");
    assert_field(b, "customer", id, "stage", "线索");
    bench_add(b, "stage", "name=sleeping|pipeline=lifecycle");
    assert_field(b, "stage", bench_int(b, "SELECT max(id) FROM stage"), "position", "6");
    id = bench_add(b, "customer", "name=x|stage=sleeping");
    assert_field(b, "customer", id, "stage", "sleeping");
    assert_int_equal(bench_try_add(b, "customer", "name=x|stage=agree"), 0);
    assert_int_equal(b->err.code, ERR_INVALID);
}

static void set_says_whether_anything_changed(void **state)
{
    Bench *b = *state;
    int64_t id = bench_add(b, "customer", "name=宝钢|phone=13800138000|tag=vip,new|value=1200.50");
    int64_t change = bench_int(b, "SELECT max(id) FROM change");
    assert_false(bench_set(b, "customer", id, "name=宝钢"));
    assert_false(bench_set(b, "customer", id, "value=￥1,200.5"));
    assert_false(bench_set(b, "customer", id, "phone=138 0013 8000"));
    assert_false(bench_set(b, "customer", id, "phone+=+8613800138000"));
    assert_false(bench_set(b, "customer", id, "tag=new，vip"));
    assert_false(bench_set(b, "customer", id, "tag-=gone"));
    assert_int_equal(bench_int(b, "SELECT max(id) FROM change"), change);
    assert_true(bench_set(b, "customer", id, "tag-=new"));
    assert_true(bench_set(b, "customer", id, "phone+=13900139000"));
    assert_true(bench_set(b, "customer", id, "value="));
    assert_field(b, "customer", id, "value", "");
}

static void handles_are_unique_and_no_numbers(void **state)
{
    Bench *b = *state;
    bench_add(b, "list", "name= spring ");
    assert_field(b, "list", 1, "name", "spring");
    assert_int_equal(bench_try_add(b, "list", "name=spring"), 0);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_string_equal(b->err.msg, "name 'spring' is taken by list 1");
    assert_int_equal(bench_try_add(b, "list", "name=2026"), 0);
    assert_int_equal(b->err.code, ERR_INVALID);
    assert_int_equal(bench_try_add(b, "list", "name=２０２６"), 0);
    assert_int_equal(b->err.code, ERR_INVALID);
    assert_int_equal(bench_try_set(b, "list", 1, "name=7"), -1);
    assert_int_equal(bench_try_add(b, "list", "name=  "), 0);
    assert_string_equal(b->err.msg, "a list needs a name");
    bench_add(b, "list", "name=2026a");
    assert_int_equal(bench_try_set(b, "list", 2, "name=spring"), -1);
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_false(bench_set(b, "list", 1, "name=spring"));
}

static void records_are_named_by_id_or_handle(void **state)
{
    Bench *b = *state;
    const Type *t = bench_type(b, "list");
    int64_t id = 0;
    bench_add(b, "list", "name=spring");
    bench_must(b, record_find(b->crm, t, STR("spring"), &id, &b->err));
    assert_int_equal(id, 1);
    bench_must(b, record_find(b->crm, t, STR("1"), &id, &b->err));
    assert_false(record_find(b->crm, t, STR("sprung"), &id, &b->err));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    assert_string_equal(b->err.msg, "no list 'sprung'");
    assert_string_equal(b->err.hint, "did you mean 'spring'?");
    assert_false(record_find(b->crm, t, STR("9"), &id, &b->err));
    assert_string_equal(b->err.msg, "no list 9");
    assert_false(record_find(b->crm, bench_type(b, "customer"), STR("宝钢"), &id, &b->err));
    assert_int_equal(b->err.code, ERR_USAGE);
    assert_string_equal(record_label(b->crm, t, 1, &b->a), "spring");
    assert_string_equal(record_label(b->crm, bench_type(b, "customer"), 99, &b->a), "");
    bench_add(b, "customer", "phone=021-58307717");
    assert_string_equal(record_label(b->crm, bench_type(b, "contact"), 1, &b->a), "+862158307717");
}

static void what_is_in_use_is_not_deleted(void **state)
{
    Bench *b = *state;
    fill(b);
    bench_sql(b, "UPDATE customer SET owner = 1");
    assert_false(record_delete(b->crm, bench_type(b, "user"), 1, &b->err));
    assert_int_equal(b->err.code, ERR_CONFLICT);
    assert_string_equal(b->err.msg, "user 1 is still in use");
    assert_string_equal(b->err.detail, "1 customer has it as owner");
    assert_string_equal(b->err.hint, "customer list owner=1 shows them");
    b->err = (Error){ 0 };
    assert_false(record_delete(b->crm, bench_type(b, "list"), 1, &b->err));
    assert_string_equal(b->err.detail, "1 campaign has it as list");
    b->err = (Error){ 0 };
    assert_false(record_delete(b->crm, bench_type(b, "customer"), 99, &b->err));
    assert_int_equal(b->err.code, ERR_NOT_FOUND);
    assert_string_equal(b->err.msg, "no customer 99");
    /* what belongs to a customer goes with it; its calls stay */
    bench_must(b, record_delete(b->crm, bench_type(b, "customer"), 1, &b->err));
    assert_int_equal(
        bench_int(b, "SELECT (SELECT count(*) FROM contact) + (SELECT count(*) FROM person)"
                     " + (SELECT count(*) FROM deal) + (SELECT count(*) FROM entry)"),
        0);
    assert_int_equal(bench_int(b, "SELECT count(*) FROM call WHERE customer IS NULL"), 1);
    /* an agent loses a campaign that goes */
    bench_sql(b, "DELETE FROM call");
    bench_set(b, "agent", 1, "campaign=demo");
    bench_must(b, record_delete(b->crm, bench_type(b, "campaign"), 1, &b->err));
    assert_field(b, "agent", 1, "campaign", "");
}

/* Every type but those that other rows hang on: delete of a record that nothing needs. */
static void every_deletion_speaks_plainly(void **state)
{
    Bench *b = *state;
    int n;
    const Type *const *types = schema_types(b->crm->schema, &n);
    fill(b);
    for (int k = 0; k < n; k++) {
        if (types[k]->verbs & TYPE_NO_DELETE)
            continue;
        b->err = (Error){ 0 };
        if (!record_delete(b->crm, types[k], 1, &b->err))
            check_words(b, types[k]->name);
    }
    int problems = 0;
    bench_must(b, store_check(b->crm->store, NULL, NULL, &problems, &b->err));
    assert_int_equal(problems, 0);
}

static void ids_are_never_given_again(void **state)
{
    Bench *b = *state;
    assert_int_equal(bench_add(b, "customer", "name=a"), 1);
    assert_int_equal(bench_add(b, "customer", "name=b"), 2);
    bench_must(b, record_delete(b->crm, bench_type(b, "customer"), 2, &b->err));
    assert_int_equal(bench_add(b, "customer", "name=c"), 3);
}

static void a_failed_write_leaves_nothing(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=a");
    const char *before = bench_dump(b);
    for (int n = 1;; n++) {
        store_fail_at(b->crm->store, n);
        int64_t id = bench_try_add(b, "customer", "name=b|phone=13800138000,13900139000|tag=x,y");
        store_fail_at(b->crm->store, 0);
        if (id)
            break;
        assert_string_equal(bench_dump(b), before);
        assert_true(n < 100);
    }
}

/* ---- hooks ----------------------------------------------------------------------------------- */

typedef struct Watch { Buf seen; const char *veto, *amend; } Watch;

static bool watch(void *ctx, Hook *h, Error *err)
{
    Watch *w = ctx;
    buf_printf(&w->seen, "%s %s;", h->when == HOOK_BEFORE ? "before" : "after", h->event);
    if (w->veto && strcmp(w->veto, h->event) == 0 && h->when == HOOK_BEFORE)
        return bench_refuse(err, "not today");
    if (w->amend && h->when == HOOK_BEFORE && h->now)
        record_put_value(h->now, type_field(h->type, STR("note")), value_cstr(w->amend));
    return true;
}

static void hooks_watch_veto_and_amend(void **state)
{
    Bench *b = *state;
    Watch w = { .amend = "seen" };
    b->crm->hook = watch;
    b->crm->hook_ctx = &w;
    int64_t id = bench_add(b, "customer", "name=a");
    assert_field(b, "customer", id, "note", "seen");
    w.amend = NULL;
    assert_true(bench_set(b, "customer", id, "name=b"));
    assert_false(bench_set(b, "customer", id, "name=b"));
    bench_must(b, record_delete(b->crm, bench_type(b, "customer"), id, &b->err));
    assert_string_equal(w.seen.s, "before customer.add;after customer.add;before customer.set;"
                                  "after customer.set;before customer.set;"
                                  "before customer.delete;after customer.delete;");
    w.veto = "customer.add";
    const char *dump = bench_dump(b);
    assert_int_equal(bench_try_add(b, "customer", "name=c"), 0);
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.msg, "not today");
    assert_string_equal(bench_dump(b), dump);
    buf_release(&w.seen);
}

/* Rights and fields are read again once they changed; whoever runs a command asks for it. */
static void changed_users_and_fields_are_to_be_read_again(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=a");
    assert_false(b->crm->stale);
    bench_add(b, "user", arena_printf(&b->a, "name=me too|role=owner|account=%s",
                                      crm_user(b->crm)));
    assert_true(b->crm->stale);
    bench_must(b, crm_reload(b->crm, &b->err));
    assert_false(b->crm->stale);
    assert_int_equal(b->crm->user_id, 1);
    bench_sql(b, "UPDATE user SET role = 'viewer'");
    bench_must(b, crm_reload(b->crm, &b->err));
    assert_int_equal(b->crm->rights, MAY_READ);
    bench_sql(b, "UPDATE user SET disabled = 1");
    bench_must(b, crm_reload(b->crm, &b->err));
    assert_int_equal(b->crm->rights, 0);
}

/* Who adds others first, or steps down, would have no right to anything afterwards. */
static void nobody_shuts_himself_out(void **state)
{
    Bench *b = *state;
    assert_int_equal(bench_try_add(b, "user", "name=li|role=owner|account=nobody"), 0);
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_string_equal(b->err.hint, arena_printf(&b->a, "first: user add name=%s role=owner",
                                                  crm_user(b->crm)));
    assert_int_equal(b->crm->rights, MAY_ALL);
    bench_add(b, "user", arena_printf(&b->a, "name=%s|role=owner", crm_user(b->crm)));
    bench_add(b, "user", "name=li|role=owner|account=nobody");
    bench_must(b, crm_reload(b->crm, &b->err));
    const char *dump = bench_dump(b);
    assert_int_equal(bench_try_set(b, "user", 1, "role=manager"), -1);
    assert_int_equal(b->err.code, ERR_REFUSED);
    assert_int_equal(bench_try_set(b, "user", 1, "disabled=yes"), -1);
    b->err = (Error){ 0 };
    assert_false(record_delete(b->crm, bench_type(b, "user"), 1, &b->err));
    assert_string_equal(b->err.hint, "another owner can do it");
    assert_string_equal(bench_dump(b), dump);
    bench_set(b, "user", 2, "role=agent");
}

static void who_may_not_administer_makes_nobody_an_owner(void **state)
{
    Bench *b = *state;
    bench_add(b, "user", arena_printf(&b->a, "name=%s|role=owner", crm_user(b->crm)));
    bench_sql(b, "UPDATE user SET role = 'agent'");
    bench_must(b, crm_reload(b->crm, &b->err));
    assert_int_equal(bench_try_set(b, "user", 1, "role=owner"), -1);
    assert_int_equal(b->err.code, ERR_DENIED);
    assert_int_equal(bench_try_add(b, "user", "name=li|role=owner|account=nobody"), 0);
    assert_int_equal(b->err.code, ERR_DENIED);
    b->err = (Error){ 0 };
    assert_false(record_delete(b->crm, bench_type(b, "user"), 1, &b->err));
    assert_int_equal(b->err.code, ERR_DENIED);
}

static void rules_across_fields(void **state)
{
    Bench *b = *state;
    bench_add(b, "customer", "name=a");
    assert_int_equal(bench_try_set(b, "customer", 1, "zone=Mars/Olympus"), -1);
    assert_string_equal(b->err.msg, "zone: no such time zone: 'Mars/Olympus'");
    bench_set(b, "customer", 1, "zone=Europe/Berlin|country=德国");
    assert_field(b, "customer", 1, "country", "DE");
    assert_int_equal(bench_try_add(b, "task", "title=x|action=demo"), 0);
    assert_string_equal(b->err.msg, "a key action belongs to a customer or a deal");
    assert_int_equal(bench_try_add(b, "campaign", "name=x|ring_seconds=5"), 0);
    assert_string_equal(b->err.msg, "ring_seconds: between 15 and 120, not 5");
    assert_int_equal(bench_try_add(b, "campaign", "name=x|max_abandoned=3"), 0);
    assert_int_equal(bench_try_add(b, "campaign", "name=x|starts=2026-05-01|ends=2026-04-01"), 0);
    assert_string_equal(b->err.msg, "it ends on 2026-04-01, before it starts on 2026-05-01");
    assert_int_equal(bench_try_add(b, "hours", "name=x|spec=sometimes"), 0);
    assert_int_equal(b->err.code, ERR_INVALID);
    assert_int_equal(bench_try_add(b, "criterion", "stage=agree|name=x|expr=valeu>1"), 0);
    assert_string_equal(b->err.msg, "deals have no field 'valeu'");
    int64_t task = bench_add(b, "task", "title=x|state=done");
    assert_field(b, "task", task, "done_at", "2026-03-04T02:20:30Z");
    assert_field(b, "touch", bench_add(b, "touch", "customer=1"), "at", "2026-03-04T02:20:30Z");
    assert_int_equal(bench_try_add(b, "deal", "customer=77|name=x"), 0);
    assert_string_equal(b->err.msg, "no customer 77");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        test(every_type_is_added_with_what_it_requires),
        test(no_value_of_any_field_makes_sqlite_speak),
        test(declarations_agree_with_the_schema),
        test(what_the_program_keeps_is_not_set_by_hand),
        test(a_new_record_has_its_defaults),
        test(the_first_stage_may_be_renamed),
        test(set_says_whether_anything_changed),
        test(handles_are_unique_and_no_numbers),
        test(records_are_named_by_id_or_handle),
        test(what_is_in_use_is_not_deleted),
        test(every_deletion_speaks_plainly),
        test(ids_are_never_given_again),
        test(a_failed_write_leaves_nothing),
        test(hooks_watch_veto_and_amend),
        test(changed_users_and_fields_are_to_be_read_again),
        test(nobody_shuts_himself_out),
        test(who_may_not_administer_makes_nobody_an_owner),
        test(rules_across_fields),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

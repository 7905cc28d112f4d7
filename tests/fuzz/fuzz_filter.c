/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a filter on any type: it is refused in words, or its SQL runs on a few records, its
 * own text is the same filter again, and each record fits either it or its contrary.  The first
 * byte chooses the type.
 */
#include <stdlib.h>

#include "fuzz.h"
#include "model/record.h"
#include "model/select.h"

static void add(Crm *crm, const char *type, const char *const *pair)
{
    Arena a = { 0 };
    Error err = { 0 };
    Record *r = record_new(schema_type(crm->schema, str(type)), &a);
    for (; *pair; pair += 2)
        if (!record_put(crm, r, str(pair[0]), FIELD_SET, str(pair[1]), &a, &err))
            panic("%s: %s", pair[0], err.msg);
    if (!record_add(crm, r, &err))
        panic("%s: %s", type, err.msg);
    arena_release(&a);
}

#define ADD(crm, type, ...) add(crm, type, (const char *const[]){ __VA_ARGS__, NULL })

static void add_records(Crm *crm)
{
    ADD(crm, "customer", "name", "王芳", "phone", "13800138000", "email", "wang@example.com",
        "city", "杭州", "value", "80.50", "tag", "vip");
    ADD(crm, "customer", "name", "O'Neil", "kind", "firm", "country", "US", "phone",
        "+1 212 555 0142", "note", "100 %_\\");
    ADD(crm, "customer", "phone", "021-58307717");
    ADD(crm, "person", "customer", "2", "name", "李建国", "role", "decider");
    ADD(crm, "list", "name", "spring");
    ADD(crm, "campaign", "name", "autumn");
}

static Crm *open_once(void)
{
    static Crm *crm;
    static Clock clock;
    Error err = { 0 };
    if (crm)
        return crm;
    setenv("TZ", "Asia/Shanghai", 1);
    clock_set(&clock, 1772590830000);
    if (!crm_open(":memory:", STORE_CREATE, &clock, &crm, &err)
        || !store_begin(crm->store, &err) || !setting_set(crm, "region", "CN", &err)
        || !crm_reload(crm, &err))
        panic("%s", err.msg);
    add_records(crm);
    if (!store_commit(crm->store, &err))
        panic("%s", err.msg);
    return crm;
}

static int64_t count(Crm *crm, const Type *t, const Filter *f)
{
    Error err = { 0 };
    int64_t n;
    if (!select_count(crm, t, f, &n, &err))
        panic("%s: %s", f->sql, err.msg);
    return n;
}

static void check_contrary(Crm *crm, const Type *t, const Filter *f, Arena *a)
{
    Error err = { 0 };
    Filter not, all;
    const char *text = arena_printf(a, "not (%s)", *f->text ? f->text : "id!=0");
    if (!filter_text(crm, t, str(text), a, &not, &err)) {
        if (!strstr(err.msg, "nested"))
            panic("%s: %s", text, err.msg);
        return;
    }
    filter_text(crm, t, STR(""), a, &all, &err);
    if (count(crm, t, f) + count(crm, t, &not) != count(crm, t, &all))
        panic("of %s's records, not each fits either '%s' or its contrary", t->name, f->text);
}

static void check(Crm *crm, const Type *t, Str text, Arena *a)
{
    Error err = { 0 };
    Filter f, again;
    if (!filter_text(crm, t, text, a, &f, &err)) {
        if (err.code == ERR_NONE || err.code == ERR_FAILED || err.code == ERR_DATABASE)
            panic("%s", err.msg);
        return;
    }
    count(crm, t, &f);
    if (memchr(text.s, '\0', text.n) || !utf8_valid(text))
        return;                              /* no line holds these */
    if (!filter_text(crm, t, str(f.text), a, &again, &err))
        panic("%s: %s", f.text, err.msg);
    if (strcmp(f.sql, again.sql) != 0)
        panic("%s\n%s", f.sql, again.sql);
    check_contrary(crm, t, &f, a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Arena a = { 0 };
    Crm *crm = open_once();
    int types;
    const Type *const *all = schema_types(crm->schema, &types);
    if (n == 0)
        return 0;
    check(crm, all[data[0] % types], str_n((const char *)data + 1, n - 1), &a);
    arena_release(&a);
    return 0;
}

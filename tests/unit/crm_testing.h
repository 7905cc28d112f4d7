/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * crm_testing.h -- a database in memory for tests of the model.
 *
 * Now is Wednesday 2026-03-04 10:20:30 in Shanghai.  What should go well and does not ends the test
 * with the message of the error.
 */
#ifndef CRM_TESTING_H
#define CRM_TESTING_H

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/record.h"
#include "model/select.h"
#include "store/journal.h"

static inline bool bench_refuse(Error *err, const char *why)
{
    return fail(err, ERR_REFUSED, "%s", why);
}

#include <cmocka.h>               /* last: its macro `fail` is not ours */

enum { NOW = 1772590830 };        /* in seconds */

typedef struct Bench { Crm *crm; Clock clock; Arena a; Error err; } Bench;

static inline int bench_open(void **state)
{
    Bench *b = xalloc(sizeof *b);
    setenv("TZ", "Asia/Shanghai", 1);
    clock_set(&b->clock, NOW * 1000LL);
    if (!crm_open(":memory:", STORE_CREATE, &b->clock, &b->crm, &b->err))
        fail_msg("crm_open: %s", b->err.msg);
    *state = b;
    return 0;
}

static inline int bench_close(void **state)
{
    Bench *b = *state;
    crm_close(b->crm);
    arena_release(&b->a);
    free(b);
    return 0;
}

static inline void bench_must(Bench *b, bool ok)
{
    if (!ok)
        fail_msg("%s\n%s\n%s", b->err.msg, b->err.detail, b->err.hint);
}

static inline const Type *bench_type(Bench *b, const char *name)
{
    const Type *t = schema_type(b->crm->schema, str(name));
    if (!t)
        fail_msg("no type %s", name);
    return t;
}

/* Put "field=value|field+=value|..." into a record; false with b->err at the first refused. */
static inline bool bench_put(Bench *b, Record *r, const char *fields)
{
    while (*fields) {
        size_t n = strcspn(fields, "|"), name = strcspn(fields, "=");
        FieldOp op = fields[name - 1] == '+' ? FIELD_ADD : fields[name - 1] == '-' ? FIELD_REMOVE
                                                                                    : FIELD_SET;
        Str field = str_n(fields, op == FIELD_SET ? name : name - 1);
        if (!record_put(b->crm, r, field, op, str_n(fields + name + 1, n - name - 1), &b->a,
                        &b->err))
            return false;
        fields += n + (fields[n] == '|');
    }
    return true;
}

/* The id of a new record; 0 with b->err when it was refused. */
static inline int64_t bench_try_add(Bench *b, const char *type, const char *fields)
{
    Record *r = record_new(bench_type(b, type), &b->a);
    b->err = (Error){ 0 };
    return bench_put(b, r, fields) && record_add(b->crm, r, &b->err) ? r->id : 0;
}

static inline int64_t bench_add(Bench *b, const char *type, const char *fields)
{
    int64_t id = bench_try_add(b, type, fields);
    bench_must(b, id != 0);
    return id;
}

/* User 1, an owner with somebody else's account, added by that account. */
static inline void bench_add_wang(Bench *b)
{
    snprintf(b->crm->user, sizeof b->crm->user, "nobody");
    bench_add(b, "user", "name=wang|role=owner|account=nobody");
    b->crm->user[0] = '\0';
}

/* 1 changed, 0 the same, -1 refused. */
static inline int bench_try_set(Bench *b, const char *type, int64_t id, const char *fields)
{
    Record *r = record_new(bench_type(b, type), &b->a);
    bool changed;
    b->err = (Error){ 0 };
    r->id = id;
    if (!bench_put(b, r, fields) || !record_set(b->crm, r, &changed, &b->err))
        return -1;
    return changed;
}

static inline bool bench_set(Bench *b, const char *type, int64_t id, const char *fields)
{
    int changed = bench_try_set(b, type, id, fields);
    bench_must(b, changed >= 0);
    return changed;
}

/* A field as a machine sees it; "" for null. */
static inline const char *bench_get(Bench *b, const char *type, int64_t id, const char *field)
{
    const Type *t = bench_type(b, type);
    const Field *f = type_field(t, str(field));
    Filter one = { .sql = "t.id = ?", .n = 1, .text = "" };
    Value v = value_int(id);
    Query *q = NULL;
    Buf out = { 0 };
    if (!f)
        fail_msg("%s has no field %s", type, field);
    one.bind = &v;
    Select s = { .type = t, .fields = &f, .n = 1, .filter = one };
    bench_must(b, select_open(b->crm, &s, &b->a, &q, &b->err) && query_one(q, &b->err));
    value_write_plain(query_col(q, 1), field_shown_kind(b->crm->schema, f), &out);
    const char *text = out.n ? str_c(buf_as_str(&out), &b->a) : "";
    query_close(q);
    buf_release(&out);
    return text;
}

#define assert_field(b, type, id, field, text) \
    assert_string_equal(bench_get(b, type, id, field), text)

/* The ids for which a filter holds: "1 2 5". */
static inline const char *bench_ids(Bench *b, const char *type, const char *filter)
{
    Filter f;
    int64_t *ids, n;
    Buf out = { 0 };
    b->err = (Error){ 0 };
    bench_must(b, filter_text(b->crm, bench_type(b, type), str(filter), &b->a, &f, &b->err)
                  && select_ids(b->crm, bench_type(b, type), &f, &b->a, &ids, &n, &b->err));
    for (int64_t i = 0; i < n; i++)
        buf_printf(&out, "%s%" PRId64, i ? " " : "", ids[i]);
    const char *text = out.n ? str_c(buf_as_str(&out), &b->a) : "";
    buf_release(&out);
    return text;
}

#define assert_ids(b, type, filter, ids) assert_string_equal(bench_ids(b, type, filter), ids)

/* First cell of any SELECT. */
static inline int64_t bench_int(Bench *b, const char *text)
{
    Query *q = NULL;
    bench_must(b, query_text(b->crm->store, str(text), &q, &b->err) && query_one(q, &b->err));
    int64_t n = query_col_int(q, 0);
    query_close(q);
    return n;
}

static inline void bench_sql(Bench *b, const char *text)
{
    Query *q = NULL;
    bench_must(b, store_begin(b->crm->store, &b->err)
                  && query_text(b->crm->store, str(text), &q, &b->err) && query_run(q, &b->err));
    query_close(q);
    bench_must(b, store_commit(b->crm->store, &b->err));
}

static inline void bench_begin(Bench *b)
{
    bench_must(b, store_begin(b->crm->store, &b->err));
}

static inline void bench_commit(Bench *b)
{
    bench_must(b, store_commit(b->crm->store, &b->err));
}

static inline const char *bench_dump(Bench *b)
{
    Buf out = { 0 };
    bench_must(b, store_dump(b->crm->store, &out, &b->err));
    const char *text = str_c(buf_as_str(&out), &b->a);
    buf_release(&out);
    return text;
}

#define test(name) cmocka_unit_test_setup_teardown(name, bench_open, bench_close)

#endif

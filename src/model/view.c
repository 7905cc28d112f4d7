/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * view.c -- fields that are views of other tables: contact points and tags.
 *
 * `phone=` replaces the primary point of its kind, `phone+=` adds one, `phone-=` removes one, and an
 * empty value clears them all.  A cell may hold several numbers.  Values are kept normalised
 * (E.164, folded domain) with the raw text beside them where it differs.
 */
#include <ctype.h>

#include "base/country.h"
#include "base/unicode.h"
#include "model/record.h"
#include "model/types.h"
#include "store/journal.h"

enum {
    POINT_ADD, POINT_HAS, POINT_LAST, POINT_PRIMARY, POINT_SET, POINT_CLEAR, POINT_DROP, COUNTRY,
    OWNER_OF_PERSON, TAG_ADD, TAG_HAS, TAG_DROP, TAG_CLEAR, SQL_COUNT
};
#define MINE " WHERE customer = ?1 AND person IS ?2 AND kind = ?3"
static const Sql sql[] = {
    [POINT_ADD] = { "INSERT INTO contact (customer, person, kind, value, raw, label, ext, country, valid,"
                    " position, id, change) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)", 0 },
    [POINT_HAS] = { "SELECT id FROM contact" MINE " AND value = ?4", SQL_HOT },
    [POINT_LAST] = { "SELECT coalesce(max(position), 0) FROM contact" MINE, SQL_HOT },
    [POINT_PRIMARY] = { "SELECT id FROM contact" MINE " ORDER BY position LIMIT 1", SQL_HOT },
    [POINT_SET] = { "UPDATE contact SET value = ?2, raw = ?3, label = ?4, ext = ?5, country = ?6, valid = ?7,"
                    " change = ?8 WHERE id = ?1", SQL_HOT },
    [POINT_CLEAR] = { "DELETE FROM contact" MINE, SQL_HOT },
    [POINT_DROP] = { "DELETE FROM contact" MINE " AND value = ?4", SQL_HOT },
    [COUNTRY] = { "SELECT country FROM customer WHERE id = ?1", SQL_HOT },
    [OWNER_OF_PERSON] = { "SELECT customer FROM person WHERE id = ?1", SQL_HOT },
    [TAG_ADD] = { "INSERT INTO customer_tag (customer, tag, id, change) VALUES (?1, ?2, ?3, ?4)", 0 },
    [TAG_HAS] = { "SELECT 1 FROM customer_tag WHERE customer = ?1 AND tag = ?2", SQL_HOT },
    [TAG_DROP] = { "DELETE FROM customer_tag WHERE customer = ?1 AND tag = ?2", SQL_HOT },
    [TAG_CLEAR] = { "DELETE FROM customer_tag WHERE customer = ?1", SQL_HOT },
};
const SqlTable view_sql = { "view", sql, SQL_COUNT };

typedef struct Owner { int64_t customer, person; const char *kind; } Owner;

/* One contact point, ready to be stored. Texts live in the arena or the cell. */
typedef struct Point {
    Str value, raw;                   /* raw.s NULL: the same as value */
    const char *label, *ext, *country;
    Value valid;
} Point;

static bool point_query(Crm *crm, int which, const Owner *o, Query **q, Error *err)
{
    if (!query_open(crm->store, &sql[which], q, err))
        return false;
    query_int(*q, 1, o->customer);
    if (o->person)
        query_int(*q, 2, o->person);
    else
        query_null(*q, 2);
    query_cstr(*q, 3, o->kind);
    return true;
}

/* First cell of a query about the owner's points; 0 when there is no row. */
static bool point_int(Crm *crm, int which, const Owner *o, Str value, int64_t *out, Error *err)
{
    Query *q = NULL;
    if (!point_query(crm, which, o, &q, err))
        return false;
    if (value.s)
        query_str(q, 4, value);
    int found = query_next(q, err);
    *out = found > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    return found >= 0;
}

static bool point_delete(Crm *crm, int which, const Owner *o, Str value, Error *err)
{
    Query *q = NULL;
    if (!point_query(crm, which, o, &q, err))
        return false;
    if (value.s)
        query_str(q, 4, value);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static void bind_point(Query *q, int first, const Point *p)
{
    query_str(q, first, p->value);
    query_str(q, first + 1, p->raw);
    query_cstr(q, first + 2, p->label && *p->label ? p->label : NULL);
    query_cstr(q, first + 3, p->ext && *p->ext ? p->ext : NULL);
    query_cstr(q, first + 4, p->country && *p->country ? p->country : NULL);
    query_value(q, first + 5, p->valid);
}

static bool point_insert(Crm *crm, const Owner *o, const Point *p, Error *err)
{
    Query *q = NULL;
    int64_t last, id;
    if (!point_int(crm, POINT_LAST, o, (Str){ 0 }, &last, err)
        || !store_ids(crm->store, "contact", 1, &id, err) || !point_query(crm, POINT_ADD, o, &q, err))
        return false;
    bind_point(q, 4, p);
    query_int(q, 10, last + 1);
    query_int(q, 11, id);
    query_int(q, 12, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool point_update(Crm *crm, int64_t id, const Point *p, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[POINT_SET], &q, err))
        return false;
    query_int(q, 1, id);
    bind_point(q, 2, p);
    query_int(q, 8, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* The numbers of a phone cell as points; a number that cannot be read is kept as typed. */
static int phone_points(Crm *crm, Str cell, const char *label, const char *region, Point *out, Arena *a)
{
    Phone *p = ARENA_ARRAY(a, Phone, PHONE_CELL_MAX);
    int n = phone_read(crm->phones, cell, region, p, PHONE_CELL_MAX);
    for (int i = 0; i < n; i++) {
        Str raw = str_trim(p[i].raw);
        out[i] = (Point){ .value = p[i].status == PHONE_OK ? str(p[i].e164) : raw, .raw = raw };
        if (str_eq(out[i].value, raw))
            out[i].raw = (Str){ 0 };
        out[i].label = label ? label : p[i].label.n ? str_c(p[i].label, a) : phone_use_name(p[i].use);
        out[i].ext = p[i].ext;
        out[i].country = p[i].country;
        out[i].valid = p[i].valid == PHONE_VALID_UNKNOWN ? value_null()
                                                          : value_int(p[i].valid == PHONE_VALID_YES);
    }
    return n;
}

static Str email_fold(Str typed, Arena *a)
{
    char *copy = arena_strndup(a, typed.s, typed.n);
    for (char *p = copy; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return str_n(copy, typed.n);
}

static int points_read(Crm *crm, const char *kind, Str typed, const char *label, const char *region,
                       Point *out, Arena *a)
{
    typed = str_trim(typed);
    if (typed.n == 0)
        return 0;
    if (strcmp(kind, "phone") == 0 || strcmp(kind, "fax") == 0)
        return phone_points(crm, typed, label, region, out, a);
    out[0] = (Point){ .value = strcmp(kind, "email") == 0 ? email_fold(typed, a) : typed, .label = label,
                      .valid = value_null() };
    out[0].raw = str_eq(out[0].value, typed) ? (Str){ 0 } : typed;
    return 1;
}

/* Where numbers without a country are at home: the customer's country, when known. */
static const char *home_of(Crm *crm, int64_t customer, Arena *a)
{
    Query *q = NULL;
    Error ignored = { 0 };
    const char *region = NULL;
    if (query_open(crm->store, &sql[COUNTRY], &q, &ignored)) {
        query_int(q, 1, customer);
        if (query_next(q, &ignored) > 0 && !query_col_is_null(q, 0))
            region = country_find(query_col_str(q, 0));
    }
    query_close(q);
    (void)a;
    return region;
}

bool contact_add(Crm *crm, int64_t customer, int64_t person, const char *kind, Str typed,
                 const char *label, const char *region, int *added, Error *err)
{
    Arena a = { 0 };
    Owner o = { customer, person, kind };
    Point *p = ARENA_ARRAY(&a, Point, PHONE_CELL_MAX);
    bool ok = true;
    int n = points_read(crm, kind, typed, label, region ? region : home_of(crm, customer, &a), p, &a);
    for (int i = 0; ok && i < n; i++) {
        int64_t has;
        ok = point_int(crm, POINT_HAS, &o, p[i].value, &has, err);
        if (ok && !has) {
            ok = point_insert(crm, &o, &p[i], err);
            if (added)
                ++*added;
        }
    }
    arena_release(&a);
    return ok;
}

/* Replace the primary point; further numbers of the same cell are added. */
static bool point_replace(Crm *crm, const Owner *o, Str typed, Error *err)
{
    Arena a = { 0 };
    Point *p = ARENA_ARRAY(&a, Point, PHONE_CELL_MAX);
    int64_t primary, has;
    int n = points_read(crm, o->kind, typed, NULL, home_of(crm, o->customer, &a), p, &a);
    bool ok = n > 0 && point_int(crm, POINT_PRIMARY, o, (Str){ 0 }, &primary, err)
              && point_int(crm, POINT_HAS, o, p[0].value, &has, err);
    if (ok && has && has != primary)                 /* it was a further one: it moves to the front */
        ok = point_delete(crm, POINT_DROP, o, p[0].value, err);
    if (ok && !(has && has == primary))
        ok = primary ? point_update(crm, primary, &p[0], err) : point_insert(crm, o, &p[0], err);
    for (int i = 1; ok && i < n; i++)
        ok = point_int(crm, POINT_HAS, o, p[i].value, &has, err) && (has || point_insert(crm, o, &p[i], err));
    arena_release(&a);
    return ok;
}

static bool point_write(Crm *crm, const Owner *o, FieldOp op, Value v, Error *err)
{
    if (v.type == VALUE_NULL)
        return op != FIELD_SET || point_delete(crm, POINT_CLEAR, o, (Str){ 0 }, err);
    if (op == FIELD_SET)
        return point_replace(crm, o, v.s, err);
    if (op == FIELD_ADD)
        return contact_add(crm, o->customer, o->person, o->kind, v.s, NULL, NULL, NULL, err);
    Arena a = { 0 };
    Point *p = ARENA_ARRAY(&a, Point, PHONE_CELL_MAX);
    int n = points_read(crm, o->kind, v.s, NULL, home_of(crm, o->customer, &a), p, &a);
    bool ok = true;
    for (int i = 0; ok && i < n; i++)
        ok = point_delete(crm, POINT_DROP, o, p[i].value, err);
    arena_release(&a);
    return ok;
}

bool view_write_contact(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v, Error *err)
{
    return point_write(crm, &(Owner){ id, 0, f->name }, op, v, err);
}

bool view_write_person_contact(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[OWNER_OF_PERSON], &q, err))
        return false;
    query_int(q, 1, id);
    bool ok = query_one(q, err);
    int64_t customer = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok && point_write(crm, &(Owner){ customer, id, f->name }, op, v, err);
}

/* ---- tags -------------------------------------------------------------------------------------- */

static bool tag_run(Crm *crm, int which, int64_t customer, Str tag, bool *row, Error *err)
{
    Query *q = NULL;
    int64_t id = 0;
    if ((which == TAG_ADD && !store_ids(crm->store, "customer_tag", 1, &id, err))
        || !query_open(crm->store, &sql[which], &q, err))
        return false;
    query_int(q, 1, customer);
    if (which != TAG_CLEAR)
        query_str(q, 2, tag);
    if (which == TAG_ADD) {
        query_int(q, 3, id);
        query_int(q, 4, journal_current(crm->store));
    }
    int found = query_next(q, err);
    if (row)
        *row = found > 0;
    query_close(q);
    return found >= 0;
}

/* Words are separated by commas (also ， and 、) or white space. */
static bool tag_each(Crm *crm, int64_t customer, FieldOp op, Str tags, Error *err)
{
    size_t i = 0;
    while (i < tags.n) {
        size_t from = i;
        int len = 1;
        for (; i < tags.n; i += (size_t)len) {
            uint32_t cp = utf8_next(tags.s + i, tags.n - i, &len);
            if (cp == ',' || cp == ' ' || cp == '\t' || cp == 0xFF0C || cp == 0x3001)
                break;
        }
        Str tag = str_n(tags.s + from, i - from);
        i += i < tags.n ? (size_t)len : 0;
        bool has;
        if (tag.n == 0)
            continue;
        if (op == FIELD_REMOVE ? !tag_run(crm, TAG_DROP, customer, tag, NULL, err)
                               : !tag_run(crm, TAG_HAS, customer, tag, &has, err)
                                     || (!has && !tag_run(crm, TAG_ADD, customer, tag, NULL, err)))
            return false;
    }
    return true;
}

bool view_write_tag(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v, Error *err)
{
    (void)f;
    if (op == FIELD_SET && !tag_run(crm, TAG_CLEAR, id, (Str){ 0 }, NULL, err))
        return false;
    return v.type == VALUE_NULL || tag_each(crm, id, op, v.s, err);
}

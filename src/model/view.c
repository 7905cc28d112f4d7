/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * view.c -- fields that are views of other tables: contact points and tags.
 *
 * `phone=` replaces the primary point of its kind, `phone+=` adds one, `phone-=` removes one, an
 * empty value clears them all.  A cell may hold several.  Values are kept normalised (E.164, small
 * letters) with the raw text beside them where it differs; the same for a contact added by itself.
 * What is there already is left alone, so that a second write of the same changes nothing.
 */
#include <inttypes.h>

#include "base/country.h"
#include "base/unicode.h"
#include "model/record.h"
#include "model/types.h"
#include "store/journal.h"

enum {
    POINT_ADD, POINT_HAS, POINT_LAST, POINT_PRIMARY, POINT_SET, POINT_CLEAR, POINT_DROP, COUNTRY,
    OWNER_OF_PERSON, PERSON_MOVES, TAG_ADD, TAG_HAS, TAG_DROP, TAGS, SQL_COUNT
};
#define MINE " WHERE customer = ?1 AND person IS ?2 AND kind = ?3"
static const Sql sql[] = {
    [POINT_ADD] = { "INSERT INTO contact (customer, person, kind, value, raw, label, ext, country,"
                    " valid, position, id, change)"
                    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)", 0 },
    [POINT_HAS] = { "SELECT id FROM contact" MINE " AND value = ?4", SQL_HOT },
    [POINT_LAST] = { "SELECT coalesce(max(position), 0) FROM contact" MINE, SQL_HOT },
    [POINT_PRIMARY] = { "SELECT id FROM contact" MINE " ORDER BY position, id LIMIT 1", SQL_HOT },
    [POINT_SET] = { "UPDATE contact SET value = ?2, raw = ?3, label = ?4, ext = ?5, country = ?6,"
                    " valid = ?7, change = ?8 WHERE id = ?1", SQL_HOT },
    [POINT_CLEAR] = { "DELETE FROM contact" MINE " RETURNING id", SQL_HOT },
    [POINT_DROP] = { "DELETE FROM contact" MINE " AND value = ?4 RETURNING id", SQL_HOT },
    [COUNTRY] = { "SELECT country FROM customer WHERE id = ?1", SQL_HOT },
    [OWNER_OF_PERSON] = { "SELECT customer FROM person WHERE id = ?1", SQL_HOT },
    [PERSON_MOVES] = { "UPDATE contact SET customer = ?2, change = ?3 WHERE person = ?1", SQL_HOT },
    [TAG_ADD] = { "INSERT INTO customer_tag (customer, tag, id, change) VALUES (?1, ?2, ?3, ?4)",
                  0 },
    [TAG_HAS] = { "SELECT id FROM customer_tag WHERE customer = ?1 AND tag = ?2", SQL_HOT },
    [TAG_DROP] = { "DELETE FROM customer_tag WHERE customer = ?1 AND tag = ?2 RETURNING id",
                   SQL_HOT },
    [TAGS] = { "SELECT tag FROM customer_tag WHERE customer = ?1", SQL_HOT },
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
    while (found > 0)
        found = query_next(q, err);
    query_close(q);
    return found == 0;
}

static bool point_delete(Crm *crm, int which, const Owner *o, Str value, bool *changed, Error *err)
{
    int64_t id;
    if (!point_int(crm, which, o, value, &id, err))
        return false;
    *changed = *changed || id;
    return true;
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
        || !store_ids(crm->store, "contact", 1, &id, err)
        || !point_query(crm, POINT_ADD, o, &q, err))
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
static int phone_points(Crm *crm, Str cell, const char *label, const char *region, Point *out,
                        Arena *a)
{
    Phone *p = ARENA_ARRAY(a, Phone, PHONE_CELL_MAX);
    int n = phone_read(crm->phones, cell, region, p, PHONE_CELL_MAX);
    for (int i = 0; i < n; i++) {
        Str raw = str_trim(p[i].raw);
        out[i] = (Point){ .value = p[i].status == PHONE_OK ? str(p[i].e164) : raw, .raw = raw };
        if (str_eq(out[i].value, raw))
            out[i].raw = (Str){ 0 };
        out[i].label = label          ? label
                       : p[i].label.n ? str_c(p[i].label, a)
                                      : phone_use_name(p[i].use);
        out[i].ext = p[i].ext;
        out[i].country = p[i].country;
        out[i].valid = p[i].valid == PHONE_VALID_UNKNOWN ? value_null()
                                                         : value_int(p[i].valid == PHONE_VALID_YES);
    }
    return n;
}

/* The next of several values, which commas, semicolons (，、； too) and white space separate. */
static bool next_of(Str *rest, Str *one)
{
    size_t i = 0, from = 0;
    int len = 1;
    if (rest->n == 0)
        return false;
    for (; i < rest->n; i += (size_t)len) {
        uint32_t cp = utf8_next(rest->s + i, rest->n - i, &len);
        bool between = cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == ',' || cp == ';'
                       || cp == 0x3000 || cp == 0x3001 || cp == 0xFF0C || cp == 0xFF1B;
        if (between && i > from)
            break;
        if (between)
            from = i + (size_t)len;
    }
    *one = str_n(rest->s + from, i - from);
    *rest = str_n(rest->s + i, rest->n - i);
    return one->n > 0;
}

/* What of an address cannot be read is kept as typed. */
static int email_points(Str cell, const char *label, Point *out, Arena *a)
{
    Str one;
    int n = 0;
    while (n < PHONE_CELL_MAX && next_of(&cell, &one)) {
        out[n] = (Point){ .value = one, .label = label, .valid = value_null() };
        email_parse(one, a, &out[n].value);
        n++;
    }
    return n;
}

/* The points of a cell, at most PHONE_CELL_MAX. */
static int points_read(Crm *crm, const char *kind, Str typed, const char *label,
                       const char *region, Point *out, Arena *a)
{
    typed = str_trim(typed);
    if (typed.n == 0)
        return 0;
    if (strcmp(kind, "phone") == 0 || strcmp(kind, "fax") == 0)
        return phone_points(crm, typed, label, region, out, a);
    if (strcmp(kind, "email") == 0)
        return email_points(typed, label, out, a);
    out[0] = (Point){ .value = typed, .label = label, .valid = value_null() };
    return 1;
}

bool view_check(Crm *crm, const Field *f, Str typed, Arena *a, Error *err)
{
    Str one, address;
    if (f->kind == KIND_EMAIL) {
        int n = 0;
        for (; next_of(&typed, &one); n++)
            if (!email_parse(one, a, &address)) {
                fail(err, ERR_INVALID, "%s: not an e-mail address: '%.*s'", f->name, STR_ARG(one));
                return fail_hint(err, "for example name@example.com");
            }
        if (n > PHONE_CELL_MAX) {
            fail(err, ERR_INVALID, "%s: more than %d addresses at once", f->name, PHONE_CELL_MAX);
            return fail_hint(err, "%s+= adds more", f->name);
        }
    }
    if (f->kind != KIND_PHONE)
        return true;
    Phone *p = ARENA_ARRAY(a, Phone, PHONE_CELL_MAX);
    int n = phone_read(crm->phones, typed, NULL, p, PHONE_CELL_MAX);
    for (int i = 0; i < n; i++) {
        Value ignored;
        if (p[i].status != PHONE_OK && p[i].status != PHONE_UNCHECKED)
            return field_parse(crm, f, p[i].raw, a, &ignored, err);      /* says why not */
    }
    return true;
}

/* ---- contact points -------------------------------------------------------------------------- */

/* Where numbers without a country are at home: the customer's country; NULL: not known. */
static bool home_of(Crm *crm, int64_t customer, const char **region, Error *err)
{
    Query *q = NULL;
    *region = NULL;
    if (!query_open(crm->store, &sql[COUNTRY], &q, err))
        return false;
    query_int(q, 1, customer);
    int found = query_next(q, err);
    if (found > 0 && !query_col_is_null(q, 0))
        *region = country_find(query_col_str(q, 0));
    query_close(q);
    return found >= 0;
}

static bool points_add(Crm *crm, const Owner *o, const Point *p, int n, bool *changed, Error *err)
{
    for (int i = 0; i < n; i++) {
        int64_t has;
        if (!point_int(crm, POINT_HAS, o, p[i].value, &has, err)
            || (!has && !point_insert(crm, o, &p[i], err)))
            return false;
        *changed = *changed || !has;
    }
    return true;
}

/* Replace the primary point; further ones of the same cell are added. */
static bool points_replace(Crm *crm, const Owner *o, const Point *p, int n, bool *changed,
                           Error *err)
{
    int64_t primary, has;
    if (n == 0)
        return true;
    if (!point_int(crm, POINT_PRIMARY, o, (Str){ 0 }, &primary, err)
        || !point_int(crm, POINT_HAS, o, p[0].value, &has, err))
        return false;
    if (has && has == primary)
        return points_add(crm, o, p + 1, n - 1, changed, err);
    if (has && !point_delete(crm, POINT_DROP, o, p[0].value, changed, err))
        return false;                                  /* a further one moves to the front */
    *changed = true;
    return (primary ? point_update(crm, primary, &p[0], err) : point_insert(crm, o, &p[0], err))
           && points_add(crm, o, p + 1, n - 1, changed, err);
}

static bool points_remove(Crm *crm, const Owner *o, const Point *p, int n, bool *changed,
                          Error *err)
{
    for (int i = 0; i < n; i++)
        if (!point_delete(crm, POINT_DROP, o, p[i].value, changed, err))
            return false;
    return true;
}

static bool point_write(Crm *crm, const Owner *o, FieldOp op, Value v, bool *changed, Error *err)
{
    Arena a = { 0 };
    const char *region;
    if (v.type == VALUE_NULL)
        return op != FIELD_SET || point_delete(crm, POINT_CLEAR, o, (Str){ 0 }, changed, err);
    if (!home_of(crm, o->customer, &region, err))
        return false;
    Point *p = ARENA_ARRAY(&a, Point, PHONE_CELL_MAX);
    int n = points_read(crm, o->kind, v.s, NULL, region, p, &a);
    bool ok = op == FIELD_SET   ? points_replace(crm, o, p, n, changed, err)
              : op == FIELD_ADD ? points_add(crm, o, p, n, changed, err)
                                : points_remove(crm, o, p, n, changed, err);
    arena_release(&a);
    return ok;
}

bool view_write_contact(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v, bool *changed,
                        Error *err)
{
    return point_write(crm, &(Owner){ id, 0, f->name }, op, v, changed, err);
}

static bool customer_of(Crm *crm, int64_t person, int64_t *customer, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[OWNER_OF_PERSON], &q, err))
        return false;
    query_int(q, 1, person);
    bool ok = query_one(q, err);
    *customer = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok;
}

bool view_write_person_contact(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v,
                               bool *changed, Error *err)
{
    int64_t customer;
    return customer_of(crm, id, &customer, err)
           && point_write(crm, &(Owner){ customer, id, f->name }, op, v, changed, err);
}

/* ---- contact points by themselves ------------------------------------------------------------ */

static void put(Record *r, const char *field, Value v)
{
    r->v[type_field(r->type, str(field))->index] = v;
}

static Value text_value(const char *s, Arena *a)
{
    return s && *s ? value_cstr(arena_strdup(a, s)) : value_null();
}

/* The typed value made what a cell of its customer would have made of it. */
static bool contact_normalise(Crm *crm, const Owner *o, Record *now, Arena *a, Error *err)
{
    const char *region;
    Str typed = record_value(now, "value").s;
    Point *p = ARENA_ARRAY(a, Point, PHONE_CELL_MAX);
    bool number = strcmp(o->kind, "phone") == 0 || strcmp(o->kind, "fax") == 0;
    Field f = { .name = "value", .kind = number ? KIND_PHONE : KIND_TEXT };
    if (strcmp(o->kind, "email") == 0)
        f.kind = KIND_EMAIL;
    if (!view_check(crm, &f, typed, a, err) || !home_of(crm, o->customer, &region, err))
        return false;
    int n = points_read(crm, o->kind, typed, NULL, region, p, a);
    if (n > 1) {
        fail(err, ERR_INVALID, "value: more than one in '%.*s'", STR_ARG(typed));
        return fail_hint(err, "customer set %" PRId64 " %s+='%.*s' adds them all", o->customer,
                         o->kind, STR_ARG(typed));
    }
    put(now, "value", value_text(str_dup(p[0].value, a)));
    put(now, "raw", p[0].raw.s ? value_text(str_dup(p[0].raw, a)) : value_null());
    put(now, "country", text_value(p[0].country, a));
    put(now, "valid", p[0].valid);
    if (record_value(now, "label").type == VALUE_NULL)
        put(now, "label", text_value(p[0].label, a));
    if (record_value(now, "ext").type == VALUE_NULL)
        put(now, "ext", text_value(p[0].ext, a));
    return true;
}

static bool contact_owner(Crm *crm, const Record *now, Arena *a, Owner *o, Error *err)
{
    Value person = record_value(now, "person");
    int64_t at;
    *o = (Owner){ record_value(now, "customer").i, person.type == VALUE_INT ? person.i : 0,
                  str_c(record_value(now, "kind").s, a) };
    if (!o->person)
        return true;
    if (!customer_of(crm, o->person, &at, err))
        return false;
    if (at == o->customer)
        return true;
    fail(err, ERR_INVALID, "person %" PRId64 " is at customer %" PRId64 ", not at %" PRId64,
         o->person, at, o->customer);
    return fail_hint(err, "give customer=%" PRId64 ", or leave person= out", at);
}

static bool contact_free(Crm *crm, const Owner *o, const Record *now, Error *err)
{
    int64_t has;
    Str value = record_value(now, "value").s;
    if (!point_int(crm, POINT_HAS, o, value, &has, err))
        return false;
    if (!has || has == now->id)
        return true;
    return fail(err, ERR_CONFLICT, "contact %" PRId64 " is '%.*s' already", has, STR_ARG(value));
}

bool check_contact(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Owner o;
    int64_t last;
    if (record_value(now, "customer").type != VALUE_INT
        || record_value(now, "kind").type != VALUE_TEXT
        || record_value(now, "value").type != VALUE_TEXT)
        return true;                                   /* required: said by the record layer */
    if (!contact_owner(crm, now, a, &o, err))
        return false;
    bool same = old && value_eq(record_value(old, "value"), record_value(now, "value"))
                && value_eq(record_value(old, "kind"), record_value(now, "kind"));
    if ((!same && !contact_normalise(crm, &o, now, a, err)) || !contact_free(crm, &o, now, err))
        return false;
    if (record_value(now, "position").type != VALUE_NULL)
        return true;
    if (!point_int(crm, POINT_LAST, &o, (Str){ 0 }, &last, err))
        return false;
    put(now, "position", value_int(last + 1));
    return true;
}

/* A person's contact points go with them to another customer. */
bool check_person(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Query *q = NULL;
    Value to = record_value(now, "customer");
    (void)a;
    if (!old || to.type != VALUE_INT || value_eq(to, record_value(old, "customer")))
        return true;
    if (!query_open(crm->store, &sql[PERSON_MOVES], &q, err))
        return false;
    query_int(q, 1, now->id);
    query_int(q, 2, to.i);
    query_int(q, 3, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* ---- tags ------------------------------------------------------------------------------------ */

/* First cell of a query about one tag; 0 when there is no row. */
static bool tag_run(Crm *crm, int which, int64_t customer, Str tag, int64_t *out, Error *err)
{
    Query *q = NULL;
    int64_t id = 0;
    if ((which == TAG_ADD && !store_ids(crm->store, "customer_tag", 1, &id, err))
        || !query_open(crm->store, &sql[which], &q, err))
        return false;
    query_int(q, 1, customer);
    query_str(q, 2, tag);
    if (which == TAG_ADD) {
        query_int(q, 3, id);
        query_int(q, 4, journal_current(crm->store));
    }
    int found = query_next(q, err);
    *out = found > 0 ? query_col_int(q, 0) : 0;
    while (found > 0)
        found = query_next(q, err);
    query_close(q);
    return found == 0;
}

static bool tags_add(Crm *crm, int64_t customer, Str tags, bool *changed, Error *err)
{
    Str tag;
    while (next_of(&tags, &tag)) {
        int64_t has, ignored;
        if (!tag_run(crm, TAG_HAS, customer, tag, &has, err)
            || (!has && !tag_run(crm, TAG_ADD, customer, tag, &ignored, err)))
            return false;
        *changed = *changed || !has;
    }
    return true;
}

static bool tags_drop(Crm *crm, int64_t customer, Str tags, bool *changed, Error *err)
{
    Str tag;
    while (next_of(&tags, &tag)) {
        int64_t had;
        if (!tag_run(crm, TAG_DROP, customer, tag, &had, err))
            return false;
        *changed = *changed || had;
    }
    return true;
}

static bool is_among(Str tags, Str one)
{
    Str tag;
    while (next_of(&tags, &tag))
        if (str_eq(tag, one))
            return true;
    return false;
}

/* The customer's tags that are not among `wanted`, joined by commas. */
static bool tags_besides(Crm *crm, int64_t customer, Str wanted, Buf *out, Error *err)
{
    Query *q = NULL;
    int more;
    if (!query_open(crm->store, &sql[TAGS], &q, err))
        return false;
    query_int(q, 1, customer);
    while ((more = query_next(q, err)) > 0)
        if (!is_among(wanted, query_col_str(q, 0))) {
            buf_str(out, query_col_str(q, 0));
            buf_char(out, ',');
        }
    query_close(q);
    return more == 0;
}

bool view_write_tag(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v, bool *changed,
                    Error *err)
{
    Buf gone = { 0 };
    Str tags = v.type == VALUE_TEXT ? v.s : (Str){ 0 };
    (void)f;
    if (op == FIELD_REMOVE)
        return tags_drop(crm, id, tags, changed, err);
    bool ok = (op != FIELD_SET || (tags_besides(crm, id, tags, &gone, err)
                                   && tags_drop(crm, id, buf_as_str(&gone), changed, err)))
              && tags_add(crm, id, tags, changed, err);
    buf_release(&gone);
    return ok;
}

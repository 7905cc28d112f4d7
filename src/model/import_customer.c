/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_customer_inside.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/record.h"
#include "store/journal.h"

enum { IS_LISTED, ON_LIST, LAST_ENTRY, SQL_COUNT };
static const Sql sql[] = {
    [IS_LISTED] = { "SELECT 1 FROM entry WHERE customer = ?2 AND list = ?1", SQL_HOT },
    [ON_LIST] = { "SELECT customer FROM entry WHERE list = ?1", SQL_HOT },
    [LAST_ENTRY] = { "SELECT max(id) FROM entry", 0 },
};
const SqlTable import_customer_sql = { "import_customer", sql, SQL_COUNT };

static const char *const point_columns[] = { "id",      "customer", "person",   "kind",
                                             "value",   "raw",      "label",    "ext",
                                             "country", "valid",    "position", "change" };
static const char *const tag_columns[] = { "id", "customer", "tag", "change" };
static const char *const refusal_columns[] = { "id",    "customer", "channel", "purpose", "given",
                                               "at",    "source",   "user",    "change" };
static const char *const entry_columns[] = { "id", "list", "customer", "change" };
enum { POINT_CUSTOMER = 1, POINT_VALUE = 4 };              /* of point_columns */
enum { POINT_COLUMNS = 12, TAG_COLUMNS = 4, REFUSAL_COLUMNS = 9, ENTRY_COLUMNS = 4 };
enum {
    HELD = 1 << 18,                    /* points, where they are sorted */
    LOOK_UP = 8,                       /* entries read in the time that looking one up takes */
};

/* ---- opening --------------------------------------------------------------------------------- */

static void columns_of(CustomerWriter *c, int which, const Type *t)
{
    c->columns[which] = ARENA_ARRAY(&c->arena, const char *, t->n + 1);
    c->fields[which] = ARENA_ARRAY(&c->arena, const Field *, t->n + 1);
    int n = 0;
    for (int i = 0; i < t->n; i++)
        if (t->fields[i].column) {
            c->fields[which][n] = &t->fields[i];
            c->columns[which][n++] = t->fields[i].column;
        }
    c->columns[which][n++] = "change";
    c->n_columns[which] = n;
}

static void bulks_open(CustomerWriter *c)
{
    Store *st = c->crm->store;
    const Type *person = schema_type(c->crm->schema, STR("person"));
    columns_of(c, 0, c->map->type);
    columns_of(c, 1, person);
    int most = c->n_columns[0] > c->n_columns[1] ? c->n_columns[0] : c->n_columns[1];
    c->values = ARENA_ARRAY(&c->arena, Value, most);
    /* Points, tags and entries refer to customers and people written before them, and to the list;
     * only a hook that uses the database could delete those in between. */
    bool own = !c->set_watched;
    c->bulk[CUSTOMERS] = bulk_open(st, "customer", c->columns[0], c->n_columns[0], false);
    c->bulk[PEOPLE] = bulk_open(st, "person", c->columns[1], c->n_columns[1], false);
    c->bulk[POINTS] = bulk_open(st, "contact", point_columns, POINT_COLUMNS, own);
    c->holds = own && !c->before && !c->after;
    if (c->holds)
        bulk_sort(c->bulk[POINTS], POINT_VALUE, HELD);
    c->bulk[TAGS] = bulk_open(st, "customer_tag", tag_columns, TAG_COLUMNS, own);
    c->bulk[REFUSALS] = bulk_open(st, "consent", refusal_columns, REFUSAL_COLUMNS, own);
    c->bulk[ENTRIES] = bulk_open(st, "entry", entry_columns, ENTRY_COLUMNS, own);
    static const char *const names[TABLES] = { "customer", "person", "contact", "customer_tag",
                                               "consent", "entry" };
    for (int i = 0; i < TABLES; i++)
        c->ids[i].table = names[i];
}

/* What every new customer begins with: the fallbacks of the fields, and what the check of the type
 * adds. */
static bool fresh_make(CustomerWriter *c, int64_t batch, Error *err)
{
    const Type *t = c->map->type;
    Record *r = record_new(t, &c->arena);
    for (int i = 0; i < t->n; i++)
        if (t->fields[i].fallback
            && !field_parse(c->crm, &t->fields[i], str(t->fields[i].fallback), &c->arena, &r->v[i],
                            err))
            return false;
    if (t->check && !t->check(c->crm, NULL, r, &c->arena, err))
        return false;
    r->v[type_field(t, STR("batch"))->index] = value_int(batch);
    c->fresh = r->v;
    c->stage = type_field(t, STR("stage"))->index;
    c->checked_stage = r->v[c->stage];
    c->now = record_new(t, &c->arena);
    return true;
}

CustomerWriter *customer_writer_open(Crm *crm, const ImportMap *m, int64_t rows, int64_t batch,
                                     int64_t list, ImportWarnings *w, Error *err)
{
    CustomerWriter *c = xalloc(sizeof *c);
    *c = (CustomerWriter){
        .crm = crm, .map = m, .warnings = w, .rows_left = rows, .list = list, .tag_slot = -1,
        .refusal_slot = -1
    };
    arena_alloc(&c->row, 1);
    c->empty = arena_mark(&c->row);
    c->change = journal_current(crm->store);
    c->first_new = c->first_held = INT64_MAX;
    c->name_slot = import_person_name(m);
    for (int i = 0; i < m->slots; i++)
        if (m->slot[i].field->kind == KIND_TAGS)
            c->tag_slot = i;
        else if (import_is_refusals(m->slot[i].field))
            c->refusal_slot = i;
    c->source = arena_printf(&c->arena, "import:%" PRId64, batch);
    c->before = crm_watched(crm, "customer.add", HOOK_BEFORE);
    c->after = crm_watched(crm, "customer.add", HOOK_AFTER);
    c->set_watched = crm_watched(crm, "customer.set", HOOK_BEFORE)
                     || crm_watched(crm, "customer.set", HOOK_AFTER);
    for (int i = 0; i < POINT_KINDS; i++)
        c->point_field[i] = type_field(m->type, str(point_kind_names[i]));
    bulks_open(c);
    key_index_init(&c->on_list, 0);
    if (fresh_make(c, batch, err)
        && store_get_int(crm->store, &sql[LAST_ENTRY], &c->entries, err))
        return c;
    customer_writer_close(c);
    return NULL;
}

void customer_writer_close(CustomerWriter *c)
{
    if (!c)
        return;
    for (int i = 0; i < TABLES; i++)
        bulk_close(c->bulk[i]);
    key_index_release(&c->on_list);
    arena_release(&c->arena);
    arena_release(&c->row);
    free(c);
}

/* ---- holding back, writing ------------------------------------------------------------------- */

/* All but the points that wait to be sorted. */
static bool write_most(CustomerWriter *c, Error *err)
{
    c->first_held = INT64_MAX;
    for (int i = 0; i < TABLES; i++)
        if ((i != POINTS || !c->holds) && !bulk_write(c->bulk[i], err))
            return false;
    return true;
}

static bool write_all(CustomerWriter *c, Error *err)
{
    return write_most(c, err) && bulk_write(c->bulk[POINTS], err);
}

bool customer_writer_index(CustomerWriter *c, const char **make, Error *err)
{
    c->index = make;
    c->holds = false;
    bulk_sort(c->bulk[POINTS], -1, 0);
    return write_all(c, err);
}

static bool index_make(CustomerWriter *c, Error *err)
{
    const char *make = c->index ? *c->index : NULL;
    if (make)
        *c->index = NULL;
    return !make || store_index_make(c->crm->store, make, err);
}

/* A hook uses the database: from now on it may have done anything. */
static void doubt(CustomerWriter *c)
{
    for (int i = 0; i < TABLES; i++)
        bulk_doubt(c->bulk[i]);
}

/* A hook looks at the database before a row: what came before must be there. */
static bool due_before(void *ctx, Error *err)
{
    CustomerWriter *c = ctx;
    doubt(c);
    return write_all(c, err) && index_make(c, err);
}

/* The rows before the one at work are written, then that one: it alone can be taken back. */
static bool row_open(CustomerWriter *c, Error *err)
{
    for (int i = 0; i < TABLES; i++)
        if (!bulk_write_first(c->bulk[i], c->mark[i], err))
            return false;
    if (!store_begin(c->crm->store, err))
        return false;
    c->open = true;
    return write_all(c, err);
}

static bool due_after(void *ctx, Error *err)
{
    CustomerWriter *c = ctx;
    doubt(c);
    return (c->open ? write_all(c, err) : row_open(c, err)) && index_make(c, err);
}

static bool put(CustomerWriter *c, Table t, const Value *v, Error *err)
{
    if (c->known && t != ENTRIES)
        return bulk_now(c->bulk[t], v, err);
    bool held = bulk_put(c->bulk[t], v);
    if (!held && !(c->watching && !c->open ? row_open(c, err)
                   : t == POINTS           ? write_all(c, err)
                                           : write_most(c, err)))
        return false;
    if (!held && !bulk_put(c->bulk[t], v))
        panic("an empty chunk takes no row");
    if (t != ENTRIES && c->current < c->first_held)
        c->first_held = c->current;
    return true;
}

static bool take_id(CustomerWriter *c, Table t, int64_t *id, Error *err)
{
    int64_t most = t == CUSTOMERS || t == ENTRIES ? c->rows_left : c->rows_left * 2;
    return id_take(c->crm->store, &c->ids[t], most, id, err);
}

bool customer_writer_settle(CustomerWriter *c, int64_t id, Error *err)
{
    if (id >= c->first_held && !write_most(c, err))
        return false;
    return !c->holds || id < c->first_new
           || bulk_write_of(c->bulk[POINTS], POINT_CUSTOMER, id, err);
}

bool customer_writer_end(CustomerWriter *c, Error *err)
{
    if (!write_all(c, err))
        return false;
    for (int i = 0; i < TABLES; i++)
        if (!id_back(c->crm->store, &c->ids[i], err))
            return false;
    return true;
}

static Value text_or_null(Str s)
{
    return s.s ? value_text(s) : value_null();
}

bool customer_put_point(CustomerWriter *c, int64_t customer, int64_t person, const Point *p,
                      int64_t position, Error *err)
{
    int64_t id;
    if (!take_id(c, POINTS, &id, err))
        return false;
    Value v[POINT_COLUMNS] = {
        value_int(id),
        value_int(customer),
        p->person && person ? value_int(person) : value_null(),
        value_cstr(point_kind_names[p->kind]),
        value_text(p->value),
        text_or_null(p->raw),
        text_or_null(p->label),
        text_or_null(p->ext),
        text_or_null(p->country),
        p->valid < 0 ? value_null() : value_int(p->valid),
        value_int(position),
        value_int(c->change),
    };
    return put(c, POINTS, v, err);
}

static bool put_points(CustomerWriter *c, const ImportRow *row, int64_t customer, int64_t person,
                       Error *err)
{
    int64_t position[2][POINT_KINDS] = { 0 };
    for (int i = 0; i < row->points; i++) {
        const Point *p = &row->point[i];
        bool theirs = p->person && person;
        if (!customer_put_point(c, customer, person, p, ++position[theirs][p->kind], err))
            return false;
    }
    return true;
}

bool customer_put_tag(void *ctx, Str tag, Error *err)
{
    const Tagging *t = ctx;
    int64_t id;
    if (!take_id(t->c, TAGS, &id, err))
        return false;
    Value v[TAG_COLUMNS] = { value_int(id), value_int(t->customer), value_text(tag),
                             value_int(t->c->change) };
    return put(t->c, TAGS, v, err);
}

bool customer_put_refusal(void *ctx, Str channel, Error *err)
{
    const Tagging *t = ctx;
    CustomerWriter *c = t->c;
    int64_t id;
    if (!take_id(c, REFUSALS, &id, err))
        return false;
    Value v[REFUSAL_COLUMNS] = { value_int(id), value_int(t->customer), value_text(channel),
                                 value_cstr("any"), value_int(0), value_int(crm_now(c->crm)),
                                 value_cstr(c->source), value_cstr(crm_user(c->crm)),
                                 value_int(c->change) };
    return put(c, REFUSALS, v, err);
}

bool customer_put_person(CustomerWriter *c, const ImportRow *row, int64_t customer, int64_t *person,
                       Error *err)
{
    *person = 0;
    if (c->name_slot < 0 || row->v[c->name_slot].type != VALUE_TEXT) {
        for (int i = 0; i < c->map->slots; i++)
            if (c->map->slot[i].person && row->v[i].type != VALUE_NULL)
                import_warn(c->warnings, WARN_NAMELESS, row->line,
                            row->v[i].type == VALUE_TEXT ? row->v[i].s : (Str){ 0 });
        return true;
    }
    if (!take_id(c, PEOPLE, person, err))
        return false;
    int n = c->n_columns[1];
    for (int k = 0; k < n; k++) {
        const Field *f = c->fields[1][k];
        c->values[k] = f && strcmp(f->name, "customer") == 0 ? value_int(customer) : value_null();
        for (int i = 0; i < c->map->slots; i++)
            if (f && c->map->slot[i].field == f)
                c->values[k] = row->v[i];
    }
    c->values[0] = value_int(*person);
    c->values[n - 1] = value_int(c->change);
    return put(c, PEOPLE, c->values, err);
}

/* ---- the list -------------------------------------------------------------------------------- */

static uint64_t id_hash(int64_t id)
{
    return (uint64_t)id * 0x9E3779B97F4A7C15u;         /* 2^64 / golden ratio */
}

static bool remembered(const CustomerWriter *c, int64_t id)
{
    return key_index_has(&c->on_list, id_hash(id), id);
}

static bool read_list(CustomerWriter *c, Error *err)
{
    Query *q = NULL;
    int more;
    if (!query_open(c->crm->store, &sql[ON_LIST], &q, err))
        return false;
    query_int(q, 1, c->list);
    while ((more = query_next(q, err)) > 0) {
        int64_t id = query_col_int(q, 0);
        key_index_add(&c->on_list, id_hash(id), id);
    }
    query_close(q);
    return more == 0;
}

static bool look_up(CustomerWriter *c, int64_t id, bool *listed, Error *err)
{
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[IS_LISTED], &q, err))
        return false;
    query_int(q, 1, c->list);
    query_int(q, 2, id);
    int more = query_next(q, err);
    query_close(q);
    *listed = more > 0;
    return more >= 0;
}

/* Customers of before are looked up one by one, until reading the whole list had been cheaper. */
static bool is_listed(CustomerWriter *c, int64_t id, bool *listed, Error *err)
{
    *listed = remembered(c, id);
    if (*listed || c->looked_up > c->entries / LOOK_UP)
        return true;
    if (++c->looked_up <= c->entries / LOOK_UP)
        return look_up(c, id, listed, err);
    if (!read_list(c, err))
        return false;
    *listed = remembered(c, id);
    return true;
}

bool customer_writer_list(CustomerWriter *c, int64_t id, Error *err)
{
    int64_t entry;
    bool listed = false;
    if (!c->list)
        return true;
    if (id < c->first_new) {           /* a new customer comes here once, at its creation */
        if (!is_listed(c, id, &listed, err))
            return false;
        if (!listed)
            key_index_add(&c->on_list, id_hash(id), id);
    }
    if (listed)
        return true;
    if (!take_id(c, ENTRIES, &entry, err))
        return false;
    Value v[ENTRY_COLUMNS] = { value_int(entry), value_int(c->list), value_int(id),
                               value_int(c->change) };
    c->listed++;
    return put(c, ENTRIES, v, err);
}

int64_t customer_writer_listed(const CustomerWriter *c)
{
    return c->listed;
}

/* ---- new customers --------------------------------------------------------------------------- */

/* The row laid over a fresh record; views get their first value, for hooks to read. */
static void record_fill(CustomerWriter *c, const ImportRow *row)
{
    const Type *t = c->map->type;
    memcpy(c->now->v, c->fresh, sizeof *c->fresh * (size_t)t->n);
    for (int i = 0; i < c->map->slots; i++)
        if (!c->map->slot[i].person && row->v[i].type != VALUE_NULL)
            c->now->v[c->map->slot[i].field->index] = row->v[i];
    c->now->v[0] = value_null();
    c->now->id = 0;
    if (!c->before && !c->after)
        return;
    memset(c->now->op, 0, (size_t)t->n);
    for (int i = row->points - 1; i >= 0; i--) {
        const Field *f = c->point_field[row->point[i].kind];
        if (f && !row->point[i].person)
            c->now->v[f->index] = value_text(row->point[i].value);
    }
}

bool customer_row_failed(CustomerWriter *c, const char **reason, Error *err)
{
    const Error *said = &c->said;
    if (said->code == ERR_REFUSED || said->code == ERR_INVALID || said->code == ERR_CONFLICT
        || said->code == ERR_NOT_FOUND || said->code == ERR_FAILED || said->code == ERR_USAGE) {
        snprintf(c->reason, sizeof c->reason, "%s", said->msg);
        *reason = c->reason;
        return true;
    }
    *err = *said;
    return false;
}

static bool required_ok(CustomerWriter *c, Error *err)
{
    const Type *t = c->map->type;
    for (int i = 0; i < t->n; i++)
        if (t->fields[i].flags & FIELD_REQUIRED && c->now->v[i].type == VALUE_NULL)
            return fail(err, ERR_INVALID, "a %s needs a %s", t->name, t->fields[i].name);
    return true;
}

/* The check of the type looks at the stage alone once the fresh record has passed it, and most rows
 * name none. */
static bool check_ok(CustomerWriter *c, Error *err)
{
    const Type *t = c->map->type;
    Value stage = c->now->v[c->stage];
    if (!t->check || value_eq(stage, c->checked_stage))
        return true;
    if (!t->check(c->crm, NULL, c->now, &c->row, err))
        return false;
    c->checked_stage = stage;
    return true;
}

static bool hook(CustomerWriter *c, HookWhen when, Error *err)
{
    Hook h = { .when = when, .event = "customer.add", .type = c->map->type, .now = c->now };
    return crm_hook(c->crm, &h, err);
}

/* The hook, with `due` done first if it looks at the database. */
static bool hook_due(CustomerWriter *c, HookWhen when, StoreDue due, Error *err)
{
    store_set_due(c->crm->store, due, c);
    bool passed = hook(c, when, err);
    store_set_due(c->crm->store, NULL, NULL);
    return passed;
}

static bool put_customer(CustomerWriter *c, const ImportRow *row, int64_t id, Error *err)
{
    int n = c->n_columns[0];
    int64_t person;
    Tagging tagging = { c, id };
    for (int k = 0; k < n - 1; k++)
        c->values[k] = c->now->v[c->fields[0][k]->index];
    c->values[0] = value_int(id);
    c->values[n - 1] = value_int(c->change);
    c->current = id;
    c->known = false;
    return put(c, CUSTOMERS, c->values, err) && customer_put_person(c, row, id, &person, err)
           && put_points(c, row, id, person, err)
           && (c->tag_slot < 0 || row->v[c->tag_slot].type != VALUE_TEXT
               || import_tags_each(row->v[c->tag_slot].s, (Str){ 0 }, customer_put_tag, &tagging,
                                   err))
           && (c->refusal_slot < 0 || row->v[c->refusal_slot].type != VALUE_TEXT
               || import_tags_each(row->v[c->refusal_slot].s, (Str){ 0 }, customer_put_refusal,
                                   &tagging, err));
}

static void take_back(CustomerWriter *c)
{
    if (c->open)
        store_rollback(c->crm->store);
    for (int i = 0; i < TABLES; i++)
        bulk_cut(c->bulk[i], c->open ? 0 : c->mark[i]);
}

/* Somebody watches what was added and may refuse it. The row is written before only when they look
 * at the database. */
static bool put_watched(CustomerWriter *c, const ImportRow *row, int64_t id, const char **reason,
                        Error *err)
{
    for (int i = 0; i < TABLES; i++)
        c->mark[i] = bulk_rows(c->bulk[i]);
    c->watching = true;
    c->open = false;
    bool ok = put_customer(c, row, id, err);
    c->now->id = id;
    c->now->v[0] = value_int(id);
    bool passed = ok && hook_due(c, HOOK_AFTER, due_after, &c->said);
    c->watching = false;
    if (passed)
        return !c->open || (write_all(c, err) && store_commit(c->crm->store, err));
    take_back(c);
    return ok && customer_row_failed(c, reason, err);
}

bool customer_writer_add(CustomerWriter *c, const ImportRow *row, int64_t *id, const char **reason,
                         Error *err)
{
    *reason = NULL;
    arena_rewind(&c->row, c->empty);
    record_fill(c, row);
    if ((c->before && !hook_due(c, HOOK_BEFORE, due_before, &c->said)) || !check_ok(c, &c->said)
        || !required_ok(c, &c->said)) {
        c->rows_left--;
        return customer_row_failed(c, reason, err);
    }
    if (!take_id(c, CUSTOMERS, id, err))
        return false;
    if (*id < c->first_new)
        c->first_new = *id;
    c->rows_left--;
    return c->after ? put_watched(c, row, *id, reason, err) : put_customer(c, row, *id, err);
}

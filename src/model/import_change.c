/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_change.c -- what a row changes of a customer that is known.
 */
#include "model/import_customer_inside.h"
#include "model/record.h"

enum { POINT_SET, SQL_COUNT };
static const Sql sql[] = {
    [POINT_SET] = { "UPDATE contact SET value = ?2, raw = ?3, label = ?4, ext = ?5, country = ?6, "
                    "valid = ?7,"
                    " change = ?8 WHERE id = ?1",
                    SQL_HOT },
};
const SqlTable import_change_sql = { "import_change", sql, SQL_COUNT };

/* Through the record layer, where hooks and checks are. */
static bool set_watched(CustomerWriter *c, const ImportRow *row, int64_t id, const ImportDiff *d,
                        Error *err)
{
    Record *r = record_new(c->map->type, &c->row);
    r->id = id;
    for (int i = 0; i < d->slots; i++)
        if (c->map->slot[d->slot[i]].field->column)
            record_put_value(r, c->map->slot[d->slot[i]].field, row->v[d->slot[i]]);
    return record_set(c->crm, r, NULL, err);
}

static bool set_columns(CustomerWriter *c, const char *table, const int *slot, int n,
                        const ImportRow *row, int64_t id, Error *err)
{
    Query *q = NULL;
    Buf b = { 0 };
    int columns = 0;
    buf_printf(&b, "UPDATE \"%s\" SET ", table);
    for (int i = 0; i < n; i++)
        if (c->map->slot[slot[i]].field->column)
            buf_printf(&b, "\"%s\" = ?%d, ", c->map->slot[slot[i]].field->column, ++columns);
    buf_printf(&b, "change = ?%d WHERE id = ?%d", columns + 1, columns + 2);
    bool ok = columns == 0 || query_text(c->crm->store, buf_as_str(&b), &q, err);
    buf_release(&b);
    if (!ok || columns == 0)
        return ok;
    for (int i = 0, k = 0; i < n; i++)
        if (c->map->slot[slot[i]].field->column)
            query_value(q, ++k, row->v[slot[i]]);
    query_int(q, columns + 1, c->change);
    query_int(q, columns + 2, id);
    ok = query_run(q, err);
    query_close(q);
    return ok;
}

static bool point_replace(CustomerWriter *c, const Point *p, int64_t id, Error *err)
{
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[POINT_SET], &q, err))
        return false;
    query_int(q, 1, id);
    query_str(q, 2, p->value);
    query_str(q, 3, p->raw);
    query_str(q, 4, p->label);
    query_str(q, 5, p->ext);
    query_str(q, 6, p->country);
    query_value(q, 7, p->valid < 0 ? value_null() : value_int(p->valid));
    query_int(q, 8, c->change);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* After those of its kind that the record has, and those of this row before it. */
static bool point_append(CustomerWriter *c, const Stored *s, const ImportDiff *d, int at,
                         int64_t person, Error *err)
{
    const Point *p = d->point[at].point;
    int64_t last = 0;
    for (int i = 0; i < s->row.points; i++) {
        const Point *has = &s->row.point[i];
        if (has->kind == p->kind && has->person == p->person && has->position > last)
            last = has->position;
    }
    for (int i = 0; i <= at; i++)
        last += !d->point[i].replaces && d->point[i].point->kind == p->kind
                && d->point[i].point->person == p->person;
    return customer_put_point(c, s->id, person, p, last, err);
}

static bool change_person(CustomerWriter *c, const ImportRow *row, int64_t customer,
                          const ImportDiff *d, int64_t *person, Error *err)
{
    *person = d->person ? d->person->id : 0;
    if (!d->person_slots)
        return true;
    if (!d->person)
        return customer_put_person(c, row, customer, person, err);
    return set_columns(c, "person", d->person_slot, d->person_slots, row, *person, err);
}

/* Tags and refusals of the row that the customer does not have. */
static bool add_words(CustomerWriter *c, int slot, const ImportRow *row, const Stored *s,
                      Error *err)
{
    Tagging tagging = { c, s->id };
    Value has = s->row.v[slot];
    if (slot != c->tag_slot && slot != c->refusal_slot)
        return true;
    return import_tags_each(row->v[slot].s, has.type == VALUE_TEXT ? has.s : (Str){ 0 },
                            slot == c->tag_slot ? customer_put_tag : customer_put_refusal,
                            &tagging, err);
}

bool customer_writer_change(CustomerWriter *c, const ImportRow *row, const Stored *s,
                            const ImportDiff *d, const char **reason, Error *err)
{
    int64_t person;
    *reason = NULL;
    c->current = s->id;
    c->known = true;
    arena_rewind(&c->row, c->empty);
    if (c->set_watched && !set_watched(c, row, s->id, d, &c->said))
        return customer_row_failed(c, reason, err);
    if ((!c->set_watched && !set_columns(c, "customer", d->slot, d->slots, row, s->id, err))
        || !change_person(c, row, s->id, d, &person, err))
        return false;
    for (int i = 0; i < d->points; i++) {
        const PointDiff *p = &d->point[i];
        if (p->replaces ? !point_replace(c, p->point, p->replaces, err)
                        : !point_append(c, s, d, i, person, err))
            return false;
    }
    for (int i = 0; i < d->slots; i++)
        if (!add_words(c, d->slot[i], row, s, err))
            return false;
    return true;
}

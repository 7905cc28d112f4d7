/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_stored.h"

#include <stdlib.h>

enum { POINTS, SQL_COUNT };
static const Sql sql[] = {
    [POINTS] = { "SELECT id, person, kind, value, position FROM contact WHERE customer = ?1 ORDER "
                 "BY position",
                 SQL_HOT },
};
const SqlTable import_stored_sql = { "import_stored", sql, SQL_COUNT };

struct StoredReader {
    const ImportMap *map;
    Query *values, *points, *people;   /* NULL where the file has nothing of it */
};

static bool values_open(StoredReader *s, Crm *crm, Error *err)
{
    Arena a = { 0 };
    Buf b = { 0 };
    buf_cstr(&b, "SELECT t.id");
    for (int i = 0; i < s->map->slots; i++) {
        const ImportSlot *slot = &s->map->slot[i];
        buf_printf(&b, ", %s",
                   slot->person ? "NULL" : field_sql(crm->schema, slot->field, "t", false, &a));
    }
    buf_printf(&b, " FROM \"%s\" t WHERE t.id = ?1", s->map->type->table);
    bool ok = query_text(crm->store, buf_as_str(&b), &s->values, err);
    buf_release(&b);
    arena_release(&a);
    return ok;
}

static bool people_open(StoredReader *s, Crm *crm, Error *err)
{
    Buf b = { 0 };
    buf_cstr(&b, "SELECT id");
    for (int i = 0; i < s->map->slots; i++)
        if (s->map->slot[i].person)
            buf_printf(&b, ", \"%s\"", s->map->slot[i].field->column);
        else
            buf_cstr(&b, ", NULL");
    buf_cstr(&b, " FROM person WHERE customer = ?1 ORDER BY id");
    bool ok = query_text(crm->store, buf_as_str(&b), &s->people, err);
    buf_release(&b);
    return ok;
}

StoredReader *stored_open(Crm *crm, const ImportMap *m, bool points, Error *err)
{
    StoredReader *s = xalloc(sizeof *s);
    s->map = m;
    if (values_open(s, crm, err)
        && (!points || query_open(crm->store, &sql[POINTS], &s->points, err))
        && (!m->person || people_open(s, crm, err)))
        return s;
    stored_close(s);
    return NULL;
}

void stored_close(StoredReader *s)
{
    if (!s)
        return;
    query_close(s->values);
    query_close(s->points);
    query_close(s->people);
    free(s);
}

static PointKind kind_of(Str name)
{
    for (int k = 0; k < POINT_OTHER; k++)
        if (str_is(name, point_kind_names[k]))
            return (PointKind)k;
    return POINT_OTHER;
}

static bool points_load(StoredReader *s, Stored *r, Arena *a, Error *err)
{
    int room = 0, more;
    query_int(s->points, 1, r->id);
    while ((more = query_next(s->points, err)) > 0) {
        if (r->row.points == room) {
            Point *bigger = ARENA_ARRAY(a, Point, room * 2 + 4);
            if (room)
                memcpy(bigger, r->row.point, sizeof *bigger * (size_t)room);
            r->row.point = bigger;
            room = room * 2 + 4;
        }
        Point *p = &r->row.point[r->row.points++];
        *p = (Point){ .id = query_col_int(s->points, 0),
                      .person = !query_col_is_null(s->points, 1) };
        p->kind = kind_of(query_col_str(s->points, 2));
        p->value = str_dup(query_col_str(s->points, 3), a);
        p->position = query_col_int(s->points, 4);
    }
    query_reset(s->points);
    return more == 0;
}

static bool people_load(StoredReader *s, Stored *r, Arena *a, Error *err)
{
    int room = 0, more;
    query_int(s->people, 1, r->id);
    while ((more = query_next(s->people, err)) > 0) {
        if (r->people == room) {
            StoredPerson *bigger = ARENA_ARRAY(a, StoredPerson, room * 2 + 2);
            if (room)
                memcpy(bigger, r->person, sizeof *bigger * (size_t)room);
            r->person = bigger;
            room = room * 2 + 2;
        }
        StoredPerson *p = &r->person[r->people++];
        *p = (StoredPerson){ .id = query_col_int(s->people, 0),
                             .v = ARENA_ARRAY(a, Value, s->map->slots) };
        for (int i = 0; i < s->map->slots; i++)
            p->v[i] = value_dup(query_col(s->people, i + 1), a);
    }
    query_reset(s->people);
    return more == 0;
}

bool stored_load(StoredReader *s, int64_t id, Arena *a, Stored **out, Error *err)
{
    Stored *r = ARENA_NEW(a, Stored);
    r->id = id;
    r->row.v = ARENA_ARRAY(a, Value, s->map->slots + 1);
    query_int(s->values, 1, id);
    int found = query_next(s->values, err);
    for (int i = 0; found > 0 && i < s->map->slots; i++)
        r->row.v[i] = value_dup(query_col(s->values, i + 1), a);
    query_reset(s->values);
    *out = found > 0 ? r : NULL;
    if (found <= 0)
        return found == 0;
    return (!s->points || points_load(s, r, a, err)) && (!s->people || people_load(s, r, a, err));
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_stored.h"

#include <stdlib.h>

enum { POINTS, SQL_COUNT };
static const Sql sql[] = {
    [POINTS] = { "SELECT customer, id, person, kind, value, position FROM contact"
                 " WHERE customer >= ?1 ORDER BY customer",
                 SQL_HOT },
};
const SqlTable import_stored_sql = { "import_stored", sql, SQL_COUNT };

enum { NEAR = 8 };                     /* records passed over rather than looked up */

/* Records in order of ids: files mostly name them so, and the next row costs a fifth of a look-up.
 */
typedef struct Walk {
    Query *q;                          /* WHERE key >= ?1 ORDER BY key; column 0 is the key */
    int64_t at;                        /* key of the row that was read and not used; 0: none */
    int64_t changes;                   /* store_changes then */
} Walk;

struct StoredReader {
    Crm *crm;
    const ImportMap *map;
    Walk values, points;
    Query *people;                     /* all NULL where the file has nothing of it */
};

static int walk_on(Walk *w, Crm *crm, Error *err)
{
    int more = query_next(w->q, err);
    w->at = more > 0 ? query_col_int(w->q, 0) : 0;
    w->changes = store_changes(crm->store);
    return more;
}

/* 1: the next row has that key; 0: there is none. */
static int walk_to(Walk *w, Crm *crm, int64_t key, Error *err)
{
    int more = 1;
    bool ahead = w->at && w->at <= key && key - w->at <= NEAR;
    if (!ahead || w->changes != store_changes(crm->store)) {
        query_reset(w->q);
        query_int(w->q, 1, key);
        more = walk_on(w, crm, err);
    }
    while (more > 0 && w->at < key)
        more = walk_on(w, crm, err);
    return more < 0 ? more : more > 0 && w->at == key;
}

static void walk_end(Walk *w)
{
    if (w->q)
        query_reset(w->q);
    w->at = 0;
}

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
    buf_printf(&b, " FROM \"%s\" t WHERE t.id >= ?1 ORDER BY t.id", s->map->type->table);
    bool ok = query_text(crm->store, buf_as_str(&b), &s->values.q, err);
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
    s->crm = crm;
    s->map = m;
    if (values_open(s, crm, err)
        && (!points || query_open(crm->store, &sql[POINTS], &s->points.q, err))
        && (!m->person || people_open(s, crm, err)))
        return s;
    stored_close(s);
    return NULL;
}

void stored_close(StoredReader *s)
{
    if (!s)
        return;
    query_close(s->values.q);
    query_close(s->points.q);
    query_close(s->people);
    free(s);
}

void stored_rest(StoredReader *s)
{
    walk_end(&s->values);
    walk_end(&s->points);
}

static PointKind kind_of(Str name)
{
    for (int k = 0; k < POINT_OTHER; k++)
        if (str_is(name, point_kind_names[k]))
            return (PointKind)k;
    return POINT_OTHER;
}

static int by_position(const void *x, const void *y)
{
    const Point *a = x, *b = y;
    if (a->position != b->position)
        return a->position < b->position ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}

static bool points_load(StoredReader *s, Stored *r, Arena *a, Error *err)
{
    Query *q = s->points.q;
    int room = 0, more = walk_to(&s->points, s->crm, r->id, err);
    for (; more > 0 && s->points.at == r->id; more = walk_on(&s->points, s->crm, err)) {
        if (r->row.points == room) {
            Point *bigger = ARENA_ARRAY(a, Point, room * 2 + 4);
            if (room)
                memcpy(bigger, r->row.point, sizeof *bigger * (size_t)room);
            r->row.point = bigger;
            room = room * 2 + 4;
        }
        Point *p = &r->row.point[r->row.points++];
        *p = (Point){ .id = query_col_int(q, 1), .person = !query_col_is_null(q, 2) };
        p->kind = kind_of(query_col_str(q, 3));
        p->value = str_dup(query_col_str(q, 4), a);
        p->position = query_col_int(q, 5);
    }
    if (r->row.points > 1)
        qsort(r->row.point, (size_t)r->row.points, sizeof *r->row.point, by_position);
    return more >= 0;
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
    int found = walk_to(&s->values, s->crm, id, err);
    for (int i = 0; found > 0 && i < s->map->slots; i++)
        r->row.v[i] = value_dup(query_col(s->values.q, i + 1), a);
    *out = found > 0 ? r : NULL;
    bool ok = found > 0 ? (!s->points.q || points_load(s, r, a, err))
                              && (!s->people || people_load(s, r, a, err))
                        : found == 0;
    if (s->crm->hook)                  /* which may do anything to the tables meanwhile */
        stored_rest(s);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/export.h"

#include <inttypes.h>
#include <stdlib.h>

#include "model/select.h"

enum { PLACES_MAX = 64, WIDE = 8, REFS = 256, POINT_COLUMNS = 4 };

enum {
    POINTS_ALL,
    POINTS_ONE,
    PLACES,
    PLACES_EXACT,
    TAGS_ALL,
    TAGS_ONE,
    TAGS_ANY,
    SQL_COUNT
};
#define POINT_FIELDS "SELECT customer, kind, value, ext, position FROM contact"
static const Sql sql[] = {
    [POINTS_ALL] = { POINT_FIELDS " WHERE +person IS NULL ORDER BY customer", 0 },
    [POINTS_ONE] = { POINT_FIELDS " WHERE customer = ?1 AND +person IS NULL", SQL_HOT },
    [PLACES] = { "SELECT max(position) FROM contact INDEXED BY contact_further WHERE kind = ?1"
                 " AND position > 1 AND person IS NULL",
                 SQL_HOT },
    [PLACES_EXACT] = { "SELECT max(p), max(f), max(e), max(w) FROM (SELECT sum(kind = 'phone') AS "
                       "p,"
                       " sum(kind = 'fax') AS f, sum(kind = 'email') AS e, sum(kind = 'web') AS w"
                       " FROM contact WHERE +person IS NULL GROUP BY customer)",
                       0 },
    [TAGS_ALL] = { "SELECT customer, tag FROM customer_tag ORDER BY customer, tag", 0 },
    [TAGS_ONE] = { "SELECT customer, tag FROM customer_tag WHERE customer = ?1 ORDER BY tag",
                   SQL_HOT },
    [TAGS_ANY] = { "SELECT count(*) FROM (SELECT 1 FROM customer_tag LIMIT 1)", 0 },
};
const SqlTable export_sql = { "export", sql, SQL_COUNT };

/* Rows of another table that belong to customers: read side by side when all are exported, else one
 * by one. */
typedef struct Beside { Query *q; bool each, ahead; } Beside;

/* A kind's first column, and how many it has. */
typedef struct Place { Str kind; int column, n, used; } Place;

/* A contact point of the row to come. */
typedef struct Found { Place *place; int64_t position; Str value; } Found;

/* Handles of the records that a column refers to, the last ones seen. */
typedef struct Refs { const Sql *sql; int64_t id[REFS]; Value handle[REFS]; } Refs;

struct Export {
    Crm *crm;
    Arena *arena;
    Query *main;
    Beside points, tags;
    ExportColumn *column;
    Value *row;
    Refs **refs;                       /* by column; NULL where the value is shown as it is */
    int n, n_query, tag_column;        /* columns; those of the query come first */
    Place place[POINT_COLUMNS];
    int places;
    Arena scratch;                     /* of one row */
    ArenaMark empty;
    Buf tag_text;
};

/* ---- columns --------------------------------------------------------------------------------- */

static bool is_point(const Type *t, const Field *f)
{
    return strcmp(t->name, "customer") == 0 && f->write && f->kind != KIND_TAGS;
}

static bool is_wanted(const Type *t, const Field *f)
{
    if (f->flags & FIELD_HIDDEN || f->index == 0)
        return false;
    return t->verbs & TYPE_NO_IMPORT ? true : !(f->flags & FIELD_READONLY) && (!f->sql || f->write);
}

static void add_column(Export *x, const char *name, Kind kind)
{
    x->column[x->n++] = (ExportColumn){ name, kind };
}

static const char *const point_kinds[POINT_COLUMNS] = { "phone", "fax", "email", "web" };

static void widen(int *most, int64_t places, bool *wide)
{
    *wide |= places > WIDE;
    if (places > *most)
        *most = (int)(places < PLACES_MAX ? places : PLACES_MAX);
}

/* How many columns each kind needs, by the positions. */
static bool places_read(Export *x, int most[static POINT_COLUMNS], bool *wide, Error *err)
{
    Query *q = NULL;
    bool ok = query_open(x->crm->store, &sql[PLACES], &q, err);
    for (int i = 0; ok && i < POINT_COLUMNS; i++) {
        query_cstr(q, 1, point_kinds[i]);
        ok = query_one(q, err);
        if (ok)
            widen(&most[i], query_col_int(q, 0), wide);
        query_reset(q);
    }
    query_close(q);
    return ok;
}

/* A position may be anything: when one is high, count. */
static bool places_count(Export *x, int most[static POINT_COLUMNS], Error *err)
{
    Query *q = NULL;
    bool wide;
    if (!query_open(x->crm->store, &sql[PLACES_EXACT], &q, err))
        return false;
    bool ok = query_one(q, err);
    for (int i = 0; ok && i < POINT_COLUMNS; i++) {
        most[i] = 0;
        widen(&most[i], query_col_int(q, i), &wide);
    }
    query_close(q);
    return ok;
}

static bool point_columns(Export *x, Error *err)
{
    static const Kind shown[] = { KIND_PHONE, KIND_PHONE, KIND_EMAIL, KIND_TEXT };
    int most[POINT_COLUMNS] = { 0 };
    bool wide = false;
    if (!places_read(x, most, &wide, err) || (wide && !places_count(x, most, err)))
        return false;
    for (int i = 0; i < POINT_COLUMNS; i++) {
        int n = most[i] ? most[i] : 1;
        x->place[x->places++] = (Place){ str(point_kinds[i]), x->n, n, 0 };
        for (int k = 0; k < n; k++)
            add_column(x,
                       k ? arena_printf(x->arena, "%s%d", point_kinds[i], k + 1) : point_kinds[i],
                       shown[i]);
    }
    return true;
}

/* A reference shown by its handle is looked up here: a million rows refer to five stages. */
static void ref_column(Export *x, const Field *f)
{
    const Type *ref = f->kind == KIND_REF ? schema_type(x->crm->schema, str(f->ref)) : NULL;
    if (!ref || !ref->handle)
        return;
    Refs *r = ARENA_NEW(x->arena, Refs);
    Sql *one = ARENA_NEW(x->arena, Sql);
    one->text = arena_printf(x->arena, "SELECT \"%s\" FROM \"%s\" WHERE id = ?1",
                             type_field(ref, str(ref->handle))->column, ref->table);
    r->sql = one;
    x->refs[x->n] = r;
}

static bool columns_make(Export *x, const Type *t, Select *s, Error *err)
{
    const Field **fields = ARENA_ARRAY(x->arena, const Field *, t->n);
    bool tags = false;
    x->column = ARENA_ARRAY(x->arena, ExportColumn, t->n + POINT_COLUMNS * PLACES_MAX);
    x->refs = ARENA_ARRAY(x->arena, Refs *, t->n + POINT_COLUMNS * PLACES_MAX);
    x->tag_column = -1;
    add_column(x, "id", KIND_INT);
    for (int i = 1; i < t->n; i++) {
        const Field *f = &t->fields[i];
        bool beside = is_point(t, f) || (f->kind == KIND_TAGS && strcmp(t->name, "customer") == 0);
        tags |= f->kind == KIND_TAGS && beside;
        if (!is_wanted(t, f) || beside)
            continue;
        ref_column(x, f);
        fields[s->n++] = f;
        add_column(x, f->name, x->refs[x->n] ? KIND_TEXT : field_shown_kind(x->crm->schema, f));
    }
    s->fields = fields;
    x->n_query = x->n;
    if (strcmp(t->name, "customer") == 0 && !point_columns(x, err))
        return false;
    if (tags) {
        x->tag_column = x->n;
        add_column(x, "tag", KIND_TAGS);
    }
    x->row = ARENA_ARRAY(x->arena, Value, x->n);
    return true;
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool beside_open(Export *x, Beside *b, bool each, int all, int one, Error *err)
{
    b->each = each;
    return query_open(x->crm->store, &sql[each ? one : all], &b->q, err);
}

static Filter with_list(const Filter *filter, int64_t list, Arena *a)
{
    Filter f = filter && filter->sql ? *filter : (Filter){ .sql = "1" };
    if (!list)
        return f;
    const char *on =
        arena_printf(a, "t.id IN (SELECT customer FROM entry WHERE list = %" PRId64 ")", list);
    f.sql = arena_printf(a, "(%s) AND %s", f.sql, on);
    return f;
}

bool export_open(Crm *crm, const Type *t, const Filter *filter, int64_t list, Arena *a,
                 Export **out, Error *err)
{
    Export *x = ARENA_NEW(a, Export);
    Select s = { .type = t, .stored = true };
    bool some = list || (filter && filter->sql && strcmp(filter->sql, "1") != 0);
    bool customers = strcmp(t->name, "customer") == 0;
    int64_t tagged = 0;
    x->crm = crm;
    x->arena = a;
    arena_alloc(&x->scratch, 1);
    x->empty = arena_mark(&x->scratch);
    s.filter = with_list(filter, list, a);
    *out = x;
    if (columns_make(x, t, &s, err) && select_open(crm, &s, a, &x->main, err)
        && (!customers
            || (beside_open(x, &x->points, some, POINTS_ALL, POINTS_ONE, err)
                && store_get_int(crm->store, &sql[TAGS_ANY], &tagged, err)
                && (!tagged || beside_open(x, &x->tags, some, TAGS_ALL, TAGS_ONE, err)))))
        return true;
    export_close(x);
    return false;
}

void export_close(Export *x)
{
    if (!x)
        return;
    query_close(x->main);
    query_close(x->points.q);
    query_close(x->tags.q);
    buf_release(&x->tag_text);
    arena_release(&x->scratch);
}

int export_columns(const Export *x, const ExportColumn **columns)
{
    *columns = x->column;
    return x->n;
}

/* ---- rows ------------------------------------------------------------------------------------ */

/* The next row beside that belongs to the customer: 1; 0 there is none; -1. */
static int beside_next(Beside *b, int64_t customer, Error *err)
{
    for (;;) {
        if (!b->ahead) {
            int more = query_next(b->q, err);
            if (more <= 0)
                return more;
            b->ahead = true;
        }
        int64_t whose = query_col_int(b->q, 0);
        if (whose > customer)
            return 0;
        b->ahead = false;
        if (whose == customer)
            return 1;
    }
}

static void beside_begin(Beside *b, int64_t customer)
{
    if (!b->each)
        return;
    query_reset(b->q);
    query_int(b->q, 1, customer);
    b->ahead = false;
}

static Place *place_of(Export *x, Str kind)
{
    for (int i = 0; i < x->places; i++)
        if (str_eq(kind, x->place[i].kind))
            return &x->place[i];
    return NULL;
}

/* In the order of their positions; of more than there is room for, the last are left out. */
static void point_insert(Found *found, int *n, Found one)
{
    int at = *n;
    while (at > 0 && found[at - 1].position > one.position)
        at--;
    if (at == PLACES_MAX)
        return;
    *n += *n < PLACES_MAX;
    memmove(&found[at + 1], &found[at], sizeof *found * (size_t)(*n - at - 1));
    found[at] = one;
}

static Str point_text(Export *x, const Query *q)
{
    Str value = query_col_str(q, 2);
    if (query_col_is_null(q, 3))
        return str_dup(value, &x->scratch);
    return str(
        arena_printf(&x->scratch, "%.*s ext %.*s", STR_ARG(value), STR_ARG(query_col_str(q, 3))));
}

/* Two may claim one position: what has no column of its own joins the last one of its kind, where
 * import finds it. */
static void point_put(Export *x, const Found *f)
{
    Place *p = f->place;
    if (p->used < p->n) {
        x->row[p->column + p->used++] = value_text(f->value);
        return;
    }
    Value *last = &x->row[p->column + p->n - 1];
    *last = value_cstr(arena_printf(&x->scratch, "%.*s, %.*s", STR_ARG(last->s),
                                    STR_ARG(f->value)));
}

static bool points_fill(Export *x, int64_t customer, Error *err)
{
    const Query *q = x->points.q;
    Found found[PLACES_MAX];
    int n = 0, more;
    beside_begin(&x->points, customer);
    while ((more = beside_next(&x->points, customer, err)) > 0) {
        Place *place = place_of(x, query_col_str(q, 1));
        if (place)
            point_insert(found, &n, (Found){ place, query_col_int(q, 4), point_text(x, q) });
    }
    for (int i = 0; i < x->places; i++)
        x->place[i].used = 0;
    for (int i = 0; i < n; i++)
        point_put(x, &found[i]);
    return more == 0;
}

static bool tags_fill(Export *x, int64_t customer, Error *err)
{
    int more;
    buf_reset(&x->tag_text);
    beside_begin(&x->tags, customer);
    while ((more = beside_next(&x->tags, customer, err)) > 0) {
        if (x->tag_text.n)
            buf_char(&x->tag_text, ',');
        buf_str(&x->tag_text, query_col_str(x->tags.q, 1));
    }
    if (x->tag_text.n)
        x->row[x->tag_column] = value_text(buf_as_str(&x->tag_text));
    return more == 0;
}

static bool handle_of(Export *x, Refs *r, int64_t id, Value *out, Error *err)
{
    int at = (int)((uint64_t)id % REFS);
    if (r->id[at] != id || id == 0) {
        Query *q = NULL;
        if (!query_open(x->crm->store, r->sql, &q, err))
            return false;
        query_int(q, 1, id);
        int found = query_next(q, err);
        r->handle[at] = found > 0 ? value_dup(query_col(q, 0), x->arena) : value_null();
        r->id[at] = id;
        query_close(q);
        if (found < 0)
            return false;
    }
    *out = r->handle[at];
    return true;
}

int export_next(Export *x, const Value **row, Error *err)
{
    int more = query_next(x->main, err);
    if (more <= 0)
        return more;
    arena_rewind(&x->scratch, x->empty);
    query_row(x->main, x->row, x->n_query);
    for (int i = 0; i < x->n_query; i++)
        if (x->refs[i] && x->row[i].type == VALUE_INT
            && !handle_of(x, x->refs[i], x->row[i].i, &x->row[i], err))
            return -1;
    for (int i = x->n_query; i < x->n; i++)
        x->row[i] = value_null();
    int64_t id = x->row[0].i;
    if ((x->points.q && !points_fill(x, id, err)) || (x->tags.q && !tags_fill(x, id, err)))
        return -1;
    *row = x->row;
    return 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_match.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "model/import_stored.h"

enum {
    CANDIDATES = 16, /* more records with one key are several anyway */
    PROBE_SHARE = 5, /* fewer keys in the file than a fifth of the base: look each up */
    ASKED = 1 << 17, /* keys that are looked up together */
    LOAD_SHARE = 4, /* a key put into an index at random costs four of one that is made anew */
    LOAD_LEAST = 1000,
};

enum { POINT_OWNERS, LAST_POINT, ALL_POINTS, SQL_COUNT };
static const Sql sql[] = {
    [POINT_OWNERS] = { "SELECT customer FROM contact WHERE value = ?1 AND kind = ?2", SQL_HOT },
    [LAST_POINT] = { "SELECT max(id) FROM contact", 0 },
    [ALL_POINTS] = { "SELECT customer, kind, value FROM contact", 0 },
};
const SqlTable import_match_sql = { "import_match", sql, SQL_COUNT };

struct Matcher {
    Crm *crm;
    const ImportMap *map;
    const ImportKeys *keys;
    StoredReader *stored;
    KeyIndex index;
    int64_t base_last, base_points, file_keys;
    Buf text;
    Arena arena;                       /* of one find */
    ArenaMark empty;
    bool (*settle)(void *ctx, int64_t id, Error *err);
    void *ctx;
    int64_t candidate[CANDIDATES];
    int candidates;
    char reason[300];
};

/* ---- the keys of the base -------------------------------------------------------------------- */

typedef struct Adding { Matcher *x; int64_t id; } Adding;

static bool add_key(void *ctx, uint64_t hash, Str key)
{
    const Adding *a = ctx;
    (void)key;
    if (!key_index_has(&a->x->index, hash, a->id))
        key_index_add(&a->x->index, hash, a->id);
    return true;
}

static const KeyPart *point_part(const KeyAlternative *alt)
{
    for (int i = 0; i < alt->n; i++)
        if (alt->part[i].kind == KEY_POINT)
            return &alt->part[i];
    return NULL;
}

static bool is_point(const KeyAlternative *alt)
{
    return alt->n == 1 && alt->part[0].kind == KEY_POINT;
}

/* All alternatives that are a contact point alone, in one pass. */
static bool load_points(Matcher *x, Error *err)
{
    Query *q = NULL;
    Point point = { 0 };
    ImportRow row = { .point = &point, .points = 1 };
    Adding adding = { .x = x };
    int more = -1;
    if (!query_open(x->crm->store, &sql[ALL_POINTS], &q, err))
        return false;
    while ((more = query_next(q, err)) > 0) {
        Str kind = query_col_str(q, 1);
        adding.id = query_col_int(q, 0);
        for (int i = 0; i < x->keys->n; i++) {
            const KeyAlternative *alt = &x->keys->alt[i];
            if (!is_point(alt) || !str_is(kind, point_kind_names[alt->part[0].point]))
                continue;
            point = (Point){ .kind = alt->part[0].point, .value = query_col_str(q, 2) };
            import_key_each(alt, &row, &x->text, add_key, &adding);
        }
    }
    query_close(q);
    return more == 0;
}

/* SELECT id, the values of the parts, and one contact point of the kind that is part of the key. */
static void load_sql(const Matcher *x, const KeyAlternative *alt, Buf *b)
{
    const KeyPart *point = point_part(alt);
    Arena a = { 0 };
    buf_cstr(b, "SELECT t.id");
    for (int i = 0; i < alt->n; i++)
        if (alt->part[i].kind == KEY_SLOT)
            buf_printf(
                b, ", %s",
                field_sql(x->crm->schema, x->map->slot[alt->part[i].slot].field, "t", false, &a));
        else
            buf_cstr(b, ", c.value");
    buf_printf(b, " FROM \"%s\" t%s", x->map->type->table,
               point ? " JOIN contact c ON c.customer = t.id" : "");
    if (point)
        buf_printf(b, " WHERE c.kind = '%s'", point_kind_names[point->point]);
    arena_release(&a);
}

static bool load_keys(Matcher *x, const KeyAlternative *alt, Error *err)
{
    Query *q = NULL;
    Buf b = { 0 };
    Point point = { 0 };
    Value *v = xalloc(sizeof *v * (size_t)(x->map->slots + 1));
    ImportRow row = { .v = v, .point = &point, .points = point_part(alt) != NULL };
    Adding adding = { .x = x };
    int more = -1;
    load_sql(x, alt, &b);
    if (query_text(x->crm->store, buf_as_str(&b), &q, err))
        while ((more = query_next(q, err)) > 0) {
            adding.id = query_col_int(q, 0);
            for (int i = 0; i < alt->n; i++)
                if (alt->part[i].kind == KEY_SLOT)
                    v[alt->part[i].slot] = query_col(q, i + 1);
                else
                    point = (Point){ .kind = alt->part[i].point, .value = query_col_str(q, i + 1) };
            import_key_each(alt, &row, &x->text, add_key, &adding);
        }
    query_close(q);
    buf_release(&b);
    free(v);
    return more == 0;
}

/* ---- those of them that the file names ------------------------------------------------------- */

typedef struct Asked { Str key; uint64_t hash; } Asked;    /* key: as import_key_each gives it */
typedef struct Asking {
    Matcher *x;
    Asked *asked;                      /* ASKED of them */
    int n;
    Arena arena;                       /* of their keys */
    Query *owners;
    Error *err;
} Asking;

static int by_key(const void *a, const void *b)
{
    return str_order(((const Asked *)a)->key, ((const Asked *)b)->key);
}

/* A key of a point alone is a letter for the kind, the value, and a byte that ends it. */
static bool look_up(Asking *k, const Asked *a)
{
    int more;
    Adding adding = { .x = k->x };
    query_str(k->owners, 1, str_n(a->key.s + 1, a->key.n - 2));
    query_cstr(k->owners, 2, point_kind_names[a->key.s[0] - 'a']);
    while ((more = query_next(k->owners, k->err)) > 0) {
        adding.id = query_col_int(k->owners, 0);
        add_key(&adding, a->hash, a->key);
    }
    query_reset(k->owners);
    return more == 0;
}

/* In the order of the index: each page of it is read once. */
static bool look_up_all(Asking *k)
{
    bool ok = true;
    qsort(k->asked, (size_t)k->n, sizeof *k->asked, by_key);
    for (int i = 0; ok && i < k->n; i++)
        ok = (i > 0 && str_eq(k->asked[i].key, k->asked[i - 1].key)) || look_up(k, &k->asked[i]);
    k->n = 0;
    arena_release(&k->arena);
    return ok;
}

static bool ask(void *ctx, uint64_t hash, Str key)
{
    Asking *k = ctx;
    if (k->n == ASKED && !look_up_all(k))
        return false;
    k->asked[k->n++] = (Asked){ str_dup(key, &k->arena), hash };
    return true;
}

static bool ask_row(Asking *k, const ImportRow *row)
{
    const ImportKeys *keys = k->x->keys;
    bool ok = true;
    for (int i = 0; ok && !row->reason.s && i < keys->n; i++)
        if (is_point(&keys->alt[i]))
            ok = import_key_each(&keys->alt[i], row, &k->x->text, ask, k);
    return ok;
}

static bool load_asked(Matcher *x, RowFile *file, Error *err)
{
    Asking k = { .x = x, .asked = xalloc(sizeof *k.asked * ASKED), .err = err };
    ImportRow row;
    int more = -1;
    bool ok = query_open(x->crm->store, &sql[POINT_OWNERS], &k.owners, err);
    while (ok && (more = row_file_next(file, &row, err)) > 0)
        ok = ask_row(&k, &row);
    ok = ok && more == 0 && look_up_all(&k);
    query_close(k.owners);
    arena_release(&k.arena);
    free(k.asked);
    return ok && row_file_rewind(file, err);
}

/* ---- opening --------------------------------------------------------------------------------- */

static bool base_load(Matcher *x, RowFile *file, int64_t file_keys, Error *err)
{
    int64_t points = 0;
    bool need_points = false;
    for (int i = 0; i < x->keys->n; i++)
        need_points |= is_point(&x->keys->alt[i]);
    if (x->map->customers && !store_get_int(x->crm->store, &sql[LAST_POINT], &points, err))
        return false;
    bool probe = file_keys * PROBE_SHARE < points;
    x->base_points = points;
    x->file_keys = file_keys;
    key_index_init(&x->index, file_keys + (probe ? 0 : points));
    if (need_points && points && !(probe ? load_asked(x, file, err) : load_points(x, err)))
        return false;
    for (int i = 0; i < x->keys->n; i++) {
        const KeyAlternative *alt = &x->keys->alt[i];
        if (x->base_last && alt->part[0].kind != KEY_ID && !is_point(alt)
            && !load_keys(x, alt, err))
            return false;
    }
    return true;
}

static bool find_base_last(Matcher *x, Error *err)
{
    Query *q = NULL;
    Buf b = { 0 };
    buf_printf(&b, "SELECT max(id) FROM \"%s\"", x->map->type->table);
    bool ok = query_text(x->crm->store, buf_as_str(&b), &q, err) && query_one(q, err);
    x->base_last = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    buf_release(&b);
    return ok;
}

Matcher *matcher_open(Crm *crm, const ImportMap *m, const ImportKeys *k, RowFile *file,
                      int64_t file_keys, bool (*settle)(void *ctx, int64_t id, Error *err),
                      void *ctx, Error *err)
{
    Matcher *x = xalloc(sizeof *x);
    *x = (Matcher){ .crm = crm, .map = m, .keys = k, .settle = settle, .ctx = ctx };
    arena_alloc(&x->arena, 1);
    x->empty = arena_mark(&x->arena);
    bool points = false;
    for (int i = 0; i < m->columns; i++)
        points |= m->route[i].kind == ROUTE_POINT;
    x->stored = stored_open(crm, m, points, err);
    if (x->stored && find_base_last(x, err) && base_load(x, file, file_keys, err))
        return x;
    matcher_close(x);
    return NULL;
}

void matcher_close(Matcher *x)
{
    if (!x)
        return;
    stored_close(x->stored);
    key_index_release(&x->index);
    buf_release(&x->text);
    arena_release(&x->arena);
    free(x);
}

int64_t matcher_base_last(const Matcher *x)
{
    return x->base_last;
}

bool matcher_is_load(const Matcher *x, double share)
{
    double keys = (double)x->file_keys * share;
    return keys >= LOAD_LEAST && keys * LOAD_SHARE > (double)x->base_points;
}

void matcher_rest(Matcher *x)
{
    stored_rest(x->stored);
}

void matcher_forget(Matcher *x)
{
    key_index_release(&x->index);
    stored_rest(x->stored);
}

/* ---- candidates ------------------------------------------------------------------------------ */

static void propose(Matcher *x, int64_t id)
{
    for (int i = 0; i < x->candidates; i++)
        if (x->candidate[i] == id)
            return;
    if (x->candidates < CANDIDATES)
        x->candidate[x->candidates++] = id;
}

static bool propose_hash(void *ctx, uint64_t hash, Str key)
{
    Matcher *x = ctx;
    size_t at = 0;
    (void)key;
    for (int64_t id; (id = key_index_next(&x->index, hash, &at)) != 0;)
        propose(x, id);
    return true;
}

static void candidates_find(Matcher *x, const KeyAlternative *alt, const ImportRow *row)
{
    x->candidates = 0;
    if (alt->part[0].kind == KEY_ID) {
        Value v = row->v[alt->part[0].slot];
        if (v.type == VALUE_INT && v.i > 0 && v.i <= x->base_last)
            propose(x, v.i);
        return;
    }
    import_key_each(alt, row, &x->text, propose_hash, x);
}

/* ---- proof ----------------------------------------------------------------------------------- */

typedef struct Wanted { Matcher *x; Str key[IMPORT_POINTS_MAX]; int n; bool found; } Wanted;

static bool want_key(void *ctx, uint64_t hash, Str key)
{
    Wanted *w = ctx;
    (void)hash;
    if (w->n < IMPORT_POINTS_MAX)
        w->key[w->n++] = str_dup(key, &w->x->arena);
    return true;
}

static bool same_key(void *ctx, uint64_t hash, Str key)
{
    Wanted *w = ctx;
    (void)hash;
    for (int i = 0; i < w->n; i++)
        w->found |= str_eq(w->key[i], key);
    return !w->found;
}

/* The records that have one of the row's keys in this alternative. */
static bool prove(Matcher *x, const KeyAlternative *alt, const ImportRow *row, Stored **proven,
                  int *n, Error *err)
{
    Wanted w = { .x = x };
    *n = 0;
    candidates_find(x, alt, row);
    if (x->candidates)
        import_key_each(alt, row, &x->text, want_key, &w);
    for (int i = 0; i < x->candidates; i++) {
        Stored *s = NULL;
        if (!x->settle(x->ctx, x->candidate[i], err)
            || !stored_load(x->stored, x->candidate[i], &x->arena, &s, err))
            return false;
        w.found = s && alt->part[0].kind == KEY_ID;
        if (s && !w.found)
            import_key_each(alt, &s->row, &x->text, same_key, &w);
        if (w.found)
            proven[(*n)++] = s;
    }
    return true;
}

static const char *several(Matcher *x, Stored *const *proven, int n)
{
    int used = snprintf(x->reason, sizeof x->reason, "is %d records by its key:", n);
    for (int i = 0; i < n && used < (int)sizeof x->reason - 24; i++)
        used +=
            snprintf(x->reason + used, sizeof x->reason - (size_t)used, " %" PRId64, proven[i]->id);
    return x->reason;
}

bool matcher_find(Matcher *x, const ImportRow *row, const Stored **out, const char **reason,
                  Error *err)
{
    Stored *proven[CANDIDATES], *match = NULL;
    int n = 0;
    *out = NULL;
    *reason = NULL;
    arena_rewind(&x->arena, x->empty);
    for (int i = 0; i < x->keys->n && !*reason; i++) {
        const KeyAlternative *alt = &x->keys->alt[i];
        if (match && !alt->unique)
            continue;
        if (!prove(x, alt, row, proven, &n, err))
            return false;
        if (!alt->unique && n > 1)
            *reason = several(x, proven, n);
        else if (!alt->unique && n == 1)
            match = proven[0];
        for (int k = 0; k < n && alt->unique && !*reason; k++)
            if (!match || proven[k]->id != match->id) {
                snprintf(x->reason, sizeof x->reason, "%s is taken by %s %" PRId64,
                         x->map->slot[alt->part[0].slot].name, x->map->type->name, proven[k]->id);
                *reason = x->reason;
            }
    }
    *out = match;
    return true;
}

void matcher_add(Matcher *x, const ImportRow *row, int64_t id)
{
    Adding adding = { .x = x, .id = id };
    for (int i = 0; i < x->keys->n; i++)
        if (x->keys->alt[i].part[0].kind != KEY_ID)
            import_key_each(&x->keys->alt[i], row, &x->text, add_key, &adding);
}

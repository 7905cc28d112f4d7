/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_mapping.h"

#include "model/record.h"

enum { LAST_BATCH, OF_REJECTS, SQL_COUNT };
static const Sql sql[] = {
    [LAST_BATCH] = { "SELECT type, map, key FROM batch ORDER BY id DESC LIMIT 1", 0 },
    [OF_REJECTS] = { "SELECT id, map, key, region, date_order FROM batch"
                     " WHERE type = ?2 AND (rejects = ?1"
                     " OR substr(rejects, -length(?1) - 1) = '/' || ?1) ORDER BY id DESC LIMIT 1",
                     0 },
};
const SqlTable import_mapping_sql = { "import_mapping", sql, SQL_COUNT };

/* A header may go over several lines; a blank says the same. */
static void put_line(Buf *out, Str header, const char *field)
{
    if (out->n)
        buf_char(out, '\n');
    for (size_t i = 0; i < header.n; i++)
        buf_char(out, header.s[i] == '\n' || header.s[i] == '\r' ? ' ' : header.s[i]);
    buf_printf(out, "=%s", field);
}

static void put_map(Buf *out, const char *line)
{
    const char *equals = strrchr(line, '=');
    put_line(out, str_n(line, (size_t)(equals - line)), equals + 1);
}

void import_mapping_put(const ImportMap *m, const ImportOptions *o, Buf *out)
{
    for (int i = 0; i < o->maps; i++)
        put_map(out, o->map[i]);
    for (int i = 0; i < o->saveds; i++)
        put_map(out, o->saved[i]);
    for (int i = 0; i < m->columns; i++) {
        const Route *r = &m->route[i];
        if (r->created)
            put_line(out, r->header, r->created->name);
        else if (r->kind == ROUTE_UNUSED && strcmp(r->why, "--ignore-unknown") == 0)
            put_line(out, r->header, "");
    }
}

const char *import_mapping_order(const ImportMap *m, const ImportOptions *o)
{
    DayOrder found = DAY_ORDER_UNKNOWN;
    if (o->date_order)
        return o->date_order;
    for (int i = 0; i < m->columns; i++) {
        DayOrder own = m->route[i].order;
        if (own != DAY_ORDER_UNKNOWN && found != DAY_ORDER_UNKNOWN && own != found)
            return NULL;
        found = own == DAY_ORDER_UNKNOWN ? found : own;
    }
    return found == DAY_ORDER_UNKNOWN || found == DAY_ORDER_MIXED
               ? NULL : import_day_orders[found - DAY_ORDER_DMY];
}

static bool fits(const Record *r, const char *name, const ImportOptions *o, Error *err)
{
    Value type = record_value(r, "type");
    if (str_is(type.s, o->type->name))
        return true;
    fail(err, ERR_USAGE, "the mapping %s is for %.*s, not for %s", name, STR_ARG(type.s),
         o->type->name);
    return fail_hint(err, "mapping list shows what there is");
}

static void use_lines(ImportOptions *o, Str map, Arena *a)
{
    const char **lines = ARENA_ARRAY(a, const char *, map.n + 1);
    for (size_t i = 0; i < map.n;) {
        const char *end = memchr(map.s + i, '\n', map.n - i);
        size_t n = end ? (size_t)(end - map.s) - i : map.n - i;
        const char *line = arena_strndup(a, map.s + i, n);
        if (strchr(line, '='))
            lines[o->saveds++] = line;
        i += n + 1;
    }
    o->saved = lines;
}

bool import_mapping_load(Crm *crm, const char *name, ImportOptions *o, Arena *a, Error *err)
{
    const Type *t = schema_type(crm->schema, STR("mapping"));
    Record *r;
    int64_t id;
    if (!record_find(crm, t, str(name), &id, err) || !record_load(crm, t, id, false, a, &r, err)
        || !fits(r, name, o, err))
        return false;
    Str map = record_value(r, "map").s;
    Value key = record_value(r, "key");
    use_lines(o, map, a);
    if (!o->key && key.type == VALUE_TEXT)
        o->key = str_c(key.s, a);
    return true;
}

bool import_mapping_of_rejects(Crm *crm, Str file, ImportOptions *o, int64_t *batch, Arena *a,
                               Error *err)
{
    Query *q = NULL;
    *batch = 0;
    if (!query_open(crm->store, &sql[OF_REJECTS], &q, err))
        return false;
    query_str(q, 1, file);
    query_cstr(q, 2, o->type->name);
    int n = query_next(q, err);
    if (n > 0) {
        *batch = query_col_int(q, 0);
        use_lines(o, query_col_str(q, 1), a);
        const char **told[] = { &o->key, &o->region, &o->date_order };
        for (int i = 0; i < 3; i++)
            if (!*told[i] && !query_col_is_null(q, 2 + i))
                *told[i] = str_c(query_col_str(q, 2 + i), a);
    }
    query_close(q);
    return n >= 0;
}

/* What the last import was told; *type, *key live in the arena. */
static bool last_import(Crm *crm, Str *type, Str *map, Str *key, Arena *a, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[LAST_BATCH], &q, err))
        return false;
    int n = query_next(q, err);
    if (n > 0) {
        *type = str_dup(query_col_str(q, 0), a);
        *map = str_dup(query_col_str(q, 1), a);
        *key = str_dup(query_col_str(q, 2), a);
    }
    query_close(q);
    if (n < 0)
        return false;
    if (n > 0 && map->n)
        return true;
    fail(err, ERR_FAILED, n ? "the last import was told nothing of its columns"
                            : "nothing was imported yet");
    return fail_hint(err, "mapping save NAME --map HEADER=field");
}

static bool maps_given(const char *const *map, int maps, Buf *out, Error *err)
{
    for (int i = 0; i < maps; i++) {
        if (!strchr(map[i], '=')) {
            fail(err, ERR_USAGE, "--map '%s' has no =", map[i]);
            return fail_hint(err, "--map HEADER=field, or HEADER= to leave the column out");
        }
        put_map(out, map[i]);
    }
    return true;
}

bool import_mapping_save(Crm *crm, const char *name, const char *const *map, int maps, Arena *a,
                         bool *added, Error *err)
{
    const Type *t = schema_type(crm->schema, STR("mapping"));
    Error missing = { 0 };
    Record *r = record_new(t, a);
    Buf lines = { 0 };
    Str type = STR("customer"), text = { 0 }, key = { 0 };
    bool ok = maps ? maps_given(map, maps, &lines, err)
                   : last_import(crm, &type, &text, &key, a, err);
    text = maps ? buf_as_str(&lines) : text;
    *added = !record_find(crm, t, str(name), &r->id, &missing);
    ok = ok && record_put(crm, r, STR("name"), FIELD_SET, str(name), a, err)
         && record_put(crm, r, STR("type"), FIELD_SET, type, a, err)
         && record_put(crm, r, STR("map"), FIELD_SET, text, a, err)
         && record_put(crm, r, STR("key"), FIELD_SET, key, a, err)
         && (*added ? record_add(crm, r, err) : record_set(crm, r, NULL, err));
    buf_release(&lines);
    return ok;
}

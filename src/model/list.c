/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/list.h"

#include <inttypes.h>

#include "model/record.h"
#include "store/journal.h"

enum {
    STATE, SET_STATE, COUNT_FREE, DEAL, RECALL, JOIN_COUNT, JOIN, SQL_COUNT
};
static const Sql sql[] = {
    [STATE] = { "SELECT state, name FROM list WHERE id = ?1", SQL_HOT },
    [SET_STATE] = { "UPDATE list SET state = ?2, change = ?3 WHERE id = ?1", SQL_HOT },
    [COUNT_FREE] = { "SELECT count(*) FROM entry WHERE list = ?1 AND state <> 'done' AND agent IS NULL", SQL_HOT },
    [DEAL] = { "UPDATE entry SET agent = ?2, change = ?4 WHERE id IN (SELECT id FROM entry WHERE list = ?1"
               " AND state <> 'done' AND agent IS NULL ORDER BY id LIMIT ?3)", 0 },
    [RECALL] = { "UPDATE entry SET agent = NULL, change = ?3 WHERE list = ?1 AND agent IS NOT NULL"
                 " AND (?2 = 0 OR agent = ?2) AND attempts = 0 AND state = 'new'", SQL_HOT },
    [JOIN_COUNT] = { "SELECT count(*) FROM entry f WHERE f.list = ?2 AND NOT EXISTS (SELECT 1 FROM entry o"
                     " WHERE o.list = ?1 AND o.customer = f.customer)", SQL_HOT },
    [JOIN] = { "INSERT INTO entry (list, customer, id, change) SELECT ?1, f.customer,"
               " ?3 - 1 + row_number() OVER (ORDER BY f.id), ?4 FROM entry f WHERE f.list = ?2"
               " AND NOT EXISTS (SELECT 1 FROM entry o WHERE o.list = ?1 AND o.customer = f.customer)", SQL_HOT },
};
const SqlTable list_sql = { "list", sql, SQL_COUNT };

/* The list takes changes. */
static bool active(Crm *crm, int64_t list, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[STATE], &q, err))
        return false;
    query_int(q, 1, list);
    bool ok = query_one(q, err);
    if (ok && !str_is(query_col_str(q, 0), "active")) {
        ok = fail(err, ERR_REFUSED, "list %.*s is %.*s", STR_ARG(query_col_str(q, 1)), STR_ARG(query_col_str(q, 0)));
        fail_hint(err, "list thaw %.*s", STR_ARG(query_col_str(q, 1)));
    }
    query_close(q);
    return ok;
}

bool list_fill(Crm *crm, int64_t list, const Filter *f, int64_t *added, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    bool ok = false;
    int64_t first;
    const char *from = arena_printf(&a, "FROM customer t WHERE (%s) AND t.retired = 0 AND NOT EXISTS"
                                        " (SELECT 1 FROM entry e WHERE e.list = ? AND e.customer = t.id)",
                                    f->sql);
    if (!active(crm, list, err)
        || !query_text(crm->store, str(arena_printf(&a, "SELECT count(*) %s", from)), &q, err))
        goto out;
    filter_bind(f, q, 1);
    query_int(q, f->n + 1, list);
    if (!query_one(q, err))
        goto out;
    *added = query_col_int(q, 0);
    query_close(q);
    q = NULL;
    if (!store_ids(crm->store, "entry", *added, &first, err)
        || !query_text(crm->store,
                       str(arena_printf(&a, "INSERT INTO entry (list, customer, id, change) SELECT ?, t.id,"
                                            " ? - 1 + row_number() OVER (ORDER BY t.id), ? %s", from)),
                       &q, err))
        goto out;
    query_int(q, 1, list);
    query_int(q, 2, first);
    query_int(q, 3, journal_current(crm->store));
    filter_bind(f, q, 4);
    query_int(q, f->n + 4, list);
    ok = query_run(q, err);
out:
    query_close(q);
    arena_release(&a);
    return ok;
}

bool list_remove(Crm *crm, int64_t list, const Filter *customers, int64_t *removed, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    ChangeCount before = journal_count(crm->store);
    const char *text = arena_printf(&a, "DELETE FROM entry WHERE attempts = 0 AND state = 'new' AND customer IN"
                                        " (SELECT t.id FROM customer t WHERE %s) AND list = ?",
                                    customers->sql);
    bool ok = active(crm, list, err) && query_text(crm->store, str(text), &q, err);
    if (ok) {
        filter_bind(customers, q, 1);
        query_int(q, customers->n + 1, list);
        ok = query_run(q, err);
    }
    *removed = journal_count(crm->store).deleted - before.deleted;
    query_close(q);
    arena_release(&a);
    return ok;
}

static bool free_count(Crm *crm, int64_t list, int64_t *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[COUNT_FREE], &q, err))
        return false;
    query_int(q, 1, list);
    bool ok = query_one(q, err);
    *out = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok;
}

static bool deal_one(Crm *crm, int64_t list, int64_t agent, int64_t n, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[DEAL], &q, err))
        return false;
    query_int(q, 1, list);
    query_int(q, 2, agent);
    query_int(q, 3, n);
    query_int(q, 4, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool list_deal(Crm *crm, int64_t list, const int64_t *agents, int n, int64_t each, int64_t *dealt,
               int64_t *left, Error *err)
{
    if (!active(crm, list, err) || !free_count(crm, list, left, err))
        return false;
    int64_t all = *left;
    for (int i = 0; i < n; i++) {
        int64_t share = each ? each : all / n + (i < all % n);
        int64_t before = *left;
        if (!deal_one(crm, list, agents[i], share, err) || !free_count(crm, list, left, err))
            return false;
        dealt[i] = before - *left;
    }
    return true;
}

bool list_recall(Crm *crm, int64_t list, int64_t agent, int64_t *back, Error *err)
{
    Query *q = NULL;
    int64_t before, after;
    if (!free_count(crm, list, &before, err) || !query_open(crm->store, &sql[RECALL], &q, err))
        return false;
    query_int(q, 1, list);
    query_int(q, 2, agent);
    query_int(q, 3, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    ok = ok && free_count(crm, list, &after, err);
    *back = ok ? after - before : 0;
    return ok;
}

bool list_join(Crm *crm, int64_t to, int64_t from, int64_t *added, Error *err)
{
    Query *q = NULL;
    int64_t first;
    if (!active(crm, to, err) || !query_open(crm->store, &sql[JOIN_COUNT], &q, err))
        return false;
    query_int(q, 1, to);
    query_int(q, 2, from);
    bool ok = query_one(q, err);
    *added = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    q = NULL;
    ok = ok && store_ids(crm->store, "entry", *added, &first, err) && query_open(crm->store, &sql[JOIN], &q, err);
    if (ok) {
        query_int(q, 1, to);
        query_int(q, 2, from);
        query_int(q, 3, first);
        query_int(q, 4, journal_current(crm->store));
        ok = query_run(q, err);
    }
    query_close(q);
    return ok;
}

/* ---- split --------------------------------------------------------------------------------------- */

typedef struct Part { const char *name; Value value; int64_t entries; } Part;

static bool split_parts(Crm *crm, int64_t list, const char *expr, Arena *a, Part **out, int *n, Error *err)
{
    enum { MOST = 200 };
    Query *q = NULL;
    int more;
    const char *label = record_label(crm, schema_type(crm->schema, STR("list")), list, a);
    const char *text = arena_printf(a, "SELECT %s AS k, count(*) FROM entry e JOIN customer t ON t.id = e.customer"
                                       " WHERE e.list = ?1 GROUP BY k ORDER BY k", expr);
    *out = ARENA_ARRAY(a, Part, MOST);
    *n = 0;
    if (!query_text(crm->store, str(text), &q, err))
        return false;
    query_int(q, 1, list);
    while ((more = query_next(q, err)) > 0 && *n < MOST) {
        Part *p = &(*out)[(*n)++];
        Buf b = { 0 };
        p->value = value_dup(query_col(q, 0), a);
        p->entries = query_col_int(q, 1);
        value_write_plain(p->value, KIND_TEXT, &b);
        p->name = arena_printf(a, "%s.%s", label, b.n ? b.s : "none");
        buf_release(&b);
    }
    query_close(q);
    if (more > 0) {
        fail(err, ERR_REFUSED, "more than %d parts", MOST);
        fail_hint(err, "split by a field with fewer values");
    }
    return more == 0;
}

static bool part_move(Crm *crm, int64_t list, const char *expr, const Part *p, Arena *a, Error *err)
{
    Query *q = NULL;
    Record *r = record_new(schema_type(crm->schema, STR("list")), a);
    if (!record_put(crm, r, STR("name"), FIELD_SET, str(p->name), a, err) || !record_add(crm, r, err))
        return false;
    const char *text = arena_printf(a, "UPDATE entry SET list = ?1, change = ?2 WHERE list = ?3 AND customer IN"
                                       " (SELECT t.id FROM customer t WHERE %s IS ?4)", expr);
    if (!query_text(crm->store, str(text), &q, err))
        return false;
    query_int(q, 1, r->id);
    query_int(q, 2, journal_current(crm->store));
    query_int(q, 3, list);
    query_value(q, 4, p->value);
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

bool list_split(Crm *crm, int64_t list, const Field *by, Arena *a,
                bool (*fn)(void *ctx, Str name, int64_t entries), void *ctx, Error *err)
{
    Part *parts;
    int n;
    const char *expr = field_sql(crm->schema, by, "t", true, a);
    if (!active(crm, list, err) || !split_parts(crm, list, expr, a, &parts, &n, err))
        return false;
    for (int i = 0; i < n; i++)
        if (!part_move(crm, list, expr, &parts[i], a, err) || !fn(ctx, str(parts[i].name), parts[i].entries))
            return false;
    return true;
}

bool list_set_state(Crm *crm, int64_t list, const char *state, Error *err)
{
    Query *q = NULL;
    bool ok = false;
    if (!query_open(crm->store, &sql[STATE], &q, err))
        return false;
    query_int(q, 1, list);
    if (!query_one(q, err))
        goto out;
    if (str_is(query_col_str(q, 0), "retired")) {
        fail(err, ERR_REFUSED, "list %.*s is retired for good", STR_ARG(query_col_str(q, 1)));
        fail_hint(err, "list join makes a new list from it");
        goto out;
    }
    query_close(q);
    if (!query_open(crm->store, &sql[SET_STATE], &q, err))
        goto out;
    query_int(q, 1, list);
    query_cstr(q, 2, state);
    query_int(q, 3, journal_current(crm->store));
    ok = query_run(q, err);
out:
    query_close(q);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/list.h"

#include <inttypes.h>

#include "model/record.h"
#include "store/journal.h"

enum { STATE, SET_STATE, COUNT, COUNT_FREE, COUNT_DEALT, DEAL, RECALL, JOIN_COUNT, JOIN,
       SQL_COUNT };
#define NOT_ON_1 " NOT EXISTS (SELECT 1 FROM entry o WHERE o.list = ?1 AND o.customer = f.customer)"
static const Sql sql[] = {
    [STATE] = { "SELECT state, name FROM list WHERE id = ?1", SQL_HOT },
    [SET_STATE] = { "UPDATE list SET state = ?2, change = ?3 WHERE id = ?1 AND state <> ?2",
                    SQL_HOT },
    [COUNT] = { "SELECT count(*) FROM entry WHERE list = ?1", SQL_HOT },
    [COUNT_FREE] = { "SELECT count(*) FROM entry WHERE list = ?1 AND state IN ('new', 'retry')"
                     " AND agent IS NULL", SQL_HOT },
    [COUNT_DEALT] = { "SELECT count(*) FROM entry WHERE list = ?1 AND state <> 'done'"
                      " AND agent IS NOT NULL", SQL_HOT },
    [DEAL] = { "UPDATE entry SET agent = ?2, change = ?4 WHERE id IN (SELECT id FROM entry"
               " WHERE list = ?1 AND state IN ('new', 'retry') AND agent IS NULL"
               " ORDER BY id LIMIT ?3)",
               SQL_HOT },
    [RECALL] = { "UPDATE entry SET agent = NULL, change = ?3 WHERE list = ?1 AND agent IS NOT NULL"
                 " AND (?2 = 0 OR agent = ?2) AND (state = 'new'"
                 " OR (?4 AND state IN ('retry', 'callback')))", SQL_HOT },
    [JOIN_COUNT] = { "SELECT count(*) FROM entry f WHERE f.list = ?2 AND" NOT_ON_1, SQL_HOT },
    [JOIN] = { "INSERT INTO entry (list, customer, id, change) SELECT ?1, f.customer,"
               " ?3 - 1 + row_number() OVER (ORDER BY f.id), ?4 FROM entry f WHERE f.list = ?2 AND"
               NOT_ON_1, SQL_HOT },
};
const SqlTable list_sql = { "list", sql, SQL_COUNT };

bool list_may_change(Crm *crm, int64_t list, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[STATE], &q, err))
        return false;
    query_int(q, 1, list);
    bool ok = query_one(q, err);
    if (ok && !str_is(query_col_str(q, 0), "active")) {
        ok = fail(err, ERR_REFUSED, "list %.*s is %.*s", STR_ARG(query_col_str(q, 1)),
                  STR_ARG(query_col_str(q, 0)));
        if (str_is(query_col_str(q, 0), "frozen"))
            fail_hint(err, "list thaw %.*s", STR_ARG(query_col_str(q, 1)));
        else
            fail_hint(err, "list join %.*s --as NAME makes a new list of it",
                      STR_ARG(query_col_str(q, 1)));
    }
    query_close(q);
    return ok;
}

/* The one number that a statement gives of a list. */
static bool count_of(Crm *crm, int which, int64_t list, int64_t *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[which], &q, err))
        return false;
    query_int(q, 1, list);
    bool ok = query_one(q, err);
    *out = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    return ok;
}

/* Customers for whom the filter holds, who are not on the list and do not refuse calls for any
 * purpose (a refusal for one is the dial gate's): parameters of the filter, then the list. */
#define FILL_FROM "FROM customer t WHERE %s AND t.retired = 0 AND NOT EXISTS" \
                  " (SELECT 1 FROM entry e WHERE e.list = ? AND e.customer = t.id)" \
                  " AND t.id NOT IN (SELECT customer FROM consent_now WHERE NOT given" \
                  " AND purpose = 'any' AND channel IN ('phone', 'any'))"

static bool fill_count(Crm *crm, int64_t list, const Filter *f, int64_t *n, Arena *a, Error *err)
{
    Query *q = NULL;
    const char *text = arena_printf(a, "SELECT count(*) " FILL_FROM, f->sql);
    bool ok = query_text(crm->store, str(text), &q, err);
    if (ok) {
        filter_bind(f, q, 1);
        query_int(q, f->n + 1, list);
        ok = query_one(q, err);
        *n = ok ? query_col_int(q, 0) : 0;
    }
    query_close(q);
    return ok;
}

bool list_fill(Crm *crm, int64_t list, const Filter *f, int64_t *added, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    int64_t first;
    const char *text = arena_printf(&a,
                                    "INSERT INTO entry (list, customer, id, change) SELECT ?, t.id,"
                                    " ? - 1 + row_number() OVER (ORDER BY t.id), ? " FILL_FROM,
                                    f->sql);
    bool ok = list_may_change(crm, list, err) && fill_count(crm, list, f, added, &a, err)
              && store_ids(crm->store, "entry", *added, &first, err)
              && query_text(crm->store, str(text), &q, err);
    if (ok) {
        query_int(q, 1, list);
        query_int(q, 2, first);
        query_int(q, 3, journal_current(crm->store));
        filter_bind(f, q, 4);
        query_int(q, f->n + 4, list);
        ok = query_run(q, err);
    }
    query_close(q);
    arena_release(&a);
    return ok;
}

bool list_remove(Crm *crm, int64_t list, const Filter *customers, int64_t *removed, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    int64_t before, after;
    const char *text = arena_printf(&a, "DELETE FROM entry WHERE list = ? AND attempts = 0"
                                        " AND state = 'new' AND EXISTS (SELECT 1 FROM customer t"
                                        " WHERE t.id = entry.customer AND %s)", customers->sql);
    bool ok = list_may_change(crm, list, err) && count_of(crm, COUNT, list, &before, err)
              && query_text(crm->store, str(text), &q, err);
    if (ok) {
        query_int(q, 1, list);
        filter_bind(customers, q, 2);
        ok = query_run(q, err) && count_of(crm, COUNT, list, &after, err);
        *removed = ok ? before - after : 0;
    }
    query_close(q);
    arena_release(&a);
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
    if (!list_may_change(crm, list, err) || !count_of(crm, COUNT_FREE, list, left, err))
        return false;
    int64_t all = *left;
    for (int i = 0; i < n; i++) {
        int64_t share = each ? each : all / n + (i < all % n);
        int64_t before = *left;
        if (!deal_one(crm, list, agents[i], share, err)
            || !count_of(crm, COUNT_FREE, list, left, err))
            return false;
        dealt[i] = before - *left;
    }
    return true;
}

bool list_recall(Crm *crm, int64_t list, int64_t agent, bool all, int64_t *back, Error *err)
{
    Query *q = NULL;
    int64_t before, after;
    if (!list_may_change(crm, list, err) || !count_of(crm, COUNT_DEALT, list, &before, err)
        || !query_open(crm->store, &sql[RECALL], &q, err))
        return false;
    query_int(q, 1, list);
    query_int(q, 2, agent);
    query_int(q, 3, journal_current(crm->store));
    query_int(q, 4, all);
    bool ok = query_run(q, err);
    query_close(q);
    ok = ok && count_of(crm, COUNT_DEALT, list, &after, err);
    *back = ok ? before - after : 0;
    return ok;
}

bool list_join(Crm *crm, int64_t to, int64_t from, int64_t *added, Error *err)
{
    Query *q = NULL;
    int64_t first;
    if (!list_may_change(crm, to, err) || !query_open(crm->store, &sql[JOIN_COUNT], &q, err))
        return false;
    query_int(q, 1, to);
    query_int(q, 2, from);
    bool ok = query_one(q, err);
    *added = ok ? query_col_int(q, 0) : 0;
    query_close(q);
    q = NULL;
    ok = ok && store_ids(crm->store, "entry", *added, &first, err)
         && query_open(crm->store, &sql[JOIN], &q, err);
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

/* ---- split ----------------------------------------------------------------------------------- */

enum { PARTS_MOST = 200 };

typedef struct Part { const char *name; Value value; int64_t entries; } Part;

static const char *part_name(const char *list, Value v, Kind kind, Arena *a)
{
    Buf b = { 0 };
    value_write_plain(v, kind, &b);
    const char *name = arena_printf(a, "%s.%s", list, b.n ? b.s : "none");
    buf_release(&b);
    return name;
}

static bool split_parts(Crm *crm, int64_t list, const char *expr, Kind kind, Arena *a, Part *out,
                        int *n, Error *err)
{
    Query *q = NULL;
    int more;
    const char *name = record_label(crm, schema_type(crm->schema, STR("list")), list, a);
    const char *text = arena_printf(a,
                                    "SELECT %s AS k, count(*) FROM entry e JOIN customer t"
                                    " ON t.id = e.customer WHERE e.list = ?1 GROUP BY k ORDER BY k",
                                    expr);
    *n = 0;
    if (!query_text(crm->store, str(text), &q, err))
        return false;
    query_int(q, 1, list);
    while ((more = query_next(q, err)) > 0 && *n < PARTS_MOST) {
        Value v = value_dup(query_col(q, 0), a);
        out[(*n)++] = (Part){ part_name(name, v, kind, a), v, query_col_int(q, 1) };
    }
    query_close(q);
    if (more > 0) {
        fail(err, ERR_REFUSED, "list %s would become more than %d lists", name, PARTS_MOST);
        fail_hint(err, "split by a field with fewer values");
    }
    return more == 0;
}

static bool part_move(Crm *crm, int64_t list, const char *expr, const Part *p, Arena *a, Error *err)
{
    Query *q = NULL;
    Record *r = record_new(schema_type(crm->schema, STR("list")), a);
    if (!record_put(crm, r, STR("name"), FIELD_SET, str(p->name), a, err)
        || !record_add(crm, r, err))
        return false;
    const char *text
        = arena_printf(a,
                       "UPDATE entry SET list = ?1, change = ?2 WHERE list = ?3 AND"
                       " (SELECT %s FROM customer t WHERE t.id = entry.customer) IS ?4",
                       expr);
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
    Part *parts = ARENA_ARRAY(a, Part, PARTS_MOST);
    int n;
    const char *expr = field_sql(crm->schema, by, "t", true, a);
    Kind kind = field_shown_kind(crm->schema, by);
    if (!list_may_change(crm, list, err) || !split_parts(crm, list, expr, kind, a, parts, &n, err))
        return false;
    for (int i = 0; i < n; i++)
        if (!part_move(crm, list, expr, &parts[i], a, err)
            || !fn(ctx, str(parts[i].name), parts[i].entries))
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
    if (str_is(query_col_str(q, 0), "retired") && strcmp(state, "retired") != 0) {
        fail(err, ERR_REFUSED, "list %.*s is retired for good", STR_ARG(query_col_str(q, 1)));
        fail_hint(err, "list join %.*s --as NAME makes a new list of it",
                  STR_ARG(query_col_str(q, 1)));
        goto out;
    }
    query_close(q);
    q = NULL;
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

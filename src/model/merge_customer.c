/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge_customer.c -- what is particular to merging customers and people: calls under way, the
 * order of contact points, and that nothing becomes allowed that one of them refused.
 */
#include <inttypes.h>

#include "model/merge_inside.h"
#include "model/types.h"
#include "store/journal.h"

enum { DIALLING, LAST_POSITION, SHIFT, POINTS_FOLLOW, REFUSED, SQL_COUNT };
static const Sql sql[] = {
    [DIALLING] = { "SELECT l.name FROM entry e JOIN list l ON l.id = e.list"
                   " WHERE e.customer = ?1 AND e.state = 'dialling'", SQL_HOT },
    [LAST_POSITION] = { "SELECT coalesce(max(position), 0) FROM contact"
                        " WHERE customer = ?1 AND person IS NULL AND kind = ?2", SQL_HOT },
    [SHIFT] = { "UPDATE contact SET position = position + ?3, change = ?4"
                " WHERE customer = ?1 AND person IS NULL AND kind = ?2", SQL_HOT },
    [POINTS_FOLLOW] = { "UPDATE contact SET change = ?3,"
                        " customer = (SELECT customer FROM person WHERE id = ?1)"
                        " WHERE person = ?2", SQL_HOT },
    /* What ?1 refuses and ?2 allowed later, so that ?2's word would be the last. */
    [REFUSED] = { "SELECT c.channel, c.purpose FROM consent c WHERE c.customer = ?1 AND NOT c.given"
                  " AND NOT EXISTS (SELECT 1 FROM consent l WHERE l.customer = ?1"
                  "  AND (l.at, l.id) > (c.at, c.id)"
                  "  AND (l.given AND l.channel IN (c.channel, 'any')"
                  "       AND l.purpose IN (c.purpose, 'any')"
                  "   OR NOT l.given AND l.channel = c.channel AND l.purpose = c.purpose))"
                  " AND EXISTS (SELECT 1 FROM consent o WHERE o.customer = ?2 AND o.given"
                  "  AND o.at >= c.at AND (c.channel = 'any' OR o.channel IN (c.channel, 'any'))"
                  "  AND (c.purpose = 'any' OR o.purpose IN (c.purpose, 'any'))) ORDER BY c.id",
                  SQL_HOT },
};
const SqlTable merge_customer_sql = { "merge_customer", sql, SQL_COUNT };

bool merge_is_chosen(const Field *f)
{
    bool points = f->write == view_write_contact;
    return f->index > 0 && (f->column || points);
}

/* ---- contact points of customers ------------------------------------------------------------- */

static bool points_shift(Merging *x, int64_t customer, const char *kind, int64_t *base, Error *err)
{
    Query *q = NULL;
    if (!query_open(x->crm->store, &sql[LAST_POSITION], &q, err))
        return false;
    query_int(q, 1, customer);
    query_cstr(q, 2, kind);
    bool ok = query_one(q, err);
    int64_t last = ok ? query_col_int(q, 0) : 0, by = *base;
    query_close(q);
    *base += last;
    if (!ok || by == 0 || last == 0)
        return ok;
    if (!query_open(x->crm->store, &sql[SHIFT], &q, err))
        return false;
    query_int(q, 1, customer);
    query_cstr(q, 2, kind);
    query_int(q, 3, by);
    query_int(q, 4, journal_current(x->crm->store));
    ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Those of the winner first, then those of the one that stays, then the others'. */
static bool points_order(Merging *x, const Group *g, Error *err)
{
    const Type *contact = schema_type(x->crm->schema, STR("contact"));
    const char *const *kind = type_field(contact, STR("kind"))->choices;
    bool ok = true;
    for (; ok && *kind; kind++) {
        const Field *f = type_field(g->type, str(*kind));
        int winner = 0;
        int64_t base = 0;
        Value made;
        if (f && merge_is_chosen(f))
            ok = merge_choose(x->crm, x->m->rules, &x->m->fallback, f, g->r, g->n, x->a, &winner,
                              &made, err);
        if (winner > 0)
            ok = ok && points_shift(x, g->r[winner]->id, *kind, &base, err);
        for (int i = 0; ok && i < g->n; i++)
            ok = (i == winner && i > 0) || points_shift(x, g->r[i]->id, *kind, &base, err);
    }
    return ok;
}

/* A person's points are those of the customer, where the person is. */
static bool points_follow(Merging *x, const Group *g, Error *err)
{
    Query *q = NULL;
    bool ok = query_open(x->crm->store, &sql[POINTS_FOLLOW], &q, err);
    for (int i = 1; ok && i < g->n; i++) {
        query_int(q, 1, g->r[0]->id);
        query_int(q, 2, g->r[i]->id);
        query_int(q, 3, journal_current(x->crm->store));
        ok = query_run(q, err);
    }
    query_close(q);
    return ok;
}

/* The dialer knows a customer whose call is under way by its id. */
static bool is_free(Merging *x, int64_t id, Error *err)
{
    Query *q = NULL;
    if (!query_open(x->crm->store, &sql[DIALLING], &q, err))
        return false;
    query_int(q, 1, id);
    int n = query_next(q, err);
    if (n > 0) {
        fail(err, ERR_REFUSED, "customer %" PRId64 " is being called (list %.*s)", id,
             STR_ARG(query_col_str(q, 0)));
        fail_hint(err, "merge it once the call is over");
    }
    query_close(q);
    return n == 0;
}

/* ---- what was refused ------------------------------------------------------------------------ */

/* Said again for the record that stays, so that it is the last word. */
static bool refuse_again(Merging *x, const Group *g, int64_t who, Str channel, Str purpose,
                         Error *err)
{
    const Type *t = schema_type(x->crm->schema, STR("consent"));
    Record *r = record_new(t, x->a);
    const char *source = arena_printf(x->a, "merge: refused as customer %" PRId64, who);
    record_put_value(r, type_field(t, STR("customer")), value_int(g->r[0]->id));
    record_put_value(r, type_field(t, STR("channel")), value_text(str_dup(channel, x->a)));
    record_put_value(r, type_field(t, STR("purpose")), value_text(str_dup(purpose, x->a)));
    record_put_value(r, type_field(t, STR("given")), value_int(0));
    record_put_value(r, type_field(t, STR("source")), value_cstr(source));
    return record_add(x->crm, r, err);
}

typedef struct Word { int64_t who; Str channel, purpose; } Word;

enum { WORDS = 100 };

static bool refusals_read(Merging *x, int64_t who, int64_t other, Word *word, int *n, Error *err)
{
    Query *q = NULL;
    int more;
    if (!query_open(x->crm->store, &sql[REFUSED], &q, err))
        return false;
    query_int(q, 1, who);
    query_int(q, 2, other);
    while ((more = query_next(q, err)) > 0 && *n < WORDS)
        word[(*n)++] = (Word){ who, str_dup(query_col_str(q, 0), x->a),
                               str_dup(query_col_str(q, 1), x->a) };
    query_close(q);
    if (more > 0)
        fail(err, ERR_REFUSED, "they refuse more than %d things that the others allow", WORDS);
    return more == 0;
}

static bool refusals_keep(Merging *x, const Group *g, Error *err)
{
    Word word[WORDS];
    int n = 0;
    bool ok = true;
    for (int i = 0; ok && i < g->n; i++)
        for (int k = 0; ok && k < g->n; k++)
            ok = i == k || refusals_read(x, g->r[i]->id, g->r[k]->id, word, &n, err);
    for (int i = 0; ok && i < n; i++)
        ok = refuse_again(x, g, word[i].who, word[i].channel, word[i].purpose, err);
    return ok;
}

/* ---- all of it ------------------------------------------------------------------------------- */

bool merge_prepare(Merging *x, const Group *g, Error *err)
{
    bool ok = true;
    if (strcmp(g->type->name, "person") == 0)
        return points_follow(x, g, err);
    if (strcmp(g->type->name, "customer") != 0)
        return true;
    for (int i = 0; ok && i < g->n; i++)
        ok = is_free(x, g->r[i]->id, err);
    return ok && refusals_keep(x, g, err) && points_order(x, g, err);
}

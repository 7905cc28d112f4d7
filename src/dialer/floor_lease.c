/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * floor_lease.c -- the limits of a switch, shared by all processes that dial on it.
 *
 * Each has an even part, as its row in `lease`; who has more gives it back as its calls end, and
 * who has less takes no more than is left, so that the rows together never exceed the limit.  Rows
 * of processes that are gone are removed by whoever sees them.
 */
#include <stdio.h>

#include "dialer/floor_inside.h"

enum { ROWS, PUT, GONE, GIVE, SQL_COUNT };
static const Sql sql[] = {
    [ROWS] = { "SELECT process, calls, part FROM lease WHERE switch = ?1 ORDER BY process",
               SQL_HOT },
    [PUT] = { "INSERT OR REPLACE INTO lease(switch, process, calls, part) VALUES (?1, ?2, ?3, ?4)",
              0 },
    [GONE] = { "DELETE FROM lease WHERE switch = ?1 AND process = ?2", 0 },
    [GIVE] = { "DELETE FROM lease WHERE process = ?1", 0 },
};
const SqlTable floor_lease_sql = { "floor_lease", sql, SQL_COUNT };

typedef struct Lease { int calls; double part; } Lease;

/* The rows of one switch. */
typedef struct Shared {
    Lease mine, others;       /* others: their sum */
    int n, rank;              /* processes, this one included; how many come before it */
    bool has;                 /* this one has a row */
    char gone[PROCESS_NAME];  /* a process that is not there any more; "" none */
} Shared;

static bool read_rows(Floor *f, const char *name, Shared *out, Error *err)
{
    Query *q = NULL;
    int more;
    *out = (Shared){ .n = 1 };
    if (!query_open(f->crm->store, &sql[ROWS], &q, err))
        return false;
    query_cstr(q, 1, name);
    while ((more = query_next(q, err)) > 0) {
        Str process = query_col_str(q, 0);
        Lease l = { (int)query_col_int(q, 1), query_col_real(q, 2) };
        if (str_is(process, f->shown.process)) {
            out->mine = l;
            out->has = true;
        } else if (!process_alive(process)) {
            snprintf(out->gone, sizeof out->gone, "%.*s", STR_ARG(process));
        } else {
            out->others.calls += l.calls;
            out->others.part += l.part;
            out->n++;
            out->rank += !out->has;
        }
    }
    query_close(q);
    return more == 0;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

/* What this process may have from now on. */
static Lease fair(const Shared *s, int limit)
{
    int left = limit - s->others.calls;
    double part = 1 - s->others.part;
    Lease l = { limit / s->n + (s->rank < limit % s->n), 1.0 / s->n };
    l.calls = least(l.calls, left > 0 ? left : 0);
    if (l.part > part)
        l.part = part > 1e-9 ? part : 0;
    return l;
}

/* And what is not free for others yet, since so many calls are up. */
static Lease held(const Shared *s, int limit, int calls)
{
    Lease l = fair(s, limit);
    if (l.calls < calls)
        l.calls = least(calls, s->mine.calls);
    return l;
}

static bool run(Floor *f, int statement, const char *name, const char *process, const Lease *l,
                Error *err)
{
    Query *q = NULL;
    if (!query_open(f->crm->store, &sql[statement], &q, err))
        return false;
    query_cstr(q, 1, name);
    query_cstr(q, 2, process);
    if (l) {
        query_int(q, 3, l->calls);
        query_real(q, 4, l->part);
    }
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Read again within the transaction that writes. */
static bool change(Floor *f, const SwitchConfig *c, int calls, Lease *out, Error *err)
{
    Store *st = f->crm->store;
    Shared s;
    if (!store_begin(st, err))
        return false;
    bool ok = read_rows(f, c->name, &s, err);
    while (ok && s.gone[0])
        ok = run(f, GONE, c->name, s.gone, NULL, err) && read_rows(f, c->name, &s, err);
    if (ok) {
        Lease row = held(&s, c->max_calls, calls);
        *out = fair(&s, c->max_calls);
        ok = run(f, PUT, c->name, f->shown.process, &row, err);
    }
    if (!ok)
        store_rollback(st);
    return ok && store_commit(st, err);
}

static bool settle_one(Floor *f, const SwitchConfig *c, Error *err)
{
    Shared s;
    int calls = driver_limit(f->live.driver, c->name, -1, 0);
    if (calls < 0 || (c->max_calls <= 0 && c->max_rate <= 0))
        return true;
    if (!read_rows(f, c->name, &s, err))
        return false;
    Lease l = fair(&s, c->max_calls), row = held(&s, c->max_calls, calls);
    if ((!s.has || s.gone[0] || row.calls != s.mine.calls || row.part < s.mine.part - 1e-9
         || row.part > s.mine.part + 1e-9)
        && !change(f, c, calls, &l, err))
        return false;
    driver_limit(f->live.driver, c->name, l.calls, l.part);
    return true;
}

bool leases_settle(Floor *f, Error *err)
{
    bool ok = true;
    for (int i = 0; ok && f->plan.loop && i < f->n_lines; i++)
        ok = settle_one(f, &f->lines[i], err);
    return ok;
}

bool leases_give(Floor *f, Error *err)
{
    Query *q = NULL;
    Store *st = f->crm->store;
    if (!store_begin(st, err))
        return false;
    bool ok = query_open(st, &sql[GIVE], &q, err);
    if (ok) {
        query_cstr(q, 1, f->shown.process);
        ok = query_run(q, err);
        query_close(q);
    }
    if (!ok)
        store_rollback(st);
    return ok && store_commit(st, err);
}

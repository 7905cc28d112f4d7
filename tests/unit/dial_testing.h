/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dial_testing.h -- a campaign to dial, on the database of session_testing.h: customers with
 * made-up numbers, a list of all of them, a script, hours that are open.
 */
#ifndef DIAL_TESTING_H
#define DIAL_TESTING_H

#include "session_testing.h"

/* One statement as a user types it; in a transaction of its own unless one is open. */
static inline void dial_sql(Desk *d, const char *sql)
{
    Query *q = NULL;
    bool writes;
    Error err = { 0 };
    if (!store_begin(d->crm->store, &err) || !query_user(d->crm->store, str(sql), &q, &writes, &err)
        || !query_run(q, &err))
        fail_msg("%s: %s", sql, err.msg);
    query_close(q);
    if (!store_commit(d->crm->store, &err))
        fail_msg("%s: %s", sql, err.msg);
}

static inline int64_t dial_count(Desk *d, const char *sql)
{
    Query *q = NULL;
    bool writes;
    Error err = { 0 };
    if (!query_user(d->crm->store, str(sql), &q, &writes, &err) || !query_one(q, &err))
        fail_msg("%s: %s", sql, err.msg);
    int64_t n = query_col_int(q, 0);
    query_close(q);
    return n;
}

/* n customers with mobile numbers of Shanghai's country, on list `l`, worked by campaign `c`. */
static inline void dial_make(Desk *d, int n, const char *mode, const char *more)
{
    char line[400];
    desk_do(d, "list add name=l");
    snprintf(line, sizeof line, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
             " WHERE i < %d) INSERT INTO customer(id, name, stage, stage_at, created)"
             " SELECT i, 'customer ' || i, 1, 0, 0 FROM n", n);
    dial_sql(d, line);
    dial_sql(d, "INSERT INTO contact(customer, kind, value, position, country, valid)"
                " SELECT id, 'phone', '+86' || (13800000000 + id), 1, 'CN', 1 FROM customer");
    dial_sql(d, "INSERT INTO entry(list, customer) SELECT 1, id FROM customer ORDER BY id");
    snprintf(line, sizeof line, "campaign add name=c list=l mode=%s script='Hello {name}' %s", mode,
             more);
    desk_do(d, line);
}

#endif

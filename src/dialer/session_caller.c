/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/session_caller.h"

#include "base/date.h"
#include "dialer/driver.h"

enum { WHO, CALLED, TOUCHED, LISTED, SQL_COUNT };
static const Sql sql[] = {
    [WHO] = { "SELECT k.id, k.name, k.org, u.name, k.owner FROM contact n JOIN customer k ON k.id ="
              " coalesce(n.customer, (SELECT customer FROM person WHERE id = n.person))"
              " LEFT JOIN user u ON u.id = k.owner WHERE n.value = ?1 AND n.kind = 'phone'"
              " GROUP BY k.id ORDER BY k.retired, (SELECT max(v.placed_at) FROM call v"
              " WHERE v.customer = k.id) DESC, k.id", SQL_HOT },
    [CALLED] = { "SELECT c.placed_at, g.id, g.name FROM call c JOIN campaign g ON g.id = c.campaign"
                 " WHERE c.customer = ?1 AND c.placed_at >= ?2 AND c.direction = 'out'"
                 " ORDER BY c.placed_at DESC LIMIT 1", SQL_HOT },
    [TOUCHED] = { "SELECT at, channel FROM touch WHERE customer = ?1 AND at >= ?2"
                  " AND direction = 'out' AND call IS NULL AND result IS NOT 'skipped'"
                  " ORDER BY at DESC LIMIT 1", SQL_HOT },
    [LISTED] = { "SELECT g.id, g.name FROM entry e JOIN campaign g ON g.list = e.list"
                 " WHERE e.customer = ?1 AND g.state IN ('running', 'paused')"
                 " ORDER BY g.state = 'running' DESC, g.priority DESC, g.id DESC LIMIT 1",
                 SQL_HOT },
};
const SqlTable session_caller_sql = { "session_caller", sql, SQL_COUNT };

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? NULL : str_c(query_col_str(q, i), a);
}

void caller_number(Crm *crm, const char *told, char out[static PHONE_E164_SIZE])
{
    Phone p;
    Error ignored = { 0 };
    out[0] = '\0';
    if (phone_normalise(crm->phones, str(told), NULL, &p) == PHONE_OK)
        memcpy(out, p.e164, PHONE_E164_SIZE);
    else if (strlen(told) < PHONE_E164_SIZE && driver_check_number(told, &ignored))
        memcpy(out, told, strlen(told) + 1);
}

int64_t caller_within(Crm *crm)
{
    Arena a = { 0 };
    int64_t days = 30;
    const char *set = setting_get(crm, "inbound.days", &a);
    if (set)
        str_int(str(set), &days);
    arena_release(&a);
    return days * DAY_MS;
}

/* Of several the one who was called last; the others are counted. */
static bool find_customer(Crm *crm, Arena *a, Caller *k, Error *err)
{
    Query *q = NULL;
    int more;
    if (!query_open(crm->store, &sql[WHO], &q, err))
        return false;
    query_cstr(q, 1, k->number);
    while ((more = query_next(q, err)) > 0) {
        if (k->customer) {
            k->others++;
            continue;
        }
        k->customer = query_col_int(q, 0);
        k->name = text(q, 1, a);
        k->org = text(q, 2, a);
        k->owner_name = text(q, 3, a);
        k->owner = query_col_int(q, 4);
    }
    query_close(q);
    return more == 0;
}

/* One row with a time first, or none; what is behind it in *id and *word. */
static int last_contact(Crm *crm, int statement, const Caller *k, int64_t since, int64_t *at,
                        int64_t *id, const char **word, Arena *a, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[statement], &q, err))
        return -1;
    query_int(q, 1, k->customer);
    if (statement != LISTED)
        query_int(q, 2, since);
    int got = query_next(q, err);
    if (got > 0 && statement == CALLED) {
        *at = query_col_int(q, 0);
        *id = query_col_int(q, 1);
        *word = text(q, 2, a);
    } else if (got > 0) {
        *(statement == TOUCHED ? at : id) = query_col_int(q, 0);
        *word = text(q, 1, a);
    }
    query_close(q);
    return got;
}

static const char *because(Crm *crm, const char *what, int64_t at, Arena *a)
{
    Buf b = { 0 };
    buf_printf(&b, "%s ", what);
    ago_write(at, crm_now(crm), &b);
    const char *words = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return words;
}

static bool find_cause(Crm *crm, int64_t within, Arena *a, Caller *k, Error *err)
{
    int64_t since = crm_now(crm) - within;
    int64_t called_at = 0, touched_at = 0, by_call = 0, by_list = 0;
    const char *call_name = NULL, *list_name = NULL, *channel = NULL;
    if (!k->customer)
        return true;
    if (last_contact(crm, CALLED, k, since, &called_at, &by_call, &call_name, a, err) < 0
        || last_contact(crm, TOUCHED, k, since, &touched_at, NULL, &channel, a, err) < 0
        || last_contact(crm, LISTED, k, since, NULL, &by_list, &list_name, a, err) < 0)
        return false;
    if (by_call && (called_at >= touched_at || !by_list)) {
        k->campaign = by_call;
        k->campaign_name = call_name;
        k->because = because(crm, "call", called_at, a);
    } else if (by_list) {
        k->campaign = by_list;
        k->campaign_name = list_name;
        k->because = channel ? because(crm, channel, touched_at, a) : "on its list";
    }
    return true;
}

bool caller_find(Crm *crm, int64_t within, Arena *a, Caller *k, Error *err)
{
    return !*k->number
           || (find_customer(crm, a, k, err) && find_cause(crm, within, a, k, err));
}

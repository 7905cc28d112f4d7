/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_crash.c -- what a dead session left behind.
 *
 * Each live call carries in `channel` the run and the process it belongs to.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/process.h"
#include "dialer/session_inside.h"
#include "store/journal.h"

enum { OPEN_CALLS, FAIL_CALL, RESULT_ROW, OPEN_RUNS, CLOSE_RUN, FREE_ENTRIES, AT_DESKS, SEND_HOME,
       SQL_COUNT };
static const Sql sql[] = {
    /* The index holds the open calls alone, which are few. */
    [OPEN_CALLS] = { "SELECT c.id, c.entry, c.channel, coalesce(e.attempts, 0),"
                     " c.direction = 'in', c.result, c.number, coalesce(r.final, 0),"
                     " coalesce(r.dnc, 0), c.note"
                     " FROM call c INDEXED BY call_open LEFT JOIN entry e ON e.id = c.entry"
                     " LEFT JOIN result r ON r.name = c.result"
                     " WHERE (c.campaign = ?1 OR c.direction = 'in') AND c.state <> 'ended'"
                     " ORDER BY c.id",
                     SQL_HOT },
    /* What its agent had said of it counts. */
    [FAIL_CALL] = { "UPDATE call SET state = 'ended', result = coalesce(result, ?2),"
                    " ended_at = max(placed_at, ?3), note = coalesce(note, ?4), change = ?5"
                    " WHERE id = ?1",
                    SQL_HOT },
    [RESULT_ROW] = { "SELECT final FROM result WHERE name = 'failed'", SQL_HOT },
    [OPEN_RUNS] = { "SELECT r.id, (SELECT c.channel FROM call c WHERE c.campaign = r.campaign"
                    "  AND c.placed_at >= r.began"
                    "  AND substr(c.channel, 1, length(r.id) + 1) = r.id || '.' LIMIT 1)"
                    " FROM dial_run r WHERE r.campaign = ?1 AND r.ended IS NULL", 0 },
    [CLOSE_RUN] = { "UPDATE dial_run SET change = ?3, (ended, dials, connected, abandoned) ="
                    " (SELECT coalesce(max(c.placed_at), began), count(*),"
                    "  coalesce(sum(r.connected), 0),"
                    "  count(CASE WHEN c.result = 'abandoned' THEN 1 END) FROM call c"
                    "  LEFT JOIN result r ON r.name = c.result"
                    "  WHERE c.campaign = dial_run.campaign AND c.placed_at >= dial_run.began"
                    "  AND c.channel = ?2 AND c.direction = 'out') WHERE id = ?1", SQL_HOT },
    [FREE_ENTRIES] = { "UPDATE entry SET state = 'retry', next_at = ?2, change = ?3"
                       " WHERE list = (SELECT list FROM campaign WHERE id = ?1)"
                       " AND state = 'dialling' AND NOT EXISTS (SELECT 1 FROM call c"
                       "  INDEXED BY call_open WHERE c.state <> 'ended' AND c.entry = entry.id)",
                       SQL_HOT },
    [AT_DESKS] = { "SELECT id, process FROM agent WHERE process IS NOT NULL", 0 },
    [SEND_HOME] = { "UPDATE agent SET state = 'off', call = NULL, since = ?2, process = NULL,"
                    " change = ?3 WHERE id = ?1", SQL_HOT },
};
const SqlTable session_crash_sql = { "session_crash", sql, SQL_COUNT };

void channel_write(int64_t dial_run, char *out, size_t size)
{
    char process[PROCESS_NAME];
    process_name(process);
    snprintf(out, size, "%" PRId64 ".%s", dial_run, process);
}

static bool alive(Str channel)
{
    const char *dot = channel.n ? memchr(channel.s, '.', channel.n) : NULL;
    return dot && process_alive(str_n(dot + 1, channel.n - (size_t)(dot + 1 - channel.s)));
}

typedef struct Left {
    int64_t call, entry, attempts;
    bool in;
    const char *number, *note;
    ResultRow said;                   /* name NULL: nothing was */
} Left;

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? NULL : str_c(query_col_str(q, i), a);
}

static bool read_open(Crm *crm, int64_t campaign, Arena *a, Left **out, int64_t *n, Error *err)
{
    Query *q = NULL;
    int more;
    int64_t room = 0;
    *n = 0;
    if (!query_open(crm->store, &sql[OPEN_CALLS], &q, err))
        return false;
    query_int(q, 1, campaign);
    while ((more = query_next(q, err)) > 0) {
        if (alive(query_col_str(q, 2)))
            continue;
        if (*n == room) {
            Left *grown = ARENA_ARRAY(a, Left, room = room ? 2 * room : 16);
            if (*n)
                memcpy(grown, *out, sizeof *grown * (size_t)*n);
            *out = grown;
        }
        (*out)[(*n)++] = (Left){
            query_col_int(q, 0), query_col_int(q, 1), query_col_int(q, 3), query_col_int(q, 4),
            text(q, 6, a), text(q, 9, a),
            { .name = text(q, 5, a), .final = query_col_int(q, 7), .dnc = query_col_int(q, 8) }
        };
    }
    query_close(q);
    return more == 0;
}

static bool fail_call(Crm *crm, int64_t campaign, const Left *l, const ResultRow *failed,
                      int64_t now, Error *err)
{
    static const ResultRow missed = { .name = "missed" };
    Query *q = NULL;
    NextStep next;
    if (!query_open(crm->store, &sql[FAIL_CALL], &q, err))
        return false;
    query_int(q, 1, l->call);
    query_cstr(q, 2, l->in ? missed.name : failed->name);
    query_int(q, 3, now);
    query_cstr(q, 4, "the program ended during this call");
    query_int(q, 5, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    Attempt t = { campaign, l->entry, l->attempts, now, 0,
                  l->said.name ? &l->said : l->in ? &missed : failed, 0 };
    if (strcmp(t.result->name, "callback") == 0)
        t.callback_at = now + 1;          /* the time that was promised is not known any more */
    if (ok && t.result->dnc)
        ok = session_stop_number(crm, l->number, l->note ? l->note : t.result->name, now, err);
    if (ok && l->in)
        return inbound_over(crm, l->call, &t, &next.at, err);
    return ok && rules_next(crm, &t, &next, err) && rules_apply(crm, &t, &next, err);
}

static bool close_runs(Crm *crm, int64_t campaign, Arena *a, Error *err)
{
    Query *q = NULL;
    int more;
    int64_t ids[64];
    const char *channels[64];
    int n = 0;
    if (!query_open(crm->store, &sql[OPEN_RUNS], &q, err))
        return false;
    query_int(q, 1, campaign);
    while ((more = query_next(q, err)) > 0 && n < 64)
        if (!alive(query_col_str(q, 1))) {
            ids[n] = query_col_int(q, 0);
            channels[n++] = str_c(query_col_str(q, 1), a);
        }
    query_close(q);
    bool ok = more >= 0;
    for (int i = 0; ok && i < n; i++) {
        if (!query_open(crm->store, &sql[CLOSE_RUN], &q, err))
            return false;
        query_int(q, 1, ids[i]);
        query_cstr(q, 2, channels[i]);
        query_int(q, 3, journal_current(crm->store));
        ok = query_run(q, err);
        query_close(q);
    }
    return ok;
}

/* Entries that seem to be in a call which is nowhere. */
static bool free_entries(Crm *crm, int64_t campaign, int64_t now, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[FREE_ENTRIES], &q, err))
        return false;
    query_int(q, 1, campaign);
    query_int(q, 2, now + 15 * MINUTE);
    query_int(q, 3, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Agents who dialled at a prompt that is gone. */
static bool send_home(Crm *crm, int64_t now, Error *err)
{
    Query *q = NULL;
    int64_t ids[64];
    int more, n = 0;
    if (!query_open(crm->store, &sql[AT_DESKS], &q, err))
        return false;
    while ((more = query_next(q, err)) > 0 && n < 64)
        if (!process_alive(query_col_str(q, 1)))
            ids[n++] = query_col_int(q, 0);
    query_close(q);
    bool ok = more >= 0;
    for (int i = 0; ok && i < n; i++) {
        if (!query_open(crm->store, &sql[SEND_HOME], &q, err))
            return false;
        query_int(q, 1, ids[i]);
        query_int(q, 2, now);
        query_int(q, 3, journal_current(crm->store));
        ok = query_run(q, err);
        query_close(q);
    }
    return ok;
}

bool dial_reconcile(Crm *crm, int64_t campaign, int64_t now, int64_t *cleared, Error *err)
{
    Arena a = { 0 };
    Left *left = NULL;
    int64_t final = 0;
    *cleared = 0;
    bool ok = store_get_int(crm->store, &sql[RESULT_ROW], &final, err)
              && read_open(crm, campaign, &a, &left, cleared, err);
    ResultRow failed = { .name = "failed", .final = final };
    for (int64_t i = 0; ok && i < *cleared; i++)
        ok = fail_call(crm, campaign, &left[i], &failed, now, err);
    ok = ok && free_entries(crm, campaign, now, err) && send_home(crm, now, err)
         && close_runs(crm, campaign, &a, err);
    arena_release(&a);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_skip.c -- entries that were claimed and not dialled: an agent passed them over, or they
 * are put back.
 */
#include "dialer/session_inside.h"

enum { SKIP_DELAY, PUT_OFF, SQL_COUNT };
static const Sql sql[] = {
    [SKIP_DELAY] = { "SELECT after FROM recycle WHERE result = 'skipped' AND (campaign = ?1"
                     " OR campaign IS NULL) ORDER BY campaign IS NULL, id LIMIT 1",
                     0 },
    /* Not a callback that was booked meanwhile. */
    [PUT_OFF] = { "UPDATE entry SET next_at = CASE WHEN state = 'callback' AND next_at > ?4"
                  " THEN next_at ELSE ?2 END, change = ?3 WHERE id = ?1"
                  " AND state IN ('new', 'retry', 'callback') RETURNING customer, state, next_at",
                  SQL_HOT },
};
const SqlTable session_skip_sql = { "session_skip", sql, SQL_COUNT };

enum { SKIPPED_FOR = DAY_MS };            /* unless a recycle rule for 'skipped' says otherwise */

static bool skip_delay(DialSession *s, int64_t *ms, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[SKIP_DELAY], &q, err))
        return false;
    query_int(q, 1, s->campaign.id);
    int got = query_next(q, err);
    *ms = got > 0 ? query_col_int(q, 0) : SKIPPED_FOR;
    query_close(q);
    return got >= 0;
}

/* *customer 0: the entry is not there to be dialled any more. */
static bool put_off(DialSession *s, int64_t now, int64_t entry, int64_t *at, int64_t *customer,
                    char state[static 16], Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[PUT_OFF], &q, err))
        return false;
    query_int(q, 1, entry);
    query_int(q, 2, *at);
    query_int(q, 3, journal_current(s->crm->store));
    query_int(q, 4, now);
    int got = query_next(q, err);
    *customer = got > 0 ? query_col_int(q, 0) : 0;
    if (got > 0) {
        Str text = query_col_str(q, 1);
        memcpy(state, text.s, text.n < 15 ? text.n : 15);
        *at = query_col_int(q, 2);
        got = query_run(q, err) ? 1 : -1;
    }
    query_close(q);
    return got >= 0;
}

static bool write_skip(DialSession *s, int64_t now, int64_t entry, Str why, Error *err)
{
    int64_t delay, at, customer;
    char state[16] = "";
    if (!skip_delay(s, &delay, err))
        return false;
    at = now + delay;
    if (!put_off(s, now, entry, &at, &customer, state, err))
        return false;
    if (!customer)
        return true;
    pool_due(s, state, at);
    return session_touch(s, &(Contact){ customer, now, false, "skipped", why, 0 }, err);
}

void session_put_back(void *self, int64_t now, const Entry *entry, PutBack why, Str words)
{
    DialSession *s = self;
    Error err = { 0 };
    pool_free(s, entry->id);
    if (why == PUT_BACK_NUMBER_IN_USE) {
        pool_park(s, entry->id, now + MINUTE);
    } else if (why == PUT_BACK_NOT_DIALLED) {
        pool_park(s, entry->id, now);
    } else if (!session_begin(s, &err)
               || !session_end(s, write_skip(s, now, entry->id, words, &err), &err)) {
        pool_park(s, entry->id, now + RECHECK);
        session_trouble(s, &err);
    }
}

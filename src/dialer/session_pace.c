/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_pace.c -- the ledgers of abandoned calls that the cap is held against, and what pacing
 * noted: its last decision and what it has learnt.
 *
 * Calls of the simulated line and of real ones have ledgers of their own, and what the one taught
 * is not used on the other.  A rehearsed day leaves no note.
 */
#include "dialer/session_inside.h"

enum { LEDGERS, NOTED, NOTE, CAP, SQL_COUNT };
static const Sql sql[] = {
    [LEDGERS] = { "SELECT count(bridged_at), count(CASE WHEN result = 'abandoned' THEN 1 END),"
                  " count(CASE WHEN placed_at >= ?4 THEN bridged_at END),"
                  " count(CASE WHEN placed_at >= ?4 AND result = 'abandoned' THEN 1 END)"
                  " FROM call WHERE campaign = ?1 AND placed_at >= ?2 AND placed_at < ?3"
                  " AND direction = 'out'"
                  " AND (driver = 'sim') = ?5",
                  SQL_HOT },
    [NOTED] = { "SELECT at, why, learnt, simulated FROM pacing WHERE campaign = ?1", SQL_HOT },
    [NOTE] = { "INSERT INTO pacing(campaign, at, why, learnt, simulated)"
               " VALUES (?1, ?2, ?3, ?4, ?5)"
               " ON CONFLICT(campaign) DO UPDATE SET at = excluded.at, why = excluded.why,"
               " learnt = CASE WHEN simulated = excluded.simulated"
               " THEN coalesce(excluded.learnt, learnt) ELSE excluded.learnt END,"
               " simulated = excluded.simulated",
               SQL_HOT },
    [CAP] = { "SELECT max_abandoned, abandon_days, coalesce((SELECT driver = 'sim' FROM call WHERE"
              " campaign = ?1 ORDER BY placed_at DESC LIMIT 1), 0) FROM campaign WHERE id = ?1",
              SQL_HOT },
};
const SqlTable session_pace_sql = { "session_pace", sql, SQL_COUNT };

typedef struct Asked { int64_t campaign, now, days; bool simulated; } Asked;

/* The window ends with today and begins at a midnight. */
static int64_t midnight(const Crm *crm, int64_t at, int64_t days_before)
{
    Civil day = civil_at(crm->zone, at);
    day.day -= (int)days_before;
    day.hour = day.minute = day.second = day.ms = 0;
    return civil_time(crm->zone, &day);
}

static bool read_ledgers(Crm *crm, const Asked *t, Ledger *window, Ledger *today, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[LEDGERS], &q, err))
        return false;
    query_int(q, 1, t->campaign);
    query_int(q, 2, midnight(crm, t->now, t->days - 1));
    query_int(q, 3, t->now);
    query_int(q, 4, midnight(crm, t->now, 0));
    query_int(q, 5, t->simulated);
    bool ok = query_one(q, err);
    if (ok) {
        *window = (Ledger){ query_col_int(q, 0) + query_col_int(q, 1), query_col_int(q, 1) };
        *today = (Ledger){ query_col_int(q, 2) + query_col_int(q, 3), query_col_int(q, 3) };
    }
    query_close(q);
    return ok;
}

static bool is_simulated(const DialSession *s)
{
    return strcmp(s->plan.driver, "sim") == 0;
}

/* What cannot be read is as if nothing had been learnt. */
static bool read_learnt(DialSession *s, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[NOTED], &q, err))
        return false;
    query_int(q, 1, s->campaign.id);
    int got = query_next(q, err);
    if (got > 0 && !query_col_is_null(q, 2) && query_col_int(q, 3) == is_simulated(s)) {
        s->learnt = xalloc(sizeof *s->learnt);
        if (learnt_read(query_col_str(q, 2), s->learnt))
            s->campaign.rules.learnt = s->learnt;
    }
    query_close(q);
    return got >= 0;
}

bool session_pace_open(DialSession *s, Error *err)
{
    Asked t = { s->campaign.id, s->plan.now, s->campaign.abandon_days, is_simulated(s) };
    EngineConfig *rules = &s->campaign.rules;
    return read_ledgers(s->crm, &t, &rules->before, &rules->earlier, err) && read_learnt(s, err);
}

bool dial_session_ledgers(DialSession *s, int64_t now, Ledger *window, Ledger *today, Error *err)
{
    Asked t = { s->campaign.id, now, s->campaign.abandon_days, is_simulated(s) };
    return session_write_all(s, err) && read_ledgers(s->crm, &t, window, today, err);
}

static bool write_note(DialSession *s, int64_t now, const Buf *why, const Buf *learnt, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[NOTE], &q, err))
        return false;
    query_int(q, 1, s->campaign.id);
    query_int(q, 2, now);
    query_cstr(q, 3, why->s);
    if (learnt->n)
        query_cstr(q, 4, learnt->s);
    else
        query_null(q, 4);
    query_int(q, 5, is_simulated(s));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

/* Only a note: that it cannot be written stops no live line. */
void session_paced(void *self, int64_t now, const Pace *pace, const PaceLearnt *learnt)
{
    DialSession *s = self;
    Buf why = { 0 }, text = { 0 };
    Error err = { 0 };
    if (s->plan.rehearsal)
        return;
    pace_explain(pace, &why);
    if (learnt)
        learnt_write(learnt, &text);
    if (session_begin(s, &err))
        session_end(s, write_note(s, now, &why, &text, &err), &err);
    buf_release(&why);
    buf_release(&text);
}

bool dial_pacing(Crm *crm, int64_t campaign, int64_t now, Arena *a, DialPacing *out, Error *err)
{
    Query *q = NULL;
    Asked t = { .campaign = campaign, .now = now };
    *out = (DialPacing){ .why = "" };
    if (!query_open(crm->store, &sql[CAP], &q, err))
        return false;
    query_int(q, 1, campaign);
    bool ok = query_one(q, err);
    if (ok) {
        out->cap = query_col_real(q, 0);
        out->days = t.days = query_col_int(q, 1);
        t.simulated = query_col_int(q, 2);
    }
    query_close(q);
    if (!ok || !read_ledgers(crm, &t, &out->window, &out->today, err)
        || !query_open(crm->store, &sql[NOTED], &q, err))
        return false;
    query_int(q, 1, campaign);
    int got = query_next(q, err);
    if (got > 0) {
        out->at = query_col_int(q, 0);
        out->why = str_c(query_col_str(q, 1), a);
    }
    query_close(q);
    return got >= 0;
}

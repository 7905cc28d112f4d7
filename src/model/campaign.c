/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * campaign.c -- the states of a campaign, and the gate on its start.
 */
#include <inttypes.h>

#include "model/list.h"
#include "model/record.h"
#include "store/journal.h"

enum { CAMPAIGN, ENTRIES, HOURS, SET_STATE, SQL_COUNT };
static const Sql sql[] = {
    [CAMPAIGN] = { "SELECT c.name, c.state, c.list, l.name, l.state, c.script, c.starts,"
                   " c.ends FROM campaign c LEFT JOIN list l ON l.id = c.list WHERE c.id = ?1",
                   SQL_HOT },
    [ENTRIES] = { "SELECT count(*) FROM entry WHERE list = ?1 AND state <> 'done'", SQL_HOT },
    [HOURS] = { "SELECT h.name, h.spec FROM hours h WHERE h.id = coalesce((SELECT hours FROM"
                " campaign"
                " WHERE id = ?1), (SELECT id FROM hours WHERE name = 'default'))", SQL_HOT },
    [SET_STATE] = { "UPDATE campaign SET state = ?2, change = ?3 WHERE id = ?1", SQL_HOT },
};
const SqlTable campaign_sql = { "campaign", sql, SQL_COUNT };

/* Which state may follow which. */
static const struct { const char *from, *to; } steps[] = {
    { "draft", "ready" },    { "draft", "running" },  { "ready", "running" },
    { "ready", "draft" },    { "running", "paused" }, { "paused", "running" },
    { "running", "closed" }, { "paused", "closed" },  { "draft", "closed" },
    { "ready", "closed" },
};

typedef struct Facts {
    const char *name, *state, *list_name, *list_state, *script, *starts, *ends;
    int64_t list;
} Facts;

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? "" : str_c(query_col_str(q, i), a);
}

static bool facts_get(Crm *crm, int64_t id, Arena *a, Facts *f, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[CAMPAIGN], &q, err))
        return false;
    query_int(q, 1, id);
    int found = query_next(q, err);
    if (found > 0)
        *f = (Facts){
            .name = text(q, 0, a), .state = text(q, 1, a), .list = query_col_int(q, 2),
            .list_name = text(q, 3, a), .list_state = text(q, 4, a), .script = text(q, 5, a),
            .starts = text(q, 6, a), .ends = text(q, 7, a),
        };
    query_close(q);
    return found > 0 || (found == 0 && fail(err, ERR_NOT_FOUND, "no campaign %" PRId64, id));
}

/* ---- the gate -------------------------------------------------------------------------------- */

static bool check_list(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    Facts f;
    Query *q = NULL;
    Verdict v = { 0 };
    if (!facts_get(crm, *(const int64_t *)subject, a, &f, err))
        return false;
    if (!f.list) {
        v.reason = "it has no list";
        v.hint = arena_printf(a, "campaign set %s list=NAME", f.name);
    } else if (strcmp(f.list_state, "active") != 0) {
        v.reason = arena_printf(a, "list %s is %s", f.list_name, f.list_state);
        v.hint = strcmp(f.list_state, "frozen") == 0
                     ? arena_printf(a, "list thaw %s", f.list_name)
                     : arena_printf(a, "campaign set %s list=NAME", f.name);
    } else {
        if (!query_open(crm->store, &sql[ENTRIES], &q, err))
            return false;
        query_int(q, 1, f.list);
        int64_t left = query_next(q, err) > 0 ? query_col_int(q, 0) : 0;
        query_close(q);
        v.pass = left > 0;
        v.reason = arena_printf(a, "%" PRId64 " entries of list %s are left", left, f.list_name);
        v.hint = v.pass ? NULL : arena_printf(a, "list fill %s FILTER", f.list_name);
    }
    verdict_add(out, a, v);
    return true;
}

static bool check_script(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    Facts f;
    if (!facts_get(crm, *(const int64_t *)subject, a, &f, err))
        return false;
    Verdict v = { .pass = *f.script != '\0' };
    v.reason = v.pass ? "there is one" : "no script: nobody knows what to say";
    v.hint = v.pass ? NULL : arena_printf(a, "campaign set %s script='...'", f.name);
    verdict_add(out, a, v);
    return true;
}

static bool check_hours(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    Query *q = NULL;
    Hours h;
    Error bad = { 0 };
    Verdict v = { 0 };
    if (!query_open(crm->store, &sql[HOURS], &q, err))
        return false;
    query_int(q, 1, *(const int64_t *)subject);
    int found = query_next(q, err);
    if (found > 0) {
        v.pass = hours_parse(query_col_str(q, 1), &h, &bad);
        v.reason = arena_printf(a, "%.*s: %.*s", STR_ARG(query_col_str(q, 0)),
                                STR_ARG(query_col_str(q, 1)));
    } else {
        v.reason = "there are no hours named default";
        v.hint = "hours add name=default spec='Mon-Fri 09:00-20:00'";
    }
    query_close(q);
    verdict_add(out, a, v);
    return found >= 0;
}

static bool check_dates(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    Facts f;
    char today[16];
    if (!facts_get(crm, *(const int64_t *)subject, a, &f, err))
        return false;
    Civil c = civil_at(crm->zone, crm_now(crm));
    day_write_iso(day_number(c.year, c.month, c.day), today);
    Verdict v = { .pass = true, .reason = "today is within them" };
    if (*f.starts && strcmp(today, f.starts) < 0) {
        v.pass = false;
        v.reason = arena_printf(a, "it begins on %s", f.starts);
        v.hint = arena_printf(a, "campaign set %s starts=today", f.name);
    } else if (*f.ends && strcmp(today, f.ends) > 0) {
        v.pass = false;
        v.reason = arena_printf(a, "it ended on %s", f.ends);
        v.hint = arena_printf(a, "campaign set %s ends=", f.name);
    }
    verdict_add(out, a, v);
    return true;
}

const Gate campaign_gate = {
    .name = "campaign start",
    .checks = (const Check[]){
        { "list", check_list },
        { "script", check_script },
        { "hours", check_hours },
        { "dates", check_dates },
        { 0 } },
};

/* ---- states ---------------------------------------------------------------------------------- */

static bool step_check(const Facts *f, const char *to, Error *err)
{
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].from, f->state) == 0 && strcmp(steps[i].to, to) == 0)
            return true;
    fail(err, ERR_REFUSED, "campaign %s is %s and cannot become %s", f->name, f->state, to);
    Buf b = { 0 };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++)
        if (strcmp(steps[i].from, f->state) == 0)
            buf_printf(&b, "%s%s", b.n ? ", " : "", steps[i].to);
    fail_hint(err, "from %s it may become: %s", f->state, b.n ? b.s : "nothing");
    buf_release(&b);
    return false;
}

bool campaign_set_state(Crm *crm, int64_t campaign, const char *state, Arena *a, Error *err)
{
    Facts f;
    Verdicts v;
    Query *q = NULL;
    if (!facts_get(crm, campaign, a, &f, err) || !step_check(&f, state, err))
        return false;
    if (strcmp(state, "running") == 0) {
        if (!gate_ask(crm, &campaign_gate, &campaign, true, a, &v, err))
            return false;
        if (!v.pass) {
            gate_refuse(&v, err, arena_printf(a, "campaign %s may not start", f.name));
            return fail_hint(err, "why campaign %s shows every check", f.name);
        }
    }
    if (!query_open(crm->store, &sql[SET_STATE], &q, err))
        return false;
    query_int(q, 1, campaign);
    query_cstr(q, 2, state);
    query_int(q, 3, journal_current(crm->store));
    bool ok = query_run(q, err);
    query_close(q);
    return ok;
}

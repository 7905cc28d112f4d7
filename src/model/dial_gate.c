/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/dial_gate.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/country.h"
#include "base/never.h"
#include "model/holiday.h"

enum { CAMPAIGN, FACTS, NUMBERS, TODAY, ENTRY, OPEN_ENTRIES, SQL_COUNT };
static const Sql sql[] = {
    [CAMPAIGN] = {
        "SELECT c.state, c.name, c.list, l.state, l.name, c.max_attempts, c.max_per_day,"
        " c.starts, c.ends, c.purpose, h.name, h.spec, h.id,"
        " (SELECT value = 'opt-in' FROM setting WHERE name = 'consent'),"
        " (SELECT value FROM setting WHERE name = 'dial.never')"
        " FROM campaign c LEFT JOIN list l ON l.id = c.list"
        " LEFT JOIN hours h ON h.id = coalesce(c.hours, (SELECT id FROM hours WHERE name ="
        " 'default')) WHERE c.id = ?1", SQL_HOT },
    /* Asked for each dial. What sorts would make a table each time: so which number, and whether
     * it is called, are asked after it. ?1 entry, ?2 list, ?3 purpose */
    [FACTS] = {
        "SELECT e.customer, e.state, e.reason, e.attempts, e.next_at, e.agent,"
        " (SELECT name FROM agent WHERE id = e.agent), k.name, k.dnc, k.retired, k.zone,"
        " k.best_time, w.given, w.at, w.source"
        " FROM entry e JOIN customer k ON k.id = e.customer"
        " LEFT JOIN consent w ON w.id = (SELECT v.id FROM consent v WHERE v.customer = k.id"
        "   AND v.channel IN ('phone', 'any') AND v.purpose IN (?3, 'any')"
        "   ORDER BY v.at DESC, v.id DESC LIMIT 1)"
        " WHERE e.id = ?1 AND e.list = ?2", SQL_HOT },
    [NUMBERS] = { "SELECT value, person IS NOT NULL, valid IS 0, position FROM contact"
                  " WHERE customer = ?1 AND kind = 'phone'", SQL_HOT },
    [TODAY] = { "SELECT (SELECT count(*) FROM call WHERE customer = ?1 AND placed_at >= ?3"
                "  AND direction = 'out')"
                " + (SELECT count(*) FROM call WHERE number = ?2 AND placed_at >= ?3"
                "    AND direction = 'out'"
                "    AND customer IS NOT ?1),"
                " EXISTS (SELECT 1 FROM call WHERE customer = ?1 AND state <> 'ended')"
                " OR EXISTS (SELECT 1 FROM call WHERE number = ?2 AND state <> 'ended'),"
                " (SELECT at FROM dnc WHERE number = ?2), (SELECT why FROM dnc WHERE number = ?2)",
                SQL_HOT },
    [ENTRY] = { "SELECT e.id FROM entry e JOIN campaign c ON c.list = e.list WHERE c.id = ?1"
                " AND e.customer = ?2", SQL_HOT },
    [OPEN_ENTRIES] = { "SELECT e.id FROM campaign c JOIN entry e ON e.list = c.list WHERE c.id = ?1"
                       " AND e.state <> 'done' ORDER BY e.id", SQL_HOT },
};
const SqlTable dial_gate_sql = { "dial_gate", sql, SQL_COUNT };

static Str text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? (Str){ 0 } : str_dup(query_col_str(q, i), a);
}

static const Zone *zone_of(Crm *crm, Str name, Str number, Arena *a)
{
    const Zone *z = NULL;
    Error ignored = { 0 };
    const char *by_number = country_zone_of_number(number);
    if (name.n && zone_get(&crm->zones, str_c(name, a), &z, &ignored))
        return z;
    if (by_number && zone_get(&crm->zones, by_number, &z, &ignored))
        return z;
    return crm->zone;
}

static void campaign_read(const Query *q, Arena *a, DialFacts *f, int64_t *hours)
{
    Error bad = { 0 };
    f->campaign_state = text(q, 0, a);
    f->campaign_name = text(q, 1, a);
    f->list = query_col_int(q, 2);
    f->list_state = text(q, 3, a);
    f->list_name = text(q, 4, a);
    f->max_attempts = query_col_int(q, 5);
    f->max_per_day = query_col_int(q, 6);
    f->starts = text(q, 7, a);
    f->ends = text(q, 8, a);
    f->purpose = text(q, 9, a);
    f->hours_name = text(q, 10, a);
    if (query_col_is_null(q, 11) || !hours_parse(query_col_str(q, 11), &f->hours, &bad))
        f->hours = (Hours){ 0 };
    *hours = query_col_int(q, 12);
    f->opt_in = query_col_int(q, 13);
    f->never = text(q, 14, a);
}

static void entry_read(const Query *q, Arena *a, DialFacts *f)
{
    Error bad = { 0 };
    f->customer = query_col_int(q, 0);
    f->entry_state = text(q, 1, a);
    f->entry_reason = text(q, 2, a);
    f->attempts = query_col_int(q, 3);
    f->next_at = query_col_int(q, 4);
    f->owner = query_col_int(q, 5);
    f->owner_name = text(q, 6, a);
    f->name = text(q, 7, a);
    f->asked_not = query_col_int(q, 8);
    f->retired = query_col_int(q, 9);
    f->zone_said = text(q, 10, a);
    f->prefers = !query_col_is_null(q, 11)
                 && hours_parse(query_col_str(q, 11), &f->best_time, &bad);
    f->consent = query_col_is_null(q, 12) ? CONSENT_NONE
               : query_col_int(q, 12) ? CONSENT_GIVEN : CONSENT_REFUSED;
    f->consent_at = query_col_int(q, 13);
    f->consent_source = text(q, 14, a);
}

/* The customer's own numbers before those of its people, valid ones before others, by position. */
static bool number_read(Crm *crm, Arena *a, DialFacts *f, Error *err)
{
    Query *q = NULL;
    int64_t best[3] = { 0 };
    int more;
    if (!query_open(crm->store, &sql[NUMBERS], &q, err))
        return false;
    query_int(q, 1, f->customer);
    while ((more = query_next(q, err)) > 0) {
        int64_t rank[3] = { query_col_int(q, 1), query_col_int(q, 2), query_col_int(q, 3) };
        int i = 0;
        while (i < 2 && rank[i] == best[i])
            i++;
        if (f->number.s && rank[i] >= best[i])
            continue;
        memcpy(best, rank, sizeof best);
        f->number = text(q, 0, a);
    }
    query_close(q);
    f->zone = zone_of(crm, f->zone_said, f->number, a);
    const char *region = country_of_number(f->number);
    if (region)
        memcpy(f->hours.region, region, sizeof f->hours.region);
    return more == 0;
}

/* Midnight of the customer's day that `now` lies in, `days` further on. */
static int64_t midnight(const DialFacts *f, int days)
{
    Civil c = civil_at(f->zone, f->now);
    c.day += days;
    c.hour = c.minute = c.second = c.ms = 0;
    return civil_time(f->zone, &c);
}

static bool today_read(Crm *crm, Arena *a, DialFacts *f, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[TODAY], &q, err))
        return false;
    query_int(q, 1, f->customer);
    query_str(q, 2, f->number);
    query_int(q, 3, midnight(f, 0));
    bool ok = query_one(q, err);
    if (ok) {
        f->calls_today = query_col_int(q, 0);
        f->in_call = query_col_int(q, 1);
        f->dnc_at = query_col_int(q, 2);
        f->dnc_why = text(q, 3, a);
    }
    query_close(q);
    return ok;
}

bool dial_facts_campaign(Crm *crm, int64_t campaign, int64_t now, Arena *a, DialFacts *out,
                         Error *err)
{
    Query *q = NULL;
    int64_t hours = 0;
    *out = (DialFacts){ .campaign = campaign, .now = now };
    if (!query_open(crm->store, &sql[CAMPAIGN], &q, err))
        return false;
    query_int(q, 1, campaign);
    int found = query_next(q, err);
    if (found > 0)
        campaign_read(q, a, out, &hours);
    else if (found == 0)
        fail(err, ERR_NOT_FOUND, "no campaign %" PRId64, campaign);
    query_close(q);
    return found > 0 && holidays_load(crm, hours, now, a, &out->hours, err);
}

bool dial_facts_entry(Crm *crm, int64_t entry, int64_t agent, Arena *a, DialFacts *f, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[FACTS], &q, err))
        return false;
    f->entry = entry;
    f->agent = agent;
    query_int(q, 1, entry);
    query_int(q, 2, f->list);
    query_str(q, 3, f->purpose);
    int found = query_next(q, err);
    if (found > 0)
        entry_read(q, a, f);
    else if (found == 0)
        fail(err, ERR_NOT_FOUND, "no entry %" PRId64 " on the list of campaign %.*s", entry,
             STR_ARG(f->campaign_name));
    query_close(q);
    return found > 0 && number_read(crm, a, f, err) && today_read(crm, a, f, err);
}

bool dial_facts(Crm *crm, int64_t campaign, int64_t entry, int64_t agent, int64_t now, Arena *a,
                DialFacts *out, Error *err)
{
    return dial_facts_campaign(crm, campaign, now, a, out, err)
           && dial_facts_entry(crm, entry, agent, a, out, err);
}

/* ---- the checks, in order -------------------------------------------------------------------- */

/* Midnight at which a day (YYYY-MM-DD) begins for the user. */
static int64_t day_begins(const Crm *crm, Str day)
{
    int64_t n;
    Civil c = { 0 };
    if (!day_parse_iso(day, &n))
        return 0;
    day_civil(n, &c.year, &c.month, &c.day);
    return civil_time(crm->zone, &c);
}

static bool check_dates(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    char today[16];
    (void)err;
    if (out->brief && !f->starts.n && !f->ends.n)
        return true;
    Civil c = civil_at(crm->zone, f->now);
    day_write_iso(day_number(c.year, c.month, c.day), today);
    Verdict v = { .pass = true, .reason = "today is within them" };
    if (f->starts.n && strncmp(today, f->starts.s, f->starts.n) < 0) {
        v.pass = false;
        v.reason = arena_printf(a, "it begins on %.*s", STR_ARG(f->starts));
        v.until = day_begins(crm, f->starts);
    } else if (f->ends.n && strncmp(today, f->ends.s, f->ends.n) > 0) {
        v.pass = false;
        v.reason = arena_printf(a, "it ended on %.*s", STR_ARG(f->ends));
        v.hint = arena_printf(a, "campaign set %.*s ends=", STR_ARG(f->campaign_name));
    }
    verdict_add(out, a, v);
    return true;
}

static bool check_campaign(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = str_is(f->campaign_state, "running") };
    if (v.pass && out->brief)
        return true;
    v.reason = arena_printf(a, "campaign %.*s is %.*s", STR_ARG(f->campaign_name),
                            STR_ARG(f->campaign_state));
    v.hint = v.pass ? NULL : arena_printf(a, "campaign start %.*s", STR_ARG(f->campaign_name));
    verdict_add(out, a, v);
    return true;
}

static bool check_list(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = str_is(f->list_state, "active") };
    if (v.pass && out->brief)
        return true;
    v.reason = arena_printf(a, "list %.*s is %.*s", STR_ARG(f->list_name), STR_ARG(f->list_state));
    if (str_is(f->list_state, "frozen"))
        v.hint = arena_printf(a, "list thaw %.*s", STR_ARG(f->list_name));
    verdict_add(out, a, v);
    return true;
}

static bool check_entry(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = !str_is(f->entry_state, "done") };
    if (v.pass && out->brief)
        return true;
    v.reason = f->entry_reason.n ? arena_printf(a, "%.*s: %.*s", STR_ARG(f->entry_state),
                                                STR_ARG(f->entry_reason))
                                 : arena_printf(a, "%.*s", STR_ARG(f->entry_state));
    verdict_add(out, a, v);
    return true;
}

static bool check_number(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = f->number.n > 1 && f->number.s[0] == '+' };
    if (v.pass && out->brief)
        return true;
    v.reason = v.pass ? arena_printf(a, "%.*s", STR_ARG(f->number))
               : f->number.n
                   ? arena_printf(a, "'%.*s' could not be read as a number", STR_ARG(f->number))
                   : "it has no telephone number";
    v.hint = v.pass ? NULL : arena_printf(a, "customer set %" PRId64 " phone=...", f->customer);
    verdict_add(out, a, v);
    return true;
}

/* Nothing that users do takes a number off this; they may add to it. */
static bool check_never(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm, (void)err;
    if (!f->number.n)
        return true;
    const char *why = never_dialled(f->number, f->never);
    Verdict v = { .pass = !why };
    v.reason = why ? arena_printf(a, "%.*s is %s", STR_ARG(f->number), why)
                   : "neither an emergency number nor at a premium rate";
    v.hint = why ? arena_printf(a, "customer set %" PRId64 " phone=...", f->customer) : NULL;
    verdict_add(out, a, v);
    return true;
}

static bool check_stop_list(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    Buf since = { 0 };
    (void)crm;
    (void)err;
    Verdict v = { .reason = "not on the stop list" };
    v.pass = !f->asked_not && !f->retired && !f->dnc_at;
    if (f->dnc_at) {
        time_write_local(f->dnc_at, crm->zone, &since);
        v.reason = arena_printf(a, "%.*s is on the stop list since %s%s%.*s", STR_ARG(f->number),
                                since.s, f->dnc_why.n ? ": " : "", STR_ARG(f->dnc_why));
        buf_release(&since);
    } else if (f->asked_not) {
        v.reason = "the customer asked not to be called";
    } else if (f->retired) {
        v.reason = "the customer is retired";
    }
    verdict_add(out, a, v);
    return true;
}

/* The last word on being called, for the campaign's purpose or any. */
static bool check_consent(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    Buf at = { 0 };
    (void)err;
    Verdict v = { .pass = f->consent == CONSENT_GIVEN || (f->consent == CONSENT_NONE && !f->opt_in),
                  .reason = "nothing was said of calls" };
    if (v.pass && out->brief)
        return true;
    if (f->consent != CONSENT_NONE) {
        time_write_local(f->consent_at, crm->zone, &at);
        v.reason = arena_printf(a, "calls for %.*s %s %s (%.*s)", STR_ARG(f->purpose),
                                v.pass ? "allowed" : "refused", at.s, STR_ARG(f->consent_source));
        buf_release(&at);
    } else if (!v.pass) {
        v.reason = arena_printf(a, "nobody has allowed calls for %.*s", STR_ARG(f->purpose));
    }
    if (!v.pass)
        v.hint = arena_printf(a, "consent give %" PRId64 " phone %.*s --source ...", f->customer,
                              STR_ARG(f->purpose));
    verdict_add(out, a, v);
    return true;
}

static bool check_attempts(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = f->attempts < f->max_attempts };
    if (v.pass && out->brief)
        return true;
    v.reason = arena_printf(a, "%" PRId64 " of %" PRId64 " made", f->attempts, f->max_attempts);
    v.hint = v.pass
                 ? NULL
                 : arena_printf(a, "campaign set %.*s max_attempts=...", STR_ARG(f->campaign_name));
    verdict_add(out, a, v);
    return true;
}

static bool check_owner(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = !f->owner || !f->agent || f->owner == f->agent };
    if (v.pass && out->brief)
        return true;
    v.reason = f->owner ? arena_printf(a, "dealt to %.*s", STR_ARG(f->owner_name))
                        : "anybody may take it";
    v.hint = v.pass ? NULL
                    : arena_printf(a, "list recall %.*s %.*s", STR_ARG(f->list_name),
                                   STR_ARG(f->owner_name));
    verdict_add(out, a, v);
    return true;
}

static bool check_delay(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    Buf at = { 0 };
    (void)err;
    Verdict v = { .pass = f->next_at <= f->now, .reason = "nothing to wait for" };
    if (!v.pass) {
        time_write_local(f->next_at, crm->zone, &at);
        v.reason = arena_printf(a, "not before %s", at.s);
        v.until = f->next_at;
        buf_release(&at);
    }
    verdict_add(out, a, v);
    return true;
}

static bool check_in_call(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = !f->in_call };
    v.reason = f->in_call ? "a call to it is up now" : "no call to it is up";
    verdict_add(out, a, v);
    return true;
}

static bool check_today(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = f->calls_today < f->max_per_day };
    if (v.pass && out->brief)
        return true;
    v.reason = arena_printf(a, "%" PRId64 " of %" PRId64 " calls made today", f->calls_today,
                            f->max_per_day);
    v.until = v.pass ? 0 : midnight(f, 1);
    verdict_add(out, a, v);
    return true;
}

/* The verdict of hours at the customer's place; `never`: what to say of those that never open. */
static Verdict within(const Hours *hours, const DialFacts *f, const char *never, Arena *a)
{
    Buf at = { 0 };
    int64_t change = hours_change(hours, f->zone, f->now);
    const Holiday *holiday = hours_holiday(hours, f->zone, f->now);
    Verdict v = { .pass = hours_open(hours, f->zone, f->now) };
    v.until = v.pass || change == INT64_MAX ? 0 : change;
    if (change == INT64_MAX) {
        v.reason = v.pass ? "always open" : never;
    } else {
        time_write_local(change, f->zone, &at);
        v.reason = arena_printf(a, "%s%s%s until %s %s", holiday ? holiday->name : "",
                                holiday ? ": " : "", v.pass ? "open" : "closed", at.s,
                                zone_name(f->zone));
        buf_release(&at);
    }
    return v;
}

static bool check_hours(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    if (out->brief && hours_open(&f->hours, f->zone, f->now))
        return true;
    verdict_add(out, a, within(&f->hours, f, arena_printf(a, "hours %.*s never open",
                                                          STR_ARG(f->hours_name)), a));
    return true;
}

/* A callback was agreed with the customer, whose word of that day is newer. */
static bool check_best_time(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    if (!f->prefers || str_is(f->entry_state, "callback")
        || (out->brief && hours_open(&f->best_time, f->zone, f->now)))
        return true;
    Verdict v = within(&f->best_time, f, "the time that it likes never comes", a);
    v.hint = v.pass ? NULL : arena_printf(a, "customer set %" PRId64 " best_time=", f->customer);
    verdict_add(out, a, v);
    return true;
}

const Gate dial_gate = {
    .name = "dial",
    .checks = (const Check[]){
        { "campaign", check_campaign },
        { "campaign dates", check_dates },
        { "list", check_list },
        { "entry", check_entry },
        { "number", check_number },
        { "never dialled", check_never },
        { "do not call", check_stop_list },
        { "consent", check_consent },
        { "attempts", check_attempts },
        { "owner", check_owner },
        { "recycle delay", check_delay },
        { "in a call", check_in_call },
        { "called today", check_today },
        { "calling hours", check_hours },
        { "best time", check_best_time },
        { 0 } },
};

/* ---- of a whole campaign --------------------------------------------------------------------- */

bool dial_entry(Crm *crm, int64_t campaign, int64_t customer, int64_t *entry, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[ENTRY], &q, err))
        return false;
    query_int(q, 1, campaign);
    query_int(q, 2, customer);
    int found = query_next(q, err);
    *entry = found > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    if (found == 0) {
        fail(err, ERR_NOT_FOUND, "customer %" PRId64 " is not on the list of that campaign",
             customer);
        fail_hint(err, "list fill LIST id=%" PRId64, customer);
    }
    return found > 0;
}

static void held_count(DialHeld *held, int *n, const Verdict *v, Arena *keep)
{
    const char *check = v ? v->check : NULL;
    int i = 0;
    while (i < *n && held[i].check != check)
        i++;
    if (i == *n) {
        held[(*n)++] = (DialHeld){ .check = check };
        held[i].reason = v ? arena_strdup(keep, v->reason) : "may be dialled now";
    }
    held[i].entries++;
    if (v && v->until && (!held[i].until || v->until < held[i].until)) {
        held[i].until = v->until;
        held[i].reason = arena_strdup(keep, v->reason);
    }
}

static int held_order(const void *x, const void *y)
{
    const DialHeld *a = x, *b = y;
    return a->entries < b->entries ? 1 : a->entries > b->entries ? -1 : 0;
}

bool dial_held(Crm *crm, int64_t campaign, int64_t now, Arena *a, DialHeld **out, int *n,
               Error *err)
{
    enum { CHECKS_MOST = 32 };
    Query *q = NULL;
    Arena one = { 0 };
    DialFacts all;
    int more;
    *out = ARENA_ARRAY(a, DialHeld, CHECKS_MOST);
    *n = 0;
    if (!dial_facts_campaign(crm, campaign, now, a, &all, err)
        || !query_open(crm->store, &sql[OPEN_ENTRIES], &q, err))
        return false;
    query_int(q, 1, campaign);
    while ((more = query_next(q, err)) > 0) {
        DialFacts f = all;
        Verdicts v;
        if (!dial_facts_entry(crm, query_col_int(q, 0), 0, &one, &f, err)
            || !gate_ask(crm, &dial_gate, &f, false, &one, &v, err)) {
            more = -1;
            break;
        }
        held_count(*out, n, v.pass ? NULL : &v.v[v.n - 1], a);
        arena_release(&one);
    }
    query_close(q);
    arena_release(&one);
    qsort(*out, (size_t)*n, sizeof **out, held_order);
    return more == 0;
}

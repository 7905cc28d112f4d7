/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dial_gate.c -- the checks of a call; dial_facts.c gathers what they judge.
 */
#include "model/dial_gate.h"

#include <inttypes.h>
#include <stdlib.h>

#include "base/never.h"

enum { ENTRY, OPEN_ENTRIES, SQL_COUNT };
static const Sql sql[] = {
    [ENTRY] = { "SELECT e.id FROM entry e JOIN campaign c ON c.list = e.list WHERE c.id = ?1"
                " AND e.customer = ?2", SQL_HOT },
    [OPEN_ENTRIES] = { "SELECT e.id FROM campaign c JOIN entry e ON e.list = c.list WHERE c.id = ?1"
                       " AND e.state <> 'done' ORDER BY e.id", SQL_HOT },
};
const SqlTable dial_gate_sql = { "dial_gate", sql, SQL_COUNT };

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
    v.pass = !f->asked_not && !f->retired && !f->stopped;
    if (f->stopped) {
        time_write_local(f->dnc_at, crm->zone, &since);
        v.reason = arena_printf(a, "%.*s is on the stop list%s%.*s since %s%s%.*s",
                                STR_ARG(f->dnc_as), f->dnc_campaign ? " of campaign " : "",
                                STR_ARG(f->dnc_campaign ? f->campaign_name : (Str){ 0 }), since.s,
                                f->dnc_why.n ? ": " : "", STR_ARG(f->dnc_why));
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

/* The customer wants the call: he agreed to it, or called in vain. No count holds it back. */
static bool is_promised(const DialFacts *f)
{
    return str_is(f->entry_state, "callback");
}

static bool check_attempts(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    bool left = f->attempts < f->max_attempts;
    Verdict v = { .pass = left || is_promised(f) };
    if (v.pass && out->brief)
        return true;
    v.reason = arena_printf(a, "%" PRId64 " of %" PRId64 " made%s", f->attempts, f->max_attempts,
                            left || !v.pass ? "" : ", but a call was promised");
    v.hint = v.pass
                 ? NULL
                 : arena_printf(a, "campaign set %.*s max_attempts=...", STR_ARG(f->campaign_name));
    verdict_add(out, a, v);
    return true;
}

/* Nobody waits for ever for who promised to call and is away. */
static bool was_left(const DialFacts *f)
{
    return f->owner_away && str_is(f->entry_state, "callback")
           && f->now >= f->next_at + CALLBACK_GRACE;
}

static bool check_owner(Crm *crm, const void *subject, Arena *a, Verdicts *out, Error *err)
{
    const DialFacts *f = subject;
    (void)crm;
    (void)err;
    Verdict v = { .pass = !f->owner || !f->agent || f->owner == f->agent || was_left(f) };
    if (v.pass && out->brief)
        return true;
    v.reason = was_left(f) ? arena_printf(a, "anybody may take it: %.*s promised it and is away",
                                          STR_ARG(f->owner_name))
               : f->owner  ? arena_printf(a, "dealt to %.*s", STR_ARG(f->owner_name))
                           : "anybody may take it";
    v.hint = v.pass ? NULL
                    : arena_printf(a, "list recall %.*s %.*s%s", STR_ARG(f->list_name),
                                   STR_ARG(f->owner_name),
                                   str_is(f->entry_state, "new") ? "" : " --all");
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
    Verdict v = { .pass = f->calls_today < f->max_per_day || is_promised(f) };
    if (v.pass && out->brief)
        return true;
    v.reason = arena_printf(a, "%" PRId64 " of %" PRId64 " calls made today", f->calls_today,
                            f->max_per_day);
    v.until = v.pass ? 0 : dial_midnight(f, 1);
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

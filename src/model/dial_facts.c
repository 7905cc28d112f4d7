/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * dial_facts.c -- what the dial gate is told of an entry: gathered by queries, judged elsewhere.
 */
#include "model/dial_gate.h"

#include <inttypes.h>
#include <strings.h>

#include "base/country.h"
#include "model/holiday.h"

enum { CAMPAIGN, FACTS, NUMBERS, TODAY, WIDE, ADDRESSES, STOPPED, SQL_COUNT };
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
        " o.name, k.name, k.dnc, k.retired, k.zone, k.best_time, w.given, w.at, w.source,"
        " o.state IN ('off', 'paused') OR NOT EXISTS (SELECT 1 FROM campaign x"
        "  WHERE x.id = o.campaign AND x.list = ?2)"
        " FROM entry e JOIN customer k ON k.id = e.customer LEFT JOIN agent o ON o.id = e.agent"
        " LEFT JOIN consent w ON w.id = (SELECT v.id FROM consent v WHERE v.customer = k.id"
        "   AND v.channel IN ('phone', 'any') AND v.purpose IN (?3, 'any')"
        "   ORDER BY v.at DESC, v.id DESC LIMIT 1)"
        " WHERE e.id = ?1 AND e.list = ?2", SQL_HOT },
    [NUMBERS] = { "SELECT value, person IS NOT NULL, valid IS 0, position FROM contact"
                  " WHERE customer = ?1 AND kind = 'phone'", SQL_HOT },
    /* Calls of the customer, and those of the same number with others. */
    [TODAY] = { "SELECT total(placed_at >= ?3 AND direction = 'out'), total(state <> 'ended'),"
                " EXISTS (SELECT 1 FROM dnc WHERE number = ?2"
                " AND (campaign IS NULL OR campaign = ?4))"
                " FROM (SELECT placed_at, direction, state FROM call WHERE customer = ?1"
                "  UNION ALL SELECT placed_at, direction, state FROM call"
                "  WHERE number = ?2 AND customer IS NOT ?1)",
                SQL_HOT },
    /* Beginnings and domains are few: read once for all entries. */
    [WIDE] = { "SELECT id, number FROM dnc INDEXED BY dnc_wide WHERE (substr(number, -1) = '*'"
               " OR substr(number, 1, 1) = '@') AND (campaign IS NULL OR campaign = ?1)"
               " ORDER BY number", SQL_HOT },
    [ADDRESSES] = { "SELECT value FROM contact WHERE customer = ?1 AND kind = 'email'", SQL_HOT },
    /* The one for all campaigns goes first. */
    [STOPPED] = { "SELECT number, at, why, campaign IS NOT NULL FROM dnc WHERE id = coalesce(?1,"
                  " (SELECT id FROM dnc WHERE number = ?2 AND (campaign IS NULL OR campaign = ?3)"
                  "  ORDER BY campaign IS NOT NULL LIMIT 1))", SQL_HOT },
};
const SqlTable dial_facts_sql = { "dial_facts", sql, SQL_COUNT };

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
    f->owner_away = f->owner && query_col_int(q, 15);
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

int64_t dial_midnight(const DialFacts *f, int days)
{
    Civil c = civil_at(f->zone, f->now);
    c.day += days;
    c.hour = c.minute = c.second = c.ms = 0;
    return civil_time(f->zone, &c);
}

/* ---- the stop list --------------------------------------------------------------------------- */

static bool wide_read(Crm *crm, Arena *a, DialFacts *f, Error *err)
{
    Query *q = NULL;
    int room = 0, more;
    if (!query_open(crm->store, &sql[WIDE], &q, err))
        return false;
    query_int(q, 1, f->campaign);
    while ((more = query_next(q, err)) > 0) {
        if (f->n_wide == room) {
            WideStop *grown = ARENA_ARRAY(a, WideStop, room = room ? 2 * room : 16);
            if (f->n_wide)
                memcpy(grown, f->wide, sizeof *grown * (size_t)f->n_wide);
            f->wide = grown;
        }
        WideStop *w = &f->wide[f->n_wide++];
        *w = (WideStop){ query_col_int(q, 0), str_dup(query_col_str(q, 1), a) };
        f->has_domains |= w->number.s[0] == '@';
    }
    query_close(q);
    return more == 0;
}

/* A number that begins so, or an address at the domain or at one below it. */
static bool is_within(Str of, Str wide)
{
    size_t n = wide.n - 1;
    if (wide.s[0] != '@')
        return of.n >= n && memcmp(of.s, wide.s, n) == 0;
    return of.n > n && strncasecmp(of.s + of.n - n, wide.s + 1, n) == 0
           && (of.s[of.n - n - 1] == '@' || of.s[of.n - n - 1] == '.');
}

static int64_t wide_stop(const DialFacts *f, Str of, bool domains)
{
    for (int i = 0; i < f->n_wide; i++)
        if ((f->wide[i].number.s[0] == '@') == domains && is_within(of, f->wide[i].number))
            return f->wide[i].id;
    return 0;
}

/* *id: the entry by which an address of the customer is stopped; 0: by none. */
static bool address_stop(Crm *crm, const DialFacts *f, int64_t *id, Error *err)
{
    Query *q = NULL;
    int more = 0;
    if (!f->has_domains)
        return true;
    if (!query_open(crm->store, &sql[ADDRESSES], &q, err))
        return false;
    query_int(q, 1, f->customer);
    while (!*id && (more = query_next(q, err)) > 0)
        *id = wide_stop(f, query_col_str(q, 0), true);
    query_close(q);
    return more >= 0;
}

static bool stop_read(Crm *crm, Arena *a, DialFacts *f, bool listed, Error *err)
{
    Query *q = NULL;
    int64_t wide = listed ? 0 : wide_stop(f, f->number, false);
    if (!listed && !wide && !address_stop(crm, f, &wide, err))
        return false;
    if (!listed && !wide)
        return true;
    if (!query_open(crm->store, &sql[STOPPED], &q, err))
        return false;
    if (wide)
        query_int(q, 1, wide);
    else
        query_null(q, 1);
    query_str(q, 2, f->number);
    query_int(q, 3, f->campaign);
    bool ok = query_one(q, err);
    if (ok) {
        f->dnc_as = text(q, 0, a);
        f->dnc_at = query_col_int(q, 1);
        f->dnc_why = text(q, 2, a);
        f->dnc_campaign = query_col_int(q, 3);
        f->stopped = true;
    }
    query_close(q);
    return ok;
}

static bool today_read(Crm *crm, Arena *a, DialFacts *f, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[TODAY], &q, err))
        return false;
    query_int(q, 1, f->customer);
    query_str(q, 2, f->number);
    query_int(q, 3, dial_midnight(f, 0));
    query_int(q, 4, f->campaign);
    bool ok = query_one(q, err), listed = false;
    if (ok) {
        f->calls_today = query_col_int(q, 0);
        f->in_call = query_col_int(q, 1);
        listed = query_col_int(q, 2);
    }
    query_close(q);
    return ok && stop_read(crm, a, f, listed, err);
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
    return found > 0 && holidays_load(crm, hours, now, a, &out->hours, err)
           && wide_read(crm, a, out, err);
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

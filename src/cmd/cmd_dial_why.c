/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_why.c -- why customer: may it be called now; why campaign: may it start, and what holds
 * its entries back.
 */
#include <inttypes.h>

#include "cmd/why.h"
#include "dialer/floor.h"
#include "model/dial_gate.h"
#include "model/list.h"

enum { CAMPAIGNS_OF, STATE, SQL_COUNT };
static const Sql sql[] = {
    [CAMPAIGNS_OF] = { "SELECT c.id, c.name FROM entry e JOIN campaign c ON c.list = e.list"
                       " WHERE e.customer = ?1 AND c.state <> 'closed' ORDER BY c.id", 0 },
    [STATE] = { "SELECT state = 'running' FROM campaign WHERE id = ?1", SQL_HOT },
};
const SqlTable cmd_dial_why_sql = { "cmd_dial_why", sql, SQL_COUNT };

static int64_t when(const Call *c, const WhyArgs *a)
{
    return a->at ? a->at : crm_now(c->crm);
}

bool campaign_of_customer(const Call *c, int64_t customer, int64_t *out, Error *err)
{
    Query *q = NULL;
    Buf names = { .max = 300 };
    int n = 0, more;
    if (!query_open(c->crm->store, &sql[CAMPAIGNS_OF], &q, err))
        return false;
    query_int(q, 1, customer);
    while ((more = query_next(q, err)) > 0) {
        *out = query_col_int(q, 0);
        buf_printf(&names, "%s%.*s", n++ ? ", " : "", STR_ARG(query_col_str(q, 1)));
    }
    query_close(q);
    if (more == 0 && n == 0) {
        fail(err, ERR_NOT_FOUND, "customer %" PRId64 " is on the list of no campaign", customer);
        fail_hint(err, "list fill LIST id=%" PRId64, customer);
    } else if (more == 0 && n > 1) {
        fail(err, ERR_USAGE, "several campaigns have customer %" PRId64 " on their lists",
             customer);
        fail_hint(err, "say which: --campaign %s", names.s);
    }
    buf_release(&names);
    return more == 0 && n == 1;
}

/* The campaign that was named, or the only one that has the customer on its list. */
static bool campaign_of(const Call *c, const WhyArgs *a, int64_t customer, int64_t *out, Error *err)
{
    *out = a->campaign;
    return a->campaign || campaign_of_customer(c, customer, out, err);
}

bool why_customer(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err)
{
    int64_t campaign, entry;
    DialFacts facts;
    if (!id) {
        fail(err, ERR_USAGE, "why customer needs the customer");
        return fail_hint(err, "why customer ID --campaign NAME");
    }
    return campaign_of(c, a, id, &campaign, err)
           && dial_entry(c->crm, campaign, id, &entry, err)
           && dial_facts(c->crm, campaign, entry, 0, when(c, a), c->arena, &facts, err)
           && gate_ask(c->crm, &dial_gate, &facts, true, c->arena, out, err);
}

static bool is_running(Crm *crm, int64_t campaign, bool *running, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[STATE], &q, err))
        return false;
    query_int(q, 1, campaign);
    bool ok = query_one(q, err);
    *running = ok && query_col_int(q, 0);
    query_close(q);
    return ok;
}

static const char *share_text(const Call *c, const char *days, const Ledger *l)
{
    return arena_printf(c->arena, "%s %" PRId64 " of %" PRId64 " (%.2f %%)", days, l->abandoned,
                        l->answered, 100 * ledger_share(*l));
}

/* The switches, the abandoned calls against their cap, and what pacing said last. */
static bool why_pace(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err)
{
    DialPacing p;
    Dialer d;
    bool alive;
    if (!dialer_find(c->crm, id, &alive, &d, err))
        return false;
    if (alive)
        verdict_add(out, c->arena, (Verdict){ .check = "switches", .pass = true,
                                              .reason = arena_strdup(c->arena, d.line) });
    if (!dial_pacing(c->crm, id, when(c, a), c->arena, &p, err))
        return false;
    const char *today = share_text(c, "today", &p.today);
    const char *window = share_text(c, arena_printf(c->arena, "in %" PRId64 " days", p.days),
                                    &p.window);
    bool over = ledger_share(p.today) > p.cap || ledger_share(p.window) > p.cap;
    verdict_add(out, c->arena, (Verdict){
        .check = "abandoned", .pass = true,
        .reason = arena_printf(c->arena, "%s, %s; the cap is %.2f %%%s", today, window, 100 * p.cap,
                               over ? ": no call is placed ahead of the agents" : "") });
    if (!p.at)
        return true;
    int64_t s = (when(c, a) - p.at) / 1000;
    verdict_add(out, c->arena, (Verdict){
        .check = "pacing", .pass = true,
        .reason = arena_printf(c->arena, "%" PRId64 " %s ago: %s", s < 120 ? s : s / 60,
                               s < 120 ? "s" : "min", p.why) });
    return true;
}

bool why_campaign(const Call *c, const WhyArgs *a, int64_t id, Verdicts *out, Error *err)
{
    DialHeld *held;
    bool running;
    int n;
    if (!id) {
        fail(err, ERR_USAGE, "why campaign needs the campaign");
        return fail_hint(err, "why campaign NAME");
    }
    if (!gate_ask(c->crm, &campaign_gate, &id, true, c->arena, out, err)
        || !is_running(c->crm, id, &running, err))
        return false;
    if (!running)
        return true;
    if (!why_pace(c, a, id, out, err)
        || !dial_held(c->crm, id, when(c, a), c->arena, &held, &n, err))
        return false;
    bool some = n == 0;
    for (int i = 0; i < n; i++)
        some |= !held[i].check;
    out->pass = out->pass && some;
    for (int i = 0; i < n; i++) {
        const DialHeld *h = &held[i];
        Verdict v = { .check = h->check, .pass = !h->check, .until = h->until };
        if (v.pass)
            v.check = "dialling";
        v.reason = arena_printf(c->arena, "%" PRId64 " entries: %s", h->entries, h->reason);
        verdict_add(out, c->arena, v);
    }
    return true;
}

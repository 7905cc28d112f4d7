/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/callback.h"

#include <inttypes.h>

#include "model/dial_gate.h"
#include "model/list.h"
#include "model/record.h"

enum { BEFORE, SQL_COUNT };
static const Sql sql[] = {
    [BEFORE] = { "SELECT e.attempts, e.attempts >= c.max_attempts, r.final, e.result FROM entry e"
                 " JOIN campaign c ON c.id = ?2 LEFT JOIN result r ON r.name = e.result"
                 " WHERE e.id = ?1", 0 },
};
const SqlTable callback_sql = { "callback", sql, SQL_COUNT };

static void put(Record *r, const char *field, Value v)
{
    record_put_value(r, type_field(r->type, str(field)), v);
}

/* Nothing was done to reach the customer: a call in is not credited to it. */
static bool add_touch(Crm *crm, int64_t customer, const char *result, const char *note, Arena *a,
                      Error *err)
{
    if (!note)
        return true;
    Record *r = record_new(schema_type(crm->schema, STR("touch")), a);
    put(r, "customer", value_int(customer));
    put(r, "at", value_int(crm_now(crm)));
    put(r, "channel", value_cstr("phone"));
    put(r, "direction", value_cstr("in"));
    put(r, "result", value_cstr(result));
    put(r, "user", value_cstr(crm_user(crm)));
    put(r, "note", value_cstr(note));
    return record_add(crm, r, err);
}

/* The entry, by the one way rows are written: whoever watches entries sees it. */
static bool set_entry(Crm *crm, int64_t entry, const char *state, const char *reason, int64_t at,
                      int64_t agent, Arena *a, Error *err)
{
    Record *r = record_new(schema_type(crm->schema, STR("entry")), a);
    r->id = entry;
    put(r, "state", value_cstr(state));
    put(r, "reason", reason ? value_cstr(reason) : value_null());
    put(r, "next_at", at ? value_int(at) : value_null());
    put(r, "agent", agent ? value_int(agent) : value_null());
    return record_set(crm, r, NULL, err);
}

/* The facts as they will be at `at`, of an entry that may be changed. */
static bool facts_get(Crm *crm, int64_t campaign, int64_t customer, int64_t at, Arena *a,
                      DialFacts *f, Error *err)
{
    int64_t entry;
    if (!dial_entry(crm, campaign, customer, &entry, err)
        || !dial_facts(crm, campaign, entry, 0, at, a, f, err))
        return false;
    if (!str_is(f->entry_state, "dialling"))
        return true;
    fail(err, ERR_REFUSED, "customer %" PRId64 " (%.*s) is in a call of campaign %.*s now",
         customer, STR_ARG(f->name), STR_ARG(f->campaign_name));
    return fail_hint(err, "who talks says it: dial result callback --at ...");
}

/* ---- booked ---------------------------------------------------------------------------------- */

/* No time makes these pass. */
static bool is_for_good(const char *check)
{
    static const char *const all[] = { "list", "number", "never dialled", "do not call", "consent",
                                       NULL };
    for (const char *const *one = all; *one; one++)
        if (strcmp(*one, check) == 0)
            return true;
    return false;
}

/* The entry as it will be, before the gate. A call that is up now will be over. */
static bool gate_ahead(Crm *crm, const DialFacts *now, const Callback *b, Arena *a, Verdicts *out,
                       Error *err)
{
    DialFacts f = *now;
    f.entry_state = STR("callback");
    f.next_at = b->at;
    f.owner = f.agent = b->agent;
    f.in_call = false;
    return gate_ask(crm, &dial_gate, &f, true, a, out, err);
}

static bool ask_ahead(Crm *crm, const DialFacts *f, const Callback *b, Arena *a, Booked *out,
                      Error *err)
{
    Verdicts all, good = { 0 };
    if (!gate_ahead(crm, f, b, a, &all, err))
        return false;
    for (int i = 0; i < all.n; i++)
        if (!all.v[i].pass)
            verdict_add(is_for_good(all.v[i].check) ? &good : &out->held, a, all.v[i]);
    return good.n == 0
           || gate_refuse(&good, err, arena_printf(a, "customer %" PRId64 " (%.*s) may not be "
                                                      "called back", b->customer,
                                                   STR_ARG(f->name)));
}

bool callback_ahead(Crm *crm, const Callback *b, Arena *a, Verdicts *held, Error *err)
{
    int64_t entry;
    DialFacts f;
    Verdicts all;
    if (!dial_entry(crm, b->campaign, b->customer, &entry, err)
        || !dial_facts(crm, b->campaign, entry, 0, b->at, a, &f, err)
        || !gate_ahead(crm, &f, b, a, &all, err))
        return false;
    *held = (Verdicts){ 0 };
    for (int i = 0; i < all.n; i++)
        if (!all.v[i].pass)
            verdict_add(held, a, all.v[i]);
    return true;
}

bool callback_book(Crm *crm, const Callback *b, Arena *a, Booked *out, Error *err)
{
    DialFacts f;
    *out = (Booked){ 0 };
    if (b->at <= crm_now(crm))
        return fail(err, ERR_INVALID, "the time of the callback has passed already");
    if (!facts_get(crm, b->campaign, b->customer, b->at, a, &f, err))
        return false;
    if (str_is(f.campaign_state, "closed"))
        return fail(err, ERR_REFUSED, "campaign %.*s is closed", STR_ARG(f.campaign_name));
    if (!ask_ahead(crm, &f, b, a, out, err))
        return false;
    out->entry = f.entry;
    out->customer_name = str_c(f.name, a);
    out->campaign_name = str_c(f.campaign_name, a);
    if (str_is(f.entry_state, "done"))
        out->was_done = f.entry_reason.n ? str_c(f.entry_reason, a) : "done";
    if (f.owner && f.owner != b->agent)
        out->was_of = str_c(f.owner_name, a);
    return set_entry(crm, f.entry, "callback", "booked", b->at, b->agent, a, err)
           && add_touch(crm, b->customer, "callback", b->note, a, err);
}

/* ---- given up -------------------------------------------------------------------------------- */

/* What the entry is without its callback. */
typedef struct Without { const char *state, *reason; int64_t at; } Without;

static bool without_callback(Crm *crm, const DialFacts *f, Arena *a, Without *out, Error *err)
{
    Query *q = NULL;
    if (!query_open(crm->store, &sql[BEFORE], &q, err))
        return false;
    query_int(q, 1, f->entry);
    query_int(q, 2, f->campaign);
    bool ok = query_one(q, err);
    if (ok && query_col_int(q, 2))
        *out = (Without){ "done", str_c(query_col_str(q, 3), a), 0 };
    else if (ok && query_col_int(q, 1))
        *out = (Without){ "done", "attempts used up", 0 };
    else if (ok && query_col_int(q, 0))
        *out = (Without){ "retry", "callback dropped", f->now };
    else
        *out = (Without){ "new", NULL, 0 };
    query_close(q);
    return ok;
}

bool callback_drop(Crm *crm, int64_t campaign, int64_t customer, const char *why, Arena *a,
                   const char **state, Error *err)
{
    DialFacts f;
    Without w;
    if (!facts_get(crm, campaign, customer, crm_now(crm), a, &f, err))
        return false;
    if (!str_is(f.entry_state, "callback")) {
        fail(err, ERR_REFUSED, "customer %" PRId64 " (%.*s) has no callback in campaign %.*s",
             customer, STR_ARG(f.name), STR_ARG(f.campaign_name));
        return fail_hint(err, "callback list shows those there are");
    }
    if (!list_may_change(crm, f.list, err) || !without_callback(crm, &f, a, &w, err))
        return false;
    *state = w.state;
    return set_entry(crm, f.entry, w.state, w.reason, w.at, 0, a, err)
           && add_touch(crm, customer, "dropped", why, a, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_claim.c -- which entries may be dialled now: callbacks that are due, then retries, then
 * skipped ones, then new ones, each asked the dial gate.
 *
 * Pages of ids are read by keys, so a list of a million costs no more to begin than one of ten.
 * What the gate refuses is parked until the time at which it may have changed.
 */
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/session_inside.h"
#include "model/dial_gate.h"

enum { DUE, NEXT_DUE, NEW, OF_CUSTOMER, SQL_COUNT };
static const Sql sql[] = {
    [DUE] = { "SELECT id, next_at FROM entry WHERE list = ?1 AND state = ?2 AND (next_at, id) >"
              " (?3, ?4) AND next_at <= ?5 ORDER BY next_at, id LIMIT ?6",
              SQL_HOT },
    [NEXT_DUE] = { "SELECT min(next_at) FROM entry WHERE list = ?1 AND state = ?2 AND next_at > ?3",
                   SQL_HOT },
    /* Those that were never put off have no next_at: this keeps them in the order of their ids. */
    [NEW] = { "SELECT id FROM entry WHERE list = ?1 AND state = ?2 AND next_at IS NULL AND id > ?3"
              " ORDER BY id LIMIT ?4",
              SQL_HOT },
    [OF_CUSTOMER] = { "SELECT id FROM entry WHERE customer = ?1 AND list = ?2", SQL_HOT },
};
const SqlTable session_claim_sql = { "session_claim", sql, SQL_COUNT };

static void rewind_sources(Pool *c)
{
    static const struct { const char *state; bool timed; } order[SOURCES] = {
        { "callback", true }, { "retry", true }, { "new", true }, { "new", false } };
    for (int i = 0; i < SOURCES; i++) {
        Source *o = &c->sources[i];
        o->state = order[i].state;
        o->timed = order[i].timed;
        o->at = INT64_MIN;
        o->id = o->due_at = 0;
        o->n = o->next = 0;
    }
}

void pool_init(DialSession *s)
{
    rewind_sources(&s->pool);
    s->pool.recheck_at = s->plan.rehearsal ? NEVER : s->plan.now + RECHECK;
}

void pool_release(DialSession *s)
{
    Pool *c = &s->pool;
    agenda_release(&c->parked);
    for (int i = 0; i < c->n_aside; i++)
        agenda_release(&c->aside[i].entries);
    free(c->aside);
    idmap_release(&c->known);
}

/* What was said before of when this entry is to be looked at counts no more. */
static void wait_until(Pool *c, Agenda *where, int64_t entry, int64_t at)
{
    c->waits = c->waits % INT_MAX + 1;
    idmap_put(&c->known, (uint64_t)entry, c->waits);
    agenda_add(where, at, 0, entry, (uint32_t)c->waits);
}

/* 1 with the first that is due and still stands. */
static int take_waiting(Pool *c, Agenda *from, int64_t now, int64_t *id)
{
    Due due;
    while (agenda_take(from, now, &due)) {
        if (idmap_get(&c->known, (uint64_t)due.id) != (int)due.gen)
            continue;
        idmap_remove(&c->known, (uint64_t)due.id);
        *id = due.id;
        return 1;
    }
    return 0;
}

void pool_park(DialSession *s, int64_t entry, int64_t at)
{
    wait_until(&s->pool, &s->pool.parked, entry, at);
}

void pool_free(DialSession *s, int64_t entry)
{
    idmap_remove(&s->pool.known, (uint64_t)entry);
}

void pool_due(DialSession *s, const char *state, int64_t at)
{
    for (int i = 0; i < SOURCES; i++) {
        Source *o = &s->pool.sources[i];
        if (o->timed && strcmp(o->state, state) == 0 && at < o->due_at)
            o->due_at = at;
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

static bool read_page(DialSession *s, Source *o, int64_t now, Error *err)
{
    Query *q = NULL;
    int more;
    o->n = o->next = 0;
    if (!query_open(s->crm->store, &sql[o->timed ? DUE : NEW], &q, err))
        return false;
    query_int(q, 1, s->campaign.list);
    query_cstr(q, 2, o->state);
    if (o->timed) {
        query_int(q, 3, o->at);
        query_int(q, 4, o->id);
        query_int(q, 5, now);
        query_int(q, 6, BATCH);
    } else {
        query_int(q, 3, o->id);
        query_int(q, 4, BATCH);
    }
    while ((more = query_next(q, err)) > 0) {
        o->page[o->n++] = o->id = query_col_int(q, 0);
        if (o->timed)
            o->at = query_col_int(q, 1);
    }
    query_close(q);
    return more == 0;
}

/* When the next one after those that are due now will be. */
static bool read_next_due(DialSession *s, Source *o, int64_t now, Error *err)
{
    Query *q = NULL;
    o->due_at = NEVER;
    if (!o->timed)
        return true;
    if (!query_open(s->crm->store, &sql[NEXT_DUE], &q, err))
        return false;
    query_int(q, 1, s->campaign.list);
    query_cstr(q, 2, o->state);
    query_int(q, 3, now);
    bool ok = query_one(q, err);
    if (ok && !query_col_is_null(q, 0))
        o->due_at = query_col_int(q, 0);
    query_close(q);
    return ok;
}

/* A callback may have been booked since its entry was parked. */
static bool is_held(const Pool *c, const Source *o, int64_t id)
{
    int known = idmap_get(&c->known, (uint64_t)id);
    return o == &c->sources[CALLBACKS] ? known == 0 : known >= 0;
}

/* 1: the source gave one, 0: it has none now, -1: failed. */
static int take_from(DialSession *s, Source *o, int64_t now, int64_t *id, Error *err)
{
    while (o->next < o->n || now >= o->due_at) {
        if (o->next == o->n && !read_page(s, o, now, err))
            return -1;
        if (o->n < BATCH && o->next == 0 && !read_next_due(s, o, now, err))
            return -1;
        while (o->next < o->n) {
            *id = o->page[o->next++];
            if (!is_held(&s->pool, o, *id))
                return 1;
        }
    }
    return 0;
}

static Aside *aside_of(Pool *c, AgentId agent, bool make)
{
    for (int i = 0; i < c->n_aside; i++)
        if (c->aside[i].agent == agent)
            return &c->aside[i];
    if (!make)
        return NULL;
    c->aside = xresize(c->aside, sizeof *c->aside * (size_t)(c->n_aside + 1));
    c->aside[c->n_aside] = (Aside){ .agent = agent };
    return &c->aside[c->n_aside++];
}

static int next_candidate(DialSession *s, int64_t now, AgentId agent, int64_t *id, Error *err)
{
    Pool *c = &s->pool;
    Aside *own = agent ? aside_of(c, agent, false) : NULL;
    if ((own && take_waiting(c, &own->entries, now, id)) || take_waiting(c, &c->parked, now, id))
        return 1;
    int got = 0;
    for (int i = 0; i < SOURCES && got == 0; i++)
        got = take_from(s, &c->sources[i], now, id, err);
    return got;
}

/* ---- asking ---------------------------------------------------------------------------------- */

/* When to ask again about one that the gate refused. In a rehearsal nobody else changes the file,
 * so what has no time at which it changes does not change. */
static int64_t ask_again_at(const DialSession *s, const DialFacts *f, const Verdicts *v,
                            int64_t now)
{
    int64_t until = v->v[v->n - 1].until;
    if (f->in_call)
        return now + MINUTE;
    if (s->plan.rehearsal)
        return until > now ? until : now + DAY_MS;
    return until > now && until < now + RECHECK ? until : now + RECHECK;
}

static void keep_for(DialSession *s, int64_t now, int64_t entry, AgentId owner)
{
    wait_until(&s->pool, &aside_of(&s->pool, owner, true)->entries, entry, now);
}

/* Where nobody knows who is there, only what was agreed with a customer is asked for again. */
static void leave_to_owner(DialSession *s, const DialFacts *f, int64_t now)
{
    bool callback = str_is(f->entry_state, "callback");
    int64_t until = f->next_at + CALLBACK_GRACE;
    if (s->there ? s->there(s->there_ctx, f->owner) : !callback)
        keep_for(s, now, f->entry, f->owner);
    else
        pool_park(s, f->entry, callback && until > now && until < now + RECHECK ? until
                                                                                : now + RECHECK);
}

/* Asked for anybody: does it wait for the agent whom it is dealt to? */
static bool waits_for_owner(DialSession *s, const DialFacts *f, int64_t now)
{
    if (f->agent || !f->owner || !s->there)
        return false;
    if (str_is(f->entry_state, "callback") && now >= f->next_at + CALLBACK_GRACE
        && !s->there(s->there_ctx, f->owner))
        return false;
    leave_to_owner(s, f, now);
    return true;
}

static void refuse(DialSession *s, const DialFacts *f, const Verdicts *v, int64_t now)
{
    if (f->agent && f->owner && f->owner != f->agent) {
        leave_to_owner(s, f, now);
    } else if (!str_is(f->entry_state, "done")) {
        pool_park(s, f->entry, ask_again_at(s, f, v, now));
    }
}

/* The same in each rehearsal, for the same customer with the same number. */
static uint64_t luck_of(const DialFacts *f)
{
    char text[80];
    int n = snprintf(text, sizeof text, "%" PRId64 ":%.*s", f->customer, STR_ARG(f->number));
    return str_hash(str_n(text, (size_t)n)) | 1;
}

/* 1: it may be dialled, 0: not, -1: failed. */
static int consider(DialSession *s, const DialFacts *all, AgentId agent, int64_t id, Entry *out,
                    Error *err)
{
    DialFacts f = *all;
    Verdicts v;
    int64_t now = f.now;
    if (!dial_facts_entry(s->crm, id, agent, &s->scratch, &f, err))
        return err->code == ERR_NOT_FOUND ? 0 : -1;
    f.in_call |= session_is_up(s, f.number);
    if (!gate_ask(s->crm, &dial_gate, &f, false, &s->scratch, &v, err))
        return -1;
    if (!v.pass || f.number.n >= sizeof out->number) {
        refuse(s, &f, &v, now);
        return 0;
    }
    if (waits_for_owner(s, &f, now))
        return 0;
    *out = (Entry){ .id = id, .key = luck_of(&f), .attempt = (int)f.attempts + 1 };
    memcpy(out->number, f.number.s, f.number.n);
    idmap_put(&s->pool.known, (uint64_t)id, 0);
    return 1;
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t next_time(const Pool *c)
{
    int64_t at = earlier(agenda_next(&c->parked), c->recheck_at);
    for (int i = 0; i < SOURCES; i++)
        at = earlier(at, c->sources[i].due_at);
    return at;
}

/* It stands if nothing is given any more until the end. */
static void note_exhaustion(DialSession *s, int64_t now, int given)
{
    if (given > 0)
        s->sums.exhausted_at = 0;
    else if (!s->sums.exhausted_at)
        s->sums.exhausted_at = now;
}

/* ---- what is dealt to agents ----------------------------------------------------------------- */

void dial_session_presence(DialSession *s, bool (*there)(void *ctx, AgentId agent), void *ctx)
{
    s->there = there;
    s->there_ctx = ctx;
}

bool dial_session_has_own(const DialSession *s, int64_t now, AgentId agent)
{
    for (int i = 0; i < s->pool.n_aside; i++)
        if (s->pool.aside[i].agent == agent)
            return agenda_next(&s->pool.aside[i].entries) <= now;
    return false;
}

void dial_session_left(DialSession *s, int64_t now, AgentId agent)
{
    Aside *own = aside_of(&s->pool, agent, false);
    int64_t id;
    while (own && take_waiting(&s->pool, &own->entries, NEVER - 1, &id))
        pool_park(s, id, now);
}

int64_t dial_session_look(DialSession *s)
{
    Source *o = &s->pool.sources[CALLBACKS];
    Query *q = NULL;
    Error ignored = { 0 };
    if (!query_open(s->crm->store, &sql[NEXT_DUE], &q, &ignored))
        return o->due_at;
    query_int(q, 1, s->campaign.list);
    query_cstr(q, 2, o->state);
    query_int(q, 3, o->at);
    if (query_one(q, &ignored) && !query_col_is_null(q, 0))
        o->due_at = earlier(o->due_at, query_col_int(q, 0));
    query_close(q);
    return o->due_at;
}

static bool find_entry(DialSession *s, int64_t customer, int64_t *entry, Error *err)
{
    Query *q = NULL;
    if (!query_open(s->crm->store, &sql[OF_CUSTOMER], &q, err))
        return false;
    query_int(q, 1, customer);
    query_int(q, 2, s->campaign.list);
    int got = query_next(q, err);
    *entry = got > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    if (got == 0) {
        fail(err, ERR_NOT_FOUND, "customer %" PRId64 " is not on list %s", customer,
             s->campaign.list_name);
        fail_hint(err, "list fill %s id=%" PRId64, s->campaign.list_name, customer);
    }
    return got > 0;
}

bool dial_session_choose(DialSession *s, int64_t now, AgentId agent, int64_t customer, Error *err)
{
    DialFacts f;
    Verdicts v;
    int64_t entry;
    if (!find_entry(s, customer, &entry, err))
        return false;
    ArenaMark mark = arena_mark(&s->scratch);
    bool ok = dial_facts(s->crm, s->campaign.id, entry, agent, now, &s->scratch, &f, err)
              && gate_ask(s->crm, &dial_gate, &f, false, &s->scratch, &v, err);
    if (ok && !v.pass)
        ok = gate_refuse(&v, err, "this customer may not be dialled now");
    arena_rewind(&s->scratch, mark);
    if (ok)
        keep_for(s, now, entry, agent);
    return ok;
}

/* ---- calls a second -------------------------------------------------------------------------- */

/* How many of the wanted ones may be begun now; *at: when there will be one more. */
static int allowed(DialSession *s, int64_t now, int want, int64_t *at)
{
    double rate = s->campaign.calls_per_second, most = rate > 1 ? rate : 1;
    *at = NEVER;
    if (rate <= 0 || s->plan.rehearsal)
        return want;
    s->tokens += (double)(now - s->tokens_at) / 1000 * rate;
    s->tokens = s->tokens < most ? s->tokens : most;
    s->tokens_at = now;
    if (s->tokens >= want)
        return want;
    int n = s->tokens >= 1 ? (int)s->tokens : 0;
    *at = now + (int64_t)((n + 1 - s->tokens) / rate * 1000) + 1;
    return n;
}

/* What the campaign says now, also that it works another list. *got as of next_candidate(): of a
 * campaign that is gone there are none. */
static bool ask_campaign(DialSession *s, int64_t now, DialFacts *all, int *got, Error *err)
{
    bool once = s->plan.whole;
    if (once && s->facts.campaign) {
        *all = s->facts;
        all->now = now;
        *got = 1;
        return true;
    }
    if (!dial_facts_campaign(s->crm, s->campaign.id, now, once ? &s->arena : &s->scratch, all,
                             err)) {
        *got = err->code == ERR_NOT_FOUND ? 0 : -1;
        return false;
    }
    if (all->list != s->campaign.list) {
        s->campaign.list = all->list;
        s->campaign.list_name = str_c(all->list_name, &s->arena);
        rewind_sources(&s->pool);
    }
    s->facts = *all;
    *got = 1;
    return true;
}

/* Candidates are asked until as many as wanted may be dialled. *got as of next_candidate(). */
static int choose(DialSession *s, int64_t now, AgentId agent, int want, Entry *out, int *got,
                  Error *err)
{
    int n = 0, asked = 0;
    int64_t id;
    DialFacts all;
    ArenaMark before = arena_mark(&s->scratch);
    bool ok = ask_campaign(s, now, &all, got, err);
    while (ok && n < want && (agent || asked < ASKS_MOST) && !s->trouble.code
           && (*got = next_candidate(s, now, agent, &id, err)) > 0) {
        ArenaMark mark = arena_mark(&s->scratch);
        asked++;
        *err = (Error){ 0 };
        *got = consider(s, &all, agent, id, &out[n], err);
        arena_rewind(&s->scratch, mark);
        if (*got < 0)
            break;
        n += *got;
    }
    arena_rewind(&s->scratch, before);
    return n;
}

int session_claim(void *self, int64_t now, AgentId agent, int wanted, Entry *out,
                  int64_t *again_at)
{
    DialSession *s = self;
    int64_t one_more;
    int want = agent ? wanted : allowed(s, now, wanted, &one_more);
    if (agent)
        one_more = NEVER;
    if (want == 0)
        return *again_at = one_more, 0;
    Pool *c = &s->pool;
    Error err = { 0 };
    int n = 0, got = -1;
    if (s->trouble.code && !s->plan.rehearsal)
        session_write_all(s, &err);
    if (now >= c->recheck_at) {
        rewind_sources(c);
        c->recheck_at = now + RECHECK;
    }
    if (store_look(s->crm->store, &err)) {
        n = choose(s, now, agent, want, out, &got, &err);
        store_looked(s->crm->store);
    }
    if (got < 0)
        session_trouble(s, &err);
    *again_at = s->trouble.code ? now + STORE_RETRY : n == want && n < wanted ? one_more
                : got ? now + 1 : next_time(c);
    note_exhaustion(s, now, n);
    return n;
}

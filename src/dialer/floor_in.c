/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * floor_in.c -- calls in: whose they are, and taking them.
 *
 * Several processes may dial over one switch, and each hears of each call in.  It is for the one
 * that dials the campaign which caused it, else for that of the campaign with the lowest id; the
 * others look again some seconds later whether it was taken, so that nobody rings in vain while
 * two wait for one another.  A call that ended untaken is still taken down, as one that was missed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/floor_inside.h"

enum { DIALLERS, SQL_COUNT };
static const Sql sql[] = {
    [DIALLERS] = { "SELECT campaign, process, stopping FROM dialing"
                   " ORDER BY campaign IS NOT ?1, campaign", 0 },
};
const SqlTable floor_in_sql = { "floor_in", sql, SQL_COUNT };

enum { OTHERS_WAIT = 3000, ASK_AGAIN = 1000, RINGING_MOST = 1000 };

static bool is_known(const Floor *f, CallId incoming)
{
    for (int i = 0; i < f->n_ringing; i++)
        if (f->ringing[i].incoming == incoming)
            return true;
    return engine_has_taken(f->live.engine, incoming);
}

/* Orders may not be given from here: it is taken in the next turn, which is due. */
void in_heard(void *floor, const DriverEvent *ev)
{
    Floor *f = floor;
    if (ev->kind != DRIVER_INCOMING || ev->call >= 0 || is_known(f, ev->call))
        return;
    if (f->n_ringing == RINGING_MOST) {
        floor_say(f, true, "more than %d people call in at once: one is not answered",
                  RINGING_MOST);
        return;
    }
    f->ringing = xresize(f->ringing, sizeof *f->ringing * (size_t)(f->n_ringing + 1));
    Ringing *r = &f->ringing[f->n_ringing++];
    *r = (Ringing){ .incoming = ev->call, .at = ev->at };
    caller_number(f->crm, ev->number ? ev->number : "", r->number);
}

void in_saw_ended(void *floor, int64_t now, const Line *l)
{
    (void)now;
    if (l->result == RESULT_MISSED)
        floor_say(floor, false, "call %" PRId64 " in was missed%s", l->entry.call,
                  *l->entry.number ? ": to be called back" : "");
}

/* ---- whose it is ----------------------------------------------------------------------------- */

static bool is_ours(Floor *f, const Caller *k, bool *ours, Error *err)
{
    Query *q = NULL;
    int more;
    *ours = true;
    if (floor_is_simulated(f))            /* each process has a line of its own */
        return true;
    if (!query_open(f->crm->store, &sql[DIALLERS], &q, err))
        return false;
    query_int(q, 1, k->campaign);
    while ((more = query_next(q, err)) > 0) {
        bool self = query_col_int(q, 0) == f->campaign.id;
        if ((self && f->stopping) || (!self && query_col_int(q, 2))
            || (!self && !process_alive(query_col_str(q, 1))))
            continue;
        *ours = self;
        break;
    }
    query_close(q);
    return more >= 0;
}

/* Somebody else's, unless he lets it ring. */
static bool is_left_to_others(Floor *f, Ringing *r, const Caller *k, bool *is, Error *err)
{
    bool ours;
    *is = false;
    if (!is_ours(f, k, &ours, err))
        return false;
    if (!ours && f->live.now < r->at + OTHERS_WAIT) {
        r->ask_at = r->at + OTHERS_WAIT;
        return *is = true;
    }
    return floor_is_simulated(f)
           || dial_session_was_taken(f->live.record, r->number, r->at - ASK_AGAIN, is, err);
}

/* ---- taking ---------------------------------------------------------------------------------- */

static void tell(Floor *f, const Caller *k, CallId call)
{
    const char *who = k->name ? k->name : *k->number ? k->number : "number withheld";
    if (k->campaign)
        floor_say(f, false, "call %" PRId64 " in: %s, for %s (%s)", call, who, k->campaign_name,
                  k->because);
    else
        floor_say(f, false, "call %" PRId64 " in: %s", call, who);
}

/* *over: nothing more is to be done about it here. */
static bool take(Floor *f, Ringing *r, Arena *a, bool *over, Error *err)
{
    Caller k = { 0 };
    CallId call;
    bool others;
    *over = false;
    memcpy(k.number, r->number, sizeof k.number);
    if (!caller_find(f->crm, caller_within(f->crm), a, &k, err)
        || !is_left_to_others(f, r, &k, &others, err))
        return false;
    if (others)
        return *over = r->ask_at <= f->live.now, true;
    if (!dial_session_take(f->live.record, f->live.now, &k, &call, err))
        return false;
    engine_take(f->live.engine, f->live.now, r->incoming, call, k.number, 0, f->stopping);
    tell(f, &k, call);
    return *over = true;
}

void in_serve(Floor *f)
{
    int left = 0;
    for (int i = 0; i < f->n_ringing; i++) {
        Ringing *r = &f->ringing[i];
        Error err = { 0 };
        Arena a = { 0 };
        bool over = false;
        if (f->live.now >= r->ask_at && !take(f, r, &a, &over, &err)) {
            r->ask_at = f->live.now + ASK_AGAIN;
            floor_say(f, true, "a call in cannot be written down, so it rings on: %s", err.msg);
        }
        arena_release(&a);
        if (!over)
            f->ringing[left++] = *r;
    }
    f->n_ringing = left;
}

bool in_simulate(Floor *f, const char *number, Error *err)
{
    if (!floor_is_simulated(f)) {
        fail(err, ERR_REFUSED, "campaign %s is dialled over switch %s, not the simulated line",
             f->campaign.name, f->line.name);
        return fail_hint(err, "call one of its numbers");
    }
    return drivers_call_in(f->live.driver, number, err);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * floor_seat.c -- agents on the floor.
 *
 * What an agent wants is in the file.  It is told to the engine once, and again after a refusal;
 * when the engine took him off by itself (his phone dropped, he never said a result), the file is
 * told that he wants to be paused, so that he is not called again until he says so.
 */
#include <stdio.h>
#include <stdlib.h>

#include "dialer/floor_inside.h"

enum { WISHES, SQL_COUNT };
static const Sql sql[] = {
    [WISHES] = { "SELECT id, name, wish FROM agent WHERE campaign = ?1"
                 " AND wish IS NOT NULL ORDER BY id", 0 },
};
const SqlTable floor_seat_sql = { "floor_seat", sql, SQL_COUNT };

Seat *seat_find(Floor *f, AgentId id)
{
    for (int i = 0; i < f->n_seats; i++)
        if (f->seats[i].id == id)
            return &f->seats[i];
    return NULL;
}

Seat *seat_add(Floor *f, AgentId id)
{
    Seat *s = seat_find(f, id);
    if (s)
        return s;
    if (f->n_seats == f->room) {
        f->room = f->room ? 2 * f->room : 16;
        f->seats = xresize(f->seats, sizeof *f->seats * (size_t)f->room);
    }
    s = &f->seats[f->n_seats++];
    *s = (Seat){ .id = id, .wish = AGENT_OFF };
    return s;
}

bool seat_is_there(void *floor, AgentId id)
{
    const Agent *a = engine_find_agent(((Floor *)floor)->live.engine, id);
    return a && a->state != AGENT_OFF && a->state != AGENT_PAUSED;
}

static void copy(char *to, size_t size, Str text)
{
    snprintf(to, size, "%.*s", STR_ARG(text));
}

/* Also of one who works elsewhere: a supervisor. */
bool seat_phone(void *floor, AgentId id, char out[static DRIVER_PHONE])
{
    return dial_phone(((Floor *)floor)->crm, id, out);
}

bool seat_home(void *floor, AgentId id, char out[static DRIVER_PHONE])
{
    return dial_home(((Floor *)floor)->crm, id, out);
}

/* ---- from the file --------------------------------------------------------------------------- */

static AgentState wish_of(Str word)
{
    return str_is(word, "ready") ? AGENT_READY : str_is(word, "paused") ? AGENT_PAUSED : AGENT_OFF;
}

static void take_wish(Seat *s, AgentState wish)
{
    if (wish == s->wish)
        return;
    s->wish = wish;
    s->pending = true;
    s->had_phone = false;
}

bool seats_read(Floor *f, Error *err)
{
    Query *q = NULL;
    int more;
    f->round++;
    if (!query_open(f->crm->store, &sql[WISHES], &q, err))
        return false;
    query_int(q, 1, f->campaign.id);
    while ((more = query_next(q, err)) > 0) {
        Seat *s = seat_add(f, query_col_int(q, 0));
        s->round = f->round;
        copy(s->name, sizeof s->name, query_col_str(q, 1));
        s->said = wish_of(query_col_str(q, 2));
        take_wish(s, f->stopping ? AGENT_OFF : s->said);
    }
    query_close(q);
    for (int i = 0; more == 0 && i < f->n_seats; i++)
        if (f->seats[i].round != f->round)       /* he works on something else now, or is gone */
            take_wish(&f->seats[i], f->seats[i].said = AGENT_OFF);
    return more == 0;
}

/* ---- to the engine --------------------------------------------------------------------------- */

void seats_saw_line(void *self, int64_t now, const Line *l, LineState from)
{
    Seat *s = l->agent ? seat_find(self, l->agent) : NULL;
    (void)now, (void)from;
    if (s)
        s->call = l->entry.call;
}

void seats_saw_agent(void *self, int64_t now, const Agent *a, AgentState from)
{
    Floor *f = self;
    Seat *s = seat_find(f, a->id);
    if (!s)
        return;
    s->from = from;
    s->had_phone |= a->leg;
    if (a->state == AGENT_PAUSED || a->state == AGENT_OFF)
        dial_session_left(f->live.record, now, a->id);
}

/* The engine takes no wish while a result is due, and the agent is not to get a call before the
 * last one is off his phone. */
static void tell(Floor *f, Seat *s)
{
    Error err = { 0 };
    const Agent *a = engine_find_agent(f->live.engine, s->id);
    if (s->clearing && engine_find_line(f->live.engine, s->clearing))
        return;
    s->clearing = 0;
    s->pending = !((!a && s->wish == AGENT_OFF)
                   || engine_agent(f->live.engine, f->live.now, s->id, s->wish, &err));
}

static const char *why_paused(const Seat *s, const Agent *a)
{
    if (!a->leg && !s->had_phone)
        return "the phone was not answered";
    if (!a->leg)
        return s->from == AGENT_READY ? "the phone dropped" : "the phone dropped in a call";
    return s->from == AGENT_WRAPUP ? "no result was said" : "could not be joined to a call";
}

static void take_off(Floor *f, Seat *s, const Agent *a)
{
    Error err = { 0 };
    const char *why = why_paused(s, a);
    s->wish = AGENT_PAUSED;
    floor_say(f, false, "agent %s is paused: %s", s->name, why);
    if (!dial_session_wish(f->live.record, s->id, "paused", why, &err))
        floor_say(f, true, "that agent %s is paused could not be written: %s", s->name, err.msg);
}

/* What is dealt to an agent, and callbacks that he promised, go before anything else. */
static void dial_own(Floor *f, const Seat *s)
{
    Error err = { 0 };
    Engine *e = f->live.engine;
    if (f->stopping || !engine_can_dial(e)
        || !dial_session_has_own(f->live.record, f->live.now, s->id)
        || !engine_offer(e, f->live.now, s->id, NULL, &err))
        return;
    if (!engine_dial(e, f->live.now, s->id, &err))
        engine_agent(e, f->live.now, s->id, AGENT_READY, &err);
}

void seats_serve(Floor *f)
{
    for (int i = 0; i < f->n_seats; i++) {
        Seat *s = &f->seats[i];
        if (s->pending)
            tell(f, s);
        const Agent *a = engine_find_agent(f->live.engine, s->id);
        if (!a || s->pending || s->wish != AGENT_READY)
            continue;
        if (a->state == AGENT_PAUSED && !a->leg_wanted)
            take_off(f, s, a);
        else if (a->state == AGENT_READY)
            dial_own(f, s);
    }
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * agent_watch.c -- the calls of an agent who said `agent ready` at this prompt, told above it:
 * whom he talks with, that the talk is over, that he was paused.
 *
 * Whoever dials writes it into the file; here it is looked at when something was written.  Work of
 * one's own (dial preview) tells of itself.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "cmd/agent.h"
#include "cmd/dial.h"

enum { SEEN, NOW, SQL_COUNT };
static const Sql sql[] = {
    [SEEN] = { "PRAGMA data_version", 0 },
    [NOW] = { "SELECT a.state, a.call, a.reason, c.number, c.direction, k.id, k.name, k.org,"
              " g.name,"
              " (SELECT v.result FROM call v WHERE v.customer = k.id AND v.id < c.id"
              "  AND v.result IS NOT NULL ORDER BY v.id DESC LIMIT 1)"
              " FROM agent a LEFT JOIN call c ON c.id = a.call"
              " LEFT JOIN customer k ON k.id = c.customer"
              " LEFT JOIN campaign g ON g.id = c.campaign WHERE a.id = ?1", SQL_HOT },
};
const SqlTable agent_watch_sql = { "agent_watch", sql, SQL_COUNT };

enum { LOOK_EVERY_MS = 200 };

struct AgentWatch {
    Session *session;
    Timer *timer;
    int64_t agent, call;              /* the last call that was told of */
    int64_t seen, own;                /* of the file, when it was looked at last */
    char name[64], state[16];
};

static bool has(const Query *q, int i)
{
    return !query_col_is_null(q, i) && query_col_str(q, i).n > 0;
}

static void add(Buf *b, const char *before, const Query *q, int i)
{
    if (has(q, i))
        buf_printf(b, "%s%.*s", before, STR_ARG(query_col_str(q, i)));
}

/* "call 12 in: 王芳, 宝钢, +86 138 0013 8000 (customer 17), spring; last: no-answer" */
static void tell_card(AgentWatch *w, const Query *q)
{
    Buf b = { 0 };
    bool in = has(q, 4) && str_is(query_col_str(q, 4), "in");
    buf_printf(&b, "call %" PRId64 "%s: ", query_col_int(q, 1), in ? " in" : "");
    add(&b, "", q, 6);
    add(&b, has(q, 6) ? ", " : "", q, 7);
    buf_cstr(&b, has(q, 6) || has(q, 7) ? ", " : "");
    if (has(q, 3))
        phone_format(w->session->crm->phones, query_col_str(q, 3), &b);
    else
        buf_cstr(&b, "number withheld");
    if (has(q, 5))
        buf_printf(&b, " (customer %" PRId64 ")", query_col_int(q, 5));
    add(&b, ", ", q, 8);
    add(&b, "; last: ", q, 9);
    ui_note(w->session->ui, "%s", b.s);
    ui_note(w->session->ui, "  dial result RESULT says how it ended");
    buf_release(&b);
}

static void tell(AgentWatch *w, const Query *q)
{
    Str state = query_col_str(q, 0);
    int64_t call = query_col_int(q, 1);
    if (call && call != w->call)
        tell_card(w, q);
    else if (str_is(state, w->state))
        return;
    else if (str_is(state, "wrap-up") && call)
        ui_note(w->session->ui, "call %" PRId64 ": the talk is over; dial result RESULT", call);
    else if (str_is(state, "paused") && has(q, 2))
        ui_note(w->session->ui, "agent %s is paused: %.*s", w->name, STR_ARG(query_col_str(q, 2)));
    w->call = call ? call : w->call;
    snprintf(w->state, sizeof w->state, "%.*s", STR_ARG(state));
}

static void look(AgentWatch *w)
{
    Store *st = w->session->crm->store;
    Query *q = NULL;
    Error ignored = { 0 };
    int64_t seen = 0;
    if (!store_get_int(st, &sql[SEEN], &seen, &ignored)
        || (seen == w->seen && store_changes(st) == w->own)
        || !query_open(st, &sql[NOW], &q, &ignored))
        return;
    query_int(q, 1, w->agent);
    if (query_next(q, &ignored) > 0)
        tell(w, q);
    query_close(q);
    w->seen = seen;
    w->own = store_changes(st);
}

static void fire(void *ctx, int64_t now)
{
    AgentWatch *w = ctx;
    if (!w->session->dialing)
        look(w);
    w->timer = loop_timer(w->session->loop, now + LOOK_EVERY_MS, fire, w);
}

void agent_watch(Session *s, int64_t agent, const char *name)
{
    if (!s->loop)
        return;
    if (!s->watched) {
        s->watched = xalloc(sizeof *s->watched);
        s->watched->session = s;
        s->watched->timer = loop_timer(s->loop, crm_now(s->crm) + LOOK_EVERY_MS, fire, s->watched);
    }
    AgentWatch *w = s->watched;
    if (w->agent != agent)
        w->call = 0;
    w->agent = agent;
    w->own = -1;
    snprintf(w->name, sizeof w->name, "%s", name);
}

void agent_unwatch(Session *s)
{
    if (!s->watched)
        return;
    if (s->watched->timer)
        loop_cancel(s->loop, s->watched->timer);
    free(s->watched);
    s->watched = NULL;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_status.c -- dial status: how a campaign goes that some process dials; once as a row, or
 * drawn in place until ^C.
 *
 * All of it is read from the file, so it is the same at every process.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "base/unicode.h"
#include "cmd/dial.h"

enum { AGENTS, DONE, LEFT, SQL_COUNT };
static const Sql sql[] = {
    [AGENTS] = { "SELECT a.name, a.state, a.since, a.reason, k.name, c.number FROM agent a"
                 " LEFT JOIN call c ON c.id = a.call LEFT JOIN customer k ON k.id = c.customer"
                 " WHERE a.campaign = ?1 AND a.state <> 'off'"
                 " ORDER BY CASE a.state WHEN 'talking' THEN 0 WHEN 'wrap-up' THEN 1"
                 "  WHEN 'ready' THEN 2 ELSE 3 END, a.since, a.id", 0 },
    [DONE] = { "SELECT count(*), count(CASE WHEN e.state = 'done' THEN 1 END) FROM call c"
               " LEFT JOIN entry e ON e.id = c.entry WHERE c.campaign = ?1 AND c.placed_at >= ?2",
               SQL_HOT },
    [LEFT] = { "SELECT count(*) FROM entry WHERE list = ?1 AND state <> 'done'", SQL_HOT },
};
const SqlTable cmd_dial_status_sql = { "cmd_dial_status", sql, SQL_COUNT };

enum { LOOK_BACK = 10 * 60000, DRAW_EVERY = 1000, HOUR = 3600000, NAME_COLUMNS = 16,
       WITH_COLUMNS = 32 };

typedef struct AgentLine {
    const char *name, *state, *reason, *with, *number;
    int64_t since;
} AgentLine;

typedef struct Status {
    DialCampaign campaign;
    DialPacing pacing;
    Dialer dialer;
    bool alive;
    int64_t now, in[4];       /* agents talking, in wrap-up, ready, paused */
    AgentLine *agents;
    int n_agents;
    double per_hour;          /* calls begun */
    int64_t left;             /* entries that are not done */
    int64_t ends;             /* when they will be, at this pace, in open hours; 0: not known */
} Status;

static const char *const agent_states[] = { "talking", "wrap-up", "ready", "paused" };

/* ---- reading --------------------------------------------------------------------------------- */

static const char *text(const Query *q, int i, Arena *a)
{
    return query_col_is_null(q, i) ? "" : str_c(query_col_str(q, i), a);
}

static bool read_agents(const Call *c, Arena *a, Status *s, Error *err)
{
    Query *q = NULL;
    int more, room = 0;
    if (!query_open(c->crm->store, &sql[AGENTS], &q, err))
        return false;
    query_int(q, 1, s->campaign.id);
    while ((more = query_next(q, err)) > 0) {
        if (s->n_agents == room) {
            AgentLine *grown = ARENA_ARRAY(a, AgentLine, room = room ? 2 * room : 16);
            if (s->n_agents)
                memcpy(grown, s->agents, sizeof *grown * (size_t)s->n_agents);
            s->agents = grown;
        }
        AgentLine *l = &s->agents[s->n_agents++];
        *l = (AgentLine){ text(q, 0, a), text(q, 1, a), text(q, 3, a), text(q, 4, a),
                          text(q, 5, a), query_col_int(q, 2) };
        for (int i = 0; i < 4; i++)
            s->in[i] += strcmp(l->state, agent_states[i]) == 0;
    }
    query_close(q);
    return more == 0;
}

static bool two_counts(const Call *c, int statement, int64_t by, int64_t since, int64_t *first,
                       int64_t *second, Error *err)
{
    Query *q = NULL;
    if (!query_open(c->crm->store, &sql[statement], &q, err))
        return false;
    query_int(q, 1, by);
    if (second)
        query_int(q, 2, since);
    bool ok = query_one(q, err);
    *first = ok ? query_col_int(q, 0) : 0;
    if (second)
        *second = ok ? query_col_int(q, 1) : 0;
    query_close(q);
    return ok;
}

/* The moment at which so much open time has passed. */
static int64_t after_open_time(const Status *s, const Zone *z, int64_t need)
{
    int64_t at = s->now;
    for (int changes = 0; changes < 400; changes++) {
        int64_t change = hours_change(&s->campaign.hours, z, at);
        bool open = hours_open(&s->campaign.hours, z, at);
        if (open && (change == INT64_MAX || change - at >= need))
            return at + need;
        if (change == INT64_MAX)
            break;
        need -= open ? change - at : 0;
        at = change;
    }
    return 0;
}

static bool read_pace(const Call *c, Status *s, Error *err)
{
    int64_t dials, done, since = s->now - LOOK_BACK;
    if (s->dialer.began > since)
        since = s->dialer.began;
    double hours = (double)(s->now - since) / HOUR;
    if (!two_counts(c, DONE, s->campaign.id, since, &dials, &done, err)
        || !two_counts(c, LEFT, s->campaign.list, 0, &s->left, NULL, err))
        return false;
    if (!s->alive || hours <= 0)
        return true;
    s->per_hour = (double)dials / hours;
    if (done > 0)
        s->ends = after_open_time(s, c->crm->zone,
                                  (int64_t)((double)s->left / (double)done * hours * HOUR));
    return true;
}

static bool read_status(const Call *c, int64_t campaign, Arena *a, Status *s, Error *err)
{
    *s = (Status){ .now = crm_now(c->crm) };
    return dial_campaign(c->crm, campaign, a, &s->campaign, err)
           && dialer_find(c->crm, campaign, &s->alive, &s->dialer, err)
           && dial_pacing(c->crm, campaign, s->now, a, &s->pacing, err)
           && read_agents(c, a, s, err) && read_pace(c, s, err);
}

static const char *state_of(const Status *s)
{
    return !s->alive ? "not dialled" : s->dialer.stopping ? "stopping" : "dialling";
}

static const char *why_of(const Status *s)
{
    return !s->alive ? "no process dials it" : s->dialer.stopping ? "it was told to stop"
                                             : s->dialer.why;
}

/* ---- once: a row ----------------------------------------------------------------------------- */

static const Column columns[] = {
    { "campaign", KIND_TEXT, 0 }, { "state", KIND_TEXT, 0 }, { "line", KIND_TEXT, 0 },
    { "since", KIND_TIME, 0 }, { "ready", KIND_INT, 0 }, { "talking", KIND_INT, 0 },
    { "wrap_up", KIND_INT, 0 }, { "paused", KIND_INT, 0 }, { "ringing", KIND_INT, 0 },
    { "waiting", KIND_INT, 0 }, { "dials", KIND_INT, 0 }, { "connected", KIND_INT, 0 },
    { "abandoned", KIND_INT, 0 }, { "abandoned_share", KIND_PERCENT, 0 },
    { "cap", KIND_PERCENT, 0 }, { "per_hour", KIND_INT, 0 }, { "left", KIND_INT, 0 },
    { "ends", KIND_TIME, 0 }, { "why", KIND_TEXT, 0 }, { 0 }
};

static bool status_row(const Call *c, const Status *s, Error *err)
{
    const Dialer *d = &s->dialer;
    const Value row[] = {
        value_cstr(s->campaign.name), value_cstr(state_of(s)),
        s->alive ? value_cstr(d->line) : value_null(),
        s->alive ? value_int(d->began) : value_null(),
        value_int(s->in[2]), value_int(s->in[0]), value_int(s->in[1]), value_int(s->in[3]),
        value_int(s->alive ? d->ringing : 0), value_int(s->alive ? d->waiting : 0),
        value_int(s->alive ? d->dials : 0), value_int(s->alive ? d->connected : 0),
        value_int(s->alive ? d->abandoned : 0),
        s->pacing.window.answered ? value_real(ledger_share(s->pacing.window)) : value_null(),
        value_real(s->pacing.cap), value_int((int64_t)(s->per_hour + 0.5)), value_int(s->left),
        s->ends ? value_int(s->ends) : value_null(), value_cstr(why_of(s)) };
    _Static_assert(sizeof row / sizeof *row == sizeof columns / sizeof *columns - 1,
                   "a value a column");
    c->out->one = true;
    return out_begin(c->out, columns, -1, err) && out_row(c->out, row, err);
}

/* ---- drawn ----------------------------------------------------------------------------------- */

static void put_span(Buf *b, int64_t ms)
{
    int64_t s = ms > 0 ? ms / 1000 : 0;
    if (s >= 3600)
        buf_printf(b, "%" PRId64 ":%02d:%02d", s / 3600, (int)(s / 60 % 60), (int)(s % 60));
    else
        buf_printf(b, "%02d:%02d", (int)(s / 60), (int)(s % 60));
}

static void put_clock(Buf *b, const Zone *z, int64_t at, bool seconds)
{
    Civil t = civil_at(z, at);
    buf_printf(b, "%02d:%02d", t.hour, t.minute);
    if (seconds)
        buf_printf(b, ":%02d", t.second);
}

static void draw_head(const Call *c, const Status *s, Buf *b)
{
    const Zone *z = c->crm->zone;
    buf_printf(b, "%s · %s", s->campaign.name, state_of(s));
    if (s->alive) {
        buf_printf(b, " over %s since ", s->dialer.line);
        put_clock(b, z, s->dialer.began, false);
    }
    buf_cstr(b, " · ");
    put_clock(b, z, s->now, true);
    buf_printf(b, "\n  agents  %" PRId64 " ready · %" PRId64 " talking · %" PRId64 " wrap-up · %"
               PRId64 " paused\n", s->in[2], s->in[0], s->in[1], s->in[3]);
}

static void draw_sums(const Call *c, const Status *s, Buf *b)
{
    const Dialer *d = &s->dialer;
    if (s->alive)
        buf_printf(b, "  queue   %" PRId64 " ringing · %" PRId64 " waiting\n  calls   %" PRId64
                   " dials · %" PRId64 " connected · %" PRId64 " abandoned\n", d->ringing,
                   d->waiting, d->dials, d->connected, d->abandoned);
    buf_printf(b, "  cap     %.1f %% of %" PRId64 " people got no agent; %.1f %% are allowed\n",
               100 * ledger_share(s->pacing.window), s->pacing.window.answered,
               100 * s->pacing.cap);
    buf_printf(b, "  pace    %.0f/h · %" PRId64 " left", s->per_hour, s->left);
    if (s->ends) {
        buf_cstr(b, " · ends ≈ ");
        if (s->ends - s->now > 20 * (int64_t)HOUR)
            time_write_local(s->ends, c->crm->zone, b);
        else
            put_clock(b, c->crm->zone, s->ends, false);
    }
    buf_printf(b, "\n  now     %s\n", why_of(s));
}

static void draw_agents(const Call *c, const Status *s, Buf *b)
{
    int wide = c->session->out.ambiguous ? c->session->out.ambiguous : 1;
    for (int i = 0; i < s->n_agents; i++) {
        const AgentLine *l = &s->agents[i];
        buf_cstr(b, i ? "\n  " : "\n\n  ");
        text_put_fit(b, str(l->name), NAME_COLUMNS, wide, true, false);
        buf_printf(b, "  %-8s ", l->state);
        Buf span = { 0 };
        put_span(&span, s->now - l->since);
        buf_printf(b, "%8s  ", span.s);
        buf_release(&span);
        text_put_fit(b, str(*l->with ? l->with : *l->number ? l->number : l->reason), WITH_COLUMNS,
                     wide, false, false);
    }
}

static bool draw(const Call *c, int64_t campaign, Error *err)
{
    Arena a = { 0 };
    Buf b = { 0 };
    Status s;
    bool ok = read_status(c, campaign, &a, &s, err);
    if (ok) {
        draw_head(c, &s, &b);
        draw_sums(c, &s, &b);
        draw_agents(c, &s, &b);
        c->ui->draw(c->ui, b.s);
    }
    buf_release(&b);
    arena_release(&a);
    return ok;
}

static void wake(void *ctx, int64_t now)
{
    (void)now;
    *(bool *)ctx = true;
}

/* The loop goes on meanwhile: this may be the process that dials. */
static bool live(const Call *c, int64_t campaign, Error *err)
{
    Session *s = c->session;
    Loop *loop = s->loop ? s->loop : loop_new(c->crm->clock, err);
    bool ok = loop != NULL;
    while (ok && !ui_interrupted(c->ui)) {
        bool due = false;
        ok = draw(c, campaign, err);
        Timer *t = ok ? loop_timer(loop, loop_now(loop) + DRAW_EVERY, wake, &due) : NULL;
        while (ok && !due && !ui_interrupted(c->ui))
            ok = loop_turn(loop, DRAW_EVERY, err);
        if (t && !due)
            loop_cancel(loop, t);
    }
    if (loop && !s->loop)
        loop_free(loop);
    c->ui->draw(c->ui, NULL);
    return ok;
}

/* ---- the command ----------------------------------------------------------------------------- */

typedef struct StatusArgs { int64_t campaign; bool live; } StatusArgs;

static bool status_run(const Call *c, Error *err)
{
    const StatusArgs *a = c->args;
    Status s;
    int64_t campaign;
    if (c->session->dialing && !a->campaign) {
        dialing_catch_up(c->session->dialing);
        return dial_card_row(c, c->session->dialing, err);
    }
    if (!dial_which(c, a->campaign, &campaign, err))
        return false;
    if (!a->live)
        return read_status(c, campaign, c->arena, &s, err) && status_row(c, &s, err);
    if (c->ui && c->ui->draw && !c->crm->clock->fixed && c->session->out.terminal)
        return live(c, campaign, err);
    fail(err, ERR_FAILED, "--live draws on a terminal");
    return fail_hint(err, "without it the figures come once: dial status --json");
}

static const Command dial_status = {
    .name = "dial status",
    .summary = "Show how a campaign goes that is being dialled, or what you have before you",
    .detail = "Agents, calls, the abandoned share against its cap, calls an hour, when the list "
              "will be done at that pace (in open hours), and why nothing is dialled just now. In "
              "your own work with dial preview it is the customer before you.",
    .args = (const Arg[]){
        { "campaign", ARG_RECORD, ARG_OPTIONAL, "which one, when several are being dialled",
          AT(StatusArgs, campaign), .of = "campaign" },
        { "--live", ARG_FLAG, ARG_OPTIONAL, "drawn in place, until ^C", AT(StatusArgs, live) },
        { 0 } },
    .args_size = sizeof(StatusArgs),
    .need = MAY_DIAL,
    .run = status_run,
    .examples = (const Example[]){
        { "dial status demo", "agents, calls, pace, and why it is quiet" },
        { "dial status demo --json", "once, for a program" },
        { "dial preview demo; dial status", "who is shown or on the line" },
        { 0 } },
};

const Command *const dial_status_commands[] = { &dial_status, NULL };

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_start.c -- dial start, stop: a campaign dialled by this process for all its agents.
 *
 * At the prompt it lives in the event loop and what happens is told above the line that is typed.
 * Otherwise the command is the dialler, until it is stopped, has nothing more to do or gets ^C.
 * Where the clock is turned (--clock) it is turned on from one event to the next.
 */
#include <inttypes.h>
#include <signal.h>

#include "cmd/dial.h"
#include "store/journal.h"

enum { DIALERS, SQL_COUNT };
static const Sql sql[] = {
    [DIALERS] = { "SELECT campaign FROM dialing ORDER BY campaign", 0 },
};
const SqlTable cmd_dial_start_sql = { "cmd_dial_start", sql, SQL_COUNT };

enum { CREW_MOST = 2000 };

/* Calls are no rehearsal, even on the simulated line. */
bool dial_in_earnest(const Call *c, Error *err)
{
    if (!c->dry_run && store_depth(c->crm->store) == 0)
        return true;
    if (!c->dry_run)
        return fail(err, ERR_REFUSED, "%s is not for within a transaction", c->cmd->name);
    fail(err, ERR_REFUSED, "%s cannot be rehearsed", c->cmd->name);
    return fail_hint(err, "dial simulate CAMPAIGN rehearses a day");
}

bool dial_which(const Call *c, int64_t named, int64_t *campaign, Error *err)
{
    Query *q = NULL;
    Dialer d;
    bool alive = false;
    int n = 0, more;
    *campaign = named;
    if (named)
        return true;
    if (!query_open(c->crm->store, &sql[DIALERS], &q, err))
        return false;
    while ((more = query_next(q, err)) > 0) {
        int64_t id = query_col_int(q, 0);
        if (!dialer_find(c->crm, id, &alive, &d, err)) {
            more = -1;
            break;
        }
        *campaign = alive ? id : *campaign;
        n += alive;
    }
    query_close(q);
    if (more < 0 || n == 1)
        return more >= 0;
    fail(err, ERR_REFUSED, n ? "%d campaigns are being dialled" : "nobody is dialling", n);
    return fail_hint(err, n ? "say which one" : "dial start CAMPAIGN, or dial preview CAMPAIGN");
}

/* ---- what is told ---------------------------------------------------------------------------- */

static void say(void *ctx, bool warning, const char *text)
{
    Session *s = ctx;
    if (warning)
        ui_warn(s->ui, "%s", text);
    else
        ui_note(s->ui, "%s", text);
}

static void tell_end(const Session *s, const char *name, const char *reason, const DialSums *sums)
{
    ui_note(s->ui, "%s%s%s: %" PRId64 " dials, %" PRId64 " connected, %" PRId64
            " appointments, %" PRId64 " abandoned",
            name, *reason ? " ended, " : "", reason, sums->dials, sums->connected,
            sums->appointments, sums->abandoned);
}

static bool close_floor(Session *s, DialSums *sums, Error *err)
{
    Floor *f = s->floor;
    Buf name = { 0 }, reason = { 0 };
    buf_cstr(&name, floor_campaign(f)->name);
    buf_cstr(&reason, floor_end_reason(f));
    s->floor = NULL;
    bool ok = floor_close(f, sums, err);
    if (ok)
        tell_end(s, name.s, reason.s ? reason.s : "", sums);
    buf_release(&name);
    buf_release(&reason);
    return ok;
}

static void over(void *ctx)
{
    Session *s = ctx;
    DialSums sums;
    Error err = { 0 };
    if (!close_floor(s, &sums, &err))
        ui_warn(s->ui, "not all calls could be written down: %s", err.msg);
}

void dialler_close(Session *s)
{
    if (!s->floor)
        return;
    if (floor_calls(s->floor))
        ui_note(s->ui, "%d calls are hung up", floor_calls(s->floor));
    over(s);
}

/* ---- dial start ------------------------------------------------------------------------------ */

typedef struct StartArgs { int64_t campaign, crew, seed; bool by_number; } StartArgs;

static bool make_crew(const Call *c, int n, AgentId *ids, Error *err)
{
    Store *st = c->crm->store;
    if (n == 0)
        return true;
    journal_run_begin(st, crm_user(c->crm), str(c->line));
    bool ok = store_begin(st, err);
    if (ok) {
        journal_describe(st, str(c->line));
        ok = simulated_agents(c, ids, n, err);
        if (!ok)
            store_rollback(st);
        ok = ok && store_commit(st, err);
    }
    journal_run_end(st);
    return ok;
}

enum { STOPS = 3 };                  /* signals */
typedef struct Foreground { Floor *floor; int asked; Watch *stops[STOPS]; } Foreground;

/* The first one lets the calls end, the second hangs up, the third does not wait for that. */
static void on_signal(void *ctx, int signo)
{
    Foreground *g = ctx;
    (void)signo;
    if (++g->asked <= 2)
        floor_stop(g->floor, g->asked == 2);
}

/* Before others see that somebody dials: a signal of that moment waits for the first turn. */
static void watch_stops(Foreground *g, Loop *loop)
{
    static const int signals[STOPS] = { SIGINT, SIGTERM, SIGHUP };
    for (int i = 0; i < STOPS; i++)
        g->stops[i] = loop_signal(loop, signals[i], on_signal, g);
}

static bool run_in_loop(const Call *c, Loop *loop, Foreground *g, Error *err)
{
    bool ok = true;
    while (ok && !floor_over(g->floor) && g->asked < 3) {
        ok = loop_turn(loop, -1, err);
        ui_interrupted(c->ui);            /* what was said comes out now */
    }
    for (int i = 0; i < STOPS; i++)
        loop_unwatch(loop, g->stops[i]);
    return ok;
}

static const Column sums_columns[] = {
    { "campaign", KIND_TEXT, 0 }, { "dials", KIND_INT, 0 }, { "connected", KIND_INT, 0 },
    { "appointments", KIND_INT, 0 }, { "accepted", KIND_INT, 0 }, { "abandoned", KIND_INT, 0 },
    { 0 }
};

static bool show_sums(const Call *c, const char *name, const DialSums *s, Error *err)
{
    const Value row[] = { value_cstr(name), value_int(s->dials), value_int(s->connected),
                          value_int(s->appointments), value_int(s->accepted),
                          value_int(s->abandoned) };
    return out_receipt(c->out, sums_columns, -1, row, err);
}

/* The command is the dialler: until all is over. */
static bool run_foreground(const Call *c, FloorPlan *p, Error *err)
{
    Session *s = c->session;
    DialSums sums;
    Loop *loop = NULL;
    Foreground g = { 0 };
    if (!c->crm->clock->fixed && !(loop = loop_new(c->crm->clock, err)))
        return false;
    if (loop)
        watch_stops(&g, loop);
    p->loop = loop;
    p->over = NULL;
    bool ok = floor_open(c->crm, p, &s->floor, err);
    if (ok) {
        const char *name = arena_strdup(c->arena, floor_campaign(s->floor)->name);
        g.floor = s->floor;
        if (loop)
            ok = run_in_loop(c, loop, &g, err);
        while (!loop && !floor_over(s->floor) && !ui_interrupted(c->ui))
            floor_jump(s->floor);
        ok = close_floor(s, &sums, ok ? err : &(Error){ 0 }) && ok
             && show_sums(c, name, &sums, err);
    }
    if (loop)
        loop_free(loop);
    return ok;
}

static bool start_run(const Call *c, Error *err)
{
    const StartArgs *a = c->args;
    Session *s = c->session;
    if (!dial_in_earnest(c, err))
        return false;
    if (a->crew > CREW_MOST)
        return fail(err, ERR_INVALID, "%" PRId64 " simulated agents are more than %d", a->crew,
                    CREW_MOST);
    if (s->floor) {
        fail(err, ERR_REFUSED, "campaign %s is being dialled here already",
             floor_campaign(s->floor)->name);
        return fail_hint(err, "dial stop ends that; another process may dial another campaign");
    }
    AgentId *crew = ARENA_ARRAY(c->arena, AgentId, a->crew + 1);
    FloorPlan p = { .campaign = a->campaign, .title = c->line, .loop = s->loop,
                    .seed = a->seed ? (uint64_t)a->seed : s->seed ? s->seed : 1, .crew = crew,
                    .n_crew = (int)a->crew, .by_number = a->by_number, .say = say, .over = over,
                    .ctx = s };
    if (!make_crew(c, (int)a->crew, crew, err))
        return false;
    if (!s->loop)
        return run_foreground(c, &p, err);
    if (!floor_open(c->crm, &p, &s->floor, err))
        return false;
    bool simulated = floor_is_simulated(s->floor);
    ui_note(c->ui, "%s is being dialled over %s%s; dial status, dial stop",
            floor_campaign(s->floor)->name, simulated ? "the simulated line" : "switch ",
            simulated ? "" : floor_line(s->floor));
    return true;
}

/* ---- dial stop ------------------------------------------------------------------------------- */

typedef struct StopArgs { int64_t campaign; bool now; } StopArgs;

static bool end_preview(const Call *c, Error *err)
{
    const char *name = str_c(str(c->session->dialing->campaign.name), c->arena);
    DialSums sums;
    dialing_catch_up(c->session->dialing);
    if (!dialing_end(c->session, ((const StopArgs *)c->args)->now, &sums, err))
        return false;
    tell_end(c->session, name, "", &sums);
    return true;
}

static bool stop_run(const Call *c, Error *err)
{
    const StopArgs *a = c->args;
    Request r = { .what = a->now ? "stop now" : "stop" };
    if (!dial_in_earnest(c, err))
        return false;
    if (c->session->dialing && !a->campaign)
        return end_preview(c, err);
    if (!dial_which(c, a->campaign, &r.campaign, err))
        return false;
    const char *name = record_label(c->crm, schema_type(c->crm->schema, STR("campaign")),
                                    r.campaign, c->arena);
    bool alive;
    Dialer d;
    if (!dialer_find(c->crm, r.campaign, &alive, &d, err))
        return false;
    if (!alive)
        return fail(err, ERR_REFUSED, "nobody dials campaign %s", name);
    if (!request_ask(c->crm, c->session->floor, &r, err))
        return false;
    if (c->session->floor && floor_over(c->session->floor))
        return true;                      /* the end says so itself */
    ui_note(c->ui, a->now ? "%s: its calls are hung up" : "%s: nothing more is dialled, the calls "
            "that are up may end (dial stop --now hangs up)", name);
    return true;
}

/* ---- definitions ----------------------------------------------------------------------------- */

static const Command dial_start = {
    .name = "dial start",
    .summary = "Dial a campaign for all its agents, in its mode",
    .detail =
        "Agents say that they are there with `agent ready NAME CAMPAIGN`, at this process or any "
        "other; answers go to who has been idle longest. At the prompt the calls go on while you "
        "work; otherwise the command runs until it is stopped, the list is done or the calling "
        "hours are over: ^C lets the calls end, a second one hangs up. One process dials a "
        "campaign. The calls go over the switch that is enabled (switch list), else over the "
        "simulated line.",
    .args = (const Arg[]){
        { "campaign", ARG_RECORD, 0, "which campaign", AT(StartArgs, campaign), .of = "campaign" },
        { "--crew", ARG_INT, ARG_OPTIONAL, "so many simulated agents work along",
          AT(StartArgs, crew), .least = 1 },
        { "--seed", ARG_INT, ARG_OPTIONAL, "of the simulated line and agents",
          AT(StartArgs, seed), .least = 1 },
        { "--by-number", ARG_FLAG, ARG_OPTIONAL,
          "the simulated line obeys the last digit of a number: 0 no such number, 1 busy, 2 no "
          "answer, 3 machine, 8 and 9 a person",
          AT(StartArgs, by_number) },
        { 0 } },
    .args_size = sizeof(StartArgs),
    .columns = sums_columns,
    .need = MAY_DIAL,
    .run = start_run,
    .examples = (const Example[]){
        { "campaign set demo mode=progressive; dial start demo --crew 3",
          "three simulated agents work the list" },
        { 0 } },
};

static const Command dial_stop = {
    .name = "dial stop",
    .summary = "Stop dialling, also in another process; or end your own work at the prompt",
    .detail = "Calls that are up may end, unless --now hangs them up. The agents are off then.",
    .args = (const Arg[]){
        { "campaign", ARG_RECORD, ARG_OPTIONAL, "which one, when several are being dialled",
          AT(StopArgs, campaign), .of = "campaign" },
        { "--now", ARG_FLAG, ARG_OPTIONAL, "hang up", AT(StopArgs, now) },
        { 0 } },
    .args_size = sizeof(StopArgs),
    .need = MAY_DIAL,
    .run = stop_run,
    .examples = (const Example[]){
        { "dial preview demo; dial stop", "enough for today" },
        { 0 } },
};

const Command *const dial_start_commands[] = { &dial_start, &dial_stop, NULL };

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/floor.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "dialer/floor_inside.h"

enum { LEFT, STATE, SEEN, WHOSE, SQL_COUNT };
static const Sql sql[] = {
    [LEFT] = { "SELECT 1 FROM entry WHERE list = ?1 AND state <> 'done' LIMIT 1", SQL_HOT },
    [STATE] = { "SELECT state FROM campaign WHERE id = ?1", SQL_HOT },
    [SEEN] = { "PRAGMA data_version", 0 },
    [WHOSE] = { "SELECT campaign, direction = 'in', state = 'ended' FROM call WHERE id = ?1",
                SQL_HOT },
};
const SqlTable floor_sql = { "floor", sql, SQL_COUNT };

/* A turned clock: so many days without anything to dial are the end, since nobody else is there to
 * change what holds the rest back. */
enum { CLOSE_WAIT = 3000, TURNS_MOST = 100000, BARREN_DAYS = 14 };

void floor_say(Floor *f, bool warning, const char *format, ...)
{
    char text[600];
    va_list ap;
    if (!f->plan.say)
        return;
    va_start(ap, format);
    vsnprintf(text, sizeof text, format, ap);
    va_end(ap);
    f->plan.say(f->plan.ctx, warning, text);
}

/* ---- what people should know ----------------------------------------------------------------- */

static void tell_trouble(Floor *f)
{
    Error err = { 0 };
    bool trouble = !dial_session_ok(f->live.record, &err);
    if (trouble && !f->trouble)
        floor_say(f, true, "what became of calls cannot be written down yet: %s", err.msg);
    f->trouble = trouble;
}

static void saw_note(void *self, int64_t now, CallId call, const char *text)
{
    (void)now, (void)call;
    floor_say(self, true, "%s", text);
}

/* ---- the end --------------------------------------------------------------------------------- */

static void begin_stop(Floor *f, bool at_once, const char *reason)
{
    if (!f->stopping)
        f->end_reason = reason;
    f->stopping = true;
    f->at_once |= at_once;
    engine_stop(f->live.engine, f->live.now, at_once);
    if (f->live.crew)
        crew_last_calls(f->live.crew);
    f->show_at = 0;
}

void floor_ask_stop(Floor *f, bool at_once)
{
    begin_stop(f, at_once, "");
}

/* 1: rows are left, 0: none, -1: failed. */
static int anything_left(Floor *f)
{
    Query *q = NULL;
    Error err = { 0 };
    if (!query_open(f->crm->store, &sql[LEFT], &q, &err))
        return -1;
    query_int(q, 1, f->campaign.list);
    int got = query_next(q, &err);
    query_close(q);
    return got;
}

static bool barren(const Floor *f)
{
    int64_t since = dial_session_sums(f->live.record).exhausted_at;
    return !f->plan.loop && since && f->live.now - since > BARREN_DAYS * (int64_t)DAY_MS;
}

/* Is there nothing more to do today? */
static void check_end(Floor *f)
{
    EngineView v = engine_view(f->live.engine);
    bool open = hours_open(&f->campaign.hours, f->crm->zone, f->live.now);
    f->was_open |= open;
    if (f->stopping || v.live > 0 || f->live.now < f->check_at)
        return;
    f->check_at = f->live.now + (f->plan.loop ? CHECK_EVERY : 0);
    dial_session_write(f->live.record, f->live.now);     /* the list is as it is then */
    if (anything_left(f) == 0)
        begin_stop(f, false, "the list is done");
    else if (barren(f))
        begin_stop(f, false, "nothing of the list may be dialled any more");
    else if (!open && f->was_open && v.pace.why != PACE_DIALLING)
        begin_stop(f, false, "the calling hours are over");
}

/* Simulated agents go home when no call can reach them any more. */
static void send_crew_home(Floor *f)
{
    EngineView v = engine_view(f->live.engine);
    int coming = 0;
    for (LineState s = LINE_PLACED; s <= LINE_BRIDGING; s++)
        coming += v.lines[s];
    if (f->live.crew && f->stopping && coming == 0)
        crew_go_home(f->live.crew, f->live.now, f->live.engine);
}

/* Also what became of the calls is in the file: until a full disk has room again it goes on. */
bool floor_over(const Floor *f)
{
    return f->stopping && floor_calls(f) == 0 && dial_session_next(f->live.record) == NEVER;
}

int floor_calls(const Floor *f)
{
    return engine_view(f->live.engine).live;
}

/* ---- what others write ----------------------------------------------------------------------- */

static bool read_state(Floor *f, Error *err)
{
    Query *q = NULL;
    if (!query_open(f->crm->store, &sql[STATE], &q, err))
        return false;
    query_int(q, 1, f->campaign.id);
    bool ok = query_one(q, err);
    bool closed = ok && str_is(query_col_str(q, 0), "closed");
    query_close(q);
    if (closed && !f->stopping)
        begin_stop(f, false, "the campaign was closed");
    return ok;
}

static void look_for_callbacks(Floor *f)
{
    int64_t at = dial_session_look(f->live.record);
    if (at < f->callback_at)
        engine_more(f->live.engine, f->live.now);
    f->callback_at = at;
}

static void look(Floor *f)
{
    Error err = { 0 };
    int64_t seen = 0;
    f->look_at = f->live.now + LOOK_EVERY;
    if (!store_get_int(f->crm->store, &sql[SEEN], &seen, &err))
        return;
    if (f->seen == seen && f->own_writes == store_changes(f->crm->store))
        return;
    bool ok = read_state(f, &err) && seats_read(f, &err) && requests_serve(f, &err);
    if (ok) {
        look_for_callbacks(f);
        f->seen = seen;
        f->own_writes = store_changes(f->crm->store);
    } else {
        floor_say(f, true, "what others wrote cannot be read: %s", err.msg);
        f->look_at = f->live.now + SHOW_EVERY;
    }
}

/* At midnight a day of the legal window goes and a new one begins. */
static void turn_day(Floor *f)
{
    Ledger window, today;
    Error err = { 0 };
    Civil day = civil_at(f->crm->zone, f->live.now);
    int64_t number = day_number(day.year, day.month, day.day);
    if (!f->day)
        f->day = number;
    if (f->day == number)
        return;
    if (!dial_session_ledgers(f->live.record, f->live.now, &window, &today, &err))
        return;                           /* the next turn tries again; the trouble is told */
    engine_new_day(f->live.engine, window, today);
    f->day = number;
}

/* ---- turns ----------------------------------------------------------------------------------- */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static void fire(void *ctx, int64_t now);

static bool is_to_tell_over(const Floor *f)
{
    return f->plan.over && !f->told_over && floor_over(f);
}

static void arm(Floor *f)
{
    if (f->timer)
        loop_cancel(f->plan.loop, f->timer);
    int64_t at = earlier(earlier(live_next(&f->live), f->look_at), f->show_at);
    if (is_to_tell_over(f))
        at = f->live.now;
    f->timer = loop_timer(f->plan.loop, at, fire, f);
}

static void turn(Floor *f, int64_t now)
{
    Error err = { 0 };
    live_settle(&f->live, now);
    if (f->plan.loop ? f->live.now >= f->look_at : true)
        look(f);
    in_serve(f);
    seats_serve(f);
    send_crew_home(f);
    turn_day(f);
    live_turn(&f->live, f->live.now);     /* what came of that goes out */
    tell_trouble(f);
    check_end(f);
    if (f->plan.loop && f->live.now >= f->show_at) {
        f->show_at = f->live.now + SHOW_EVERY;
        leases_settle(f, &err);           /* a second later it is tried again */
        dialing_show(f, &err);            /* the next one will say it */
    }
}

/* Right behind events of a driver that lives in the loop and is below us: the end, which may free
 * it, is told from a timer. */
static void stir(void *self)
{
    Floor *f = self;
    turn(f, crm_now(f->crm));
    arm(f);
}

static void fire(void *ctx, int64_t now)
{
    Floor *f = ctx;
    (void)now;
    f->timer = NULL;
    stir(f);
    if (is_to_tell_over(f)) {
        f->told_over = true;
        f->plan.over(f->plan.ctx);        /* may free the floor */
    }
}

void floor_look(Floor *f)
{
    f->look_at = 0;
    turn(f, f->plan.loop ? crm_now(f->crm) : f->live.now);
    if (f->plan.loop)
        arm(f);
}

void floor_jump(Floor *f)
{
    int64_t next = live_next(&f->live);
    if (next == NEVER && !f->stopping)
        begin_stop(f, false, "no agent is at work");
    turn(f, next == NEVER ? f->live.now : next);
}

/* ---- life ------------------------------------------------------------------------------------ */

static bool may_be_dialled(Floor *f, Error *err)
{
    const DialCampaign *c = &f->campaign;
    if (strcmp(c->state, "running") != 0) {
        fail(err, ERR_REFUSED, "campaign %s is %s", c->name, c->state);
        return fail_hint(err, "campaign start %s", c->name);
    }
    if (c->rules.pacing.mode == PACE_PREVIEW) {
        fail(err, ERR_REFUSED, "campaign %s has mode %s: its agents dial themselves", c->name,
             c->mode);
        return fail_hint(err, "dial preview %s, or campaign set %s mode=progressive", c->name,
                         c->name);
    }
    return true;
}

static void heard(void *self, const DriverEvent *ev)
{
    Floor *f = self;
    Error err = { 0 };
    in_heard(f, ev);
    if ((ev->kind == DRIVER_LISTENING || ev->kind == DRIVER_LISTEN_OVER)
        && !dial_session_heard(f->live.record, ev->at, ev->agent, ev->kind == DRIVER_LISTENING,
                               &err))
        floor_say(f, true, "that a supervisor listens could not be written: %s", err.msg);
}

static bool open_record(Floor *f, Error *err)
{
    DialPlan plan = { .campaign = &f->campaign, .driver = f->line.adapter, .title = f->plan.title,
                      .now = f->live.now, .seed = (int64_t)(f->plan.seed & INT64_MAX),
                      .agents = f->plan.n_crew, .keeps = true };
    Observer watcher = { f, NULL, seats_saw_line, in_saw_ended, seats_saw_agent, saw_note };
    DialSession *record;
    if (!dial_session_open(f->crm, &plan, &record, err))
        return false;
    f->live.paces = true;
    live_begin(&f->live, record, dial_session_rules(record), watcher, f->live.now);
    dial_session_presence(record, seat_is_there, f);
    f->live.self = f;
    f->live.heard = heard;
    f->live.stir = stir;
    if (dial_session_reconciled(record))
        floor_say(f, false, "%" PRId64 " calls that a dead session had left open have failed",
                  dial_session_reconciled(record));
    return true;
}

static bool choose_line(Floor *f, Error *err)
{
    SwitchConfig *all;
    int n;
    if (!dial_switches(f->crm, &f->arena, &all, &n, err))
        return false;
    f->line = all[0];
    f->lines = all;
    f->n_lines = n;
    if (floor_is_simulated(f))
        return true;
    if (f->plan.n_crew || f->plan.by_number) {
        fail(err, ERR_REFUSED, "real people are called over switch %s, not by simulated agents",
             f->line.name);
        return fail_hint(err, "switch set %s enabled=no leaves the simulated line", f->line.name);
    }
    if (!dial_switches_can(all, n, DRIVER_MANY,
                           arena_printf(&f->arena, "mode %s needs many calls at once",
                                        f->campaign.mode), err))
        return fail_hint(err, "dial preview %s works with it; for a floor: dialer adapter ami",
                         f->campaign.name);
    if (!dial_switches_serve(all, n, &f->campaign, err))
        return false;
    if (!f->plan.loop)
        return fail(err, ERR_REFUSED, "a real line needs a clock that runs");
    return store_sync_full(f->crm->store, err);
}

/* A call that the switch has: one of another campaign is left to whoever dials that, and one that
 * came in to whoever has taken it. */
static bool own_call(void *self, CallId call)
{
    Floor *f = self;
    Query *q = NULL;
    Error ignored = { 0 };
    if (!query_open(f->crm->store, &sql[WHOSE], &q, &ignored))
        return false;
    query_int(q, 1, call);
    int got = query_next(q, &ignored);
    bool own = got == 0;
    if (got > 0)
        own = query_col_int(q, 1) ? query_col_int(q, 2) : query_col_int(q, 0) == f->campaign.id;
    query_close(q);
    return own;
}

static bool open_line(Floor *f, Error *err)
{
    SimWorld world = world_defaults();
    world.by_number = f->plan.by_number;
    world.login_within_s = 2;             /* of simulated agents: they are waited for */
    world.utc_offset_ms = zone_offset(f->crm->zone, f->live.now) * INT64_C(1000);
    DriverHost host = { .loop = f->plan.loop, .sink = live_sink(&f->live), .self = f,
                        .phone = seat_phone, .home = seat_home, .mine = own_call,
                        .now = f->live.now, .seed = f->plan.seed, .world = &world };
    f->live.driver = drivers_open(f->lines, f->n_lines, &host, err);
    if (f->live.driver && f->plan.n_crew)
        f->live.crew = crew_new(&world, f->plan.seed, f->plan.crew, f->plan.n_crew, false,
                                f->live.now);
    return f->live.driver != NULL;
}

static void floor_free(Floor *f)
{
    if (f->timer)
        loop_cancel(f->plan.loop, f->timer);
    live_release(&f->live);
    free(f->seats);
    free(f->ringing);
    arena_release(&f->arena);
    free(f);
}

bool floor_open(Crm *crm, const FloorPlan *p, Floor **out, Error *err)
{
    Floor *f = xalloc(sizeof *f);
    Error ignored = { 0 };
    f->crm = crm;
    f->plan = *p;
    f->plan.title = arena_strdup(&f->arena, p->title);
    f->end_reason = "";
    f->began = f->live.now = crm_now(crm);
    f->own_writes = -1;
    f->callback_at = NEVER;
    if (!dial_campaign(crm, p->campaign, &f->arena, &f->campaign, err) || !may_be_dialled(f, err)
        || !choose_line(f, err) || !dialing_take(f, err)) {
        floor_free(f);
        return false;
    }
    if (!open_record(f, err) || !open_line(f, err) || !leases_settle(f, err)) {
        dialing_give(f, &ignored);
        floor_free(f);
        return false;
    }
    engine_start(f->live.engine, f->live.now);
    *out = f;
    turn(f, f->live.now);
    if (p->loop)
        arm(f);
    return true;
}

void floor_stop(Floor *f, bool at_once)
{
    begin_stop(f, at_once, "");
    floor_look(f);
}

/* Talks whose result nobody will say any more. */
static void end_unsaid(Floor *f)
{
    Error err = { 0 };
    Result result;
    DialSaying failed = { result_name(RESULT_FAILED), "the dialler was stopped", 0, false };
    const Agent *a;
    for (int i = 0; (a = engine_agent_at(f->live.engine, i)); i++)
        if (a->state == AGENT_WRAPUP && a->call >= 0) {
            dial_session_say(f->live.record, a->id, &failed, &result, &err);
            engine_result(f->live.engine, f->live.now, a->id, RESULT_NOT_INTERESTED, &err);
        }
}

/* Until nothing is up, but not for ever: what is left then, the next session clears. */
static void run_out(Floor *f)
{
    Error err = { 0 };
    int64_t end = f->live.now + CLOSE_WAIT;
    for (int turns = 0; floor_calls(f) > 0 && f->live.now < end && turns < TURNS_MOST; turns++) {
        end_unsaid(f);
        int64_t next = live_next(&f->live);
        if (f->plan.loop && !loop_turn(f->plan.loop, 20, &err))
            break;
        live_settle(&f->live, f->plan.loop ? crm_now(f->crm) : next < end ? next : end);
    }
}

static void send_home(Floor *f)
{
    Error err = { 0 };
    const Agent *a;
    for (int i = 0; (a = engine_agent_at(f->live.engine, i)); i++)
        engine_agent(f->live.engine, f->live.now, a->id, AGENT_OFF, &err);
    for (int i = 0; i < f->n_seats; i++)
        if (f->seats[i].said != AGENT_OFF)
            dial_session_wish(f->live.record, f->seats[i].id, "off", NULL, &err);
    live_settle(&f->live, f->live.now);
}

bool floor_close(Floor *f, DialSums *sums, Error *err)
{
    Error late = { 0 };
    f->told_over = true;
    if (!floor_over(f)) {
        begin_stop(f, true, "");
        live_turn(&f->live, f->live.now);
        run_out(f);
    }
    send_home(f);
    bool ok = dial_session_finish(f->live.record, f->live.now, err);
    *sums = dial_session_sums(f->live.record);
    bool given = dialing_give(f, ok ? err : &late);
    floor_free(f);
    return ok && given;
}

const char *floor_line(const Floor *f)
{
    return f->line.name;
}

bool floor_is_simulated(const Floor *f)
{
    return strcmp(f->line.adapter, "sim") == 0;
}

const DialCampaign *floor_campaign(const Floor *f)
{
    return &f->campaign;
}

const char *floor_end_reason(const Floor *f)
{
    return f->end_reason;
}

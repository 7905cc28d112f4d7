/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/simday.h"

#include "dialer/crew.h"
#include "dialer/drive.h"
#include "dialer/sim.h"

/* The engine has one observer: it tells the caller's and the crew. */
typedef struct Turn {
    Observer observer;
    Engine *engine;
    Driver *driver;
    Crew *crew;
    int64_t now, end;
    bool last_calls, home;
} Turn;

static void placed(void *self, int64_t now, const Line *line)
{
    Turn *t = self;
    if (t->observer.placed)
        t->observer.placed(t->observer.self, now, line);
}

static void changed(void *self, int64_t now, const Line *line, LineState from)
{
    Turn *t = self;
    crew_saw_line(t->crew, now, line, from);
    if (t->observer.changed)
        t->observer.changed(t->observer.self, now, line, from);
}

static void ended(void *self, int64_t now, const Line *line)
{
    Turn *t = self;
    if (t->observer.ended)
        t->observer.ended(t->observer.self, now, line);
}

static void agent(void *self, int64_t now, const Agent *a, AgentState from)
{
    Turn *t = self;
    crew_saw_agent(t->crew, now, a, from);
    if (t->observer.agent)
        t->observer.agent(t->observer.self, now, a, from);
}

static void note(void *self, int64_t now, CallId call, const char *text)
{
    Turn *t = self;
    if (t->observer.note)
        t->observer.note(t->observer.self, now, call, text);
}

static void paced(void *self, int64_t now, const Pace *pace, const PaceLearnt *learnt)
{
    Turn *t = self;
    if (t->observer.paced)
        t->observer.paced(t->observer.self, now, pace, learnt);
}

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/* Stop dialling at the end; let the agents go when no call can reach them any more. */
static void close_day(Turn *t)
{
    if (!t->last_calls) {
        t->last_calls = true;
        engine_stop(t->engine, t->now, false);
        crew_last_calls(t->crew);
    }
    EngineView v = engine_view(t->engine);
    int coming = 0;
    for (LineState s = LINE_PLACED; s <= LINE_BRIDGING; s++)
        coming += v.lines[s];
    if (!t->home && coming == 0) {
        t->home = true;
        crew_go_home(t->crew, t->now, t->engine);
    }
}

static bool over(const Turn *t)
{
    return t->home && engine_view(t->engine).live == 0;
}

static void turn(Turn *t)
{
    int64_t next = earlier(t->driver->ops->next(t->driver), crew_next(t->crew));
    next = earlier(next, engine_wake(t->engine));
    if (!t->last_calls)
        next = earlier(next, t->end);
    if (next == NEVER)
        panic("the simulated day stands still with calls up");
    if (next > t->now)
        t->now = next;
    t->driver->ops->advance(t->driver, t->now);
    crew_advance(t->crew, t->now, t->engine);
    if (t->now >= t->end)
        close_day(t);
    drive(t->engine, t->driver, t->now);
}

static void report(const Turn *t, SimReport *out)
{
    out->view = engine_view(t->engine);
    out->ended_at = t->now;
    const Agent *a;
    for (int i = 0; (a = engine_agent_at(t->engine, i)); i++)
        for (AgentState s = 0; s < AGENT_STATES; s++)
            out->spent[s] += agent_time_in(a, s, t->now);
}

bool sim_run_day(const SimDay *day, SimReport *out, Error *err)
{
    if (!engine_check(day->engine, err) || !world_check(day->world, err))
        return false;
    Turn t = { .observer = day->observer, .now = day->start, .end = day->end };
    Observer all = { &t, placed, changed, ended, agent, note, paced };
    t.engine = engine_new(day->engine, day->supply, all, day->start);
    t.driver = sim_open(day->world, day->seed, day->start, drive_sink(t.engine));
    t.crew = crew_new(day->world, day->seed, day->agents, day->nagents,
                      day->engine->pacing.mode == PACE_PREVIEW, day->start);
    engine_start(t.engine, day->start);
    *out = (SimReport){ 0 };
    bool ok = true;
    while (ok && !over(&t)) {
        turn(&t);
        out->turns++;
        if (day->go_on && !day->go_on(day->self, t.now))
            ok = fail(err, ERR_INTERRUPTED, "the simulated day was broken off");
    }
    report(&t, out);
    crew_free(t.crew);
    t.driver->ops->close(t.driver);
    engine_free(t.engine);
    return ok;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/live.h"

enum { TURNS_MOST = 10000 };              /* in one moment: more of them would be a loop */

/* ---- the engine's observer: the record, then whoever watches --------------------------------- */

static void placed(void *self, int64_t now, const Line *line)
{
    Live *l = self;
    Observer record = dial_session_observer(l->record);
    record.placed(record.self, now, line);
    if (l->watcher.placed)
        l->watcher.placed(l->watcher.self, now, line);
}

static void changed(void *self, int64_t now, const Line *line, LineState from)
{
    Live *l = self;
    Observer record = dial_session_observer(l->record);
    record.changed(record.self, now, line, from);
    if (l->crew)
        crew_saw_line(l->crew, now, line, from);
    if (l->watcher.changed)
        l->watcher.changed(l->watcher.self, now, line, from);
}

static void ended(void *self, int64_t now, const Line *line)
{
    Live *l = self;
    Observer record = dial_session_observer(l->record);
    record.ended(record.self, now, line);
    if (l->watcher.ended)
        l->watcher.ended(l->watcher.self, now, line);
}

static void agent(void *self, int64_t now, const Agent *a, AgentState from)
{
    Live *l = self;
    Observer record = dial_session_observer(l->record);
    record.agent(record.self, now, a, from);
    if (l->crew)
        crew_saw_agent(l->crew, now, a, from);
    if (l->watcher.agent)
        l->watcher.agent(l->watcher.self, now, a, from);
}

static void note(void *self, int64_t now, CallId call, const char *text)
{
    Live *l = self;
    if (l->watcher.note)
        l->watcher.note(l->watcher.self, now, call, text);
}

static void paced(void *self, int64_t now, const Pace *pace, const PaceLearnt *learnt)
{
    Observer record = dial_session_observer(((Live *)self)->record);
    record.paced(record.self, now, pace, learnt);
}

/* ---- life ------------------------------------------------------------------------------------ */

void live_begin(Live *l, DialSession *record, const EngineConfig *rules, Observer watcher,
                int64_t now)
{
    l->record = record;
    l->watcher = watcher;
    l->now = now;
    l->engine = engine_new(rules, dial_session_supply(record),
                           (Observer){ l, placed, changed, ended, agent, note,
                                        l->paces ? paced : NULL }, now);
}

void live_release(Live *l)
{
    if (l->driver)
        l->driver->ops->close(l->driver);
    engine_free(l->engine);
    crew_free(l->crew);
    dial_session_free(l->record);
    l->driver = NULL;
    l->engine = NULL;
    l->crew = NULL;
    l->record = NULL;
}

static void heard(void *self, const DriverEvent *ev)
{
    Live *l = self;
    engine_event(l->engine, ev);
    if (l->heard)
        l->heard(l->self, ev);
}

static void batch(void *self)
{
    Live *l = self;
    if (!l->turning && l->stir)
        l->stir(l->self);
}

DriverSink live_sink(Live *l)
{
    return (DriverSink){ l, heard, batch };
}

/* ---- time ------------------------------------------------------------------------------------ */

static int64_t earlier(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t live_next(const Live *l)
{
    int64_t at = earlier(engine_wake(l->engine), driver_next(l->driver));
    at = earlier(at, dial_session_next(l->record));
    return l->crew ? earlier(at, crew_next(l->crew)) : at;
}

void live_turn(Live *l, int64_t now)
{
    if (now > l->now)
        l->now = now;
    l->turning = true;
    driver_advance(l->driver, l->now);
    if (l->crew)
        crew_advance(l->crew, l->now, l->engine);
    drive(l->engine, l->driver, l->now);
    dial_session_turned(l->record, l->now);
    l->turning = false;
}

void live_settle(Live *l, int64_t now)
{
    for (int turns = 0; live_next(l) < now && turns < TURNS_MOST; turns++)
        live_turn(l, live_next(l));
    live_turn(l, now);
    for (int turns = 0; live_next(l) <= l->now && turns < TURNS_MOST; turns++)
        live_turn(l, l->now);
}

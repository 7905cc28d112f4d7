/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * engine_pace.c -- what the engine shows its pacer, and what it tells it.
 */
#include "dialer/engine_inside.h"

#define TELL_EVERY_MS 60000

/* With what this run has added. */
static Ledger with_ours(const Engine *e, Ledger l)
{
    return (Ledger){ l.answered + e->connected + e->abandoned - e->ledgered.answered,
                     l.abandoned + e->abandoned - e->ledgered.abandoned };
}

static Ledger today_of(const Engine *e)
{
    return with_ours(e, e->cfg.earlier);
}

static Ledger window_of(const Engine *e)
{
    return with_ours(e, e->cfg.before);
}

void engine_new_day(Engine *e, Ledger before, Ledger earlier)
{
    e->cfg.before = before;
    e->cfg.earlier = earlier;
    e->ledgered = (Ledger){ e->connected + e->abandoned, e->abandoned };
    e->changed = true;
}

static void show_line(const Engine *e, const Line *l, PaceScene *s)
{
    if (l->own || (l->in && l->state != LINE_WAITING))
        return;
    if (l->state == LINE_PLACED || l->state == LINE_RINGING)
        s->ringing[ring_bin((double)(e->now - l->placed_at) / 1000)]++;
    else if (l->state == LINE_ANSWERED)
        s->answered[answer_bin((double)(e->now - l->answered_at) / 1000)]++;
    else if (l->state == LINE_WAITING)
        s->waiting++;
}

/* One who said that he goes, or writes for longer than anybody does, is not counted on. */
static void show_agent(const Engine *e, const Agent *a, PaceScene *s)
{
    double since = (double)(e->now - a->since) / 1000;
    if (a->then != AGENT_READY)
        return;
    if (a->state == AGENT_TALKING)
        s->talking[talk_bin(since)]++;
    else if (a->state == AGENT_WRAPUP && since < WRAP_BINS)
        s->wrapup[wrap_bin(since)]++;
}

static void show(const Engine *e, PaceScene *s)
{
    *s = (PaceScene){ .idle = e->agents.in[AGENT_READY] };
    for (int i = 0; i < e->nslots; i++)
        show_line(e, &e->slots[i].line, s);
    for (int i = 0; i < e->agents.n; i++)
        show_agent(e, &e->agents.all[i], s);
}

/* Agents; or lines on which a message could be played. */
static int could_take_one(const Engine *e)
{
    if (!e->cfg.play[0])
        return e->agents.in[AGENT_READY];
    int lines = e->cfg.pacing.max_calls > 0 ? e->cfg.pacing.max_calls : PLAY_LINES;
    for (LineState s = LINE_BRIDGING; s <= LINE_TALKING; s++)
        lines -= e->in[KIND_PACED][s];
    lines -= e->in[KIND_PACED][LINE_CLEARING];
    return lines > 0 ? lines : 0;
}

static int could_be_had(const Engine *e)
{
    int most = e->now < e->ask_at ? 0 : e->most;
    return most < e->room ? most : e->room;
}

static PacingView view_of(const Engine *e)
{
    PacingView v = {
        .idle = could_take_one(e),
        .lines = lines_held(e),
        .today = today_of(e),
        .window = window_of(e),
        .now = e->now,
        .dials = e->dials,
        .talking = e->agents.in[AGENT_TALKING],
        .writing = e->agents.in[AGENT_WRAPUP],
        .here = e->agents.n - e->agents.in[AGENT_OFF],
        .most = could_be_had(e),
        .waiting = e->in[KIND_PACED][LINE_WAITING] + e->in[KIND_IN][LINE_WAITING],
        .joined = e->in[KIND_PACED][LINE_BRIDGING] + e->in[KIND_PACED][LINE_TALKING],
    };
    for (LineState s = LINE_PLACED; s <= LINE_WAITING; s++)
        v.in_flight += e->in[KIND_PACED][s];
    return v;
}

bool engine_pace(Engine *e)
{
    PaceScene scene;
    PacingView view = view_of(e);
    bool changed = e->changed;
    if (pacer_wake(&e->pacer) != INT64_MAX
        && !(e->now >= pacer_wake(&e->pacer) || (changed && pacer_is_due(&e->pacer, &view))))
        return false;
    e->changed = false;
    if (pacer_wants_scene(&e->pacer)) {
        show(e, &scene);
        view.scene = &scene;
    }
    e->pace = pacer_decide(&e->pacer, &view);
    if (e->now - e->paced_at >= TELL_EVERY_MS)
        pace_tell(e);
    return true;
}

void pace_tell(Engine *e)
{
    e->paced_at = e->now;
    if (e->observer.paced)
        e->observer.paced(e->observer.self, e->now, &e->pace, pacer_learnt(&e->pacer));
}

/* ---- experience ------------------------------------------------------------------------------ */

/* What became of the ringing is known. */
static bool rang(LineState from)
{
    return from == LINE_PLACED || from == LINE_RINGING;
}

void pace_saw_line(Engine *e, const Line *l, LineState from, int event)
{
    Predictor *p = e->pacer.predictor;
    if (l->state != LINE_RINGING)
        e->changed = true;
    if (!p || l->own || l->in || event == LINE_REFUSED || event == LINE_STOP || event == LINE_GONE)
        return;
    bool answered = event == DRIVER_MACHINE || l->state == LINE_WAITING;
    if (from < LINE_WAITING && l->state >= LINE_WAITING)
        predict_call_lost(p, event == LINE_DEADLINE);
    if (answered && from < LINE_WAITING)
        predict_call_over(p, l->answered_at - l->placed_at, true, l->state == LINE_WAITING,
                          e->now - l->answered_at);
    else if (rang(from) && l->state >= LINE_CLEARING)
        predict_call_over(p, e->now - l->placed_at, false, false, 0);
}

void pace_saw_person(Engine *e, bool abandoned)
{
    Ledger today = today_of(e), window = window_of(e);
    if (e->pacer.predictor)
        predict_person(e->pacer.predictor, &today, &window, abandoned);
}

void pace_saw_agent(Engine *e, Agent *a, AgentState from, int64_t lasted_ms)
{
    e->changed = true;
    if (from == AGENT_TALKING)
        a->talked_ms = lasted_ms;
    else if (from == AGENT_WRAPUP && !a->called_in && e->pacer.predictor)
        predict_cycle(e->pacer.predictor, a->talked_ms, lasted_ms, a->state != AGENT_READY);
}

const PaceLearnt *engine_learnt(const Engine *e)
{
    return pacer_learnt(&e->pacer);
}

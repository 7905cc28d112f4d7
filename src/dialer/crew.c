/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/crew.h"

#include <math.h>
#include <stdlib.h>

#define NOTICE_MS 5000               /* until an agent notices that the line is dead */
#define BACK_SOON_MS 10000           /* one who was paused without wanting it says ready again */
#define LOOK_AGAIN_MS 30000

enum { DO_START_WORK, DO_END_WORK, DO_COME, DO_LEAVE, DO_HANG_UP, DO_FINISH, DO_ASK, DO_DIAL };

typedef struct Member {
    AgentId id;
    Rng rng;
    bool out;                 /* absent by his own will */
    bool leaving;             /* will be, after the call */
    bool spared;              /* not to work now, or any more */
    double slowness;          /* of talks and wrap-ups; 1: as all */
    AgentState state;
    Fate fate;                /* of the call that he has */
    uint32_t gen;             /* grows with each state: tells plans that are void */
    uint32_t spell;           /* grows each time he comes */
} Member;

struct Crew {
    SimWorld world;
    uint64_t seed;
    bool preview, last_calls, home;
    Member *all;
    int n;
    IdMap index;
    Agenda agenda;
};

static void plan(Crew *c, int i, int what, int64_t at)
{
    agenda_add(&c->agenda, at, what, i, what == DO_LEAVE ? c->all[i].spell : c->all[i].gen);
}

static int64_t soon(Member *m, double mean_s)
{
    return (int64_t)(1000 * rng_exponential(&m->rng, mean_s));
}

/* Who is to work when, where the scenario says so. */
static void plan_staff(Crew *c, int i, int64_t start)
{
    const SimCourse *course = &c->world.course;
    Member *m = &c->all[i];
    m->spared = course->on && i >= course->agents;
    bool works = !m->spared;
    for (int k = 0; k < course->staff.n; k++) {
        int64_t at = start + (int64_t)(1000 * course->staff.at_s[k]);
        bool will = i < (int)course->staff.value[k];
        if (will && !works)
            at += (int64_t)(1000 * rng_between(&m->rng, 0, c->world.login_within_s));
        if (will != works)
            agenda_add(&c->agenda, at, will ? DO_START_WORK : DO_END_WORK, i, 0);
        works = will;
    }
}

static double slowness(Crew *c, Member *m)
{
    double s = c->world.course.uneven;
    return s > 0 ? rng_lognormal(&m->rng, 1, sqrt(exp(s * s) - 1)) : 1;
}

Crew *crew_new(const SimWorld *w, uint64_t seed, const AgentId *ids, int n, bool preview,
               int64_t start)
{
    Crew *c = xalloc(sizeof *c);
    c->world = *w;
    c->seed = seed;
    c->preview = preview;
    c->n = n;
    c->all = xalloc(sizeof *c->all * (size_t)(n + 1));
    for (int i = 0; i < n; i++) {
        Member *m = &c->all[i];
        m->id = ids[i];
        m->out = true;
        rng_seed(&m->rng, seed, STREAM_AGENT, (uint64_t)ids[i], 0);
        idmap_put(&c->index, (uint64_t)ids[i], i);
        plan(c, i, DO_COME, start + (int64_t)(1000 * rng_between(&m->rng, 0, w->login_within_s)));
        m->slowness = slowness(c, m);
        plan_staff(c, i, start);
    }
    return c;
}

void crew_free(Crew *c)
{
    if (!c)
        return;
    free(c->all);
    idmap_release(&c->index);
    agenda_release(&c->agenda);
    free(c);
}

void crew_saw_line(Crew *c, int64_t now, const Line *line, LineState from)
{
    int i = line->agent ? idmap_get(&c->index, (uint64_t)line->agent) : -1;
    (void)from;
    if (i < 0 || line->state != LINE_BRIDGING)
        return;
    Member *m = &c->all[i];
    world_fate(&c->world, c->seed, line->entry.key, line->entry.attempt, line->placed_at, &m->fate);
    if (c->world.course.on)
        world_talk(&c->world, c->seed, line->entry.key, line->entry.attempt, now, m->slowness,
                   &m->fate);
}

void crew_saw_agent(Crew *c, int64_t now, const Agent *agent, AgentState from)
{
    int i = idmap_get(&c->index, (uint64_t)agent->id);
    (void)from;
    if (i < 0)
        return;
    Member *m = &c->all[i];
    m->state = agent->state;
    m->gen++;
    double mute = c->world.faults.mute_agent;
    switch (agent->state) {
    case AGENT_TALKING:
        plan(c, i, DO_HANG_UP, now + m->fate.talk_ms + (m->fate.agent_ends ? 0 : NOTICE_MS));
        break;
    case AGENT_WRAPUP:
        if (!(mute > 0 && rng_unit(&m->rng) < mute))
            plan(c, i, DO_FINISH, now + m->fate.wrap_ms);
        break;
    case AGENT_PAUSED:
    case AGENT_OFF:
        if (!m->out)
            plan(c, i, DO_COME, now + BACK_SOON_MS);
        break;
    case AGENT_READY:
        if (c->preview)
            plan(c, i, DO_ASK, now + 1000);
        break;
    case AGENT_PREVIEW:
        plan(c, i, DO_DIAL, now + 1000 + soon(m, c->world.look_s));
        break;
    default:
        break;
    }
}

int64_t crew_next(const Crew *c)
{
    return agenda_next(&c->agenda);
}

static void wish(Crew *c, int i, AgentState state, int64_t now, Engine *e)
{
    Error err = { 0 };
    if (!engine_agent(e, now, c->all[i].id, state, &err))
        plan(c, i, DO_FINISH, now + BACK_SOON_MS);
}

static void come(Crew *c, int i, int64_t now, Engine *e)
{
    Member *m = &c->all[i];
    if (c->last_calls || m->spared)
        return;
    m->out = m->leaving = false;
    m->spell++;
    if (c->world.pause_every_s > 0)
        plan(c, i, DO_LEAVE, now + soon(m, c->world.pause_every_s));
    wish(c, i, AGENT_READY, now, e);
}

static void go_out(Crew *c, int i, int64_t now, Engine *e)
{
    Member *m = &c->all[i];
    bool pause = rng_unit(&m->rng) < c->world.pause_share;
    m->out = true;
    m->leaving = false;
    wish(c, i, pause && !c->home && !m->spared ? AGENT_PAUSED : AGENT_OFF, now, e);
    plan(c, i, DO_COME, now + soon(m, pause ? c->world.pause_s : c->world.off_s));
}

static void finish(Crew *c, int i, int64_t now, Engine *e)
{
    Member *m = &c->all[i];
    const Agent *a = engine_find_agent(e, m->id);
    Error err = { 0 };
    if (a->call >= 0)
        engine_result(e, now, m->id, m->fate.result, &err);
    if (m->leaving || c->home)
        go_out(c, i, now, e);
    else
        wish(c, i, AGENT_READY, now, e);
}

static void ask(Crew *c, int i, int64_t now, Engine *e)
{
    Error err = { 0 };
    if (!c->last_calls && !engine_offer(e, now, c->all[i].id, NULL, &err))
        plan(c, i, DO_ASK, now + LOOK_AGAIN_MS);
}

static void dial(Crew *c, int i, int64_t now, Engine *e)
{
    Member *m = &c->all[i];
    Error err = { 0 };
    if (c->last_calls)
        go_out(c, i, now, e);
    else if (rng_unit(&m->rng) < c->world.skip)
        engine_skip(e, now, m->id, STR("called lately"), &err);
    else if (!engine_dial(e, now, m->id, &err))
        engine_skip(e, now, m->id, STR("could not be dialled"), &err);
}

static void act(Crew *c, const Due *due, int64_t now, Engine *e)
{
    int i = (int)due->id;
    Member *m = &c->all[i];
    Error err = { 0 };
    bool staff = due->kind == DO_START_WORK || due->kind == DO_END_WORK;
    if (!staff && due->gen != (due->kind == DO_LEAVE ? m->spell : m->gen))
        return;
    switch (due->kind) {
    case DO_START_WORK:
        m->spared = false;
        if (m->out)
            come(c, i, now, e);
        break;
    case DO_END_WORK:
        m->spared = true;
        if (m->state == AGENT_READY || m->state == AGENT_PREVIEW)
            go_out(c, i, now, e);
        else
            m->leaving = true;
        break;
    case DO_COME:
        come(c, i, now, e);
        break;
    case DO_LEAVE:
        if (m->state == AGENT_READY || m->state == AGENT_PREVIEW)
            go_out(c, i, now, e);
        else
            m->leaving = true;
        break;
    case DO_HANG_UP:
        engine_hangup(e, now, m->id, &err);
        break;
    case DO_FINISH:
        finish(c, i, now, e);
        break;
    case DO_ASK:
        ask(c, i, now, e);
        break;
    case DO_DIAL:
        dial(c, i, now, e);
        break;
    }
}

void crew_advance(Crew *c, int64_t now, Engine *e)
{
    Due due;
    while (agenda_take(&c->agenda, now, &due))
        act(c, &due, now, e);
}

void crew_last_calls(Crew *c)
{
    c->last_calls = true;
}

void crew_go_home(Crew *c, int64_t now, Engine *e)
{
    c->last_calls = c->home = true;
    for (int i = 0; i < c->n; i++) {
        Member *m = &c->all[i];
        m->leaving = true;
        if (m->state == AGENT_READY || m->state == AGENT_PREVIEW || m->state == AGENT_PAUSED)
            go_out(c, i, now, e);
    }
}

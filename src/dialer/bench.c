/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "dialer/simday.h"

#define DAY_BEGINS INT64_C(1893488400000)         /* 2030-01-01 09:00 UTC */
#define AGENTS_MOST 2000

/* ---- a scenario ------------------------------------------------------------------------------ */

static bool number(Str s, double *out)
{
    char text[64], *end;
    if (!s.n || s.n >= sizeof text)
        return false;
    memcpy(text, s.s, s.n);
    text[s.n] = '\0';
    *out = strtod(text, &end);
    return !*end && *out == *out;
}

static Str cut(Str *rest, char at)
{
    const char *p = memchr(rest->s, at, rest->n);
    size_t n = p ? (size_t)(p - rest->s) : rest->n;
    Str part = str_n(rest->s, n);
    *rest = p ? str_n(p + 1, rest->n - n - 1) : str_n(rest->s + n, 0);
    return part;
}

static bool curve(Str s, Curve *c)
{
    *c = (Curve){ 0 };
    while (s.n) {
        Str value = cut(&s, ';'), at = cut(&value, ':');
        if (c->n == CURVE_POINTS || !number(at, &c->at_s[c->n]) || !number(value, &c->value[c->n])
            || (c->n && c->at_s[c->n] < c->at_s[c->n - 1]))
            return false;
        c->n++;
    }
    return c->n > 0;
}

typedef struct Draft { Scenario *s; double agents, p, pausegap, patience, memless, mix; } Draft;

static bool set(Draft *d, Str key, Str value)
{
    SimWorld *w = &d->s->world;
    const struct { const char *key; double *to; } numbers[] = {
        { "N", &d->agents }, { "p", &d->p }, { "talk", &w->talk.mean }, { "talkcv", &w->talk.cv },
        { "wrap", &w->wrap.mean }, { "wrapcv", &w->wrap.cv }, { "ring", &w->ring.mean },
        { "ringcv", &w->ring.cv }, { "tmo", &w->ring_most_s }, { "mach", &w->machine },
        { "busy", &w->busy }, { "pausegap", &d->pausegap }, { "shortfrac", &w->pause_share },
        { "patience", &d->patience }, { "T", &d->s->day_s }, { "W", &d->s->warm_up_s },
        { "het", &w->course.uneven }, { "mix", &d->mix }, { "memless", &d->memless },
    };
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (str_is(key, numbers[i].key))
            return number(value, numbers[i].to);
    const struct { const char *key; Curve *to; } curves[] = {
        { "pt", &w->course.answer }, { "mt", &w->course.talk }, { "nt", &w->course.staff } };
    for (size_t i = 0; i < sizeof curves / sizeof *curves; i++)
        if (str_is(key, curves[i].key))
            return curve(value, curves[i].to);
    return false;
}

static bool finish(const Draft *d, Error *err)
{
    Scenario *s = d->s;
    SimWorld *w = &s->world;
    SimCourse *c = &w->course;
    double most = d->agents;
    for (int i = 0; i < c->staff.n; i++)
        most = c->staff.value[i] > most ? c->staff.value[i] : most;
    if (!(d->agents >= 0 && most >= 1 && most <= AGENTS_MOST))
        return fail(err, ERR_INVALID, "%g agents are not between 1 and %d", most, AGENTS_MOST);
    if (!(s->day_s > 0 && s->day_s <= 7 * 86400 && s->warm_up_s >= 0 && s->warm_up_s < s->day_s))
        return fail(err, ERR_INVALID, "a day of %g s with %g s of warm-up makes no sense",
                    s->day_s, s->warm_up_s);
    if (!(d->patience >= 0 && d->patience <= 600))
        return fail(err, ERR_INVALID, "nobody waits for %g s", d->patience);
    s->agents = (int)most;
    c->agents = (int)d->agents;
    s->patience_ms = (int64_t)(1000 * d->patience);
    w->customer_waits_s = d->patience + 60;
    w->pause_every_s = d->pausegap > 86400 ? 0 : d->pausegap;
    c->mixed = d->mix != 0;
    c->memoryless = d->memless != 0;
    if (c->memoryless)
        w->ring_most_s = 120;
    for (int h = 0; h < 24; h++)
        w->answer[h] = d->p;
    return world_check(w, err);
}

bool scenario_parse(Str line, Scenario *out, Error *err)
{
    Draft d = { .s = out, .agents = 10, .p = .3, .pausegap = 2700, .patience = 2 };
    *out = (Scenario){ .world = world_defaults(), .day_s = 30600, .warm_up_s = 1800 };
    SimWorld *w = &out->world;
    w->talk.mean = 180;
    w->busy = .15;
    w->invalid = w->failed = 0;
    w->agent_ends = 1;
    w->course.on = true;
    w->course.began = DAY_BEGINS;
    line = str_trim(line);
    if (!line.n || *line.s == '#')
        return true;
    Str name = cut(&line, ' ');
    snprintf(out->name, sizeof out->name, "%.*s", STR_ARG(name));
    while (line.n) {
        Str value = cut(&line, ' '), word = value;
        if (!word.n)
            continue;
        Str key = cut(&value, '=');
        if (!set(&d, key, value)) {
            fail(err, ERR_INVALID, "scenario %s: '%.*s' is not understood", out->name,
                 STR_ARG(word));
            return fail_hint(err, "words are key=value: N=10 p=0.3 talk=180; curves t:v;t:v");
        }
    }
    return finish(&d, err);
}

/* ---- a day ----------------------------------------------------------------------------------- */

typedef struct Watch {
    int64_t from, to, last;           /* ms: end of the warm-up, of the day; counted so far */
    int in[AGENT_STATES];
    double spent[AGENT_STATES];       /* ms between from and to */
    int64_t entries, placed, placed_late, persons, lost, persons_late, lost_late;
} Watch;

static void count_time(Watch *w, int64_t now)
{
    int64_t a = w->last > w->from ? w->last : w->from, b = now < w->to ? now : w->to;
    w->last = now;
    for (AgentState s = 0; b > a && s < AGENT_STATES; s++)
        w->spent[s] += (double)w->in[s] * (double)(b - a);
}

static int claim(void *self, int64_t now, AgentId agent, int want, Entry *out, int64_t *again_at)
{
    Watch *w = self;
    (void)now, (void)agent, (void)again_at;
    for (int i = 0; i < want; i++) {
        Entry *e = &out[i];
        int64_t id = ++w->entries;
        *e = (Entry){ .id = id, .key = (uint64_t)id, .attempt = 1 };
        snprintf(e->number, sizeof e->number, "+%" PRId64, 10000000 + id);
    }
    return want;
}

static bool intend(void *self, int64_t now, AgentId agent, Entry *entries, int n, Error *err)
{
    (void)self, (void)now, (void)agent, (void)err;
    for (int i = 0; i < n; i++)
        entries[i].call = entries[i].id;
    return true;
}

static void put_back(void *self, int64_t now, const Entry *entry, PutBack why, Str words)
{
    (void)self, (void)now, (void)entry, (void)why, (void)words;
}

static void placed(void *self, int64_t now, const Line *line)
{
    Watch *w = self;
    (void)line;
    w->placed++;
    w->placed_late += now >= w->from;
}

static void changed(void *self, int64_t now, const Line *line, LineState from)
{
    Watch *w = self;
    bool lost = line->state == LINE_CLEARING && from == LINE_WAITING
                && line->result == RESULT_ABANDONED;
    if (!lost && line->state != LINE_BRIDGING)
        return;
    w->persons++;
    w->lost += lost;
    w->persons_late += now >= w->from;
    w->lost_late += lost && now >= w->from;
}

static void agent(void *self, int64_t now, const Agent *a, AgentState from)
{
    Watch *w = self;
    count_time(w, now);
    w->in[from]--;
    w->in[a->state]++;
}

static bool go_on(void *self, int64_t now)
{
    return now < ((Watch *)self)->to;
}

static double percent(int64_t part, int64_t whole)
{
    return whole ? 100.0 * (double)part / (double)whole : 0;
}

static void report(const Watch *w, BenchDay *out)
{
    double idle = w->spent[AGENT_READY], talk = w->spent[AGENT_TALKING];
    double staffed = idle + talk + w->spent[AGENT_WRAPUP];
    int64_t served = w->persons_late - w->lost_late;
    staffed = staffed > 0 ? staffed : 1;
    *out = (BenchDay){
        .used = (staffed - idle) / staffed,
        .talk_min = 60 * talk / staffed,
        .abandoned = percent(w->lost_late, w->persons_late),
        .abandoned_day = percent(w->lost, w->persons),
        .wait_s = served ? idle / 1000 / (double)served : 0,
        .connects_h = 3600000.0 * (double)served / staffed,
        .dials_h = 3600000.0 * (double)w->placed_late / staffed,
        .persons = w->persons,
        .lost = w->lost,
        .dials = w->placed,
    };
}

bool bench_day(const Scenario *s, const PacingRules *rules, uint64_t seed, BenchDay *out,
               Error *err)
{
    EngineConfig c = engine_defaults();
    c.pacing = *rules;
    c.pacing.ring_ms = (int)(1000 * s->world.ring_most_s);
    c.patience_ms = s->patience_ms;
    c.wrap_ms = c.talk_ms = 0;
    Watch w = { .from = DAY_BEGINS + (int64_t)(1000 * s->warm_up_s),
                .to = DAY_BEGINS + (int64_t)(1000 * s->day_s), .last = DAY_BEGINS };
    AgentId *ids = xalloc(sizeof *ids * (size_t)s->agents);
    for (int i = 0; i < s->agents; i++)
        ids[i] = i + 1;
    SimDay day = { .engine = &c, .world = &s->world, .seed = seed, .agents = ids,
                   .nagents = s->agents, .start = DAY_BEGINS, .end = w.to + 3600000,
                   .supply = { &w, claim, intend, put_back },
                   .observer = { .self = &w, .placed = placed, .changed = changed,
                                 .agent = agent },
                   .go_on = go_on, .self = &w };
    SimReport r;
    Error broken = { 0 };
    bool ok = sim_run_day(&day, &r, &broken);
    free(ids);
    if (!ok && broken.code != ERR_INTERRUPTED)
        return *err = broken, false;
    count_time(&w, w.to);
    report(&w, out);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bench_dial.c -- what dialling costs when each call is written to the file.
 *
 *     bench_dial DB day AGENTS HOURS      a day of the simulated line, on a turned clock
 *     bench_dial DB live AGENTS SECONDS   the same line in real time: short talks, few answers
 *
 * Campaign 1 of DB is dialled.  Prints NAME=NUMBER words: dials, cpu_us (of the process, a dial),
 * commits (a dial), starts (a second), late_ms (99th percentile of what was due being done late),
 * rss_mb (after a sixth of the time) and rss_end_mb, bytes (of the file, a dial).
 */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "dialer/crew.h"
#include "dialer/drive.h"
#include "dialer/session.h"
#include "dialer/sim.h"
#include "store/store.h"

enum { LATE_BINS = 5000 };

typedef struct Bench {
    Crm *crm;
    DialSession *session;
    Observer record;
    Crew *crew;
    Engine *engine;
    Driver *driver;
    int64_t start, end, sixth;
    double rss_sixth, cpu;
    int64_t commits, size, late[LATE_BINS], turns;
} Bench;

static void die(const Error *err)
{
    fprintf(stderr, "bench_dial: %s\n", err->msg);
    exit(1);
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int64_t wall_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return t.tv_sec * INT64_C(1000) + t.tv_nsec / 1000000;
}

static double rss_mb(void)
{
    long pages = 0;
    FILE *f = fopen("/proc/self/statm", "r");
    if (f && fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    if (f)
        fclose(f);
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1e6;
}

static int64_t file_size(const char *db)
{
    struct stat s;
    return stat(db, &s) == 0 ? s.st_size : 0;
}

static void changed(void *self, int64_t now, const Line *l, LineState from)
{
    Bench *b = self;
    b->record.changed(b->record.self, now, l, from);
    crew_saw_line(b->crew, now, l, from);
}

static void ended(void *self, int64_t now, const Line *l)
{
    Bench *b = self;
    b->record.ended(b->record.self, now, l);
}

static void agent(void *self, int64_t now, const Agent *a, AgentState from)
{
    Bench *b = self;
    crew_saw_agent(b->crew, now, a, from);
    b->record.agent(b->record.self, now, a, from);
}

static void paced(void *self, int64_t now, const Pace *p, const PaceLearnt *l)
{
    Bench *b = self;
    b->record.paced(b->record.self, now, p, l);
}

static int64_t next_of(const Bench *b)
{
    int64_t next = b->driver->ops->next(b->driver), crew = crew_next(b->crew);
    int64_t wake = engine_wake(b->engine);
    int64_t write = dial_session_next(b->session);
    next = crew < next ? crew : next;
    next = write < next ? write : next;
    return wake < next ? wake : next;
}

static void turn(Bench *b, int64_t now)
{
    b->turns++;
    b->driver->ops->advance(b->driver, now);
    crew_advance(b->crew, now, b->engine);
    drive(b->engine, b->driver, now);
    dial_session_turned(b->session, now);
    if (!b->rss_sixth && now >= b->sixth)
        b->rss_sixth = rss_mb();
}

static void wait_until(int64_t at)
{
    int64_t left = at - wall_ms();
    struct timespec t = { left / 1000, left % 1000 * 1000000 };
    if (left > 0)
        nanosleep(&t, NULL);
}

static void run(Bench *b, bool live)
{
    for (int64_t now = b->start; now < b->end;) {
        int64_t next = next_of(b);
        if (live) {
            if (next > now)
                wait_until(next < b->end ? next : b->end);
            int64_t at = wall_ms(), late = at - (next > now ? next : now);
            b->late[late < 0 ? 0 : late >= LATE_BINS ? LATE_BINS - 1 : late]++;
            now = at;
        } else if (next > now) {
            now = next;
        }
        turn(b, now);
    }
}

static int percentile_99(const Bench *b)
{
    int64_t seen = 0;
    int ms = 0;
    while (ms < LATE_BINS - 1 && (seen += b->late[ms]) * 100 < b->turns * 99)
        ms++;
    return ms;
}

int main(int argc, char **argv)
{
    static Bench b;
    static AgentId ids[2000];
    Error err = { 0 };
    Arena a = { 0 };
    DialCampaign c;
    Clock clock = { 0 };
    if (argc != 5)
        return fprintf(stderr, "usage: bench_dial DB day|live AGENTS HOURS|SECONDS\n"), 2;
    bool live = argv[2][0] == 'l';
    int agents = atoi(argv[3]);
    int64_t span = (int64_t)(atof(argv[4]) * (live ? 1000 : 3600000));
    if (agents < 1 || agents > 2000 || span <= 0)
        return fprintf(stderr, "bench_dial: 1 to 2000 agents\n"), 2;
    for (int i = 0; i < agents; i++)
        ids[i] = i + 1;
    b.start = live ? wall_ms() : INT64_C(1772413200000);
    b.end = b.start + span;
    b.sixth = b.start + span / 6;
    if (!live)
        clock_set(&clock, b.start);
    if (!crm_open(argv[1], live ? STORE_SYNC_FULL : 0, &clock, &b.crm, &err)
        || !dial_campaign(b.crm, 1, &a, &c, &err))
        die(&err);
    DialPlan plan = { .campaign = &c, .driver = "sim", .title = "bench", .now = b.start, .seed = 1,
                      .agents = agents, .keeps = true };
    if (!dial_session_open(b.crm, &plan, &b.session, &err))
        die(&err);
    SimWorld w = world_defaults();
    for (int h = 0; h < 24; h++)
        w.answer[h] = live ? .12 : .3;
    if (live) {
        w.talk = (Spread){ 15, .5 };
        w.wrap = (Spread){ 4, .5 };
        w.login_within_s = 5;
    } else {
        w.talk.mean = 180;
    }
    b.record = dial_session_observer(b.session);
    Observer seen = { .self = &b, .changed = changed, .ended = ended, .agent = agent,
                      .paced = paced };
    b.engine = engine_new(dial_session_rules(b.session), dial_session_supply(b.session), seen,
                          b.start);
    b.driver = sim_open(&w, 1, b.start, drive_sink(b.engine));
    b.crew = crew_new(&w, 1, ids, agents, false, b.start);
    engine_start(b.engine, b.start);
    b.commits = store_commits(b.crm->store);
    b.size = file_size(argv[1]);
    b.cpu = cpu_s();
    run(&b, live);
    b.cpu = cpu_s() - b.cpu;
    b.commits = store_commits(b.crm->store) - b.commits;
    double rss = rss_mb(), dials = (double)engine_view(b.engine).dials;
    crew_free(b.crew);
    b.driver->ops->close(b.driver);
    engine_free(b.engine);
    dial_session_free(b.session);
    crm_close(b.crm);
    printf("dials=%.0f cpu_us=%.1f commits=%.3f starts=%.1f late_ms=%d rss_mb=%.1f rss_end_mb=%.1f"
           " bytes=%.0f\n", dials, 1e6 * b.cpu / dials, (double)b.commits / dials,
           1000 * dials / (double)span, percentile_99(&b), b.rss_sixth, rss,
           (double)(file_size(argv[1]) - b.size) / dials);
    arena_release(&a);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * day.c -- simulates one day on a list in memory and prints its figures and what it cost.
 *
 *     make build/tests/sim_day && build/tests/sim_day [AGENTS [HOURS [SEED [MODE [RATIO]]]]]
 */
#include <time.h>

#include "dialer/simday.h"
#include "memlist.h"

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void print(const SimReport *r, double cpu)
{
    int64_t busy = r->spent[AGENT_TALKING] + r->spent[AGENT_WRAPUP];
    double at_work = (double)(busy + r->spent[AGENT_READY]);
    long long persons = (long long)(r->view.connected + r->view.abandoned);
    printf("dials %lld  connected %lld  abandoned %lld (%.2f %% of %lld)\n",
           (long long)r->view.dials, (long long)r->view.connected, (long long)r->view.abandoned,
           persons ? 100.0 * (double)r->view.abandoned / (double)persons : 0.0, persons);
    for (Result k = RESULT_NONE + 1; k < RESULTS; k++)
        printf("  %-15s %lld\n", result_name(k), (long long)r->view.results[k]);
    printf("utilisation %.3f  talk %.1f min per agent-hour  staffed %.1f h\n",
           at_work > 0 ? (double)busy / at_work : 0,
           at_work > 0 ? 60 * (double)r->spent[AGENT_TALKING] / at_work : 0, at_work / 3600000);
    printf("unlisted %lld  strays %lld  turns %lld\n", (long long)r->view.unlisted,
           (long long)r->view.strays, (long long)r->turns);
    printf("cpu %.3f s, %.2f us a dial\n", cpu,
           r->view.dials ? 1e6 * cpu / (double)r->view.dials : 0);
}

int main(int argc, char **argv)
{
    int agents = argc > 1 ? atoi(argv[1]) : 50;
    double hours = argc > 2 ? atof(argv[2]) : 8.5;
    uint64_t seed = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
    EngineConfig cfg = engine_defaults();
    if (argc > 4 && !pace_mode_find(str(argv[4]), &cfg.pacing.mode)) {
        fprintf(stderr, "no mode '%s'\n", argv[4]);
        return 2;
    }
    cfg.pacing.ratio = argc > 5 ? atof(argv[5]) : 1;
    SimWorld world = world_defaults();
    AgentId *ids = xalloc(sizeof *ids * (size_t)(agents + 1));
    for (int i = 0; i < agents; i++)
        ids[i] = i + 1;
    MemList list;
    mem_init(&list, (int)(agents * hours * 150) + 100, agents, &cfg);
    SimDay day = { .engine = &cfg, .world = &world, .seed = seed, .agents = ids, .nagents = agents,
                   .start = INT64_C(1893474000000), .supply = mem_supply(&list),
                   .observer = mem_observer(&list) };   /* 2030-01-01 05:00 UTC */
    world.utc_offset_ms = 4 * 3600 * 1000;
    day.end = day.start + (int64_t)(hours * 3600000);
    SimReport report;
    Error err = { 0 };
    double before = cpu_s();
    bool ok = sim_run_day(&day, &report, &err);
    double cpu = cpu_s() - before;
    if (ok)
        print(&report, cpu);
    else
        fprintf(stderr, "error: %s\n", err.msg);
    if (list.wrong)
        printf("WRONG %d: %s\n", list.wrong, list.what);
    free(ids);
    mem_release(&list);
    return ok && !list.wrong ? 0 : 1;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * cmd_dial_bench.c -- dial bench: how well pacing uses its agents, on scenarios from a file.
 */
#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "cmd/command.h"
#include "dialer/bench.h"

typedef struct BenchArgs {
    const char *file, *policy, *seeds, *only;
    double cap;
} BenchArgs;

enum { SEEDS_MOST = 100000 };

static const Column columns[] = {
    { "scenario", KIND_TEXT, 0 }, { "policy", KIND_TEXT, 0 }, { "seed", KIND_INT, 0 },
    { "util", KIND_NUMBER, 0 }, { "talk", KIND_NUMBER, 0 }, { "abW", KIND_NUMBER, 0 },
    { "abD", KIND_NUMBER, 0 }, { "wait", KIND_NUMBER, 0 }, { "cph", KIND_NUMBER, 0 },
    { "live", KIND_INT, 0 }, { "aband", KIND_INT, 0 }, { "dials", KIND_NUMBER, 0 }, { 0 }
};

static bool read_policy(const BenchArgs *a, PacingRules *out, Error *err)
{
    char *end;
    *out = pacing_defaults();
    out->abandon_cap = a->cap;
    if (strcmp(a->policy, "patter") == 0)
        out->mode = PACE_PREDICTIVE;
    else if (strcmp(a->policy, "progressive") == 0)
        out->mode = PACE_PROGRESSIVE;
    else if (strcmp(a->policy, "vicidial") == 0)
        out->mode = PACE_VICIDIAL;
    else if (strncmp(a->policy, "ratio=", 6) == 0) {
        out->mode = PACE_RATIO;
        out->ratio = strtod(a->policy + 6, &end);
        out->abandon_cap = 1;             /* nothing holds the ratio back here */
        if (end == a->policy + 6 || *end)
            return fail(err, ERR_USAGE, "'%s' is not a ratio", a->policy + 6);
    } else {
        fail(err, ERR_USAGE, "there is no policy '%s'", a->policy);
        return fail_hint(err, "patter, progressive, ratio=2 or vicidial");
    }
    return pacing_check(out, err);
}

/* "3" or "1-10" */
static bool read_seeds(const char *s, int64_t *from, int64_t *to, Error *err)
{
    char *end;
    errno = 0;
    *from = *to = strtoll(s, &end, 10);
    if (end != s && *end == '-')
        *to = strtoll(end + 1, &end, 10);
    if (end == s || *end || errno || *from < 0 || *to < *from || *to - *from >= SEEDS_MOST) {
        fail(err, ERR_USAGE, "'%s' are not seeds", s);
        return fail_hint(err, "--seeds 7, or --seeds 1-10");
    }
    return true;
}

static double cpu_s(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static Value decimals(double x, double scale)
{
    return value_real(floor(x * scale + .5) / scale);
}

static bool write_day(const Call *c, const Scenario *s, const char *policy, int64_t seed,
                      const BenchDay *d, Error *err)
{
    const Value row[] = {
        value_cstr(s->name), value_cstr(policy), value_int(seed), decimals(d->used, 1e5),
        decimals(d->talk_min, 1e4), decimals(d->abandoned, 1e4), decimals(d->abandoned_day, 1e4),
        decimals(d->wait_s, 1e3), decimals(d->connects_h, 1e3), value_int(d->persons),
        value_int(d->lost), decimals(d->dials_h, 10),
    };
    _Static_assert(sizeof row / sizeof *row == sizeof columns / sizeof *columns - 1,
                   "a value a column");
    return out_row(c->out, row, err);
}

typedef struct Sums { int64_t days, persons, lost, dials; double talk, talk2, cpu; } Sums;

/* The mean with the 95 % interval of a normal mean; near enough from ten days on. */
static void note_sums(const Call *c, const Scenario *s, const Sums *t)
{
    double n = (double)t->days, mean = t->talk / n;
    double var = n > 1 ? fmax(t->talk2 - n * mean * mean, 0) / (n - 1) : 0;
    ui_note(c->ui, "%s: talk %.2f ±%.2f min an hour, abandoned %.2f %%, %.2f s of CPU a day,"
            " %.1f us a dial", s->name, mean, 1.96 * sqrt(var / n),
            t->persons ? 100.0 * (double)t->lost / (double)t->persons : 0, t->cpu / n,
            t->dials ? 1e6 * t->cpu / (double)t->dials : 0);
}

static bool run_scenario(const Call *c, const BenchArgs *a, const PacingRules *rules,
                         const Scenario *s, Error *err)
{
    Sums t = { 0 };
    int64_t from, to;
    if (!read_seeds(a->seeds, &from, &to, err))
        return false;
    for (int64_t seed = from; seed <= to; seed++) {
        BenchDay d;
        double before = cpu_s();
        if (c->ui && c->ui->interrupted && c->ui->interrupted(c->ui))
            return fail(err, ERR_INTERRUPTED, "the benchmark was broken off");
        if (!bench_day(s, rules, (uint64_t)seed, &d, err))
            return false;
        t.cpu += cpu_s() - before;
        t.days++;
        t.persons += d.persons;
        t.lost += d.lost;
        t.dials += d.dials;
        t.talk += d.talk_min;
        t.talk2 += d.talk_min * d.talk_min;
        if (!write_day(c, s, a->policy, seed, &d, err))
            return false;
    }
    note_sums(c, s, &t);
    return true;
}

static bool run_file(const Call *c, const BenchArgs *a, const PacingRules *rules, FILE *f,
                     Error *err)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n;
    bool ok = true;
    int ran = 0;
    while (ok && (n = getline(&line, &size, f)) > 0) {
        Scenario s;
        ok = scenario_parse(str_n(line, (size_t)n), &s, err);
        if (!ok || !*s.name || (a->only && !strstr(s.name, a->only)))
            continue;
        ok = run_scenario(c, a, rules, &s, err);
        ran++;
    }
    free(line);
    if (ok && !ran)
        ok = fail(err, ERR_NOT_FOUND, "%s holds no scenario%s%s", a->file,
                  a->only ? " named like " : "", a->only ? a->only : "");
    return ok;
}

static bool bench_run(const Call *c, Error *err)
{
    const BenchArgs *a = c->args;
    PacingRules rules;
    int64_t from, to;
    if (!read_policy(a, &rules, err) || !read_seeds(a->seeds, &from, &to, err))
        return false;
    bool standard = strcmp(a->file, "-") == 0;
    FILE *f = standard ? stdin : fopen(a->file, "re");
    if (!f)
        return fail(err, ERR_IO, "cannot read %s: %s", a->file, strerror(errno));
    bool ok = out_begin(c->out, columns, -1, err) && run_file(c, a, &rules, f, err);
    if (!standard)
        fclose(f);
    return ok;
}

static const Command dial_bench = {
    .name = "dial bench",
    .summary = "Measure pacing on simulated days",
    .detail = "Each line of the file is a scenario: a name, then words such as N=10 p=0.3 "
              "talk=180. Each is dialled by the real engine for a simulated day of 8.5 "
              "hours a seed. util is the share of the agents' time that is talk or wrap-up, "
              "talk minutes of talk per hour of an agent's presence, abW and abD abandoned "
              "calls in percent of the persons who answered, after the warm-up and of the "
              "whole day, wait idle seconds per connected call, cph and dials connected "
              "calls and dials per hour of an agent's presence, live and aband persons who "
              "answered and who were abandoned on the whole day. No database is touched.",
    .args = (const Arg[]){
        { "file", ARG_FILE, 0, "the scenarios; - for standard input", AT(BenchArgs, file) },
        { "--policy", ARG_TEXT, ARG_OPTIONAL, "patter, progressive, ratio=R or vicidial",
          AT(BenchArgs, policy), .fallback = "patter" },
        { "--seeds", ARG_TEXT, ARG_OPTIONAL, "one day for each of these: 7, or 1-10",
          AT(BenchArgs, seeds), .fallback = "1-10" },
        { "--only", ARG_TEXT, ARG_OPTIONAL, "scenarios whose name holds this",
          AT(BenchArgs, only) },
        { "--cap", ARG_NUMBER, ARG_OPTIONAL, "highest share of abandoned calls",
          AT(BenchArgs, cap), .fallback = "0.03" },
        { 0 } },
    .args_size = sizeof(BenchArgs),
    .columns = columns,
    .run = bench_run,
    .examples = (const Example[]){
        { "dial bench scenarios.txt --policy progressive --seeds 1-3", "three days a scenario" },
        { "dial bench scenarios.txt --only small --seeds 1", "one day of some of them" },
        { 0 } },
};

const Command *const dial_bench_commands[] = { &dial_bench, NULL };

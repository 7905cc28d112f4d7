/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/clock.h"

#include <time.h>

#define SET_BACK_US (INT64_C(1000) * 1000000)

static int64_t system_us(clockid_t id)
{
    struct timespec t;
    clock_gettime(id, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_now(const Clock *c)
{
    if (c->fixed)
        return c->ms;
    int64_t wall = system_us(CLOCK_REALTIME);
    return (c->slew ? clock_slew(c->slew, wall, clock_monotonic_us()) : wall) / 1000;
}

void clock_set(Clock *c, int64_t ms)
{
    c->fixed = true;
    c->ms = ms;
}

int64_t clock_slew(ClockSlew *s, int64_t wall_us, int64_t monotonic_us)
{
    int64_t is = wall_us - monotonic_us, least = s->ahead - (monotonic_us - s->at) / 2;
    s->ahead = is < least && least - is <= SET_BACK_US ? least : is;
    s->at = monotonic_us;
    return monotonic_us + s->ahead;
}

int64_t clock_monotonic_us(void)
{
    return system_us(CLOCK_MONOTONIC);
}

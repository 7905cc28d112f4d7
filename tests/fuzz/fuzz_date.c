/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a day, a time, a length of time, weekly hours: what is understood is in order and
 * within the years that can be written.
 */
#include "base/date.h"

#include "fuzz.h"

static void check_moment(Str text, const Zone *zone)
{
    Moment m;
    Error err = { 0 };
    int64_t now = INT64_C(1772590830000);              /* 2026-03-04 */
    if (!moment_parse(text, zone, now, &m, &err)) {
        if (err.code != ERR_INVALID || !*err.hint)
            panic("a refusal without reason");
        return;
    }
    if (m.from > m.to || (m.is_day && m.to - m.from > 26 * INT64_C(3600000)))
        panic("a moment that ends before it begins, or a long day");
}

static void check_hours(Str text, const Zone *zone)
{
    Hours h;
    Error err = { 0 };
    int64_t at = INT64_C(1774651500000);               /* the day before a change of the clock */
    if (!hours_parse(text, &h, &err))
        return;
    int64_t next = hours_change(&h, zone, at);
    if (next <= at)
        panic("hours change in the past");
    if (next != INT64_MAX && hours_open(&h, zone, next) == hours_open(&h, zone, at))
        panic("hours do not change where they should");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Zones zones = { 0 };
    const Zone *zone;
    Error err = { 0 };
    Str text = { (const char *)data, n };
    int64_t ms;
    if (!zone_get(&zones, "Europe/Berlin", &zone, &err))
        zone = NULL;
    check_moment(text, zone);
    check_hours(text, zone);
    if (duration_parse(text, &ms, &err) && ms < 0)
        panic("a length of time below zero");
    zones_release(&zones);
    return 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * clock.h -- where "now" comes from.
 *
 * Nothing below main asks the operating system for the time: it asks a Clock.  A real clock
 * follows the system; a fixed one stands still until it is set, which is how tests, --clock and
 * the simulator turn it.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

typedef struct Clock {
    bool fixed;       /* false: the system's */
    int64_t ms;       /* milliseconds since 1970 UTC, used when fixed */
} Clock;

int64_t clock_now(const Clock *c);                     /* milliseconds since 1970 UTC */
void clock_set(Clock *c, int64_t ms);                  /* fixes the clock at ms */
int64_t clock_monotonic_us(void);                      /* for measuring spans only, never stored */

#endif

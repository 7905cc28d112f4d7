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

/* The system's clock, of which steps back are taken slowly: ours goes at half its speed until the
 * other has caught up, so that what waits for a time (a ring that ends, an answered customer) does
 * not wait for the step as well.  Over 1,000 s, ntpd's panic threshold, somebody has set the
 * date: that is followed at once.  A step forward always is. */
typedef struct ClockSlew {
    int64_t ahead, at;        /* us: ours before the monotonic clock; that, when asked last */
} ClockSlew;

typedef struct Clock {
    bool fixed;       /* false: the system's */
    int64_t ms;       /* milliseconds since 1970 UTC, used when fixed */
    ClockSlew *slew;  /* of the system's; NULL: back with it */
} Clock;

int64_t clock_now(const Clock *c);                     /* milliseconds since 1970 UTC */
void clock_set(Clock *c, int64_t ms);                  /* fixes the clock at ms */

int64_t clock_slew(ClockSlew *s, int64_t wall_us, int64_t monotonic_us);    /* us since 1970 */
int64_t clock_monotonic_us(void);                      /* for measuring spans only, never stored */

#endif

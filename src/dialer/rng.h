/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rng.h -- chance for the simulator: xoshiro256** (Blackman and Vigna, 2018), seeded by splitmix64.
 *
 * A generator is seeded from a seed, a stream and two further numbers, so that what one attempt
 * draws does not depend on what others drew before it.  Not for anything secret.
 */
#ifndef DIALER_RNG_H
#define DIALER_RNG_H

#include <stdint.h>

typedef struct Rng { uint64_t s[4]; } Rng;

void rng_seed(Rng *r, uint64_t seed, uint64_t stream, uint64_t a, uint64_t b);
uint64_t rng_next(Rng *r);
double rng_unit(Rng *r);                                    /* over 0..1, both excluded */
double rng_between(Rng *r, double low, double high);        /* uniform */
double rng_exponential(Rng *r, double mean);
double rng_lognormal(Rng *r, double mean, double cv);       /* cv: standard deviation / mean;
                                                               pacing's formula */

#endif

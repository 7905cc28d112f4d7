/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/rng.h"

#include <math.h>

static uint64_t splitmix(uint64_t *x)
{
    uint64_t z = *x += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t rotl(uint64_t x, int k)
{
    return (x << k) | (x >> (64 - k));
}

void rng_seed(Rng *r, uint64_t seed, uint64_t stream, uint64_t a, uint64_t b)
{
    uint64_t x = seed;
    x = splitmix(&x) ^ stream;
    x = splitmix(&x) ^ a;
    x = splitmix(&x) ^ b;
    for (int i = 0; i < 4; i++)
        r->s[i] = splitmix(&x);
}

uint64_t rng_next(Rng *r)
{
    uint64_t *s = r->s, out = rotl(s[1] * 5, 7) * 9, t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotl(s[3], 45);
    return out;
}

double rng_unit(Rng *r)
{
    return ((double)(rng_next(r) >> 11) + 0.5) / 9007199254740992.0;
}

double rng_between(Rng *r, double low, double high)
{
    return low + (high - low) * rng_unit(r);
}

double rng_exponential(Rng *r, double mean)
{
    return -mean * log(rng_unit(r));
}

static double normal(Rng *r)
{
    double a = rng_unit(r), b = rng_unit(r);
    return sqrt(-2 * log(a)) * cos(6.283185307179586 * b);
}

double rng_lognormal(Rng *r, double mean, double cv)
{
    double s2 = log(1 + cv * cv);
    return exp(log(mean) - s2 / 2 + sqrt(s2) * normal(r));
}

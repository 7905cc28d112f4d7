/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * bytes.h -- sixteen bytes of a text looked at in one step (vectors of GCC and clang, which stand
 * for what the machine has).
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/str.h"

typedef unsigned char Bytes __attribute__((vector_size(16)));

static inline bool bytes_any(Bytes b)
{
    uint64_t w[2];
    memcpy(w, &b, sizeof w);
    return (w[0] | w[1]) != 0;
}

static inline Bytes bytes_at(const char *s)
{
    Bytes b;
    memcpy(&b, s, sizeof b);
    return b;
}

/* A text of less than sixteen bytes: some stand twice, and what is left over is spaces. */
static inline Bytes bytes_few(const char *s, size_t n)
{
    uint64_t w[2] = { UINT64_C(0x2020202020202020), UINT64_C(0x2020202020202020) };
    if (n >= 8) {
        memcpy(&w[0], s, 8);
        memcpy(&w[1], s + n - 8, 8);
    } else if (n >= 4) {
        memcpy(&w[0], s, 4);
        memcpy(&w[1], s + n - 4, 4);
    } else {
        char *to = (char *)w;
        for (size_t i = 0; i < n; i++)
            to[i] = s[i];
    }
    return bytes_at((const char *)w);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/han.h"

#include <stddef.h>

typedef struct Pair { uint16_t traditional, simplified; } Pair;

static const Pair pairs[] = {
#include "base/han_table.inc"
};

uint32_t han_simplified(uint32_t cp)
{
    size_t low = 0, high = sizeof pairs / sizeof *pairs;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (pairs[middle].traditional < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sizeof pairs / sizeof *pairs && pairs[low].traditional == cp
               ? pairs[low].simplified : cp;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * lookup.h -- the addresses of a host, found without waiting: getaddrinfo() in a thread of its own,
 * whose answer comes from the event loop.
 */
#ifndef BASE_LOOKUP_H
#define BASE_LOOKUP_H

#include <netdb.h>

#include "base/loop.h"

typedef struct Lookup Lookup;

/* fn gets the addresses (the callee frees them by freeaddrinfo), or NULL and why there are none.
 * Returns NULL when there can be no lookup (no thread, no descriptors); then fn is not called. */
Lookup *lookup_start(Loop *l, const char *host, int port,
                     void (*fn)(void *ctx, struct addrinfo *found, const char *why), void *ctx);
void lookup_cancel(Lookup *k);                /* not after fn was called; NULL is allowed */

#endif

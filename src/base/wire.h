/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * wire.h -- a connection to a server, in the event loop: name lookup, TCP to each address in turn,
 * TLS where wanted (plugin `tls`), bytes in both directions.
 *
 * Nothing here waits.  Callbacks come from the loop, never from inside a function of this file.
 * What is written and the server does not read is kept, so its owner looks at wire_unsent().
 */
#ifndef BASE_WIRE_H
#define BASE_WIRE_H

#include "base/loop.h"
#include "base/str.h"

typedef struct Wire Wire;

typedef struct WireTo {
    const char *host;         /* a name, an address */
    int port;
    bool tls;
    const char *ca_file;      /* PEM; "": the system's authorities */
    bool here_only;           /* without TLS: to this machine alone, what is said is in the clear */
} WireTo;

typedef struct WireEnd {
    void *self;
    void (*up)(void *self);                               /* bytes may be sent */
    void (*bytes)(void *self, const char *s, size_t n);
    void (*lost)(void *self, const char *why);            /* or it never came to be */
} WireEnd;

Wire *wire_new(Loop *l, const WireTo *to, WireEnd end);   /* texts of *to must outlive it */
void wire_free(Wire *w);                                  /* NULL is allowed */
void wire_connect(Wire *w);                               /* anew; up or lost follows */
void wire_send(Wire *w, Buf *bytes);                      /* takes them all; loses them when down */
size_t wire_unsent(const Wire *w);
void wire_disconnect(Wire *w);                            /* no callback follows */

#endif

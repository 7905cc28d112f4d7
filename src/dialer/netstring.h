/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * netstring.h -- netstrings ("LENGTH:BYTES,") read in pieces of any size and written.
 *
 * Memory is bounded: one longer than NETSTRING_MOST is read over and given out empty.
 * The format: D. J. Bernstein, "Netstrings", 1997.
 */
#ifndef DIALER_NETSTRING_H
#define DIALER_NETSTRING_H

#include "base/str.h"

enum { NETSTRING_MOST = 65536 };

typedef struct NetReader {
    Buf text;
    size_t left;              /* of the bytes that are still to come, the comma not counted */
    int digits;               /* of the length that were read */
    bool inside;              /* past the colon */
    bool skips;               /* it is too long */
} NetReader;                  /* {0} begins */

typedef enum NetGot {
    NET_MORE,                 /* all bytes are taken and none is whole */
    NET_STRING,
    NET_TOO_LONG,
    NET_BROKEN,               /* these are no netstrings: nothing more can be read */
} NetGot;

/* Takes bytes from *s (moving it and *n on). *out is good until the next call. */
NetGot net_read(NetReader *r, const char **s, size_t *n, Str *out);
void net_release(NetReader *r);                       /* ready for another connection */

void net_write(Buf *out, Str text);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * esl_wire.h -- messages of FreeSWITCH's event socket as bytes, read in pieces of any size.
 *
 * A message is lines "Name: value", ended by LF, an empty line, and as many bytes more as its
 * Content-Length says. The body of an event is such lines again, whose values are URL-encoded, and
 * may have a Content-Length and a body of its own.
 *
 * Memory is bounded: of a head beyond ESL_HEAD bytes the rest is left out, a body beyond ESL_BODY
 * is read over; either is counted in `dropped`.
 * Source: the public documentation of mod_event_socket.
 */
#ifndef DIALER_ESL_WIRE_H
#define DIALER_ESL_WIRE_H

#include "base/str.h"

enum { ESL_HEAD = 8192, ESL_BODY = 4 << 20, ESL_VALUE = 200 };

typedef struct EslMessage { Str head, body; int dropped; } EslMessage;

typedef struct EslReader {
    Buf head, body;
    size_t left;              /* of the body */
    size_t line;              /* bytes of the line that has not ended */
    bool inside;              /* past the head */
    int dropped;
} EslReader;                  /* {0} begins */

/* Takes bytes from *s (moving it and *n on) until a message is whole. False: all are taken and none
 * is. The message is good until the next call. */
bool esl_read(EslReader *r, const char **s, size_t *n, EslMessage *out);
void esl_reader_release(EslReader *r);                /* ready for another connection */

Str esl_get(Str lines, const char *name);             /* as it stands; empty when there is none */
bool esl_is(Str lines, const char *name, const char *value);
/* Decoded; cut where it is too long, and at a NUL. */
void esl_value(Str lines, const char *name, char out[static ESL_VALUE]);
Str esl_inner(Str event);                             /* the body of an event's own */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ami_wire.h -- messages of the Asterisk Manager Interface as bytes: read in pieces of any size,
 * written so that no value can be anything but one value.
 *
 * A message is lines "Name: value", ended by CR LF, and an empty line. A name may come more than
 * once and a value may be empty or hold ": ". Before the first message the server says one line,
 * the greeting, which is given out as a message with one header whose name is empty.
 *
 * Memory is bounded: a line that is longer than AMI_LINE and what goes beyond AMI_MESSAGE bytes or
 * AMI_HEADERS lines is left out and counted in `dropped`.
 */
#ifndef DIALER_AMI_WIRE_H
#define DIALER_AMI_WIRE_H

#include "base/str.h"

enum { AMI_LINE = 8192, AMI_MESSAGE = 65536, AMI_HEADERS = 400, AMI_VALUE = 200 };

typedef struct AmiHeader { Str name, value; } AmiHeader;
typedef struct AmiMessage { const AmiHeader *h; int n, dropped; } AmiMessage;

/* {0} begins at the greeting. */
typedef struct AmiReader {
    Buf text;                 /* lines of the message so far, one after another */
    Buf line;                 /* the line that has not ended */
    AmiHeader h[AMI_HEADERS];
    size_t ends[AMI_HEADERS]; /* of each line, in text */
    int n, dropped;
    bool skipping;            /* the rest of a line that is too long */
    bool greeted;
} AmiReader;

/* Takes bytes from *s (moving it and *n on) until a message is whole. False: all are taken and none
 * is. The message is good until the next call. */
bool ami_read(AmiReader *r, const char **s, size_t *n, AmiMessage *out);
void ami_reader_release(AmiReader *r);                /* ready for another connection */

Str ami_get(const AmiMessage *m, const char *name);   /* the first; empty when there is none */
bool ami_is(const AmiMessage *m, const char *name, const char *value);    /* case does not count */
int64_t ami_int(const AmiMessage *m, const char *name);                   /* 0: none */
/* The value of a channel variable in headers "ChanVariable: NAME=value". */
Str ami_variable(const AmiMessage *m, const char *name);

/* What a value may be made of: no control character is in any of these, nor what separates values
 * (comma, ampersand, bar) or begins an expression ($). */
#define AMI_DIGITS "0123456789"
#define AMI_WORD AMI_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_.-"
#define AMI_NUMBER AMI_DIGITS "+*#"
#define AMI_CHANNEL AMI_WORD "/@+*#:;"

/* One action. What is put in is checked; a value that may not go out spoils the action, which then
 * leaves no byte behind. */
typedef struct AmiWriter { Buf *out; size_t start; const char *bad; } AmiWriter;

AmiWriter ami_action(Buf *out, const char *action, const char *id);
/* `before` and `after` are the program's own words around the value: NAME=, <...>, ",qE". */
void ami_put(AmiWriter *w, const char *name, const char *before, const char *value,
             const char *allowed, const char *after);
void ami_own(AmiWriter *w, const char *name, const char *value);          /* the program's own */
void ami_put_int(AmiWriter *w, const char *name, int64_t value);
/* Username and Key of a Login: what is made of a secret and the server's challenge (MD5). */
void ami_put_login(AmiWriter *w, const char *user, const char *secret, Str challenge);
bool ami_done(AmiWriter *w, Error *err);              /* ERR_INVALID names the header */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * error.h -- how a function says that it failed.
 *
 * A function that may fail takes `Error *err` last and returns bool (or -1, or NULL).  It fills
 * err once, at the place where the failure is understood, and every caller passes it on
 * untouched.  A bug or lack of memory is not an Error: it aborts (transactions make that safe).
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include <stdbool.h>

typedef enum ErrCode {
    ERR_NONE,
    ERR_FAILED,       /* the command could not be carried out;                    exit 1 */
    ERR_REFUSED,      /* a gate or a hook said no;                                exit 1 */
    ERR_NOT_FOUND,    /* no such record;                                          exit 1 */
    ERR_CONFLICT,     /* later work would be lost, a key is taken;                exit 1 */
    ERR_INVALID,      /* a value is not of its field's kind;                      exit 1 */
    ERR_IO,           /* a file could not be read or written;                     exit 1 */
    ERR_USAGE,        /* the words are not a command, a filter, a field;          exit 2 */
    ERR_DENIED,       /* the user has not the right;                              exit 4 */
    ERR_DATABASE,     /* no database, newer, damaged, cannot be opened or written; exit 5 */
    ERR_UNREACHABLE,  /* the switch does not answer;                              exit 69 */
    ERR_BUSY,         /* another program holds the file: try again;               exit 75 */
    ERR_INTERRUPTED,  /* the user said stop;                                      exit 130 */
    ERR_CODES
} ErrCode;

typedef struct Error {
    ErrCode code;
    int at, width;        /* byte range in the command line that is meant; width 0: none */
    char msg[512];        /* what was wrong, with what value; one line, no full stop */
    char detail[2048];   /* further lines ("missing  budget ..."), '\n' between them; often empty */
    char hint[512];       /* what to do; may be empty */
} Error;

/* Fill err and return false, so that a function can end with `return fail(...)`. Long text is
 * cut at a character. */
__attribute__((format(printf, 3, 4))) bool fail(Error *err, ErrCode code, const char *fmt, ...);

/* Add what to do about it; returns false. The last one given stays. */
__attribute__((format(printf, 2, 3))) bool fail_hint(Error *err, const char *fmt, ...);

/* Add one line of detail; returns false. Lines past the room are replaced by "...". */
__attribute__((format(printf, 2, 3))) bool fail_detail(Error *err, const char *fmt, ...);

/* Say which bytes of the line are meant; returns false. */
bool fail_at(Error *err, int at, int width);

/* Exit status for a code, as documented in patter(1). */
int err_exit(ErrCode code);

/* Stable lower-case name for a code ("usage", "not-found"), used as err.code in Lua and in JSON. */
const char *err_name(ErrCode code);

/* The program is wrong or out of memory: say where and abort. */
__attribute__((noreturn, format(printf, 1, 2))) void panic(const char *fmt, ...);

#endif

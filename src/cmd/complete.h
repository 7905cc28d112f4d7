/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * complete.h -- the list that completion fills. Between complete.c (which word) and
 * complete_value.c (what it may be). Private to cmd/.
 */
#ifndef CMD_COMPLETE_H
#define CMD_COMPLETE_H

#include "cmd/args.h"

typedef struct Offer {
    Session *s;
    Arena *a;
    Str typed;                /* the word so far, unquoted */
    const char **list;
    int n, room;
    int64_t until;            /* us, monotonic: no more reading of data after it */
    bool files;               /* names of files fit too */
} Offer;

/* Add `before` + `text` when the word so far is a beginning of it; quoted for the line. */
void offer(Offer *o, Str before, Str text);
void offer_cstr(Offer *o, const char *text);

/* What an argument may be, after `before` (empty, or "--option="). */
void offer_argument(Offer *o, const Command *cmd, const Arg *arg, Str before);

enum { COMPLETE_MOST = 200 };        /* candidates */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * held.h -- rows and notes of a command kept back until its transaction is committed.
 *
 * A note that says "customer 1 added" before a commit that then fails would be a lie.  Questions,
 * progress and ^C pass through.  For commands that change a few records: everything is in memory.
 */
#ifndef CMD_HELD_H
#define CMD_HELD_H

#include "cmd/command.h"

typedef struct Held Held;

Held *held_new(Out *to, Ui *ui, bool would);    /* `would`: it is a dry run */
Out *held_out(Held *h);
Ui *held_ui(Held *h);
/* Before the commit: the real sink begins, so that --fields of no column refuses the command. */
bool held_begin(Held *h, Error *err);
bool held_release(Held *h, Error *err);         /* after it: rows and notes; false: a row failed */
void held_warnings(Held *h);                    /* the command failed: only its warnings */
void held_free(Held *h);

#endif

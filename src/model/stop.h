/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * stop.h -- what may be written on the stop list (noun dnc) besides telephone numbers: beginnings
 * of numbers, "+8621*", and domains, "@example.com".  dial_facts.c asks whom it holds.
 */
#ifndef MODEL_STOP_H
#define MODEL_STOP_H

#include "base/arena.h"
#include "base/error.h"
#include "base/value.h"

/* Reads a beginning or a domain; the value lies in the arena. 1: it is one, 0: it may be a number,
 * -1: it is neither, with ERR_INVALID. */
int stop_parse(Str typed, Arena *a, Value *out, Error *err);

#endif

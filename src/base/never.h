/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * never.h -- numbers that no program should dial by itself: emergency numbers of each country, and
 * numbers at a premium rate.
 *
 * The table is written by never_table.py from libphonenumber's metadata and checked in.  Users add
 * beginnings to it; nobody takes away.
 */
#ifndef BASE_NEVER_H
#define BASE_NEVER_H

#include <stdbool.h>

#include "base/error.h"
#include "base/str.h"

/* Why a number (E.164, or a bare one as it is dialled) may never be dialled: "an emergency number",
 * ...; NULL: it may. `more` are further beginnings, "+8695,+86400"; {0}: none. */
const char *never_dialled(Str number, Str more);

/* Can this be a list of beginnings? They have at least a calling code. */
bool never_list_ok(Str more, Error *err);

#endif

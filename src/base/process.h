/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * process.h -- names for processes of this machine that no later process shares.
 *
 * A process is told from a later one with the same number by the time at which it started.
 */
#ifndef BASE_PROCESS_H
#define BASE_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

enum { PROCESS_NAME = 48 };

void process_name(char out[static PROCESS_NAME]);      /* "PID.START" of this one */
bool process_alive(Str name);                          /* that very process; false: not a name */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * skill.h -- what an agent can do, and how well: "english, german=3".
 */
#ifndef DIALER_SKILL_H
#define DIALER_SKILL_H

#include "base/str.h"

enum { SKILL_MOST = 100 };

/* How well `skill` is mastered by one whose skills these are: 1 where nothing is said, SKILL_MOST
 * at most; 0: not at all. */
int skill_level(Str skills, Str skill);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * holiday.h -- the holidays that calling hours know of.
 */
#ifndef MODEL_HOLIDAY_H
#define MODEL_HOLIDAY_H

#include "base/date.h"
#include "model/crm.h"

/* Give calling hours (row `id` of hours; 0: none is stored) their holidays from two days before
 * `now` on, and the region of the file: who asks for a number of another country sets that. The
 * holidays lie in the arena. */
bool holidays_load(Crm *crm, int64_t id, int64_t now, Arena *a, Hours *hours, Error *err);

#endif

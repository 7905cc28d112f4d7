/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * overview.h -- the sections of `customer show` and `call show`, below the facts or as one nested
 * value.
 *
 * Which ones and in what order says the setting customer.show: names of shipped sections
 * (model/overview.h) and of commands, which are given the customer's id and whose rows are the
 * section, so that a section of one's own is a command in Lua.  A call has one: its recording.
 */
#ifndef CMD_OVERVIEW_H
#define CMD_OVERVIEW_H

#include "cmd/command.h"

bool overview_has(const Type *t);

/* Put each section that has rows behind the facts of one record, as a table with its name. */
bool overview_put(const Call *c, int64_t id, Error *err);

/* All sections as a JSON object: their names, each with an array of objects. Appends. */
bool overview_json(const Call *c, int64_t id, Buf *out, Error *err);

/* Whether a value of customer.show names nothing but sections and commands. ERR_INVALID. */
bool overview_valid(const Call *c, const char *value, Error *err);

#endif

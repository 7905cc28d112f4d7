/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * generic.h -- the verbs that every record type has, as templates.
 *
 * The registry makes one Command of each template for each type: name "customer add", type set,
 * arguments whose `of` is NULL meaning that type.  A type opts out by its TYPE_NO_* bits; a
 * particular command of the same name takes the place of an instance.
 *
 * In the examples of a template {noun} and {nouns} are the type's names, {sample} is its sample,
 * {last} that one's last assignment and {word} what is in its first.
 */
#ifndef CMD_GENERIC_H
#define CMD_GENERIC_H

#include "cmd/command.h"

typedef struct Generic {
    const Command *cmd;               /* name is the verb alone; NULL ends the table */
    unsigned unless;                  /* not for types with any of these TYPE_NO_* bits */
} Generic;

extern const Generic generic_verbs[];

#endif

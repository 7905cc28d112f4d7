/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * registry.h -- the static tables that the registry is filled from. Private to cmd/.
 */
#ifndef CMD_REGISTRY_H
#define CMD_REGISTRY_H

#include "cmd/command.h"

/* All commands written in C: one array per file, each ended by NULL (commands.c). */
extern const Command *const *const command_tables[];

/* Nouns (first words of commands of two words) and words that stand alone, sorted, each once.
 * The array is the caller's to free(); the texts are the registry's. */
const char **registry_nouns(const Registry *r, size_t *n);
const char **registry_words(const Registry *r, size_t *n);          /* nouns and lone commands */
const char **registry_verbs(const Registry *r, Str noun, size_t *n);

/* "customer" of "customer list"; the whole name of a lone command. */
Str command_noun(const Command *cmd);
Str command_verb(const Command *cmd);                               /* empty for a lone command */

#endif

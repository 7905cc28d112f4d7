/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * variables.h -- `set name value`, used as :name.
 *
 * A variable is put in as text after the line was split into words: its value is never lexed, so it
 * cannot become another word, an operator or an option.
 */
#ifndef SHELL_VARIABLES_H
#define SHELL_VARIABLES_H

#include "base/lex.h"

typedef struct Variable { char *name, *value; } Variable;
typedef struct Variables { Variable *v; int n; } Variables;         /* {0} is empty; by name */

/* Names are letters, digits and _ ; ERR_USAGE otherwise. */
bool variable_set(Variables *vars, Str name, Str value, Error *err);
const char *variable_get(const Variables *vars, Str name);          /* NULL: not set */
void variable_unset(Variables *vars, Str name);
void variables_release(Variables *vars);

/* Put in what stands for :name, unquoted, as a whole word or after the first operator of one
 * (field=:name). A colon before anything but a letter, or before digits that name nothing, is
 * text. ERR_USAGE, with the place, for a name that is not set. */
bool variables_expand(const Variables *vars, Words *words, Arena *a, Error *err);

#endif

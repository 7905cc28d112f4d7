/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_names.h -- names of columns, each once, in the order in which they are met.
 */
#ifndef MODEL_IMPORT_NAMES_H
#define MODEL_IMPORT_NAMES_H

#include "base/str.h"

typedef struct ImportNames {           /* {0}: none yet */
    Str *name;                         /* n of them; room for more */
    int n, room;
    int *hash;                         /* open addressing: index into name plus 1; 0 free */
    int hash_size;
    Arena arena;
} ImportNames;

/* The column of that name, made when `add`; -1: there is none, or CSV_MAX_FIELDS are there. */
int import_names_column(ImportNames *s, Str name, bool add);
void import_names_release(ImportNames *s);

#endif

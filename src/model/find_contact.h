/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * find_contact.h -- records by a number, an address or a part of one.
 */
#ifndef MODEL_FIND_CONTACT_H
#define MODEL_FIND_CONTACT_H

#include "model/select.h"

typedef struct IdList { int64_t *ids, n; } IdList;     /* malloc'd; {0} is empty */

/* Whether a folded text is part of a number (nothing but digits and what is written between them,
 * at least three digits) or of an address (has an '@'). */
bool contact_is_part(Str folded);

/* Customers or people (as `t` says) who have a contact point of the kind (NULL: of any) that holds
 * the folded text, at most `limit`. A whole number or address, and how an address begins, are
 * found by an index; digits by the digit index, numbers that end with them first. */
bool contact_owners(Crm *crm, const Type *t, const char *kind, Str folded, int64_t limit, Arena *a,
                    IdList *out, Error *err);

/* Whether this one has such a contact point. */
bool contact_held(Crm *crm, const Type *t, int64_t id, const char *kind, Str folded, bool *held,
                  Error *err);

#endif

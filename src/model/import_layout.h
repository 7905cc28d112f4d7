/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_layout.h -- what the exports of other programs call their columns.
 *
 * Known: address books (Google, Outlook, LinkedIn), CRM systems (HubSpot, Salesforce, Pipedrive),
 * Mailchimp, and VICIdial with its lead files that have no header.
 */
#ifndef MODEL_IMPORT_LAYOUT_H
#define MODEL_IMPORT_LAYOUT_H

#include "base/str.h"

/* What a header says beyond the synonyms of fields, or NULL: a field of the customer; contact.name,
 * contact.title; given, middle, family: parts of a name. With '?' in front, only when no other
 * column has it. `norm` as import_header_norm gives it. */
const char *import_layout_field(Str norm);

/* mobile, work, home: what a number is for, by its header; or NULL. */
const char *import_layout_label(Str norm);

/* The header of the column that says what the numbers in this one are for ("Phone 1 - Label" of
 * "Phone 1 - Value"), normalised, in the arena; n 0: none. */
Str import_layout_label_column(Str norm, Arena *a);

/* The columns of a file without a header that another program writes, by the name of the layout
 * ("vicidial"); or NULL. */
const char *import_layout_columns(Str layout);

/* Whether these "headers" are rather a row of values; *cell is then the one that tells. */
bool import_layout_is_row(const Str *header, int n, Str *cell);

#endif

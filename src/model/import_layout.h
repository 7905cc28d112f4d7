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
 * column has it; with '+', a further line of the field; with '!', a channel that is refused.
 * Numbers inside ("Phone 4 - Value") do not count before "value". `norm` as import_header_norm
 * gives it. */
const char *import_layout_field(Str norm);

/* mobile, work, home: what a number or an address is for, by its header; or NULL. */
const char *import_layout_label(Str norm);

/* Whether the column says what the values of another are: "Phone 1 - Label" (or Type) of
 * "Phone 1 - Value"; both normalised. */
bool import_layout_is_label(Str norm, Str of);

/* The address book that has these columns, by its name; or NULL. What such a file has beyond the
 * fields of a customer belongs into the note. */
const char *import_layout_book(const Str *norm, int n);
/* Of a column of an address book: whether it tells nothing of the person. */
bool import_layout_is_working(Str norm);

/* The columns of a file without a header that another program writes, by the name of the layout
 * ("vicidial"); or NULL. */
const char *import_layout_columns(Str layout);

/* Whether these "headers" are rather a row of values; *cell is then the one that tells. */
bool import_layout_is_row(const Str *header, int n, Str *cell);

#endif

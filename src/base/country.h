/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * country.h -- countries: their names, ISO 3166 codes, calling codes and time zones.
 *
 * The tables are written by country_table.py and checked in.  A region is two capital letters (ISO
 * 3166-1 alpha-2).  Nothing here loads a plugin, allocates or fails; results are static.
 */
#ifndef BASE_COUNTRY_H
#define BASE_COUNTRY_H

#include "base/str.h"

/* The region a name means, or NULL: alpha-2, alpha-3, English ("UK", "Slovakia (Slovak Republic)",
 * "Korea, South"), some native ("Deutschland") and Chinese names (德国, 中华人民共和国); case, width,
 * accents and punctuation do not matter. */
const char *country_find(Str name);

const char *country_name(const char *region);     /* English, "Germany"; NULL: no such region */
const char *country_name_zh(const char *region);  /* "德国"; NULL: no such region */
int country_calling_code(const char *region);     /* 86, 1, ...; 0: none */

/* IANA name of the zone where most of the region's people live; NULL: no such region. */
const char *country_zone(const char *region);

/* IANA zone of an E.164 number ("+12125550142": "America/New_York"), by area code where a country
 * has several zones and ties numbers to places, else the zone of the country; NULL when it is no
 * E.164 or belongs to no country.  An area code in two zones has that of its larger part. */
const char *country_zone_of_number(Str e164);

/* Region of an E.164 number by its calling code (under +1 by its area code), valid or not; NULL
 * when there is none. */
const char *country_of_number(Str e164);

#endif

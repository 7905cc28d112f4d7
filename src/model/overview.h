/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * overview.h -- what belongs to one customer, in sections: people, contact points, stages ...
 *
 * The shipped sections are statements with their columns; a file's setting `customer.show` orders
 * them and names commands as further ones (cmd/overview.h).
 */
#ifndef MODEL_OVERVIEW_H
#define MODEL_OVERVIEW_H

#include "base/value.h"
#include "store/store.h"

enum { OVERVIEW_COLUMNS = 8 };

typedef struct OverviewColumn { const char *name; Kind kind; } OverviewColumn;
typedef struct OverviewSection {
    const char *name;
    OverviewColumn columns[OVERVIEW_COLUMNS + 1];      /* {0} ends them */
    int sql;                                           /* in overview_sql; ?1 is the customer */
} OverviewSection;

extern const OverviewSection overview_sections[];      /* in their usual order, {0} ends them */
extern const SqlTable overview_sql;

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * catalog.h -- all tables of SQL statements, so that one check can prepare every one of them.
 */
#ifndef CMD_CATALOG_H
#define CMD_CATALOG_H

#include "store/store.h"

extern const SqlTable *const sql_catalog[];       /* NULL-ended */

#endif

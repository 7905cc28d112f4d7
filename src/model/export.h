/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * export.h -- all records of a type as rows of values, in the order of their ids, such that import
 * reads them back as the same.
 *
 * A column for each field that can be imported (for types that cannot be imported, each field that
 * is shown), the id first.  A customer's contact points are columns phone, phone2, ..., fax, ...,
 * email, ..., web, ...; of people at a firm the type `person` has its own export.  Memory does not
 * grow with the table.
 */
#ifndef MODEL_EXPORT_H
#define MODEL_EXPORT_H

#include "model/filter.h"

typedef struct ExportColumn { const char *name; Kind kind; } ExportColumn;
typedef struct Export Export;

/* filter.sql NULL: all; list: only customers on that list, 0: whatever the list. Lives in the arena
 * until closed. */
bool export_open(Crm *crm, const Type *t, const Filter *filter, int64_t list, Arena *a,
                 Export **out, Error *err);
void export_close(Export *x);                              /* NULL is fine */
int export_columns(const Export *x, const ExportColumn **columns);
/* 1 a row: a value for each column, valid until the next; 0 the end; -1. */
int export_next(Export *x, const Value **row, Error *err);

#endif

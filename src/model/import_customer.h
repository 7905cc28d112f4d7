/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_customer.h -- customers written in bulk, with their contact points, people, tags and list
 * entries.
 *
 * Obeys what record_add and record_set obey: required fields, the check of the type, the hooks.
 * Where somebody watches, each row passes through the hook; where nobody does, that costs nothing.
 */
#ifndef MODEL_IMPORT_CUSTOMER_H
#define MODEL_IMPORT_CUSTOMER_H

#include "model/import_diff.h"

typedef struct CustomerWriter CustomerWriter;

/* Within the transaction. rows: how many may come; batch and list: ids, list 0 for none. */
CustomerWriter *customer_writer_open(Crm *crm, const ImportMap *m, int64_t rows, int64_t batch,
                                     int64_t list, ImportWarnings *w, Error *err);
void customer_writer_close(CustomerWriter *c);
/* *make, when not NULL, makes an index that was left out: it is run, and set to NULL, as soon as a
 * hook looks at the database. */
bool customer_writer_index(CustomerWriter *c, const char **make, Error *err);

/* *reason set: the row is rejected and nothing of it is stored. False only for errors of the
 * machine. */
bool customer_writer_add(CustomerWriter *c, const ImportRow *row, int64_t *id, const char **reason,
                         Error *err);
bool customer_writer_change(CustomerWriter *c, const ImportRow *row, const Stored *s,
                            const ImportDiff *d, const char **reason, Error *err);
/* Put a customer on the list, once. */
bool customer_writer_list(CustomerWriter *c, int64_t id, Error *err);
int64_t customer_writer_listed(const CustomerWriter *c);   /* entries added */

bool customer_writer_settle(CustomerWriter *c, int64_t id,
                            Error *err); /* make record id readable */
bool customer_writer_end(CustomerWriter *c, Error *err);   /* write what is held back */

#endif

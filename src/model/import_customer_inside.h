/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_customer_inside.h -- what the two halves of the customer writer share: import_customer.c
 * adds new customers, import_change.c changes known ones.
 */
#ifndef MODEL_IMPORT_CUSTOMER_INSIDE_H
#define MODEL_IMPORT_CUSTOMER_INSIDE_H

#include "model/import_bulk.h"
#include "model/import_customer.h"
#include "model/import_keys.h"

typedef enum Table {
    CUSTOMERS,
    PEOPLE,
    POINTS,
    TAGS,
    REFUSALS,
    ENTRIES,
    TABLES
} Table; /* in the order of their references */

struct CustomerWriter {
    Crm *crm;
    const ImportMap *map;
    ImportWarnings *warnings;
    int64_t rows_left, change, list, listed;
    Arena arena;                       /* as long as the writer */
    Arena row;                         /* of one row */
    ArenaMark empty;
    Bulk *bulk[TABLES];
    IdBlock ids[TABLES];
    const char **columns[2];           /* of CUSTOMERS and PEOPLE */
    const Field **fields[2];           /* the field of each column; NULL for `change` */
    int n_columns[2];
    Value *values;
    Record *now;
    Value *fresh;                      /* what a new customer has before its row is laid over */
    Value checked_stage;               /* the last one that the check of the type let pass */
    bool before, after, set_watched;
    int mark[TABLES];                  /* rows held back before the row at work */
    bool watching;                     /* the row at work may be taken back */
    bool holds;                        /* points wait until there are many, for their index */
    bool open;                         /* it is written, in a transaction of its own */
    const char **index;                /* see customer_writer_index */
    int64_t first_new;                 /* lowest id given by this import */
    int64_t current;                   /* customer at work */
    bool known; /* it was stored before: what is added to it is written at once */
    int64_t first_held;                /* lowest new customer of whom something is held back */
    KeyIndex on_list;                  /* customers of before known to be on the list, by id */
    int64_t entries, looked_up;        /* entries of all lists, at most; customers looked up */
    const char *source;                /* of refusals: import:3 */
    int stage, tag_slot, name_slot, refusal_slot;    /* stage: index of the field */
    const Field *point_field[POINT_KINDS];    /* the view of a record's points, for hooks */
    Error said;                        /* why the row at work is rejected; set when it is */
    char reason[600];
};

/* A contact point of a customer, at a place among those of its kind; `person` 0: its own. */
bool customer_put_point(CustomerWriter *c, int64_t customer, int64_t person, const Point *p,
                        int64_t position, Error *err);
/* The row's person, if it names one; *person gets the id, 0 for none. */
bool customer_put_person(CustomerWriter *c, const ImportRow *row, int64_t customer, int64_t *person,
                         Error *err);
/* For import_tags_each; ctx is a Tagging. */
typedef struct Tagging { CustomerWriter *c; int64_t customer; } Tagging;
bool customer_put_tag(void *ctx, Str tag, Error *err);
bool customer_put_refusal(void *ctx, Str channel, Error *err);
/* Of c->said: errors of the machine go on as they are; what a rule or a hook says rejects the
 * row. */
bool customer_row_failed(CustomerWriter *c, const char **reason, Error *err);

#endif

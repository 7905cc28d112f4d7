/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * record.h -- reading and writing records of any type: the one way a row of a type is written, so
 * that validation, hooks and stamps cannot be passed by.  (Bulk import has its own writer that
 * obeys the same declarations; raw SQL is journalled and gets the commit-time veto only.)
 */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "model/crm.h"

/* One record in memory: v[f->index] for each field; op says which were given and how. */
struct Record {
    const Type *type;
    int64_t id;                        /* 0: not stored yet */
    Value *v;                          /* type->n values; refs are ids, views as shown */
    uint8_t *op;                       /* type->n FieldOp; FIELD_KEEP: not given */
};

Record *record_new(const Type *t, Arena *a);
/* Put a typed text into a field. FIELD_READONLY and FIELD_RULED fields are refused (ERR_REFUSED,
 * naming the verb); ERR_INVALID; ERR_USAGE for += on a plain field. */
bool record_put(Crm *crm, Record *r, Str field, FieldOp op, Str typed, Arena *a, Error *err);
void record_put_value(Record *r, const Field *f, Value v);       /* trusted: no checks */
Value record_value(const Record *r, const char *field);          /* field must exist */

/* All fields that are columns, and views where `views`; ERR_NOT_FOUND "no customer 7". */
bool record_load(Crm *crm, const Type *t, int64_t id, bool views, Arena *a, Record **out,
                 Error *err);

/* Each is atomic (a nested transaction), runs the hooks <type>.add/.set/.delete and the type's
 * check. record_add sets r->id and leaves the values empty. record_set applies given fields of r to
 * record r->id; *changed (may be NULL) says whether anything differed. ERR_INVALID: a required
 * field is empty, a rule across fields is broken. ERR_CONFLICT: a unique value is taken, a record
 * is still referred to (detail says by what). */
bool record_add(Crm *crm, Record *r, Error *err);
bool record_set(Crm *crm, Record *r, bool *changed, Error *err);
bool record_delete(Crm *crm, const Type *t, int64_t id, Error *err);

/* The id behind what was typed for a record: digits, or the handle of a type that has one,
 * else the label that only one of them has (潜在 of the stage potential).  ERR_NOT_FOUND names the
 * nearest handle. */
bool record_find(Crm *crm, const Type *t, Str typed, int64_t *id, Error *err);
/* False, with ERR_NOT_FOUND and where a merged one went. */
bool record_missing(Crm *crm, const Type *t, int64_t id, Error *err);
/* A short name for messages: handle, name or title; "" when it has none. */
const char *record_label(Crm *crm, const Type *t, int64_t id, Arena *a);

/* ---- user fields and types ------------------------------------------------------------------- */

typedef struct FieldSpec { Str name, label, choices, ref; Kind kind; bool required; } FieldSpec;
/* A real column u_<name>, journalled with its inverse; reloads the schema: Type and Field pointers
 * from before are dead. Names: letters of any script, digits, _; no field of the type already. */
bool field_add(Crm *crm, const char *type, const FieldSpec *spec, Error *err);
/* A whole type from its JSON definition {name, plural, summary, handle, fields:[{name, kind, label,
 * help, ref, default, required, unique, choices}]}; reloads the schema as field_add does. */
bool type_add(Crm *crm, Str json, Error *err);

#endif

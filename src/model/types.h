/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * types.h -- the record types that patter ships: declarations, no code of their own but the checks.
 */
#ifndef MODEL_TYPES_H
#define MODEL_TYPES_H

#include "model/type.h"

extern const Type *const builtin_types[];       /* NULL-ended, in the order of `help` */

/* types_customer.c, types_stage.c, types_call.c, types_admin.c */
extern const Type type_customer, type_person, type_contact, type_touch, type_deal, type_task,
    type_consent;
extern const Type type_pipeline, type_stage, type_criterion, type_move;
extern const Type type_list, type_entry, type_campaign, type_call, type_result, type_recycle,
    type_hours, type_holiday, type_dnc, type_dial_run, type_agent, type_supervision, type_qa;
extern const Type type_switch;                  /* types_switch.c */
extern const char *const switch_adapters[];     /* NULL-ended, in the order of driver_types */
extern const Type type_user, type_field_row, type_batch, type_merge,
    type_mapping;

/* Views that can be set (view.c). */
bool view_write_contact(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v, bool *changed,
                        Error *err);
bool view_write_person_contact(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v,
                               bool *changed, Error *err);
bool view_write_tag(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v, bool *changed,
                    Error *err);
/* Whether a typed cell of numbers or addresses can be read, all of it. ERR_INVALID. */
bool view_check(Crm *crm, const Field *f, Str typed, Arena *a, Error *err);

/* Rules across fields (checks.c; of contact and person: view.c). */
bool check_customer(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_deal(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_contact(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_person(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_stage(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_created(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_touch(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_recycle(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_task(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_campaign(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_field(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_criterion(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
Str clean_country(Str typed, Arena *a);         /* a name of a country as its ISO code */
bool check_hours(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_dnc(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
bool check_holiday(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);

#endif

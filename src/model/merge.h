/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * merge.h -- records that are the same become one.
 *
 * One record stays, the others go.  Field by field a rule says whose value wins; an empty value
 * never does, and what a customer refused (FIELD_CONSENT) stays refused.  Whatever refers to a
 * record that goes, by the references of the schema, refers to the one that stays afterwards; a row
 * that is then there twice by a unique index or by its type's key (a number, a tag, an entry of a
 * list, a person of that name) is merged in the same way.  What won and what lost is kept in the
 * table `merge`, through which the old id leads to the one that stayed.  Moves along the stages
 * stay with the old id: two ways do not make one.
 *
 * A rule is a word: keep (the one that stays), newest, oldest (by id), least, most (a choice or a
 * stage: the later one), sum, join (texts, a line each), the id of a record, or the name of a field
 * whose winner it goes with.
 */
#ifndef MODEL_MERGE_H
#define MODEL_MERGE_H

#include "model/merge_refs.h"
#include "model/record.h"

#define MERGE_RULES "customer.created=least, customer.stage=most, customer.note=join, " \
    "customer.retired=most, person.note=join, contact.position=least, contact.valid=most, " \
    "entry.attempts=sum, entry.state=most, entry.reason=state, entry.result=state, " \
    "entry.next_at=state, entry.agent=state, entry.last_at=most"

typedef enum MergeHow {
    MERGE_KEEP, MERGE_NEWEST, MERGE_OLDEST, MERGE_LEAST, MERGE_MOST, MERGE_SUM, MERGE_JOIN,
    MERGE_RECORD, MERGE_WITH
} MergeHow;

typedef struct MergeRule {
    Str type, field;
    MergeHow how;
    int64_t record;                      /* MERGE_RECORD */
    Str with;                            /* MERGE_WITH */
} MergeRule;

typedef struct MergeRules { MergeRule *rule; int n; } MergeRules;

/* The setting dup.rules (NULL: the shipped ones): "type.field=rule, ...". ERR_INVALID. */
bool merge_rules(Crm *crm, const char *text, Arena *a, MergeRules *out, Error *err);
/* One rule for a field of a type, as typed; put before the others. ERR_USAGE. */
bool merge_rule_add(Crm *crm, const Type *t, Str field, Str how, Arena *a, MergeRules *rules,
                    Error *err);
/* A rule for all fields that have none: keep, newest, oldest or an id. */
bool merge_default(Str how, MergeRule *out, Error *err);

/* One field in which records differed. */
typedef struct MergeField {
    const char *type;
    int64_t record, kept, winner;        /* winner 0: made of both */
    const char *field;                   /* NULL: the merge of a record in which nothing differed */
    Value won, lost;                     /* texts or null */
} MergeField;

typedef struct MergeCount { const char *table; int64_t moved, doubled; } MergeCount;

typedef struct MergeReport {
    int64_t taken;                       /* fields whose value changed in the one that stays */
    MergeCount count[64];                /* of what was attached */
    int counts;
    void (*field)(void *ctx, const MergeField *f);       /* may be NULL */
    void *ctx;
} MergeReport;

typedef struct Merge {
    const Type *type;
    int64_t keep;
    const int64_t *others;
    int n;
    const MergeRules *rules;
    const MergeRefs *refs;
    MergeRule fallback;
} Merge;

/* Within a transaction. Hooks run as for set and delete. ERR_REFUSED: one of them is being called;
 * ERR_NOT_FOUND, ERR_USAGE. */
bool merge_records(Crm *crm, const Merge *m, Arena *a, MergeReport *report, Error *err);

/* Which records were merged into this one, "17, 23"; "" for none. */
bool merge_came(Crm *crm, const Type *t, int64_t id, Arena *a, const char **ids, Error *err);

/* Where a record went that is no longer there; 0: it was not merged. */
bool merge_leads_to(Crm *crm, const Type *t, int64_t id, int64_t *now, Error *err);

#endif

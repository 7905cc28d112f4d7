/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * type.h -- record types and their fields: one declaration gives a noun all its ordinary verbs.
 *
 * Built-in types are static tables (types_*.c), further ones come from the table `type` (declared
 * in Lua or at the prompt) and user fields from the table `field`.  A Schema is the set of types of
 * one open database; its Types and Fields live as long as it and are compared by address.
 */
#ifndef MODEL_TYPE_H
#define MODEL_TYPE_H

#include "base/value.h"
#include "store/store.h"

typedef struct Crm Crm;               /* crm.h */
typedef struct Type Type;
typedef struct Field Field;
typedef struct Record Record;         /* record.h */
typedef struct Schema Schema;

enum {                                /* Field.flags */
    FIELD_REQUIRED = 1,
    FIELD_UNIQUE = 2,                 /* the column has a UNIQUE index */
    FIELD_READONLY = 4,               /* kept by the program: never set by hand */
    FIELD_RULED = 8,                  /* a rule governs it: `set` refuses and names Field.verb */
    FIELD_LISTED = 16,                /* a column of `list` when none are named */
    FIELD_USER = 32,                  /* added by the user: the column is u_<name> */
    FIELD_HIDDEN = 64,                /* not in `show` and `export` unless named */
    FIELD_COUNTED = 512,              /* a text that reports count by and that tells of no person:
                                         privacy erase leaves it */
    FIELD_WIDE = 1024,                /* a number, a beginning of numbers (+8621*) or a domain */
    FIELD_ORIGIN = 2048,              /* a text: an import without a column for it names its file */
    FIELD_LOOSE = 128,                /* a ref whose record may be deleted: the row goes with it, or
                                         the ref is emptied (as the schema in db/ says) */
    FIELD_CONSENT = 256,              /* a bool, set when the customer refused something: whatever
                                         joins records keeps it */
};

typedef enum FieldOp {
    FIELD_KEEP = 0, FIELD_SET = '=', FIELD_ADD = '+', FIELD_REMOVE = '-'
} FieldOp;

/* Writes a field that is a view of other tables (phone, email, tag); v is null to clear it.
 * *changed becomes true when anything was altered. */
typedef bool (*FieldWriter)(Crm *crm, int64_t id, const Field *f, FieldOp op, Value v,
                            bool *changed, Error *err);

struct Field {
    const char *name;                 /* as typed */
    Kind kind;
    unsigned flags;
    const char *help;                 /* one line, no full stop */
    const char *label;                /* in Chinese; also matched by import */
    const char *synonyms;             /* header names import matches, '|' between; or NULL */
    const char *const *choices;       /* KIND_CHOICE; NULL-ended */
    const char *const *choice_labels; /* what else each is called, '|' between, as people and other
                                         programs type it; "" for none; or NULL */
    const char *ref;                  /* KIND_REF: name of the type */
    const char *fallback;             /* value when `add` is not given one, as typed; or NULL */
    const char *sql;                  /* a view or computed: expression over the row $; else NULL */
    const char *many;                 /* a view of several values: condition on the row $ with the
                                         test of one value in braces: "$.id IN (... WHERE {tag})" */
    Str (*clean)(Str typed, Arena *a);    /* canonical form of a text (country names), or NULL */
    const char *verb;                 /* FIELD_RULED: the command that changes it */
    FieldWriter write;                /* a view that can be set; else NULL */
    /* filled by the schema: */
    int index;                        /* place in Type.fields and in Record.v */
    const char *column;               /* SQL name; NULL when sql is set */
};

enum {                                /* Type.verbs: generic verbs that are NOT offered */
    TYPE_NO_ADD = 1, TYPE_NO_SET = 2, TYPE_NO_DELETE = 4, TYPE_NO_IMPORT = 8, TYPE_NO_FIND = 16,
};

enum {                                /* Type.guard: what takes MAY_MANAGE, a rule for others */
    GUARD_ADD = 1, GUARD_CHANGE = 2, GUARD_ALL = GUARD_ADD | GUARD_CHANGE,
};

struct Type {
    const char *name;                 /* customer; also the SQL table (u_<name>: a user's) */
    const char *plural;               /* customers; the Lua iterator */
    const char *summary;              /* what it is, one line */
    const Field *fields;              /* n of them */
    const char *handle;               /* field that names a record uniquely; or NULL */
    const char *const *keys;          /* fields tried in turn by import when --key is not given */
    const char *alias_of;             /* "lead" is another name for customer; or NULL */
    const char *sample;               /* assignments that add one, for examples; or NULL */
    unsigned verbs;
    unsigned guard;
    const char *const *search;        /* columns of <table>_search; or NULL */
    /* Fill what follows from other fields and refuse what must not be, before a row is written.
     * `old` is NULL on add; values may live in the arena. May be NULL. */
    bool (*check)(Crm *crm, const Record *old, Record *now, Arena *a, Error *err);
    /* filled by the schema, which also puts the field `id` first: */
    int n;                            /* number of fields */
    const char *table;                /* SQL table */
    bool user;                        /* declared in Lua or at the prompt */
};

/* ---- the schema of an open database ---------------------------------------------------------- */

bool schema_load(Store *st, Schema **out, Error *err);
void schema_free(Schema *s);
const Type *schema_type(const Schema *s, Str name);              /* NULL: no such; aliases count */
const Type *const *schema_types(const Schema *s, int *n);        /* in order of declaration */
const Type *schema_type_near(const Schema *s, Str name);         /* for "did you mean"; or NULL */

const Field *type_field(const Type *t, Str name);                /* NULL: no such */
/* What a new record is told by before all else: its handle, or the record it must belong to (the
 * first required reference); NULL: neither. */
const char *type_first(const Type *t);
/* ERR_USAGE "customers have no field 'valeu'", hint "nearest: value". */
bool type_field_get(const Type *t, Str name, const Field **out, Error *err);

/* ---- values ---------------------------------------------------------------------------------- */

/* Parse what was typed for a field. Dates are resolved against now in the local zone, handles of
 * refs are looked up. Blank text is null; full-width digits are digits. Text results live in the
 * arena. ERR_INVALID says "contract_end: not a date: '2026-13-01'"; ERR_NOT_FOUND for a ref. */
bool field_parse(Crm *crm, const Field *f, Str typed, Arena *a, Value *out, Error *err);

/* A number in the form that strtod reads, without thousands separators: 1,234.56 1 234.56 1'234.56
 * and 1.234,56 are 1234.56; folded. False when it is too long to be one. */
enum { NUMBER_TEXT = 64 };
bool number_plain(Str typed, char out[static NUMBER_TEXT]);
/* An amount as typed (1,200.50, ￥30, -5元) in minor units, exactly; false when it is none. */
bool money_parse(Str typed, int64_t *minor);

/* A word that says yes or no, in English or Chinese; 1 and 0. */
bool yes_no_parse(Str typed, bool *yes);

/* One address, in small letters; false when it is none. */
bool email_parse(Str typed, Arena *a, Str *out);

/* SQL expression that reads a field of the row aliased `alias`, as shown to people and in exports
 * (`shown`: a ref by its handle, tags joined) or as stored. */
const char *field_sql(const Schema *s, const Field *f, const char *alias, bool shown, Arena *a);

/* Part of Field.sql or Field.many with the row $ as `alias`. */
const char *field_alias(Str text, const char *alias, Arena *a);

/* Kind of the shown form: a ref with a handle is shown as text. */
Kind field_shown_kind(const Schema *s, const Field *f);

#endif

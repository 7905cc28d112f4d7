/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * value.h -- one cell: what the database, a row sink, a filter and Lua all exchange.
 *
 * A Value says how it is stored; a Kind says what it means and so how it is typed in, shown and
 * compared.  The two travel apart: the kind belongs to the field or column, the value to the row.
 */
#ifndef BASE_VALUE_H
#define BASE_VALUE_H

#include <stdint.h>

#include "base/str.h"

typedef enum Kind {
    KIND_TEXT,
    KIND_INT,
    KIND_NUMBER,      /* VALUE_REAL, or VALUE_INT where it is whole */
    KIND_MONEY,       /* VALUE_INT, minor units (1/100) */
    KIND_BOOL,        /* VALUE_INT 0 or 1; typed yes/no, shown yes/no, true/false in JSON */
    KIND_DATE,        /* VALUE_TEXT "YYYY-MM-DD" */
    KIND_TIME,        /* VALUE_INT, milliseconds since 1970 UTC */
    KIND_DURATION,    /* VALUE_INT, milliseconds; shown "0:12", "1:02:03" */
    KIND_PHONE,       /* VALUE_TEXT, E.164 where it could be normalised, else as typed */
    KIND_EMAIL,       /* VALUE_TEXT, in small letters */
    KIND_CHOICE,      /* VALUE_TEXT, one of the field's choices */
    KIND_REF,      /* VALUE_INT, id of another record; shown by its handle where its type has one */
    KIND_TAGS,        /* VALUE_TEXT, words joined by single commas, sorted */
    KIND_PERCENT,     /* VALUE_REAL, 0.42 is shown as 42.0 % */
    KINDS
} Kind;

typedef enum ValueType { VALUE_NULL, VALUE_INT, VALUE_REAL, VALUE_TEXT } ValueType;

typedef struct Value {
    ValueType type;
    union { int64_t i; double r; Str s; };
} Value;

static inline Value value_null(void) { return (Value){ .type = VALUE_NULL }; }
static inline Value value_int(int64_t i) { return (Value){ .type = VALUE_INT, .i = i }; }
static inline Value value_real(double r) { return (Value){ .type = VALUE_REAL, .r = r }; }
static inline Value value_text(Str s) { return (Value){ .type = VALUE_TEXT, .s = s }; }
static inline Value value_cstr(const char *s) { return s ? value_text(str(s)) : value_null(); }
static inline bool value_is_null(Value v) { return v.type == VALUE_NULL; }
bool value_eq(Value a, Value b);                    /* same type and content; 1 and 1.0 are equal */
Value value_dup(Value v, Arena *a);

const char *kind_name(Kind k);                         /* "text", "int", ... as in `field add` */
bool kind_find(Str name, Kind *out);

/* How a value looks to a machine (CSV, TSV): numbers in C locale, money "12.50", dates ISO,
 * times ISO 8601 UTC with milliseconds when not zero, bool yes/no, percent as a plain number
 * (0.42). Null appends nothing. */
void value_write_plain(Value v, Kind k, Buf *out);

#endif

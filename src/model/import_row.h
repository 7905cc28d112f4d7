/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_row.h -- one row of the file as values: parsed, cleaned, normalised, and not stored yet.
 *
 * A cell that is not of its field's kind rejects its row with a reason.  A number or an address
 * that looks wrong is only a warning: it is kept as typed, and the lead is not lost.
 */
#ifndef MODEL_IMPORT_ROW_H
#define MODEL_IMPORT_ROW_H

#include "model/import_map.h"

typedef struct Point {                 /* a contact point */
    PointKind kind;
    bool person;                       /* of the person of the row */
    int8_t valid;                      /* 1 yes, 0 no, -1 unknown */
    Str value;                         /* E.164, folded address; else as typed */
    Str raw, label, ext, country;      /* s NULL: none */
    int64_t id, position;              /* of a stored one */
} Point;

enum { IMPORT_POINTS_MAX = 64 };       /* of one row; more are left out with a warning */

typedef struct ImportRow {
    int64_t ordinal, line;             /* of all records of the file, from 0; line from 1 */
    Str reason;                        /* why it is rejected; s NULL: it is not */
    Value *v; /* one for each slot of the map; texts are trimmed, tags sorted */
    Point *point;                      /* points of them, at most IMPORT_POINTS_MAX */
    int points;
} ImportRow;

typedef enum ImportWarning {
    WARN_NUMBER,
    WARN_DAMAGED,
    WARN_ADDRESS,
    WARN_COUNTRY,
    WARN_SHORT,
    WARN_QUOTES,
    WARN_NUL,
    WARN_FORMULA,
    WARN_NAMELESS,
    WARN_STAGE,
    WARN_POINTS,
    WARN_TAGS,
    IMPORT_WARNINGS
} ImportWarning;

typedef struct ImportWarned {
    int64_t count, line;
    char example[80];
} ImportWarned; /* line of the first one */
typedef struct ImportWarnings { ImportWarned of[IMPORT_WARNINGS]; } ImportWarnings;

void import_warn(ImportWarnings *w, ImportWarning what, int64_t line, Str example);
int64_t import_warnings_tell(const ImportWarnings *w,
                             const ImportTalk *talk); /* how many there are */

typedef struct RowReader RowReader;

/* ordered: import_infer was run. */
RowReader *row_reader_open(Crm *crm, const ImportMap *m, const char *region, bool ordered,
                           ImportWarnings *w);
void row_reader_close(RowReader *r);
/* Fill out from the record; false for a record with nothing in it, which is no row. Valid until the
 * next. */
bool row_read(RowReader *r, const ImportRecord *record, int64_t ordinal, ImportRow *out);
/* Whether a day could be read only if the order of day and month in its column were known
 * (import_infer). */
bool row_reader_wants_order(const RowReader *r);

/* A cell without white space at its ends. */
Str import_cell(Str cell);

/* Tags as they are stored: sorted, each once, joined by commas; in the arena. *rest is what stands
 * behind the first IMPORT_TAGS_MAX of them. */
enum { IMPORT_TAGS_MAX = 64 };
Value import_tags(Str cell, Str *rest, Arena *a);

/* A day as files write it: 2026-03-01, 2026/3/1, 2026.3.1, 2026年3月1日, 1-Mar-2026, March 1, 2026;
 * and 3/1/2026, 1.3.2026 or 1/3/26 by `order`. With `order` DAY_ORDER_UNKNOWN a day that could be
 * two days is not read. */
bool import_day(Str cell, DayOrder order, int64_t *day);
/* A day, or a day and a time: ISO 8601, or one of the days above, a space and 14:30 or 2:30 pm, in
 * zone z (NULL: UTC); *timed when there is a time. */
bool import_moment(Str cell, DayOrder order, const Zone *z, int64_t *ms, bool *timed);
/* What a cell says about the order of day and month in its column: UNKNOWN where it fits both. */
bool import_day_order(Str cell, DayOrder *order);

#endif

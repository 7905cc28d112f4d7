/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * out_text.h -- what the text sinks share: the chosen columns, the stream, one writer a format.
 *
 * Private to cmd/out*.c.  A writer appends to t->line; out.c brings that to the stream after every
 * call.  One that can fail fills t->err and sets t->failed.
 */
#ifndef CMD_OUT_TEXT_H
#define CMD_OUT_TEXT_H

#include "cmd/out.h"

typedef struct TextOut TextOut;
typedef struct Table Table;                     /* out_table.c */
typedef struct Sheet Sheet;                     /* out_xlsx.c */

typedef struct Writer {
    void (*head)(TextOut *t);
    void (*row)(TextOut *t, const Value *v);    /* t->n values */
    void (*tail)(TextOut *t);
} Writer;

struct TextOut {
    Out base;
    FILE *to;
    OutOptions opt;
    const Writer *writer;
    Column *cols;                               /* the chosen ones, n of them */
    int *pick;                                  /* where each stands in the handler's row */
    Value *cells;
    int n;
    bool header;                                /* wanted, and not a single scalar */
    int64_t rows;                               /* written */
    Buf line;                                   /* not yet in the stream */
    Buf plain, safe;                            /* one cell */
    Buf keys;                                   /* JSON: an object whose values are all null */
    size_t *key_end;                            /* where in it the value of each column stands */
    Table *table;                               /* state of the table and the long form */
    Sheet *sheet;                               /* and of a workbook */
    bool failed;                                /* a writer has filled err */
    Error *err;                                 /* of this call */
};

extern const Writer out_csv, out_tsv, out_json, out_jsonl, out_markdown, out_table, out_long;
extern const Writer out_sql, out_vcard, out_xlsx;

/* How machines read a value; null is {NULL, 0}, empty text is not. Valid until the next. */
Str out_plain(TextOut *t, Value v, Kind k);
/* How people read a value: local times (zone NULL: UTC), grouped phones, 42.0 %. Appends; null
 * appends nothing. */
void out_display(Value v, Kind k, const Zone *zone, Buf *out);
bool out_is_right(Kind k);                      /* numbers stand at the right of their column */

/* Make the marks stand out in what was appended to `line` behind `from`. */
void out_mark(Buf *line, size_t from, const Str *marks, int n);

void out_table_free(Table *t);
void out_sheet_free(Sheet *s);

#endif

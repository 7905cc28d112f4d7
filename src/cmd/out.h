/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * out.h -- row sinks: where the typed rows of a command go.
 *
 * A handler calls out_begin once, out_row for each row, and nothing else: command_run ends it.
 * Table, long form, CSV, TSV, JSON, JSON lines, Markdown, SQL, vCard and XLSX are sinks; so
 * is a Lua table (script/).  A sink escapes for what it enters: text for a terminal is made safe, a
 * CSV cell cannot become a formula.
 */
#ifndef CMD_OUT_H
#define CMD_OUT_H

#include <stdio.h>

#include "base/value.h"
#include "base/date.h"

enum {                                 /* Column.flags */
    COLUMN_SCALAR = 1,                 /* the only column, and the answer itself: no header in
                                          table, long form and TSV */
    COLUMN_FOLD = 2,                   /* may be cut first when the table is too wide */
    COLUMN_WRAP = 4,                   /* goes on in further lines of its row, never cut */
    COLUMN_SPARE = 8,                  /* left out of a table in which no row has a value for it,
                                          and of a record in the long form that has none */
    COLUMN_JSON = 16,                  /* text that is JSON: nested where a sink can, else bare */
};

typedef struct Column { const char *name; Kind kind; unsigned flags; } Column;

typedef enum Format {
    FORMAT_AUTO,                       /* a table on a terminal, TSV in a pipe */
    FORMAT_TABLE, FORMAT_LONG, FORMAT_CSV, FORMAT_TSV, FORMAT_JSON, FORMAT_JSONL, FORMAT_MARKDOWN,
    FORMAT_SQL, FORMAT_XLSX, FORMAT_VCARD,
    FORMATS
} Format;
bool format_find(Str name, Format *out);

typedef struct Out Out;
struct Out {                           /* the first member of each sink */
    bool (*begin)(Out *o, const Column *cols, int n, Error *err);   /* names live until free */
    bool (*row)(Out *o, const Value *v, Error *err);   /* n values, valid during the call */
    bool (*end)(Out *o, Error *err);   /* also when no begin came: then nothing is printed */
    void (*free)(Out *o);
    /* A further table with a title, behind the first; set by begin where there is room for it. */
    bool (*section)(Out *o, const char *title, const Column *cols, int n, Error *err);
    bool nests;                        /* a COLUMN_JSON cell becomes a value within the row */
    int n;                             /* columns, once begun */
    int64_t rows;                      /* so far */
    bool begun;
    bool receipt_shown;                /* receipts are rows too: a format was asked for, or Lua */
    const Str *marks;                  /* folded texts to mark on a terminal, n_marks of them; the
                                          handler sets them before begin */
    int n_marks;
    bool one;                          /* the handler says before begin: one record, long form */
};

typedef struct OutOptions {
    Format format;
    const char *fields;                /* --fields a,b: only these, in this order; NULL all */
    bool no_header;
    bool terminal;                     /* goes to a terminal: table, width, sign for null */
    int width;                         /* columns of the terminal; 0: unlimited */
    int ambiguous;                     /* width of ambiguous characters, 1 or 2 */
    bool excel;                        /* CSV: BOM and CRLF */
    const char *table;                 /* SQL: its name; NULL: rows */
    bool colour;                       /* dim header and null sign */
    const Zone *zone;                  /* for times shown to people; NULL: UTC */
    int64_t now;                       /* for "3 d ago"; ms */
} OutOptions;

/* A sink that writes text to a stdio stream (which stays the caller's). Unknown --fields are
 * ERR_USAGE at begin, naming the columns there are. */
Out *out_text(FILE *to, const OutOptions *opt);

bool out_begin(Out *o, const Column *cols, int n, Error *err);   /* n < 0: cols end with {0} */
bool out_row(Out *o, const Value *v, Error *err);
bool out_section(Out *o, const char *title, const Column *cols, int n, Error *err);
bool out_end(Out *o, Error *err);
void out_free(Out *o);

/* The result of a changing command ({id}, counts): shown when a format was asked for and in Lua; a
 * terminal or plain pipe gets the note alone. */
bool out_receipt(Out *o, const Column *cols, int n, const Value *v, Error *err);

#endif

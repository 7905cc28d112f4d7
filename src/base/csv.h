/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv.h -- delimited text, streaming, in and out.
 *
 * Input is UTF-8 (convert before splitting).  Quoting as in RFC 4180 with what files in the wild
 * do: CR, LF and CRLF ends, BOM, newlines in quotes, doubled quotes, a quote inside an unquoted
 * field taken as text, text after a closing quote kept (and reported).  Constant memory: one
 * record.  Bytes that are not UTF-8 pass unchanged.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/error.h"
#include "base/str.h"

enum { CSV_MAX_FIELDS = 16384, CSV_MAX_RECORD = 16 << 20 };  /* above either: ERR_INVALID, line */

/* An empty line is a record of one empty, unquoted field: what the writer makes of one null. */
typedef struct CsvRecord {
    Str *field;           /* n fields; bytes live until the next csv_next */
    bool *quoted;         /* whether field i was quoted: "" is an empty text, nothing is null */
    int n;
    int64_t line;         /* line (from 1) on which the record began */
    int64_t offset;       /* byte offset of the record in the (UTF-8) stream */
    Str raw;              /* the record as it stood, without its line end */
    bool odd;             /* text after a closing quote, or a quote never closed; read leniently */
    bool open;            /* a quote never closed: the rest of the file is in its field */
} CsvRecord;

/* Where bytes come from: fill up to n bytes, return how many, 0 at the end, -1 with err. */
typedef struct ByteSource ByteSource;
struct ByteSource {
    ptrdiff_t (*read)(ByteSource *src, char *buf, size_t n, Error *err);
};

typedef struct Csv Csv;
Csv *csv_open(ByteSource *src, char delimiter);           /* src stays the caller's */
Csv *csv_open_sized(ByteSource *src, char delimiter, size_t buffer); /* tests: any buffer size */
int csv_next(Csv *c, CsvRecord *out, Error *err);         /* 1 a record, 0 the end, -1 error */
void csv_close(Csv *c);                                   /* NULL is allowed */

/* The delimiter (one of , ; \t |) that splits a sample most evenly; a `sep=X` first line decides
 * (and *skip is its length). CSV_ONE_COLUMN where they stand in the text of rows but not in the
 * header, ',' where nothing speaks. Quotes are honoured. */
#define CSV_ONE_COLUMN '\x1F'
char csv_sniff(Str sample, size_t *skip);

/* Writing. One field, quoted where needed: text that is empty is "", null (s.s is NULL) nothing.
 * CSV_GUARD: text that a spreadsheet would run gets an apostrophe in front; it is on in all CSV
 * exports, and csv_unguard takes the apostrophe away again (text that only looks guarded gets a
 * second one, so that nothing is lost on the way). */
enum { CSV_GUARD = 1, CSV_CRLF = 2 };
void csv_write_field(Buf *out, Str s, char delimiter, unsigned flags);
void csv_write_end(Buf *out, unsigned flags);             /* the line end */
Str csv_unguard(Str s);

/* Would a spreadsheet run it? It begins with = + - @ (full-width too), TAB, CR or LF, and is
 * neither a number (-5, +1.5e3, -1,234.50, -3%) nor a phone number (+86 138-0013-8000). */
bool csv_is_formula(Str s);

/* TSV: tab, newline, CR and backslash become \t \n \r \\ , and a leading quote \" , so that a
 * reader that knows quotes takes the field as it is. Null and empty text are both nothing. */
void tsv_write_field(Buf *out, Str s);
Str tsv_unescape(Str s, Arena *a);                        /* s itself if it has no backslash */

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * csv.h -- delimited text, streaming, in and out.
 *
 * Input is UTF-8 (convert before splitting).  Quoting as in RFC 4180 with what files in the wild
 * do: CR, LF and CRLF ends, BOM, newlines in quotes, doubled quotes, a quote inside an unquoted
 * field taken as text, text after a closing quote kept (and reported).  Constant memory: one record.
 */
#ifndef BASE_CSV_H
#define BASE_CSV_H

#include "base/error.h"
#include "base/str.h"

enum { CSV_MAX_FIELDS = 16384, CSV_MAX_RECORD = 16 << 20 };  /* above either: ERR_INVALID, line */

typedef struct CsvRecord {
    Str *field;           /* n fields; bytes live until the next csv_next */
    bool *quoted;         /* whether field i was quoted: "" is an empty text, nothing is null */
    int n;
    int64_t line;         /* line (from 1) on which the record began */
    int64_t offset;       /* byte offset of the record in the (UTF-8) stream */
    Str raw;              /* the record as it stood, without its line end */
    bool odd;             /* malformed quoting that was read leniently */
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
void csv_close(Csv *c);

/* The delimiter (one of , ; \t |) that splits a sample most evenly; a `sep=X` first line decides
 * (and *skip is its length). ',' where nothing speaks. Quotes are honoured. */
char csv_sniff(Str sample, size_t *skip);

/* Writing. One field, quoted where needed. CSV_EXCEL: a cell that begins with = + - @ TAB CR gets
 * a leading apostrophe unless it is a number or a phone number (+8613800138000, -5, +1.5e3).
 * The guard is on in all CSV exports; see docs/decisions. An empty text is "", null is nothing. */
enum { CSV_GUARD = 1, CSV_CRLF = 2 };
void csv_write_field(Buf *out, Str s, char delimiter, unsigned flags);
bool csv_is_formula(Str s);                               /* would a spreadsheet run it? */
/* TSV: tab, newline, CR and backslash become \t \n \r \\ . */
void tsv_write_field(Buf *out, Str s);
Str tsv_unescape(Str s, Arena *a);

#endif

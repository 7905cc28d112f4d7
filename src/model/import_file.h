/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_file.h -- the file that is imported: its format, encoding and columns, and its rows as
 * they stand.
 *
 * Can be read from the start again and again; what cannot be rewound is copied to an unlinked
 * temporary file first. Knows nothing of types and fields.  Memory does not grow with the file.
 */
#ifndef MODEL_IMPORT_FILE_H
#define MODEL_IMPORT_FILE_H

#include "base/encoding.h"

/* A text in which rows of the file can be written again: JSON is one object a line. */
typedef enum ImportShape { IMPORT_CSV, IMPORT_TSV, IMPORT_JSON } ImportShape;

struct ImportTalk;

typedef struct ImportFileOptions {
    const char *file;                  /* "-": standard input */
    const char *format, *encoding, *delimiter;     /* as typed; NULL: found out */
    const char *columns;               /* "a,b,c": the file has no header */
    const char *sheet;                 /* of a workbook: a name or a number; NULL: the first */
    int64_t header;                    /* the row or line that names the columns; 0: found */
    const struct ImportTalk *talk;     /* asked at each block whether to go on; NULL: always */
} ImportFileOptions;

typedef struct ImportRecord {          /* one row as it stands; valid until the next */
    Str *cell; /* n of them: fewer or more than the file has columns, where it is ragged */
    int n;
    int64_t line;                      /* on which it began, from 1 */
    Str raw;                           /* JSON: the object; else the record without its line end */
    bool odd;                          /* malformed quoting, read leniently */
    Str fault;                         /* XLSX: the first cell without its value; n 0: none */
    const char *bad;                   /* why it cannot be taken as it is; or NULL */
} ImportRecord;

typedef struct ImportFile ImportFile;

/* Texts live in the arena. Errors name the file; ERR_INTERRUPTED, here and while rows are read. */
bool import_file_open(const ImportFileOptions *o, Arena *a, ImportFile **out, Error *err);
void import_file_close(ImportFile *f);                     /* NULL is fine */

const char *import_file_name(const ImportFile *f);         /* for messages: without its folder */
ImportShape import_file_rejects(const ImportFile *f);      /* how rejected rows are written */
const char *import_file_encoding(const ImportFile *f);
const char *import_file_describe(
    const ImportFile *f); /* "CSV, comma, GB18030 (guessed from 王芳, 杭州), 12 columns" */
const char *import_file_book(
    const ImportFile *f); /* "vCard": the format is that of address books; or NULL */
const char *import_file_note(const ImportFile *f);         /* what else to know of it, or NULL */
int import_file_columns(
    const ImportFile *f,
    const Str **names); /* distinct, never empty: "Name", "Name_2", "column_7" */
int64_t import_file_size(const ImportFile *f);             /* bytes */
int64_t import_file_tell(const ImportFile *f);             /* bytes read since the last rewind */

bool import_file_rewind(ImportFile *f, Error *err);        /* to before the first row */
int import_file_next(ImportFile *f, ImportRecord *out, Error *err); /* 1 a row, 0 the end, -1 */
bool import_file_unchanged(const ImportFile *f,
                           Error *err); /* nobody wrote to it since it was opened */

/* A temporary file that has no name (0600, in $TMPDIR, /var/tmp or /tmp); -1 with err. */
int import_temp_open(Error *err);

#endif

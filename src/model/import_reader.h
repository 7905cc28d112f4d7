/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_reader.h -- what a format must do to be imported, and what import_file.c does for it.
 *
 * A format is one ImportReader in the table of import_file.c; --format and its completion, the
 * choice by suffix and by first bytes, and the suffix of the reject file follow from it.
 */
#ifndef MODEL_IMPORT_READER_H
#define MODEL_IMPORT_READER_H

#include "model/import.h"
#include "model/import_file.h"

/* Options that a format has a use for. */
enum { IMPORT_TAKES_COLUMNS = 1, IMPORT_TAKES_DELIMITER = 2, IMPORT_TAKES_SHEET = 4,
       IMPORT_TAKES_HEADER = 8 };

typedef struct ImportReader {
    const char *suffixes;              /* of file names, "json jsonl"; each is good for --format */
    const char *title;                 /* for people: "JSON" */
    ImportShape rejects;
    unsigned takes;                    /* IMPORT_TAKES_... */
    bool book;                         /* an address book: what has no field goes to the note */
    bool binary;                       /* reads f->fd; others read f->text, which is UTF-8 */
    bool (*fits)(Str head);            /* by the first bytes (of a text in UTF-8, without white
                                          space in front); NULL: never */
    /* Options and columns; the rest of the file may be read. `head` is as for fits. The reader sets
     * f->state and calls import_file_name_columns. */
    bool (*open)(ImportFile *f, const ImportFileOptions *o, Str head, Error *err);
    bool (*rewind)(ImportFile *f, Error *err);     /* to before the first row */
    int (*next)(ImportFile *f, ImportRecord *out, Error *err);
    int64_t (*tell)(const ImportFile *f);          /* bytes read; NULL: those of f->text */
    void (*describe)(const ImportFile *f, Buf *out);  /* ", comma"; NULL: nothing to add */
    void (*close)(ImportFile *f);      /* f->state, which may be NULL */
} ImportReader;

struct ImportFile {
    Arena *arena;
    const char *name;                  /* for messages: without its folder */
    int fd;                            /* can be rewound */
    int64_t size;
    const ImportReader *reader;
    void *state;                       /* the reader's own */
    ByteSource *text;
    Str *column;
    int columns;
    const char *note;                  /* what the user should know of the file; NULL: nothing */
    struct ImportBytes *bytes;         /* import_file.c's own */
};

typedef struct ImportEncoding {
    Encoding encoding;
    bool unclean;                      /* UTF-8, but some bytes are not: rows are looked at */
    bool guessed;                      /* it is not certain: say what it is guessed from */
} ImportEncoding;
/* As --encoding has it, or NULL: by all bytes of the file. */
bool import_encoding_find(ImportFile *f, const char *typed, ImportEncoding *out, Error *err);

/* False with ERR_INTERRUPTED when the user said stop. */
bool import_file_go_on(const ImportFile *f, Error *err);
/* ERR_IO, what failed and errno. */
bool import_file_failed(const ImportFile *f, const char *what, Error *err);
/* f->text from its first byte again. */
bool import_file_text(ImportFile *f, Error *err);
/* Up to n bytes of f->text; fewer only at its end; -1. */
ptrdiff_t import_file_read(ImportFile *f, char *to, size_t n, Error *err);
/* The columns by what the file calls them: trimmed, an empty one by its place, and a second "Name"
 * as "Name_2". At most CSV_MAX_FIELDS. */
void import_file_name_columns(ImportFile *f, const Str *names, int n);
/* The columns that --columns gives to a file without a header. */
bool import_file_given_columns(ImportFile *f, const char *given, Error *err);

/* Whether the file is known to be what no reader takes: err says what it is, and the way on. */
bool import_foreign(const ImportFile *f, Str head, Error *err);
/* The same of a workbook in a container of Microsoft's, where it is encrypted. */
bool import_protected(const ImportFile *f, Str head, Error *err);
bool import_old(const ImportFile *f, Error *err);          /* false: it cannot be read here */

extern const ImportReader import_csv, import_tsv, import_json, import_vcard, import_xlsx,
    import_xls;

#endif

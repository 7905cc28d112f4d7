/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import.h -- a file of records becomes rows of a type.
 *
 * The file is read from end to end more than once and never held in memory: for its encoding, for
 * its columns, for the kinds of fields to be created, then parsed and normalised into a temporary
 * file without a lock, then written in one transaction.  What the caller's user should hear on the
 * way is told to ImportTalk, one line at a time. Every row is accounted for: read = added + updated
 * + same + skipped + rejected.
 */
#ifndef MODEL_IMPORT_H
#define MODEL_IMPORT_H

#include "model/crm.h"

/* What to do with a row that is a stored record, and differs from it. Empty cells never erase. */
typedef enum ImportMatch {
    IMPORT_FILL,                       /* only empty fields are filled; further numbers are added */
    IMPORT_UPDATE,                     /* the row's values replace the stored ones */
    IMPORT_SKIP,                       /* the record stays as it is */
    IMPORT_REJECT                      /* the row goes to the reject file */
} ImportMatch;

typedef struct ImportOptions {
    const Type *type;
    const char *file;                  /* "-": standard input */
    const char *list; /* handle of a list that the customers go on, made when missing; or NULL */
    const char *const *map; /* maps times "HEADER=field"; "HEADER=" leaves the column out */
    int maps;
    const char *const *saved;          /* saveds of them, the same of a saved mapping: those of
                                          columns that the file has and `map` leaves open */
    int saveds;
    const char *key; /* "phone,email" one after the other, "a+b" together; NULL: the type's */
    ImportMatch on_match;
    bool create_fields,
        ignore_unknown; /* what becomes of columns that match no field; neither: an error */
    bool strict;                       /* a rejected row fails the whole import */
    bool dry_run;                      /* everything but the commit */
    const char *region;                /* home of numbers without a country; NULL: the setting */
    const char *encoding, *delimiter, *format, *columns, *rejects;     /* NULL: found out */
    const char *sheet;                 /* of a workbook: a name or a number; NULL: the first */
    int64_t header;                    /* the row or line that names the columns; 0: found out */
    const char *date_order;            /* one of import_day_orders; NULL: found out, by column */
} ImportOptions;

extern const char *const import_day_orders[];      /* dmy, mdy, ymd, up to a NULL */
extern const char *const import_formats[];         /* names of formats, up to a NULL */

typedef struct ImportTalk {
    void *ctx;
    void (*note)(void *ctx, const char *line);
    void (*warn)(void *ctx, const char *line);
    void (*progress)(void *ctx, const char *what, int64_t done, int64_t total);
    bool (*interrupted)(void *ctx);
} ImportTalk;

typedef struct ImportReport {
    int64_t batch;                     /* id of its row; 0: nothing was stored */
    int64_t read, added, updated, same, skipped, rejected;
    int64_t warnings;                  /* numbers and addresses that look wrong, short rows ... */
    int64_t listed;                    /* entries added to the list */
    const char *reason;                /* why the first of the rejected rows was; NULL: none was */
    int64_t reason_line;
    const char *rejects;               /* the reject file that was written; NULL: none */
} ImportReport;

/* Import a file. Opens its own (perhaps nested) transaction; when it fails nothing of the file is
 * stored. Creating fields reloads the schema: pointers to types and fields from before are dead
 * afterwards. ERR_IO, ERR_USAGE (options that do not fit the file), ERR_FAILED (a column matches no
 * field; rejected rows and `strict`), ERR_INVALID (bytes that are not of the encoding),
 * ERR_INTERRUPTED. The report is filled on failure too. */
bool import_run(Crm *crm, const ImportOptions *o, const ImportTalk *talk, Arena *a,
                ImportReport *out, Error *err);

#endif

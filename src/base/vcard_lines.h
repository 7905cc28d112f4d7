/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * vcard_lines.h -- the lines of a vCard file, unfolded, and the parts of one.
 *
 * Private to base/vcard*.c.
 */
#ifndef BASE_VCARD_LINES_H
#define BASE_VCARD_LINES_H

#include "base/vcard.h"

typedef struct VcardLines {
    ByteSource *src;
    Buf text;                          /* bytes read and not given out yet, from `at` on */
    size_t at;
    bool eof;
    bool old;                          /* 2.1: a fold keeps its blank */
    int64_t line;                      /* lines given out */
    Buf whole;                         /* the unfolded line */
    bool headed;                       /* its colon was seen, and whether before it there is ... */
    bool quoted_printable;
} VcardLines;

enum {                                 /* VcardProperty.types */
    VCARD_CELL = 1, VCARD_WORK = 2, VCARD_HOME = 4, VCARD_FAX = 8
};

typedef struct VcardProperty {         /* group.NAME;PARAMETERS:value */
    Str name;
    unsigned types;                    /* of TYPE=, or bare as in 2.1 */
    bool quoted_printable;
    Str charset;                       /* n 0: none given */
    Str field;                         /* of X-PATTER */
    Str value;                         /* as it stands */
} VcardProperty;

/* The next line that is not blank, without its end: 1, 0, -1. Valid until the next. */
int vcard_line(VcardLines *l, Str *out, Error *err);
/* Cut a line; what is decoded lives in the arena. False: it has no colon or no
 * name. */
bool vcard_property(Str line, Arena *a, VcardProperty *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * vcard.h -- vCards, streaming, in and out: each card as columns under the names that people give
 * them.
 *
 * Sources: vCard 2.1 (versit, 1996), RFC 2426 (3.0), RFC 6350 (4.0), RFC 6868 (^n ^' ^^ in
 * parameters).  Input is UTF-8; a quoted-printable value may be in the CHARSET that it names.
 * Memory is that of one card.
 *
 * Columns: FN is `name`, or N where FN is absent, 姓名 in one piece; ORG `org`, its units joined by
 * commas; TITLE `title`; TEL `mobile`, `work phone`, `home phone`, `phone`, `fax`; EMAIL `email`;
 * URL `web`; ADR `address`, `city`, `region`, `postcode`, `country`; LABEL `address` where ADR is
 * absent; NOTE `note`, CATEGORIES `tag`, BDAY `birthday`; anything else its own name in small
 * letters, X-PATTER what its FIELD says.  Several NOTE or CATEGORIES are one cell; of several
 * ADR the columns of the second are `address 2` and so on.  VERSION, PRODID,
 * REV, PROFILE, and NAME (of a SOURCE) are of the file and give nothing; PHOTO, LOGO, SOUND, KEY,
 * AGENT and Apple's X-AB... are passed over and counted.
 */
#ifndef BASE_VCARD_H
#define BASE_VCARD_H

#include "base/csv.h"

/* Bytes of a line (a photo is one) and of the text of a card, and cells of a card, at most. */
enum { VCARD_LINE_MAX = 16 << 20, VCARD_MAX = 4 << 20, VCARD_CELLS = 16384 };

typedef struct VcardCell {
    Str column, value;                 /* the value is not empty; columns may come again */
} VcardCell;

typedef struct Vcard {
    VcardCell *cell;                   /* n of them; valid until the next card */
    int n;
    int64_t line;                      /* on which it began, from 1 */
    const char *bad;                   /* it is not closed, has no BEGIN ...; or NULL */
} Vcard;

typedef struct VcardReader VcardReader;
VcardReader *vcard_open(ByteSource *src);                 /* src stays the caller's */
/* 1 a card, 0 the end, -1: cannot be read, or ERR_INVALID for a card above the limits. What stands
 * outside of cards is a bad card. */
int vcard_next(VcardReader *r, Vcard *out, Error *err);
void vcard_passed_over(const VcardReader *r, Buf *out);   /* "2 PHOTO, 1 KEY"; nothing when none */
void vcard_close(VcardReader *r);                         /* NULL is allowed */

/* Writing 3.0. Text with \ ; , and line ends escaped (CR LF and CR become \n). */
void vcard_escape(Buf *out, Str text);
/* A parameter's value: quoted where needed, escaped as in RFC 6868. */
void vcard_write_parameter(Buf *out, Str value);
/* A line with its CRLF, folded at 75 bytes between characters. */
void vcard_write_line(Buf *out, Str line);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * encoding.h -- which encoding a file is in, and a stream of UTF-8 from it.
 *
 * The guess looks at the whole file, not the head: the first Chinese row may be row 3,001.
 */
#ifndef BASE_ENCODING_H
#define BASE_ENCODING_H

#include "base/csv.h"

typedef enum Encoding {
    ENC_UTF8, ENC_UTF16LE, ENC_UTF16BE, ENC_GB18030, ENC_BIG5,
    ENC_LATIN1,           /* as Windows has it: 0x80-0x9F are € “ ” – ... */
    ENC_SHIFT_JIS,        /* as Windows has it */
    ENC_EUC_JP, ENC_EUC_KR, ENC_KOI8_R, ENC_ISO_8859_2, ENC_ISO_8859_7,
    ENC_CP1250, ENC_CP1251, ENC_CP1253, ENC_CP1254, ENC_CP1255, ENC_CP1256, ENC_CP1257, ENC_CP874,
    ENC_UNKNOWN           /* no text: NUL bytes, and not UTF-8 or UTF-16 */
} Encoding;

const char *encoding_name(Encoding e);                    /* "UTF-8", "GB18030" ... */
bool encoding_find(Str name, Encoding *out);              /* gbk, cp936, latin1 ... any case */

typedef struct EncodingGuess {
    Encoding encoding;
    bool bom;
    bool unsure;          /* neither UTF-8 nor Chinese: Latin-1 for want of better */
    bool ascii_only;      /* nothing above 0x7F was seen */
    double share;         /* of double-byte pairs that are everyday characters; 0 where unused */
    int64_t invalid;      /* bytes that do not fit, where the rest surely is that encoding */
    Encoding perhaps;     /* EUC-JP or EUC-KR, which look like Chinese: to be asked elsewhere; or
                             UTF-8: neither of them */
    bool mixed;           /* some lines are UTF-8, and the others what `encoding` says */
    int64_t change;       /* mixed: offset in the first line of the second sort */
    bool to_utf8;         /* mixed: that line is UTF-8 */
    bool turns;           /* from `encoding` to `after`, GB18030 and Big5 or the reverse, */
    Encoding after;       /*   in a line that begins behind `change`, */
    int64_t change_end;   /*   and at change_end at the latest */
    bool once;            /* mixed, turns: all lines before are of the one sort, all others not */
} EncodingGuess;

/* Feed all bytes of a file, then ask. */
typedef struct Guesser Guesser;
Guesser *guesser_new(void);
void guesser_feed(Guesser *g, const char *s, size_t n);
EncodingGuess guesser_end(Guesser *g);                    /* frees g */

/* A source that converts `from` (bytes in encoding e, a BOM is dropped) to UTF-8. Undecodable
 * bytes are ERR_INVALID with the byte offset and line, but for UTF-8, which passes unchecked, as
 * ENC_UNKNOWN does; 0x80 in GBK is the euro sign; a BOM decides the byte order of UTF-16. Close
 * with decoder_close; `from` stays the caller's. */
ByteSource *decoder_open(ByteSource *from, Encoding e);
/* The same decoder for another source from its first byte, cheaper than a new one. */
void decoder_restart(ByteSource *d, ByteSource *from);
void decoder_close(ByteSource *d);                        /* NULL is allowed */

/* Bytes of a FILE descriptor as a source (position as it stands). */
ByteSource *fd_source_open(int fd);
void fd_source_close(ByteSource *s);                      /* does not close fd; NULL is allowed */

#endif

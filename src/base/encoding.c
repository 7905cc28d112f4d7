/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Decoding in blocks: iconv where the C library knows the encoding better than we do, a table for
 * Latin-1, nothing at all for UTF-8, whose bytes go straight to the reader's buffer.
 */
#include "base/encoding.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/unicode.h"

enum { BLOCK = 64 << 10, GROWTH = 4 };      /* no byte becomes more than four of UTF-8 */

/* What people call them, and what iconv does where that differs. */
static const char *const names[] = {
    [ENC_UTF8] = "UTF-8", [ENC_UTF16LE] = "UTF-16LE", [ENC_UTF16BE] = "UTF-16BE",
    [ENC_GB18030] = "GB18030", [ENC_BIG5] = "Big5", [ENC_LATIN1] = "Latin-1",
    [ENC_SHIFT_JIS] = "Shift-JIS", [ENC_EUC_JP] = "EUC-JP", [ENC_EUC_KR] = "EUC-KR",
    [ENC_KOI8_R] = "KOI8-R", [ENC_ISO_8859_2] = "ISO-8859-2", [ENC_ISO_8859_7] = "ISO-8859-7",
    [ENC_CP1250] = "Windows-1250", [ENC_CP1251] = "Windows-1251",
    [ENC_CP1253] = "Windows-1253", [ENC_CP1254] = "Windows-1254",
    [ENC_CP1255] = "Windows-1255", [ENC_CP1256] = "Windows-1256",
    [ENC_CP1257] = "Windows-1257", [ENC_CP874] = "Windows-874",
    [ENC_UNKNOWN] = "unknown",
};

static const char *iconv_name(Encoding e)
{
    return e == ENC_SHIFT_JIS ? "CP932" : e == ENC_EUC_KR ? "UHC" : e == ENC_CP874 ? "CP874"
                                                                                   : names[e];
}

const char *encoding_name(Encoding e)
{
    return names[e];
}

bool encoding_find(Str name, Encoding *out)
{
    static const struct { const char *name; Encoding e; } known[] = {
        { "utf8", ENC_UTF8 }, { "utf8bom", ENC_UTF8 }, { "ascii", ENC_UTF8 },
        { "utf16", ENC_UTF16LE }, { "utf16le", ENC_UTF16LE }, { "utf16be", ENC_UTF16BE },
        { "ucs2", ENC_UTF16LE }, { "unicode", ENC_UTF16LE },
        { "gb18030", ENC_GB18030 }, { "gbk", ENC_GB18030 }, { "gb2312", ENC_GB18030 },
        { "cp936", ENC_GB18030 }, { "ms936", ENC_GB18030 }, { "euccn", ENC_GB18030 },
        { "big5", ENC_BIG5 }, { "cp950", ENC_BIG5 },
        { "latin1", ENC_LATIN1 }, { "iso88591", ENC_LATIN1 }, { "cp1252", ENC_LATIN1 },
        { "windows1252", ENC_LATIN1 }, { "iso885915", ENC_LATIN1 },
        { "shiftjis", ENC_SHIFT_JIS }, { "sjis", ENC_SHIFT_JIS }, { "cp932", ENC_SHIFT_JIS },
        { "eucjp", ENC_EUC_JP }, { "euckr", ENC_EUC_KR }, { "uhc", ENC_EUC_KR },
        { "cp949", ENC_EUC_KR }, { "koi8r", ENC_KOI8_R }, { "latin2", ENC_ISO_8859_2 },
        { "iso88592", ENC_ISO_8859_2 }, { "iso88597", ENC_ISO_8859_7 },
        { "iso88599", ENC_CP1254 },
        { "tis620", ENC_CP874 }, { "iso885911", ENC_CP874 },
        { "cp1250", ENC_CP1250 }, { "windows1250", ENC_CP1250 },
        { "cp1251", ENC_CP1251 }, { "windows1251", ENC_CP1251 },
        { "cp1253", ENC_CP1253 }, { "windows1253", ENC_CP1253 },
        { "cp1254", ENC_CP1254 }, { "windows1254", ENC_CP1254 },
        { "cp1255", ENC_CP1255 }, { "windows1255", ENC_CP1255 },
        { "cp1256", ENC_CP1256 }, { "windows1256", ENC_CP1256 },
        { "cp1257", ENC_CP1257 }, { "windows1257", ENC_CP1257 },
        { "cp874", ENC_CP874 }, { "windows874", ENC_CP874 },
    };
    char plain[16];
    size_t n = 0;
    for (size_t i = 0; i < name.n; i++)
        if (!strchr("-_ ", name.s[i]) || name.s[i] == '\0') {
            if (n == sizeof plain)
                return false;
            plain[n++] = name.s[i];
        }
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(str_n(plain, n), str(known[i].name))) {
            *out = known[i].e;
            return true;
        }
    return false;
}

typedef struct Decoder {
    ByteSource base;
    ByteSource *from;
    Encoding e;
    iconv_t cd;                     /* (iconv_t)-1: not open */
    bool begun, eof;
    char in[BLOCK];
    size_t in_n;                    /* bytes not converted yet */
    int64_t offset;                 /* of in[0] in the file */
    int64_t line;                   /* lines ended so far */
    char out[BLOCK * GROWTH];
    size_t out_from, out_n;         /* bytes not handed out yet */
} Decoder;

/* What 0x80-0x9F are in Windows-1252; the five bytes it leaves out keep their C1 meaning. */
static const uint16_t windows[32] = {
    0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
    0x0152, 0x8D, 0x017D, 0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
    0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178,
};

static void convert_latin1(Decoder *d)
{
    char *to = d->out;
    for (size_t i = 0; i < d->in_n; i++) {
        unsigned char c = (unsigned char)d->in[i];
        if (c < 0x80)
            *to++ = (char)c;
        else
            to += utf8_put(c < 0xA0 ? windows[c - 0x80] : c, to);
    }
    d->out_n = (size_t)(to - d->out);
    d->offset += (int64_t)d->in_n;
    d->in_n = 0;
}

static int64_t count_newlines(const char *s, size_t n)
{
    int64_t lines = 0;
    for (const char *p = s, *end = s + n; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        lines++;
    return lines;
}

/* The byte at `at` of the block cannot be converted; out_n bytes before it were. */
static bool undecodable(Decoder *d, size_t at, bool cut, Error *err)
{
    int64_t line = d->line + count_newlines(d->out, d->out_n) + 1;
    if (cut)
        fail(err, ERR_INVALID, "the file ends in the middle of a %s character (line %lld)",
             encoding_name(d->e), (long long)line);
    else
        fail(err, ERR_INVALID, "byte 0x%02X at offset %lld (line %lld) is not %s",
             (unsigned char)d->in[at], (long long)(d->offset + (int64_t)at), (long long)line,
             encoding_name(d->e));
    return fail_hint(err, "mend that line, or name the encoding with --encoding");
}

/* Convert what is in the block; the bytes of a character that it cuts stay in front. */
static bool convert_iconv(Decoder *d, Error *err)
{
    char *from = d->in, *to = d->out;
    size_t left = d->in_n, room = sizeof d->out;
    bool cut = false;
    while (left > 0 && !cut && iconv(d->cd, &from, &left, &to, &room) == (size_t)-1) {
        d->out_n = (size_t)(to - d->out);
        if (errno == EINVAL) {
            cut = true;
        } else if (errno == EILSEQ && d->e == ENC_GB18030 && *from == '\x80') {
            memcpy(to, "€", 3);
            to += 3, room -= 3;
            from++, left--;
        } else {
            return undecodable(d, (size_t)(from - d->in), false, err);
        }
    }
    d->out_n = (size_t)(to - d->out);
    if (left > 0 && d->eof)
        return undecodable(d, (size_t)(from - d->in), true, err);
    memmove(d->in, from, left);
    d->offset += from - d->in;
    d->in_n = left;
    return true;
}

static bool open_iconv(Decoder *d, Error *err)
{
    if (d->e == ENC_UTF16LE && d->in_n >= 2 && memcmp(d->in, "\xFE\xFF", 2) == 0)
        d->e = ENC_UTF16BE;
    else if (d->e == ENC_UTF16BE && d->in_n >= 2 && memcmp(d->in, "\xFF\xFE", 2) == 0)
        d->e = ENC_UTF16LE;
    d->cd = iconv_open("UTF-8", iconv_name(d->e));
    if (d->cd != (iconv_t)-1)
        return true;
    fail(err, ERR_INVALID, "this system cannot convert from %s", encoding_name(d->e));
    return fail_hint(err, "convert the file to UTF-8 first");
}

static bool is_passed(const Decoder *d)
{
    return d->e == ENC_UTF8 || d->e == ENC_UNKNOWN;
}

/* Read one more block behind what is left of the last, at least four bytes the first time. */
static bool fill(Decoder *d, Error *err)
{
    size_t want = d->begun ? d->in_n + 1 : 4;
    while (d->in_n < want && !d->eof) {
        ptrdiff_t got = d->from->read(d->from, d->in + d->in_n, sizeof d->in - d->in_n, err);
        if (got < 0)
            return false;
        d->in_n += (size_t)got;
        d->eof = got == 0;
    }
    return true;
}

static bool convert(Decoder *d, Error *err)
{
    if (is_passed(d)) {
        memcpy(d->out, d->in, d->in_n);
        d->out_n = d->in_n;
        d->in_n = 0;
    } else if (d->e == ENC_LATIN1) {
        convert_latin1(d);
    } else if ((d->cd == (iconv_t)-1 && !open_iconv(d, err)) || !convert_iconv(d, err)) {
        return false;
    }
    bool bom = !d->begun && d->out_n >= 3 && memcmp(d->out, "\xEF\xBB\xBF", 3) == 0;
    d->out_from = bom ? 3 : 0;
    d->begun = true;
    if (!is_passed(d))
        d->line += count_newlines(d->out, d->out_n);
    return true;
}

static ptrdiff_t decoder_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    Decoder *d = (Decoder *)src;
    while (d->out_from == d->out_n) {
        if (d->eof)
            return 0;
        if (d->begun && is_passed(d))
            return d->from->read(d->from, buf, n, err);
        d->out_from = d->out_n = 0;
        if (!fill(d, err) || !convert(d, err))
            return -1;
    }
    size_t got = d->out_n - d->out_from;
    if (got > n)
        got = n;
    memcpy(buf, d->out + d->out_from, got);
    d->out_from += got;
    return (ptrdiff_t)got;
}

ByteSource *decoder_open(ByteSource *from, Encoding e)
{
    Decoder *d = xalloc(sizeof *d);
    d->base.read = decoder_read;
    d->from = from;
    d->e = e;
    d->cd = (iconv_t)-1;
    return &d->base;
}

void decoder_restart(ByteSource *s, ByteSource *from)
{
    Decoder *d = (Decoder *)s;
    if (d->cd != (iconv_t)-1)
        iconv(d->cd, NULL, NULL, NULL, NULL);
    d->from = from;
    d->begun = d->eof = false;
    d->in_n = d->out_from = d->out_n = 0;
    d->offset = d->line = 0;
}

void decoder_close(ByteSource *s)
{
    Decoder *d = (Decoder *)s;
    if (d && d->cd != (iconv_t)-1)
        iconv_close(d->cd);
    free(d);
}

typedef struct FdSource { ByteSource base; int fd; } FdSource;

static ptrdiff_t fd_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    ssize_t got;
    do
        got = read(((FdSource *)src)->fd, buf, n);
    while (got < 0 && errno == EINTR);
    if (got < 0)
        fail(err, ERR_IO, "cannot read: %s", strerror(errno));
    return got;
}

ByteSource *fd_source_open(int fd)
{
    FdSource *s = xalloc(sizeof *s);
    s->base.read = fd_read;
    s->fd = fd;
    return &s->base;
}

void fd_source_close(ByteSource *s)
{
    free(s);
}

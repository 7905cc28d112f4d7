/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/json.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/unicode.h"

/* The escape for the character at s, "" if it passes as it is; *len gets its bytes. */
static const char *escape(const char *s, size_t n, char out[static 16], int *len)
{
    unsigned char c = (unsigned char)*s;
    *len = 1;
    if (c >= 0x20 && c < 0x7F)
        return c == '"' ? "\\\"" : c == '\\' ? "\\\\" : "";
    if (c == '\n' || c == '\r' || c == '\t')
        return c == '\n' ? "\\n" : c == '\r' ? "\\r" : "\\t";
    uint32_t cp = utf8_next(s, n, len);
    if (c >= 0x80 && *len == 1)
        cp = 0xDC00u + c;
    else if (c >= 0x80 && !is_hidden(cp))
        return "";
    if (cp > 0xFFFF)
        snprintf(out, 16, "\\u%04x\\u%04x", 0xD800 + ((unsigned)(cp - 0x10000) >> 10),
                 0xDC00 + ((unsigned)cp & 0x3FF));
    else
        snprintf(out, 16, "\\u%04x", (unsigned)cp);
    return out;
}

/* From i on, what passes as it is: ASCII, and the bulk of Chinese, Japanese and Korean (U+4000 to
 * U+CFFF, three bytes from E4 to EC, none of them hidden). */
static size_t plain_run(Str s, size_t i)
{
    for (; i < s.n; i++) {
        unsigned char c = (unsigned char)s.s[i];
        if (c >= 0xE4 && c <= 0xEC && s.n - i > 2 && ((unsigned char)s.s[i + 1] & 0xC0) == 0x80
            && ((unsigned char)s.s[i + 2] & 0xC0) == 0x80)
            i += 2;
        else if (c < 0x20 || c >= 0x7F || c == '"' || c == '\\')
            break;
    }
    return i;
}

static inline bool has_odd(Bytes b)
{
    return bytes_any((Bytes)((b < 0x20) | (b >= 0x7F) | (b == '"') | (b == '\\')));
}

/* ASCII that passes as it is, all of it. */
static bool is_plain(Str s)
{
    size_t i = 0;
    if (s.n < sizeof(Bytes))
        return !has_odd(bytes_few(s.s, s.n));
    for (; i + sizeof(Bytes) < s.n; i += sizeof(Bytes))
        if (has_odd(bytes_at(s.s + i)))
            return false;
    return !has_odd(bytes_at(s.s + s.n - sizeof(Bytes)));
}

static void write_plain(Buf *out, Str s)
{
    char *to = buf_take(out, s.n + 2);
    if (!to)
        return;
    to[0] = '"';
    memcpy(to + 1, s.s, s.n);
    to[s.n + 1] = '"';
}

void json_write_text(Buf *out, Str s)
{
    size_t done = 0;
    int len;
    if (s.n > 0 && is_plain(s)) {
        write_plain(out, s);
        return;
    }
    buf_char(out, '"');
    for (size_t i = plain_run(s, 0); i < s.n; i = plain_run(s, i + (size_t)len)) {
        char room[16];
        const char *e = escape(s.s + i, s.n - i, room, &len);
        if (*e) {
            buf_put(out, s.s + done, i - done);
            buf_cstr(out, e);
            done = i + (size_t)len;
        }
    }
    if (s.n > done)
        buf_put(out, s.s + done, s.n - done);
    buf_char(out, '"');
}

static void write_real(Buf *out, double r)
{
    char text[32];
    if (!isfinite(r)) {
        buf_cstr(out, "null");
        return;
    }
    for (int digits = 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, r);
        if (strtod(text, NULL) == r)
            break;
    }
    buf_cstr(out, text);
}

/* Milliseconds as seconds. */
static void write_seconds(Buf *out, int64_t ms)
{
    uint64_t m = ms < 0 ? 0 - (uint64_t)ms : (uint64_t)ms;
    buf_printf(out, "%s%" PRIu64, ms < 0 ? "-" : "", m / 1000);
    if (m % 1000)
        buf_printf(out, ".%03" PRIu64, m % 1000);
}

static void write_tags(Buf *out, Str tags)
{
    buf_char(out, '[');
    while (tags.n > 0) {
        const char *comma = memchr(tags.s, ',', tags.n);
        size_t n = comma ? (size_t)(comma - tags.s) : tags.n;
        json_write_text(out, str_n(tags.s, n));
        n += comma != NULL;
        tags = str_n(tags.s + n, tags.n - n);
        if (tags.n > 0)
            buf_char(out, ',');
    }
    buf_char(out, ']');
}

static void write_int(Buf *out, Value v, Kind k)
{
    if (k == KIND_BOOL)
        buf_cstr(out, v.i ? "true" : "false");
    else if (k == KIND_DURATION)
        write_seconds(out, v.i);
    else if (k == KIND_TIME) {
        buf_char(out, '"');
        value_write_plain(v, k, out);
        buf_char(out, '"');
    } else {
        value_write_plain(v, k, out);
    }
}

void json_write_value(Buf *out, Value v, Kind k)
{
    switch (v.type) {
    case VALUE_NULL:
        buf_cstr(out, "null");
        break;
    case VALUE_INT:
        write_int(out, v, k);
        break;
    case VALUE_REAL:
        write_real(out, v.r);
        break;
    case VALUE_TEXT:
        if (k == KIND_TAGS)
            write_tags(out, v.s);
        else
            json_write_text(out, v.s);
        break;
    }
}

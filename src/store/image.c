/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/image.h"

#include <endian.h>

static void put_varint(Buf *out, uint64_t v)
{
    char bytes[10];
    size_t n = 0;
    for (; v >= 0x80; v >>= 7)
        bytes[n++] = (char)(v | 0x80);
    bytes[n++] = (char)v;
    buf_put(out, bytes, n);
}

static uint64_t zigzag(int64_t v)
{
    return (uint64_t)v << 1 ^ (uint64_t)(v >> 63);
}

static int64_t unzigzag(uint64_t v)
{
    return (int64_t)(v >> 1 ^ (~(v & 1) + 1));
}

static bool get_varint(ImageCursor *c, uint64_t *out)
{
    *out = 0;
    for (int shift = 0; shift < 64 && c->p < c->end; shift += 7) {
        unsigned char b = *c->p++;
        *out |= (uint64_t)(b & 0x7F) << shift;
        if (!(b & 0x80))
            return true;
    }
    return false;
}

static void put_real(Buf *out, double r)
{
    uint64_t bits;
    memcpy(&bits, &r, sizeof bits);
    bits = htole64(bits);
    buf_put(out, (const char *)&bits, sizeof bits);
}

void image_begin(Buf *out, int64_t stamp)
{
    put_varint(out, zigzag(stamp));
}

void image_put(Buf *out, int64_t column, Value v)
{
    put_varint(out, (uint64_t)column);
    buf_char(out, (char)v.type);
    switch (v.type) {
    case VALUE_NULL:
        break;
    case VALUE_INT:
        put_varint(out, zigzag(v.i));
        break;
    case VALUE_REAL:
        put_real(out, v.r);
        break;
    case VALUE_TEXT:
        put_varint(out, v.s.n);
        buf_str(out, v.s);
        break;
    }
}

bool image_open(Str image, ImageCursor *c, int64_t *stamp)
{
    uint64_t u;
    c->p = (const unsigned char *)image.s;
    c->end = c->p + image.n;
    if (!get_varint(c, &u))
        return false;
    *stamp = unzigzag(u);
    return true;
}

static bool get_value(ImageCursor *c, Value *v)
{
    uint64_t u;
    switch (v->type) {
    case VALUE_NULL:
        return true;
    case VALUE_INT:
        if (!get_varint(c, &u))
            return false;
        v->i = unzigzag(u);
        return true;
    case VALUE_REAL:
        if (c->end - c->p < (ptrdiff_t)sizeof v->r)
            return false;
        memcpy(&u, c->p, sizeof u);
        u = le64toh(u);
        memcpy(&v->r, &u, sizeof u);
        c->p += sizeof u;
        return true;
    case VALUE_TEXT:
        if (!get_varint(c, &u) || (uint64_t)(c->end - c->p) < u)
            return false;
        v->s = str_n((const char *)c->p, u);
        c->p += u;
        return true;
    }
    return false;
}

int image_next(ImageCursor *c, int64_t *column, Value *v)
{
    uint64_t u;
    if (c->p == c->end)
        return 0;
    if (!get_varint(c, &u) || c->p == c->end)
        return -1;
    *column = (int64_t)u;
    v->type = *c->p++;
    return get_value(c, v) ? 1 : -1;
}

bool image_valid(Str image)
{
    ImageCursor c;
    int64_t stamp, column;
    Value v;
    int n = -1;
    if (image_open(image, &c, &stamp))
        while ((n = image_next(&c, &column, &v)) > 0)
            ;
    return n == 0;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * A row: four bytes of length, then ordinal, line and count of points as varints; a rejected row
 * has its reason, any other its values (a type byte each) and its points.
 */
#include "model/import_rows.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

enum { BLOCK = 1 << 20, REJECTED = 1 };

struct RowFile {
    int fd, slots;
    int64_t rows;
    Buf out;
    char *in;                          /* bytes from at to end are not read yet */
    size_t at, end, size;
    Value *v;
    Point point[IMPORT_POINTS_MAX];
};

RowFile *row_file_open(int slots, Error *err)
{
    int fd = import_temp_open(err);
    if (fd < 0)
        return NULL;
    RowFile *s = xalloc(sizeof *s);
    s->fd = fd;
    s->slots = slots;
    s->v = xalloc(sizeof *s->v * (size_t)(slots + 1));
    return s;
}

void row_file_close(RowFile *s)
{
    if (!s)
        return;
    close(s->fd);
    buf_release(&s->out);
    free(s->in);
    free(s->v);
    free(s);
}

int64_t row_file_count(const RowFile *s)
{
    return s->rows;
}

/* ---- writing --------------------------------------------------------------------------------- */

static void put_number(Buf *b, uint64_t v)
{
    char bytes[10];
    size_t n = 0;
    while (v >= 0x80) {
        bytes[n++] = (char)(v | 0x80);
        v >>= 7;
    }
    bytes[n++] = (char)v;
    buf_put(b, bytes, n);
}

/* Length plus one, so that no text differs from an empty one. */
static void put_text(Buf *b, Str s)
{
    put_number(b, s.s ? s.n + 1 : 0);
    if (s.n)
        buf_put(b, s.s, s.n);
}

static void put_value(Buf *b, Value v)
{
    buf_char(b, (char)v.type);
    if (v.type == VALUE_INT)
        put_number(b, (uint64_t)v.i << 1 ^ (uint64_t)(v.i >> 63));
    else if (v.type == VALUE_REAL)
        buf_put(b, (const char *)&v.r, sizeof v.r);
    else if (v.type == VALUE_TEXT)
        put_text(b, v.s.s ? v.s : STR(""));
}

static void put_point(Buf *b, const Point *p)
{
    buf_char(b, (char)(p->kind | (p->person ? 8 : 0) | (p->valid + 1) << 4));
    put_text(b, p->value);
    put_text(b, p->raw);
    put_text(b, p->label);
    put_text(b, p->ext);
    put_text(b, p->country);
}

static bool write_out(RowFile *s, Error *err)
{
    for (size_t done = 0; done < s->out.n;) {
        ssize_t n = write(s->fd, s->out.s + done, s->out.n - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail(err, ERR_IO, "the temporary file of the import cannot be written: %s",
                 strerror(errno));
            return fail_hint(err, "nothing was stored; set TMPDIR to a folder with more room");
        }
        done += (size_t)n;
    }
    buf_reset(&s->out);
    return true;
}

bool row_file_put(RowFile *s, const ImportRow *row, Error *err)
{
    Buf *b = &s->out;
    size_t start = b->n;
    uint32_t length = 0;
    buf_put(b, (const char *)&length, sizeof length);
    put_number(b, (uint64_t)row->ordinal);
    put_number(b, (uint64_t)row->line);
    buf_char(b, row->reason.s ? REJECTED : 0);
    if (row->reason.s) {
        put_text(b, row->reason);
    } else {
        for (int i = 0; i < s->slots; i++)
            put_value(b, row->v[i]);
        put_number(b, (uint64_t)row->points);
        for (int i = 0; i < row->points; i++)
            put_point(b, &row->point[i]);
    }
    length = (uint32_t)(b->n - start - sizeof length);
    memcpy(b->s + start, &length, sizeof length);
    s->rows++;
    return b->n < BLOCK || write_out(s, err);
}

bool row_file_rewind(RowFile *s, Error *err)
{
    if (!write_out(s, err))
        return false;
    buf_release(&s->out);
    s->at = s->end = 0;
    if (lseek(s->fd, 0, SEEK_SET) == 0)
        return true;
    return fail(err, ERR_IO, "the temporary file of the import cannot be read: %s",
                strerror(errno));
}

/* ---- reading --------------------------------------------------------------------------------- */

/* At least n bytes ahead; 0: the file ends before. */
static int ahead(RowFile *s, size_t n, Error *err)
{
    if (s->end - s->at >= n)
        return 1;
    if (s->end > s->at)
        memmove(s->in, s->in + s->at, s->end - s->at);
    s->end -= s->at;
    s->at = 0;
    if (s->size < n || !s->in) {
        s->size = n > BLOCK ? n : BLOCK;
        s->in = xresize(s->in, s->size);
    }
    while (s->end < n) {
        ssize_t got = read(s->fd, s->in + s->end, s->size - s->end);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            fail(err, ERR_IO, "the temporary file of the import cannot be read: %s",
                 strerror(errno));
            return -1;
        }
        if (got == 0)
            return 0;
        s->end += (size_t)got;
    }
    return 1;
}

static uint64_t get_number(const char **p)
{
    uint64_t v = 0;
    for (int shift = 0;; shift += 7) {
        unsigned char c = (unsigned char)*(*p)++;
        v |= (uint64_t)(c & 0x7F) << shift;
        if (c < 0x80)
            return v;
    }
}

static Str get_text(const char **p)
{
    size_t n = (size_t)get_number(p);
    if (n == 0)
        return (Str){ 0 };
    Str s = str_n(*p, n - 1);
    *p += n - 1;
    return s;
}

static Value get_value(const char **p)
{
    Value v = { .type = (ValueType)*(*p)++ };
    if (v.type == VALUE_INT) {
        uint64_t z = get_number(p);
        v.i = (int64_t)(z >> 1) ^ -(int64_t)(z & 1);
    } else if (v.type == VALUE_REAL) {
        memcpy(&v.r, *p, sizeof v.r);
        *p += sizeof v.r;
    } else if (v.type == VALUE_TEXT) {
        v.s = get_text(p);
    }
    return v;
}

static Point get_point(const char **p)
{
    int bits = *(*p)++;
    Point point = { .kind = (PointKind)(bits & 7),
                    .person = bits & 8,
                    .valid = (int8_t)((bits >> 4) - 1) };
    point.value = get_text(p);
    point.raw = get_text(p);
    point.label = get_text(p);
    point.ext = get_text(p);
    point.country = get_text(p);
    return point;
}

int row_file_next(RowFile *s, ImportRow *out, Error *err)
{
    uint32_t length;
    int more = ahead(s, sizeof length, err);
    if (more <= 0)
        return more;
    memcpy(&length, s->in + s->at, sizeof length);
    more = ahead(s, sizeof length + length, err);
    if (more == 0)
        fail(err, ERR_IO, "the temporary file of the import is cut short");
    if (more <= 0)
        return -1;
    const char *p = s->in + s->at + sizeof length;
    s->at += sizeof length + length;
    *out = (ImportRow){ .v = s->v, .point = s->point };
    out->ordinal = (int64_t)get_number(&p);
    out->line = (int64_t)get_number(&p);
    if (*p++ == REJECTED) {
        out->reason = get_text(&p);
        return 1;
    }
    for (int i = 0; i < s->slots; i++)
        s->v[i] = get_value(&p);
    out->points = (int)get_number(&p);
    for (int i = 0; i < out->points; i++)
        s->point[i] = get_point(&p);
    return 1;
}

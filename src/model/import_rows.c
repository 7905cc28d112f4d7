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
    char *out;                         /* held bytes, not written yet, of room */
    size_t held, room;
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
    free(s->out);
    free(s->in);
    free(s->v);
    free(s);
}

int64_t row_file_count(const RowFile *s)
{
    return s->rows;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A row may take this much: every put_ goes on behind `p`, where there is room for it. */
enum { NUMBER = 10 };                  /* bytes of a varint at most */

static size_t room_of_text(Str s)
{
    return NUMBER + s.n;
}

static size_t room_of(const RowFile *f, const ImportRow *row)
{
    size_t n = sizeof(uint32_t) + 3 * NUMBER + 1 + room_of_text(row->reason);
    for (int i = 0; i < f->slots && !row->reason.s; i++)
        n += 1 + NUMBER + (row->v[i].type == VALUE_TEXT ? row->v[i].s.n : 0);
    for (int i = 0; i < row->points && !row->reason.s; i++) {
        const Point *q = &row->point[i];
        n += 1 + room_of_text(q->value) + room_of_text(q->raw) + room_of_text(q->label)
             + room_of_text(q->ext) + room_of_text(q->country);
    }
    return n;
}

static char *put_number(char *p, uint64_t v)
{
    while (v >= 0x80) {
        *p++ = (char)(v | 0x80);
        v >>= 7;
    }
    *p++ = (char)v;
    return p;
}

/* Length plus one, so that no text differs from an empty one. */
static char *put_text(char *p, Str s)
{
    p = put_number(p, s.s ? s.n + 1 : 0);
    if (s.n)
        memcpy(p, s.s, s.n);
    return p + s.n;
}

static char *put_value(char *p, Value v)
{
    *p++ = (char)v.type;
    if (v.type == VALUE_INT)
        return put_number(p, (uint64_t)v.i << 1 ^ (uint64_t)(v.i >> 63));
    if (v.type == VALUE_TEXT)
        return put_text(p, v.s.s ? v.s : STR(""));
    if (v.type == VALUE_REAL) {
        memcpy(p, &v.r, sizeof v.r);
        p += sizeof v.r;
    }
    return p;
}

static char *put_point(char *p, const Point *q)
{
    *p++ = (char)(q->kind | (q->person ? 8 : 0) | (q->valid + 1) << 4);
    p = put_text(p, q->value);
    p = put_text(p, q->raw);
    p = put_text(p, q->label);
    p = put_text(p, q->ext);
    return put_text(p, q->country);
}

static bool write_out(RowFile *s, Error *err)
{
    for (size_t done = 0; done < s->held;) {
        ssize_t n = write(s->fd, s->out + done, s->held - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            fail(err, ERR_IO, "the temporary file of the import cannot be written: %s",
                 strerror(errno));
            return fail_hint(err, "nothing was stored; set TMPDIR to a folder with more room");
        }
        done += (size_t)n;
    }
    s->held = 0;
    return true;
}

bool row_file_put(RowFile *s, const ImportRow *row, Error *err)
{
    size_t room = room_of(s, row);
    if (s->held && s->held + room > s->room && !write_out(s, err))
        return false;
    if (room > s->room) {
        s->room = room > BLOCK ? room : BLOCK;
        s->out = xresize(s->out, s->room);
    }
    char *start = s->out + s->held, *p = start + sizeof(uint32_t);
    p = put_number(p, (uint64_t)row->ordinal);
    p = put_number(p, (uint64_t)row->line);
    *p++ = row->reason.s ? REJECTED : 0;
    if (row->reason.s) {
        p = put_text(p, row->reason);
    } else {
        for (int i = 0; i < s->slots; i++)
            p = put_value(p, row->v[i]);
        p = put_number(p, (uint64_t)row->points);
        for (int i = 0; i < row->points; i++)
            p = put_point(p, &row->point[i]);
    }
    uint32_t length = (uint32_t)(p - start - (ptrdiff_t)sizeof length);
    memcpy(start, &length, sizeof length);
    s->held = (size_t)(p - s->out);
    s->rows++;
    return true;
}

bool row_file_rewind(RowFile *s, Error *err)
{
    if (!write_out(s, err))
        return false;
    free(s->out);
    s->out = NULL;
    s->room = 0;
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

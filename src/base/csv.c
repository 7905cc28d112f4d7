/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Reading: a record's fields are noted as offsets while it is scanned, eight bytes at a time, and
 * become pointers into the buffer when it is whole; only fields with doubled quotes are copied.
 * Scanning goes on where it stopped when the buffer is filled again, so no byte is read twice.
 */
#include "base/csv.h"

#include <stdlib.h>

enum {
    BUFFER = 64 << 10,
    PAD = 8,                        /* bytes behind the buffer that a load may touch */
};

typedef struct Span {
    uint32_t from, to;              /* in the record, quotes included */
    bool quoted;
    bool dirty;                     /* holds doubled quotes or text after the closing one */
} Span;

struct Csv {
    ByteSource *src;
    char delimiter;
    bool begun, eof, failed;
    bool skip_lf;                   /* the record before ended in CR at the end of the buffer */
    char *buf;
    size_t size, start, end;        /* the record begins at start, bytes reach to end */
    int64_t line, offset;           /* of the byte at start */

    size_t p;                       /* from here on relative to start: scanned so far */
    size_t from;                    /* where the field began */
    size_t closed;                  /* where its closing quote stands */
    bool quoted, in_quotes, dirty;  /* of the field */
    bool any_quoted, any_dirty, odd, open;
    Span *span;
    Str *field;
    bool *field_quoted;
    int n, room;
    char *clean;                    /* unescaped fields of one record */
    size_t clean_size;
};

Csv *csv_open_sized(ByteSource *src, char delimiter, size_t buffer)
{
    Csv *c = xalloc(sizeof *c);
    c->src = src;
    c->delimiter = delimiter;
    c->size = buffer;
    c->buf = xalloc(buffer + PAD);
    c->line = 1;
    return c;
}

Csv *csv_open(ByteSource *src, char delimiter)
{
    return csv_open_sized(src, delimiter, BUFFER);
}

void csv_close(Csv *c)
{
    if (!c)
        return;
    free(c->buf);
    free(c->span);
    free(c->field);
    free(c->field_quoted);
    free(c->clean);
    free(c);
}

/* More bytes behind those from start on; 1, 0 at the end, -1 with err. */
static int fill(Csv *c, Error *err)
{
    if (c->eof)
        return 0;
    if (c->start > 0) {
        memmove(c->buf, c->buf + c->start, c->end - c->start);
        c->end -= c->start;
        c->start = 0;
    }
    if (c->end > CSV_MAX_RECORD) {
        fail(err, ERR_INVALID, "the record on line %lld is longer than %d MiB",
             (long long)c->line, CSV_MAX_RECORD >> 20);
        fail_hint(err, "look for a quote that is never closed");
        return -1;
    }
    if (c->end == c->size) {
        c->size = c->size ? c->size * 2 : 1;
        c->buf = xresize(c->buf, c->size + PAD);
        memset(c->buf + c->end, 0, c->size + PAD - c->end);
    }
    ptrdiff_t got = c->src->read(c->src, c->buf + c->end, c->size - c->end, err);
    if (got < 0)
        return -1;
    c->end += (size_t)got;
    c->eof = got == 0;
    return got > 0;
}

static bool add_room(Csv *c)
{
    if (c->n == CSV_MAX_FIELDS)
        return false;
    int room = c->room ? c->room * 2 : 32;
    c->span = xresize(c->span, sizeof *c->span * (size_t)room);
    c->field = xresize(c->field, sizeof *c->field * (size_t)room);
    c->field_quoted = xresize(c->field_quoted, sizeof *c->field_quoted * (size_t)room);
    c->room = room;
    return true;
}

/* The field ends before offset p. */
static inline bool end_field(Csv *c, size_t p)
{
    if (c->n == c->room && !add_room(c))
        return false;
    Span *f = &c->span[c->n++];
    f->from = (uint32_t)c->from;
    f->to = (uint32_t)p;
    f->quoted = c->quoted;
    f->dirty = false;
    if (c->quoted) {
        c->open |= c->in_quotes;
        if (c->in_quotes || c->closed + 1 != p)
            c->odd = c->dirty = true;
        f->dirty = c->dirty;
        c->any_quoted = true;
        c->any_dirty |= c->dirty;
        c->quoted = c->dirty = c->in_quotes = false;
    }
    c->from = p + 1;
    return true;
}

/* Before a quote at offset p: a, "b, c" is written by hand, and means two cells. */
static bool only_blanks(const Csv *c, size_t p)
{
    const char *s = c->buf + c->start;
    size_t i = c->from;
    while (i < p && s[i] == ' ')
        i++;
    return i == p;
}

/* A quote at offset p opens, closes, is one half of a doubled one, or is text. */
static inline void see_quote(Csv *c, size_t p)
{
    if (c->in_quotes) {
        c->in_quotes = false;
        c->closed = p;
    } else if (p == c->from) {
        c->quoted = c->in_quotes = true;
    } else if (c->quoted && p == c->closed + 1) {
        c->in_quotes = c->dirty = true;
    } else if (!c->quoted && only_blanks(c, p)) {
        c->from = p;
        c->quoted = c->in_quotes = c->odd = true;
    }
}

#define EACH(byte) (0x0101010101010101u * (unsigned char)(byte))

/* The high bit of each of eight bytes that is a quote, CR, LF or the delimiter (below 0x80). */
static inline uint64_t special_bytes(uint64_t w, uint64_t delimiter)
{
    const uint64_t low = EACH(0x7F);
    uint64_t v = w & low;           /* (v ^ x) + 0x7F has its high bit clear only where v is x */
    uint64_t other = ((v ^ delimiter) + low) & ((v ^ EACH('"')) + low) & ((v ^ EACH('\n')) + low)
                   & ((v ^ EACH('\r')) + low);
    return ~(other | w) & ~low;
}

typedef enum Scan { SCAN_MORE, SCAN_RECORD, SCAN_TOO_WIDE } Scan;

/* Go on from p to the end of the record (p is then at its CR or LF) or of the bytes. */
static Scan scan(Csv *c)
{
    const char *s = c->buf + c->start;
    const uint64_t delimiter = EACH(c->delimiter);
    const size_t n = c->end - c->start;
    for (size_t p = c->p; p < n; p += 8) {
        uint64_t w;
        memcpy(&w, s + p, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        w = __builtin_bswap64(w);
#endif
        for (uint64_t m = special_bytes(w, delimiter); m; m &= m - 1) {
            size_t at = p + (size_t)(__builtin_ctzll(m) >> 3);
            if (at >= n)
                break;
            if (s[at] == '"') {
                see_quote(c, at);
            } else if (!c->in_quotes) {
                if (!end_field(c, at))
                    return SCAN_TOO_WIDE;
                if (s[at] != c->delimiter) {
                    c->p = at;
                    return SCAN_RECORD;
                }
            }
        }
    }
    c->p = n;
    return SCAN_MORE;
}

/* A quoted field without its quotes, doubled ones halved; text behind the closing one is kept. */
static Str unescape(const char *s, size_t n, char *to)
{
    size_t k = 0, i = 1;
    while (i < n) {
        const char *quote = memchr(s + i, '"', n - i);
        size_t stop = quote ? (size_t)(quote - s) : n;
        memcpy(to + k, s + i, stop - i);
        k += stop - i;
        i = stop + 1;
        if (i >= n || s[i] != '"')
            break;
        to[k++] = '"';
        i++;
    }
    if (i < n) {
        memcpy(to + k, s + i, n - i);
        k += n - i;
    }
    return str_n(to, k);
}

static int64_t count_lines(const char *s, size_t n)
{
    int64_t lines = 0;
    for (const char *p = s, *end = s + n; (p = memchr(p, '\n', (size_t)(end - p))); p++)
        lines++;
    for (const char *p = s, *end = s + n; (p = memchr(p, '\r', (size_t)(end - p))); p++)
        lines += p + 1 == end || p[1] != '\n';
    return lines;
}

/* The whole record of n bytes at start into *out. */
static void give(Csv *c, size_t n, CsvRecord *out)
{
    const char *s = c->buf + c->start;
    if (c->any_dirty && c->clean_size < n) {
        c->clean_size = n;
        c->clean = xresize(c->clean, n);
    }
    char *clean = c->clean;
    for (int i = 0; i < c->n; i++) {
        const Span *f = &c->span[i];
        c->field_quoted[i] = f->quoted;
        if (f->dirty) {
            c->field[i] = unescape(s + f->from, f->to - f->from, clean);
            clean += c->field[i].n;
        } else {
            c->field[i] = str_n(s + f->from + f->quoted, f->to - f->from - 2u * f->quoted);
        }
    }
    *out = (CsvRecord){ .field = c->field, .quoted = c->field_quoted, .n = c->n, .line = c->line,
                        .offset = c->offset, .raw = { s, n }, .odd = c->odd,
                        .open = c->open };
}

/* Go past n bytes of record and their line end of `end` bytes. */
static void go_past(Csv *c, size_t n, size_t end)
{
    if (c->any_quoted)
        c->line += count_lines(c->buf + c->start, n);
    c->line += end > 0;
    c->offset += (int64_t)(n + end);
    c->start += n + end;
    c->p = c->from = c->closed = 0;
    c->any_quoted = c->any_dirty = c->odd = c->open = false;
    c->n = 0;
}

/* Before a record: the BOM, or the LF of a CRLF that the end of the buffer cut. */
static bool skip_before(Csv *c, Error *err)
{
    size_t want = c->begun ? c->skip_lf : 3;
    int more = 1;
    while (c->end - c->start < want && more > 0)
        if ((more = fill(c, err)) < 0)
            return false;
    size_t skip = 0;
    if (!c->begun && c->end - c->start >= 3 && memcmp(c->buf + c->start, "\xEF\xBB\xBF", 3) == 0)
        skip = 3;
    else if (c->skip_lf && c->end > c->start && c->buf[c->start] == '\n')
        skip = 1;
    c->start += skip;
    c->offset += (int64_t)skip;
    c->begun = true;
    c->skip_lf = false;
    return true;
}

/* Read the record at start: its end stands at p. 1, 0 at the end of the file, -1 error. */
static int read_record(Csv *c, Error *err)
{
    Scan found;
    while ((found = scan(c)) == SCAN_MORE) {
        int more = fill(c, err);
        if (more < 0)
            return -1;
        if (more == 0) {
            if (c->p == 0)
                return 0;
            found = end_field(c, c->p) ? SCAN_RECORD : SCAN_TOO_WIDE;
            break;
        }
    }
    if (found == SCAN_RECORD)
        return 1;
    fail(err, ERR_INVALID, "the record on line %lld has more than %d fields", (long long)c->line,
         CSV_MAX_FIELDS);
    fail_hint(err, "if something else separates its cells, name it with --delimiter");
    return -1;
}

int csv_next(Csv *c, CsvRecord *out, Error *err)
{
    if (c->failed) {
        fail(err, ERR_INVALID, "the file cannot be read past line %lld", (long long)c->line);
        return -1;
    }
    int got = skip_before(c, err) ? read_record(c, err) : -1;
    c->failed = got < 0;
    if (got <= 0)
        return got;
    size_t n = c->p, left = c->end - c->start - n;
    const char *end = c->buf + c->start + n;
    give(c, n, out);
    bool cr = left > 0 && *end == '\r';
    c->skip_lf = cr && left == 1;
    go_past(c, n, left == 0 ? 0 : cr && left > 1 && end[1] == '\n' ? 2 : 1);
    return 1;
}

/* ---- which delimiter ---- */

/* Below this share of rows that a delimiter splits alike, under a header that it does not split, it
 * is part of the text: a list of one column. */
#define CSV_EVEN 0.9

typedef struct StrSource { ByteSource base; Str left; } StrSource;

static ptrdiff_t str_read(ByteSource *src, char *buf, size_t n, Error *err)
{
    StrSource *s = (StrSource *)src;
    (void)err;
    if (n > s->left.n)
        n = s->left.n;
    if (n == 0)
        return 0;
    memcpy(buf, s->left.s, n);
    s->left = str_n(s->left.s + n, s->left.n - n);
    return (ptrdiff_t)n;
}

typedef struct Split {
    int fields;           /* the most frequent number of fields of a record */
    int header;           /* fields of the first record */
    double share;         /* of all records, those that have it, plus 1 where the first does too */
    double rest;          /* of the records after the first, those that have it */
    bool titled;          /* behind some that it does not split all are alike, of three or more */
} Split;

/* How evenly the delimiter splits the sample. */
static Split split_of(Str sample, char delimiter)
{
    enum { RECORDS = 200, TITLES = 20, WIDE = 5 };   /* WIDE: two rows are proof */
    StrSource src = { { str_read }, sample };
    Csv *c = csv_open(&src.base, delimiter);
    CsvRecord rec;
    Error err;
    int n = 0, count[RECORDS], most = 0;
    Split s = { .fields = 1, .header = 1 };
    while (n < RECORDS && csv_next(c, &rec, &err) == 1)
        if (rec.n > 1 || rec.raw.n > 0)
            count[n++] = rec.n;
    csv_close(c);
    if (n > 1 && n < RECORDS && sample.s[sample.n - 1] != '\n')
        n--;                        /* the sample may have cut its last record */
    for (int i = 0; i < n; i++) {
        int same = 0;
        for (int j = 0; j < n; j++)
            same += count[j] == count[i];
        if (same > most) {
            most = same;
            s.fields = count[i];
        }
    }
    if (n == 0)
        return s;
    bool agrees = count[0] == s.fields;
    s.header = count[0];
    s.share = s.fields < 2 ? 0 : (double)most / n + agrees;
    s.rest = n < 2 || s.fields < 2 ? 0 : (double)(most - agrees) / (n - 1);
    int lead = 0, alike;
    while (lead < n && count[lead] == 1)
        lead++;
    for (alike = lead; alike < n && count[alike] == count[lead]; alike++)
        continue;
    if (lead == 0 || lead > TITLES || lead == n || alike < n || count[lead] < 3
        || n - lead < (count[lead] < WIDE ? 3 : 2))
        return s;
    s.titled = true;
    s.fields = count[lead];
    s.share = (double)(n - lead) / n;
    return s;
}

char csv_sniff(Str sample, size_t *skip)
{
    static const char delimiters[] = ",;\t|";
    *skip = 0;
    size_t bom = str_starts(sample, "\xEF\xBB\xBF") ? 3 : 0;
    Str text = { sample.s + bom, sample.n - bom };
    if (text.n > 5 && str_starts(text, "sep=") && (text.s[5] == '\r' || text.s[5] == '\n')) {
        *skip = bom + 6 + (text.n > 6 && text.s[5] == '\r' && text.s[6] == '\n');
        return text.s[4];
    }
    char delimiter = ',';
    Split best = { 0 };
    bool header = false, any = false;
    for (const char *d = delimiters; *d; d++) {
        Split s = split_of(text, *d);
        header = header || s.header > 1;
        any = any || memchr(text.s, *d, text.n);
        if (s.share > best.share
            || (s.share == best.share && s.share > 0 && s.fields > best.fields)) {
            delimiter = *d;
            best = s;
        }
    }
    return any && !header && !best.titled && best.rest < CSV_EVEN ? CSV_ONE_COLUMN : delimiter;
}

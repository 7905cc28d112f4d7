/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/str.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

bool str_eq_nocase(Str a, Str b)
{
    if (a.n != b.n)
        return false;
    for (size_t i = 0; i < a.n; i++)
        if (lower(a.s[i]) != lower(b.s[i]))
            return false;
    return true;
}

bool str_starts(Str s, const char *prefix)
{
    size_t n = strlen(prefix);
    return s.n >= n && memcmp(s.s, prefix, n) == 0;
}

Str str_trim(Str s)
{
    while (s.n && (s.s[0] == ' ' || (s.s[0] >= '\t' && s.s[0] <= '\r')))
        s.s++, s.n--;
    while (s.n && (s.s[s.n - 1] == ' ' || (s.s[s.n - 1] >= '\t' && s.s[s.n - 1] <= '\r')))
        s.n--;
    return s;
}

const char *str_c(Str s, Arena *a)
{
    return arena_strndup(a, s.s, s.n);
}

Str str_dup(Str s, Arena *a)
{
    return (Str){ arena_strndup(a, s.s, s.n), s.n };
}

bool str_int(Str s, int64_t *out)
{
    size_t i = 0;
    bool neg = false;
    int64_t v = 0;
    if (s.n && (s.s[0] == '-' || s.s[0] == '+'))
        neg = s.s[i++] == '-';
    if (i == s.n)
        return false;
    for (; i < s.n; i++) {
        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
        int d = s.s[i] - '0';
        if (__builtin_mul_overflow(v, 10, &v) || __builtin_sub_overflow(v, d, &v))
            return false;                       /* counts downwards, so that INT64_MIN fits */
    }
    if (!neg && v == INT64_MIN)
        return false;
    *out = neg ? v : -v;
    return true;
}

/* FNV-1a by eight bytes at a time with a final mix (murmur3's finalizer constants). */
uint64_t str_hash(Str s)
{
    uint64_t h = 0xcbf29ce484222325u ^ s.n;
    size_t i = 0;
    for (; i + 8 <= s.n; i += 8) {
        uint64_t w;
        memcpy(&w, s.s + i, 8);
        h = (h ^ w) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    for (; i < s.n; i++)
        h = (h ^ (unsigned char)s.s[i]) * 0x100000001b3u;
    h ^= h >> 33;
    h *= 0xff51afd7ed558ccdu;
    h ^= h >> 33;
    h *= 0xc4ceb9fe1a85ec53u;
    return h ^ h >> 33;
}

bool utf8_valid(Str s)
{
    if (s.n == 0)
        return true;
    const unsigned char *p = (const unsigned char *)s.s, *end = p + s.n;
    while (p < end) {
        if (*p < 0x80) {
            p++;
            continue;
        }
        int more = *p >= 0xF0 ? 3 : *p >= 0xE0 ? 2 : 1;
        if (*p < 0xC2 || *p > 0xF4 || end - p <= more)
            return false;
        unsigned second = p[1];
        if ((*p == 0xE0 && second < 0xA0) || (*p == 0xED && second > 0x9F)
            || (*p == 0xF0 && second < 0x90)
            || (*p == 0xF4 && second > 0x8F))
            return false;
        for (int i = 1; i <= more; i++)
            if ((p[i] & 0xC0) != 0x80)
                return false;
        p += more + 1;
    }
    return true;
}

int str_distance(Str a, Str b, int most)
{
    enum { MAX = 64 };
    int before[MAX + 1] = { 0 }, row[MAX + 1];
    if (a.n > MAX || b.n > MAX || (int)a.n - (int)b.n > most || (int)b.n - (int)a.n > most)
        return most + 1;
    for (size_t j = 0; j <= b.n; j++)
        row[j] = (int)j;
    for (size_t i = 1; i <= a.n; i++) {
        int diagonal = row[0], older = 0;          /* older: before[j - 2], of the row before */
        row[0] = (int)i;
        for (size_t j = 1; j <= b.n; j++) {
            char x = lower(a.s[i - 1]), y = lower(b.s[j - 1]);
            int other = diagonal + (x != y);
            int least = (row[j] < row[j - 1] ? row[j] : row[j - 1]) + 1;
            if (i > 1 && j > 1 && x == lower(b.s[j - 2]) && y == lower(a.s[i - 2])
                && older + 1 < least)
                least = older + 1;
            older = before[j - 1];
            before[j - 1] = diagonal;
            diagonal = row[j];
            row[j] = other < least ? other : least;
        }
        before[b.n] = diagonal;
    }
    return row[b.n] <= most ? row[b.n] : most + 1;
}

const char *str_nearest(Str word, const char *const *names, size_t n)
{
    const char *best = NULL;
    int least = word.n <= 3 ? 2 : word.n <= 7 ? 3 : 4;     /* strictly nearer than this */
    for (size_t i = 0; i < n; i++) {
        int d = str_distance(word, str(names[i]), least);
        if (d < least) {
            least = d;
            best = names[i];
        }
    }
    return best;
}

bool buf_room(Buf *b, size_t n)
{
    size_t max = b->max ? b->max : (size_t)1 << 30;
    if (b->full || n > max - b->n) {
        b->full = true;
        return false;
    }
    if (b->n + n + 1 > b->size) {
        size_t size = b->size ? b->size : 128;
        while (size < b->n + n + 1)
            size *= 2;
        if (size > max)
            size = max + 1;
        b->s = xresize(b->s, size);
        b->size = size;
    }
    return true;
}

void buf_grow(Buf *b, const char *s, size_t n)
{
    if (!buf_room(b, n))
        return;
    if (n)
        memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = '\0';
}

/* Exports write numbers by the million, and printf is ten times slower. */
void buf_int(Buf *b, int64_t v, int digits)
{
    char text[40], *p = text + sizeof text;
    uint64_t m = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
    for (; m > 0 || digits > 0; digits--) {
        *--p = (char)('0' + m % 10);
        m /= 10;
        if (p == text + 1)
            break;
    }
    if (p == text + sizeof text)
        *--p = '0';
    if (v < 0)
        *--p = '-';
    buf_put(b, p, (size_t)(text + sizeof text - p));
}

void buf_printf(Buf *b, const char *fmt, ...)
{
    va_list ap, again;
    size_t room = b->full ? 0 : b->size - b->n;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(room ? b->s + b->n : NULL, room, fmt, ap);
    va_end(ap);
    bool fits = n >= 0 && (size_t)n < room;
    if (!fits && room)
        b->s[b->n] = '\0';
    if (n >= 0 && !fits && buf_room(b, (size_t)n))
        fits = vsnprintf(b->s + b->n, (size_t)n + 1, fmt, again) == n;
    va_end(again);
    if (fits)
        b->n += (size_t)n;
}

void buf_reset(Buf *b)
{
    b->n = 0;
    b->full = false;
    if (b->s)
        b->s[0] = '\0';
}

void buf_release(Buf *b)
{
    free(b->s);
    *b = (Buf){ .max = b->max };
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * str.h -- byte strings that know their length, and a buffer that grows up to a limit.
 *
 * Text is UTF-8 everywhere inside the program.  A Str does not own its bytes; whoever made them
 * does.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/error.h"

/* s may be NULL only when n is 0; no NUL is promised */
typedef struct Str { const char *s; size_t n; } Str;

#define STR(lit) ((Str){ (lit), sizeof(lit) - 1 })
#define STR_ARG(x) (int)(x).n, (x).s ? (x).s : ""       /* for "%.*s" */
static inline Str str(const char *s) { return (Str){ s, s ? strlen(s) : 0 }; }
static inline Str str_n(const char *s, size_t n) { return (Str){ s, n }; }

static inline bool str_eq(Str a, Str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}
/* By bytes, a shorter one before what it begins: < 0, 0 or > 0. */
static inline int str_order(Str a, Str b)
{
    size_t n = a.n < b.n ? a.n : b.n;
    int order = n ? memcmp(a.s, b.s, n) : 0;
    return order ? order : (a.n > b.n) - (a.n < b.n);
}
static inline bool str_is(Str a, const char *b) { return str_eq(a, str(b)); }
bool str_eq_nocase(Str a, Str b);                        /* ASCII letters only */
bool str_starts(Str s, const char *prefix);
Str str_trim(Str s);                                    /* without ASCII white space at both ends */
const char *str_c(Str s, Arena *a);                      /* NUL-terminated copy */
Str str_dup(Str s, Arena *a);                            /* copy, also NUL-terminated */
bool str_int(Str s, int64_t *out);            /* whole string is a decimal int64; false otherwise */
uint64_t str_hash(Str s);                       /* 64-bit, stable between runs, not cryptographic */
bool utf8_valid(Str s);                    /* strict UTF-8 (no overlongs, surrogates, > U+10FFFF) */

/* Edit distance of two short names (two letters that changed places are one edit: optimal string
 * alignment), at most `most` (returns most + 1 beyond it); ASCII case ignored. */
int str_distance(Str a, Str b, int most);

/* The name nearest to `word` among n names, or NULL when none is near enough to suggest. */
const char *str_nearest(Str word, const char *const *names, size_t n);

/* A growing buffer with a limit: what would not fit sets `full` and is dropped, nothing
 * overflows. */
typedef struct Buf {
    char *s;              /* NUL-terminated once anything was put in; NULL before */
    size_t n, size, max;  /* max 0: 1 GiB; size is at most one byte more */
    bool full;
} Buf;

bool buf_room(Buf *b, size_t n);                         /* room for n more bytes; or it is full */
void buf_grow(Buf *b, const char *s, size_t n);          /* the slow half of buf_put */
static inline void buf_put(Buf *b, const char *s, size_t n)
{
    if (n == 0 || b->full || n >= b->size - b->n) {
        buf_grow(b, s, n);
        return;
    }
    memcpy(b->s + b->n, s, n);
    b->n += n;
    b->s[b->n] = '\0';
}
/* Room for n bytes, which the caller fills, all of them; NULL when there is none. */
static inline char *buf_take(Buf *b, size_t n)
{
    if ((b->full || n >= b->size - b->n) && !buf_room(b, n))
        return NULL;
    b->n += n;
    b->s[b->n] = '\0';
    return b->s + b->n - n;
}
static inline void buf_str(Buf *b, Str s) { buf_put(b, s.s, s.n); }
static inline void buf_cstr(Buf *b, const char *s) { buf_put(b, s, strlen(s)); }
static inline void buf_char(Buf *b, char c) { buf_put(b, &c, 1); }
void buf_int(Buf *b, int64_t v, int digits);             /* decimal, zeros in front up to digits */
__attribute__((format(printf, 2, 3))) void buf_printf(Buf *b, const char *fmt, ...);
void buf_reset(Buf *b);                                  /* empty, memory kept */
void buf_release(Buf *b);                                /* memory freed; ready again */
static inline Str buf_as_str(const Buf *b) { return (Str){ b->s, b->n }; }

#endif

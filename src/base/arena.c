/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/error.h"

enum { CHUNK = 16 * 1024 };

struct ArenaChunk {
    ArenaChunk *next;
    size_t used, size;
    max_align_t data[];
};

void *xalloc(size_t n)
{
    void *p = calloc(1, n ? n : 1);
    if (!p)
        panic("out of memory (%zu bytes)", n);
    return p;
}

void *xresize(void *p, size_t n)
{
    void *q = realloc(p, n ? n : 1);
    if (!q)
        panic("out of memory (%zu bytes)", n);
    return q;
}

char *xstrndup(const char *s, size_t n)
{
    char *p = xalloc(n + 1);
    if (n)
        memcpy(p, s, n);
    return p;
}

char *xstrdup(const char *s)
{
    return xstrndup(s, strlen(s));
}

void *arena_alloc(Arena *a, size_t n)
{
    if (n > SIZE_MAX - CHUNK)
        panic("allocation of %zu bytes", n);
    n = (n + sizeof(max_align_t) - 1) / sizeof(max_align_t) * sizeof(max_align_t);
    if (!a->head || a->head->size - a->head->used < n) {
        size_t size = n > CHUNK ? n : CHUNK;
        ArenaChunk *c = malloc(sizeof *c + size);
        if (!c)
            panic("out of memory (%zu bytes)", size);
        *c = (ArenaChunk){ .next = a->head, .size = size };
        a->head = c;
    }
    void *p = (char *)a->head->data + a->head->used;
    a->head->used += n;
    return memset(p, 0, n);
}

char *arena_strndup(Arena *a, const char *s, size_t n)
{
    char *p = arena_alloc(a, n + 1);
    if (n)
        memcpy(p, s, n);
    return p;
}

char *arena_strdup(Arena *a, const char *s)
{
    return arena_strndup(a, s, strlen(s));
}

char *arena_printf(Arena *a, const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int n = vsnprintf(NULL, 0, fmt, ap);
    va_end(ap);
    if (n < 0)
        panic("bad format '%s'", fmt);
    char *p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return p;
}

ArenaMark arena_mark(const Arena *a)
{
    return (ArenaMark){ a->head, a->head ? a->head->used : 0 };
}

void arena_rewind(Arena *a, ArenaMark m)
{
    while (a->head != m.head) {
        ArenaChunk *next = a->head->next;
        free(a->head);
        a->head = next;
    }
    if (a->head)
        a->head->used = m.used;
}

void arena_release(Arena *a)
{
    arena_rewind(a, (ArenaMark){ NULL, 0 });
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * arena.h -- memory that is given back all at once.
 *
 * One arena a command.  A parameter `Arena *a` says who owns the result: the arena does, until
 * arena_release(). Not for data that grows without bound (an import's rows): use
 * arena_mark/arena_rewind there.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

typedef struct ArenaChunk ArenaChunk;
typedef struct Arena { ArenaChunk *head; } Arena;       /* {0} is a ready arena */
typedef struct ArenaMark { ArenaChunk *head; size_t used; } ArenaMark;

void *arena_alloc(Arena *a, size_t n);        /* n zeroed bytes, aligned for anything; never NULL */
#define ARENA_NEW(a, T) ((T *)arena_alloc((a), sizeof(T)))
#define ARENA_ARRAY(a, T, n) ((T *)arena_alloc((a), sizeof(T) * (size_t)(n)))
char *arena_strdup(Arena *a, const char *s);
char *arena_strndup(Arena *a, const char *s, size_t n); /* copies exactly n bytes and adds a NUL */
__attribute__((format(printf, 2, 3))) char *arena_printf(Arena *a, const char *fmt, ...);
ArenaMark arena_mark(const Arena *a);
void arena_rewind(Arena *a, ArenaMark m);          /* frees all that was allocated since the mark */
void arena_release(Arena *a);                           /* frees all; the arena is ready again */

/* malloc family that aborts when there is no memory; for what outlives a command. Pair with
 * free(). */
void *xalloc(size_t n);                                 /* zeroed */
void *xresize(void *p, size_t n);
char *xstrdup(const char *s);
char *xstrndup(const char *s, size_t n);

#endif

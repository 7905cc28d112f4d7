/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * loop.h -- the event loop: epoll for descriptors, one timerfd for timers, signalfd and pidfd.
 *
 * "Now" belongs to the loop and is read once a turn.  Callbacks run one after another in one
 * thread; they may add and remove watches and timers, their own included.
 */
#ifndef BASE_LOOP_H
#define BASE_LOOP_H

#include <sys/types.h>

#include "base/clock.h"
#include "base/error.h"

typedef struct Loop Loop;
typedef struct Watch Watch;
typedef struct Timer Timer;

Loop *loop_new(const Clock *clock, Error *err);           /* NULL: out of descriptors */
void loop_free(Loop *l);
int64_t loop_now(const Loop *l);                          /* ms, of this turn */

/* Readable (and with `write`, writable) descriptors; an end or error shows as both. NULL: fd cannot
 * be waited for (a regular file, which is always ready). Does not own fd. */
Watch *loop_watch(Loop *l, int fd, bool write,
                  void (*fn)(void *ctx, int fd, bool readable, bool writable), void *ctx);
void loop_unwatch(Loop *l, Watch *w);                     /* NULL and twice in a turn are allowed */

/* Once, at a time of the loop's clock. A timer made in a callback fires in a later turn. */
Timer *loop_timer(Loop *l, int64_t at_ms, void (*fn)(void *ctx, int64_t now), void *ctx);
void loop_cancel(Loop *l, Timer *t);                      /* not after it fired */

/* The child is reaped by the loop, its watch removed, then fn called with what waitpid gave. NULL:
 * no such child. */
Watch *loop_child(Loop *l, pid_t pid, void (*fn)(void *ctx, pid_t pid, int status), void *ctx);
/* Blocks the signal while it is watched; a child must unblock it before exec. */
Watch *loop_signal(Loop *l, int signo, void (*fn)(void *ctx, int signo), void *ctx);

/* One turn: waits at most `wait_ms` (-1: until something happens). False only on a failed epoll. */
bool loop_turn(Loop *l, int wait_ms, Error *err);

#endif

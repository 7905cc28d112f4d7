/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * handoff_fake.h -- programs for the driver "command" that are none: what each is started with is
 * kept, and the last digit of its number says how it ends, after a moment.
 *     0, 1, 4  with 1: nothing was dialled    9, 2  it goes on until it is stopped
 *     else     with 0: the number is handed over
 */
#ifndef TESTS_HANDOFF_FAKE_H
#define TESTS_HANDOFF_FAKE_H

#include "dialer/handoff.h"

#include <stdio.h>

#include "dialer/order.h"

typedef struct HandoffFake {
    Driver *d;
    int64_t now, runs;        /* runs: so many were started */
    Agenda agenda;            /* id: of the run, gen: its status */
    char line[300];           /* words of the last one, with '|' between them */
    bool deaf;                /* they do not end when they are asked to */
    bool missing;             /* there is no such program */
} HandoffFake;

static inline bool handoff_fake_start(void *self, char *const *argv, int64_t *run, Error *err)
{
    HandoffFake *f = self;
    size_t n = 0;
    char last = 0;
    if (f->missing)
        return fail(err, ERR_FAILED, "%s could not be started", argv[0]);
    for (int i = 0; argv[i]; i++)
        n += (size_t)snprintf(f->line + n, sizeof f->line - n, "%s%s", i ? "|" : "", argv[i]);
    last = f->line[n - 1];
    *run = ++f->runs;
    if (!strchr("29", last))
        agenda_add(&f->agenda, f->now + 10, 0, *run, strchr("014", last) ? 1 << 8 : 0);
    return true;
}

static inline void handoff_fake_stop(void *self, int64_t run)
{
    HandoffFake *f = self;
    if (!f->deaf)
        agenda_add(&f->agenda, f->now + 10, 0, run, 15);
}

static inline Driver *handoff_fake_open(HandoffFake *f, int64_t now, DriverSink sink)
{
    static const SwitchConfig config = { .name = "mine", .adapter = "command", .host = "",
                                         .command = "call {number}" };
    DriverHost host = { .sink = sink };
    Error err = { 0 };
    agenda_release(&f->agenda);
    *f = (HandoffFake){ .now = now };
    f->d = handoff_open(&config, &host, now, &err);
    handoff_set_carrier(f->d, (HandoffCarrier){ f, handoff_fake_start, handoff_fake_stop, NULL,
                                                NULL });
    return f->d;
}

static inline void handoff_fake_run(HandoffFake *f, int64_t until)
{
    Due due;
    for (;;) {
        int64_t a = handoff_wake(f->d), b = agenda_next(&f->agenda), next = a < b ? a : b;
        if (next > until)
            break;
        if (next > f->now)
            f->now = next;
        while (agenda_take(&f->agenda, f->now, &due))
            handoff_ended(f->d, due.id, (int)due.gen, f->now);
        handoff_tick(f->d, f->now);
    }
    f->now = until;
    handoff_tick(f->d, until);
}

#endif

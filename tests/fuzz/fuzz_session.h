/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * fuzz_session.h -- a session on a database in memory with a few records; nobody answers in it, and
 * what it tells is kept.
 */
#ifndef FUZZ_SESSION_H
#define FUZZ_SESSION_H

#include <stdlib.h>

#include "cmd/command.h"
#include "fuzz.h"
#include "model/select.h"

typedef struct Desk {
    Ui ui;                             /* first: a Ui * is a Desk * */
    Clock clock;
    Session s;
    Buf notes;                         /* a line each */
    FILE *rows;                        /* which nobody reads */
} Desk;

static inline void desk_note(Ui *ui, const char *text)
{
    buf_printf(&((Desk *)ui)->notes, "%s\n", text);
}

static inline bool desk_run(Desk *d, const Word *w, int n, Error *err)
{
    *err = (Error){ 0 };
    buf_reset(&d->notes);
    bool ok = session_run(&d->s, w, n, STR("fuzz"), d->rows, NULL, err);
    rewind(d->rows);
    if (!ok && (err->code == ERR_NONE || err->code == ERR_DATABASE || !*err->msg))
        panic("refused without a reason: %s", err->msg);
    return ok;
}

static inline void desk_do(Desk *d, const char *line)
{
    Arena a = { 0 };
    Words w;
    Error err = { 0 };
    if (!lex_words(str(line), &a, &w, NULL, &err) || !desk_run(d, w.w, w.n, &err))
        panic("%s: %s", line, err.msg);
    arena_release(&a);
}

static inline Desk *desk(void)
{
    static Desk *d;
    Error err = { 0 };
    if (d)
        return d;
    d = xalloc(sizeof *d);
    setenv("TZ", "Asia/Shanghai", 1);
    setenv("TMPDIR", "/dev/shm", 0);
    d->ui = (Ui){ .note = desk_note, .warn = desk_note };
    d->rows = fopen("/dev/null", "w");
    clock_set(&d->clock, 1772590830000);
    if (!crm_open(":memory:", STORE_CREATE, &d->clock, &d->s.crm, &err))
        panic("%s", err.msg);
    d->s.registry = registry_new(d->s.crm);
    d->s.ui = &d->ui;
    desk_do(d, "setting set region CN");
    desk_do(d, "customer add name=王芳 phone=13800138000 email=wang@example.com city=杭州 tag=vip");
    desk_do(d, "customer add name=\"O'Neil\" kind=firm country=US phone='+1 212 555 0142'");
    desk_do(d, "customer add phone=021-58307717");
    desk_do(d, "person add customer=2 name=李建国 role=decider");
    desk_do(d, "list add name=spring");
    desk_do(d, "campaign add name=autumn list=spring");
    return d;
}

static inline int64_t desk_count(Desk *d, const char *type)
{
    Filter all = { .sql = "1", .text = "" };
    Error err = { 0 };
    int64_t n;
    if (!select_count(d->s.crm, schema_type(d->s.crm->schema, str(type)), &all, &n, &err))
        panic("%s", err.msg);
    return n;
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * session_testing.h -- a session on a database in memory, whose notes, questions and rows are kept.
 *
 * The clock stands at 2026-03-02 10:00 in Shanghai; nothing here depends on the order of tests.
 */
#ifndef SESSION_TESTING_H
#define SESSION_TESTING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include "cmd/dial.h"

#include <cmocka.h>               /* last: its macro `fail` is not ours */

typedef struct Desk {
    Ui ui;                    /* first: a Ui * is a Desk * */
    Clock clock;
    Crm *crm;
    Session s;
    Error err;                /* of the last desk_run */
    Buf notes, asked;         /* a line each */
    int answer;               /* what ask returns */
    char *rows;               /* text output of the last desk_run */
    size_t rows_n;
} Desk;

static inline void desk_note(Ui *ui, const char *text)
{
    buf_printf(&((Desk *)ui)->notes, "%s\n", text);
}

static inline void desk_warn(Ui *ui, const char *text)
{
    buf_printf(&((Desk *)ui)->notes, "warning: %s\n", text);
}

static inline int desk_ask(Ui *ui, const char *question, const char *name)
{
    buf_printf(&((Desk *)ui)->asked, "%s|%s\n", question, name ? name : "");
    return ((Desk *)ui)->answer;
}

static inline Desk *desk_open(void)
{
    Desk *d = xalloc(sizeof *d);
    Error err = { 0 };
    setenv("TZ", "Asia/Shanghai", 1);
    d->ui = (Ui){ .note = desk_note, .warn = desk_warn, .ask = desk_ask };
    clock_set(&d->clock, 1772416800000);
    d->answer = -1;
    if (!crm_open(":memory:", STORE_CREATE, &d->clock, &d->crm, &err))
        fail_msg("crm_open: %s", err.msg);
    d->s = (Session){ .crm = d->crm, .registry = registry_new(d->crm), .ui = &d->ui };
    return d;
}

static inline void desk_close(Desk *d)
{
    dialing_close(&d->s);
    registry_free(d->s.registry);
    crm_close(d->crm);
    buf_release(&d->notes);
    buf_release(&d->asked);
    free(d->rows);
    free(d);
}

/* Run one line; its rows, notes and questions replace those of the line before. */
static inline bool desk_run(Desk *d, const char *line)
{
    Arena a = { 0 };
    Words w;
    d->err = (Error){ 0 };
    buf_reset(&d->notes);
    buf_reset(&d->asked);
    free(d->rows);
    FILE *to = open_memstream(&d->rows, &d->rows_n);
    bool ok = lex_words(str(line), &a, &w, NULL, &d->err)
        && session_run(&d->s, w.w, w.n, str(line), to, NULL, &d->err);
    fclose(to);
    arena_release(&a);
    return ok;
}

static inline void desk_do(Desk *d, const char *line)
{
    if (!desk_run(d, line))
        fail_msg("%s: %s (%s)", line, d->err.msg, d->err.hint);
}

/* The line must fail with this code and a message that holds `words`. */
static inline void desk_refused(Desk *d, const char *line, ErrCode code, const char *words)
{
    if (desk_run(d, line))
        fail_msg("%s: should have failed", line);
    if (d->err.code != code || !strstr(d->err.msg, words))
        fail_msg("%s: %s: %s", line, err_name(d->err.code), d->err.msg);
}

static inline const char *desk_notes(const Desk *d)
{
    return d->notes.s ? d->notes.s : "";
}

/* The first cell that the line prints, without header. */
static inline const char *desk_cell(Desk *d, const char *line)
{
    desk_do(d, line);
    char *end = strpbrk(d->rows, "\t\n");
    if (end)
        *end = '\0';
    return d->rows;
}

static inline int desk_set_up(void **state)
{
    *state = desk_open();
    return 0;
}

static inline int desk_tear_down(void **state)
{
    desk_close(*state);
    return 0;
}

#define DESK_TEST(f) cmocka_unit_test_setup_teardown(f, desk_set_up, desk_tear_down)

#endif

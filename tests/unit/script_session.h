/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * script_session.h -- a session on a database in memory, with Lua, for tests.
 */
#ifndef TESTS_SCRIPT_SESSION_H
#define TESTS_SCRIPT_SESSION_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#undef fail                          /* ours is base/error.h's */

#include "script/script.h"
#include "store/journal.h"

typedef struct TestUi { Ui ui; Buf notes; } TestUi;

static void test_note(Ui *ui, const char *text)
{
    buf_printf(&((TestUi *)ui)->notes, "%s\n", text);
}

static int test_ask(Ui *ui, const char *question, const char *name)
{
    (void)ui;
    (void)question;
    (void)name;
    return -1;
}

static void test_progress(Ui *ui, const char *what, int64_t done, int64_t total)
{
    (void)ui;
    (void)what;
    (void)done;
    (void)total;
}

static bool test_interrupted(Ui *ui)
{
    (void)ui;
    return false;
}

typedef struct TestSession { Session s; TestUi ui; Clock clock; } TestSession;

static void test_fail(const Error *err)
{
    print_error("%s\n%s\n%s\n", err->msg, err->detail, err->hint);
    _fail(__FILE__, __LINE__);
}

/* The clock stands at 2026-01-02 03:04:05 UTC. */
static void test_open(TestSession *t)
{
    Error err = { 0 };
    *t = (TestSession){ 0 };
    clock_set(&t->clock, 1767323045000);
    t->ui.ui = (Ui){ test_note, test_note, test_ask, test_progress, test_interrupted };
    if (!crm_open(":memory:", STORE_CREATE, &t->clock, &t->s.crm, &err))
        test_fail(&err);
    t->s.registry = registry_new(t->s.crm);
    t->s.ui = &t->ui.ui;
    script_attach(&t->s);
}

static void test_close(TestSession *t)
{
    script_close(&t->s);
    registry_free(t->s.registry);
    crm_close(t->s.crm);
    buf_release(&t->ui.notes);
}

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * held.c -- see held.h.
 */
#include "cmd/held.h"

#include <stdlib.h>

typedef struct HeldRow { struct HeldRow *next; Value v[]; } HeldRow;
typedef struct HeldNote { struct HeldNote *next; const char *text; bool warning; } HeldNote;

struct Held {
    Out out;                  /* first, so that an Out * is a Held * */
    Ui ui;
    Out *to;
    Ui *real;                 /* NULL: nobody is spoken to */
    bool would;
    Arena arena;
    Column *cols;
    HeldRow *rows, **row_end;
    HeldNote *notes, **note_end;
};

static Held *of_ui(Ui *ui)
{
    return (Held *)((char *)ui - offsetof(Held, ui));
}

/* ---- the sink -------------------------------------------------------------------------------- */

static bool hold_begin(Out *o, const Column *cols, int n, Error *err)
{
    Held *h = (Held *)o;
    (void)err;
    h->cols = ARENA_ARRAY(&h->arena, Column, n + 1);
    for (int i = 0; i < n; i++) {
        h->cols[i] = cols[i];
        h->cols[i].name = arena_strdup(&h->arena, cols[i].name);
    }
    return true;
}

static bool hold_row(Out *o, const Value *v, Error *err)
{
    Held *h = (Held *)o;
    (void)err;
    HeldRow *r = arena_alloc(&h->arena, sizeof *r + sizeof *v * (size_t)o->n);
    for (int i = 0; i < o->n; i++)
        r->v[i] = value_dup(v[i], &h->arena);
    *h->row_end = r;
    h->row_end = &r->next;
    return true;
}

static bool hold_end(Out *o, Error *err)
{
    (void)o, (void)err;
    return true;
}

/* ---- the people ------------------------------------------------------------------------------ */

static void hold_text(Ui *ui, const char *text, bool warning)
{
    Held *h = of_ui(ui);
    HeldNote *n = ARENA_NEW(&h->arena, HeldNote);
    n->text = arena_strdup(&h->arena, text);
    n->warning = warning;
    *h->note_end = n;
    h->note_end = &n->next;
}

static void hold_note(Ui *ui, const char *text)
{
    hold_text(ui, text, false);
}

static void hold_warn(Ui *ui, const char *text)
{
    hold_text(ui, text, true);
}

static int pass_ask(Ui *ui, const char *question, const char *name)
{
    Ui *real = of_ui(ui)->real;
    return real && real->ask ? real->ask(real, question, name) : -1;
}

static void pass_progress(Ui *ui, const char *what, int64_t done, int64_t total)
{
    Ui *real = of_ui(ui)->real;
    if (real && real->progress)
        real->progress(real, what, done, total);
}

static bool pass_interrupted(Ui *ui)
{
    Ui *real = of_ui(ui)->real;
    return real && real->interrupted && real->interrupted(real);
}

/* ---- life ------------------------------------------------------------------------------------ */

Held *held_new(Out *to, Ui *ui, bool would)
{
    Held *h = xalloc(sizeof *h);
    h->out = (Out){ .begin = hold_begin, .row = hold_row, .end = hold_end,
                    .receipt_shown = to->receipt_shown };
    h->ui = (Ui){ hold_note, hold_warn, pass_ask, pass_progress, pass_interrupted };
    h->to = to;
    h->real = ui;
    h->would = would;
    h->row_end = &h->rows;
    h->note_end = &h->notes;
    return h;
}

Out *held_out(Held *h)
{
    return &h->out;
}

Ui *held_ui(Held *h)
{
    return &h->ui;
}

bool held_begin(Held *h, Error *err)
{
    h->to->one = h->out.one;
    return !h->out.begun || out_begin(h->to, h->cols, h->out.n, err);
}

bool held_release(Held *h, Error *err)
{
    bool ok = true;
    for (HeldRow *r = h->rows; ok && r; r = r->next)
        ok = out_row(h->to, r->v, err);
    for (HeldNote *n = h->notes; n; n = n->next)
        if (n->warning)
            ui_warn(h->real, "%s", n->text);
        else
            ui_note(h->real, "%s%s", h->would && !strstr(n->text, "would") ? "would: " : "",
                    n->text);
    return ok;
}

void held_warnings(Held *h)
{
    for (HeldNote *n = h->notes; n; n = n->next)
        if (n->warning)
            ui_warn(h->real, "%s", n->text);
}

void held_free(Held *h)
{
    arena_release(&h->arena);
    free(h);
}

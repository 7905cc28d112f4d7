/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ui.c -- notes and warnings with arguments; what an interface may leave out.
 */
#include "cmd/command.h"

#include <stdarg.h>
#include <stdio.h>

static void say(Ui *ui, void (*to)(Ui *, const char *), const char *fmt, va_list ap)
{
    char text[4096];
    vsnprintf(text, sizeof text, fmt, ap);
    to(ui, text);
}

void ui_note(Ui *ui, const char *fmt, ...)
{
    va_list ap;
    if (!ui || !ui->note)
        return;
    va_start(ap, fmt);
    say(ui, ui->note, fmt, ap);
    va_end(ap);
}

void ui_warn(Ui *ui, const char *fmt, ...)
{
    va_list ap;
    if (!ui || !ui->warn)
        return;
    va_start(ap, fmt);
    say(ui, ui->warn, fmt, ap);
    va_end(ap);
}

void ui_progress(void *ui, const char *what, int64_t done, int64_t total)
{
    Ui *to = ui;
    if (to && to->progress)
        to->progress(to, what, done, total);
}

bool ui_interrupted(void *ui)
{
    Ui *of = ui;
    return of && of->interrupted && of->interrupted(of);
}

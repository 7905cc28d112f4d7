/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * ui.c -- how people are spoken to: notes, questions, progress; all on standard error.
 *
 * Notes that a statement gives are held until its rows were shown, since a note speaks of the rows
 * above it; a statement that takes long (it asks whether it was interrupted, shows progress, or
 * asks something) lets them go at once.
 */
#include "shell/shell.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/unicode.h"
#include "shell/signals.h"

static Shell *of_ui(Ui *ui)
{
    return (Shell *)ui;
}

static void put_line(Shell *sh, const char *before, const char *text)
{
    Buf line = { 0 };
    buf_cstr(&line, before);
    text_put_safe(&line, str(text));
    if (sh->typing) {
        if (!sh->muted)
            prompt_print_above(line.s);
    } else {
        progress_end(sh);
        sh->drawn = 0;                         /* what was drawn stays above it */
        fprintf(stderr, "%s\n", line.s ? line.s : "");
    }
    buf_release(&line);
}

void ui_release_notes(Shell *sh)
{
    Str held = buf_as_str(&sh->notes);
    while (held.n) {
        size_t n = strlen(held.s);
        put_line(sh, "", held.s);
        held = str_n(held.s + n + 1, held.n - n - 1);
    }
    buf_reset(&sh->notes);
}

static void hold_note(Ui *ui, const char *text)
{
    Shell *sh = of_ui(ui);
    if (sh->opt.quiet)
        return;
    if (sh->running)
        buf_put(&sh->notes, text, strlen(text) + 1);
    else
        put_line(sh, "", text);
}

static void warn(Ui *ui, const char *text)
{
    put_line(of_ui(ui), "warning: ", text);
}

/* A line from the terminal; NULL at its end or after ^C. */
static char *read_answer(char *answer, int size)
{
    char *got = fgets(answer, size, stdin);
    if (!got || signals_interrupted()) {
        fputc('\n', stderr);
        clearerr(stdin);
        return NULL;
    }
    answer[strcspn(answer, "\r\n")] = 0;
    return answer;
}

static int ask(Ui *ui, const char *question, const char *name)
{
    Shell *sh = of_ui(ui);
    char answer[256];
    ui_release_notes(sh);
    progress_end(sh);
    if (sh->opt.no_input || sh->typing || !sh->term.in || !sh->term.err)
        return -1;
    Buf line = { 0 };
    text_put_safe(&line, str(question));
    fprintf(stderr, name ? "%s\ntype %s to confirm: " : "%s [y/N] ", line.s ? line.s : "", name);
    fflush(stderr);
    buf_release(&line);
    if (!read_answer(answer, sizeof answer))
        return 0;
    if (name)
        return strcmp(answer, name) == 0;
    return str_eq_nocase(str(answer), STR("y")) || str_eq_nocase(str(answer), STR("yes"))
           || strcmp(answer, "是") == 0;
}

/* ---- progress ------------------------------------------------------------------------------- */

enum { PROGRESS_AFTER_US = 1000000, PROGRESS_EVERY_US = 100000 };

static void write_count(Buf *b, int64_t n)
{
    char digits[24];
    int len = snprintf(digits, sizeof digits, "%lld", (long long)n);
    for (int i = 0; i < len; i++) {
        if (i && (len - i) % 3 == 0)
            buf_char(b, ',');
        buf_char(b, digits[i]);
    }
}

/* "import  34 %  340,000 of 1,000,000  120,000/s  0:05 left" */
static void draw_progress(Shell *sh, int64_t done, int64_t total, int64_t now)
{
    Buf b = { 0 };
    double seconds = (double)(now - sh->progress.begun_us) / 1e6, rate = (double)done / seconds;
    buf_cstr(&b, sh->progress.what);
    if (total > 0)
        buf_printf(&b, "  %d %%", (int)(100.0 * (double)done / (double)total));
    buf_cstr(&b, "  ");
    write_count(&b, done);
    if (total > 0) {
        buf_cstr(&b, " of ");
        write_count(&b, total);
    }
    buf_cstr(&b, "  ");
    write_count(&b, (int64_t)rate);
    buf_cstr(&b, "/s");
    if (total > done && rate > 0) {
        int left = (int)((double)(total - done) / rate);
        buf_printf(&b, "  %d:%02d left", left / 60, left % 60);
    }
    int used;
    Str fit = text_fit(buf_as_str(&b), sh->term.width - 1, 1, &used);
    fprintf(stderr, "\r%.*s\033[K", STR_ARG(fit));
    fflush(stderr);
    buf_release(&b);
}

void progress_end(Shell *sh)
{
    if (sh->progress.shown_us && sh->term.err) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    sh->progress.shown_us = 0;
}

static void progress(Ui *ui, const char *what, int64_t done, int64_t total)
{
    Shell *sh = of_ui(ui);
    Progress *p = &sh->progress;
    int64_t now = clock_monotonic_us();
    if (strcmp(p->what, what) != 0 || p->begun_us == 0) {
        progress_end(sh);
        *p = (Progress){ .begun_us = now };
        snprintf(p->what, sizeof p->what, "%s", what);
    }
    if (!sh->term.err || sh->opt.quiet || sh->typing || now - p->begun_us < PROGRESS_AFTER_US
        || now - p->shown_us < PROGRESS_EVERY_US)
        return;
    ui_release_notes(sh);
    p->shown_us = now;
    draw_progress(sh, done, total, now);
}

/* ---- drawing in place ----------------------------------------------------------------------- */

/* Each line is cut to the window, and so are the lines: what was drawn can be found again. */
static void draw(Ui *ui, const char *text)
{
    Shell *sh = of_ui(ui);
    Term now = term_ask(sh->opt.colour);
    Buf b = { 0 };
    int lines = 0, most = now.height > 2 ? now.height - 1 : 1;
    if (sh->drawn)
        buf_printf(&b, "\033[%dA\r", sh->drawn);
    while (text && *text && lines < most) {
        size_t n = strcspn(text, "\n");
        text_put_fit(&b, str_n(text, n), now.width - 1, sh->session.out.ambiguous, false, false);
        buf_cstr(&b, "\033[K\n");
        lines++;
        text += text[n] ? n + 1 : n;
    }
    if (text) {
        buf_cstr(&b, "\033[J");
        fwrite(b.s, 1, b.n, stdout);
        fflush(stdout);
    } else if (signals_interrupted()) {
        fputc('\n', stdout);                   /* behind the ^C that was echoed */
    }
    sh->drawn = text ? lines : 0;
    buf_release(&b);
}

static bool interrupted(Ui *ui)
{
    ui_release_notes(of_ui(ui));
    return signals_interrupted();
}

void ui_open(Shell *sh)
{
    sh->ui = (Ui){ hold_note, warn, ask, progress, interrupted,
                   sh->term.out && isatty(1) ? draw : NULL };
}

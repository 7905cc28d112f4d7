/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * xls.c -- the plugin `xls`: old workbooks (BIFF) read by libfreexl, behind the table of the plugin
 * `xlsx`.
 *
 * The library holds a whole workbook in memory and was not made for hostile ones, so each reading
 * is done by a process of its own, within limits, which sends rows through a pipe.
 */
#include <fcntl.h>
#include <freexl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "plugin/xlsx_value.h"

enum {
    MEMORY = 192 << 20,                /* bytes of address space of the reading process */
    SECONDS = 10,                      /* of CPU, for a sheet */
    COLUMNS = 256, ROW_TEXT = 16 << 20, SHEETS = 4096,
    NOT_THERE = -1,                    /* length of an empty cell */
};

/* What goes through the pipe: rows of cells; line 0 is the end, its n what the library said. */
typedef struct RowHead { int64_t line; int32_t n; uint32_t of; } RowHead;  /* of: rows in all */

struct XlsxBook {
    int fd, sheets;
    XlsxSheet *sheet;
    Arena names;
    pid_t pid;                         /* of the process that reads; 0: none */
    FILE *from;
    RowHead head;
    Str cell[COLUMNS];
    Buf text;
};

/* ---- in the other process -------------------------------------------------------------------- */

static void send(FILE *to, const char *s, size_t n)
{
    int32_t size = n ? (int32_t)n : NOT_THERE;
    fwrite(&size, sizeof size, 1, to);
    fwrite(s, 1, n, to);
}

static void number_text(double v, Buf *out)
{
    char text[40];
    int n = snprintf(text, sizeof text, "%.17g", v);
    xlsx_number(str_n(text, (size_t)n), (XlsxShow){ SHOW_NUMBER, 0 }, false, out);
}

/* Days come as text, those of moments without a time too: 2026-03-01 00:00:00. */
static void cell_text(const FreeXL_CellValue *v, Buf *out)
{
    const char *s = v->value.text_value;
    buf_reset(out);
    switch (v->type) {
    case FREEXL_CELL_INT: buf_int(out, v->value.int_value, 1); break;
    case FREEXL_CELL_DOUBLE: number_text(v->value.double_value, out); break;
    case FREEXL_CELL_DATETIME:
        buf_put(out, s, strlen(s) == 19 && strcmp(s + 10, " 00:00:00") == 0 ? 10 : strlen(s));
        break;
    case FREEXL_CELL_TEXT:
    case FREEXL_CELL_SST_TEXT:
    case FREEXL_CELL_DATE:
    case FREEXL_CELL_TIME: buf_cstr(out, s ? s : ""); break;
    default: break;
    }
}

static int send_row(const void *book, unsigned row, unsigned short columns, unsigned rows, Buf *b,
                    FILE *to)
{
    FreeXL_CellValue v[COLUMNS];
    RowHead head = { .line = (int64_t)row + 1, .of = rows };
    for (int i = 0; i < columns; i++) {
        int code = freexl_get_cell_value(book, row, (unsigned short)i, &v[i]);
        if (code != FREEXL_OK)
            return code;
        if (v[i].type != FREEXL_CELL_NULL)
            head.n = i + 1;
    }
    if (head.n == 0)
        return FREEXL_OK;
    fwrite(&head, sizeof head, 1, to);
    for (int i = 0; i < head.n; i++) {
        cell_text(&v[i], b);
        send(to, b->s, b->n);
    }
    return FREEXL_OK;
}

static int send_sheet(const void *book, int sheet, FILE *to)
{
    unsigned rows;
    unsigned short columns;
    Buf b = { 0 };
    int code = freexl_select_active_worksheet(book, (unsigned short)sheet);
    if (code == FREEXL_OK)
        code = freexl_worksheet_dimensions(book, &rows, &columns);
    for (unsigned r = 0; code == FREEXL_OK && r < rows; r++)
        code = send_row(book, r, columns < COLUMNS ? columns : COLUMNS, rows, &b, to);
    return code;
}

static int send_names(const void *book, FILE *to)
{
    unsigned n, password;
    const char *name;
    int code = freexl_get_info(book, FREEXL_BIFF_PASSWORD, &password);
    if (code == FREEXL_OK && password == FREEXL_BIFF_OBFUSCATED)
        return FREEXL_BIFF_OBFUSCATED;
    if (code == FREEXL_OK)
        code = freexl_get_info(book, FREEXL_BIFF_SHEET_COUNT, &n);
    for (unsigned i = 0; code == FREEXL_OK && i < n && i < SHEETS; i++) {
        code = freexl_get_worksheet_name(book, (unsigned short)i, &name);
        if (code == FREEXL_OK) {
            RowHead head = { .line = i + 1, .n = 1 };
            fwrite(&head, sizeof head, 1, to);
            send(to, name ? name : "", name ? strlen(name) : 0);
        }
    }
    return code;
}

static _Noreturn void read_apart(int fd, int sheet, int pipe_end)
{
    char path[40];
    const void *book = NULL;
    RowHead end = { 0 };
    struct rlimit none = { 0, 0 }, cpu = { SECONDS, SECONDS };
    FILE *to = fdopen(pipe_end, "w");
    setrlimit(RLIMIT_CORE, &none);
    setrlimit(RLIMIT_CPU, &cpu);
#ifndef __SANITIZE_ADDRESS__
    struct rlimit memory = { MEMORY, MEMORY };
    setrlimit(RLIMIT_AS, &memory);
#endif
    signal(SIGPIPE, SIG_DFL);
    dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDERR_FILENO);  /* the parent says what failed */
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    end.n = freexl_open(path, &book);
    if (end.n == FREEXL_OK)
        end.n = sheet < 0 ? send_names(book, to) : send_sheet(book, sheet, to);
    fwrite(&end, sizeof end, 1, to);
    _exit(fflush(to) != 0);
}

/* ---- in this one ----------------------------------------------------------------------------- */

static void stop(XlsxBook *b)
{
    if (b->from)
        fclose(b->from);
    if (b->pid > 0) {
        kill(b->pid, SIGKILL);
        waitpid(b->pid, NULL, 0);
    }
    b->from = NULL;
    b->pid = 0;
}

static bool start(XlsxBook *b, int sheet, Error *err)
{
    int ends[2];
    stop(b);
    b->head = (RowHead){ 0 };
    if (pipe(ends) != 0)
        return fail(err, ERR_IO, "no pipe can be made");
    b->pid = fork();
    if (b->pid == 0) {
        close(ends[0]);
        read_apart(b->fd, sheet, ends[1]);
    }
    close(ends[1]);
    b->from = fdopen(ends[0], "r");
    return b->pid > 0 || fail(err, ERR_IO, "no process can be started");
}

static int failed(const char *why, Error *err)
{
    fail(err, ERR_INVALID, "the workbook is damaged, or none at all: %s", why);
    fail_hint(err, "open it in a spreadsheet program, save it as .xlsx, and import that");
    return -1;
}

static int failed_by(int code, Error *err)
{
    if (code == FREEXL_INSUFFICIENT_MEMORY || code == FREEXL_NULL_HANDLE)  /* it opened nothing */
        return failed("it takes more than 192 MiB", err);
    if (code != FREEXL_BIFF_OBFUSCATED)
        return failed("its records are broken", err);
    fail(err, ERR_INVALID, "the workbook is protected by a password");
    fail_hint(err, "save it without the password, and import that");
    return -1;
}

static bool get(XlsxBook *b, void *to, size_t n)
{
    return fread(to, 1, n, b->from) == n;
}

/* The cells of a row into b->text, and where each stands. */
static bool get_cells(XlsxBook *b)
{
    static const char filler[4096];
    buf_reset(&b->text);
    for (int i = 0; i < b->head.n; i++) {
        int32_t n;
        if (!get(b, &n, sizeof n) || n < NOT_THERE || n > ROW_TEXT)
            return false;
        b->cell[i] = (Str){ n < 0 ? NULL : "", n < 0 ? 0 : (size_t)n };
        for (size_t left = b->cell[i].n, k; left; left -= k) {
            k = left < sizeof filler ? left : sizeof filler;
            buf_put(&b->text, filler, k);
            if (b->text.full || !get(b, b->text.s + b->text.n - k, k))
                return false;
        }
    }
    const char *s = b->text.s;
    for (int i = 0; i < b->head.n; i++)
        if (b->cell[i].s) {
            b->cell[i].s = s;
            s += b->cell[i].n;
        }
    return true;
}

static int next(XlsxBook *b, XlsxRow *out, Error *err)
{
    int64_t before = b->head.line;
    if (!get(b, &b->head, sizeof b->head))
        return failed("it cannot be read to its end", err);
    if (b->head.line == 0)
        return b->head.n == FREEXL_OK ? 0 : failed_by(b->head.n, err);
    if (b->head.line <= before || b->head.n < 0 || b->head.n > COLUMNS || !get_cells(b))
        return failed("its rows make no sense", err);
    *out = (XlsxRow){ .cell = b->cell, .n = b->head.n, .line = b->head.line };
    return 1;
}

static void book_close(XlsxBook *b)
{
    if (!b)
        return;
    stop(b);
    arena_release(&b->names);
    buf_release(&b->text);
    free(b->sheet);
    free(b);
}

static bool book_open(int fd, XlsxBook **out, Error *err)
{
    XlsxBook *b = xalloc(sizeof *b);
    XlsxRow r;
    int more = -1;
    b->fd = fd;
    b->text.max = ROW_TEXT;
    if (start(b, -1, err))
        while ((more = next(b, &r, err)) > 0 && b->sheets < SHEETS) {
            b->sheet = xresize(b->sheet, sizeof *b->sheet * ((size_t)b->sheets + 1));
            b->sheet[b->sheets++] = (XlsxSheet){ str_dup(r.cell[0], &b->names), false };
        }
    if (more == 0 && b->sheets == 0)
        more = failed("it has no sheet", err);
    if (more >= 0) {
        *out = b;
        return true;
    }
    book_close(b);
    return false;
}

static int sheets(const XlsxBook *b, const XlsxSheet **out)
{
    *out = b->sheet;
    return b->sheets;
}

static double done(const XlsxBook *b)
{
    return b->head.of ? (double)b->head.line / b->head.of : 0;
}

static const XlsxPlugin plugin = {
    .version = XLSX_PLUGIN_VERSION, .open = book_open, .sheets = sheets, .choose = start,
    .next = next, .done = done, .close = book_close,
};

__attribute__((visibility("default"))) const XlsxPlugin *patter_xls_plugin(void);

const XlsxPlugin *patter_xls_plugin(void)
{
    return &plugin;
}

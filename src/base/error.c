/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/error.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What each code is called and which exit status it gives (conventions of sysexits for 69 and
 * 75). */
static const struct { const char *name; int exit; } codes[ERR_CODES] = {
    [ERR_NONE] = { "ok", 0 },
    [ERR_FAILED] = { "failed", 1 },
    [ERR_REFUSED] = { "refused", 1 },
    [ERR_NOT_FOUND] = { "not-found", 1 },
    [ERR_CONFLICT] = { "conflict", 1 },
    [ERR_INVALID] = { "invalid", 1 },
    [ERR_IO] = { "io", 1 },
    [ERR_USAGE] = { "usage", 2 },
    [ERR_DENIED] = { "denied", 4 },
    [ERR_DATABASE] = { "database", 5 },
    [ERR_UNREACHABLE] = { "unreachable", 69 },
    [ERR_BUSY] = { "busy", 75 },
    [ERR_INTERRUPTED] = { "interrupted", 130 },
};

/* Print into a fixed buffer; a text that does not fit is cut before a UTF-8 continuation byte. */
static void print_cut(char *to, size_t size, const char *fmt, va_list ap)
{
    int n = vsnprintf(to, size, fmt, ap);
    if (n < 0 || (size_t)n < size)
        return;
    size_t end = size - 1;
    while (end > 0 && ((unsigned char)to[end - 1] & 0xC0) == 0x80)
        end--;
    if (end > 0 && (unsigned char)to[end - 1] >= 0xC0)
        end--;
    to[end] = '\0';
}

bool fail(Error *err, ErrCode code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    err->code = code;
    err->at = err->width = 0;
    err->detail[0] = err->hint[0] = '\0';
    print_cut(err->msg, sizeof err->msg, fmt, ap);
    va_end(ap);
    return false;
}

bool fail_hint(Error *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    print_cut(err->hint, sizeof err->hint, fmt, ap);
    va_end(ap);
    return false;
}

bool fail_detail(Error *err, const char *fmt, ...)
{
    static const char more[] = "\n...";
    size_t used = strlen(err->detail), room = sizeof err->detail - used;
    if (room <= sizeof more + 80) {
        if (used >= 4 && strcmp(err->detail + used - 4, more) != 0)
            memcpy(err->detail + used, more, sizeof more);
        return false;
    }
    va_list ap;
    va_start(ap, fmt);
    if (used)
        err->detail[used++] = '\n';
    print_cut(err->detail + used, sizeof err->detail - used - sizeof more, fmt, ap);
    va_end(ap);
    return false;
}

bool fail_at(Error *err, int at, int width)
{
    err->at = at;
    err->width = width;
    return false;
}

int err_exit(ErrCode code)
{
    return codes[code].exit;
}

const char *err_name(ErrCode code)
{
    return codes[code].name;
}

void panic(const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    fputs("patter: internal error: ", stderr);
    vfprintf(stderr, fmt, ap);
    fputc('\n', stderr);
    va_end(ap);
    abort();
}

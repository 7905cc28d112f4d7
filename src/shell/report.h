/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report.h -- how an error is told: what, where, and how to mend it.
 */
#ifndef SHELL_REPORT_H
#define SHELL_REPORT_H

#include "base/error.h"
#include "base/str.h"

typedef struct Report {
    const Error *err;
    Str text;              /* the statement; empty when there is none to show */
    const char *file;      /* NULL: at the prompt, where the line is shown above the message */
    int64_t line;          /* of the file on which the statement began; 0: not told */
    int ambiguous;
    bool json;             /* one JSON object: code, message, hint, file, line, column */
} Report;

void report_write(const Report *r, Buf *out);

#endif

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_warn.c -- what an import says about rows that it took all the same.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/unicode.h"
#include "model/import_row.h"

void import_warn(ImportWarnings *w, ImportWarning what, int64_t line, Str example)
{
    ImportWarned *one = &w->of[what];
    if (one->count++ > 0)
        return;
    Buf b = { .max = sizeof one->example - 1 };
    text_put_safe(&b, text_fit(example, 40, 1, NULL));
    snprintf(one->example, sizeof one->example, "%s", b.s ? b.s : "");
    one->line = line;
    buf_release(&b);
}

int64_t import_warnings_tell(const ImportWarnings *w, const ImportTalk *talk)
{
    static const char *const says[IMPORT_WARNINGS][2] = {
        [WARN_NUMBER] = { "number that no numbering plan knows, kept all the same",
                          "numbers that no numbering plan knows, kept all the same" },
        [WARN_DAMAGED] = { "number that a spreadsheet rounded, kept as it is",
                           "numbers that a spreadsheet rounded, kept as they are" },
        [WARN_ADDRESS] = { "e-mail address that is none, kept as typed",
                           "e-mail addresses that are none, kept as typed" },
        [WARN_COUNTRY] = { "country that is not known, kept as typed",
                           "countries that are not known, kept as typed" },
        [WARN_SHORT] = { "row with too few cells, the missing ones taken as empty",
                         "rows with too few cells, the missing ones taken as empty" },
        [WARN_QUOTES] = { "row with misplaced quotes", "rows with misplaced quotes" },
        [WARN_NUL] = { "cell with NUL bytes, left out of its text",
                       "cells with NUL bytes, left out of their text" },
        [WARN_FORMULA] = { "row with a formula that has no value, its cell taken as empty",
                           "rows with a formula that has no value, its cell taken as empty" },
        [WARN_NAMELESS] = { "person without a name, left out", "people without a name, left out" },
        [WARN_STAGE] = { "stage of a known record left as it is: lead move changes it",
                         "stages of known records left as they are: lead move changes them" },
        [WARN_POINTS] = { "row with more numbers than can be kept",
                          "rows with more numbers than can be kept" },
        [WARN_TAGS] = { "row with more than 64 tags, the others left out",
                        "rows with more than 64 tags, the others left out" },
    };
    int64_t all = 0;
    char line[400];
    for (int i = 0; i < IMPORT_WARNINGS; i++) {
        const ImportWarned *one = &w->of[i];
        all += one->count;
        if (!one->count)
            continue;
        snprintf(line, sizeof line, "%" PRId64 " %s; %sline %" PRId64 "%s%s", one->count,
                 says[i][one->count > 1], one->count > 1 ? "the first on " : "", one->line,
                 one->example[0] ? ": " : "", one->example);
        talk->warn(talk->ctx, line);
    }
    return all;
}

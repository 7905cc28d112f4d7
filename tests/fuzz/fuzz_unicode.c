/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as text: made safe it holds no control and takes the columns that were promised, cut it
 * fits, and folding it twice, or once utf8proc has, changes nothing more.
 */
#include "base/unicode.h"

#include <stdlib.h>
#include <utf8proc.h>

#include "fuzz.h"

static void check_safe(Str text, int ambiguous)
{
    Buf safe = { 0 };
    int used;
    text_put_safe(&safe, text);
    for (size_t i = 0; i < safe.n; i++)
        if ((unsigned char)safe.s[i] < 0x20 || safe.s[i] == 0x7F)
            panic("a control was let through");
    if (!utf8_valid(buf_as_str(&safe)))
        panic("safe text is not UTF-8");
    buf_reset(&safe);
    text_put_fit(&safe, text, 12, ambiguous, true, false);
    if (text_width(buf_as_str(&safe), ambiguous) != 12)
        panic("a cell of 12 columns takes %d", text_width(buf_as_str(&safe), ambiguous));
    if (text_fit(text, 7, ambiguous, &used).n > text.n || used > 7)
        panic("what was cut does not fit");
    buf_release(&safe);
}

static void check_utf8proc(Str text, Str folded)
{
    Arena a = { 0 };
    utf8proc_uint8_t *theirs = NULL;
    utf8proc_ssize_t n = utf8proc_map((const utf8proc_uint8_t *)text.s, (utf8proc_ssize_t)text.n,
                                      &theirs, UTF8PROC_STABLE | UTF8PROC_COMPAT | UTF8PROC_COMPOSE
                                                   | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
    if (n < 0 || !str_eq(text_fold(str_n((char *)theirs, (size_t)n), &a), folded))
        panic("utf8proc folds it otherwise");
    free(theirs);
    arena_release(&a);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Arena a = { 0 };
    Str text = { (const char *)data, n };
    check_safe(text, 1);
    check_safe(text, 2);
    Str once = text_fold(text, &a), twice = text_fold(once, &a);
    if (utf8_valid(text) && !str_eq(once, twice))
        panic("folding is not stable");
    if (utf8_valid(text))
        check_utf8proc(text, once);
    arena_release(&a);
    return 0;
}

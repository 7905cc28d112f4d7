/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as text: made safe it holds no control and takes the columns that were promised, cut it
 * fits, and folding it twice changes nothing more.
 */
#include "base/unicode.h"

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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Arena a = { 0 };
    Str text = { (const char *)data, n };
    check_safe(text, 1);
    check_safe(text, 2);
    Str once = text_fold(text, &a), twice = text_fold(once, &a);
    if (utf8_valid(text) && !str_eq(once, twice))
        panic("folding is not stable");
    arena_release(&a);
    return 0;
}

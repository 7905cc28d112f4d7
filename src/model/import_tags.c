/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * import_tags.c -- a cell with several words.
 */
#include "model/import_row.h"

/* A word among several: ":::" is how Google separates them, "* myContacts" what it calls all, and
 * Mailchimp writes each in quotes. */
static Str tag_bare(Str s)
{
    static const char *const ends[] = { "::", "\"" };
    s = str_trim(s);
    for (int i = 0; i < 2; i++) {
        size_t n = strlen(ends[i]);
        while (str_starts(s, ends[i]))
            s = str_trim(str_n(s.s + n, s.n - n));
        while (s.n >= n && memcmp(s.s + s.n - n, ends[i], n) == 0)
            s = str_trim(str_n(s.s, s.n - n));
    }
    return str_starts(s, "* ") ? (Str){ 0 } : s;
}

Value import_tags(Str cell, Str *rest, Arena *a)
{
    Str tag[IMPORT_TAGS_MAX];
    int n = 0;
    size_t i = 0;
    while (i < cell.n && n < IMPORT_TAGS_MAX) {
        size_t end = i;
        while (end < cell.n && !strchr(",;|", cell.s[end]) && strncmp(cell.s + end, "，", 3) != 0
               && strncmp(cell.s + end, "；", 3) != 0 && strncmp(cell.s + end, "、", 3) != 0
               && strncmp(cell.s + end, ":::", 3) != 0)
            end++;
        Str one = tag_bare(str_n(cell.s + i, end - i));
        int at = 0;
        while (at < n && (memcmp(tag[at].s, one.s, tag[at].n < one.n ? tag[at].n : one.n) < 0
                          || (str_starts(one, str_c(tag[at], a)) && tag[at].n < one.n)))
            at++;
        if (one.n && (at == n || !str_eq(tag[at], one))) {
            memmove(&tag[at + 1], &tag[at], sizeof *tag * (size_t)(n - at));
            tag[at] = one;
            n++;
        }
        i = end + (end < cell.n && (unsigned char)cell.s[end] >= 0x80 ? 3 : 1);
    }
    *rest = str_trim(str_n(cell.s + i, i < cell.n ? cell.n - i : 0));
    Buf b = { 0 };
    for (int k = 0; k < n; k++)
        buf_printf(&b, "%s%.*s", k ? "," : "", STR_ARG(tag[k]));
    Value v = b.n ? value_text(str_dup(buf_as_str(&b), a)) : value_null();
    buf_release(&b);
    return v;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/never.h"

#include "base/never_table.inc"

/* The next word of a list; `mark` ends each. */
static bool next(Str *list, char mark, Str *word)
{
    if (!list->n)
        return false;
    const char *end = memchr(list->s, mark, list->n);
    *word = str_n(list->s, end ? (size_t)(end - list->s) : list->n);
    *list = end ? str_n(end + 1, list->n - word->n - 1) : (Str){ 0 };
    return true;
}

static bool begins(Str s, Str with)
{
    return with.n && s.n >= with.n && memcmp(s.s, with.s, with.n) == 0;
}

static bool is_one_of(Str number, const char *list)
{
    Str rest = str(list), word;
    while (next(&rest, ' ', &word))
        if (number.n == word.n && begins(number, word))
            return true;
    return false;
}

static bool begins_as(Str number, Str list, char mark)
{
    Str word;
    while (next(&list, mark, &word))
        if (begins(number, str_trim(word)))
            return true;
    return false;
}

static const char *national(const struct Never *n, Str number)
{
    if (is_one_of(number, n->emergency))
        return "an emergency number";
    return begins_as(number, str(n->premium), ' ') ? "a number at a premium rate" : NULL;
}

enum { CODE = 3 };                       /* digits of a calling code at most */
static const size_t codes = sizeof never / sizeof *never;

/* The table is in the order of the codes. */
static const struct Never *of_code(int code)
{
    size_t from = 0, to = codes;
    while (from < to) {
        size_t mid = from + (to - from) / 2;
        if (never[mid].code < code)
            from = mid + 1;
        else
            to = mid;
    }
    return from < codes && never[from].code == code ? &never[from] : NULL;
}

/* No calling code is the beginning of another. */
static const char *abroad(Str number)
{
    int code = 0;
    if (number.n > 1 && number.s[1] == '0')
        return NULL;                     /* no calling code begins so */
    for (size_t i = 1; i <= CODE && i < number.n; i++) {
        code = 10 * code + (number.s[i] - '0');
        const struct Never *n = of_code(code);
        if (n)
            return national(n, str_n(number.s + 1 + i, number.n - 1 - i));
    }
    return NULL;
}

static const char *anywhere(Str number)
{
    for (size_t i = 0; i < codes; i++)
        if (is_one_of(number, never[i].emergency))
            return "an emergency number";
    return NULL;
}

const char *never_dialled(Str number, Str more)
{
    const char *why = number.n && number.s[0] == '+' ? abroad(number) : anywhere(number);
    if (why)
        return why;
    return begins_as(number, more, ',') ? "among the numbers of setting dial.never" : NULL;
}

bool never_list_ok(Str more, Error *err)
{
    Str word;
    while (next(&more, ',', &word)) {
        Str w = str_trim(word);
        bool ok = w.n >= 3 && w.n <= 20 && w.s[0] == '+';
        for (size_t i = 1; ok && i < w.n; i++)
            ok = w.s[i] >= '0' && w.s[i] <= '9';
        if (!ok) {
            fail(err, ERR_INVALID, "'%.*s' is not the beginning of a number", STR_ARG(w));
            return fail_hint(err, "with its calling code, several by commas: +8695,+1900");
        }
    }
    return true;
}

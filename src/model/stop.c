/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/stop.h"

#include <inttypes.h>
#include <string.h>

#include "base/country.h"
#include "base/unicode.h"
#include "model/record.h"
#include "model/types.h"

enum { DIGITS_MOST = 14 };                /* a number has one more */

enum { LIKE_IT, SQL_COUNT };
static const Sql sql[] = {
    [LIKE_IT] = { "SELECT id FROM dnc WHERE number = ?1 AND campaign IS ?2 AND id <> ?3", SQL_HOT },
};
const SqlTable stop_sql = { "stop", sql, SQL_COUNT };

static int wrong(Str typed, Error *err, const char *what, const char *how)
{
    fail(err, ERR_INVALID, "number: %s: '%.*s'", what, STR_ARG(typed));
    fail_hint(err, "%s", how);
    return -1;
}

/* ---- beginnings of numbers ------------------------------------------------------------------- */

/* '+' and digits, without what people write between them, up to the '*'; 0: it is none. */
static size_t digits_of(Str folded, char *out, size_t size)
{
    size_t n = 0;
    if (folded.n < 3 || folded.s[0] != '+' || folded.s[folded.n - 1] != '*')
        return 0;
    out[n++] = '+';
    for (size_t i = 1; i + 1 < folded.n; i++) {
        char c = folded.s[i];
        if (c == '(' && folded.s[i + 1] == '0' && folded.s[i + 2] == ')')
            i += 2;                       /* +44 (0)20: dialled at home only */
        if (strchr(" -()", c))
            continue;
        if (c < '0' || c > '9' || n + 2 >= size)
            return 0;
        out[n++] = c;
    }
    return n;
}

/* Three digits hold one in any case. */
static bool has_calling_code(Str number, Arena *a)
{
    const char *whole = arena_printf(a, "%.*s0000000", STR_ARG(number));
    const char *region = country_of_number(str(whole));
    int code = region ? country_calling_code(region) : 0;
    size_t digits = number.n - 1;
    return number.s[1] != '0' && (digits > 2 || (code && code < (digits > 1 ? 100 : 10)));
}

static int parse_beginning(Str typed, Arena *a, Value *out, Error *err)
{
    char number[64];
    size_t n = digits_of(text_fold(typed, a), number, sizeof number);
    if (n < 2)
        return wrong(typed, err, "not a beginning of numbers",
                     "with its calling code, and * at the end: +8621*");
    if (n - 1 > DIGITS_MOST)
        return wrong(typed, err, "a beginning has at most 14 digits",
                     "a whole number is written without *");
    if (!has_calling_code(str_n(number, n), a))
        return wrong(typed, err, "a beginning has at least a calling code",
                     "+86* holds all numbers of China, +8621* those of Shanghai");
    number[n++] = '*';
    *out = value_text(str_dup(str_n(number, n), a));
    return 1;
}

/* ---- domains --------------------------------------------------------------------------------- */

/* Something, a dot, something: one word would hold half the world. */
static bool is_domain(Str s)
{
    bool dot = false;
    for (size_t i = 0; i < s.n && s.n <= 253; i++) {
        unsigned char c = (unsigned char)s.s[i];
        if (c <= ' ' || c == 0x7F || strchr("@*?%,;:/\\()<>[]\"'", c))
            return false;
        if (c == '.' && (i == 0 || i + 1 == s.n || s.s[i - 1] == '.'))
            return false;
        dot = dot || c == '.';
    }
    return dot;
}

static int parse_domain(Str typed, Arena *a, Value *out, Error *err)
{
    if (!is_domain(str_n(typed.s + 1, typed.n - 1)))
        return wrong(typed, err, "not a domain", "for example @example.com");
    char *copy = memcpy(arena_alloc(a, typed.n), typed.s, typed.n);
    for (size_t i = 0; i < typed.n; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')             /* as addresses are stored */
            copy[i] = (char)(copy[i] - 'A' + 'a');
    *out = value_text(str_n(copy, typed.n));
    return 1;
}

/* A number that is masked (138****8000) is neither: to read its digits would stop somebody else. */
int stop_parse(Str typed, Arena *a, Value *out, Error *err)
{
    typed = str_trim(typed);
    if (str_starts(typed, "@"))
        return parse_domain(typed, a, out, err);
    if (typed.n && (memchr(typed.s, '*', typed.n) || memmem(typed.s, typed.n, "＊", 3)))
        return parse_beginning(typed, a, out, err);
    return 0;
}

/* ---- an entry -------------------------------------------------------------------------------- */

static bool is_wide(Str number)
{
    return number.n && (number.s[0] == '@' || number.s[number.n - 1] == '*');
}

/* Each once for all campaigns, and once for each. One that holds many is for who manages. */
bool check_dnc(Crm *crm, const Record *old, Record *now, Arena *a, Error *err)
{
    Value number = record_value(now, "number");
    Query *q = NULL;
    (void)a;
    if (!old && number.type == VALUE_TEXT && is_wide(number.s) && !crm_may_manage(crm, err))
        return false;
    if (!query_open(crm->store, &sql[LIKE_IT], &q, err))
        return false;
    query_value(q, 1, number);
    query_value(q, 2, record_value(now, "campaign"));
    query_int(q, 3, now->id);
    int n = query_next(q, err);
    int64_t other = n > 0 ? query_col_int(q, 0) : 0;
    query_close(q);
    if (n > 0)
        fail(err, ERR_CONFLICT, "number '%.*s' is taken by dnc %" PRId64, STR_ARG(number.s), other);
    return n == 0;
}

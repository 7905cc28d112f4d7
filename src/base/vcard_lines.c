/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vcard_lines.h"

#include <inttypes.h>

enum { BLOCK = 64 << 10, HEAD = 4096 };   /* HEAD: where the colon of a folded line stands */

/* ---- lines ----------------------------------------------------------------------------------- */

/* More bytes behind those there are; 1, 0 at the end, -1. */
static int fill(VcardLines *l, Error *err)
{
    char block[BLOCK];
    if (l->eof)
        return 0;
    if (l->at) {
        memmove(l->text.s, l->text.s + l->at, l->text.n - l->at);
        l->text.n -= l->at;
        l->at = 0;
    }
    if (l->text.n + l->whole.n > VCARD_LINE_MAX) {
        fail(err, ERR_INVALID, "line %" PRId64 " is longer than %d MiB", l->line + 1,
             VCARD_LINE_MAX >> 20);
        fail_hint(err, "is it a file of vCards?");
        return -1;
    }
    ptrdiff_t got = l->src->read(l->src, block, sizeof block, err);
    if (got < 0)
        return -1;
    buf_put(&l->text, block, (size_t)got);
    l->eof = got == 0;
    return got > 0;
}

/* The line at l->at is there as a whole, with its end: 1; there is none: 0; -1. */
static int peek(VcardLines *l, Str *out, Error *err)
{
    size_t seen = 0;
    for (;;) {
        size_t n = l->text.n - l->at;
        const char *end =
            n > seen ? memchr(l->text.s + l->at + seen, '\n', n - seen) : NULL;
        if (end || (l->eof && n)) {
            *out = str_n(l->text.s + l->at, end ? (size_t)(end + 1 - (l->text.s + l->at)) : n);
            return 1;
        }
        seen = n;
        int more = fill(l, err);
        if (more < 0)
            return -1;
        if (more == 0 && n == 0)
            return 0;
    }
}

/* What peek showed, without its end, goes behind what there is. */
static bool take(VcardLines *l, Str line, size_t skip, Error *err)
{
    l->at += line.n;
    l->line++;
    if (line.n && line.s[line.n - 1] == '\n')
        line.n--;
    if (line.n && line.s[line.n - 1] == '\r')
        line.n--;
    skip = skip < line.n ? skip : line.n;
    buf_str(&l->whole, str_n(line.s + skip, line.n - skip));
    if (l->whole.n <= VCARD_LINE_MAX)
        return true;
    fail(err, ERR_INVALID, "the folded line that ends on line %" PRId64 " is longer than %d MiB",
         l->line, VCARD_LINE_MAX >> 20);
    return fail_hint(err, "is it a file of vCards?");
}

static bool contains(Str s, const char *word)
{
    size_t k = strlen(word);
    for (size_t i = 0; i + k <= s.n; i++)
        if (str_eq_nocase(str_n(s.s + i, k), str_n(word, k)))
            return true;
    return false;
}

/* Look for the colon of the line, once: it may have any number of folds behind it. */
static void find_head(VcardLines *l)
{
    Str line = buf_as_str(&l->whole);
    size_t n = line.n < HEAD ? line.n : HEAD;
    const char *colon = l->headed || n == 0 ? NULL : memchr(line.s, ':', n);
    if (!colon)
        return;
    l->headed = true;
    l->quoted_printable = contains(str_n(line.s, (size_t)(colon - line.s)), "QUOTED-PRINTABLE");
}

static bool is_mark(Str line)          /* BEGIN, END: nothing goes on behind it */
{
    return line.n < 100 && contains(line, ":VCARD");
}

static bool has_parameters(Str line)   /* NAME; : the colon may stand behind a fold */
{
    size_t i = 0;
    while (i < line.n
           && (line.s[i] == '-' || line.s[i] == '.' || (line.s[i] >= '0' && line.s[i] <= '9')
               || ((line.s[i] | 32) >= 'a' && (line.s[i] | 32) <= 'z')))
        i++;
    return i > 0 && i < line.n && line.s[i] == ';';
}

/* Whether the next line belongs to the one there is: 1 and how many of its first bytes go, 0, -1.
 * One without a colon was folded by a program that leaves the blank out. */
static int goes_on(VcardLines *l, Str *next, size_t *skip, Error *err)
{
    Str whole = buf_as_str(&l->whole);
    int more = peek(l, next, err);
    if (more <= 0)
        return more;
    *skip = 0;
    find_head(l);
    if (l->quoted_printable && whole.n && whole.s[whole.n - 1] == '=') {
        l->whole.n--;
        return 1;
    }
    if (next->s[0] == ' ' || next->s[0] == '\t') {
        *skip = !l->old;
        return 1;
    }
    if (str_trim(*next).n == 0 || memchr(next->s, ':', next->n) || has_parameters(*next)
        || is_mark(whole) || !l->headed)
        return 0;
    if (!l->quoted_printable)
        buf_char(&l->whole, '\n');
    return 1;
}

int vcard_line(VcardLines *l, Str *out, Error *err)
{
    Str next;
    size_t skip = 0;
    int more;
    do {
        buf_reset(&l->whole);
        l->headed = l->quoted_printable = false;
        if ((more = peek(l, &next, err)) <= 0)
            return more;
        if (!take(l, next, 0, err))
            return -1;
    } while (str_trim(buf_as_str(&l->whole)).n == 0);
    while ((more = goes_on(l, &next, &skip, err)) > 0)
        if (!take(l, next, skip, err))
            return -1;
    *out = buf_as_str(&l->whole);
    return more < 0 ? -1 : 1;
}

/* ---- properties ------------------------------------------------------------------------------ */

/* The first ':' or ';' outside of quotes from i on; the end when there is none. */
static size_t stop_of(Str line, size_t i, bool quotes)
{
    for (bool in = false; i < line.n; i++) {
        if (line.s[i] == '"' && quotes)
            in = !in;
        else if (!in && (line.s[i] == ':' || line.s[i] == ';'))
            break;
    }
    return i;
}

/* Without its quotes, ^n ^' ^^ undone. */
static Str parameter_text(Str s, Arena *a)
{
    if (s.n > 1 && s.s[0] == '"' && s.s[s.n - 1] == '"')
        s = str_n(s.s + 1, s.n - 2);
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char next = s.s[i] == '^' && i + 1 < s.n ? s.s[i + 1] : '\0';
        bool escaped = next == 'n' || next == '\'' || next == '^';
        to[n++] = !escaped ? s.s[i] : next == 'n' ? '\n' : next == '\'' ? '"' : '^';
        i += escaped;
    }
    return str_n(to, n);
}

static void type_word(Str word, VcardProperty *p)
{
    static const struct { const char *word; unsigned type; } known[] = {
        { "CELL", VCARD_CELL }, { "WORK", VCARD_WORK }, { "HOME", VCARD_HOME }, { "FAX", VCARD_FAX }
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq_nocase(word, str(known[i].word)))
            p->types |= known[i].type;
    if (str_eq_nocase(word, STR("QUOTED-PRINTABLE")))
        p->quoted_printable = true;
}

static void parameter(Str s, Arena *a, VcardProperty *p)
{
    const char *equals = s.n ? memchr(s.s, '=', s.n) : NULL;
    Str name = str_trim(equals ? str_n(s.s, (size_t)(equals - s.s)) : (Str){ 0 });
    Str value = str_trim(equals ? str_n(equals + 1, s.n - (size_t)(equals + 1 - s.s)) : s);
    if (str_eq_nocase(name, STR("FIELD"))) {
        p->field = parameter_text(value, a);
        return;
    }
    if (value.n > 1 && value.s[0] == '"' && value.s[value.n - 1] == '"')
        value = str_n(value.s + 1, value.n - 2);
    if (str_eq_nocase(name, STR("CHARSET")))
        p->charset = value;
    if (name.n && !str_eq_nocase(name, STR("TYPE")) && !str_eq_nocase(name, STR("ENCODING")))
        return;
    while (value.n) {
        const char *comma = memchr(value.s, ',', value.n);
        size_t n = comma ? (size_t)(comma - value.s) : value.n;
        type_word(str_trim(str_n(value.s, n)), p);
        value = str_n(value.s + n + (comma != NULL), value.n - n - (comma != NULL));
    }
}

bool vcard_property(Str line, Arena *a, VcardProperty *p)
{
    bool quotes = true;
    *p = (VcardProperty){ 0 };
    if (!line.n || !memchr(line.s, ':', line.n))
        return false;
    size_t colon = 0;
    while ((colon = stop_of(line, colon, true)) < line.n && line.s[colon] == ';')
        colon++;
    if (colon >= line.n)
        quotes = false;                        /* a quote that is not closed is no quote */
    size_t i = stop_of(line, 0, quotes), from = i;
    while (from > 0 && line.s[from - 1] != '.')
        from--;
    p->name = str_trim(str_n(line.s + from, i - from));
    if (p->name.n == 0)
        return false;
    while (i < line.n && line.s[i] == ';') {
        size_t end = stop_of(line, i + 1, quotes);
        parameter(str_n(line.s + i + 1, end - i - 1), a, p);
        i = end;
    }
    i += i < line.n;
    p->value = str_n(line.s + i, line.n - i);
    return true;
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/bytes.h"
#include "base/csv.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static size_t digits(Str s, size_t i)
{
    while (i < s.n && is_digit(s.s[i]))
        i++;
    return i;
}

/* A sign, digits with thousands commas, a fraction, an exponent, a percent sign. */
static bool is_number(Str s)
{
    size_t from = 1, i = digits(s, from);
    while (i > from && i + 3 < s.n && s.s[i] == ',' && digits(s, i + 1) == i + 4)
        i += 4;
    bool any = i > from;
    if (i < s.n && s.s[i] == '.') {
        from = i + 1;
        i = digits(s, from);
        any |= i > from;
    }
    if (any && i + 1 < s.n && (s.s[i] == 'e' || s.s[i] == 'E')) {
        from = i + 1;
        from += s.s[from] == '+' || s.s[from] == '-';
        i = digits(s, from);
        any = i > from;
    }
    i += i < s.n && s.s[i] == '%';
    return any && i == s.n;
}

/* + and at least five digits, with what people put between them. */
static bool is_phone(Str s)
{
    int n = 0;
    for (size_t i = 1; i < s.n; i++) {
        if (is_digit(s.s[i]))
            n++;
        else if (!strchr(" -().", s.s[i]) || s.s[i] == '\0')
            return false;
    }
    return s.s[0] == '+' && n >= 5;
}

bool csv_is_formula(Str s)
{
    static const char *const full_width[] = { "＝", "＋", "－", "＠" };
    if (s.n == 0)
        return false;
    switch (s.s[0]) {
    case '=': case '@': case '\t': case '\r': case '\n':
        return true;
    case '+': case '-':
        return !is_number(s) && !is_phone(s);
    case '\xEF':
        for (size_t i = 0; i < sizeof full_width / sizeof *full_width; i++)
            if (str_starts(s, full_width[i]))
                return true;
        return false;
    default:
        return false;
    }
}

/* Most texts are neither, and the first byte tells. */
static inline bool may_be_guarded(char first)
{
    switch (first) {
    case '\'': case '=': case '@': case '\t': case '\r': case '\n': case '+': case '-': case '\xEF':
        return true;
    default:
        return false;
    }
}

static bool is_guarded_or_formula(Str s)
{
    if (s.n == 0 || !may_be_guarded(s.s[0]))
        return false;
    while (s.n > 0 && s.s[0] == '\'')
        s.s++, s.n--;
    return csv_is_formula(s);
}

Str csv_unguard(Str s)
{
    if (s.n > 1 && s.s[0] == '\'' && is_guarded_or_formula(s))
        return str_n(s.s + 1, s.n - 1);
    return s;
}

static inline bool has_special(Bytes b, char delimiter)
{
    return bytes_any((Bytes)((b == (unsigned char)delimiter) | (b == '"') | (b == '\n')
                             | (b == '\r')));
}

static bool has_any(Str s, char delimiter)
{
    size_t i = 0;
    if (s.n < sizeof(Bytes))
        return has_special(bytes_few(s.s, s.n), delimiter);
    for (; i + sizeof(Bytes) < s.n; i += sizeof(Bytes))
        if (has_special(bytes_at(s.s + i), delimiter))
            return true;
    return has_special(bytes_at(s.s + s.n - sizeof(Bytes)), delimiter);
}

void csv_write_field(Buf *out, Str s, char delimiter, unsigned flags)
{
    if (!s.s)
        return;
    bool guard = (flags & CSV_GUARD) && is_guarded_or_formula(s);
    if (s.n > 0 && !has_any(s, delimiter)) {
        if (guard)
            buf_char(out, '\'');
        buf_str(out, s);
        return;
    }
    buf_cstr(out, guard ? "\"'" : "\"");
    while (s.n > 0) {
        const char *quote = memchr(s.s, '"', s.n);
        size_t n = quote ? (size_t)(quote - s.s) + 1 : s.n;
        buf_put(out, s.s, n);
        if (quote)
            buf_char(out, '"');
        s.s += n;
        s.n -= n;
    }
    buf_char(out, '"');
}

void csv_write_end(Buf *out, unsigned flags)
{
    buf_cstr(out, flags & CSV_CRLF ? "\r\n" : "\n");
}

void tsv_write_field(Buf *out, Str s)
{
    size_t done = 0;
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        if (c != '\t' && c != '\n' && c != '\r' && c != '\\' && !(c == '"' && i == 0))
            continue;
        buf_put(out, s.s + done, i - done);
        buf_char(out, '\\');
        buf_char(out, c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c);
        done = i + 1;
    }
    if (s.n > done)
        buf_put(out, s.s + done, s.n - done);
}

Str tsv_unescape(Str s, Arena *a)
{
    if (s.n == 0 || !memchr(s.s, '\\', s.n))
        return s;
    char *to = arena_alloc(a, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        char next = s.s[i] == '\\' && i + 1 < s.n ? s.s[i + 1] : '\0';
        if (next && strchr("tnr\\\"", next)) {
            to[n++] = next == 't' ? '\t' : next == 'n' ? '\n' : next == 'r' ? '\r' : next;
            i++;
        } else {
            to[n++] = s.s[i];
        }
    }
    return str_n(to, n);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/esl_wire.h"

static Str next_line(Str *lines)
{
    const char *nl = lines->n ? memchr(lines->s, '\n', lines->n) : NULL;
    size_t n = nl ? (size_t)(nl - lines->s) : lines->n;
    Str line = str_n(lines->s, n);
    *lines = str_n(lines->s + n + (nl != NULL), lines->n - n - (nl != NULL));
    return line;
}

Str esl_get(Str lines, const char *name)
{
    size_t n = strlen(name);
    while (lines.n) {
        Str line = next_line(&lines);
        if (line.n == 0)
            break;                        /* what follows is a body */
        if (line.n > n && memcmp(line.s, name, n) == 0 && line.s[n] == ':')
            return str_trim(str_n(line.s + n + 1, line.n - n - 1));
    }
    return (Str){ 0 };
}

bool esl_is(Str lines, const char *name, const char *value)
{
    return str_is(esl_get(lines, name), value);
}

static int hex(char c)
{
    return c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10
           : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

void esl_value(Str lines, const char *name, char out[static ESL_VALUE])
{
    Str v = esl_get(lines, name);
    size_t n = 0;
    for (size_t i = 0; i < v.n && n < ESL_VALUE - 1; i++) {
        bool coded = v.s[i] == '%' && i + 2 < v.n && hex(v.s[i + 1]) >= 0 && hex(v.s[i + 2]) >= 0;
        char c = coded ? (char)(hex(v.s[i + 1]) * 16 + hex(v.s[i + 2])) : v.s[i];
        if (!c)
            break;
        out[n++] = c;
        i += coded ? 2 : 0;
    }
    out[n] = '\0';
}

Str esl_inner(Str event)
{
    while (event.n)
        if (next_line(&event).n == 0)
            return event;
    return (Str){ 0 };
}

/* ---- reading --------------------------------------------------------------------------------- */

/* The head is whole: how much follows? */
static void begin_body(EslReader *r)
{
    int64_t length;
    buf_reset(&r->body);
    r->inside = true;
    if (!str_int(esl_get(buf_as_str(&r->head), "Content-Length"), &length) || length < 0)
        length = 0;
    r->left = (size_t)length;
    r->dropped += r->left > ESL_BODY;
}

static void take_body(EslReader *r, const char **s, size_t *n)
{
    size_t some = *n < r->left ? *n : r->left;
    if (r->body.n + r->left <= ESL_BODY)
        buf_put(&r->body, *s, some);
    r->left -= some;
    *s += some;
    *n -= some;
}

static void take_head(EslReader *r, const char **s, size_t *n)
{
    char c = **s;
    ++*s;
    --*n;
    if (c == '\r')
        return;
    if (c == '\n' && r->line == 0) {
        if (r->head.n || r->dropped)      /* empty lines between messages are none */
            begin_body(r);
        return;
    }
    r->line = c == '\n' ? 0 : r->line + 1;
    if (r->head.n < ESL_HEAD)
        buf_put(&r->head, &c, 1);
    else if (c == '\n')
        r->dropped++;
}

bool esl_read(EslReader *r, const char **s, size_t *n, EslMessage *out)
{
    for (;;) {
        if (r->inside && r->left == 0) {
            *out = (EslMessage){ buf_as_str(&r->head), buf_as_str(&r->body), r->dropped };
            r->inside = false;
            r->dropped = 0;
            r->head.n = 0;                /* its bytes stay until the next call */
            return true;
        }
        if (*n == 0)
            return false;
        if (r->inside)
            take_body(r, s, n);
        else
            take_head(r, s, n);
    }
}

void esl_reader_release(EslReader *r)
{
    buf_release(&r->head);
    buf_release(&r->body);
    *r = (EslReader){ 0 };
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/ami_wire.h"

#include <md5.h>

/* ---- reading --------------------------------------------------------------------------------- */

static void split(Str line, AmiHeader *h)
{
    const char *colon = line.n ? memchr(line.s, ':', line.n) : NULL;
    size_t n = colon ? (size_t)(colon - line.s) : 0;
    h->name = str_n(line.s, n);
    h->value = colon ? str_n(line.s + n + 1, line.n - n - 1) : line;
    while (h->value.n && *h->value.s == ' ')
        h->value = str_n(h->value.s + 1, h->value.n - 1);
}

static void give_out(AmiReader *r, AmiMessage *out)
{
    size_t start = 0;
    for (int i = 0; i < r->n; i++) {
        split(str_n(r->text.s + start, r->ends[i] - start), &r->h[i]);
        start = r->ends[i];
    }
    if (!r->greeted && r->n > 0)          /* a greeting has no name, whatever is in it */
        r->h[0] = (AmiHeader){ { 0 }, buf_as_str(&r->text) };
    *out = (AmiMessage){ r->h, r->n, r->dropped };
    r->greeted = true;
    r->n = r->dropped = 0;
}

/* A line has ended. Returns whether that ended the message. */
static bool take_line(AmiReader *r)
{
    Str line = buf_as_str(&r->line);
    bool whole = !r->skipping;
    if (line.n && line.s[line.n - 1] == '\r')
        line.n--;
    r->skipping = false;
    if (whole && line.n == 0)
        return r->n > 0 || r->dropped > 0;
    if (!whole || r->n == AMI_HEADERS || r->text.n + line.n > AMI_MESSAGE) {
        r->dropped++;
    } else {
        buf_str(&r->text, line);
        r->ends[r->n++] = r->text.n;
    }
    return !r->greeted;
}

bool ami_read(AmiReader *r, const char **s, size_t *n, AmiMessage *out)
{
    if (r->n == 0 && r->dropped == 0)
        buf_reset(&r->text);
    while (*n > 0) {
        const char *end = memchr(*s, '\n', *n);
        size_t piece = end ? (size_t)(end - *s) : *n;
        if (r->skipping || r->line.n + piece > AMI_LINE)
            r->skipping = true;
        else
            buf_put(&r->line, *s, piece);
        *s += piece + (end != NULL);
        *n -= piece + (end != NULL);
        if (!end)
            return false;
        bool whole = take_line(r);
        buf_reset(&r->line);
        if (whole) {
            give_out(r, out);
            return true;
        }
    }
    return false;
}

void ami_reader_release(AmiReader *r)
{
    buf_release(&r->text);
    buf_release(&r->line);
    *r = (AmiReader){ 0 };
}

Str ami_get(const AmiMessage *m, const char *name)
{
    for (int i = 0; i < m->n; i++)
        if (str_eq_nocase(m->h[i].name, str(name)))
            return m->h[i].value;
    return (Str){ 0 };
}

bool ami_is(const AmiMessage *m, const char *name, const char *value)
{
    return str_eq_nocase(ami_get(m, name), str(value));
}

int64_t ami_int(const AmiMessage *m, const char *name)
{
    int64_t v;
    return str_int(ami_get(m, name), &v) ? v : 0;
}

Str ami_variable(const AmiMessage *m, const char *name)
{
    size_t n = strlen(name);
    for (int i = 0; i < m->n; i++) {
        Str v = m->h[i].value;
        if (str_eq_nocase(m->h[i].name, STR("ChanVariable")) && v.n > n && v.s[n] == '='
            && memcmp(v.s, name, n) == 0)
            return str_n(v.s + n + 1, v.n - n - 1);
    }
    return (Str){ 0 };
}

/* ---- writing --------------------------------------------------------------------------------- */

AmiWriter ami_action(Buf *out, const char *action, const char *id)
{
    AmiWriter w = { .out = out, .start = out->n };
    ami_own(&w, "Action", action);
    ami_put(&w, "ActionID", "", id, AMI_WORD, "");
    return w;
}

void ami_put(AmiWriter *w, const char *name, const char *before, const char *value,
             const char *allowed, const char *after)
{
    size_t n = strspn(value, allowed);
    if (value[n] != '\0' || n > AMI_VALUE)
        w->bad = name;
    buf_printf(w->out, "%s: %s%.*s%s\r\n", name, before, (int)n, value, after);
}

void ami_own(AmiWriter *w, const char *name, const char *value)
{
    buf_printf(w->out, "%s: %s\r\n", name, value);
}

void ami_put_int(AmiWriter *w, const char *name, int64_t value)
{
    buf_printf(w->out, "%s: %lld\r\n", name, (long long)value);
}

void ami_put_login(AmiWriter *w, const char *user, const char *secret, Str challenge)
{
    char key[MD5_DIGEST_STRING_LENGTH];
    MD5_CTX c;
    MD5Init(&c);
    MD5Update(&c, (const uint8_t *)challenge.s, challenge.n);
    MD5Update(&c, (const uint8_t *)secret, strlen(secret));
    MD5End(&c, key);
    explicit_bzero(&c, sizeof c);
    ami_own(w, "AuthType", "MD5");
    ami_put(w, "Username", "", user, AMI_WORD, "");
    ami_own(w, "Key", key);
}

bool ami_done(AmiWriter *w, Error *err)
{
    buf_cstr(w->out, "\r\n");
    if (!w->bad && !w->out->full)
        return true;
    w->out->n = w->start;
    if (w->out->s)
        w->out->s[w->start] = '\0';
    return fail(err, ERR_INVALID, "%s: a value holds what may not go to the switch",
                w->bad ? w->bad : "output");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/netstring.h"

enum { DIGITS_MOST = 9 };

static bool read_length(NetReader *r, char c)
{
    if (c == ':' && r->digits > 0) {
        r->inside = true;
        r->skips = r->left > NETSTRING_MOST;
        buf_reset(&r->text);
        return true;
    }
    if (c < '0' || c > '9' || r->digits == DIGITS_MOST || (r->digits > 0 && r->left == 0))
        return false;                     /* a length has no leading zeros */
    r->left = r->left * 10 + (size_t)(c - '0');
    r->digits++;
    return true;
}

static void take(NetReader *r, const char **s, size_t *n)
{
    size_t some = *n < r->left ? *n : r->left;
    if (!r->skips)
        buf_put(&r->text, *s, some);
    r->left -= some;
    *s += some;
    *n -= some;
}

NetGot net_read(NetReader *r, const char **s, size_t *n, Str *out)
{
    while (*n) {
        if (r->inside && r->left) {
            take(r, s, n);
            continue;
        }
        char c = **s;
        ++*s;
        --*n;
        if (!r->inside) {
            if (!read_length(r, c))
                return NET_BROKEN;
            continue;
        }
        if (c != ',')
            return NET_BROKEN;
        NetGot got = r->skips ? NET_TOO_LONG : NET_STRING;
        *out = got == NET_STRING ? buf_as_str(&r->text) : (Str){ 0 };
        r->inside = r->skips = false;
        r->digits = 0;
        return got;
    }
    return NET_MORE;
}

void net_release(NetReader *r)
{
    buf_release(&r->text);
    *r = (NetReader){ 0 };
}

void net_write(Buf *out, Str text)
{
    buf_printf(out, "%zu:", text.n);
    buf_put(out, text.s, text.n);
    buf_cstr(out, ",");
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/vcard.h"

enum { FOLD = 75 };

void vcard_escape(Buf *out, Str text)
{
    for (size_t i = 0; i < text.n; i++) {
        char c = text.s[i];
        if (c == '\r' && i + 1 < text.n && text.s[i + 1] == '\n')
            continue;
        if (c == '\n' || c == '\r') {
            buf_cstr(out, "\\n");
            continue;
        }
        if (c == '\\' || c == ';' || c == ',')
            buf_char(out, '\\');
        buf_char(out, c);
    }
}

void vcard_write_parameter(Buf *out, Str value)
{
    bool plain = value.n > 0;
    for (size_t i = 0; i < value.n; i++)
        plain &= !memchr(":;,\"^\n\r\t ", value.s[i], 9);
    if (!plain)
        buf_char(out, '"');
    for (size_t i = 0; i < value.n; i++) {
        char c = value.s[i];
        if (c == '"' || c == '^')
            buf_cstr(out, c == '^' ? "^^" : "^'");
        else if (c == '\n' || c == '\r')
            buf_cstr(out, "^n");
        else
            buf_char(out, c);
    }
    if (!plain)
        buf_char(out, '"');
}

void vcard_write_line(Buf *out, Str line)
{
    size_t room = FOLD;
    while (line.n > room) {
        size_t n = room;
        while (n > room - 4 && ((unsigned char)line.s[n] & 0xC0) == 0x80)
            n--;
        buf_str(out, str_n(line.s, n));
        buf_cstr(out, "\r\n ");
        line = str_n(line.s + n, line.n - n);
        room = FOLD - 1;
    }
    buf_str(out, line);
    buf_cstr(out, "\r\n");
}

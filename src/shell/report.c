/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * report.c -- errors for people, with a caret by display width, and for programs.
 *
 * At a prompt the place comes first and the message below it, as the line is still in view; in a
 * batch the message comes first, where grep and editors look for FILE:LINE.
 */
#include "shell/report.h"

#include "base/json.h"
#include "base/unicode.h"

enum {
    ONE_LINE = 96,                 /* columns up to which the hint follows the message */
    SHOWN = 200, BEFORE = 60,      /* bytes shown of a line, and those of them before the place */
};

static const char *label(ErrCode code)
{
    return code == ERR_REFUSED ? "refused" : "error";
}

/* The line of the statement that holds the byte err->at; *column gets the place in it. */
static Str line_at(const Report *r, int *column, int *lines_before)
{
    size_t at = (size_t)r->err->at, begin = 0;
    *lines_before = 0;
    for (size_t i = 0; i < at && i < r->text.n; i++)
        if (r->text.s[i] == '\n') {
            begin = i + 1;
            ++*lines_before;
        }
    const char *end = memchr(r->text.s + begin, '\n', r->text.n - begin);
    *column = (int)(at - begin);
    return str_n(r->text.s + begin, end ? (size_t)(end - r->text.s) - begin : r->text.n - begin);
}

static bool has_place(const Report *r)
{
    const Error *e = r->err;
    return e->width > 0 && r->text.n && e->at >= 0 && (size_t)e->at + (size_t)e->width <= r->text.n;
}

/* Where the character begins that holds byte i. */
static size_t char_start(Str s, size_t i)
{
    for (int back = 0; back < 3 && i > 0 && i < s.n && (s.s[i] & 0xC0) == 0x80; back++)
        i--;
    return i;
}

static void write_caret(const Report *r, const char *indent, Buf *out)
{
    int column, before;
    Str line = line_at(r, &column, &before);
    size_t at = (size_t)column, width = (size_t)r->err->width, from = 0, to = line.n;
    if (line.n > SHOWN) {
        from = char_start(line, at > BEFORE ? at - BEFORE : 0);
        to = char_start(line, from + SHOWN < line.n ? from + SHOWN : line.n);
    }
    const char *cut = from ? "..." : "";
    Str meant = str_n(line.s + at, width < to - at ? width : to - at);
    int spaces = (int)strlen(cut) + text_width(str_n(line.s + from, at - from), r->ambiguous);
    int marks = text_width(meant, r->ambiguous);
    buf_printf(out, "%s%s", indent, cut);
    text_put_safe(out, str_n(line.s + from, to - from));
    buf_printf(out, "%s\n%s%*s", to < line.n ? "..." : "", indent, spaces, "");
    for (int i = 0; i < marks || i == 0; i++)
        buf_char(out, '^');
    buf_char(out, '\n');
}

/* Lua says "FILE:LINE: what": the line it means, and only what. */
static const char *own_line(const Report *r, int64_t *line)
{
    const char *msg = r->err->msg;
    size_t n = r->file ? strlen(r->file) : 0;
    if (!n || strncmp(msg, r->file, n) != 0 || msg[n] != ':')
        return msg;
    size_t digits = strspn(msg + n + 1, "0123456789");
    if (!digits || strncmp(msg + n + 1 + digits, ": ", 2) != 0
        || !str_int(str_n(msg + n + 1, digits), line))
        return msg;
    return msg + n + digits + 3;
}

/* Each line of a text that may hold several, made safe and indented. */
static void write_lines(Str text, const char *indent, Buf *out)
{
    while (text.n) {
        const char *end = memchr(text.s, '\n', text.n);
        Str line = str_n(text.s, end ? (size_t)(end - text.s) : text.n);
        buf_cstr(out, indent);
        text_put_safe(out, line);
        buf_char(out, '\n');
        text = end ? str_n(end + 1, text.n - line.n - 1) : str_n(NULL, 0);
    }
}

static void write_place(const Report *r, int64_t line, Buf *out)
{
    text_put_safe(out, str(r->file));
    if (line)
        buf_printf(out, ":%lld", (long long)line);
    buf_cstr(out, ": ");
}

static void write_json(const Report *r, const char *msg, int64_t line, Buf *out)
{
    int column = 0, before = 0;
    buf_cstr(out, "{\"error\":");
    json_write_text(out, str(err_name(r->err->code)));
    buf_cstr(out, ",\"message\":");
    json_write_text(out, str(msg));
    if (*r->err->detail) {
        buf_cstr(out, ",\"detail\":");
        json_write_text(out, str(r->err->detail));
    }
    if (*r->err->hint) {
        buf_cstr(out, ",\"hint\":");
        json_write_text(out, str(r->err->hint));
    }
    if (has_place(r)) {
        line_at(r, &column, &before);
        buf_printf(out, ",\"column\":%d", column + 1);
    }
    if (r->file) {
        buf_cstr(out, ",\"file\":");
        json_write_text(out, str(r->file));
    }
    if (line)
        buf_printf(out, ",\"line\":%lld", (long long)line);
    buf_cstr(out, "}\n");
}

void report_write(const Report *r, Buf *out)
{
    const Error *e = r->err;
    int column, before = 0;
    if (has_place(r))
        line_at(r, &column, &before);
    int64_t line = r->line ? r->line + before : 0;
    const char *msg = own_line(r, &line);
    if (r->json) {
        write_json(r, msg, line, out);
        return;
    }
    if (has_place(r) && !r->file)
        write_caret(r, "", out);
    size_t begun = out->n;
    if (r->file)
        write_place(r, line, out);
    buf_printf(out, "%s: ", label(e->code));
    text_put_safe(out, str(msg));
    bool same_line = *e->hint && !*e->detail && !strchr(e->hint, '\n')
                     && out->n - begun + strlen(e->hint) < ONE_LINE;
    if (same_line) {
        buf_cstr(out, "; ");
        text_put_safe(out, str(e->hint));
    }
    buf_char(out, '\n');
    if (has_place(r) && r->file)
        write_caret(r, "  ", out);
    write_lines(str(e->detail), "  ", out);
    if (!same_line)
        write_lines(str(e->hint), "  ", out);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/source.h"

#include <errno.h>
#include <stdlib.h>

#include "base/lex.h"

static Str rest_from(Str s, size_t at)
{
    return str_n(s.s + at, s.n - at);
}

/* Length of the first line with its newline. */
static size_t line_length(Str s)
{
    const char *nl = s.n ? memchr(s.s, '\n', s.n) : NULL;
    return nl ? (size_t)(nl - s.s) + 1 : s.n;
}

/* Bytes of blanks, empty statements and comments at the start. */
static size_t skip_nothing(Str s)
{
    size_t i = 0;
    if (s.n >= 3 && memcmp(s.s, "\xEF\xBB\xBF", 3) == 0)
        i = 3;
    while (i < s.n) {
        if (s.s[i] == '#')
            i += line_length(rest_from(s, i));
        else if (strchr(" \t\r\n;", s.s[i]) && s.s[i])
            i++;
        else
            break;
    }
    return i;
}

static int count_lines(const char *s, size_t n)
{
    int lines = 0;
    for (size_t i = 0; i < n; i++)
        lines += s[i] == '\n';
    return lines;
}

static void set_body(Stmt *out, Str body)
{
    out->body = body;
    out->body_line = count_lines(out->text.s, (size_t)(body.s - out->text.s));
}

static bool lacks_end(const LuaJudge *judge, Str chunk)
{
    return judge && judge->incomplete(judge->ctx, chunk);
}

/* `s` begins with the line after `lua {`. Returns the bytes up to and with the closing line; a line
 * `}` that Lua itself waits for, of a table, is not it. */
static size_t block_end(Str s, const LuaJudge *judge, size_t *body)
{
    for (size_t i = 0; i < s.n;) {
        size_t n = line_length(rest_from(s, i));
        if (str_is(str_trim(str_n(s.s + i, n)), "}") && !lacks_end(judge, str_n(s.s, i))) {
            *body = i;
            return i + n;
        }
        i += n;
    }
    return 0;
}

/* The chunk that begins `skip` bytes into s: its first line, and more lines while Lua needs
 * them. */
static size_t scan_chunk(Str s, size_t skip, const LuaJudge *judge, Stmt *out)
{
    size_t n = line_length(s);
    while (lacks_end(judge, str_n(s.s + skip, n - skip))) {
        if (n == s.n) {
            out->more = MORE_LUA;
            break;
        }
        n += line_length(rest_from(s, n));
    }
    out->text = str_trim(str_n(s.s, n));
    set_body(out, str_n(s.s + skip, n - skip));
    return n;
}

static size_t scan_lua(Str s, const LuaJudge *judge, Stmt *out)
{
    size_t line = line_length(s), body = 0;
    Str first = str_trim(str_n(s.s + 3, line - 3));
    out->kind = STMT_LUA;
    if (first.n == 0 || first.s[0] != '{')
        return scan_chunk(s, 3, judge, out);
    if (first.n > 1 && first.s[first.n - 1] == '}') {          /* lua { ... } in one line */
        out->text = str_trim(str_n(s.s, line));
        set_body(out, str_n(first.s + 1, first.n - 2));
        return line;
    }
    if (first.n > 1)
        return scan_chunk(s, 3, judge, out);
    size_t n = block_end(rest_from(s, line), judge, &body);
    out->more = n ? MORE_NONE : MORE_BLOCK;
    n = n ? line + n : s.n;
    out->text = str_trim(str_n(s.s, n));
    set_body(out, str_n(s.s + line, out->more ? n - line : body));
    return n;
}

static size_t scan_line(Str s, StmtKind kind, size_t skip, Stmt *out)
{
    size_t n = line_length(s);
    out->kind = kind;
    out->text = str_trim(str_n(s.s, n));
    set_body(out, rest_from(out->text, skip));
    return n;
}

static size_t scan_command(Str s, Stmt *out)
{
    static const More why[] = { [LEX_COMPLETE] = MORE_NONE, [LEX_QUOTE] = MORE_QUOTE,
                                [LEX_BACKSLASH] = MORE_BACKSLASH, [LEX_PAREN] = MORE_PAREN };
    LexEnd end;
    size_t n = lex_command(s, &end);
    out->kind = STMT_COMMAND;
    out->more = why[end];
    Str text = str_trim(str_n(s.s, n));
    if (text.n >= 3 && memcmp(text.s + text.n - 3, "；", 3) == 0)
        text = str_trim(str_n(text.s, text.n - 3));
    else if (text.n > 1 && text.s[text.n - 1] == ';' && text.s[text.n - 2] != '\\')
        text = str_trim(str_n(text.s, text.n - 1));
    out->text = out->body = text;
    return end == LEX_COMPLETE ? n : s.n;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alias(Str s)
{
    return s.n > 1
           && ((s.s[0] == '\\' && (is_letter(s.s[1]) || s.s[1] == '?' || s.s[1] == '!'))
               || (s.s[0] == '.' && is_letter(s.s[1])));
}

size_t stmt_scan(Str text, const LuaJudge *judge, Stmt *out)
{
    size_t skipped = skip_nothing(text);
    Str s = rest_from(text, skipped);
    *out = (Stmt){ .text = str_n(s.s, 0), .body = str_n(s.s, 0) };
    if (s.n == 0)
        return skipped;
    if (s.s[0] == '=') {
        out->kind = STMT_VALUE;
        return skipped + scan_chunk(s, 1, judge, out);
    }
    if (s.s[0] == '!')
        return skipped + scan_line(s, STMT_PROGRAM, 1, out);
    if (is_alias(s))
        return skipped + scan_line(s, STMT_ALIAS, 0, out);
    if (str_starts(s, "lua") && (s.n == 3 || strchr(" \t\r\n{", s.s[3])))
        return skipped + scan_lua(s, judge, out);
    return skipped + scan_command(s, out);
}

/* ---- a stream ------------------------------------------------------------------------------- */

static bool read_line(Source *s)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t n = s->from ? getline(&line, &size, s->from) : -1;
    if (n > 0)
        buf_put(&s->text, line, (size_t)n);
    else {
        s->error = s->from && ferror(s->from) ? errno : 0;
        s->from = NULL;
    }
    free(line);
    return n > 0;
}

/* Forget what was given already, so that a stream takes no more room than a statement. */
static void drop_used(Source *s)
{
    if (s->at == 0 || !s->from)
        return;
    memmove(s->text.s, s->text.s + s->at, s->text.n - s->at);
    s->text.n -= s->at;
    s->at = 0;
}

bool source_next(Source *s, Stmt *out)
{
    size_t used;
    drop_used(s);
    for (;;) {
        Str rest = str_n(s->text.s + s->at, s->text.n - s->at);
        used = stmt_scan(rest, s->judge, out);
        if (out->kind != STMT_NONE && (!out->more || !s->from))
            break;
        if (!read_line(s) && out->kind == STMT_NONE)
            return false;
    }
    const char *begun = s->text.s + s->at;
    s->line = s->line ? s->line : 1;
    s->stmt_line = s->line + count_lines(begun, (size_t)(out->text.s - begun));
    s->line += count_lines(begun, used);
    s->at += used;
    return true;
}

void source_release(Source *s)
{
    buf_release(&s->text);
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * doc_synopsis.c -- how a command and its arguments are written: "lead list [STAGE] [--limit N]".
 */
#include "base/unicode.h"
#include "cmd/doc.h"

static void put_upper(const char *name, Buf *out)
{
    while (*name == '-')
        name++;
    for (; *name; name++)
        buf_char(out, *name >= 'a' && *name <= 'z' ? (char)(*name - 32) : *name);
}

/* "a|b|c", when that is short enough to stand in a synopsis. */
static bool put_choices(const Arg *arg, Buf *out)
{
    size_t n = 0;
    for (const char *const *c = arg->choices; *c; c++)
        n += strlen(*c) + 1;
    for (const char *const *c = arg->choices; n <= 32 && *c; c++)
        buf_printf(out, "%s%s", c == arg->choices ? "" : "|", *c);
    return n <= 32;
}

static void put_value(const Arg *arg, Buf *out)
{
    static const char *const by_kind[] = {
        [ARG_TEXT] = "TEXT", [ARG_INT] = "N", [ARG_NUMBER] = "N", [ARG_FLAG] = "",
        [ARG_FILE] = "FILE", [ARG_DURATION] = "SPAN", [ARG_TIME] = "WHEN", [ARG_TYPE] = "TYPE",
        [ARG_FIELD] = "FIELD", [ARG_TARGET] = "TARGET", [ARG_ASSIGN] = "FIELD=VALUE",
        [ARG_FILTER] = "FILTER", [ARG_LIST] = "TEXT",
    };
    bool option = arg_is_option(arg);
    if (arg->value)
        buf_cstr(out, arg->value);
    else if (arg->kind == ARG_CHOICE) {
        if (!option || !put_choices(arg, out))
            put_upper(arg->name, out);
    } else if (arg->kind == ARG_RECORD && option && arg->of)
        put_upper(arg->of, out);
    else if (arg->kind == ARG_RECORD && option)
        buf_cstr(out, "ID");
    else if (!option && arg->kind != ARG_ASSIGN && arg->kind != ARG_FILTER)
        put_upper(arg->name, out);
    else
        buf_cstr(out, by_kind[arg->kind]);
    if (arg_takes_rest(arg))
        buf_cstr(out, "...");
}

const char *doc_value(const Arg *arg, Arena *a)
{
    Buf b = { .max = 200 };
    put_value(arg, &b);
    const char *s = str_c(buf_as_str(&b), a);
    buf_release(&b);
    return s;
}

void doc_arg(const Arg *arg, Buf *out)
{
    if (!arg_is_option(arg)) {
        put_value(arg, out);
        return;
    }
    buf_cstr(out, arg->name);
    if (arg->letter)
        buf_printf(out, ", -%c", arg->letter);
    if (arg->kind != ARG_FLAG) {
        buf_char(out, ' ');
        put_value(arg, out);
    }
}

const char *arg_label(const Arg *arg, Arena *a)
{
    return arg_is_option(arg) ? arg->name : doc_value(arg, a);
}

void doc_arg_more(const Arg *arg, Buf *out)
{
    if (arg->kind == ARG_CHOICE) {
        buf_cstr(out, ": ");
        for (const char *const *c = arg->choices; *c; c++)
            buf_printf(out, "%s%s", c == arg->choices ? "" : ", ", *c);
    }
    if (arg->kind == ARG_LIST)
        buf_cstr(out, "; may be given several times");
    if (arg->fallback)
        buf_printf(out, " (default %s)", arg->fallback);
}

static void put_argument(const Arg *a, const Arg *shown_with_where, Buf *out)
{
    bool optional = a->flags & ARG_OPTIONAL || a->kind == ARG_FLAG;
    buf_cstr(out, optional ? " [" : " ");
    if (a == shown_with_where && !optional)
        buf_char(out, '(');
    if (arg_is_option(a))
        buf_printf(out, "%s%s", a->name, a->kind == ARG_FLAG ? "" : " ");
    put_value(a, out);
    if (a == shown_with_where)
        buf_printf(out, " | --where EXPR%s", optional ? "" : ")");
    if (optional)
        buf_char(out, ']');
    if (a->kind == ARG_LIST)
        buf_cstr(out, "...");
}

const char *doc_reverse(const Command *cmd)
{
    if (cmd->flags & COMMAND_FINAL)
        return NULL;
    return strcmp(cmd->name, "undo") == 0 ? "redo" : "undo";
}

void doc_synopsis(const Command *cmd, Buf *out)
{
    buf_cstr(out, cmd->name);
    for (const Arg *a = cmd->args; a && a->name; a++) {
        if (assign_first(cmd, a)) {
            buf_cstr(out, " [");
            put_upper(assign_first(cmd, a), out);
            buf_char(out, ']');
        }
        put_argument(a, a->kind == ARG_TARGET || a->kind == ARG_FILTER ? a : NULL, out);
    }
}

/* ---- lines ----------------------------------------------------------------------------------- */

void doc_wrap(Str text, int width, int indent, int column, Buf *out)
{
    bool first = true;
    for (size_t i = 0; i < text.n;) {
        size_t n = 0;
        while (i + n < text.n && text.s[i + n] != ' ')
            n++;
        Str word = str_n(text.s + i, n);
        int w = text_width(word, 1);
        if (!first && width && column + 1 + w > width) {
            buf_printf(out, "\n%*s", indent, "");
            column = indent;
        } else if (!first) {
            buf_char(out, ' ');
            column++;
        }
        buf_str(out, word);
        column += w;
        first = false;
        i += n;
        while (i < text.n && text.s[i] == ' ')
            i++;
    }
    buf_char(out, '\n');
}

void doc_item(const char *term, int term_width, Str text, int width, Buf *out)
{
    int w = text_width(str(term), 1);
    buf_printf(out, "  %s", term);
    if (!text.n) {
        buf_char(out, '\n');
        return;
    }
    if (w > term_width)
        buf_printf(out, "\n%*s", term_width + 4, "");
    else
        buf_printf(out, "%*s", term_width - w + 2, "");
    doc_wrap(text, width, term_width + 4, term_width + 4, out);
}

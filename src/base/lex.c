/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/lex.h"

enum { PLAIN = 0x100 };             /* a byte that means nothing to the lexer */

typedef enum Part { PART_NAME, PART_OPERATOR, PART_VALUE } Part;

typedef struct Lexer {
    Str in;
    size_t p;
    bool whole;                     /* a text, no command line: no `;` or newline ends it */
    int depth;                      /* open parentheses that are not quoted */
    bool value_next;                /* the word before was an operator standing alone */
    int folded;
    LexEnd end;
    size_t open_at;                 /* where the open quote or last backslash is */
    Buf text, mask;                 /* of all words so far, a NUL after each */
} Lexer;

typedef struct Piece {              /* the word being read */
    Part part;
    int inner;                      /* ASCII parentheses opened in its value */
    int wide;                       /* full-width ones opened in its value, which are text */
    bool any_quoted;
} Piece;

/* The ASCII meaning of the character at p, 0x100 for other text; full-width forms are U+FFxx
 * (EF BC xx, EF BD xx) and U+3000. */
static int peek(const Lexer *l, size_t *len)
{
    const unsigned char *s = (const unsigned char *)l->in.s + l->p;
    size_t left = l->in.n - l->p;
    *len = 1;
    if (*s < 0x80)
        return *s;
    if (left < 3)
        return PLAIN;
    int c = PLAIN;
    if (s[0] == 0xE3 && s[1] == 0x80 && s[2] == 0x80)
        c = ' ';
    else if (s[0] == 0xEF && s[1] == 0xBC && s[2] >= 0x81)
        c = s[2] - 0x80 + 0x20;
    else if (s[0] == 0xEF && s[1] == 0xBD && s[2] == 0x9E)
        c = '~';
    if (c == PLAIN || !strchr(" (),;:=!<>~0123456789", c))
        return PLAIN;
    *len = 3;
    return c;
}

static void put(Lexer *l, const char *s, size_t n, bool quoted)
{
    buf_put(&l->text, s, n);
    while (n-- > 0)
        buf_char(&l->mask, quoted);
}

static bool is_blank(const Lexer *l, int c)
{
    return c == ' ' || c == '\t' || c == '\r' || (c == '\n' && (l->whole || l->depth > 0));
}

static bool is_end(const Lexer *l, int c)
{
    return (c == ';' || c == '\n') && !l->whole && l->depth == 0;
}

/* Bytes of a line end after a backslash at p, 0 if there is none. */
static size_t joined_line(const Lexer *l)
{
    const char *s = l->in.s + l->p + 1;
    size_t left = l->in.n - l->p - 1;
    if (left > 0 && s[0] == '\n')
        return 1;
    return left > 1 && s[0] == '\r' && s[1] == '\n' ? 2 : 0;
}

static bool unfinished(Lexer *l, LexEnd why, size_t at)
{
    l->end = why;
    l->open_at = at;
    l->p = l->in.n;
    return false;
}

/* The backslash at p: outside quotes it takes the next character as it is. */
static bool escape(Lexer *l, Piece *w)
{
    size_t at = l->p, line_end = joined_line(l);
    l->p += 1 + line_end;
    if (l->p == l->in.n)
        return unfinished(l, LEX_BACKSLASH, at);
    if (line_end)
        return true;
    size_t len = 1;
    while (l->p + len < l->in.n && ((unsigned char)l->in.s[l->p + len] & 0xC0) == 0x80)
        len++;                      /* the rest of a UTF-8 character */
    put(l, l->in.s + l->p, len, true);
    w->any_quoted = true;
    l->p += len;
    return true;
}

static void escape_in_double(Lexer *l)
{
    size_t line_end = joined_line(l);
    if (line_end) {
        l->p += 1 + line_end;
        return;
    }
    char next = l->p + 1 < l->in.n ? l->in.s[l->p + 1] : '\0';
    const char *known = next ? strchr("\"\\nt", next) : NULL;
    if (known)
        put(l, next == 'n' ? "\n" : next == 't' ? "\t" : known, 1, true);
    else
        put(l, "\\", 1, true);
    l->p += known ? 2 : 1;
}

static bool quote(Lexer *l, Piece *w)
{
    size_t at = l->p;
    char mark = l->in.s[l->p++];
    w->any_quoted = true;
    while (l->p < l->in.n) {
        char c = l->in.s[l->p];
        if (c == mark) {
            l->p++;
            return true;
        }
        if (c == '\\' && mark == '"') {
            escape_in_double(l);
        } else {
            put(l, &c, 1, true);
            l->p++;
        }
    }
    return unfinished(l, LEX_QUOTE, at);
}

/* In a value a full-width character is text, but for the ） of a group opened before the value. */
static bool is_folded(const Lexer *l, Piece *w, int c, size_t len)
{
    if (len == 1 || w->part != PART_VALUE)
        return len > 1;
    if (c == '(')
        w->wide++;
    if (c != ')')
        return false;
    if (w->wide > 0) {
        w->wide--;
        return false;
    }
    return l->depth > w->inner;
}

static void count_paren(Lexer *l, Piece *w, int c)
{
    if (c == '(') {
        l->depth++;
        w->inner += w->part == PART_VALUE;
    } else if (c == ')' && l->depth > 0) {
        l->depth--;
        w->inner -= w->inner > 0;
    }
}

static Part next_part(Part part, int c)
{
    if (part == PART_NAME && (c == '<' || c == '>'))
        return PART_OPERATOR;       /* a `=` may follow */
    if (part == PART_NAME && (c == '=' || c == '~'))
        return PART_VALUE;
    return part == PART_OPERATOR ? PART_VALUE : part;
}

/* Read the pieces of one word up to the blank, `;` or newline behind it. */
static bool read_word(Lexer *l, Piece *w)
{
    while (l->p < l->in.n) {
        size_t len;
        int c = peek(l, &len);
        if (c == '\'' || c == '"') {
            if (!quote(l, w))
                return false;
            w->part = w->part == PART_OPERATOR ? PART_VALUE : w->part;
            continue;
        }
        if (c == '\\') {
            if (!escape(l, w))
                return false;
            w->part = w->part == PART_OPERATOR ? PART_VALUE : w->part;
            continue;
        }
        if (w->part == PART_OPERATOR && c != '=')
            w->part = PART_VALUE;
        bool folded = is_folded(l, w, c, len);
        if (len > 1 && !folded) {
            put(l, l->in.s + l->p, len, false);
            l->p += len;
            continue;
        }
        if (is_blank(l, c) || is_end(l, c))
            return true;
        count_paren(l, w, c);
        w->part = next_part(w->part, c);
        put(l, folded ? &(char){ (char)c } : l->in.s + l->p, 1, false);
        l->folded += folded;
        l->p += len;
    }
    return true;
}

/* Skip to the next word; false at the end of the command, whose `;` or newline is consumed. */
static bool skip_to_word(Lexer *l)
{
    while (l->p < l->in.n) {
        size_t len;
        int c = peek(l, &len);
        if (len > 1 && l->value_next && c != ' ')
            return true;
        if (c == '#') {
            const char *nl = memchr(l->in.s + l->p, '\n', l->in.n - l->p);
            l->p = nl ? (size_t)(nl - l->in.s) : l->in.n;
        } else if (c == '\\' && joined_line(l)) {
            size_t at = l->p;
            l->p += 1 + joined_line(l);
            if (l->p == l->in.n)
                return unfinished(l, LEX_BACKSLASH, at);
        } else if (is_blank(l, c)) {
            l->folded += len > 1;
            l->p += len;
        } else if (is_end(l, c)) {
            l->folded += len > 1;
            l->p += len;
            return false;
        } else {
            return true;
        }
    }
    return false;
}

static bool is_field_operator(Str s)
{
    return str_is(s, "=") || str_is(s, "!=") || str_is(s, "<") || str_is(s, "<=") || str_is(s, ">")
        || str_is(s, ">=") || str_is(s, "~");
}

static bool is_shell_operator(Str s)
{
    return str_is(s, "|") || str_is(s, ">") || str_is(s, ">!") || str_is(s, ">>");
}

/* The next word into *w, its text and mask still as offsets into the lexer's; false at the end of
 * the command or where it is unfinished (l->end). */
static bool next_word(Lexer *l, Word *w, size_t *from)
{
    if (!skip_to_word(l)) {
        if (l->end == LEX_COMPLETE && l->depth > 0)
            l->end = LEX_PAREN;
        return false;
    }
    Piece piece = { .part = l->value_next ? PART_VALUE : PART_NAME };
    size_t at = l->p;
    bool grouped = l->depth > 0;
    char first = l->in.s[at];
    *from = l->text.n;
    if (!read_word(l, &piece))
        return false;
    Str text = { "", l->text.n - *from };
    if (text.n > 0)
        text.s = l->text.s + *from;
    bool bare = !piece.any_quoted;
    *w = (Word){ .text.n = text.n, .at = (int)at, .width = (int)(l->p - at) };
    w->quoted = first == '\'' || first == '"' || (!bare && text.n && l->mask.s[*from]);
    w->oper = bare && !grouped && is_shell_operator(text);
    l->value_next = bare && is_field_operator(text);
    buf_char(&l->text, '\0');
    buf_char(&l->mask, piece.any_quoted);
    return true;
}

size_t lex_command(Str text, LexEnd *end)
{
    Lexer l = { .in = text };
    Word w;
    size_t from;
    while (next_word(&l, &w, &from)) {
        buf_reset(&l.text);
        buf_reset(&l.mask);
    }
    *end = l.end;
    buf_release(&l.text);
    buf_release(&l.mask);
    return l.p;
}

/* Give the words their texts and masks, copied into the arena. */
static void place_words(const Lexer *l, Words *words, Arena *a)
{
    const char *text = arena_strndup(a, l->text.s, l->text.n);
    const char *mask = arena_strndup(a, l->mask.s, l->mask.n);
    for (int i = 0; i < words->n; i++) {
        Word *w = &words->w[i];
        w->text.s = text;
        w->mask = mask[w->text.n] ? (const bool *)mask : NULL;
        text += w->text.n + 1;
        mask += w->text.n + 1;
    }
}

static bool say_unfinished(const Lexer *l, Error *err)
{
    if (l->end == LEX_QUOTE)
        fail(err, ERR_USAGE, "the quote %c is not closed", l->in.s[l->open_at]);
    else
        fail(err, ERR_USAGE, "nothing follows the backslash at the end");
    return fail_at(err, (int)l->open_at, 1);
}

static bool split(Str text, bool whole, Arena *a, Words *out, int *folded, Error *err)
{
    Lexer l = { .in = text, .whole = whole };
    Buf words = { 0 };
    Word w;
    size_t from;
    if (text.n && memchr(text.s, '\0', text.n))
        return fail(err, ERR_USAGE, "a NUL byte stands in the line: this is no text");
    while (next_word(&l, &w, &from))
        buf_put(&words, (const char *)&w, sizeof w);
    *out = (Words){ .n = (int)(words.n / sizeof w) };
    out->w = ARENA_ARRAY(a, Word, out->n + 1);
    if (out->n)
        memcpy(out->w, words.s, words.n);
    place_words(&l, out, a);
    if (folded)
        *folded = l.folded;
    buf_release(&words);
    buf_release(&l.text);
    buf_release(&l.mask);
    return l.end == LEX_QUOTE || l.end == LEX_BACKSLASH ? say_unfinished(&l, err) : true;
}

bool lex_words(Str line, Arena *a, Words *out, int *folded, Error *err)
{
    return split(line, false, a, out, folded, err);
}

bool lex_text(Str text, Arena *a, Words *out, Error *err)
{
    return split(text, true, a, out, NULL, err);
}

Words lex_argv(char *const *argv, int n, Arena *a)
{
    Words out = { ARENA_ARRAY(a, Word, n > 0 ? n : 1), n };
    int at = 0;
    for (int i = 0; i < n; i++) {
        Str text = str(argv[i]);
        out.w[i] = (Word){ .text = text, .at = at, .width = (int)text.n, .raw = true };
        at += (int)text.n + 1;
    }
    return out;
}

static bool is_name_byte(char c)
{
    return (unsigned char)c >= 0x80 || c == '_' || c == '.' || c == '-' || (c >= '0' && c <= '9')
        || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Length of a bare `name=`, `name>=` and the like at the start of s, 0 if there is none or its
 * name would be folded. */
static size_t bare_prefix(Str s)
{
    static const char *const operators[] = { "+=", "!=", "<=", ">=", "=", "<", ">", "~" };
    Lexer l = { .in = s };
    for (size_t len; l.p < s.n && is_name_byte(s.s[l.p]); l.p += len)
        if (peek(&l, &len) != PLAIN && len > 1)
            return 0;
    Str rest = { s.s + l.p, s.n - l.p };
    for (size_t i = 0; l.p > 0 && i < sizeof operators / sizeof *operators; i++)
        if (str_starts(rest, operators[i]))
            return l.p + strlen(operators[i]);
    return 0;
}

/* May the text stand unquoted? Full-width characters are folded only outside values. */
static bool is_bare(Str s, bool value)
{
    Lexer l = { .in = s };
    if (s.n == 0 || str_is(s, "and") || str_is(s, "or") || str_is(s, "not") || str_is(s, "in"))
        return false;
    while (l.p < s.n) {
        size_t len;
        int c = peek(&l, &len);
        if (len > 1 ? !value || c == ')' : c < 0x20 || c == 0x7F)
            return false;
        if (len == 1 && c < 0x80 && strchr(" '\"\\;#|<>=~!(),", c))
            return false;
        l.p += len;
    }
    return true;
}

static void put_quoted(Str s, Buf *out)
{
    bool plain = true;
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] == '\'' || s.s[i] == '\n' || s.s[i] == '\t')
            plain = false;
    buf_char(out, plain ? '\'' : '"');
    for (size_t i = 0; i < s.n; i++) {
        char c = s.s[i];
        if (plain || (c != '"' && c != '\\' && c != '\n' && c != '\t'))
            buf_char(out, c);
        else
            buf_printf(out, "\\%c", c == '\n' ? 'n' : c == '\t' ? 't' : c);
    }
    buf_char(out, plain ? '\'' : '"');
}

const char *lex_quote(Str s, Arena *a)
{
    Buf out = { 0 };
    size_t prefix = bare_prefix(s);
    Str rest = { s.s + prefix, s.n - prefix };
    buf_put(&out, s.s, prefix);
    if ((prefix > 0 && rest.n == 0) || is_bare(rest, prefix > 0))
        buf_str(&out, rest);
    else
        put_quoted(rest, &out);
    const char *text = arena_strndup(a, out.s, out.n);
    buf_release(&out);
    return text;
}

/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * filter.c -- the filter's words taken apart and parsed.  What a comparison means in SQL is
 * compare.c's.  Recursive descent over tokens; parameters are anonymous `?` in textual order, so
 * that conditions are joined by joining their text.
 */
#include "model/filter.h"

#include <ctype.h>

#include "model/compare.h"

typedef enum Tok { TOK_END, TOK_OPEN, TOK_CLOSE, TOK_COMMA, TOK_OP, TOK_TEXT } Tok;

typedef struct Token {
    Tok tok;
    Str text;              /* of TEXT: unquoted; of OP: the operator */
    bool plain;            /* TEXT that was nowhere quoted: may be a keyword */
    bool joined;           /* follows the token before it without a blank */
    bool raw;              /* of a word from argv */
    int at, width;
} Token;

/* SQLite's parser has a stack of 100 and its expressions a depth of 1,000. */
enum { NESTED_MOST = 20, COMPARED_MOST = 400, VALUES_MOST = 30000 };

typedef struct Parser {
    Crm *crm;
    Arena *a;
    Token *t;              /* n tokens, the last is TOK_END */
    int n, i, room;
    int depth;             /* of nesting */
    int compared;          /* terms so far */
    Compiled out;          /* SQL and values so far */
    Error *err;
} Parser;

/* ---- tokens ---------------------------------------------------------------------------------- */

static Token *token_add(Parser *p, Tok tok, const Word *w, size_t from, size_t to)
{
    if (p->n + 1 >= p->room) {
        int room = p->room ? p->room * 2 : 32;
        Token *more = ARENA_ARRAY(p->a, Token, room);
        if (p->n)
            memcpy(more, p->t, sizeof *more * (size_t)p->n);
        p->t = more;
        p->room = room;
    }
    Token *t = &p->t[p->n++];
    *t = (Token){ .tok = tok, .at = w ? w->at : 0, .width = w ? w->width : 0 };
    t->plain = true;
    t->joined = from > 0;
    if (w) {
        t->raw = w->raw;
        t->text = str_n(w->text.s + from, to - from);
        for (size_t i = from; i < to; i++)
            t->plain = t->plain && !word_quoted_at(w, i);
        if (!w->mask && w->text.n == (size_t)w->width) {   /* nothing was unquoted */
            t->at = w->at + (int)from;
            t->width = (int)(to - from);
        }
        if (from == 0 && w->quoted)
            t->plain = false;
    }
    return t;
}

/* Length of the operator at byte i, 0 when there is none. */
static size_t operator_at(const Word *w, size_t i)
{
    const char *s = w->text.s;
    size_t left = w->text.n - i;
    if (word_quoted_at(w, i))
        return 0;
    bool next = left > 1 && !word_quoted_at(w, i + 1);
    if (next && ((strchr("!<>", s[i]) && s[i + 1] == '=') || (s[i] == '!' && s[i + 1] == '~')))
        return 2;
    return strchr("=<>~", s[i]) ? 1 : 0;
}

/* The value behind an operator in its word: to the end, or to a ) that closes nothing of it. */
static size_t value_end(const Word *w, size_t i)
{
    int inner = 0;
    for (; i < w->text.n; i++) {
        if (w->raw || word_quoted_at(w, i))
            continue;
        if (w->text.s[i] == '(')
            inner++;
        else if (w->text.s[i] == ')' && inner-- == 0)
            break;
    }
    return i;
}

/* Is the last token the `in` before a list? */
static bool after_in(const Parser *p)
{
    const Token *t = p->n ? &p->t[p->n - 1] : NULL;
    return t && t->tok == TOK_TEXT && t->plain && str_eq_nocase(t->text, STR("in"));
}

/* `is_list`: a list of values is open, which commas separate. */
static void word_tokens(Parser *p, const Word *w, bool *is_list)
{
    size_t i = 0, n = w->text.n;
    if (n == 0) {
        token_add(p, TOK_TEXT, w, 0, 0)->plain = false;
        return;
    }
    while (i < n) {
        char c = w->text.s[i];
        bool quoted = word_quoted_at(w, i);
        size_t op = operator_at(w, i);
        if (!quoted && (c == '(' || c == ')' || (c == ',' && *is_list))) {
            *is_list = c == ',' || (c == '(' && after_in(p));
            token_add(p, c == '(' ? TOK_OPEN : c == ')' ? TOK_CLOSE : TOK_COMMA, w, i, i + 1);
            i++;
        } else if (op) {
            token_add(p, TOK_OP, w, i, i + op);
            i += op;
            size_t end = value_end(w, i);
            if (end > i)
                token_add(p, TOK_TEXT, w, i, end);
            i = end;
        } else {
            size_t from = i;
            for (; i < n && !operator_at(w, i); i++)
                if (!word_quoted_at(w, i)
                    && (w->text.s[i] == '(' || w->text.s[i] == ')'
                        || (w->text.s[i] == ',' && *is_list)))
                    break;
            token_add(p, TOK_TEXT, w, from, i);
        }
    }
}

/* ---- the grammar ----------------------------------------------------------------------------- */

static bool expr(Parser *p, const Type *t, const char *alias);

static const Token *peek(const Parser *p)
{
    return &p->t[p->i];
}

static bool keyword(const Parser *p, const char *word)
{
    const Token *t = peek(p);
    return t->tok == TOK_TEXT && t->plain && str_eq_nocase(t->text, str(word));
}

static bool wrong(const Parser *p, const Token *t, const char *what)
{
    if (t->tok == TOK_END)
        fail(p->err, ERR_USAGE, "%s at the end of the filter", what);
    else
        fail(p->err, ERR_USAGE, "%s at '%.*s'", what, STR_ARG(t->text));
    fail_hint(p->err, "help filter shows the language");
    return fail_at(p->err, t->at, t->width);
}

/* A comparison failed: say where. */
static bool wrong_at(const Parser *p, const Token *name, const Token *value)
{
    if ((name->raw || !name->plain) && name->text.n && strpbrk(str_c(name->text, p->a), " =<>~")) {
        fail(p->err, ERR_USAGE, "'%.*s' is not one comparison", STR_ARG(name->text));
        fail_hint(p->err, "--where \"...\" takes a whole filter as one word");
    }
    const Token *t = value ? value : name;
    return fail_at(p->err, t->at, t->width);
}

/* Does s begin with a field of t and an operator, as "not (value>80" does? */
static bool begins_condition(const Type *t, Str s)
{
    size_t n = 0;
    while (str_starts(s, "not ") || str_starts(s, "("))
        s = str_n(s.s + (*s.s == '(' ? 1 : 4), s.n - (*s.s == '(' ? 1 : 4));
    while (n < s.n && (isalnum((unsigned char)s.s[n]) || s.s[n] == '_' || s.s[n] & 0x80))
        n++;
    return n && n < s.n && strchr("=!<>~.", s.s[n]) && type_field(t, str_n(s.s, n));
}

/* A word from argv is one comparison, and its value may hold anything; but one in which a second
 * condition follows was meant as a filter, and would silently find nothing. */
static bool is_one(const Parser *p, const Type *t, const Token *name, const Token *value)
{
    Str s = value->text;
    for (size_t i = 0; value->raw && i + 4 < s.n; i++) {
        Str rest = str_n(s.s + i, s.n - i);
        size_t skip = str_starts(rest, " and ") ? 5 : str_starts(rest, " or ") ? 4 : 0;
        if (!skip || !begins_condition(t, str_n(rest.s + skip, rest.n - skip)))
            continue;
        fail(p->err, ERR_USAGE, "this is one word, so %.*s is compared with all of '%.*s'",
             STR_ARG(name->text), STR_ARG(s));
        fail_hint(p->err, "--where \"...\" takes a whole filter as one word");
        return fail_at(p->err, value->at, value->width);
    }
    return true;
}

/* "not in" is two words. */
static bool take_in(Parser *p, bool *negate)
{
    *negate = keyword(p, "not") && p->t[p->i + 1].tok == TOK_TEXT && p->t[p->i + 1].plain
              && str_eq_nocase(p->t[p->i + 1].text, STR("in"));
    if (!*negate && !keyword(p, "in"))
        return false;
    p->i += *negate ? 2 : 1;
    return true;
}

/* The values between parentheses; *first is the token of the first one. */
static bool list_values(Parser *p, Condition *c, const Token **first)
{
    int room = 0;
    Str *values = NULL;
    if (peek(p)->tok != TOK_OPEN)
        return wrong(p, peek(p), "in wants a list in parentheses");
    *first = &p->t[p->i + 1];
    do {
        const Token *v = &p->t[++p->i];
        if (v->tok != TOK_TEXT) {
            wrong(p, v, "a value is missing");
            return fail_hint(p->err, "a blank, ' ', stands for none: city in (a, ' ')");
        }
        if (c->n == VALUES_MOST)
            return wrong(p, v, "too many values");
        if (c->n == room) {
            Str *more = ARENA_ARRAY(p->a, Str, room * 2 + 8);
            if (room)
                memcpy(more, values, sizeof *more * (size_t)room);
            values = more;
            room = room * 2 + 8;
        }
        values[c->n++] = v->text;
        p->i++;
    } while (peek(p)->tok == TOK_COMMA);
    c->values = values;
    if (peek(p)->tok != TOK_CLOSE)
        return wrong(p, peek(p), "a ) is missing");
    p->i++;
    return true;
}

/* Values of moments each become a term of their own. */
static bool count_terms(Parser *p, const Token *name, int n)
{
    p->compared += n > 0 ? n : 1;
    return p->compared <= COMPARED_MOST || wrong(p, name, "too many comparisons in one filter");
}

static bool in_list(Parser *p, const Type *t, const char *alias, const Token *name, bool negate)
{
    Condition c = { .path = name->text, .op = negate ? STR("!=") : STR("=") };
    const Token *first = NULL;
    if (!list_values(p, &c, &first))
        return false;
    int before = p->out.n;
    if (!compare(p->crm, t, alias, &c, p->a, &p->out, p->err))
        return wrong_at(p, name, c.wrong < 0 ? NULL : first + 2 * c.wrong);
    bool ranges = p->out.n - before > c.n;
    return count_terms(p, name, ranges ? c.n : 1);
}

/* value<>80 and name==x are meant otherwise than > 80 and =x, and would silently find nothing. */
static bool is_operator(const Parser *p, const Token *op, const Token *value)
{
    size_t n = 0;
    while (value->plain && value->joined && n < value->text.n && strchr("=<>~", value->text.s[n]))
        n++;
    if (n == 0)
        return true;
    fail(p->err, ERR_USAGE, "'%.*s%.*s' is no operator", STR_ARG(op->text), (int)n, value->text.s);
    fail_hint(p->err, "!= is not, >= at least, <= at most, !~ does not contain;"
                      " quote a value that begins so");
    return fail_at(p->err, op->at, value->raw ? op->width : op->width + (int)n);
}

static bool comparison(Parser *p, const Type *t, const char *alias)
{
    const Token *name = peek(p), *value = NULL;
    bool negate;
    if (name->tok != TOK_TEXT)
        return wrong(p, name, "a field is missing");
    p->i++;
    if (take_in(p, &negate))
        return in_list(p, t, alias, name, negate);
    Condition c = { .path = name->text };
    const Token *op = peek(p);
    if (op->tok == TOK_OP) {
        c.op = op->text;
        p->i++;
        /* "field=" alone asks for null: a value belongs to it when it touches, or when the
         * operator stands free */
        if (peek(p)->tok == TOK_TEXT && (peek(p)->joined || !op->joined)) {
            value = &p->t[p->i++];
            c.values = &value->text;
            c.n = 1;
        }
    }
    if (value && (!is_operator(p, op, value) || !is_one(p, t, name, value)))
        return false;
    if (!compare(p->crm, t, alias, &c, p->a, &p->out, p->err)) {
        if (!c.op.n && str_starts(str(p->err->hint), "help "))     /* no field is near */
            fail_hint(p->err, "%s find %.*s looks for words", t->name, STR_ARG(name->text));
        return wrong_at(p, name, c.wrong < 0 ? NULL : value);
    }
    return count_terms(p, name, 1);
}

static bool term(Parser *p, const Type *t, const char *alias)
{
    if (++p->depth > NESTED_MOST)
        return wrong(p, peek(p), "nested too deeply");
    bool ok;
    if (keyword(p, "not")) {
        p->i++;
        compiled_put(&p->out, "(");
        ok = term(p, t, alias);
        compiled_put(&p->out, ") IS NOT TRUE");
    } else if (peek(p)->tok == TOK_OPEN) {
        p->i++;
        ok = expr(p, t, alias);
        if (ok && peek(p)->tok != TOK_CLOSE)
            ok = wrong(p, peek(p), "a ) is missing");
        p->i++;
    } else {
        ok = comparison(p, t, alias);
    }
    p->depth--;
    return ok;
}

static bool and_terms(Parser *p, const Type *t, const char *alias)
{
    if (!term(p, t, alias))
        return false;
    while (peek(p)->tok != TOK_END && peek(p)->tok != TOK_CLOSE && !keyword(p, "or")) {
        if (keyword(p, "and"))
            p->i++;
        compiled_put(&p->out, " AND ");
        if (!term(p, t, alias))
            return false;
    }
    return true;
}

/* In parentheses of its own. */
static bool expr(Parser *p, const Type *t, const char *alias)
{
    compiled_put(&p->out, "(");
    if (!and_terms(p, t, alias))
        return false;
    while (keyword(p, "or")) {
        p->i++;
        compiled_put(&p->out, " OR ");
        if (!and_terms(p, t, alias))
            return false;
    }
    compiled_put(&p->out, ")");
    return true;
}

/* ---- faces ----------------------------------------------------------------------------------- */

/* A value that could be read as something else is quoted. */
static void put_text(const Token *t, Buf *out)
{
    bool bare = t->plain && t->text.n > 0 && !memmem(t->text.s, t->text.n, "）", strlen("）"))
                && !memmem(t->text.s, t->text.n, "；", strlen("；"));
    for (size_t i = 0; bare && i < t->text.n; i++)
        bare = isalnum((unsigned char)t->text.s[i]) || strchr("_.-+:/@", t->text.s[i])
               || (!t->raw && !strchr("();", t->text.s[i]));
    if (bare) {
        buf_str(out, t->text);
        return;
    }
    buf_char(out, '"');
    for (size_t i = 0; i < t->text.n; i++) {
        if (t->text.s[i] == '"' || t->text.s[i] == '\\')
            buf_char(out, '\\');
        buf_char(out, t->text.s[i]);
    }
    buf_char(out, '"');
}

/* The filter written again from its tokens. */
static const char *canonical(const Parser *p)
{
    Buf b = { 0 };
    for (int i = 0; i + 1 < p->n; i++) {
        const Token *t = &p->t[i];
        if (i > 0 && !t->joined)
            buf_char(&b, ' ');
        if (t->tok == TOK_TEXT)
            put_text(t, &b);
        else
            buf_str(&b, t->text);
    }
    const char *out = b.n ? str_c(buf_as_str(&b), p->a) : "";
    buf_release(&b);
    return out;
}

bool filter_words(Crm *crm, const Type *t, const Word *w, int n, Arena *a, Filter *out, Error *err)
{
    Parser p = { .crm = crm, .a = a, .err = err };
    bool is_list = false;
    for (int i = 0; i < n; i++)
        word_tokens(&p, &w[i], &is_list);
    token_add(&p, TOK_END, NULL, 0, 0);
    *out = (Filter){ .sql = "1", .text = "" };
    if (p.n == 1)
        return true;
    bool ok = expr(&p, t, "t");
    if (ok && peek(&p)->tok != TOK_END)
        ok = wrong(&p, peek(&p), "what does not belong there");
    if (ok)
        *out = (Filter){ str_c(buf_as_str(&p.out.sql), a), p.out.bind, p.out.n, canonical(&p) };
    buf_release(&p.out.sql);
    return ok;
}

bool filter_text(Crm *crm, const Type *t, Str text, Arena *a, Filter *out, Error *err)
{
    Words words;
    return lex_text(text, a, &words, err)
           && filter_words(crm, t, words.w, words.n, a, out, err);
}

static Filter join(const Filter *x, const char *how, const Filter *y, const char *end, Arena *a)
{
    Filter f = { .n = x->n + y->n };
    f.sql = arena_printf(a, "%s%s%s%s", x->sql, how, y->sql, end);
    f.bind = ARENA_ARRAY(a, Value, f.n);
    if (x->n)
        memcpy(f.bind, x->bind, sizeof(Value) * (size_t)x->n);
    if (y->n)
        memcpy(f.bind + x->n, y->bind, sizeof(Value) * (size_t)y->n);
    return f;
}

Filter filter_and(const Filter *x, const Filter *y, Arena *a)
{
    Filter f = join(x, " AND ", y, "", a);
    f.text = !*x->text   ? y->text
             : !*y->text ? x->text
                         : arena_printf(a, "(%s) and (%s)", x->text, y->text);
    return f;
}

Filter filter_and_not(const Filter *x, const Filter *y, Arena *a)
{
    Filter f = join(x, " AND (", y, ") IS NOT TRUE", a);
    f.text = *x->text ? arena_printf(a, "(%s) and not (%s)", x->text, y->text)
                      : arena_printf(a, "not (%s)", y->text);
    return f;
}

void filter_bind(const Filter *f, Query *q, int first)
{
    for (int i = 0; i < f->n; i++)
        query_value(q, first + i, f->bind[i]);
}

bool filter_holds(Crm *crm, const Type *t, const Filter *f, int64_t id, bool *holds, Error *err)
{
    Arena a = { 0 };
    Query *q = NULL;
    const char *text = arena_printf(&a, "SELECT 1 FROM \"%s\" t WHERE t.id = ?1 AND %s", t->table,
                                    f->sql);
    bool ok = query_text(crm->store, str(text), &q, err);
    if (ok) {
        query_int(q, 1, id);
        filter_bind(f, q, 2);
        int found = query_next(q, err);
        ok = found >= 0;
        *holds = found > 0;
    }
    query_close(q);
    arena_release(&a);
    return ok;
}

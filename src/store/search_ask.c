/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * search_ask.c -- what is asked of the search tables, as expressions of FTS5.
 *
 * FTS5 answers a prefix by merging the rows of all words that begin with it before the first is
 * seen, which for one letter among a million rows takes longer than anybody wants to wait.  The
 * words themselves are in order, so that a few of them are found at once.
 */
#include "base/unicode.h"
#include "store/store_int.h"

enum {
    BROAD = 2000,                        /* words in rows from which a prefix is narrowed */
    SOME = 48,                           /* words that then stand for it */
};

int search_terms(Str folded, const char *column, Arena *a, SearchTerm **out)
{
    Buf terms = { 0 };
    size_t at = 0;
    SearchTerm t;
    bool cjk;
    int n = 0;
    while (t = (SearchTerm){ .column = column }, bigram_run(folded, &at, &t.run, &cjk)) {
        int len;
        utf8_next(t.run.s, t.run.n, &len);
        t.prefix = cjk && (size_t)len == t.run.n;
        t.run = str_dup(t.run, a);
        size_t rest = at;
        Str next;
        bool next_cjk;
        if (!cjk && !bigram_run(folded, &rest, &next, &next_cjk))
            t.prefix = true;
        buf_put(&terms, (const char *)&t, sizeof t);
        n++;
    }
    *out = ARENA_ARRAY(a, SearchTerm, n + 1);
    if (n)
        memcpy(*out, terms.s, terms.n);
    buf_release(&terms);
    return n;
}

/* ---- prefixes of very many words ------------------------------------------------------------- */

/* Instances of words from the prefix on: when there are BROAD of them, its first words will do. */
static bool narrow_one(Query *q, SearchTerm *t, Arena *a, Error *err)
{
    Str some[SOME];
    int instances = 0, words = 0, n = 0;
    query_str(q, 1, t->run);
    while (instances < BROAD && (n = query_next(q, err)) > 0) {
        Str word = query_col_str(q, 0);
        if (word.n < t->run.n || memcmp(word.s, t->run.s, t->run.n) != 0)
            break;
        if (words < SOME && (words == 0 || !str_eq(word, some[words - 1])))
            some[words++] = str_dup(word, a);
        instances++;
    }
    query_reset(q);
    if (instances == BROAD) {
        t->n_some = words;
        t->some = ARENA_ARRAY(a, Str, SOME);
        memcpy(t->some, some, sizeof *some * (size_t)words);
    }
    return n >= 0;
}

bool search_narrow(Store *st, const char *table, SearchTerm *t, int n, Arena *a, bool *narrowed,
                   Error *err)
{
    Query *q = NULL;
    bool ok = true;
    *narrowed = false;
    for (int i = 0; ok && i < n; i++) {
        if (!t[i].prefix)
            continue;
        ok = (q || query_printf(st, &q, err, "SELECT term FROM %s_search_words"
                                " WHERE term >= ?1", table))
             && narrow_one(q, &t[i], a, err);
        *narrowed = *narrowed || t[i].n_some > 0;
    }
    query_close(q);
    return ok;
}

/* ---- expressions ----------------------------------------------------------------------------- */

static void put_term(Buf *b, const SearchTerm *t, const char *column, const char *caret)
{
    if (column)
        buf_printf(b, "%s : (", column);
    if (t->n_some == 0)
        buf_printf(b, "%s\"%.*s\"%s", caret, STR_ARG(t->run), t->prefix ? "*" : "");
    for (int i = 0; i < t->n_some; i++)
        buf_printf(b, "%s%s\"%.*s\"", i ? " OR " : column ? "" : "(", caret, STR_ARG(t->some[i]));
    buf_cstr(b, column || t->n_some > 0 ? ")" : "");
}

static const char *kept(Buf *b, Arena *a)
{
    const char *text = str_c(buf_as_str(b), a);
    buf_release(b);
    return text;
}

const char *search_expression(const SearchTerm *t, int n, Arena *a)
{
    Buf b = { 0 };
    for (int i = 0; i < n; i++) {
        buf_cstr(&b, i ? " AND " : "");
        put_term(&b, &t[i], t[i].column, "");
    }
    return kept(&b, a);
}

const char *search_expression_begins(const SearchTerm *t, const char *column, Arena *a)
{
    Buf b = { 0 };
    put_term(&b, t, column, "^ ");
    return kept(&b, a);
}

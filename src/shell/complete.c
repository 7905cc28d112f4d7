/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * complete.c -- the tab key: candidates come from the definitions of commands, from the data and
 * from Lua; readline only shows them.
 */
#include "shell/shell.h"

#include <stdlib.h>

#include <readline/readline.h>

#include "shell/prompt.h"

static Shell *shell;               /* readline's callbacks have no argument */

/* The statement that is being typed: the last one of the text. Returns where it begins. */
static size_t last_statement(Str text, Stmt *st)
{
    for (size_t at = 0;;) {
        Str rest = str_n(text.s + at, text.n - at);
        size_t used = stmt_scan(rest, NULL, st);
        bool ended = used > 0 && st->kind == STMT_COMMAND && strchr(";\n", rest.s[used - 1]);
        if (at + used >= text.n && !ended)
            return st->kind == STMT_NONE ? text.n : (size_t)(st->text.s - text.s);
        at += used;
        if (at >= text.n)
            return text.n;
    }
}

static bool is_redirected(Str statement)
{
    Arena a = { 0 };
    Words w;
    Error ignored = { 0 };
    bool found = false;
    if (lex_words(statement, &a, &w, NULL, &ignored))
        for (int i = 0; i < w.n; i++)
            found |= w.w[i].oper;
    arena_release(&a);
    return found;
}

/* Candidates for the end of the text; `start` of the result counts from the text's beginning.
 * False: file names are wanted. */
static bool find_candidates(Str text, Arena *a, Candidates *out)
{
    Stmt st;
    size_t from = last_statement(text, &st);
    Str statement = str_n(text.s + from, text.n - from);
    if (st.kind == STMT_PROGRAM || is_redirected(statement))
        return false;
    bool lua = st.kind == STMT_LUA || st.kind == STMT_VALUE;
    bool ok = lua ? script_complete(&shell->session, statement, (int)statement.n, a, out)
                  : complete_line(&shell->session, statement, (int)statement.n, a, out);
    if (!ok)
        out->n = 0;
    out->start += (int)from;
    return true;
}

/* Length of what all candidates share, in whole characters. */
static size_t common_length(char **s, int n)
{
    size_t same = strlen(s[0]);
    for (int i = 1; i < n; i++) {
        size_t k = 0;
        while (k < same && s[0][k] == s[i][k])
            k++;
        same = k;
    }
    while (same > 0 && ((unsigned char)s[0][same] & 0xC0) == 0x80)
        same--;
    return same;
}

/* As readline wants them: what they share first, then each, NULL. */
static char **as_matches(char **s, int n, const char *typed)
{
    char **m = xalloc(((size_t)n + 2) * sizeof *m);
    size_t same = common_length(s, n);
    m[0] = same < strlen(typed) ? xstrdup(typed) : xstrndup(s[0], same);
    if (n > 1)
        memcpy(m + 1, s, (size_t)n * sizeof *s);
    else
        free(s[0]);
    return m;
}

static char **on_tab(const char *typed, int start, int end)
{
    Arena a = { 0 };
    Buf text = { 0 };
    Candidates c = { 0 };
    char **matches = NULL;
    buf_str(&text, prompt_pending());
    int before = (int)text.n;
    buf_put(&text, rl_line_buffer, (size_t)end);
    rl_attempted_completion_over = find_candidates(buf_as_str(&text), &a, &c);
    int cut = before + start - c.start;        /* bytes of a candidate that readline leaves alone */
    if (c.n > 0) {
        char **s = xalloc((size_t)c.n * sizeof *s);
        for (int i = 0; i < c.n; i++) {
            int n = (int)strlen(c.s[i]);
            if (cut >= 0)
                s[i] = xstrdup(c.s[i] + (cut < n ? cut : n));
            else
                s[i] = xstrdup(arena_printf(&a, "%.*s%s", -cut, typed, c.s[i]));
        }
        size_t n = strlen(s[0]);
        rl_completion_suppress_append = c.n == 1 && n && strchr("=/.(:", s[0][n - 1]);
        matches = as_matches(s, c.n, typed);
        free(s);
    }
    buf_release(&text);
    arena_release(&a);
    return matches;
}

void complete_open(Shell *sh)
{
    shell = sh;
    rl_attempted_completion_function = on_tab;
    rl_completer_word_break_characters = " \t\n";
    rl_sort_completion_matches = 0;
}

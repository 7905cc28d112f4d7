/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/variables.h"

#include <stdlib.h>

static bool is_name_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_'
           || (unsigned char)c >= 0x80;
}

static int place_of(const Variables *vars, Str name, bool *found)
{
    int i = 0;
    for (; i < vars->n; i++) {
        Str have = str(vars->v[i].name);
        size_t n = have.n < name.n ? have.n : name.n;
        int order = memcmp(have.s, name.s, n);
        if (order > 0 || (order == 0 && have.n >= name.n))
            break;
    }
    *found = i < vars->n && str_is(name, vars->v[i].name);
    return i;
}

bool variable_set(Variables *vars, Str name, Str value, Error *err)
{
    bool found;
    for (size_t i = 0; i < name.n; i++)
        if (!is_name_byte(name.s[i]))
            name.n = 0;
    if (name.n == 0) {
        fail(err, ERR_USAGE, "a variable's name is letters, digits and _");
        return fail_hint(err, "write it like set day 2026-03-01");
    }
    int i = place_of(vars, name, &found);
    if (found) {
        free(vars->v[i].value);
    } else {
        vars->v = xresize(vars->v, (size_t)(vars->n + 1) * sizeof *vars->v);
        memmove(vars->v + i + 1, vars->v + i, (size_t)(vars->n++ - i) * sizeof *vars->v);
        vars->v[i].name = xstrndup(name.s, name.n);
    }
    vars->v[i].value = xstrndup(value.s, value.n);
    return true;
}

const char *variable_get(const Variables *vars, Str name)
{
    bool found;
    int i = place_of(vars, name, &found);
    return found ? vars->v[i].value : NULL;
}

void variable_unset(Variables *vars, Str name)
{
    bool found;
    int i = place_of(vars, name, &found);
    if (!found)
        return;
    free(vars->v[i].name);
    free(vars->v[i].value);
    memmove(vars->v + i, vars->v + i + 1, (size_t)(--vars->n - i) * sizeof *vars->v);
}

void variables_release(Variables *vars)
{
    while (vars->n > 0)
        variable_unset(vars, str(vars->v[vars->n - 1].name));
    free(vars->v);
    vars->v = NULL;
}

/* Where a variable may begin: at the start, or behind the first unquoted operator of the word. */
static bool find_colon(const Word *w, size_t *at)
{
    size_t i = 0;
    while (i < w->text.n && !word_quoted_at(w, i) && !strchr("=<>~", w->text.s[i])
           && w->text.s[i] != ':')
        i++;
    if (i > 0 && i < w->text.n && w->text.s[i] == ':')
        return false;
    while (i < w->text.n && !word_quoted_at(w, i) && strchr("=<>~", w->text.s[i]))
        i++;
    *at = i;
    return i + 1 < w->text.n && w->text.s[i] == ':' && !word_quoted_at(w, i);
}

static bool all_digits(Str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.s[i] < '0' || s.s[i] > '9')
            return false;
    return true;
}

static bool expand_word(const Variables *vars, Word *w, Arena *a, Error *err)
{
    size_t at;
    if (!find_colon(w, &at))
        return true;
    Str name = str_n(w->text.s + at + 1, w->text.n - at - 1);
    for (size_t i = 0; i < name.n; i++)
        if (!is_name_byte(name.s[i]) || word_quoted_at(w, at + 1 + i))
            return true;
    const char *value = variable_get(vars, name);
    if (!value) {
        if (all_digits(name))
            return true;
        fail(err, ERR_USAGE, "there is no variable '%.*s'", STR_ARG(name));
        fail_hint(err, "set %.*s VALUE makes it; quote ':' where it is text", STR_ARG(name));
        return fail_at(err, w->at, w->width);
    }
    size_t n = at + strlen(value);
    bool *mask = ARENA_ARRAY(a, bool, n + 1);
    for (size_t i = at; i < n; i++)
        mask[i] = true;
    w->text = str(arena_printf(a, "%.*s%s", (int)at, w->text.s, value));
    w->mask = mask;
    w->quoted = w->quoted || at == 0;
    return true;
}

bool variables_expand(const Variables *vars, Words *words, Arena *a, Error *err)
{
    for (int i = 0; i < words->n; i++)
        if (!words->w[i].raw && !words->w[i].oper && !expand_word(vars, &words->w[i], a, err))
            return false;
    return true;
}

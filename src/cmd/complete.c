/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * complete.c -- which word of the line is being typed, and what it may be.
 *
 * Works on what stands before the cursor, with the lexer of the program, so that a candidate is
 * offered exactly where the command would take it.  Whatever cannot be understood gives no
 * candidates; nothing here is an error.
 */
#include "cmd/complete.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "cmd/doc.h"

enum { TIME_MS = 50 };                  /* unless PATTER_COMPLETE_MS says otherwise */

static int64_t time_us(void)
{
    const char *text = getenv("PATTER_COMPLETE_MS");
    int64_t ms;
    return (text && str_int(str(text), &ms) && ms > 0 && ms < 60000 ? ms : TIME_MS) * 1000;
}

/* ---- the list -------------------------------------------------------------------------------- */

/* Text that a terminal would obey, or not show, is not offered: readline shows it raw. */
static bool is_printable(Str text)
{
    for (int len; text.n; text = str_n(text.s + len, text.n - (size_t)len)) {
        uint32_t cp = utf8_next(text.s, text.n, &len);
        if (cp < ' ' || cp == 0x7F || (cp == 0xFFFD && len == 1) || is_hidden(cp))
            return false;
    }
    return true;
}

void offer(Offer *o, Str before, Str text)
{
    if (!is_printable(text))
        return;
    const char *whole = arena_printf(o->a, "%.*s%.*s", STR_ARG(before), STR_ARG(text));
    if (!text.n || o->n >= COMPLETE_MOST || strncmp(whole, o->typed.s, o->typed.n) != 0)
        return;
    const char *quoted = lex_quote(str(whole), o->a);
    for (int i = 0; i < o->n; i++)
        if (strcmp(o->list[i], quoted) == 0)
            return;
    if (o->n == o->room) {
        const char **more = ARENA_ARRAY(o->a, const char *, o->room ? 2 * o->room : 32);
        if (o->n)
            memcpy(more, o->list, sizeof *more * (size_t)o->n);
        o->list = more;
        o->room = o->room ? 2 * o->room : 32;
    }
    o->list[o->n++] = quoted;
}

void offer_cstr(Offer *o, const char *text)
{
    offer(o, (Str){ "", 0 }, str(text));
}

/* ---- commands -------------------------------------------------------------------------------- */

static void offer_owned(Offer *o, const char **words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        offer_cstr(o, words[i]);
    free(words);
}

static void offer_first_words(Offer *o)
{
    size_t n;
    const char **words = registry_words(o->s->registry, &n);
    offer_owned(o, words, n);
}

static void offer_verbs(Offer *o, Str noun)
{
    size_t n;
    const char **verbs = registry_verbs(o->s->registry, noun, &n);
    offer_owned(o, verbs, n);
}

/* ---- arguments ------------------------------------------------------------------------------- */

static const Arg *option_named(const Command *cmd, Str name)
{
    const Arg *const lists[] = { cmd->args, common_args };
    for (int i = 0; i < 2; i++)
        for (const Arg *a = lists[i]; a && a->name; a++)
            if (arg_is_option(a)
                && (str_is(name, a->name) || (name.n == 2 && a->letter && name.s[1] == a->letter)))
                return a;
    return NULL;
}

static bool is_option_word(const Word *w)
{
    return !w->quoted && w->text.n && w->text.s[0] == '-';
}

static void offer_options(Offer *o, const Command *cmd)
{
    const Arg *const lists[] = { cmd->args, common_args };
    const char *eq = memchr(o->typed.s, '=', o->typed.n);
    if (eq) {
        const Arg *a = option_named(cmd, str_n(o->typed.s, (size_t)(eq - o->typed.s)));
        if (a)
            offer_argument(o, cmd, a, str_n(o->typed.s, (size_t)(eq + 1 - o->typed.s)));
        return;
    }
    for (int i = 0; i < 2; i++)
        for (const Arg *a = lists[i]; a && a->name; a++)
            if (arg_is_option(a))
                offer_cstr(o, a->name);
    if (command_takes_where(cmd))
        offer_cstr(o, where_arg.name);
}

/* The positional argument that the next word would be; NULL when there is none left. */
static const Arg *positional_after(const Command *cmd, const Word *w, int n)
{
    const Arg *a = cmd->args;
    for (int i = 0; i <= n; i++) {
        while (a && a->name && arg_is_option(a))
            a++;
        if (i == n || !a || !a->name)
            break;
        if (is_option_word(&w[i])) {
            const Arg *option = option_named(cmd, w[i].text);
            i += (option && option->kind != ARG_FLAG) || str_is(w[i].text, where_arg.name);
        } else if (!arg_takes_rest(a))
            a++;
    }
    return a && a->name ? a : NULL;
}

/* After an optional argument the one that takes the rest may stand at once. */
static void offer_positional(Offer *o, const Command *cmd, const Arg *a)
{
    if (!a) {
        offer_options(o, cmd);
        return;
    }
    offer_argument(o, cmd, a, (Str){ "", 0 });
    while (a->flags & ARG_OPTIONAL && !arg_takes_rest(a)) {
        do
            a++;
        while (a->name && arg_is_option(a));
        if (!a->name)
            break;
        offer_argument(o, cmd, a, (Str){ "", 0 });
    }
}

static void offer_arguments(Offer *o, const Command *cmd, const Word *w, int n)
{
    if (n && is_option_word(&w[n - 1])) {
        const Arg *option = option_named(cmd, w[n - 1].text);
        if (option && option->kind != ARG_FLAG) {
            offer_argument(o, cmd, option, (Str){ "", 0 });
            return;
        }
        if (str_is(w[n - 1].text, where_arg.name))
            return;                               /* a filter of its own, in one word */
    }
    if (o->typed.n && o->typed.s[0] == '-')
        offer_options(o, cmd);
    else
        offer_positional(o, cmd, positional_after(cmd, w, n));
}

static void offer_word(Offer *o, const Word *w, int n)
{
    const Command *cmd;
    Error err = { 0 };
    int used;
    if (n && w[n - 1].oper) {
        o->files = w[n - 1].text.s[0] == '>';
        return;
    }
    bool help = n && str_is(w[0].text, "help");
    if (help) {
        w++;
        n--;
        for (const Topic *t = doc_topics; n == 0 && t->name; t++)
            offer_cstr(o, t->name);
    }
    if (n == 0)
        offer_first_words(o);
    if (n == 1)
        offer_verbs(o, w[0].text);
    if (n && !help && registry_match(o->s->registry, w, n, &cmd, &used, &err))
        offer_arguments(o, cmd, w + used, n - used);
}

/* ---- the line -------------------------------------------------------------------------------- */

/* Words of the text, an open quote closed for it. */
static bool lex_open(Str text, Arena *a, Words *out)
{
    static const char *const closers[] = { "", "'", "\"" };
    for (size_t i = 0; i < 3; i++) {
        Error err = { 0 };
        const char *whole = arena_printf(a, "%.*s%s", STR_ARG(text), closers[i]);
        if (lex_words(str(whole), a, out, NULL, &err))
            return true;
    }
    return false;
}

static int by_text(const void *x, const void *y)
{
    return strcmp(*(const char *const *)x, *(const char *const *)y);
}

bool complete_line(Session *s, Str line, int at, Arena *a, Candidates *out)
{
    Offer o = { .s = s, .a = a, .typed = { "", 0 }, .until = clock_monotonic_us() + time_us() };
    Words words;
    LexEnd end;
    int begin = 0;
    *out = (Candidates){ .start = at };
    if (at > (int)line.n)
        return false;
    for (int n; (n = (int)lex_command(str_n(line.s + begin, (size_t)(at - begin)), &end)) > 0
             && begin + n < at;)
        begin += n;
    if (begin < at && line.s[at - 1] == ';')
        begin = at;                               /* the last command has ended: a new one begins */
    if (!lex_open(str_n(line.s + begin, (size_t)(at - begin)), a, &words))
        return false;
    int n = words.n;
    if (n && !words.w[n - 1].oper && begin + words.w[n - 1].at + words.w[n - 1].width >= at) {
        o.typed = words.w[--n].text;
        out->start = begin + words.w[n].at;
    }
    for (int i = n - 1; i >= 0; i--)              /* behind a pipe stands another program */
        if (words.w[i].oper && words.w[i].text.s[0] == '|')
            return false;
    offer_word(&o, words.w, n);
    if (o.n)
        qsort(o.list, (size_t)o.n, sizeof *o.list, by_text);
    out->s = o.list;
    out->n = o.n;
    out->files = o.files;
    return true;
}

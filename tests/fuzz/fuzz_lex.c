/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Any bytes as a script: its commands follow one another to the end, their words lie inside them,
 * and each word quoted again is the same word.
 */
#include "base/lex.h"

#include "fuzz.h"

static void check_quoted(const Word *w, Arena *a)
{
    Error err;
    Words back;
    const char *quoted = lex_quote(w->text, a);
    if (!lex_words(str(quoted), a, &back, NULL, &err) || back.n != 1
        || !str_eq(back.w[0].text, w->text))
        panic("quoted as %s it is another word", quoted);
}

static void check_command(Str line, LexEnd end, Arena *a)
{
    Error err;
    Words words;
    int folded = 0;
    bool ok = lex_words(line, a, &words, &folded, &err);
    bool is_text = !memchr(line.s, '\0', line.n);
    if (ok != (is_text && (end == LEX_COMPLETE || end == LEX_PAREN)))
        panic("the words and the end of a command disagree");
    for (int i = 0; ok && i < words.n; i++) {
        const Word *w = &words.w[i];
        if (w->at < 0 || w->width <= 0 || (size_t)(w->at + w->width) > line.n)
            panic("a word lies outside its command");
        if (i > 0 && w->at < words.w[i - 1].at + words.w[i - 1].width)
            panic("two words overlap");
        check_quoted(w, a);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    Str text = { (const char *)data, n };
    while (text.n > 0) {
        Arena a = { 0 };
        LexEnd end;
        size_t used = lex_command(text, &end);
        if (used == 0 || used > text.n || (end != LEX_COMPLETE && used != text.n))
            panic("a command of %zu bytes", used);
        check_command(str_n(text.s, used), end, &a);
        text = str_n(text.s + used, text.n - used);
        arena_release(&a);
    }
    return 0;
}

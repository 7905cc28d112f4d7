/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "shell/alias.h"

typedef struct Alias { const char *word, *means; } Alias;

static const Alias aliases[] = {
    { "\\q", "quit" },       { "\\?", "help" },         { "\\h", "help" },    { "\\e", "edit" },
    { "\\i", "run" },        { "\\o", "output" },       { "\\x", "mode long" },
    { "\\d", "help" },
    { "\\timing", "timing" }, { "\\watch", "watch" },   { "\\!", "!" },       { "\\set", "set" },
    { ".quit", "quit" },     { ".exit", "quit" },       { ".help", "help" },  { ".mode", "mode" },
    { ".import", "import" }, { ".dump", "debug dump" }, { ".read", "run" },
    { ".schema", "help" },         { ".tables", "help" },
    { ".output", "output" }, { ".shell", "!" },         { ".timer", "timing" },
};

bool alias_expand(Str text, Buf *out, Error *err)
{
    size_t n = 1;
    while (n < text.n && text.s[n] != ' ' && text.s[n] != '\t')
        n++;
    if (str_starts(text, "\\!"))
        n = 2;
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (str_is(str_n(text.s, n), aliases[i].word)) {
            buf_cstr(out, aliases[i].means);
            buf_char(out, ' ');
            buf_put(out, text.s + n, text.n - n);
            return true;
        }
    fail(err, ERR_USAGE, "'%.*s' means nothing here", (int)(n < 40 ? n : 40), text.s);
    return fail_hint(err, "known from elsewhere: \\q \\? \\e \\i \\o \\x \\timing \\watch \\! \\d, "
                          ".mode .import .dump .schema .tables .read .quit;"
                          " help lists the commands");
}

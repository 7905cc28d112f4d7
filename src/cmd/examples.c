/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * examples.c -- the examples of a command; those of a generic verb are filled in for its type.
 */
#include "cmd/generic.h"

/* The first or last assignment of a sample; blanks in quotes separate nothing. */
static Str assignment(Str sample, bool last)
{
    size_t from = 0;
    char quote = 0;
    for (size_t i = 0; i < sample.n; i++) {
        char c = sample.s[i];
        if (c == '\'')
            quote = quote ? 0 : c;
        else if (c == ' ' && !quote && last)
            from = i + 1;
        else if (c == ' ' && !quote)
            return str_n(sample.s, i);
    }
    return str_n(sample.s + from, sample.n - from);
}

static Str placeholder(Str name, const char *noun, const Type *t)
{
    Str sample = t->sample ? str(t->sample) : (Str){ 0 };
    if (str_is(name, "noun"))
        return str(noun);
    if (str_is(name, "nouns"))
        return str(t->plural);
    if (str_is(name, "sample"))
        return sample;
    Str one = assignment(sample, str_is(name, "last"));
    const char *eq = str_is(name, "word") && one.n ? memchr(one.s, '=', one.n) : NULL;
    return eq ? str_n(eq + 1, (size_t)(one.s + one.n - eq - 1)) : one;
}

/* A line of a template's example as it is for a type; NULL where the type has no sample to put. */
static const char *filled(const char *line, const char *noun, const Type *t, Arena *a)
{
    Buf b = { 0 };
    const char *open;
    bool ok = true;
    for (; ok && (open = strchr(line, '{')); line = strchr(open, '}') + 1) {
        Str put = placeholder(str_n(open + 1, strcspn(open, "}") - 1), noun, t);
        buf_put(&b, line, (size_t)(open - line));
        buf_str(&b, put);
        ok = put.n > 0;
    }
    buf_cstr(&b, line);
    const char *out = ok ? str_c(buf_as_str(&b), a) : NULL;
    buf_release(&b);
    return out;
}

const Example *command_examples(const Command *cmd, Arena *a)
{
    static const Example none[] = { { 0 } };
    int n = 0, k = 0;
    if (!cmd->examples || !cmd->type)
        return cmd->examples ? cmd->examples : none;
    while (cmd->examples[n].line)
        n++;
    const char *noun = arena_strndup(a, cmd->name, strcspn(cmd->name, " "));
    Example *out = ARENA_ARRAY(a, Example, n + 1);
    for (int i = 0; i < n; i++) {
        out[k] = cmd->examples[i];
        out[k].line = filled(cmd->examples[i].line, noun, cmd->type, a);
        k += out[k].line != NULL;
    }
    out[k] = (Example){ 0 };
    return out;
}

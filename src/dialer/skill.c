/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "dialer/skill.h"

/* What stands before the mark; the rest stays in *text. */
static Str cut(Str *text, char mark)
{
    const char *at = text->n ? memchr(text->s, mark, text->n) : NULL;
    Str before = at ? str_n(text->s, (size_t)(at - text->s)) : *text;
    *text = at ? str_n(at + 1, text->n - before.n - 1) : (Str){ 0 };
    return str_trim(before);
}

int skill_level(Str skills, Str skill)
{
    while (skills.n) {
        Str level = cut(&skills, ',');
        Str name = cut(&level, '=');
        int64_t n = 1;
        if (!str_eq_nocase(name, skill))
            continue;
        if (level.n && (!str_int(str_trim(level), &n) || n < 0))
            n = 1;
        return n < SKILL_MOST ? (int)n : SKILL_MOST;
    }
    return 0;
}

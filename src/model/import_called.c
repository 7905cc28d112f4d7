/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_called.h"

#include "base/han.h"
#include "base/unicode.h"

Str import_header_norm(Str header, Arena *a)
{
    Str folded = text_fold(header, a);
    char *out = arena_alloc(a, folded.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < folded.n;) {
        int len = 1;
        uint32_t cp = utf8_next(folded.s + i, folded.n - i, &len);
        bool letter = cp >= 0x80 ? !(cp >= 0x3000 && cp < 0x3040) && !(cp >= 0x2000 && cp < 0x2070)
                                 : (cp >= 'a' && cp <= 'z') || (cp >= '0' && cp <= '9');
        if (letter && is_cjk(cp) && han_simplified(cp) != cp)
            n += (size_t)utf8_put(han_simplified(cp), out + n);       /* as many bytes: three */
        else
            for (int k = 0; k < len && letter; k++)
                out[n++] = folded.s[i + (size_t)k];
        i += (size_t)len;
    }
    return str_n(out, n);
}

static void add_name(CalledList *names, const Field *f, Str name, Arena *a)
{
    Str norm = import_header_norm(name, a);
    if (names->n == names->room) {
        names->room = names->room ? names->room * 2 : 256;
        Called *more = ARENA_ARRAY(a, Called, names->room);
        if (names->n)
            memcpy(more, names->of, sizeof *more * (size_t)names->n);
        names->of = more;
    }
    if (norm.n)
        names->of[names->n++] = (Called){ norm, f };
}

CalledList called_of(const Type *t, Arena *a)
{
    CalledList names = { 0 };
    for (int i = 0; i < t->n; i++)
        add_name(&names, &t->fields[i], str(t->fields[i].name), a);
    names.named = names.n;
    for (int i = 0; i < t->n; i++)
        if (t->fields[i].label)
            add_name(&names, &t->fields[i], str(t->fields[i].label), a);
    for (int i = 0; i < t->n; i++)
        for (const char *p = t->fields[i].synonyms; p && *p;) {
            size_t n = strcspn(p, "|");
            add_name(&names, &t->fields[i], str_n(p, n), a);
            p += n + (p[n] == '|');
        }
    return names;
}

static const Field *field_among(const CalledList *names, int n, Str norm)
{
    for (int i = 0; i < n; i++)
        if (str_eq(names->of[i].norm, norm))
            return names->of[i].field;
    return NULL;
}

const Field *called_by_name(const CalledList *names, Str norm)
{
    return field_among(names, names->named, norm);
}

const Field *called_anyhow(const CalledList *names, Str norm)
{
    return field_among(names, names->n, norm);
}

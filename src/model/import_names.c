/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/import_names.h"

#include <stdlib.h>

#include "base/unicode.h"
#include "model/import_reader.h"

static int *slot_of(ImportNames *s, Str name)
{
    int mask = s->hash_size - 1;
    for (int i = (int)(str_hash(name) & (uint64_t)mask);; i = (i + 1) & mask)
        if (s->hash[i] == 0 || str_eq(s->name[s->hash[i] - 1], name))
            return &s->hash[i];
}

static void grow(ImportNames *s)
{
    s->room = s->room ? s->room * 2 : 64;
    s->name = xresize(s->name, sizeof *s->name * (size_t)s->room);
    free(s->hash);
    s->hash_size = s->room * 2;
    s->hash = xalloc(sizeof *s->hash * (size_t)s->hash_size);
    for (int i = 0; i < s->n; i++)
        *slot_of(s, s->name[i]) = i + 1;
}

int import_names_column(ImportNames *s, Str name, bool add)
{
    if (s->n == s->room)
        grow(s);
    int *slot = slot_of(s, name);
    if (*slot)
        return *slot - 1;
    if (!add || s->n == CSV_MAX_FIELDS)
        return -1;
    s->name[s->n] = str_dup(name, &s->arena);
    *slot = ++s->n;
    return s->n - 1;
}

void import_names_release(ImportNames *s)
{
    free(s->name);
    free(s->hash);
    arena_release(&s->arena);
    *s = (ImportNames){ 0 };
}

/* Whether no column before has the name; *column is the one that has it. */
static bool name_is_new(ImportNames *names, const char *name, int *column)
{
    int n = names->n;
    *column = import_names_column(names, text_fold(str(name), &names->arena), true);
    return names->n > n;
}

void import_file_name_columns(ImportFile *f, const Str *names, int n)
{
    ImportNames seen = { 0 };
    int *times = xalloc(sizeof *times * ((size_t)n + 1)), first, column;
    f->column = ARENA_ARRAY(f->arena, Str, n);
    f->columns = n;
    for (int i = 0; i < n; i++) {
        const char *typed = str_c(str_trim(names[i]), f->arena), *name = typed;
        if (!*typed)
            name = typed = arena_printf(f->arena, "column_%d", i + 1);
        if (!name_is_new(&seen, name, &first))
            do
                name = arena_printf(f->arena, "%s_%d", typed, ++times[first] + 1);
            while (!name_is_new(&seen, name, &column));
        f->column[i] = str(name);
    }
    free(times);
    import_names_release(&seen);
}

/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/embed.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

/* The folder that replaces the first part of `path`, or NULL. */
static const char *override_of(const char *path)
{
    return str_starts(str(path), "db/") ? getenv("PATTER_SQL") : getenv("PATTER_LUA");
}

static bool read_disk(const char *file, Arena *a, Str *out, Error *err)
{
    FILE *f = fopen(file, "rbe");
    if (!f)
        return fail(err, ERR_IO, "cannot read %s: %s", file, strerror(errno));
    Buf b = { 0 };
    char block[8192];
    size_t n;
    while ((n = fread(block, 1, sizeof block, f)) > 0)
        buf_put(&b, block, n);
    bool ok = !ferror(f) || fail(err, ERR_IO, "cannot read %s: %s", file, strerror(errno));
    fclose(f);
    *out = str_dup(buf_as_str(&b), a);
    buf_release(&b);
    return ok;
}

bool embed_read(const char *path, Arena *a, Str *out, Error *err)
{
    const char *dir = override_of(path);
    if (dir)
        return read_disk(arena_printf(a, "%s/%s", dir, strchr(path, '/') + 1), a, out, err);
    for (const Embedded *e = embedded_files; e->path; e++)
        if (strcmp(e->path, path) == 0) {
            *out = (Str){ e->start, (size_t)(e->end - e->start) };
            return true;
        }
    return fail(err, ERR_NOT_FOUND, "no file %s in the program", path);
}

/* The files of dir/REST whose names end as those of the program do, below `prefix`. */
static const char *const *list_disk(const char *dir, const char *prefix, Arena *a)
{
    struct dirent **found = NULL;
    const char *suffix = str_starts(str(prefix), "db/") ? ".sql" : ".lua";
    const char *folder = arena_printf(a, "%s/%s", dir, strchr(prefix, '/') + 1);
    int n = scandir(folder, &found, NULL, alphasort);
    size_t kept = 0, room = n > 0 ? (size_t)n : 0;
    const char **list = ARENA_ARRAY(a, const char *, room + 1);
    for (int i = 0; i < n; i++) {
        const char *end = strrchr(found[i]->d_name, '.');
        if (end && strcmp(end, suffix) == 0)
            list[kept++] = arena_printf(a, "%s%s", prefix, found[i]->d_name);
        free(found[i]);
    }
    free(found);
    return list;
}

const char *const *embed_list(const char *prefix, Arena *a)
{
    const char *dir = override_of(prefix);
    size_t n = 0;
    if (dir)
        return list_disk(dir, prefix, a);
    for (const Embedded *e = embedded_files; e->path; e++)
        n++;
    const char **list = ARENA_ARRAY(a, const char *, n + 1);
    n = 0;
    for (const Embedded *e = embedded_files; e->path; e++)
        if (str_starts(str(e->path), prefix))
            list[n++] = e->path;
    return list;
}
